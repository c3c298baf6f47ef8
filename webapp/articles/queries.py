"""Reads about articles and the work on them."""

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from webapp import visibility
from webapp.claim_standing import due_claims
from webapp.db import db
from webapp.domain.errors import DomainError
from webapp.domain.intake.decoding import words_in
from webapp.domain.intake.description import address_key
from webapp.domain.intake.table import Preview, columns_of
from webapp.models import (
    Actor,
    Article,
    Draft,
    Edition,
    Job,
    JobItem,
    JobItemState,
    Project,
    Role,
)


def due_by_project(reader: Actor, today: date) -> list[tuple[Project, int]]:
    """The projects in which claims are due for another look, with how many."""
    projects = [member.project for member in visibility.memberships_of(reader)]
    counts = [(project, len(due_claims(reader, project.id, today))) for project in projects]
    return [(project, count) for project, count in counts if count]


def articles_among(project: Project, ids: Collection[int]) -> list[Article]:
    """Those of these articles that are live and of the project."""
    there = select(Article).where(Article.id.in_(ids), Article.project_id == project.id, Article.is_live)
    return list(db.session.scalars(there.order_by(Article.id)))


def trashed_twin(draft: Draft) -> Article | None:
    """An article in the trash with the text of this draft: restoring it brings its answers back."""
    return db.session.scalar(
        select(Article)
        .where(
            Article.project_id == draft.project_id,
            Article.text_sha256 == draft.text_sha256,
            ~Article.is_live,
        )
        .order_by(Article.id.desc())
        .limit(1)
    )


def earlier_edition(draft: Draft) -> Article | None:
    """The newest article of the project from the address of this draft, whose text is another one."""
    key = address_key(draft.url)
    if key is None:
        return None
    return db.session.scalar(
        select(Article)
        .where(
            Article.project_id == draft.project_id,
            Article.is_live,
            Article.address_key == key,
            Article.text_sha256 != draft.text_sha256,
        )
        .order_by(Article.id.desc())
        .limit(1)
    )


def projects_to_import_into(reader: Actor) -> list[Project]:
    supervised = visibility.projects_where(reader, Role.SUPERVISOR)
    return list(db.session.scalars(select(Project).where(supervised).order_by(Project.id)))


# ---- imports


def imports_of(reader: Actor) -> list[Job]:
    """The imports that the person may see, newest first."""
    return list(
        db.session.scalars(
            visibility.jobs_visible_to(reader)
            .where(Job.total > 0)
            .options(joinedload(Job.project))
            .order_by(Job.id.desc())
            .limit(50)
        )
    )


_FAILED = JobItem.state == JobItemState.FAILED
# A person has yet to say in which encoding it is, so its upload is still there.
_TO_LOOK_AT = and_(_FAILED, JobItem.content.is_not(None))
_LOST = and_(_FAILED, JobItem.content.is_(None))


def failed_items(job: Job) -> list[JobItem]:
    """What could not be imported, in order; the first two hundred."""
    failed = select(JobItem).where(JobItem.job_id == job.id, _LOST)
    return list(db.session.scalars(failed.order_by(JobItem.number).limit(200)))


def failure_count(job: Job) -> int:
    return _count_of(job, _LOST)


def articles_in(job: Job) -> int:
    """How many articles came of what was dealt with."""
    return job.done - _count_of(job, _FAILED)


def editions_in(job: Job, reader: Actor) -> list[JobItem]:
    """What came in as a later edition of an article that was there, in order; the first two hundred."""
    linked = visibility.editions_visible_to(reader).with_only_columns(Edition.article_id)
    later = select(JobItem).where(JobItem.job_id == job.id, JobItem.article_id.in_(linked))
    return list(db.session.scalars(later.order_by(JobItem.number).limit(200)))


def _count_of(job: Job, condition: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(JobItem).where(JobItem.job_id == job.id, condition)
    return db.session.scalar(counted) or 0


def items_to_look_at(job: Job) -> list[JobItem]:
    """What waits for a person to say in which encoding it is written."""
    unsure = select(JobItem).where(JobItem.job_id == job.id, _TO_LOOK_AT)
    return list(db.session.scalars(unsure.order_by(JobItem.number)))


@dataclass(frozen=True)
class UnsureItem:
    name: str
    doubt: str


@dataclass(frozen=True)
class Unsure:
    """The items to look at that are likely in one encoding, with words of the first by which a person sees it."""

    guess: str
    items: list[UnsureItem]
    words: list[str]


def unsure_of(job: Job) -> list[Unsure]:
    """The items to look at by their likeliest encoding."""
    by_guess: dict[str, list[JobItem]] = {}
    for item in items_to_look_at(job):
        by_guess.setdefault(item.options["guess"], []).append(item)
    return [
        Unsure(
            guess,
            [UnsureItem(item.name, item.options["doubt"]) for item in items],
            words_in(items[0].content or b"", guess),
        )
        for guess, items in by_guess.items()
    ]


@dataclass(frozen=True)
class TablePreview:
    """A table that waits for a person to say what its columns hold; or the reason why it cannot be read."""

    item: JobItem
    preview: Preview | None
    fault: str | None = None


def table_previews(items: list[JobItem], encodings: Mapping[int, str]) -> list[TablePreview]:
    """What the tables hold, each read in the encoding chosen for its item, if one is."""
    found = []
    for item in items:
        try:
            found.append(TablePreview(item, columns_of(io.BytesIO(item.content or b""), encodings.get(item.id))))
        except DomainError as refused:
            found.append(TablePreview(item, None, str(refused)))
    return found


def has_articles() -> bool:
    return db.session.scalar(select(Article.id).limit(1)) is not None
