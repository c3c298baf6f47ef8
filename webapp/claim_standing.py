"""How claims stand, as far as a reader may see: what was assessed and settled, and the items counted as origins."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import CHAR, ColumnElement, Select, SQLColumnExpression, func, select, type_coerce
from sqlalchemy.orm import Session

from webapp import visibility
from webapp.accepted_chains import Chain, accepted_chains, known_as
from webapp.db import db, in_parts
from webapp.domain.claims import STANDINGS, Settlement, standing
from webapp.domain.corroboration import ClaimingArticle, Count, Item, Piece, counted, with_provenance
from webapp.domain.merges import root_of
from webapp.domain.terms import MentionKind
from webapp.domain.uuids import dashed
from webapp.models import (
    Actor,
    Article,
    Assessment,
    Claim,
    ClaimMention,
    ClaimMerge,
    ClaimSettlement,
    ClaimWording,
    Evidence,
    Project,
    Sentence,
)


@dataclass
class Standing:
    """How one claim stands for a reader."""

    assessed: list[Assessment] = field(default_factory=list)
    """The current assessments that the reader may see, the oldest first."""
    settled: Settlement | None = None

    @property
    def status(self) -> str:
        """A status of the codebook, or *divided*."""
        return standing(self.settled.status if self.settled else None, [one.status for one in self.assessed])

    @property
    def word(self) -> str:
        """The same as it is shown."""
        return STANDINGS[self.status]

    @property
    def due(self) -> str | None:
        """The first day on which somebody meant to look again."""
        return min((one.look_again_by for one in self.assessed if one.look_again_by), default=None)


def standings(
    session: Session, reader: Actor, claim_ids: Sequence[UUID], merges: Mapping[UUID, UUID]
) -> dict[UUID, Standing]:
    """How each of the claims stands with those merged into it, as far as the reader may see assessments and what was
    settled. Of several assessments of one analyst the newest counts, of several settlements that of the claim itself.
    """
    members = families(claim_ids, merges)
    assessed: dict[UUID, list[Assessment]] = {}
    settled: dict[UUID, ClaimSettlement] = {}
    for some in in_parts({one for ids in members.values() for one in ids}):
        for assessment in session.scalars(visibility.notes_visible_to(reader).where(Claim.id.in_(some))):
            assessed.setdefault(assessment.claim_id, []).append(assessment)
        for row in session.scalars(visibility.settlements_visible_to(reader).where(Claim.id.in_(some))):
            settled[row.claim_id] = row
    return {
        claim_id: Standing(
            _newest_of_each([one for id_ in ids for one in assessed.get(id_, [])]),
            next((settled[id_].settlement for id_ in ids if id_ in settled), None),
        )
        for claim_id, ids in members.items()
    }


def claims_with(
    session: Session,
    reader: Actor,
    project_id: int,
    merges: Mapping[UUID, UUID],
    *,
    notes: bool = False,
    evidence: bool = False,
) -> set[str]:
    """The claims of the project that were assessed or settled, or that have an item, and those that they went into, as
    far as the reader may see it: of all others nothing has to be asked. Each as it is stored.
    """
    rows: list[tuple[Select[Any], Any]] = []
    if notes:
        rows.append((visibility.notes_visible_to(reader), Assessment.claim_id))
        rows.append((visibility.settlements_visible_to(reader), ClaimSettlement.claim_id))
    if evidence:
        items = visibility.evidence_visible_to(reader).where(Evidence.withdrawn_why.is_(None))
        rows.append((items, Evidence.claim_id))
    found: set[str] = set()
    for query, claim_id in rows:
        of_project = query.where(Claim.project_id == project_id).with_only_columns(as_stored(claim_id)).distinct()
        found.update(session.connection().scalars(of_project))
    return found | {root_of(id_, merges).hex for id_ in merges if id_.hex in found}


def due_claims(reader: Actor, project_id: int, today: date) -> set[UUID]:
    """The claims of the project, merged ones with what they went into, that are due for another look: those that the
    ledger lists as due.
    """
    late = visibility.notes_visible_to(reader).where(
        visibility.without_index(Claim.project_id) == project_id, Assessment.look_again_by <= str(today)
    )
    ids = set(db.session.scalars(late.with_only_columns(Assessment.claim_id)))
    if not ids:
        return set()
    merges = merges_of_claims(reader, project_id)
    found = standings(db.session(), reader, list({root_of(id_, merges) for id_ in ids}), merges)
    due = [id_ for id_, one in found.items() if one.due and one.due <= str(today)]
    there = visibility.wordings_visible_to(reader).where(ClaimWording.withdrawn_why.is_(None))
    ids_there = there.with_only_columns(ClaimWording.claim_id)
    return {
        id_ for some in in_parts(due) for id_ in db.session.scalars(ids_there.where(ClaimWording.claim_id.in_(some)))
    }


def _newest_of_each(assessments: list[Assessment]) -> list[Assessment]:
    newest = {one.author_id: one for one in sorted(assessments, key=lambda one: (one.created_at, one.id))}
    return sorted(newest.values(), key=lambda one: one.id)


Id = TypeVar("Id", UUID, str)


def families(claim_ids: Iterable[Id], merges: Mapping[Id, Id]) -> dict[Id, list[Id]]:
    """Each claim with those that were merged into it, itself first."""
    found = {claim_id: [claim_id] for claim_id in claim_ids}
    for double in merges:
        found.get(root_of(double, merges), []).append(double)
    return found


def merges_of_claims(reader: Actor, project_id: int) -> dict[UUID, UUID]:
    """Into which other one each merged claim of the project went, as far as the reader may know. What went into a claim
    that was withdrawn since stands for itself.
    """
    query = visibility.claim_merges_visible_to(reader).where(visibility.without_index(Claim.project_id) == project_id)
    rows = db.session.execute(query.with_only_columns(ClaimMerge.claim_id, ClaimMerge.into_id))
    return {claim_id: into_id for claim_id, into_id in rows if into_id}


def counts_of(session: Session, reader: Actor, members: Mapping[UUID, Sequence[UUID]]) -> dict[UUID, Count]:
    """The origins of the items of each claim of one project with its doubles (`families`), as far as the reader may see
    the items and know where they came from; the withdrawn left out.
    """
    counts = counts_as_stored(session, reader, {id_.hex: [one.hex for one in ids] for id_, ids in members.items()})
    return {id_: counts[id_.hex] for id_ in members}


def counts_as_stored(session: Session, reader: Actor, members: Mapping[str, Sequence[str]]) -> dict[str, Count]:
    """The same with each claim as it is stored: of thousands a third of the time went into ids."""
    every = {id_ for ids in members.values() for id_ in ids}
    entered = _entered(session, reader, every) if every else {}
    if not entered:
        return dict.fromkeys(members, counted(()))
    articles = _articles_of(session, reader, _that_articles_matter_to(members, entered))
    project = session.scalars(select(Project).join(Claim).where(as_stored(Claim.id) == next(iter(entered)))).one()
    sentence_ids = {one.sentence_id for items in entered.values() for one in items if one.sentence_id}
    chains = accepted_chains(session, reader, project, sentence_ids)
    printed_by = {one.outlet for items in entered.values() for one in items}
    printed_by.update(one.outlet for found in articles.values() for one in found)
    outlets = known_as(session, reader, project, printed_by)
    counts = {}
    for claim_id, ids in members.items():
        items = [one for id_ in ids for one in entered.get(id_, ())]
        claiming = {article for id_ in ids for article in articles.get(id_, ())}
        counts[claim_id] = counted(
            *with_provenance(
                _pieces(items, chains, outlets),
                [ClaimingArticle(one.id, outlets.get(one.outlet, NOBODY), one.published) for one in claiming],
            )
        )
    return counts


NOBODY: frozenset[Hashable] = frozenset()


def _that_articles_matter_to(
    members: Mapping[str, Sequence[str]], entered: Mapping[str, Sequence["_Entered"]]
) -> set[str]:
    """The claims with their doubles of which an item tells who printed it, or is a sentence: of all others no article
    is where an item came from.
    """
    told = {id_ for id_, items in entered.items() if any(one.outlet or one.sentence_id for one in items)}
    return {id_ for ids in members.values() if not told.isdisjoint(ids) for id_ in ids}


def as_stored(id_: SQLColumnExpression[Any]) -> ColumnElement[str]:
    """A column of ids as its 32 digits, which are made and compared in a tenth of the time of a UUID."""
    return type_coerce(id_, CHAR(32))


class _Article(NamedTuple):
    id: int
    outlet: str | None
    published: str | None


class _Entered(NamedTuple):
    """One item, and who printed it when: as entered, else the article in which it stands."""

    item: Item
    outlet: str | None
    published: str | None
    sentence_id: int | None
    article_id: int | None


OF_ITEM = (
    as_stored(Evidence.evidence_id),
    as_stored(Evidence.same_origin_as),
    Evidence.stance,
    Evidence.independence,
    Evidence.origin,
    Evidence.source_reliability,
    Evidence.information_credibility,
    Evidence.covers,
)
"""What the rule for counting origins asks of an item."""


def _entered(session: Session, reader: Actor, claim_ids: Iterable[str]) -> dict[str, list[_Entered]]:
    """By claim, in the order in which they came."""
    rows = session.connection().execute(
        visibility.evidence_visible_to(reader)
        .outerjoin(Evidence.sentence)
        .outerjoin(Sentence.article)
        .where(as_stored(Evidence.claim_id).in_(claim_ids), Evidence.withdrawn_why.is_(None))
        .with_only_columns(
            as_stored(Evidence.claim_id),
            func.coalesce(Evidence.outlet, Article.outlet),
            func.coalesce(Evidence.published_date, Article.published),
            Evidence.sentence_id,
            Article.id,
            *OF_ITEM,
        )
        .order_by(Evidence.id)
    )
    found: dict[str, list[_Entered]] = {}
    for claim_id, outlet, published, sentence_id, article_id, id_, same, *said in rows:
        stance, independence, origin, *trust = said
        item = Item(dashed(id_), stance, independence, origin, dashed(same) or None, *trust)
        found.setdefault(claim_id, []).append(_Entered(item, outlet, published, sentence_id, article_id))
    return found


def _pieces(
    entered: Sequence[_Entered],
    chains: Mapping[int, Chain],
    outlets: Mapping[str | None, frozenset[UUID | str]],
) -> list[Piece]:
    """As the rule takes them; what names an item that the reader does not see, or that was withdrawn, stands for
    itself.
    """
    there = {None, *(one.item.id for one in entered)}
    return [
        Piece(
            one.item if one.item.same_origin_as in there else replace(one.item, same_origin_as=None),
            outlets.get(one.outlet, NOBODY),
            one.published,
            one.article_id,
            chains.get(one.sentence_id, ()) if one.sentence_id else (),
        )
        for one in entered
    ]


def _articles_of(session: Session, reader: Actor, claim_ids: Collection[str]) -> dict[str, list[_Article]]:
    """By claim the articles with a live mention that makes or repeats it, as far as the reader may know of it."""
    if not claim_ids:
        return {}
    rows = session.connection().execute(
        visibility.mentions_visible_to(reader)
        .where(as_stored(ClaimMention.claim_id).in_(claim_ids), ClaimMention.kind != MentionKind.DENIES)
        .with_only_columns(as_stored(ClaimMention.claim_id), Article.id, Article.outlet, Article.published)
        .distinct()
    )
    found: dict[str, list[_Article]] = {}
    for claim_id, id_, outlet, published in rows:
        found.setdefault(claim_id, []).append(_Article(id_, outlet, published))
    return found
