"""Writes of claims: made with their first mention, worded anew, mentioned, published, settled, merged, withdrawn."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp import visibility
from webapp.claim_standing import families
from webapp.claims import queries
from webapp.db import db_write, lock_rows
from webapp.domain.claims import Settlement
from webapp.domain.errors import BadClaim, NotFound
from webapp.domain.merges import refuse_circle
from webapp.domain.terms import MentionKind
from webapp.models import (
    Actor,
    Article,
    Assignment,
    Claim,
    ClaimMention,
    ClaimMerge,
    ClaimSettlement,
    ClaimWording,
    Project,
    Role,
    Sentence,
    assignment_of,
    audit,
    require_open,
)
from webapp.models.conflicts import refuse_closed
from webapp.models.revisions import Appended, append, repeated

# ---- parts of a write that has begun


def added_claim(
    session: Session,
    project_id: int,
    author: Actor,
    wording: str,
    claim_id: UUID,
    sentence_id: int,
    kind: MentionKind = MentionKind.MAKES,
    client_id: UUID | None = None,
) -> UUID:
    """A claim with its first wording and its first mention, all under this id, which is given back.

    Raises BadClaim for a client_id that wrote something else, Conflict for one that worded it otherwise.
    """
    who, client_id = author.user_id, client_id or claim_id
    if session.get(Claim, claim_id) is None:
        session.add(Claim(id=claim_id, project_id=project_id, maker_id=who))
        session.flush()
    said = {"claim_id": claim_id, "sentence_id": sentence_id, "kind": kind}
    append(session, ClaimWording, {"claim_id": claim_id}, who, 0, client_id, {"wording": wording})
    append(session, ClaimMention, {"mention_id": claim_id}, who, 0, client_id, said)
    return claim_id


def assign_in_open_round(session: Session, article_id: int, author: Actor) -> None:
    """The first thing that an analyst writes about an article assigns it, in an open project: exports hold what those
    wrote to whom it is assigned.
    """
    project = session.get_one(Article, article_id).project
    is_assigned = session.scalar(assignment_of(article_id, author.user_id)) is not None
    running = project.running
    if author.has(project.id, Role.ANALYST) and not is_assigned and not running.is_blind:
        session.add(Assignment(round_id=running.id, article_id=article_id, analyst_id=author.user_id))


def reworded(session: Session, claim_id: UUID, author: Actor, wording: str) -> None:
    """The next revision of the wording, where it is another one; nothing else of it changes."""
    current = session.scalars(
        select(ClaimWording).where(ClaimWording.claim_id == claim_id, ClaimWording.is_current)
    ).one()
    if current.wording != wording:
        _next(session, current, author, wording=wording)


def confirm_mentions(session: Session, claim_id: UUID, author: Actor) -> None:
    """The author's mentions that a repair had moved hold."""
    moved = select(ClaimMention).where(
        ClaimMention.claim_id == claim_id,
        ClaimMention.author_id == author.user_id,
        ClaimMention.is_current,
        ClaimMention.to_confirm,
    )
    for mention in session.scalars(moved).all():
        _next(session, mention, author, to_confirm=False)


def require_claim_open(session: Session, claim_id: UUID, author: Actor) -> None:
    """Raises Gone where every article that mentions the claim lies in the trash, BadClaim for a withdrawn claim."""
    refuse_closed(is_trashed=queries.lies_in_trash(claim_id, author))
    _refuse_withdrawn(session, claim_id)


def _refuse_withdrawn(session: Session, claim_id: UUID) -> None:
    wording = session.scalars(
        select(ClaimWording).where(ClaimWording.claim_id == claim_id, ClaimWording.is_current)
    ).one()
    if wording.withdrawn_why is not None:
        raise BadClaim(f"The claim was withdrawn ({wording.withdrawn_why}); nothing is added to it any more.")


def _next(session: Session, row: ClaimWording | ClaimMention, author: Actor, **changed: object) -> None:
    """A revision that differs from the current one in this."""
    table = type(row)
    key = {name: getattr(row, name) for name in table.revision_of}
    append(session, table, key, author.user_id, row.version, uuid4(), {**repeated(row, *changed), **changed})


# ---- whole writes


def make_claim(
    sentence: Sentence, author: Actor, wording: str, kind: MentionKind, claim_id: UUID, client_id: UUID | None = None
) -> Claim:
    """A new claim that the sentence makes, repeats or denies; its id, drawn by whoever asks, names the write, unless it
    has a client_id of its own.

    Raises Gone, Replaced, BadClaim for an id that is another claim's, and Conflict for one that is worded otherwise.
    """
    sentence_id, article_id, project_id = sentence.id, sentence.article_id, sentence.article.project_id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id == article_id))
        earlier = session.get(Claim, claim_id)
        if earlier and (earlier.maker_id != author.id or earlier.project_id != project_id):
            raise BadClaim("This id was used for another claim; every claim needs one of its own.")
        if earlier is None:
            require_open(session, sentence_id)
            assign_in_open_round(session, article_id, author)
        added_claim(session, project_id, author, wording, claim_id, sentence_id, kind, client_id)
        return session.get_one(Claim, claim_id)


def reword_claim(claim: Claim, author: Actor, wording: str, seen: int, client_id: UUID) -> ClaimWording:
    """The next wording. Raises NotFound where it is not the author's to word, Conflict."""
    claim_id = claim.id

    def refuse(_: ClaimWording | None) -> None:
        if not queries.may_word(author, claim_id):
            raise NotFound("There is no such claim, or it is not yours to word.")
        require_claim_open(session, claim_id, author)

    with db_write() as session:
        row, _ = _append_wording(session, claim_id, author, {"wording": wording}, seen, client_id, refuse)
    return row


def publish_claim(claim: Claim, supervisor: Actor, *, is_published: bool, seen: int, client_id: UUID) -> ClaimWording:
    """Show the claim to all analysts of a blind round, without its use; or not any more. Raises Conflict."""
    claim_id, project_id = claim.id, claim.project_id
    with db_write() as session:
        row, is_new = _append_wording(session, claim_id, supervisor, {"is_published": is_published}, seen, client_id)
        if is_new:
            what = "claim published" if is_published else "claim not published any more"
            audit(session, supervisor, what, project_id=project_id, claim_id=str(claim_id))
    return row


def withdraw_claim(claim: Claim, author: Actor, why: str, seen: int, client_id: UUID) -> ClaimWording:
    """Take back a claim made by mistake. Raises NotFound where it is not the author's to withdraw, Conflict."""
    claim_id = claim.id

    def refuse(_: ClaimWording | None) -> None:
        if not queries.may_word(author, claim_id):
            raise NotFound("There is no such claim, or it is not yours to withdraw.")
        refuse_closed(is_trashed=queries.lies_in_trash(claim_id, author))

    with db_write() as session:
        row, _ = _append_wording(session, claim_id, author, {"withdrawn_why": why}, seen, client_id, refuse)
    return row


def _append_wording(
    session: Session,
    claim_id: UUID,
    by: Actor,
    said: Mapping[str, Any],
    seen: int,
    client_id: UUID,
    refuse: Callable[[ClaimWording | None], None] | None = None,
) -> Appended[ClaimWording]:
    """The next revision of a claim itself, which says otherwise what is `said` and all else again."""
    return append(
        session,
        ClaimWording,
        {"claim_id": claim_id},
        by.user_id,
        seen,
        client_id,
        said,
        lock=select(Claim.id).where(Claim.id == claim_id),
        closed=refuse,
        besides=lambda current: repeated(current, *said),
    )


def mention_claim(
    claim: Claim,
    sentence: Sentence,
    author: Actor,
    kind: MentionKind,
    mention_id: UUID,
    client_id: UUID | None = None,
) -> ClaimMention:
    """Say that a sentence makes, repeats or denies the claim. The id, drawn by whoever asks, names the write, unless it
    has a client_id of its own.

    Raises Gone, Replaced; BadClaim for a sentence of another project, and for an id used otherwise.
    """
    claim_id, sentence_id, article_id = claim.id, sentence.id, sentence.article_id
    if claim.project_id != sentence.article.project_id:
        raise BadClaim("The sentence is of another project than the claim.")

    def refuse(current: ClaimMention | None) -> None:
        if current and (current.author_id != author.id or current.claim_id != claim_id):
            raise BadClaim("This id was used for another mention; every mention needs one of its own.")
        require_open(session, sentence_id)
        _refuse_withdrawn(session, claim_id)

    with db_write() as session:
        row, is_new = append(
            session,
            ClaimMention,
            {"mention_id": mention_id},
            author.user_id,
            0,
            client_id or mention_id,
            {"claim_id": claim_id, "sentence_id": sentence_id, "kind": kind},
            lock=select(Article.id).where(Article.id == article_id),
            closed=refuse,
        )
        if is_new:
            assign_in_open_round(session, article_id, author)
    return row


def amend_mention(mention_id: UUID, author: Actor, kind: MentionKind, seen: int, client_id: UUID) -> ClaimMention:
    """Say otherwise how the sentence mentions the claim, or that the mention still holds after a repair or once it was
    taken back. Raises NotFound for one that is not the author's, Conflict, Gone, BadClaim.
    """

    def refuse(current: ClaimMention | None) -> None:
        if current is None or current.author_id != author.id:
            raise NotFound("There is no such mention, or it is not yours to amend.")
        visibility.require_sentence_to_tag(author, current.sentence_id)
        _refuse_withdrawn(session, current.claim_id)

    with db_write() as session:
        row, _ = append(
            session,
            ClaimMention,
            {"mention_id": mention_id},
            author.user_id,
            seen,
            client_id,
            {"kind": kind},
            lock=_article_of(mention_id),
            closed=refuse,
            besides=lambda current: {**repeated(current, "kind", "withdrawn_why"), "to_confirm": False},
        )
    return row


def withdraw_mention(mention_id: UUID, author: Actor, why: str, seen: int, client_id: UUID) -> ClaimMention:
    """Take back a mention made by mistake; the claim stays. Raises NotFound where it is not the author's to withdraw,
    Conflict, Gone.
    """

    def refuse(current: ClaimMention | None) -> None:
        if current is None or not visibility.may_withdraw(author, current):
            raise NotFound("There is no such mention, or it is not yours to withdraw.")
        require_open(session, current.sentence_id)

    with db_write() as session:
        row, _ = append(
            session,
            ClaimMention,
            {"mention_id": mention_id},
            author.user_id,
            seen,
            client_id,
            {"withdrawn_why": why},
            lock=_article_of(mention_id),
            closed=refuse,
            besides=lambda current: repeated(current, "withdrawn_why"),
        )
    return row


def _article_of(mention_id: UUID) -> Select[int]:
    """The article of the mention, which a repair of the split holds, too."""
    of_mention = (
        select(Sentence.article_id)
        .join(ClaimMention, ClaimMention.sentence_id == Sentence.id)
        .where(ClaimMention.mention_id == mention_id, ClaimMention.is_current)
    )
    return select(Article.id).where(Article.id.in_(of_mention))


def settle_claim(
    claim: Claim, supervisor: Actor, settlement: Settlement, seen: int, client_id: UUID
) -> ClaimSettlement:
    """A supervisor's decision how the claim stands. Raises BadClaim in a blind round as long as an analyst who assessed
    it, or a double of it, has not handed in the articles in which they mention it; Conflict.
    """
    claim_id, project_id = claim.id, claim.project_id

    def refuse(_: ClaimSettlement | None) -> None:
        require_claim_open(session, claim_id, supervisor)
        still = queries.still_to_hand_in(families([claim_id], queries.merges_in(project_id))[claim_id])
        if still == {supervisor.user_id}:
            raise BadClaim(
                "You assessed this claim yourself, and have still to hand in the articles in which you mention it; in "
                "a blind round it is settled after that."
            )
        if still:
            analysts = (
                "1 analyst who assessed this claim has" if len(still) == 1 else f"{len(still)} who assessed it have"
            )
            raise BadClaim(
                f"{analysts} still to hand in the articles in which they mention it; in a blind round it is settled "
                "after that."
            )

    with db_write() as session:
        row, is_new = append(
            session,
            ClaimSettlement,
            {"claim_id": claim_id},
            supervisor.user_id,
            seen,
            client_id,
            vars(settlement),
            lock=select(Claim.id).where(Claim.id == claim_id),
            closed=refuse,
        )
        if is_new:
            audit(session, supervisor, "claim settled", project_id=project_id, claim_id=str(claim_id))
    return row


def unsettle_claim(claim: Claim, supervisor: Actor, why: str, seen: int, client_id: UUID) -> ClaimSettlement:
    """Take a settlement back, which stays on record: the claim stands as its analysts find it. Raises BadClaim where it
    is not settled, Conflict.
    """
    claim_id, project_id = claim.id, claim.project_id

    def refuse(current: ClaimSettlement | None) -> None:
        require_claim_open(session, claim_id, supervisor)
        if current is None or current.withdrawn_why is not None:
            raise BadClaim("This claim is not settled; there is nothing to take back.")

    with db_write() as session:
        row, is_new = append(
            session,
            ClaimSettlement,
            {"claim_id": claim_id},
            supervisor.user_id,
            seen,
            client_id,
            {"withdrawn_why": why},
            lock=select(Claim.id).where(Claim.id == claim_id),
            closed=refuse,
            besides=lambda current: repeated(current, "withdrawn_why"),
        )
        if is_new:
            audit(
                session, supervisor, "settlement of a claim taken back", project_id=project_id, claim_id=str(claim_id)
            )
    return row


def merge_claim(
    claim: Claim, into: Claim, supervisor: Actor, reason: str | None, seen: int, client_id: UUID
) -> ClaimMerge:
    """One claim goes into another as its double; nothing is rewritten. Raises BadClaim for itself, a circle, and what
    was withdrawn; Conflict.
    """
    claim_id, into_id, project_id = claim.id, into.id, claim.project_id
    if into.project_id != project_id:
        raise BadClaim("The two claims are of different projects.")

    def refuse(_: ClaimMerge | None) -> None:
        refuse_circle(claim_id, into_id, queries.merges_in(project_id), BadClaim, "claim")
        _refuse_withdrawn(session, claim_id)
        _refuse_withdrawn(session, into_id)

    with db_write() as session:
        row, is_new = append(
            session,
            ClaimMerge,
            {"claim_id": claim_id},
            supervisor.user_id,
            seen,
            client_id,
            {"into_id": into_id, "reason": reason},
            lock=select(Project.id).where(Project.id == project_id),
            closed=refuse,
        )
        if is_new:
            told = {"claim_id": str(claim_id), "into_id": str(into_id)}
            audit(session, supervisor, "claims merged", project_id=project_id, **told)
    return row


def split_claim(claim: Claim, supervisor: Actor, seen: int, client_id: UUID) -> ClaimMerge:
    """Take a merge back: the claim stands for itself again. Raises BadClaim where nothing was merged, Conflict."""
    claim_id, project_id = claim.id, claim.project_id

    def refuse(current: ClaimMerge | None) -> None:
        if current is None:
            raise BadClaim("This claim is not merged into another one; there is nothing to take back.")

    with db_write() as session:
        row, is_new = append(
            session,
            ClaimMerge,
            {"claim_id": claim_id},
            supervisor.user_id,
            seen,
            client_id,
            {"into_id": None},
            lock=select(Project.id).where(Project.id == project_id),
            closed=refuse,
        )
        if is_new:
            audit(session, supervisor, "merge of claims taken back", project_id=project_id, claim_id=str(claim_id))
    return row
