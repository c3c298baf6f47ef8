"""Writes that bring an article in: a draft, and the article with its sentences made of it."""

import hashlib
from dataclasses import asdict

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp.db import db_write, now
from webapp.domain import intake
from webapp.domain.errors import BadArticle
from webapp.domain.intake import Description
from webapp.domain.segmentation import split
from webapp.models import Article, Draft, Project, Sentence, User, audit

KEPT = (
    "text",
    "text_sha256",
    "encoding",
    "had_bom",
    "media_type",
    "file_name",
    "original",
    "original_sha256",
    "title",
    "outlet",
    "author",
    "url",
    "published",
)


class AlreadyImported(BadArticle):
    """The same text is in the project already; `article_id` says where."""

    def __init__(self, article_id: int, title: str) -> None:
        super().__init__(f"This text is in the project already, as “{title}”.")
        self.article_id = article_id


def draft_of_pasted(project: Project, author: User, text: str, description: Description) -> Draft:
    """A draft of pasted text. Raises BadArticle, AlreadyImported."""
    text = intake.pasted(text)
    draft = _draft(project, author, description)
    draft.original, draft.media_type = text.encode(), "text/plain"
    draft.original_sha256 = hashlib.sha256(draft.original).hexdigest()
    _take_reading(draft, intake.Reading(text, "pasted"))
    return _keep_draft(draft)


def draft_of_upload(project: Project, author: User, upload: bytes, file_name: str, description: Description) -> Draft:
    """A draft of an uploaded text or HTML file. Raises BadArticle, AlreadyImported."""
    return _keep_draft(_draft_of_upload(project, author, upload, file_name, description))


def import_upload(project: Project, importer: User, upload: bytes, file_name: str, description: Description) -> Article:
    """The article of a text or HTML file, without a preview. Raises BadArticle, AlreadyImported."""
    return save_draft(_draft_of_upload(project, importer, upload, file_name, description), importer)


def _draft_of_upload(project: Project, author: User, upload: bytes, file_name: str, description: Description) -> Draft:
    media_type = intake.media_type_of(file_name)
    reading = intake.reading_of(upload, media_type)
    draft = _draft(project, author, description)
    draft.original, draft.original_sha256 = upload, hashlib.sha256(upload).hexdigest()
    draft.file_name, draft.media_type = file_name[-200:] or None, media_type
    _take_reading(draft, reading)
    return draft


def reread_draft(draft: Draft, encoding: str) -> None:
    """Read the draft's upload anew under another encoding. Raises BadArticle and leaves the draft alone."""
    reading = intake.reading_of(draft.original, draft.media_type, encoding)
    with db_write():
        _take_reading(draft, reading)


def _take_reading(draft: Draft, reading: intake.Reading) -> None:
    draft.text, draft.encoding, draft.had_bom = reading.text, reading.encoding, reading.had_bom
    draft.text_sha256 = intake.sha256(reading.text)
    draft.title = draft.title or reading.title


def _draft(project: Project, author: User, description: Description) -> Draft:
    return Draft(project_id=project.id, user_id=author.id, had_bom=False, **asdict(description))


def _keep_draft(draft: Draft) -> Draft:
    with db_write() as session:
        refuse_twice(session, draft.project_id, draft.text_sha256)
        session.add(draft)
    return draft


def refuse_twice(session: Session, project_id: int, text_sha256: str) -> None:
    """Raises AlreadyImported when the project has a live article of this text."""
    first = session.scalar(
        select(Article).where(
            Article.project_id == project_id, Article.text_sha256 == text_sha256, Article.trashed_at.is_(None)
        )
    )
    if first is not None:
        raise AlreadyImported(first.id, first.display_title)


def discard_draft(draft: Draft) -> None:
    with db_write() as session:
        session.delete(draft)


def trash_article(article: Article, by: User) -> None:
    """Put the article into the trash: it takes no more writes and is in no count, until it is restored."""
    with db_write() as session:
        article.trashed_at = now()
        audit(session, "article trashed", actor_id=by.id, project_id=article.project_id, article_id=article.id)


def restore_article(article: Article, by: User) -> None:
    """Take the article out of the trash. Raises AlreadyImported when its text was imported again meanwhile."""
    with db_write() as session:
        refuse_twice(session, article.project_id, article.text_sha256)
        article.trashed_at = None
        audit(session, "article restored", actor_id=by.id, project_id=article.project_id, article_id=article.id)


def save_draft(draft: Draft, importer: User) -> Article:
    """The article made of a draft, with its sentences; the draft is dropped. Raises AlreadyImported."""
    spans = split(draft.text)
    values = {name: getattr(draft, name) for name in KEPT}
    with db_write() as session:
        refuse_twice(session, draft.project_id, values["text_sha256"])
        article = Article(project_id=draft.project_id, imported_by_id=importer.id, **values)
        session.add(article)
        session.flush()
        for first in range(0, len(spans), 500):
            session.execute(
                insert(Sentence),
                [
                    {
                        "article_id": article.id,
                        "start": span.start,
                        "end": span.end,
                        "paragraph": span.paragraph,
                    }
                    for span in spans[first : first + 500]
                ],
            )
        if draft in session:
            session.delete(draft)
        audit(
            session,
            "article imported",
            actor_id=importer.id,
            project_id=draft.project_id,
            article_id=article.id,
            sentences=len(spans),
        )
    return article
