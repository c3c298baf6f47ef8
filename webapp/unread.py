"""How much of a person's inbox is unread."""

from sqlalchemy import func, select

from webapp import visibility
from webapp.db import db
from webapp.models import Actor, InboxEntry

MOST = 99
"""More are not counted."""


def unread_of(reader: Actor) -> int:
    """How many entries the person has not read, up to one more than `MOST`."""
    unread = visibility.inbox_of(reader).where(InboxEntry.read_at.is_(None)).with_only_columns(InboxEntry.id)
    return db.session.scalar(select(func.count()).select_from(unread.limit(MOST + 1).subquery())) or 0
