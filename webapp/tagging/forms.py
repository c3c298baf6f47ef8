"""What an analyst may send about one sentence where there is no JavaScript."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import wtforms
from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField, StringField, SubmitField, TextAreaField

from webapp.domain import terms
from webapp.domain.answers import ANSWER_FIELDS, Answer, answer_from
from webapp.domain.brought import Brought, brought_from
from webapp.domain.errors import BadAnswer
from webapp.domain.sources import name_key
from webapp.domain.terms import SourceKind, SourceType
from webapp.domain.writes import assignment_key
from webapp.forms import RevisionForm, term_choices, term_field

FURTHER_LINKS = 3
FOLLOWS = "follows from the type"

FindEntry = Callable[[str, SourceKind | None], UUID | None]
"""The entry of exactly that name or other name, of that kind where one is asked for."""


class LinkForm(wtforms.Form):  # type: ignore[misc]
    """One link behind the first: who passed it on."""

    name = StringField("Passed on by")
    kind = term_field("What it is, if it is new", SourceKind, FOLLOWS)
    source_type = term_field("Type", SourceType)
    source_text = StringField("Its words, as printed")
    cue_text = StringField("Cue words, as printed")
    cue_stance = term_field("Stance of the cue", terms.CueStance)


class TagForm(RevisionForm):
    tag = RadioField("Tag", choices=term_choices(terms.Tag), validate_choice=False)
    not_codable_reason = term_field("Why it is not codable", terms.NotCodableReason)
    source_type = term_field("Who says so", terms.SourceType)
    source_name = StringField("Source")
    source_kind = term_field("What it is, if it is new", SourceKind, FOLLOWS)
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
    rating = term_field("How reliable is it?", terms.Reliability, "leave it as it is")
    basis = StringField("On what basis, in one line")
    chain = FieldList(FormField(LinkForm), min_entries=FURTHER_LINKS)
    note = TextAreaField("Note")
    assignment_key = HiddenField()
    submit = SubmitField("Save and go on")
    clear = SubmitField("Take the answer back")

    def work_key(self) -> UUID | None:
        """The piece of work, where the page knew one. Raises BadAnswer when the page was tampered with."""
        return assignment_key(self.assignment_key.data)

    def tell(self, stored: Answer, names: Mapping[UUID, str]) -> None:
        """Show the names of the sources that the stored answer names."""
        for field, link in zip(
            (self.source_name, *(link.form["name"] for link in self.chain)), stored.all_links, strict=False
        ):
            field.data = names.get(link.source_id, "") if link.source_id else ""

    def answer(self, stored: Answer, find: FindEntry, today: date) -> tuple[Answer, Brought]:
        """The answer sent, with what it brings along. Raises BadAnswer and BadSource."""
        if not self.tag.data:
            raise BadAnswer("Choose a tag first.")
        values = {name: self[name].data for name in ANSWER_FIELDS if name in self}
        new: dict[UUID, dict[str, str]] = {}
        first = self._named(self.source_name, self.source_kind, values, find, new)
        links = [self._link(link.form, find, new) for link in self.chain]
        source_id = first.get("source_id")
        if source_id and source_id == stored.source_id:
            first["rating_id"] = stored.rating_id
        answer = answer_from({**values, **first, "chain": [{}, *filter(None, links)]})
        brought = brought_from(list(new.values()), self._rating(source_id), today)
        return answer, brought

    def _link(self, link: wtforms.Form, find: FindEntry, new: dict[UUID, dict[str, str]]) -> dict[str, Any]:
        """A link as JSON has it; empty where nothing is filled in."""
        told = {name: link[name].data for name in ("source_type", "source_text", "cue_text", "cue_stance")}
        told = {name: value for name, value in told.items() if value}
        return told | self._named(link["name"], link.kind, told, find, new)

    def _named(
        self,
        name: StringField,
        kind: wtforms.SelectField,
        told: Mapping[str, Any],
        find: FindEntry,
        new: dict[UUID, dict[str, str]],
    ) -> dict[str, Any]:
        """The entry of that name, else a new one; its name stands for the words where none were given."""
        called = " ".join((name.data or "").split())
        if not called:
            return {}
        type_ = told.get("source_type")
        chosen = SourceKind(kind.data) if kind.data else None
        likely = chosen or (SourceType(type_).kind if type_ else None)
        found = find(called, likely) or (None if chosen else find(called, None))
        if found is None:
            if likely is None:
                raise BadAnswer(f"“{called[:60]}” is a new source: choose what it is, or the type of source.")
            _, client_id = self.write_key()
            found = uuid5(client_id, f"{likely}{name_key(called)}")
            new[found] = {"id": str(found), "name": called, "kind": likely}
        return {"source_id": found, "source_text": told.get("source_text") or called}

    def _rating(self, source_id: UUID | None) -> dict[str, Any] | None:
        if not self.rating.data:
            if self.basis.data:
                raise BadAnswer("Choose the letter that rests on this basis.")
            return None
        if source_id is None:
            raise BadAnswer("Name the source that you rate.")
        _, client_id = self.write_key()
        return {"id": uuid5(client_id, "rating"), "reliability": self.rating.data, "basis": self.basis.data}
