"""Reads for agreement: the answers that count as arrays, what a filter may choose, and sentences with their answers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased

from webapp import visibility
from webapp.article_list import OPENING_WITHOUT_TITLE
from webapp.db import db
from webapp.domain.adjudication import Method
from webapp.domain.agreement import GAP
from webapp.domain.cues import CueKind, cues_in
from webapp.domain.deciding_rules import Suggestion, may_decide
from webapp.domain.errors import NotFound
from webapp.domain.merges import root_of
from webapp.domain.terms import Certainty, Reliability, Tag
from webapp.domain.text_runs import TextRun, text_runs
from webapp.judgements import FIRST, judgements
from webapp.merged_sources import merges_seen_by
from webapp.models import (
    Actor,
    Adjudication,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    Codebook,
    Membership,
    Project,
    ProjectCount,
    Role,
    Round,
    Sentence,
    SourceRating,
    Submission,
    User,
    WorkCount,
    display_title,
    index_of,
    is_held,
    newest_decision_in,
)
from webapp.review.filters import Choice, Choices, Filter
from webapp.review.statistics import TAGS, Coder, CountedAnswers, Gold, Named

# ---- what may be chosen


def coders_of(project: Project) -> dict[int, Coder]:
    """The members who were ever handed an article, by their ids, in the order of their codes."""
    handed = _work_in(project).with_only_columns(WorkCount.analyst_id)
    rows = db.session.execute(
        select(User.id, Membership.coder_code, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.project_id == project.id, User.id.in_(handed))
        .order_by(Membership.coder_code)
    )
    return {user_id: Coder(user_id, code, name) for user_id, code, name in rows}


def _work_in(project: Project) -> Select[WorkCount]:
    """What is kept of the work that was ever handed out in the project and not withdrawn."""
    rounds = select(Round.id).where(Round.project_id == project.id)
    return select(WorkCount).where(WorkCount.round_id.in_(rounds), WorkCount.state != AssignmentState.WITHDRAWN)


MOST_LISTED = 200
"""Articles to choose from by their titles; in a larger project they are named by their numbers."""


def choices_in(
    project: Project, coders: dict[int, Coder], reader: Actor, *, names: bool, asked: Collection[int] | None = None
) -> Choices:
    """What the project holds for each filter; analysts under their codes unless names are wanted.

    Of many articles only those `asked` for, where that is said.
    """
    size = db.session.get(ProjectCount, project.id)
    articles = size.articles if size else 0
    rounds, passes = rounds_and_passes_in(project, reader)
    versions = select(Codebook.version).where(_is_ours(project)).order_by(Codebook.id)
    return Choices(
        article=tuple(_articles_among(project, asked if articles > MOST_LISTED else None)),
        articles=articles,
        analyst=tuple(Choice(coder.code, coder.name if names else coder.code) for coder in coders.values()),
        codebook=tuple(Choice(version, version) for version in dict.fromkeys(db.session.scalars(versions))),
        round=tuple(Choice(name, name) for name in rounds),
        pass_=tuple(Choice(str(number), str(number)) for number in passes),
    )


def _articles_among(project: Project, asked: Collection[int] | None) -> Iterator[Choice]:
    query = select(Article.id, Article.title, OPENING_WITHOUT_TITLE).where(
        Article.project_id == project.id, Article.is_live
    )
    if asked is not None:
        query = query.where(Article.id.in_(asked))
    for id_, title, opening in db.session.execute(query.order_by(Article.id)):
        yield Choice(str(id_), display_title(title, opening))


def rounds_and_passes_in(project: Project, reader: Actor) -> tuple[list[str], list[int]]:
    """The names of the project's rounds, oldest first, and the passes there are; to an analyst it does not tell that
    somebody does an article once more.
    """
    rounds = select(Round.name).where(Round.project_id == project.id).order_by(Round.id)
    passes = _work_in(project).with_only_columns(WorkCount.pass_).distinct()
    if reader.has(project.id, Role.ANALYST) and not visibility.supervises(reader, project.id):
        passes = passes.where(WorkCount.analyst_id == reader.id, WorkCount.state == AssignmentState.SUBMITTED)
    return list(db.session.scalars(rounds)), sorted({FIRST, *db.session.scalars(passes)})


def _is_ours(project: Project) -> ColumnElement[bool]:
    """Whether a Codebook is one that we ship, or the project's own."""
    return or_(Codebook.project_id.is_(None), Codebook.project_id == project.id)


def round_of(project: Project, wanted: Filter) -> Round:
    """The round whose figures are wanted: the running one where none is named."""
    if wanted.round in (None, project.running.name):
        return project.running
    return db.session.scalars(select(Round).where(Round.project_id == project.id, Round.name == wanted.round)).one()


def round_numbered(project: Project, round_id: int) -> Round:
    """Raises NotFound."""
    found = db.session.scalar(select(Round).where(Round.project_id == project.id, Round.id == round_id))
    if found is None:
        raise NotFound("There is no such round.")
    return found


def counting(project: Project, reader: Actor, wanted: Filter) -> Select[Annotation]:
    """The answers that count in the round and pass that are wanted."""
    return judgements(project, reader, round_of(project, wanted), wanted.number_of_pass)


def filtered(query: Any, wanted: Filter, coders: dict[int, Coder]) -> Any:
    """The judgements that pass the filter."""
    if wanted.article:
        query = query.where(Assignment.article_id.in_(wanted.article_ids))
    if wanted.analyst:
        query = query.where(Assignment.analyst_id.in_(_ids(wanted, coders)))
    if wanted.since:
        query = query.where(Submission.at >= datetime.combine(wanted.since, time.min, UTC))
    if wanted.until:
        query = query.where(Submission.at <= datetime.combine(wanted.until, time.max, UTC))
    if wanted.codebook:
        query = query.where(Annotation.codebook_id.in_(select(Codebook.id).where(Codebook.version == wanted.codebook)))
    return query


def _ids(wanted: Filter, coders: dict[int, Coder]) -> list[int]:
    return [user_id for user_id, coder in coders.items() if coder.code in wanted.analyst]


# ---- coverage


@dataclass(frozen=True)
class Coverage:
    """What there is to be judged, and how much of it was handed in."""

    articles: int
    sentences: int
    handed_out: int
    handed_in: int


def coverage_of(project: Project, reader: Actor, wanted: Filter, handed_in: int) -> Coverage:
    """Live articles and sentences, as far as the filter chooses articles; the assignments that the reader sees."""
    if wanted.article:
        live = [Article.project_id == project.id, Article.is_live, Article.id.in_(wanted.article_ids)]
        counts = select(func.count(), func.coalesce(func.sum(Article.sentence_count), 0)).where(*live)
        articles, sentences = db.session.execute(counts).one()
    else:
        size = db.session.get(ProjectCount, project.id)
        articles, sentences = (size.articles, size.sentences) if size else (0, 0)
    return Coverage(articles, sentences, _handed_out(project, reader, wanted), handed_in)


def _handed_out(project: Project, reader: Actor, wanted: Filter) -> int:
    """From what is kept where the reader sees everybody's, else counted: what was handed to one person."""
    if _is_kept(project, reader, wanted):
        held = [state for state in AssignmentState if state is not AssignmentState.WITHDRAWN]
        return _number_kept(project, wanted, held)
    return db.session.scalar(_work_wanted(project, reader, wanted)) or 0


def handed_in(project: Project, reader: Actor, wanted: Filter) -> int:
    """How many of those assignments were ever handed in."""
    first = and_(Submission.assignment_id == Assignment.id, Submission.number == FIRST)
    if _is_kept(project, reader, wanted):
        kept = _number_kept(project, wanted, [AssignmentState.SUBMITTED, AssignmentState.RETURNED])
        if not _number_kept(project, wanted, [AssignmentState.HANDED_OVER]):
            return kept
        handed_over = _work_wanted(project, reader, wanted).where(Assignment.state == AssignmentState.HANDED_OVER)
        return kept + (db.session.scalar(handed_over.join(Submission, first)) or 0)
    return db.session.scalar(_work_wanted(project, reader, wanted).join(Submission, first)) or 0


def _is_kept(project: Project, reader: Actor, wanted: Filter) -> bool:
    """Whether what is kept of the work of a round is what the reader wants to know."""
    return visibility.supervises(reader, project.id) and not wanted.article


def _number_kept(project: Project, wanted: Filter, states: Collection[AssignmentState]) -> int:
    kept = select(func.sum(WorkCount.assignments)).where(
        WorkCount.round_id == round_of(project, wanted).id,
        WorkCount.pass_ == wanted.number_of_pass,
        WorkCount.state.in_(states),
    )
    return db.session.scalar(kept) or 0


def _work_wanted(project: Project, reader: Actor, wanted: Filter) -> Select[int]:
    query = (
        select(func.count())
        .select_from(Assignment)
        .join(Assignment.article)
        .where(
            Article.project_id == project.id,
            Article.is_live,
            is_held(),
            Assignment.round_id == round_of(project, wanted).id,
            Assignment.pass_ == wanted.number_of_pass,
            visibility.judgements_shown_to(reader, project),
        )
    )
    return query.where(Article.id.in_(wanted.article_ids)) if wanted.article else query


# ---- the answers that count


ARTICLES_AT_ONCE = 5_000
"""So that of a large study no text is long, whose memory would stay with the process."""


def counted_answers(project: Project, reader: Actor, wanted: Filter, coders: dict[int, Coder]) -> CountedAnswers:
    """The answers that count and pass the filter."""
    query = filtered(counting(project, reader, wanted), wanted, coders)
    counted, sources = read_counted(db.session(), project.id, query, coders)
    if sources:
        merges = merges_seen_by(reader, project.id)
        return replace(counted, named=_named(sources, counted.sentences, merges))
    return counted


def read_counted(
    connection: Session | Connection, project_id: int, query: Any, coders: dict[int, Coder]
) -> tuple[CountedAnswers, list[str]]:
    """Answers that count, and texts of those that name a source; read as texts of numbers of thousands of articles at
    a time.
    """
    bits = max(coders, default=0).bit_length()
    query = query.with_only_columns(*_packed(bits), maintain_column_froms=True)
    parts: list[tuple[Any, ...]] = []
    sources: list[str] = []
    for some in some_articles(connection, project_id):
        said, given, naming = connection.execute(query.where(some)).one()
        parts.append(_split(numbers_in(said), BITS_OF_ANSWER) + _split(numbers_in(given), bits))
        sources += [naming] if naming else []
    sentence_id, rest, article_id, analyst_id = map(np.concatenate, zip(*parts, strict=True))
    parts.clear()  # so that a million answers are not held twice
    return _unpacked(sentence_id, rest, article_id, analyst_id, coders), sources


BITS_OF_ANSWER = 10
"""Enough for 999. Powers of two are divided by in no time."""


def _packed(bits: int) -> tuple[Any, Any, Any]:
    """All answers as three texts; rows of their own, or groups of them, would take several times as long.

    One says what was answered, `sentence id · 1024 + tag · 100 + reliability · 10 + credibility`, five more of the tag
    telling that the letter is that of the analyst's own rating. Another says of each answer where and by whom: the id
    of the article, followed by so many bits for the analyst's. A third brings the few answers that name a source.
    """
    ratings = is_own_letter() * len(TAGS) * 100 + _place_of_reliability() * 10 + _credibility()
    # Most answers rate nothing, and the database is quicker when told so first.
    columns = (Annotation.source_reliability, Annotation.information_credibility, Annotation.rating_id)
    rated = case((and_(*(column.is_(None) for column in columns)), 0), else_=ratings)
    names = and_(Annotation.source_id.is_not(None), Annotation.tag == Tag.ATTRIBUTION)
    named = cast(Annotation.sentence_id, String) + " " + type_coerce(Annotation.source_id, String)
    return (
        as_text(_times(Annotation.sentence_id, 1 << BITS_OF_ANSWER) + _place_of(Annotation.tag) * 100 + rated),
        as_text(_times(Assignment.article_id, 1 << bits) + Assignment.analyst_id),
        func.aggregate_strings(case((names, named)), ","),
    )


def some_articles(connection: Session | Connection, project_id: int) -> Iterator[ColumnElement[bool]]:
    """Conditions on Article that together hold for every live one of the project, each for no more than so many."""
    live = select(Article.id).where(Article.project_id == project_id, Article.is_live).order_by(Article.id)
    behind = 0
    while last := connection.scalar(live.where(Article.id > behind).offset(ARTICLES_AT_ONCE - 1).limit(1)):
        yield and_(Article.id > behind, Article.id <= last)
        behind = last
    yield Article.id > behind


def _times(id_: Any, factor: int) -> Any:
    """The product as a large number, for which SQLite needs no cast: there are a million."""
    return id_ * literal(factor, BigInteger)


def as_text(number: Any) -> Any:
    """The numbers of all rows as one text."""
    return func.aggregate_strings(cast(number, String), ",")


def numbers_in(told: str | None) -> Any:
    """The numbers in such a text; none where there was no row."""
    return np.fromstring(told or "", dtype=np.int64, sep=",")


def _named(texts: Sequence[str], sentences: Any, merges: Mapping[UUID, UUID]) -> Named:
    """The sentence of each answer that names a source, and the place of the entry which stands for it."""
    pairs = [pair.split(" ") for text in texts for pair in text.split(",")]
    roots = {stored: root_of(UUID(stored), merges) for stored in {stored for _, stored in pairs}}
    places = {root: place for place, root in enumerate(dict.fromkeys(roots.values()))}
    unit = np.searchsorted(sentences, np.array([int(sentence_id) for sentence_id, _ in pairs], dtype=np.int64))
    return Named(unit, np.array([places[roots[stored]] for _, stored in pairs], dtype=np.int64))


def _split(numbers: Any, bits: int) -> tuple[Any, ...]:
    """Each number without its last bits, and these; in small integers where they fit, as there are many."""
    fits, parts = np.iinfo(np.int32).max, (numbers >> bits, numbers & ((1 << bits) - 1))
    return tuple(part.astype(np.int32) if part.max(initial=0) <= fits else part for part in parts)


def _place_of(tag: Any) -> Any:
    """The place of a column's tag among `TAGS`."""
    return case({one.value: place for place, one in enumerate(TAGS)}, value=type_coerce(tag, String))


def _place_of_reliability() -> Any:
    """From 1; 0 for none, also where *not codable* leaves nothing to rate."""
    place = case(
        {value.value: place for place, value in enumerate(Reliability, 1)},
        value=type_coerce(Annotation.source_reliability, String),
        else_=0,
    )
    return case((Annotation.tag == Tag.NOT_CODABLE, 0), else_=place)


def is_own_letter() -> Any:
    """1 where the answer took a rating that its analyst gave; asked only where it took one at all."""
    rating = aliased(SourceRating)
    own = exists().where(rating.id == Annotation.rating_id, rating.author_id == Annotation.analyst_id)
    is_told = Annotation.tag == Tag.ATTRIBUTION
    return case((Annotation.rating_id.is_(None), 0), (and_(is_told, own), 1), else_=0)


def _credibility() -> Any:
    value = func.coalesce(cast(cast(Annotation.information_credibility, String), Integer), 0)
    return case((Annotation.tag == Tag.NOT_CODABLE, 0), else_=value)


EVERY = np.arange(1000)
"""Everything that an answer may be packed into, to be taken apart once in place of a million times."""


def _unpacked(
    sentence_id: Any, rest: Any, article_id: Any, analyst_id: Any, coders: dict[int, Coder]
) -> CountedAnswers:
    """The arrays from the numbers of each answer."""
    sentences, unit = ranked(sentence_id)
    met = np.flatnonzero(np.bincount(analyst_id))
    present = sorted(met.tolist(), key=lambda user_id: coders[user_id].code)
    place = np.zeros(max(present, default=0) + 1, dtype=np.int32)
    place[present] = np.arange(len(present))
    of_sentence = np.zeros(len(sentences), dtype=np.int64)
    of_sentence[unit] = article_id
    return CountedAnswers(
        sentences=sentences,
        articles=of_sentence,
        coders=tuple(coders[user_id] for user_id in present),
        unit=unit,
        coder=place[analyst_id],
        said=(EVERY // 100 % len(TAGS)).astype(np.int8)[rest],
        # Without a rating the place is 0, which one less makes GAP.
        rated={
            "source_reliability": (EVERY // 10 % 10 + GAP).astype(np.int8)[rest],
            "information_credibility": (EVERY % 10 + GAP).astype(np.int8)[rest],
        },
        has_own_letter=rest >= len(TAGS) * 100,
    )


def ranked(ids: Any) -> tuple[Any, Any]:
    """The different ids, rising, and the place of each among them; by a table, which is faster than sorting."""
    if not len(ids):
        return ids, ids
    lowest = ids.min()
    met = np.zeros(ids.max() - lowest + 1, dtype=bool)
    met[ids - lowest] = True
    return np.flatnonzero(met) + lowest, (np.cumsum(met, dtype=np.int32) - 1)[ids - lowest]


def gold_of(project: Project, reader: Actor, wanted: Filter) -> Gold | None:
    """The newest decision of each sentence in the round that the reader sees; None where there is none.

    They come as one text of numbers, `sentence id · 20 + tag · 2`, and one more where it was accepted as unanimous.
    """
    is_unanimous = case((Adjudication.method == Method.UNANIMOUS, 1), else_=0)
    packed = _times(Adjudication.sentence_id, 20) + _place_of(Adjudication.gold_tag) * 2 + is_unanimous
    # The project is not named beside the round: SQLite would go through all sentences of it, not the decisions alone.
    decisions = visibility.gold_visible_to(reader, round_of(project, wanted).id)
    numbers = numbers_in(db.session.scalar(decisions.with_only_columns(as_text(packed))))
    if not len(numbers):
        return None
    return Gold(numbers // 20, numbers % 20 // 2, numbers % 2 == 1)


BITS_OF_ID = 31


def days_handed_in(project: Project, reader: Actor, wanted: Filter, counted: CountedAnswers) -> Any:
    """Of each answer on which day its work was handed in first, as its ordinal, in UTC."""
    first = and_(Submission.assignment_id == Assignment.id, Submission.number == FIRST)
    query = _work_wanted(project, reader, wanted).join(Submission, first)
    packed = _times(Assignment.article_id, 1 << BITS_OF_ID) + Assignment.analyst_id
    columns = as_text(packed), as_text(_digits_of_day(Submission.at))
    work, days = map(numbers_in, db.session.execute(query.with_only_columns(*columns)).one())
    users = np.array([coder.user_id for coder in counted.coders], dtype=np.int64)
    own_work = counted.articles[counted.unit] << BITS_OF_ID | users[counted.coder]
    order = np.argsort(work)
    of_answer = days[order[np.searchsorted(work[order], own_work)]]
    met, place = np.unique(of_answer, return_inverse=True)
    return np.array([date.fromisoformat(str(one)).toordinal() for one in met.tolist()], dtype=np.int64)[place]


def _digits_of_day(at: Any) -> Any:
    """A day as `20261120`. Functions of dates would round up to a second the last moment of a day on SQLite, where it
    is text.
    """
    if db.engine.dialect.name == "postgresql":
        return func.to_char(at, "YYYYMMDD")
    return func.replace(func.substr(type_coerce(at, String), 1, len("2026-11-20")), "-", "")


# ---- sentences with their answers


@dataclass(frozen=True)
class Said:
    """What one analyst answered."""

    coder: Coder
    tag: Tag
    second_choice: Tag | None
    certainty: Certainty | None
    note: str | None
    value: Any = None
    """Of the field that a list is about, as it is stored."""


@dataclass(frozen=True)
class Divided:
    """A sentence as the lists of disagreements show it."""

    id: int
    article_id: int
    article_title: str
    index: int
    runs: list[TextRun[CueKind]]
    said: list[Said]
    rules: tuple[Suggestion, ...]
    gold: Tag | None
    """The tag on which a supervisor settled, if one did."""


def sentences_with_answers(
    project: Project,
    reader: Actor,
    ids: Sequence[int],
    wanted: Filter,
    coders: dict[int, Coder],
    field: str = "tag",
) -> list[Divided]:
    """These sentences in this order, each with the answers that count and pass the filter, by code, and with what they
    say of a field.
    """
    round_ = round_of(project, wanted)
    found = {row.id: row for row in db.session.execute(_texts(ids, reader, round_.id))}
    columns = (Annotation.analyst_id, Annotation.tag, Annotation.second_choice, Annotation.tag_certainty)
    query = counting(project, reader, wanted).with_only_columns(
        Annotation.sentence_id,
        *columns,
        Annotation.note,
        getattr(Annotation, field).label("value"),
        maintain_column_froms=True,
    )
    # The articles are named too: told only the sentences, SQLite goes through the whole project.
    query = query.where(
        Assignment.article_id.in_({row.article_id for row in found.values()}), Annotation.sentence_id.in_(ids)
    )
    said: dict[int, list[Said]] = {}
    for row in db.session.execute(filtered(query, wanted, coders)):
        answer = Said(coders[row.analyst_id], row.tag, row.second_choice, row.tag_certainty, row.note, row.value)
        said.setdefault(row.sentence_id, []).append(answer)
    return [_divided(found[id_], sorted(said.get(id_, []), key=lambda one: one.coder.code)) for id_ in ids]


def _texts(ids: Sequence[int], reader: Actor, round_id: int) -> Select[Any]:
    """The words of sentences, cut in the database so that no whole article is read."""
    words = func.substr(Article.text, Sentence.start + 1, Sentence.end - Sentence.start)
    gold = (
        select(Adjudication.gold_tag)
        .where(
            newest_decision_in(round_id),
            Adjudication.method == Method.ADJUDICATED,
            visibility.gold_shown_to(reader),
        )
        .scalar_subquery()
    )
    columns = (index_of(Sentence).label("index"), words.label("text"), gold.label("gold"))
    return (
        select(Sentence.id, Sentence.article_id, Article.title, OPENING_WITHOUT_TITLE.label("opening"), *columns)
        .join(Sentence.article)
        .join(Article.project)
        .where(Sentence.id.in_(ids))
    )


def _divided(row: Any, said: list[Said]) -> Divided:
    votes = {tag: sum(one.tag is tag for one in said) for tag in Tag}
    runs = text_runs(row.text, ((cue.start, cue.end, cue.kind) for cue in cues_in(row.text)))
    rules = may_decide(votes, row.text)
    title = display_title(row.title, row.opening)
    return Divided(row.id, row.article_id, title, row.index, runs, said, rules, row.gold)
