"""What a person may send about sources."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField, SubmitField, TextAreaField

from webapp.domain import terms
from webapp.domain.errors import BadSource
from webapp.domain.partial_dates import partial_date
from webapp.domain.registry import Sketch, decoded_table, sketches_from
from webapp.domain.sources import (
    Entry,
    Fact,
    Rating,
    entry_from,
    fact_from,
    facts_of_trust_txt,
    rating_from,
    reason_from,
    source_name,
)
from webapp.forms import Form, RevisionForm, term_field
from webapp.sources.parts import Part

A_DATE = "As 2013, 2013-10 or 2013-10-28"


class EntryForm(RevisionForm):
    name = StringField("Name")
    kind = term_field("Kind", terms.SourceKind, blank="choose", validate_choice=False)
    submit = SubmitField("Save")

    def entry(self) -> Entry:
        """The name and kind sent. Raises BadSource."""
        return entry_from(self.data)


class AliasForm(RevisionForm):
    alias = StringField("Also called")
    submit = SubmitField("Add the name")

    def name(self) -> str:
        """The name sent. Raises BadSource."""
        return source_name(self.alias.data, "alias")


class FactForm(RevisionForm):
    property = term_field("What it tells", terms.Property, blank="choose", validate_choice=False)
    value = StringField("What is known")
    issuer = StringField("Who rates", description="For an external rating alone")
    as_of = StringField("As of", description=A_DATE)
    link = StringField("Link", render_kw={"type": "url", "inputmode": "url"})
    submit = SubmitField("Add the fact")

    def fact(self) -> Fact:
        """The fact sent. Raises BadSource."""
        return fact_from(self.data)


class TrustForm(RevisionForm):
    text = TextAreaField("Lines of its trust.txt")
    as_of = StringField("As of", description=A_DATE)
    submit = SubmitField("Take them as facts")

    def facts(self, today: date) -> Sequence[Fact]:
        """The facts that the lines tell. Raises BadSource."""
        as_of = partial_date(self.as_of.data, "as of", BadSource) or str(today)
        return facts_of_trust_txt(self.text.data or "", as_of)


class RatingForm(RevisionForm):
    reliability = term_field("Letter", terms.Reliability, blank="choose", validate_choice=False)
    rated_on = StringField("On", description=A_DATE)
    basis = StringField("Basis")
    submit = SubmitField("Rate")

    def rating(self, today: date) -> Rating:
        """The rating sent. Raises BadSource."""
        return rating_from(self.data, today)


class ImportForm(Form):
    upload = FileField("File")
    text = TextAreaField("Lines")
    publish = BooleanField("Publish them to all analysts")
    submit = SubmitField("Bring them in")

    def sketches(self) -> list[Sketch]:
        """The sources sent, by file or as lines. Raises BadSource."""
        upload = self.upload.data.read() if self.upload.data else b""
        text = self.text.data or ""
        if bool(upload) == bool(text.strip()):
            raise BadSource("Choose a file or paste lines; one of the two.")
        return sketches_from(decoded_table(upload) if upload else text)


class CopyForm(Form):
    origin = SelectField("Project")
    publish = BooleanField("Publish them to all analysts")
    submit = SubmitField("Copy its sources")


class PartForm(RevisionForm):
    """A form about one part of a source."""

    part = HiddenField()
    part_id = HiddenField()

    def of(self) -> tuple[Part, UUID]:
        """Which part it is about. Raises BadSource."""
        try:
            return Part(self.part.data or ""), UUID(self.part_id.data or "")
        except ValueError:
            raise BadSource("It is not clear what this is about; load the page anew.") from None


class WithdrawForm(PartForm):
    reason = StringField("Why")
    submit = SubmitField("Withdraw")

    def why(self) -> str:
        """The reason sent. Raises BadSource."""
        return reason_from(self.reason.data)


class MergeForm(RevisionForm):
    reason = StringField("Why")
    submit = SubmitField("Merge")

    def why(self) -> str | None:
        """The reason sent, if one was. Raises BadSource."""
        return reason_from(self.reason.data) if (self.reason.data or "").strip() else None


class UnmergeForm(MergeForm):
    submit = SubmitField("Take the merge back")


class PublishForm(PartForm):
    publish = HiddenField(default="1")
    submit = SubmitField("Publish")
