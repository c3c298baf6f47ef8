"""The process that does long work beside the server, and the watch that starts it again when it dies."""

import subprocess
import sys
import threading
import time

from flask import Flask

from webapp import jobs
from webapp.db import db, file_fault


def work(app: Flask, until_closed: bool) -> None:
    """Do job after job. `until_closed`: stop when standard input closes, as it does when the server is gone."""
    closed = threading.Event()
    if until_closed:
        threading.Thread(target=_wait_for_the_end, args=(closed,), daemon=True).start()
    with app.app_context():
        try:
            jobs.work_forever(closed.is_set)
        finally:
            db.session.remove()


def _wait_for_the_end(closed: threading.Event) -> None:
    sys.stdin.buffer.read()
    closed.set()


def start_watched(app: Flask) -> None:
    """A worker process beside this server, over the same data; started again if it dies."""
    threading.Thread(target=_watch, args=(app,), daemon=True).start()


def _watch(app: Flask) -> None:
    while True:
        with app.app_context():
            while file_fault():  # a fresh process would take what is in the file's place for the database
                time.sleep(1)
        # Its standard input closes when this process ends, however it ends.
        worker = subprocess.Popen([sys.executable, "-m", "webapp", "worker", "--until-closed"], stdin=subprocess.PIPE)
        worker.wait()
        time.sleep(1)
