"""Pages on which packages, and tags that were made elsewhere, come in."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.access import ADMIN, allow, current_actor
from webapp.body_limits import form_again, takes_up_to
from webapp.coming_in.forms import PackageForm, TagsForm
from webapp.db import now
from webapp.domain.errors import BadPackage, BadProject, BadTags, DomainError
from webapp.domain.package_check import PackageFile
from webapp.domain.tags_elsewhere import said_in, tags_by_label
from webapp.domain.terms import Tag
from webapp.export.merge_report import MergeReport
from webapp.export.package_merge import codes_of, look_at, merge, who_is_who
from webapp.export.project_import import copies_elsewhere, import_package
from webapp.export.tags_import import Aligned, align, bring_in
from webapp.models import Project, Role
from webapp.navigation import project_among
from webapp.templating import plural

bp = Blueprint("coming_in", __name__)

LARGEST_TAGS, LARGEST_PACKAGE = 20 * 2**20, 100 * 2**20
MOST_NAMED = 200
"""Rows that do not fit, as the page names them; the shell names all."""
FOLDER, KEPT_FOR = "incoming", timedelta(days=1)
TOKEN = re.compile("[0-9a-f]{32}")


# ---- tags


def _projects() -> list[Project]:
    member_of = [member.project for member in visibility.memberships_of(current_actor())]
    return [project for project in member_of if current_actor().has(project.id, Role.SUPERVISOR)]


def _tags_page(form: TagsForm, found: Aligned | None = None, tags: dict[str, Tag] | None = None) -> str:
    known = tags or {}
    listed = sorted(found.labels.items()) if found else []
    labels = [(label, known.get(label.strip().casefold()), count) for label, count in listed]
    return render_template(
        "coming_in/tags.html",
        form=form,
        project=project_among(_projects()),
        found=found,
        labels=labels,
        passed_over=any(tag is None for _, tag, _ in labels),
        misfits=found.misfits[:MOST_NAMED] if found else [],
        more=max(0, len(found.misfits) - MOST_NAMED) if found else 0,
    )


def _empty_tags_form(fault: str) -> str:
    form = TagsForm(None)
    form.form_errors.append(fault)
    return _tags_page(form)


@bp.route("/tags/import", methods=["GET", "POST"])
@allow("supervisor")
@takes_up_to(LARGEST_TAGS, files=1)
@form_again(_empty_tags_form)
def tags() -> str | Response | tuple[str, int]:
    form = TagsForm()
    if not form.submitted():
        return _tags_page(form), 422 if form.errors else 200
    project = project_among(_projects())
    try:
        content = _content(form)
        known = tags_by_label(line for line in (form.labels.data or "").splitlines() if line.strip())
        found = _aligned(form, project, content, known)
        if not form.bring.data:
            return _tags_page(form, found, known)
        came = bring_in(project, current_actor(), found, _name_of(form))
    except BadTags as refused:
        form.form_errors.append(str(refused))
        return _tags_page(form), 422
    _kept_file(form.kept.data).unlink(missing_ok=True)
    flash(
        f"{plural(found.count, 'tag')} came in, as the round “{came.round_name}”; "
        f"{plural(len(found.misfits), 'row')} did not fit.",
        "success",
    )
    return redirect(url_for("rounds.index", project_id=project.id))


def _content(form: TagsForm) -> bytes:
    """What was sent, or what was sent before and is kept here. Raises BadTags."""
    upload = form.upload.data
    if isinstance(upload, FileStorage) and upload.filename:
        form.file_name.data = upload.filename[:200]
    path = _kept_upload(form, BadTags("Choose the file with the tags."))
    try:
        return path.read_bytes()
    except FileNotFoundError:
        form.kept.data = ""
        raise BadTags("The file is no longer kept here; choose it once more.") from None


def _aligned(form: TagsForm, project: Project, content: bytes, known: dict[str, Tag]) -> Aligned:
    """Where the tags of the file belong; a file that cannot be read is not kept. Raises BadTags."""
    try:
        return align(project, said_in(_name_of(form), content), known)
    except BadTags:
        _kept_file(form.kept.data).unlink(missing_ok=True)
        form.kept.data = ""
        raise


def _name_of(form: TagsForm) -> str:
    return form.file_name.data or "file"


def _kept_upload(form: TagsForm | PackageForm, none: DomainError) -> Path:
    """Where what was sent is kept while somebody looks at it, or what was sent before. Raises `none` for neither."""
    upload = form.upload.data
    if isinstance(upload, FileStorage) and upload.filename:
        form.kept.data = secrets.token_hex(16)
        path = _kept_file(form.kept.data)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _sweep(path.parent)
        upload.stream.seek(0)  # where the view is run again, it was read before
        upload.save(path)
    if not TOKEN.fullmatch(form.kept.data or ""):
        form.kept.data = ""
        raise none
    return _kept_file(form.kept.data)


def _kept_file(token: str) -> Path:
    """Of whoever asks: nobody else’s is found under a token."""
    return Path(current_app.instance_path) / FOLDER / f"{current_actor().user_id}-{token}"


def _sweep(folder: Path) -> None:
    oldest = (now() - KEPT_FOR).timestamp()
    for path in folder.glob("*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


# ---- packages


@dataclass(frozen=True)
class _Choice:
    """A person of a package, and who in the project they may be."""

    code: str
    here: str | None
    is_shown: bool
    members: Sequence[str]


def _package_form() -> PackageForm:
    form = PackageForm()
    form.offer([(project.id, project.name) for project in _projects()], may_make=current_actor().is_admin)
    return form


def _package_page(form: PackageForm, found: MergeReport | None = None) -> str:
    return render_template(
        "coming_in/package.html",
        form=form,
        may_make=current_actor().is_admin,
        found=found,
        people=_people(form, found) if found else [],
        differences=list(found.differences.values())[:MOST_NAMED] if found else [],
        more=max(0, found.different - MOST_NAMED) if found else 0,
    )


def _people(form: PackageForm, found: MergeReport) -> list[_Choice]:
    members = codes_of(int(form.into.data))
    return [_Choice(one.code, one.here, one.is_shown, members) for one in found.people]


def _empty_package_form(fault: str) -> str:
    form = _package_form()
    form.form_errors.append(fault)
    return _package_page(form)


@bp.route("/packages/import", methods=["GET", "POST"])
@allow(ADMIN, "supervisor")
@takes_up_to(LARGEST_PACKAGE, files=1)
@form_again(_empty_package_form)
def package() -> str | Response | tuple[str, int]:
    form = _package_form()
    if not form.submitted():
        return _package_page(form), 422 if form.errors else 200
    try:
        with _opened(form) as held:
            if form.into.data:
                return _merge(form, held)
            came = import_package(
                held, current_actor(), current_actor().user_id, form.name.data or None, lambda _: None
            )
    except BadProject as refused:
        form.say({"name": str(refused)})
        return _package_page(form), 422
    except BadPackage as refused:
        form.form_errors.append(str(refused))
        return _package_page(form), 422
    _kept_file(form.kept.data).unlink(missing_ok=True)
    flash(
        f"“{came.name}” came in: articles {came.articles:,}, revisions of answers {came.answers:,}. You supervise it.",
        "success",
    )
    if came.copies_elsewhere:
        flash(copies_elsewhere(came.copies_elsewhere), "info")
    return redirect(url_for("projects.settings", project_id=came.project_id))


def _opened(form: PackageForm) -> PackageFile:
    """The package that was sent, or sent before; one that is none is not kept. Raises BadPackage."""
    path = _kept_upload(form, BadPackage("Choose the package, a ZIP that Claimtag made."))
    try:
        return PackageFile(path)
    except FileNotFoundError:
        form.kept.data = ""
        raise BadPackage("The package is no longer kept here; choose it once more.") from None
    except BadPackage:
        path.unlink(missing_ok=True)
        form.kept.data = ""
        raise


def _merge(form: PackageForm, held: PackageFile) -> str | Response:
    """The report of a merge, or the merge once it was looked at."""
    project = visibility.project_for(current_actor(), int(form.into.data), Role.SUPERVISOR)
    project_id, name = project.id, project.name
    same = who_is_who(filter(None, form.person.data or []))
    if not form.merge.data:
        found = look_at(held, project, same)
        form.seen.data = found.fingerprint
        return _package_page(form, found)
    done = merge(held, project, current_actor(), same, seen=form.seen.data or "").report
    _kept_file(form.kept.data).unlink(missing_ok=True)
    flash(
        f"Merged into “{name}”: {done.new:,} rows new, {done.same:,} the same, {done.different:,} different, "
        f"{done.stays_out:,} left out.",
        "success",
    )
    return redirect(url_for("projects.settings", project_id=project_id))
