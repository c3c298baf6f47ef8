"""The ledger: all claims of a project that a reader sees, how each stands, and which are due for another look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func

from webapp import visibility
from webapp.claim_standing import (
    Standing,
    counts_of,
    due_claims,
    evidence_on,
    families,
    merges_of_claims,
    standings,
)
from webapp.db import db
from webapp.domain.claims import DIVIDED
from webapp.domain.corroboration import Count
from webapp.domain.sources import search_words
from webapp.domain.terms import CorroborationStatus
from webapp.models import Actor, Article, Claim, ClaimMention, ClaimWording, Evidence, Project, Sentence
from webapp.paging import PAGE, nearest_page


@dataclass(frozen=True)
class Wanted:
    """What the ledger is to show."""

    words: tuple[str, ...] = ()
    status: str | None = None
    """A status, or *divided*."""
    outlet: str | None = None
    is_due: bool = False
    without_evidence: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Wanted()


STATUSES = {**{status.value: status.label for status in CorroborationStatus}, DIVIDED: "Divided"}


@dataclass(frozen=True)
class Row:
    """One claim of the ledger."""

    id: UUID
    wording: str
    is_published: bool
    standing: Standing
    count: Count
    mentions: int
    articles: int
    doubles: int
    due: str | None


@dataclass(frozen=True)
class Listed:
    """One page of the ledger."""

    rows: list[Row]
    total: int
    page: int
    pages: int
    due: int
    """How many claims in all are due for another look."""


def listed(reader: Actor, project: Project, wanted: Wanted, number: int, today: date) -> Listed:
    """The claims that are wanted, the newest first; those merged into another stand with it."""
    merges = merges_of_claims(reader, project.id)
    if wanted.is_empty:
        return _all(reader, project, number, today, merges)
    # No index knows how a claim stands for a reader: who asks for some of them has all of them looked at.
    worded = [row for row in db.session.scalars(_wordings(reader, project)) if row.claim_id not in merges]
    members = families([row.claim_id for row in worded], merges)
    standing = standings(db.session(), reader, list(members), merges)
    overdue = {id_ for id_, one in standing.items() if one.due and one.due <= str(today)}
    kept = [row for row in worded if _is_wanted(row, standing[row.claim_id], wanted)]
    if wanted.is_due:
        kept = [row for row in kept if row.claim_id in overdue]
    if wanted.outlet:
        there = _of_outlet(reader, project, wanted.outlet)
        kept = [row for row in kept if there.intersection(members[row.claim_id])]
    if wanted.without_evidence:
        there = _with_evidence(reader, project)
        kept = [row for row in kept if not there.intersection(members[row.claim_id])]
    number, pages = nearest_page(number, len(kept))
    shown = kept[(number - 1) * PAGE : number * PAGE]
    return Listed(_rows(reader, shown, members, standing), len(kept), number, pages, len(overdue))


def _all(reader: Actor, project: Project, number: int, today: date, merges: Mapping[UUID, UUID]) -> Listed:
    """A page of all claims, for which only those of the page are looked at."""
    query = _wordings(reader, project).where(ClaimWording.claim_id.not_in(merges))
    total = db.session.scalar(query.order_by(None).with_only_columns(func.count())) or 0
    number, pages = nearest_page(number, total)
    shown = db.session.scalars(query.limit(PAGE).offset((number - 1) * PAGE)).all()
    members = families([row.claim_id for row in shown], merges)
    standing = standings(db.session(), reader, list(members), merges)
    due = due_claims(reader, project.id, today)
    return Listed(_rows(reader, shown, members, standing), total, number, pages, len(due))


def _rows(
    reader: Actor,
    shown: Sequence[ClaimWording],
    members: Mapping[UUID, list[UUID]],
    standing: Mapping[UUID, Standing],
) -> list[Row]:
    families_shown = {row.claim_id: members[row.claim_id] for row in shown}
    every = [id_ for ids in families_shown.values() for id_ in ids]
    counts = counts_of(db.session(), reader, evidence_on(db.session(), reader, every), families_shown)
    places = _places(reader, every)
    rows = []
    for row in shown:
        ids = members[row.claim_id]
        sentences = {place for id_ in ids for place in places.get(id_, ())}
        rows.append(
            Row(
                row.claim_id,
                row.wording,
                row.is_published,
                standing[row.claim_id],
                counts[row.claim_id],
                len(sentences),
                len({article_id for article_id, _ in sentences}),
                len(ids) - 1,
                standing[row.claim_id].due,
            )
        )
    return rows


def outlets_of(reader: Actor, project: Project) -> list[str]:
    """The outlets of the articles in which claims are mentioned."""
    query = visibility.mentions_visible_to(reader).where(Claim.project_id == project.id, Article.outlet.is_not(None))
    return sorted(filter(None, db.session.scalars(query.with_only_columns(Article.outlet).distinct())))


def _wordings(reader: Actor, project: Project) -> Select[ClaimWording]:
    return (
        visibility.wordings_visible_to(reader)
        .where(Claim.project_id == project.id, ClaimWording.withdrawn_why.is_(None))
        .order_by(Claim.created_at.desc(), Claim.id)
    )


def _is_wanted(row: ClaimWording, standing: Standing, wanted: Wanted) -> bool:
    if wanted.status and standing.status != wanted.status:
        return False
    told = search_words(row.wording)
    return all(any(word.startswith(asked) for word in told) for asked in wanted.words)


def _of_outlet(reader: Actor, project: Project, outlet: str) -> set[UUID]:
    query = visibility.mentions_visible_to(reader).where(Claim.project_id == project.id, Article.outlet == outlet)
    return set(db.session.scalars(query.with_only_columns(ClaimMention.claim_id)))


def _with_evidence(reader: Actor, project: Project) -> set[UUID]:
    query = visibility.evidence_visible_to(reader).where(
        Claim.project_id == project.id, Evidence.withdrawn_why.is_(None)
    )
    return set(db.session.scalars(query.with_only_columns(Evidence.claim_id)))


def _places(reader: Actor, claim_ids: list[UUID]) -> dict[UUID, set[tuple[int, int]]]:
    """The articles and sentences that mention each of the claims."""
    found: dict[UUID, set[tuple[int, int]]] = {}
    query = visibility.mentions_visible_to(reader).where(ClaimMention.claim_id.in_(claim_ids))
    for claim_id, article_id, sentence_id in db.session.execute(
        query.with_only_columns(ClaimMention.claim_id, Sentence.article_id, ClaimMention.sentence_id)
    ):
        found.setdefault(claim_id, set()).add((article_id, sentence_id))
    return found


def choices_beside(reader: Actor, project_id: int, claim_id: UUID) -> list[tuple[UUID, str]]:
    """The other claims of the project by wording, for a choice among them; the newest 500."""
    query = (
        visibility.wordings_visible_to(reader)
        .where(Claim.project_id == project_id, ClaimWording.withdrawn_why.is_(None))
        .with_only_columns(Claim.id, ClaimWording.wording)
        .order_by(Claim.created_at.desc())
        .limit(500)
    )
    return [(id_, wording) for id_, wording in db.session.execute(query) if id_ != claim_id]
