"""What a person may send to sign in."""

from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired

from webapp.forms import Form


class SignInForm(Form):
    name = StringField("Name", [InputRequired("Write your name.")], render_kw={"autocomplete": "username"})
    password = PasswordField(
        "Password", [InputRequired("Write your password.")], render_kw={"autocomplete": "current-password"}
    )
    submit = SubmitField("Sign in")
