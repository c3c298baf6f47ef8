"""The items of a claim that a reader may see, counted as origins."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import visibility
from webapp.domain.corroboration import Count, Item, counted
from webapp.domain.terms import Independence, MentionKind
from webapp.models import Actor, Article, Claim, ClaimMention, Evidence, Sentence


def counted_for(session: Session, reader: Actor, claim_id: UUID) -> Count:
    """The origins of the claim's items as this reader may see them, the withdrawn left out."""
    items = session.scalars(
        visibility.evidence_visible_to(reader).where(Evidence.claim_id == claim_id, Evidence.withdrawn_why.is_(None))
    ).all()
    return counted(_as_items(items, _articles_of(session, claim_id)))


def _as_items(items: Iterable[Evidence], articles: dict[int, str | None]) -> list[Item]:
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


def _articles_of(session: Session, claim_id: UUID) -> dict[int, str | None]:
    """The articles with a live mention that makes or repeats the claim, each with its outlet."""
    rows = session.execute(
        select(Article.id, Article.outlet)
        .join(Sentence, Sentence.article_id == Article.id)
        .join(ClaimMention, ClaimMention.sentence_id == Sentence.id)
        .join(Claim, Claim.id == ClaimMention.claim_id)
        .where(
            ClaimMention.claim_id == claim_id,
            ClaimMention.is_current,
            ClaimMention.withdrawn_why.is_(None),
            ClaimMention.kind != MentionKind.DENIES,
            Article.is_live,
        )
        .distinct()
    )
    return {article_id: outlet for article_id, outlet in rows}  # noqa: C416 (rows, not pairs)
