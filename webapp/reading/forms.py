"""What a supervisor may send to amend the description of an article."""

from wtforms import StringField, SubmitField

from webapp.domain.errors import BadRepair
from webapp.domain.intake.description import DESCRIBED, Description, described
from webapp.domain.plain_text import term_of
from webapp.domain.segmentation.languages import language_called
from webapp.domain.terms import NotPart
from webapp.forms import RevisionForm, term_field


class DescriptionForm(RevisionForm):
    title = StringField("Title")
    outlet = StringField("Outlet")
    author = StringField("Author")
    url = StringField("Address", render_kw={"inputmode": "url"})
    published = StringField("Published", description="2013-10-22, or only 2013-10 or 2013")
    language = StringField("Language", description="Its code, such as en, de or pt-BR")
    submit = SubmitField("Save")

    def description(self) -> Description:
        """Raises BadArticle."""
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
