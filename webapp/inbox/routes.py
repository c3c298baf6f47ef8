"""The page of the inbox."""

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.access import SIGNED_IN, allow, current_actor
from webapp.inbox import actions, queries
from webapp.paging import asked_in
from webapp.unread import unread_of

bp = Blueprint("inbox", __name__)


@bp.get("/inbox")
@allow(SIGNED_IN)
def index() -> str:
    page = queries.inbox(current_actor(), asked_in(request.args))
    return render_template("inbox/index.html", page=page, unread=unread_of(current_actor()))


@bp.post("/inbox/read")
@allow(SIGNED_IN)
def read() -> Response:
    """Mark as read what the page showed when it was made; what came since stays unread."""
    until = _moment(request.form.get("until", ""))
    if until is not None:
        actions.mark_read(current_actor(), until)
    return redirect(url_for(".index"))


def _moment(told: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(told)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
