"""The profile of an article, and articles, outlets, sources and spans of time side by side; as pages and as files."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile
from typing import Any

import resvg_py
from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import visibility
from webapp.access import allow, current_actor
from webapp.article_list import listed_articles
from webapp.db import now
from webapp.domain import barcode, plots
from webapp.domain.claims import STANDINGS
from webapp.domain.errors import BadAnswer, BadDate, BadFilter, NotFound
from webapp.domain.profile import (
    FIGURES,
    LOADED,
    LOOKED_INTO,
    OUTLET,
    TAGS,
    VOUCHERS,
    Counted,
    Figure,
    Profile,
)
from webapp.domain.reuse import Reuse
from webapp.domain.text_runs import text_runs
from webapp.downloads import attachment, form_on
from webapp.models import MAKERS, Article, DateReading, Project, Role
from webapp.models.conflicts import Conflict
from webapp.near_copies import compared_with, near_copies
from webapp.paging import PAGE, nearest_page
from webapp.profiles import actions, columns
from webapp.profiles.columns import MOST_COLUMNS, Column, Told, column_from
from webapp.profiles.dates import DateShown, dates_of
from webapp.profiles.forms import ColumnForm, DateForm
from webapp.profiles.queries import Shown, profile_of

bp = Blueprint("profiles", __name__)


@bp.app_template_filter("whole_percent")
def whole_percent(share: float) -> str:
    """`31 %`: a dozen sentences are told no finer."""
    return f"{round(100 * share)} %"


@bp.app_template_filter("height")
def height(pixels: float, grows: bool) -> float | str:
    """So many pixels; where it grows, more on a page whose words somebody has larger than usual."""
    return f"{pixels / 16:g}rem" if grows else pixels


MOST_LISTED = 300
"""Sentences that the page tells in words."""
ZOOM = 2
"""Of a PNG, so that it is sharp in print."""
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _shown(article: Article) -> Shown:
    return profile_of(current_actor(), article.project, [article])


@bp.get("/articles/<int:article_id>/profile")
@allow(*Role)
def article(article_id: int) -> str:
    article = visibility.article_for(current_actor(), article_id)
    return render_template(
        "profiles/article.html",
        **_about(article, _shown(article)),
        tags=current_actor().has(article.project_id, Role.ANALYST),
        supervises=current_actor().has(article.project_id, Role.SUPERVISOR),
        copies=near_copies(article, current_actor()),
        open_dates=[one.found.words for one in dates_of(article, current_actor()) if one.resolved is None],
    )


def _about(article: Article, shown: Shown) -> dict[str, Any]:
    profile = shown.profile
    return {
        "article": article,
        "project": article.project,
        "shown": shown,
        "profile": profile,
        "listed": profile.sentences[:MOST_LISTED],
        "bars": barcode.pieces(_bars(profile)),
        "fact": profile.count(TAGS[0]),
        "mix": profile.tag_mix(),
        "vouchers": [profile.count(figure) for figure in VOUCHERS],
        "named": profile.count(VOUCHERS[0]),
        "ends_in_outlet": profile.count(OUTLET),
        "looked_into": profile.count(LOOKED_INTO),
        "loaded": profile.count(LOADED),
        "sources": [(shown.names.get(key, str(key)), count) for key, count in profile.sources],
        "claims": plots.stacked(_parts(profile)),
        "today": now().date(),
    }


def _bars(profile: Profile) -> list[barcode.Bar]:
    return [
        barcode.Bar(len(one.text), one.paragraph, one.tag, bool(one.said) or one.settled is not None)
        for one in profile.sentences
    ]


def _parts(profile: Profile) -> list[tuple[str, str, int]]:
    """How many claims stand how, in the order of the codebook, with what nobody made a claim of yet at the end."""
    told = [(value, label, profile.claims[value]) for value, label in STANDINGS.items() if profile.claims[value]]
    looked_into = profile.count(LOOKED_INTO)
    without = looked_into.n - looked_into.k
    return [*told, *([("none", "No claim yet", without)] if without else [])]


@bp.post("/articles/<int:article_id>/profile.svg")
@allow(*Role)
@form_on("profiles.article")
def svg(article_id: int) -> Response:
    return _picture(article_id, "svg")


@bp.post("/articles/<int:article_id>/profile.png")
@allow(*Role)
@form_on("profiles.article")
def png(article_id: int) -> Response:
    return _picture(article_id, "png")


def _picture(article_id: int, ending: str) -> Response:
    """The bar code with its counts, as a drawing or as pixels."""
    article = visibility.article_for(current_actor(), article_id)
    drawn = render_template("profiles/barcode.svg", **_about(article, _shown(article)))
    actions.record_profile_taken(article.project, current_actor(), ending, article_id=article.id)
    return _drawing(drawn, ending, "profile", article.display_title)


# ---- side by side

TOO_MANY = f"At most {MOST_COLUMNS} columns stand side by side; take one away."


@dataclass(frozen=True)
class Row:
    """One figure in every column."""

    figure: Figure
    cells: list[Counted]


@bp.get("/projects/<int:project_id>/profiles")
@allow(*Role)
def compare(project_id: int) -> str | AnyResponse | tuple[str, int]:
    project = visibility.project_for(current_actor(), project_id)
    form = ColumnForm.of(request.args, columns.outlets_of(current_actor(), project))
    asked = request.args.getlist("column")
    if wanted := form.wanted():
        beside = [column for column in asked if column not in wanted.values()]
        form.say(_faults_of(project, wanted, MOST_COLUMNS - len(beside)))
        if not form.errors:
            return redirect(url_for(".compare", project_id=project.id, column=[*beside, *wanted.values()]))
    told, faults = _those_there_are(project, asked)
    page = render_template(
        "profiles/compare.html",
        project=project,
        told=told,
        faults=faults,
        form=form,
        agreement=[one.profile.agreement for one in told],
        **_plotted(told),
        most_columns=MOST_COLUMNS,
        today=now().date(),
    )
    return (page, 422) if faults or form.errors else page


def _faults_of(project: Project, wanted: Mapping[str, str], room: int) -> dict[str, str]:
    """What is wrong with the columns that the form asks for, by its fields."""
    faults = {}
    for place, (name, address) in enumerate(wanted.items()):
        try:
            columns.check(current_actor(), project, column_from(address))
            if place >= room:
                raise BadFilter(TOO_MANY)
        except BadFilter as refused:
            faults[name] = str(refused)
    return faults


def _those_there_are(project: Project, addresses: Sequence[str]) -> tuple[list[Told], list[str]]:
    """The columns that can be shown, and why others cannot."""
    told: dict[Column, Told] = {}
    faults = []
    for address in addresses:
        try:
            column = column_from(address)
            if column in told:
                continue
            if len(told) == MOST_COLUMNS:
                raise BadFilter(TOO_MANY)
            told[column] = columns.told(current_actor(), project, column)
        except BadFilter as refused:
            faults.append(str(refused))
    return list(told.values()), list(dict.fromkeys(faults))


def _plotted(told: list[Told]) -> dict[str, Any]:
    """The rows of figures, with the plot of each."""
    rows = _rows(told)
    return {
        "rows": rows,
        "plots": [
            plots.dot_plot(
                row.figure.name, row.figure.label, [(one.k, one.n, one.told_share, one.interval) for one in row.cells]
            )
            for row in rows
        ],
        "letters": [plots.letter_of(place) for place in range(len(told))],
    }


@bp.post("/projects/<int:project_id>/profiles.svg")
@allow(*Role)
@form_on("profiles.compare")
def compare_svg(project_id: int) -> Response:
    return _sheet(project_id, "svg")


@bp.post("/projects/<int:project_id>/profiles.png")
@allow(*Role)
@form_on("profiles.compare")
def compare_png(project_id: int) -> Response:
    return _sheet(project_id, "png")


def _sheet(project_id: int, ending: str) -> Response:
    """The plots of all figures on one picture. Raises BadFilter where no column is asked for."""
    project = visibility.project_for(current_actor(), project_id)
    told = columns_asked(project)
    if not told:
        raise BadFilter("There is nothing to draw yet; add a column first.")
    sheet = plots.Sheet(len(FIGURES), len(told))
    drawn = render_template(
        "profiles/compare.svg", project=project, told=told, sheet=sheet, today=now().date(), **_plotted(told)
    )
    actions.record_profile_taken(project, current_actor(), ending, columns=[one.column.address for one in told])
    return _drawing(drawn, ending, project.name, "profiles")


def _drawing(drawn: str, ending: str, *words: str) -> Response:
    """A drawing as it is, or as pixels; of what titles of imported files hold, without what XML cannot."""
    drawn = NOT_XML.sub("\N{REPLACEMENT CHARACTER}", drawn)
    if ending == "svg":
        return attachment([drawn], "image/svg+xml", *words, ending="svg")
    pixels = resvg_py.svg_to_bytes(svg_string=drawn, zoom=ZOOM, background="#ffffff")
    return attachment([bytes(pixels)], "image/png", *words, ending="png")


def columns_asked(project: Project) -> list[Told]:
    """The columns in the address, as they stand side by side. Raises BadFilter."""
    told, faults = _those_there_are(project, request.args.getlist("column"))
    if faults:
        raise BadFilter(faults[0])
    return told


def _rows(told: list[Told]) -> list[Row]:
    return [Row(figure, [one.profile.over_articles(figure) for one in told]) for figure in FIGURES]


@bp.get("/projects/<int:project_id>/profiles/sentences")
@allow(*Role)
def cell(project_id: int) -> str:
    """The sentences behind one cell."""
    project = visibility.project_for(current_actor(), project_id)
    column = column_from(request.args.get("column", ""))
    figure = _figure()
    told = columns.told(current_actor(), project, column)
    sentences = told.profile.cell(figure)
    page, pages = nearest_page(request.args.get("page", 1, type=int), len(sentences))
    shown = sentences[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "profiles/cell.html",
        project=project,
        told=told,
        figure=figure,
        sentences=shown,
        articles=listed_articles({one.article_id for one in shown}),
        counted=told.profile.count(figure),
        page=page,
        pages=pages,
        kept={"project_id": project.id, "column": column.address, "figure": figure.name, **_beside()},
        beside=_beside().get("beside", [column.address]),
    )


def _beside() -> dict[str, list[str]]:
    """The columns of the page from which the cell was opened."""
    beside = request.args.getlist("beside")
    return {"beside": beside} if beside else {}


def _figure() -> Figure:
    wanted = request.args.get("figure", "")
    for figure in FIGURES:
        if figure.name == wanted:
            return figure
    raise BadFilter("There is no such figure; go back and choose a cell.")


# ---- shared passages

MOST_LETTERS = 60_000
"""Of both texts together, that stand side by side; of longer ones the passages alone."""
MOST_PASSAGES = 100
LONGEST_PASSAGE = 600


@bp.get("/articles/<int:article_id>/shared")
@allow(*Role)
def shared(article_id: int) -> str:
    article = visibility.article_for(current_actor(), article_id)
    return render_template("profiles/shared.html", article=article, copies=near_copies(article, current_actor()))


@bp.get("/articles/<int:article_id>/shared/<int:other_id>")
@allow(*Role)
def shared_with(article_id: int, other_id: int) -> str:
    article, other = (visibility.article_for(current_actor(), id_) for id_ in (article_id, other_id))
    if article.project_id != other.project_id or article.id == other.id:
        raise NotFound("Two articles of one project stand side by side; choose another one.")
    found = compared_with(article, other)
    is_short = len(article.text) + len(other.text) <= MOST_LETTERS
    here = [(one.a_start, one.a_end, number) for number, one in enumerate(found.passages, start=1)]
    there = [(one.b_start, one.b_end, number) for number, one in enumerate(found.passages, start=1)]
    return render_template(
        "profiles/shared_with.html",
        article=article,
        other=other,
        found=found,
        runs=text_runs(article.text, here) if is_short else None,
        other_runs=text_runs(other.text, there) if is_short else None,
        longest=_longest(article.text, found),
    )


def _longest(text: str, found: Reuse) -> list[str]:
    """The words of the longest passages, as far as there is room."""
    longest = sorted(found.passages, key=lambda one: one.a_start - one.a_end)[:MOST_PASSAGES]
    return [text[one.a_start : one.a_end][:LONGEST_PASSAGE] for one in longest]


# ---- relative dates

MOST_DATES = 100


@bp.route("/articles/<int:article_id>/dates", methods=["GET", "POST"])
@allow(*Role)
def dates(article_id: int) -> str | AnyResponse | tuple[str, int]:
    article = visibility.article_for(current_actor(), article_id)
    form = DateForm()
    if not form.submitted():
        return _dates_page(article)
    if not current_actor().has(article.project_id, *MAKERS):
        raise NotFound("Analysts and supervisors resolve dates; you read them.")
    try:
        seen, client_id = form.write_key()
        actions.resolve_date(article, current_actor(), form.span(), form.told(), seen, client_id)
    except BadDate as refused:
        form.say({"resolved": str(refused)})
    except BadAnswer as refused:
        form.form_errors.append(str(refused))
    except Conflict as conflict:
        form.form_errors.append("You said something else about it meanwhile, in another window; it stands below.")
        form.follow(conflict.current.version if isinstance(conflict.current, DateReading) else 0)
    else:
        return redirect(url_for(".dates", article_id=article_id, _anchor=f"d{_next_open(article, form.place.data)}"))
    return _dates_page(visibility.article_for(current_actor(), article_id), form), 422


def _next_open(article: Article, place: str) -> str:
    """The place of the next date that is open, where there is one behind this place; else this place."""
    keys = [(one.key, one.resolved is None) for one in dates_of(article, current_actor())[:MOST_DATES]]
    behind = dropwhile(lambda one: one[0] != place, keys)
    next(behind, None)
    return next((key for key, is_open in behind if is_open), place)


def _dates_page(article: Article, sent: DateForm | None = None) -> str:
    shown = dates_of(article, current_actor())
    forms = {one.key: _date_form(one) for one in shown[:MOST_DATES]}
    if sent and sent.place.data in forms:
        forms[sent.place.data] = sent
    return render_template(
        "profiles/dates.html",
        article=article,
        shown=shown[:MOST_DATES],
        total=len(shown),
        more=max(0, len(shown) - MOST_DATES),
        open_=sum(one.resolved is None for one in shown),
        forms=forms,
        sent=sent,
        may_resolve=current_actor().has(article.project_id, *MAKERS),
    )


def _date_form(one: DateShown) -> DateForm:
    """What the reader said, else what the words may mean."""
    said = one.mine.resolved if one.mine else one.proposed
    return DateForm(None, place=one.key, resolved=said or "", seen=one.mine.version if one.mine else 0)
