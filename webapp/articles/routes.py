"""The list of articles, and the way in for a new one."""

from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, TypeVar

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from webapp import visibility
from webapp.access import SIGNED_IN, allow, current_actor
from webapp.articles import actions, queries, waiting
from webapp.articles.forms import ArticleForm, ImportForm, PreviewForm, encoding_choices
from webapp.articles.table import (
    OWN_STATES,
    SORTS,
    STATES,
    analysts_in,
    projects_beside,
    table,
    wanted_in,
)
from webapp.body_limits import form_again, takes_up_to
from webapp.db import now
from webapp.domain.errors import BadArticle, BadRepair, BadTable, DoubtfulEncoding
from webapp.domain.intake import formats
from webapp.domain.intake.decoding import LARGEST, is_text_encoding, telling_words
from webapp.domain.intake.table import COMMON_NAMES
from webapp.domain.repair import Kind
from webapp.domain.spans import Span
from webapp.domain.terms import NotPart
from webapp.ids import row_ids, whole_number
from webapp.models import Actor, Article, Draft, Job, JobState, Project, Role
from webapp.models.conflicts import AlreadyImported
from webapp.navigation import address_of_table, current_project
from webapp.paging import asked_in
from webapp.unread import unread_of

bp = Blueprint("articles", __name__)

LARGEST_IMPORT = 200 * 1024 * 1024
MOST_FILES = 10_000
MOST_PROPOSALS = 200
"""That a preview asks about, such as rows of a table; the reading room asks about all others."""


@bp.get("/articles")
@bp.get("/")
@allow(SIGNED_IN)
def index() -> str | tuple[str, int]:
    """What waits for the person, and the articles of the project they are in; narrowed down, these alone."""
    reader, asked, wanted = current_actor(), asked_in(request.args), wanted_in(request.args)
    project_id = current_project()
    project = visibility.project_for(reader, project_id) if project_id else None
    supervised = project is not None and reader.has(project.id, Role.SUPERVISOR)
    listed = table(reader, project, wanted, asked) if project else None
    page = render_template(
        "articles/index.html",
        project=project,
        supervised=supervised,
        largest_import=LARGEST_IMPORT,
        can_import=bool(queries.projects_to_import_into(reader)),
        table=listed,
        wanted=wanted,
        kept=wanted.address | ({"project": project_id} if "project" in request.args else {}),
        states=STATES if supervised else OWN_STATES,
        sorts=SORTS,
        analysts=analysts_in(project) if project and supervised else [],
        beside=projects_beside(reader, project) if project and supervised else [],
        **(_waiting(reader, project, supervised) if wanted.is_everything and asked.page == 1 else {}),
    )
    return (page, 422) if listed and listed.fault else page


def _waiting(reader: Actor, project: Project | None, supervised: bool) -> dict[str, Any]:
    """What the front page tells above its table."""
    folder = current_app.config["BACKUP_DIR"]
    return {
        "unread": unread_of(reader),
        "own": waiting.own_work(reader, project.id if project else None),
        "watched": waiting.watched(project, reader, folder) if project and supervised else None,
        "due": queries.due_by_project(reader, now().date()),
    }


def _article_page(form: ArticleForm) -> str:
    return render_template("articles/new.html", form=form, largest=LARGEST, **_into(form))


def _into(form: "ArticleForm | ImportForm") -> dict[str, Any]:
    """What a page of an import tells of the project that it goes into."""
    projects = queries.projects_to_import_into(current_actor())
    project = next((one for one in projects if one.id == form.project.data), None)
    return {"project": project, "largest_import": LARGEST_IMPORT}


def _empty_article_form(fault: str) -> str:
    form = _with_projects(ArticleForm(formdata=None))
    form.form_errors.append(fault)
    return _article_page(form)


@bp.route("/articles/new", methods=["GET", "POST"])
@allow("supervisor")
@form_again(_empty_article_form)
def new() -> str | Response | tuple[str, int]:
    form = _with_projects(ArticleForm())
    if form.submitted():
        try:
            draft = _draft(form, visibility.project_for(current_actor(), form.project.data, Role.SUPERVISOR))
        except AlreadyImported as twice:
            form.form_errors.append(_with_link(twice))
        else:
            if draft:
                return redirect(url_for(".preview", draft_id=draft.id))
    return _article_page(form), 422 if form.is_submitted() else 200


ProjectForm = TypeVar("ProjectForm", ArticleForm, ImportForm)


def _with_projects(form: ProjectForm) -> ProjectForm:
    """The form for the project one is in, or for the first that the person supervises where that is none of those.

    A form sent from an older page keeps the project that the page named.
    """
    projects = queries.projects_to_import_into(current_actor())
    form.project.choices = [SelectChoice(str(project.id), project.name) for project in projects]
    if form.project.data is None:
        ids = [project.id for project in projects]
        form.project.data = here if (here := current_project()) in ids else ids[0]
    return form


def _draft(form: ArticleForm, project: Project) -> Draft | None:
    """None where the text cannot be taken: why is said at the field that it came by. Raises AlreadyImported."""
    description = form.description()
    upload = form.upload.data if form.upload.data and form.upload.data.filename else None
    try:
        if upload and (form.text.data or "").strip():
            raise BadArticle("Paste the text or choose a file, not both.")
        if upload:
            return actions.draft_of_upload(project, current_actor(), upload.read(), upload.filename, description)
        return actions.draft_of_pasted(project, current_actor(), form.text.data or "", description)
    except AlreadyImported:
        raise
    except BadArticle as refused:
        form.say({"upload" if upload else "text": str(refused)})
        return None


def _with_link(twice: AlreadyImported) -> Markup:
    address = url_for("tagging.desk", article_id=twice.article_id)
    return Markup('{} <a href="{}">Open it</a>').format(escape(str(twice)), address)


@bp.route("/drafts/<int:draft_id>", methods=["GET", "POST"])
@allow("supervisor")
def preview(draft_id: int) -> str | Response:
    draft = visibility.draft_for(current_actor(), draft_id)
    form = PreviewForm(draft.encoding, draft.language)
    doubt = actions.doubt_about(draft)
    if form.is_submitted() and form.discard.data:
        form.validate()
        actions.discard_draft(draft)
        return redirect(url_for(".new"))
    if form.is_submitted() and form.reread.data and form.validate():
        try:
            actions.reread_draft(draft, form.encoding.data)
        except BadArticle as refused:
            form.encoding.errors = [str(refused)]
    if form.is_submitted() and form.split.data and form.validate():
        try:
            actions.split_draft_as(draft, form.language.data)
        except BadArticle as refused:
            form.language.errors = [str(refused)]
    if form.is_submitted() and form.save.data:
        try:
            asked = set(request.form.getlist("asked"))
            left_out = {one.span: one.is_ticked for one in _proposals(draft) if one.key in asked}
            article = actions.save_draft(draft, current_actor(), looked_at=form.looked_at.data, left_out=left_out)
        except AlreadyImported as twice:
            flash(_with_link(twice), "error")
        except BadArticle as refused:
            form.looked_at.errors = [str(refused)]
        else:
            return redirect(url_for("tagging.desk", article_id=article.id))
    spans = draft.sentences
    cuts = [Cut(number, draft.text[span.start : span.end]) for number, span in enumerate(spans, start=1)]
    proposals = _proposals(draft)
    blocks = groupby(zip(cuts, spans, strict=True), key=lambda one: one[1].paragraph)
    return render_template(
        "articles/preview.html",
        project=draft.project,
        draft=draft,
        paragraphs=[[cut for cut, _ in block] for _, block in blocks],
        proposals=proposals,
        proposed={one.number: one.why for one in proposals},
        in_hand=_in_hand(draft, spans),
        count=len(spans),
        characters=len(draft.text),
        form=form,
        doubt=doubt,
        telling=telling_words(draft.text) if doubt else [],
        can_reread=draft.media_type in (formats.TEXT, formats.HTML) and draft.encoding != "pasted",
        twin=queries.trashed_twin(draft),
        earlier=queries.earlier_edition(draft),
    )


@dataclass(frozen=True)
class Cut:
    """A sentence of a draft, by its number from 1."""

    number: int
    words: str


@dataclass(frozen=True)
class Proposal:
    """A sentence of a draft that looks as if it were no part of the article."""

    number: int
    span: Span
    words: str
    why: NotPart
    is_ticked: bool

    @property
    def key(self) -> str:
        return f"{self.span.start}-{self.span.end}"


def _proposals(draft: Draft) -> list[Proposal]:
    """The first of them; ticked are those that the form ticked, one by one or all at once."""
    numbers = {span: number for number, span in enumerate(draft.sentences, start=1)}
    ticked, all_of_them = request.form.getlist("left_out"), "all_left_out" in request.form
    found = []
    for span, why in islice(actions.proposals_in(draft).items(), MOST_PROPOSALS):
        is_ticked = all_of_them or f"{span.start}-{span.end}" in ticked
        found.append(Proposal(numbers[span], span, draft.text[span.start : span.end], why, is_ticked))
    return found


@dataclass(frozen=True)
class InHand:
    """The sentence of a draft whose cut is to be repaired: where it stands, with the one behind it."""

    number: int
    start: int
    length: int
    words: str
    has_next: bool


def _in_hand(draft: Draft, spans: list[Span]) -> InHand | None:
    number = whole_number(request.args.get("repair")) or 0
    if not 1 <= number <= len(spans):
        return None
    here, last = spans[number - 1], spans[min(number, len(spans) - 1)]
    words = draft.text[here.start : last.end]
    return InHand(number, here.start, here.end - here.start, words, last is not here)


@bp.post("/drafts/<int:draft_id>/repair")
@allow("supervisor")
def repair_draft(draft_id: int) -> Response:
    """Cut the draft anew at one place; back to it."""
    draft = visibility.draft_for(current_actor(), draft_id)
    kind, number = request.form.get("kind", ""), whole_number(request.form.get("number")) or 0
    at, expected = (whole_number(request.form.get(name)) or 0 for name in ("at", "expected"))
    try:
        if kind in {one.value for one in Kind}:
            actions.repair_draft(draft, Kind(kind), number, at, expected)
    except BadRepair as refused:
        flash(str(refused), "error")
        return redirect(url_for(".preview", draft_id=draft_id, repair=number, _anchor="repair"))
    return redirect(url_for(".preview", draft_id=draft_id, _anchor=f"c{number}"))


@bp.post("/articles/<int:article_id>/trash")
@allow("supervisor")
def trash(article_id: int) -> Response:
    article = visibility.article_to_supervise(current_actor(), article_id)
    actions.trash_article(article, current_actor())
    flash(f"“{article.display_title}” is in the trash; it can be restored from there.", "success")
    return redirect(url_for("projects.trashed", project_id=article.project_id))


@bp.post("/articles/<int:article_id>/restore")
@allow("supervisor")
def restore(article_id: int) -> Response:
    article = visibility.article_to_restore(current_actor(), article_id)
    try:
        actions.restore_article(article, current_actor())
    except AlreadyImported as twice:
        flash(_with_link(twice), "error")
        return redirect(url_for("projects.trashed", project_id=article.project_id))
    flash(f"“{article.display_title}” is back, with every answer.", "success")
    return redirect(url_for("articles.index"))


# ---- what is done with articles chosen in the table


@bp.post("/projects/<int:project_id>/articles/trash")
@allow("supervisor")
def trash_chosen(project_id: int) -> Response:
    chosen = _chosen(project_id)
    for article in chosen:
        actions.trash_article(article, current_actor())
    if chosen:
        flash(f"In the trash: {len(chosen):,}. They can be restored from there.", "success")
    return redirect(address_of_table(project_id))


@bp.post("/projects/<int:project_id>/articles/move")
@allow("supervisor")
def move_chosen(project_id: int) -> str | Response:
    """Move the chosen articles, or `copy` them; where some stay, a page that says why and offers to copy those."""
    chosen = _chosen(project_id)
    to = visibility.project_for(current_actor(), whole_number(request.form.get("to")) or 0, Role.SUPERVISOR)
    if not chosen or to.id == project_id:
        return redirect(address_of_table(project_id))
    is_copy = "copy" in request.form
    take_over = actions.copy_articles if is_copy else actions.move_articles
    count, staying = take_over(chosen, to, current_actor())
    if staying:
        return render_template(
            "articles/staying.html",
            project=chosen[0].project,
            to=to,
            moved=count,
            is_copy=is_copy,
            staying=staying,
            copied=[one for one in staying if one.may_be_copied],
            back=address_of_table(project_id),
        )
    flash(f"{'Copied' if is_copy else 'Moved'} to “{to.name}”: {count:,}.", "success")
    return redirect(address_of_table(project_id))


def _chosen(project_id: int) -> list[Article]:
    """The articles of the project that the form names, as far as they are there."""
    project = visibility.project_for(current_actor(), project_id, Role.SUPERVISOR)
    chosen = queries.articles_among(project, row_ids(request.form.getlist("article"))[:MOST_CHOSEN])
    if not chosen:
        flash("Choose articles first, by the boxes before them.", "error")
    return chosen


MOST_CHOSEN = 500


# ---- many at once


def _imports_page(form: ImportForm) -> str:
    jobs = queries.imports_of(current_actor())
    return render_template("articles/imports.html", form=form, jobs=jobs, largest=LARGEST_IMPORT, **_into(form))


def _empty_import_form(fault: str) -> str:
    form = _with_projects(ImportForm(formdata=None))
    form.uploads.errors = [fault]
    return _imports_page(form)


@bp.route("/imports", methods=["GET", "POST"])
@allow("supervisor")
@takes_up_to(LARGEST_IMPORT, files=MOST_FILES)
@form_again(_empty_import_form)
def imports() -> str | Response:
    form = _with_projects(ImportForm())
    if form.submitted():
        project = visibility.project_for(current_actor(), form.project.data, Role.SUPERVISOR)
        uploads = [(upload.filename, upload.read()) for upload in form.uploads.data or () if upload and upload.filename]
        try:
            job = actions.start_import(project, current_actor(), uploads)
        except BadArticle as refused:
            form.uploads.errors = [str(refused)]
        else:
            return redirect(url_for(".import_", job_id=job.id))
    return _imports_page(form)


@bp.route("/imports/<int:job_id>", methods=["GET", "POST"])
@allow("supervisor")
def import_(job_id: int) -> str | Response | tuple[str, int]:
    job = visibility.job_for(current_actor(), job_id)
    fault = None
    if request.method == "POST" and "look" not in request.form:
        try:
            if job.state is JobState.DRAFT:
                actions.map_columns(job, _mappings(job), _encodings_of_tables(job))
            elif job.state is JobState.DONE:
                _settle_unsure(job)
        except (BadTable, DoubtfulEncoding, BadArticle) as refused:
            fault = str(refused)
        else:
            return redirect(url_for(".import_", job_id=job_id))
    is_draft = job.state is JobState.DRAFT
    page = render_template(
        "articles/import.html",
        project=job.project,
        job=job,
        failed=queries.failed_items(job),
        failures=queries.failure_count(job),
        came_in=queries.articles_in(job),
        editions=queries.editions_in(job, current_actor()),
        unsure=queries.unsure_of(job) if job.state is JobState.DONE else [],
        tables=queries.table_previews(actions.table_items(job), _encodings_of_tables(job)) if is_draft else [],
        fields=tuple(COMMON_NAMES),
        encodings=encoding_choices(),
        fault=fault,
    )
    return page, 422 if fault else 200


def _mappings(job: Job) -> dict[int, dict[str, str]]:
    """What the form says each table's columns hold: fields named `ITEM-FIELD`, whose value is a column."""
    return {
        item.id: {
            field: column for field in COMMON_NAMES if (column := request.form.get(f"{item.id}-{field}", "").strip())
        }
        for item in actions.table_items(job)
    }


def _encodings_of_tables(job: Job) -> dict[int, str]:
    """What the form says each table is written in: fields named `ITEM-encoding`."""
    chosen = {item.id: request.form.get(f"{item.id}-encoding", "") for item in actions.table_items(job)}
    return {item_id: encoding for item_id, encoding in chosen.items() if encoding}


def _settle_unsure(job: Job) -> None:
    """Read again, or leave out, what came in an encoding that is not certain. Raises BadArticle."""
    if "leave_out" in request.form:
        flash(f"Left out: {actions.leave_out(job):,}.", "success")
        return
    chosen = {unsure.guess: request.form.get(f"encoding-{unsure.guess}", "") for unsure in queries.unsure_of(job)}
    chosen = {guess: encoding for guess, encoding in chosen.items() if is_text_encoding(encoding)}
    if not chosen:
        raise BadArticle("Choose in which encoding the files are written.")
    actions.read_again(job, chosen)
