"""Reads for adjudication: which sentences are disputed, what was said of them, and what was decided."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, func, literal_column, select, union_all
from sqlalchemy.orm import joinedload

from webapp import visibility
from webapp.article_list import OPENING_WITHOUT_TITLE
from webapp.db import db
from webapp.domain.adjudication import CodebookGap, Decision, Method, Votes, division_of, equally_divided
from webapp.domain.errors import NotFound
from webapp.domain.terms import Tag
from webapp.judgements import judgements
from webapp.models import (
    Actor,
    Adjudication,
    Annotation,
    Article,
    Assignment,
    Codebook,
    FirstTag,
    Project,
    Round,
    Sentence,
    Standing,
    StandingCount,
    StandingState,
    Submission,
    display_title,
    index_of,
    newest_decision_in,
)
from webapp.paging import FIRST_PAGE, PAGE, Asked, Order, Page, nearest_page, page_of


def _votes_columns() -> list[Any]:
    return [func.count().filter(Annotation.tag == tag).label(tag.column) for tag in Tag]


# ---- the queue


@dataclass(frozen=True)
class Section:
    """A part of the queue: sentences in one state, and of those to settle the ones equally divided."""

    state: StandingState
    sentences: int
    divisions: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Queue:
    """All sentences of a project with two or more counting answers: how many there are of each kind."""

    alike: dict[tuple[StandingState, Votes], int]
    """How many are in the same state with the same answers."""

    def number(self, *states: StandingState) -> int:
        return sum(count for (state, _), count in self.alike.items() if state in states)

    @property
    def total(self) -> int:
        return sum(self.alike.values())

    @property
    def to_settle(self) -> int:
        """The disputed ones without gold, so that a supervisor has to decide."""
        return self.number(StandingState.TO_SETTLE)

    @property
    def decided(self) -> int:
        """What a supervisor decided."""
        return self.number(StandingState.DECIDED)

    @property
    def accepted(self) -> int:
        """What is gold for being unanimous."""
        return self.number(StandingState.ACCEPTED)

    @property
    def acceptable(self) -> int:
        """Unanimous and not accepted yet."""
        return self.number(StandingState.ACCEPTABLE)

    @property
    def settled(self) -> int:
        return self.decided + self.accepted

    @property
    def n_disputed(self) -> int:
        """How many have two or more answers that are not all the same tag, decided or not."""
        return sum(count for (_, votes), count in self.alike.items() if votes.is_divided)

    @property
    def sections(self) -> list[Section]:
        """To settle, most divided first; decided; accepted. Within each in the order of the texts."""
        found = [Section(StandingState.TO_SETTLE, *equal) for equal in self._equally_divided()]
        others = (StandingState.DECIDED, StandingState.ACCEPTED)
        return [*found, *(Section(state, self.number(state)) for state in others if self.number(state))]

    def _equally_divided(self) -> list[tuple[int, tuple[int, ...]]]:
        open_ = [(votes, n) for (state, votes), n in self.alike.items() if state is StandingState.TO_SETTLE]
        return [
            (sum(open_[place][1] for place in places), tuple({division_of(open_[place][0]) for place in places}))
            for places in equally_divided([votes for votes, _ in open_])
        ]

    def acceptable_by_tag(self) -> list[tuple[Tag, int]]:
        found = dict.fromkeys(Tag, 0)
        for (state, votes), count in self.alike.items():
            if state is StandingState.ACCEPTABLE and votes.unanimous_tag:
                found[votes.unanimous_tag] += count
        return [(tag, count) for tag, count in found.items() if count]

    def coders_of_acceptable(self) -> list[int]:
        """How many analysts answered the acceptable ones: each number that occurs, rising."""
        return sorted({votes.n_coders for state, votes in self.alike if state is StandingState.ACCEPTABLE})


def queue_of(project: Project, reader: Actor) -> Queue:
    """What is kept of the queue of the running round, read in one statement."""
    columns = (StandingCount.state, *_votes_of(StandingCount), StandingCount.sentences)
    rows = db.session.execute(
        visibility.standing_counts_visible_to(reader, project)
        .where(StandingCount.round_id == project.running.id)
        .with_only_columns(*columns)
    )
    return Queue({(state, Votes(*votes)): sentences for state, *votes, sentences in rows})


def _votes_of(table: type[Standing] | type[StandingCount]) -> list[Any]:
    return [getattr(table, tag.column) for tag in Tag]


@dataclass(frozen=True)
class QueueRow:
    """One sentence of the queue."""

    sentence_id: int
    state: StandingState
    votes: Votes
    method: Method | None
    """Of the newest decision."""
    gold_tag: Tag | None
    deciding_rule: str | None
    key: str
    """Where it stands in the queue."""

    @property
    def is_to_settle(self) -> bool:
        return self.state is StandingState.TO_SETTLE


PLACE = Order((Standing.state, Standing.division, Standing.article_id, Standing.start))
"""What tells where a sentence stands in the queue, whose sections have an order of their own."""


def page_of_queue(project: Project, reader: Actor, queue: Queue, asked: Asked = FIRST_PAGE) -> Page[QueueRow]:
    """The page asked for, or the nearest there is, section after section."""
    number, pages = nearest_page(asked.page, sum(section.sentences for section in queue.sections))
    rows: list[QueueRow] = []
    if number > 1 and (before := PLACE.values(asked.before)):
        rows = _rows_beyond(project, reader, queue.sections, before, back=True)
        rows = rows if len(rows) == PAGE else []
    elif number > 1 and (after := PLACE.values(asked.after)):
        rows = _rows_beyond(project, reader, queue.sections, after)
    rows = rows or _rows_between(project, reader, queue.sections, (number - 1) * PAGE, PAGE)
    first, last = (rows[0].key, rows[-1].key) if rows else (None, None)
    return Page(rows, number, pages, number < pages, first, last)


def rows_in(project: Project, reader: Actor, state: StandingState) -> list[QueueRow]:
    """The first of those in this state, as many as a page holds."""
    sections = [section for section in queue_of(project, reader).sections if section.state is state]
    return _rows_between(project, reader, sections, 0, PAGE)


def _rows_between(project: Project, reader: Actor, sections: list[Section], offset: int, limit: int) -> list[QueueRow]:
    ids: list[int] = []
    for section in sections:
        if offset < section.sentences and len(ids) < limit:
            ids += db.session.scalars(_part(project, reader, section, limit - len(ids), offset))
        offset = max(0, offset - section.sentences)
    return _rows(project, ids)


def _rows_beyond(
    project: Project, reader: Actor, sections: list[Section], place: tuple[Any, ...], *, back: bool = False
) -> list[QueueRow]:
    """A page of those behind a place, or going back before it; none where its section is gone."""
    state, division, *beyond = place
    here = [n for n, one in enumerate(sections) if one.state is state and division in one.divisions]
    ids: list[int] = []
    for n in here:
        for section in sections[n::-1] if back else sections[n:]:
            start = beyond if section is sections[n] else None
            if len(ids) < PAGE:
                ids += db.session.scalars(_part(project, reader, section, PAGE - len(ids), beyond=start, back=back))
    return _rows(project, ids[::-1] if back else ids)


IN_TEXTS = Order((Standing.article_id, Standing.start))


def _part(
    project: Project,
    reader: Actor,
    section: Section,
    limit: int,
    offset: int = 0,
    *,
    beyond: Sequence[int] | None = None,
    back: bool = False,
) -> Select[int]:
    """The ids of so many sentences of a section; each division stands in the order of the texts in the index."""
    parts = []
    for division in section.divisions:
        query = _in_order(project, reader, section.state, division).order_by(None).order_by(*IN_TEXTS.by(back=back))
        if beyond:
            query = query.where(IN_TEXTS.beyond(beyond, back=back))
        parts.append(query.limit(offset + limit).subquery())
    found = union_all(*(select(part.c.sentence_id, part.c.article_id, part.c.start) for part in parts)).subquery()
    by = Order((found.c.article_id, found.c.start)).by(back=back)
    return select(found.c.sentence_id).order_by(*by).limit(limit).offset(offset)


def _in_order(project: Project, reader: Actor, state: StandingState, division: int) -> Select[int, int, int]:
    return (
        visibility.standings_visible_to(reader, project)
        .where(Standing.round_id == project.running.id, Standing.state == state, Standing.division == division)
        .order_by(*IN_TEXTS.by())
        .with_only_columns(Standing.sentence_id, *IN_TEXTS.columns)
    )


def _rows(project: Project, ids: list[int]) -> list[QueueRow]:
    newest = and_(
        Adjudication.sentence_id == Standing.sentence_id,
        Adjudication.round_id == Standing.round_id,
        Adjudication.is_current,
    )
    decision = (Adjudication.method, Adjudication.gold_tag, Adjudication.deciding_rule)
    rows = db.session.execute(
        select(Standing.sentence_id, Standing.state, *_votes_of(Standing), *decision, *PLACE.columns)
        .outerjoin(Adjudication, newest)
        .where(Standing.round_id == project.running.id, Standing.sentence_id.in_(ids))
    )
    found: dict[int, QueueRow] = {}
    for id_, state, *rest in rows:
        method, gold_tag, rule, *place = rest[5:]
        found[id_] = QueueRow(id_, state, Votes(*rest[:5]), method, gold_tag, rule, PLACE.key(place))
    return [found[id_] for id_ in ids]


def next_to_settle(project: Project, reader: Actor, after: int) -> int | None:
    """The sentence that comes next in the queue behind this one, or its first; None when no other waits."""
    sections = [one for one in queue_of(project, reader).sections if one.state is StandingState.TO_SETTLE]
    here = db.session.execute(
        visibility.standings_visible_to(reader, project)
        .where(Standing.round_id == project.running.id, Standing.sentence_id == after)
        .with_only_columns(Standing.state, Standing.division, Standing.article_id, Standing.start)
    ).one_or_none()
    if here and here.state is StandingState.TO_SETTLE:
        place = next(n for n, section in enumerate(sections) if here.division in section.divisions)
        behind = _first_of(project, reader, sections[place], (here.article_id, here.start))
        if behind is not None:
            return behind
        sections = sections[place + 1 :] + sections[: place + 1]
    found = next((id_ for one in sections if (id_ := _first_of(project, reader, one)) is not None), None)
    return None if found == after else found


def next_in_article(project: Project, reader: Actor, sentence: Sentence) -> int | None:
    """The sentence of the article to settle that comes next behind this one, or its first; None when none waits."""
    waiting = (
        visibility.standings_visible_to(reader, project)
        .where(
            Standing.round_id == project.running.id,
            Standing.article_id == sentence.article_id,
            Standing.state == StandingState.TO_SETTLE,
            Standing.sentence_id != sentence.id,
        )
        .order_by(Standing.start < sentence.start, Standing.start)
        .limit(1)
    )
    return db.session.scalar(waiting.with_only_columns(Standing.sentence_id))


def _first_of(project: Project, reader: Actor, section: Section, behind: tuple[int, int] | None = None) -> int | None:
    """The first sentence of the section, behind a place in the texts where one is given."""
    found = []
    for division in section.divisions:
        query = _in_order(project, reader, section.state, division).limit(1)
        if behind:
            query = query.where(IN_TEXTS.beyond(behind))
        found += [(row.article_id, row.start, row.sentence_id) for row in db.session.execute(query)]
    return min(found)[-1] if found else None


@dataclass(frozen=True)
class Acceptable:
    """A sentence that can become gold for being unanimous."""

    sentence_id: int
    votes: Votes


def acceptable_in(project: Project, reader: Actor) -> list[Acceptable]:
    """All of them in the running round, in the order of the texts."""
    query = _in_order(project, reader, StandingState.ACCEPTABLE, 0)
    rows = db.session.execute(query.with_only_columns(Standing.sentence_id, *_votes_of(Standing)))
    return [Acceptable(id_, Votes(*votes)) for id_, *votes in rows]


@dataclass(frozen=True)
class Passage:
    """A sentence as a list shows it."""

    article_id: int
    article_title: str
    index: int
    text: str


def passages(sentence_ids: Sequence[int]) -> dict[int, Passage]:
    """The words and places of these sentences, cut in the database so that no whole article is read."""
    words = func.substr(Article.text, Sentence.start + 1, Sentence.end - Sentence.start)
    rows = db.session.execute(
        select(Sentence.id, Article.id, Article.title, OPENING_WITHOUT_TITLE, index_of(Sentence), words)
        .join(Sentence.article)
        .where(Sentence.id.in_(sentence_ids))
    )
    return {
        id_: Passage(article_id, display_title(title, opening), *place)
        for id_, article_id, title, opening, *place in rows
    }


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


def handed_in_by(article_id: int, round_id: int) -> Select[int]:
    """The ids of the analysts who have handed the article in in this round."""
    return (
        select(Assignment.analyst_id)
        .join(Submission, Submission.assignment_id == Assignment.id)
        .where(Assignment.article_id == article_id, Assignment.round_id == round_id)
        .distinct()
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


def gaps_of(project: Project, reader: Actor, asked: Asked = FIRST_PAGE) -> Page[GapRow]:
    """A page of the sentences whose newest decision says *codebook gap*, in the order in which they were split."""
    page = page_of(_gaps(project, reader).with_only_columns(Adjudication.sentence_id), asked=asked)
    decisions = db.session.scalars(_gaps(project, reader).where(Adjudication.sentence_id.in_(page.rows)))
    by_sentence = {decision.sentence_id: decision for decision in decisions}
    found = passages(page.rows)
    return page.with_rows([GapRow(by_sentence[id_], _gap(by_sentence[id_], found[id_])) for id_ in page.rows])


def number_of_gaps(project: Project, reader: Actor) -> int:
    return db.session.scalar(_gaps(project, reader).with_only_columns(func.count())) or 0


def _gaps(project: Project, reader: Actor) -> Select[Adjudication]:
    """Said in the very words of their index, which is asked for no others."""
    says_gap = Adjudication.deciding_rule == literal_column("'codebook_gap'")
    return visibility.gold_visible_to(reader, project.running.id).where(Article.project_id == project.id, says_gap)


def _gap(decision: Adjudication, place: Passage) -> CodebookGap:
    return CodebookGap(
        place.article_title, place.index, place.text, decision.votes, decision.gold_tag, decision.reason or ""
    )


# ---- a second look


@dataclass(frozen=True)
class SecondLook:
    """A sentence on which a rule decided in words that it does not have any more."""

    decision: Adjudication
    round: Round
    place: Passage


def version_called(project: Project, version: str) -> Codebook:
    """One that the project published. Raises NotFound."""
    found = db.session.scalar(select(Codebook).where(Codebook.project_id == project.id, Codebook.version == version))
    if found is None:
        raise NotFound("This project has published no such version of the codebook.")
    return found


def second_look(
    project: Project, reader: Actor, rule: str, version: Codebook, asked: Asked = FIRST_PAGE
) -> Page[SecondLook]:
    """A page of the sentences whose newest decision, made before this version, names the rule, of every round.

    Whoever decides one anew has looked, and it leaves the list.
    """
    lists = [
        _decided_by(reader, id_, rule, version).with_only_columns(Adjudication.id)
        for id_ in db.session.scalars(select(Round.id).where(Round.project_id == project.id))
    ]
    page = page_of(*lists, asked=asked)
    found = db.session.execute(
        select(Adjudication, Round).join(Round, Round.id == Adjudication.round_id).where(Adjudication.id.in_(page.rows))
    )
    by_id = {decision.id: (decision, round_) for decision, round_ in found}
    places = passages([decision.sentence_id for decision, _ in by_id.values()])
    rows = [SecondLook(*by_id[id_], places[by_id[id_][0].sentence_id]) for id_ in page.rows]
    return page.with_rows(rows)


def _decided_by(reader: Actor, round_id: int, rule: str, version: Codebook) -> Select[Adjudication]:
    return visibility.gold_visible_to(reader, round_id).where(
        Adjudication.deciding_rule == rule, Adjudication.created_at < version.published_at
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
