"""What a supervisor may send about rounds."""

from collections.abc import Sequence

from wtforms import BooleanField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from webapp.forms import Form, WholeNumberField
from webapp.rounds.actions import NewRound


class NewRoundForm(Form):
    name = StringField("Name", [InputRequired("Write a name.")])
    overlap = WholeNumberField("Analysts per article", [InputRequired("Write a number.")], default=1)
    is_blind = BooleanField("Blind: nobody learns of another's answers before adjudication")
    key = SelectField("Key: the settled tags of an earlier round", validate_choice=False)
    pass_mark = WholeNumberField("Pass mark, in per cent of the sentences with a key", [Optional()])
    by_lower_end = BooleanField("The lower end of the 95 % interval has to reach the mark, not the share alone")
    entry = SelectField("Only who passed this test is handed work", validate_choice=False)
    closes = BooleanField()
    begin = SubmitField("Close this round and begin the next")

    def new_round(self) -> NewRound:
        return NewRound(
            self.name.data or "",
            self.is_blind.data,
            self.overlap.data or 0,
            self.key.data or None,
            self.pass_mark.data,
            self.by_lower_end.data,
            self.entry.data or None,
        )

    def offer(self, keys: Sequence[str], tests: Sequence[str]) -> None:
        """What may be chosen: rounds with settled tags, and rounds that test."""
        self.key.choices = [SelectChoice("", "none"), *(SelectChoice(name, name) for name in keys)]
        self.entry.choices = [SelectChoice("", "no test"), *(SelectChoice(name, name) for name in tests)]


class NameForm(Form):
    name = StringField("Name", [InputRequired("Write a name.")])
    rename = SubmitField("Rename")
