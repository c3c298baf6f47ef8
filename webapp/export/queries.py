"""Reads for export: a project's annotations, article by article, so that memory stays small."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.orm import aliased

from webapp import __version__, visibility
from webapp.db import db
from webapp.domain.export import UNANSWERED, answer_columns, moment
from webapp.models import (
    Annotation,
    Article,
    Assignment,
    Codebook,
    CorroborationNote,
    Membership,
    Project,
    Sentence,
    User,
)

First = aliased(Annotation, name="first")


def exportable_rows(user: User, project: Project) -> int:
    """How many answers the person's export of this project holds."""
    visible = (
        visibility.annotations_visible_to(user, project)
        .where(Annotation.tag.is_not(None), Sentence.retired_in.is_(None))
        .with_only_columns(func.count())
    )
    return db.session.scalar(visible) or 0


def long_parts(project_id: int, only_analyst_id: int | None, *, unanswered: bool) -> Iterator[list[dict[str, str]]]:
    """The rows of the long shape, a list for each article, read in one transaction on its own connection.

    `only_analyst_id` keeps to one analyst's own answers; `unanswered` adds a row for each sentence
    that an analyst was given and has not answered.
    """
    with db.engine.connect() as connection:
        articles = connection.execute(
            select(Article.id)
            .where(Article.project_id == project_id, Article.trashed_at.is_(None))
            .order_by(Article.id)
        ).scalars()
        for article_id in articles.all():
            yield _article_rows(connection, article_id, only_analyst_id, unanswered)


def _article_rows(
    connection: Connection, article_id: int, only_analyst_id: int | None, unanswered: bool
) -> list[dict[str, str]]:
    article = connection.execute(
        select(
            Article.text,
            Article.text_sha256,
            Article.title,
            Article.outlet,
            Article.published,
            Project.name.label("project"),
        )
        .join(Project, Article.project_id == Project.id)
        .where(Article.id == article_id)
    ).one()
    rows = []
    found = connection.execute(_judgements(article_id, only_analyst_id))
    for index, (_, judgements) in enumerate(groupby(found, key=lambda row: row.sentence_id), start=1):
        rows += [
            _cells(article_id, article, row, index, only_analyst_id is not None)
            for row in judgements
            if unanswered or row.tag is not None
        ]
    return rows


def _judgements(article_id: int, only_analyst_id: int | None) -> Any:
    """Each live sentence with each analyst it was handed to, and the answer, if any."""
    newest_note = (
        select(func.max(CorroborationNote.id))
        .where(
            CorroborationNote.sentence_id == Sentence.id,
            CorroborationNote.author_id == Assignment.analyst_id,
            CorroborationNote.is_current,
        )
        .correlate(Sentence, Assignment)
        .scalar_subquery()
    )
    columns: list[Any] = [
        Sentence.id.label("sentence_id"),
        Sentence.start,
        Sentence.end,
        Sentence.paragraph,
        Sentence.added_in,
        Membership.coder_code,
        Assignment.submitted_at,
        Assignment.round,
        *Annotation.__table__.columns,
        First.created_at.label("first_created_at"),
        Codebook.version.label("codebook_version"),
        CorroborationNote.status,
        CorroborationNote.claim,
        CorroborationNote.note.label("corroboration_note"),
    ]
    query = (
        select(*columns)
        .join(Assignment, Assignment.article_id == Sentence.article_id)
        .join(Article, Article.id == Sentence.article_id)
        .join(
            Membership,
            and_(Membership.project_id == Article.project_id, Membership.user_id == Assignment.analyst_id),
        )
        .outerjoin(
            Annotation,
            and_(
                Annotation.sentence_id == Sentence.id,
                Annotation.analyst_id == Assignment.analyst_id,
                Annotation.is_current,
            ),
        )
        .outerjoin(
            First,
            and_(
                First.sentence_id == Annotation.sentence_id,
                First.analyst_id == Annotation.analyst_id,
                First.version == 1,
            ),
        )
        .outerjoin(Codebook, Codebook.id == Annotation.codebook_id)
        .outerjoin(CorroborationNote, CorroborationNote.id == newest_note)
        .where(Sentence.article_id == article_id, Sentence.retired_in.is_(None))
        .order_by(Sentence.start, Membership.coder_code)
    )
    return query if only_analyst_id is None else query.where(Assignment.analyst_id == only_analyst_id)


def _cells(article_id: int, article: Any, row: Any, index: int, only_own: bool) -> dict[str, str]:
    cells = {
        "project": article.project,
        "article_id": str(article_id),
        "article_title": article.title or "",
        "outlet": article.outlet or "",
        "published": article.published or "",
        "sentence_id": str(row.sentence_id),
        "sentence_index": str(index),
        "paragraph": str(row.paragraph),
        "char_start": str(row.start),
        "char_end": str(row.end),
        "text": article.text[row.start : row.end],
        "text_sha256": article.text_sha256,
        "segmentation_version": str(row.added_in),
        "coder_id": row.coder_code,
        "submitted_at": moment(row.submitted_at),
        "app_version": __version__,
        "round": row.round,
        "corroboration_status": row.status or "",
        "corroboration_claim": row.claim or "",
        "corroboration_note": row.corroboration_note or "",
    }
    if row.tag is None:
        return cells | UNANSWERED
    return cells | {
        # The count of annotations would tell a blind analyst how much the others have done.
        "annotation_id": "" if only_own else str(row.id),
        **answer_columns(row),
        "blind": "true" if row.is_blind else "false",
        "codebook_version": row.codebook_version,
        "created_at": moment(row.first_created_at),
        "updated_at": moment(row.created_at),
    }
