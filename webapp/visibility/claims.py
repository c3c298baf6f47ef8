"""Whose claims, mentions, assessments and evidence a person reads: in a blind round own and published ones."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, or_, select, true
from sqlalchemy.orm import aliased

from webapp.db import db
from webapp.domain.errors import NotFound
from webapp.models import (
    MAKERS,
    Actor,
    Article,
    Assessment,
    Assignment,
    AssignmentState,
    Claim,
    ClaimMention,
    ClaimMerge,
    ClaimSettlement,
    ClaimWording,
    Evidence,
    EvidenceCopy,
    EvidencePiece,
    OutletCount,
    Project,
    Role,
    Sentence,
)
from webapp.visibility.articles import still_to_submit
from webapp.visibility.projects import OPEN, in_projects, reads_everybodys, supervises, without_index
from webapp.visibility.repeats import claims_before_a_repeat, is_old_mention
from webapp.visibility.rows import one

OF_CLAIM = without_index(Claim.project_id)
"""The project of a Claim, asked of the rows that are found otherwise."""
_WORDING, _MENTION, _SENTENCE = aliased(ClaimWording), aliased(ClaimMention), aliased(Sentence)
"""Made once, as the ledger asks a dozen times who may read a claim."""


def claims_visible_to(actor: Actor) -> Select[Claim]:
    """Claims: all for supervisors, and in an open project; in a blind one all for researchers who are no analysts
    there, for analysts their own and what a supervisor published. Of an article that one still has to submit in a
    blind round nobody reads others' claims, whatever else they are there.
    """
    return select(Claim).join(Claim.project).where(Project.is_live, may_read_claim(actor))


def may_read_claim(actor: Actor) -> ColumnElement[bool]:
    """The same as a condition on Claim."""
    is_member = in_projects(actor, OF_CLAIM, *Role)
    return and_(_is_not_put_off(actor), or_(_reads_others(actor), and_(is_member, is_own_or_published(actor))))


def _is_not_put_off(actor: Actor) -> ColumnElement[bool]:
    """Whether a Claim is none of those that the actor mentioned before, and only, in an article they do once more."""
    put_off = claims_before_a_repeat(actor)
    return true() if put_off is None else Claim.id.not_in(put_off)


def is_own_or_published(actor: Actor) -> ColumnElement[bool]:
    """Whether a Claim is the actor's own or published: what an analyst has at hand in a blind round."""
    return or_(Claim.maker_id == actor.id, _is_published())


def _is_published() -> ColumnElement[bool]:
    """Whether a supervisor shows a Claim to all."""
    return exists().where(_WORDING.claim_id == Claim.id, _WORDING.is_current, _WORDING.is_published.is_(True))


def may_word(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor words a Claim anew and takes it back: supervisors all, analysts what they made; in a blind
    round until it is published, since the others see what becomes of it.
    """
    is_theirs = and_(Claim.maker_id == actor.id, or_(~_is_published(), OF_CLAIM.in_(OPEN)))
    return or_(
        in_projects(actor, OF_CLAIM, Role.SUPERVISOR),
        and_(in_projects(actor, OF_CLAIM, Role.ANALYST), is_theirs),
    )


def _reads_others(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor reads what others wrote about a Claim without spoiling their own work."""
    return and_(reads_everybodys(actor, OF_CLAIM), _spoils_nothing(actor, Claim.id))


def _spoils_nothing(actor: Actor, claim_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Whether it is the id of a claim of which others' words spoil no work that the actor has; the shell has none."""
    if actor.reads_all:
        return true()
    return or_(OF_CLAIM.in_(OPEN), claim_id.not_in(_in_articles_to_submit(actor)))


def _in_articles_to_submit(actor: Actor) -> Select[UUID]:
    """The ids of the claims that are mentioned in an article which the actor still has to submit."""
    return (
        select(_MENTION.claim_id)
        .join(_SENTENCE, _SENTENCE.id == _MENTION.sentence_id)
        .where(_MENTION.is_current, _SENTENCE.article_id.in_(still_to_submit(actor)))
    )


def reads_others_about(actor: Actor, claim_id: UUID) -> bool:
    """Whether the actor reads what others wrote about this claim."""
    return db.session.scalar(select(Claim.id).where(Claim.id == claim_id, _reads_others(actor))) is not None


def reads_claims_as_counted(actor: Actor, project: Project) -> bool:
    """Whether what is kept of a project's claims and mentions tells what the actor reads of them.

    Not of somebody who reads everybody's in a blind round but for what is claimed in articles that they still have to
    submit themselves, nor of whoever does an article once more.
    """
    blind = select(Project.id).where(Project.id == project.id, Project.id.not_in(OPEN))
    exempt = blind.where(reads_everybodys(actor, Project.id), still_to_submit(actor).exists())
    put_off = claims_before_a_repeat(actor)
    if put_off is not None and db.session.scalar(put_off.limit(1)) is not None:
        return False
    return db.session.scalar(exempt) is None


def outlet_counts_visible_to(actor: Actor) -> Select[OutletCount]:
    """What is kept of the outlets in which claims are mentioned, for whom it is as counted."""
    own = OutletCount.author_id == actor.id
    return select(OutletCount).where(or_(reads_everybodys(actor, OutletCount.project_id), own))


def wordings_visible_to(actor: Actor) -> Select[ClaimWording]:
    """The current wordings of the claims that the person reads."""
    return (
        select(ClaimWording)
        .join(ClaimWording.claim)
        .join(Claim.project)
        .where(ClaimWording.is_current, Project.is_live, may_read_claim(actor))
    )


def mentions_visible_to(actor: Actor) -> Select[ClaimMention]:
    """Current mentions in articles that are not in the trash: everybody's for who reads others, else one's own."""
    return mentions_on_record_for(actor).where(ClaimMention.withdrawn_why.is_(None))


def mentions_on_record_for(actor: Actor) -> Select[ClaimMention]:
    """The same with those that were withdrawn."""
    return mentions_wherever_for(actor).where(Article.is_live)


def mentions_wherever_for(actor: Actor) -> Select[ClaimMention]:
    """The same also in articles that lie in the trash."""
    return (
        select(ClaimMention)
        .join(Claim, Claim.id == ClaimMention.claim_id)
        .join(Claim.project)
        .join(Sentence, Sentence.id == ClaimMention.sentence_id)
        .join(Article, Article.id == Sentence.article_id)
        .where(
            ClaimMention.is_current,
            Project.is_live,
            _is_not_put_off(actor),
            or_(_reads_others(actor), ClaimMention.author_id == actor.id),
            ~is_old_mention(actor),
        )
    )


def evidence_visible_to(actor: Actor) -> Select[Evidence]:
    """Current items: everybody's for those who read others, else one's own; the withdrawn among them."""
    return (
        select(Evidence)
        .join(Claim, Claim.id == Evidence.claim_id)
        .join(Claim.project)
        .where(
            Evidence.is_current,
            Project.is_live,
            _is_not_put_off(actor),
            or_(_reads_others(actor), Evidence.author_id == actor.id),
        )
    )


def copies_visible_to(actor: Actor) -> Select[EvidenceCopy]:
    """The files kept with the items that the person reads."""
    return (
        select(EvidenceCopy)
        .join(
            Evidence, and_(Evidence.evidence_id == EvidenceCopy.evidence_id, Evidence.claim_id == EvidenceCopy.claim_id)
        )
        .join(Claim, Claim.id == EvidenceCopy.claim_id)
        .join(Claim.project)
        .where(
            Evidence.is_current,
            Project.is_live,
            _is_not_put_off(actor),
            or_(
                _reads_others(actor),
                and_(in_projects(actor, OF_CLAIM, *Role), Evidence.author_id == actor.id),
            ),
        )
    )


def pieces_visible_to(actor: Actor) -> Select[EvidencePiece]:
    """The content of those files."""
    ids = copies_visible_to(actor).with_only_columns(EvidenceCopy.id)
    return select(EvidencePiece).where(EvidencePiece.copy_id.in_(ids))


def copy_for(actor: Actor, copy_id: UUID) -> EvidenceCopy:
    """The copy, if the person may read its item. Raises NotFound."""
    return one(copies_visible_to(actor).where(EvidenceCopy.id == copy_id), "copy")


def settlements_visible_to(actor: Actor) -> Select[ClaimSettlement]:
    """What was settled, for those who read others."""
    return (
        select(ClaimSettlement)
        .join(Claim, Claim.id == ClaimSettlement.claim_id)
        .join(Claim.project)
        .where(
            ClaimSettlement.is_current,
            ClaimSettlement.withdrawn_why.is_(None),
            Project.is_live,
            _is_not_put_off(actor),
            _reads_others(actor),
        )
    )


def claim_merges_visible_to(actor: Actor) -> Select[ClaimMerge]:
    """Which claim was merged into which, for those who read others on either of them: nothing of it shows to an analyst
    of a blind round. A merge into a claim that was withdrawn since holds no longer.
    """
    into = _WORDING.claim_id == ClaimMerge.into_id
    stands = exists().where(into, _WORDING.is_current, _WORDING.withdrawn_why.is_(None))
    return (
        select(ClaimMerge)
        .join(Claim, Claim.id == ClaimMerge.claim_id)
        .join(Claim.project)
        .where(
            ClaimMerge.is_current,
            stands,
            Project.is_live,
            _is_not_put_off(actor),
            _reads_others(actor),
            _spoils_nothing(actor, ClaimMerge.into_id),
        )
    )


def notes_visible_to(actor: Actor) -> Select[Assessment]:
    """Current assessments: one's own; where one supervises everybody's, where one researches those of analysts who
    handed in an article that mentions the claim. In a blind project only one's own of a claim in an article that one
    still has to submit.
    """
    handed_in = (
        select(_MENTION.id)
        .join(_SENTENCE, _SENTENCE.id == _MENTION.sentence_id)
        .join(Assignment, Assignment.article_id == _SENTENCE.article_id)
        .where(
            _MENTION.claim_id == Assessment.claim_id,
            _MENTION.is_current,
            Assignment.analyst_id == Assessment.author_id,
            Assignment.state == AssignmentState.SUBMITTED,
        )
        .exists()
    )
    return (
        select(Assessment)
        .join(Claim, Claim.id == Assessment.claim_id)
        .join(Claim.project)
        .where(
            Assessment.is_current,
            Project.is_live,
            _is_not_put_off(actor),
            or_(
                Assessment.author_id == actor.id,
                and_(
                    _spoils_nothing(actor, Claim.id),
                    or_(
                        in_projects(actor, OF_CLAIM, Role.SUPERVISOR),
                        and_(in_projects(actor, OF_CLAIM, Role.RESEARCHER), handed_in),
                    ),
                ),
            ),
        )
    )


def makes_a_note() -> ColumnElement[bool]:
    """Whether a ClaimMention makes an Assessment of its Claim a note on the sentence: not where the claim was taken
    back, and in a blind round only one's own mention does, as another's would tell where they found it.
    """
    wording = aliased(ClaimWording)
    taken_back = exists().where(
        wording.claim_id == Assessment.claim_id, wording.is_current, wording.withdrawn_why.is_not(None)
    )
    return and_(~taken_back, or_(ClaimMention.author_id == Assessment.author_id, OF_CLAIM.in_(OPEN)))


def claim_for(actor: Actor, claim_id: UUID) -> Claim:
    """The claim, if the person may read it. Raises NotFound."""
    return one(claims_visible_to(actor).where(Claim.id == claim_id), "claim")


def may_amend(actor: Actor, row: ClaimMention | Evidence) -> bool:
    """Whether it is the actor's own, who still makes claims in its project."""
    return row.author_id == actor.id and actor.has(row.claim.project_id, *MAKERS)


def may_withdraw(actor: Actor, row: ClaimMention | Evidence) -> bool:
    """The same, or the actor supervises the project."""
    return may_amend(actor, row) or supervises(actor, row.claim.project_id)


def claim_to_change(actor: Actor, claim_id: UUID, *roles: Role) -> Claim:
    """The claim, if the person may read it and has one of these roles in its project. Raises NotFound."""
    found = claim_for(actor, claim_id)
    if not actor.has(found.project_id, *roles):
        raise NotFound("There is no such claim, or it is not yours to change like this.")
    return found
