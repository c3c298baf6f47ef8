"""What a search finds, kind by kind, as far as the reader may read it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.domain.errors import BadSearch
from webapp.domain.word_query import Search
from webapp.models import Actor
from webapp.paging import FIRST_PAGE, Asked, Page
from webapp.search.queries.articles import (
    TitleFound,
    sentences,
    shown_sentences,
    shown_titles,
    titles,
    titles_nearly,
)
from webapp.search.queries.conditions import MOST
from webapp.search.queries.sources import SourceFound, shown_sources, sources, sources_nearly
from webapp.search.queries.writings import (
    answer_notes,
    claims,
    evidence,
    notes,
    shown_answer_notes,
    shown_claims,
    shown_evidence,
    shown_notes,
)


@dataclass(frozen=True)
class Kind:
    """What is found of one kind: a page of rows, and how they are shown."""

    name: str
    """In the address."""
    heading: str
    filters: frozenset[str]
    """Those that narrow it down; with any other one nothing of this kind is found."""
    page: Callable[[Search, Actor, Asked], Page[Any]]
    shown: Callable[[Search, Actor, Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True)
class Section:
    """What was found of a kind, the whole page of it or the first few."""

    kind: Kind
    page: Page[Any]
    has_more: bool


@dataclass(frozen=True)
class Found:
    """Everything on the page of all kinds; of those that a filter leaves out there is nothing."""

    sections: Sequence[Section]
    titles_nearly: Sequence[TitleFound] = ()
    sources_nearly: Sequence[SourceFound] = ()
    """Names with parts of the words, or with slips, where those found as they are leave room."""

    @property
    def is_empty(self) -> bool:
        of_kinds = any(len(section.page) or section.has_more for section in self.sections)
        return not (of_kinds or self.titles_nearly or self.sources_nearly)


def found(search: Search, reader: Actor) -> Found:
    """The first few of each kind that the search finds for the reader."""
    sections = [_section(kind, search, reader) for kind in KINDS]
    has_room = {section.kind.name for section in sections if not section.has_more and _is_meant(section.kind, search)}
    return Found(
        sections,
        titles_nearly(search, reader) if TITLES.name in has_room else (),
        sources_nearly(search, reader) if SOURCES.name in has_room else (),
    )


def found_of(name: str, search: Search, reader: Actor, asked: Asked) -> Found:
    """A page of one kind. Raises BadSearch where there is no such kind."""
    for kind in KINDS:
        if kind.name == name:
            return Found([_section(kind, search, reader, asked)])
    raise BadSearch("There is no such kind of thing to find; search anew.")


def _section(kind: Kind, search: Search, reader: Actor, asked: Asked | None = None) -> Section:
    page: Page[Any] = kind.page(search, reader, asked or FIRST_PAGE) if _is_meant(kind, search) else Page([])
    rows = page.rows if asked else page.rows[:MOST]
    return Section(kind, page.with_rows(kind.shown(search, reader, rows)), page.has_next or len(rows) < len(page))


def _is_meant(kind: Kind, search: Search) -> bool:
    return search.filters.keys() <= kind.filters


# ---- the kinds

_WRITTEN = frozenset({"before", "after"})
TITLES = Kind("articles", "Articles", _WRITTEN | {"outlet"}, titles, shown_titles)
SOURCES = Kind("sources", "Sources", frozenset(), sources, shown_sources)
KINDS = (
    TITLES,
    Kind(
        "sentences",
        "Sentences",
        _WRITTEN | {"outlet", "tag", "source"},
        sentences,
        shown_sentences,
    ),
    Kind("claims", "Claims", _WRITTEN | {"status"}, claims, shown_claims),
    Kind("notes", "Notes", _WRITTEN | {"status"}, notes, shown_notes),
    Kind(
        "answers",
        "Notes on answers",
        _WRITTEN | {"outlet", "tag", "source"},
        answer_notes,
        shown_answer_notes,
    ),
    Kind("evidence", "Evidence", _WRITTEN | {"outlet"}, evidence, shown_evidence),
    SOURCES,
)
