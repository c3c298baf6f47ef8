"""Writes about studies and their members."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.db import db_write
from webapp.models import Codebook, Membership, Project, Role, User, audit

FIRST_PROJECT = "First project"


def ensure_first_project(owner: User, codebook_text: str, codebook_version: str) -> Project:
    """The first project, made with its codebook when there is none; its owner gets every role in it."""
    with db_write() as session:
        project = session.scalar(select(Project).order_by(Project.id).limit(1))
        if project is not None:
            return project
        codebook = session.scalar(select(Codebook).where(Codebook.version == codebook_version))
        if codebook is None:
            codebook = Codebook(version=codebook_version, text=codebook_text)
        project = Project(name=FIRST_PROJECT, codebook=codebook)
        session.add(project)
        session.flush()
        _join(session, project, owner, set(Role))
        audit(session, "project added", actor_id=owner.id, project_id=project.id)
    return project


def add_member(project: Project, user: User, roles: set[Role]) -> Membership:
    """The person as a member of the project with these roles."""
    with db_write() as session:
        return _join(session, project, user, roles)


def _join(session: Session, project: Project, user: User, roles: set[Role]) -> Membership:
    member = Membership(
        project_id=project.id,
        user_id=user.id,
        coder_code=new_coder_code(session, project.id),
        is_analyst=Role.ANALYST in roles,
        is_supervisor=Role.SUPERVISOR in roles,
        is_researcher=Role.RESEARCHER in roles,
    )
    session.add(member)
    joined = {"user_id": user.id, "roles": sorted(roles)}
    audit(session, "member joined", actor_id=None, project_id=project.id, **joined)
    return member


def new_coder_code(session: Session, project_id: int) -> str:
    """A code such as C07, drawn at random and unused so far, so that its order tells nothing of its person."""
    taken = set(session.scalars(select(Membership.coder_code).where(Membership.project_id == project_id)))
    digits = 2
    while True:
        free = [code for n in range(1, 10**digits) if (code := f"C{n:0{digits}d}") not in taken]
        if free:
            return secrets.choice(free)
        digits += 1
