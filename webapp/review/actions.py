"""Taking figures away, on record."""

import json

from sqlalchemy import select

from webapp import __version__, visibility
from webapp.db import db, db_write, lock_rows
from webapp.domain.errors import BadProject
from webapp.domain.intake.text import sha256
from webapp.domain.moments import moment
from webapp.models import Actor, Job, JobState, Project, Release, Round, audit
from webapp.review import files
from webapp.review.filters import Filter


def record_figures_taken(project: Project, reader: Actor, wanted: Filter, shape: str = "agreement") -> None:
    """Put on record that the person took the figures away as JSON."""
    with db_write() as session:
        told = {"shape": shape, "format": "json", "filter": wanted.as_args()}
        audit(session, reader, "exported", project_id=project.id, **told)


def release(project: Project, round_: Round, by: Actor) -> None:
    """Pin what a closed round says: its figures, its codebook, and the digest of the newest package made since.

    Raises BadProject for a round that runs, or that was released.
    """
    if round_.closed_at is None:
        raise BadProject("This round still runs; begin the next one, which closes it, and release it then.")
    project_id, round_id = project.id, round_.id
    codebook = round_.codebook
    content = {
        **files.head(project, Filter(round=round_.name)),
        "round": round_.name,
        "closed_at": moment(round_.closed_at),
        "codebook_sha256": sha256(codebook.text),
        **files.of_round(project, round_, by),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    digest = _digest_of_package(project, round_, by)
    with db_write() as session:
        lock_rows(session, select(Round.id).where(Round.id == round_id))
        if session.get(Release, round_id) is not None:
            raise BadProject("This round was released already, and what was published stays as it is.")
        told = {"figures_sha256": sha256(text), "package_sha256": digest}
        session.add(
            Release(round_id=round_id, released_by_id=by.user_id, app_version=__version__, figures=text, **told)
        )
        audit(session, by, "round released", project_id=project_id, round=content["round"], **told)


def _digest_of_package(project: Project, round_: Round, by: Actor) -> str | None:
    """Of the newest package that the person had made since the round was closed; None where there is none."""
    made = visibility.package_jobs_visible_to(by).where(
        Job.project_id == project.id, Job.state == JobState.DONE, Job.created_at >= round_.closed_at
    )
    newest = db.session.scalar(made.order_by(Job.id.desc()).limit(1))
    return newest.options.get("digest") if newest else None
