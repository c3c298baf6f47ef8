"""A project made again of the records of a package, in one write: all of it, or nothing.

Rows take ids above every id and number there is, in the order in which they lie in the package; what they were called
there stays as their number. People become placeholders, who cannot sign in.
"""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid5

import numpy as np
from sqlalchemy import JSON, Boolean, ColumnElement, Enum, Integer, Uuid, exists, func, insert, or_, select, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from webapp import passage_index, standings, verification, word_index
from webapp.claims.actions.copies import PIECE
from webapp.counting_triggers import RECOUNT
from webapp.db import db_write, now, sqlstate
from webapp.domain.errors import BadPackage, BadProject
from webapp.domain.folded_words import folded_sentences
from webapp.domain.intake.description import address_key
from webapp.domain.merges import steps_to_end
from webapp.domain.package_check import PackageFile
from webapp.domain.passage_hashes import hashes_of_all
from webapp.domain.plain_text import clear_name
from webapp.domain.sources import name_key
from webapp.domain.spans import Lifetime, Span, first_broken
from webapp.export import records
from webapp.export.cell_readers import BOOLEANS, moment, one_of, or_none, places_of_sentences, whole, words_of
from webapp.export.package import codebook_paths
from webapp.export.records import RECORDS, Cell, Record, cells_of, is_moment
from webapp.ids import LARGEST_ID
from webapp.models import (
    Actor,
    Adjudication,
    Article,
    Assignment,
    Claim,
    ClaimMerge,
    Codebook,
    EvidenceCopy,
    EvidencePiece,
    FirstTag,
    Membership,
    Project,
    Role,
    Round,
    SegmentationEdit,
    Sentence,
    Source,
    SourceAlias,
    SourceEntry,
    SourceMerge,
    Submission,
    User,
    audit,
)
from webapp.models.revisions import Revised, revised
from webapp.projects.actions import LONGEST_NAME, give_roles

T = TypeVar("T")

AT_ONCE = 500
"""Rows that are written by one statement."""
MOST_STEPS = 500
"""Merges one behind the other: each was made by a person, who saw into what."""
OWN_IDS = {Source: "id", Claim: "id", Assignment: "key", EvidenceCopy: "id"}
"""By what rows are known everywhere, so that there can be one of each in a database."""
DRAWN = UUID("b0a7a3f4-1f5e-5d0e-8a51-6f3f0e7a9c42")
"""What new ids are drawn from where those of a package are taken: the same ones each time in the same project."""


@dataclass(frozen=True)
class CameBack:
    """A project that came in a package."""

    project_id: int
    name: str
    articles: int
    answers: int
    people: tuple[str, ...]
    """The names of the placeholders."""
    drawn_anew: bool
    """Whether sources, claims and pieces of work got new ids, as this database has those of the package already."""
    copies_elsewhere: int = 0
    """Copies of evidence of which the package only tells, as it was made without them."""


def import_package(
    package: PackageFile, by: Actor, supervisor_id: int, name: str | None, report: Callable[[str], None]
) -> CameBack:
    """The project of a package, of which the person is supervisor; under its own name unless another is given.

    Raises BadPackage for one of which no project can be made, BadProject for a name that is taken.
    """
    about = package.manifest["claimtag"]
    if without_records(package):
        raise BadPackage("No project can be made of this package: it has no records, as its maker may not read them.")
    wanted = clear_name(name or about.get("project") or "", LONGEST_NAME, BadProject)
    if wanted is None:
        raise BadPackage("The package does not say what its project is called; give it a name.")

    def come_in() -> CameBack:
        with db_write() as session:
            if session.scalar(select(Project.id).where(func.lower(Project.name) == wanted.lower())):
                raise BadProject(f"A project is called “{wanted}” already; give this one another name.")
            return Import(session, package, report, wanted).run(by, supervisor_id)

    return written(come_in)


def written(write: Callable[[], T]) -> T:
    """What one write of a package returns; run once more where a key was taken, as somebody may have taken it while
    this one looked. Raises BadPackage for what contradicts itself.
    """
    try:
        return write()
    except (IntegrityError, DataError) as error:
        if sqlstate(error) != KEY_TAKEN:
            raise BadPackage(CONTRADICTORY) from None
    try:
        return write()
    except (IntegrityError, DataError):
        raise BadPackage(CONTRADICTORY) from None


KEY_TAKEN = "23505"
"""SQLSTATE of a row whose key another row has."""


def without_records(package: PackageFile) -> bool:
    """Whether it has only what is for reading."""
    return not package.manifest["claimtag"].get("has_records")


def copies_elsewhere(count: int) -> str:
    """What is said of copies that a package does not hold."""
    what = "copy of evidence is" if count == 1 else "copies of evidence are"
    return (
        f"{count:,} {what} not in the package, which was made without uploaded copies; a merge with one that has them "
        "brings them in."
    )


CONTRADICTORY = "The records of the package contradict one another, or break a rule of the database; nothing came in."


class Numbers:
    """The numbers of the rows of a table as they lie in a package, and the ids that these rows get, in their order."""

    def __init__(self, numbers: Iterable[int], noun: str) -> None:
        held = np.fromiter(numbers, np.int64)
        places = np.argsort(held, kind="stable")
        rising = held[places]
        if np.any(rising[1:] == rising[:-1]):
            raise BadPackage(f"Two rows of the package’s {noun} have the same number.")
        self._rising, self._places = array("q", rising.tobytes()), array("q", places.astype(np.int64).tobytes())
        self.base = 0
        self.here: array[int] | None = None
        """Where rows may be here already, by their place: the id that each has, NEW or OUT."""

    def __len__(self) -> int:
        return len(self._rising)

    @property
    def highest(self) -> int:
        return self._rising[-1] if self._rising else 0

    def place(self, number: int) -> int:
        """The place of the row of that number in its table. Raises KeyError."""
        at = bisect_left(self._rising, number)
        if at == len(self._rising) or self._rising[at] != number:
            raise KeyError(number)
        return self._places[at]

    def __getitem__(self, number: int) -> int:
        """The id of the row of that number. Raises KeyError, also for one that stays out."""
        place = self.place(number)
        here = NEW if self.here is None else self.here[place]
        if here == OUT:
            raise KeyError(number)
        return here or self.base + 1 + place


NEW, OUT = 0, -1
"""In place of an id: of a row that comes in, and of one that stays out."""


class _InSplit(NamedTuple):
    """A sentence of an article, with its id here."""

    id: int
    lifetime: Lifetime


class Import:
    """One project as it comes in, inside a db_write()."""

    def __init__(self, session: Session, package: PackageFile, report: Callable[[str], None], name: str = "") -> None:
        self._session, self._package, self._name, self._report = session, package, name, report
        self._id = str(package.manifest.get("id", "")).removeprefix("urn:uuid:")
        self._people: dict[str, int] = {}
        self._names: list[str] = []
        self._codebooks: dict[str, int] = {}
        self._rounds: dict[str, int] = {}
        self._work: dict[UUID, int] = {}
        self._submissions: dict[tuple[int, int], int] = {}
        self._numbers: dict[str, Numbers] = {}
        self._firsts: dict[str, int] = {}
        self._lasts: dict[str, int] = {}
        """Of each table the first id that is new, and the last one."""
        self._copies_left_out = 0
        self._has_copies = package.manifest["claimtag"].get("has_copies") is not False
        self._project_id = 0
        self._is_drawn = False
        """Whether new ids are drawn, as those of the package are taken."""

    def run(self, by: Actor, supervisor_id: int) -> CameBack:
        self._require_files()
        self._placeholders()
        for record in RECORDS:
            self._report(record.file)
            self._number(record)
            self._reserve(record)
        self._look_for_taken_ids()
        for record in RECORDS:
            self._report(record.file)
            self._bring_in(record)
        self._require_running_round()
        self._bring_in_copies()
        self._keep_first_tags()
        self._index_articles()
        self._require_chains()
        self._require_sound()
        self._count()
        self._tell(by, supervisor_id)
        return CameBack(
            self._project_id,
            self._name,
            len(self._numbers["article"]),
            len(self._numbers["annotation"]),
            tuple(self._names),
            self._is_drawn,
            self._copies_left_out,
        )

    def _require_files(self) -> None:
        for path in (*(record.file for record in RECORDS), records.PEOPLE):
            if not self._package.holds(path):
                raise BadPackage(f"The package has no “{path}”, without which no project can be made of it.")
        for record in RECORDS:
            self._require_columns(record.file, [cell.column.name for cell in cells_of(record)])
        self._require_columns(records.PEOPLE, [column.name for column in records.PEOPLE_COLUMNS])

    def _require_columns(self, path: str, names: Sequence[str]) -> None:
        there = self._package.columns(path)
        if there != list(names):
            other = next((name for name in (*there, *names) if (name in there) != (name in names)), names[0])
            raise BadPackage(f"“{path}” has other columns than this version of Claimtag reads: see “{other}”.")

    # ---- people

    def _placeholders(self) -> None:
        """People of the package, deactivated and without a password; they become members with the project."""
        for code, *_ in self._package.rows(records.PEOPLE):
            self._people[code] = self._placeholder(code)

    def _placeholder(self, who: str) -> int:
        name = f"{who} of package {self._id[:8]}"
        taken = set(self._session.scalars(select(User.name).where(User.name.startswith(name, autoescape=True))))
        name = next(one for one in (name, *(f"{name} ({n})" for n in range(2, len(taken) + 3))) if one not in taken)
        person = User(name=name, deactivated_at=now())
        self._session.add(person)
        self._session.flush()
        self._names.append(name)
        return person.id

    def _join(self) -> None:
        columns = [column.name for column in records.PEOPLE_COLUMNS[1:]]
        for code, *held in self._package.rows(records.PEOPLE):
            roles = {name: told == "true" for name, told in zip(columns, held, strict=True)}
            member = {"project_id": self._project_id, "user_id": self._people[code], "coder_code": code}
            self._session.add(Membership(**member, **roles))
        self._session.flush()

    def _person(self, code: str) -> int:
        """Whoever is no member of the project in the package, has no code there."""
        if code not in self._people and not code:
            self._people[""] = self._placeholder("Somebody")
        return self._people[code]

    # ---- ids

    def _number(self, record: Record) -> None:
        """Read the numbers of the rows that come."""
        if record.name in records.NUMBERED:
            self._numbers[record.name] = self._numbers_in(record)

    def _reserve(self, record: Record) -> None:
        """The ids of the rows that come, above every id and number there is."""
        table = record.model.__table__
        if not ("id" in table.c and isinstance(table.c.id.type, Integer)):
            return
        rows = self._package.count(record.file)
        highest = self._session.scalar(select(func.max(table.c.id))) or 0
        if record.name in records.NUMBERED:
            numbers = self._numbers[record.name]
            kept = self._session.scalar(select(func.max(table.c.number))) or 0
            highest = numbers.base = max(highest, kept, numbers.highest)
        if highest + rows > LARGEST_ID:
            raise BadPackage(f"The numbers of the package’s {record.name} go beyond what a database can hold.")
        if self._session.get_bind().dialect.name == "postgresql":
            # Whoever else adds a row meanwhile gets an id above these.
            sequence = f"pg_get_serial_sequence('\"{record.name}\"', 'id')"
            moved = f"SELECT setval({sequence}, greatest(nextval({sequence}), :highest) + :rows)"
            last = self._session.execute(text(moved), {"highest": highest, "rows": rows}).scalar_one()
            highest = last - rows
            if record.name in self._numbers:
                self._numbers[record.name].base = highest
        self._firsts[record.name], self._lasts[record.name] = highest + 1, highest + rows

    def _numbers_in(self, record: Record) -> Numbers:
        place = [cell.column.name for cell in cells_of(record)].index("id")
        with closing(self._package.rows(record.file)) as rows:
            return Numbers((_number(row[place], record.file) for row in rows), f"{record.name}s")

    def _look_for_taken_ids(self) -> None:
        for record in RECORDS:
            if (name := OWN_IDS.get(record.model)) is None:
                continue
            column = record.model.__table__.c[name]
            place = [cell.column.name for cell in cells_of(record)].index(name)
            for rows in batches(self._package.rows(record.file)):
                ids = [_uuid(row[place], record.file) for row in rows]
                if self._session.scalar(select(column).where(column.in_(ids)).limit(1)):
                    self._is_drawn = True
                    return

    # ---- rows

    def _bring_in(self, record: Record) -> None:
        cells, table = cells_of(record), record.table
        converters = [self._converter(record, cell) for cell in cells]
        for rows in batches(enumerate(self._package.rows(record.file), start=1)):
            values = [self._values(record, cells, converters, n, row) for n, row in rows if self._comes(record, n, row)]
            values = [one for one in values if one]
            if values:
                self._session.execute(insert(table), values)
            if record.model is Project:
                self._join()
        self._index_writings(record)

    def _comes(self, record: Record, _n: int, row: Sequence[str]) -> bool:
        """Whether a row of the package becomes one of the database; a copy whose content is not in it does not."""
        return self._has_copies or not is_copy_elsewhere(record, row)

    def _values(
        self, record: Record, cells: Sequence[Cell], converters: Sequence[Any], n: int, row: Sequence[str]
    ) -> dict[str, Any]:
        """The columns of a row; none of one that is here already."""
        values: dict[str, Any] = {}
        for cell, converted, told in zip(cells, converters, row, strict=True):
            try:
                if cell.refers_to == "submission" and cell.column.name == "submission":
                    values[cell.of] = self._submissions[values[cell.of], int(told)]
                else:
                    values[cell.of] = converted(told)
            except (ValueError, KeyError, TypeError):
                raise misfit(record, n, cell, told) from None
        return self._completed(record, values, n)

    def _converter(self, record: Record, cell: Cell) -> Callable[[str], Any]:
        """Makes of a cell what the table holds; raises ValueError or KeyError."""
        column = record.model.__table__.c[cell.of]
        if cell.refers_to is None:
            return self._plain(column)
        to: dict[str, Callable[[str], Any]] = {
            "round": lambda told: self._rounds[told],
            "codebook": lambda told: self._codebooks[told],
            "assignment": lambda told: self._work[self._own(UUID(told))],
            "submission": lambda told: self._work[self._own(UUID(told))],
        }
        if cell.refers_to == "user":  # an empty cell is a person without a code where there has to be one
            return or_none(self._person) if column.nullable else self._person
        read = to.get(cell.refers_to) or (lambda told: self._own(UUID(told)))
        if cell.refers_to in records.NUMBERED:
            numbers = self._numbers[cell.refers_to]
            read = lambda told: numbers[int(told)]  # noqa: E731
        return or_none(read) if column.nullable else read

    def _plain(self, column: Any) -> Callable[[str], Any]:
        read = self._reader(column)
        is_of_program = column.table.name == "codebook" and column.name == "published_at"
        return or_none(read) if column.nullable or is_of_program else read

    def _reader(self, column: Any) -> Callable[[str], Any]:
        """What makes of a cell that is not empty the value of a column."""
        if is_moment(column):
            return moment
        if isinstance(column.type, Boolean):
            return BOOLEANS.__getitem__
        if isinstance(column.type, Integer):
            return whole
        if isinstance(column.type, Uuid):
            return UUID if column.name == "client_id" else lambda told: self._own(UUID(told))
        if isinstance(column.type, JSON):
            return self._sentences
        if isinstance(column.type, Enum):
            return one_of(column.type.enums)
        return words_of(column.table.name, column.name)

    def _own(self, id_: UUID) -> UUID:
        """An id of the package as it is here: the same, unless one of them is taken."""
        return uuid5(DRAWN, f"{self._project_id} {id_}") if self._is_drawn else id_

    def _sentences(self, told: str) -> list[dict[str, int]]:
        return [{**one, "id": self._numbers["sentence"][one["id"]]} for one in places_of_sentences(told)]

    def _completed(self, record: Record, values: dict[str, Any], n: int) -> dict[str, Any]:
        """The values with what no record holds: ids, the project, texts, and what follows from others."""
        if record.model is Codebook:
            return self._codebook(values, n)
        if record.name in records.NUMBERED:
            values["number"] = values["id"]
        if record.name in self._firsts:
            values["id"] = self._firsts[record.name] + n - 1
        if record.model is Project:
            self._project_id = values["id"]
            values["name"] = self._name
        if record.model in (Round, Article, Source, Claim):
            values["project_id"] = self._project_id
        if record.model is Round:
            self._rounds[values["name"]] = values["id"]
        if record.model is Article:
            values |= self._text_of(values) | {"sentence_count": 0, "address_key": address_key(values["url"])}
        if record.model is SourceEntry:
            values["name_key"] = name_key(values["name"])
        if record.model is SourceAlias:
            values["alias_key"] = name_key(values["alias"])
        if record.model is Assignment:
            values["answered"] = 0
            self._work[values["key"]] = values["id"]
        if record.model is Submission:
            self._submissions[values["assignment_id"], values["number"]] = values["id"]
        return values

    def _codebook(self, values: dict[str, Any], n: int) -> dict[str, Any]:
        """One that comes with the program is here already, if its text is the same."""
        number, paths = values.pop("id"), codebook_paths(self._versions())
        if number is None or not 0 < number <= len(paths):
            raise BadPackage(f"“records/codebook.csv”, row {n}: there is no codebook of that number.")
        words, of_program = self._package.text(paths[number - 1]), values["published_at"] is None
        if of_program:
            same = (Codebook.project_id.is_(None), Codebook.version == values["version"], Codebook.text == words)
            if here := self._session.scalar(select(Codebook.id).where(*same)):
                self._codebooks[str(number)] = here
                return {}
        id_ = self._firsts["codebook"] + n - 1
        self._codebooks[str(number)] = id_
        at = values["published_at"] or now()
        return {"id": id_, "project_id": self._project_id, **values, "text": words, "published_at": at}

    def _versions(self) -> list[str]:
        path = "records/codebook.csv"
        place = self._package.columns(path).index("version")
        return [row[place] for row in self._package.rows(path)]

    def _text_of(self, values: dict[str, Any]) -> dict[str, Any]:
        """The article's text, and its upload, which is the text where the package has no other."""
        path, original = f"articles/{values['number']}.txt", f"originals/{values['number']}"
        told = self._package.read(path) if self._package.holds(path) else b""
        upload = self._package.read(original) if self._package.holds(original) else told
        if hashlib.sha256(told).hexdigest() != values["text_sha256"]:
            raise BadPackage(f"“{path}” is not the text of which “records/article.csv” has the hash.")
        if hashlib.sha256(upload).hexdigest() != values["original_sha256"]:
            raise BadPackage(f"“{original}” is not the upload of which “records/article.csv” has the hash.")
        return {"text": self._package.text(path), "original": upload}

    def _require_running_round(self) -> None:
        running = Round.project_id == self._project_id, Round.closed_at.is_(None)
        if not self._session.scalar(select(Round.id).where(*running)):
            raise BadPackage("“records/round.csv” has no round that runs, as every project has.")

    # ---- what hangs on the rows

    def _bring_in_copies(self) -> None:
        record = _RECORD_OF[EvidenceCopy]
        names = [cell.column.name for cell in cells_of(record)]
        id_, sha256, blanked = (names.index(name) for name in ("id", "sha256", "blanked_at"))
        for n, row in enumerate(self._package.rows(record.file), start=1):
            path = f"copies/{row[id_]}"
            self._copies_left_out += not self._has_copies and not row[blanked]
            if row[blanked] or not self._comes(record, n, row):
                continue
            content = self._package.read(path) if self._package.holds(path) else b""
            if hashlib.sha256(content).hexdigest() != row[sha256]:
                raise BadPackage(f"“{path}” is not the copy of which “records/evidence_copy.csv” has the hash.")
            pieces = [content[start : start + PIECE] for start in range(0, len(content), PIECE)]
            copy_id = self._own(UUID(row[id_]))
            self._session.execute(
                insert(EvidencePiece),
                [{"copy_id": copy_id, "position": n, "data": piece} for n, piece in enumerate(pieces)],
            )

    def _keep_first_tags(self) -> None:
        """Who told a tag of their own with a decision had kept it before, as their first decision on it says."""
        same = FirstTag.sentence_id == Adjudication.sentence_id, FirstTag.adjudicator_id == Adjudication.adjudicator_id
        kept_before = exists().where(*same)
        told = (
            select(
                Adjudication.sentence_id, Adjudication.adjudicator_id, Adjudication.first_tag, Adjudication.created_at
            )
            .where(Adjudication.id >= self._firsts["adjudication"], Adjudication.first_tag.is_not(None), ~kept_before)
            .order_by(Adjudication.sentence_id, Adjudication.version)
        )
        kept: dict[tuple[int, int], FirstTag] = {}
        for sentence_id, who, tag, at in self._session.execute(told):
            kept.setdefault((sentence_id, who), FirstTag(sentence_id=sentence_id, adjudicator_id=who, tag=tag, at=at))
        self._session.add_all(kept.values())
        self._session.flush()

    def _index_writings(self, record: Record) -> None:
        """Make what people wrote findable."""
        kind, model = record.name, record.model
        if kind not in word_index.WRITTEN:
            return
        columns = [getattr(model, name) for name in ("id", *word_index.WRITTEN[kind])]
        last = self._firsts[kind] - 1
        written = or_(*(column.is_not(None) for column in columns[1:]))
        query = select(*columns).where(written, columns[0] <= self._lasts[kind]).order_by(columns[0]).limit(AT_ONCE)
        while rows := self._session.execute(query.where(columns[0] > last)).all():
            word_index.add_written(self._session.connection(), kind, rows)
            last = rows[-1][0]

    def _index_articles(self) -> None:
        """The words of the sentences and the passages; each split was the whole text at every version of it."""
        self._report("articles/")
        last, connection = self._firsts["article"] - 1, self._session.connection()
        columns = (Article.id, Article.number, Article.text, Article.segmentation_version)
        query = select(*columns).where(Article.project_id == self._project_id).order_by(Article.id).limit(50)
        while rows := self._session.execute(query.where(Article.id > last)).all():
            split, edits = self._splits([row.id for row in rows])
            words: list[tuple[int, str]] = []
            wholes: list[str] = []
            for row in rows:
                live = _live(row, split.get(row.id, []), edits.get(row.id, set()))
                folded, whole = folded_sentences(row.text, [one.lifetime.span for one in live])
                words += zip([one.id for one in live], folded, strict=True)
                wholes.append(whole)
            word_index.add_loosely_folded(connection, words)
            hashes = dict(zip([row.id for row in rows], hashes_of_all(wholes), strict=True))
            passage_index.add(connection, self._project_id, hashes)
            last = rows[-1].id

    def _splits(self, ids: Sequence[int]) -> tuple[dict[int, list[_InSplit]], dict[int, set[int]]]:
        """By article all its sentences in the order of the text, and the versions that edits made."""
        split: dict[int, list[_InSplit]] = {}
        columns = (Sentence.article_id, Sentence.id, Sentence.start, Sentence.end, Sentence.paragraph)
        query = select(*columns, Sentence.added_in, Sentence.retired_in).where(Sentence.article_id.in_(ids))
        for article_id, id_, *span, added_in, retired_in in self._session.execute(
            query.order_by(Sentence.article_id, Sentence.start)
        ):
            split.setdefault(article_id, []).append(_InSplit(id_, Lifetime(Span(*span), added_in, retired_in)))
        edits: dict[int, set[int]] = {}
        made = select(SegmentationEdit.article_id, SegmentationEdit.version)
        for article_id, version in self._session.execute(made.where(SegmentationEdit.article_id.in_(ids))):
            edits.setdefault(article_id, set()).add(version)
        return split, edits

    def _require_chains(self) -> None:
        """The versions of each thing run from 1 without a gap, and the newest alone is current."""
        people = list(self._people.values())
        for table in revised():
            key = [getattr(table, name) for name in table.revision_of]
            self._require_unbroken(table, key, [getattr(table, table.author_column).in_(people)])

    def _require_sound(self) -> None:
        """Rows fit one another as `verify` proves it, so that nothing comes in that it would find fault with."""
        if fault := next(verification.faults_of_project(self._session, self._project_id), None):
            what, _, why = fault.partition(": ")
            raise BadPackage(
                f"With this package the project would contradict itself ({what.split()[0].lower()}: "
                f"{why.rstrip('.')}); nothing came in."
            )
        self._require_short_ways(SourceMerge, SourceMerge.source_id, Source)
        self._require_short_ways(ClaimMerge, ClaimMerge.claim_id, Claim)

    def _require_short_ways(self, merge: Any, double: Any, of: Any) -> None:
        """Every page that follows merges goes from one to the next."""
        merged = select(double, merge.into_id).join(of, of.id == double)
        ours = of.project_id == self._project_id, merge.is_current, merge.into_id.is_not(None)
        merges: dict[UUID, UUID] = dict(self._session.execute(merged.where(*ours)).all())
        steps = steps_to_end(merges)
        if max(filter(None, steps.values()), default=0) > MOST_STEPS:
            raise BadPackage(
                f"More than {MOST_STEPS} {of.__tablename__}s were merged one into the next; merge them into the last "
                "one instead."
            )

    def _require_unbroken(self, table: type[Revised], key: Sequence[Any], ours: Sequence[ColumnElement[bool]]) -> None:
        broken = or_(
            func.max(table.version) != func.count(),
            func.count().filter(table.is_current) != 1,
            func.max(table.version).filter(table.is_current) != func.max(table.version),
        )
        if self._session.execute(select(*key).where(*ours).group_by(*key).having(broken).limit(1)).first():
            raise BadPackage(f"The {table.noun}s among the records are not unbroken chains with one current.")

    def _count(self) -> None:
        for statement in RECOUNT:
            self._session.execute(text(statement))
        standings.follow(self._session, self._project_id)

    def _tell(self, by: Actor, supervisor_id: int) -> None:
        give_roles(
            self._session, self._session.get_one(Project, self._project_id), supervisor_id, {Role.SUPERVISOR}, by
        )
        told = {"id": self._id, "digest": self._package.digest, "articles": len(self._numbers["article"])}
        audit(self._session, by, "package imported", project_id=self._project_id, **told)


def _live(article: Any, sentences: Sequence[_InSplit], edits: set[int]) -> list[_InSplit]:
    """The live sentences. Raises BadPackage where they are not the whole text, now or before."""
    lifetimes = [one.lifetime for one in sentences]
    newest = max((max(one.added_in, one.retired_in or 0) for one in lifetimes), default=1)
    made = article.segmentation_version - 1
    if len(edits) != made or edits != set(range(2, made + 2)) or newest > made + 1:
        raise BadPackage(f"The records do not tell how article {article.number} came to be split as it is.")
    if broken := first_broken(article.text, lifetimes, article.segmentation_version):
        version, fault = broken
        raise BadPackage(f"In version {version} of its split the sentences of article {article.number}: {fault}")
    return [one for one in sentences if one.lifetime.is_live]


_RECORD_OF = {record.model: record for record in RECORDS}


def is_copy_elsewhere(record: Record, row: Sequence[str]) -> bool:
    """Whether a row tells of a copy whose content a package may leave out: one that was blanked has none."""
    return record.model is EvidenceCopy and not row[_BLANKED]


_BLANKED = [cell.column.name for cell in cells_of(_RECORD_OF[EvidenceCopy])].index("blanked_at")


def misfit(record: Record, n: int, cell: Cell, told: str) -> BadPackage:
    """What a cell is refused with that holds nothing that belongs there."""
    return BadPackage(
        f"“{record.file}”, row {n}: “{told[:60]}” is no “{cell.column.name}”, or names what the package does not hold."
    )


def _number(told: str, path: str) -> int:
    try:
        return whole(told)
    except ValueError:
        raise BadPackage(f"“{path}” has “{told[:60]}” where a number belongs.") from None


def _uuid(told: str, path: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise BadPackage(f"“{path}” has “{told[:60]}” where a uuid belongs.") from None


def batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rows = iter(rows)
    while some := list(islice(rows, AT_ONCE)):
        yield some
