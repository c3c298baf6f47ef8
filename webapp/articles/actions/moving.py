"""Articles moved to another project, or copied there: what was done on one stays where it was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from webapp.articles.actions.drafts import (
    KEPT,
    ReadyArticle,
    Values,
    insert_article,
    live_articles_of,
    ready_article,
    say_what_is_part,
)
from webapp.db import db, db_write, lock_rows, now
from webapp.domain.segmentation import Sentences
from webapp.domain.spans import Span
from webapp.domain.terms import NotPart
from webapp.models import (
    Actor,
    Annotation,
    Article,
    ClaimMention,
    DateReading,
    Evidence,
    Exclusion,
    Project,
    Sentence,
    audit,
    live_sentences,
)


@dataclass(frozen=True)
class Staying:
    """An article that does not go along, and why as the end of a sentence."""

    article_id: int
    title: str
    why: str
    may_be_copied: bool


@dataclass(frozen=True)
class _AsItIs:
    """An article as it is described and split, and what is no part of it."""

    values: Values
    split: Sentences
    left_out: Mapping[Span, NotPart | None]

    def ready(self) -> ReadyArticle:
        return ready_article(self.values, self.split)


def move_articles(articles: Sequence[Article], to: Project, by: Actor) -> tuple[int, list[Staying]]:
    """Move articles as they are split now: each is imported there, and goes into the trash here.

    One on which somebody worked stays, since answers count where they were given, as does one whose text is there.
    Returns how many moved, and which stay.
    """
    return _taken_over(articles, to, by, is_copy=False)


def copy_articles(articles: Sequence[Article], to: Project, by: Actor) -> tuple[int, list[Staying]]:
    """Import articles there as they are split now, without the work on them, all of which stays here as it is."""
    return _taken_over(articles, to, by, is_copy=True)


def _taken_over(articles: Sequence[Article], to: Project, by: Actor, *, is_copy: bool) -> tuple[int, list[Staying]]:
    seen = {article.id: _as_it_is(article) for article in articles}
    ready = {id_: one.ready() for id_, one in seen.items()}
    wanted, to_id, count, staying = sorted(ready), to.id, 0, []
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id.in_(wanted)).order_by(Article.id))
        for article in session.scalars(select(Article).where(Article.id.in_(wanted), Article.is_live)).all():
            is_there = bool(live_articles_of(session, to_id, [article.text_sha256]))
            work = [] if is_copy else _work_on(session, article.id)
            if is_there or work:
                why = "its text is there already" if is_there else f"it has {_listed(work)}"
                staying.append(Staying(article.id, article.display_title, why, not is_there))
                continue
            found = _as_it_is(article)  # somebody may have repaired or described it since
            made = insert_article(
                session, to_id, by.user_id, by, ready[article.id] if found == seen[article.id] else found.ready()
            )
            if found.left_out:
                say_what_is_part(session, made, by, found.left_out)
            if not is_copy:
                article.trashed_at = now()
            told = {"article_id": article.id, "to_project_id": to_id, "to_article_id": made.id}
            what = "article copied" if is_copy else "article moved"
            audit(session, by, what, project_id=article.project_id, **told)
            count += 1
    return count, staying


def _as_it_is(article: Article) -> _AsItIs:
    sentences = list(db.session.scalars(live_sentences(article.id)))
    said = select(Exclusion.sentence_id, Exclusion.why).join(Exclusion.sentence)
    current = said.where(Exclusion.is_current, Sentence.article_id == article.id, Sentence.is_live)
    why = {sentence_id: why for sentence_id, why in db.session.execute(current)}  # noqa: C416 (rows, not pairs)
    split = Sentences([sentence.span for sentence in sentences], article.language)
    left_out = {sentence.span: why[sentence.id] for sentence in sentences if sentence.id in why}
    return _AsItIs({name: getattr(article, name) for name in KEPT}, split, left_out)


def _work_on(session: Session, article_id: int) -> list[str]:
    """What people did on the article, in words."""
    within = select(Sentence.id).where(Sentence.article_id == article_id)
    done: dict[str, ColumnElement[bool]] = {
        "answers": Annotation.sentence_id.in_(within),
        "claims": ClaimMention.sentence_id.in_(within),
        "evidence": Evidence.sentence_id.in_(within),
        "dates": DateReading.article_id == article_id,
    }
    return [words for words, condition in done.items() if session.scalar(select(select(1).where(condition).exists()))]


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
