"""Repairing a split by hand: which sentences go, which come, and what becomes of the answers to them."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace

from webapp.domain.answers import ANSWER_FIELDS, Answer
from webapp.domain.chains import LINK_FIELDS
from webapp.domain.errors import BadRepair
from webapp.domain.spans import Span, trim

OF_SOURCE = {*LINK_FIELDS, "chain", "rating_id", "source_reliability"}
"""What an answer says of whoever told it."""


class Kind(enum.StrEnum):
    SPLIT = "split"
    MERGE = "merge"
    MOVE = "move"


class Fate(enum.StrEnum):
    """What becomes of one analyst's answers to the sentences that go."""

    CARRIED = "carried"
    """The answer stands for what comes, until the analyst confirms it."""
    ASKED_AGAIN = "asked again"


@dataclass(frozen=True)
class Repair:
    """One edit: consecutive sentences that go, and those that come in the same stretch of text."""

    kind: Kind
    before: tuple[Span, ...]
    after: tuple[Span, ...]


def split_at(text: str, span: Span, at: int) -> Repair:
    """The sentence in two, the second beginning at offset `at` of the text.

    The cut falls into white space as trimming has it; both halves must keep a character. Raises BadRepair.
    """
    first, second = _cut(text, span.start, at, span.end)
    return Repair(Kind.SPLIT, (span,), (Span(*first, span.paragraph), Span(*second, span.paragraph)))


def merge(span: Span, following: Span) -> Repair:
    """The sentence and the next one as one, in the paragraph of the first."""
    return Repair(Kind.MERGE, (span, following), (Span(span.start, following.end, span.paragraph),))


def move_boundary(text: str, span: Span, following: Span, at: int) -> Repair:
    """The boundary between a sentence and the next one moved to offset `at` of the text. Raises BadRepair."""
    first, second = _cut(text, span.start, at, following.end)
    after = (Span(*first, span.paragraph), Span(*second, following.paragraph))
    if after == (span, following):
        raise BadRepair("The boundary is there already; put the caret where it should be.")
    return Repair(Kind.MOVE, (span, following), after)


def _cut(text: str, start: int, at: int, end: int) -> tuple[tuple[int, int], tuple[int, int]]:
    if not start < at < end:
        raise BadRepair("Put the caret inside the sentence, with words before and after it.")
    first, second = trim(text, start, at), trim(text, at, end)
    if first[0] == first[1] or second[0] == second[1]:
        raise BadRepair("Put the caret between words: on one side of it nothing would be left.")
    if first[1] < at < second[0] or first[1] == at or second[0] == at:
        return first, second
    raise AssertionError("Trimming moves edges inwards only.")


def carried(kind: Kind, answers: Sequence[Answer | None]) -> Answer | None:
    """The answer that stands for every sentence that comes, from one analyst's answers to those that go.

    A split carries the answer to both parts. A merge carries when both sentences have the same tag; of
    the other fields those on which both agree, of the chain all links or, with the source, none, and the letter of a
    rating only with the rating. A moved boundary carries nothing. None: asked again.
    """
    if kind is Kind.MOVE or any(answer is None or answer.tag is None for answer in answers):
        return None
    first, *others = (answer for answer in answers if answer is not None)
    if any(other.tag is not first.tag for other in others):
        return None
    differing = {name for name in ANSWER_FIELDS if any(getattr(o, name) != getattr(first, name) for o in others)}
    if _chains_differ(answers):
        differing |= OF_SOURCE
    if "rating_id" in differing:
        differing.add("source_reliability")
    blank = Answer()
    merged = replace(first, **{name: getattr(blank, name) for name in differing})
    seconds = [answer.active_seconds for answer in (first, *others) if answer.active_seconds is not None]
    return replace(merged, active_seconds=sum(seconds) if others and seconds else first.active_seconds)


def _chains_differ(answers: Sequence[Answer | None]) -> bool:
    return len({answer.links for answer in answers if answer is not None}) > 1


def loses_source(kind: Kind, answers: Sequence[Answer | None]) -> bool:
    """Whether the answer is carried, but without its source, because the chains of the two differ."""
    return carried(kind, answers) is not None and _chains_differ(answers)


def fate(kind: Kind, answers: Sequence[Answer | None]) -> Fate | None:
    """What becomes of one analyst's answers; None when there were none."""
    if all(answer is None or answer.tag is None for answer in answers):
        return None
    return Fate.CARRIED if carried(kind, answers) else Fate.ASKED_AGAIN
