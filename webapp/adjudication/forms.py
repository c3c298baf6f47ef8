"""What a supervisor may send to settle a sentence."""

from collections.abc import Mapping

from wtforms import RadioField, SelectField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.domain import terms
from webapp.domain.adjudication import Cause, Decision, RuleName, decision_from
from webapp.domain.errors import BadDecision
from webapp.domain.terms import Tag
from webapp.forms import Form, RevisionForm, term_choices, term_field

FIELDS = ("gold_tag", "deciding_rule", "cause", "reason")


class FirstTagForm(Form):
    """The supervisor's own tag, before anything of the analysts is shown."""

    first_tag = RadioField("Your own tag first", choices=term_choices(terms.Tag), validate_choice=False)
    own = SubmitField("Show the analysts’ tags")

    def chosen(self) -> Tag:
        """Raises BadDecision."""
        try:
            return Tag(str(self.first_tag.data))
        except ValueError:
            raise BadDecision("Choose your own tag first.") from None


class DecisionForm(RevisionForm):
    gold_tag = RadioField("Gold tag", choices=term_choices(terms.Tag), validate_choice=False)
    deciding_rule = SelectField("Rule that decides", choices=[], validate_choice=False)
    cause = term_field("Why they differed", Cause, "choose")
    reason = TextAreaField("Reason")
    submit = SubmitField("Settle and go on")

    def choose_among(self, rules: Mapping[str, RuleName]) -> None:
        """The rules of the codebook in force."""
        named = [SelectChoice(rule.value, f"{rule.label} {rule.meaning}") for rule in rules.values()]
        self.deciding_rule.choices = [SelectChoice("", "choose"), *named]

    def decision(self) -> Decision:
        """The decision sent. Raises BadDecision."""
        rules = [choice.value for choice in self.deciding_rule.choices if choice.value]
        return decision_from({name: self[name].data for name in FIELDS}, rules)
