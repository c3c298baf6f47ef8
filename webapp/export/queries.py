"""Reads for the page of exports: what there is to take away."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select

from webapp import visibility
from webapp.db import db
from webapp.domain.errors import NotFound
from webapp.domain.plain_text import storable
from webapp.models import (
    Actor,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    Claim,
    ClaimWording,
    Project,
    Round,
    Sentence,
    Source,
    WorkCount,
)


def exportable_rows(reader: Actor, project: Project) -> int:
    """How many answers the person's export of the running round, its first pass, holds."""
    kept = select(func.sum(WorkCount.answered)).where(
        WorkCount.round_id == project.running.id,
        WorkCount.pass_ == 1,
        WorkCount.state != AssignmentState.WITHDRAWN,
    )
    is_own = WorkCount.analyst_id == reader.id
    if visibility.supervises(reader, project.id):
        return db.session.scalar(kept) or 0
    if visibility.reads_own_work_alone(reader, project):
        return db.session.scalar(kept.where(is_own)) or 0
    if visibility.sees_all_that_counts(reader, project, project.running):
        return db.session.scalar(kept.where(or_(is_own, WorkCount.state == AssignmentState.SUBMITTED))) or 0
    visible = (
        visibility.annotations_visible_to(reader, project)
        .where(*part_of(project, project.running.name, 1))
        .where(Annotation.tag.is_not(None), Sentence.is_live)
        .with_only_columns(func.count())
    )
    return db.session.scalar(visible) or 0


def exportable_sources(reader: Actor, project: Project) -> int:
    """How many entries of the project's registry the person sees."""
    visible = visibility.sources_visible_to(reader).where(Source.project_id == project.id)
    return db.session.scalar(visible.with_only_columns(func.count(Source.id), maintain_column_froms=True)) or 0


def round_id_of(project: Project, round_name: str | None) -> int:
    """The id of the round of that name, or of the running one. Raises NotFound for a name that is not there."""
    if round_name is None:
        return project.running.id
    round_id = db.session.scalar(
        select(Round.id).where(Round.project_id == project.id, Round.name == storable(round_name))
    )
    if round_id is None:
        raise NotFound(f"There is no round “{round_name[:60]}” in this project.")
    return round_id


def part_of(project: Project, round_name: str | None, number_of_pass: int | None) -> list[ColumnElement[bool]]:
    """The conditions on Assignment for a round and a pass; None: all of them. Raises NotFound for no such round."""
    conditions = []
    if round_name is not None:
        conditions.append(Assignment.round_id == round_id_of(project, round_name))
    if number_of_pass is not None:
        conditions.append(Assignment.pass_ == number_of_pass)
    return conditions


def numbers_of(project: Project, article_ids: Sequence[int]) -> tuple[str, ...]:
    """The numbers, as exports tell them, of those of these articles that the project holds."""
    number = func.coalesce(Article.number, Article.id)
    held = select(number).where(Article.project_id == project.id, Article.is_live, Article.id.in_(article_ids))
    return tuple(map(str, db.session.scalars(held.order_by(Article.id))))


def exportable_claims(reader: Actor, project: Project) -> int:
    """How many claims of the project the reader sees."""
    visible = visibility.claims_visible_to(reader).where(Claim.project_id == project.id)
    return db.session.scalar(visible.with_only_columns(func.count())) or 0


def is_any_claim_settled(reader: Actor, project: Project) -> bool:
    """Whether the reader sees any settled claim of the project that was not withdrawn since."""
    there = visibility.wordings_visible_to(reader).where(ClaimWording.withdrawn_why.is_(None))
    settled = visibility.settlements_visible_to(reader).where(
        Claim.project_id == project.id, Claim.id.in_(there.with_only_columns(ClaimWording.claim_id))
    )
    return bool(db.session.scalar(select(settled.exists())))
