"""Looking at names and taking figures away, on record."""

from collections.abc import Iterator

from webapp.db import db_write
from webapp.domain.export import csv_parts
from webapp.models import Actor, Project, audit
from webapp.review import queries
from webapp.review.filters import Filter
from webapp.review.statistics import Coder


def record_names_shown(project: Project, reader: Actor) -> None:
    """Put on record that the person wanted to see which analyst said what."""
    with db_write() as session:
        audit(session, reader, "names shown", project_id=project.id, page="agreement")


def record_figures_taken(project: Project, reader: Actor, wanted: Filter) -> None:
    """Put on record that the person took the figures away as JSON."""
    with db_write() as session:
        told = {"shape": "agreement", "format": "json", "filter": wanted.as_args()}
        audit(session, reader, "exported", project_id=project.id, **told)


def export_wide_csv(project: Project, reader: Actor, wanted: Filter, coders: dict[int, Coder]) -> Iterator[str]:
    """The table of analysts × sentences as CSV in pieces; the export is on record."""
    project_id, parts = project.id, queries.wide_parts(project, reader, wanted, coders)
    with db_write() as session:
        told = {"shape": "wide", "format": "csv", "filter": wanted.as_args()}
        audit(session, reader, "exported", project_id=project_id, **told)
    columns = queries.wide_columns(wanted, coders)
    return csv_parts(parts, bom=False, guard=False, columns=columns)
