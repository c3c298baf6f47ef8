"""Taking annotations away, on record."""

from collections.abc import Iterator, Sequence
from typing import IO, Any

from sqlalchemy import and_

from webapp import visibility
from webapp.db import db_write
from webapp.domain.export import chosen, csv_of_lines, csv_parts
from webapp.export import (
    articles,
    claims,
    dates,
    evidence,
    gold,
    long,
    mentions,
    package,
    profiles,
    queries,
    ratings,
    reliability,
    sources,
    wide,
)
from webapp.merged_sources import merges_seen_by
from webapp.models import Actor, Article, Project, audit
from webapp.profiles.columns import Told
from webapp.profiles.queries import profile_of
from webapp.review.filters import Filter
from webapp.review.statistics import Coder


def export_long_csv(
    project: Project,
    reader: Actor,
    round_name: str | None = None,
    number_of_pass: int | None = None,
    *,
    unanswered: bool = False,
    bom: bool = False,
    guard: bool = False,
    xlsx: bool = False,
) -> Iterator[str]:
    """The project's annotations that the reader may see, as CSV in pieces; the export is on record.

    Of one round and one pass where they are named, else of all. Raises NotFound for a round that is not there.
    """
    part = queries.part_of(project, round_name, number_of_pass)
    shown = and_(visibility.answers_shown_to(reader, project), *part)
    only_own = visibility.reads_only_own(reader, project)
    project_id = project.id
    options = chosen(unanswered=unanswered, bom=bom, guard=guard)
    named = {"round": round_name, "pass": number_of_pass}
    told = {name: value for name, value in named.items() if value is not None}
    _record(reader, project_id, "long", options=options, **told, xlsx=xlsx)
    links = visibility.links_visible_to(reader, project).where(*part)
    merges = merges_seen_by(reader, project_id)
    how = {"only_own": only_own, "unanswered": unanswered, "guard": guard}
    reads_all = visibility.supervises(reader, project_id)
    parts = long.parts(project_id, shown, **how, links=links, reads_all=reads_all, merges=merges)
    return csv_of_lines(long.COLUMNS, parts, bom=bom)


def export_gold_csv(
    project: Project,
    reader: Actor,
    round_name: str | None = None,
    *,
    bom: bool = False,
    guard: bool = False,
    xlsx: bool = False,
) -> Iterator[str]:
    """The project's gold of a round, the running one unless named, as CSV in pieces; the export is on record.

    Raises NotFound for a round that is not there.
    """
    project_id, round_id = project.id, queries.round_id_of(project, round_name)
    told = {"round": round_name} if round_name else {}
    _record(reader, project_id, "gold", options=chosen(bom=bom, guard=guard), **told, xlsx=xlsx)
    return csv_parts(gold.COLUMNS, gold.parts(project_id, round_id, reader), bom=bom, guard=guard)


def export_wide_csv(
    project: Project,
    reader: Actor,
    wanted: Filter,
    coders: dict[int, Coder],
    *,
    bom: bool = False,
    guard: bool = False,
    xlsx: bool = False,
) -> Iterator[str]:
    """The table of analysts × sentences as CSV in pieces; the export is on record."""
    project_id, parts = project.id, wide.parts(project, reader, wanted, coders)
    _record(reader, project_id, "wide", filter=wanted.as_args(), xlsx=xlsx)
    return csv_parts(wide.columns(wanted, coders), parts, bom=bom, guard=guard)


def export_reliability_csv(
    project: Project,
    reader: Actor,
    wanted: Filter,
    coders: dict[int, Coder],
    *,
    bom: bool = False,
    guard: bool = False,
    xlsx: bool = False,
) -> Iterator[str]:
    """The answers that the coefficients are made of as CSV in pieces; the export is on record."""
    parts = reliability.parts(project, reader, wanted, coders)
    _record(
        reader,
        project.id,
        "reliability",
        filter=wanted.as_args(),
        options=chosen(bom=bom, guard=guard),
        xlsx=xlsx,
    )
    return csv_parts(reliability.COLUMNS, parts, bom=bom, guard=guard)


def export_recal(project: Project, reader: Actor, wanted: Filter, coders: dict[int, Coder]) -> Iterator[str]:
    """The same as ReCal reads it: digits alone, one column a coder; the export is on record."""
    _, lines = reliability.recal(project, reader, wanted, coders)
    _record(reader, project.id, "recal", filter=wanted.as_args())
    return lines


def export_profile_csv(article: Article, reader: Actor, *, bom: bool = False, guard: bool = False) -> Iterator[str]:
    """The figures of one article's profile, as CSV in pieces; the export is on record."""
    project_id, article_id = article.project_id, article.id
    rows = profiles.of_article(article, profile_of(reader, article.project, [article]).profile)
    _record(reader, project_id, "profiles", options=chosen(bom=bom, guard=guard), article_id=article_id)
    return csv_parts(profiles.COLUMNS, [rows], bom=bom, guard=guard)


def export_profiles_csv(
    project: Project, reader: Actor, told: Sequence[Told], *, bom: bool = False, guard: bool = False
) -> Iterator[str]:
    """The figures of profiles side by side, as CSV in pieces; the export is on record."""
    rows, addresses = profiles.side_by_side(project, told), [one.column.address for one in told]
    _record(reader, project.id, "profiles", options=chosen(bom=bom, guard=guard), columns=addresses)
    return csv_parts(profiles.COLUMNS, [rows], bom=bom, guard=guard)


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


def export_csv_of(
    shape: str, project: Project, reader: Actor, *, bom: bool = False, guard: bool = False, xlsx: bool = False
) -> Iterator[str]:
    """What the reader sees of the project in this shape (`OF_PROJECT`), as CSV in pieces; the export is on record."""
    parts = OF_PROJECT[shape].parts(project, reader)
    _record(reader, project.id, shape, options=chosen(bom=bom, guard=guard), xlsx=xlsx)
    return csv_parts(OF_PROJECT[shape].COLUMNS, parts, bom=bom, guard=guard)


def export_package(
    project: Project, reader: Actor, file: IO[bytes], report: package.Report = lambda _: None
) -> package.Written:
    """The package of what the reader may see, written to a file; its one digest is on record.

    Raises NotFound for who has no right to one.
    """
    project_id = project.id
    written = package.write(project, reader, file, report)
    with db_write() as session:
        told = {"id": written.id, "digest": written.digest, "rows": written.rows}
        audit(session, reader, "exported", project_id=project_id, shape="package", format="zip", **told)
    return written


def _record(reader: Actor, project_id: int, shape: str, *, xlsx: bool = False, **told: Any) -> None:
    format_ = "xlsx" if xlsx else "csv"
    with db_write() as session:
        audit(session, reader, "exported", project_id=project_id, shape=shape, format=format_, **told)
