"""Long work: queued in a table, taken by a worker process under a lease, taken again when that worker died."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Select, bindparam, insert, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp import faults
from webapp.db import db, db_write, now
from webapp.domain.errors import Cancelled, Unavailable
from webapp.models import Job, JobItem, JobItemState, JobState, Project, Via
from webapp.prepared import Prepared
from webapp.reruns import again

log = logging.getLogger(__name__)
repeated = faults.Repeated()

LEASE = timedelta(seconds=60)
LONGEST_PAUSE = 5
"""Seconds until a database that could not be used is tried again."""
PAUSE_BETWEEN_COMMITS = 0.002
"""Seconds in which the server's own writes get through."""
SHARE = 2
"""Times as long as it has held the writer, a worker lets others have it while they write."""

Work = Callable[[int], None]
"""Does a job, by its id; called again with the same id after a crash, it goes on where it was."""

_work: dict[str, Work] = {}


def register(name: str, work: Work) -> None:
    """Tell which action does the jobs of that name."""
    _work[name] = work


Item = tuple[str, bytes, dict[str, Any]]
"""What a job has to deal with: its name, its content, and what else must be known of it."""

BATCH = 100


def enqueue(
    name: str,
    project: Project,
    user_id: int,
    via: Via,
    items: Iterable[Item],
    *,
    state: JobState = JobState.QUEUED,
    options: Mapping[str, Any] | None = None,
) -> Job:
    """A new job with its items, numbered from 1. RUNNING: the caller does the work itself.

    Large imports are written in several transactions, so that the desk is never kept waiting; until the
    last one the job is a draft, which no worker takes.
    """
    # Each transaction is run again by itself: a view run again from its start would make a second job.
    job = again(_draft, name, project.id, user_id, {"via": via.value, **(options or {})})
    total = 0
    for batch in _batches(items):
        total += again(_add_batch, job.id, batch, total)
    again(_complete, job, total, state)
    return job


def _draft(name: str, project_id: int, user_id: int, options: dict[str, Any]) -> Job:
    with db_write() as session:
        job = Job(name=name, project_id=project_id, user_id=user_id, state=JobState.DRAFT, options=options)
        session.add(job)
    return job


def _add_batch(job_id: int, batch: list[Item], after: int) -> int:
    with db_write() as session:
        items = ({"name": name, "content": content, "options": options} for name, content, options in batch)
        return add_items(session, job_id, items, after)


def _complete(job: Job, total: int, state: JobState) -> None:
    with db_write():
        job.total, job.state = total, state
        job.lease = now() + LEASE if state is JobState.RUNNING else None


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    items = iter(items)
    while batch := list(islice(items, BATCH)):
        yield batch


def add_items(session: Session, job_id: int, items: Iterable[Mapping[str, Any]], after: int) -> int:
    """Put items, given by the columns of JobItem, behind number `after`; returns how many."""
    anew: dict[str, Any] = {"job_id": job_id, "content": None, "options": {}, "state": JobItemState.WAITING}
    anew |= {"article_id": None, "fault": None}
    rows = [anew | {"number": number, **item} for number, item in enumerate(items, start=after + 1)]
    _ADD_ITEM.run_many(session.connection(), rows)
    return len(rows)


_GIVEN = [column.key for column in JobItem.__table__.c if not column.primary_key]
_ADD_ITEM = Prepared(insert(JobItem).inline().values({name: bindparam(name) for name in _GIVEN}))


def _next() -> Select[int]:
    """The oldest job that waits, or whose worker's lease ran out."""
    # A lease that lies further ahead than any is given was written before the clock was set back.
    ran_out = or_(Job.lease < now(), Job.lease > now() + 2 * LEASE)
    waits = or_(Job.state == JobState.QUEUED, (Job.state == JobState.RUNNING) & ran_out)
    return select(Job.id).where(waits).order_by(Job.id).limit(1)


def is_waiting() -> bool:
    """Whether there is work for a worker; not while the database cannot be read."""
    try:
        return db.session.scalar(_next()) is not None
    except (Unavailable, SQLAlchemyError, OSError):
        return False
    finally:
        db.session.remove()


def claim() -> int | None:
    """Take the next job; its id, or None when there is none."""
    waiting = _next()
    if db.session.scalar(waiting) is None:
        return None  # looked up without a write: an idle worker must not disturb the desk
    with db_write() as session:
        return session.scalar(
            update(Job)
            .where(Job.id == waiting.with_for_update(skip_locked=True).scalar_subquery())
            .values(state=JobState.RUNNING, lease=now() + LEASE)
            .returning(Job.id)
        )


def advance(session: Session, job_id: int, done: int) -> None:
    """Count progress and renew the lease, within the transaction of the work itself."""
    _ADVANCE.run(session.connection(), job=job_id, more=done, until=now() + LEASE)


_ADVANCE = Prepared(
    update(Job)
    .where(Job.id == bindparam("job"))
    .values(done=Job.done + bindparam("more"), lease=bindparam("until", type_=Job.lease.type))
)


class Turns:
    """Takes turns with whoever else writes: of several transactions of a worker, each leaves room behind it.

    SQLite has one writer, and whoever waits for it looks now and then whether it is free. It tells on a connection
    whether others have written since, in whichever process; while nobody does, no room is needed.
    """

    def __init__(self) -> None:
        self.share = 1.0
        """Of the most that may be dealt with in a transaction: less while those before held the writer for long."""
        self._seen: tuple[int, int] | None = None
        self._others_wrote = False
        self._others_until = 0.0
        """Until when they are taken to go on writing."""
        self._began = 0.0

    def begin(self, session: Session) -> None:
        """As the first statement of such a transaction."""
        self._began = time.monotonic()
        if db.engine.dialect.name == "sqlite":
            connection = session.connection()
            version = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
            seen = (id(connection.connection.driver_connection), version)
            if self._seen and seen != self._seen:
                self._others_until = self._began + STILL_THERE
            self._others_wrote, self._seen = seen != self._seen, seen

    def leave_room(self) -> None:
        """Behind its commit."""
        held = time.monotonic() - self._began
        if db.engine.dialect.name == "sqlite":  # elsewhere nobody waits for it
            aim = AIM_BESIDE_OTHERS if self._began < self._others_until else AIM
            more = min(1.25, max(0.5, aim / max(held, 0.001)))
            self.share = min(1.0, max(LEAST_SHARE, self.share * more))
        time.sleep(max(PAUSE_BETWEEN_COMMITS, min(SHARE * held, LONGEST_ROOM) if self._others_wrote else 0))


LONGEST_ROOM = 0.5
AIM, AIM_BESIDE_OTHERS = 0.025, 0.008
"""Seconds that a transaction is to hold the writer: whoever writes now and then waits for one, whoever writes all the
time for many.
"""
STILL_THERE = 5
"""Seconds for which somebody who has written is taken to write again."""
LEAST_SHARE = 1 / 8
"""How much is dealt with at least: with less, most of the time would go into transactions, just where the machine is
busy.
"""


def end(job_id: int, fault: str | None = None) -> None:
    with db_write() as session:
        state = JobState.FAILED if fault else JobState.DONE
        session.execute(
            update(Job).where(Job.id == job_id).values(state=state, fault=fault, lease=None, ended_at=now())
        )


def work_on(job_id: int) -> None:
    """Do one claimed job to its end."""
    job = db.session.get_one(Job, job_id)
    begun = time.monotonic()
    log.info("Job %s (%s): begun, %s items", job_id, job.name, job.total)
    try:
        _work[job.name](job_id)
    except Cancelled as stopped:
        db.session.rollback()
        again(end, job_id, str(stopped))
        log.info("Job %s: cancelled", job_id)
    except Exception as error:
        if faults.unavailable(error):
            raise  # not the job's fault: it goes on when its lease has run out
        # A job that cannot be done must end: taken again and again it would keep every other one waiting.
        log.exception("Job %s failed", job_id)
        db.session.rollback()
        again(end, job_id, "Something broke on our side; what came in before is kept. The log of the server says more.")
    else:
        again(end, job_id)
        log.info("Job %s: done in %.1f s", job_id, time.monotonic() - begun)


def work_forever(
    stopped: Callable[[], bool],
    *,
    idle: float = 0.5,
    between: Callable[[], None] | None = None,
    longest_idle: float | None = None,
) -> None:
    """Take job after job until told to stop, or until none has come for `longest_idle` seconds.

    `between`: what to do while none waits.
    """
    quiet_since = time.monotonic()
    while not stopped():
        try:
            job_id = again(claim)
            db.session.remove()
            if job_id is not None:
                work_on(job_id)
            elif between:
                between()
        except (Unavailable, SQLAlchemyError, OSError) as error:
            _wait_out(error)
            continue
        if job_id is not None:
            quiet_since = time.monotonic()
            continue
        if longest_idle is not None and time.monotonic() - quiet_since >= longest_idle:
            return
        time.sleep(idle)


def _wait_out(error: Exception) -> None:
    """A database or disk that cannot be used now is tried again; anything else is raised."""
    fault = faults.unavailable(error)
    if fault is None:
        raise error
    if repeated.is_news(str(fault)):
        log.warning("The worker waits: %s", fault)
    db.session.remove()
    time.sleep(min(fault.retry_after, LONGEST_PAUSE))
