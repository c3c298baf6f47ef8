"""Whether there is enough to speak of agreement, and the sentence that says what is missing."""

from typing import Literal

import numpy as np

from webapp.domain.agreement.ratings import Ints, of_each_category, pairable

Status = Literal["ok", "no_data", "no_overlap", "one_item", "one_category"]

STATUS_TEXT: dict[Status, str] = {
    "ok": "",
    "no_data": "No labels yet.",
    "no_overlap": ("No sentence has been tagged by two analysts: agreement cannot be computed. Assign overlap."),
    "one_item": "Only one sentence is shared: too little to judge (show the two tags instead of a figure).",
    "one_category": (
        "On the shared sentences everyone used the same single tag: 100 % agreement, "
        "but chance-corrected agreement is undefined (no variation)."
    ),
}


def status_of(counts: Ints) -> Status:
    """The first that holds, of a (units × categories) count matrix.

    `no_data`: no rating at all. `no_overlap`: no unit with two ratings. `one_item`: one such unit, whatever was said of
    it. `one_category`: several, all in one category, also where units with a single rating have others
    (Krippendorff 2004, Human Communication Research 30:425: without variation there is no evidence of reliability).
    """
    if not counts.any():
        return "no_data"
    shared = pairable(counts)
    if len(shared) < 2:
        return "one_item" if len(shared) else "no_overlap"
    return "ok" if np.count_nonzero(of_each_category(shared)) > 1 else "one_category"
