"""What a supervisor or admin may send about a project."""

from typing import Any

from wtforms import (
    BooleanField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.domain.errors import BadSettings
from webapp.forms import Form, WholeNumberField
from webapp.projects.actions import Settings, Wish, checked


class ProjectForm(Form):
    name = StringField("Name", [InputRequired("Write a name.")])
    description = TextAreaField("Description")
    is_blind = BooleanField("Blind: nobody learns of another's answers before adjudication")
    own_tag_first = BooleanField("Who adjudicates tags first, before seeing the analysts’ tags")
    overlap = WholeNumberField("Analysts per article", [InputRequired("Write a number.")], default=1)
    language = StringField("Language of new articles")
    submit = SubmitField("Save")

    def validate(self, extra_validators: Any = None) -> bool:
        """Also what only the rules of projects know, so that all that is wrong is said at once."""
        is_whole = bool(super().validate(extra_validators))
        if not is_whole:
            try:
                checked(self.settings())
            except BadSettings as refused:
                self.say({name: fault for name, fault in refused.faults.items() if not self[name].errors})
        return is_whole

    def settings(self) -> Settings:
        return Settings(
            self.name.data or "",
            self.description.data,
            self.is_blind.data,
            self.overlap.data or 0,
            self.language.data,
            self.own_tag_first.data,
        )


class Checkboxes(SelectMultipleField):  # type: ignore[misc]
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


STRATA = (("", "all alike"), ("outlet", "the outlets"), ("month", "the months of publication"))


class PlanForm(Form):
    analysts = Checkboxes("Analysts", coerce=int)
    overlap = WholeNumberField("Analysts per article", [InputRequired("Write a number.")])
    percent = WholeNumberField(
        "Per cent of the articles for everybody",
        [NumberRange(0, 100, "Write a number from 0 to 100.")],
        default=0,
    )
    draw = WholeNumberField("Draw so many articles", [Optional(), NumberRange(1, message="Write a number, 1 or more.")])
    strata = SelectField("Drawn among", default="", choices=[SelectChoice(*one) for one in STRATA])
    expected = WholeNumberField()
    preview = SubmitField("Preview")
    carry_out = SubmitField("Hand out")

    def wish(self) -> Wish:
        share = (self.percent.data or 0) / 100
        return Wish(self.analysts.data or [], self.overlap.data or 0, share, self.draw.data, self.strata.data or "")
