"""Writes of adjudication: a decision, unanimous sentences accepted, the gold taken away; nothing is overwritten."""

from collections.abc import Iterator

from sqlalchemy import insert

from webapp.adjudication import queries
from webapp.db import db_write, now
from webapp.domain.adjudication import GOLD_COLUMNS, BadDecision, Decision, Method, Votes
from webapp.domain.export import chosen, csv_parts
from webapp.domain.terms import FOUR_TAGS, Tag
from webapp.models import Actor, Adjudication, Article, FirstTag, Project, Sentence, audit
from webapp.models.conflicts import Conflict, Gone


def keep_first_tag(sentence: Sentence, supervisor: Actor, tag: Tag) -> None:
    """Keep the supervisor's own tag before they see those of the analysts; one given before stays. Raises Gone."""
    with db_write() as session:
        article = session.get_one(Article, sentence.article_id, with_for_update=True)
        _refuse_gone(article, session.get_one(Sentence, sentence.id))
        if queries.first_tag_of(sentence.id, supervisor) is None:
            session.add(FirstTag(sentence_id=sentence.id, adjudicator_id=supervisor.user_id, tag=tag))


def adjudicate(sentence: Sentence, supervisor: Actor, decision: Decision, seen: int) -> Adjudication:
    """Add the next decision on this sentence, with the votes as they stand and the supervisor's own tag, if any.

    `seen` is the version that the supervisor saw, 0 for none. The same decision sent twice by the same person
    is one. Raises Conflict, with the newest decision, when `seen` is not its version; Gone for an article in
    the trash or a sentence replaced by a repair; BadDecision when nobody has handed in an answer.
    """
    with db_write() as session:
        article = session.get_one(Article, sentence.article_id, with_for_update=True)
        _refuse_gone(article, session.get_one(Sentence, sentence.id))
        current = queries.current_decision(sentence.id)
        if current and _repeats(current, supervisor, decision):
            return current
        if (current.version if current else 0) != seen:
            raise Conflict(current)
        votes = queries.votes_on(sentence, supervisor)
        if not votes.n_coders:
            raise BadDecision("No analyst has handed in an answer to this sentence yet; there is nothing to settle.")
        made = Adjudication(
            sentence_id=sentence.id,
            version=seen + 1,
            method=Method.ADJUDICATED,
            first_tag=queries.first_tag_of(sentence.id, supervisor),
            adjudicator_id=supervisor.user_id,
            codebook_id=article.project.codebook_id,
            **vars(decision),
            **_counts(votes),
        )
        session.add(made)
        audit(
            session,
            supervisor,
            "adjudicated",
            project_id=article.project_id,
            sentence_id=sentence.id,
            version=made.version,
        )
    return made


def _refuse_gone(article: Article, sentence: Sentence) -> None:
    if article.trashed_at is not None:
        raise Gone("The article lies in the trash; restore it before you settle its sentences.")
    if sentence.retired_in is not None:
        raise Gone("This sentence was split or merged meanwhile; its analysts are asked again first.")


def _repeats(current: Adjudication, supervisor: Actor, decision: Decision) -> bool:
    same = all(getattr(current, name) == value for name, value in vars(decision).items())
    return same and current.adjudicator_id == supervisor.id


def _counts(votes: Votes) -> dict[str, int]:
    four = {f"votes_{tag.value.lower()}": votes.per_tag.get(tag, 0) for tag in FOUR_TAGS}
    return {"n_coders": votes.n_coders, **four}


def accept_unanimous(project: Project, supervisor: Actor, expected: int) -> int:
    """Make every unanimous sentence without a decision gold, all or none; returns how many.

    Raises BadDecision when they are not `expected` many any more, because somebody handed in or settled meanwhile.
    """
    with db_write() as session:
        found = queries.queue_of(project, supervisor).acceptable
        if len(found) != expected:
            raise BadDecision("Something was handed in or settled since; look at the new counts first.")
        at = now()
        rows = [
            {
                "sentence_id": standing.sentence_id,
                "version": standing.decided_in + 1,
                "gold_tag": standing.votes.unanimous_tag,
                "method": Method.UNANIMOUS,
                "adjudicator_id": supervisor.user_id,
                "codebook_id": project.codebook_id,
                "at": at,
                **_counts(standing.votes),
            }
            for standing in found
        ]
        for first in range(0, len(rows), 500):
            session.execute(insert(Adjudication), rows[first : first + 500])
        if rows:
            audit(
                session,
                supervisor,
                "unanimous accepted",
                project_id=project.id,
                sentences=len(rows),
            )
    return len(rows)


def export_gold_csv(project: Project, reader: Actor, *, bom: bool = False, guard: bool = False) -> Iterator[str]:
    """The project's gold as CSV in pieces; the export is on record."""
    project_id = project.id
    with db_write() as session:
        told = {"shape": "gold", "format": "csv", "options": chosen(bom=bom, guard=guard)}
        audit(session, reader, "exported", project_id=project_id, **told)
    return csv_parts(queries.gold_parts(project_id, reader), bom=bom, guard=guard, columns=GOLD_COLUMNS)
