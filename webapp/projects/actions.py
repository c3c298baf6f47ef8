"""Writes about studies: their settings, members, work handed out and returned."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from webapp import standings
from webapp.db import db_write, lock_rows, now
from webapp.domain.assignment import Plan, check_overlap, plan
from webapp.domain.errors import BadLanguage, BadProject, BadSettings
from webapp.domain.plain_text import clean_line, clear_name
from webapp.domain.sampling import EMPTY, Sample, draw
from webapp.domain.segmentation.languages import language_called
from webapp.models import (
    SHELL,
    Actor,
    Article,
    Assignment,
    AssignmentState,
    Codebook,
    Happening,
    Membership,
    Project,
    Role,
    Round,
    RoundArticle,
    Submission,
    User,
    audit,
    tell,
)
from webapp.projects import queries

FIRST_PROJECT = "First project"
LONGEST_NAME = 200
LONGEST_DESCRIPTION = 5_000
LONGEST_REASON = 1_000


def ensure_first_project(owner: User, codebook_text: str, codebook_version: str) -> Project:
    """The first project, made with its codebook when there is none; its owner gets every role in it."""
    with db_write() as session:
        project = session.scalar(select(Project).order_by(Project.id).limit(1))
        if project is not None:
            return project
        shipped = Codebook.version == codebook_version, Codebook.project_id.is_(None)
        codebook = session.scalar(select(Codebook).where(*shipped))
        if codebook is None:
            codebook = Codebook(version=codebook_version, text=codebook_text)
        project = Project(name=FIRST_PROJECT)
        session.add_all([project, codebook])
        session.flush()
        session.add(Round(project_id=project.id, codebook_id=codebook.id))
        give_roles(session, project, owner.id, set(Role), SHELL)
        audit(session, SHELL, "project added", project_id=project.id)
    return project


@dataclass(frozen=True)
class Settings:
    """What may be set about a project."""

    name: str
    description: str | None = None
    is_blind: bool = False
    overlap: int = 1
    language: str | None = None
    own_tag_first: bool = False

    @property
    def of_project(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in OF_ROUND}

    @property
    def of_round(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in OF_ROUND}


OF_ROUND = ("is_blind", "overlap")
"""What belongs to the running round of the project."""


def checked(settings: Settings, name_before: str | None = None) -> Settings:
    """The settings with white space folded. Raises BadSettings, saying of each field at once what to do."""
    faults: dict[str, str] = {}

    def of(field: str, check: Callable[[], T]) -> T | None:
        try:
            return check()
        except BadProject as refused:
            faults[field] = str(refused)
            return None

    kept = settings.name == name_before  # it may be older than the rule for names
    name = name_before if kept else of("name", lambda: _name(settings.name))
    description = settings.description or ""
    found = Settings(
        name or "",
        of("description", lambda: clean_line("description", description, LONGEST_DESCRIPTION, BadProject)),
        settings.is_blind,
        settings.overlap,
        of("language", lambda: _language(settings.language or "")),
        settings.own_tag_first,
    )
    of("overlap", lambda: check_overlap(settings.overlap))
    if faults:
        raise BadSettings(faults)
    return found


T = TypeVar("T")


def _name(words: str) -> str:
    name = clear_name(words, LONGEST_NAME, BadProject)
    if name is None:
        raise BadProject("A project needs a name.")
    return name


def _language(code: str) -> str | None:
    cleaned = clean_line("language", code, 35, BadProject)
    if cleaned:
        try:
            language_called(cleaned)
        except BadLanguage as refused:
            raise BadProject(str(refused)) from None
    return cleaned


def add_project(settings: Settings, by: Actor) -> Project:
    """A new project under the newest codebook that we ship; whoever adds it is its supervisor. Raises BadProject."""
    wanted = checked(settings)
    with db_write() as session:
        _refuse_taken(session, wanted.name, None)
        shipped = select(Codebook).where(Codebook.project_id.is_(None)).order_by(Codebook.id.desc())
        codebook = session.scalars(shipped.limit(1)).one()
        project = Project(**wanted.of_project)
        session.add(project)
        session.flush()
        session.add(Round(project_id=project.id, codebook_id=codebook.id, **wanted.of_round))
        give_roles(session, project, by.user_id, {Role.SUPERVISOR}, by)
        audit(session, by, "project added", project_id=project.id)
    return project


def change_settings(project: Project, settings: Settings, by: Actor) -> None:
    """Of the project and of its running round. Raises BadProject."""
    wanted = checked(settings, project.name)
    with db_write() as session:
        _refuse_taken(session, wanted.name, project.id)
        before = {name: getattr(_holder(project, name), name) for name in vars(wanted)}
        changed = {name: [before[name], value] for name, value in vars(wanted).items() if before[name] != value}
        for name, value in vars(wanted).items():
            setattr(_holder(project, name), name, value)
        of_round = {"round": project.running.name} if set(changed) & set(OF_ROUND) else {}
        audit(session, by, "project changed", project_id=project.id, changed=changed, **of_round)


def _holder(project: Project, setting: str) -> Project | Round:
    return project.running if setting in OF_ROUND else project


def _refuse_taken(session: Session, name: str, own_id: int | None) -> None:
    other = session.scalar(select(Project.id).where(func.lower(Project.name) == name.lower()))
    if other not in (None, own_id):
        raise BadSettings({"name": f"A project is called “{name}” already; choose another name."})


def set_trashed(project: Project, trashed: bool, by: Actor) -> None:
    """Put a project into the trash or take it out again. Raises BadProject for the last one."""
    with db_write() as session:
        if trashed:
            live = session.scalar(select(func.count()).select_from(Project).where(Project.is_live))
            if live == 1:
                raise BadProject("This is the last project; add another before you put it into the trash.")
        project.trashed_at = now() if trashed else None
        audit(session, by, "project trashed" if trashed else "project restored", project_id=project.id)


# ---- members


def add_member(project: Project, user: User, roles: set[Role], by: Actor = SHELL) -> Membership:
    """The person as a member of the project with these roles, in place of any held before."""
    with db_write() as session:
        return give_roles(session, project, user.id, roles, by)


def set_roles(project: Project, wanted: Mapping[int, set[Role]], by: Actor) -> int:
    """Give members of the project these roles, all in one; returns of how many they differ from before."""
    project_id = project.id
    with db_write() as session:
        lock_rows(session, select(Project.id).where(Project.id == project_id))
        members = select(Membership).where(Membership.project_id == project_id, Membership.user_id.in_(wanted))
        changed = [member for member in session.scalars(members) if member.roles != wanted[member.user_id]]
        for member in changed:
            give_roles(session, project, member.user_id, wanted[member.user_id], by)
    return len(changed)


def give_roles(session: Session, project: Project, user_id: int, roles: set[Role], by: Actor) -> Membership:
    member = session.scalar(
        select(Membership).where(Membership.project_id == project.id, Membership.user_id == user_id)
    )
    what = "roles changed" if member else "member joined"
    if member is None:
        code = new_coder_code(session, project.id)
        member = Membership(project_id=project.id, user_id=user_id, coder_code=code)
        session.add(member)
    member.is_analyst = Role.ANALYST in roles
    member.is_supervisor = Role.SUPERVISOR in roles
    member.is_researcher = Role.RESEARCHER in roles
    given = {"user_id": user_id, "roles": sorted(roles)}
    audit(session, by, what, project_id=project.id, **given)
    return member


def new_coder_code(session: Session, project_id: int) -> str:
    """A code such as C07, drawn at random and unused so far, so that its order tells nothing of its person."""
    taken = set(session.scalars(select(Membership.coder_code).where(Membership.project_id == project_id)))
    digits = 2
    while True:
        free = [code for n in range(1, 10**digits) if (code := f"C{n:0{digits}d}") not in taken]
        if free:
            return secrets.choice(free)
        digits += 1


# ---- work handed out


@dataclass(frozen=True)
class Wish:
    """What a plan is asked for."""

    analyst_ids: Sequence[int]
    overlap: int
    share: float = 0.0
    """Of the articles, for everybody."""
    draw: int | None = None
    """So many of the articles that no plan of the round has seen are drawn at random; None: all of them."""
    strata: str = ""
    """What they are drawn among: `outlet`, `month`, or all alike."""


class Planned(NamedTuple):
    """What a plan would hand out, and which articles it draws for that."""

    plan: Plan
    frame: Mapping[int, str]
    """The articles that no plan of the round has seen, with their strata."""
    sample: Sample


def planned(project: Project, wish: Wish) -> Planned:
    """What is to be handed out so that every article that was drawn has its analysts; nothing is written.

    Raises BadPlan.
    """
    known = {member.user_id for member in queries.analysts_of(project)}
    existing = queries.places_of(project)
    frame, left_out = queries.frame_of(project, wish.strata, {one.article for one in existing})
    seed = project.running.plan_seed
    sample = draw(frame, len(frame) if wish.draw is None else wish.draw, seed=seed) if frame or wish.draw else EMPTY
    undrawn = left_out | (frame.keys() - sample.drawn)
    new = plan(
        [article_id for article_id in queries.live_article_ids(project) if article_id not in undrawn],
        [analyst_id for analyst_id in wish.analyst_ids if analyst_id in known],
        wish.overlap,
        seed=seed,
        share=wish.share,
        existing=existing,
    )
    return Planned(new, frame, sample)


def carry_out(project: Project, wish: Wish, expected: int, by: Actor) -> int:
    """Hand out what the preview showed; returns how many assignments that made.

    Raises BadProject when it would not be `expected` new assignments any more, because articles,
    analysts or assignments changed since; BadPlan.
    """
    new = planned(project, wish).plan.new
    project_id = project.id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.project_id == project_id).order_by(Article.id))
        again = planned(project, wish)
        if again.plan.new != new or len(new) != expected:
            raise BadProject("Articles or people changed since the preview; look at the new one first.")
        _put_frame(session, project.running.id, again)
        standings.note_change(session, project_id)
        _hand_out(session, project, [(one.article, one.analyst, one.position) for one in new], by)
        details = {"assignments": len(new), "overlap": wish.overlap, "share": wish.share}
        drawn = {"drawn": len(again.sample.drawn), "of": len(again.frame), "strata": wish.strata}
        audit(
            session, by, "plan carried out", project_id=project.id, seed=project.running.plan_seed, **details, **drawn
        )
    return len(new)


def set_standing_plan(project: Project, overlap: int | None, by: Actor) -> None:
    """From now on articles that come in go out at once in the running round, each to so many; None: they wait."""
    project_id = project.id
    with db_write() as session:
        lock_rows(session, select(Round.id).where(Round.project_id == project_id).order_by(Round.id))
        running = session.scalars(select(Round).where(Round.project_id == project_id, Round.closed_at.is_(None))).one()
        wanted = {"hands_out_new": overlap is not None, "overlap": overlap or running.overlap}
        changed = {name: [was, value] for name, value in wanted.items() if (was := getattr(running, name)) != value}
        for name, value in wanted.items():
            setattr(running, name, value)
        if changed:
            audit(session, by, "project changed", project_id=project_id, changed=changed, round=running.name)


def _put_frame(session: Session, round_id: int, what: Planned) -> None:
    """Keep which articles were drawn, and the chance of each; in an analysis they are weighed by it."""
    rows = [
        {
            "round_id": round_id,
            "article_id": article_id,
            "drawn": article_id in what.sample.drawn,
            "stratum": stratum,
            "places": what.sample.chances[article_id][0],
            "among": what.sample.chances[article_id][1],
        }
        for article_id, stratum in what.frame.items()
    ]
    for first in range(0, len(rows), 500):
        session.execute(insert(RoundArticle), rows[first : first + 500])


def assign(project: Project, wanted: Iterable[tuple[int, int]], by: Actor) -> int:
    """Hand articles to analysts by hand, as (article, analyst); what is assigned stays. Returns how many are new."""
    pairs, project_id = list(dict.fromkeys(wanted)), project.id
    with db_write() as session:
        lock_rows(session, queries.articles_named(project_id, {article_id for article_id, _ in pairs}))
        new = _missing(project, pairs)
        last = queries.last_place_in(project)
        _hand_out(session, project, [(*pair, place) for place, pair in enumerate(new, start=last + 1)], by)
        if new:
            audit(session, by, "assigned", project_id=project.id, pairs=[list(pair) for pair in new])
    return len(new)


def assign_all(project: Project, analyst_id: int, expected: int, by: Actor) -> int:
    """Hand every article that the analyst does not hold to them. Raises BadProject where they are not `expected`."""
    project_id = project.id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.project_id == project_id).order_by(Article.id))
        article_ids = queries.ids_wanted(project, queries.Wanted(analyst_id))
        if len(article_ids) != expected:
            raise BadProject(CHANGED)
        new = _missing(project, [(article_id, analyst_id) for article_id in article_ids])
        last = queries.last_place_in(project)
        _hand_out(session, project, [(*pair, place) for place, pair in enumerate(new, start=last + 1)], by)
        if new:
            audit(session, by, "assigned", project_id=project.id, analyst_id=analyst_id, articles=len(new))
    return len(new)


CHANGED = "Articles or work changed since this page was made; look at the new numbers first."


def _missing(project: Project, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs that are not held yet. Raises BadProject where one of them cannot be."""
    article_ids = {article_id for article_id, _ in pairs}
    known = {member.user_id for member in queries.analysts_of(project)}
    live = set(queries.live_article_ids(project, article_ids))
    held = {(one.article, one.analyst) for one in queries.places_of(project, article_ids)}
    new = [pair for pair in pairs if pair not in held]
    if any(article_id not in live or analyst_id not in known for article_id, analyst_id in new):
        raise BadProject(
            "An article or analyst is not in the project any more, or has not passed the test that the round asks for; "
            "reload the page."
        )
    return new


def _hand_out(session: Session, project: Project, wanted: list[tuple[int, int, int]], by: Actor) -> None:
    """New work in the running round, as (article, analyst, place in the queue); what was withdrawn is revived, and each
    is told of theirs.
    """
    articles = {article_id for article_id, *_ in wanted}
    withdrawn = {(a.article_id, a.analyst_id): a for a in session.scalars(queries.withdrawn_from(project, articles))}
    added = []
    for article_id, analyst_id, position in wanted:
        if (held := withdrawn.get((article_id, analyst_id))) is not None:
            held.state = AssignmentState.STARTED if held.started_at else AssignmentState.ASSIGNED
            held.position, held.assigned_at = position, now()
            continue
        whose = {"round_id": project.running.id, "article_id": article_id, "analyst_id": analyst_id}
        added.append(whose | {"position": position})
    for first in range(0, len(added), 500):
        session.execute(insert(Assignment), added[first : first + 500])
    for analyst_id, articles_of in _by_analyst(wanted).items():
        tell(session, by, [analyst_id], Happening.ASSIGNED, project.running.id, articles_of)


def _by_analyst(wanted: list[tuple[int, int, int]]) -> dict[int, list[int]]:
    by_analyst: dict[int, list[int]] = {}
    for article_id, analyst_id, _ in wanted:
        by_analyst.setdefault(analyst_id, []).append(article_id)
    return by_analyst


def withdraw(assignment: Assignment, by: Actor) -> None:
    """Take back an assignment on which nobody has begun; its row and key stay. Raises BadProject for others."""
    article_id = assignment.article_id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id == article_id))
        if assignment.state is not AssignmentState.ASSIGNED:
            raise BadProject("Work on it has begun; it stays with its analyst.")
        article = session.get_one(Article, assignment.article_id)
        taken = {"article_id": article.id, "analyst_id": assignment.analyst_id}
        audit(session, by, "assignment withdrawn", project_id=article.project_id, **taken)
        assignment.state = AssignmentState.WITHDRAWN


def withdraw_ticked(project: Project, assignment_ids: Iterable[int], by: Actor) -> int:
    """Take back these; all or none. Returns how many. Raises BadProject where work on one has begun."""
    wanted = sorted(set(assignment_ids))
    with db_write() as session:
        of_work = select(Assignment.article_id).where(Assignment.id.in_(wanted))
        lock_rows(session, select(Article.id).where(Article.id.in_(of_work)).order_by(Article.id))
        works = queries.held_among(project, wanted)
        if len(works) != len(wanted) or any(work.state is not AssignmentState.ASSIGNED for work in works):
            raise BadProject("Work on one of them has begun or was withdrawn; look at the page as it is now.")
        for work in works:
            taken = {"article_id": work.article_id, "analyst_id": work.analyst_id}
            audit(session, by, "assignment withdrawn", project_id=project.id, **taken)
            work.state = AssignmentState.WITHDRAWN
    return len(wanted)


def withdraw_all(project: Project, analyst_id: int, expected: int, by: Actor) -> int:
    """Take back whatever an analyst has not begun. Raises BadProject where that is not `expected` pieces of work."""
    project_id = project.id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.project_id == project_id).order_by(Article.id))
        ids = queries.ids_wanted(project, queries.Wanted(analyst_id, AssignmentState.ASSIGNED))
        if len(ids) != expected:
            raise BadProject(CHANGED)
        withdrawn = queries.work_of_analyst(project, analyst_id, AssignmentState.ASSIGNED)
        session.execute(
            update(Assignment)
            .where(Assignment.id.in_(withdrawn))
            .values(state=AssignmentState.WITHDRAWN)
            .execution_options(synchronize_session=False)
        )
        if ids:
            told = {"analyst_id": analyst_id, "articles": len(ids)}
            audit(session, by, "assignment withdrawn", project_id=project.id, **told)
    return len(ids)


HANDS_OVER = (AssignmentState.ASSIGNED, AssignmentState.STARTED, AssignmentState.RETURNED)
"""Work that can be handed over: what is handed in stays what it is."""


def hand_over(project: Project, from_id: int, to_id: int, expected: int, by: Actor) -> tuple[int, int]:
    """Close an analyst's open work as handed over and give the other person work of their own on the same articles.

    Answers stay on record with whoever gave them, and count if they were handed in. Returns how many pieces of work
    were closed and how many are new: what the other holds already stays as it is. Raises BadProject where there are
    not `expected` pieces of open work, or the other is no analyst of the project.
    """
    project_id = project.id
    if from_id == to_id:
        raise BadProject("Choose somebody else to hand the work over to.")
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.project_id == project_id).order_by(Article.id))
        works = session.scalars(queries.open_work_of(project, from_id, HANDS_OVER)).all()
        if len(works) != expected or not works:
            raise BadProject(CHANGED)
        article_ids = [work.article_id for work in works]
        new = _missing(project, [(article_id, to_id) for article_id in article_ids])
        for work in works:
            work.state = AssignmentState.HANDED_OVER
        last = queries.last_place_in(project)
        _hand_out(session, project, [(*pair, place) for place, pair in enumerate(new, start=last + 1)], by)
        told = {"from_id": from_id, "to_id": to_id, "article_ids": article_ids, "new": len(new)}
        audit(session, by, "handed over", project_id=project_id, **told)
    return len(works), len(new)


def return_work(assignment: Assignment, by: Actor, why: str) -> Submission:
    """Give a submitted article back to its analyst, with a reason; what was handed in stays on record.

    Raises BadProject for one that is not submitted, or without a reason.
    """
    reason = clean_line("reason", why, LONGEST_REASON, BadProject)
    if reason is None:
        raise BadProject("Say why you return it; the analyst reads it.")
    article_id = assignment.article_id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id == article_id))
        if assignment.state is not AssignmentState.SUBMITTED:
            raise BadProject("It is not submitted, so there is nothing to return.")
        if session.scalar(queries.repeat_of(assignment)) is not None:
            raise BadProject("Its analyst does this article once more just now; return it when that is handed in.")
        newest = select(Submission).where(Submission.assignment_id == assignment.id).order_by(Submission.number.desc())
        submission = session.scalars(newest.limit(1)).one()
        submission.returned_at, submission.returned_by_id, submission.returned_why = now(), by.user_id, reason
        assignment.state = AssignmentState.RETURNED
        article = session.get_one(Article, assignment.article_id)
        given = {"article_id": article.id, "analyst_id": assignment.analyst_id}
        audit(session, by, "returned", project_id=article.project_id, **given)
        whose = assignment.analyst_id
        tell(session, by, [whose], Happening.RETURNED, assignment.round_id, [article_id], reason)
        standings.note_change(session, article.project_id)
    return submission
