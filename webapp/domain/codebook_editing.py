"""The next version of a codebook: which of its words a study may change, what came of it, and how it differs.

A codebook is Markdown. It is taken apart into blocks: headings, tables and the text between them. Text, the rows of
rules and the descriptions of the four tags may be worded anew, and rules be added; headings, rules and all that the
program knows by name (tags, fields, values, codes) stay. The blocks put together are the text, sign for sign.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bs4 import BeautifulSoup

from webapp.domain.adjudication import rules_in
from webapp.domain.codebook import rendered
from webapp.domain.errors import BadCodebook
from webapp.domain.plain_text import UNSTORABLE
from webapp.domain.terms import FOUR_TAGS
from webapp.domain.word_edits import Edit, edits

LONGEST_TEXT = 10_000
LONGEST_CELL = 1_000
MOST_RULES = 99
CELLS = ("case", "rule", "example")
NEW = "new"
"""What stands in place of a number in the names of the fields of a rule that is being added."""

UNSTORABLE_HERE = "This holds a character that cannot be stored; please type it again."

_TAGS = frozenset(tag.value for tag in FOUR_TAGS)
_MARKS = frozenset({"p", "ul", "ol", "li", "em", "strong", "code", "br", "a"})
_RULE = re.compile(r"\| (R(\d+)) \|")
_VERSION = re.compile(r"^Version \d+(?:\.\d+)*", re.MULTILINE)


class Kind(Enum):
    """What a block is."""

    HEADING = auto()
    TEXT = auto()
    TAGS = auto()
    RULES = auto()
    TABLE = auto()


@dataclass(frozen=True)
class Field:
    """One piece of text that may be worded anew: the name of its field, where it stands, and its words."""

    name: str
    label: str
    words: str
    rule: str | None = None
    """The rule that it is part of."""

    @property
    def height(self) -> int:
        """Lines that its words take, for a page that cannot grow a field by itself."""
        return sum(1 + len(line) // 90 for line in self.words.split("\n"))


@dataclass(frozen=True)
class RuleFields:
    """One rule as it may be worded anew."""

    number: str
    case: str
    fields: tuple[Field, ...]

    def is_among(self, names: Container[str]) -> bool:
        """Whether one of its fields is."""
        return any(one.name in names for one in self.fields)


@dataclass(frozen=True)
class Block:
    """A run of lines of one kind, under the headings above it."""

    number: int
    kind: Kind
    text: str
    under: str = ""

    @property
    def words(self) -> str:
        return self.text.strip()

    @property
    def is_open(self) -> bool:
        """Whether anything in it may be worded anew; the codes of files are the program's."""
        if self.kind is Kind.TEXT:
            return bool(self.words) and "`tag_code`" not in self.text
        return self.kind in (Kind.TAGS, Kind.RULES)

    @property
    def head(self) -> list[str]:
        return _cells(self.text.split("\n")[0])

    @property
    def rows(self) -> list[list[str]]:
        """The cells of a table below its head."""
        return [_cells(line) for line in self.text.rstrip("\n").split("\n")[2:]]

    @property
    def fields(self) -> list[Field]:
        if not self.is_open:
            return []
        if self.kind is Kind.TEXT:
            return [Field(f"text-{self.number}", self.under, self.words)]
        if self.kind is Kind.RULES:
            return [one for rule in self.rules for one in rule.fields]
        return [
            Field(f"tags-{self.number}-{at}-{column}", f"{row[0].strip('`')}, {head.lower()}", words)
            for at, row in enumerate(self.rows)
            for column, (head, words) in enumerate(zip(self.head[1:], row[1:], strict=True), start=1)
        ]

    @property
    def rules(self) -> list[RuleFields]:
        return [
            RuleFields(
                number,
                cells[0],
                tuple(
                    Field(f"{number}-{name}", f"{number}, {name}", words, number)
                    for name, words in zip(CELLS, cells, strict=True)
                ),
            )
            for number, *cells in self.rows
        ]

    def with_rows(self, rows: list[list[str]]) -> str:
        """The table with these rows; those that did not change as they were written."""
        lines = self.text.rstrip("\n").split("\n")
        written = {tuple(row): line for row, line in zip(self.rows, lines[2:], strict=True)}
        new = [written.get(tuple(row)) or "".join(f"| {cell} " if cell else "| " for cell in row) + "|" for row in rows]
        return "\n".join([*lines[:2], *new]) + self.text[len(self.text.rstrip("\n")) :]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def blocks_of(text: str) -> list[Block]:
    """The blocks of a codebook's text, in order."""
    found: list[Block] = []
    headings: dict[int, str] = {}
    for is_what, lines in _runs(text):
        joined = "".join(lines)
        if is_what == "#":
            for line in lines:
                level = len(line) - len(line.lstrip("#"))
                headings = {at: words for at, words in headings.items() if at < level}
                headings[level] = line.strip("# \n")
        under = " · ".join(words for level, words in headings.items() if level > 1 or len(headings) == 1)
        found.append(Block(len(found), _kind(is_what, joined), joined, under))
    return found


def _runs(text: str) -> Iterator[tuple[str, list[str]]]:
    """Lines that follow each other and begin alike."""
    before, lines = "", list[str]()
    for line in text.splitlines(keepends=True):
        begins = line[0] if line[0] in "#|" else "-"
        if lines and begins != before:
            yield before, lines
            lines = []
        before = begins
        lines.append(line)
    if lines:
        yield before, lines


def _kind(begins: str, text: str) -> Kind:
    if begins == "#":
        return Kind.HEADING
    if begins == "-":
        return Kind.TEXT
    block = Block(0, Kind.TABLE, text)
    firsts, widths = [row[0] for row in block.rows], {len(row) for row in [block.head, *block.rows]}
    if firsts and all(_RULE.fullmatch(f"| {first} |") for first in firsts) and widths == {4}:
        return Kind.RULES
    if len(widths) == 1 and {first.strip("`") for first in firsts} == _TAGS:
        return Kind.TAGS
    return Kind.TABLE


# ---- worded anew


def reworded(base: str, current: str, values: Mapping[str, str]) -> str:
    """The text `current`, in which the fields named in `values` say what stands there.

    `base` is the version that the draft began with: its rules stay, those beyond it leave where nothing is left of
    them.
    Raises BadCodebook with what is wrong at which field.
    """
    draft = _Draft(frozenset(rule.number for rule in rules_in(base)), values)
    blocks, of_base = blocks_of(current), {block.number: block for block in blocks_of(base)}
    tables = [block.number for block in blocks if block.kind is Kind.RULES]
    parts = []
    for block in blocks:
        if not block.is_open:
            parts.append(block.text)
        elif block.kind is Kind.TEXT:
            parts.append(draft.text(block, of_base.get(block.number, block)))
        elif block.kind is Kind.TAGS:
            parts.append(draft.tags(block))
        else:
            parts.append(draft.rules(block, is_last=block.number == tables[-1]))
    if draft.faults:
        raise BadCodebook(draft.faults)
    text = "".join(parts)
    if _bones(text, draft.kept) != _bones(base, draft.kept):
        raise BadCodebook({"": "The headings and tables would not be the same any more; keep to paragraphs and lists."})
    return text


class _Draft:
    """What was sent for a draft, put into its blocks one by one, and what is wrong with it."""

    def __init__(self, kept: frozenset[str], values: Mapping[str, str]) -> None:
        self.kept, self._values = kept, values
        self.faults: dict[str, str] = {}
        self._highest = max((int(number[1:]) for number in kept), default=0)

    def text(self, block: Block, base: Block) -> str:
        [one] = block.fields
        words = self._values.get(one.name, one.words).replace("\r\n", "\n").replace("\r", "\n").strip()
        if words != one.words and (fault := _fault_of_text(words, base.words)):
            self.faults[one.name] = fault
        return block.text.replace(one.words, words, 1)

    def tags(self, block: Block) -> str:
        words = iter([self._cell(one.name, one.words, is_required=True) for one in block.fields])
        return block.with_rows([[row[0], *(next(words) for _ in row[1:])] for row in block.rows])

    def rules(self, block: Block, *, is_last: bool) -> str:
        rows = [[number, *self._of_rule(number, cells)] for number, *cells in block.rows if number in self.kept]
        added = [(number, cells) for number, *cells in block.rows if number not in self.kept]
        if is_last:
            added.append((NEW, [""] * len(CELLS)))
        for number, cells in added:
            if any(self._values.get(f"{number}-{name}", now).strip() for name, now in zip(CELLS, cells, strict=True)):
                self._highest += 1
                rows.append([f"R{self._highest}", *self._of_rule(number, cells)])
        if self._highest > MOST_RULES:
            self.faults[f"{added[-1][0]}-case"] = f"A codebook has {MOST_RULES} rules at most; word one of them anew."
        return block.with_rows(rows)

    def _of_rule(self, number: str, cells: list[str]) -> list[str]:
        return [
            self._cell(f"{number}-{name}", now, is_required=name != "example")
            for name, now in zip(CELLS, cells, strict=True)
        ]

    def _cell(self, name: str, now: str, *, is_required: bool) -> str:
        line = " ".join(self._values.get(name, now).split())
        if is_required and not line:
            self.faults[name] = "Something has to stand here."
        elif len(line) > LONGEST_CELL:
            self.faults[name] = f"This is longer than {LONGEST_CELL:,} characters; shorten it."
        elif "|" in line:
            self.faults[name] = "The sign | would end the cell; say it in words."
        elif UNSTORABLE.search(line):
            self.faults[name] = UNSTORABLE_HERE
        return line


def _fault_of_text(words: str, base: str) -> str | None:
    if not words:
        return "Something has to stand here; write at least a sentence."
    if len(words) > LONGEST_TEXT:
        return f"This is longer than {LONGEST_TEXT:,} characters; shorten it."
    if UNSTORABLE.search(words):
        return UNSTORABLE_HERE
    marks = {element.name for element in BeautifulSoup(rendered(words), "html.parser").find_all(True)}
    if marks - _MARKS or re.search(r"^[#|]", words, re.MULTILINE):
        return "Only paragraphs, lists, emphasis and links can stand here, no heading, table, quote or code block."
    gone = [value for value in _values_in(base) if value not in _values_in(words)]
    if gone:
        return f"The program knows {_listed(gone)} by name; leave that as it is."
    return None


def _values_in(words: str) -> list[str]:
    """What stands between backticks and is no tag: fields and values, which are the program's."""
    return [value for value in dict.fromkeys(re.findall(r"`[^`\n]+`", words)) if value.strip("`") not in _TAGS]


def _listed(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} and {values[-1]}"


def _bones(text: str, rules: frozenset[str]) -> list[str]:
    """What no draft changes: headings, and the first cells of tables but for rules that are new."""
    soup = BeautifulSoup(rendered(text), "html.parser")
    found = [element.get_text(strip=True) for element in soup.select("h1, h2, h3, h4, h5, h6, tr > :first-child")]
    added = {rule.number for rule in rules_in(text)} - rules
    return [words for words in found if words not in added]


def with_version(text: str, version: str) -> str:
    """The text, which says at its head which version it is."""
    return _VERSION.sub(f"Version {version}", text, count=1)


def next_version(version: str, taken: Sequence[str]) -> str:
    """The one after it: the last number goes up, past what is taken; what has no number gets one."""
    found = re.fullmatch(r"(.*?)(\d{1,9})", version)
    stem, number = (found[1], int(found[2])) if found else (f"{version}.", 0)
    while f"{stem}{number + 1}" in taken:
        number += 1
    return f"{stem}{number + 1}"


# ---- how two versions differ


@dataclass(frozen=True)
class Change:
    """One piece of text that differs between two versions, as words that stayed, went and came."""

    where: str
    rule: str | None
    is_new: bool
    words: tuple[tuple[Edit, str], ...]


def changes(before: str, after: str) -> list[Change]:
    """What differs, in the order of the newer text; the line of the version is not told."""
    old = {_name(one): one for one in _fields(with_version(before, "0"))}
    found = []
    for one in _fields(with_version(after, "0")):
        was = old.get(_name(one))
        if was is None or was.words != one.words:
            known = one.rule is None or any(name[0] == one.rule for name in old)
            found.append(Change(one.label, one.rule, not known, tuple(edits(was.words if was else "", one.words))))
    return [change for change in found if change.words]


def changed_rules(before: str, after: str) -> tuple[list[str], list[str]]:
    """The numbers of the rules that were worded anew, and of those that were added."""
    old = {rule.number: rule for rule in rules_in(before)}
    new = rules_in(after)
    return (
        [rule.number for rule in new if rule.number in old and old[rule.number] != rule],
        [rule.number for rule in new if rule.number not in old],
    )


def _fields(text: str) -> list[Field]:
    """Every piece of a text, also of what nobody may change in the app: a version that came in may differ in all."""
    found = []
    for block in blocks_of(text):
        if block.is_open:
            found += block.fields
        elif block.words and block.kind is not Kind.HEADING:
            found.append(Field(f"text-{block.number}", block.under, block.words))
    return found


def _name(one: Field) -> tuple[str | None, str]:
    return one.rule, one.name
