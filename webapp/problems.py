"""Refusals as words: the title, code and JSON (problem details, RFC 9457) of each status, whoever refuses."""

from http import HTTPStatus
from typing import Any

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: "That did not come through",
    401: "You are signed out",
    403: "Not for your role",
    404: "Nothing here",
    405: "Not this way",
    409: "Changed in the meantime",
    410: "In the trash",
    413: "Too large",
    421: "Not the name of this server",
    422: "Not accepted",
    431: "Too large",
    500: "Our mistake",
    501: "Not this way",
    503: "Not now",
}
"""Of the pages."""
CODES = {
    400: "bad_request",
    401: "signed_out",
    403: "forbidden",
    404: "not_found",
    405: "method",
    409: "conflict",
    410: "trashed",
    413: "too_large",
    421: "wrong_host",
    422: "bad_answer",
    431: "headers_too_large",
    500: "error",
    501: "not_implemented",
    503: "unavailable",
}
"""What `code` says in JSON where the rule that was broken has no code of its own."""


def problem(status: int, detail: str, code: str | None = None, **more: Any) -> dict[str, Any]:
    """The members of problem details: those of the RFC, our `code`, and what else this problem tells.

    `type` is `about:blank`, so `title` is the phrase of the status; programs tell problems apart by `code`.
    `error` repeats `detail` for scripts that browsers loaded before there was a `detail`.
    """
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code or CODES.get(status, "error"),
        "error": detail,
        **more,
    }
