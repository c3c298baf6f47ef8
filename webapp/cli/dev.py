"""The command for whoever changes the sources: the server as others run it, started anew when a module changes."""

import signal
import subprocess
import sys
import time

import click

from webapp.cli.group import main
from webapp.cli.server import DEFAULT_PORT
from webapp.config import PACKAGE, process_environment
from webapp.logs import STANDARD_ERROR

EVERY = 0.5
"""Seconds between two looks at the sources."""


@main.command(hidden=True)
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="Port, or the next free one.")
def dev(port: int) -> None:
    """Serve the sources as they are, with a line for each request, and start anew when a module changes."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # Debugging, templates and static files are read anew for each page; only modules need a new start.
    environment = process_environment({"FLASK_DEBUG": "1", "CLAIMTAG_LOG_DIR": STANDARD_ERROR})
    while True:
        seen = _modules()
        server = subprocess.Popen(
            [sys.executable, "-m", "webapp", "serve", "--no-browser", f"--port={port}"], env=environment
        )
        try:
            while _modules() == seen:
                time.sleep(EVERY)
        finally:
            server.terminate()
            server.wait()


def _modules() -> dict[str, int]:
    """Every module and when it was changed."""
    return {str(path): path.stat().st_mtime_ns for path in PACKAGE.rglob("*.py")}
