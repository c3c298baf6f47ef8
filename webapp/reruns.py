"""A write that PostgreSQL refuses, because it does not go together with another one, is run again from its start.

On SQLite there is one writer at a time, and nothing is ever refused.
"""

import random
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from flask import Flask, Response, g, request, session
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from webapp.db import db, sqlstate

MOST_RERUNS = 3
LONGEST_PAUSES = (0.01, 0.05, 0.25)
"""Seconds before each rerun, at most; at random, so that two do not meet again."""

LOST = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "23505",  # a key that another one wrote after this one had looked for it
}
"""SQLSTATEs of writes that may well succeed now that the other one has ended."""

P = ParamSpec("P")
T = TypeVar("T")


def has_lost(error: BaseException) -> bool:
    """Whether a write was refused for another one at the same moment, so that running it again may help."""
    return sqlstate(error) in LOST


def again(action: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the action returns, which is one write; run again, at most three times, when it lost to another one.

    For the shell and the worker; in a request the whole view is run again.
    """
    for longest in LONGEST_PAUSES:
        try:
            return action(*args, **kwargs)
        except Exception as error:
            if not has_lost(error):
                raise
        time.sleep(random.uniform(0, longest))
    return action(*args, **kwargs)


class _RunAgain(Exception):
    """The view lost to another write."""


class RerunningFlask(Flask):
    """Flask, in which a view that lost to another write is run again, with the hooks before it, before it is answered.

    A body that is streamed comes after that: nothing is run again once its first byte may have been sent.
    """

    def full_dispatch_request(self) -> Response:
        for longest in LONGEST_PAUSES:
            try:
                return super().full_dispatch_request()
            except _RunAgain:
                _forget_the_run(self)
                time.sleep(random.uniform(0, longest))
        return super().full_dispatch_request()

    def handle_user_exception(self, e: Exception) -> HTTPException | ResponseReturnValue:
        if has_lost(e) and g.get("reruns", 0) < MOST_RERUNS:
            raise _RunAgain from e
        return super().handle_user_exception(e)


def _forget_the_run(app: Flask) -> None:
    """As the request was when it came; its body is kept as it was read."""
    reruns = g.get("reruns", 0) + 1
    db.session.remove()
    for name in list(g):
        g.pop(name)
    g.reruns = reruns
    as_it_came = app.session_interface.open_session(app, request)
    session.clear()
    session.update(as_it_came or {})
    request_ctx.flashes = None
    uploads: Any = vars(request).get("files")
    for upload in uploads.values() if uploads else ():
        upload.seek(0)
