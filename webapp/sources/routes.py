"""The registry of sources as pages: the list, the page of one source, and what is changed on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from webapp import visibility
from webapp.access import SIGNED_IN, allow, current_actor
from webapp.body_limits import form_again, takes_up_to
from webapp.db import now
from webapp.domain.chains import source_uuid
from webapp.domain.errors import BadAnswer, BadSource, NotFound
from webapp.domain.sources import search_words
from webapp.domain.terms import Reliability, SourceKind
from webapp.forms import RevisionForm
from webapp.models import MAKERS, Actor, Project, Role, Source
from webapp.models.conflicts import Conflict
from webapp.navigation import project_among
from webapp.paging import OF_PAGE, asked_in
from webapp.sources.actions import additions, bringing_in, entries, merging, standing
from webapp.sources.actions.bringing_in import CameIn
from webapp.sources.forms import (
    AliasForm,
    CopyForm,
    EntryForm,
    FactForm,
    ImportForm,
    MergeForm,
    PublishForm,
    RatingForm,
    TrustForm,
    UnmergeForm,
    WithdrawForm,
)
from webapp.sources.queries import listing, page
from webapp.sources.queries.listing import Wanted
from webapp.sources.queries.merging import suggestions, version_of_merge
from webapp.sources.queries.names import coder_codes
from webapp.sources.queries.uses import quoted
from webapp.sources.telling import told_of
from webapp.templating import plural

bp = Blueprint("sources", __name__)

ANYBODY = tuple(Role)


# ---- the list


@bp.get("/sources")
@allow(SIGNED_IN)
def index() -> str:
    projects = [member.project for member in visibility.memberships_of(current_actor())]
    if not projects:
        return render_template("sources/index.html", project=None)
    project = project_among(projects)
    wanted = _wanted()
    return render_template(
        "sources/index.html",
        project=project,
        projects=projects,
        listed=listing.listed(current_actor(), project, wanted, asked_in(request.args)),
        wanted=wanted,
        kept={name: value for name, value in request.args.items() if name not in OF_PAGE},
        may_make=current_actor().has(project.id, *MAKERS),
        supervises=visibility.supervises(current_actor(), project.id),
        reads_only_own=visibility.reads_only_own(current_actor(), project),
    )


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
    project = project_among(_projects_to_add_to())
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


def _page(found: Source, sent: Mapping[str, RevisionForm] | None = None) -> str:
    return render_template("sources/source.html", **told_of(current_actor(), found, sent or {}))


@bp.get("/sources/<uuid:source_id>/uses")
@allow(*ANYBODY)
def uses(source_id: UUID) -> str:
    """All sentences that name the source, or those whose answers keep one rating."""
    found = visibility.source_for(current_actor(), source_id)
    shown = page.shown(current_actor(), found)
    rating = _rating_among(page.known(shown, coder_codes(found.project)))
    return render_template(
        "sources/uses.html",
        shown=shown,
        project=found.project,
        rating=rating,
        quoted=quoted(shown, rating.row.rating_id if rating else None, request.args.get("page", 1, type=int)),
    )


def _rating_among(known: page.Known) -> page.RatingRow | None:
    """The rating in the address; None where it names none that is there."""
    wanted = request.args.get("rating")
    return next((rating for rating in known.ratings if str(rating.row.rating_id) == wanted), None)


# ---- what is changed on it


@dataclass(frozen=True)
class Change:
    """One thing that is changed on the page of a source: for whom the source is found, the form, and the write."""

    find: Callable[[Actor, UUID], Source]
    form: type[RevisionForm]
    save: Callable[[Source, Any], str | None]
    """Returns what to say on the next page, if anything."""


def _save_name(found: Source, form: EntryForm) -> None:
    entries.change_entry(found, current_actor(), form.entry(), *form.write_key())


def _save_alias(found: Source, form: AliasForm) -> None:
    additions.add_alias(found, current_actor(), form.name(), form.write_key()[1])


def _save_fact(found: Source, form: FactForm) -> None:
    additions.add_fact(found, current_actor(), form.fact(), form.write_key()[1])


def _save_trust(found: Source, form: TrustForm) -> str:
    count = additions.add_facts(found, current_actor(), form.facts(now().date()), form.write_key()[1])
    return f"Taken as facts: {count:,}." if count else "All of that is on record already."


def _save_rating(found: Source, form: RatingForm) -> None:
    additions.rate(found, current_actor(), form.rating(now().date()), form.write_key()[1])


def _withdraw(found: Source, form: WithdrawForm) -> str:
    standing.withdraw(found, *form.of(), current_actor(), form.why(), *form.write_key())
    return "Withdrawn; it stays in the history with your reason."


def _publish(found: Source, form: PublishForm) -> str:
    is_published = form.publish.data == "1"
    standing.set_published(found, *form.of(), current_actor(), is_published, *form.write_key())
    return "Published." if is_published else "No longer published."


def _take_merge_back(found: Source, form: UnmergeForm) -> str:
    merging.take_merge_back(found, current_actor(), form.why(), *form.write_key())
    return "The merge is taken back; this source stands for itself again."


CHANGES = {
    "name": Change(visibility.source_to_edit, EntryForm, _save_name),
    "aliases": Change(visibility.source_to_edit, AliasForm, _save_alias),
    "facts": Change(visibility.source_to_edit, FactForm, _save_fact),
    "trust": Change(visibility.source_to_edit, TrustForm, _save_trust),
    "ratings": Change(visibility.source_to_rate, RatingForm, _save_rating),
    "withdraw": Change(visibility.source_for, WithdrawForm, _withdraw),
    "publish": Change(visibility.source_to_supervise, PublishForm, _publish),
    "unmerge": Change(visibility.source_to_supervise, UnmergeForm, _take_merge_back),
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
            told = wanted.save(found, form)
        except (BadSource, BadAnswer) as refused:
            form.form_errors.append(str(refused))
        except Conflict as late:
            form.form_errors.append(str(late))
            form.follow(getattr(late.current, "version", 0))
            status = 409
        else:
            if told:
                flash(told, "success")
            return redirect(url_for(".source", source_id=source_id))
    return _page(found, {what: form}), status


# ---- merging


@bp.route("/sources/<uuid:source_id>/merge", methods=["GET", "POST"])
@allow("supervisor")
def merge(source_id: UUID) -> str | Response | tuple[str, int]:
    """Which other source it is a double of, then what that means, then the merge."""
    found = visibility.source_to_supervise(current_actor(), source_id)
    form = MergeForm(seen=version_of_merge(source_id))
    into = _into()
    status = 200
    if into and form.submitted():
        try:
            merging.merge(found, into.id, current_actor(), form.why(), *form.write_key())
        except (BadSource, BadAnswer) as refused:
            form.form_errors.append(str(refused))
            status = 422
        except Conflict as late:
            form.form_errors.append(str(late))
            form.follow(version_of_merge(source_id))
            status = 409
        else:
            flash("Merged; it can be taken back from this page.", "success")
            return redirect(url_for(".source", source_id=into.id, _anchor="doubles"))
    return _merge_page(found, into, form), status


def _into() -> Source | None:
    """The source in the address into which to merge. Raises NotFound for one that is not theirs."""
    into_id = source_uuid("into", request.args.get("into"))
    return visibility.source_to_supervise(current_actor(), into_id) if into_id else None


def _merge_page(found: Source, into: Source | None, form: MergeForm) -> str:
    reader, q = current_actor(), request.args.get("q", "")
    shown = page.shown(reader, found)
    asked = Wanted(tuple(search_words(q)))
    return render_template(
        "sources/merge.html",
        shown=shown,
        project=found.project,
        into=page.shown(reader, into) if into else None,
        form=form,
        suggestions=[] if into else suggestions(shown),
        q=q,
        listed=None if into or not asked.words else listing.listed(reader, found.project, asked),
    )


# ---- many at once

LARGEST_TABLE = 20 * 1024 * 1024


def _supervised() -> list[Project]:
    member_of = [member.project for member in visibility.memberships_of(current_actor())]
    return [project for project in member_of if current_actor().has(project.id, Role.SUPERVISOR)]


def _import_page(form: ImportForm | None = None, copy_form: CopyForm | None = None) -> str:
    projects = _supervised()
    project = project_among(projects)
    origins = [one for one in projects if one.id != project.id]
    return render_template(
        "sources/import.html",
        project=project,
        form=form or ImportForm(None),
        copy_form=copy_form or _copy_form(origins),
        origins=origins,
    )


def _copy_form(origins: list[Project], **sent: Any) -> CopyForm:
    form = CopyForm(**sent) if sent else CopyForm(None)
    form.origin.choices = [SelectChoice(str(project.id), project.name) for project in origins]
    return form


def _empty_import_form(fault: str) -> str:
    form = ImportForm(None)
    form.form_errors.append(fault)
    return _import_page(form)


@bp.route("/sources/import", methods=["GET", "POST"])
@allow("supervisor")
@takes_up_to(LARGEST_TABLE, files=1)
@form_again(_empty_import_form)
def import_() -> str | Response | tuple[str, int]:
    form = ImportForm()
    if form.submitted():
        project = project_among(_supervised())
        try:
            came = bringing_in.bring_in(project, current_actor(), form.sketches(), is_published=form.publish.data)
        except BadSource as refused:
            form.form_errors.append(str(refused))
        else:
            return _after(came, project)
    return _import_page(form), 422 if form.errors else 200


@bp.post("/sources/copy")
@allow("supervisor")
def copy() -> str | Response | tuple[str, int]:
    projects = _supervised()
    project = project_among(projects)
    form = _copy_form([one for one in projects if one.id != project.id], formdata=request.form)
    if not form.submitted():
        return _import_page(None, form), 422
    origin = visibility.project_for(current_actor(), int(form.origin.data), Role.SUPERVISOR)
    came = bringing_in.copy_registry(origin, project, current_actor(), is_published=form.publish.data)
    return _after(came, project)


def _after(came: CameIn, project: Project) -> Response:
    told = f"{plural(came.sources, 'source')}, {plural(came.aliases, 'other name')} and {plural(came.facts, 'fact')}"
    flash("All of that is here already." if came.is_empty else f"New: {told}.", "success")
    return redirect(url_for(".index", project=project.id))
