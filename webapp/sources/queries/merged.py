"""Which entries are one, as a table to join, and as groups around the entry that stands for them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, Subquery, func, select

from webapp import visibility
from webapp.domain.merges import root_of
from webapp.models import Actor, Project, Source, SourceMerge


def merged_into(reader: Actor, project: Project) -> Subquery:
    """A row for each merged entry of the project that the reader knows as one, with the entry that stands for it."""
    seen = visibility.merges_visible_to(reader).where(visibility.without_index(Source.project_id) == project.id)
    merges = seen.with_only_columns(SourceMerge.source_id, SourceMerge.into_id).cte("merges")
    steps = select(merges.c.source_id, merges.c.into_id.label("root_id")).cte("steps", recursive=True)
    steps = steps.union(select(steps.c.source_id, merges.c.into_id).join(merges, merges.c.source_id == steps.c.root_id))
    ends = steps.c.root_id.not_in(select(merges.c.source_id))
    return select(steps.c.source_id, steps.c.root_id).where(ends).subquery("merged")


def root_column(source_id: SQLColumnExpression[Any], merged: Subquery) -> ColumnElement[Any]:
    """The entry that stands for a source, in a query outer-joined with `merged` on it."""
    return func.coalesce(merged.c.root_id, source_id)


def groups_of(merges: Mapping[UUID, UUID]) -> dict[UUID, list[UUID]]:
    """The doubles of each entry that has any, also those merged into another double first."""
    groups: dict[UUID, list[UUID]] = {}
    for source_id in merges:
        groups.setdefault(root_of(source_id, merges), []).append(source_id)
    return groups
