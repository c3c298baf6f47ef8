"""Taking annotations away, on record."""

from collections.abc import Iterator, Sequence
from typing import IO

from webapp.db import db_write
from webapp.domain.export import chosen, csv_parts
from webapp.export import package, profiles
from webapp.export.shapes import Part, counted_table
from webapp.export.taking import Asked, record_export, take
from webapp.models import Actor, Article, Project, audit
from webapp.profiles.columns import Told
from webapp.profiles.queries import profile_of
from webapp.review.filters import Filter


def export_long_csv(
    project: Project,
    reader: Actor,
    round_name: str | None = None,
    number_of_pass: int | None = None,
    *,
    unanswered: bool = False,
    bom: bool = False,
    guard: bool = False,
) -> Iterator[str]:
    """The project's annotations that the reader may see, as CSV in pieces; the export is on record.

    Of one round and one pass where they are named, else of all. Raises NotFound for a round that is not there.
    """
    part = Part(round_name, number_of_pass, unanswered=unanswered, bom=bom, guard=guard)
    return take(project, reader, Asked("long", part=part)).text


def export_gold_csv(
    project: Project, reader: Actor, round_name: str | None = None, *, bom: bool = False, guard: bool = False
) -> Iterator[str]:
    """The project's gold of a round, the running one unless named, as CSV in pieces; the export is on record.

    Raises NotFound for a round that is not there.
    """
    return take(project, reader, Asked("gold", part=Part(round_name, bom=bom, guard=guard))).text


def export_wide_csv(project: Project, reader: Actor, wanted: Filter) -> Iterator[str]:
    """The table of analysts × sentences under a filter of the agreement page; the export is on record."""
    table = counted_table("wide", project, reader, wanted)
    record_export(reader, project.id, "wide", filter=wanted.as_args())
    return table.pieces


def export_profile_csv(article: Article, reader: Actor, *, bom: bool = False, guard: bool = False) -> Iterator[str]:
    """The figures of one article's profile, as CSV in pieces; the export is on record."""
    project_id, article_id = article.project_id, article.id
    rows = profiles.of_article(article, profile_of(reader, article.project, [article]).profile)
    record_export(reader, project_id, "profiles", options=chosen(bom=bom, guard=guard), article_id=article_id)
    return csv_parts(profiles.COLUMNS, [rows], bom=bom, guard=guard)


def export_profiles_csv(
    project: Project, reader: Actor, told: Sequence[Told], *, bom: bool = False, guard: bool = False
) -> Iterator[str]:
    """The figures of profiles side by side, as CSV in pieces; the export is on record."""
    rows, addresses = profiles.side_by_side(project, told), [one.column.address for one in told]
    record_export(reader, project.id, "profiles", options=chosen(bom=bom, guard=guard), columns=addresses)
    return csv_parts(profiles.COLUMNS, [rows], bom=bom, guard=guard)


def export_csv_of(
    shape: str, project: Project, reader: Actor, *, bom: bool = False, guard: bool = False
) -> Iterator[str]:
    """What the reader sees of the project in this shape (`OF_PROJECT`), as CSV in pieces; the export is on record."""
    return take(project, reader, Asked(shape, part=Part(bom=bom, guard=guard))).text


def export_package(
    project: Project,
    reader: Actor,
    file: IO[bytes],
    report: package.Report = lambda _: None,
    check: package.Check = lambda: None,
    *,
    copies: bool = True,
) -> package.Written:
    """The package of what the reader may see, written to a file; its one digest is on record.

    Copies that people uploaded as evidence may stay out of it.
    Raises NotFound for who has no right to one.
    """
    project_id = project.id
    written = package.write(project, reader, file, report, check, copies=copies)
    with db_write() as session:
        told = {
            "id": written.id,
            "digest": written.digest,
            "rows": written.rows,
            **({} if copies else {"copies": False}),
        }
        audit(session, reader, "exported", project_id=project_id, shape="package", format="zip", **told)
    return written
