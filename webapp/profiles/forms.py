"""The forms of the pages of profiles."""

import re
from collections.abc import Sequence
from typing import Self

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice

from webapp.domain.relative_dates import resolved_from
from webapp.forms import Form, RevisionForm
from webapp.ids import whole_number

_ARTICLE = re.compile(r"(?:.*/articles/)?(\d+)(?:[/?#].*)?", re.ASCII)
_SOURCE = re.compile(r".*/sources/([0-9a-f-]{36})(?:[/?#].*)?", re.ASCII)


class ColumnForm(Form):
    """What is to stand beside the columns that are there; whatever is filled in becomes one."""

    add_outlet = SelectField("An outlet")
    add_page = StringField("An article or source, by its address", render_kw={"autocomplete": "off", "dir": "ltr"})
    add_since = StringField("All articles from", render_kw={"placeholder": "2013-10"})
    add_until = StringField("until", render_kw={"placeholder": "2013-12"})

    @classmethod
    def of(cls, given: MultiDict[str, str], outlets: Sequence[str]) -> Self:
        """The form as an address fills it in."""
        form: Self = cls(given, meta={"csrf": False})
        form.add_outlet.choices = [SelectChoice("", "choose"), *(SelectChoice(one, one) for one in outlets)]
        return form

    def wanted(self) -> dict[str, str]:
        """The addresses of the columns asked for, by the field that asks for each."""
        outlet, page, since, until = (
            (field.data or "").strip() for field in (self.add_outlet, self.add_page, self.add_since, self.add_until)
        )
        asked = {}
        if outlet:
            asked["add_outlet"] = f"outlet:{outlet}"
        if source := _SOURCE.fullmatch(page):
            asked["add_page"] = f"source:{source[1]}"
        elif page:
            article = _ARTICLE.fullmatch(page)
            asked["add_page"] = f"article:{article[1] if article else page}"
        if since or until:
            asked["add_since"] = f"time:{since}..{until}"
        return asked


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
