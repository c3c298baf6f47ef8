"""Writes of the inbox: what was read is marked so."""

from datetime import datetime

from sqlalchemy import update

from webapp.db import db_write, now
from webapp.models import Actor, InboxEntry


def mark_read(reader: Actor, until: datetime) -> None:
    """Mark as read whatever had happened to the person by that moment."""
    with db_write() as session:
        session.execute(
            update(InboxEntry)
            .where(InboxEntry.user_id == reader.user_id, InboxEntry.read_at.is_(None), InboxEntry.at <= until)
            .values(read_at=now())
            .execution_options(synchronize_session=False)
        )
