"""Reads for adjudication: which sentences are disputed, what was said of them, and what was decided."""

import secrets
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, func, select
from sqlalchemy.orm import joinedload

from webapp import visibility
from webapp.db import db
from webapp.domain.adjudication import (
    CodebookGap,
    DecidingRule,
    Decision,
    Method,
    Votes,
    is_settled,
    most_divided_first,
)
from webapp.domain.terms import Tag
from webapp.judgements import judgements
from webapp.models import (
    Actor,
    Adjudication,
    Annotation,
    Article,
    Assignment,
    FirstTag,
    Project,
    Round,
    Sentence,
    newest_decision_in,
)


def _votes_columns() -> list[Any]:
    return [func.count().filter(Annotation.tag == tag).label(tag.column) for tag in Tag]


# ---- the queue


@dataclass(frozen=True)
class Standing:
    """Where one sentence with two or more answers stands."""

    sentence_id: int
    article_id: int
    votes: Votes
    decided_in: int
    """The version of the newest decision, 0 for none."""
    method: Method | None
    gold_tag: Tag | None
    deciding_rule: str | None

    @property
    def is_settled(self) -> bool:
        return is_settled(self.method, self.votes)

    @property
    def is_to_settle(self) -> bool:
        """Whether it is disputed and has no gold, so that a supervisor has to decide."""
        return self.votes.is_divided and not self.is_settled

    @property
    def acceptable(self) -> bool:
        """Whether it can become gold for being unanimous."""
        return self.votes.unanimous_tag is not None and self.method is None


@dataclass(frozen=True)
class Queue:
    """All sentences of a project with two or more counting answers."""

    to_settle: list[Standing]
    """The disputed ones without gold, most divided first."""
    decided: list[Standing]
    """What a supervisor decided, in the order of the texts."""
    accepted: list[Standing]
    """What is gold for being unanimous."""
    acceptable: list[Standing]
    """Unanimous and not accepted yet."""
    total: int
    n_disputed: int
    """How many have two or more answers that are not all the same tag, decided or not."""

    @property
    def settled(self) -> int:
        return len(self.decided) + len(self.accepted)


def queue_of(project: Project, reader: Actor) -> Queue:
    """The project's queue, read in one statement."""
    standings = _standings(project, reader)
    return Queue(
        _to_settle(standings),
        [standing for standing in standings if standing.method is Method.ADJUDICATED],
        [standing for standing in standings if standing.method is Method.UNANIMOUS and standing.is_settled],
        [standing for standing in standings if standing.acceptable],
        len(standings),
        sum(standing.votes.is_divided for standing in standings),
    )


def next_to_settle(project: Project, reader: Actor, after: int) -> int | None:
    """The sentence that comes next in the queue behind this one, or its first; None when no other waits."""
    waiting = [standing.sentence_id for standing in _to_settle(_standings(project, reader, divided_only=True))]
    others = waiting[waiting.index(after) + 1 :] + waiting[: waiting.index(after)] if after in waiting else waiting
    return next(iter(others), None)


def _to_settle(standings: list[Standing]) -> list[Standing]:
    waiting = [standing for standing in standings if standing.is_to_settle]
    return [waiting[place] for place in most_divided_first([standing.votes for standing in waiting])]


def _standings(project: Project, reader: Actor, *, divided_only: bool = False) -> list[Standing]:
    """The sentences with two or more counting answers, in the order of the texts."""
    votes = (
        judgements(project, reader)
        .with_only_columns(Annotation.sentence_id, *_votes_columns())
        .group_by(Annotation.sentence_id)
        .having(func.min(Annotation.tag) != func.max(Annotation.tag) if divided_only else func.count() >= 2)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Sentence.id,
            Sentence.article_id,
            *(votes.c[tag.column] for tag in Tag),
            func.coalesce(Adjudication.version, 0),
            Adjudication.method,
            Adjudication.gold_tag,
            Adjudication.deciding_rule,
        )
        .join(votes, votes.c.sentence_id == Sentence.id)
        .outerjoin(Adjudication, newest_decision_in(project.running.id))
        .order_by(Sentence.article_id, Sentence.start)
    )
    return [Standing(id_, article, Votes(*rest[:5]), *rest[5:]) for id_, article, *rest in rows]


@dataclass(frozen=True)
class Passage:
    """A sentence as a list shows it."""

    article_title: str
    index: int
    text: str


def passages(sentence_ids: list[int]) -> dict[int, Passage]:
    """The words and places of these sentences."""
    articles = select(Sentence.article_id).where(Sentence.id.in_(sentence_ids))
    place = func.row_number().over(partition_by=Sentence.article_id, order_by=Sentence.start)
    numbered = (
        select(Sentence.id, place.label("place")).where(Sentence.article_id.in_(articles), Sentence.is_live).subquery()
    )
    sentences = db.session.execute(
        select(Sentence, numbered.c.place)
        .join(numbered, numbered.c.id == Sentence.id)
        .options(joinedload(Sentence.article))
        .where(Sentence.id.in_(sentence_ids))
    )
    return {sentence.id: Passage(sentence.article.display_title, index, sentence.text) for sentence, index in sentences}


# ---- one sentence


def votes_on(sentence: Sentence, reader: Actor) -> Votes:
    """How the counting answers to this sentence divide."""
    return Votes(*db.session.execute(_counting(sentence, reader).with_only_columns(*_votes_columns())).one())


def shuffled_answers(sentence: Sentence, reader: Actor) -> list[Annotation]:
    """The counting answers in an order that is new each time and tells nothing of their analysts."""
    answers = list(db.session.scalars(_counting(sentence, reader)))
    secrets.SystemRandom().shuffle(answers)
    return answers


def _counting(sentence: Sentence, reader: Actor) -> Select[Annotation]:
    return judgements(sentence.article.project, reader).where(Annotation.sentence_id == sentence.id)


def current_decision(sentence_id: int) -> Adjudication | None:
    """The decision on this sentence that counts in the running round."""
    return db.session.scalar(
        select(Adjudication)
        .options(joinedload(Adjudication.adjudicator))
        .join(Sentence, newest_decision_in(_running_round_of(sentence_id)))
        .where(Sentence.id == sentence_id)
    )


def _running_round_of(sentence_id: int) -> ScalarSelect[int]:
    return (
        select(Round.id)
        .join(Article, Article.project_id == Round.project_id)
        .join(Sentence, Sentence.article_id == Article.id)
        .where(Sentence.id == sentence_id, Round.closed_at.is_(None))
        .correlate(None)
        .scalar_subquery()
    )


def decided_before(sentence_id: int) -> dict[str, Any]:
    """What the decision that counts says, for the form in which the next one is written."""
    current = current_decision(sentence_id)
    return {field.name: getattr(current, field.name) for field in fields(Decision)} if current else {}


def decisions_on(sentence_id: int) -> list[Adjudication]:
    """Every decision on this sentence in the running round, newest first."""
    return list(
        db.session.scalars(
            select(Adjudication)
            .options(joinedload(Adjudication.adjudicator))
            .where(
                Adjudication.sentence_id == sentence_id,
                Adjudication.round_id == _running_round_of(sentence_id),
            )
            .order_by(Adjudication.version.desc())
        )
    )


def first_tag_of(sentence_id: int, supervisor: Actor) -> Tag | None:
    """The tag that this supervisor gave before they saw those of the analysts."""
    own = visibility.first_tags_of(supervisor).where(FirstTag.sentence_id == sentence_id)
    return db.session.scalar(own.with_only_columns(FirstTag.tag))


@dataclass(frozen=True)
class Context:
    """The words around a sentence."""

    before: list[str]
    after: list[str]


def context_of(sentence: Sentence, reach: int = 3) -> Context:
    """Up to so many sentences of the article before and after this one."""
    text, live = sentence.article.text, (Sentence.article_id == sentence.article_id, Sentence.is_live)
    before = select(Sentence).where(*live, Sentence.start < sentence.start).order_by(Sentence.start.desc())
    after = select(Sentence).where(*live, Sentence.start > sentence.start).order_by(Sentence.start)
    return Context(
        [text[near.start : near.end] for near in db.session.scalars(before.limit(reach))][::-1],
        [text[near.start : near.end] for near in db.session.scalars(after.limit(reach))],
    )


# ---- codebook gaps


@dataclass(frozen=True)
class GapRow:
    """A decision that no rule carried, with its sentence."""

    decision: Adjudication
    gap: CodebookGap


def gaps_of(project: Project, reader: Actor) -> list[GapRow]:
    """The sentences whose newest decision says *codebook gap*, in the order of the texts."""
    decisions = list(
        db.session.scalars(
            visibility.gold_visible_to(reader, project.running.id)
            .where(Article.project_id == project.id, Adjudication.deciding_rule == DecidingRule.CODEBOOK_GAP)
            .order_by(Sentence.article_id, Sentence.start)
        )
    )
    found = passages([decision.sentence_id for decision in decisions])
    return [GapRow(decision, _gap(decision, found[decision.sentence_id])) for decision in decisions]


def _gap(decision: Adjudication, place: Passage) -> CodebookGap:
    return CodebookGap(
        place.article_title, place.index, place.text, decision.votes, decision.gold_tag, decision.reason or ""
    )


# ---- gold for analysts


@dataclass(frozen=True)
class GoldRow:
    """What was decided about a sentence, beside what one analyst had said."""

    sentence_id: int
    index: int
    text: str
    own: Annotation
    decision: Adjudication


def gold_for_analyst(article: Article, analyst: Actor) -> list[GoldRow]:
    """The adjudicated sentences of an article that the analyst handed in, each with the analyst's own tag.

    Nothing of other analysts is in it: neither their tags nor which sentences they agreed on.
    """
    rows = db.session.execute(
        visibility.gold_at_the_desk_of(analyst, article.project.running.id)
        .join(
            Annotation,
            and_(
                Annotation.sentence_id == Sentence.id,
                Annotation.analyst_id == analyst.user_id,
                Annotation.is_current,
                Annotation.tag.is_not(None),
            ),
        )
        .join(
            Assignment,
            and_(
                Assignment.id == Annotation.assignment_id,
                Assignment.round_id == Adjudication.round_id,
                Assignment.pass_ == 1,
            ),
        )
        .where(Article.id == article.id, Adjudication.method == Method.ADJUDICATED)
        .with_only_columns(Adjudication, Annotation)
        .order_by(Sentence.start)
    ).all()
    found = passages([own.sentence_id for _, own in rows])
    return [
        GoldRow(own.sentence_id, found[own.sentence_id].index, found[own.sentence_id].text, own, decision)
        for decision, own in rows
    ]
