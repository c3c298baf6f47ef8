"""The audit record as a page with filters."""

from datetime import date

from flask import Blueprint, render_template, request

from webapp.access import ADMIN, allow, current_actor
from webapp.audit import queries
from webapp.audit.queries import Filter
from webapp.domain.plain_text import storable
from webapp.ids import row_id
from webapp.paging import asked_in

bp = Blueprint("audit", __name__)


@bp.get("/audit")
@allow(ADMIN)
def index() -> str:
    wanted = Filter(
        what=storable(request.args.get("what", "")) or None,
        actor_id=row_id(request.args.get("actor_id")),
        project_id=row_id(request.args.get("project_id")),
        since=_day("since"),
        until=_day("until"),
    )
    reader = current_actor()
    events = queries.events(wanted, asked_in(request.args), reader)
    projects = queries.projects()
    return render_template(
        "audit/index.html",
        events=events,
        names=queries.names_in(events, reader),
        most_pairs=queries.MOST_PAIRS,
        project=next((one for one in projects if one.id == wanted.project_id), None),
        wanted=wanted,
        kinds=queries.kinds(),
        people=queries.people(),
        projects=projects,
    )


def _day(name: str) -> date | None:
    """The day in the address; what is no day filters nothing."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
        return day if day < date.max else None
    except ValueError:
        return None
