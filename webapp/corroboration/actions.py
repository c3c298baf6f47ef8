"""Writes of corroboration notes: added, and amended by new revisions."""

from uuid import UUID, uuid4

from sqlalchemy import bindparam, select

from webapp.corroboration import queries
from webapp.db import db_write, in_turn
from webapp.domain.corroboration import Finding
from webapp.domain.errors import BadNote, NotFound
from webapp.models import Actor, Article, Assignment, CorroborationNote, Sentence, assignment_of
from webapp.models.conflicts import Conflict, Gone


def add_note(sentence: Sentence, author: Actor, finding: Finding, client_id: UUID) -> CorroborationNote:
    """A new note on a sentence; a client_id met before gives back what it wrote then.

    As the first thing written about the article it assigns it where it was not handed out, in an open project.

    Raises Gone for an article in the trash, NotFound for a sentence that a repair replaced, BadNote for a
    client_id that wrote something else.
    """
    with db_write() as session:
        if earlier := queries.note_written_by(client_id, author):
            _refuse_other_write(earlier.sentence_id == sentence.id and earlier.version == 1)
            return earlier
        in_turn(session, select(Article.id).where(Article.id == sentence.article_id))
        session.refresh(sentence)
        if sentence.retired_in is not None:
            raise NotFound("This sentence was split or merged meanwhile; reload the page and note what came of it.")
        article = session.get_one(Article, sentence.article_id)
        if article.trashed_at is not None:
            raise Gone("The article was put into the trash; the note was not saved. Ask a supervisor.")
        if not article.project.is_blind and session.scalar(assignment_of(article.id, author.user_id)) is None:
            # Exports hold the notes of those to whom the article is assigned.
            session.add(Assignment(article_id=article.id, analyst_id=author.user_id))
        note = CorroborationNote(
            note_key=uuid4(),
            sentence_id=sentence.id,
            author_id=author.user_id,
            client_id=client_id,
            **vars(finding),
        )
        session.add(note)
    return note


def amend_note(
    note_key: UUID, author: Actor, finding: Finding, seen: int, client_id: UUID, sentence_id: int | None = None
) -> CorroborationNote:
    """The next revision of one's own note.

    A client_id met before gives back what it wrote then. Raises NotFound for a note that is not the
    author's, Conflict when `seen` is not its version, Gone for an article in the trash, BadNote for a
    client_id that wrote something else.
    """
    with db_write() as session:
        in_turn(session, _ARTICLE_OF_NOTE, note_key=note_key)
        if earlier := queries.note_written_by(client_id, author):
            _refuse_other_write(earlier.note_key == note_key and earlier.version == seen + 1)
            return earlier
        current = queries.current_note(note_key, author)
        if current is None or sentence_id not in (None, current.sentence_id) or not queries.may_note(author, current):
            raise NotFound("There is no such note, or it is not yours to amend.")
        if current.sentence.article.trashed_at is not None:
            raise Gone("The article was put into the trash; the note was not saved. Ask a supervisor.")
        if current.version != seen:
            raise Conflict(current)
        current.is_current = False
        session.flush()  # the index allows one current revision: the old one steps back first
        note = CorroborationNote(
            note_key=note_key,
            sentence_id=current.sentence_id,
            author_id=author.user_id,
            version=seen + 1,
            client_id=client_id,
            **vars(finding),
        )
        session.add(note)
    return note


def _refuse_other_write(is_same: bool) -> None:
    if not is_same:
        raise BadNote("This client_id was used for another note; every write needs one of its own.")


# A repair of the split holds the article, too, and writes the next revision of its notes.
_ARTICLE_OF_NOTE = select(Article.id).where(
    Article.id.in_(
        select(Sentence.article_id)
        .join(CorroborationNote, CorroborationNote.sentence_id == Sentence.id)
        .where(CorroborationNote.note_key == bindparam("note_key"))
    )
)
