"""Builders of sources for the tests here."""

from uuid import uuid4

from tests.factories import Person, first_project
from webapp.db import db
from webapp.domain.sources import Entry
from webapp.domain.terms import SourceKind
from webapp.models import Project, Source
from webapp.sources.actions import entries


def made(name: str, kind: str = "organisation", *, by: Person | None = None, project: Project | None = None) -> Source:
    """A source, made by the first person unless named, as its page makes it."""
    source_id = entries.make_source(project or first_project(), by or Person(1), Entry(name, SourceKind(kind)), uuid4())
    db.session.commit()
    return db.session.get_one(Source, source_id)
