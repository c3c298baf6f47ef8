"""What is kept of a source: name and kind, other names, facts, ratings, and which entries are one (codebook, 7, 10)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from webapp.domain.errors import BadSource
from webapp.domain.misleading import mixed_scripts
from webapp.domain.partial_dates import partial_date
from webapp.domain.plain_text import clear_name, one_line, term_of, web_address
from webapp.domain.terms import OutletKind, Property, Reliability, SourceKind, Term

T = TypeVar("T", bound=Term)

LONGEST_NAME = 300
LONGEST_VALUE = 2_000
LONGEST_LINE = 500
"""Of a basis and of a reason, which are one line each."""


@dataclass(frozen=True)
class Entry:
    """What a source is called and what it is."""

    name: str
    kind: SourceKind


@dataclass(frozen=True)
class Fact:
    """One observation about a source; `as_of` is when it held and may be a year, or a year and a month."""

    property: Property
    value: str
    issuer: str | None = None
    """Who gives an external rating."""
    as_of: str | None = None
    link: str | None = None


@dataclass(frozen=True)
class Rating:
    """One person's judgement how far a source can be relied on, as of a day, and what it rests on."""

    reliability: Reliability
    rated_on: str
    basis: str | None = None


def entry_from(values: Mapping[str, Any]) -> Entry:
    """The entry that JSON, a form or a table holds. Raises BadSource, saying what to do."""
    name = source_name(values.get("name"))
    kind = _term("kind", values.get("kind"), SourceKind, "Choose what kind of source it is")
    return Entry(name, kind)


def source_name(value: Any, noun: str = "source") -> str:
    """A name that shows what it is. Raises BadSource."""
    name = clear_name(value or "", LONGEST_NAME, BadSource)
    if name is None or not name_key(name):
        raise BadSource(f"Give the {noun} a name with at least one letter or digit.")
    return name


def fact_from(values: Mapping[str, Any]) -> Fact:
    """The fact that a form or a table holds. Raises BadSource, saying what to do."""
    told = _term("property", values.get("property"), Property, "Choose what the fact tells")
    value = one_line("value", values.get("value"), LONGEST_VALUE, BadSource)
    if value is None:
        raise BadSource(f"Say what is known: “{told.label}” has no value yet.")
    issuer = one_line("issuer", values.get("issuer"), LONGEST_NAME, BadSource)
    if told is Property.EXTERNAL_RATING and issuer is None:
        raise BadSource("Say who gives the external rating.")
    return Fact(
        told,
        _checked(told, value),
        issuer if told is Property.EXTERNAL_RATING else None,
        partial_date(values.get("as_of"), "as of", BadSource),
        web_address(values.get("link") or "", BadSource),
    )


def rating_from(values: Mapping[str, Any], today: date) -> Rating:
    """The rating that JSON or a form holds; of today where no day is given. Raises BadSource, saying what to do."""
    letter = _term("reliability", values.get("reliability"), Reliability, "Choose a letter from A to F")
    return Rating(
        letter,
        partial_date(values.get("rated_on"), "rated on", BadSource) or str(today),
        one_line("basis", values.get("basis"), LONGEST_LINE, BadSource),
    )


def reason_from(value: Any) -> str:
    """Why something is withdrawn, in one line. Raises BadSource where nothing is said."""
    reason = one_line("reason", value, LONGEST_LINE, BadSource)
    if reason is None:
        raise BadSource("Say in a few words why it is withdrawn; it stays on record.")
    return reason


def _term(name: str, value: Any, terms: type[T], ask: str) -> T:
    found = term_of(name, value or "", terms, BadSource)
    if found is None:
        raise BadSource(f"{ask}.")
    return found


# ---- ids of authorities


def _checked(told: Property, value: str) -> str:
    """The value in the form that its authority gives it. Raises BadSource for one that cannot be."""
    if told is Property.OUTLET_KIND:
        return _term("outlet_kind", value, OutletKind, "Choose the kind of outlet").value
    if told not in _FORMS:
        return value
    form, example = _FORMS[told]
    found = form.fullmatch(value)
    if not found or not _CHECKS.get(told, _passes)(found[1]):
        raise BadSource(f"“{value[:60]}” is no {told.label}; it looks like {example}.")
    shown = found[1]
    if told is Property.DOMAIN:
        return shown.lower()
    return shown.upper() if told in (Property.WIKIDATA, Property.ISSN) else shown.lower()


_FORMS = {
    Property.WIKIDATA: (
        re.compile(r"(?:https?://www\.wikidata\.org/(?:wiki|entity)/)?(Q[1-9]\d{0,11})", re.I | re.A),
        "Q42",
    ),
    # Crockford's base 32 without i, l, o and u, and two digits of checksum (ror.org).
    Property.ROR: (re.compile(r"(?:https?://)?(?:ror\.org/)?(0[0-9a-hjkmnp-tv-z]{6}\d{2})", re.I | re.A), "05dxps055"),
    Property.ISSN: (re.compile(r"(?:ISSN )?(\d{4}-\d{3}[\dX])", re.I | re.A), "0261-3077"),
    Property.DOMAIN: (
        re.compile(r"(?:https?://)?((?:[\w](?:[\w-]{0,61}[\w])?\.)+[^\W\d_][\w-]{1,62})/?", re.I),
        "example.org",
    ),
}


def _issn_adds_up(issn: str) -> bool:
    """The last digit of an ISSN is the checksum of the others, modulo 11 (ISO 3297)."""
    digits, check = issn.replace("-", "")[:7], issn[-1].upper()
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(8, 1, -1), strict=True))
    return (weighted + (10 if check == "X" else int(check))) % 11 == 0


def _ror_adds_up(ror: str) -> bool:
    """The last two digits of a ROR id are the checksum of the others, modulo 97 (ISO 7064, MOD 97-10)."""
    number = 0
    for char in ror[:-2].lower():
        number = number * 32 + _BASE_32.index(char)
    return 98 - number * 100 % 97 == int(ror[-2:])


_BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz"


def _is_in_one_script(host: str) -> bool:
    return mixed_scripts(host.split(".")) is None


def _passes(_value: str) -> bool:
    return True


_CHECKS = {Property.ISSN: _issn_adds_up, Property.ROR: _ror_adds_up, Property.DOMAIN: _is_in_one_script}


# ---- trust.txt

_TRUST = {
    "member": Property.HAS_MEMBER,
    "belongto": Property.MEMBER_OF,
    "control": Property.CONTROLS,
    "controlledby": Property.CONTROLLED_BY,
    "social": Property.SOCIAL,
    "vendor": Property.VENDOR,
    "customer": Property.CUSTOMER,
    "disclosure": Property.DISCLOSURE,
    "contact": Property.CONTACT,
    "datatrainingallowed": Property.OTHER,
}


def facts_of_trust_txt(text: str, as_of: str) -> list[Fact]:
    """The facts that the lines of a `trust.txt` file tell (journallist.net, version 1.4); `#` begins a comment.

    Raises BadSource, naming the line, for one that is none.
    """
    facts: list[Fact] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        told = line.strip()
        if not told or told.startswith("#"):
            continue
        variable, is_pair, value = (part.strip() for part in told.partition("="))
        name = variable.casefold()
        if not is_pair or not value or name not in _TRUST:
            known = ", ".join(_TRUST)
            raise BadSource(f"Line {number} is no line of trust.txt: “{told[:60]}”; one begins with {known} and “=”.")
        if name == "datatrainingallowed":
            value = f"data training allowed: {value}"
        facts.append(fact_from({"property": _TRUST[name], "value": value, "as_of": as_of}))
    if not facts:
        raise BadSource("There is no line of trust.txt in this text.")
    return facts


# ---- names as they are looked up


def name_key(name: str) -> str:
    """The name as it is compared and looked up: NFKD, accents and case dropped, each word behind one space.

    `" gen viktor bondarev"`: what a word begins with is found behind a space, what the name begins with at its start.
    Marks that spell another word stay, as the vowels of Hindi and Thai and what makes a か a が.
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = (char for char in plain if not _is_accent(char))
    spaced = "".join(char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in kept)
    return "".join(f" {word}" for word in spaced.split() if any(map(str.isalnum, word)))


def _is_accent(char: str) -> bool:
    """Whether it is a mark above or below a letter, or a vowel point of Hebrew, Arabic or Syriac."""
    mark = unicodedata.combining(char)
    return mark >= 200 or 10 <= mark <= 36 or 1 <= mark <= 7


def search_words(asked: str) -> list[str]:
    """What is asked for, as beginnings of words in a `name_key`; empty for a question without a letter."""
    return name_key(asked[:LONGEST_NAME]).split()


# ---- owners


def shared_controllers(facts: Mapping[UUID, Iterable[Fact]]) -> dict[str, list[UUID]]:
    """Who owns or controls two or more of the sources: a reason to doubt that they are independent."""
    held: dict[str, dict[UUID, str]] = {}
    for source_id, known in facts.items():
        for fact in known:
            if fact.property in (Property.OWNER, Property.CONTROLLED_BY) and (key := name_key(fact.value)):
                held.setdefault(key, {}).setdefault(source_id, fact.value)
    return {next(iter(sources.values())): list(sources) for sources in held.values() if len(sources) > 1}
