"""Files that people take away: by a form of our own pages alone, because taking one goes on record."""

import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import IO, Any, TypeVar
from urllib.parse import quote

from flask import Response, current_app, request, send_file, stream_with_context, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing.exceptions import RoutingException
from werkzeug.utils import secure_filename

from webapp.db import give_way

View = TypeVar("View", bound=Callable[..., Any])


def form_on(page: str) -> Callable[[View], View]:
    """Mark a view that only a form calls with the endpoint of the page that has it."""

    def mark(view: View) -> View:
        view.form_on = page  # type: ignore[attr-defined]
        return view

    return mark


def page_with_form() -> str | None:
    """Where the form is that calls the address of this request; None where no form does."""
    try:
        endpoint, values = current_app.create_url_adapter(request).match(method="POST")  # type: ignore[union-attr]
    except (HTTPException, RoutingException):
        return None
    page: str | None = getattr(current_app.view_functions[endpoint], "form_on", None)
    if page is None:
        return None
    wanted = next(current_app.url_map.iter_rules(page)).arguments
    return url_for(page, **{name: value for name, value in values.items() if name in wanted})


def file_name(*words: str, ending: str) -> str:
    """A name of a file for any system, made of these words, in any script, and the day."""
    kept = "".join(sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in " ".join(words))
    return f"{'_'.join(kept.split())[:LONGEST_NAME]}_{datetime.now(UTC):%Y-%m-%d}.{ending}".lstrip("_")


LONGEST_NAME = 60
"""Letters of a name of a file before its day: of any script so many fit into the 255 bytes that systems allow."""


def attachment(parts: Iterable[str | bytes], mimetype: str, *words: str, ending: str) -> Response:
    """A file in pieces, named by these words and the day."""
    name = file_name(*words, ending=ending)
    return Response(
        stream_with_context(_giving_way(parts)),
        mimetype=mimetype,
        headers={"Content-Disposition": _disposition(name), "Cache-Control": "no-store"},
    )


def _disposition(name: str) -> str:
    if name.isascii():
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"{secure_filename(name)}\"; filename*=UTF-8''{quote(name)}"


def whole_file(fill: Callable[[IO[bytes]], None], mimetype: str, *words: str, ending: str) -> Response:
    """A file that cannot go out piece by piece: made first, so that what fails is a page and no part of a file."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the response
    try:
        fill(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = file_name(*words, ending=ending)
    sent = send_file(file, mimetype=mimetype, as_attachment=True, download_name=name, max_age=0)
    sent.headers["Cache-Control"] = "no-store"
    return sent


def _giving_way(parts: Iterable[str | bytes]) -> Iterator[bytes]:
    for part in parts:
        yield part.encode() if isinstance(part, str) else part
        give_way()
