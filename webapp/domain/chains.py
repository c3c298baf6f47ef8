"""The chain through which a sentence's content came: who said it, who passed it on, who prints it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from webapp.domain.errors import BadAnswer
from webapp.domain.plain_text import clean_line, term_of
from webapp.domain.terms import CueStance, SourceType, Term

LONGEST_CHAIN = 12
LONGEST_WORDS = 2_000


@dataclass(frozen=True)
class Link:
    """One link of a chain: an entry of the registry or words as printed, and how it tells what it tells."""

    source_id: UUID | None = None
    source_text: str | None = None
    source_type: SourceType | None = None
    cue_text: str | None = None
    cue_stance: CueStance | None = None

    @property
    def names_somebody(self) -> bool:
        return self.source_id is not None or self.source_text is not None or self.source_type is not None


LINK_FIELDS = tuple(field.name for field in fields(Link))


def chain_from(value: Any, own: Mapping[str, Any]) -> tuple[Link, ...]:
    """The links behind the first one, from the JSON of a whole chain; `own` holds the fields of the answer itself.

    Link 1 repeats the answer's own columns: what it holds must be the same, and may be left out. Raises BadAnswer for
    a link that names nobody, for a source that stands in the chain twice, and for what is no list of links.
    """
    if value in (None, ""):
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise BadAnswer("“chain” is a list of links.")
    if len(value) > LONGEST_CHAIN:
        raise BadAnswer(f"A chain has at most {LONGEST_CHAIN} links.")
    links = [link_from(link) for link in value]
    if len(links) < 2:
        return ()
    if any(told is not None and told != own.get(name) for name, told in vars(links[0]).items()):
        raise BadAnswer("The first link of a chain is the answer's own source; change it there.")
    return _checked(Link(*(own.get(name) for name in LINK_FIELDS)), tuple(links[1:]))


def _checked(first: Link, others: tuple[Link, ...]) -> tuple[Link, ...]:
    for position, link in enumerate(others, start=2):
        if not link.names_somebody:
            raise BadAnswer(f"Link {position} of the chain names nobody; choose a source, write its words, or drop it.")
    named = [link.source_id for link in (first, *others) if link.source_id]
    if len(named) > len(set(named)):
        raise BadAnswer("A chain goes in a circle: the same source stands in it twice. Drop one of the two links.")
    return others


def link_from(value: Any) -> Link:
    """One link from JSON. Raises BadAnswer, naming the field."""
    if not isinstance(value, Mapping):
        raise BadAnswer("Each link of a chain is an object.")
    if unknown := sorted(set(value) - {*LINK_FIELDS, "position"}):
        raise BadAnswer(f"There is no field “{unknown[0]}” in a link.")
    return Link(
        source_uuid("source_id", value.get("source_id")),
        _words("source_text", value.get("source_text")),
        term_of("source_type", value.get("source_type"), SourceType, BadAnswer),
        _words("cue_text", value.get("cue_text")),
        term_of("cue_stance", value.get("cue_stance"), CueStance, BadAnswer),
    )


def link_values(link: Link) -> dict[str, Any]:
    """The link as JSON values, fields that are not recorded left out; `link_from` reads it back."""
    values = {name: getattr(link, name) for name in LINK_FIELDS}
    return {
        name: str(value) if isinstance(value, UUID) else value.value if isinstance(value, Term) else value
        for name, value in values.items()
        if value is not None
    }


def source_uuid(name: str, value: Any) -> UUID | None:
    """The id of a source or a rating; None for none. Raises BadAnswer."""
    if value in (None, ""):
        return None
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise BadAnswer(f"“{name}” is a UUID.") from None


def _words(name: str, value: Any) -> str | None:
    return clean_line(name, "" if value is None else value, LONGEST_WORDS, BadAnswer)
