"""What somebody who tags is told of claims: which sentences mention which, their own assessment, and the evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, select

from webapp import visibility
from webapp.db import db
from webapp.domain.corroboration import EvidenceItem
from webapp.domain.moments import moment
from webapp.models import Actor, Assessment, Claim, ClaimMention, ClaimWording, Evidence

MOST_ITEMS = 40
"""Of one claim that are told one by one, one's own first; there may be thousands."""
OF_OTHERS = ("stance", "independence", "url", "description", "title", "outlet", "origin", "same_origin_as")
"""What is told of an item that somebody else entered: as much as names it."""


@dataclass(frozen=True)
class ToldClaim:
    """A claim as it is told at the desk, to one reader."""

    wording: ClaimWording
    is_mine: bool
    assessment: Assessment | None
    """The reader's own: what others found is told on the page of the claim alone."""
    items: Sequence[Evidence]
    own_items: int
    visible_items: int

    def values(self, reader_id: int) -> dict[str, Any]:
        """As JSON."""
        return {
            **wording_values(self.wording),
            "is_mine": self.is_mine,
            "assessment": assessment_values(self.assessment) if self.assessment else None,
            "items": [item_values(item, reader_id) for item in self.items],
            "item_count": {"own": self.own_items, "visible": self.visible_items},
        }


def mentions_in(sentences: Select[int], reader: Actor) -> list[ClaimMention]:
    """The mentions on these sentences that the reader may see, of claims that stand, in the order in which they were
    made.
    """
    worded = and_(ClaimWording.claim_id == ClaimMention.claim_id, ClaimWording.is_current)
    return list(
        db.session.scalars(
            visibility.mentions_visible_to(reader)
            .join(ClaimWording, worded)
            .where(
                ClaimMention.sentence_id.in_(sentences),
                ClaimWording.withdrawn_why.is_(None),
                ~visibility.is_old_mention(reader, beside_work=True),
            )
            .order_by(ClaimMention.id)
        )
    )


def told_claims(ids: Iterable[UUID], reader: Actor) -> dict[UUID, ToldClaim]:
    """Those of the claims that the reader may see and that were not withdrawn."""
    wanted = set(ids)
    if not wanted:
        return {}
    worded = db.session.execute(
        visibility.wordings_visible_to(reader)
        .where(Claim.id.in_(wanted), ClaimWording.withdrawn_why.is_(None))
        .add_columns(Claim.maker_id)
    ).all()
    found = {wording.claim_id: (wording, maker_id == reader.id) for wording, maker_id in worded}
    own = {
        assessment.claim_id: assessment
        for assessment in db.session.scalars(
            visibility.notes_visible_to(reader).where(
                Assessment.claim_id.in_(found), Assessment.author_id == reader.user_id
            )
        )
    }
    items: dict[UUID, list[Evidence]] = {}
    counts: dict[UUID, tuple[int, int]] = {}
    for item, own_items, visible_items in _items(found, reader):
        items.setdefault(item.claim_id, []).append(item)
        counts[item.claim_id] = (own_items, visible_items)
    return {
        id_: ToldClaim(wording, is_mine, own.get(id_), items.get(id_, []), *counts.get(id_, (0, 0)))
        for id_, (wording, is_mine) in found.items()
    }


def _items(ids: Iterable[UUID], reader: Actor) -> Sequence[Any]:
    """The items of the claims, as many of each as are told, with how many there are: one's own and all."""
    is_own = Evidence.author_id == reader.user_id
    order = case((is_own, 0), else_=1), Evidence.id.desc()
    claim = Evidence.claim_id
    ranked = (
        visibility.evidence_visible_to(reader)
        .where(Evidence.claim_id.in_(ids), Evidence.withdrawn_why.is_(None))
        .with_only_columns(
            Evidence.id,
            func.row_number().over(partition_by=claim, order_by=order).label("rank"),
            func.sum(case((is_own, 1), else_=0)).over(partition_by=claim).label("own"),
            func.count().over(partition_by=claim).label("visible"),
        )
        .subquery()
    )
    return db.session.execute(
        select(Evidence, ranked.c.own, ranked.c.visible)
        .join(ranked, ranked.c.id == Evidence.id)
        .where(ranked.c.rank <= MOST_ITEMS)
        .order_by(Evidence.id)
    ).all()


# ---- revisions as JSON


def wording_values(wording: ClaimWording) -> dict[str, Any]:
    """The claim as it is worded now."""
    return {
        "id": str(wording.claim_id),
        "wording": wording.wording,
        "version": wording.version,
        "client_id": str(wording.client_id),
        **({"withdrawn_why": wording.withdrawn_why} if wording.withdrawn_why is not None else {}),
    }


def mention_values(mention: ClaimMention, reader_id: int) -> dict[str, Any]:
    return {
        "id": str(mention.mention_id),
        "claim_id": str(mention.claim_id),
        "sentence_id": mention.sentence_id,
        "kind": mention.kind.value,
        "version": mention.version,
        "client_id": str(mention.client_id),
        "to_confirm": mention.to_confirm,
        "is_mine": mention.author_id == reader_id,
        **({"withdrawn_why": mention.withdrawn_why} if mention.withdrawn_why is not None else {}),
    }


def item_values(item: Evidence, reader_id: int) -> dict[str, Any]:
    """An item; what is not recorded is left out."""
    is_mine = item.author_id == reader_id
    names = tuple(EvidenceItem.__dataclass_fields__) if is_mine else OF_OTHERS
    told = {name: value for name in names if (value := getattr(item, name)) is not None}
    return {
        "id": str(item.evidence_id),
        "claim_id": str(item.claim_id),
        "version": item.version,
        "client_id": str(item.client_id),
        "is_mine": is_mine,
        **told,
        **({"same_origin_as": str(item.same_origin_as)} if item.same_origin_as else {}),
        **({"withdrawn_why": item.withdrawn_why} if item.withdrawn_why is not None else {}),
    }


def assessment_values(assessment: Assessment) -> dict[str, Any]:
    """One's own assessment; what the records propose stands on the page of the claim, and never beside it here."""
    return {
        "claim_id": str(assessment.claim_id),
        "version": assessment.version,
        "client_id": str(assessment.client_id),
        "status": assessment.status.value,
        "note": assessment.note,
        "url": assessment.url,
        "look_again_by": assessment.look_again_by,
        "why_other": assessment.why_other,
        "created_at": moment(assessment.created_at),
    }
