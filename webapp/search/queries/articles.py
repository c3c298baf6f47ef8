"""Articles by their titles, and their sentences, the newest first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_

from webapp import visibility, word_index
from webapp.article_list import ListedArticle, listed_articles
from webapp.db import db
from webapp.domain.terms import Tag
from webapp.domain.word_query import Search
from webapp.ids import whole_number
from webapp.models import Actor, Annotation, Article, Sentence
from webapp.paging import PAGE, Asked, Order, Page, page_in_order
from webapp.search.queries.conditions import (
    MOST,
    MOST_NAMES,
    answers_read,
    described,
    is_only_nearly,
    names_source,
    numbers_in,
)
from webapp.search.queries.shown import Runs, SentenceFound, near_runs, places_of, runs

ROWS_AT_ONCE = (300, 3_000, 10_000)
"""Sentences of the index that are looked at, portion after portion, until there are enough that the reader may read."""


@dataclass(frozen=True)
class TitleFound:
    """An article by its title."""

    article: ListedArticle
    runs: Runs


# ---- articles by their titles


def titles(search: Search, reader: Actor, asked: Asked) -> Page[Any]:
    query = _readable_titles(search, reader, numbers_in(search, Article))
    return page_in_order(query, Order((Article.id,), falls=True), asked)


def _readable_titles(search: Search, reader: Actor, ids: Select[int]) -> Select[int]:
    query = visibility.articles_visible_to(reader).where(Article.id.in_(ids), *described(search.filters))
    return query.with_only_columns(Article.id)


def shown_titles(search: Search, _reader: Actor, rows: Sequence[Any]) -> list[TitleFound]:
    return _told([id_ for id_, *_ in rows], lambda title: runs(title, search))


def titles_nearly(search: Search, reader: Actor) -> list[TitleFound]:
    """Articles whose titles hold parts of the words, or nearly the words; none that holds them."""
    ids = word_index.parts_of_names(db.session.connection(), search.query, Article.__tablename__)
    if ids is None:
        return []
    query = _readable_titles(search, reader, ids).add_columns(Article.title)
    rows = db.session.execute(query.order_by(Article.id.desc()).limit(MOST_NAMES))
    near = list(islice((id_ for id_, title in rows if is_only_nearly(search, title)), MOST))
    return _told(near, lambda title: near_runs(title, search))


def _told(ids: Sequence[int], runs_of: Callable[[str], Runs]) -> list[TitleFound]:
    articles = listed_articles(ids) if ids else {}
    return [TitleFound(one, runs_of(one.display_title)) for one in articles.values()]


# ---- sentences of articles


def sentences(search: Search, reader: Actor, asked: Asked) -> Page[int]:
    """The newest first."""
    before, after = (whole_number(str(key)) if asked.page > 1 else None for key in (asked.before, asked.after))
    if before is not None:
        ids = _walked(search, reader, before, back=True)
        if len(ids) >= PAGE:
            shown = ids[:PAGE][::-1]
            return Page(shown, asked.page, None, True, shown[0], shown[-1])
    number = 1 if after is None else asked.page
    ids = _walked(search, reader, after)
    shown = ids[:PAGE]
    first, last = (shown[0], shown[-1]) if shown else (after and after - 1, None)
    return Page(shown, number, None, len(ids) > PAGE, first, last)


def _walked(search: Search, reader: Actor, beyond: int | None, *, back: bool = False) -> list[int]:
    """More than a page of readable sentences beyond one, or all there are.

    The walk is never given up: where it stood, and that it did, would tell of sentences that the reader may not read.
    """
    wanted, ids = _readable_sentences(search.filters, reader), list[int]()
    in_order = Sentence.id.asc() if back else Sentence.id.desc()
    for most in chain(ROWS_AT_ONCE, repeat(ROWS_AT_ONCE[-1])):
        some = word_index.in_order(db.session.connection(), search.query, most, beyond, back=back)
        ids += db.session.scalars(wanted.where(Sentence.id.in_(some)).order_by(in_order).limit(PAGE + 1))
        if len(ids) > PAGE or len(some) < most:
            break
        beyond = some[-1]
    return ids


def _readable_sentences(filters: Mapping[str, str], reader: Actor) -> Select[int]:
    query = visibility.articles_visible_to(reader).join(Sentence, Sentence.article_id == Article.id)
    query = query.where(Sentence.is_live, *described(filters))
    if "tag" in filters:
        query = query.where(_answered(reader, Annotation.tag == Tag(filters["tag"])))
    if "source" in filters:
        query = query.where(_answered(reader, names_source(filters["source"], reader)))
    return query.with_only_columns(Sentence.id)


def _answered(reader: Actor, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether such an answer to a Sentence is there."""
    given = (
        Sentence.id.in_(query.with_only_columns(Annotation.sentence_id)) for query in answers_read(reader, condition)
    )
    return or_(false(), *given)


def shown_sentences(search: Search, _reader: Actor, ids: Sequence[int]) -> list[SentenceFound]:
    found = places_of(ids)
    places = ((id_, found[id_]) for id_ in ids)
    return [SentenceFound(id_, place.index, place.article, runs(place.text, search)) for id_, place in places]
