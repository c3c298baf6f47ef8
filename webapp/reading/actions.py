"""Writes of the reading room: the description of an article amended, a sentence taken out of it or back in."""

from collections.abc import Collection
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import standings, word_index
from webapp.db import db_write, lock_rows
from webapp.domain.errors import BadArticle, BadRepair
from webapp.domain.intake.description import DESCRIBED, Description, address_key
from webapp.domain.terms import NotPart
from webapp.linked_editions import link_amended
from webapp.models import (
    AS_IMPORTED,
    Actor,
    Article,
    DescriptionRevision,
    Exclusion,
    Sentence,
    audit,
    require_open,
)
from webapp.models.conflicts import refuse_closed
from webapp.models.revisions import append, append_firsts
from webapp.reading.queries import proposals_in

TOLD = (*DESCRIBED, "language")


def describe(
    article: Article, supervisor: Actor, description: Description, language: str | None, seen: int, client_id: UUID
) -> DescriptionRevision:
    """Add the next revision of the article's description; the article holds it from now on.

    `seen` is the version that the supervisor saw, 1 for the one with which the article came in. Raises Conflict, with
    the newest revision, when it is not its version; Gone for an article in the trash; BadArticle where nothing is
    different.
    """
    article_id, said = article.id, {**vars(description), "language": language}

    def refuse(current: DescriptionRevision | None) -> None:
        refuse_closed(is_trashed=not article.is_live)
        if current and current.version == seen and said == _told(current):
            raise BadArticle("Nothing is different from what is there already; change a field, or leave it.")

    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id == article_id))
        session.refresh(article)
        _keep_as_imported(session, article)
        key = {"article_id": article_id}
        made, is_new = append(
            session, DescriptionRevision, key, supervisor.user_id, seen, client_id, said, closed=refuse
        )
        if is_new:
            word_index.replace_title(session.connection(), article_id, article.title, made.title)
            for name in TOLD:
                setattr(article, name, said[name])
            article.address_key = address_key(article.url)
            audit(
                session,
                supervisor,
                "article described",
                project_id=article.project_id,
                article_id=article_id,
                version=made.version,
            )
            session.flush()
            link_amended(session, article, supervisor)
            standings.note_change(session, article.project_id)
    return made


def _keep_as_imported(session: Session, article: Article) -> None:
    """What the article came in with, as the first revision, before there is a second one."""
    if session.scalar(select(DescriptionRevision.id).where(DescriptionRevision.article_id == article.id).limit(1)):
        return
    append(
        session,
        DescriptionRevision,
        {"article_id": article.id},
        article.imported_by_id,
        AS_IMPORTED - 1,
        uuid5(NAMESPACE_OID, f"description of article {article.id} as imported"),
        _told(article),
        besides=lambda _: {"created_at": article.created_at},
    )


def _told(described: Article | DescriptionRevision) -> dict[str, Any]:
    return {name: getattr(described, name) for name in TOLD}


def exclude(sentence: Sentence, supervisor: Actor, why: NotPart | None, seen: int, client_id: UUID) -> Exclusion:
    """Say that the sentence is not part of the article, or with no `why` that it is again.

    It stays live and keeps its index; answers to it stay on record and count only while it is part. `seen` is the
    version that the supervisor saw, 0 for none. Raises Conflict when it is not its version; Gone for an article in the
    trash; Replaced for a sentence replaced by a repair; BadRepair where it stands so already.
    """
    sentence_id, article_id = sentence.id, sentence.article_id
    project_id = sentence.article.project_id

    def refuse(current: Exclusion | None) -> None:
        require_open(session, sentence_id)
        if (current.why if current else None) is why and (current.version if current else 0) == seen:
            raise BadRepair("It stands so already; reload the page.")

    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id == article_id))
        key, said = {"sentence_id": sentence_id}, {"why": why}
        made, is_new = append(session, Exclusion, key, supervisor.user_id, seen, client_id, said, closed=refuse)
        if is_new:
            what = "sentence excluded" if why else "sentence taken back in"
            audit(session, supervisor, what, project_id=project_id, article_id=article_id, sentence_id=sentence_id)
            session.expire_all()  # triggers keep whether it counts, and how many do
            standings.follow(session, project_id, article_id=article_id)
    return made


def decide_proposals(article: Article, supervisor: Actor, sentence_ids: Collection[int], *, is_part: bool) -> int:
    """Say of proposals that they are no part of the article, as proposed, or that they are; returns of how many.

    Either way they are proposed no more, so that a second press of the button changes nothing. What is not proposed,
    or not any more, is left alone. Raises Gone for an article in the trash.
    """
    article_id, project_id = article.id, article.project_id

    def said() -> list[dict[str, Any]]:
        session.refresh(article)
        refuse_closed(is_trashed=not article.is_live)
        found = proposals_in(article)
        return [{"sentence_id": id_, "why": None if is_part else found[id_]} for id_ in sentence_ids if id_ in found]

    with db_write() as session:
        lock = select(Article.id).where(Article.id == article_id)
        count, _ = append_firsts(session, Exclusion, supervisor.user_id, uuid4(), said, lock=lock)
        if count:
            what = "proposed exclusions refused" if is_part else "proposed sentences excluded"
            audit(session, supervisor, what, project_id=project_id, article_id=article_id, sentences=count)
            session.expire_all()  # triggers keep whether it counts, and how many do
            standings.follow(session, project_id, article_id=article_id)
    return count
