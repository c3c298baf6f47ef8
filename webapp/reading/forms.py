"""What a supervisor may send to amend the description of an article."""

from wtforms import Field, StringField, SubmitField, ValidationError

from webapp.domain.errors import BadLanguage, BadRepair
from webapp.domain.intake.description import DESCRIBED, Description, described
from webapp.domain.plain_text import term_of
from webapp.domain.segmentation.languages import language_called
from webapp.domain.terms import NotPart
from webapp.forms import RevisionForm, of_article, term_field


class DescriptionForm(RevisionForm):
    title = StringField("Title", [of_article])
    outlet = StringField("Outlet", [of_article])
    author = StringField("Author", [of_article])
    url = StringField("Address", [of_article], render_kw={"inputmode": "url"})
    published = StringField("Published", [of_article], description="2013-10-22, or only 2013-10 or 2013")
    language = StringField("Language", description="Its code, such as en, de or pt-BR")
    submit = SubmitField("Save")

    def validate_language(self, _: Field) -> None:
        try:
            self.language_code()
        except BadLanguage as refused:
            raise ValidationError(str(refused)) from None

    def description(self) -> Description:
        return described(Description(**{name: self[name].data for name in DESCRIBED}))

    def language_code(self) -> str | None:
        """Raises BadLanguage."""
        code = (self.language.data or "").strip()
        if code:
            language_called(code)  # which knows what is a code at all
        return code or None


class ExclusionForm(RevisionForm):
    why = term_field("Not part of the article", NotPart, "part of the article", validate_choice=False)
    submit = SubmitField("Save")

    def reason(self) -> NotPart | None:
        """None: it is part of the article. Raises BadRepair."""
        return term_of("why", self.why.data, NotPart, BadRepair)
