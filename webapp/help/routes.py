"""The pages of the help, made from `docs/`."""

from functools import cache

from flask import Blueprint, redirect, render_template, request, send_from_directory, url_for
from werkzeug.wrappers import Response

from webapp.access import SIGNED_IN, allow, current_actor
from webapp.config import resources
from webapp.domain.errors import NotFound
from webapp.domain.guides import Guide, guide_from
from webapp.help import actions
from webapp.navigation import is_local

bp = Blueprint("help", __name__)

GUIDES = ("tagging", "supervising", "taking-away")
REFERENCE = ("method", "corroboration", "export", "glossary")
FILES = {**{name: f"guides/{name}.md" for name in GUIDES}, **{name: f"{name}.md" for name in REFERENCE}}


@bp.get("/help")
@allow(SIGNED_IN)
def index() -> str:
    return render_template(
        "help/index.html",
        guides={name: guide(name) for name in GUIDES},
        reference={name: guide(name) for name in REFERENCE},
    )


@bp.get("/help/<name>")
@allow(SIGNED_IN)
def page(name: str) -> str:
    if name not in FILES:
        raise NotFound("The help has no such page.")
    return render_template("help/page.html", guide=guide(name), is_guide=name in GUIDES)


@bp.get("/help/pictures/<name>")
@allow(SIGNED_IN)
def picture(name: str) -> Response:
    if not name.endswith(".png"):
        raise NotFound("The help has no such picture.")
    return send_from_directory(resources("docs"), name, max_age=86_400)


@bp.post("/help/put-away")
@allow(SIGNED_IN)
def put_away() -> Response:
    """The line of a room is shown no more; back to where it stood."""
    actions.put_away(request.form.get("room", ""), current_actor())
    back = request.form.get("back")
    return redirect(back if is_local(back) else url_for("articles.index"))


@cache
def guide(name: str) -> Guide:
    text = (resources("docs") / FILES[name]).read_text("utf-8")
    return guide_from(text, _address, lambda file: url_for("help.picture", name=file))


def _address(file: str) -> str | None:
    file, _, anchor = file.partition("#")
    name = file.removesuffix(".md")
    return url_for("help.page", name=name, _anchor=anchor or None) if name in FILES else None
