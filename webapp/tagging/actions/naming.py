"""The source that an answer names, resolved while it is saved: entries it brings along, and the rating it takes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Select, insert, or_, select, update

from webapp import visibility, word_index
from webapp.db import now
from webapp.domain.answers import Answer, numbered_links
from webapp.domain.brought import Brought, Refused
from webapp.domain.chains import LINK_FIELDS, Link
from webapp.domain.errors import BadAnswer
from webapp.domain.sources import Entry, Rating, name_key
from webapp.domain.terms import Reliability
from webapp.models import Actor, AttributionLink, Source, SourceEntry, SourceRating, rated_by
from webapp.models.sources import called_the_same, in_force_first

NOT_THERE = "The source that was chosen is not there any more; its words were kept. Choose it anew."


@dataclass(frozen=True)
class Naming:
    """Whose answer it is, and where."""

    connection: Connection
    project_id: int
    is_blind: bool
    analyst: Actor


def names_sources(answer: Answer, brought: Brought) -> bool:
    """Whether there is anything to resolve: an answer without a source costs no statement."""
    named = (answer.source_id, answer.rating_id, *(link.source_id for link in answer.chain))
    return any(named) or bool(brought)


def resolved(naming: Naming, answer: Answer, brought: Brought) -> tuple[Answer, tuple[str, ...]]:
    """The answer with entries that are there and the rating it takes; and a sentence for each that could not be.

    An entry that it brings is made, unless the id is known to the analyst, who then keeps what was there first, or
    there is one of that name and kind already. One that is refused, or not there, leaves its words. Raises BadAnswer.
    """
    links = (answer.first_link, *answer.chain)
    ids = {link.source_id for link in links if link.source_id}
    there = _at_hand(naming, ids)
    known: dict[UUID, UUID] = {id_: id_ for id_ in there}
    problems: dict[UUID, Refused] = {}
    for id_ in sorted(ids - there):
        entry = brought.sources.get(id_)
        if isinstance(entry, Entry):
            found = _made_or_found(naming, id_, entry)
            if found is not None:
                known[id_] = found
                continue
        problems[id_] = _refusal(id_, brought)
    first, *others = (_named(link, known, problems) for link in links)
    if len(used := [link.source_id for link in (first, *others) if link.source_id]) > len(set(used)):
        raise BadAnswer("A chain goes in a circle: the same source stands in it twice. Drop one of the two links.")
    chain = tuple(link for link in others if link.names_somebody)
    answer = replace(answer, source_id=first.source_id, source_text=first.source_text, chain=chain)
    why = {link.source_id: problems[link.source_id].why for link in links if link.source_id in problems}
    return _rated(naming, answer, brought), tuple(why.values())


def _named(link: Link, known: dict[UUID, UUID], problems: dict[UUID, Refused]) -> Link:
    if link.source_id is None:
        return link
    words = problems[link.source_id].words if link.source_id in problems else None
    return replace(link, source_id=known.get(link.source_id), source_text=link.source_text or words or None)


# ---- entries


def _at_hand(naming: Naming, ids: Iterable[UUID]) -> set[UUID]:
    """Those of the ids that the analyst may name: all of an open project, in a blind round own and published ones."""
    query = select(Source.id).where(Source.project_id == naming.project_id, Source.id.in_(ids))
    if naming.is_blind:
        query = query.where(visibility.is_at_hand(naming.analyst))
    return set(naming.connection.scalars(query))


def _made_or_found(naming: Naming, id_: UUID, entry: Entry) -> UUID | None:
    """The entry made with this id, or the one of its name and kind that is there already; None for an id not free."""
    if naming.connection.scalar(select(Source.id).where(Source.id == id_)):
        return None
    if double := naming.connection.scalar(_double(naming, entry)):
        return double
    who, at = naming.analyst.user_id, now()
    naming.connection.execute(insert(Source).values(id=id_, project_id=naming.project_id, maker_id=who, created_at=at))
    added = naming.connection.execute(
        insert(SourceEntry).values(
            source_id=id_,
            author_id=who,
            name=entry.name,
            name_key=name_key(entry.name),
            kind=entry.kind,
            version=1,
            is_current=True,
            client_id=id_,
            created_at=at,
        )
    )
    word_index.add_name(naming.connection, added.inserted_primary_key[0], entry.name)  # type: ignore[index]
    return id_


def _double(naming: Naming, entry: Entry) -> Select[UUID]:
    """In an open project anybody's entry of that name and kind, in a blind round one of the analyst's own."""
    maker_id = naming.analyst.user_id if naming.is_blind else None
    return called_the_same(entry, naming.project_id, maker_id).with_only_columns(Source.id).limit(1)


# ---- ratings


def _rated(naming: Naming, answer: Answer, brought: Brought) -> Answer:
    """The answer with the rating that it brings, else the one it names, else the one in force; and its letter.

    Where there is none, a letter that came with a rating goes with it; one given without a rating stays.
    """
    for rating_id in brought.taken_back:
        _take_back(naming, rating_id)
    named = answer.rating_id
    if brought.rating and answer.source_id:
        named, rating = brought.rating
        _give(naming, answer.source_id, named, rating)
    found = naming.connection.execute(_in_force(naming, answer.source_id, named)).first() if answer.source_id else None
    if found is None:
        return replace(answer, rating_id=None, source_reliability=None if named else answer.source_reliability)
    return replace(answer, rating_id=found.rating_id, source_reliability=found.reliability)


def _in_force(naming: Naming, source_id: UUID, named: UUID | None) -> Select[UUID, Reliability]:
    """The rating named, else the analyst's own newest, else the newest published; none that was withdrawn."""
    is_own = rated_by(naming.analyst.user_id)
    return (
        select(SourceRating.rating_id, SourceRating.reliability)
        .where(
            SourceRating.source_id == source_id,
            SourceRating.is_current,
            SourceRating.withdrawn_why.is_(None),
            or_(is_own, SourceRating.is_published.is_(True)),
        )
        .order_by(
            *([(SourceRating.rating_id == named).desc()] if named else []),
            *in_force_first(naming.analyst.user_id),
        )
        .limit(1)
    )


def _give(naming: Naming, source_id: UUID, rating_id: UUID, rating: Rating) -> None:
    """Keep the rating, unless it was given before: it is one by its id. Raises BadAnswer for the id of another one."""
    who = naming.analyst.user_id
    first = naming.connection.execute(
        select(SourceRating.author_id, SourceRating.source_id).where(SourceRating.id == rating_id)
    ).first()
    if first and tuple(first) != (who, source_id):
        raise BadAnswer("This id was used for another rating; every rating needs one of its own.")
    if first is None:
        naming.connection.execute(
            insert(SourceRating).values(
                id=rating_id,
                rating_id=rating_id,
                source_id=source_id,
                author_id=who,
                **vars(rating),
                version=1,
                is_current=True,
                client_id=rating_id,
                created_at=now(),
            )
        )


def _take_back(naming: Naming, rating_id: UUID) -> None:
    """Withdraw one's own rating; one that is not there, or withdrawn already, stays as it is."""
    found = naming.connection.execute(
        select(SourceRating.__table__).where(
            SourceRating.rating_id == rating_id,
            SourceRating.is_current,
            rated_by(naming.analyst.user_id),
            SourceRating.withdrawn_why.is_(None),
        )
    ).first()
    if found is None:
        return
    naming.connection.execute(update(SourceRating).where(SourceRating.id == found.id).values(is_current=False))
    changed = {
        "id": uuid4(),
        "author_id": naming.analyst.user_id,
        "version": found.version + 1,
        "client_id": uuid4(),
        "created_at": now(),
        "withdrawn_why": "taken back at the desk",
    }
    naming.connection.execute(insert(SourceRating).values(**{**found._asdict(), **changed}))


# ---- chains


def keep_links(connection: Connection, annotation_id: int, answer: Answer) -> None:
    """Store the chain with its answer."""
    rows = [{"annotation_id": annotation_id, **link} for link in numbered_links(answer)]
    connection.execute(insert(AttributionLink), rows)


def links_of(connection: Connection, annotation_id: int) -> tuple[Link, ...]:
    """The links behind the first of a stored answer."""
    columns = [getattr(AttributionLink, name) for name in LINK_FIELDS]
    rows = connection.execute(
        select(*columns)
        .where(AttributionLink.annotation_id == annotation_id, AttributionLink.position > 1)
        .order_by(AttributionLink.position)
    )
    return tuple(Link(*row) for row in rows)


# ---- a repeat


def repeats(stored: Answer, sent: Answer, brought: Brought) -> bool:
    """Whether the write that is stored was this one, leaving out what saving it resolved: entries, rating, letter."""
    if not names_sources(sent, brought):
        return stored == sent
    resolved_fields: dict[str, Any] = dict.fromkeys((*LINK_FIELDS, "rating_id", "chain"))
    if sent.source_id or sent.rating_id:
        resolved_fields["source_reliability"] = None
    is_same = replace(stored, **resolved_fields) == replace(sent, **resolved_fields)
    return is_same and _pairs(stored, sent, brought) is not None


def problems_of(stored: Answer, sent: Answer, brought: Brought) -> tuple[str, ...]:
    """What saving it said of sources that could not be taken, for whoever sends it again."""
    return tuple(
        {
            link.source_id: _refusal(link.source_id, brought).why
            for link, kept in _pairs(stored, sent, brought) or ()
            if link.source_id and (kept is None or kept.source_id is None)
        }.values()
    )


def _pairs(stored: Answer, sent: Answer, brought: Brought) -> list[tuple[Link, Link | None]] | None:
    """Each link that was sent with the one it came to, or with None where it named nobody any more; None: no match."""
    if not _came_to(sent.first_link, stored.first_link, brought):
        return None
    pairs: list[tuple[Link, Link | None]] = [(sent.first_link, stored.first_link)]
    left = list(stored.chain)
    for link in sent.chain:
        if left and _came_to(link, left[0], brought):
            pairs.append((link, left.pop(0)))
        elif replace(link, source_id=None).names_somebody or _refusal(link.source_id, brought).words:
            return None
        else:
            pairs.append((link, None))
    return None if left else pairs


def _came_to(sent: Link, kept: Link, brought: Brought) -> bool:
    if sent.source_id is None:
        return kept == sent
    words = {sent.source_text} if sent.source_text else {None, _refusal(sent.source_id, brought).words}
    may_differ = kept.source_id is None or sent.source_id in brought.sources
    is_same_source = may_differ or kept.source_id == sent.source_id
    return is_same_source and kept.source_text in words and replace(kept, **_NAMED) == replace(sent, **_NAMED)


def _refusal(source_id: UUID | None, brought: Brought) -> Refused:
    """What an entry leaves where it cannot be taken."""
    entry = brought.sources.get(source_id) if source_id else None
    if isinstance(entry, Refused):
        return entry
    return Refused(entry.name if entry else "", NOT_THERE)


_NAMED: dict[str, Any] = {"source_id": None, "source_text": None}
