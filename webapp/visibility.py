"""Who may see what, said once: pages, JSON, search and exports all read through these selects."""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, and_, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import aliased, contains_eager

from webapp.db import db, reading
from webapp.domain.adjudication import Method
from webapp.domain.errors import NotFound
from webapp.models import (
    Adjudication,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    CorroborationNote,
    Draft,
    Job,
    Membership,
    Project,
    Role,
    Sentence,
    Submission,
    User,
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


@dataclass(frozen=True)
class SignedIn:
    """The person of a session: what every request asks of them, and no more than that."""

    id: int
    name: str
    is_admin: bool
    single_keys: bool
    session_version: int
    roles: frozenset[Role]
    """Held in any live project: enough to open a kind of page, not a row on it."""

    # What Flask-Login asks of a person.
    is_active = True
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        return f"{self.id}:{self.session_version}"


def active_person(user_id: int) -> SignedIn | None:
    """The active person of that number with their roles, read in one statement."""
    rows = _SIGNED_IN.run(reading(), user_id=user_id)
    if not rows:
        return None
    roles = frozenset(role for row in rows for role, is_held in zip(HELD, row[5:], strict=True) if is_held)
    return SignedIn(*(*rows[0][:5], roles))


def memberships_of(user: User) -> list[Membership]:
    """The person's memberships in live projects, projects loaded, oldest first."""
    return list(
        db.session.scalars(
            select(Membership)
            .join(Membership.project)
            .options(contains_eager(Membership.project))
            .where(Membership.user_id == user.id, Project.trashed_at.is_(None))
            .order_by(Project.id)
        )
    )


def projects_where(user: User, *roles: Role) -> Select[int]:
    """Ids of the live projects in which the person has one of these roles."""
    return _projects_where(user.id, *roles)


def _projects_where(user_id: UserId, *roles: Role) -> Select[int]:
    return (
        select(Membership.project_id)
        .join(Membership.project)
        .where(
            Membership.user_id == user_id,
            Project.trashed_at.is_(None),
            or_(false(), *(HELD[role] for role in roles)),
        )
    )


def articles_visible_to(user: User) -> Select[Article]:
    """Live articles: all for supervisors and researchers; for analysts all of an open project, else their own."""
    everything = Article.project_id.in_(projects_where(user, Role.SUPERVISOR, Role.RESEARCHER))
    return _articles(or_(everything, may_tag(user.id))).where(Article.trashed_at.is_(None))


def articles_to_tag(user: User) -> Select[Article]:
    """Those of the visible articles on which the person may work as an analyst."""
    return _articles(may_tag(user.id)).where(Article.trashed_at.is_(None))


def _articles(condition: ColumnElement[bool]) -> Select[Article]:
    return select(Article).join(Article.project).options(contains_eager(Article.project)).where(condition)


def may_tag(user_id: UserId) -> ColumnElement[bool]:
    """Whether the person may work on an article as an analyst, as a condition on Article and its Project."""
    assigned = select(Assignment.article_id).where(Assignment.analyst_id == user_id)
    return and_(
        Article.project_id.in_(_projects_where(user_id, Role.ANALYST)),
        or_(Project.is_blind.is_(False), Article.id.in_(assigned)),
    )


def answers_shown_to(user: User | None, project: Project) -> ColumnElement[bool]:
    """Whose answers the person reads, as a condition on Assignment (and its Article).

    Everybody's for a supervisor and for the machine's own shell (None). For a researcher what was
    submitted; but in a blind project nothing on an article that they still have to submit themselves.
    For others their own.
    """
    if user is None or _has_role(user, project, Role.SUPERVISOR):
        return true()
    own = Assignment.analyst_id == user.id
    if not _has_role(user, project, Role.RESEARCHER):
        return own
    submitted = Assignment.state == AssignmentState.SUBMITTED
    if project.is_blind:
        submitted = and_(submitted, Assignment.article_id.not_in(_still_to_submit(user)))
    return or_(own, submitted)


def reads_only_own(user: User | None, project: Project) -> bool:
    """Whether the person reads nobody's answers but their own in this project."""
    roles = (Role.SUPERVISOR, Role.RESEARCHER)
    return user is not None and not any(_has_role(user, project, role) for role in roles)


def _still_to_submit(user: User) -> Select[int]:
    mine = aliased(Assignment)
    return select(mine.article_id).where(mine.analyst_id == user.id, mine.state != AssignmentState.SUBMITTED)


def _has_role(user: User, project: Project, role: Role) -> bool:
    held = projects_where(user, role).where(Membership.project_id == project.id)
    return db.session.scalar(held) is not None


def annotations_visible_to(user: User, project: Project) -> Select[Annotation]:
    """Current answers of a project that the person reads."""
    return (
        select(Annotation)
        .join(Annotation.sentence)
        .join(Sentence.article)
        .join(
            Assignment,
            and_(Assignment.article_id == Article.id, Assignment.analyst_id == Annotation.analyst_id),
        )
        .where(
            Annotation.is_current,
            Article.project_id == project.id,
            Article.trashed_at.is_(None),
            answers_shown_to(user, project),
        )
    )


def supervises(user: User, article: Article) -> bool:
    """Whether the person is a supervisor of the article's project."""
    supervised = projects_where(user, Role.SUPERVISOR).where(Membership.project_id == article.project_id)
    return db.session.scalar(supervised) is not None


def notes_visible_to(user: User) -> Select[CorroborationNote]:
    """Current notes: one's own, everybody's where one supervises, and submitted ones where one researches.

    In a blind project a researcher reads none on an article that they still have to submit themselves.
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
            Article.trashed_at.is_(None),
            or_(
                CorroborationNote.author_id == user.id,
                Article.project_id.in_(projects_where(user, Role.SUPERVISOR)),
                and_(
                    Article.project_id.in_(projects_where(user, Role.RESEARCHER)),
                    handed_in,
                    or_(Project.is_blind.is_(False), Article.id.not_in(_still_to_submit(user))),
                ),
            ),
        )
    )


def gold_visible_to(user: User) -> Select[Adjudication]:
    """The newest decisions on live sentences: all for supervisors and researchers.

    For analysts those that a supervisor made, on articles that they may tag and have handed in: before that
    it would not be their own judgement, and a unanimous one would tell what the others said.
    """
    later = aliased(Adjudication)
    handed_in = select(Assignment.article_id).join(Submission).where(Assignment.analyst_id == user.id)
    return (
        select(Adjudication)
        .join(Adjudication.sentence)
        .join(Sentence.article)
        .join(Article.project)
        .where(
            ~exists().where(later.sentence_id == Adjudication.sentence_id, later.version > Adjudication.version),
            Sentence.retired_in.is_(None),
            Article.trashed_at.is_(None),
            or_(
                Article.project_id.in_(projects_where(user, Role.SUPERVISOR, Role.RESEARCHER)),
                and_(may_tag(user.id), Article.id.in_(handed_in), Adjudication.method == Method.ADJUDICATED),
            ),
        )
    )


# ---- one row, or NotFound


def article_for(user: User, article_id: int) -> Article:
    """The article, if the person may read it. Raises NotFound."""
    return _one(articles_visible_to(user).where(Article.id == article_id), "article")


def article_to_tag(user: User, article_id: int) -> Article:
    """The article, if the person may work on it as an analyst. Raises NotFound."""
    return _one(articles_to_tag(user).where(Article.id == article_id), "article")


def sentence_to_tag(user: User, sentence_id: int) -> Sentence:
    """The live sentence with its article, if the person may answer it. Raises NotFound; Gone for one in the trash."""
    require_sentence_to_tag(user, sentence_id)
    return db.session.scalars(
        select(Sentence)
        .join(Sentence.article)
        .join(Article.project)
        .options(contains_eager(Sentence.article).contains_eager(Article.project))
        .where(Sentence.id == sentence_id)
    ).one()


def require_sentence_to_tag(user: User, sentence_id: int) -> None:
    """Only the question whether the person may answer this sentence. Raises NotFound; Gone for one in the trash."""
    found = db.session.connection().execute(_MAY_ANSWER, {"sentence_id": sentence_id, "user_id": user.id}).one_or_none()
    if found is None:
        raise NotFound("There is no such sentence, or it is not shared with you, or it was split or merged meanwhile.")
    if found.trashed_at is not None:
        raise Gone("The article lies in the trash and takes no more answers or notes. Ask a supervisor to restore it.")


def article_to_supervise(user: User, article_id: int) -> Article:
    """The article, if the person supervises its project. Raises NotFound."""
    supervised = Article.project_id.in_(projects_where(user, Role.SUPERVISOR))
    return _one(_articles(supervised).where(Article.id == article_id, Article.trashed_at.is_(None)), "article")


def article_to_restore(user: User, article_id: int) -> Article:
    """The article in the trash, if the person supervises its project. Raises NotFound."""
    supervised = Article.project_id.in_(projects_where(user, Role.SUPERVISOR))
    return _one(_articles(supervised).where(Article.id == article_id, Article.trashed_at.is_not(None)), "article")


def sentence_to_repair(user: User, sentence_id: int) -> Sentence:
    """The live sentence, if the person supervises its project. Raises NotFound."""
    sentence = _one(select(Sentence).where(Sentence.id == sentence_id, Sentence.retired_in.is_(None)), "sentence")
    article_to_supervise(user, sentence.article_id)
    return sentence


def jobs_visible_to(user: User) -> Select[Job]:
    """Long work in the projects that the person supervises."""
    return select(Job).where(Job.project_id.in_(projects_where(user, Role.SUPERVISOR)))


def job_for(user: User, job_id: int) -> Job:
    """Raises NotFound."""
    return _one(jobs_visible_to(user).where(Job.id == job_id), "import")


def sentence_to_adjudicate(user: User, sentence_id: int) -> Sentence:
    """The live sentence, if the person supervises its project. Raises NotFound."""
    return sentence_to_repair(user, sentence_id)


def draft_for(user: User, draft_id: int) -> Draft:
    """The person's own draft, while they supervise its project. Raises NotFound."""
    supervised = Draft.project_id.in_(projects_where(user, Role.SUPERVISOR))
    return _one(select(Draft).where(Draft.id == draft_id, Draft.user_id == user.id, supervised), "draft")


def project_for(user: User, project_id: int, *roles: Role) -> Project:
    """The live project, if the person has one of the roles in it (any role when none is named). Raises NotFound."""
    allowed = projects_where(user, *(roles or tuple(Role)))
    return _one(select(Project).where(Project.id == project_id, Project.id.in_(allowed)), "project")


def project_to_manage(user: User, project_id: int) -> Project:
    """The project, for an admin (also from the trash) or its supervisor: settings and members, not content."""
    query = select(Project).where(Project.id == project_id)
    if not user.is_admin:
        query = query.where(Project.id.in_(projects_where(user, Role.SUPERVISOR)))
    return _one(query, "project")


def _one(query: Select[Row], noun: str) -> Row:
    row = db.session.scalar(query)
    if row is None:
        raise NotFound(f"There is no such {noun}, or it is not shared with you.")
    return row


def project_named(name: str | None) -> Project | None:
    """For the machine's own shell, which sees all: the live project of that name, or the first one."""
    query = select(Project).where(Project.trashed_at.is_(None)).order_by(Project.id).limit(1)
    return db.session.scalar(query.where(Project.name == name) if name else query)


# Asked with every request, and the other with much of what the desk asks: they are built once.
_SIGNED_IN = Prepared(
    select(User.id, User.name, User.is_admin, User.single_keys, User.session_version, *HELD.values())
    .outerjoin(
        Membership,
        and_(
            Membership.user_id == User.id,
            Membership.project_id.in_(select(Project.id).where(Project.trashed_at.is_(None))),
        ),
    )
    .where(User.id == bindparam("user_id"), User.deactivated_at.is_(None))
)
_MAY_ANSWER = (
    select(Article.trashed_at)
    .select_from(Sentence)
    .join(Sentence.article)
    .join(Article.project)
    .where(
        Sentence.id == bindparam("sentence_id"),
        Sentence.retired_in.is_(None),
        may_tag(bindparam("user_id", type_=Integer)),
    )
)
