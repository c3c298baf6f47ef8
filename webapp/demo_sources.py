"""The sources of the demo: twelve with their records, ratings that moved, two chains, and a double that was merged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from webapp import visibility
from webapp.domain.answers import Answer
from webapp.domain.brought import NOTHING, Brought
from webapp.domain.chains import Link
from webapp.domain.sources import Entry, fact_from, rating_from
from webapp.domain.terms import CueStance, SourceKind, SourceType, Tag
from webapp.models import Actor, Project, Source
from webapp.sources.actions.additions import add_alias, add_facts, rate
from webapp.sources.actions.entries import make_source
from webapp.sources.actions.merging import merge
from webapp.sources.actions.standing import set_published, withdraw
from webapp.sources.parts import Part

Facts = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Known:
    """What the supervisor has entered of a source."""

    name: str
    kind: SourceKind
    facts: Facts = ()
    """Property, value, and when it held; an external rating has `who: what` for a value."""
    aliases: tuple[str, ...] = ()


SOURCES = {
    "debkafile": Known(
        "debkafile",
        SourceKind.OUTLET,
        (("outlet_kind", "web_only", "2013"), ("unnamed_sources", "its own, by country and service", "2013-10")),
    ),
    "services": Known("Military and Iranian sources of debkafile", SourceKind.DESCRIBED),
    "nordlys": Known(
        "Nordlys Lines", SourceKind.ORGANISATION, (("owner", "Runa Holding", "2024"), ("country", "Skarholm", "2024"))
    ),
    "falk": Known("Ida Falk", SourceKind.PERSON, (("other", "speaks for Nordlys Lines", "2025-02"),)),
    "brandt": Known(
        "Tove Brandt", SourceKind.PERSON, (("other", "mayor of Brenn", "2024-11"),), ("Mayor Tove Brandt",)
    ),
    "board": Known(
        "Korda water board",
        SourceKind.ORGANISATION,
        (("domain", "korda-water.example", "2025"), ("funding", "charges to farms and the brewery", "2025")),
        ("the board",),
    ),
    "herald": Known(
        "The Upland Herald",
        SourceKind.OUTLET,
        (
            ("outlet_kind", "newspaper", "2025"),
            ("owner", "Fjell Media", "2023-05"),
            ("corrections_policy", "on page 2, each Saturday", "2025-03"),
            ("editor_named", "yes", "2025-03"),
            ("external_rating", "Press council of the uplands: no complaint upheld", "2024"),
        ),
    ),
    "volta": Known(
        "Volta",
        SourceKind.ORGANISATION,
        (
            ("owner", "City of Tarn", "2019"),
            ("domain", "volta.example", "2025-01"),
            ("external_rating", "Grid regulator: reports late in two years of three", "2024-12"),
        ),
        ("Volta Grid",),
    ),
    "ruiz": Known("Sanna Ruiz", SourceKind.PERSON, (("other", "heads Volta", "2025-01"),)),
    "ferrante": Known("Milo Ferrante", SourceKind.PERSON, (("other", "secretary of the union", "2024-06"),)),
    "tarn": Known(
        "Tarn Evening News",
        SourceKind.OUTLET,
        (
            ("outlet_kind", "newspaper", "2025"),
            ("controlled_by", "Fjell Media", "2024-09"),
            ("editor_named", "no", "2025"),
        ),
    ),
    "register": Known(
        "Register of associations",
        SourceKind.DOCUMENT,
        (("other", "kept by the district court", "2024"),),
        ("the register",),
    ),
}

RATINGS = (
    ("Amira Solberg", "volta", "B", "2024-03", "figures of four outages, all borne out"),
    ("Amira Solberg", "volta", "C", "2024-12-09", "two reports late"),
    ("Ben Okafor", "volta", "A", "2024-06-02", "a public company with engineers of its own"),
    ("Ben Okafor", "volta", "B", "2025-01-18", "the number of households came to within a thousand"),
    ("Clara Nguyen", "volta", "C", "2025-01-18", ""),
    ("Amira Solberg", "ruiz", "C", "2024-12-09", "speaks for the company"),
    ("Ben Okafor", "ruiz", "D", "2025-01-18", "denied the alarm that a photograph shows"),
    ("Dov Marchetti", "ruiz", "E", "2025-01-19", "said what she knew to be wrong"),
    ("Amira Solberg", "falk", "C", "2025-02-12", "paid to say so"),
    ("Ben Okafor", "falk", "B", "2025-02-12", ""),
    ("Clara Nguyen", "falk", "F", "2025-02-13", "never met before"),
    ("Dov Marchetti", "falk", "C", "2025-02-13", ""),
    ("Amira Solberg", "brandt", "B", "2024-11-04", "owns up to what was not done"),
    ("Ben Okafor", "brandt", "B", "2024-11-04", ""),
    ("Clara Nguyen", "brandt", "C", "2024-11-05", ""),
    ("Dov Marchetti", "brandt", "B", "2024-11-06", ""),
    ("Amira Solberg", "board", "B", "2025-08", "measures the level itself"),
    ("Dov Marchetti", "board", "C", "2025-08-20", "its figures serve its case"),
    ("Amira Solberg", "register", "A", "2024-06-28", "a public record, looked up"),
    ("Amira Solberg", "services", "F", "2013-11", "nobody can say who they are"),
    ("Ben Okafor", "services", "E", "2013-11-02", "three earlier reports came to nothing"),
    ("Dov Marchetti", "services", "D", "2013-11-02", ""),
    ("Amira Solberg", "debkafile", "D", "2013-11", "more often wrong than right in this sample"),
)
"""Who rated what how before reading, as of when, on what basis."""
LATER = (
    ("Amira Solberg", "volta", "D", "2025-01-20", "its chief denied an alarm that its own engineers showed"),
    ("Ben Okafor", "services", "F", "2025-02-01", "on second thought there is no record to go by"),
)
"""After the answers were in: those keep the letters that they took."""
PUBLISHED = ("Amira Solberg", "register")
WITHDRAWN = ("Clara Nguyen", "brandt", "meant for the councillor")

NAMED = {
    ("ferry", 7): "falk",
    ("tannery", 4): "brandt",
    ("tannery", 5): "brandt",
    ("tannery", 6): "brandt",
    ("dam", 4): "board",
    ("dam", 15): "board",
    ("guild", 4): "ferrante",
    ("guild", 13): "register",
    ("outage", 2): "volta",
    ("outage", 10): "ruiz",
    ("sample", 2): "services",
}
"""Whom the attributions name, by article and sentence."""
OTHERWISE = {("Clara Nguyen", "outage", 10): "volta"}
"""Who takes whom for the source instead."""
DOUBLE = ("Clara Nguyen", "outage", 2)
"""Who enters Volta once more, and where."""


@dataclass(frozen=True)
class Relay:
    """Who passed a word on; `of`: as one analyst has it, None as all have."""

    key: str
    type: SourceType
    words: str | None = None
    cue: str | None = None
    of: str | None = None


RELAYS = {
    ("sample", 2): Relay("debkafile", SourceType.MEDIA_OUTLET, "debkafile’s"),
    ("ferry", 7): Relay("nordlys", SourceType.ORGANISATION, "Its", of="Ben Okafor"),
    ("outage", 10): Relay("tarn", SourceType.MEDIA_OUTLET, of="Amira Solberg"),
}
"""The second link of a chain, by article and sentence."""


class Registry:
    """The sources of the demo while it is filled."""

    def __init__(self, project: Project, supervisor: Actor, acting: Callable[[str], Actor]) -> None:
        self._project, self._supervisor, self._acting = project, supervisor, acting
        self._double = uuid4()
        self.ids = {key: self._entered(known) for key, known in SOURCES.items()}
        self._ratings = {(who, key): self._rated(who, key, *told) for who, key, *told in RATINGS}
        rating_id = self._ratings[PUBLISHED]
        set_published(self._source(PUBLISHED[1]), Part.RATING, rating_id, supervisor, True, 1, uuid4())

    def _entered(self, known: Known) -> UUID:
        """An entry with all that is known of it, shown to all analysts."""
        source_id = make_source(self._project, self._supervisor, Entry(known.name, known.kind), uuid4())
        source = visibility.source_for(self._supervisor, source_id)
        for alias in known.aliases:
            add_alias(source, self._supervisor, alias, uuid4())
        if known.facts:
            add_facts(source, self._supervisor, [fact_from(_fact(*told)) for told in known.facts], uuid4())
        set_published(source, Part.SOURCE, source_id, self._supervisor, True, 1, uuid4())
        return source_id

    def _source(self, key: str) -> Source:
        return visibility.source_for(self._supervisor, self.ids[key])

    def _rated(self, who: str, key: str, letter: str, rated_on: str, basis: str) -> UUID:
        rating = rating_from({"reliability": letter, "rated_on": rated_on, "basis": basis}, date.min)
        return rate(self._source(key), self._acting(who), rating, uuid4()).rating_id

    def named(self, who: str, article: str, number: int, answer: Answer) -> tuple[Answer, Brought]:
        """The answer with the source that it names, if it is an attribution to one of them."""
        key = NAMED.get((article, number))
        if key is None or answer.tag is not Tag.ATTRIBUTION:
            return answer, NOTHING
        if (who, article, number) == DOUBLE:
            brought = Brought({self._double: Entry("Volta, the grid operator", SourceKind.ORGANISATION)})
            return replace(answer, source_id=self._double), brought
        answer = replace(answer, source_id=self.ids[OTHERWISE.get((who, article, number), key)])
        if (relay := RELAYS.get((article, number))) and relay.of in (None, who):
            return replace(answer, chain=(self._link(relay),)), NOTHING
        if (article, number) == ("dam", 4) and who == "Amira Solberg":
            return self._of_three(answer), NOTHING
        return answer, NOTHING

    def _link(self, relay: Relay) -> Link:
        return Link(self.ids[relay.key], relay.words, relay.type, relay.cue, CueStance.NEUTRAL if relay.cue else None)

    def _of_three(self, answer: Answer) -> Answer:
        """Meteorologists expect it, the board’s bulletin says so, the paper prints it."""
        bulletin = Relay("board", SourceType.DOCUMENT, "the board’s bulletin", "says")
        paper = Relay("herald", SourceType.MEDIA_OUTLET)
        return replace(
            answer,
            source_id=None,
            source_text="Meteorologists",
            source_type=SourceType.GROUP,
            cue_text="expect",
            chain=(self._link(bulletin), self._link(paper)),
        )

    def end(self) -> None:
        """What came after the answers: second thoughts, a slip taken back, and the double merged."""
        for who, key, *told in LATER:
            self._rated(who, key, *told)
        who, key, reason = WITHDRAWN
        withdraw(self._source(key), Part.RATING, self._ratings[who, key], self._acting(who), reason, 1, uuid4())
        double = visibility.source_for(self._supervisor, self._double)
        merge(double, self.ids["volta"], self._supervisor, "the same company", 0, uuid4())


def _fact(told: str, value: str, as_of: str) -> Mapping[str, str]:
    if told != "external_rating":
        return {"property": told, "value": value, "as_of": as_of}
    issuer, _, says = value.partition(": ")
    return {"property": told, "value": says, "issuer": issuer, "as_of": as_of}
