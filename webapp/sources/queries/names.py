"""What sources are called, which letter they have now, and under which codes people are shown.

Sources are named by `Source.id`, from which a database then starts, instead of from all of the project.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from webapp import visibility
from webapp.db import db
from webapp.domain.sources import Entry, Rating
from webapp.models import Actor, Membership, Project, Source, SourceAlias, SourceEntry, SourceRating


def entries_of(reader: Actor, source_ids: Collection[UUID]) -> dict[UUID, Entry]:
    """Name and kind of those that the reader sees."""
    rows = db.session.execute(
        visibility.entries_visible_to(reader)
        .where(Source.id.in_(source_ids))
        .with_only_columns(SourceEntry.source_id, SourceEntry.name, SourceEntry.kind)
    )
    return {source_id: Entry(name, kind) for source_id, name, kind in rows}


def names_that_hold(reader: Actor, source_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of those that were not withdrawn."""
    rows = db.session.execute(
        visibility.entries_visible_to(reader)
        .where(Source.id.in_(source_ids), SourceEntry.withdrawn_why.is_(None))
        .with_only_columns(SourceEntry.source_id, SourceEntry.name)
    )
    return {source_id: name for source_id, name in rows}  # noqa: C416 (rows, not pairs)


def other_names(reader: Actor, roots: Mapping[UUID, UUID]) -> dict[UUID, list[str]]:
    """What else each entry is called: its aliases, and the names of its doubles. `roots` tells whose double each is."""
    aliases = db.session.execute(
        visibility.aliases_visible_to(reader)
        .where(Source.id.in_(roots), SourceAlias.withdrawn_why.is_(None))
        .with_only_columns(SourceAlias.source_id, SourceAlias.alias)
        .order_by(SourceAlias.created_at, SourceAlias.id)
    )
    doubles = entries_of(reader, [source_id for source_id, root in roots.items() if source_id != root])
    called = [(source_id, entry.name) for source_id, entry in doubles.items()]
    called += [(source_id, alias) for source_id, alias in aliases]
    names: dict[UUID, dict[str, None]] = {}
    for source_id, name in called:
        names.setdefault(roots[source_id], {})[name] = None
    return {source_id: list(found) for source_id, found in names.items()}


def newest_ratings(reader: Actor, roots: Mapping[UUID, UUID]) -> dict[UUID, Rating]:
    """The newest rating of each entry that the reader sees, its doubles' among them."""
    ratings = db.session.scalars(
        visibility.ratings_visible_to(reader)
        .where(Source.id.in_(roots), SourceRating.withdrawn_why.is_(None))
        .order_by(SourceRating.rated_on, SourceRating.created_at)
    )
    return {roots[rating.source_id]: rating.rating for rating in ratings}


def coder_codes(project: Project) -> dict[int, str]:
    """The code of everybody who is or was in the project, by their id."""
    members = select(Membership.user_id, Membership.coder_code).where(Membership.project_id == project.id)
    return {user_id: code for user_id, code in db.session.execute(members)}  # noqa: C416 (rows, not pairs)
