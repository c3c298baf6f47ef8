"""Writes of corroboration notes: added, and amended by new revisions."""

from uuid import UUID, uuid4

from sqlalchemy import select

from webapp.claims import queries
from webapp.db import db_write
from webapp.domain.corroboration import Finding
from webapp.domain.errors import NotFound
from webapp.models import Actor, Article, Assessment, Assignment, Sentence, assignment_of, require_open
from webapp.models.conflicts import refuse_closed
from webapp.models.revisions import append


def add_note(sentence: Sentence, author: Actor, finding: Finding, client_id: UUID) -> Assessment:
    """A new note on a sentence; a client_id met before gives back what it wrote then.

    As the first thing written about the article it assigns it where it was not handed out, in an open project.

    Raises Gone for an article in the trash, Replaced for a sentence that a repair replaced, BadNote for a
    client_id that wrote something else.
    """
    sentence_id, article_id = sentence.id, sentence.article_id
    with db_write() as session:
        note, is_new = append(
            session,
            Assessment,
            {"note_key": uuid4()},
            author.user_id,
            0,
            client_id,
            vars(finding),
            lock=select(Article.id).where(Article.id == article_id),
            closed=lambda _: require_open(session, sentence_id),
            about={"sentence_id": sentence_id},
        )
        is_assigned = session.scalar(assignment_of(article_id, author.user_id)) is not None
        running = session.get_one(Article, article_id).project.running
        if is_new and not is_assigned and not running.is_blind:
            # Exports hold the notes of those to whom the article is assigned.
            session.add(Assignment(round_id=running.id, article_id=article_id, analyst_id=author.user_id))
    return note


def amend_note(
    note_key: UUID, author: Actor, finding: Finding, seen: int, client_id: UUID, sentence_id: int | None = None
) -> Assessment:
    """The next revision of one's own note.

    A client_id met before gives back what it wrote then. Raises NotFound for a note that is not the
    author's, Conflict when `seen` is not its version, Gone for an article in the trash, BadNote for a
    client_id that wrote something else.
    """

    def refuse(current: Assessment | None) -> None:
        theirs = current if current and current.author_id == author.id else None
        if theirs is None or sentence_id not in (None, theirs.sentence_id) or not queries.may_note(author, theirs):
            raise NotFound("There is no such note, or it is not yours to amend.")
        refuse_closed(is_trashed=not theirs.sentence.article.is_live)

    with db_write() as session:
        note, _ = append(
            session,
            Assessment,
            {"note_key": note_key},
            author.user_id,
            seen,
            client_id,
            vars(finding),
            # A repair of the split holds the article, too, and writes the next revision of its notes.
            lock=select(Article.id).where(Article.id.in_(queries.articles_of_note(note_key))),
            closed=refuse,
            besides=lambda current: {"sentence_id": current.sentence_id} if current else {},
        )
    return note
