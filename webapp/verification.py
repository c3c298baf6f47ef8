"""Proof that the whole database is sound: texts, hashes, spans at every version, revisions, references."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, not_, or_, select, text, true
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, aliased, contains_eager

from webapp import passage_index, word_index
from webapp.config import command
from webapp.counting_triggers import ANSWERED, COLUMNS, COUNTED, IS_EXCLUDED, SENTENCES
from webapp.db import Base, db
from webapp.domain.adjudication import DecidingRule, rules_in
from webapp.domain.chains import LINK_FIELDS
from webapp.domain.intake.description import DESCRIBED, address_key
from webapp.domain.intake.text import sha256
from webapp.domain.merges import in_circles
from webapp.domain.spans import Lifetime, first_broken
from webapp.models import (
    Adjudication,
    Annotation,
    Article,
    Assessment,
    Assignment,
    AttributionLink,
    AuditEvent,
    Claim,
    ClaimMention,
    ClaimMerge,
    ClaimWording,
    Codebook,
    DateReading,
    DayCount,
    DaySentences,
    DescriptionRevision,
    Edition,
    EntryCount,
    Evidence,
    EvidenceCopy,
    EvidencePiece,
    Exclusion,
    FirstTag,
    InboxEntry,
    OutletCount,
    Project,
    ProjectCount,
    Release,
    Round,
    RoundArticle,
    RoundRule,
    SegmentationEdit,
    Sentence,
    Source,
    SourceEntry,
    SourceMerge,
    SourceRating,
    Standing,
    StandingCount,
    Submission,
    SubmissionAnnotation,
    UserSession,
    WorkCount,
)
from webapp.models.revisions import Revised, revised
from webapp.sqlite_file import is_damage
from webapp.standings import ALIKE, STANDING_COLUMNS, standings_as_counted


def faults(session: Session | None = None) -> list[str]:
    """Everything that is off, one sentence each; an empty list is the proof. Goes on where the file is damaged."""
    session = session or db.session()
    found: list[str] = []
    for proof in PROOFS:
        found += _as_far_as_readable(proof.of, proof.check(session))
    return found


def _as_far_as_readable(noun: str, check: Iterator[str]) -> Iterator[str]:
    try:
        yield from check
    except (DBAPIError, sqlite3.Error) as error:
        if not is_damage(error):
            raise
        yield f"{noun} cannot be read to the end: the file is damaged there."
    except (LookupError, TypeError, ValueError):  # SQLAlchemy, of a value that its column cannot have
        yield f"{noun} cannot be read to the end: a row holds a value that cannot be."


def _articles(session: Session) -> Iterator[str]:
    for article_id in session.scalars(select(Article.id).order_by(Article.id)).all():
        yield from _as_far_as_readable(f"Article {article_id}", _article(session, article_id))


def _article(session: Session, article_id: int) -> Iterator[str]:
    article = session.get_one(Article, article_id)
    for fault in [*_text(article), *_spans(session, article), *_edits(session, article)]:
        yield f"Article {article_id}: {fault}"
    session.expunge(article)  # one text in memory at a time


def counts(session: Session | None = None) -> str:
    """What was proved, in figures."""
    session = session or db.session()
    tables = {"articles": Article, "sentences": Sentence, "annotations": Annotation, "notes": Assessment}
    figures = {noun: session.scalar(select(func.count()).select_from(table)) or 0 for noun, table in tables.items()}
    return ", ".join(f"{noun} {count:,}" for noun, count in figures.items())


def _text(article: Article) -> Iterator[str]:
    if sha256(article.text) != article.text_sha256:
        yield "the text does not have the hash recorded for it."
    if hashlib.sha256(article.original).hexdigest() != article.original_sha256:
        yield "the upload does not have the hash recorded for it."


def _spans(session: Session, article: Article) -> Iterator[str]:
    """At every version of the split the sentences alive then must be the whole text."""
    sentences = session.scalars(select(Sentence).where(Sentence.article_id == article.id).order_by(Sentence.start))
    rows = [Lifetime(sentence.span, sentence.added_in, sentence.retired_in) for sentence in sentences]
    if broken := first_broken(article.text, rows, article.segmentation_version):
        version, fault = broken
        yield f"in version {version} of the split: {fault}"
    if any(max(added, retired or 0) > article.segmentation_version for _, added, retired in rows):
        yield "a sentence belongs to a version of the split that never was."


def _edits(session: Session, article: Article) -> Iterator[str]:
    versions = session.scalars(
        select(SegmentationEdit.version)
        .where(SegmentationEdit.article_id == article.id)
        .order_by(SegmentationEdit.version)
    ).all()
    if list(versions) != list(range(2, article.segmentation_version + 1)):
        yield f"the split is at version {article.segmentation_version}; the edits on record do not lead there."


def _is_of(column: Any, project_id: int | None) -> ColumnElement[bool]:
    """Whether a row is of the project; of all where none is named."""
    return true() if project_id is None else column == project_id


def _chain_of(table: type[Revised], session: Session) -> Iterator[str]:
    """The versions of each thing run from 1 without a gap, and the newest alone is current."""
    key = [getattr(table, name) for name in table.revision_of]
    newest_current = func.max(table.version).filter(table.is_current)
    current = func.count().filter(table.is_current)
    broken = or_(
        func.max(table.version) != func.count(),
        func.min(table.version) != 1,
        current != 1,
        newest_current != func.max(table.version),
    )
    for values in session.execute(select(*key).group_by(*key).having(broken)):
        named = ", ".join(f"{_noun(name)} {value}" for name, value in zip(table.revision_of, values, strict=True))
        yield f"{named[0].upper()}{named[1:]}: the {table.noun}s are not an unbroken chain with one current."


def _noun(column: str) -> str:
    return column.removesuffix("_id").removesuffix("_key").replace("_", " ")


def _claims(session: Session, project_id: int | None = None) -> Iterator[str]:
    """A claim has a wording; its mentions stand on live sentences of its project; merges lead to an end."""
    worded = select(ClaimWording.claim_id).where(ClaimWording.is_current)
    for claim_id in session.scalars(
        select(Claim.id).where(Claim.id.not_in(worded), _is_of(Claim.project_id, project_id))
    ):
        yield f"Claim {claim_id}: it has no wording."
    mentions = (
        select(ClaimMention.mention_id)
        .join(ClaimMention.sentence)
        .join(Claim, Claim.id == ClaimMention.claim_id)
        .where(ClaimMention.is_current, ClaimMention.withdrawn_why.is_(None), _is_of(Claim.project_id, project_id))
    )
    for mention_id in session.scalars(mentions.where(~Sentence.is_live)):
        yield f"Mention {mention_id}: it stands on a sentence that was replaced."
    elsewhere = mentions.join(Sentence.article)
    for mention_id in session.scalars(elsewhere.where(Claim.project_id != Article.project_id)):
        yield f"Mention {mention_id}: its sentence is of another project than its claim."
    merged = select(ClaimMerge.claim_id, ClaimMerge.into_id).join(Claim, Claim.id == ClaimMerge.claim_id)
    merged = merged.where(ClaimMerge.is_current, _is_of(Claim.project_id, project_id))
    yield from _circles(session, "Claim", merged)


def _evidence(session: Session, project_id: int | None = None) -> Iterator[str]:
    """An item names only items of its own claim; the words of a sentence are cut from the text of its article."""
    other = aliased(Evidence)
    found = select(other.id).where(other.evidence_id == Evidence.same_origin_as, other.claim_id == Evidence.claim_id)
    lost = (
        select(Evidence.evidence_id)
        .join(Claim, Claim.id == Evidence.claim_id)
        .where(Evidence.same_origin_as.is_not(None), ~found.exists(), _is_of(Claim.project_id, project_id))
    )
    for evidence_id in session.scalars(lost.distinct()):
        yield f"Item {evidence_id}: the item whose origin it shares is none of its claim."
    texts = _Texts(session)
    rows = session.execute(
        select(Evidence.evidence_id, Evidence.words, Sentence.article_id, Sentence.start, Sentence.end)
        .join(Claim, Claim.id == Evidence.claim_id)
        .join(Sentence, Sentence.id == Evidence.sentence_id)
        .where(_is_of(Claim.project_id, project_id))
        .order_by(Sentence.article_id)
    )
    for evidence_id, words, article_id, start, end in rows.all():
        if words != texts.of(article_id)[start:end]:
            yield f"Item {evidence_id}: its words are not those of its sentence."


class _Texts:
    """The texts of articles, of which the one that was asked for last is kept."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._last: tuple[int, str] = 0, ""

    def of(self, article_id: int) -> str:
        if self._last[0] != article_id:
            text_ = self._session.scalars(select(Article.text).where(Article.id == article_id)).one()
            self._last = article_id, text_
        return self._last[1]


def _copies(session: Session) -> Iterator[str]:
    """A copy is what was uploaded, to the byte, unless it was blanked, and belongs to an item of its claim."""
    told = EvidenceCopy.id, EvidenceCopy.sha256, EvidenceCopy.size, EvidenceCopy.blanked_at
    for copy in session.execute(select(*told).order_by(EvidenceCopy.created_at)).all():
        running, size = hashlib.sha256(), 0
        pieces = select(EvidencePiece.data).where(EvidencePiece.copy_id == copy.id).order_by(EvidencePiece.position)
        for piece in session.scalars(pieces.execution_options(yield_per=8)):
            running.update(piece)
            size += len(piece)
        if copy.blanked_at is not None:
            if size:
                yield f"Copy {copy.id}: it was blanked, but its content is there."
        elif (running.hexdigest(), size) != (copy.sha256, copy.size):
            yield f"Copy {copy.id}: its content does not have the hash recorded for it."
    yield from _items_of_copies(session)


def _items_of_copies(session: Session, project_id: int | None = None) -> Iterator[str]:
    of_claim = select(Evidence.id).where(
        Evidence.evidence_id == EvidenceCopy.evidence_id, Evidence.claim_id == EvidenceCopy.claim_id
    )
    copies = select(EvidenceCopy.id).join(Claim, Claim.id == EvidenceCopy.claim_id)
    for copy_id in session.scalars(copies.where(~of_claim.exists(), _is_of(Claim.project_id, project_id))):
        yield f"Copy {copy_id}: it belongs to no item of its claim."


def _rules_of_decisions(session: Session, project_id: int | None = None) -> Iterator[str]:
    """A decision names a rule of the codebook under which it was made."""
    for codebook in session.scalars(select(Codebook)):
        known = {rule.number for rule in rules_in(codebook.text)} | {DecidingRule.CODEBOOK_GAP}
        under = Adjudication.codebook_id == codebook.id, Adjudication.deciding_rule.not_in(known)
        for sentence_id, version, rule in session.execute(
            select(Adjudication.sentence_id, Adjudication.version, Adjudication.deciding_rule)
            .join(Adjudication.sentence)
            .join(Sentence.article)
            .where(*under, _is_of(Article.project_id, project_id))
        ):
            yield f"Sentence {sentence_id}, decision {version}: codebook {codebook.version} has no rule {rule}."


def _submissions(session: Session, project_id: int | None = None) -> Iterator[str]:
    """They are numbered from 1 without a gap, and pin answers of their own analyst to their own article."""
    unbroken = and_(func.max(Submission.number) == func.count(), func.min(Submission.number) == 1)
    for assignment_id in session.scalars(
        select(Submission.assignment_id)
        .join(Submission.assignment)
        .join(Assignment.article)
        .where(_is_of(Article.project_id, project_id))
        .group_by(Submission.assignment_id)
        .having(not_(unbroken))
    ):
        yield f"Assignment {assignment_id}: its submissions are not numbered without a gap."
    foreign = or_(Annotation.analyst_id != Assignment.analyst_id, Sentence.article_id != Assignment.article_id)
    for submission_id in session.scalars(
        select(Submission.id)
        .join(Submission.assignment)
        .join(Assignment.article)
        .join(SubmissionAnnotation, SubmissionAnnotation.submission_id == Submission.id)
        .join(Annotation, Annotation.id == SubmissionAnnotation.annotation_id)
        .join(Sentence, Sentence.id == Annotation.sentence_id)
        .where(foreign, _is_of(Article.project_id, project_id))
        .distinct()
    ):
        yield f"Submission {submission_id}: it pins answers that are not of its analyst, or not to its article."


def _inboxes(session: Session) -> Iterator[str]:
    """What is told of one article is told to somebody who held work on it, of a round of its project."""
    own = (
        select(Assignment.id)
        .where(Assignment.article_id == InboxEntry.article_id, Assignment.analyst_id == InboxEntry.user_id)
        .exists()
    )
    for entry_id in session.scalars(select(InboxEntry.id).where(InboxEntry.article_id.is_not(None), ~own)):
        yield f"Inbox entry {entry_id}: it tells of an article on which its reader never had work."


def _pieces_of_work(session: Session, project_id: int | None = None) -> Iterator[str]:
    """An answer belongs to work of its analyst on its article; work and decisions belong to rounds of their project."""
    strangers = (
        select(Annotation.id)
        .join(Annotation.assignment)
        .join(Assignment.article)
        .join(Sentence, Sentence.id == Annotation.sentence_id)
        .where(or_(Annotation.analyst_id != Assignment.analyst_id, Sentence.article_id != Assignment.article_id))
        .where(_is_of(Article.project_id, project_id))
    )
    for annotation_id in session.scalars(strangers):
        yield f"Answer {annotation_id}: it belongs to the work of another analyst, or on another article."
    elsewhere = and_(Round.project_id != Article.project_id, _is_of(Article.project_id, project_id))
    for assignment_id in session.scalars(
        select(Assignment.id).join(Assignment.round).join(Assignment.article).where(elsewhere)
    ):
        yield f"Assignment {assignment_id}: its round is of another project than its article."
    decisions = select(Adjudication.id).join(Round, Round.id == Adjudication.round_id).join(Adjudication.sentence)
    for decision_id in session.scalars(decisions.join(Sentence.article).where(elsewhere)):
        yield f"Decision {decision_id}: its round is of another project than its sentence."


def _sources(session: Session, project_id: int | None = None) -> Iterator[str]:
    """Every source has a name; what names or rates it is of its own project; merges lead to an end."""
    named = select(SourceEntry.source_id).where(SourceEntry.is_current)
    for source_id in session.scalars(
        select(Source.id).where(Source.id.not_in(named), _is_of(Source.project_id, project_id))
    ):
        yield f"Source {source_id}: it has no name."
    of_article = select(Annotation.id).join(Annotation.sentence).join(Sentence.article)
    of_article = of_article.where(_is_of(Article.project_id, project_id))
    elsewhere = Source.project_id != Article.project_id
    for annotation_id in session.scalars(of_article.join(Source, Source.id == Annotation.source_id).where(elsewhere)):
        yield f"Answer {annotation_id}: its source is of another project."
    of_link = of_article.join(AttributionLink, AttributionLink.annotation_id == Annotation.id)
    for annotation_id in session.scalars(
        of_link.join(Source, Source.id == AttributionLink.source_id).where(elsewhere).distinct()
    ):
        yield f"Answer {annotation_id}: a source of its chain is of another project."
    rated = of_article.join(SourceRating, SourceRating.id == Annotation.rating_id)
    other = or_(Annotation.source_id.is_(None), SourceRating.source_id != Annotation.source_id)
    wrong = or_(other, SourceRating.reliability != Annotation.source_reliability)
    for annotation_id in session.scalars(rated.where(wrong)):
        yield f"Answer {annotation_id}: the rating it took is not one of its source, or has another letter."
    merged = select(SourceMerge.source_id, SourceMerge.into_id).join(Source, Source.id == SourceMerge.source_id)
    merged = merged.where(SourceMerge.is_current, _is_of(Source.project_id, project_id))
    yield from _circles(session, "Source", merged)


def _circles(session: Session, noun: str, merged: Select[UUID, UUID | None]) -> Iterator[str]:
    """Merges, given as the double and into what it went, that lead nowhere."""
    into = {double: root for double, root in session.execute(merged) if root}
    for double in in_circles(into):
        yield f"{noun} {double}: its merges go in a circle."


def _chains(session: Session, project_id: int | None = None) -> Iterator[str]:
    """Links are numbered from 1 without a gap, and the first repeats the answer's own columns."""
    key = AttributionLink.annotation_id
    broken = or_(func.max(AttributionLink.position) != func.count(), func.count() < 2)
    links = select(key).join(Annotation, Annotation.id == key).join(Annotation.sentence).join(Sentence.article)
    links = links.where(_is_of(Article.project_id, project_id))
    for annotation_id in session.scalars(links.group_by(key).having(broken)):
        yield f"Answer {annotation_id}: the links of its chain are not numbered without a gap from the first."
    same = [getattr(AttributionLink, name).is_not_distinct_from(getattr(Annotation, name)) for name in LINK_FIELDS]
    first = links.where(AttributionLink.position == 1, not_(and_(*same)))
    for annotation_id in session.scalars(first):
        yield f"Answer {annotation_id}: the first link of its chain is not its own source."


def _running_rounds(session: Session) -> Iterator[str]:
    """Every project has a round that runs, to which its answers go."""
    running = select(Round.project_id).where(Round.closed_at.is_(None))
    for project_id in session.scalars(select(Project.id).where(Project.id.not_in(running))):
        yield f"Project {project_id}: none of its rounds runs, so nobody can answer in it."


def _chances(session: Session, project_id: int | None = None) -> Iterator[str]:
    """Of the articles that had a chance such a share was drawn."""
    alike = RoundArticle.round_id, RoundArticle.stratum, RoundArticle.places, RoundArticle.among
    drawn = func.sum(case((RoundArticle.drawn, 1), else_=0))
    broken = drawn * RoundArticle.among != RoundArticle.places * func.count()
    framed = select(*alike).join(Round, Round.id == RoundArticle.round_id).where(_is_of(Round.project_id, project_id))
    for round_id, stratum, places, among in session.execute(framed.group_by(*alike).having(broken)):
        yield f"Round {round_id}: not {places} of {among} articles (“{stratum}”) were drawn."


def _round_rules(session: Session, project_id: int | None = None) -> Iterator[str]:
    """The key and the test of a round are earlier rounds of its project."""
    own, other = aliased(Round), aliased(Round)
    for column in (RoundRule.key_round_id, RoundRule.entry_round_id):
        query = (
            select(RoundRule.round_id)
            .join(own, own.id == RoundRule.round_id)
            .join(other, other.id == column)
            .where(or_(other.project_id != own.project_id, other.id >= own.id), _is_of(own.project_id, project_id))
        )
        for round_id in session.scalars(query):
            yield f"Round {round_id}: its key or its test is no earlier round of its project."


def _editions(session: Session, project_id: int | None = None) -> Iterator[str]:
    """A later edition is of the project of the earlier one, with other words; articles are found by their address."""
    later, earlier = aliased(Article), aliased(Article)
    pairs = select(later.id).select_from(Edition).join(later, later.id == Edition.article_id)
    pairs = pairs.join(earlier, earlier.id == Edition.earlier_id)
    broken = or_(later.project_id != earlier.project_id, later.text_sha256 == earlier.text_sha256)
    pairs = pairs.where(broken, _is_of(later.project_id, project_id))
    for article_id in session.scalars(pairs.order_by(later.id)):
        yield f"Article {article_id}: it is no later edition of the one that it is linked to."
    known = select(Article.id, Article.url, Article.address_key).where(_is_of(Article.project_id, project_id))
    known = known.where(or_(Article.url.is_not(None), Article.address_key.is_not(None))).order_by(Article.id)
    for article_id, url, key in session.execute(known.execution_options(yield_per=1_000)):
        if address_key(url) != key:
            yield f"Article {article_id}: it is not found by its address."


def _releases(session: Session, project_id: int | None = None) -> Iterator[str]:
    """The rounds are closed, and the figures are what their hash says."""
    released = select(Release).join(Release.round).options(contains_eager(Release.round))
    for release in session.scalars(released.where(_is_of(Round.project_id, project_id))):
        if release.round.closed_at is None:
            yield f"Round {release.round_id}: it was released and runs."
        if sha256(release.figures) != release.figures_sha256:
            yield f"Round {release.round_id}: its figures are not those that were released."


def _first_tags(session: Session) -> Iterator[str]:
    """Who told a tag of their own with a decision had kept it before, and the first decision tells the same."""
    earlier = aliased(Adjudication)
    is_first = ~exists().where(
        earlier.sentence_id == Adjudication.sentence_id,
        earlier.adjudicator_id == Adjudication.adjudicator_id,
        earlier.first_tag.is_not(None),
        earlier.version < Adjudication.version,
    )
    theirs = and_(
        FirstTag.sentence_id == Adjudication.sentence_id, FirstTag.adjudicator_id == Adjudication.adjudicator_id
    )
    broken = session.execute(
        select(Adjudication.sentence_id, Adjudication.version)
        .outerjoin(FirstTag, theirs)
        .where(
            Adjudication.first_tag.is_not(None),
            or_(
                FirstTag.id.is_(None),
                and_(is_first, FirstTag.tag != Adjudication.first_tag),
            ),
        )
    )
    for sentence_id, version in broken:
        yield f"Sentence {sentence_id}, decision {version}: the own tag told with it is not the one kept."


def _references(session: Session) -> Iterator[str]:
    if session.get_bind().dialect.name != "sqlite":
        yield from _broken_references(session)
        return
    for table, row, parent, _ in session.execute(text("PRAGMA foreign_key_check")):
        yield f"Row {row} of {table} points to a row of {parent} that does not exist."
    for (answer,) in session.execute(text("PRAGMA integrity_check(5)")):
        if answer != "ok":
            yield f"SQLite finds the file damaged: {' '.join(answer.split())}."


def _broken_references(session: Session) -> Iterator[str]:
    """Asked key by key where the database has no command for it; PostgreSQL lets an administrator write past them."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            parent = key.referred_table.alias()
            pairs = [(element.parent, parent.c[element.column.name]) for element in key.elements]
            rows = (
                select(*table.primary_key.columns)
                .select_from(table.outerjoin(parent, and_(*(ours == theirs for ours, theirs in pairs))))
                .where(*(ours.is_not(None) for ours, _ in pairs), pairs[0][1].is_(None))
            )
            for row in session.execute(rows):
                number = "-".join(map(str, row))
                yield f"Row {number} of {table.name} points to a row of {key.referred_table.name} that does not exist."


# ---- what is kept beside the rows


RECOUNT = f"`{command('recount')}` counts anew"


def _counts(session: Session) -> Iterator[str]:
    """What is counted when it is written is what there is."""
    for id_ in session.scalars(text(f"SELECT id FROM sentence WHERE is_excluded <> {IS_EXCLUDED} ORDER BY id")):
        yield f"Sentence {id_}: whether it is part of its article is not what its exclusions say; {RECOUNT}."
    for article_id in session.scalars(text(f"SELECT id FROM article WHERE sentence_count <> {SENTENCES} ORDER BY id")):
        yield f"Article {article_id}: its number of sentences is not the one kept; {RECOUNT}."
    for work_id in session.scalars(text(f"SELECT id FROM assignment WHERE answered <> {ANSWERED} ORDER BY id")):
        yield f"Assignment {work_id}: its number of answers is not the one kept; {RECOUNT}."
    for table, counted in COUNTED.items():
        columns, is_any = ", ".join(COLUMNS[table]), " OR ".join(f"{name} <> 0" for name in NUMBERS[table])
        kept = f"SELECT {columns} FROM {table} WHERE {is_any}"
        told = f"SELECT {columns} FROM ({counted}) AS counted WHERE {is_any}"
        wrong = {tuple(row) for row in session.execute(text(kept))} ^ {
            tuple(row) for row in session.execute(text(told))
        }
        if wrong:
            yield f"The table {table} does not hold what there is to count; {RECOUNT}."


NUMBERS = {
    "project_count": ("articles", "sentences"),
    "work_count": ("assignments", "answered"),
    "day_count": ("answers",),
    "day_sentences": ("sentences",),
    "entry_count": ("entries",),
    "outlet_count": ("mentions",),
}


def _standings(session: Session) -> Iterator[str]:
    """Each sentence with two or more counting answers stands where answers and decisions put it."""
    kept = select(*(getattr(Standing, name) for name in STANDING_COLUMNS))
    counted = standings_as_counted()
    for one, other in ((kept, counted), (counted, kept)):
        for row in session.execute(one.except_(other)):
            yield f"Sentence {row.sentence_id}, round {row.round_id}: where it stands is not what is kept; {RECOUNT}."
    alike = [getattr(Standing, name) for name in ALIKE]
    there = {tuple(row) for row in session.execute(select(*alike, func.count()).group_by(*alike))}
    told = [getattr(StandingCount, name) for name in (*ALIKE, "sentences")]
    if there != {tuple(row) for row in session.execute(select(*told).where(StandingCount.sentences != 0))}:
        yield f"The table standing_count does not hold what stands alike; {RECOUNT}."


def _index(session: Session) -> Iterator[str]:
    """Each live sentence, and what people wrote, is found by its words and by no others."""
    for sentence_id in word_index.wrongly_indexed(session.connection()):
        yield f"Sentence {sentence_id}: the index does not hold its words; {RECOUNT}."
    for table, id_ in word_index.wrongly_indexed_writings(session.connection()):
        yield f"Row {id_} of {table}: the index does not hold its words; {RECOUNT}."
    for name, number in word_index.rows_of_nothing(session.connection()):
        yield f"Row {number} of the index {name}: there is nothing of which it holds words; {RECOUNT}."


def _passages(session: Session) -> Iterator[str]:
    """The numbers kept of each article's text are those that the text has."""
    for article_id in passage_index.wrongly_kept(session):
        yield f"Article {article_id}: the index of passages does not hold its text; {RECOUNT}."


def _dates(session: Session, project_id: int | None = None) -> Iterator[str]:
    """The words of each date stand in its article where it says."""
    texts = _Texts(session)
    query = select(DateReading).join(DateReading.article).where(_is_of(Article.project_id, project_id))
    for reading in session.scalars(query.order_by(DateReading.article_id, DateReading.id)).all():
        if texts.of(reading.article_id)[reading.start : reading.end] != reading.words:
            yield f"Date {reading.id}: its words do not stand in the article at {reading.start}."


def _descriptions(session: Session, project_id: int | None = None) -> Iterator[str]:
    """Each article says of itself what the newest revision of its description says."""
    query = select(DescriptionRevision).join(DescriptionRevision.article)
    query = query.where(DescriptionRevision.is_current, _is_of(Article.project_id, project_id))
    for row in session.scalars(query.execution_options(yield_per=100)):
        for name in (*DESCRIBED, "language"):
            if getattr(row, name) != getattr(row.article, name):
                yield f"Article {row.article_id}: its {name} is not that of version {row.version} of its description."


def faults_of_project(session: Session, project_id: int) -> Iterator[str]:
    """Where rows of one project contradict one another, of which the tables themselves do not see to it."""
    for check in OF_PROJECT:
        yield from check(session, project_id)


OF_PROJECT = (
    _claims,
    _evidence,
    _items_of_copies,
    _rules_of_decisions,
    _chances,
    _releases,
    _round_rules,
    _sources,
    _chains,
    _pieces_of_work,
    _submissions,
    _descriptions,
    _editions,
    _dates,
)


@dataclass(frozen=True)
class Proof:
    """One thing that is proved of the tables named."""

    of: str
    tables: tuple[type[Base], ...]
    check: Callable[[Session], Iterator[str]]


PROOFS = [
    # Of these there is nothing to prove but that they are whole and that what they point to is there.
    Proof("The references between tables", (AuditEvent, UserSession), _references),
    *(Proof(f"The {table.noun}s", (table,), partial(_chain_of, table)) for table in revised()),
    Proof("The claims", (Claim, ClaimWording, ClaimMention, ClaimMerge), _claims),
    Proof("The evidence", (Evidence,), _evidence),
    Proof("The copies of evidence", (EvidenceCopy, EvidencePiece), _copies),
    Proof("The rules of the decisions", (Adjudication, Codebook), _rules_of_decisions),
    Proof("The tags first given", (FirstTag,), _first_tags),
    Proof("The running rounds", (Project, Round), _running_rounds),
    Proof("The chances of articles drawn", (RoundArticle,), _chances),
    Proof("The releases", (Release,), _releases),
    Proof("The keys and tests of rounds", (RoundRule,), _round_rules),
    Proof("The sources", (Source, SourceEntry, SourceRating, SourceMerge), _sources),
    Proof("The chains", (AttributionLink,), _chains),
    Proof("The pieces of work", (Round, Assignment, Annotation, Adjudication), _pieces_of_work),
    Proof("The inboxes", (InboxEntry,), _inboxes),
    Proof("The submissions", (Submission, SubmissionAnnotation), _submissions),
    Proof(
        "The counts",
        (Exclusion, ProjectCount, WorkCount, DayCount, DaySentences, EntryCount, OutletCount),
        _counts,
    ),
    Proof("The standings", (Standing, StandingCount), _standings),
    Proof("The articles", (Article, Sentence, SegmentationEdit), _articles),
    Proof("The descriptions of the articles", (DescriptionRevision, Article), _descriptions),
    Proof("The editions of the articles", (Edition, Article), _editions),
    Proof("The places of the dates", (DateReading,), _dates),
    Proof("The index of words", (Sentence,), _index),
    Proof("The index of passages", (Article,), _passages),
]
