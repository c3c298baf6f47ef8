"""Each row of a package beside a project that is here: whether it is new, the same, or different. Nothing is written.

Rows are the same by what identifies them (`records`): an article by its text, a sentence by its span and the version of
the split in which it came, a revision by what it revises, its version and its client id, all else by its UUID. People
are the same where their own work, written under random ids, is here; by their codes only where somebody says so.
"""

import hashlib
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.errors import BadPackage
from webapp.domain.intake.description import DESCRIBED
from webapp.domain.merges import root_of
from webapp.domain.package_check import PackageFile
from webapp.export import records
from webapp.export.merge_report import MOST_NAMED, Fate, Matched, MergeReport
from webapp.export.package import codebook_paths
from webapp.export.project_import import NEW, OUT, Import, batches, is_copy_elsewhere, misfit
from webapp.export.records import RECORDS, Cell, Record, cells_of
from webapp.models import (
    Annotation,
    Article,
    Assessment,
    Assignment,
    AssignmentState,
    Claim,
    ClaimMerge,
    Codebook,
    DescriptionRevision,
    Edition,
    Evidence,
    EvidenceCopy,
    Membership,
    Project,
    Round,
    RoundArticle,
    Sentence,
    Source,
    SourceMerge,
    SourceRating,
    Submission,
)
from webapp.models.revisions import Revised
from webapp.models.tagging import TAKEN_AWAY

Found = Mapping[str, Any]
"""The columns of a row that is here."""
TOLD = (*DESCRIBED, "language")
WORK = ("state", "started_at", "submitted_at", "strip")
"""How far a piece of work is."""
NAMED_BY_ID = (Source, Claim, SourceRating)
STAYS_NAMED = (Round, Article, Sentence, Assignment, Source, Claim)
"""Of these the row that is here stands for a different one of the package, to which more may be added."""

SPLIT_OTHERWISE = "the split of their article is another one here"
HANGS = "what they belong to stays out"
BROKEN_CHAIN = "an earlier or later revision of theirs is different, or stays out"
HANDED_IN = "that work was handed in, taken away, or handed in more often here"
COPY_ELSEWHERE = "their content is not in the package, which was made without copies"


@dataclass(frozen=True)
class _Shape:
    """One record, and how its cells are read."""

    record: Record
    cells: Sequence[Cell]
    converters: Sequence[Callable[[str], Any] | None]
    """Of cells that name no other row."""
    people: Sequence[int]
    """The cells that name somebody."""
    places: Mapping[str, int]
    """Of each column the first cell that tells it."""
    is_revised: bool

    def index(self, of: str) -> int:
        return self.places[of]


@dataclass(slots=True)
class _Row:
    """One row of the package."""

    n: int
    told: Sequence[str]
    named: dict[str, Any]
    """By column what it names: an id that is here, NEW or OUT, or nothing."""


@dataclass
class _There:
    """The rows that are here for some of the package."""

    by_key: dict[tuple[Any, ...], Found] = field(default_factory=dict)
    by_client: dict[UUID, Found] = field(default_factory=dict)
    current: dict[tuple[Any, ...], Found] = field(default_factory=dict)
    """Of revisions the one that counts now, by what it is a revision of."""


@dataclass
class _Work:
    """A piece of work that is here, of which the package knows more."""

    n: int
    values: dict[str, Any]
    returned: dict[str, Any] | None = None


class Comparison(Import):
    """One package beside one project."""

    def __init__(
        self,
        session: Session,
        package: PackageFile,
        report: Callable[[str], None],
        project: Project,
        same: Mapping[str, str],
    ) -> None:
        super().__init__(session, package, report, project.name)
        self._project_id = project.id
        self._same = same
        self._fates: dict[str, bytearray] = {}
        self._found = MergeReport(project.name)
        self._here: dict[str, dict[Any, Any]] = defaultdict(dict)
        """By table, of what is not told by a number: the id of the row that is here, NEW or OUT."""
        self._shown: set[str] = set()
        """Codes of people whose own work is here."""
        self._needed: set[str] = set()
        """Codes of people whom new rows name."""
        self._closed: set[int] = set()
        """Sentences that are split otherwise here, to which nothing is added."""
        self._shut: set[int] = set()
        """Pieces of work that take no more answers."""
        self._ahead: dict[int, _Work] = {}
        """Pieces of work that were handed in once more in the package."""
        self._begun: dict[int, dict[str, Any]] = {}
        self._diverged: set[int] = set()
        self._handed_in: Counter[UUID] = Counter()
        self._described: dict[int, tuple[int, dict[str, Any]]] = {}
        """By article its row in the package, and what that says where it differs."""
        self._broken: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._passing: dict[str, dict[tuple[str, ...], list[int]]] = defaultdict(dict)
        """New rows by their chains, of those that have later ones."""
        self._steps_back: dict[str, dict[tuple[str, ...], Any]] = defaultdict(dict)
        """By chain the revision that is here and no longer counts."""
        self._lost_items: set[UUID] = set()
        self._framed: set[int] | None = None
        """Rounds that have a frame here."""
        self._merged: dict[str, dict[UUID, UUID]] = {}
        self._renamed: dict[str, str] = {}
        """Codebooks whose version is another text here."""

    def compare(self) -> MergeReport:
        """Raises BadPackage for one that cannot be merged."""
        self._require_files()
        self._look_for_taken_ids()
        self._members = dict(self._code_by_id())
        self._match_people()
        for record in RECORDS:
            self._report(record.file)
            self._number(record)
            self._compare(record)
        return self._told()

    def _code_by_id(self) -> Iterable[tuple[int, str]]:
        query = select(Membership.user_id, Membership.coder_code).where(Membership.project_id == self._project_id)
        return ((user_id, code) for user_id, code in self._session.execute(query))

    def _number(self, record: Record) -> None:
        super()._number(record)
        if record.name in self._numbers:
            numbers = self._numbers[record.name]
            numbers.here = array("q", bytes(8 * len(numbers)))
            self._taken = self._numbers_here(record)

    def _numbers_here(self, record: Record) -> "array[int]":
        """The numbers by which rows of the project go, rising."""
        model: Any = record.model
        query = select(func.coalesce(model.number, model.id))
        if model is Annotation:
            query = query.join(Sentence, Sentence.id == Annotation.sentence_id)
        if model is not Article:
            query = query.join(Article, Article.id == Sentence.article_id)
        query = query.where(Article.project_id == self._project_id).order_by(func.coalesce(model.number, model.id))
        return array("q", (number for (number,) in self._session.execute(query.execution_options(yield_per=5_000))))

    def _look_for_taken_ids(self) -> None:
        """Ids are drawn where those of the package are another project’s, beside which this one has its own."""
        project_of: dict[Any, Any] = {Source: Source.project_id, Claim: Claim.project_id}
        for model, column in project_of.items():
            record = next(one for one in RECORDS if one.model is model)
            for rows in batches(self._package.rows(record.file)):
                ids = [self._uuid_in(record, row[0]) for row in rows]
                self._is_drawn |= self._is_of_another(select(column).where(model.id.in_(ids)))
        record = next(one for one in RECORDS if one.model is Assignment)
        for rows in batches(self._package.rows(record.file)):
            keys = [self._uuid_in(record, row[0]) for row in rows]
            held = select(Article.project_id).join(Assignment, Assignment.article_id == Article.id)
            self._is_drawn |= self._is_of_another(held.where(Assignment.key.in_(keys)))

    def _is_of_another(self, projects: Any) -> bool:
        return any(project_id != self._project_id for project_id in self._session.scalars(projects.distinct()))

    def _uuid_in(self, record: Record, told: str) -> UUID:
        try:
            return UUID(told)
        except ValueError:
            raise misfit(record, 1, cells_of(record)[0], told) from None

    # ---- people

    def _match_people(self) -> None:
        """Who is whom, as somebody says. Raises BadPackage for a code that is nobody’s."""
        known = [row[0] for row in self._package.rows(records.PEOPLE)]
        by_code = {code: user_id for user_id, code in self._members.items()}
        for code, here in self._same.items():
            if code not in known:
                raise BadPackage(f"Nobody in the package has the code “{code[:40]}”.")
            if here not in by_code:
                raise BadPackage(f"Nobody in the project “{self._name}” has the code “{here[:40]}”.")
            self._people[code] = by_code[here]
        if len(set(self._people.values())) < len(self._people):
            raise BadPackage("Two people of the package cannot be one person of the project.")

    def _learn(self, code: str, user_id: int) -> None:
        """What was written under a random id shows who wrote it."""
        if not code:
            return
        if self._people.setdefault(code, user_id) != user_id:
            ours, theirs = (self._members.get(one, "somebody else") for one in (self._people[code], user_id))
            raise BadPackage(
                f"“{code[:40]}” of the package cannot be {ours} of the project: what they did there is {theirs}’s here."
            )
        self._shown.add(code)

    # ---- rows

    def _compare(self, record: Record) -> None:
        fates = self._fates[record.name] = bytearray(self._package.count(record.file))
        if record.model is Project:
            fates[:] = bytes([Fate.SAME] * len(fates))
            return
        if record.model is Codebook:
            self._compare_codebooks(record, fates)
            return
        if record.model is Assignment:
            self._count_submissions()
        cells = cells_of(record)
        plain = [None if cell.refers_to else self._plain(record.table.c[cell.of]) for cell in cells]
        places = {cell.of: index for index, cell in reversed(list(enumerate(cells)))}
        people = [index for index, cell in enumerate(cells) if cell.refers_to == "user"]
        shape = _Shape(record, cells, plain, people, places, issubclass(record.model, Revised))
        for some in batches(enumerate(self._package.rows(record.file), start=1)):
            rows = [_Row(n, told, self._named(shape, n, told)) for n, told in some]
            there = self._there(shape, rows)
            for row in rows:
                fates[row.n - 1] = self._fate(shape, row, there)

    def _named(self, shape: _Shape, n: int, told: Sequence[str]) -> dict[str, Any]:
        named: dict[str, Any] = {}
        for index, cell in enumerate(shape.cells):
            target, word = cell.refers_to, told[index]
            if target is None or target == "user":
                continue
            try:
                if target == "submission":  # told in two cells, of which this is the first
                    if cell.of not in named:
                        named[cell.of] = self._here[target][self._own(UUID(word)), int(told[index + 1])]
                elif word or not shape.record.table.c[cell.of].nullable:
                    named[cell.of] = self._id_here(target, word)
                else:
                    named[cell.of] = None
            except (KeyError, ValueError, IndexError):
                raise misfit(shape.record, n, cell, word) from None
        return named

    def _id_here(self, target: str, told: str) -> Any:
        if target in records.NUMBERED:
            numbers = self._numbers[target]
            assert numbers.here is not None
            return numbers.here[numbers.place(int(told))]
        return self._here[target][told if target in ("round", "codebook") else self._own(UUID(told))]

    def _there(self, shape: _Shape, rows: Sequence[_Row]) -> _There:
        """What is here under the first column of the identity."""
        record, first = shape.record, shape.record.identity[0]
        wanted = {value for row in rows if (value := self._value(shape, row, first)) is not None}
        wanted -= {NEW, OUT} if first in rows[0].named else set()
        there, table = _There(), record.table
        if not wanted:
            return there
        names = {cell.of for cell in shape.cells} | ({"id"} & set(table.c.keys()))
        query = select(*(table.c[name] for name in names)).where(table.c[first].in_(wanted))
        if record.model in (Round, Article):
            query = query.where(table.c.project_id == self._project_id)
        if record.model is Article:
            self._refuse_trashed(wanted)
            query = query.where(Article.is_live)
        for row in self._session.execute(query).mappings():
            found = dict(row)
            there.by_key[tuple(found[name] for name in record.identity)] = found
            if shape.is_revised:
                there.by_client[found["client_id"]] = found
                if found["is_current"]:
                    there.current[tuple(found[name] for name in record.identity[:-1])] = found
        return there

    def _refuse_trashed(self, hashes: Iterable[str]) -> None:
        ours = Article.project_id == self._project_id, Article.text_sha256.in_(hashes)
        live = set(self._session.scalars(select(Article.text_sha256).where(*ours, Article.is_live)))
        gone = select(Article).where(*ours, ~Article.is_live, Article.text_sha256.not_in(live))
        if article := self._session.scalars(gone.limit(1)).first():
            raise BadPackage(
                f"“{article.display_title}” of the package lies in the trash of “{self._name}”; restore it, then merge."
            )

    def _value(self, shape: _Shape, row: _Row, name: str) -> Any:
        """What a column of the row would hold here; NEW or OUT for a row that is not."""
        index = shape.index(name)
        cell, told = shape.cells[index], row.told[index]
        if cell.refers_to == "user":
            return self._people.get(told, NEW)
        if cell.refers_to:
            return row.named[name]
        converted = shape.converters[index]
        assert converted
        try:
            return converted(told)
        except (ValueError, KeyError, TypeError):
            raise misfit(shape.record, row.n, cell, told) from None

    def _key(self, shape: _Shape, row: _Row) -> tuple[Any, ...] | None:
        """By what the row is found here; None where it cannot be."""
        names = shape.record.identity
        key = tuple(self._value(shape, row, name) for name in names)
        named = (value for name, value in zip(names, key, strict=True) if shape.cells[shape.index(name)].refers_to)
        return None if any(value in (NEW, OUT) for value in named) else key

    def _fate(self, shape: _Shape, row: _Row, there: _There) -> Fate:
        record = shape.record
        found = self._found_in(shape, row, there)
        if found is not None:
            fate = self._beside(shape, row, found)
        else:
            fate, why = self._as_new(shape, row)
            if fate is Fate.DIFFERENT:
                self._tell_difference(shape, row, why)
            elif fate is Fate.LEFT_OUT:
                self._found.left_out[record.noun, why] += 1
        if shape.is_revised:
            self._keep_chain(shape, row, there, fate)
        self._keep_id(shape, row, found, fate)
        if fate is Fate.NEW:
            self._needed.update(row.told[index] for index in shape.people)
        if fate is Fate.NEW and record.name in self._numbers and self._is_taken(shape, row):
            return Fate.UNNUMBERED
        return fate

    def _found_in(self, shape: _Shape, row: _Row, there: _There) -> Found | None:
        """The row that is here; whoever wrote it is known by it."""
        model = shape.record.model
        if shape.is_revised:
            client_id = self._value(shape, row, "client_id")
            found = there.by_client.get(client_id)
            if found and client_id.version == RANDOM:
                author = model.author_column  # type: ignore[attr-defined]
                self._learn(row.told[shape.index(author)], found[author])
                return found
        key = self._key(shape, row)
        found = there.by_key.get(key) if key else None
        if found is not None and (of := {Source: "maker_id", Claim: "maker_id", Assignment: "analyst_id"}.get(model)):
            self._learn(row.told[shape.index(of)], found[of])
        return found

    # ---- one that is here

    def _beside(self, shape: _Shape, row: _Row, found: Found) -> Fate:
        record = shape.record
        if record.model is Assignment:
            return self._beside_work(shape, row, found)
        difference = self._difference(shape, row, found)
        if record.model is Submission and found["returned_at"] is None and not difference:
            at = self._value(shape, row, "returned_at")
            if at and (work := self._ahead.get(found["assignment_id"])):
                told = {name: row.told[shape.index(name)] for name in ("returned_by_id", "returned_why")}
                work.returned = {"id": found["id"], "returned_at": at, **told}
        if record.model is Article:
            self._keep_description(shape, row, found)
        if difference is None:
            return Fate.SAME
        self._tell_difference(shape, row, difference)
        if record.model is Sentence:
            self._closed.add(found["id"])
        if record.model in (Annotation, Submission):
            self._diverged.add(found["assignment_id"])
        return Fate.DIFFERENT

    def _difference(self, shape: _Shape, row: _Row, found: Found) -> str | None:
        """Where a row says something else than the one that is here, in words."""
        record, late = shape.record, []
        for name in record.identity if shape.is_revised else ():
            if self._value(shape, row, name) != found[name]:
                return f"the same write stands elsewhere here: its {name} is {_shown(found[name])}"
        for index, cell in enumerate(shape.cells):
            if cell.of in (*record.identity, *record.apart, "id", "is_current") or cell.refers_to == "user":
                continue
            if cell.of in ("created_at", "client_id"):
                late.append(cell.of)
            elif not self._is_same(shape, row, index, found):
                here, told = found[cell.of], row.told[index]
                there = told == "true" if isinstance(here, bool) else told
                return f"{cell.of} is {_shown(here)} here and {_shown(there)} in the package"
        if any(not self._is_same(shape, row, shape.index(name), found) for name in late):
            return "it says the same here, but was written apart from this one"
        return None

    def _is_same(self, shape: _Shape, row: _Row, index: int, found: Found) -> bool:
        cell, told, model = shape.cells[index], row.told[index], shape.record.model
        there = found[cell.of]
        if model in (Evidence, Assessment) and cell.of in ("sentence_id", "words") and not told:
            return True  # of an article in the trash a package tells neither
        if cell.refers_to in ("source", "source_rating", "claim"):
            return bool(there == (self._own(UUID(told)) if told else None))
        if model is DescriptionRevision and cell.of in ("created_at", "client_id") and found["version"] == 1:
            return True  # made of the article when it was first amended
        value = self._value(shape, row, cell.of)
        if cell.refers_to and value == OUT:
            return True
        if cell.of == "client_id" and value != there:
            return bool(there == client_id_here(shape.record, value, found))
        return bool(value == there)

    def _count_submissions(self) -> None:
        record = next(one for one in RECORDS if one.model is Submission)
        for key, *_ in self._package.rows(record.file):
            self._handed_in[self._own(self._uuid_in(record, key))] += 1

    def _beside_work(self, shape: _Shape, row: _Row, found: Found) -> Fate:
        """A piece of work goes on where the package has it handed in more often, or begun."""
        id_, values = found["id"], {name: self._value(shape, row, name) for name in WORK}
        if any(self._value(shape, row, name) != found[name] for name in ("round_id", "article_id", "pass")):
            self._tell_difference(shape, row, "it is work on another article, or of another round, here")
            return Fate.DIFFERENT
        here = self._session.scalar(select(func.count()).where(Submission.assignment_id == id_)) or 0
        there = self._handed_in[found["key"]]
        if there > here:
            self._ahead[id_] = _Work(row.n, values)
            return Fate.SAME
        if there < here or found["state"] in (AssignmentState.SUBMITTED, *TAKEN_AWAY):
            self._shut.add(id_)
        elif found["state"] == AssignmentState.ASSIGNED and values["state"] == AssignmentState.STARTED:
            self._begun[id_] = {name: values[name] for name in ("state", "started_at")}
            return Fate.SAME
        differs = [name for name in ("state", "started_at", "submitted_at") if values[name] != found[name]]
        if not differs:
            return Fate.SAME
        self._tell_difference(
            shape, row, f"{differs[0]} is {_shown(found[differs[0]])} here and {_shown(values[differs[0]])} there"
        )
        return Fate.DIFFERENT

    def _keep_description(self, shape: _Shape, row: _Row, found: Found) -> None:
        told = {name: self._value(shape, row, name) for name in TOLD}
        if any(told[name] != found[name] for name in TOLD):
            self._described[found["id"]] = row.n, told

    # ---- one that is not

    def _as_new(self, shape: _Shape, row: _Row) -> tuple[Fate, str]:
        """Whether a row that is not here comes in; else why not."""
        record, named = shape.record, row.named
        if OUT in named.values():
            return Fate.LEFT_OUT, HANGS
        if record.part_of and named[record.part_of] != NEW and not self._is_first_frame(record, named):
            return Fate.DIFFERENT, f"it is not here, where the {record.part_of.removesuffix('_id')} is"
        if named.get("sentence_id") in self._closed:
            return Fate.LEFT_OUT, SPLIT_OTHERWISE
        if shape.is_revised and self._chain(shape, row) in self._broken[record.name]:
            return Fate.LEFT_OUT, BROKEN_CHAIN
        why = self._why_not(shape, row)
        return why or (Fate.NEW, "")

    def _why_not(self, shape: _Shape, row: _Row) -> tuple[Fate, str] | None:
        model, named = shape.record.model, row.named
        if model is Assignment:
            return self._as_new_work(shape, row)
        if model is Annotation and named["assignment_id"] in self._shut:
            return Fate.LEFT_OUT, HANDED_IN
        if model is Submission and named["assignment_id"] != NEW:
            return self._as_new_submission(named["assignment_id"])
        if model is Assessment:
            return self._as_new_assessment(shape, row)
        if model in (Evidence, EvidenceCopy) and self._names_lost_item(shape, row):
            return Fate.LEFT_OUT, HANGS
        if model is EvidenceCopy and not self._has_copies and is_copy_elsewhere(shape.record, row.told):
            return Fate.LEFT_OUT, COPY_ELSEWHERE
        if model in (SourceMerge, ClaimMerge):
            return self._as_new_merge(shape, row)
        if model is Edition and NEW not in named.values():
            return self._as_new_edition(named)
        if model is DescriptionRevision and named["article_id"] != NEW:
            return self._as_new_description(shape, row)
        return None

    def _is_first_frame(self, record: Record, named: Mapping[str, Any]) -> bool:
        """Whether the row is of the frame of a round that has none here: frames come whole, or not at all."""
        if record.model is not RoundArticle:
            return False
        if self._framed is None:
            self._framed = set(self._session.scalars(select(RoundArticle.round_id).distinct()))
        return named["round_id"] not in self._framed

    def _as_new_work(self, shape: _Shape, row: _Row) -> tuple[Fate, str] | None:
        names = ("article_id", "analyst_id", "round_id", "pass")
        held = {name: self._value(shape, row, name) for name in names}
        if NEW in [held[name] for name in names[:3]]:
            return None
        same = [shape.record.table.c[name] == value for name, value in held.items()]
        if self._session.execute(select(Assignment.id).where(*same)).first():
            return Fate.DIFFERENT, "its analyst holds this article in this round already, as another piece of work"
        return None

    def _as_new_submission(self, work_id: int) -> tuple[Fate, str] | None:
        if work_id in self._ahead and work_id not in self._diverged:
            return None
        if work := self._ahead.pop(work_id, None):
            self._fates["assignment"][work.n - 1] = Fate.DIFFERENT
            line = (
                f"pieces of work, row {work.n} of its table: answers to it are different, so it stays as far as it is"
            )
            self._name_difference("assignment", work.n, line)
        return Fate.LEFT_OUT, "answers of that work are different, or it was handed in as often here"

    def _as_new_assessment(self, shape: _Shape, row: _Row) -> tuple[Fate, str] | None:
        claim_id, author_id = row.named["claim_id"], self._value(shape, row, "author_id")
        if NEW in (claim_id, author_id) or self._chain(shape, row) in self._passing[shape.record.name]:
            return None
        held = Assessment.claim_id == claim_id, Assessment.author_id == author_id
        key = self._value(shape, row, "note_key")
        if self._session.execute(select(Assessment.id).where(*held, Assessment.note_key != key)).first():
            return Fate.DIFFERENT, "its author has assessed this claim here already"
        return None

    def _as_new_edition(self, named: Mapping[str, Any]) -> tuple[Fate, str] | None:
        """Articles that are here both came in another order than in the package."""
        turned = Edition.article_id == named["earlier_id"], Edition.earlier_id == named["article_id"]
        if self._session.execute(select(Edition.article_id).where(*turned)).first():
            return Fate.DIFFERENT, "the other one of the two is the later edition here"
        return None

    def _names_lost_item(self, shape: _Shape, row: _Row) -> bool:
        name = "same_origin_as" if shape.record.model is Evidence else "evidence_id"
        return self._value(shape, row, name) in self._lost_items

    def _as_new_merge(self, shape: _Shape, row: _Row) -> tuple[Fate, str] | None:
        """No merge that leads in a circle with those made here."""
        told = row.told[shape.index("into_id")]
        if not told or row.told[shape.index("is_current")] != "true":
            return None
        double, into = (self._own(UUID(one)) for one in (row.told[shape.index(shape.record.identity[0])], told))
        merges = self._merges_here(shape.record)
        if root_of(into, {one: other for one, other in merges.items() if one != double}) == double:
            return Fate.DIFFERENT, "with the merges made here it would lead in a circle"
        merges[double] = into
        return None

    def _merges_here(self, record: Record) -> dict[UUID, UUID]:
        """What was merged into what, as it counts now, with what comes."""
        if record.name not in self._merged:
            model: Any = record.model
            of, parent = (model.source_id, Source) if model is SourceMerge else (model.claim_id, Claim)
            query = (
                select(of, model.into_id)
                .join(parent, parent.id == of)
                .where(parent.project_id == self._project_id, model.is_current, model.into_id.is_not(None))
            )
            self._merged[record.name] = {row[0]: row[1] for row in self._session.execute(query)}
        return self._merged[record.name]

    def _as_new_description(self, shape: _Shape, row: _Row) -> tuple[Fate, str] | None:
        article_id = row.named["article_id"]
        if row.told[shape.index("version")] == "1":
            here = self._session.execute(
                select(*(getattr(Article, name) for name in TOLD)).where(Article.id == article_id)
            ).one()
            if any(getattr(here, name) != self._value(shape, row, name) for name in TOLD):
                return Fate.DIFFERENT, "the article came in with another description here"
        return None

    # ---- what is kept of each

    def _chain(self, shape: _Shape, row: _Row) -> tuple[str, ...]:
        """By what revisions of one thing are told in the package."""
        return tuple(row.told[shape.index(name)] for name in shape.record.identity[:-1])

    def _keep_chain(self, shape: _Shape, row: _Row, there: _There, fate: Fate) -> None:
        """A chain goes on from what is here, or stays out as far as it is new."""
        name, chain = shape.record.name, self._chain(shape, row)
        if fate is Fate.NEW:
            if row.told[shape.index("is_current")] != "true":
                self._passing[name].setdefault(chain, []).append(row.n)
            key = self._key(shape, row)
            if key and (current := there.current.get(key[:-1])):
                self._steps_back[name][chain] = current["id"]
        elif fate is not Fate.SAME:
            self._broken[name].add(chain)
            self._steps_back[name].pop(chain, None)
            for n in self._passing[name].pop(chain, ()):
                self._fates[name][n - 1] = Fate.LEFT_OUT
                self._found.left_out[shape.record.noun, BROKEN_CHAIN] += 1
                if name in self._numbers:
                    self._set_here(name, n, OUT)
            if shape.record.model is Evidence and fate is Fate.LEFT_OUT:
                self._lost_items.add(self._value(shape, row, "evidence_id"))

    def _keep_id(self, shape: _Shape, row: _Row, found: Found | None, fate: Fate) -> None:
        """What rows that name this one find."""
        record = shape.record
        id_: Any = OUT
        if fate is Fate.NEW:
            id_ = NEW
        elif found is not None and (fate is Fate.SAME or record.model in STAYS_NAMED):
            id_ = found.get("id", NEW)
        if record.model is Assignment and fate is Fate.DIFFERENT and found is not None:
            places = ("round_id", "article_id", "pass")
            id_ = found["id"] if all(self._value(shape, row, one) == found[one] for one in places) else OUT
        if record.name in self._numbers:
            self._set_here(record.name, row.n, id_)
        elif record.model is Round:
            self._here["round"][row.told[shape.index("name")]] = id_
        elif record.model is Assignment:
            self._here["assignment"][self._value(shape, row, "key")] = id_
        elif record.model is Submission:
            work = self._own(UUID(row.told[shape.index("assignment_id")]))
            self._here["submission"][work, self._value(shape, row, "number")] = id_
        elif record.model in NAMED_BY_ID:
            self._here[record.name][self._value(shape, row, "id")] = id_
        if record.model is DescriptionRevision and fate is Fate.NEW:
            self._follow_description(row.named["article_id"])

    def _set_here(self, name: str, n: int, id_: int) -> None:
        here = self._numbers[name].here
        assert here is not None
        here[n - 1] = id_

    def _follow_description(self, article_id: int) -> None:
        """The article is the same, as the package tells how it came to be described otherwise."""
        if article_id in self._described:
            n, _ = self._described[article_id]
            self._fates["article"][n - 1] = Fate.SAME
            self._found.differences.pop(("article", n), None)

    def _is_taken(self, shape: _Shape, row: _Row) -> bool:
        number = self._value(shape, row, "id")
        at = bisect_left(self._taken, number)
        if at == len(self._taken) or self._taken[at] != number:
            return False
        if len(self._found.unnumbered) < MOST_NAMED:
            self._found.unnumbered.append(f"{shape.record.noun}, number {number}")
        return True

    # ---- codebooks

    def _compare_codebooks(self, record: Record, fates: bytearray) -> None:
        """One is the same by version and text; where its version is another text here it comes under another name."""
        paths = codebook_paths(self._versions())
        numbers = {str(n) for n in range(1, len(paths) + 1)}
        for n, (number, version, _) in enumerate(self._package.rows(record.file), start=1):
            if number not in numbers:
                raise misfit(record, n, cells_of(record)[0], number)
            known = select(Codebook).where(
                (Codebook.project_id == self._project_id) | Codebook.project_id.is_(None),
                Codebook.text == self._package.text(paths[int(number) - 1]),
            )
            renamed = f"{version} of package "
            here = [
                one for one in self._session.scalars(known) if one.version == version or one.version.startswith(renamed)
            ]
            if here:
                fates[n - 1] = Fate.SAME
                self._here["codebook"][number] = here[0].id
                continue
            self._here["codebook"][number] = NEW
            ours = Codebook.project_id == self._project_id, Codebook.version == version
            if self._session.scalar(select(Codebook.id).where(*ours)):
                self._renamed[number] = f"{renamed}{self._id[:8]}"
                self._name_difference(
                    record.name,
                    n,
                    f"codebook {version} has another text here; this one comes as “{renamed}{self._id[:8]}”",
                )

    # ---- what is told

    def _tell_difference(self, shape: _Shape, row: _Row, why: str) -> None:
        record = shape.record
        number = f"number {row.told[shape.index('id')]}, " if record.name in records.NUMBERED else ""
        self._name_difference(record.name, row.n, f"{record.noun}, {number}row {row.n} of its table: {why}")

    def _name_difference(self, name: str, n: int, line: str) -> None:
        if len(self._found.differences) < MOST_NAMED:
            self._found.differences[name, n] = line

    def _told(self) -> MergeReport:
        running = hashlib.sha256(self._package.digest.encode())
        for record in RECORDS:
            fates = self._fates[record.name]
            running.update(fates)
            if record.model is not Project:
                self._found.counts[record.noun] = Counter({fate: n for fate in Fate if (n := fates.count(fate))})
        codes = [row[0] for row in self._package.rows(records.PEOPLE)]
        told = self._needed | set(self._people)
        self._found.people = [self._matched(code) for code in codes if code and code in told]
        running.update("\n".join(map(str, self._found.people)).encode())
        self._found.fingerprint = running.hexdigest()
        return self._found

    def _matched(self, code: str) -> Matched:
        if code not in self._people:
            return Matched(code)
        here = self._members.get(self._people[code], "somebody who is no member any more")
        return Matched(code, here, code in self._shown)


RANDOM = 4
"""The version of a UUID that nobody can come to by reckoning."""


def client_id_here(record: Record, client_id: UUID, values: Mapping[str, Any]) -> UUID:
    """The client id of a write as it is kept here: one that was reckoned of ids is reckoned anew of those here."""
    return (
        client_id
        if client_id.version == RANDOM
        else uuid5(client_id, " ".join(str(values[n]) for n in record.identity))
    )


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{str(value)[:60]}”" if value not in (None, "") else "empty"
