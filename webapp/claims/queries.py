"""Reads about corroboration notes."""

from uuid import UUID

from sqlalchemy import Select, select

from webapp import visibility
from webapp.db import db
from webapp.domain.errors import NotFound
from webapp.models import Actor, Article, Assessment, Membership, Sentence
from webapp.models.conflicts import Gone


def notes_on(sentence_id: int, reader: Actor) -> list[Assessment]:
    """The notes on a sentence that this person may read, oldest first."""
    return list(
        db.session.scalars(
            visibility.notes_visible_to(reader).where(Assessment.sentence_id == sentence_id).order_by(Assessment.id)
        )
    )


def articles_of_note(note_key: UUID) -> Select[int]:
    """The article on a sentence of which the note stands, as ids for a condition."""
    return (
        select(Sentence.article_id)
        .join(Assessment, Assessment.sentence_id == Sentence.id)
        .where(Assessment.note_key == note_key)
    )


def may_note(author: Actor, note: Assessment) -> bool:
    """Whether the author still works on the article of the note, which may lie in the trash."""
    try:
        visibility.require_sentence_to_tag(author, note.sentence_id)
    except Gone:
        return True
    except NotFound:
        return False
    return True


def coder_code_of(note: Assessment) -> str:
    """The pseudonym of the note's author in its project: names are hidden until wanted."""
    return (
        db.session.scalar(
            select(Membership.coder_code)
            .join(Article, Article.project_id == Membership.project_id)
            .join(Sentence, Sentence.article_id == Article.id)
            .where(Sentence.id == note.sentence_id, Membership.user_id == note.author_id)
        )
        or "a former member"
    )
