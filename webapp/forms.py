"""What all forms share."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.domain.errors import BadArticle
from webapp.domain.intake.description import checked
from webapp.domain.terms import Term
from webapp.domain.writes import write_key
from webapp.ids import LARGEST_ID


class Form(FlaskForm):  # type: ignore[misc]
    """A form that knows whether it was sent and is whole."""

    def submitted(self) -> bool:
        return bool(self.validate_on_submit())

    @property
    def to_mend(self) -> str | None:
        """The name of the first field in which something is wrong."""
        return next((field.name for field in self if field.errors), None)

    def say(self, faults: Mapping[str, str]) -> None:
        """Put what is wrong to the fields that it is about."""
        for name, fault in faults.items():
            self[name].errors = [*self[name].errors, fault]


def of_article(_: Form, of: Field) -> None:
    """A validator of a field that is named as in `DESCRIBED`: what is wrong with it is said there."""
    try:
        checked(of.name, of.data or "")
    except BadArticle as refused:
        raise ValidationError(str(refused)) from None


class WholeNumberField(IntegerField):  # type: ignore[misc]
    """A whole number that a database can hold; a larger one is none, and nothing is reckoned with it."""

    data: int | None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and abs(self.data) > LARGEST_ID:
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))


class RevisionForm(Form):
    """A form that writes a revision: with the version seen, and an id of its own by which a second click is known."""

    seen = HiddenField(default="0")
    client_id = HiddenField(default=lambda: str(uuid4()))

    def write_key(self) -> tuple[int, UUID]:
        """The version seen and the id of this write. Raises BadAnswer when the page was tampered with."""
        return write_key(self.seen.data, self.client_id.data)

    def follow(self, version: int) -> None:
        """After a conflict, what is sent next is another write, on the version that counts now."""
        self.seen.data, self.client_id.data = str(version), str(uuid4())


def term_field(label: str, terms: Any, blank: str | None = "not recorded", **options: Any) -> SelectField:
    """A choice among terms of the codebook, with its wording; `blank` None: there is no empty choice."""
    return SelectField(label, choices=term_choices(terms, blank), **options)


def term_choices(terms: Any, blank: str | None = None) -> list[SelectChoice]:
    first = [SelectChoice("", blank)] if blank is not None else []
    return first + [SelectChoice(term.value, wording(term)) for term in terms]


def wording(term: Term) -> str:
    """The label with its meaning behind it."""
    return f"{term.label} ({term.meaning})" if term.meaning else term.label
