"""What a person may send to bring an article in."""

from flask_wtf.file import FileField, MultipleFileField
from wtforms import BooleanField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.domain.intake.decoding import BROKEN_UTF8, ENCODINGS
from webapp.domain.intake.description import DESCRIBED, Description, described
from webapp.domain.intake.formats import BY_ENDING
from webapp.domain.segmentation.languages import LANGUAGES
from webapp.forms import Form, of_article


class ArticleForm(Form):
    project = SelectField("Project", coerce=int)
    text = TextAreaField("Text of the article")
    upload = FileField("Or a file", render_kw={"accept": ".txt,.html,.htm,.docx,.pdf"})
    title = StringField("Title", [of_article])
    outlet = StringField("Outlet", [of_article])
    author = StringField("Author", [of_article])
    url = StringField("Address", [of_article], render_kw={"type": "url", "inputmode": "url"})
    published = StringField("Published", [of_article], description="2013-10-22, or only 2013-10 or 2013")
    submit = SubmitField("Preview")

    def description(self) -> Description:
        return described(Description(**{name: self[name].data for name in DESCRIBED}))


class PreviewForm(Form):
    language = SelectField("Language")
    split = SubmitField("Split again")
    encoding = SelectField("Encoding")
    looked_at = BooleanField("I looked at the text: its letters are right")
    reread = SubmitField("Read again")
    save = SubmitField("Save article")
    discard = SubmitField("Discard")

    def __init__(self, encoding: str, language: str | None) -> None:
        super().__init__(data={"encoding": encoding, "language": language or ""})
        self.encoding.choices = encoding_choices(encoding)
        self.language.choices = _language_choices(language)
        if encoding == BROKEN_UTF8:
            self.looked_at.label.text = "I looked at the text: take it with � for what is broken"


def _language_choices(language: str | None) -> list[SelectChoice]:
    """The languages with rules of their own; `language` stands there in any case."""
    known = {one.code: one.name for one in sorted(LANGUAGES.values(), key=lambda one: one.name)}
    first = [] if language in known else [SelectChoice(language or "", language or "Not known")]
    return first + [SelectChoice(code, name) for code, name in known.items()]


def encoding_choices(*also: str) -> list[SelectChoice]:
    """What a text may be written in; `also` stands there in any case."""
    names = [*ENCODINGS, *(name for name in also if name not in ENCODINGS)]
    return [SelectChoice(name, "utf-8, with � for what is broken" if name == BROKEN_UTF8 else name) for name in names]


class ImportForm(Form):
    project = SelectField("Project", coerce=int)
    uploads = MultipleFileField(
        "Files",
        render_kw={"accept": ",".join(BY_ENDING)},
        description="txt, html, docx, pdf, csv or jsonl; up to 200 MB",
    )
    submit = SubmitField("Import")
