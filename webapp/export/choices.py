"""What of a table goes out: which articles, outlets, analysts and days, with which words, and under which codes.

All of it is done on the rows of a table, by the names of its columns, so that it holds for every shape and format.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import groupby, islice

from webapp.domain.errors import BadExport
from webapp.domain.export import Cells, Column, compact_json, csv_rows

WORDS = ("text", "words", "source_text", "cue_text", "chain")
"""Columns with words of the articles."""
NOTES = ("note", "corroboration_note", "reason")
CODES = ("coder_id", "adjudicator_id")
LINKS = ("annotation_id", "assignment_key")
"""By which rows of one export are found in another."""
OF_ANSWERS = ("long", "history", "reliability", "wide")
"""The shapes whose coder is an analyst."""
NAME = Column("coder_name", "text", "the name of who goes by `coder_id`; only for supervisors who ask for it")
LINES = 100


@dataclass(frozen=True)
class Choices:
    """What somebody wants of a project; as it stands here all of it, under the codes of the project."""

    articles: tuple[str, ...] = ()
    """Their numbers; empty: all, as with the others."""
    outlets: tuple[str, ...] = ()
    analysts: tuple[str, ...] = ()
    """Their codes."""
    since: str = ""
    until: str = ""
    """Days, months or years of publication, both included."""
    submitted: bool = False
    no_text: bool = False
    no_notes: bool = False
    fresh_codes: bool = False
    names: bool = False

    @property
    def told(self) -> dict[str, object]:
        """What was chosen, for the audit."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name))}

    @property
    def picks_articles(self) -> bool:
        return bool(self.articles or self.outlets or self.since or self.until)

    def holds_day(self, published: str) -> bool:
        """Whether something published then, as far as that is known, lies between the days that are wanted."""
        if not published:
            return not (self.since or self.until)
        after = published[: len(self.since)] >= self.since[: len(published)]
        return after and (not self.until or published[: len(self.until)] <= self.until[: len(published)])


EVERYTHING = Choices()


@dataclass(frozen=True)
class Chooser:
    """The choices, with what the project holds for them."""

    choices: Choices
    articles: frozenset[str] | None = None
    """The numbers of the articles that are wanted; None: all."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """In place of the project's codes."""
    names: Mapping[str, str] = field(default_factory=dict)

    known: frozenset[str] = frozenset()
    """The codes of the project."""

    def columns(self, shape: str, columns: Sequence[Column]) -> tuple[Column, ...]:
        """The columns of a shape as they go out."""
        told = [columns[place] for place in self._places(shape, columns)]
        renamed = [
            Column(self.codes.get(one.name, one.name), one.type, one.meaning, one.unit, one.allowed) for one in told
        ]
        with_name = self.names and any(one.name == "coder_id" for one in columns)
        return (*renamed, NAME) if with_name else tuple(renamed)

    def pieces(
        self, shape: str, columns: Sequence[Column], pieces: Iterable[str], *, bom: bool = False, guard: bool = False
    ) -> Iterator[str]:
        """The CSV of a shape with what was chosen of it; given exact, written as asked."""
        rows = csv_rows(pieces)
        next(rows)
        cells = Cells(guard=guard)
        header = Cells()([column.name for column in self.columns(shape, columns)])
        yield ("\ufeff" if bom else "") + header + "\r\n"
        told = (f"{cells(row)}\r\n" for row in self._rows(shape, columns, rows))
        while piece := "".join(islice(told, LINES)):
            yield piece

    def _places(self, shape: str, columns: Sequence[Column]) -> list[int]:
        """Which columns stay, and in which order: in the wide shape those of analysts are told apart by their codes."""
        places = list(range(len(columns)))
        if shape != "wide":
            return places
        fixed = [place for place in places if columns[place].name not in self.known]
        people = [place for place in places if columns[place].name in self.known]
        if self.choices.analysts:
            people = [place for place in people if columns[place].name in self.choices.analysts]
        return fixed + sorted(people, key=lambda place: self.codes.get(columns[place].name, columns[place].name))

    def _rows(self, shape: str, columns: Sequence[Column], rows: Iterable[list[str]]) -> Iterator[list[str]]:
        at = {column.name: place for place, column in enumerate(columns)}
        wanted = self._wanted(shape, at)
        edits = self._edits(at)
        places = self._places(shape, columns)
        kept = (self._edited(row, edits, at) for row in rows if all(holds(row) for holds in wanted))
        if self.codes and shape in ("long", "reliability"):
            # In the order of the codes that go out: that of the project's would tell who is who.
            kept = (
                row
                for _, of_sentence in groupby(kept, key=lambda row: row[at["sentence_id"]])
                for row in sorted(of_sentence, key=lambda row: row[at["coder_id"]])
            )
        for row in kept:
            yield [row[place] for place in places] + row[len(columns) :]

    def _wanted(self, shape: str, at: Mapping[str, int]) -> list[Callable[[list[str]], bool]]:
        holds: list[Callable[[list[str]], bool]] = []
        if self.articles is not None and "article_id" in at:
            place, numbers = at["article_id"], self.articles
            holds.append(lambda row: row[place] in numbers)
        if self.choices.analysts and shape in OF_ANSWERS and "coder_id" in at:
            coder, people = at["coder_id"], self.choices.analysts
            holds.append(lambda row: row[coder] in people)
        if self.choices.submitted and "submitted_at" in at:
            handed_in = at["submitted_at"]
            holds.append(lambda row: row[handed_in] != "")
        return holds

    def _edits(self, at: Mapping[str, int]) -> list[tuple[int, Callable[[str], str]]]:
        """What is done to which cell."""
        blank = [*(WORDS if self.choices.no_text else ()), *(NOTES if self.choices.no_notes else ())]
        edits: list[tuple[int, Callable[[str], str]]] = []
        if self.codes:
            blank += LINKS
            edits += [(at[name], lambda code: self.codes.get(code, "")) for name in CODES if name in at]
            if "facts" in at:
                edits.append((at["facts"], self._facts))
        return edits + [(at[name], lambda _: "") for name in blank if name in at]

    def _edited(
        self, row: list[str], edits: Sequence[tuple[int, Callable[[str], str]]], at: Mapping[str, int]
    ) -> list[str]:
        name = [self.names.get(row[at["coder_id"]], "")] if self.names and "coder_id" in at else []
        for place, edit in edits:
            row[place] = edit(row[place])
        return row + name

    def _facts(self, cell: str) -> str:
        """Facts of a source say who entered each."""
        if not cell:
            return ""
        facts = json.loads(cell)
        for fact in facts:
            if code := fact.pop("coder_id", ""):
                fact["coder_id"] = self.codes.get(code, "")
        return compact_json(facts)


def fresh_codes(known: Iterable[str]) -> dict[str, str]:
    """A code for each of those, drawn anew, so that two exports do not tell who is the same."""
    codes = sorted(known)
    drawn: set[str] = set()
    while len(drawn) < len(codes):
        drawn.add(f"P{secrets.randbelow(9_000) + 1_000 if len(codes) < 1_000 else secrets.randbelow(10**9)}")
    shuffled = list(drawn)
    secrets.SystemRandom().shuffle(shuffled)
    return dict(zip(codes, shuffled, strict=True))


def require_known(kind: str, wanted: Sequence[str], known: Iterable[str]) -> None:
    """Raises BadExport for what the project does not hold, as far as the reader sees it."""
    held = set(known)
    for one in wanted:
        if one not in held:
            raise BadExport(f"There is no {kind} “{one[:60]}” in what you may take away.", f"{kind}s")
