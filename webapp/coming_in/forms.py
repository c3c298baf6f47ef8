"""What a person may send to bring something in."""

from wtforms import FileField, HiddenField, StringField, SubmitField, TextAreaField

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
    name = StringField("Name of the project")
    submit = SubmitField("Bring it in")
