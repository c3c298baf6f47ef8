"""The history shape: one row for each event, in the order in which things happened to an article."""

from collections import namedtuple
from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, func, select, type_coerce

from webapp import visibility
from webapp.db import give_way, read_connection
from webapp.domain.answers import ANSWER_FIELDS, TERMS
from webapp.domain.export import Column
from webapp.domain.moments import moment
from webapp.domain.uuids import dashed
from webapp.export.answers import ANSWER_COLUMNS, answer_cells
from webapp.export.columns import ARTICLE_ID, SENTENCE_ID, SPAN
from webapp.models import (
    Actor,
    Annotation,
    Article,
    Assignment,
    Codebook,
    Membership,
    Project,
    Round,
    Sentence,
    Submission,
    is_held,
)

EVENTS = ("answered", "carried", "taken_back", "submitted", "returned")
COLUMNS = (
    Column("event", "text", "what happened; carried: a repair of the split took the answer along", allowed=EVENTS),
    Column("at", "time", "when"),
    Column("coder_id", "text", "the pseudonym of the analyst whose work it is"),
    ARTICLE_ID,
    SENTENCE_ID,
    *SPAN,
    Column("segmentation_version", "integer", "the version of the article's split in which the sentence came"),
    Column(
        "replaced_in", "integer", "the version in which it went, so that its answers count no more; empty: it stands"
    ),
    Column("version", "integer", "of an answer which revision it is, from 1; of handing in and returning which time"),
    Column("counts_now", "boolean", "whether no later revision took its place", allowed=("true", "false")),
    *ANSWER_COLUMNS,
    Column("note", "text", "the analyst's free text; of returning the reason"),
    Column("blind", "boolean", "whether the answer was given in a blind round", allowed=("true", "false")),
    Column("codebook_version", "text", "the version of the codebook under which the answer was given"),
    Column("active_seconds", "integer", "how long the analyst was at the sentence", "seconds"),
    Column("round", "text", "the round's name"),
    Column("pass", "integer", "1 for new work; of a repeat, which time the analyst has the article"),
    Column("assignment_key", "uuid", "the piece of work that the event belongs to"),
)
"""Columns may be added at the end, never moved or renamed."""

AT_ONCE = 20
"""Articles whose answers are read at once."""


def parts(project: Project, reader: Actor, part: list[ColumnElement[bool]]) -> Iterator[list[list[str]]]:
    """Rows of `COLUMNS`, those of some articles at a time: of everybody for who supervises, for others their own.

    What somebody thought before they handed in is for nobody else to read. `part` are conditions on Assignment.
    """
    shown = and_(True, *part) if visibility.supervises(reader, project.id) else and_(_is_own(reader), *part)
    live = select(Article.id).where(Article.project_id == project.id, Article.is_live)
    cells = _Cells()
    with read_connection() as connection:
        ids = connection.scalars(live.order_by(Article.id)).all()
        for first in range(0, len(ids), AT_ONCE):
            some = {"ids": ids[first : first + AT_ONCE]}
            wanted = (Assignment.article_id.in_(bindparam("ids", expanding=True)), is_held(), shown)
            texts: dict[int, str] = dict(connection.execute(_TEXTS, some).all())
            answers = connection.execute(_ANSWERS.where(*wanted), some)
            events = [_answered(row, texts, cells) for row in answers]
            for row in connection.execute(_SUBMISSIONS.where(*wanted), some):
                events += _handed_in(row)
            give_way()
            yield [cells for *_, cells in sorted(events, key=itemgetter(0, 1, 2))]


def _is_own(reader: Actor) -> ColumnElement[bool]:
    return and_(Assignment.analyst_id == reader.id, ~visibility.is_before_a_repeat(reader))


Event = tuple[int, str, int, list[str]]
"""The article, when, what comes first of two at one moment, and the cells."""


DISTINCT = 20_000
"""Answers whose cells are kept in case the same is said again, as most are."""


class _Cells:
    """The cells of answers, made once of all that say the same."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], list[str]] = {}

    def __call__(self, said: tuple[Any, ...]) -> list[str]:
        if (made := self._made.get(said)) is None:
            if len(self._made) == DISTINCT:
                self._made.clear()
            answer: Any = _Said(*said)
            made = self._made[said] = _NONE if answer.tag is None else answer_cells(answer)
        return made


_NONE = [""] * len(ANSWER_COLUMNS)


def _answered(row: Any, texts: Mapping[int, str], cells_of: _Cells) -> Event:
    """A row of `_ANSWERS`, taken apart by place: by name it takes half of the time of the whole."""
    said = tuple(row[:_N_SAID])
    article_id, number, sha256, coder, round_name, number_of_pass, key, id_, note, seconds, *rest = row[_N_SAID:]
    at, version, is_current, carried_from, is_blind, sentence, start, end, added_in, retired_in, codebook = rest
    cells = [
        "taken_back" if said[0] is None else "carried" if carried_from else "answered",
        moment(at),
        coder,
        str(number),
        str(sentence),
        str(start),
        str(end),
        texts[article_id][start:end],
        sha256,
        str(added_in),
        str(retired_in or ""),
        str(version),
        "true" if is_current else "false",
        *cells_of(said),
        note or "",
        "true" if is_blind else "false",
        codebook,
        "" if seconds is None else str(seconds),
        round_name,
        str(number_of_pass),
        dashed(key),
    ]
    return article_id, at, id_, cells


def _handed_in(row: Any) -> Iterator[Event]:
    for event, at, note in (("submitted", row.at, ""), ("returned", row.returned_at, row.returned_why)):
        if at:
            told = {
                "event": event,
                "at": moment(at),
                "coder_id": row.coder_code,
                "article_id": str(row.article_number),
                "text_sha256": row.text_sha256,
                "version": str(row.number),
                "note": note or "",
                "round": row.round,
                "pass": str(row.number_of_pass),
                "assignment_key": dashed(row.key),
            }
            yield row.article_id, at, LAST, [told.get(column.name, "") for column in COLUMNS]


LAST = 2**63
"""Behind every answer of the same moment."""


def _words(name: str) -> Any:
    column = getattr(Annotation, name)
    return type_coerce(column, Text).label(name) if name in ("tag", "source_id", *TERMS) else column


_SAID_FIELDS = ("tag", *(name for name in ANSWER_FIELDS if name not in ("tag", "note", "active_seconds", "rating_id")))
_N_SAID = len(_SAID_FIELDS)
"""The first columns of `_ANSWERS`: what an answer says, its tag first."""
_Said = namedtuple("_Said", _SAID_FIELDS)  # type: ignore[misc]  # its names are those of an answer's fields
_TEXTS = select(Article.id, Article.text).where(Article.id.in_(bindparam("ids", expanding=True)))
_OF_WORK: list[Any] = [
    Assignment.article_id,
    func.coalesce(Article.number, Article.id).label("article_number"),
    Article.text_sha256,
    Membership.coder_code,
    Round.name.label("round"),
    Assignment.pass_.label("number_of_pass"),
    type_coerce(Assignment.key, Text).label("key"),
]


def _of_work(query: Select[Any]) -> Select[Any]:
    return (
        query.join(Article, Article.id == Assignment.article_id)
        .join(Round, Round.id == Assignment.round_id)
        .join(
            Membership,
            and_(Membership.project_id == Article.project_id, Membership.user_id == Assignment.analyst_id),
        )
    )


_ANSWERS = _of_work(
    cast(
        "Select[Any]",
        select(
            *(_words(name) for name in _SAID_FIELDS),
            *_OF_WORK,
            Annotation.id,
            Annotation.note,
            Annotation.active_seconds,
            type_coerce(Annotation.created_at, Text).label("at"),
            Annotation.version,
            Annotation.is_current,
            Annotation.carried_from_id,
            Annotation.is_blind,
            func.coalesce(Sentence.number, Sentence.id).label("sentence_number"),
            Sentence.start,
            Sentence.end,
            Sentence.added_in,
            Sentence.retired_in,
            Codebook.version.label("codebook"),
        )
        .select_from(Annotation)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(Sentence, Sentence.id == Annotation.sentence_id)
        .join(Codebook, Codebook.id == Annotation.codebook_id),
    )
)
_SUBMISSIONS = _of_work(
    cast(
        "Select[Any]",
        select(
            *_OF_WORK,
            Submission.number,
            type_coerce(Submission.at, Text).label("at"),
            type_coerce(Submission.returned_at, Text).label("returned_at"),
            Submission.returned_why,
        )
        .select_from(Submission)
        .join(Assignment, Assignment.id == Submission.assignment_id),
    )
)
