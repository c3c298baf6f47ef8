"""Which answers a page of the agreement is about: read from its address, against what the project holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from webapp.domain.errors import BadFilter
from webapp.ids import whole_number

SEVERAL = ("article", "analyst")
UNMIXED = ("round", "pass_")
SINGLE = ("codebook", *UNMIXED)
NOUNS = {"codebook": "version of the codebook", "pass_": "pass"}


@dataclass(frozen=True)
class Choice:
    """One value that a filter may take, as it stands in the address, with the words for it."""

    value: str
    label: str


@dataclass(frozen=True)
class Choices:
    """All that the project holds, for each filter."""

    article: tuple[Choice, ...] = ()
    articles: int = 0
    """How many there are in all; of many only those asked for can be chosen."""
    analyst: tuple[Choice, ...] = ()
    codebook: tuple[Choice, ...] = ()
    round: tuple[Choice, ...] = ()
    pass_: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Filter:
    """What is wanted; nothing in a field: all, but of the running round and its first pass, as figures never mix them.

    Analysts go by their codes, days are those of handing in, in UTC.
    """

    article: tuple[str, ...] = ()
    analyst: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    codebook: str | None = None
    round: str | None = None
    pass_: str | None = None

    @property
    def number_of_pass(self) -> int:
        return int(self.pass_ or 1)

    @property
    def article_ids(self) -> list[int]:
        return [int(value) for value in self.article]

    @property
    def is_empty(self) -> bool:
        return self == Filter()

    def as_args(self) -> dict[str, str | list[str]]:
        """What stands in the address, for links that keep the filter; JSON can hold it too."""
        args: dict[str, str | list[str]] = {name: list(getattr(self, name)) for name in SEVERAL if getattr(self, name)}
        days = {name: getattr(self, name).isoformat() for name in ("since", "until") if getattr(self, name)}
        rest = {name.rstrip("_"): getattr(self, name) for name in SINGLE if getattr(self, name)}
        return args | days | rest


def articles_asked(args: Mapping[str, Sequence[str]]) -> list[int]:
    """The numbers of articles in the lists of values of an address; what is none is left to `filter_from`."""
    given = [part.strip() for value in args.get("article", ()) for part in value.split(",")]
    return [number for part in given if (number := whole_number(part)) is not None]


def filter_from(args: Mapping[str, Sequence[str]], choices: Choices) -> Filter:
    """The filter in the lists of values of an address; empty values ask for nothing.

    Raises BadFilter, naming the value, for one that the project does not hold and for what is no day.
    """
    read: dict[str, object] = {}
    for name in (*SEVERAL, *SINGLE):
        values = _known(name, args, getattr(choices, name))
        read[name] = values if name in SEVERAL else (values[0] if values else None)
    wanted = Filter(since=_day("since", args), until=_day("until", args), **read)  # type: ignore[arg-type]
    if wanted.since and wanted.until and wanted.since > wanted.until:
        raise BadFilter("The first day is after the last one; swap them.")
    return wanted


def _known(name: str, args: Mapping[str, Sequence[str]], choices: Sequence[Choice]) -> tuple[str, ...]:
    """The values asked for under a name, in their usual order; article ids may stand together, with commas."""
    given = [value.strip() for value in args.get(name.rstrip("_"), ())]
    if name == "article":
        given = [part.strip() for value in given for part in value.split(",")]
    wanted = set(filter(None, given))
    known = tuple(choice.value for choice in choices if choice.value in wanted)
    if unknown := sorted(wanted - set(known)):
        raise BadFilter(
            f"There is no {NOUNS.get(name, name)} “{unknown[0][:60]}” in this project; choose from the list."
        )
    if name in UNMIXED and len(known) > 1:
        both = f"“{known[0]}” and “{known[1]}”"
        raise BadFilter(f"Figures are of one {NOUNS.get(name, name)}, and you asked for {both}; choose one of them.")
    return known


def _day(name: str, args: Mapping[str, Sequence[str]]) -> date | None:
    given = next((value.strip() for value in args.get(name, ()) if value.strip()), None)
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadFilter(f"“{given[:60]}” is not a day; write it as 2026-11-22.") from None
