"""The form of the pages of profiles."""

from wtforms import HiddenField, StringField, SubmitField

from webapp.domain.relative_dates import resolved_from
from webapp.forms import RevisionForm
from webapp.ids import whole_number


class DateForm(RevisionForm):
    place = HiddenField()
    """`start-end` of the words."""
    resolved = StringField("Means", render_kw={"placeholder": "year-month-day", "autocomplete": "off"})
    submit = SubmitField("Save")

    def span(self) -> tuple[int, int]:
        """Where the words stand; (0, 0) for what is no place."""
        start, _, end = (self.place.data or "").partition("-")
        return whole_number(start) or 0, whole_number(end) or 0

    def told(self) -> str | None:
        """Raises BadDate."""
        return resolved_from(self.resolved.data)
