"""Reads for repairing a split: the sentences concerned, and what becomes of answers and mentions of claims."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.db import db
from webapp.domain.answers import Answer
from webapp.domain.repair import Fate, Kind, fate, loses_source
from webapp.models import (
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    ClaimMention,
    SegmentationEdit,
    Sentence,
    live_sentences,
)


@dataclass(frozen=True)
class Effect:
    """What a repair does to one analyst's work."""

    analyst: str
    work: str
    """Which of the analyst's work it is: the name of the round, and the pass behind the first."""
    fate: Fate
    submitted: bool
    loses_source: bool
    """Whether the source and its type are asked for again, because two chains differ."""


def edits_of(article: Article) -> list[SegmentationEdit]:
    """The repairs of the article's split, newest first."""
    return list(
        db.session.scalars(
            select(SegmentationEdit)
            .options(joinedload(SegmentationEdit.actor))
            .where(SegmentationEdit.article_id == article.id)
            .order_by(SegmentationEdit.version.desc())
        )
    )


def sentences_of(article: Article) -> list[Sentence]:
    return list(db.session.scalars(live_sentences(article.id)))


def following(sentence: Sentence) -> Sentence | None:
    """The live sentence behind this one."""
    return db.session.scalar(
        select(Sentence)
        .where(
            Sentence.article_id == sentence.article_id,
            Sentence.is_live,
            Sentence.start > sentence.start,
        )
        .order_by(Sentence.start)
        .limit(1)
    )


def answers_to(sentences: list[Sentence]) -> dict[int, list[Annotation | None]]:
    """For each assignment in which any of the sentences was answered: the current answers, in their order."""
    place = {sentence.id: n for n, sentence in enumerate(sentences)}
    found: dict[int, list[Annotation | None]] = {}
    for annotation in db.session.scalars(
        select(Annotation).where(Annotation.sentence_id.in_(place), Annotation.is_current)
    ):
        row = found.setdefault(annotation.assignment_id, [None] * len(sentences))
        row[place[annotation.sentence_id]] = annotation
    return found


def answers_of(annotations: list[Annotation | None]) -> list[Answer | None]:
    return [annotation.answer if annotation else None for annotation in annotations]


def effects(sentences: list[Sentence], kind: Kind) -> list[Effect]:
    """Whom a repair of these sentences touches, and how, by name."""
    touched = []
    for assignment_id, annotations in answers_to(sentences).items():
        answers = answers_of(annotations)
        if what := fate(kind, answers):
            assignment = db.session.get_one(Assignment, assignment_id)
            reopened = reopened_by_repair(assignment)
            work = assignment.round.name + (f", pass {assignment.pass_}" if assignment.pass_ > 1 else "")
            touched.append(Effect(assignment.analyst.name, work, what, reopened, loses_source(kind, answers)))
    return sorted(touched, key=lambda effect: (effect.analyst, effect.work))


def reopened_by_repair(assignment: Assignment) -> bool:
    """Whether a repair reopens the work: what was handed in in the running round; a closed one stays as it is."""
    return assignment.state is AssignmentState.SUBMITTED and assignment.round.closed_at is None


def mentions_on(sentences: list[Sentence]) -> list[ClaimMention]:
    """The current mentions of claims on the sentences, whoever entered them."""
    ids = [sentence.id for sentence in sentences]
    return list(
        db.session.scalars(
            select(ClaimMention)
            .where(ClaimMention.sentence_id.in_(ids), ClaimMention.is_current, ClaimMention.withdrawn_why.is_(None))
            .order_by(ClaimMention.id)
        )
    )
