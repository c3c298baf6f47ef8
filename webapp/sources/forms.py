"""What a person may send about sources."""

from wtforms import StringField, SubmitField

from webapp.domain import terms
from webapp.domain.sources import Entry, entry_from
from webapp.forms import RevisionForm, term_field


class EntryForm(RevisionForm):
    name = StringField("Name")
    kind = term_field("Kind", terms.SourceKind, blank="choose")
    submit = SubmitField("Save")

    def entry(self) -> Entry:
        """The name and kind sent. Raises BadSource."""
        return entry_from(self.data)
