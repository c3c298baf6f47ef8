"""The registry of sources as pages: the list, the page of one source, and what is changed on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.access import SIGNED_IN, allow, current_actor
from webapp.domain.errors import BadAnswer, BadSource, NotFound
from webapp.domain.sources import search_words
from webapp.domain.terms import Reliability, SourceKind
from webapp.forms import RevisionForm
from webapp.ids import whole_number
from webapp.models import Actor, Project, Role, Source
from webapp.models.conflicts import Conflict
from webapp.sources.actions import entries
from webapp.sources.forms import EntryForm
from webapp.sources.queries import listing, page
from webapp.sources.queries.listing import Wanted

bp = Blueprint("sources", __name__)

ANYBODY = tuple(Role)
MAKERS = (Role.ANALYST, Role.SUPERVISOR)


# ---- the list


@bp.get("/sources")
@allow(SIGNED_IN)
def index() -> str:
    projects = [member.project for member in visibility.memberships_of(current_actor())]
    if not projects:
        return render_template("sources/index.html", project=None)
    project = _project_among(projects)
    wanted = _wanted()
    return render_template(
        "sources/index.html",
        project=project,
        projects=projects,
        listed=listing.listed(current_actor(), project, wanted, request.args.get("page", 1, type=int)),
        wanted=wanted,
        kept={name: value for name, value in request.args.items() if name != "page"},
        may_make=current_actor().has(project.id, *MAKERS),
        supervises=visibility.supervises(current_actor(), project.id),
        reads_only_own=visibility.reads_only_own(current_actor(), project),
    )


def _project_among(projects: list[Project]) -> Project:
    """The project in the address, else the first one. Raises NotFound."""
    if "project" not in request.args:
        return projects[0]
    wanted = whole_number(request.args["project"])
    for project in projects:
        if project.id == wanted:
            return project
    raise NotFound("There is no such project, or it is not shared with you.")


def _wanted() -> Wanted:
    """The filter in the address; what is no kind or letter filters nothing."""
    asked = request.args
    return Wanted(
        words=tuple(search_words(asked.get("q", ""))),
        kind=SourceKind(asked["kind"]) if asked.get("kind") in set(SourceKind) else None,
        letter=Reliability(asked["letter"]) if asked.get("letter") in set(Reliability) else None,
        never_rated="never_rated" in asked,
        in_one_article="in_one_article" in asked,
    )


# ---- a new one


@bp.route("/sources/new", methods=["GET", "POST"])
@allow(*MAKERS)
def new() -> str | Response | tuple[str, int]:
    project = _project_among(_projects_to_add_to())
    form = EntryForm(data={"name": request.args.get("name")})
    if form.submitted():
        try:
            _, client_id = form.write_key()
            source_id = entries.make_source(project, current_actor(), form.entry(), client_id)
        except (BadSource, BadAnswer) as refused:
            form.form_errors.append(str(refused))
        else:
            return redirect(url_for(".source", source_id=source_id))
    return render_template("sources/new.html", form=form, project=project), 422 if form.errors else 200


def _projects_to_add_to() -> list[Project]:
    """The projects in which the person makes sources."""
    member_of = [member.project for member in visibility.memberships_of(current_actor())]
    return [project for project in member_of if current_actor().has(project.id, *MAKERS)]


# ---- one source


@bp.get("/sources/<uuid:source_id>")
@allow(*ANYBODY)
def source(source_id: UUID) -> str | Response:
    found = visibility.source_for(current_actor(), source_id)
    root = page.root_seen_by(current_actor(), found)
    if root != source_id:
        return redirect(url_for(".source", source_id=root))
    return _page(found)


def _page(found: Source, **sent: RevisionForm) -> str:
    """The page; forms that were sent and refused stand there as they were sent."""
    reader = current_actor()
    shown = page.shown(reader, found)
    forms: dict[str, RevisionForm] = {
        "name": EntryForm(None, obj=shown.entry.entry, seen=shown.entry.version),
    }
    return render_template(
        "sources/source.html",
        shown=shown,
        project=found.project,
        aliases=page.aliases_of(shown),
        rights=visibility.rights_over(reader, found),
        forms=forms | sent,
        sent=set(sent),
    )


@dataclass(frozen=True)
class Change:
    """One thing that is changed on the page of a source: for whom the source is found, the form, and the write."""

    find: Callable[[Actor, UUID], Source]
    form: type[RevisionForm]
    save: Callable[[Source, Any], object]


def _save_name(found: Source, form: EntryForm) -> None:
    entries.change_entry(found, current_actor(), form.entry(), *form.write_key())


CHANGES = {
    "name": Change(visibility.source_to_edit, EntryForm, _save_name),
}


@bp.post("/sources/<uuid:source_id>/<what>")
@allow(*MAKERS)
def change(source_id: UUID, what: str) -> Response | tuple[str, int]:
    """One change of the source, sent by the form of that name."""
    if what not in CHANGES:
        raise NotFound("There is nothing of that name to change about a source.")
    wanted = CHANGES[what]
    found = wanted.find(current_actor(), source_id)
    form = wanted.form()
    status = 422
    if form.submitted():
        try:
            wanted.save(found, form)
        except (BadSource, BadAnswer) as refused:
            form.form_errors.append(str(refused))
        except Conflict as late:
            form.form_errors.append(str(late))
            form.follow(getattr(late.current, "version", 0))
            status = 409
        else:
            return redirect(url_for(".source", source_id=source_id))
    return _page(found, **{what: form}), status
