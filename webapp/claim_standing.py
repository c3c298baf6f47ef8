"""How claims stand, as far as a reader may see: what was assessed and settled, and the items counted as origins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import visibility
from webapp.db import db
from webapp.domain.claims import Settlement, standing
from webapp.domain.corroboration import Count, Item, counted
from webapp.domain.sources import root_of
from webapp.domain.terms import CorroborationStatus, Independence, MentionKind
from webapp.models import (
    Actor,
    Article,
    Assessment,
    Claim,
    ClaimMention,
    ClaimMerge,
    ClaimSettlement,
    Evidence,
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
        return CorroborationStatus(self.status).label if self.status in set(CorroborationStatus) else "Divided"


def standings(
    session: Session, reader: Actor, claim_ids: Sequence[UUID], merges: Mapping[UUID, UUID]
) -> dict[UUID, Standing]:
    """How each of the claims stands with those merged into it, as far as the reader may see assessments and what was
    settled. Of several assessments of one analyst the newest counts, of several settlements that of the claim itself.
    """
    members = {claim_id: with_doubles(claim_id, merges) for claim_id in claim_ids}
    every = {one for ids in members.values() for one in ids}
    assessed: dict[UUID, list[Assessment]] = {}
    for assessment in session.scalars(visibility.notes_visible_to(reader).where(Assessment.claim_id.in_(every))):
        assessed.setdefault(assessment.claim_id, []).append(assessment)
    settled = {
        row.claim_id: row
        for row in session.scalars(visibility.settlements_visible_to(reader).where(ClaimSettlement.claim_id.in_(every)))
    }
    return {
        claim_id: Standing(
            _newest_of_each([one for id_ in ids for one in assessed.get(id_, [])]),
            next((settled[id_].settlement for id_ in ids if id_ in settled), None),
        )
        for claim_id, ids in members.items()
    }


def _newest_of_each(assessments: list[Assessment]) -> list[Assessment]:
    newest = {one.author_id: one for one in sorted(assessments, key=lambda one: (one.created_at, one.id))}
    return sorted(newest.values(), key=lambda one: one.id)


def with_doubles(claim_id: UUID, merges: Mapping[UUID, UUID]) -> list[UUID]:
    """The claim, and those that were merged into it."""
    return [claim_id, *(other for other in merges if root_of(other, merges) == claim_id)]


def merges_of_claims(reader: Actor, project_id: int) -> dict[UUID, UUID]:
    """Into which other one each merged claim of the project went, as far as the reader may know."""
    query = visibility.claim_merges_visible_to(reader).where(Claim.project_id == project_id)
    rows = db.session.execute(query.with_only_columns(ClaimMerge.claim_id, ClaimMerge.into_id))
    return {claim_id: into_id for claim_id, into_id in rows if into_id}


def counted_for(session: Session, reader: Actor, claim_ids: Sequence[UUID]) -> Count:
    """The origins of the items of a claim and its doubles as this reader may see them, the withdrawn left out."""
    items = session.scalars(
        visibility.evidence_visible_to(reader).where(Evidence.claim_id.in_(claim_ids), Evidence.withdrawn_why.is_(None))
    ).all()
    return counted(as_items(items, _articles_of(session, claim_ids))) if items else counted([])


def as_items(items: Iterable[Evidence], articles: dict[int, str | None]) -> list[Item]:
    """As the rule takes them: an earlier piece of the article's own outlet, or of the article, is derived from it; what
    names an item that the reader does not see, or that was withdrawn, stands for itself.
    """
    rows = list(items)
    there = {row.evidence_id for row in rows}
    outlets = {outlet.casefold() for outlet in articles.values() if outlet}
    found = []
    for row in rows:
        item = row.item if row.same_origin_as in there else replace(row.item, same_origin_as=None)
        is_own = row.sentence is not None and row.sentence.article_id in articles
        if is_own or (row.outlet or "").casefold() in outlets:
            item = replace(item, independence=Independence.DERIVED)
        found.append(item)
    return found


def _articles_of(session: Session, claim_ids: Sequence[UUID]) -> dict[int, str | None]:
    """The articles with a live mention that makes or repeats one of the claims, each with its outlet."""
    rows = session.execute(
        select(Article.id, Article.outlet)
        .join(Sentence, Sentence.article_id == Article.id)
        .join(ClaimMention, ClaimMention.sentence_id == Sentence.id)
        .join(Claim, Claim.id == ClaimMention.claim_id)
        .where(
            ClaimMention.claim_id.in_(claim_ids),
            ClaimMention.is_current,
            ClaimMention.withdrawn_why.is_(None),
            ClaimMention.kind != MentionKind.DENIES,
            Article.is_live,
        )
        .distinct()
    )
    return {article_id: outlet for article_id, outlet in rows}  # noqa: C416 (rows, not pairs)
