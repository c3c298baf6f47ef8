"""What a person may send to bring an article in."""

from flask_wtf.file import FileField, MultipleFileField
from wtforms import SelectField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.domain.files import BY_ENDING
from webapp.domain.intake import ENCODINGS, Description, described
from webapp.forms import Form


class ArticleForm(Form):
    project = SelectField("Project", coerce=int)
    text = TextAreaField("Text of the article")
    upload = FileField("Or a file", render_kw={"accept": ".txt,.html,.htm,.docx"})
    title = StringField("Title")
    outlet = StringField("Outlet")
    author = StringField("Author")
    url = StringField("Address", render_kw={"type": "url", "inputmode": "url"})
    published = StringField("Published", description="2013-10-22, or only 2013-10 or 2013")
    submit = SubmitField("Preview")

    def description(self) -> Description:
        return described(self.title.data, self.outlet.data, self.author.data, self.url.data, self.published.data)


class PreviewForm(Form):
    encoding = SelectField("Encoding", choices=[SelectChoice(name, name) for name in ENCODINGS])
    reread = SubmitField("Read again")
    save = SubmitField("Save article")
    discard = SubmitField("Discard")


class ImportForm(Form):
    project = SelectField("Project", coerce=int)
    uploads = MultipleFileField(
        "Files", render_kw={"accept": ",".join(BY_ENDING)}, description="txt, html, docx, csv or jsonl; up to 200 MB"
    )
    submit = SubmitField("Import")
