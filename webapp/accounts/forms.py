"""What people may send about accounts."""

from wtforms import BooleanField, PasswordField, StringField, SubmitField
from wtforms.validators import EqualTo, InputRequired

from webapp.forms import Form


class SignInForm(Form):
    name = StringField("Name", [InputRequired("Write your name.")], render_kw={"autocomplete": "username"})
    password = PasswordField(
        "Password", [InputRequired("Write your password.")], render_kw={"autocomplete": "current-password"}
    )
    submit = SubmitField("Sign in")


class LinkForm(Form):
    """Nothing but the token against forgery: the link itself says who signs in."""


class InvitationForm(Form):
    password = PasswordField(
        "New password", [InputRequired("Write a password.")], render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(
        "Once more",
        [EqualTo("password", "The two are not the same; write the password twice.")],
        render_kw={"autocomplete": "new-password"},
    )
    submit = SubmitField("Set the password")


class PasswordForm(InvitationForm):
    old = PasswordField("Old password", render_kw={"autocomplete": "current-password"})
    submit = SubmitField("Change the password")


class PersonForm(Form):
    name = StringField("Name", [InputRequired("Write a name.")], render_kw={"autocomplete": "off"})
    is_admin = BooleanField("Admin of the installation")
    submit = SubmitField("Add and invite")
