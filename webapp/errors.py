"""From broken rules to pages or JSON: nobody meets a bare 500 or a silent skip."""

import logging
from contextlib import suppress
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm.exc import ObjectDeletedError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.routing.exceptions import RoutingException
from werkzeug.wrappers import Response as AnyResponse

from webapp import body_limits, faults, logs
from webapp.access import is_api, request_view
from webapp.db import db
from webapp.domain.errors import DomainError, NotFound, Unavailable
from webapp.downloads import page_with_form
from webapp.models.conflicts import Conflict, Gone, Locked, NotOpen, Replaced, SeveralOpen, Withdrawn
from webapp.problems import MEDIA_TYPE, TITLES, problem

SENTENCES = {
    401: "You are signed out; sign in again and go on where you were.",
    403: "Your role does not include this; ask a supervisor of the project.",
    404: "There is no such page, or it is not shared with you.",
    405: "This address does not take that kind of request.",
    500: "Something broke on our side. Nothing you saved before is lost; please try again.",
}
ON_RECORD = (500, 503)
"""Whose pages show the id of the request, under which the log says more."""
STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    Replaced: 404,
    Conflict: 409,
    Gone: 410,
    Locked: 409,
    Withdrawn: 409,
    SeveralOpen: 409,
}

Reply = tuple[Response | str, int]

log = logging.getLogger(__name__)
repeated = faults.Repeated()


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, _broken_rule)
    with app.app_context():
        for kind in (*_database_errors(), OSError):
            app.register_error_handler(kind, _of_database_or_disk)
    app.register_error_handler(CSRFError, _bad_token)
    app.register_error_handler(ObjectDeletedError, _gone_meanwhile)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(MethodNotAllowed, _not_this_way)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(500, _http_error)


def _broken_rule(error: DomainError) -> Reply:
    status = STATUS.get(type(error), 422)
    way = page_with_form() if status == 422 else None  # the address of a 404 would tell one project from another
    return reply(status, str(error), error.code if isinstance(error, NotOpen) else None, way)


def _database_errors() -> tuple[type[Exception], ...]:
    """What a database that cannot be used raises; some statements run past SQLAlchemy, so the driver's own, too."""
    dialect = db.engine.dialect
    return Unavailable, DBAPIError, NoConnectionFree, *([dialect.loaded_dbapi.Error] if dialect.loaded_dbapi else [])


def _of_database_or_disk(error: Exception) -> tuple[Response | str, int, dict[str, str]]:
    fault = faults.unavailable(error)
    if fault is None:
        raise error
    return _unavailable(fault)


def _unavailable(error: Unavailable) -> tuple[Response | str, int, dict[str, str]]:
    if repeated.is_news(str(error)):
        log.warning("%s answered 503 in request %s: %s", logs.route(), logs.request_id(), error)
    g.unavailable = True
    return *reply(503, str(error)), {"Retry-After": str(error.retry_after)}


def _bad_token(_error: CSRFError) -> Reply:
    return reply(400, "The page was open for long or in another session; reload it and try again.", "csrf")


def _gone_meanwhile(_error: ObjectDeletedError) -> Reply:
    return reply(409, "This was saved or removed in the meantime, perhaps by a second click; go back and look.")


def _too_large(_error: RequestEntityTooLarge) -> Reply:
    sentence = body_limits.why_too_large()
    request.close()
    form_again = getattr(request_view(), "form_again", None)
    return (form_again(sentence), 413) if form_again else reply(413, sentence)


def _not_this_way(error: MethodNotAllowed) -> tuple[Response | str, int, dict[str, str]] | AnyResponse:
    page = page_with_form()
    if page is None and request.method == "GET" and not is_api() and (above := _page_above()):
        return redirect(above, 303)  # somebody reloads what a form was sent to
    message = "This takes its own button, because it goes on record; the page that has it is one step away."
    answered = reply(405, message if page else SENTENCES[405], way=page)
    return *answered, {"Allow": ", ".join(sorted(error.valid_methods or ()))}


def _page_above() -> str | None:
    """The nearest address over this one that opens by GET, as `/projects/1` over `/projects/1/assignments`; the front
    page is none, as it is over all.
    """
    adapter, above = current_app.create_url_adapter(request), request.path
    while above := above.rpartition("/")[0]:
        with suppress(HTTPException, RoutingException):
            adapter.match(above, method="GET")  # type: ignore[union-attr]
            return request.script_root + above
    return None


def _http_error(error: HTTPException) -> Reply:
    code = error.code or 500
    return reply(code, SENTENCES.get(code, error.description or "The request was not understood."))


def reply(status: int, message: str, code: str | None = None, way: str | None = None, **more: Any) -> Reply:
    """The same sentence as JSON for scripts, with what `more` it tells, and as a page for people, with a way on."""
    number = logs.request_id() if status in ON_RECORD else None
    if is_api():
        found = {"request_id": number} if number else {}
        answer = jsonify(problem(status, message, code, **found, **more))
        answer.mimetype = MEDIA_TYPE
        return answer, status
    about = {"code": status, "title": TITLES.get(status, "Sorry"), "message": message, "way": way, "number": number}
    about["is_refusal"] = True  # the line of a first visit would tell one address from another
    try:
        return render_template("error.html", **about), status
    except _database_errors():  # the head of the page names the person, whom it would read now
        g.unavailable = True
        return render_template("error.html", **about), status
