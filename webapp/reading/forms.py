"""What a supervisor may send to amend the description of an article."""

from wtforms import StringField, SubmitField

from webapp.domain.intake.description import DESCRIBED, Description, described
from webapp.domain.segmentation.languages import language_called
from webapp.forms import RevisionForm


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
