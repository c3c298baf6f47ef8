"""What a person may send about a claim."""

from uuid import UUID

from wtforms import HiddenField, StringField, SubmitField, TextAreaField

from webapp.domain import terms
from webapp.domain.corroboration import Finding, finding_from
from webapp.domain.errors import BadNote
from webapp.forms import RevisionForm, term_field


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
