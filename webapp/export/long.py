"""The long shape: one row for each sentence and analyst, written as it is read, so that memory stays small."""

from bisect import bisect_right
from collections import namedtuple
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, bindparam, case, func, select, type_coerce
from sqlalchemy.orm import aliased

from webapp import __version__, visibility
from webapp.db import give_way, read_connection
from webapp.domain.answers import ANSWER_FIELDS, TERMS
from webapp.domain.chains import LINK_FIELDS
from webapp.domain.export import Cells, Column, compact_json
from webapp.domain.merges import root_of
from webapp.domain.moments import moment
from webapp.domain.terms import CorroborationStatus, Tag
from webapp.domain.uuids import dashed
from webapp.export.answers import ANSWER_COLUMNS, NO_ANSWER, answer_cells
from webapp.export.columns import ARTICLE_ID, ARTICLE_TITLE, SENTENCE_ID, SENTENCE_INDEX, SPAN
from webapp.models import (
    AS_IMPORTED,
    Annotation,
    Article,
    Assessment,
    Assignment,
    AttributionLink,
    Claim,
    ClaimMention,
    Codebook,
    DescriptionRevision,
    Membership,
    Project,
    Round,
    Sentence,
    is_held,
)

COLUMNS = (
    Column(
        "annotation_id",
        "integer",
        "the revision that counts; empty in an analyst's export of their own work, where it would tell how much others"
        " have done",
    ),
    Column("project", "text", "the project's name"),
    ARTICLE_ID,
    ARTICLE_TITLE,
    Column("outlet", "text", "the outlet that published the article"),
    Column("published", "date", "when the article was published"),
    SENTENCE_ID,
    SENTENCE_INDEX,
    Column("paragraph", "integer", "the paragraph of the article in which the sentence stands, from 1"),
    *SPAN,
    Column("segmentation_version", "integer", "the version of the article's split in which the sentence came"),
    Column("coder_id", "text", "the analyst's pseudonym in the project"),
    *ANSWER_COLUMNS,
    Column(
        "corroboration_status",
        "text",
        "what the analyst's newest note on the sentence found",
        allowed=tuple(CorroborationStatus),
    ),
    Column("corroboration_claim", "text", "the claim that the note is about"),
    Column("corroboration_note", "text", "what the note says"),
    Column(
        "independent_supporting",
        "integer",
        "credible independent origins that supported the claim, of the items that the analyst could see when they made"
        " the assessment; empty: there were none",
        "origins",
    ),
    Column("independent_refuting", "integer", "the same of those that refuted it", "origins"),
    Column("note", "text", "the analyst's free text"),
    Column(
        "blind",
        "boolean",
        "whether the answer was given in a blind round and, if saved from 2026-11-26 on, by somebody with no role there"
        " that reads others' answers, as supervisor or researcher; decided when it is saved, never afterwards",
        allowed=("true", "false"),
    ),
    Column("suggestion_shown", "boolean", "empty: nothing records it yet"),
    Column("codebook_version", "text", "the version of the codebook under which the answer was given"),
    Column("active_seconds", "integer", "how long the analyst was at the sentence", "seconds"),
    Column("created_at", "time", "when the first revision of the answer was saved"),
    Column("updated_at", "time", "when the revision that counts was saved"),
    Column("submitted_at", "time", "when the article was handed in"),
    Column("app_version", "text", "the version of Claimtag that wrote the file"),
    Column("round", "text", "the round's name"),
    Column("pass", "integer", "1 for new work; of a repeat, which time the analyst has the article"),
    Column("assignment_key", "uuid", "the piece of work that the answer belongs to"),
    Column(
        "source_merged_id",
        "uuid",
        "the entry that stands for `source_id` after merges, as far as who takes the file may know; the same where"
        " there is none",
    ),
    Column(
        "chain",
        "json",
        "through whom the word came: a list of links from who said it to who prints it, the first the answer's own"
        f" source; each with those of {', '.join(f'`{name}`' for name in LINK_FIELDS)} that are recorded;"
        " empty: no chain",
    ),
    Column(
        "description_version",
        "integer",
        "the version of the article's description (title, outlet, author, address, date, language) in force when the"
        " answer was given; 1 is the one that was imported, the columns hold the newest",
    ),
    Column(
        "excluded",
        "boolean",
        "whether a supervisor said since that the sentence is not part of the article, as a byline is not; its answers"
        " stay on record and count nowhere",
        allowed=("true", "false"),
    ),
)
"""Columns may be added at the end, never moved or renamed."""

NO_MERGES: Mapping[UUID, UUID] = {}
ARTICLES = 100
"""Articles that are read at once."""
ROWS, LINES = 200, 100
"""Rows that the driver hands over at once, and lines that are given away at once: between them saves may pass."""
LETTERS = 500_000
"""And of those as many as have, together, so many letters to be judged; each counts for every analyst."""
DISTINCT = 20_000
"""Answers whose cells are kept in case the same is said again."""


def parts(
    project_id: int,
    shown: ColumnElement[bool],
    *,
    only_own: bool = False,
    unanswered: bool = False,
    guard: bool = False,
    links: Select[AttributionLink] | None = None,
    reads_all: bool = False,
    merges: Mapping[UUID, UUID] = NO_MERGES,
    hidden: ColumnElement[bool] | None = None,
) -> Iterator[str]:
    """Lines of `COLUMNS` as CSV, several at a time, read in one transaction on its own connection.

    `shown` is a condition on Assignment (`visibility.answers_shown_to`); `only_own` leaves out the ids that
    would tell how much others have done; `unanswered` adds a row for each sentence that an analyst was given
    and has not answered; `guard` keeps spreadsheets from taking cells for formulas. `links` are those of the same
    answers (`visibility.links_visible_to`), of everybody's where `reads_all` says so; `merges` are what the reader may
    know of entries that are one. `hidden` are mentions of claims that make no note for the reader
    (`visibility.is_old_mention`).
    """
    of_project = (Article.project_id == project_id, Article.is_live)
    with read_connection() as connection:
        with_chains = set(connection.scalars(_WITH_CHAINS)) if links is not None and reads_all else None
        writer = _Writer(connection, only_own, unanswered, Cells(guard=guard), links, with_chains, merges, hidden)
        ids = connection.scalars(select(Article.id).where(*of_project).order_by(Article.id)).all()
        for at in range(0, len(ids), ARTICLES):
            wanted = _WORK.where(Article.id.in_(ids[at : at + ARTICLES]), is_held(), shown)
            for block in _blocks(connection.execute(wanted)):
                lines = writer.lines(block)
                while piece := "".join(islice(lines, LINES)):
                    yield piece


def _blocks(work: Iterable[Any]) -> Iterator[list[list[Any]]]:
    """Rows of `_WORK`, a list for each article, in blocks so small that their answers fit into memory."""
    block: list[list[Any]] = []
    letters = 0
    for _, rows in groupby(work, key=itemgetter(0)):
        handed_out = list(rows)
        letters += len(handed_out) * len(handed_out[0].text)
        if block and letters > LETTERS:
            yield block
            block, letters = [], len(handed_out) * len(handed_out[0].text)
        block.append(handed_out)
    if block:
        yield block


_NO_CELL_OF_THEIRS = ("tag", "rating_id", "note", "active_seconds")
_ANSWER_VALUES = ["tag", *(name for name in ANSWER_FIELDS if name not in _NO_CELL_OF_THEIRS)]


@dataclass(frozen=True, slots=True)
class _Work:
    """A piece of work on an article, as its lines tell it."""

    id: int
    analyst_id: int
    key: str
    coder: str
    about: str
    """The cells from `submitted_at` to `assignment_key`."""


class _Writer:
    """Writes the lines of one article after the other.

    What several lines share is written once: the cells of a sentence, of a piece of work, and of an answer that was
    given before.
    """

    def __init__(
        self,
        connection: Connection,
        only_own: bool,
        unanswered: bool,
        cells: Cells,
        links: Select[AttributionLink] | None,
        with_chains: set[int] | None,
        merges: Mapping[UUID, UUID],
        hidden: ColumnElement[bool] | None,
    ) -> None:
        self._connection = connection
        self._only_own = only_own
        self._unanswered = unanswered
        self._cells = cells
        self._links = links
        self._merged = {dashed(source_id): dashed(root_of(source_id, merges)) for source_id in merges}
        self._written: dict[tuple[Any, ...], tuple[str, str]] = {}
        self._no_answer = cells(NO_ANSWER)
        books = connection.execute(select(Codebook.id, Codebook.version))
        self._codebooks = {codebook_id: cells.one(version) for codebook_id, version in books}
        self._with_chains = with_chains
        self._notes_seen = _NOTES if hidden is None else _NOTES.where(~hidden)
        self._with_notes = set(connection.scalars(_WITH_NOTES))

    def lines(self, block: list[list[Any]]) -> Iterator[str]:
        """The lines of some articles: of each what was handed out (rows of `_WORK`)."""
        ids = {"ids": [handed_out[0].article_id for handed_out in block]}
        by_article = groupby(self._rows(_SENTENCES, ids), key=itemgetter(0))
        sentences = {article_id: list(rows) for article_id, rows in by_article}
        answers = {said[:2]: said for said in self._rows(_ANSWERS, ids)}
        chains = self._chains(ids["ids"])
        amended = self._amended(ids)
        for handed_out in block:
            give_way()
            yield from self._of_article(
                handed_out, sentences.get(handed_out[0].article_id, []), answers, chains, amended
            )

    def _rows(self, statement: Select[*tuple[Any, ...]], values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
        """Rows as the driver gives them: SQLAlchemy's, which have names, take a fifth of the time of the whole."""
        result = self._connection.execute(statement, values)
        rows: list[tuple[Any, ...]] = []
        while some := result.cursor.fetchmany(ROWS):
            rows += some
            give_way()
        result.close()
        return rows

    def _of_article(
        self,
        handed_out: list[Any],
        sentences: list[tuple[Any, ...]],
        answers: dict[tuple[Any, ...], tuple[Any, ...]],
        chains: dict[tuple[int, str], str],
        amended: dict[int, list[Any]],
    ) -> Iterator[str]:
        article_id, number, title, outlet, published, project, text, text_sha256, *_ = handed_out[0]
        about = self._cells([project, str(number), title or "", outlet or "", published or ""])
        given = [self._work(row) for row in sorted(handed_out, key=_IN_ORDER)]
        moments = amended.get(article_id, [])
        notes = self._notes(article_id) if article_id in self._with_notes else {}
        for index, (_, sentence_id, number, start, end, paragraph, added_in, is_excluded) in enumerate(
            sentences, start=1
        ):
            place, excluded = "", "true" if is_excluded else "false"
            for work in given:
                said = answers.get((sentence_id, work.id))
                if not ((self._unanswered and not is_excluded) or (said and said[_TAG])):
                    continue
                if not place:
                    words = self._cells.one(text[start:end])
                    place = f"{about},{number},{index},{paragraph},{start},{end},{words},{text_sha256},{added_in}"
                note = notes.get((sentence_id, work.analyst_id), _NO_NOTE)
                if said and said[_TAG]:
                    line = self._line(said, work, place, note, chains.get((sentence_id, work.key), ""))
                    yield f"{line},{AS_IMPORTED + bisect_right(moments, said[_CREATED])},{excluded}\r\n"
                else:
                    first = moment(said[_FIRST_CREATED]) if said else ""
                    yield (
                        f",{place},{work.coder},{self._no_answer},{note},,,,,,{first},,{work.about},,,,{excluded}\r\n"
                    )

    def _line(self, said: tuple[Any, ...], work: _Work, place: str, note: str, chain: str) -> str:
        _, _, number, is_blind, at, first_at, codebook_id, seconds, words, tag, *_ = said
        # The count of annotations would tell a blind analyst how much the others have done.
        number = "" if self._only_own else number
        answer, source = self._answer(said)
        created_at = moment(at)
        first_created_at = created_at if first_at == at else moment(first_at)
        return (
            f"{number},{place},{work.coder},{answer},{note},{self._cells.one(words) if words else ''},"
            f"{'true' if is_blind else 'false'},,{self._codebooks[codebook_id]},{'' if seconds is None else seconds},"
            f"{first_created_at},{created_at},{work.about},{source},{chain if tag == ATTRIBUTION else ''}"
        )

    def _answer(self, said: tuple[Any, ...]) -> tuple[str, str]:
        """The cells of an answer, and the one of the entry that stands for its source."""
        values = said[_TAG:]
        if (written := self._written.get(values)) is None:
            if len(self._written) == DISTINCT:
                self._written.clear()
            cells = answer_cells(_Values(*values))
            source = cells[_SOURCE_ID]
            written = self._written[values] = self._cells(cells), self._merged.get(source, source)
        return written

    def _work(self, row: tuple[Any, ...]) -> _Work:
        id_, analyst_id, key, submitted_at, coder, round_name, number_of_pass = row[_FIRST_OF_WORK:]
        about = [moment(submitted_at), __version__, round_name, str(number_of_pass), dashed(key)]
        return _Work(id_, analyst_id, key, self._cells.one(coder), self._cells(about))

    def _notes(self, article_id: int) -> dict[tuple[int, int], str]:
        """The cells of the newest note of each analyst on each sentence."""
        rows = self._connection.execute(self._notes_seen, {"article_id": article_id})
        return {
            (sentence_id, author_id): self._cells([status, claim, note or "", _count(supporting), _count(refuting)])
            for sentence_id, author_id, status, claim, note, supporting, refuting in rows
        }

    def _amended(self, ids: dict[str, Any]) -> dict[int, list[Any]]:
        """When the descriptions of articles were amended, of those that were."""
        found: dict[int, list[Any]] = {}
        for article_id, at in self._rows(_AMENDED, ids):
            found.setdefault(article_id, []).append(at)
        return found

    def _chains(self, article_ids: Sequence[int]) -> dict[tuple[int, str], str]:
        """The cells of the chains of articles' answers, by the sentence and the key of the piece of work.

        Asked whether there are any or not, but of a reader of everything: that somebody else's answer has one tells.
        """
        some = [id_ for id_ in article_ids if self._with_chains is None or id_ in self._with_chains]
        if self._links is None or not some:
            return {}
        in_articles = (
            self._links.where(Article.id.in_(some))
            .with_only_columns(*_LINK_COLUMNS, maintain_column_froms=True)
            .order_by(AttributionLink.annotation_id, AttributionLink.position)
        )
        by_answer = groupby(self._connection.execute(in_articles), key=itemgetter(0, 1))
        return {key: self._cells.one(compact_json([_link(row) for row in rows])) for key, rows in by_answer}


_Values = namedtuple("_Values", _ANSWER_VALUES)  # type: ignore[misc]  # its names are those of an answer's fields
_NO_NOTE = ",,,,"
_CREATED, _FIRST_CREATED, _TAG = 4, 5, 9
"""Where they stand in a row of `_ANSWERS`."""
ATTRIBUTION = Tag.ATTRIBUTION.value
_SOURCE_ID = [column.name for column in ANSWER_COLUMNS].index("source_id")


_WITH_CHAINS = (
    select(Sentence.article_id)
    .select_from(AttributionLink)
    .join(Annotation, Annotation.id == AttributionLink.annotation_id)
    .join(Sentence, Sentence.id == Annotation.sentence_id)
    .where(AttributionLink.position == 1)
    .distinct()
)


def _link(row: Any) -> dict[str, str]:
    told = {name: getattr(row, name) for name in LINK_FIELDS} | {"source_id": dashed(row.source_id)}
    return {name: value for name, value in told.items() if value}


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _words(column: Any) -> Any:
    """The column as the words it is stored by: making a term of each cell would take most of the time."""
    return type_coerce(column, Text).label(column.key)


_OF_ARTICLE: list[Any] = [
    Article.id.label("article_id"),
    func.coalesce(Article.number, Article.id).label("number"),
    Article.title,
    Article.outlet,
    Article.published,
    Project.name.label("project"),
    Article.text,
    Article.text_sha256,
]
_FIRST_OF_WORK = len(_OF_ARTICLE)
_WORK = (
    # What was handed out, with its article, in the order of articles.
    select(
        *_OF_ARTICLE,
        Assignment.id,
        Assignment.analyst_id,
        _words(Assignment.key),
        _words(Assignment.submitted_at),
        Membership.coder_code,
        Round.name,
        Assignment.pass_,
    )
    .select_from(Article)
    .join(Assignment, Assignment.article_id == Article.id)
    .join(Project, Project.id == Article.project_id)
    .join(Round, Round.id == Assignment.round_id)
    .join(
        Membership,
        and_(Membership.project_id == Article.project_id, Membership.user_id == Assignment.analyst_id),
    )
    .order_by(Article.id)
)
_IN_ORDER = itemgetter(-3, -2, -1)
"""Coder, round, pass."""

_FIRST = aliased(Annotation, name="first")
_FIRST_CREATED_AT = (
    select(_FIRST.created_at)
    .where(
        _FIRST.assignment_id == Annotation.assignment_id,
        _FIRST.sentence_id == Annotation.sentence_id,
        _FIRST.version == 1,
    )
    .correlate(Annotation)
    .scalar_subquery()
)
_IN_BLOCK = (Sentence.article_id.in_(bindparam("ids", expanding=True)), Sentence.is_live)
_SENTENCES = (
    select(
        Sentence.article_id,
        Sentence.id,
        func.coalesce(Sentence.number, Sentence.id),
        Sentence.start,
        Sentence.end,
        Sentence.paragraph,
        Sentence.added_in,
        Sentence.is_excluded,
    )
    .where(*_IN_BLOCK)
    .order_by(Sentence.article_id, Sentence.start)
)

_AMENDED = (
    select(DescriptionRevision.article_id, _words(DescriptionRevision.created_at))
    .where(
        DescriptionRevision.article_id.in_(bindparam("ids", expanding=True)), DescriptionRevision.version > AS_IMPORTED
    )
    .order_by(DescriptionRevision.article_id, DescriptionRevision.created_at)
)

_ANSWERS = (
    # Whoever's current answers to those sentences.
    select(
        Annotation.sentence_id,
        Annotation.assignment_id,
        func.coalesce(Annotation.number, Annotation.id).label("number"),
        Annotation.is_blind,
        _words(Annotation.created_at),
        type_coerce(case((Annotation.version == 1, Annotation.created_at), else_=_FIRST_CREATED_AT), Text).label(
            "first_created_at"
        ),
        Annotation.codebook_id,
        Annotation.active_seconds,
        Annotation.note,
        *(
            _words(getattr(Annotation, name)) if name in ("tag", "source_id", *TERMS) else getattr(Annotation, name)
            for name in _ANSWER_VALUES
        ),
    )
    .join(Sentence, Sentence.id == Annotation.sentence_id)
    .where(Annotation.is_current, *_IN_BLOCK)
)

_LINK_COLUMNS: list[Any] = [
    Annotation.sentence_id,
    _words(Assignment.key),
    *(_words(getattr(AttributionLink, name)) for name in LINK_FIELDS),
]

_NOTED = (
    # Where an analyst's note tells of a claim that is mentioned in a sentence, the oldest note first.
    select(
        ClaimMention.sentence_id,
        Assessment.author_id,
        _words(Assessment.status),
        Assessment.claim,
        Assessment.note,
        Assessment.independent_supporting,
        Assessment.independent_refuting,
    )
    .join(Assessment, Assessment.claim_id == ClaimMention.claim_id)
    .join(Claim, Claim.id == ClaimMention.claim_id)
    .join(Sentence, Sentence.id == ClaimMention.sentence_id)
    .where(
        ClaimMention.is_current,
        ClaimMention.withdrawn_why.is_(None),
        Assessment.is_current,
        visibility.makes_a_note(),
    )
)
_WITH_NOTES = _NOTED.with_only_columns(Sentence.article_id, maintain_column_froms=True).distinct()
_NOTES = _NOTED.where(Sentence.article_id == bindparam("article_id")).order_by(Assessment.id)
