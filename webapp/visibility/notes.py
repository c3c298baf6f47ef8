"""Whose notes a person reads."""

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from webapp.models import Actor, Article, Assessment, Assignment, AssignmentState, Role, Sentence
from webapp.visibility.articles import still_to_submit
from webapp.visibility.projects import OPEN, in_projects


def notes_visible_to(actor: Actor) -> Select[Assessment]:
    """Current notes, as the desk shows them: one's own; where one supervises everybody's, where one researches those
    of submitted articles. In a blind project only one's own on an article that one still has to submit.
    """
    handed_in = exists().where(
        Assignment.article_id == Article.id,
        Assignment.analyst_id == Assessment.author_id,
        Assignment.state == AssignmentState.SUBMITTED,
    )
    return (
        select(Assessment)
        .join(Assessment.sentence)
        .join(Sentence.article)
        .join(Article.project)
        .where(
            Assessment.is_current,
            Article.is_live,
            or_(
                Assessment.author_id == actor.id,
                and_(
                    _is_open_to(actor),
                    or_(
                        in_projects(actor, Article.project_id, Role.SUPERVISOR),
                        and_(in_projects(actor, Article.project_id, Role.RESEARCHER), handed_in),
                    ),
                ),
            ),
        )
    )


def _is_open_to(actor: Actor) -> ColumnElement[bool]:
    """Whether others' notes on an Article may be read without spoiling one's own work."""
    return or_(Article.project_id.in_(OPEN), Article.id.not_in(still_to_submit(actor)))
