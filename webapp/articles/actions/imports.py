"""Many articles come in as a job: each file or row is an item, dealt with once, whatever dies in between."""

import io
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session, undefer

from webapp import jobs
from webapp.articles import queries
from webapp.articles.actions.drafts import (
    Values,
    insert_articles,
    refuse_twice,
    sentences_in,
    values_of_row,
    values_of_upload,
)
from webapp.db import db, db_write
from webapp.domain.errors import BadArticle, DomainError, DoubtfulEncoding
from webapp.domain.intake import formats
from webapp.domain.intake.description import Description
from webapp.domain.intake.table import BadRow, articles_in
from webapp.domain.plain_text import storable
from webapp.domain.spans import Span
from webapp.models import SHELL, Actor, Article, Job, JobItem, JobItemState, JobState, Project, User, Via
from webapp.reruns import again

log = logging.getLogger(__name__)

IMPORT = "import articles"
AT_ONCE = 64
"""Items a transaction: fewer cost a disk sync each, more keep the desk waiting."""
ROWS_AT_ONCE = 200

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


@dataclass(frozen=True)
class ParsedItem:
    """An item read and split, or why it cannot be; made outside of any transaction."""

    item_id: int
    name: str
    values: Values | None = None
    spans: tuple[Span, ...] = ()
    fault: str | None = None
    to_look_at: dict[str, Any] | None = None
    """Its options with the likeliest encoding and the doubt, where a person has to choose."""


def run_import(job_id: int, report: Report = lambda *_: None) -> None:
    """Deal with every item that waits; safe to call again after a crash, and beside another worker."""
    job = db.session.get_one(Job, job_id)
    project_id, user_id, by = job.project_id, job.user_id, _whoever_asked(job)
    while waiting := _waiting(job_id):
        table = next((item for item in waiting if item.options.get("media_type") in formats.TABLES), None)
        if table is not None:
            for name, fault in _expanded(job_id, table):
                report(name, None, fault)
            continue
        parsed = [_parsed(item) for item in waiting]
        for item in waiting:
            db.session.expunge(item)  # its content need not stay in memory
        for name, article_id, outcome in again(_written, job_id, project_id, user_id, by, parsed):
            report(name, article_id, outcome)
        time.sleep(jobs.PAUSE_BETWEEN_COMMITS)


def _expanded(job_id: int, table: JobItem) -> Iterator[tuple[str, str]]:
    """Put a table's rows behind the other items, a batch a transaction; yields its fault, if it has one.

    How many rows are there already stands in the item itself, so that after a crash none comes twice.
    """
    table_id, name, done = table.id, table.name, table.options.get("rows", 0)
    rows = islice(_rows(name, table.content or b"", table.options), done, None)
    db.session.expunge(table)
    fault, to_look_at = None, None
    while True:
        try:
            batch = list(islice(rows, ROWS_AT_ONCE))
        except DomainError as refused:
            batch, fault = [], storable(str(refused))
            if isinstance(refused, DoubtfulEncoding):
                to_look_at = table.options | _unsure(refused)
        if not again(_put_rows, job_id, table_id, done, batch, fault, to_look_at):
            return  # another worker was faster
        done += len(batch)
        if not batch:
            if fault:
                yield name, fault
            return
        time.sleep(jobs.PAUSE_BETWEEN_COMMITS)


def _put_rows(
    job_id: int,
    table_id: int,
    done: int,
    batch: list[jobs.Item],
    fault: str | None,
    to_look_at: dict[str, Any] | None,
) -> bool:
    """One transaction: the next rows, none at the end of the table; False when they are not the next any more."""
    with db_write() as session:
        item = session.get_one(JobItem, table_id)
        if item.state is not JobItemState.WAITING or item.options.get("rows", 0) != done:
            return False
        last = session.scalar(select(func.max(JobItem.number)).where(JobItem.job_id == job_id)) or 0
        added = jobs.add_items(session, job_id, batch, after=last)
        item.options = item.options | {"rows": done + added}
        session.execute(update(Job).where(Job.id == job_id).values(total=Job.total + added))
        if not batch:
            # The table has given way to its rows; one that cannot be read counts as an item itself.
            _settle(session, table_id, None, fault, to_look_at)
            gone = 0 if fault else 1
            session.execute(update(Job).where(Job.id == job_id).values(total=Job.total - gone))
        jobs.advance(session, job_id, 1 if fault else 0)
    return True


def _waiting(job_id: int) -> list[JobItem]:
    query = select(JobItem).options(undefer(JobItem.content))
    first = query.where(JobItem.job_id == job_id, JobItem.state == JobItemState.WAITING).order_by(JobItem.number)
    return list(db.session.scalars(first.limit(AT_ONCE)))


def _parsed(item: JobItem) -> ParsedItem:
    content, options = item.content or b"", item.options
    try:
        values = _values(item.name, content, options)
        return ParsedItem(item.id, item.name, values, tuple(sentences_in(values["text"])))
    except DoubtfulEncoding as unsure:
        return ParsedItem(item.id, item.name, fault=str(unsure), to_look_at=options | _unsure(unsure))
    except DomainError as refused:
        return ParsedItem(item.id, item.name, fault=storable(str(refused)))
    except Exception:
        # One file that trips a parser must not stop the thousand behind it; it is named, and the log has the rest.
        log.exception("%s could not be read", item.name)
        return ParsedItem(item.id, item.name, fault="It could not be read; save it anew as plain text, please.")


def _unsure(unsure: DoubtfulEncoding) -> dict[str, str]:
    return {"guess": unsure.guess, "doubt": unsure.doubt}


def _values(name: str, content: bytes, options: dict[str, Any]) -> Values:
    if "fault" in options:
        raise BadArticle(options["fault"])
    if "row" in options:
        return values_of_row(content, Description(**options["row"]))
    if options.get("media_type") is None:
        known = ", ".join(sorted(formats.BY_ENDING))
        raise BadArticle(f"Its name ends in none of {known}, so it is not known what kind of file it is.")
    return values_of_upload(content, name, Description(), options.get("encoding"), otherwise=options.get("otherwise"))


def _rows(name: str, content: bytes, options: dict[str, Any]) -> Iterator[jobs.Item]:
    """The rows of a table as items; a bad row becomes an item that says what is wrong with it."""
    chosen = options.get("mapping"), options.get("encoding"), options.get("otherwise")
    for row in articles_in(io.BytesIO(content), *chosen):
        called = f"{name}, line {row.line}"
        if isinstance(row, BadRow):
            yield called, b"", {"fault": storable(row.why)}
        else:
            yield called, row.text.encode(), {"row": asdict(row.description)}


def _whoever_asked(job: Job) -> Actor:
    via = Via(job.options.get("via", Via.SESSION))
    return SHELL if via is Via.SHELL else Actor(job.user_id, job.user.name, False, {}, via)


def _written(
    job_id: int, project_id: int, user_id: int, by: Actor, parsed: list[ParsedItem]
) -> list[tuple[str, int | None, str]]:
    """One transaction: articles, the state of their items, and the job's progress belong together."""
    with db_write() as session:
        still = set(
            session.scalars(
                select(JobItem.id).where(
                    JobItem.id.in_([one.item_id for one in parsed]), JobItem.state == JobItemState.WAITING
                )
            )
        )  # of the others another worker was faster
        waiting = [one for one in parsed if one.item_id in still]
        new = _new_to(session, project_id, waiting)
        ready = [(one.values, one.spans) for one in new.values() if one.values is not None]
        ids = dict(zip(new, insert_articles(session, project_id, user_id, by, ready), strict=True))
        outcomes = [_outcome(session, project_id, one, ids.get(one.item_id)) for one in waiting]
        _settle_many(session, [outcome for outcome in outcomes if outcome.to_look_at is None])
        for outcome in outcomes:
            if outcome.to_look_at is not None:
                _settle(session, outcome.item_id, None, outcome.fault, outcome.to_look_at)
        jobs.advance(session, job_id, len(outcomes))
    return [(one.name, one.article_id, one.fault or f"{one.sentences:,} sentences") for one in outcomes]


@dataclass(frozen=True)
class _Outcome:
    """What became of an item."""

    item_id: int
    name: str
    article_id: int | None
    sentences: int
    fault: str | None
    to_look_at: dict[str, Any] | None


def _new_to(session: Session, project_id: int, parsed: list[ParsedItem]) -> dict[int, ParsedItem]:
    """By item those that were read, and whose text neither the project has nor one before them."""
    read = {one.values["text_sha256"]: one for one in reversed(parsed) if one.values is not None}
    there = select(Article.text_sha256).where(
        Article.project_id == project_id, Article.text_sha256.in_(read), Article.is_live
    )
    known = set(session.scalars(there))
    first = {text: one for text, one in read.items() if text not in known}
    return {one.item_id: one for one in parsed if one.values and first.get(one.values["text_sha256"]) is one}


def _outcome(session: Session, project_id: int, one: ParsedItem, article_id: int | None) -> _Outcome:
    fault = one.fault
    if one.values is not None and article_id is None:
        try:
            refuse_twice(session, project_id, one.values["text_sha256"])
        except BadArticle as refused:
            fault = str(refused)
    return _Outcome(one.item_id, one.name, article_id, len(one.spans), fault, one.to_look_at)


def _settle_many(session: Session, outcomes: list[_Outcome]) -> None:
    """The outcomes of items; their uploads are dropped."""
    if outcomes:
        told = [
            {
                "item_id": one.item_id,
                "state": JobItemState.FAILED if one.fault else JobItemState.DONE,
                "article_id": one.article_id,
                "fault": one.fault,
                "content": None,
            }
            for one in outcomes
        ]
        session.connection().execute(_SETTLE, told)


_SETTLE = update(JobItem).where(JobItem.id == bindparam("item_id"))


def _settle(
    session: Session, item_id: int, article_id: int | None, fault: str | None, to_look_at: dict[str, Any] | None = None
) -> None:
    """The outcome of an item; its upload is dropped, unless a person has yet to say how it is to be read."""
    state = JobItemState.FAILED if fault else JobItemState.DONE
    ended = {"state": state, "article_id": article_id, "fault": fault}
    rest = {"options": to_look_at} if to_look_at else {"content": None}
    session.execute(update(JobItem).where(JobItem.id == item_id).values(**ended, **rest))
