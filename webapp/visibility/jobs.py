"""Which long work a person sees."""

from sqlalchemy import Select, select

from webapp.models import PACKAGE, Actor, Job, Role
from webapp.visibility.projects import in_projects
from webapp.visibility.rows import one


def jobs_visible_to(actor: Actor) -> Select[Job]:
    """Long work in the projects that the person supervises."""
    return select(Job).where(in_projects(actor, Job.project_id, Role.SUPERVISOR))


def package_jobs_visible_to(actor: Actor) -> Select[Job]:
    """One's own packages, in the projects that one supervises or researches."""
    mine = Job.user_id == actor.id
    return select(Job).where(
        Job.name == PACKAGE, mine, in_projects(actor, Job.project_id, Role.SUPERVISOR, Role.RESEARCHER)
    )


def package_job_for(actor: Actor, job_id: int) -> Job:
    """Raises NotFound."""
    return one(package_jobs_visible_to(actor).where(Job.id == job_id), "package")


def job_for(actor: Actor, job_id: int) -> Job:
    """Raises NotFound."""
    return one(jobs_visible_to(actor).where(Job.id == job_id), "import")
