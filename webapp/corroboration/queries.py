"""Reads about corroboration notes."""

from uuid import UUID

from sqlalchemy import select

from webapp import visibility
from webapp.db import db
from webapp.models import CorroborationNote, User


def notes_on(sentence_id: int, reader: User) -> list[CorroborationNote]:
    """The notes on a sentence that this person may read, oldest first."""
    return list(
        db.session.scalars(
            visibility.notes_visible_to(reader)
            .where(CorroborationNote.sentence_id == sentence_id)
            .order_by(CorroborationNote.id)
        )
    )


def current_note(note_key: UUID, author: User) -> CorroborationNote | None:
    """The revision that counts now of a note of this author's."""
    return db.session.scalar(
        select(CorroborationNote).where(
            CorroborationNote.note_key == note_key,
            CorroborationNote.author_id == author.id,
            CorroborationNote.is_current,
        )
    )


def note_written_by(client_id: UUID, author: User) -> CorroborationNote | None:
    """The revision that this request wrote when it came the first time."""
    return db.session.scalar(
        select(CorroborationNote).where(
            CorroborationNote.author_id == author.id, CorroborationNote.client_id == client_id
        )
    )
