"""What an analyst may send about one sentence where there is no JavaScript."""

from uuid import UUID

from wtforms import BooleanField, HiddenField, RadioField, StringField, SubmitField, TextAreaField

from webapp.domain import terms
from webapp.domain.answers import ANSWER_FIELDS, Answer, answer_from
from webapp.domain.errors import BadAnswer
from webapp.domain.writes import assignment_key
from webapp.forms import RevisionForm, term_choices, term_field


class TagForm(RevisionForm):
    tag = RadioField("Tag", choices=term_choices(terms.Tag), validate_choice=False)
    not_codable_reason = term_field("Why it is not codable", terms.NotCodableReason)
    source_type = term_field("Who says so", terms.SourceType)
    source_text = StringField("The words naming the source, as printed")
    cue_text = StringField("Cue words, as printed")
    attributed_content = term_field("What was told", terms.AttributedContent)
    directness = term_field("Directness", terms.Directness)
    cue_stance = term_field("Stance of the cue", terms.CueStance)
    source_access = term_field("How the source knows", terms.SourceAccess)
    tag_certainty = term_field("Certainty of the tag", terms.Certainty)
    second_choice = term_field("Second choice", terms.FOUR_TAGS)
    flag_loaded_language = BooleanField("Loaded language")
    flag_mixed = BooleanField("Mixed")
    flag_presupposition = BooleanField("Presupposition")
    flag_hedged = BooleanField("Hedged")
    check_priority = term_field("Check priority", terms.CheckPriority)
    likelihood_code = term_field("Likelihood of the event", terms.Likelihood)
    confidence = term_field("Confidence in the basis", terms.Confidence)
    source_reliability = term_field("Reliability of the source", terms.Reliability)
    information_credibility = term_field("Credibility of the information", terms.Credibility)
    note = TextAreaField("Note")
    assignment_key = HiddenField()
    submit = SubmitField("Save and go on")
    clear = SubmitField("Take the answer back")

    def work_key(self) -> UUID | None:
        """The piece of work, where the page knew one. Raises BadAnswer when the page was tampered with."""
        return assignment_key(self.assignment_key.data)

    def answer(self) -> Answer:
        """The answer sent. Raises BadAnswer."""
        if not self.tag.data:
            raise BadAnswer("Choose a tag first.")
        return answer_from({name: self[name].data for name in ANSWER_FIELDS if name in self})
