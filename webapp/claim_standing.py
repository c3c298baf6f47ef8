"""How claims stand, as far as a reader may see: what was assessed and settled, and the items counted as origins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp import visibility
from webapp.db import db
from webapp.domain.claims import Settlement, standing
from webapp.domain.corroboration import Count, Item, counted
from webapp.domain.merges import root_of
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
    members = families(claim_ids, merges)
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


def families(claim_ids: Iterable[UUID], merges: Mapping[UUID, UUID]) -> dict[UUID, list[UUID]]:
    """Each claim with those that were merged into it, itself first."""
    found = {claim_id: [claim_id] for claim_id in claim_ids}
    for double in merges:
        found.get(root_of(double, merges), []).append(double)
    return found


def merges_of_claims(reader: Actor, project_id: int) -> dict[UUID, UUID]:
    """Into which other one each merged claim of the project went, as far as the reader may know."""
    query = visibility.claim_merges_visible_to(reader).where(Claim.project_id == project_id)
    rows = db.session.execute(query.with_only_columns(ClaimMerge.claim_id, ClaimMerge.into_id))
    return {claim_id: into_id for claim_id, into_id in rows if into_id}


def evidence_on(session: Session, reader: Actor, claim_ids: Iterable[UUID]) -> list[Evidence]:
    """The items of these claims that this reader may see, as they were entered, the withdrawn left out."""
    return list(
        session.scalars(
            visibility.evidence_visible_to(reader)
            .where(Evidence.claim_id.in_(claim_ids), Evidence.withdrawn_why.is_(None))
            .options(joinedload(Evidence.sentence))
            .order_by(Evidence.id)
        )
    )


def counts_of(session: Session, items: Sequence[Evidence], members: Mapping[UUID, Sequence[UUID]]) -> dict[UUID, Count]:
    """The origins of the items of each claim with its doubles (`families`)."""
    of_claim: dict[UUID, list[Evidence]] = {}
    for item in items:
        of_claim.setdefault(item.claim_id, []).append(item)
    articles = _articles_of(session, {id_ for ids in members.values() for id_ in ids}) if items else {}
    return {
        claim_id: counted(
            _as_items(
                [item for id_ in ids for item in of_claim.get(id_, ())],
                {article: outlet for id_ in ids for article, outlet in articles.get(id_, {}).items()},
            )
        )
        for claim_id, ids in members.items()
    }


def _as_items(rows: Sequence[Evidence], articles: Mapping[int, str | None]) -> list[Item]:
    """As the rule takes them: an earlier piece of the article's own outlet, or of the article, is derived from it; what
    names an item that the reader does not see, or that was withdrawn, stands for itself.
    """
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


def _articles_of(session: Session, claim_ids: set[UUID]) -> dict[UUID, dict[int, str | None]]:
    """By claim the articles with a live mention that makes or repeats it, each with its outlet."""
    rows = session.execute(
        select(ClaimMention.claim_id, Article.id, Article.outlet)
        .join(Sentence, Sentence.id == ClaimMention.sentence_id)
        .join(Sentence.article)
        .where(
            ClaimMention.claim_id.in_(claim_ids),
            ClaimMention.is_current,
            ClaimMention.withdrawn_why.is_(None),
            ClaimMention.kind != MentionKind.DENIES,
            Article.is_live,
        )
        .distinct()
    )
    found: dict[UUID, dict[int, str | None]] = {}
    for claim_id, article_id, outlet in rows:
        found.setdefault(claim_id, {})[article_id] = outlet
    return found
