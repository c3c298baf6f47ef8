"""The notes on one sentence, as a page that needs no JavaScript."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.access import allow, current_actor
from webapp.claims import actions, queries
from webapp.claims.forms import NoteForm
from webapp.domain.errors import BadAnswer, BadNote
from webapp.domain.terms import CorroborationStatus
from webapp.models import Assessment, Sentence
from webapp.models.conflicts import Conflict
from webapp.notes import notes_on

bp = Blueprint("claims", __name__)


@dataclass(frozen=True)
class NoteView:
    """A note on the page, with the form to amend it where it is the reader's own."""

    key: str
    version: int
    status: CorroborationStatus
    claim: str
    note: str | None
    url: str | None
    author: str
    created_at: datetime
    is_mine: bool
    form: NoteForm | None


@bp.route("/sentences/<int:sentence_id>/notes", methods=["GET", "POST"])
@allow("analyst")
def notes(sentence_id: int) -> str | Response | tuple[str, int]:
    sentence = visibility.sentence_to_tag(current_actor(), sentence_id)
    form = NoteForm()
    status = 200
    if form.submitted():
        try:
            _save(sentence, form)
        except (BadNote, BadAnswer) as refused:
            form.form_errors.append(str(refused))
            status = 422
        except Conflict as late:
            form.form_errors.append(str(late))
            form.follow(late.current.version if isinstance(late.current, Assessment) and form.key() else 0)
            status = 409
        else:
            return redirect(url_for(".notes", sentence_id=sentence_id))
    page = render_template(
        "claims/notes.html",
        article=sentence.article,
        sentence=sentence,
        notes=[_view(note.assessment) for note in notes_on(sentence_id, current_actor())],
        form=form,
    )
    return page, status


def _save(sentence: Sentence, form: NoteForm) -> None:
    seen, client_id = form.write_key()
    if key := form.key():
        actions.amend_note(key, current_actor(), form.finding(), seen, client_id, sentence.id)
    else:
        actions.add_note(sentence, current_actor(), form.finding(), client_id)


def _view(note: Assessment) -> NoteView:
    is_mine = note.author_id == current_actor().id
    key = str(note.note_key)
    return NoteView(
        key=key,
        version=note.version,
        author=queries.coder_code_of(note),
        created_at=note.created_at,
        is_mine=is_mine,
        form=NoteForm(None, obj=note.finding, note_key=key, seen=note.version) if is_mine else None,
        **vars(note.finding),
    )
