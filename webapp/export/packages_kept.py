"""Packages that the page asks for: made by a worker, and kept beside the database until the next one."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from webapp import jobs, visibility
from webapp.db import db, db_write, now
from webapp.domain.errors import Cancelled, NotFound
from webapp.export.actions import export_package
from webapp.export.package import number_of_parts
from webapp.models import PACKAGE, Actor, Job, JobState, Project
from webapp.reruns import again

FOLDER = "packages"
KEPT_FOR = timedelta(days=7)
GONE = "The package is no longer kept here; make it once more."


def start_package(project: Project, by: Actor, *, copies: bool = True) -> Job:
    """A job that makes the package of what the person may read, with uploaded copies or without."""
    return jobs.enqueue(PACKAGE, project, by.user_id, by.via, [], options={"copies": copies})


def run_package(instance: Path, job_id: int) -> None:
    """Make it: under another name until it is whole. Older ones of the same person and project go."""
    job = db.session.get_one(Job, job_id)
    reader, project, project_id = _whoever_asked(job), job.project, job.project_id
    copies = bool(job.options.get("copies", True))
    folder = instance / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    _sweep(folder, job)
    path = file_of(instance, job_id)
    part, told_in = path.with_suffix(".part"), path.with_suffix(PROGRESS)
    stop = path.with_suffix(CANCEL)
    total, done = number_of_parts(project, reader), 0

    def report(name: str) -> None:
        nonlocal done
        told_in.write_text(json.dumps({"done": done, "total": total, "part": name}), "utf-8")
        done = min(done + 1, total)

    def check() -> None:
        if stop.exists():
            raise Cancelled(CANCELLED)

    try:
        check()
        with part.open("wb") as file:
            written = export_package(project, reader, file, report, check, copies=copies)
        os.replace(part, path)
    finally:
        for leftover in (part, told_in, stop):
            leftover.unlink(missing_ok=True)
    told = {"digest": written.digest, "files": written.number_of_files, "rows": sum(written.rows.values())}
    again(_tell, job_id, told | {"bytes": path.stat().st_size, "project_id": project_id})


PROGRESS, CANCEL = ".progress", ".cancel"
"""Beside the package: how far it is, and that it is wanted no more. Files, because the worker reads all of the database
as of one moment and writes nothing meanwhile.
"""
CANCELLED = "It was cancelled; nothing of it is kept."


def progress_of(instance: Path, job: Job) -> dict[str, Any]:
    """How far a package is: parts done, of how many, and the one being written."""
    try:
        told: dict[str, Any] = json.loads(file_of(instance, job.id).with_suffix(PROGRESS).read_text("utf-8"))
    except (OSError, ValueError):  # not begun, done, or being written this moment
        return {"done": 0, "total": 0, "part": ""}
    return told


def cancel_package(instance: Path, reader: Actor, job_id: int) -> Job:
    """Have the worker stop at the next row. Raises NotFound for a package of somebody else's."""
    job = visibility.package_job_for(reader, job_id)
    if job.state in (JobState.QUEUED, JobState.RUNNING):
        folder = instance / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        file_of(instance, job_id).with_suffix(CANCEL).touch()
    return job


def _tell(job_id: int, told: dict[str, Any]) -> None:
    with db_write() as session:
        options = session.get_one(Job, job_id).options
        session.execute(update(Job).where(Job.id == job_id).values(options=options | told))


def _whoever_asked(job: Job) -> Actor:
    """With the roles that they have now. Raises NotFound for who may no longer sign in."""
    visit = visibility.visit_of(job.user_id)
    if visit is None:
        raise NotFound("Whoever asked for the package may no longer sign in.")
    return visit.actor


def _sweep(folder: Path, job: Job) -> None:
    """Packages are large, and each holds a whole project: those before, and any that is a week old, are removed."""
    earlier = db.session.scalars(
        visibility.package_jobs_visible_to(_whoever_asked(job))
        .where(Job.project_id == job.project_id, Job.id < job.id)
        .with_only_columns(Job.id)
    )
    names = {f"{job_id}.zip" for job_id in earlier}
    oldest = (now() - KEPT_FOR).timestamp()
    for path in folder.glob("*"):
        if path.name in names or path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def file_of(instance: Path, job_id: int) -> Path:
    """Where the package of a job lies once it is made."""
    return instance / FOLDER / f"{job_id}.zip"


def kept_package(instance: Path, reader: Actor, job_id: int) -> tuple[Job, Path]:
    """A package of the reader's that is whole, and its file. Raises NotFound."""
    job, path = visibility.package_job_for(reader, job_id), file_of(instance, job_id)
    if job.state is not JobState.DONE or not path.exists():
        raise NotFound(GONE)
    return job, path


def newest_packages(reader: Actor, project: Project) -> list[Job]:
    """The reader's last packages of a project that were made, the newest first: their digests are what is cited."""
    query = visibility.package_jobs_visible_to(reader).where(Job.project_id == project.id, Job.state == JobState.DONE)
    return list(db.session.scalars(query.order_by(Job.id.desc()).limit(3)))
