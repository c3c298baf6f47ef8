"""The long shape: one row for each sentence and analyst, read article by article, so that memory stays small."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, bindparam, func, select, type_coerce
from sqlalchemy.orm import aliased

from webapp import __version__
from webapp.db import db
from webapp.domain.answers import ANSWER_FIELDS, TERMS
from webapp.domain.chains import LINK_FIELDS
from webapp.domain.export import Column, compact_json, dashed
from webapp.domain.merges import root_of
from webapp.domain.moments import moment
from webapp.domain.terms import CorroborationStatus, Tag
from webapp.export.answers import ANSWER_COLUMNS, NO_ANSWER, answer_cells
from webapp.export.columns import ARTICLE_ID, ARTICLE_TITLE, SENTENCE_ID, SENTENCE_INDEX, SPAN
from webapp.models import (
    Annotation,
    Article,
    Assessment,
    Assignment,
    AttributionLink,
    ClaimMention,
    Codebook,
    Membership,
    Project,
    Round,
    Sentence,
    current_answer_in,
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
    Column("pass", "integer", "which time the analyst did the article in that round, from 1"),
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
)
"""Columns may be added at the end, never moved or renamed."""

First = aliased(Annotation, name="first")


NO_MERGES: Mapping[UUID, UUID] = {}


def parts(
    project_id: int,
    shown: ColumnElement[bool],
    *,
    only_own: bool = False,
    unanswered: bool = False,
    links: Select[AttributionLink] | None = None,
    merges: Mapping[UUID, UUID] = NO_MERGES,
) -> Iterator[list[list[str]]]:
    """Rows of `COLUMNS`, a list for each article, read in one transaction on its own connection.

    `shown` is a condition on Assignment (`visibility.answers_shown_to`); `only_own` leaves out the ids that
    would tell how much others have done; `unanswered` adds a row for each sentence that an analyst was given
    and has not answered. `links` are those of the same answers (`visibility.links_visible_to`), and `merges` what the
    reader may know of entries that are one.
    """
    judgements = _JUDGEMENTS.where(shown)
    roots = {source_id: dashed(root_of(source_id, merges)) for source_id in merges}
    merged = {dashed(source_id): root for source_id, root in roots.items()}
    with db.engine.connect() as connection:
        articles = connection.execute(
            select(Article.id).where(Article.project_id == project_id, Article.is_live).order_by(Article.id)
        ).scalars()
        with_chains = _articles_with_chains(connection, links)
        for article_id in articles.all():
            chains = _chains(connection, links, article_id) if article_id in with_chains else {}
            yield _article_rows(connection, judgements, article_id, only_own, unanswered, merged, chains)


def _articles_with_chains(connection: Connection, links: Select[AttributionLink] | None) -> set[int]:
    """Asked once, so that an article without a chain costs no statement more."""
    if links is None:
        return set()
    first = links.where(AttributionLink.position == 1)
    return set(connection.scalars(first.with_only_columns(Article.id, maintain_column_froms=True).distinct()))


def _chains(
    connection: Connection, links: Select[AttributionLink] | None, article_id: int
) -> dict[tuple[int, str], str]:
    """The cells of the chains of an article's answers, by the sentence and the key of the piece of work."""
    if links is None:
        return {}
    in_article = (
        links.where(Article.id == article_id)
        .with_only_columns(*_LINK_COLUMNS, maintain_column_froms=True)
        .order_by(AttributionLink.annotation_id, AttributionLink.position)
    )
    found = connection.execute(in_article)
    return {key: compact_json([_link(row) for row in rows]) for key, rows in groupby(found, key=itemgetter(0, 1))}


def _link(row: Any) -> dict[str, str]:
    told = {name: getattr(row, name) for name in LINK_FIELDS} | {"source_id": dashed(row.source_id)}
    return {name: value for name, value in told.items() if value}


def _article_rows(
    connection: Connection,
    judgements: Select[Any],
    article_id: int,
    only_own: bool,
    unanswered: bool,
    merged: Mapping[str, str],
    chains: Mapping[tuple[int, str], str],
) -> list[list[str]]:
    article = connection.execute(_ARTICLE, {"article_id": article_id}).one()
    about = [
        article.project,
        str(article.number),
        article.title or "",
        article.outlet or "",
        article.published or "",
    ]
    found = connection.execute(judgements, {"article_id": article_id})
    rows = []
    for index, (_, answers) in enumerate(groupby(found, key=itemgetter(0)), start=1):
        place: list[str] | None = None
        for row in answers:
            place = place or _place(article, row, index)
            if unanswered or row.tag is not None:
                rows.append(_row(about, place, row, only_own, merged, _chain_of(row, chains) if chains else ""))
    return rows


def _chain_of(row: Any, chains: Mapping[tuple[int, str], str]) -> str:
    return chains.get((row.sentence_id, row.assignment_key), "") if row.tag == Tag.ATTRIBUTION else ""


def _place(article: Any, row: Any, index: int) -> list[str]:
    """The cells from `sentence_id` to `segmentation_version`, the same for every analyst."""
    return [
        str(row.sentence_number),
        str(index),
        str(row.paragraph),
        str(row.start),
        str(row.end),
        article.text[row.start : row.end],
        article.text_sha256,
        str(row.added_in),
    ]


def _row(
    about: list[str], place: list[str], row: Any, only_own: bool, merged: Mapping[str, str], chain: str
) -> list[str]:
    """One long row, its cells in the order of COLUMNS."""
    answered = row.tag is not None
    said = answer_cells(row) if answered else NO_ANSWER
    source = said[_SOURCE_ID]
    return [
        # The count of annotations would tell a blind analyst how much the others have done.
        str(row.annotation_number) if answered and not only_own else "",
        *about,
        *place,
        row.coder_code,
        *said,
        row.corroboration_status or "",
        row.corroboration_claim or "",
        row.corroboration_note or "",
        _count(row.independent_supporting),
        _count(row.independent_refuting),
        (row.note or "") if answered else "",
        ("true" if row.is_blind else "false") if answered else "",
        "",
        row.codebook_version if answered else "",
        str(row.active_seconds) if answered and row.active_seconds is not None else "",
        moment(row.first_created_at),
        moment(row.updated_at) if answered else "",
        moment(row.submitted_at),
        __version__,
        row.round,
        str(row.pass_),
        dashed(row.assignment_key),
        merged.get(source, source) if source else "",
        chain,
    ]


_SOURCE_ID = [column.name for column in ANSWER_COLUMNS].index("source_id")


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


_ARTICLE = (
    select(
        Article.text,
        Article.text_sha256,
        Article.title,
        Article.outlet,
        Article.published,
        Project.name.label("project"),
        func.coalesce(Article.number, Article.id).label("number"),
    )
    .join(Project, Article.project_id == Project.id)
    .where(Article.id == bindparam("article_id"))
)

_NEWEST_NOTE = (
    select(func.max(Assessment.id))
    .where(
        Assessment.author_id == Assignment.analyst_id,
        Assessment.is_current,
        Assessment.claim_id.in_(
            select(ClaimMention.claim_id)
            .where(
                ClaimMention.sentence_id == Sentence.id,
                ClaimMention.is_current,
                ClaimMention.withdrawn_why.is_(None),
            )
            .correlate(Sentence)
        ),
    )
    .correlate(Sentence, Assignment)
    .scalar_subquery()
)


def _words(column: Any) -> Any:
    """The column as the words it is stored by: making a term of each cell would take most of the time."""
    return type_coerce(column, Text).label(column.key)


_COLUMNS: list[Any] = [
    Sentence.id.label("sentence_id"),
    Sentence.start,
    Sentence.end,
    Sentence.paragraph,
    Sentence.added_in,
    Membership.coder_code,
    type_coerce(Assignment.submitted_at, Text).label("submitted_at"),
    Round.name.label("round"),
    Assignment.pass_.label("pass_"),
    type_coerce(Assignment.key, Text).label("assignment_key"),
    func.coalesce(Sentence.number, Sentence.id).label("sentence_number"),
    func.coalesce(Annotation.number, Annotation.id).label("annotation_number"),
    Annotation.is_blind,
    type_coerce(Annotation.created_at, Text).label("updated_at"),
    *(
        _words(getattr(Annotation, name)) if name in ("tag", "source_id", *TERMS) else getattr(Annotation, name)
        for name in ANSWER_FIELDS
        if name != "rating_id"
    ),
    type_coerce(First.created_at, Text).label("first_created_at"),
    Codebook.version.label("codebook_version"),
    type_coerce(Assessment.status, Text).label("corroboration_status"),
    Assessment.claim.label("corroboration_claim"),
    Assessment.note.label("corroboration_note"),
    Assessment.independent_supporting,
    Assessment.independent_refuting,
]

_LINK_COLUMNS: list[Any] = [
    Annotation.sentence_id,
    type_coerce(Assignment.key, Text).label("assignment_key"),
    *(_words(getattr(AttributionLink, name)) for name in LINK_FIELDS),
]

_JUDGEMENTS = (
    # Each live sentence with each analyst it was handed to, and the answer, if any.
    select(*_COLUMNS)
    .join(Assignment, and_(Assignment.article_id == Sentence.article_id, is_held()))
    .join(Round, Round.id == Assignment.round_id)
    .join(Article, Article.id == Sentence.article_id)
    .join(
        Membership,
        and_(Membership.project_id == Article.project_id, Membership.user_id == Assignment.analyst_id),
    )
    .outerjoin(Annotation, current_answer_in(Assignment.id))
    .outerjoin(
        First,
        and_(
            First.sentence_id == Annotation.sentence_id,
            First.assignment_id == Annotation.assignment_id,
            First.version == 1,
        ),
    )
    .outerjoin(Codebook, Codebook.id == Annotation.codebook_id)
    .outerjoin(Assessment, Assessment.id == _NEWEST_NOTE)
    .where(Sentence.article_id == bindparam("article_id"), Sentence.is_live)
    .order_by(Sentence.start, Membership.coder_code, Round.name, Assignment.pass_)
)
