"""Agreement on every field that people judge, each among the answers that it belongs to."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from webapp.domain import plots
from webapp.domain.agreement import (
    GAP,
    Aside,
    Ratings,
    Report,
    count,
    normalised_entropy,
    reading,
    report_from_counts,
    set_aside,
)
from webapp.domain.agreement.alpha import SOUND, TENTATIVE
from webapp.domain.agreement.fields import FIELDS, YES
from webapp.domain.agreement.ratings import Ints, is_divided, raters
from webapp.domain.agreement.reading import ENOUGH_UNITS
from webapp.domain.agreement.status import Status
from webapp.domain.answers import FLAGS, ONLY_FOR_ATTRIBUTION, TERMS, applies
from webapp.domain.terms import FOUR_TAGS, Tag

TAGS = tuple(Tag)
Belonging = Literal["all", "told", "not_codable"]
"""To which answers a field belongs: those with one of the four tags, with ATTRIBUTION, or with NOT_CODABLE."""


@dataclass(frozen=True)
class Judged:
    """A field in the words of the page; `then` asks for its value where it is known that there is one."""

    name: str
    label: str
    then: str
    group: str

    @property
    def belongs_to(self) -> Belonging:
        if self.name == "not_codable_reason":
            return "not_codable"
        return "told" if self.name in ONLY_FOR_ATTRIBUTION else "all"

    @property
    def is_flag(self) -> bool:
        return self.name in FLAGS

    @property
    def where(self) -> str:
        """Which answers are compared."""
        if self.name == "tag":
            return "where both gave one of the four tags"
        if self.is_flag:
            return "where both gave one of the four tags; no flag says no"
        if self.belongs_to == "not_codable":
            return "where both said Not codable"
        if self.belongs_to == "told":
            return "where both said Attribution and chose one"
        if self.name == "source_reliability":
            return "where both gave a letter from a rating of their own; F is a gap"
        if self.name == "information_credibility":
            return "where both gave a number; 6 is a gap"
        return "where both chose one"

    @property
    def first(self) -> str | None:
        """The question that comes before the value; none where every answer has one."""
        if self.name == "tag" or self.is_flag:
            return None
        asked = {"told": "that it is told", "not_codable": "that it is not codable", "all": "when to give one"}
        return f"Do they agree {asked[self.belongs_to]}?"


TAG, TOLD, FLAGGED, WEIGHED = "The tag", "Who is talking", "Flags", "What it is worth"
JUDGED = (
    Judged("tag", "Tag", "", TAG),
    Judged("tag_certainty", "Certainty of the tag", "how sure?", TAG),
    Judged("second_choice", "Second choice", "which tag?", TAG),
    Judged("not_codable_reason", "Why it is not codable", "why?", TAG),
    Judged("source_type", "Source type", "by whom?", TOLD),
    Judged("attributed_content", "What was told", "what?", TOLD),
    Judged("cue_stance", "Stance of the cue", "in which stance?", TOLD),
    Judged("directness", "Directness", "how directly?", TOLD),
    Judged("source_access", "How the source knows", "from where does the source know?", TOLD),
    Judged("flag_loaded_language", "Loaded language", "", FLAGGED),
    Judged("flag_mixed", "Mixed", "", FLAGGED),
    Judged("flag_presupposition", "Presupposition", "", FLAGGED),
    Judged("flag_hedged", "Hedged", "", FLAGGED),
    Judged("check_priority", "Check priority", "how urgent?", WEIGHED),
    Judged("source_reliability", "Reliability of the source", "which letter?", WEIGHED),
    Judged("information_credibility", "Credibility of the information", "which number?", WEIGHED),
    Judged("likelihood_code", "Likelihood of the event", "how likely?", WEIGHED),
    Judged("confidence", "Confidence in the basis", "how confident?", WEIGHED),
)
VALUES: dict[str, tuple[str, ...]] = {
    "tag": tuple(map(str, TAGS)),
    **{
        name: tuple(map(str, FOUR_TAGS if name == "second_choice" else TERMS[name]))
        for name in (one.name for one in JUDGED)
        if name in TERMS
    },
    **dict.fromkeys(FLAGS, (YES,)),
}
"""The values that a field may have, in the codebook's order; in an answer as packed 1 is the first and 0 none."""
OWN_LETTER = "own_letter"
"""Packed beside them: whether the letter is that of a rating which the analyst gave."""


def _shifts() -> dict[str, tuple[int, int]]:
    """Of each field: by how many bits its place is moved in the number of an answer, and how many it takes."""
    found, at = {}, 0
    for name, values in {**VALUES, OWN_LETTER: (YES,)}.items():
        found[name] = at, len(values).bit_length()
        at += len(values).bit_length()
    return found


BITS = _shifts()

WORDS: dict[Status, str] = {
    "ok": "",
    "no_data": "Nobody has used this field.",
    "no_overlap": "No sentence has it from two analysts: agreement cannot be computed.",
    "one_item": "Only one sentence has it from two analysts: too little to judge.",
    "one_category": "On the shared sentences everyone gave the same single value: all agree, but alpha is not"
    " defined (no variation).",
}

SHORT: dict[Status, str] = {
    "ok": "not defined",
    "no_data": "nobody used it",
    "no_overlap": "shared by no two analysts",
    "one_item": "one sentence shared",
    "one_category": "one value alone: all agree, α not defined",
}


@dataclass(frozen=True)
class FieldAnswers:
    """The answers that count: for each the place of its sentence and all its fields in one number; the articles."""

    articles: Ints
    """Of each sentence."""
    unit: Ints
    packed: Ints
    sentences: Ints
    """Their ids."""

    def places(self, name: str) -> Ints:
        """The place of each answer's value among `VALUES`, GAP for none, whether or not the tag calls for it."""
        shift, size = BITS[name]
        if self.nobody_gave(name):
            return np.full(len(self.packed), GAP, dtype=np.int8)
        return np.asarray(((self.packed >> shift) & ((1 << size) - 1)).astype(np.int8) + GAP)

    def nobody_gave(self, name: str) -> bool:
        """Whether no answer at all has a value of the field."""
        shift, size = BITS[name]
        return not self._met >> shift & ((1 << size) - 1)

    @cached_property
    def _met(self) -> int:
        return int(np.bitwise_or.reduce(self.packed, initial=0))

    @cached_property
    def tags(self) -> Ints:
        return self.places("tag")

    def that_take(self, name: str) -> NDArray[np.bool_]:
        """The answers whose tag calls for the field."""
        return np.array([applies(name, tag) for tag in TAGS])[self.tags]

    def given(self, name: str) -> Ints:
        """The same places where the tag calls for the field, and only letters of the analyst's own ratings."""
        places = self.places(name)
        counts = self.that_take(name)
        if name == "source_reliability":
            counts &= self.places(OWN_LETTER) != GAP
        if name in FLAGS:
            # The one value is yes; none is no, the second category.
            places = np.where(places == GAP, np.int8(1), places)
        return np.where(counts, places, np.int8(GAP))

    def per_sentence(self, which: NDArray[np.bool_]) -> Ints:
        """How many answers of each sentence are among these."""
        return np.bincount(self.unit[which], minlength=len(self.articles))


@dataclass(frozen=True)
class ByField:
    """What is told of one field. `step` says whether analysts agree that, or when, there is a value at all."""

    judged: Judged
    report: Report
    reading: str
    pairs: int
    step: Aside | None
    aside_value: str | None
    aside: Aside | None
    differing: Ints
    """The ids of the sentences to which analysts gave different values, the most divided first."""

    @property
    def is_used(self) -> bool:
        """Whether anybody gave a value; of a flag, whether anybody set it."""
        if self.judged.is_flag:
            return self.report.category_counts[YES] > 0
        return self.report.status != "no_data" or bool(self.aside and self.aside.k)

    @property
    def is_enough(self) -> bool:
        return self.report.n_pairable >= ENOUGH_UNITS

    def label_of(self, value: str) -> str:
        """The value as people read it."""
        if self.judged.is_flag:
            return "Yes" if value == YES else "No"
        term = (Tag if self.judged.name == "tag" else TERMS[self.judged.name])(value)
        return f"{value}: {term.label}" if len(value) == 1 else term.label

    def told(self, said: Any) -> str:
        """What an answer (`queries.Said`) says of the field, as people read it."""
        if self.judged.is_flag:
            return "Yes" if said.value else "No"
        return self.label_of(str(said.value)) if said.value is not None and applies(self.judged.name, said.tag) else "–"

    @property
    def most(self) -> tuple[str, int]:
        """What stands for prevalence in a row: of a flag how often it was set, else the value given most often."""
        counts = self.report.category_counts
        value = YES if self.judged.is_flag else max(counts, key=lambda name: counts[name])
        return self.label_of(value), counts[value]

    @property
    def short(self) -> str:
        """Why there is no alpha, in the words of a cell."""
        return SHORT[self.report.status]

    def as_json(self) -> dict[str, Any]:
        return self.report.as_json() | {
            "reading": self.reading,
            "label": self.judged.label,
            "where": self.judged.where,
            "n_pairs": self.pairs,
            "step": None if self.step is None else {"question": self.judged.first, **self.step.as_json()},
            "set_aside": None if self.aside is None else {"value": self.aside_value, **self.aside.as_json()},
        }


@dataclass(frozen=True)
class FieldFigures:
    """All fields in the order of the page."""

    rows: tuple[ByField, ...]
    n_answers: int

    @property
    def groups(self) -> dict[str, list[ByField]]:
        found: dict[str, list[ByField]] = {}
        for row in self.rows:
            found.setdefault(row.judged.group, []).append(row)
        return found

    @cached_property
    def start(self) -> float:
        """Where the scale that all rows share begins: below every alpha, and every interval of enough sentences."""
        alphas = [row.report.alpha for row in self.rows if row.report.alpha is not None]
        return plots.start_below(min([*alphas, *self._low_ends], default=0))

    @property
    def scale(self) -> plots.AlphaScale:
        """The scale itself, for its words."""
        return plots.alpha_scale(1, 1, 1, self.start)

    @property
    def n_sound(self) -> int:
        """Fields whose interval begins at .800 or above, with enough shared sentences."""
        return sum(low >= SOUND for low in self._low_ends)

    @property
    def n_tentative(self) -> int:
        return sum(TENTATIVE <= low < SOUND for low in self._low_ends)

    @property
    def _low_ends(self) -> list[float]:
        return [row.report.alpha_ci[0] for row in self.rows if row.report.alpha_ci and row.is_enough]

    def plot(self, row: ByField) -> plots.AlphaScale | None:
        """The row's alpha with its interval, or alone where it has none, on the shared scale."""
        alpha = row.report.alpha
        if alpha is None:
            return None
        low, high = row.report.alpha_ci or (alpha, alpha)
        return plots.alpha_scale(alpha, low, high, self.start)

    def as_json(self) -> dict[str, Any]:
        return {row.judged.name: row.as_json() for row in self.rows}


def figures_by_field(told: FieldAnswers) -> FieldFigures:
    """The figures of every field, whether or not anybody used it."""
    steps, rows = _Steps(told), list[ByField]()
    unset: ByField | None = None
    for judged in JUDGED:
        if judged.is_flag and told.nobody_gave(judged.name):
            unset = replace(unset or _one(told, judged, steps), judged=judged)  # such flags are alike
            rows.append(unset)
        else:
            rows.append(_one(told, judged, steps))
    return FieldFigures(tuple(rows), len(told.unit))


class _Steps:
    """Whether analysts agree that there is a value; all fields of an attribution share one line."""

    def __init__(self, told: FieldAnswers) -> None:
        self._told = told

    @cached_property
    def _that_it_is_told(self) -> Aside:
        is_coded = self._told.tags < len(FOUR_TAGS)
        return self._line(self._told.tags == TAGS.index(Tag.ATTRIBUTION), is_coded)

    def of(self, judged: Judged, given: Ints) -> Aside | None:
        if judged.first is None:
            return None
        if judged.belongs_to == "told":
            return self._that_it_is_told
        if judged.belongs_to == "not_codable":
            return self._line(self._told.that_take(judged.name), self._told.tags != GAP)
        return self._line(given != GAP, self._told.that_take(judged.name))

    def _line(self, marked: NDArray[np.bool_], answered: NDArray[np.bool_]) -> Aside:
        told = self._told
        return set_aside(told.per_sentence(marked), told.per_sentence(answered), told.articles)


def _one(told: FieldAnswers, judged: Judged, steps: _Steps) -> ByField:
    field, given = FIELDS[judged.name], told.given(judged.name)
    values = field.categories if field.aside is None else (*field.categories, field.aside)
    counts, has_it = _counts(told, given, len(values))
    articles = told.articles[has_it]
    size = len(field.categories)
    four = np.ascontiguousarray(counts[:, :size])
    made = report_from_counts(four, field.categories, field.level, clusters=articles)
    made = replace(made, status_text=WORDS[made.status])
    shared = raters(four)
    return ByField(
        judged=judged,
        report=made,
        reading=reading(made),
        pairs=int((shared * (shared - 1) // 2).sum()),
        step=steps.of(judged, given) if counts.any() else None,
        aside_value=field.aside,
        aside=None if field.aside is None else set_aside(counts[:, size], raters(counts), articles),
        differing=_differing(counts, told.sentences[has_it]),
    )


def _differing(counts: Ints, sentences: Ints) -> Ints:
    rows = np.flatnonzero(is_divided(counts))
    order = np.argsort(-normalised_entropy(counts[rows]).round(12), kind="stable")
    return np.asarray(sentences[rows[order]])


def _counts(told: FieldAnswers, given: Ints, n_values: int) -> tuple[Ints, NDArray[np.bool_]]:
    """How often each sentence that has the field was given each value, and which sentences have it."""
    some = given != GAP
    has_it = np.zeros(len(told.articles), dtype=bool)
    has_it[told.unit[some]] = True
    place = np.cumsum(has_it) - 1
    n_units = int(has_it.sum())
    return count(Ratings(place[told.unit[some]], None, given[some], n_units), n_values), has_it
