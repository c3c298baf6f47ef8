"""How large a body may be: decided by the head of a request, from the view it is for and the cookie that it carries."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request, abort, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.sansio.http import parse_cookie

from webapp.access import ANYONE, request_view
from webapp.session_cookie import is_signed_in_by

SIGNED_OUT = 64 * 1024
"""Bytes from whoever is not signed in: sign-in forms are a hundredth of it."""
AROUND_FILES = 2**20
"""Bytes of a body that are neither file nor text: names, boundaries, other fields."""

MOST_PARTS = 1_000
"""Fields and files of a form; Werkzeug's own limit."""

View = TypeVar("View", bound=Callable[..., Any])


def takes_up_to(size: int, files: int) -> Callable[[View], View]:
    """Mark a view that takes more than the others: bytes in all, and how many files."""

    def mark(view: View) -> View:
        view.largest_body, view.most_parts = size + AROUND_FILES, files + 10  # type: ignore[attr-defined]
        return view

    return mark


def form_again(page: Callable[[str], str]) -> Callable[[View], View]:
    """Mark a view whose form is shown again, with a sentence, when what was sent is too large."""

    def mark(view: View) -> View:
        view.form_again = page  # type: ignore[attr-defined]
        return view

    return mark


class BodyLimits:
    """The limits of an app's views; needs no database, so a session may turn out to have ended."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._routes = app.url_map.bind("")

    def limit(self, method: str, path: str, cookies: str) -> int:
        """The bytes that a request with this head may have behind it."""
        try:
            endpoint, _ = self._routes.match(path, method)
        except HTTPException:
            return SIGNED_OUT
        view = self._app.view_functions[endpoint]
        is_for_anyone = ANYONE in getattr(view, "allowed", ())
        if is_for_anyone or not is_signed_in_by(self._app, parse_cookie(cookies)):
            return SIGNED_OUT
        return int(getattr(view, "largest_body", self._app.config["MAX_CONTENT_LENGTH"]))


class WholeForms(FormDataParser):
    """Refuses a part without a name, which no field of ours is."""

    def parse(self, *args: Any, **options: Any) -> Any:
        stream, form, files = super().parse(*args, **options)
        if None in form or None in files:
            for file in files.values():
                file.close()
            abort(400, "A part of the form has no name.")
        return stream, form, files


class LimitedRequest(Request):
    """Under the server what is larger does not even come in; here it is refused once somebody reads it."""

    form_data_parser_class = WholeForms

    @property  # type: ignore[misc]
    def max_content_length(self) -> int:  # type: ignore[override]
        if (self.content_length or 0) <= SIGNED_OUT:
            return SIGNED_OUT
        limits: BodyLimits = current_app.extensions["body_limits"]
        return limits.limit(self.method, self.path, self.headers.get("Cookie", ""))

    @property  # type: ignore[misc]
    def max_form_parts(self) -> int:  # type: ignore[override]
        return int(getattr(request_view(), "most_parts", MOST_PARTS))


def init_app(app: Flask) -> None:
    app.request_class = LimitedRequest
    app.extensions["body_limits"] = BodyLimits(app)


def why_too_large() -> str:
    """A sentence for a body that was refused: over which limit it is."""
    limit = request.max_content_length
    if limit and (request.content_length or 0) > limit:
        return f"That is over {in_words(limit)}; split it, please."
    return "That has too many files or fields, or a field that is too long; split it, please."


def in_words(limit: int) -> str:
    """`200 MB` for what may be in a body of 201 MB, `64 kB`."""
    return f"{(limit - AROUND_FILES) // 2**20} MB" if limit > AROUND_FILES else f"{limit // 2**10} kB"
