"""How far the work of a project is, from what is kept: by analyst and state, and what waits to be settled."""

from sqlalchemy import func, select

from webapp import visibility
from webapp.db import db
from webapp.models import TAKEN_AWAY, Actor, AssignmentState, Project, StandingCount, StandingState, WorkCount


def work_counts(project: Project) -> list[WorkCount]:
    """What was handed out in the running round, its first pass, by analyst and state, and not withdrawn."""
    return list(
        db.session.scalars(
            select(WorkCount).where(
                WorkCount.round_id == project.running.id,
                WorkCount.pass_ == 1,
                WorkCount.state != AssignmentState.WITHDRAWN,
            )
        )
    )


def number_to_settle(project: Project, reader: Actor) -> int:
    """How many disputed sentences wait for a decision in the running round."""
    query = visibility.standing_counts_visible_to(reader, project).where(
        StandingCount.round_id == project.running.id, StandingCount.state == StandingState.TO_SETTLE
    )
    return db.session.scalar(query.with_only_columns(func.sum(StandingCount.sentences))) or 0


def held_counts(project: Project) -> list[WorkCount]:
    """What of it is still with its analysts."""
    return [row for row in work_counts(project) if row.state not in TAKEN_AWAY]
