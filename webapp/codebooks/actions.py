"""Writes about codebooks: a draft saved, discarded, published."""

from collections.abc import Mapping

from sqlalchemy import select

from webapp.codebooks import queries
from webapp.db import db, db_write, lock_rows, now
from webapp.domain.codebook_editing import changed_rules, changes, reworded, with_version
from webapp.domain.codebook_files import BroughtCodebook, brought
from webapp.domain.errors import BadCodebook
from webapp.domain.plain_text import storable
from webapp.models import Actor, Codebook, CodebookDraft, Project, Round, audit
from webapp.models.conflicts import Conflict

NOTHING = "Nothing is different from the version before; change a text or add a rule first."


def save_draft(project: Project, values: Mapping[str, str], seen: int, by: Actor) -> CodebookDraft:
    """Put the fields sent into the project's draft, which begins with its newest version.

    `seen` is how often the draft had been saved when the page was made, 0 for none. Raises BadCodebook with what is
    wrong at which field; Conflict, with the draft as it is now, when somebody else saved it meanwhile.
    """
    project_id = project.id
    with db_write() as session:
        lock_rows(session, select(Project.id).where(Project.id == project_id))
        draft = session.get(CodebookDraft, project_id, populate_existing=True)
        if (draft.version if draft else 0) != seen:
            raise Conflict(draft)
        if draft is None:
            base = session.scalars(queries.newest_for(project_id)).one()
            draft = CodebookDraft(project_id=project_id, base_id=base.id, base=base, text=base.text, version=0)
            session.add(draft)
        with session.no_autoflush:
            draft.text = reworded(draft.base.text, draft.text, values)
        draft.version += 1
        draft.author_id, draft.saved_at = by.user_id, now()
    return draft


def bring_in(project: Project, name: str, content: bytes, seen: int, by: Actor) -> BroughtCodebook:
    """Make a draft of a file, Markdown or REFI-QDA, in place of the one that there is, and tell what did not fit; of
    one that says what the newest version says there is no draft.

    `seen` is how often the draft had been saved when the page was made, 0 for none. Raises BadCodebook where the file
    is none; Conflict when somebody else saved the draft meanwhile.
    """
    project_id = project.id
    base = db.session.scalars(queries.newest_for(project_id)).one()
    base_id, base_text, version = base.id, base.text, base.version
    found = brought(base_text, name, content)
    if not found.differs:
        return found
    with db_write() as session:
        lock_rows(session, select(Project.id).where(Project.id == project_id))
        draft = session.get(CodebookDraft, project_id, populate_existing=True)
        newest = session.scalars(queries.newest_for(project_id)).one()
        if (draft.version if draft else 0) != seen or newest.id != base_id:
            raise Conflict(draft)
        if draft is None:
            draft = CodebookDraft(project_id=project_id, version=0)
            session.add(draft)
        draft.base_id, draft.text = base_id, found.text
        draft.version += 1
        draft.author_id, draft.saved_at = by.user_id, now()
        told = {"file": storable(name)[-200:], "after": version, "misfits": len(found.misfits)}
        audit(session, by, "codebook brought in", project_id=project_id, **told)
    return found


def discard_draft(project: Project, seen: int) -> None:
    """Drop the project's draft. Raises Conflict when somebody else saved it meanwhile."""
    project_id = project.id
    with db_write() as session:
        lock_rows(session, select(Project.id).where(Project.id == project_id))
        draft = session.get(CodebookDraft, project_id, populate_existing=True)
        if draft is None:
            return
        if draft.version != seen:
            raise Conflict(draft)
        session.delete(draft)


def publish(project: Project, seen: int, by: Actor) -> tuple[Codebook, bool]:
    """Make the draft the project's next version; rounds keep the version they began with.

    The running round follows it at once where nobody has answered in it yet, which is told. Raises BadCodebook where
    nothing is different or there is no draft; Conflict when somebody else saved it meanwhile.
    """
    project_id = project.id
    with db_write() as session:
        lock_rows(session, select(Round.id).where(Round.project_id == project_id).order_by(Round.id))
        draft = session.get(CodebookDraft, project_id, populate_existing=True)
        if draft is None:
            raise BadCodebook({"": "There is no draft any more; it was published or discarded meanwhile."})
        if draft.version != seen:
            raise Conflict(draft)
        if not changes(draft.base.text, draft.text):
            raise BadCodebook({"": NOTHING})
        version = queries.next_version_of(draft)
        published = Codebook(project_id=project_id, version=version, text=with_version(draft.text, version))
        session.add(published)
        session.delete(draft)
        session.flush()
        running = session.scalars(select(Round).where(Round.project_id == project_id, Round.closed_at.is_(None))).one()
        follows = queries.is_untouched(running)
        if follows:
            running.codebook_id = published.id
        reworded_, added = changed_rules(draft.base.text, draft.text)
        told = {"version": version, "after": draft.base.version, "reworded": reworded_, "added": added}
        audit(session, by, "codebook published", project_id=project_id, **told)
        session.expire(project, ["running"])
    return published, follows
