"""Reads for the desk: an article's sentences with one analyst's answers, and which claims they mention."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from webapp import visibility
from webapp.article_list import ListedArticle, listed_articles
from webapp.db import db
from webapp.domain.adjudication import RuleName
from webapp.domain.answers import ANSWER_FIELDS, Answer, missing
from webapp.domain.chains import Link
from webapp.domain.sources import name_key
from webapp.domain.terms import SourceKind, Tag
from webapp.mentioned_claims import mentions_in
from webapp.models import (
    Actor,
    Annotation,
    Article,
    Assignment,
    ClaimMention,
    Round,
    Sentence,
    Submission,
    assignment_of,
    current_answer_in,
    live_sentences,
)
from webapp.named_sources import NamedSource, Registry, entry_called, named_sources


@dataclass(frozen=True)
class DeskSentence:
    """One sentence as the desk shows it to one analyst."""

    id: int
    index: int
    paragraph: int
    text: str
    answer: Answer
    version: int
    mentions: list[ClaimMention] = field(default_factory=list)
    to_confirm: bool = False
    is_excluded: bool = False
    """Whether it is not part of the article: shown, and nobody is asked for its tag."""


def sentences_of(article: Article) -> list[Sentence]:
    return list(db.session.scalars(live_sentences(article.id)))


def desk_sentences(article: Article, analyst: Actor, work: Assignment | None) -> list[DeskSentence]:
    """The article's sentences with the answers of this piece of work and the mentions of claims that the analyst may
    see.
    """
    in_article = select(Sentence.id).where(Sentence.article_id == article.id, Sentence.is_live)
    answers = {
        annotation.sentence_id: annotation
        for annotation in db.session.scalars(
            select(Annotation).where(
                Annotation.sentence_id.in_(in_article),
                Annotation.assignment_id == (work.id if work else None),
                Annotation.is_current,
            )
        )
    }
    mentions: dict[int, list[ClaimMention]] = {}
    for mention in mentions_in(in_article, analyst):
        mentions.setdefault(mention.sentence_id, []).append(mention)
    return [
        DeskSentence(
            sentence.id,
            index,
            sentence.paragraph,
            article.text[sentence.start : sentence.end],
            answers[sentence.id].answer if sentence.id in answers else Answer(),
            answers[sentence.id].version if sentence.id in answers else 0,
            mentions.get(sentence.id, []),
            sentence.id in answers and answers[sentence.id].to_confirm,
            sentence.is_excluded,
        )
        for index, sentence in enumerate(sentences_of(article), start=1)
    ]


def in_paragraphs(sentences: list[DeskSentence]) -> list[list[DeskSentence]]:
    return [list(block) for _, block in groupby(sentences, key=lambda sentence: sentence.paragraph)]


@dataclass(frozen=True)
class Revision:
    """One revision of an answer, as far as its author is told."""

    sentence_id: int
    version: int
    client_id: UUID
    created_at: datetime
    answer: Answer
    assignment_key: UUID
    problems: Sequence[str] = ()
    """A sentence for each source that the write named and that could not be taken."""


def revision(
    stored: Annotation | Row[*tuple[Any, ...]], assignment_key: UUID, chain: tuple[Link, ...] = ()
) -> Revision:
    """What is told of an annotation, given as an object or by its columns, with the links behind its first."""
    answer = Answer(**{name: getattr(stored, name) for name in ANSWER_FIELDS}, chain=chain)
    return Revision(stored.sentence_id, stored.version, stored.client_id, stored.created_at, answer, assignment_key)


def revisions_of(sentence: Sentence, analyst: Actor) -> list[Revision]:
    """What this analyst ever answered to this sentence in the piece of work that the desk shows, newest first.

    Not what they answered in another pass, which a second judgement is to be independent of.
    """
    work = assignment_for(sentence.article, analyst)
    query = (
        select(Annotation, Assignment.key)
        .join(Annotation.assignment)
        .where(Annotation.sentence_id == sentence.id, Annotation.assignment_id == (work.id if work else None))
        .order_by(Annotation.version.desc())
    )
    return [revision(annotation, key, annotation.answer.chain) for annotation, key in db.session.execute(query)]


def answers_by_sentence(article: Article, work: Assignment | None) -> list[tuple[Sentence, Annotation | None]]:
    """Each live sentence, in order, with the revision that counts now in this piece of work."""
    return [
        (sentence, annotation)
        for sentence, annotation in db.session.execute(
            select(Sentence, Annotation)
            .outerjoin(Annotation, current_answer_in(work.id if work else 0))
            .where(Sentence.article_id == article.id, Sentence.is_live)
            .order_by(Sentence.start)
        )
    ]


def gaps_in(answers: list[tuple[Sentence, Annotation | None]]) -> list[tuple[int, str]]:
    """Ids of the sentences that cannot be submitted yet, with the field that is missing or `to_confirm`."""
    found = []
    for sentence, annotation in answers:
        if sentence.is_excluded:
            continue
        field = missing(annotation.answer if annotation else Answer())
        if field is None and annotation and annotation.to_confirm:
            field = "to_confirm"
        if field:
            found.append((sentence.id, field))
    return found


def assignment_for(article: Article, analyst: Actor) -> Assignment | None:
    """The analyst's work on the article, what is open first; None in an open project before the first tag or note."""
    return db.session.scalar(assignment_of(article.id, analyst.user_id))


def round_of_work(article: Article, analyst: Actor) -> Round:
    """The round of the analyst's work on the article; the running one before there is any."""
    work = assignment_for(article, analyst)
    return work.round if work else article.project.running


def registry_for(article: Article, analyst: Actor) -> Registry:
    """The sources that the analyst may name in the article."""
    return Registry(analyst, article.project_id, round_of_work(article, analyst).is_blind, article.id)


def desk_sources(registry: Registry, sentences: list[DeskSentence], outlet: UUID | None) -> list[NamedSource]:
    """What the answers of a desk name, and the article's own outlet."""
    named = frozenset[UUID]().union(*(sentence.answer.source_ids for sentence in sentences))
    return list(named_sources(registry, named | ({outlet} if outlet else frozenset())).values())


def entry_named(registry: Registry, named: dict[UUID, NamedSource], name: str, kind: SourceKind | None) -> UUID | None:
    """The entry that a name written out means: one of those that the answer names already, else one at hand."""
    for source in named.values():
        if name_key(source.name) == name_key(name) and kind in (None, source.kind):
            return source.id
    return entry_called(registry, name, kind)


def first_answers(work: Assignment) -> list[int]:
    """The ids of the first answer with a tag to each live sentence, in this piece of work."""
    first = (
        select(func.min(Annotation.id))
        .join(Annotation.sentence)
        .where(
            Annotation.assignment_id == work.id,
            Annotation.tag.is_not(None),
            Annotation.to_confirm.is_(False),
            Sentence.is_live,
        )
        .group_by(Annotation.sentence_id)
    )
    return list(db.session.scalars(first))


@dataclass(frozen=True)
class Key:
    """What the key says of a sentence that the analyst has answered."""

    tag: Tag
    rule: RuleName | None
    """None where all analysts gave the same tag, and nobody had to decide."""
    reason: str | None
    first: Tag
    """The analyst's first answer, which is what counts."""

    def values(self) -> dict[str, Any]:
        """As JSON."""
        rule = {"rule": self.rule.value, "label": self.rule.label, "meaning": self.rule.meaning} if self.rule else {}
        return {
            "tag": self.tag.value,
            "tag_label": self.tag.label,
            "reason": self.reason,
            "first": self.first.value,
            **rule,
        }


def key_to(sentence: Sentence, analyst: Actor) -> Key | None:
    """What the key says, once the analyst has answered; None before that, without a key, and where it is silent."""
    decision = db.session.scalar(visibility.key_shown_to(analyst, sentence.id))
    work = assignment_for(sentence.article, analyst)
    if decision is None or work is None:
        return None
    query = select(Annotation.tag).where(
        Annotation.assignment_id == work.id, Annotation.sentence_id == sentence.id, Annotation.tag.is_not(None)
    )
    first = db.session.scalar(query.order_by(Annotation.id).limit(1))
    return Key(decision.gold_tag, decision.rule, decision.reason, first) if first else None


def trains(round_: Round, analyst: Actor) -> bool:
    """Whether the round shows its key after each own answer."""
    rule = db.session.scalar(visibility.rule_visible_to(analyst, round_.id))
    return rule is not None and rule.trains


def submissions_of(assignment: Assignment) -> int:
    """How often this assignment was handed in so far."""
    query = select(func.count()).select_from(Submission).where(Submission.assignment_id == assignment.id)
    return db.session.scalar(query) or 0


def last_return(assignment: Assignment) -> Submission | None:
    """The newest submission that was returned, with its reason."""
    return db.session.scalar(
        select(Submission)
        .where(Submission.assignment_id == assignment.id, Submission.returned_at.is_not(None))
        .order_by(Submission.number.desc())
        .limit(1)
    )


def next_article(analyst: Actor, project_id: int) -> ListedArticle | None:
    """The article on which the analyst may go on, of this project before others, if there is one."""
    found = visibility.ids_to_go_on_with(analyst, [project_id]) or visibility.ids_to_go_on_with(analyst)
    return next(iter(listed_articles(found).values()), None)


def settled_count(article: Article, analyst: Actor) -> int:
    """How many of the article's sentences have gold that this analyst may see."""
    visible = visibility.gold_at_the_desk_of(analyst, article.project.running.id).where(
        Sentence.article_id == article.id
    )
    return db.session.scalar(visible.with_only_columns(func.count())) or 0
