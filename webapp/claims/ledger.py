"""The ledger: all claims of a project that a reader sees, how each stands, and which are due for another look."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func

from webapp import visibility
from webapp.claim_standing import (
    Standing,
    claims_with,
    counts_of,
    due_claims,
    families,
    merges_of_claims,
    standings,
)
from webapp.db import db
from webapp.domain.corroboration import Count
from webapp.domain.merges import root_of
from webapp.domain.sources import search_words
from webapp.models import (
    Actor,
    Article,
    Claim,
    ClaimMention,
    ClaimMerge,
    ClaimWording,
    EntryCount,
    EntryKind,
    OutletCount,
    Project,
    Sentence,
)
from webapp.paging import FIRST_PAGE, LONG, PAGE, Asked, Order, Page, nearest_page, page_in_order


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

    rows: Page[Row]
    total: int
    among: int
    """How many there are without a filter."""
    due: int
    """How many claims in all are due for another look."""

    @property
    def is_long(self) -> bool:
        """Whether a filter, which looks at all of them, takes a moment."""
        return self.among > LONG


def listed(reader: Actor, project: Project, wanted: Wanted, today: date, asked: Asked = FIRST_PAGE) -> Listed:
    """The claims that are wanted, the newest first; those merged into another stand with it."""
    merges = merges_of_claims(reader, project.id)
    due = due_claims(reader, project.id, today)
    if wanted.is_empty:
        total = among = _number_of_all(reader, project, merges)
        page = _page_of_all(reader, project, merges, asked, total)
    else:
        ids, among = _ids_wanted(reader, project, wanted, merges, due)
        number, pages = nearest_page(asked.page, total := len(ids))
        page = Page(_worded(reader, ids[(number - 1) * PAGE : number * PAGE]), number, pages, number < pages)
    members = families([row.claim_id for row in page], merges)
    standing = standings(db.session(), reader, list(members), merges)
    return Listed(page.with_rows(_rows(reader, page.rows, members, standing)), total, among, len(due))


IN_ORDER = Order((Claim.created_at, Claim.id), falls=True)
BY_ID = Order((Claim.id,))


def _page_of_all(
    reader: Actor, project: Project, merges: Collection[UUID], asked: Asked, total: int
) -> Page[ClaimWording]:
    """Found by the ids of the claims beside it: an address that told when one was made would tell of others' work."""
    keys = {key: told[0] for key in (asked.after, asked.before) if (told := BY_ID.values(key))}
    made = visibility.claims_visible_to(reader).where(Claim.id.in_(keys.values()))
    places = {row.id: IN_ORDER.key(row) for row in db.session.execute(made.with_only_columns(*IN_ORDER.columns))}
    after, before = (places.get(keys.get(key)) for key in (asked.after, asked.before))
    page = page_in_order(_wordings(reader, project, merges), IN_ORDER, Asked(asked.page, after, before), total)
    rows = [row[0] for row in page]
    if not rows:
        return page
    return replace(page, rows=rows, first=BY_ID.key([rows[0].claim_id]), last=BY_ID.key([rows[-1].claim_id]))


def _number_of_all(reader: Actor, project: Project, merges: Collection[UUID]) -> int:
    """From what is kept, without those that stand with another one; counted for who does not read them as counted."""
    if not visibility.reads_claims_as_counted(reader, project):
        return db.session.scalar(_wordings(reader, project, merges).with_only_columns(func.count())) or 0
    kept = visibility.entry_counts_visible_to(reader, EntryKind.CLAIM).where(EntryCount.project_id == project.id)
    every = db.session.scalar(kept.with_only_columns(func.sum(EntryCount.entries))) or 0
    if not merges:
        return every
    merged = visibility.wordings_visible_to(reader).where(
        ClaimWording.withdrawn_why.is_(None), ClaimWording.claim_id.in_(_merged(reader, project))
    )
    return every - (db.session.scalar(merged.with_only_columns(func.count())) or 0)


def _ids_wanted(
    reader: Actor, project: Project, wanted: Wanted, merges: Mapping[UUID, UUID], due: Collection[UUID]
) -> tuple[list[UUID], int]:
    """The claims that pass the filter, in order, and among how many; no index serves it, so that all are looked at."""
    told = _wordings(reader, project, merges).order_by(*IN_ORDER.by())
    every = db.session.execute(told.with_only_columns(ClaimWording.claim_id, ClaimWording.wording)).all()
    ids = [id_ for id_, wording in every if _has_words(wording, wanted.words)]
    if wanted.is_due:
        ids = [id_ for id_ in ids if id_ in due]
    if wanted.outlet:
        there = {root_of(id_, merges) for id_ in _of_outlet(reader, project, wanted.outlet)}
        ids = [id_ for id_ in ids if id_ in there]
    if wanted.without_evidence:
        with_evidence = claims_with(db.session(), reader, project.id, merges, evidence=True)
        ids = [id_ for id_ in ids if id_.hex not in with_evidence]
    if wanted.status:
        # How a claim stands for a reader is nowhere kept: all are asked that are left and of which there is anything.
        noted = claims_with(db.session(), reader, project.id, merges, notes=True)
        standing = standings(db.session(), reader, [id_ for id_ in ids if id_.hex in noted], merges)
        ids = [id_ for id_ in ids if standing.get(id_, UNTOUCHED).status == wanted.status]
    return ids, len(every)


UNTOUCHED = Standing()


def _has_words(wording: str, words: Sequence[str]) -> bool:
    told = search_words(wording) if words else ()
    return all(any(word.startswith(asked) for word in told) for asked in words)


def _worded(reader: Actor, ids: list[UUID]) -> list[ClaimWording]:
    """The wordings of these, in this order."""
    found = db.session.scalars(visibility.wordings_visible_to(reader).where(ClaimWording.claim_id.in_(ids)))
    by_id = {row.claim_id: row for row in found}
    return [by_id[id_] for id_ in ids if id_ in by_id]  # else it was withdrawn between the two statements


def _rows(
    reader: Actor,
    shown: Sequence[ClaimWording],
    members: Mapping[UUID, list[UUID]],
    standing: Mapping[UUID, Standing],
) -> list[Row]:
    families_shown = {row.claim_id: members[row.claim_id] for row in shown}
    every = [id_ for ids in families_shown.values() for id_ in ids]
    counts = counts_of(db.session(), reader, families_shown)
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
    if visibility.reads_claims_as_counted(reader, project):
        kept = visibility.outlet_counts_visible_to(reader).where(
            OutletCount.project_id == project.id, OutletCount.mentions > 0
        )
        return sorted(filter(None, db.session.scalars(kept.with_only_columns(OutletCount.outlet).distinct())))
    query = visibility.mentions_visible_to(reader).where(Claim.project_id == project.id, Article.outlet.is_not(None))
    return sorted(filter(None, db.session.scalars(query.with_only_columns(Article.outlet).distinct())))


def _wordings(reader: Actor, project: Project, merges: Collection[UUID]) -> Select[ClaimWording]:
    """Those of the claims that stand for themselves."""
    query = visibility.wordings_visible_to(reader)
    query = query.where(Claim.project_id == project.id, ClaimWording.withdrawn_why.is_(None))
    return query.where(ClaimWording.claim_id.not_in(_merged(reader, project))) if merges else query


def _merged(reader: Actor, project: Project) -> Select[UUID]:
    """The ids of `merges_of_claims`."""
    merges = visibility.claim_merges_visible_to(reader)
    merges = merges.where(visibility.without_index(Claim.project_id) == project.id, ClaimMerge.into_id.is_not(None))
    return merges.with_only_columns(ClaimMerge.claim_id)


def _of_outlet(reader: Actor, project: Project, outlet: str) -> set[UUID]:
    query = visibility.mentions_visible_to(reader).where(Claim.project_id == project.id, Article.outlet == outlet)
    return set(db.session.scalars(query.with_only_columns(ClaimMention.claim_id)))


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
