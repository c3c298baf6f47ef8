"""Which views wait in the save queue: they carry a mark, and the app puts their requests there."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, request

from webapp.db import SaveQueue, db
from webapp.domain.errors import Unavailable
from webapp.reruns import RerunningFlask

LARGEST_SAVE = 100_000
"""Bytes; what is larger is no answer of a person, and is not read while others wait."""

View = TypeVar("View", bound=Callable[..., Any])


def queued_save(view: View) -> View:
    """Mark a view that people call with every key: its requests queue before their first statement.

    Saves under way together lose the interpreter to one another at every statement: one after the other,
    a sixth more are answered in a second. What runs before and in such a view writes by quick_write().
    """
    view.is_queued_save = True  # type: ignore[attr-defined]
    return view


class QueueingFlask(RerunningFlask):
    """Flask, in which a marked view has its turn from the guard to the last hook after it."""

    def full_dispatch_request(self) -> Response:
        view = self.view_functions.get(request.endpoint or "")
        if not hasattr(view, "is_queued_save") or (request.content_length or 0) > LARGEST_SAVE:
            return super().full_dispatch_request()
        queue: SaveQueue = self.extensions["save_queue"]
        try:
            with queue.turn():
                return super().full_dispatch_request()
        except Unavailable as busy:  # of the queue itself: what the view raises is answered in it
            return self.finalize_request(self.handle_user_exception(busy))


def init_app(app: QueueingFlask) -> None:
    with app.app_context():
        app.extensions["save_queue"] = SaveQueue(db.engine)
