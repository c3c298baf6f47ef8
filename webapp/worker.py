"""The process that does long work beside the server, and the watch that starts it again when it dies."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask

from webapp import backups, jobs
from webapp.db import db, file_fault

FIRST_LOOK, NEXT_LOOK, AFTER_A_FAILURE = 120, 600, 6 * 3600
"""Seconds after the start, and after each other, at which the worker looks whether a daily backup is due."""


class DailyBackups:
    """What the worker does between jobs: once a day it starts a process of low priority that makes a backup.

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
