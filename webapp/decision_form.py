"""The form in which a supervisor settles a sentence: on a page of its own, and in the reading room."""

from collections.abc import Mapping

from wtforms import HiddenField, RadioField, SelectField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.domain import terms
from webapp.domain.adjudication import Cause, Decision, RuleName, decision_from
from webapp.forms import RevisionForm, term_choices, term_field

FIELDS = ("gold_tag", "deciding_rule", "cause", "reason")


class DecisionForm(RevisionForm):
    gold_tag = RadioField("Gold tag", choices=term_choices(terms.Tag), validate_choice=False)
    deciding_rule = SelectField("Rule that decides", choices=[], validate_choice=False)
    cause = term_field("Why they differed", Cause, "choose")
    reason = TextAreaField("Reason")
    then = HiddenField()
    """`reading`: once saved, on to the next dispute of the article; otherwise to the next of the queue."""
    submit = SubmitField("Settle and go on")

    def choose_among(self, rules: Mapping[str, RuleName]) -> None:
        """The rules of the codebook in force."""
        named = [SelectChoice(rule.value, f"{rule.label} {rule.meaning}") for rule in rules.values()]
        self.deciding_rule.choices = [SelectChoice("", "choose"), *named]

    def decision(self) -> Decision:
        """The decision sent. Raises UnfinishedDecision."""
        rules = [choice.value for choice in self.deciding_rule.choices if choice.value]
        return decision_from({name: self[name].data for name in FIELDS}, rules)
