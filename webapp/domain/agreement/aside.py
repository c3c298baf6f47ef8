"""Answers set aside from the scale, with a line of their own: *not codable*, *reliability cannot be judged*."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from webapp.domain.agreement.alpha import alpha
from webapp.domain.agreement.chance import percent_agreement, specific_agreement
from webapp.domain.agreement.intervals import Interval, intervals
from webapp.domain.agreement.ratings import Ints, defined, divided
from webapp.domain.agreement.status import Status, status_of


@dataclass(frozen=True)
class Aside:
    """How often an answer was set aside, and how well coders agree on when to do so.

    `k` of `n` answers were (`rate`). `specific_agreement`: when one coder did, how often another did too. `alpha` is
    nominal, None unless `status` is ok. Their 95 % intervals are those of a report.
    """

    k: int
    n: int
    rate: float | None
    n_units: int
    n_pairable: int
    percent_agreement: float | None
    specific_agreement: float | None
    alpha: float | None
    specific_agreement_ci: Interval | None
    alpha_ci: Interval | None
    status: Status

    def as_json(self) -> dict[str, Any]:
        return {name: list(one) if isinstance(one, tuple) else one for name, one in asdict(self).items()}


def set_aside(marked: Ints, answered: Ints, clusters: Ints | None = None) -> Aside:
    """The line from two counts for each unit: answers set aside, and all answers including those.

    `clusters` holds the article of each unit, None where units stand alone. Raises ValueError when a unit has more
    marks than answers.
    """
    marked, answered = np.asarray(marked, dtype=np.int64), np.asarray(answered, dtype=np.int64)
    if (marked < 0).any() or (marked > answered).any():
        raise ValueError("a unit has more answers set aside than answers")
    counts = np.column_stack((marked, answered - marked))
    k, n = int(marked.sum()), int(answered.sum())
    status = status_of(counts)
    value = alpha(counts) if status == "ok" else None
    # Mostly nothing is set aside, and then there is nothing to be unsure of.
    unsure = intervals(counts, clusters, ("set aside", "rest"), "nominal", value) if k else None
    return Aside(
        k=k,
        n=n,
        rate=defined(divided(k, n)),
        n_units=int((answered > 0).sum()),
        n_pairable=int((answered >= 2).sum()),
        percent_agreement=percent_agreement(counts),
        specific_agreement=specific_agreement(counts)[0],
        alpha=value,
        specific_agreement_ci=unsure["specific_agreement_ci"]["set aside"] if unsure else None,
        alpha_ci=unsure["alpha_ci"] if unsure else None,
        status=status,
    )
