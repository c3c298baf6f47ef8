"""Reads a registry of sources from a table: a source a line, its other names and facts in further columns."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from webapp.domain.errors import BadSource
from webapp.domain.sources import Entry, Fact, entry_from, fact_from, name_key, source_name
from webapp.domain.terms import Property, SourceKind

DELIMITERS = ",;\t"
BETWEEN_ALIASES = "|"
REQUIRED = ("name", "kind")
COLUMNS = (*REQUIRED, "aliases", *Property)
KINDS = {words.casefold(): kind.value for kind in SourceKind for words in (kind.value, kind.label)}


@dataclass(frozen=True)
class Sketch:
    """A source as a table or another project tells of it: name and kind, other names, facts."""

    entry: Entry
    aliases: dict[str, str] = field(default_factory=dict)
    """By their keys, so that none comes twice."""
    facts: dict[Fact, None] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, SourceKind]:
        """By which it is the same as another one."""
        return name_key(self.entry.name), self.entry.kind

    def add(self, aliases: Iterable[str], facts: Iterable[Fact]) -> None:
        """What else is told of it; its own name is no other name."""
        own = name_key(self.entry.name)
        self.aliases.update({name_key(alias): alias for alias in aliases if name_key(alias) != own})
        self.facts.update(dict.fromkeys(facts))


def decoded_table(upload: bytes) -> str:
    """The text of an uploaded table. Raises BadSource for one that is not UTF-8."""
    try:
        return upload.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadSource("The file is not UTF-8; save it as “CSV UTF-8” and send it again.") from None


def sketches_from(text: str) -> list[Sketch]:
    """The sources that the table tells of, what two lines say of the same one taken together.

    Its first line names the columns: name and kind, aliases with “|” between them, and any property of a fact; an
    external rating is written as “who rates: what they say”. Raises BadSource for the first line that is wrong.
    """
    sketches: dict[tuple[str, SourceKind], Sketch] = {}
    for number, cells in _lines(text):
        try:
            sketch, aliases, facts = _sketch(cells)
        except BadSource as refused:
            raise BadSource(f"Nothing was brought in, because of line {number:,}: {refused}") from None
        sketches.setdefault(sketch.key, sketch).add(aliases, facts)
    if not sketches:
        raise BadSource("There is no source in this table; its first line names the columns, each other one a source.")
    return list(sketches.values())


def _lines(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The lines behind the first one, with the numbers that an editor shows, blank ones left out."""
    first_line = text.lstrip("\ufeff").strip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    number = 1
    try:
        columns = _columns(next((cells for cells in reader if cells), []))
        number = reader.line_num + 1
        for cells in reader:
            if len(cells) > len(columns) and any(cells[len(columns) :]):
                raise BadSource(
                    f"Nothing was brought in, because of line {number:,}: it has more cells than there are columns."
                )
            if any(cell.strip() for cell in cells):
                yield number, dict(zip(columns, cells, strict=False))
            number = reader.line_num + 1
    except csv.Error as error:
        raise BadSource(f"Nothing was brought in, because line {number:,} is no line of CSV: {error}.") from None


def _columns(cells: list[str]) -> list[str]:
    columns = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    for name in REQUIRED:
        if name not in columns:
            raise BadSource(f"The table has no column “{name}”; its first line names the columns.")
    for name, cell in zip(columns, cells, strict=True):
        if name not in COLUMNS:
            raise BadSource(f"“{cell[:60]}” is no column of a registry; they are {', '.join(COLUMNS)}.")
        if columns.count(name) > 1:
            raise BadSource(f"The column “{name}” is there twice; leave one of them out.")
    return columns


def _sketch(cells: Mapping[str, str]) -> tuple[Sketch, list[str], list[Fact]]:
    kind = cells.get("kind", "").strip()
    entry = entry_from({"name": cells.get("name"), "kind": KINDS.get(kind.casefold(), kind)})
    others = cells.get("aliases", "").split(BETWEEN_ALIASES)
    aliases = [source_name(alias, "alias") for alias in others if alias.strip()]
    facts = [_fact(Property(name), cells[name]) for name in cells if name in set(Property) and cells[name].strip()]
    return Sketch(entry), aliases, facts


def _fact(told: Property, value: str) -> Fact:
    issuer = None
    if told is Property.EXTERNAL_RATING:
        issuer, _, value = value.partition(":")
    return fact_from({"property": told, "value": value, "issuer": issuer})
