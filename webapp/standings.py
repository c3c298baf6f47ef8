"""Where each sentence with two or more counting answers stands, kept so that no list has to count all answers.

Every write that changes which answers count, or what is settled, calls follow() before its end. Which answers count is
said in `judgements`, what is settled in `domain.adjudication`; here they are only written down.
"""

from collections import Counter
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.counting_triggers import RECOUNT
from webapp.db import db_write
from webapp.domain.adjudication import MOST_TOLD_APART, Method
from webapp.domain.terms import Tag
from webapp.judgements import FIRST, counting_answers
from webapp.models import (
    Adjudication,
    Annotation,
    Article,
    Assignment,
    Project,
    ProjectChange,
    Sentence,
    Standing,
    StandingCount,
    StandingState,
)

VOTES = tuple(tag.column for tag in Tag)
ALIKE = ("round_id", "state", *VOTES)


def follow(session: Session, project_id: int, *, article_id: int | None = None, sentence_id: int | None = None) -> None:
    """Let the standings follow what was written about an article, one of its sentences, or the whole project."""
    session.flush()
    before = _counts(session, project_id, article_id, sentence_id)
    session.execute(delete(Standing).where(_concerns(project_id, article_id, sentence_id)))
    session.execute(
        insert(Standing).from_select(STANDING_COLUMNS, standings_as_counted(project_id, article_id, sentence_id))
    )
    _add(session, _counts(session, project_id, article_id, sentence_id), before)
    note_change(session, project_id)


def follow_acceptance(session: Session, project_id: int, round_id: int) -> None:
    """The same once every acceptable sentence of a round was accepted; without counting any anew."""
    session.flush()
    acceptable = [StandingCount.round_id == round_id, StandingCount.state == StandingState.ACCEPTABLE]
    for row in session.scalars(select(StandingCount).where(*acceptable)).all():
        key = {name: getattr(row, name) for name in ALIKE} | {"state": StandingState.ACCEPTED}
        _upsert(session, StandingCount, key, "sentences", row.sentences)
        session.delete(row)
    session.execute(
        update(Standing)
        .where(Standing.round_id == round_id, Standing.state == StandingState.ACCEPTABLE)
        .values(state=StandingState.ACCEPTED)
        .execution_options(synchronize_session=False)
    )
    note_change(session, project_id)


def note_change(session: Session, project_id: int) -> None:
    """Whatever is kept of the project's figures is out of date once this is committed."""
    _upsert(session, ProjectChange, {"project_id": project_id}, "number", 1)


def recount() -> None:
    """Make anew whatever is kept: counts of work, projects and days, and the standings."""
    with db_write() as session:
        for statement in RECOUNT:
            session.execute(text(statement))
        session.execute(delete(StandingCount))
        session.execute(delete(Standing))
        session.execute(insert(Standing).from_select(STANDING_COLUMNS, standings_as_counted()))
        alike = [getattr(Standing, name) for name in ALIKE]
        counted = select(*alike, func.count()).group_by(*alike)
        session.execute(insert(StandingCount).from_select([*ALIKE, "sentences"], counted))
        for project_id in session.scalars(select(Project.id).order_by(Project.id)).all():
            note_change(session, project_id)


def _concerns(project_id: int, article_id: int | None, sentence_id: int | None) -> ColumnElement[bool]:
    if sentence_id is not None:
        return Standing.sentence_id == sentence_id
    if article_id is not None:
        return Standing.article_id == article_id
    return Standing.article_id.in_(select(Article.id).where(Article.project_id == project_id))


def _counts(session: Session, project_id: int, article_id: int | None, sentence_id: int | None) -> Counter[Any]:
    """How many sentences stand alike."""
    key = [getattr(Standing, name) for name in ALIKE]
    concerned = _concerns(project_id, article_id, sentence_id)
    rows = session.execute(select(*key, func.count()).where(concerned).group_by(*key))
    return Counter({tuple(alike): count for *alike, count in rows})


def _add(session: Session, after: Counter[Any], before: Counter[Any]) -> None:
    """In one order, so that two writers do not wait for each other."""
    for key in sorted({*after, *before}):
        if difference := after[key] - before[key]:
            _upsert(session, StandingCount, dict(zip(ALIKE, key, strict=True)), "sentences", difference)


def _upsert(session: Session, table: type[Any], key: dict[str, Any], column: str, difference: int) -> None:
    of_dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    added = of_dialect.insert(table).values(**key, **{column: difference})
    more = {column: getattr(table, column) + difference}
    session.execute(added.on_conflict_do_update(index_elements=list(key), set_=more))


# ---- as they are counted

STANDING_COLUMNS = ["round_id", "sentence_id", "article_id", "start", *VOTES, "state", "division"]


def standings_as_counted(
    project_id: int | None = None, article_id: int | None = None, sentence_id: int | None = None
) -> Select[Any]:
    """The rows of Standing, from the answers and decisions themselves."""
    votes = _votes(project_id, article_id, sentence_id).subquery()
    counts = [votes.c[name] for name in VOTES]
    is_divided = func.coalesce(_greatest(counts), 0) < votes.c.answers
    state = case(
        (Adjudication.method == Method.ADJUDICATED, _word(StandingState.DECIDED)),
        (is_divided, _word(StandingState.TO_SETTLE)),
        (Adjudication.method == Method.UNANIMOUS, _word(StandingState.ACCEPTED)),
        else_=_word(StandingState.ACCEPTABLE),
    )
    is_open = and_(is_divided, or_(Adjudication.method.is_(None), Adjudication.method != Method.ADJUDICATED))
    newest = and_(
        Adjudication.sentence_id == votes.c.sentence_id,
        Adjudication.round_id == votes.c.round_id,
        Adjudication.is_current,
    )
    columns: list[Any] = [
        votes.c.round_id,
        votes.c.sentence_id,
        votes.c.article_id,
        votes.c.start,
        *counts,
        type_coerce(state, Text).label("state"),
        case((is_open, _division(counts)), else_=0).label("division"),
    ]
    return select(*columns).outerjoin_from(votes, Adjudication, newest)


def _votes(project_id: int | None, article_id: int | None, sentence_id: int | None) -> Select[Any]:
    """How the counting answers divide, where there are two or more."""
    query = counting_answers().where(Assignment.pass_ == FIRST)
    if project_id is not None:
        query = query.where(Article.project_id == project_id)
    if sentence_id is not None:
        # The article is named too: told only the sentence, SQLite goes through the whole project.
        of_sentence = select(Sentence.article_id).where(Sentence.id == sentence_id).scalar_subquery()
        query = query.where(Assignment.article_id == of_sentence, Annotation.sentence_id == sentence_id)
    elif article_id is not None:
        query = query.where(Assignment.article_id == article_id)
    said = [func.count().filter(Annotation.tag == tag).label(tag.column) for tag in Tag]
    key = (Assignment.round_id, Annotation.sentence_id, Sentence.article_id, Sentence.start)
    columns: list[Any] = [*key, *said, func.count().label("answers")]
    return query.with_only_columns(*columns, maintain_column_froms=True).group_by(*key).having(func.count() >= 2)


def _word(state: StandingState) -> ColumnElement[str]:
    return literal(state.value, Text)


def _greatest(counts: list[Any]) -> Any:
    """The largest, said so that both databases understand it."""
    return case(
        *((and_(*(one >= other for other in counts if other is not one)), one) for one in counts[:-1]),
        else_=counts[-1],
    )


def _division(counts: list[Any]) -> Any:
    """As `domain.adjudication.division_of` reckons it: eight to the power of n is a one shifted by three times n."""
    shifts = [case((count > MOST_TOLD_APART, MOST_TOLD_APART), else_=count) * 3 for count in counts]
    powers = [cast(literal(1, BigInteger).op("<<")(cast(shift, Integer)), BigInteger) for shift in shifts]
    return sum(powers[1:], start=powers[0] + 0)
