"""Plain builders; each returns a saved row and takes only what a test wants to say."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text, update

from webapp import models, visibility
from webapp.accounts.actions import add_user
from webapp.articles.actions import draft_of_pasted, save_draft
from webapp.claims import actions as claims
from webapp.db import db, db_write
from webapp.domain.answers import Answer
from webapp.domain.corroboration import evidence_from
from webapp.domain.intake.description import Description
from webapp.domain.sources import fact_from, name_key
from webapp.domain.terms import MentionKind, Reliability, SourceKind, Tag
from webapp.models import (
    Annotation,
    Article,
    Assignment,
    Claim,
    Project,
    Role,
    Round,
    Sentence,
    Source,
    SourceAlias,
    SourceEntry,
    SourceFact,
    SourceMerge,
    SourceRating,
    User,
    live_sentences,
)
from webapp.models.revisions import append
from webapp.projects.actions import add_member
from webapp.standings import note_change, recount
from webapp.tagging.actions import record_answer
from webapp.triggers import put_triggers

_serial = count(1)


class Person:
    """Somebody as tests know them: their row, and the actor they are at this moment, roles read anew."""

    def __init__(self, user_id: int) -> None:
        self.__dict__["id"] = self.__dict__["user_id"] = user_id

    def __getattr__(self, name: str) -> Any:
        visit = visibility.visit_of(self.id)
        acts = visit and hasattr(visit.actor, name)
        return getattr(visit.actor if acts else db.session.get_one(User, self.id), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(db.session.get_one(User, self.id), name, value)


def first_project() -> Project:
    project = visibility.project_named(None)
    assert project is not None
    return project


def make_member(name: str, *roles: str, project: Project | None = None, is_admin: bool = False) -> Person:
    """A person with these roles in the project, the first one unless named."""
    person = add_user(name, is_admin=is_admin)
    if roles:
        add_member(project or first_project(), person, {Role(role) for role in roles})
    return Person(person.id)


def make_project(name: str, *, is_blind: bool = False) -> Project:
    with db_write() as session:
        project = Project(name=name)
        session.add(project)
        session.flush()
        codebook_id = first_project().running.codebook_id
        session.add(Round(project_id=project.id, codebook_id=codebook_id, is_blind=is_blind))
    return project


def make_article(
    text: str | None = None,
    *,
    sentences: int = 3,
    project: Project | None = None,
    by: Person | None = None,
    **described: str,
) -> Article:
    """A saved article; without a text, one of so many short sentences, unlike any made before."""
    number = next(_serial)
    text = text or " ".join(f"Event {number} had its stage {n}." for n in range(1, sentences + 1))
    importer = by or Person(1)
    return save_draft(draft_of_pasted(project or first_project(), importer, text, Description(**described)), importer)


def sentences_of(article: Article) -> list[Sentence]:
    return list(db.session.scalars(live_sentences(article.id)))


def answer(sentence: Sentence, analyst: Person, tag: Tag | None, **fields: object) -> Annotation:
    """The analyst's next answer to the sentence, whatever the last one was."""
    current = current_annotation(sentence.id, analyst.id)
    seen = current.version if current else 0
    record_answer(sentence.id, analyst, Answer(tag=tag, **fields), seen, uuid4())  # type: ignore[arg-type]
    annotation = current_annotation(sentence.id, analyst.id)
    assert annotation is not None
    db.session.commit()  # ends the reading, so that the test sees what others write next
    return annotation


def current_annotation(sentence_id: int, analyst_id: int) -> Annotation | None:
    """The analyst's revision that counts now."""
    return db.session.scalar(
        select(Annotation).where(
            Annotation.sentence_id == sentence_id, Annotation.analyst_id == analyst_id, Annotation.is_current
        )
    )


def take_up(article: Article, analyst: Person) -> Assignment:
    """The analyst's assignment of the article, made where there is none yet and nothing begun."""
    with db_write() as session:
        assignment = session.scalar(models.assignment_of(article.id, analyst.id))
        if assignment is None:
            round_id = article.project.running.id
            assignment = Assignment(round_id=round_id, article_id=article.id, analyst_id=analyst.id)
            session.add(assignment)
    return assignment


def move_to(round_: Round, *assignments: Assignment) -> None:
    """Put work into another round, which the database refuses to the app itself."""
    ids = [assignment.id for assignment in assignments]
    db.session.commit()
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER assignment_keeps_values"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        table = Assignment.__table__
        connection.execute(update(table).where(table.c.id.in_(ids)).values(round_id=round_.id))  # type: ignore[arg-type]
        put_triggers(connection)
        connection.commit()
    db.session.expire_all()
    recount()


def assignment_of(article_id: int, analyst: Person) -> Assignment:
    assignment = db.session.scalar(models.assignment_of(article_id, analyst.id))
    assert assignment is not None
    return assignment


# ---- sources


def make_source(
    name: str,
    kind: str = "organisation",
    *,
    by: Person | None = None,
    project: Project | None = None,
    aliases: tuple[str, ...] | list[str] = (),
    is_published: bool = False,
) -> UUID:
    """An entry of the registry; returns its id."""
    source_id, project_id, maker_id = uuid4(), (project or first_project()).id, (by or Person(1)).id
    said = {"name": name, "name_key": name_key(name), "kind": SourceKind(kind), "is_published": is_published}
    with db_write() as session:
        session.add(Source(id=source_id, project_id=project_id, maker_id=maker_id))
        session.flush()
        append(session, SourceEntry, {"source_id": source_id}, maker_id, 0, uuid4(), said)
        for alias in aliases:
            told = {"source_id": source_id, "alias": alias, "alias_key": name_key(alias)}
            append(session, SourceAlias, {"alias_id": uuid4()}, maker_id, 0, uuid4(), told)
    return source_id


def make_claim(wording: str, sentence: Sentence, *, by: Person | None = None, kind: str = "makes") -> Claim:
    """A claim that the sentence makes."""
    return claims.make_claim(sentence, by or Person(1), wording, MentionKind(kind), uuid4())


def make_item(
    claim: Claim, stance: str = "supports", *, by: Person | None = None, sentence: Sentence | None = None, **said: str
) -> UUID:
    """An item of evidence; returns its id."""
    told = {"stance": stance, "independence": "unknown", "url": f"https://example.org/{next(_serial)}"} | said
    evidence_id = uuid4()
    claims.add_evidence(claim, by or Person(1), evidence_from(told), evidence_id, sentence)
    return evidence_id


def make_outlets(count: int) -> None:
    """So many entries at once, `Outlet 17 of Town 3` and the like."""
    ids = [uuid4() for _ in range(count)]
    named = {"author_id": 1, "kind": SourceKind.OUTLET, "is_published": False, "version": 1, "is_current": True}
    with db_write() as session:
        project_id = first_project().id
        session.execute(insert(Source), [{"id": id_, "project_id": project_id, "maker_id": 1} for id_ in ids])
        names = [f"Outlet {n} of Town {n % 97}" for n in range(count)]
        entries = [
            {**named, "source_id": id_, "name": name, "name_key": name_key(name), "client_id": uuid4()}
            for id_, name in zip(ids, names, strict=True)
        ]
        session.execute(insert(SourceEntry), entries)


def make_fact(source_id: UUID, property: str, value: str, *, by: Person | None = None, **told: str) -> UUID:
    """Something known of an entry; returns its id."""
    fact_id = uuid4()
    said = vars(fact_from({"property": property, "value": value, **told})) | {"source_id": source_id}
    with db_write() as session:
        append(session, SourceFact, {"fact_id": fact_id}, (by or Person(1)).id, 0, uuid4(), said)
    return fact_id


def make_rating(
    source_id: UUID, letter: str, *, by: Person | None = None, rated_on: str = "2026-11-20", basis: str | None = None
) -> UUID:
    """A rating of an entry, which nobody but who gave it sees; returns its id."""
    rating_id, author_id = uuid4(), (by or Person(1)).id
    said = {"source_id": source_id, "reliability": Reliability(letter), "rated_on": rated_on, "basis": basis}
    with db_write() as session:
        append(session, SourceRating, {"rating_id": rating_id}, author_id, 0, uuid4(), said, about={"id": rating_id})
    return rating_id


def amend(table: type[Any], key: UUID, *, by: Person | None = None, **changed: object) -> None:
    """The next revision of something of the registry, alike but for what changed: published, or withdrawn."""
    [name] = table.revision_of
    dull = {"id", "version", "is_current", "client_id", "created_at", table.author_column, name}
    with db_write() as session:
        current = session.scalars(select(table).where(getattr(table, name) == key, table.is_current)).one()
        kept = {column.name: getattr(current, column.name) for column in table.__table__.columns}
        said = {column: value for column, value in kept.items() if column not in dull} | changed
        append(session, table, {name: key}, (by or Person(1)).id, current.version, uuid4(), said)


def merge_sources(source_id: UUID, into_id: UUID | None, *, by: Person | None = None) -> None:
    """Merge an entry into another one, or, into None, take its merge back."""
    with db_write() as session:
        key = {"source_id": source_id}
        version = session.scalar(
            select(SourceMerge.version).where(SourceMerge.source_id == source_id, SourceMerge.is_current)
        )
        append(session, SourceMerge, key, (by or Person(1)).id, version or 0, uuid4(), {"into_id": into_id})
        project_id = session.scalars(select(Source.project_id).where(Source.id == source_id)).one()
        note_change(session, project_id)
