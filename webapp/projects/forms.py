"""What a supervisor or admin may send about a project."""

from wtforms import BooleanField, IntegerField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.forms import Form
from webapp.projects.actions import Settings


class ProjectForm(Form):
    name = StringField("Name", [InputRequired("Write a name.")])
    description = TextAreaField("Description")
    is_blind = BooleanField("Blind: nobody learns of another's answers before adjudication")
    own_tag_first = BooleanField("Who adjudicates tags first, before seeing the analysts’ tags")
    overlap = IntegerField("Analysts per article", [InputRequired("Write a number.")], default=1)
    language = StringField("Language of new articles")
    submit = SubmitField("Save")

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


class PlanForm(Form):
    analysts = Checkboxes("Analysts", coerce=int)
    overlap = IntegerField("Analysts per article", [InputRequired("Write a number.")])
    percent = IntegerField(
        "Per cent of the articles for everybody",
        [NumberRange(0, 100, "Write a number from 0 to 100.")],
        default=0,
    )
    expected = IntegerField()
    preview = SubmitField("Preview")
    carry_out = SubmitField("Hand out")

    @property
    def share(self) -> float:
        return (self.percent.data or 0) / 100
