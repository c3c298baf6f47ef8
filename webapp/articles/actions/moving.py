"""Articles on which nobody has worked yet, moved to another project."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from webapp.articles.actions.drafts import KEPT, ReadyArticle, insert_article, ready_article
from webapp.db import db, db_write, lock_rows, now
from webapp.domain.errors import BadArticle
from webapp.domain.segmentation import Sentences
from webapp.models import (
    Actor,
    Annotation,
    Article,
    ClaimMention,
    Evidence,
    Exclusion,
    Project,
    Sentence,
    audit,
    live_sentences,
)


def move_articles(articles: Sequence[Article], to: Project, by: Actor) -> int:
    """Move articles as they are split now, all or none: each is imported there, and goes into the trash here.

    Raises BadArticle where somebody has worked on one of them, as answers stay where they were given; AlreadyImported
    where the project has its text.
    """
    ready = {article.id: _as_it_is(article) for article in articles}
    wanted, to_id = sorted(ready), to.id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id.in_(wanted)).order_by(Article.id))
        for article in session.scalars(select(Article).where(Article.id.in_(wanted), Article.is_live)):
            if _is_worked_on(session, article.id):
                raise BadArticle(
                    f"“{article.display_title}” has answers, claims, evidence or sentences that are no part of it, "
                    "which stay where they were given; nothing was moved. Import it there as well instead."
                )
            made = insert_article(session, to_id, by.user_id, by, ready[article.id])
            article.trashed_at = now()
            moved = {"article_id": article.id, "to_project_id": to_id, "to_article_id": made.id}
            audit(session, by, "article moved", project_id=article.project_id, **moved)
    return len(wanted)


def _as_it_is(article: Article) -> ReadyArticle:
    spans = [sentence.span for sentence in db.session.scalars(live_sentences(article.id))]
    return ready_article({name: getattr(article, name) for name in KEPT}, Sentences(spans, article.language))


def _is_worked_on(session: Session, article_id: int) -> bool:
    """Whether anybody has answered, mentioned a claim, taken a sentence for evidence, or said that one is no part."""
    tables: tuple[Any, ...] = (Annotation, ClaimMention, Evidence, Exclusion)
    of_article = select(Sentence.id).where(Sentence.article_id == article_id)
    found: list[Select[int]] = [select(table.id).where(table.sentence_id.in_(of_article)) for table in tables]
    return bool(session.scalar(select(func.coalesce(or_(*(query.exists() for query in found)), False))))
