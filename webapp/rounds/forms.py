"""What a supervisor may send about rounds."""

from wtforms import BooleanField, IntegerField, StringField, SubmitField
from wtforms.validators import InputRequired

from webapp.forms import Form
from webapp.rounds.actions import NewRound


class NewRoundForm(Form):
    name = StringField("Name", [InputRequired("Write a name.")])
    overlap = IntegerField("Analysts per article", [InputRequired("Write a number.")], default=1)
    is_blind = BooleanField("Blind: nobody learns of another's answers before adjudication")
    closes = BooleanField()
    begin = SubmitField("Close this round and begin the next")

    def new_round(self) -> NewRound:
        return NewRound(self.name.data or "", self.is_blind.data, self.overlap.data or 0)


class NameForm(Form):
    name = StringField("Name", [InputRequired("Write a name.")])
    rename = SubmitField("Rename")
