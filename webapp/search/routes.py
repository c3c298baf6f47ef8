"""Pages of what was found: look-alikes of a sentence."""

from flask import Blueprint, render_template

from webapp import visibility
from webapp.access import allow, current_actor
from webapp.models import MAKERS, Role
from webapp.said_elsewhere import alike_to

bp = Blueprint("search", __name__)


@bp.get("/sentences/<int:sentence_id>/elsewhere")
@allow(*Role)
def elsewhere(sentence_id: int) -> str:
    """Where else the sentence was said, in all articles that the reader may read."""
    reader = current_actor()
    sentence = visibility.sentence_to_read(reader, sentence_id)
    article = sentence.article
    return render_template(
        "search/elsewhere.html",
        sentence=sentence,
        article=article,
        words=sentence.text,
        hits=alike_to(sentence.text, reader, [sentence.id]),
        makes_claims=lambda project_id: reader.has(project_id, *MAKERS),
    )
