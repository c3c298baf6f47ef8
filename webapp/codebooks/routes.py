"""The pages of the codebook: a version to read, what it changed, and the draft of the next."""

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import visibility
from webapp.access import SIGNED_IN, allow, current_actor
from webapp.codebooks import actions, queries
from webapp.db import db
from webapp.domain.adjudication import rules_in
from webapp.domain.codebook import as_html, contents_of
from webapp.domain.codebook_editing import NEW, Kind, blocks_of, changes, with_version
from webapp.domain.codebook_files import Misfit
from webapp.domain.errors import BadCodebook
from webapp.downloads import attachment, form_on
from webapp.ids import whole_number
from webapp.models import Codebook, Project, Role
from webapp.models.conflicts import Conflict
from webapp.navigation import current_project

bp = Blueprint("codebooks", __name__)

MOST_NAMED = 200
"""Of what did not fit, as the page names it."""
NOTHING_NEW = "The file says what the newest version says already; there is nothing to make a draft of."
KEPT_FOR_GOOD = "private, max-age=31536000, immutable"


@bp.get("/codebook")
@allow(SIGNED_IN)
def index() -> str:
    """The version in force in the project that one is in."""
    return _page(queries.codebook_in_force(current_project()))


@bp.get("/codebooks/<int:codebook_id>")
@allow(SIGNED_IN)
def version(codebook_id: int) -> str:
    """Any version, also one that nobody works by any more."""
    return _page(queries.codebook_with(codebook_id, current_actor()))


def _page(codebook: Codebook) -> str:
    project_id = codebook.project_id or current_project()
    supervised = project_id if project_id and current_actor().has(project_id, Role.SUPERVISOR) else None
    previous = queries.before(codebook)
    return render_template(
        "codebooks/codebook.html",
        codebook=codebook,
        html=as_html(codebook.text),
        contents=contents_of(codebook.text),
        rules=rules_in(codebook.text),
        in_force=queries.codebook_in_force(project_id),
        has_changes=previous is not None,
        supervised=supervised,
    )


@bp.get("/codebooks/<int:codebook_id>/text")
@allow(SIGNED_IN)
def text(codebook_id: int) -> AnyResponse:
    """The bare text of one version, which never changes: the desk keeps it at hand. A person is led to its page."""
    found = queries.codebook_with(codebook_id, current_actor())
    if request.headers.get("Sec-Fetch-Dest") == "document":
        answer: AnyResponse = redirect(url_for(".version", codebook_id=codebook_id))
    else:
        answer = Response(as_html(found.text), mimetype="text/html", headers={"Cache-Control": KEPT_FOR_GOOD})
    answer.vary.add("Sec-Fetch-Dest")
    return answer


@bp.post("/codebooks/<int:codebook_id>/file")
@allow(SIGNED_IN)
@form_on("codebooks.version")
def file(codebook_id: int) -> Response:
    """The text of a version as a file, as packages hold it."""
    found = queries.codebook_with(codebook_id, current_actor())
    return attachment([found.text], "text/markdown", "codebook", found.version, ending="md")


@bp.get("/codebooks/<int:codebook_id>/changes")
@allow(SIGNED_IN)
def changed(codebook_id: int) -> str:
    """What a version changed in the one before it."""
    codebook = queries.codebook_with(codebook_id, current_actor())
    previous = queries.before(codebook)
    found = changes(previous.text, codebook.text) if previous else []
    return render_template("codebooks/changes.html", codebook=codebook, previous=previous, changes=found)


# ---- the next version, for supervisors


@bp.get("/projects/<int:project_id>/codebook")
@allow("supervisor")
def versions(project_id: int) -> str:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    return render_template(
        "codebooks/versions.html",
        project=project,
        versions=queries.versions_of(project, current_actor()),
        draft=queries.draft_of(project),
    )


@bp.route("/projects/<int:project_id>/codebook/draft", methods=["GET", "POST"])
@allow("supervisor")
def draft(project_id: int) -> str | AnyResponse | tuple[str, int]:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    if request.method != "POST":
        return _draft_page(project)
    sent = {name: words for name, words in request.form.items() if name not in ("csrf_token", "seen", "then")}
    try:
        actions.save_draft(project, sent, _seen(), current_actor())
    except BadCodebook as refused:
        return _draft_page(project, sent, refused.faults), 422
    except Conflict as late:
        return _draft_page(project, sent, late=True, is_gone=late.current is None), 409
    if request.form.get("then") == "rule":
        return redirect(url_for(".draft", project_id=project_id, _anchor="new"))
    return redirect(url_for(".preview", project_id=project_id))


def _draft_page(
    project: Project,
    sent: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
    *,
    late: bool = False,
    is_gone: bool = False,
) -> str:
    found = queries.draft_of(project)
    base = found.base if found else db.session.scalars(queries.newest_for(project.id)).one()
    parts = [(one, as_html(one.text)) for one in blocks_of(found.text if found else base.text) if one.words]
    return render_template(
        "codebooks/draft.html",
        project=project,
        draft=found,
        base=base,
        parts=parts,
        last_rules=max((at for at, (one, _) in enumerate(parts) if one.kind is Kind.RULES), default=None),
        kept={rule.number for rule in rules_in(base.text)},
        new=NEW,
        sent=sent or {},
        faults=faults or {},
        late=late,
        is_gone=is_gone,
    )


@bp.route("/projects/<int:project_id>/codebook/file", methods=["GET", "POST"])
@allow("supervisor")
def bring(project_id: int) -> str | tuple[str, int]:
    """Make a draft of a file; the page tells what of it did not fit."""
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    if request.method != "POST":
        return _bring_page(project)
    upload = request.files.get("upload")
    if upload is None or not upload.filename:
        return _bring_page(project, "Choose the file, .md or .qdc."), 422
    try:
        found = actions.bring_in(project, upload.filename, upload.read(), _seen(), current_actor())
    except BadCodebook as refused:
        return _bring_page(project, str(refused)), 422
    except Conflict:
        return _bring_page(project, "Somebody saved the draft meanwhile; look at it again before you replace it."), 409
    if not found.differs:
        return _bring_page(project, NOTHING_NEW, found.misfits), 422
    return _bring_page(project, None, found.misfits, came=upload.filename)


def _bring_page(
    project: Project, fault: str | None = None, misfits: Sequence[Misfit] = (), came: str | None = None
) -> str:
    return render_template(
        "codebooks/bring.html",
        project=project,
        draft=queries.draft_of(project),
        fault=fault,
        misfits=misfits[:MOST_NAMED],
        more=max(0, len(misfits) - MOST_NAMED),
        came=came,
    )


@bp.get("/projects/<int:project_id>/codebook/preview")
@allow("supervisor")
def preview(project_id: int) -> str | AnyResponse:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    found = queries.draft_of(project)
    if found is None:
        return redirect(url_for(".versions", project_id=project_id))
    next_ = queries.next_version_of(found)
    return render_template(
        "codebooks/preview.html",
        project=project,
        draft=found,
        changes=changes(found.base.text, found.text),
        html=as_html(with_version(found.text, next_)),
        next=next_,
        follows=queries.is_untouched(project.running),
    )


@bp.post("/projects/<int:project_id>/codebook/publish")
@allow("supervisor")
def publish(project_id: int) -> AnyResponse:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    try:
        published, follows = actions.publish(project, _seen(), current_actor())
    except BadCodebook as refused:
        flash(str(refused), "error")
        return redirect(url_for(".preview", project_id=project_id))
    except Conflict:
        flash("Somebody saved the draft meanwhile; look at it again before you publish it.", "error")
        return redirect(url_for(".preview", project_id=project_id))
    running = project.running
    kept = f"The round “{running.name}” keeps version {running.codebook.version}; the next one follows it."
    if follows:
        kept = "The round that runs has no answer yet and follows it."
    flash(f"Version {published.version} is published. {kept}", "success")
    return redirect(url_for(".versions", project_id=project_id))


@bp.post("/projects/<int:project_id>/codebook/discard")
@allow("supervisor")
def discard(project_id: int) -> AnyResponse:
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    try:
        actions.discard_draft(project, _seen())
    except Conflict:
        flash("Somebody saved the draft meanwhile; look at it again before you discard it.", "error")
        return redirect(url_for(".preview", project_id=project_id))
    flash("The draft is discarded.", "success")
    return redirect(url_for(".versions", project_id=project_id))


def _seen() -> int:
    """How often the draft had been saved when the page was made that sent this."""
    return whole_number(request.form.get("seen")) or 0
