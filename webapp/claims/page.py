"""What the page of one claim shows: how it stands, what it rests on, where it was said, and its history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from webapp import visibility
from webapp.accepted_chains import told_chains
from webapp.article_list import ListedArticle, listed_articles
from webapp.claim_standing import Standing, counts_of, families, standings
from webapp.claims.choosing import standing_now
from webapp.claims.queries import may_word
from webapp.db import db
from webapp.domain.corroboration import Count, Item, Origin, Proposal, proposed
from webapp.domain.terms import Credibility, MentionKind, Stance, Tag
from webapp.models import (
    Actor,
    Annotation,
    Article,
    Assessment,
    Claim,
    ClaimMention,
    ClaimMerge,
    ClaimSettlement,
    ClaimWording,
    Evidence,
    EvidenceCopy,
    Membership,
    Sentence,
    index_of,
)
from webapp.models.revisions import Revised
from webapp.near_copies import derived_among

R = TypeVar("R", bound=Revised)

MOST_SHOWN = 200
"""Reports, and mentions, on the page of a claim; files have all of them."""


@dataclass(frozen=True)
class OriginShown:
    """One origin with its reports."""

    name: str
    origin: Origin
    items: list[Evidence]

    @property
    def stance(self) -> str:
        """`supports`, `refutes`, `neutral` or `mixed`."""
        return "mixed" if self.origin.is_mixed else (self.origin.side or Stance.NEUTRAL).value


@dataclass(frozen=True)
class MentionShown:
    """One sentence that makes, repeats or denies the claim."""

    mention: ClaimMention
    text: str
    article: Article
    sentence_index: int
    tag: Tag | None
    """What the reader answered, of several passes in the newest."""


@dataclass(frozen=True)
class NearCopies:
    """Two articles with the same passages, that count as two: an item of the one, and what it may have in common with
    an item of the other, or with the article that makes the claim (None).
    """

    item: Evidence
    other: Evidence | None
    article: ListedArticle
    other_article: ListedArticle
    share: float
    """Of the words of the shorter text."""


@dataclass(frozen=True)
class Event:
    """One line of the history."""

    at: datetime
    by: str
    what: str
    why: str | None


@dataclass(frozen=True)
class Shown:
    """Everything on the page."""

    claim: Claim
    wording: ClaimWording
    standing: Standing
    count: Count
    proposal: Proposal
    origins: list[OriginShown]
    derived: list[Evidence]
    every_item: list[Evidence]
    mentions: list[MentionShown]
    standing_now: Mapping[int, int]
    """For the sentences that are items, the one that stands there now, where the reader may open it."""
    chains: Mapping[int, list[str]]
    """For the sentences that are items, through whom their content came."""
    mine: Assessment | None
    copies: Mapping[UUID, list[EvidenceCopy]]
    """The files kept with each item."""
    doubles: list[tuple[ClaimMerge, str]]
    """Merged into it, each with its wording."""
    versions: Mapping[str, int]
    """Of what a form of the page would change of this claim, none of its doubles: 0 for none yet."""
    codes: Mapping[int, str]
    near_copies: list[NearCopies]
    history: list[Event]
    may_word: bool
    supervises: bool

    @property
    def items(self) -> list[Evidence]:
        """Those that the page shows."""
        return [item for origin in self.origins for item in origin.items] + self.derived

    @property
    def hidden(self) -> int:
        """How many more there are."""
        return self.count.n_items - len(self.items)

    def others_for(self, chosen: Evidence | None) -> list[Evidence]:
        """The items whose origin the one chosen, or a new one, may share: others of the same claim that the page shows,
        and the one that is named already.
        """
        claim_id, named = (chosen.claim_id, chosen.same_origin_as) if chosen else (self.claim.id, None)
        shown = [item for item in self.items if item.claim_id == claim_id and item is not chosen]
        return shown + [item for item in self.every_item if item.evidence_id == named and item not in shown]

    @property
    def is_overruled(self) -> bool:
        """Whether the reader's own status is another than the records propose."""
        return self.mine is not None and bool(self.count.n_items) and self.mine.status is not self.proposal.status

    @property
    def confirmed_without_origin(self) -> list[Evidence]:
        """Items called *confirmed* where no independent origin supports the claim."""
        if self.count.independent_supporting:
            return []
        return [item for item in self.items if item.information_credibility is Credibility.CONFIRMED]


def shown(reader: Actor, claim: Claim, merges: Mapping[UUID, UUID]) -> Shown:
    """The page of a claim for this reader, who sees these merges in its project (`merges_of_claims`)."""
    ids = families([claim.id], merges)[claim.id]
    standing = standings(db.session(), reader, [claim.id], merges)[claim.id]
    rows = _entered(reader, ids)
    count = counts_of(db.session(), reader, {claim.id: ids})[claim.id]
    by_id = {str(row.evidence_id): row for row in rows}
    codes = _codes(claim.project_id)
    origins, derived = _origins(count, by_id), _as_entered(count.derived, by_id)[:MOST_SHOWN]
    items = [item for origin in origins for item in origin.items] + derived
    sentence_ids = {item.sentence_id for item in items if item.sentence_id}
    mentions = _mentions(reader, ids)
    return Shown(
        claim,
        _wording(claim.id),
        standing,
        count,
        proposed(count),
        origins,
        derived,
        rows,
        mentions,
        standing_now(reader, sentence_ids),
        told_chains(db.session(), reader, claim.project, sentence_ids),
        next((one for one in standing.assessed if one.author_id == reader.id), None),
        _copies(reader, ids),
        _doubles(reader, ids[1:]),
        _versions(reader, claim.id),
        codes,
        list(_near_copies(reader, origins, mentions)),
        _history(reader, claim, ids, codes),
        may_word(reader, claim.id),
        visibility.supervises(reader, claim.project_id),
    )


OF_ARTICLE = (Article.id, Article.project_id, Article.outlet, Article.published, Article.title)
"""What is told of the article of an item; its text is long."""


def _entered(reader: Actor, claim_ids: Sequence[UUID]) -> list[Evidence]:
    """The items of these claims that this reader may see, as they were entered, the withdrawn left out."""
    return list(
        db.session.scalars(
            visibility.evidence_visible_to(reader)
            .where(Evidence.claim_id.in_(claim_ids), Evidence.withdrawn_why.is_(None))
            .options(joinedload(Evidence.sentence).joinedload(Sentence.article).load_only(*OF_ARTICLE))
            .order_by(Evidence.id)
        )
    )


def _versions(reader: Actor, claim_id: UUID) -> dict[str, int]:
    current: dict[str, Select[int]] = {
        "assessment": select(Assessment.version).where(
            Assessment.claim_id == claim_id, Assessment.author_id == reader.id, Assessment.is_current
        ),
        "settlement": select(ClaimSettlement.version).where(
            ClaimSettlement.claim_id == claim_id, ClaimSettlement.is_current
        ),
        "merge": select(ClaimMerge.version).where(ClaimMerge.claim_id == claim_id, ClaimMerge.is_current),
    }
    return {name: db.session.scalar(query) or 0 for name, query in current.items()}


def _wording(claim_id: UUID) -> ClaimWording:
    return db.session.scalars(
        select(ClaimWording).where(ClaimWording.claim_id == claim_id, ClaimWording.is_current)
    ).one()


def _origins(count: Count, by_id: Mapping[str, Evidence]) -> list[OriginShown]:
    """The origins in the order in which their first reports were entered, as many as the page shows."""
    shown = [(origin, _as_entered(origin.items, by_id)) for origin in count.origins]
    found, left = [], MOST_SHOWN
    for origin, rows in sorted(shown, key=lambda one: one[1][0].created_at):
        if left > 0:
            found.append(OriginShown(_name(rows), origin, rows[:left]))
            left -= len(rows)
    return found


def _as_entered(items: Sequence[Item], by_id: Mapping[str, Evidence]) -> list[Evidence]:
    return sorted((by_id[item.id] for item in items), key=lambda row: (row.created_at, row.id))


def _name(rows: Sequence[Evidence]) -> str:
    """What an origin is called: as its items say, else by its first report."""
    said = next((row.origin for row in rows if row.origin), None)
    return said or next(row.name for row in rows if row.name)


def _near_copies(
    reader: Actor, origins: Sequence[OriginShown], mentions: Sequence[MentionShown]
) -> Iterator[NearCopies]:
    """What counts as two origins although the texts are near-copies, for a person to decide. Items of one origin, and
    those that came from the article itself, are counted once already.
    """
    of_article: dict[int, tuple[int, Evidence]] = {}
    for place, origin in enumerate(origins):
        for item in origin.items:
            if item.sentence:
                of_article.setdefault(item.sentence.article_id, (place, item))
    making = {one.article.id for one in mentions if one.mention.kind is MentionKind.MAKES}
    pairs = derived_among(of_article.keys() | making, reader) if of_article else {}
    listed = listed_articles({id_ for pair in pairs for id_ in pair})
    for (shorter, longer), share in pairs.items():
        of_a, of_b = of_article.get(shorter), of_article.get(longer)
        if of_a and of_b and of_a[0] != of_b[0]:
            yield NearCopies(of_a[1], of_b[1], listed[shorter], listed[longer], share)
        elif of_a and not of_b:
            yield NearCopies(of_a[1], None, listed[shorter], listed[longer], share)
        elif of_b and not of_a:
            yield NearCopies(of_b[1], None, listed[longer], listed[shorter], share)


def _mentions(reader: Actor, ids: Sequence[UUID]) -> list[MentionShown]:
    own = (
        select(Annotation.tag)
        .where(
            Annotation.sentence_id == ClaimMention.sentence_id,
            Annotation.analyst_id == reader.id,
            Annotation.assignment_id.not_in(visibility.work_before_a_repeat(reader.id or 0)),
            Annotation.is_current,
        )
        .order_by(Annotation.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        visibility.mentions_visible_to(reader)
        .where(ClaimMention.claim_id.in_(ids))
        .with_only_columns(ClaimMention, Article, Sentence.start, Sentence.end, index_of(Sentence), own)
        .order_by(Article.published, Article.id, Sentence.start, ClaimMention.author_id != reader.id, ClaimMention.id)
        .limit(MOST_SHOWN)
    )
    met: set[tuple[int, MentionKind]] = set()
    found = []
    for mention, article, start, end, index, tag in rows:
        if (mention.sentence_id, mention.kind) not in met:  # equal mentions count once
            met.add((mention.sentence_id, mention.kind))
            found.append(MentionShown(mention, article.text[start:end], article, index, tag))
    return found


def _copies(reader: Actor, ids: Sequence[UUID]) -> dict[UUID, list[EvidenceCopy]]:
    found: dict[UUID, list[EvidenceCopy]] = {}
    query = visibility.copies_visible_to(reader).where(EvidenceCopy.claim_id.in_(ids)).order_by(EvidenceCopy.created_at)
    for copy in db.session.scalars(query):
        found.setdefault(copy.evidence_id, []).append(copy)
    return found


def _doubles(reader: Actor, ids: Sequence[UUID]) -> list[tuple[ClaimMerge, str]]:
    rows = db.session.execute(
        visibility.claim_merges_visible_to(reader)
        .join(ClaimWording, ClaimWording.claim_id == ClaimMerge.claim_id)
        .where(ClaimMerge.claim_id.in_(ids), ClaimWording.is_current)
        .with_only_columns(ClaimMerge, ClaimWording.wording)
        .order_by(ClaimMerge.created_at)
    )
    return [(merge, wording) for merge, wording in rows]


def _codes(project_id: int) -> dict[int, str]:
    rows = db.session.execute(
        select(Membership.user_id, Membership.coder_code).where(Membership.project_id == project_id)
    )
    return {user_id: code for user_id, code in rows}  # noqa: C416 (rows, not pairs)


def _history(reader: Actor, claim: Claim, ids: Sequence[UUID], codes: Mapping[int, str]) -> list[Event]:
    """Who changed what when, as far as the reader may know of it; the newest first."""
    reads_others = visibility.reads_others_about(reader, claim.id)

    def event(
        row: ClaimWording | ClaimMention | ClaimMerge | Assessment | Evidence | ClaimSettlement,
        what: str,
        why: str | None,
    ) -> Event:
        code = codes.get(row.author_id, "a former member") if reads_others else "somebody"
        return Event(row.created_at, "you" if row.author_id == reader.id else code, what, why)

    seen = list(db.session.scalars(_items(reader, ids)))
    assessed = [one.note_key for one in db.session.scalars(_assessments(reader, ids))]
    reads_all_wordings = reads_others or claim.maker_id == reader.id
    wordings = [row for row in _rows(ClaimWording, "claim_id", ids) if reads_all_wordings or row.is_published]
    events = [event(row, _of_wording(row), row.withdrawn_why) for row in wordings]
    events += [event(row, what, row.why_other) for row, what in _told_of_assessments(assessed)]
    events += [event(row, _of_item(row), row.withdrawn_why) for row in _rows(Evidence, "evidence_id", seen)]
    events += [event(row, told, row.withdrawn_why) for row, told in _told_of_mentions(reader, ids)]
    if reads_others:
        events += [
            event(row, _of_merge(row, is_double=row.claim_id != ids[0]), row.reason)
            for row in _rows(ClaimMerge, "claim_id", ids)
        ]
        events += [
            event(row, _of_settlement(row), row.reason if row.withdrawn_why is None else row.withdrawn_why)
            for row in _rows(ClaimSettlement, "claim_id", ids)
        ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _told_of_assessments(keys: Sequence[UUID]) -> list[tuple[Assessment, str]]:
    """Each status that an analyst found, and once what they wrote about it since, which is saved as they type."""
    found: list[tuple[Assessment, str]] = []
    rows = sorted(_rows(Assessment, "note_key", keys), key=lambda row: (row.note_key, row.version))
    for before, row in zip([None, *rows], rows, strict=False):
        is_same = before is not None and (before.note_key, before.status) == (row.note_key, row.status)
        if is_same and found[-1][1] == AMENDED:
            found.pop()
        found.append((row, AMENDED if is_same else f"found it {row.status.label.lower()}"))
    return found


AMENDED = "amended the note"


def _told_of_mentions(reader: Actor, ids: Sequence[UUID]) -> list[tuple[ClaimMention, str]]:
    """All revisions of the mentions that the reader may see, the withdrawn among them, but for how the claim began."""
    seen = visibility.mentions_on_record_for(reader).where(ClaimMention.claim_id.in_(ids))
    rows = db.session.execute(
        select(ClaimMention, Article.title, Article.outlet)
        .join(Sentence, Sentence.id == ClaimMention.sentence_id)
        .join(Sentence.article)
        .where(ClaimMention.mention_id.in_(seen.with_only_columns(ClaimMention.mention_id)))
    )
    return [
        (row, _of_mention(row, title or outlet or "an article"))
        for row, title, outlet in rows
        if row.version > 1 or row.mention_id != row.claim_id
    ]


def _items(reader: Actor, ids: Sequence[UUID]) -> Select[UUID]:
    """Those that the reader may see, the withdrawn among them."""
    items = visibility.evidence_visible_to(reader).where(Evidence.claim_id.in_(ids))
    return items.with_only_columns(Evidence.evidence_id)


def _assessments(reader: Actor, ids: Sequence[UUID]) -> Select[Assessment]:
    return visibility.notes_visible_to(reader).where(Assessment.claim_id.in_(ids))


def _rows(table: type[R], column: str, values: Sequence[UUID]) -> Sequence[R]:
    """All revisions of these."""
    return db.session.scalars(select(table).where(getattr(table, column).in_(values))).all()


def _of_wording(row: ClaimWording) -> str:
    if row.withdrawn_why is not None:
        return "took it back"
    told = f"“{row.wording}”"
    return f"made it: {told}" if row.version == 1 else f"worded it {told}{', published' if row.is_published else ''}"


def _of_settlement(row: ClaimSettlement) -> str:
    told = "settled it" if row.withdrawn_why is None else "took the settlement back"
    return f"{told}: {row.status.label.lower()}"


def _of_item(row: Evidence) -> str:
    if row.withdrawn_why is not None:
        return f"took back the item “{row.name}”"
    return f"{'added' if row.version == 1 else 'amended'} the item “{row.name}”"


def _of_mention(row: ClaimMention, article: str) -> str:
    told = f"“{article}” {row.kind.label.lower()}"
    if row.withdrawn_why is not None:
        return f"took back that {told}"
    if row.to_confirm:
        return f"is to confirm that {told}: a repair of the split moved it"
    return f"{'said' if row.version == 1 else 'confirmed'} that {told}"


def _of_merge(row: ClaimMerge, *, is_double: bool) -> str:
    if is_double:
        return "merged a double into it" if row.into_id else "parted a double from another claim"
    return "merged it into another claim" if row.into_id else "took its merge back"
