"""Proof that the whole database is sound: texts, hashes, spans at every version, revisions, references."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, text
from sqlalchemy.orm import aliased

from webapp.db import db
from webapp.domain.intake import sha256
from webapp.domain.spans import why_broken
from webapp.models import (
    Adjudication,
    Annotation,
    Article,
    CorroborationNote,
    FirstTag,
    SegmentationEdit,
    Sentence,
)


def faults() -> list[str]:
    """Everything that is off, one sentence each; an empty list is the proof."""
    found = [*_references(), *_annotations(), *_notes(), *_adjudications(), *_first_tags()]
    for article_id in db.session.scalars(select(Article.id).order_by(Article.id)).all():
        article = db.session.get_one(Article, article_id)
        found += [f"Article {article_id}: {fault}" for fault in [*_text(article), *_spans(article), *_edits(article)]]
        db.session.expunge(article)  # one text in memory at a time
    return found


def counts() -> str:
    """What was proved, in figures."""
    tables = {"articles": Article, "sentences": Sentence, "annotations": Annotation, "notes": CorroborationNote}
    figures = {noun: db.session.scalar(select(func.count()).select_from(table)) or 0 for noun, table in tables.items()}
    return ", ".join(f"{noun} {count:,}" for noun, count in figures.items())


def _text(article: Article) -> Iterator[str]:
    if sha256(article.text) != article.text_sha256:
        yield "the text does not have the hash recorded for it."
    if hashlib.sha256(article.original).hexdigest() != article.original_sha256:
        yield "the upload does not have the hash recorded for it."


def _spans(article: Article) -> Iterator[str]:
    """At every version of the split the sentences alive then must be the whole text."""
    sentences = db.session.scalars(select(Sentence).where(Sentence.article_id == article.id).order_by(Sentence.start))
    rows = [(sentence.span, sentence.added_in, sentence.retired_in) for sentence in sentences]
    for version in range(1, article.segmentation_version + 1):
        alive = [span for span, added, retired in rows if added <= version and (retired is None or retired > version)]
        if fault := why_broken(article.text, alive):
            yield f"in version {version} of the split: {fault}"
    if any(max(added, retired or 0) > article.segmentation_version for _, added, retired in rows):
        yield "a sentence belongs to a version of the split that never was."


def _edits(article: Article) -> Iterator[str]:
    versions = db.session.scalars(
        select(SegmentationEdit.version)
        .where(SegmentationEdit.article_id == article.id)
        .order_by(SegmentationEdit.version)
    ).all()
    if list(versions) != list(range(2, article.segmentation_version + 1)):
        yield f"the split is at version {article.segmentation_version}; the edits on record do not lead there."


def _annotations() -> Iterator[str]:
    broken = db.session.execute(
        select(Annotation.sentence_id, Annotation.analyst_id)
        .group_by(Annotation.sentence_id, Annotation.analyst_id)
        .having(_not_a_chain(Annotation))
    )
    for sentence_id, analyst_id in broken:
        yield f"Sentence {sentence_id}, analyst {analyst_id}: the revisions are not an unbroken chain with one current."


def _notes() -> Iterator[str]:
    broken = db.session.scalars(
        select(CorroborationNote.note_key).group_by(CorroborationNote.note_key).having(_not_a_chain(CorroborationNote))
    )
    for note_key in broken:
        yield f"Note {note_key}: its revisions are not an unbroken chain with one current."
    lost = db.session.scalars(
        select(CorroborationNote.note_key)
        .join(CorroborationNote.sentence)
        .where(CorroborationNote.is_current, Sentence.retired_in.is_not(None))
    )
    for note_key in lost:
        yield f"Note {note_key}: it stands on a sentence that was replaced."


def _adjudications() -> Iterator[str]:
    broken = db.session.scalars(
        select(Adjudication.sentence_id)
        .group_by(Adjudication.sentence_id)
        .having((func.max(Adjudication.version) != func.count()) | (func.min(Adjudication.version) != 1))
    )
    for sentence_id in broken:
        yield f"Sentence {sentence_id}: its decisions are not an unbroken chain."


def _first_tags() -> Iterator[str]:
    """Who told a tag of their own with a decision had kept it before, and the first decision tells the same."""
    earlier = aliased(Adjudication)
    is_first = ~exists().where(
        earlier.sentence_id == Adjudication.sentence_id,
        earlier.adjudicator_id == Adjudication.adjudicator_id,
        earlier.first_tag.is_not(None),
        earlier.version < Adjudication.version,
    )
    theirs = and_(
        FirstTag.sentence_id == Adjudication.sentence_id, FirstTag.adjudicator_id == Adjudication.adjudicator_id
    )
    broken = db.session.execute(
        select(Adjudication.sentence_id, Adjudication.version)
        .outerjoin(FirstTag, theirs)
        .where(
            Adjudication.first_tag.is_not(None),
            or_(
                FirstTag.id.is_(None),
                FirstTag.at > Adjudication.at,
                and_(is_first, FirstTag.tag != Adjudication.first_tag),
            ),
        )
    )
    for sentence_id, version in broken:
        yield f"Sentence {sentence_id}, decision {version}: the own tag told with it is not the one kept before it."


def _not_a_chain(table: type[Annotation] | type[CorroborationNote]) -> ColumnElement[bool]:
    """Versions run from 1 without a gap, and the newest alone is current."""
    newest_current = func.max(table.version).filter(table.is_current)
    current = func.count().filter(table.is_current)
    return (
        (func.max(table.version) != func.count())
        | (func.min(table.version) != 1)
        | (current != 1)
        | (newest_current != func.max(table.version))
    )


def _references() -> Iterator[str]:
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL cannot hold a broken reference
    for table, row, parent, _ in db.session.execute(text("PRAGMA foreign_key_check")):
        yield f"Row {row} of {table} points to a row of {parent} that does not exist."
    if (answer := db.session.scalar(text("PRAGMA integrity_check"))) != "ok":
        yield f"SQLite finds the file damaged: {answer}"
