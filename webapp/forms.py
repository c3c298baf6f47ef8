"""What all forms share."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from webapp.domain.terms import Term


class Form(FlaskForm):  # type: ignore[misc]
    """A form that knows whether it was sent and is whole."""

    def submitted(self) -> bool:
        return bool(self.validate_on_submit())


def whole_number(text: str | None) -> int | None:
    """The number that a hidden field or address carries; None for anything else, also for one of endless digits."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 18 else None


def term_field(label: str, terms: Any, blank: str | None = "not recorded") -> SelectField:
    """A choice among terms of the codebook, with its wording; `blank` None: there is no empty choice."""
    return SelectField(label, choices=term_choices(terms, blank))


def term_choices(terms: Any, blank: str | None = None) -> list[SelectChoice]:
    first = [SelectChoice("", blank)] if blank is not None else []
    return first + [SelectChoice(term.value, wording(term)) for term in terms]


def wording(term: Term) -> str:
    """The label with its meaning behind it."""
    return f"{term.label} ({term.meaning})" if term.meaning else term.label
