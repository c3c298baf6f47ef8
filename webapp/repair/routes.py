"""The sentences of an article as a supervisor sees them, and the repair of one of them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.access import allow, current_actor
from webapp.domain.errors import BadRepair
from webapp.models import Sentence
from webapp.models.conflicts import Conflict
from webapp.repair import actions, queries
from webapp.repair.forms import RepairForm, request_from, version_from

bp = Blueprint("repair", __name__)


@bp.get("/articles/<int:article_id>/sentences")
@allow("supervisor")
def sentences(article_id: int) -> str:
    article = visibility.article_to_supervise(current_actor(), article_id)
    return render_template(
        "repair/sentences.html",
        article=article,
        sentences=queries.sentences_of(article),
        edits=queries.edits_of(article),
        version=article.segmentation_version,
    )


@bp.route("/sentences/<int:sentence_id>/repair", methods=["GET", "POST"])
@allow("supervisor")
def repair(sentence_id: int) -> str | Response | tuple[str, int]:
    sentence = visibility.sentence_to_repair(current_actor(), sentence_id)
    form = RepairForm(data=request.args.to_dict())
    preview, fault = None, None
    try:
        wanted = request_from(sentence_id, form.kind.data, form.at.data)
        if wanted and form.submitted():
            seen = version_from(form.seen.data)
            actions.repair(sentence.article, current_actor(), wanted, seen, form.reason.data)
            flash("The split is repaired.", "success")
            return redirect(_way_back(sentence))
        preview = actions.previewed(sentence, wanted) if wanted else None
    except (BadRepair, Conflict) as refused:
        fault = refused
    form.seen.data = str(sentence.article.segmentation_version)
    page = render_template(
        "repair/repair.html",
        article=sentence.article,
        sentence=sentence,
        following=queries.following(sentence),
        preview=preview,
        form=form,
        fault=fault,
        back=request.values.get("back", ""),
        way_back=_way_back(sentence),
    )
    return page, 200 if fault is None else 409 if isinstance(fault, Conflict) else 422


def _way_back(sentence: Sentence) -> str:
    if request.values.get("back") == "desk":
        return url_for("tagging.desk", article_id=sentence.article_id, _anchor=f"s{sentence.id}")
    if request.values.get("back") == "reading":  # which finds what stands now where the sentence was
        return url_for(
            "reading.room", article_id=sentence.article_id, at=sentence.id, others=1, _anchor=f"s{sentence.id}"
        )
    return url_for(".sentences", article_id=sentence.article_id)
