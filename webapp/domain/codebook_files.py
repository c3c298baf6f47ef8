"""A codebook in a file, Markdown or REFI-QDA: what of it the next version takes up, and what does not fit, with why.

A file words anew what a draft may word anew: texts, the descriptions of the four tags, rules; and it adds rules.
Headings, tags, lists of values and codes stay, as the program knows them by name.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from webapp.domain.adjudication import rules_in
from webapp.domain.codebook_editing import CELLS, NEW, Block, Kind, blocks_of, changes, reworded, with_version
from webapp.domain.errors import BadCodebook
from webapp.domain.terms import FOUR_TAGS, Certainty, Flag, SourceType, Tag, Term

LARGEST = 1024 * 1024
MOST_CODES = 5_000
EXAMPLE = "Example: "
"""Before the example of a rule, in the description of its code."""
RULES = "Rules"
"""What the codes of rules stand beneath."""
_RULE = re.compile(r"(R\d{1,9})\b[\s.:–-]*(.*)", re.DOTALL)
_OURS = re.compile(r"^\{urn:QDA-XML:codebook:[\d.:]+\}CodeBook$")

LOCKED = "tags, lists of values and codes are the program’s; it stays as it is"
NO_PLACE = "there is no such place in the codebook; headings, paragraphs and tables stay where they are"
MISSING = "the file has nothing there; it stays as it is"
TWICE = "it stands in the file twice; the first is taken"
NO_CODE = "it is neither one of the four tags nor a rule (R and its number); a new tag cannot be added"


class Group(NamedTuple):
    """A field of an answer, with the codes that its values are."""

    column: str
    label: str
    values: Sequence[Term]
    prefix: str = ""
    """Before the names of its codes, which have to differ from those of all others."""


GROUPS = (
    Group("tag", "Tag", tuple(Tag)),
    Group("second_choice", "Second choice", FOUR_TAGS, "Second choice: "),
    Group("tag_certainty", "Certainty", tuple(Certainty), "Certainty: "),
    Group("source_type", "Source type", tuple(SourceType), "Source type: "),
    Group("flag", "Flags", tuple(Flag), "Flag: "),
)


def described(value: Term) -> str:
    """What a value is called and means, in one line."""
    return ": ".join(filter(None, (value.label, value.meaning)))


class Misfit(NamedTuple):
    """Something in a file that the draft does not take up."""

    what: str
    why: str


class NewRule(NamedTuple):
    """A rule that the codebook does not have yet."""

    called: str
    """As the file calls it; it gets the next number."""
    cells: Sequence[str]


@dataclass
class _Said:
    """What a file says, by the fields of a draft."""

    values: dict[str, str] = field(default_factory=dict)
    new: list[NewRule] = field(default_factory=list)
    misfits: list[Misfit] = field(default_factory=list)

    def put(self, name: str, words: str, where: str) -> None:
        if name in self.values:
            self.misfits.append(Misfit(where, TWICE))
        else:
            self.values[name] = words


@dataclass(frozen=True)
class BroughtCodebook:
    """The text that a draft would have, and what of the file is not in it."""

    text: str
    misfits: list[Misfit]
    differs: bool
    """Whether it says anything else than the version that it was laid beside."""


def brought(base: str, name: str, content: bytes) -> BroughtCodebook:
    """What the version `base` becomes by a file, `.md` as a package has it or `.qdc`. Raises BadCodebook."""
    if len(content) > LARGEST:
        raise BadCodebook({"": "The file has over 1 MB, which no codebook has."})
    ending = name.lower().rpartition(".")[2]
    if ending == "qdc":
        return _applied(base, _said_by_codes(base, content))
    if ending in ("md", "markdown", "txt"):
        return _applied(base, _said_by_text(base, content))
    raise BadCodebook({"": "Choose a file that ends in .md or .qdc."})


def _applied(base: str, said: _Said) -> BroughtCodebook:
    labels = {one.name: one.label for block in blocks_of(base) for one in block.fields}
    misfits = [*said.misfits]
    try:
        text = reworded(base, base, said.values)
    except BadCodebook as refused:
        if not set(refused.faults) & set(said.values):
            raise
        misfits += [Misfit(labels[name], _why(fault)) for name, fault in refused.faults.items()]
        text = reworded(base, base, {name: now for name, now in said.values.items() if name not in refused.faults})
    for called, cells in said.new:
        try:
            text = reworded(base, text, {f"{NEW}-{name}": cell for name, cell in zip(CELLS, cells, strict=True)})
        except BadCodebook as refused:
            misfits.append(Misfit(called, _why(next(iter(refused.faults.values())))))
    return BroughtCodebook(text, misfits, bool(changes(base, text)))


def _why(sentence: str) -> str:
    """A sentence as it goes on behind a colon."""
    return sentence[0].lower() + sentence[1:].rstrip(".")


# ---- Markdown


def _said_by_text(base: str, content: bytes) -> _Said:
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise BadCodebook({"": "The file is not UTF-8; save it as UTF-8 first."}) from None
    version = re.search(r"^Version (\d+(?:\.\d+)*)", base, re.MULTILINE)
    there = dict(_by_place(blocks_of(with_version(text, version[1]) if version else text)))
    here = dict(_by_place(blocks_of(base)))
    if not there.keys() & here.keys():
        raise BadCodebook({"": "This is no codebook of Claimtag: none of its headings is one of the codebook’s."})
    said = _Said()
    for place, block in here.items():
        if place in there:
            _compare(said, block, there[place])
        elif block.kind is not Kind.RULES:
            said.misfits.append(Misfit(_called(block), MISSING))
    _compare_rules(said, base, list(there.values()))
    said.misfits += [
        Misfit(_called(block), NO_PLACE)
        for place, block in there.items()
        if place not in here and block.kind is not Kind.RULES
    ]
    return said


Place = tuple[str, Kind, int]
"""The headings over a block, what it is, and the how-manieth of those it is there."""


def _by_place(blocks: Sequence[Block]) -> Iterator[tuple[Place, Block]]:
    seen: Counter[tuple[str, Kind]] = Counter()
    for block in blocks:
        if block.words and block.kind is not Kind.HEADING:
            seen[block.under, block.kind] += 1
            yield (block.under, block.kind, seen[block.under, block.kind]), block


def _called(block: Block) -> str:
    return block.under or block.words[:60]


def _compare(said: _Said, here: Block, there: Block) -> None:
    """Take up what a block of the file words otherwise than the same one of the codebook."""
    if here.kind is Kind.TEXT and here.is_open:
        if there.words != here.words:
            [one] = here.fields
            said.put(one.name, there.words, one.label)
    elif here.kind is Kind.TAGS and there.head == here.head:
        rows = {row[0].strip("`"): row[1:] for row in there.rows}
        names = iter(here.fields)
        for row in here.rows:
            for now, words in zip(row[1:], rows[row[0].strip("`")], strict=True):
                one = next(names)
                if words != now:
                    said.put(one.name, words, one.label)
    elif here.kind is not Kind.RULES and there.words != here.words:
        said.misfits.append(Misfit(_called(here), LOCKED))


def _compare_rules(said: _Said, base: str, blocks: Sequence[Block]) -> None:
    kept = {rule.number: rule for block in blocks_of(base) if block.kind is Kind.RULES for rule in block.rules}
    seen: set[str] = set()
    for number, *cells in (row for block in blocks if block.kind is Kind.RULES for row in block.rows):
        if number in seen:
            said.misfits.append(Misfit(number, TWICE))
        elif number not in kept:
            said.new.append(NewRule(number, cells))
        else:
            for one, words in zip(kept[number].fields, cells, strict=True):
                if words != one.words:
                    said.put(one.name, words, one.label)
        seen.add(number)
    said.misfits += [Misfit(number, MISSING) for number in kept if number not in seen]


# ---- REFI-QDA


@dataclass(frozen=True)
class Code:
    """A code of a `.qdc`."""

    name: str
    description: str


def rule_codes(text: str) -> list[Code]:
    """The rules of a codebook as codes: what a case is called, and behind it how it is tagged and an example."""
    found = []
    for rule in (rule for block in blocks_of(text) if block.kind is Kind.RULES for rule in block.rules):
        case, words, example = (one.words for one in rule.fields)
        found.append(Code(f"{rule.number} {case}", f"{words}\n{EXAMPLE}{example}" if example else words))
    return found


def tag_descriptions(text: str) -> dict[str, str]:
    """What a codebook says of each of the four tags in its table, a cell a line."""
    for block in blocks_of(text):
        if block.kind is Kind.TAGS:
            return {row[0].strip("`"): "\n".join(row[1:]) for row in block.rows}
    return {}


def _said_by_codes(base: str, content: bytes) -> _Said:
    said, kept = _Said(), {rule.number for rule in rules_in(base)}
    told = tag_descriptions(base)
    names = {
        row[0].strip("`"): [one.name for one in block.fields[at * (len(row) - 1) : (at + 1) * (len(row) - 1)]]
        for block in blocks_of(base)
        if block.kind is Kind.TAGS
        for at, row in enumerate(block.rows)
    }
    locked = {group.prefix + value: described(value) for group in GROUPS for value in group.values}
    groups = {group.label for group in GROUPS} | {RULES}
    for code in _codes_in(content):
        rule = _RULE.fullmatch(code.name)
        if code.name.upper() in told:
            tag = code.name.upper()
            if code.description not in ("", told[tag], locked[tag]):
                _put_tag(said, tag, names[tag], code.description)
        elif code.name in locked:
            if code.description not in ("", locked[code.name]):
                said.misfits.append(Misfit(code.name, LOCKED))
        elif rule:
            _put_rule(said, kept, rule[1], rule[2].strip(), code)
        elif code.name not in groups:
            said.misfits.append(Misfit(code.name[:80] or "a code without a name", NO_CODE))
    return said


def _put_tag(said: _Said, tag: str, fields: Sequence[str], description: str) -> None:
    """A line for each cell, else all in the first."""
    lines = [line.strip() for line in description.split("\n") if line.strip()]
    for name, words in zip(fields, lines if len(lines) == len(fields) else [" ".join(lines)], strict=False):
        said.put(name, words, tag)


def _put_rule(said: _Said, kept: set[str], number: str, case: str, code: Code) -> None:
    words, _, example = code.description.partition(f"\n{EXAMPLE}")
    cells = (case, words, example)
    if number not in kept:
        said.new.append(NewRule(code.name[:80], cells))
        return
    for name, cell in zip(CELLS, cells, strict=True):
        if cell.strip() or (name == "example" and words.strip()):  # a description without an example takes it away
            said.put(f"{number}-{name}", cell, f"{number}, {name}")


def _codes_in(content: bytes) -> Iterator[Code]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        book = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise BadCodebook({"": f"This is no REFI-QDA codebook that can be read: {str(fault)[:120]}."}) from None
    if book.getroottree().docinfo.doctype:
        raise BadCodebook(
            {"": "The file declares a document type (DTD), as no REFI-QDA codebook does; it is not read."}
        )
    if not _OURS.match(str(book.tag)):
        raise BadCodebook({"": "This XML is no REFI-QDA codebook (.qdc); of a project export its codebook alone."})
    space = str(book.tag).removesuffix("CodeBook")
    codes = list(book.iter(f"{space}Code"))
    if len(codes) > MOST_CODES:
        raise BadCodebook({"": f"The file has over {MOST_CODES:,} codes, which no codebook of sentences has."})
    for code in codes:
        description = code.find(f"{space}Description")
        words = "".join(description.itertext()) if description is not None else ""
        yield Code(" ".join((code.get("name") or "").split()), words.strip())
