"""Files that people take away: by a form of our own pages alone, because taking one goes on record."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import Response, current_app, request, stream_with_context, url_for
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
    """A name of a file for any system, made of these words and the day."""
    return secure_filename(f"{' '.join(words)} {datetime.now(UTC):%Y-%m-%d}.{ending}")


def attachment(parts: Iterable[str | bytes], mimetype: str, *words: str, ending: str) -> Response:
    """A file in pieces, named by these words and the day."""
    name = file_name(*words, ending=ending)
    return Response(
        stream_with_context(_giving_way(parts)),
        mimetype=mimetype,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _giving_way(parts: Iterable[str | bytes]) -> Iterator[bytes]:
    for part in parts:
        yield part.encode() if isinstance(part, str) else part
        give_way()
