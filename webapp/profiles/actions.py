"""Taking profiles away, on record, and resolving the relative dates of an article."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from webapp import visibility
from webapp.db import db_write
from webapp.domain.errors import BadDate
from webapp.domain.relative_dates import relative_dates
from webapp.models import Actor, Article, DateReading, Project, audit
from webapp.models.conflicts import Gone
from webapp.models.revisions import append


def record_profile_taken(project: Project, reader: Actor, ending: str, **about: Any) -> None:
    """Put on record that the person took a profile away as a picture or a table."""
    with db_write() as session:
        audit(session, reader, "exported", project_id=project.id, shape="profile", format=ending, **about)


def resolve_date(
    article: Article, by: Actor, span: tuple[int, int], resolved: str | None, seen: int, client_id: UUID
) -> DateReading:
    """What the person takes the relative date at this place for; None takes it back.

    Raises BadDate where no such words stand there, NotFound where they make nothing in the project, Gone, Conflict.
    """
    words = {(one.start, one.end): one.words for one in relative_dates(article.text)}.get(span)
    if words is None:
        raise BadDate("There is no relative date at that place; reload the page.")
    key = {"article_id": article.id, "start": span[0], "end": span[1], "author_id": by.user_id}
    article_id = article.id

    def refuse(_: DateReading | None) -> None:
        if not visibility.article_for(by, article_id).is_live:
            raise Gone

    with db_write() as session:
        lock = select(Article.id).where(Article.id == article_id)
        said = {"words": words, "resolved": resolved}
        row, _ = append(session, DateReading, key, by.user_id, seen, client_id, said, lock=lock, closed=refuse)
    return row
