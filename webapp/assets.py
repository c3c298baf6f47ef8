"""Static files: one address for a whole version of them, stylesheets joined, comments left out."""

import hashlib
import posixpath
import re
from functools import cache

from flask import Blueprint, Response, abort, current_app, send_from_directory, url_for

from webapp.access import ANYONE, allow
from webapp.compression import served
from webapp.config import resources

bp = Blueprint("assets", __name__)

STYLESHEET = "claimtag.css"
DESK = "js/behaviours/desk.js"
PAGES_STYLESHEET = "claimtag-pages.css"
"""What the desk does not need: the files from 60 to 69."""


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
        for kept in (tree_hash, stylesheet, scripts):
            kept.cache_clear()
    return url_for("assets.static_file", tree=tree_hash(), name=name)


@bp.get("/static/<tree>/<path:name>")
@allow(ANYONE)
def static_file(tree: str, name: str) -> Response:
    if tree != tree_hash() and name.endswith((".css", ".js")):
        abort(404)  # asked for by a page of an older version, whose scripts must not mix with the new ones
    if name in (STYLESHEET, PAGES_STYLESHEET):
        answer = served(stylesheet(name == PAGES_STYLESHEET), "text/css")
    elif name in scripts() and not current_app.debug:
        answer = served(scripts()[name], "text/javascript")
    else:
        answer = send_from_directory(resources("static"), name)
    if tree == tree_hash():
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@cache
def stylesheet(for_pages: bool) -> str:
    """The stylesheets as one, in the order of their names: one request instead of many."""
    found = sorted((resources("static") / "css").glob("*.css"))
    return "".join(_plain_style(path.read_text("utf-8")) for path in found if path.name.startswith("6") is for_pages)


@cache
def scripts() -> dict[str, str]:
    """Every module by its name, without the comments that are for readers of the source; the desk's in one file."""
    static = resources("static")
    plain = {
        path.relative_to(static).as_posix(): plain_script(path.read_text("utf-8")) for path in static.rglob("*.js")
    }
    return plain | {DESK: joined(DESK, plain)}


_IMPORT = re.compile(r"^import (\{[^}]+\}) from '(.+)';$", re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


def joined(entry: str, modules: dict[str, str]) -> str:
    """The module with all that it imports as one file: one request instead of many, each in a scope of its own.

    For imports as we write them, by name; a module that imports itself by way of others is refused
    as a RecursionError.
    """
    scopes: dict[str, str] = {}
    parts: list[str] = []

    def with_imports(name: str) -> str:
        def taken(found: re.Match[str]) -> str:
            names, where = found[1].replace(" as ", ": "), posixpath.join(posixpath.dirname(name), found[2])
            return f"const {names} = {scope_of(posixpath.normpath(where))};"

        return _IMPORT.sub(taken, modules[name])

    def scope_of(name: str) -> str:
        if name not in scopes:
            source = with_imports(name)
            given = ", ".join(exported for _, exported in _EXPORT.findall(source))
            body = _EXPORT.sub(lambda found: found[1], source)
            scopes[name] = f"module{len(scopes)}"
            parts.append(f"const {scopes[name]} = (() => {{\n{body}return {{ {given} }};\n}})();\n")
        return scopes[name]

    last = with_imports(entry)
    return "".join(parts) + last


# Only whole lines of // … and /** … */ and the white space before a line: nothing that could stand inside a string.
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*.*?\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)


def plain_script(source: str) -> str:
    """A module without whole lines of comment and without indentation."""
    return re.sub(r"^[ \t]+", "", _COMMENT.sub("", source), flags=re.MULTILINE)


def _plain_style(source: str) -> str:
    """Comments and the white space around marks left out; no string of ours holds such marks."""
    source = re.sub(r"\n\s*", " ", re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL))
    return re.sub(r"([,;:]) ", r"\1", re.sub(r"\s*([{};])\s*", r"\1", source)).replace(";}", "}")
