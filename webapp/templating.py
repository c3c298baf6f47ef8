"""What templates may use: addresses of static files, wording of terms, and a few filters."""

import calendar
import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, send_from_directory, url_for
from flask_login import current_user as whoever

from webapp import __version__
from webapp.access import ANYONE, allow, my_roles
from webapp.config import resources
from webapp.domain import terms

bp = Blueprint("assets", __name__)

STYLESHEET = "claimtag.css"


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals |= {"asset": asset, "terms": terms, "app_version": __version__}
    app.jinja_env.filters |= {
        "utc": utc,
        "partial_date": partial_date,
        "isoformat": datetime.isoformat,
        "thousands": thousands,
        "plural": plural,
    }
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_about_the_person)


def _about_the_person() -> dict[str, Any]:
    signed_in = whoever.is_authenticated
    return {
        "me": whoever if signed_in else None,
        "my_roles": {role.value for role in my_roles()},
        "stylesheet": asset(STYLESHEET),
    }


# ---- static files


@cache
def tree_hash() -> str:
    """A name for all static files together: it changes when one of them does."""
    digest = hashlib.sha256()
    for path in sorted(resources("static").rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(resources("static")).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file. The hash is a folder, so that modules import each other by relative path."""
    if current_app.debug:
        tree_hash.cache_clear()
        stylesheet.cache_clear()
    return url_for("assets.static_file", tree=tree_hash(), name=name)


@bp.get("/static/<tree>/<path:name>")
@allow(ANYONE)
def static_file(tree: str, name: str) -> Response:
    if name == STYLESHEET:
        answer = Response(stylesheet(), mimetype="text/css")
    else:
        answer = send_from_directory(resources("static"), name)
    if tree == tree_hash():
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif name == STYLESHEET or name.endswith(".js"):
        # A page of an older version: its scripts must not mix with the new ones.
        abort(404)
    return answer


@cache
def stylesheet() -> str:
    """All stylesheets as one, in the order of their names: one request instead of many."""
    return "\n".join(path.read_text("utf-8") for path in sorted(Path(resources("static") / "css").glob("*.css")))


# ---- filters


def utc(at: datetime) -> str:
    """A moment for people; the zone is said, because days are counted in it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def partial_date(iso: str) -> str:
    """`2013-10-22` as `22 October 2013`, `2013-10` as `October 2013`, `2013` as it is."""
    year, *rest = iso.split("-")
    month = [calendar.month_name[int(rest[0])]] if rest else []
    day = [str(int(rest[1]))] if len(rest) > 1 else []
    return " ".join([*day, *month, year])


def thousands(number: int) -> str:
    return f"{number:,}"


def plural(count: int, noun: str) -> str:
    """`1 sentence`, `3 sentences`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
