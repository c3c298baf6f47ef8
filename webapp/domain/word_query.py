"""What somebody looks for: words, phrases, AND, OR, minus and filters, as they are written in one line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from webapp.domain.errors import BadSearch
from webapp.domain.folded_words import folded
from webapp.domain.near_words import is_nearly
from webapp.domain.partial_dates import partial_date
from webapp.domain.terms import CorroborationStatus, Tag


@dataclass(frozen=True)
class Phrase:
    """Words, folded, that follow each other; one alone is a word."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Every:
    """What is found by all of these."""

    parts: "tuple[Query, ...]"
    without: "tuple[Query, ...]" = ()
    """And by none of these."""


@dataclass(frozen=True)
class Some:
    """What is found by one of these at least."""

    parts: "tuple[Query, ...]"


Query = Phrase | Every | Some


def words_of(query: Query) -> set[str]:
    """The words by which it finds something."""
    match query:
        case Phrase(words):
            return set(words)
        case Some(parts) | Every(parts):
            return set().union(*map(words_of, parts))


def holds(query: Query, words: Sequence[str]) -> bool:
    """Whether a text of these folded words is what the query finds; for what is in no index."""
    match query:
        case Phrase(wanted):
            return f" {' '.join(wanted)} " in f" {' '.join(words)} "
        case Some(parts):
            return any(holds(part, words) for part in parts)
        case Every(parts, without):
            return all(holds(part, words) for part in parts) and not any(holds(part, words) for part in without)


def holds_nearly(query: Query, words: Sequence[str]) -> bool:
    """The same where words may be parts of others, or misspelled; what is left out has to stand there as it is."""
    match query:
        case Phrase(wanted):
            starts = range(len(words) - len(wanted) + 1)
            return any(all(map(is_nearly, wanted, words[start:])) for start in starts)
        case Some(parts):
            return any(holds_nearly(part, words) for part in parts)
        case Every(parts, without):
            return all(holds_nearly(part, words) for part in parts) and not any(holds(part, words) for part in without)


# ---- as it is written

LONGEST = 1_000
MOST_WORDS = 40
FILTERS = ("outlet", "tag", "status", "source", "before", "after")
_QUOTED = '"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»'
_NAMED = rf"(?:(?P<filter>{'|'.join(FILTERS)}):)?"
_PART = re.compile(rf"(?P<minus>-?){_NAMED}(?P<said>{_QUOTED}|[^\s\"“”„«»]+)", re.IGNORECASE)
_QUOTES = '"“”„«»'


@dataclass(frozen=True)
class Search:
    """A search that can be carried out."""

    query: Query
    filters: Mapping[str, str] = field(default_factory=dict)


def search_from(text: str) -> Search:
    """The search that the line holds. Raises BadSearch, with one sentence that says what to do."""
    if len(text) > LONGEST:
        raise BadSearch(f"A search holds up to {LONGEST:,} characters; look for a few words of it.")
    groups: list[tuple[list[Query], list[Query]]] = [([], [])]
    filters: dict[str, str] = {}
    for minus, name, said in _parts(text):
        if said.endswith(":") and said[:-1].lower() in FILTERS:
            raise BadSearch(f"Nothing stands behind “{said}”; write on without a space, as in outlet:Gulf.")
        if name and minus:
            raise BadSearch(f"A minus leaves out words, not what “{name}:” narrows down to; leave the minus out.")
        if name in filters:
            raise BadSearch(f"“{name}:” stands there twice; keep one of the two.")
        if name:
            filters[name] = _checked(name, said)
        elif said == "OR" and not minus:
            groups.append(([], []))
        elif said != "AND" and (words := tuple(folded(said).split())):
            groups[-1][1 if minus else 0].append(Phrase(words))
    if not any(wanted or unwanted for wanted, unwanted in groups):
        raise BadSearch("There is no word to look for; filters only narrow down what words find.")
    if not all(wanted or unwanted for wanted, unwanted in groups):
        raise BadSearch("OR stands between two words; write one on either side of it.")
    if not all(wanted for wanted, _ in groups):
        raise BadSearch("A minus only leaves out; say as well what is to be found.")
    found = tuple(_group(*group) for group in groups)
    query = found[0] if len(found) == 1 else Some(found)
    if len(words_of(query)) > MOST_WORDS:
        raise BadSearch(f"A search takes up to {MOST_WORDS} words; look for the rarest of them.")
    return Search(query, filters)


_LIKE_A_FILTER = re.compile(r"([^\W\d_]+):[^\s/]")


def advice_on(text: str) -> str:
    """What to try where the search of the line found nothing. Raises BadSearch as `search_from` does."""
    search, said = search_from(text), [said for _, name, said in _parts(text) if not name]
    unknown = next((found[1] for one in said if (found := _LIKE_A_FILTER.match(one))), None)
    if unknown:
        return f"“{unknown}:” is no filter and was looked for as a word; those that there are stand above."
    if {"or", "and"}.intersection(said):
        return "OR and AND are written in capitals; in small letters they are words to be found."
    if {"not", "NOT"}.intersection(said):
        return "A minus before a word leaves it out; “not” is a word to be found."
    if search.filters:
        return f"Leave out {' and '.join(f'“{name}:”' for name in search.filters)}, or narrow down less."
    if len(words_of(search.query)) == 1:
        return "Words are found whole; try another form of it, such as the plural."
    return "Try fewer words, or OR between them."


def _parts(text: str) -> list[tuple[str, str, str]]:
    """Minus, filter and what is said, one after the other. Raises BadSearch for a quotation that does not end."""
    left = _PART.sub(" ", text)
    if any(sign in left for sign in _QUOTES):
        raise BadSearch("A quotation mark has no partner; close the phrase, or leave the mark out.")
    found = _PART.finditer(text)
    return [(part["minus"], (part["filter"] or "").lower(), part["said"].strip(_QUOTES)) for part in found]


def _group(wanted: list[Query], unwanted: list[Query]) -> Query:
    return wanted[0] if len(wanted) == 1 and not unwanted else Every(tuple(wanted), tuple(unwanted))


def _checked(name: str, said: str) -> str:
    if name in ("before", "after"):
        return partial_date(said, name, BadSearch) or ""
    known = {"tag": Tag, "status": CorroborationStatus}.get(name)
    value = said.upper() if name == "tag" else said.lower().replace(" ", "_") if known else said
    if known and value not in [term.value for term in known]:
        raise BadSearch(f"“{name}:” takes one of {', '.join(term.value.lower() for term in known)}.")
    return value
