"""Reads about codebooks: the versions that a project has, and the draft of its next one."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from webapp import visibility
from webapp.db import db
from webapp.domain.codebook_editing import changed_rules, next_version
from webapp.domain.errors import NotFound
from webapp.models import Actor, Adjudication, Annotation, Assignment, Codebook, CodebookDraft, Project, Role, Round


def codebook_with(codebook_id: int, reader: Actor) -> Codebook:
    """One that we ship, or of the reader's projects. Raises NotFound."""
    ours = or_(Codebook.project_id.is_(None), Codebook.project_id.in_(reader.projects(*Role)))
    version = db.session.scalar(select(Codebook).where(Codebook.id == codebook_id, ours))
    if version is None:
        raise NotFound("There is no such version of the codebook.")
    return version


def codebook_in_force(project_id: int | None) -> Codebook:
    """The codebook of the project's running round; without a project, the newest that we ship."""
    query = select(Codebook).join(Round, Round.codebook_id == Codebook.id)
    found = db.session.scalar(query.where(Round.project_id == project_id, Round.closed_at.is_(None)))
    return found or db.session.scalars(_newest(Codebook.project_id.is_(None))).one()


def newest_for(project_id: int) -> Select[Codebook]:
    """The newest version that the project published, else that we ship: the next round follows it."""
    own_first = Codebook.project_id.is_(None), Codebook.id.desc()
    ours = or_(Codebook.project_id == project_id, Codebook.project_id.is_(None))
    return select(Codebook).where(ours).order_by(*own_first).limit(1)


def _newest(*conditions: ColumnElement[bool]) -> Select[Codebook]:
    return select(Codebook).where(*conditions).order_by(Codebook.id.desc()).limit(1)


def before(version: Codebook) -> Codebook | None:
    """The version that this one followed: of the same project, else the one that we ship."""
    if version.project_id is None:
        return db.session.scalar(_newest(Codebook.project_id.is_(None), Codebook.id < version.id))
    own = db.session.scalar(_newest(Codebook.project_id == version.project_id, Codebook.id < version.id))
    return own or db.session.scalar(_newest(Codebook.project_id.is_(None)))


@dataclass(frozen=True)
class Version:
    """One version of a project's codebook: where it is used, and what its rules changed."""

    codebook: Codebook
    rounds: list[Round]
    reworded: list[str]
    added: list[str]
    decided: dict[str, int]
    """For each rule that it worded anew, on how many sentences it decided before, which call for a second look."""


def versions_of(project: Project, reader: Actor) -> list[Version]:
    """Those that the project published, and those that come with the program, the newest first."""
    rounds = list(db.session.scalars(select(Round).where(Round.project_id == project.id).order_by(Round.id)))
    ours = or_(Codebook.project_id == project.id, Codebook.project_id.is_(None))
    found = []
    for codebook in db.session.scalars(select(Codebook).where(ours).order_by(Codebook.id.desc())):
        previous = before(codebook) if codebook.project_id else None
        reworded, added = changed_rules(previous.text, codebook.text) if previous else ([], [])
        of_it = [one for one in rounds if one.codebook_id == codebook.id]
        decided = _decided_before(codebook, reworded, rounds, reader)
        found.append(Version(codebook, of_it, reworded, added, decided))
    return found


def _decided_before(codebook: Codebook, rules: list[str], rounds: list[Round], reader: Actor) -> dict[str, int]:
    """On how many sentences each of these rules decided before this version, in all rounds."""
    found = dict.fromkeys(rules, 0)
    for one in rounds if rules else ():
        query = visibility.gold_visible_to(reader, one.id).where(
            Adjudication.deciding_rule.in_(rules), Adjudication.created_at < codebook.published_at
        )
        counted = query.with_only_columns(Adjudication.deciding_rule, func.count()).group_by(Adjudication.deciding_rule)
        for rule, number in db.session.execute(counted):
            found[str(rule)] += number
    return {rule: number for rule, number in found.items() if number}


def draft_of(project: Project) -> CodebookDraft | None:
    return db.session.scalar(select(CodebookDraft).where(CodebookDraft.project_id == project.id))


def next_version_of(draft: CodebookDraft) -> str:
    """What it will be called once published."""
    ours = or_(Codebook.project_id == draft.project_id, Codebook.project_id.is_(None))
    return next_version(draft.base.version, db.session.scalars(select(Codebook.version).where(ours)).all())


def is_untouched(round_: Round) -> bool:
    """Whether nobody has answered in the round yet, so that it has not begun under its codebook."""
    of_round = and_(Annotation.assignment_id == Assignment.id, Assignment.round_id == round_.id)
    answered = select(Annotation.id).join(Assignment, of_round).limit(1)
    decided = select(Adjudication.id).where(Adjudication.round_id == round_.id).limit(1)
    return db.session.scalar(answered) is None and db.session.scalar(decided) is None
