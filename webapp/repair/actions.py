"""The one write of a repair: sentences retired, others added, answers and mentions of claims carried by rule."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import standings, word_index
from webapp.db import db_write, lock_rows
from webapp.domain.answers import ANSWER_FIELDS, Answer, numbered_links
from webapp.domain.errors import BadRepair
from webapp.domain.plain_text import clean_line
from webapp.domain.repair import Kind, Repair, carried, merge, move_boundary, split_at
from webapp.domain.spans import why_broken
from webapp.models import (
    Actor,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    AttributionLink,
    ClaimMention,
    SegmentationEdit,
    Sentence,
    audit,
    live_sentences,
)
from webapp.models.conflicts import Conflict, refuse_closed
from webapp.models.revisions import append
from webapp.repair import queries

LONGEST_REASON = 1_000


@dataclass(frozen=True)
class RepairRequest:
    """What a supervisor asks for: `at` is an offset into the article's text, for all but a merge."""

    kind: Kind
    sentence_id: int
    at: int | None = None


@dataclass(frozen=True)
class Preview:
    """What a repair comes to, for the page that asks whether it is meant."""

    kind: Kind
    before: list[str]
    after: list[str]
    effects: list[queries.Effect]
    notes: int


def planned(sentence: Sentence, wanted: RepairRequest) -> tuple[Repair, list[Sentence]]:
    """The repair that the request comes to, and the sentences that would go. Raises BadRepair."""
    text, at = sentence.article.text, wanted.at if wanted.at is not None else -1
    if wanted.kind is Kind.SPLIT:
        return split_at(text, sentence.span, at), [sentence]
    after = queries.following(sentence)
    if after is None:
        raise BadRepair("This is the last sentence; there is none behind it.")
    if wanted.kind is Kind.MERGE:
        return merge(sentence.span, after.span), [sentence, after]
    return move_boundary(text, sentence.span, after.span, at), [sentence, after]


def previewed(sentence: Sentence, wanted: RepairRequest) -> Preview:
    """What the request would come to; nothing is written. Raises BadRepair."""
    plan, going = planned(sentence, wanted)
    text = sentence.article.text
    return Preview(
        wanted.kind,
        [text[span.start : span.end] for span in plan.before],
        [text[span.start : span.end] for span in plan.after],
        queries.effects(going, wanted.kind),
        len(queries.mentions_on(going)),
    )


def repair(
    article: Article, supervisor: Actor, wanted: RepairRequest, seen: int, reason: str | None = None
) -> SegmentationEdit:
    """Carry out a repair. Old sentences, answers and mentions stay on record; what is carried is to be confirmed.

    `seen` is the segmentation version that the supervisor saw. Raises Conflict when it is not the
    article's any more, Gone for an article in the trash, BadRepair.
    """
    reason = clean_line("reason", reason or "", LONGEST_REASON, BadRepair)
    article_id = article.id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id == article_id))
        refuse_closed(is_trashed=not article.is_live)
        sentence = session.get(Sentence, wanted.sentence_id)
        if article.segmentation_version != seen or sentence is None or not sentence.is_live:
            raise Conflict(article.segmentation_version)
        edit, going = planned(sentence, wanted)
        version = seen + 1
        coming = _replace(session, article, edit, going, version)
        _carry_answers(session, edit.kind, going, coming)
        _carry_mentions(session, edit.kind, going, coming)
        article.segmentation_version = version
        article.sentence_count += len(coming) - sum(not sentence.is_excluded for sentence in going)
        record = SegmentationEdit(
            article_id=article.id,
            version=version,
            kind=edit.kind,
            actor_id=supervisor.user_id,
            reason=reason,
            before=[_place(sentence) for sentence in going],
            after=[_place(sentence) for sentence in coming],
        )
        session.add(record)
        audit(
            session,
            supervisor,
            "split repaired",
            project_id=article.project_id,
            article_id=article.id,
            version=version,
        )
        standings.follow(session, article.project_id, article_id=article_id)
    return record


def _replace(session: Session, article: Article, edit: Repair, going: list[Sentence], version: int) -> list[Sentence]:
    """Retire the old sentences and add the new; the whole article is checked before anything is kept."""
    for sentence in going:
        sentence.retired_in = version
    session.flush()
    coming = [
        Sentence(article_id=article.id, start=span.start, end=span.end, paragraph=span.paragraph, added_in=version)
        for span in edit.after
    ]
    session.add_all(coming)
    session.flush()
    word_index.add(session.connection(), [(sentence.id, sentence.text) for sentence in coming])
    if fault := why_broken(article.text, [sentence.span for sentence in session.scalars(live_sentences(article.id))]):
        raise BadRepair(f"The article would not be whole any more: {fault}")
    return coming


def _carry_answers(session: Session, kind: Kind, going: list[Sentence], coming: list[Sentence]) -> None:
    for assignment_id, annotations in queries.answers_to(going).items():
        answer = carried(kind, queries.answers_of(annotations))
        origin = next(annotation for annotation in annotations if annotation)
        for sentence in coming if answer else ():
            _carry_answer(session, origin, sentence, answer or Answer())
        _reopen(session, assignment_id)


def _carry_answer(session: Session, origin: Annotation, sentence: Sentence, answer: Answer) -> None:
    key = {"sentence_id": sentence.id, "assignment_id": origin.assignment_id}
    kept = {"codebook_id": origin.codebook_id, "is_blind": origin.is_blind, "carried_from_id": origin.id}
    said = {name: getattr(answer, name) for name in ANSWER_FIELDS} | kept | {"to_confirm": True}
    added = append(session, Annotation, key, origin.analyst_id, 0, uuid4(), said).row
    session.add_all(AttributionLink(annotation_id=added.id, **link) for link in numbered_links(answer))


def _reopen(session: Session, assignment_id: int) -> None:
    """What was handed in is not whole any more: the analyst has to confirm or answer again."""
    assignment = session.get_one(Assignment, assignment_id)
    if queries.reopened_by_repair(assignment):
        assignment.state = AssignmentState.RETURNED


def _carry_mentions(session: Session, kind: Kind, going: list[Sentence], coming: list[Sentence]) -> None:
    """A split gives a mention to both parts, a merge joins equal ones of one person, a moved boundary leaves it where
    its sentence began; all are to be confirmed.
    """
    start_of = {sentence.id: sentence.start for sentence in going}
    met: set[tuple[object, ...]] = set()
    for mention in queries.mentions_on(going):
        here = max(
            (s for s in coming if s.start <= start_of[mention.sentence_id]), key=lambda s: s.start, default=coming[0]
        )
        said = {"claim_id": mention.claim_id, "kind": mention.kind, "to_confirm": True}
        same = (mention.claim_id, mention.author_id, mention.kind)
        if kind is Kind.MERGE and same in met:
            moved = said | {"sentence_id": mention.sentence_id, "to_confirm": mention.to_confirm}
            _revise(session, mention, moved | {"withdrawn_why": "joined with its equal when the sentences were merged"})
            continue
        met.add(same)
        _revise(session, mention, said | {"sentence_id": here.id})
        for other in (s for s in coming if kind is Kind.SPLIT and s is not here):
            key = {"mention_id": uuid4()}
            append(session, ClaimMention, key, mention.author_id, 0, uuid4(), said | {"sentence_id": other.id})


def _revise(session: Session, mention: ClaimMention, said: dict[str, object]) -> None:
    key = {"mention_id": mention.mention_id}
    append(session, ClaimMention, key, mention.author_id, mention.version, uuid4(), said)


def _place(sentence: Sentence) -> dict[str, int]:
    return {"id": sentence.id, "start": sentence.start, "end": sentence.end}
