"""What the page of one source tells of it: the entry, its other names, facts and ratings, and who entered them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.orm import aliased

from webapp import visibility
from webapp.db import db
from webapp.domain.merges import root_of
from webapp.domain.sources import Fact, name_key, shared_controllers
from webapp.domain.terms import OutletKind, Property
from webapp.merged_sources import merges_seen_by
from webapp.models import Actor, Source, SourceAlias, SourceEntry, SourceFact, SourceRating
from webapp.sources.queries.merged import groups_of
from webapp.sources.queries.names import entries_of, names_that_hold

CONTROL = (Property.OWNER, Property.CONTROLLED_BY)


@dataclass(frozen=True)
class Shown:
    """A source as a reader sees it: the entry that stands for it, and its doubles."""

    reader: Actor
    source: Source
    entry: SourceEntry
    doubles: Sequence[UUID]

    @property
    def ids(self) -> list[UUID]:
        """Of all the entries that are this source."""
        return [self.source.id, *self.doubles]


def root_seen_by(reader: Actor, source: Source) -> UUID:
    """The entry that stands for this one, as far as the reader knows."""
    return root_of(source.id, merges_seen_by(reader, source.project_id))


def shown(reader: Actor, source: Source) -> Shown:
    """The source with its current name and its doubles."""
    entry = db.session.scalars(visibility.entries_visible_to(reader).where(Source.id == source.id)).one()
    doubles = groups_of(merges_seen_by(reader, source.project_id)).get(source.id, [])
    return Shown(reader, source, entry, doubles)


@dataclass(frozen=True)
class Alias:
    """Another name, with who added it."""

    row: SourceAlias
    by: str


@dataclass(frozen=True)
class FactRow:
    """A fact, with who entered it."""

    row: SourceFact
    by: str

    @property
    def value(self) -> str:
        """What it tells, in words."""
        is_term = self.row.property is Property.OUTLET_KIND
        return OutletKind(self.row.value).label.lower() if is_term else self.row.value

    @property
    def host(self) -> str:
        """Where its link leads, in short."""
        return urlsplit(self.row.link or "").hostname or ""


@dataclass(frozen=True)
class RatingRow:
    """A rating, with who gave it and how many answers took it."""

    row: SourceRating
    by: str
    is_mine: bool


@dataclass(frozen=True)
class Known:
    """What is known of a source, with who entered it by their codes; what was withdrawn is not among it."""

    aliases: Sequence[Alias]
    facts: Sequence[FactRow]
    ratings: Sequence[RatingRow]
    """The newest first."""

    def of(self, *properties: Property) -> list[FactRow]:
        """The facts that tell one of these, in the order of the properties."""
        return sorted(
            (fact for fact in self.facts if fact.row.property in properties),
            key=lambda fact: properties.index(fact.row.property),
        )


def also_called(shown: Shown, known: Known) -> list[str]:
    """Its other names: the aliases, and what its doubles are called."""
    doubles = [entry.name for entry in entries_of(shown.reader, shown.doubles).values()]
    names = dict.fromkeys([*(alias.row.alias for alias in known.aliases), *doubles])
    return [name for name in names if name != shown.entry.name]


def known(shown: Shown, codes: Mapping[int, str]) -> Known:
    """The aliases, facts and ratings of the source and its doubles that the reader sees and that hold."""
    aliases = db.session.scalars(
        visibility.aliases_visible_to(shown.reader)
        .where(Source.id.in_(shown.ids), SourceAlias.withdrawn_why.is_(None))
        .order_by(SourceAlias.created_at, SourceAlias.id)
    )
    facts = db.session.scalars(
        visibility.facts_visible_to(shown.reader)
        .where(Source.id.in_(shown.ids), SourceFact.withdrawn_why.is_(None))
        .order_by(SourceFact.as_of.desc().nulls_last(), SourceFact.created_at, SourceFact.id)
    )
    return Known(
        [Alias(row, _code(row.author_id, codes)) for row in aliases],
        [FactRow(row, _code(row.author_id, codes)) for row in facts],
        _ratings(shown, codes),
    )


def _ratings(shown: Shown, codes: Mapping[int, str]) -> list[RatingRow]:
    first = aliased(SourceRating)
    rows = db.session.execute(
        visibility.ratings_visible_to(shown.reader)
        .join(first, first.id == SourceRating.rating_id)
        .where(Source.id.in_(shown.ids), SourceRating.withdrawn_why.is_(None))
        .order_by(SourceRating.rated_on.desc(), first.created_at.desc())
        .add_columns(first.author_id)
    )
    return [RatingRow(row, _code(rater_id, codes), rater_id == shown.reader.id) for row, rater_id in rows]


def _code(user_id: int, codes: Mapping[int, str]) -> str:
    return codes.get(user_id, "somebody outside")


# ---- independence


@dataclass(frozen=True)
class Shared:
    """Other sources that have the same owner, or are controlled by the same: a reason to doubt independence."""

    controller: str
    others: Sequence[tuple[UUID, str]]


def shared_with(shown: Shown, known: Known) -> list[Shared]:
    """Who owns or controls this source and other ones that the reader sees, doubles taken for what stands for them."""
    own = {name_key(fact.row.value) for fact in known.of(*CONTROL)}
    if not own:
        return []
    merges = merges_seen_by(shown.reader, shown.source.project_id)
    facts: dict[UUID, list[Fact]] = {shown.source.id: [fact.row.told() for fact in known.of(*CONTROL)]}
    for fact in _facts_of_others(shown, own):
        facts.setdefault(root_of(fact.source_id, merges), []).append(fact.told())
    names = names_that_hold(shown.reader, list(facts))
    return [
        Shared(controller, sorted(((id_, names[id_]) for id_ in others), key=itemgetter(1)))
        for controller, ids in shared_controllers(facts).items()
        if shown.source.id in ids and (others := [id_ for id_ in ids if id_ in names and id_ != shown.source.id])
    ]


def _facts_of_others(shown: Shown, controllers: Collection[str]) -> list[SourceFact]:
    """What other sources of the project tell of the same owners; names are compared as they are looked up."""
    others = visibility.facts_visible_to(shown.reader).where(
        Source.project_id == shown.source.project_id,
        Source.id.not_in(shown.ids),
        SourceFact.property.in_(CONTROL),
        SourceFact.withdrawn_why.is_(None),
    )
    values = db.session.scalars(others.with_only_columns(SourceFact.value).distinct())
    same = [value for value in values if name_key(value) in controllers]
    return list(db.session.scalars(others.where(SourceFact.value.in_(same))))
