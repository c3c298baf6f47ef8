"""Pages of what was found: by words, and look-alikes of a sentence."""

from flask import Blueprint, render_template, request

from webapp import visibility
from webapp.access import SIGNED_IN, allow, current_actor
from webapp.domain.errors import BadSearch
from webapp.domain.word_query import LONGEST, Search, advice_on, search_from
from webapp.models import MAKERS, Role
from webapp.paging import asked_in
from webapp.said_elsewhere import MOST_HITS, alike_to
from webapp.search import queries

bp = Blueprint("search", __name__)


@bp.get("/sentences/<int:sentence_id>/elsewhere")
@allow(*Role)
def elsewhere(sentence_id: int) -> str:
    """Where else the sentence was said, in all articles that the reader may read."""
    reader = current_actor()
    sentence = visibility.sentence_to_read(reader, sentence_id)
    article = sentence.article
    hits = alike_to(sentence.text, reader, [sentence.id])
    return render_template(
        "search/elsewhere.html",
        sentence=sentence,
        article=article,
        words=sentence.text,
        hits=hits,
        may_be_more=len(hits) == MOST_HITS,
        makes_claims=lambda project_id: reader.has(project_id, *MAKERS),
    )


@bp.get("/search")
@allow(SIGNED_IN)
def search() -> str | tuple[str, int]:
    """What the line that was asked for finds: the first few of each kind, or a page of one."""
    asked = request.args.get("q", "").replace("\0", " ").strip()
    kind = request.args.get("kind", "")
    found, fault = None, None
    if asked:
        try:
            found = _found(search_from(asked), kind)
        except BadSearch as refused:
            fault = str(refused)
    page = render_template(
        "search/search.html",
        asked=asked[:LONGEST],
        kind=kind,
        found=found,
        advice=advice_on(asked) if found and found.is_empty else None,
        fault=fault,
    )
    return (page, 422) if fault else page


def _found(search: Search, kind: str) -> queries.Found:
    if kind:
        return queries.found_of(kind, search, current_actor(), asked_in(request.args))
    return queries.found(search, current_actor())
