"""The process that does long work beside the server, and the watch that starts it again when it dies."""

import logging
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from webapp import backups, faults, jobs
from webapp.db import db, file_fault
from webapp.domain.errors import DomainError

log = logging.getLogger(__name__)


FIRST_BACKUP, NEXT_BACKUP = 120, 600
"""Seconds after the start, and after each other, at which the worker looks whether a daily backup is due."""


class DailyBackups:
    """What the worker does between jobs: a backup a day, so that saves in the server's process are not slowed."""

    def __init__(self, folder: Path, started_at: datetime) -> None:
        self._folder = folder
        self._started_at = started_at
        self._next = time.monotonic() + FIRST_BACKUP

    def __call__(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + NEXT_BACKUP
        try:
            said = backups.make_daily(self._folder, self._started_at)
        except (DomainError, SQLAlchemyError, sqlite3.Error, OSError) as error:
            log.warning("No daily backup: %s", faults.sentence(error) or error)
        else:
            if said:
                log.info("%s", said)


def work(app: Flask, until_closed: bool, between: Callable[[], None] | None = None) -> None:
    """Do job after job. `until_closed`: stop when standard input closes, as it does when the server is gone."""
    closed = threading.Event()
    if until_closed:
        threading.Thread(target=_wait_for_the_end, args=(closed,), daemon=True).start()
    with app.app_context():
        try:
            jobs.work_forever(closed.is_set, between=between)
        finally:
            db.session.remove()


def _wait_for_the_end(closed: threading.Event) -> None:
    sys.stdin.buffer.read()
    closed.set()


def start_watched(app: Flask, started_at: datetime) -> None:
    """A worker process beside this server, over the same data; started again if it dies."""
    threading.Thread(target=_watch, args=(app, started_at), daemon=True).start()


def _watch(app: Flask, started_at: datetime) -> None:
    while True:
        with app.app_context():
            while file_fault():  # a fresh process would take what is in the file's place for the database
                time.sleep(1)
        command = [
            sys.executable,
            "-m",
            "webapp",
            "worker",
            "--until-closed",
            f"--server-since={started_at.isoformat()}",
        ]
        # Its standard input closes when this process ends, however it ends.
        worker = subprocess.Popen(command, stdin=subprocess.PIPE)
        worker.wait()
        time.sleep(1)
