"""Writes of adjudication: a decision, unanimous sentences accepted; nothing is overwritten."""

from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from sqlalchemy import select

from webapp import standings
from webapp.adjudication import queries
from webapp.db import db_write, lock_rows
from webapp.domain.adjudication import VOTE_COLUMNS, Decision, Method, Votes, require_rule, rule_names
from webapp.domain.errors import BadDecision
from webapp.domain.terms import Tag
from webapp.models import (
    Actor,
    Adjudication,
    Article,
    FirstTag,
    Happening,
    Project,
    Sentence,
    audit,
    require_open,
    tell,
)
from webapp.models.revisions import append, append_firsts


def keep_first_tag(sentence: Sentence, supervisor: Actor, tag: Tag) -> None:
    """Keep the supervisor's own tag before they see those of the analysts; one given before stays.

    Raises Gone for an article in the trash, Replaced for a sentence replaced by a repair.
    """
    sentence_id, article_id = sentence.id, sentence.article_id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id == article_id))
        require_open(session, sentence_id)
        if queries.first_tag_of(sentence_id, supervisor) is None:
            session.add(FirstTag(sentence_id=sentence_id, adjudicator_id=supervisor.user_id, tag=tag))


def adjudicate(
    sentence: Sentence, supervisor: Actor, decision: Decision, seen: int, client_id: UUID | None = None
) -> Adjudication:
    """Add the next decision on this sentence, with the votes as they stand and the supervisor's own tag, if any.

    `seen` is the version that the supervisor saw, 0 for none. A client_id met before gives back what it wrote then;
    without one, the same decision on the same version is taken for a repeat. Raises Conflict, with the newest
    decision, when `seen` is not its version; Gone for an article in the trash; Replaced for a sentence replaced by a
    repair; BadDecision when nobody has handed in an answer, or when the round's codebook has no such rule.
    """
    sentence_id, article_id = sentence.id, sentence.article_id
    project_id = sentence.article.project_id

    def as_it_stands(_: Adjudication | None) -> dict[str, Any]:
        require_rule(decision.deciding_rule, rule_names(round_.codebook.text))
        votes = queries.votes_on(sentence, supervisor)
        if not votes.n_coders:
            raise BadDecision("No analyst has handed in an answer to this sentence yet; there is nothing to settle.")
        own, codebook_id = queries.first_tag_of(sentence_id, supervisor), round_.codebook_id
        return {"method": Method.ADJUDICATED, "first_tag": own, "codebook_id": codebook_id, **_counts(votes)}

    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id == article_id))
        round_ = session.get_one(Project, project_id).running
        made, is_new = append(
            session,
            Adjudication,
            {"sentence_id": sentence_id, "round_id": round_.id},
            supervisor.user_id,
            seen,
            client_id or uuid5(NAMESPACE_OID, f"{sentence_id} {round_.id} {seen} {decision}"),
            vars(decision),
            closed=lambda _: require_open(session, sentence_id),
            besides=as_it_stands,
        )
        if is_new:
            told = {"sentence_id": sentence_id, "version": made.version}
            audit(session, supervisor, "adjudicated", project_id=project_id, **told)
            whom = session.scalars(queries.handed_in_by(article_id, round_.id))
            tell(session, supervisor, whom, Happening.SETTLED, round_.id, [article_id])
            standings.follow(session, project_id, sentence_id=sentence_id)
    return made


def _counts(votes: Votes) -> dict[str, int]:
    four = {column: votes.per_tag.get(tag, 0) for tag, column in VOTE_COLUMNS.items()}
    return {"n_coders": votes.n_coders, **four}


def accept_unanimous(project: Project, supervisor: Actor, expected: int, client_id: UUID | None = None) -> int:
    """Make every unanimous sentence without a decision gold, all or none; returns how many.

    A client_id met before gives the number that it accepted then. Raises BadDecision when they are not `expected`
    many any more, because somebody handed in or settled meanwhile.
    """
    project_id = project.id

    def rows() -> list[dict[str, Any]]:
        found = queries.acceptable_in(project, supervisor)
        if len(found) != expected:
            raise BadDecision("Something was handed in or settled since; look at the new counts first.")
        running = project.running
        shared = {"method": Method.UNANIMOUS, "codebook_id": running.codebook_id, "round_id": running.id}
        return [
            {
                **shared,
                "sentence_id": standing.sentence_id,
                "gold_tag": standing.votes.unanimous_tag,
                **_counts(standing.votes),
            }
            for standing in found
        ]

    with db_write() as session:
        articles = select(Article.id).where(Article.project_id == project_id).order_by(Article.id)
        count, is_new = append_firsts(
            session, Adjudication, supervisor.user_id, client_id or uuid4(), rows, lock=articles
        )
        if count and is_new:
            audit(session, supervisor, "unanimous accepted", project_id=project_id, sentences=count)
            standings.follow_acceptance(session, project_id, project.running.id)
    return count
