"""Many articles come in as a job: each file or row is an item, dealt with once, whatever dies in between."""

import io
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice, takewhile
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session, undefer

from webapp import jobs
from webapp.articles import queries
from webapp.articles.actions.drafts import (
    FoldedArticle,
    ReadyArticle,
    Values,
    folded_article,
    insert_articles,
    live_articles_of,
    ready_articles,
    refuse_twice,
    sentences_in,
    values_of_row,
    values_of_upload,
)
from webapp.db import db, db_write
from webapp.domain.errors import BadArticle, DomainError, DoubtfulEncoding
from webapp.domain.intake import formats
from webapp.domain.intake.description import Description
from webapp.domain.intake.table import BadRow, articles_in, count_rows
from webapp.domain.plain_text import storable
from webapp.models import SHELL, Actor, Job, JobItem, JobItemState, JobState, Project, User, Via
from webapp.prepared import Prepared
from webapp.reruns import again

log = logging.getLogger(__name__)

IMPORT = "import articles"
MOST_ITEMS, MOST_SENTENCES, LARGEST_BATCH = 64, 1_600, 2_500_000
"""Items, their sentences and the bytes of their uploads in a transaction: fewer cost a disk sync each, more keep the
desk waiting. The item that reaches one of them is the last."""
FILES_AT_ONCE = 24
"""Items that are read from the job at a time, with what was uploaded."""

Report = Callable[[str, int | None, str], None]
"""Told of each item: its name, the article it became (or None), and how many sentences or what is wrong."""


def start_import(project: Project, by: Actor, uploads: Iterable[tuple[str, bytes]]) -> Job:
    """A job over these files (name, content). It waits as a draft while a table's columns are to be explained."""
    items = [(storable(name), content, {"media_type": formats.media_type_of(name)}) for name, content in uploads]
    if not items:
        raise BadArticle("Choose the files to import.")
    has_table = any(options["media_type"] in formats.TABLES for _, _, options in items)
    return jobs.enqueue(
        IMPORT, project, by.user_id, by.via, items, state=JobState.DRAFT if has_table else JobState.QUEUED
    )


def import_files(
    project: Project,
    owner: User,
    uploads: Iterable[tuple[str, bytes]],
    report: Report,
    otherwise: str | None = None,
) -> Job:
    """The same job, which the shell does here and now for the owner; columns are taken for what their names say.

    `otherwise` is the encoding of files that do not say their own.
    """
    known = {"otherwise": otherwise} if otherwise else {}
    items = (
        (storable(name), content, {"media_type": formats.media_type_of(name), **known}) for name, content in uploads
    )
    job = jobs.enqueue(IMPORT, project, owner.id, SHELL.via, items, state=JobState.RUNNING)
    run_import(job.id, report)
    again(jobs.end, job.id)
    return job


def map_columns(
    job: Job, mappings: dict[int, dict[str, str]], encodings: Mapping[int, str] = MappingProxyType({})
) -> None:
    """Say what the columns of each table mean (item id → field → column) and its encoding; queue the job.

    Raises BadTable; DoubtfulEncoding for a table whose encoding is not certain and was not chosen.
    """
    items = table_items(job)
    for item in items:
        content, mapping = io.BytesIO(item.content or b""), mappings.get(item.id, {})
        next(articles_in(content, mapping, encodings.get(item.id)), None)  # refused early
    with db_write():
        for item in items:
            chosen = {"mapping": mappings.get(item.id, {}), "encoding": encodings.get(item.id)}
            item.options = item.options | chosen
        job.state = JobState.QUEUED


def read_again(job: Job, encodings: Mapping[str, str]) -> int:
    """Queue what is to be looked at once more, each in the encoding chosen for its guess; returns how many."""
    with db_write() as session:
        items = [item for item in queries.items_to_look_at(job) if item.options["guess"] in encodings]
        for item in items:
            item.options = item.options | {"encoding": encodings[item.options["guess"]]}
            item.state, item.fault = JobItemState.WAITING, None
        if items:
            job.state, job.done, job.ended_at = JobState.QUEUED, job.done - len(items), None
            session.flush()
    return len(items)


def leave_out(job: Job) -> int:
    """Give up what is to be looked at; the uploads are dropped."""
    with db_write():
        items = queries.items_to_look_at(job)
        for item in items:
            item.content, item.fault = None, "Left out, because its encoding is not certain."
    return len(items)


def table_items(job: Job) -> list[JobItem]:
    """The tables among the items that wait, their content loaded."""
    query = select(JobItem).options(undefer(JobItem.content)).where(JobItem.job_id == job.id)
    waiting = db.session.scalars(query.where(JobItem.state == JobItemState.WAITING).order_by(JobItem.number))
    return [item for item in waiting if item.options.get("media_type") in formats.TABLES]


# ---- the work


A = TypeVar("A", FoldedArticle, ReadyArticle)


@dataclass(frozen=True)
class ParsedItem(Generic[A]):
    """An item read and split, or why it cannot be; made outside of any transaction."""

    item_id: int | None
    """None for a row of a table, which becomes an item when it is dealt with."""
    name: str
    article: A | None = None
    fault: str | None = None
    to_look_at: dict[str, Any] | None = None
    """Its options with the likeliest encoding and the doubt, where a person has to choose."""


@dataclass(frozen=True)
class _Import:
    """What articles of a job are imported for: where they go to, and in whose name."""

    job_id: int
    project_id: int
    language: str | None
    """Of its articles, where the project says one."""
    user_id: int
    by: Actor
    turns: jobs.Turns


Told = tuple[str, int | None, str]
"""What is reported of an item: its name, the article it became (or None), and how many sentences or what is wrong."""


def run_import(job_id: int, report: Report = lambda *_: None) -> None:
    """Deal with every item that waits; safe to call again after a crash, and beside another worker."""
    job = db.session.get_one(Job, job_id)
    wanted = _Import(job_id, job.project_id, job.project.language, job.user_id, _whoever_asked(job), jobs.Turns())
    while waiting := _waiting(job_id):
        files = list(takewhile(lambda item: not _is_table(item), waiting))  # in the order in which they were given
        for told in _import_files(wanted, files) if files else _import_table(wanted, waiting[0]):
            report(*told)


def _is_table(item: JobItem) -> bool:
    return item.options.get("media_type") in formats.TABLES


def _waiting(job_id: int) -> list[JobItem]:
    query = select(JobItem).options(undefer(JobItem.content))
    first = query.where(JobItem.job_id == job_id, JobItem.state == JobItemState.WAITING).order_by(JobItem.number)
    return list(db.session.scalars(first.limit(FILES_AT_ONCE)))


# ---- files, each an article


def _import_files(wanted: _Import, waiting: list[JobItem]) -> Iterator[Told]:
    for item in waiting:
        db.session.expunge(item)  # its content need not stay in memory
    files = _ready(_parsed(item, wanted.language) for item in waiting)
    while batch := _batch(files, wanted.turns.share)[0]:
        yield from again(_write_files, wanted, batch)
        wanted.turns.leave_room()


def _ready(parsed: Iterator[ParsedItem[FoldedArticle]]) -> Iterator[ParsedItem[ReadyArticle]]:
    """The items as they are written: made ready as many at a time as a transaction may hold, however few it will.

    Raises DomainError behind the last, as reading them does.
    """
    refused = None
    while refused is None:
        batch, refused = _batch(parsed)
        if not batch:
            break
        ready = iter(ready_articles([one.article for one in batch if one.article]))
        for one in batch:
            yield ParsedItem(one.item_id, one.name, next(ready) if one.article else None, one.fault, one.to_look_at)
    if refused is not None:
        raise refused


def _batch(parsed: Iterator[ParsedItem[A]], share: float = 1) -> tuple[list[ParsedItem[A]], DomainError | None]:
    """The next items, so many that they are written within moments: this share of the most. And what is wrong with
    whatever is behind them.
    """
    batch, sentences, size = [], 0, 0
    try:
        for one in parsed:
            batch.append(one)
            sentences += len(one.article.spans) if one.article else 0
            size += len(one.article.values["original"]) if one.article else 0
            if max(len(batch) / MOST_ITEMS, sentences / MOST_SENTENCES, size / LARGEST_BATCH) >= share:
                break
    except DomainError as refused:
        return batch, refused
    return batch, None


def _parsed(item: JobItem, language: str | None) -> ParsedItem[FoldedArticle]:
    content, options = item.content or b"", item.options
    try:
        return _split(item.id, item.name, language, lambda: _values(item.name, content, options))
    except DoubtfulEncoding as unsure:
        return ParsedItem(item.id, item.name, fault=str(unsure), to_look_at=options | _unsure(unsure))


def _split(
    item_id: int | None, name: str, language: str | None, read: Callable[[], Values]
) -> ParsedItem[FoldedArticle]:
    """The item with its article, or with its fault. Raises DoubtfulEncoding."""
    try:
        values = read()
        return ParsedItem(item_id, name, folded_article(values, sentences_in(values["text"], language)))
    except DoubtfulEncoding:
        raise
    except DomainError as refused:
        return ParsedItem(item_id, name, fault=storable(str(refused)))
    except Exception:
        # One file that trips a parser must not stop the thousand behind it; it is named, and the log has the rest.
        log.exception("%s could not be read", name)
        return ParsedItem(item_id, name, fault="It could not be read; save it anew as plain text, please.")


def _unsure(unsure: DoubtfulEncoding) -> dict[str, str]:
    return {"guess": unsure.guess, "doubt": unsure.doubt}


def _values(name: str, content: bytes, options: dict[str, Any]) -> Values:
    if "fault" in options:
        raise BadArticle(options["fault"])
    if "row" in options:  # put there by a version that made an item of each row before it was dealt with
        return values_of_row(content.decode(), Description(**options["row"]))
    if options.get("media_type") is None:
        known = ", ".join(sorted(formats.BY_ENDING))
        raise BadArticle(f"Its name ends in none of {known}, so it is not known what kind of file it is.")
    return values_of_upload(content, name, Description(), options.get("encoding"), otherwise=options.get("otherwise"))


# ---- tables, each row an article


def _import_table(wanted: _Import, table: JobItem) -> Iterator[Told]:
    """Import a table's rows, a batch a transaction.

    How many rows are dealt with stands in the job, so that after a crash none comes twice. It does not stand in the
    item: SQLite writes a row anew, with the whole upload, for each change of it.
    """
    db.session.expunge(table)
    done = again(_begin_table, wanted.job_id, table)
    rows, refused = _ready(islice(_rows(table, wanted.language), done, None)), None
    while refused is None:
        batch, refused = _batch(rows, wanted.turns.share)
        if not batch:
            break
        told = again(_write_rows, wanted, table.id, done, batch)
        if told is None:
            return  # another worker was faster
        yield from told
        done += len(batch)
        wanted.turns.leave_room()
    if again(_end_table, wanted.job_id, table, done, refused) and refused is not None:
        yield table.name, None, storable(str(refused))


def _count_rows(table: JobItem) -> int:
    return count_rows(io.BytesIO(table.content or b""), table.options.get("encoding"), table.options.get("otherwise"))


def _rows(table: JobItem, language: str | None) -> Iterator[ParsedItem[FoldedArticle]]:
    """The rows of a table, read and split; a bad one says what is wrong with it. Raises DomainError."""
    chosen = (table.options.get(name) for name in ("mapping", "encoding", "otherwise"))
    for row in articles_in(io.BytesIO(table.content or b""), *chosen):
        name = f"{table.name}, line {row.line}"
        if isinstance(row, BadRow):
            yield ParsedItem(None, name, fault=storable(row.why))
        else:
            yield _split(None, name, language, partial(values_of_row, row.text, row.description))


@dataclass(frozen=True)
class _Progress:
    """How far a job is, as its transaction finds it."""

    options: dict[str, Any]
    last_number: int
    """Of its items."""

    @property
    def rows(self) -> dict[str, int]:
        """By the ids of the tables that are dealt with, how many of their rows were."""
        rows: dict[str, int] = self.options.get("rows", {})
        return rows


def _progress(session: Session, job_id: int) -> _Progress:
    [(options, last_number)] = _PROGRESS.run(session.connection(), job=job_id)
    return _Progress(options, last_number)


_PROGRESS = Prepared(
    select(
        Job.options,
        func.coalesce(
            select(func.max(JobItem.number)).where(JobItem.job_id == bindparam("job")).scalar_subquery(), 0
        ).label("last_number"),
    ).where(Job.id == bindparam("job"))
)


def _put_rows(session: Session, job_id: int, at: _Progress, rows: dict[str, int], to_total: int = 0) -> None:
    _PUT_ROWS.run(session.connection(), job=job_id, told=at.options | {"rows": rows}, more=to_total)


_PUT_ROWS = Prepared(
    update(Job)
    .where(Job.id == bindparam("job"))
    .values(options=bindparam("told", type_=Job.options.type), total=Job.total + bindparam("more"))
)


def _begin_table(job_id: int, table: JobItem) -> int:
    """The table gives way to its rows in what the job counts; how many of them are dealt with already."""
    begun: int = table.options.get("rows", 0)  # by a version that kept it in the item
    rows = _count_rows(table)
    with db_write() as session:
        at = _progress(session, job_id)
        if str(table.id) in at.rows:
            return at.rows[str(table.id)]
        _put_rows(session, job_id, at, at.rows | {str(table.id): begun}, to_total=rows - begun - 1)
    return begun


def _write_rows(wanted: _Import, table_id: int, done: int, batch: list[ParsedItem[ReadyArticle]]) -> list[Told] | None:
    """One transaction: the next rows' articles, their items and the job's progress; None when they are not the next."""
    with db_write() as session:
        wanted.turns.begin(session)
        at = _progress(session, wanted.job_id)
        if at.rows.get(str(table_id)) != done:
            return None
        outcomes = _put_articles(session, wanted, batch)
        jobs.add_items(session, wanted.job_id, [_ended(outcome) for outcome in outcomes], after=at.last_number)
        _put_rows(session, wanted.job_id, at, at.rows | {str(table_id): done + len(batch)})
        jobs.advance(session, wanted.job_id, len(batch))
    return [outcome.told for outcome in outcomes]


def _end_table(job_id: int, table: JobItem, done: int, refused: DomainError | None) -> bool:
    """The table is dealt with; one that could not be read to its end counts as an item itself."""
    to_look_at = table.options | _unsure(refused) if isinstance(refused, DoubtfulEncoding) else None
    with db_write() as session:
        at = _progress(session, job_id)
        if at.rows.get(str(table.id)) != done:
            return False
        _settle(session, table.id, None, storable(str(refused)) if refused else None, to_look_at)
        faults = 1 if refused else 0
        others = {other: rows for other, rows in at.rows.items() if other != str(table.id)}
        _put_rows(session, job_id, at, others, to_total=faults)
        jobs.advance(session, job_id, faults)
    return True


def _whoever_asked(job: Job) -> Actor:
    via = Via(job.options.get("via", Via.SESSION))
    return SHELL if via is Via.SHELL else Actor(job.user_id, job.user.name, False, {}, via)


# ---- one transaction


def _write_files(wanted: _Import, parsed: list[ParsedItem[ReadyArticle]]) -> list[Told]:
    """One transaction: articles, the state of their items, and the job's progress belong together."""
    with db_write() as session:
        wanted.turns.begin(session)
        still = set(
            session.scalars(
                select(JobItem.id).where(
                    JobItem.id.in_([one.item_id for one in parsed]), JobItem.state == JobItemState.WAITING
                )
            )
        )  # of the others another worker was faster
        outcomes = _put_articles(session, wanted, [one for one in parsed if one.item_id in still])
        ended = [_ended(outcome) | {"item_id": outcome.of.item_id} for outcome in outcomes if not outcome.of.to_look_at]
        if ended:
            session.connection().execute(_SETTLE, ended)
        for outcome in outcomes:
            if outcome.of.item_id is not None and outcome.of.to_look_at:
                _settle(session, outcome.of.item_id, None, outcome.fault, outcome.of.to_look_at)
        jobs.advance(session, wanted.job_id, len(outcomes))
    return [outcome.told for outcome in outcomes]


@dataclass(frozen=True)
class _Outcome:
    """What became of an item."""

    of: ParsedItem[ReadyArticle]
    article_id: int | None
    fault: str | None

    @property
    def told(self) -> Told:
        return (
            self.of.name,
            self.article_id,
            self.fault or f"{len(self.of.article.spans) if self.of.article else 0:,} sentences",
        )


def _ended(outcome: _Outcome) -> dict[str, Any]:
    """What its item tells from now on; its upload is dropped."""
    state = JobItemState.FAILED if outcome.fault else JobItemState.DONE
    ended = {"name": outcome.of.name, "state": state, "article_id": outcome.article_id, "fault": outcome.fault}
    return ended | {"content": None, "options": {}}


def _put_articles(session: Session, wanted: _Import, parsed: list[ParsedItem[ReadyArticle]]) -> list[_Outcome]:
    """Put in the articles of those that were read, and whose text the project does not have; what became of each."""
    new = _new_to(session, wanted.project_id, parsed)
    articles = [one.article for one in new.values() if one.article]
    ids = insert_articles(session, wanted.project_id, wanted.user_id, wanted.by, articles)
    article_ids = dict(zip(new, ids, strict=True))
    return [_outcome(session, wanted.project_id, one, article_ids.get(place)) for place, one in enumerate(parsed)]


def _new_to(
    session: Session, project_id: int, parsed: list[ParsedItem[ReadyArticle]]
) -> dict[int, ParsedItem[ReadyArticle]]:
    """By place those that were read, and whose text neither the project has nor one before them."""
    first: dict[str, int] = {}
    for place, one in enumerate(parsed):
        if one.article:
            first.setdefault(one.article.values["text_sha256"], place)
    known = live_articles_of(session, project_id, first)
    return {place: parsed[place] for text, place in first.items() if text not in known}


def _outcome(session: Session, project_id: int, one: ParsedItem[ReadyArticle], article_id: int | None) -> _Outcome:
    fault = one.fault
    if one.article and article_id is None:
        try:
            refuse_twice(session, project_id, one.article.values["text_sha256"])
        except BadArticle as refused:
            fault = str(refused)
    return _Outcome(one, article_id, fault)


_SETTLE = update(JobItem).where(JobItem.id == bindparam("item_id"))


def _settle(
    session: Session, item_id: int, article_id: int | None, fault: str | None, to_look_at: dict[str, Any] | None = None
) -> None:
    """The outcome of an item; its upload is dropped, unless a person has yet to say how it is to be read."""
    state = JobItemState.FAILED if fault else JobItemState.DONE
    ended = {"state": state, "article_id": article_id, "fault": fault}
    rest = {"options": to_look_at} if to_look_at else {"content": None}
    session.execute(update(JobItem).where(JobItem.id == item_id).values(**ended, **rest))
