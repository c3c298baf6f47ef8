"""What a supervisor may send before they see what the analysts said."""

from wtforms import RadioField, SubmitField

from webapp.domain import terms
from webapp.domain.errors import BadDecision
from webapp.domain.terms import Tag
from webapp.forms import Form, term_choices


class FirstTagForm(Form):
    """The supervisor's own tag, before anything of the analysts is shown."""

    first_tag = RadioField("Your own tag first", choices=term_choices(terms.Tag), validate_choice=False)
    own = SubmitField("Show the analysts’ tags")

    def chosen(self) -> Tag:
        """Raises BadDecision."""
        try:
            return Tag(str(self.first_tag.data))
        except ValueError:
            raise BadDecision("Choose your own tag first.") from None
