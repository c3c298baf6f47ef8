"""A text cut into runs where something in it is marked, as pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Mark = TypeVar("Mark")


@dataclass(frozen=True)
class TextRun(Generic[Mark]):
    """A stretch of a text, with its mark; None between two that have one."""

    text: str
    mark: Mark | None = None


def text_runs(text: str, marked: Iterable[tuple[int, int, Mark]]) -> list[TextRun[Mark]]:
    """The whole text in runs, none of them empty; `marked` are (start, end, mark), in code points.

    Of those that overlap the first is shown.
    """
    found: list[TextRun[Mark]] = []
    at = 0
    for start, end, mark in sorted(marked, key=lambda one: one[:2]):
        if start >= at:
            found += [TextRun(text[at:start]), TextRun(text[start:end], mark)]
            at = end
    return [run for run in [*found, TextRun(text[at:])] if run.text]
