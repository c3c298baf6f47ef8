"""A shape of a project as the reader may see it: its columns, and its CSV in pieces; nothing goes on record here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_

from webapp import visibility
from webapp.domain.export import Column, csv_of_lines, csv_parts
from webapp.export import (
    articles,
    claims,
    dates,
    evidence,
    gold,
    history,
    long,
    mentions,
    queries,
    ratings,
    reliability,
    sources,
    wide,
)
from webapp.export.counted import Counting
from webapp.merged_sources import merges_seen_by
from webapp.models import Actor, Project, Role
from webapp.review.filters import Filter, filter_from
from webapp.review.queries import choices_in, coders_of

OF_PROJECT: dict[str, Any] = {
    "sources": sources,
    "ratings": ratings,
    "claims": claims,
    "mentions": mentions,
    "evidence": evidence,
    "dates": dates,
    "articles": articles,
}
"""The shapes that belong to no round, each with its columns and parts."""
OF_ROUND = ("wide", "reliability", "recal")
"""The shapes of what the agreement page counts."""
HISTORY = "history"
SHAPES = ("long", HISTORY, "gold", *OF_ROUND, *OF_PROJECT)
FOR_WHO_COMPARES = frozenset({"gold", *OF_ROUND})
"""What the agreement and gold pages show, to supervisors and researchers alone."""
EVERYBODY, COMPARING = tuple(Role), (Role.SUPERVISOR, Role.RESEARCHER)


def roles_for(shape: str) -> tuple[Role, ...]:
    """Who may take it away, as members of the project."""
    return COMPARING if shape in FOR_WHO_COMPARES else EVERYBODY


@dataclass(frozen=True)
class Part:
    """Which part of a shape, and how its cells are written."""

    round_name: str | None = None
    """None: all rounds; in gold and in what the agreement page counts the running one."""
    number_of_pass: int | None = None
    unanswered: bool = False
    guard: bool = False
    bom: bool = False


WHOLE = Part()


@dataclass(frozen=True)
class Table:
    """A table on its way out: its columns, and its CSV in pieces of which none ends within a row."""

    columns: Sequence[Column]
    pieces: Iterator[str]


def table_of(shape: str, project: Project, reader: Actor, part: Part = WHOLE) -> Table:
    """The shape as the reader may see it. Raises NotFound for a round that is not there."""
    if shape == "long":
        return long_table(project, reader, part)
    if shape in OF_ROUND:
        asked_for = {"round": [part.round_name or ""], "pass": [str(part.number_of_pass or "")]}
        wanted = filter_from(asked_for, choices_in(project, coders_of(project), reader, names=False))
        return counted_table(shape, project, reader, wanted, part)
    how = {"bom": part.bom, "guard": part.guard}
    if shape == HISTORY:
        events = history.parts(project, reader, queries.part_of(project, part.round_name, part.number_of_pass))
        return Table(history.COLUMNS, csv_parts(history.COLUMNS, events, **how))
    if shape == "gold":
        settled = gold.parts(project.id, queries.round_id_of(project, part.round_name), reader)
        return Table(gold.COLUMNS, csv_parts(gold.COLUMNS, settled, **how))
    columns = OF_PROJECT[shape].COLUMNS
    return Table(columns, csv_parts(columns, OF_PROJECT[shape].parts(project, reader), **how))


def long_table(project: Project, reader: Actor, part: Part = WHOLE) -> Table:
    """The answers that the reader may see."""
    of_part = queries.part_of(project, part.round_name, part.number_of_pass)
    lines = long.parts(
        project.id,
        and_(visibility.answers_shown_to(reader, project), *of_part),
        only_own=visibility.reads_only_own(reader, project),
        unanswered=part.unanswered,
        guard=part.guard,
        links=visibility.links_visible_to(reader, project).where(*of_part),
        reads_all=visibility.supervises(reader, project.id),
        merges=merges_seen_by(reader, project.id),
        hidden=visibility.is_old_mention(reader),
    )
    return Table(long.COLUMNS, csv_of_lines(long.COLUMNS, lines, bom=part.bom))


def counted_table(shape: str, project: Project, reader: Actor, wanted: Filter, part: Part = WHOLE) -> Table:
    """One of `OF_ROUND`, of the answers that the agreement page counts under a filter."""
    coders = coders_of(project)
    counting = Counting(project, reader, wanted, coders)
    if shape == "recal":
        codes, lines = reliability.recal(counting)
        return Table(tuple(map(wide.column_of, codes)), lines)
    if shape == "wide":
        columns = wide.columns(wanted, coders)
        return Table(columns, csv_of_lines(columns, wide.parts(counting), bom=part.bom))
    lines = reliability.parts(counting, guard=part.guard)
    return Table(reliability.COLUMNS, csv_of_lines(reliability.COLUMNS, lines, bom=part.bom))
