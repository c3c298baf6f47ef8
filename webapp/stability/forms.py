"""What a supervisor may send about repeats."""

from wtforms import SubmitField
from wtforms.validators import InputRequired, NumberRange

from webapp.forms import Form, WholeNumberField

LONGEST = 3_650
MOST = 1_000


class RepeatsForm(Form):
    days = WholeNumberField(
        "Days since the article was handed in, or more",
        [InputRequired("Write a number."), NumberRange(0, LONGEST, f"Write a number from 0 to {LONGEST:,}.")],
        default=14,
    )
    each = WholeNumberField(
        "Articles for each analyst",
        [InputRequired("Write a number."), NumberRange(1, MOST, f"Write a number from 1 to {MOST:,}.")],
        default=3,
    )
    hand_out = SubmitField("Hand them out once more")
