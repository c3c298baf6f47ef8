"""What a supervisor may send about a release."""

from wtforms import SubmitField

from webapp.forms import Form


class ReleaseForm(Form):
    release = SubmitField("Release this round")
