"""The notes on a sentence: assessments of the claims that are mentioned there."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from webapp import visibility
from webapp.db import db
from webapp.models import Actor, Assessment, ClaimMention, Sentence


@dataclass(frozen=True)
class Note:
    """An assessment as the note that a sentence shows: the claim is mentioned there."""

    assessment: Assessment
    mention: ClaimMention

    def values(self, reader_id: int) -> dict[str, Any]:
        """The note as JSON values for this reader."""
        own = self.mention.author_id == self.assessment.author_id
        return self.assessment.values(reader_id, to_confirm=own and self.mention.to_confirm)


def notes_on(sentence_id: int, reader: Actor) -> list[Note]:
    """The notes on a sentence that this person may read, oldest first."""
    return notes_by_sentence(select(Sentence.id).where(Sentence.id == sentence_id), reader).get(sentence_id, [])


def notes_by_sentence(sentences: Select[int], reader: Actor) -> dict[int, list[Note]]:
    """The same for these sentences, by sentence."""
    found: dict[int, list[Note]] = {}
    rows = db.session.execute(
        visibility.notes_visible_to(reader)
        .join(ClaimMention, ClaimMention.claim_id == Assessment.claim_id)
        .add_columns(ClaimMention)
        .where(
            ClaimMention.is_current,
            ClaimMention.withdrawn_why.is_(None),
            ClaimMention.sentence_id.in_(sentences),
            visibility.makes_a_note(),
            ~visibility.is_old_mention(reader, beside_work=True),
        )
        .order_by(Assessment.id, ClaimMention.author_id == Assessment.author_id, ClaimMention.id)
    )
    for assessment, mention in rows:
        notes = found.setdefault(mention.sentence_id, [])
        if notes and notes[-1].assessment is assessment:
            notes.pop()  # mentioned there by several: the author's own says more
        notes.append(Note(assessment, mention))
    return found
