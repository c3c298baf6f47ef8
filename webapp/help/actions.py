"""Writes of the help: a line of a first visit is put away."""

from sqlalchemy import select

from webapp.db import db_write, lock_rows
from webapp.domain.errors import NotFound
from webapp.first_visits import ROOMS
from webapp.models import Actor, User


def put_away(room: str, by: Actor) -> None:
    """The line of this room is shown to the person no more. Raises NotFound for a room that there is not."""
    if room not in ROOMS:
        raise NotFound("There is no such room.")
    with db_write() as session:
        lock_rows(session, select(User.id).where(User.id == by.user_id))
        person = session.get_one(User, by.user_id, populate_existing=True)
        person.rooms_known = " ".join(sorted({*person.rooms_known.split(), room}))
