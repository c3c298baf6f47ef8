"""Reads for taking a sentence of an article as evidence: the articles, sentences and claims to choose from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased, load_only

from webapp import visibility
from webapp.db import db
from webapp.domain.sources import search_words
from webapp.models import Actor, Article, Claim, ClaimWording, Sentence, live_sentences

MOST_CHOICES = 50


@dataclass(frozen=True)
class SentenceShown:
    """A sentence to choose, with its words and its place in the article."""

    sentence: Sentence
    text: str
    index: int


def articles_to_choose(reader: Actor, project_id: int, asked: str) -> list[Article]:
    """The newest articles of the project whose title or outlet holds all words, as many as a page shows."""
    query = (
        visibility.articles_visible_to(reader)
        .where(Article.project_id == project_id)
        .options(load_only(Article.id, Article.title, Article.outlet, Article.published))
        .order_by(Article.id.desc())
    )
    for word in asked.split():
        told = f"%{word.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        query = query.where(Article.title.ilike(told, escape="!") | Article.outlet.ilike(told, escape="!"))
    return list(db.session.scalars(query.limit(MOST_CHOICES)))


def sentences_to_choose(article: Article) -> list[SentenceShown]:
    """The sentences of an article as they stand now."""
    rows = db.session.scalars(live_sentences(article.id))
    return [SentenceShown(row, article.text[row.start : row.end], n) for n, row in enumerate(rows, start=1)]


def claims_to_choose(reader: Actor, project_id: int, asked: str) -> list[tuple[UUID, str]]:
    """The newest claims of the project whose words begin with those asked for, as many as a page shows."""
    query = (
        visibility.wordings_visible_to(reader)
        .where(Claim.project_id == project_id, ClaimWording.withdrawn_why.is_(None))
        .with_only_columns(Claim.id, ClaimWording.wording)
        .order_by(Claim.created_at.desc())
    )
    found: list[tuple[UUID, str]] = []
    for id_, wording in db.session.execute(query):
        told = search_words(wording)
        if all(any(word.startswith(one) for word in told) for one in search_words(asked)):
            found.append((id_, wording))
        if len(found) == MOST_CHOICES:
            break
    return found


def standing_now(reader: Actor, sentence_ids: Collection[int]) -> Mapping[int, int]:
    """For these sentences the one that stands where each began, in articles that the reader opens."""
    if not sentence_ids:
        return {}
    now_ = aliased(Sentence)
    covers = and_(
        now_.article_id == Sentence.article_id,
        now_.is_live,
        now_.start <= Sentence.start,
        now_.end > Sentence.start,
    )
    asked = Sentence.id.in_(sentence_ids)
    of_asked = Article.id.in_(select(Sentence.article_id).where(asked))
    articles = visibility.articles_visible_to(reader).where(of_asked).with_only_columns(Article.id)
    rows = db.session.execute(
        select(Sentence.id, now_.id).join(now_, covers).where(asked, Sentence.article_id.in_(articles))
    )
    return {id_: there for id_, there in rows}  # noqa: C416 (rows, not pairs)
