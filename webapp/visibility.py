"""Who may see what, said once: pages, JSON, search and exports all read through these selects."""

from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    exists,
    false,
    null,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased, contains_eager

from webapp.db import current_connection, db, now
from webapp.domain.adjudication import Method
from webapp.domain.errors import NotFound
from webapp.domain.tokens import hash_of
from webapp.models import (
    Actor,
    Adjudication,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    AuditEvent,
    CorroborationNote,
    Draft,
    FirstTag,
    Job,
    Membership,
    Project,
    Role,
    Round,
    Sentence,
    SessionKind,
    Submission,
    User,
    UserSession,
    Via,
    is_held,
    newest_decision_in,
)
from webapp.models.conflicts import Gone
from webapp.prepared import Prepared

Row = TypeVar("Row")

HELD = {
    Role.ANALYST: Membership.is_analyst,
    Role.SUPERVISOR: Membership.is_supervisor,
    Role.RESEARCHER: Membership.is_researcher,
}

UserId = int | BindParameter[int]


# ---- who reads


@dataclass(frozen=True)
class Visit:
    """What one statement tells of an active person: who acts, and what a session and its pages ask besides."""

    actor: Actor
    single_keys: bool
    session_id: int | None
    """The session in which they came, if they did."""


def visit_by(token: str) -> Visit | None:
    """Whoever is signed in on the device that holds this token, read with their roles in one statement."""
    return _visit(_VISIT_BY_TOKEN.run(current_connection(), token_sha256=hash_of(token), now=now()), Via.SESSION)


def visit_of(user_id: int, via: Via = Via.SESSION) -> Visit | None:
    """The active person of that number with their roles, read in one statement."""
    return _visit(_VISIT.run(current_connection(), user_id=user_id), via)


def _visit(rows: list[tuple[Any, ...]], via: Via) -> Visit | None:
    """What the rows tell, one for each project; None when there are none."""
    if not rows:
        return None
    session_id, user_id, name, is_admin, single_keys, *_ = rows[0]
    roles = {
        project_id: frozenset(role for role, is_held in zip(HELD, held, strict=True) if is_held)
        for _, _, _, _, _, project_id, *held in rows
        if project_id is not None
    }
    return Visit(Actor(user_id, name, is_admin, roles, via), single_keys, session_id)


def actor_for(user: User, via: Via) -> Actor:
    """The person as somebody who acts. Raises NotFound for a deactivated one."""
    visit = visit_of(user.id, via)
    if visit is None:
        raise NotFound(f"“{user.name}” is deactivated.")
    return visit.actor


def devices_of(actor: Actor) -> list[UserSession]:
    """The devices on which the person is signed in, the one signed in last first."""
    return list(db.session.scalars(_devices_of(actor).order_by(UserSession.id.desc())))


def device_of(actor: Actor, key: UUID) -> UserSession:
    return _one(_devices_of(actor).where(UserSession.key == key), "device")


def _devices_of(actor: Actor) -> Select[UserSession]:
    return select(UserSession).where(
        UserSession.user_id == actor.user_id,
        UserSession.kind == SessionKind.DEVICE,
        UserSession.ended_at.is_(None),
        UserSession.expires_at > now(),
    )


def memberships_of(actor: Actor) -> list[Membership]:
    """The person's memberships in live projects, projects loaded, oldest first."""
    return list(
        db.session.scalars(
            select(Membership)
            .join(Membership.project)
            .options(contains_eager(Membership.project))
            .where(Membership.user_id == actor.user_id, Project.is_live)
            .order_by(Project.id)
        )
    )


def projects_where(actor: Actor, *roles: Role) -> ColumnElement[bool]:
    """Whether it is a live project in which the actor has one of these roles, as a condition on Project."""
    return and_(Project.is_live, _in_projects(actor, Project.id, *roles))


def _in_projects(actor: Actor, project_id: SQLColumnExpression[int], *roles: Role) -> ColumnElement[bool]:
    return true() if actor.reads_all else project_id.in_(actor.projects(*roles))


# ---- articles


def articles_visible_to(actor: Actor) -> Select[Article]:
    """Live articles: all for supervisors and researchers; for analysts all of an open project, else their own."""
    everything = _in_projects(actor, Article.project_id, Role.SUPERVISOR, Role.RESEARCHER)
    in_open_project = and_(_in_projects(actor, Article.project_id, Role.ANALYST), Article.project_id.in_(_OPEN))
    return _articles(or_(everything, in_open_project, _may_tag(actor))).where(Article.is_live)


def articles_to_tag(actor: Actor) -> Select[Article]:
    """Those of the visible articles on which the person may work as an analyst."""
    return _articles(_may_tag(actor)).where(Article.is_live)


def _articles(condition: ColumnElement[bool]) -> Select[Article]:
    return select(Article).join(Article.project).options(contains_eager(Article.project)).where(condition)


def _may_tag(actor: Actor) -> ColumnElement[bool]:
    return false() if actor.id is None else may_tag(actor.id)


def may_tag(user_id: UserId) -> ColumnElement[bool]:
    """Whether the person may work on an article as an analyst, as a condition on Article.

    In an open project on all but what was withdrawn from them, in a blind one on what was handed to them.
    """
    own = select(Assignment.article_id).where(Assignment.analyst_id == user_id)
    return and_(
        is_analyst_of(user_id),
        or_(
            and_(Article.project_id.in_(_OPEN), Article.id.not_in(own.where(~is_held()))),
            Article.id.in_(own.where(is_held())),
        ),
    )


def is_analyst_of(user_id: UserId) -> ColumnElement[bool]:
    """Whether the person is an analyst of the live project of an Article."""
    return Article.project_id.in_(
        select(Membership.project_id)
        .join(Membership.project)
        .where(Membership.user_id == user_id, Project.is_live, Membership.is_analyst)
    )


_OPEN = select(Round.project_id).where(Round.closed_at.is_(None), Round.is_blind.is_(False))
"""The projects whose running round is not blind."""
_OPEN_ROUNDS = select(Round.id).where(Round.is_blind.is_(False))


# ---- answers


def answers_shown_to(actor: Actor, project: Project) -> ColumnElement[bool]:
    """Whose answers the actor reads, as a condition on Assignment (and its Article).

    Everybody's for a supervisor and for the machine's own shell. For a researcher what was submitted; but in
    a blind project nothing on an article that they still have to submit themselves. For others their own.
    """
    if supervises(actor, project.id):
        return true()
    own = Assignment.analyst_id == actor.id
    if not actor.has(project.id, Role.RESEARCHER):
        return own
    submitted = Assignment.state == AssignmentState.SUBMITTED
    return or_(own, and_(submitted, _open_to(actor)))


def judgements_shown_to(actor: Actor, project: Project) -> ColumnElement[bool]:
    """Whose handed-in answers the actor reads, as a condition on Assignment: what figures are made of.

    As with answers: all for a supervisor and the shell; for a researcher all but, in a blind project, those to
    an article that they still have to submit themselves; for others their own.
    """
    if supervises(actor, project.id):
        return true()
    own = Assignment.analyst_id == actor.id
    return or_(own, _open_to(actor)) if actor.has(project.id, Role.RESEARCHER) else own


def reads_only_own(actor: Actor, project: Project) -> bool:
    """Whether the actor reads nobody's answers but their own in this project."""
    return not (supervises(actor, project.id) or actor.has(project.id, Role.RESEARCHER))


def supervises(actor: Actor, project_id: int) -> bool:
    """Whether the actor reads all of the project: its supervisor, or the machine's own shell."""
    return actor.reads_all or actor.has(project_id, Role.SUPERVISOR)


def _open_to(actor: Actor) -> ColumnElement[bool]:
    """Whether others' work on the article of an Assignment may be read without spoiling one's own."""
    return or_(Assignment.round_id.in_(_OPEN_ROUNDS), Assignment.article_id.not_in(_still_to_submit(actor)))


def _is_open_to(actor: Actor) -> ColumnElement[bool]:
    """The same as a condition on Article."""
    return or_(Article.project_id.in_(_OPEN), Article.id.not_in(_still_to_submit(actor)))


def _still_to_submit(actor: Actor) -> Select[int]:
    mine = aliased(Assignment)
    done = (AssignmentState.SUBMITTED, AssignmentState.WITHDRAWN)
    return select(mine.article_id).where(mine.analyst_id == actor.id, mine.state.not_in(done))


def annotations_visible_to(actor: Actor, project: Project) -> Select[Annotation]:
    """Current answers of a project that the person reads."""
    return (
        select(Annotation)
        .join(Annotation.sentence)
        .join(Sentence.article)
        .join(Annotation.assignment)
        .where(
            Annotation.is_current,
            is_held(),
            Article.project_id == project.id,
            Article.is_live,
            answers_shown_to(actor, project),
        )
    )


def notes_visible_to(actor: Actor) -> Select[CorroborationNote]:
    """Current notes, as the desk shows them: one's own; where one supervises everybody's, where one researches those
    of submitted articles. In a blind project only one's own on an article that one still has to submit.
    """
    handed_in = exists().where(
        Assignment.article_id == Article.id,
        Assignment.analyst_id == CorroborationNote.author_id,
        Assignment.state == AssignmentState.SUBMITTED,
    )
    return (
        select(CorroborationNote)
        .join(CorroborationNote.sentence)
        .join(Sentence.article)
        .join(Article.project)
        .where(
            CorroborationNote.is_current,
            Article.is_live,
            or_(
                CorroborationNote.author_id == actor.id,
                and_(
                    _is_open_to(actor),
                    or_(
                        _in_projects(actor, Article.project_id, Role.SUPERVISOR),
                        and_(_in_projects(actor, Article.project_id, Role.RESEARCHER), handed_in),
                    ),
                ),
            ),
        )
    )


def gold_visible_to(actor: Actor, round_id: int) -> Select[Adjudication]:
    """The newest decisions of a round on live sentences that the actor reads."""
    return (
        select(Adjudication)
        .select_from(Adjudication)
        .join(Sentence, newest_decision_in(round_id))
        .join(Sentence.article)
        .join(Article.project)
        .where(Sentence.is_live, Article.is_live, gold_shown_to(actor))
    )


def first_tags_of(actor: Actor) -> Select[FirstTag]:
    """One's own alone: what another would have said must not sway anybody."""
    return select(FirstTag).where(FirstTag.adjudicator_id == actor.user_id)


def gold_at_the_desk_of(actor: Actor, round_id: int) -> Select[Adjudication]:
    """Those of them that do not spoil the actor's own judgement: in a blind round on articles handed in before."""
    may_see = or_(Adjudication.round_id.in_(_OPEN_ROUNDS), _handed_in(actor))
    return gold_visible_to(actor, round_id).where(may_see)


def gold_shown_to(actor: Actor) -> ColumnElement[bool]:
    """Which decisions the actor reads, as a condition on Adjudication and its Article.

    All for supervisors, and for researchers but, in a blind round, on an article that they still have to submit
    themselves. For analysts those that a supervisor made, on articles that they may tag, have handed in in the round
    of the decision, and do not have to do in another: before that it would not be their own judgement, and a
    unanimous one would tell what the others said.
    """
    own = aliased(Assignment)
    never_handed_in = (AssignmentState.ASSIGNED, AssignmentState.STARTED)
    to_do = select(own.article_id).where(own.analyst_id == actor.id, own.state.in_(never_handed_in))
    return or_(
        _in_projects(actor, Article.project_id, Role.SUPERVISOR),
        and_(
            _in_projects(actor, Article.project_id, Role.RESEARCHER),
            or_(Adjudication.round_id.in_(_OPEN_ROUNDS), Article.id.not_in(_still_to_submit(actor))),
        ),
        and_(
            _may_tag(actor),
            _handed_in(actor),
            Article.id.not_in(to_do),
            Adjudication.method == Method.ADJUDICATED,
        ),
    )


def _handed_in(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor handed in the Article in the round of an Adjudication."""
    own = aliased(Assignment)
    return tuple_(Article.id, Adjudication.round_id).in_(
        select(own.article_id, own.round_id)
        .join(Submission, Submission.assignment_id == own.id)
        .where(own.analyst_id == actor.id)
    )


# ---- one row, or NotFound


def article_for(actor: Actor, article_id: int) -> Article:
    """The article, if the person may read it. Raises NotFound."""
    return _one(articles_visible_to(actor).where(Article.id == article_id), "article")


def article_to_tag(actor: Actor, article_id: int) -> Article:
    """The article, if the person may work on it as an analyst. Raises NotFound."""
    return _one(articles_to_tag(actor).where(Article.id == article_id), "article")


def sentence_to_tag(actor: Actor, sentence_id: int) -> Sentence:
    """The live sentence with its article, if the person may answer it. Raises NotFound; Gone for one in the trash."""
    require_sentence_to_tag(actor, sentence_id)
    return db.session.scalars(
        select(Sentence)
        .join(Sentence.article)
        .join(Article.project)
        .options(contains_eager(Sentence.article).contains_eager(Article.project))
        .where(Sentence.id == sentence_id)
    ).one()


def require_sentence_to_tag(actor: Actor, sentence_id: int) -> None:
    """Only the question whether the person may answer this sentence. Raises NotFound; Gone for one in the trash."""
    found = (
        db.session.connection()
        .execute(_MAY_ANSWER, {"sentence_id": sentence_id, "user_id": actor.user_id})
        .one_or_none()
    )
    if found is None:
        raise NotFound("There is no such sentence, or it is not shared with you, or it was split or merged meanwhile.")
    if not found.is_live:
        raise Gone


def article_to_supervise(actor: Actor, article_id: int) -> Article:
    """The article, if the person supervises its project. Raises NotFound."""
    supervised = _in_projects(actor, Article.project_id, Role.SUPERVISOR)
    return _one(_articles(supervised).where(Article.id == article_id, Article.is_live), "article")


def article_to_restore(actor: Actor, article_id: int) -> Article:
    """The article in the trash, if the person supervises its project. Raises NotFound."""
    supervised = _in_projects(actor, Article.project_id, Role.SUPERVISOR)
    return _one(_articles(supervised).where(Article.id == article_id, ~Article.is_live), "article")


def sentence_to_repair(actor: Actor, sentence_id: int) -> Sentence:
    """The live sentence, if the person supervises its project. Raises NotFound."""
    sentence = _one(select(Sentence).where(Sentence.id == sentence_id, Sentence.is_live), "sentence")
    article_to_supervise(actor, sentence.article_id)
    return sentence


def jobs_visible_to(actor: Actor) -> Select[Job]:
    """Long work in the projects that the person supervises."""
    return select(Job).where(_in_projects(actor, Job.project_id, Role.SUPERVISOR))


def events_visible_to(actor: Actor) -> Select[AuditEvent]:
    """What happened, for admins and the machine's own shell."""
    return select(AuditEvent).where(true() if actor.is_admin else false())


def job_for(actor: Actor, job_id: int) -> Job:
    """Raises NotFound."""
    return _one(jobs_visible_to(actor).where(Job.id == job_id), "import")


def sentence_to_adjudicate(actor: Actor, sentence_id: int) -> Sentence:
    """The live sentence, if the person supervises its project. Raises NotFound."""
    return sentence_to_repair(actor, sentence_id)


def draft_for(actor: Actor, draft_id: int) -> Draft:
    """The person's own draft, while they supervise its project. Raises NotFound."""
    supervised = _in_projects(actor, Draft.project_id, Role.SUPERVISOR)
    return _one(select(Draft).where(Draft.id == draft_id, Draft.user_id == actor.id, supervised), "draft")


def project_for(actor: Actor, project_id: int, *roles: Role) -> Project:
    """The live project, if the person has one of the roles in it (any role when none is named). Raises NotFound."""
    allowed = projects_where(actor, *(roles or tuple(Role)))
    return _one(select(Project).where(Project.id == project_id, allowed), "project")


def project_to_manage(actor: Actor, project_id: int) -> Project:
    """The project, for an admin (also from the trash) or its supervisor: settings and members, not content."""
    query = select(Project).where(Project.id == project_id)
    if not actor.is_admin:
        query = query.where(_in_projects(actor, Project.id, Role.SUPERVISOR))
    return _one(query, "project")


def _one(query: Select[Row], noun: str) -> Row:
    row = db.session.scalar(query)
    if row is None:
        raise NotFound(f"There is no such {noun}, or it is not shared with you.")
    return row


def project_named(name: str | None) -> Project | None:
    """For the machine's own shell, which sees all: the live project of that name, or the first one."""
    query = select(Project).where(Project.is_live).order_by(Project.id).limit(1)
    return db.session.scalar(query.where(Project.name == name) if name else query)


# Asked with every request, and the other with much of what the desk asks: they are built once.
_PERSON = (User.id, User.name, User.is_admin, User.single_keys, Membership.project_id, *HELD.values())
_ROLES = and_(
    Membership.user_id == User.id,
    Membership.project_id.in_(select(Project.id).where(Project.is_live)),
)
_VISIT = Prepared(
    select(null(), *_PERSON)
    .select_from(User)
    .outerjoin(Membership, _ROLES)
    .where(User.id == bindparam("user_id"), User.deactivated_at.is_(None))
)
_VISIT_BY_TOKEN = Prepared(
    select(UserSession.id, *_PERSON)
    .select_from(UserSession)
    .join(User, User.id == UserSession.user_id)
    .outerjoin(Membership, _ROLES)
    .where(
        UserSession.token_sha256 == bindparam("token_sha256"),
        UserSession.kind == SessionKind.DEVICE,
        UserSession.ended_at.is_(None),
        # The time of the last use is not asked: a clock that was set back signs nobody out.
        UserSession.expires_at > bindparam("now"),
        User.deactivated_at.is_(None),
    )
)
_MAY_ANSWER = (
    select(Article.is_live.label("is_live"))
    .select_from(Sentence)
    .join(Sentence.article)
    .join(Article.project)
    .where(
        Sentence.id == bindparam("sentence_id"),
        Sentence.is_live,
        may_tag(bindparam("user_id", type_=Integer)),
    )
)
