"""Taking a project away: which shape or document, in which format, and that it goes on record."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from webapp.db import db_write, one_reading
from webapp.domain.errors import BadExport
from webapp.domain.export import chosen
from webapp.export.choices import EVERYTHING, Choices, Chooser
from webapp.export.chosen import chooser_for, chosen_table
from webapp.export.documents import DOCUMENTS
from webapp.export.formats import TABLE_FORMATS
from webapp.export.material import Material
from webapp.export.shapes import OF_PROJECT, OF_ROUND, WHOLE, Part, Table, roles_for
from webapp.models import Actor, Project, Role, audit_many

CSV, RECAL = "csv", "recal"
FORMATS = (*TABLE_FORMATS, *DOCUMENTS)


@dataclass(frozen=True)
class Asked:
    """What somebody wants to take away."""

    shape: str = "long"
    """Of no meaning where the format is a document, which tells of the whole project."""
    format: str = CSV
    part: Part = WHOLE
    choices: Choices = EVERYTHING

    def require_fitting(self) -> None:
        """Raises BadExport for what does not go together."""
        part, is_for_spreadsheets = self.part, self.part.bom or self.part.guard
        if self.format in DOCUMENTS and self.shape != "long":
            raise BadExport("This format tells of the whole project and takes no shape.", "format")
        if self.shape != "long" and part.unanswered:
            raise BadExport("Unanswered sentences are rows of the long shape alone.", "unanswered")
        if self.shape == "gold" and part.number_of_pass:
            raise BadExport("A pass does not go with gold, which is settled once for a round.", "pass")
        if self.shape in OF_PROJECT and (part.round_name or part.number_of_pass):
            raise BadExport(
                "A round or a pass does not go with sources and claims, which are the whole project’s.", "round"
            )
        if self.choices.names and self.choices.fresh_codes:
            raise BadExport(
                "Names tell who goes by which code; fresh codes are there so that nobody knows. Choose one of the two.",
                "fresh_codes",
            )
        if self.shape == RECAL and self.choices != EVERYTHING:
            raise BadExport("ReCal’s file has a column for each analyst and nothing to choose from.", "shape")
        if self.format == "qdpx" and self.choices.no_text:
            raise BadExport("A project of REFI-QDA is made of texts; the tables can be had without them.", "no_text")
        if self.shape == RECAL and (is_for_spreadsheets or self.format != CSV):
            raise BadExport("ReCal reads digits in CSV and nothing else.", "format")
        if self.format != CSV and is_for_spreadsheets:
            raise BadExport("A byte order mark and guarded cells are for CSV.", "safe")

    @property
    def roles(self) -> tuple[Role, ...]:
        """Who may take it, as members of the project."""
        return roles_for(self.shape)


@dataclass(frozen=True)
class Taken:
    """What goes out: in pieces as it is made, or filled into a file that goes out once it is whole."""

    media: str
    ending: str
    pieces: Iterator[bytes] | None = None
    fill: Callable[[IO[bytes]], None] | None = None
    table: Table | None = None

    @property
    def text(self) -> Iterator[str]:
        """Of a table its CSV."""
        assert self.table
        return self.table.pieces


def take(project: Project, reader: Actor, asked: Asked) -> Taken:
    """What the reader may see, as it was asked for; that it was taken is on record.

    Raises BadExport for what does not go together, NotFound for a round that is not there.
    """
    asked.require_fitting()
    make = _document if asked.format in DOCUMENTS else _table
    taken = make(project, reader, asked, chooser_for(project, reader, asked.choices))
    _on_record(reader, project.id, asked)
    return taken


def _table(project: Project, reader: Actor, asked: Asked, chooser: Chooser | None) -> Taken:
    format_ = TABLE_FORMATS[asked.format]
    table = chosen_table(asked.shape, project, reader, asked.part, chooser)
    if format_.stream:
        pieces = format_.stream(table.columns, table.pieces)
        return Taken(format_.media, format_.ending, pieces=pieces, table=table)
    assert format_.fill
    return Taken(format_.media, format_.ending, fill=partial(format_.fill, table.columns, table.pieces), table=table)


def _document(project: Project, reader: Actor, asked: Asked, chooser: Chooser | None) -> Taken:
    document = DOCUMENTS[asked.format]

    def fill(file: IO[bytes]) -> None:
        with one_reading() as connection:
            document.write(Material(project, reader, connection, asked.part, chooser), file)

    return Taken(document.media, document.ending, fill=fill)


def _on_record(reader: Actor, project_id: int, asked: Asked) -> None:
    part, shape = asked.part, asked.format if asked.format in DOCUMENTS else asked.shape
    named: dict[str, Any] = {"round": part.round_name, "pass": part.number_of_pass}
    named = {name: value for name, value in named.items() if value is not None}
    if shape in OF_ROUND:
        named = {"filter": {name: str(value) for name, value in named.items()}}
    options = chosen(unanswered=part.unanswered, bom=part.bom, guard=part.guard)
    told = {"options": options, **named, **({"choices": asked.choices.told} if asked.choices.told else {})}
    record_export(reader, project_id, shape, asked.format, **told)


def record_export(reader: Actor, project_id: int, shape: str, format_: str = CSV, **told: Any) -> None:
    """Put on record that something was taken away."""
    with db_write() as session:
        audit_many(session, reader, "exported", [{"shape": shape, "format": format_, **told}], project_id=project_id)
