"""What a person may send about claims: notes on sentences, assessments, evidence, settling, merging, taking back."""

from contextlib import closing, nullcontext
from typing import Any
from uuid import UUID

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField, SubmitField, TextAreaField

from webapp.domain import terms
from webapp.domain.claims import Settlement, mention_kind_from, reason_from, settlement_from, wording_from
from webapp.domain.corroboration import (
    Assessed,
    EvidenceItem,
    Finding,
    assessed_from,
    evidence_from,
    finding_from,
    items_of_sheet,
)
from webapp.domain.errors import BadClaim, BadNote
from webapp.domain.terms import MentionKind
from webapp.forms import RevisionForm, term_field

NOT_RECORDED = "not recorded"


def _choice(label: str, values: Any, blank: str = NOT_RECORDED) -> SelectField:
    """A choice whose rule, and the sentence for whoever breaks it, is the domain's."""
    return term_field(label, values, blank, validate_choice=False)


class NoteForm(RevisionForm):
    status = term_field("How the claim stands", terms.CorroborationStatus, blank="choose")
    claim = TextAreaField("Claim checked", description="In one neutral sentence of its own")
    note = TextAreaField("Note")
    url = StringField("Address", render_kw={"type": "url", "inputmode": "url"})
    note_key = HiddenField()
    submit = SubmitField("Save note")

    def finding(self) -> Finding:
        """The finding sent. Raises BadNote."""
        return finding_from(self.data)

    def key(self) -> UUID | None:
        """The note to amend; None for a new one. Raises BadNote."""
        try:
            return UUID(self.note_key.data) if self.note_key.data else None
        except ValueError:
            raise BadNote("There is no such note; reload the page.") from None


class WordingForm(RevisionForm):
    wording = TextAreaField("The claim, in one neutral sentence of its own")
    submit = SubmitField("Save the wording")

    def told(self) -> str:
        """Raises BadClaim."""
        return wording_from(self.wording.data)


class AssessmentForm(RevisionForm):
    status = _choice("How the claim stands", terms.CorroborationStatus, blank="choose")
    note = TextAreaField("What you found")
    why_other = StringField("Why another status than the records propose")
    look_again_by = StringField("Look again by", render_kw={"placeholder": "2026-12-01"})
    submit = SubmitField("Save my assessment")

    def told(self) -> Assessed:
        """Raises BadNote."""
        return assessed_from(self.data)


class EvidenceForm(RevisionForm):
    evidence_id = HiddenField()
    sentence = HiddenField()
    """A sentence of the corpus that is the item."""
    stance = _choice("The item", terms.Stance, blank="choose")
    independence = _choice("Independence", terms.Independence, blank="choose")
    url = StringField("Address", render_kw={"type": "url", "inputmode": "url", "placeholder": "https://"})
    description = StringField("Or what it is, where it has no address")
    outlet = StringField("Outlet")
    title = StringField("Title")
    published_date = StringField("Published", render_kw={"placeholder": "2013-10"})
    quote = TextAreaField("Passage")
    origin = StringField("Origin")
    same_origin_as = SelectField("Same origin as", choices=[], validate_choice=False)
    source_reliability = _choice("Reliability of its source", terms.Reliability)
    information_credibility = _choice("Credibility of the information", terms.Credibility)
    covers = _choice("Speaks to", terms.Covers)
    author = StringField("Author")
    accessed_at = StringField("Looked at", render_kw={"placeholder": "2026-11-27"})
    archive_url = StringField("Archived copy", render_kw={"type": "url", "inputmode": "url"})
    known_since = StringField("Known since")
    note = TextAreaField("Note")
    submit = SubmitField("Save the item")

    def told(self) -> EvidenceItem:
        """Raises BadEvidence."""
        return evidence_from(self.data)

    def amended(self) -> UUID | None:
        """The item to amend; None for a new one. Raises BadClaim."""
        return uuid_from(self.evidence_id.data)


class CopyForm(RevisionForm):
    evidence_id = HiddenField()
    upload = FileField("File")
    submit = SubmitField("Keep the copy")


class SheetForm(RevisionForm):
    upload = FileField("The sheet, saved as CSV")
    stance = _choice("The items", terms.Stance, blank="choose")
    independence = _choice("Independence", terms.Independence, blank="choose")
    submit = SubmitField("Bring them in")

    def items(self) -> list[EvidenceItem]:
        """The items that the sheet tells of. Raises BadEvidence."""
        upload = self.upload.data
        with closing(upload) if upload else nullcontext():
            content = upload.read() if upload else b""
        return items_of_sheet(content, self.stance.data, self.independence.data)


class BlankForm(RevisionForm):
    copy = HiddenField()
    reason = StringField("By which law or order")
    submit = SubmitField("Remove its content")

    def why(self) -> str:
        """Raises BadClaim."""
        return reason_from(self.reason.data)


class SettlementForm(RevisionForm):
    status = _choice("It stands", terms.CorroborationStatus, blank="choose")
    reason = TextAreaField("Reason")
    submit = SubmitField("Settle")

    def told(self) -> Settlement:
        """Raises BadClaim."""
        return settlement_from(self.data)


class MergeForm(RevisionForm):
    into = SelectField("The same as", choices=[], validate_choice=False)
    reason = StringField("Reason")
    submit = SubmitField("Merge")

    def chosen(self) -> UUID:
        """Raises BadClaim."""
        chosen = uuid_from(self.into.data)
        if chosen is None:
            raise BadClaim("Choose the claim into which this one goes.")
        return chosen


class UnmergeForm(RevisionForm):
    double = HiddenField()
    submit = SubmitField("Take the merge back")


class PublishForm(RevisionForm):
    is_published = BooleanField("Shown to all analysts")
    submit = SubmitField("Save")


class WithdrawForm(RevisionForm):
    thing = HiddenField()
    reason = StringField("Why")
    submit = SubmitField("Take back")

    def why(self) -> str:
        """Raises BadClaim."""
        return reason_from(self.reason.data)


class MentionForm(RevisionForm):
    thing = HiddenField()
    kind = _choice("The sentence", terms.MentionKind, blank="choose")
    submit = SubmitField("Save")

    def told(self) -> MentionKind:
        """Raises BadClaim."""
        return mention_kind_from(self.kind.data)


class NewMentionForm(RevisionForm):
    claim = SelectField("Claim", choices=[], validate_choice=False)
    kind = _choice("The sentence", terms.MentionKind, blank="choose")
    submit = SubmitField("Mention it")

    def chosen(self) -> UUID:
        """The claim that is mentioned. Raises BadClaim."""
        chosen = uuid_from(self.claim.data)
        if chosen is None:
            raise BadClaim("Choose the claim that the sentence mentions; a new one is made by a note.")
        return chosen

    def told(self) -> MentionKind:
        """Raises BadClaim."""
        return mention_kind_from(self.kind.data)


def uuid_from(value: str | None) -> UUID | None:
    """The id that a field holds; None for none. Raises BadClaim."""
    try:
        return UUID(value) if value else None
    except ValueError:
        raise BadClaim("There is no such thing; reload the page.") from None
