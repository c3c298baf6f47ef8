"""When each session was last used: kept in memory, and written once a minute for all of them together."""

import threading
from datetime import datetime

from flask import Flask
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError

from webapp.db import db_write, lock_rows, now
from webapp.domain.errors import DomainError
from webapp.models import UserSession

SECONDS_BETWEEN_WRITES = 60


class LastUses:
    """What requests note and a thread of the server writes; a killed server loses its last minute."""

    def __init__(self) -> None:
        self._noted: dict[int, datetime] = {}
        self._lock = threading.Lock()

    def note(self, session_id: int) -> None:
        with self._lock:
            self._noted[session_id] = now()

    def write(self) -> None:
        """Write what was noted since the last time; what cannot be written now waits for the next time."""
        with self._lock:
            noted, self._noted = self._noted, {}
        if not noted:
            return
        try:
            with db_write() as session:
                # Nothing depends on it: it shall not get another write refused.
                lock_rows(session, select(UserSession.id).where(UserSession.id.in_(noted)).order_by(UserSession.id))
                used = update(UserSession).where(UserSession.id == bindparam("session_id"))
                rows = [{"session_id": session_id, "at": at} for session_id, at in noted.items()]
                session.connection().execute(used.values(last_used_at=bindparam("at")), rows)
        except (OperationalError, DomainError):
            with self._lock:
                self._noted = noted | self._noted

    def keep_writing(self, app: Flask, stopped: threading.Event) -> None:
        """Write once a minute, and once more when the server stops."""
        is_last = False
        while not is_last:
            is_last = stopped.wait(SECONDS_BETWEEN_WRITES)
            with app.app_context():
                self.write()
