"""The process that does long work beside the server, and the watch that starts it when there is some."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from flask import Flask

from webapp import backups, jobs
from webapp.db import db, file_fault

log = logging.getLogger(__name__)

FIRST_LOOK, NEXT_LOOK, AFTER_A_FAILURE = 120, 600, 6 * 3600
"""Seconds after the start, and after each other, at which it is looked whether a daily backup is due."""


class DailyBackups:
    """What is done between jobs: once a day this starts a process of low priority that makes a backup.

    Proving a large database takes minutes; neither saves nor imports wait for it.
    """

    def __init__(self, folder: Path, started_at: datetime) -> None:
        self._folder = folder
        self._command = [sys.executable, "-m", "webapp", "daily-backup", f"--server-since={started_at.isoformat()}"]
        self._next = time.monotonic() + FIRST_LOOK
        self._running: subprocess.Popen[bytes] | None = None

    def __call__(self) -> None:
        if self._running and (ended := self._running.poll()) is not None:
            self._running = None
            self._next = time.monotonic() + (AFTER_A_FAILURE if ended else NEXT_LOOK)
        if self._running or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + NEXT_LOOK
        if not file_fault() and backups.is_due(self._folder):
            self._running = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)


def work(
    app: Flask, until_closed: bool, between: Callable[[], None] | None = None, longest_idle: float | None = None
) -> None:
    """Do job after job. `until_closed`: stop when standard input closes, as it does when the server is gone.

    `longest_idle`: stop when none has come for so many seconds.
    """
    closed = threading.Event()
    if until_closed:
        threading.Thread(target=_wait_for_the_end, args=(closed,), daemon=True).start()
    with app.app_context():
        try:
            jobs.work_forever(closed.is_set, between=between, longest_idle=longest_idle)
        finally:
            db.session.remove()


def _wait_for_the_end(closed: threading.Event) -> None:
    # Past the buffer of `sys.stdin`: a thread that waits within it makes Python abort at the end of the process.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    closed.set()


class OnDemand:
    """A worker process beside this server, over the same data, for as long as there is work."""

    def __init__(self) -> None:
        self.worker: subprocess.Popen[bytes] | None = None

    def look(self) -> None:
        """Start one where a job waits and none is there."""
        if self.worker:
            if self.worker.poll() is None:
                return
            self.worker.communicate()  # closes our end of its input
            self.worker = None
        # A fresh process would take what is in the file's place for the database.
        if not file_fault() and jobs.is_waiting():
            # Its standard input closes when this process ends, however it ends.
            self.worker = subprocess.Popen(ON_DEMAND, stdin=subprocess.PIPE)


def start_on_demand(app: Flask, started_at: datetime) -> None:
    """Keep looking whether there is work for a worker, and whether a backup is due."""
    daily = DailyBackups(app.config["BACKUP_DIR"], started_at)
    threading.Thread(target=_keep_looking, args=(app, (OnDemand().look, daily)), daemon=True).start()


def _keep_looking(app: Flask, looks: Iterable[Callable[[], None]]) -> None:
    while True:
        time.sleep(LOOK_EVERY)
        try:
            with app.app_context():
                for look in looks:
                    look()
        except Exception:
            log.exception("Looking for work failed; it is tried again")
            time.sleep(AFTER_A_FAULT)


LOOK_EVERY = 0.5
"""Seconds after which the server looks whether a job waits."""
AFTER_A_FAULT = 5
LONGEST_IDLE = 20
"""Seconds after which a worker that has nothing to do gives its memory back."""
ON_DEMAND = [sys.executable, "-m", "webapp", "worker", "--until-closed", f"--until-idle={LONGEST_IDLE}"]
