"""What a person may send to bring something in."""

from collections.abc import Sequence

from wtforms import FileField, HiddenField, SelectField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.forms import Form


class TagsForm(Form):
    upload = FileField("File")
    labels = TextAreaField("Labels")
    kept = HiddenField()
    """Under which name the file lies here while somebody looks at it."""
    file_name = HiddenField()
    look = SubmitField("Look at it first")
    bring = SubmitField("Bring in what fits")


class PackageForm(Form):
    upload = FileField("Package")
    into = SelectField("As", default="")
    """The project into which it is merged; empty for one of its own."""
    name = StringField("Name of the project")
    person = SelectMultipleField(validate_choice=False)
    """Who of the package is who here, each as C07=C12."""
    kept = HiddenField()
    seen = HiddenField()
    """The fingerprint of the report that was looked at."""
    submit = SubmitField("Bring it in")
    merge = SubmitField("Merge")

    def offer(self, projects: Sequence[tuple[int, str]], *, may_make: bool) -> None:
        """The projects among which there is a choice."""
        own = [SelectChoice("", "a project of its own")] if may_make else []
        self.into.choices = own + [SelectChoice(str(id_), f"merged into “{name}”") for id_, name in projects]
