"""Units on which coders differ, most divided first."""

import numpy as np

from webapp.domain.agreement.ratings import Floats, Ints, raters


def normalised_entropy(counts: Ints) -> Floats:
    """How divided each unit is, 0 (all alike) … 1 (all K categories alike often); NaN with fewer than two ratings.

    -Σ p·log p / log K over the unit's shares p (Shannon 1948); K counts every category given, used or not. With one
    category nothing can be divided: 0.
    """
    size = raters(counts)
    share = counts / np.maximum(size, 1)[:, None]
    entropy = -(share * np.log(np.where(share > 0, share, 1.0))).sum(axis=1)
    scaled = np.abs(entropy) / np.log(max(counts.shape[1], 2))
    return np.where(size >= 2, scaled, np.nan)


def disputed(counts: Ints) -> tuple[Ints, Floats]:
    """The rows of units with two different categories, most divided first (then in order), and their entropies."""
    rows = np.flatnonzero((counts > 0).sum(axis=1) > 1)
    entropy = normalised_entropy(counts[rows])
    order = np.argsort(-entropy.round(12), kind="stable")
    return rows[order], entropy[order]
