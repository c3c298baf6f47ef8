"""The records of a package: the tables of a project as they are kept, every revision of them, each a file of its own.

The shapes are for reading; the records are what a project can be made of again. Each is a table without the ids of this
database: people stand there by their codes, rounds by their names, articles, sentences and answers by their numbers.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Connection,
    DateTime,
    Enum,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from webapp.db import Base
from webapp.domain.export import Cells, Column, Type, compact_json
from webapp.domain.moments import SECONDS
from webapp.export import answer_lines
from webapp.export.answer_lines import AnswerLines, handed_in_lines
from webapp.export.article_blocks import article_blocks, in_block
from webapp.models import (
    Adjudication,
    Annotation,
    Article,
    Assessment,
    Assignment,
    AttributionLink,
    Claim,
    ClaimMention,
    ClaimMerge,
    ClaimSettlement,
    ClaimWording,
    Codebook,
    DateReading,
    DescriptionRevision,
    Edition,
    Evidence,
    EvidenceCopy,
    Exclusion,
    Membership,
    Project,
    Release,
    Round,
    RoundArticle,
    RoundRule,
    SegmentationEdit,
    Sentence,
    Source,
    SourceAlias,
    SourceEntry,
    SourceFact,
    SourceMerge,
    SourceRating,
    Submission,
    SubmissionAnnotation,
)

Model = Any
"""A class of `webapp.models`, or an alias of one."""


@dataclass(frozen=True)
class Record:
    """One table of a project in a package."""

    model: type[Base]
    path: tuple[tuple[str, Model], ...] = ()
    """By which columns, and over which tables, a row is found to be of the project."""
    left_out: tuple[str, ...] = ()
    """Columns that a file of its own holds, or that follow from others."""
    order: tuple[str, ...] = ("id",)
    noun: str = ""
    """What its rows are called in a sentence, of many."""
    known_by: tuple[str, ...] = ()
    """Columns by which a row is the same one in two packages; of revisions what they revise, and the version."""
    part_of: str | None = None
    """The column that names what a row is part of, which comes and stays with all its parts."""
    apart: tuple[str, ...] = ()
    """Columns in which the same row may differ from one database to the next."""

    @property
    def identity(self) -> tuple[str, ...]:
        """Columns by which a row is found, the first of them those that an index begins with."""
        return self.known_by or (*self.model.revision_of, "version")  # type: ignore[attr-defined]

    @property
    def name(self) -> str:
        return str(self.model.__tablename__)

    @property
    def is_of_articles(self) -> bool:
        """Whether its rows lie article by article, so that they are read so."""
        return bool(self.path) and self.path[-1][1] is Article

    @property
    def table(self) -> Any:
        return self.model.__table__

    @property
    def file(self) -> str:
        return f"records/{self.name}.csv"


_BY_ARTICLE = ("article_id", Article)
_BY_SENTENCE = (("sentence_id", Sentence), _BY_ARTICLE)
_BY_WORK = (("assignment_id", Assignment), _BY_ARTICLE)
_BY_SOURCE = (("source_id", Source),)
_BY_CLAIM = (("claim_id", Claim),)
_IN_TIME = ("created_at", "id")

RECORDS = (
    Record(Project, left_out=("trashed_at",), noun="projects", known_by=("name",)),
    Record(Codebook, left_out=("text",), noun="codebooks", known_by=("version",)),
    Record(
        Round,
        left_out=("hands_out_new",),
        noun="rounds",
        known_by=("name",),
        apart=("plan_seed", "created_at", "closed_at"),
    ),
    Record(
        Article,
        left_out=("text", "original", "trashed_at", "sentence_count", "address_key"),
        noun="articles",
        known_by=("text_sha256",),
        apart=(
            "encoding",
            "had_bom",
            "media_type",
            "file_name",
            "original_sha256",
            "segmentation_version",
            "created_at",
        ),
    ),
    Record(
        Edition,
        (_BY_ARTICLE,),
        order=("article_id",),
        noun="editions",
        known_by=("article_id",),
        apart=("linked_at",),
    ),
    Record(
        Sentence,
        (_BY_ARTICLE,),
        left_out=("is_excluded",),
        noun="sentences",
        known_by=("article_id", "start", "end", "added_in"),
        part_of="article_id",
    ),
    Record(
        SegmentationEdit,
        (_BY_ARTICLE,),
        noun="repairs",
        known_by=("article_id", "version"),
        part_of="article_id",
        apart=("before", "after"),  # as the sentences themselves tell
    ),
    Record(Source, order=_IN_TIME, noun="sources", known_by=("id",)),
    Record(SourceEntry, _BY_SOURCE, left_out=("name_key",), noun="names of sources"),
    Record(SourceAlias, _BY_SOURCE, left_out=("alias_key",), noun="aliases"),
    Record(SourceFact, _BY_SOURCE, noun="facts of sources"),
    Record(SourceRating, _BY_SOURCE, order=_IN_TIME, noun="ratings"),
    Record(SourceMerge, _BY_SOURCE, noun="merges of sources"),
    # Who is handed work at the same moment stands in no order: that of the ids would tell whose account is older.
    Record(
        Assignment,
        (_BY_ARTICLE,),
        left_out=("answered", "median_seconds"),
        order=("key",),
        noun="pieces of work",
        known_by=("key",),
        apart=("position", "assigned_at", "strip"),
    ),
    Record(Annotation, _BY_SENTENCE, noun="answers"),
    Record(
        AttributionLink,
        (("annotation_id", Annotation), *_BY_SENTENCE),
        noun="links of chains",
        known_by=("annotation_id", "position"),
        part_of="annotation_id",
    ),
    Record(
        Submission,
        _BY_WORK,
        noun="submissions",
        known_by=("assignment_id", "number"),
        apart=("returned_at", "returned_why"),
    ),
    Record(
        SubmissionAnnotation,
        (("submission_id", Submission), *_BY_WORK),
        order=("submission_id", "annotation_id"),
        noun="answers handed in",
        known_by=("submission_id", "annotation_id"),
        part_of="submission_id",
    ),
    Record(Adjudication, _BY_SENTENCE, noun="decisions"),
    Record(Claim, order=_IN_TIME, noun="claims", known_by=("id",)),
    Record(ClaimWording, _BY_CLAIM, noun="wordings of claims"),
    Record(ClaimMention, _BY_SENTENCE, noun="mentions"),
    Record(ClaimSettlement, _BY_CLAIM, noun="settlements"),
    Record(ClaimMerge, _BY_CLAIM, noun="merges of claims"),
    Record(Assessment, _BY_CLAIM, noun="assessments"),
    Record(Evidence, _BY_CLAIM, noun="items of evidence"),
    Record(EvidenceCopy, _BY_CLAIM, order=_IN_TIME, noun="copies", known_by=("id",)),
    Record(DateReading, (_BY_ARTICLE,), noun="dates"),
    Record(DescriptionRevision, (_BY_ARTICLE,), noun="descriptions"),
    Record(
        Release,
        (("round_id", Round),),
        order=("round_id",),
        noun="releases",
        known_by=("round_id",),
        part_of="round_id",
    ),
    Record(
        RoundRule,
        (("round_id", Round),),
        order=("round_id",),
        noun="rules of rounds",
        known_by=("round_id",),
        part_of="round_id",
    ),
    Record(
        RoundArticle,
        (_BY_ARTICLE,),
        order=("round_id", "article_id"),
        noun="articles of frames",
        known_by=("round_id", "article_id"),
        part_of="round_id",
    ),
    Record(Exclusion, _BY_SENTENCE, noun="exclusions"),
)
"""In this order each names only rows of itself or of those before it."""

NUMBERED = {"article", "sentence", "annotation"}
"""Tables whose rows have a number, which is their id in exports."""
PEOPLE = "records/people.csv"
PEOPLE_COLUMNS = (
    Column("coder_id", "text", "the pseudonym in the project"),
    *(Column(f"is_{role}", "boolean", f"whether they are {role} there", allowed=("true", "false"))
      for role in ("analyst", "supervisor", "researcher")),
)  # fmt: skip
AT_ONCE = 2_000


@dataclass(frozen=True)
class Cell:
    """One column of a record: how it is called there, and what of the table it holds."""

    column: Column
    of: str
    """The column of the table."""
    refers_to: str | None = None
    """The table that it names a row of, where it does."""


def cells_of(record: Record) -> list[Cell]:
    """The columns of a record, in the order of the table."""
    cells: list[Cell] = []
    for column in record.model.__table__.columns:
        keys = list(column.foreign_keys)
        target = keys[0].column.table.name if keys else None
        is_number = column.primary_key and isinstance(column.type, Integer)
        is_ours = column.name == "number" and record.name in NUMBERED  # stands as the id
        left_out = column.name in record.left_out or is_ours or target == "project"
        if left_out or (is_number and target is None and record.name not in NUMBERED | {"codebook"}):
            continue
        cells += _cells(column, target)
    return cells


def _cells(column: Any, target: str | None) -> Iterator[Cell]:
    if target is None:
        yield Cell(_column_as(column.name, column), column.name)
    elif target == "submission":
        yield Cell(Column("assignment_id", "uuid", "key of a piece of work"), column.name, "submission")
        yield Cell(Column("submission", "integer", "which time it was handed in, from 1"), column.name, "submission")
    else:
        kind, meaning = _REFERENCES[target]
        yield Cell(Column(column.name, kind, meaning), column.name, target)


_REFERENCES: dict[str, tuple[Type, str]] = {
    "user": ("text", "coder code of a person; empty for who is no member of the project"),
    "round": ("text", "name of a round"),
    "codebook": ("integer", "a codebook of this package"),
    "article": ("integer", "number of an article"),
    "sentence": ("integer", "number of a sentence"),
    "annotation": ("integer", "number of an answer"),
    "assignment": ("uuid", "key of a piece of work"),
    "source": ("uuid", "a source"),
    "source_rating": ("uuid", "a rating of a source"),
    "claim": ("uuid", "a claim"),
}


def _column_as(name: str, column: Any) -> Column:
    if isinstance(column.type, Enum):
        return Column(name, "text", "", allowed=tuple(column.type.enums))
    kinds: tuple[tuple[Any, Type], ...] = (
        (Boolean, "boolean"), (Integer, "integer"), (Uuid, "uuid"), (JSON, "json"),
    )  # fmt: skip
    kind: Type = next((kind for sql, kind in kinds if isinstance(column.type, sql)), "text")
    if is_moment(column):
        kind = "time"
    return Column(name, kind, "", allowed=("true", "false") if kind == "boolean" else ())


def is_moment(column: Any) -> bool:
    """Whether the column of a table holds moments."""
    return isinstance(getattr(column.type, "impl", column.type), DateTime)


# ---- their rows


@dataclass(frozen=True)
class Study:
    """The project whose records are read, its codebooks by their ids, numbered from 1, and its articles."""

    project_id: int
    codebooks: dict[int, int]
    articles: Sequence[tuple[int, int]]
    """Blocks of the live ones."""


def study_of(connection: Connection, project_id: int, codebooks: dict[int, int]) -> Study:
    return Study(project_id, codebooks, article_blocks(connection, project_id))


def lines(record: Record, connection: Connection, study: Study, people: set[str]) -> Iterator[str]:
    """The rows of a record as CSV, many at a time; the codes of whoever they name are added to `people`."""
    cells = cells_of(record)
    codes = [index for index, cell in enumerate(cells) if cell.refers_to == "user"]
    write, as_stored = _writer(record, cells)
    query = _rows_of(record, cells, connection, study, as_stored=as_stored)
    for rows in _parts(record, query, connection, study):
        for index in codes:
            people.update(row[index] or "" for row in rows)
        yield write(rows)


def _writer(record: Record, cells: Sequence[Cell]) -> tuple[Callable[[Any], str], bool]:
    """What makes lines of rows, and whether it takes them as they are stored."""
    if record.model is Annotation:
        return AnswerLines([cell.column for cell in cells]), True
    if record.model is SubmissionAnnotation:
        return handed_in_lines, True
    return Cells().lines, False


def _parts(record: Record, query: Select[Any], connection: Connection, study: Study) -> Iterator[Sequence[Any]]:
    """Rows of a record, so many at a time that neither they nor their sorting take much memory."""
    if not record.is_of_articles:
        yield from connection.execute(query.execution_options(yield_per=AT_ONCE)).partitions()
        return
    for first, last in study.articles:
        result = connection.execute(query, {"first": first, "last": last})
        if record.model is SegmentationEdit:
            yield _with_numbers(result.all(), connection)
            continue
        while rows := result.cursor.fetchmany(AT_ONCE):  # as the driver gives them: all is words and numbers already
            yield rows
        result.close()


def people_rows(connection: Connection, project_id: int, codes: set[str]) -> list[list[str]]:
    """The members with these codes, in the order of the codes, which are drawn at random."""
    held = (Membership.is_analyst, Membership.is_supervisor, Membership.is_researcher)
    query = select(Membership.coder_code, *held).where(Membership.project_id == project_id)
    found = connection.execute(query.order_by(Membership.coder_code))
    return [[code, *("true" if one else "false" for one in roles)] for code, *roles in found if code in codes]


def codebooks_of(connection: Connection, project_id: int) -> list[tuple[int, str, str]]:
    """Id, version and text of the codebooks that a project has, had, or is at work with, the oldest first."""
    of_project = Article.project_id == project_id
    used = set(connection.scalars(select(Round.codebook_id).where(Round.project_id == project_id)))
    for table in (Annotation, Adjudication):
        by_article = select(table.codebook_id).join(Sentence, Sentence.id == table.sentence_id)
        in_articles = by_article.join(Article, Article.id == Sentence.article_id)
        used |= set(connection.scalars(in_articles.where(of_project).distinct()))
    query = select(Codebook.id, Codebook.version, Codebook.text).order_by(Codebook.id)
    found = connection.execute(query.where(or_(Codebook.project_id == project_id, Codebook.id.in_(used))))
    return [(row.id, row.version, row.text) for row in found]


def _rows_of(
    record: Record, cells: Sequence[Cell], connection: Connection, study: Study, *, as_stored: bool = False
) -> Select[Any]:
    """What a record holds, as it is written: the database makes words of it, since there may be millions of rows.

    `as_stored` leaves uuids without their hyphens, and what is true or false as it is.
    """
    model: Any = record.model
    building = _Building(model, connection, study, as_stored)
    for name, table in record.path:
        building.join(name, table)
    values = list(map(building.value, cells))
    if record.model is Annotation:
        said = slice(len(answer_lines.FIRST), -len(answer_lines.LAST))
        values[said] = [building.as_json(values[said])]
    query = building.query.with_only_columns(*values, maintain_column_froms=True)
    for joined, condition in building.joined:
        query = query.outerjoin(joined, condition)
    order = [getattr(model, name) for name in record.order]
    if record.model is Edition:  # of one in the trash no package tells
        earlier = aliased(Article)
        query = query.join(earlier, earlier.id == Edition.earlier_id).where(earlier.is_live)
    if record.is_of_articles:
        return query.where(in_block(study.project_id)).order_by(Article.id, *order)
    return query.where(building.condition(record)).order_by(*order)


class _Building:
    """A statement as it is put together: what is joined, and what each cell says in SQL."""

    def __init__(self, model: Model, connection: Connection, study: Study, as_stored: bool) -> None:
        self.query: Select[Any] = select(model.__table__.c[0]).select_from(model)
        self.joined: list[tuple[Any, Any]] = []
        self._model, self._project_id, self._codebooks = model, study.project_id, study.codebooks
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._as_stored = as_stored
        self._at: dict[tuple[str, str], Model] = {}
        """What is joined by a column of a table."""
        self._root = model

    def join(self, name: str, table: Model) -> None:
        self.query = self.query.join(table, table.id == getattr(self._root, name))
        self._at[self._root.__tablename__, name] = table
        self._root = table

    def condition(self, record: Record) -> ColumnElement[bool]:
        """Whether a row is of the project."""
        if record.model is Codebook:
            is_used: ColumnElement[bool] = Codebook.id.in_(self._codebooks)
            return is_used
        if record.model is Project:
            return Project.id == self._project_id
        of_project: ColumnElement[bool] = self._root.project_id == self._project_id
        return and_(of_project, Article.is_live) if self._root is Article else of_project

    def value(self, cell: Cell) -> Any:
        column = self._model.__table__.c[cell.of]
        if cell.refers_to is None:
            return self._plain(column).label(cell.column.name)
        return self._reference(cell, column).label(cell.column.name)

    def as_json(self, values: Sequence[Any]) -> ColumnElement[str]:
        """The values as a list in JSON."""
        listed = func.json_array if self._is_sqlite else func.json_build_array
        return cast(listed(*values), Text)

    def _plain(self, column: Any) -> ColumnElement[Any]:
        if column.primary_key and column.table.name == "codebook":
            return case(self._codebooks, value=column)
        if column.primary_key and column.table.name in NUMBERED:
            return func.coalesce(self._model.number, column)
        if column.name == "words" and self._model is Evidence:  # not of an article in the trash
            return case((self._named("sentence_id", "sentence").is_not(None), column))
        if (
            column.name == "published_at" and self._model is Codebook
        ):  # of one that comes with the program, when it came
            return case((Codebook.project_id == self._project_id, self._moment(column)))
        if is_moment(column):
            is_order = column.name == "assigned_at"
            return func.substr(self._moment(column), 1, SECONDS) + literal("Z") if is_order else self._moment(column)
        if isinstance(column.type, Boolean):
            return column if self._as_stored else case((column, literal("true")), else_=literal("false"))
        if isinstance(column.type, Uuid):
            return self._dashed(column)
        return type_coerce(column, Text) if isinstance(column.type, Enum) else column

    def _dashed(self, column: Any) -> ColumnElement[str]:
        return type_coerce(column, Text) if self._as_stored else dashed_sql(column)

    def _moment(self, column: Any) -> ColumnElement[str]:
        """To the microsecond: what was made within one second keeps its order."""
        if self._is_sqlite:
            return func.replace(type_coerce(column, Text), " ", "T") + literal("Z")
        return func.to_char(column, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"', type_=Text)

    def _reference(self, cell: Cell, column: Any) -> Any:
        target = cell.refers_to
        if target in ("source", "source_rating", "claim"):
            return self._dashed(column)
        if target == "codebook":
            return case(self._codebooks, value=column)
        if target == "submission":
            submission = self._at[self._model.__tablename__, cell.of]
            work = self._at[submission.__tablename__, "assignment_id"]
            return submission.number if cell.column.name == "submission" else self._dashed(work.key)
        return self._named(cell.of, str(target))

    def _named(self, name: str, target: str) -> Any:
        """How a record names the row of another table to which a column points."""
        own = getattr(self._model, name)
        if target == "user":
            member = aliased(Membership)
            of_project = and_(member.project_id == self._project_id, member.user_id == own)
            self.joined.append((member, of_project))
            return member.coder_code
        there = self._at.get((self._model.__tablename__, name)) or self._joined(_TABLES[target], own)
        if target == "round":
            return there.name
        if target == "assignment":
            return self._dashed(there.key)
        number = func.coalesce(there.number, there.id)
        if target == "sentence" and there is not Sentence:
            article = self._joined(Article, there.article_id)
            return case((article.is_live, number))
        return number

    def _joined(self, table: Model, own: Any) -> Model:
        other = aliased(table)
        self.joined.append((other, other.id == own))
        return other


_TABLES: dict[str, Model] = {table.__tablename__: table for table in (Round, Article, Sentence, Annotation, Assignment)}


def dashed_sql(column: Any) -> ColumnElement[str]:
    """A uuid with its hyphens, which the database keeps without."""
    digits = type_coerce(column, Text)
    parts = [func.substr(digits, start, length) for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))]
    told: Any = parts[0]
    for part in parts[1:]:
        told = told + literal("-") + part
    return type_coerce(told, Text)


def read_json(cell: str) -> Any:
    """What a cell of a json column holds. Raises ValueError."""
    try:
        return json.loads(cell)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _with_numbers(rows: Sequence[Any], connection: Connection) -> list[list[Any]]:
    """The edits with the numbers of sentences in place of their ids."""
    ids = {one["id"] for row in rows for cell in row if isinstance(cell, list) for one in cell}
    number = func.coalesce(Sentence.number, Sentence.id)
    numbers: dict[int, int] = {}
    some = sorted(ids)
    for first in range(0, len(some), 500):
        query = select(Sentence.id, number).where(Sentence.id.in_(some[first : first + 500]))
        numbers |= {row[0]: row[1] for row in connection.execute(query)}
    return [[_told(cell, numbers) if isinstance(cell, list) else cell for cell in row] for row in rows]


def _told(sentences: list[dict[str, Any]], numbers: dict[int, int]) -> str:
    return compact_json([one | {"id": numbers[one["id"]]} for one in sentences])
