"""Which decisions a person reads, and whose first tags."""

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from webapp.domain.adjudication import Method
from webapp.models import (
    TAKEN_AWAY,
    Actor,
    Adjudication,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    FirstTag,
    Project,
    Role,
    Round,
    RoundRule,
    Sentence,
    Standing,
    StandingCount,
    Submission,
    newest_decision_in,
)
from webapp.visibility.articles import has_still_to_submit, may_tag_as
from webapp.visibility.projects import OPEN_ROUNDS, in_projects, supervises, without_index
from webapp.visibility.repeats import does_once_more, is_before_a_repeat


def gold_visible_to(actor: Actor, round_id: int) -> Select[Adjudication]:
    """The newest decisions of a round that the actor reads, on live sentences that are part of their article."""
    return (
        select(Adjudication)
        .select_from(Adjudication)
        .join(Sentence, newest_decision_in(round_id))
        .join(Sentence.article)
        .join(Article.project)
        .where(Sentence.is_counted, Article.is_live, gold_shown_to(actor))
    )


def gold_at_the_desk_of(actor: Actor, round_id: int) -> Select[Adjudication]:
    """Those of them that do not spoil the actor's own judgement: in a blind round on articles handed in before."""
    may_see = or_(Adjudication.round_id.in_(OPEN_ROUNDS), _handed_in(actor))
    return gold_visible_to(actor, round_id).where(may_see, ~does_once_more(actor, Article.id))


def gold_shown_to(actor: Actor) -> ColumnElement[bool]:
    """Which decisions the actor reads, as a condition on Adjudication and its Article.

    All for supervisors, and for researchers but, in a blind round, on an article that they still have to submit
    themselves. For analysts those that a supervisor made, on articles that they may tag, have handed in in the round
    of the decision, and do not have to do in another: before that it would not be their own judgement, and a
    unanimous one would tell what the others said.
    """
    own = aliased(Assignment)
    never_handed_in = (AssignmentState.ASSIGNED, AssignmentState.STARTED)
    still_running = select(Round.id).where(Round.closed_at.is_(None))
    has_to_do = exists().where(
        own.analyst_id == actor.id,
        own.article_id == Article.id,
        own.state.in_(never_handed_in),
        own.round_id.in_(still_running),
    )
    return or_(
        in_projects(actor, Article.project_id, Role.SUPERVISOR),
        and_(
            in_projects(actor, Article.project_id, Role.RESEARCHER),
            ~does_once_more(actor, Article.id),
            or_(Adjudication.round_id.in_(OPEN_ROUNDS), ~has_still_to_submit(actor, Article.id)),
        ),
        and_(
            may_tag_as(actor),
            _handed_in(actor),
            ~has_to_do,
            ~does_once_more(actor, Article.id),
            Adjudication.method == Method.ADJUDICATED,
        ),
    )


def _handed_in(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor handed in the Article in the round of an Adjudication."""
    own = aliased(Assignment)
    return (
        select(own.id)
        .join(Submission, Submission.assignment_id == own.id)
        .where(own.analyst_id == actor.id, own.article_id == Article.id, own.round_id == Adjudication.round_id)
        .exists()
    )


def key_shown_to(actor: Actor, sentence_id: int) -> Select[Adjudication]:
    """What the key says of a sentence, for whoever answered it in a round that trains: never before their own answer,
    and not while they do the article once more.
    """
    answered = (
        select(Assignment.id)
        .join(Annotation, Annotation.assignment_id == Assignment.id)
        .where(
            Assignment.round_id == RoundRule.round_id,
            Assignment.analyst_id == actor.user_id,
            Assignment.state.not_in(TAKEN_AWAY),
            Annotation.sentence_id == Adjudication.sentence_id,
            Annotation.tag.is_not(None),
            Annotation.to_confirm.is_(False),
            ~is_before_a_repeat(actor),
        )
    )
    return (
        select(Adjudication)
        .join(RoundRule, RoundRule.key_round_id == Adjudication.round_id)
        .join(Adjudication.sentence)
        .join(Sentence.article)
        .where(
            Adjudication.sentence_id == sentence_id,
            Adjudication.is_current,
            RoundRule.pass_mark.is_(None),
            Sentence.is_counted,
            Article.is_live,
            in_projects(actor, Article.project_id, Role.ANALYST),
            answered.exists(),
        )
        .order_by(RoundRule.round_id.desc())
        .limit(1)
    )


def standings_visible_to(actor: Actor, project: Project) -> Select[Standing]:
    """Where sentences of the project stand, for who reads everybody's answers: it tells what others said."""
    return select(Standing).where(_of_supervised(actor, project, Standing.round_id))


def standings_by_article(actor: Actor, project: Project) -> Select[Standing]:
    """The same of the running round, for who looks articles up: all of the round would be gone through otherwise."""
    in_round = without_index(Standing.round_id) == project.running.id
    return select(Standing).where(in_round if supervises(actor, project.id) else false())


def standing_counts_visible_to(actor: Actor, project: Project) -> Select[StandingCount]:
    """How many of them stand alike, for the same."""
    counted = _of_supervised(actor, project, StandingCount.round_id)
    return select(StandingCount).where(counted, StandingCount.sentences > 0)


def _of_supervised(actor: Actor, project: Project, round_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    if not supervises(actor, project.id):
        return false()
    return round_id.in_(select(Round.id).where(Round.project_id == project.id))


def first_tags_of(actor: Actor) -> Select[FirstTag]:
    """One's own alone: what another would have said must not sway anybody."""
    return select(FirstTag).where(FirstTag.adjudicator_id == actor.user_id)
