"""Writes about rounds: one is closed where the next begins, and what was done in it stays."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp import standings
from webapp.db import db_write, lock_rows, now
from webapp.domain.assignment import check_overlap
from webapp.domain.errors import BadProject
from webapp.domain.plain_text import clear_name
from webapp.entry_tests import taken_in
from webapp.models import Actor, Codebook, Project, Round, RoundRule, audit
from webapp.rounds import queries

LONGEST_NAME = 60
CLOSES = (
    "{count} in this round {are} not handed in and will take no more answers; tick that it may be closed with them, or "
    "wait for them."
)


@dataclass(frozen=True)
class NewRound:
    """What a round is begun with."""

    name: str
    is_blind: bool = False
    overlap: int = 1
    key: str | None = None
    """The name of an earlier round whose settled tags are the key."""
    pass_mark: int | None = None
    """In per cent: with one the key is a test, without one it is shown after each answer."""
    by_lower_end: bool = False
    entry: str | None = None
    """The name of a test; only who passed it is handed work."""


def begin_next(project: Project, wanted: NewRound, closes: bool, by: Actor) -> Round:
    """Close the running round and begin another, under the newest codebook.

    Raises BadProject: for a name that is taken or none, for work that is not handed in, unless `closes` it, and for a
    key or a test that is none.
    """
    check_overlap(wanted.overlap)
    project_id = project.id
    with db_write() as session:
        lock_rows(session, select(Round.id).where(Round.project_id == project_id).order_by(Round.id))
        name = _free_name(session, project_id, wanted.name)
        running = session.scalars(queries.running_round(project_id)).one()
        if (waiting := queries.number_not_handed_in(running)) and not closes:
            pieces = "1 piece of work" if waiting == 1 else f"{waiting:,} pieces of work"
            raise BadProject(CLOSES.format(count=pieces, are="is" if waiting == 1 else "are"))
        own_or_shipped = or_(Codebook.project_id == project_id, Codebook.project_id.is_(None))
        newest = select(Codebook).where(own_or_shipped).order_by(Codebook.project_id.is_(None), Codebook.id.desc())
        running.closed_at = now()
        session.flush()
        begun = Round(
            project_id=project_id,
            name=name,
            codebook_id=session.scalars(newest.limit(1)).one().id,
            is_blind=wanted.is_blind,
            overlap=wanted.overlap,
        )
        session.add(begun)
        session.flush()
        asked = _put_rule(session, begun, wanted)
        told = {"closed": running.name, "not_handed_in": waiting, "round": name, "is_blind": wanted.is_blind}
        audit(session, by, "round begun", project_id=project_id, **told, **asked)
        standings.note_change(session, project_id)
        session.expire(project, ["running"])
    return begun


def _put_rule(session: Session, begun: Round, wanted: NewRound) -> dict[str, object]:
    """What the round asks besides its work; given back as the audit tells it. Raises BadProject."""
    if wanted.pass_mark is not None and not wanted.key:
        raise BadProject("A test needs a key: choose the round whose settled tags are right.")
    if wanted.pass_mark is not None and not 1 <= wanted.pass_mark <= 100:
        raise BadProject("The pass mark is a share in per cent, from 1 to 100.")
    if not wanted.key and not wanted.entry:
        return {}
    key = _round_named(session, begun.project_id, wanted.key)
    if key and not queries.has_gold(key):
        raise BadProject(f"Nothing is settled in the round “{key.name}”, so it is no key; settle its sentences first.")
    test = _round_named(session, begun.project_id, wanted.entry)
    if test:
        _require_test(session, begun, test)
    rule = RoundRule(
        round_id=begun.id,
        key_round_id=key.id if key else None,
        pass_mark=wanted.pass_mark,
        by_lower_end=wanted.by_lower_end and wanted.pass_mark is not None,
        entry_round_id=test.id if test else None,
    )
    session.add(rule)
    asked = {"key": wanted.key, "pass_mark": wanted.pass_mark, "entry": wanted.entry}
    return {name: value for name, value in asked.items() if value}


def _require_test(session: Session, begun: Round, test: Round) -> None:
    rule = session.get(RoundRule, test.id)
    if rule is None or not rule.tests:
        raise BadProject(f"The round “{test.name}” is no test; choose one that has a pass mark.")
    if not begun.is_blind:
        raise BadProject(
            "In an open round everybody takes up articles; tick that it is blind, so that work is handed out."
        )
    if not any(one.passed for one in taken_in(rule)):
        raise BadProject(f"Nobody has passed the test “{test.name}”, so nobody could be handed work in the next round.")


def _round_named(session: Session, project_id: int, name: str | None) -> Round | None:
    if not name:
        return None
    found = session.scalar(select(Round).where(Round.project_id == project_id, Round.name == name))
    if found is None:
        raise BadProject(f"There is no round “{name[:LONGEST_NAME]}” any more; reload the page.")
    return found


def rename_running(project: Project, name: str, by: Actor) -> None:
    """Give the running round another name. Raises BadProject."""
    project_id = project.id
    with db_write() as session:
        lock_rows(session, select(Round.id).where(Round.project_id == project_id).order_by(Round.id))
        running = session.scalars(queries.running_round(project_id)).one()
        before, running.name = running.name, _free_name(session, project_id, name, running.id)
        audit(session, by, "round renamed", project_id=project_id, changed={"name": [before, running.name]})
        standings.note_change(session, project_id)


def record_results_taken(round_: Round, reader: Actor) -> None:
    """Put on record that the person took away how analysts did against the key."""
    with db_write() as session:
        told = {"shape": "results", "format": "json", "round": round_.name}
        audit(session, reader, "exported", project_id=round_.project_id, **told)


def _free_name(session: Session, project_id: int, name: str, own_id: int | None = None) -> str:
    cleaned = clear_name(name, LONGEST_NAME, BadProject)
    if cleaned is None:
        raise BadProject("A round needs a name.")
    taken = select(Round.id).where(Round.project_id == project_id, func.lower(Round.name) == cleaned.lower())
    with session.no_autoflush:
        if session.scalar(taken) not in (None, own_id):
            raise BadProject(f"A round is called “{cleaned}” already; choose another name.")
    return cleaned
