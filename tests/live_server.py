"""The real server as a process of its own, for tests that drive a browser or kill it."""

import contextlib
import logging
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TextIO

from click.testing import CliRunner

from tests.compiled_templates import share_compiled_templates
from tests.databases import rows_of
from webapp.cli import main

CHECKOUT = Path(__file__).parent.parent
LONGEST_END = 120
"""Seconds after which a server that was told to end hangs, also on a machine that does much else."""


FORKS = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
if hasattr(FORKS, "set_forkserver_preload"):
    FORKS.set_forkserver_preload(["tests.live_server", "webapp.cli.others"])


class Forked:
    """A command in a process forked off one that has loaded all modules, which is more than half of a start."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        said, says = FORKS.Pipe(duplex=False)
        self._process = FORKS.Process(target=_run_forked, args=(words, environment, says))
        self._process.start()
        says.close()
        self.stdout: TextIO = os.fdopen(os.dup(said.fileno()), encoding="utf-8")
        said.close()
        self.pid: int = self._process.pid

    def send_signal(self, how: signal.Signals) -> None:
        os.kill(self.pid, how)

    def wait(self, seconds: float) -> None:
        self._process.join(seconds)
        assert self._process.exitcode is not None, "the server does not end"
        self._process.close()


def _run_forked(words: list[str], environment: dict[str, str], says: Connection) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(CHECKOUT)
    share_compiled_templates()
    for stream in (sys.stdout, sys.stderr):
        os.dup2(says.fileno(), stream.fileno())
        stream.reconfigure(line_buffering=True)
    try:
        main(words)
    finally:
        logging.shutdown()  # as at the end of any Python, which a forked process leaves out


class LiveServer:
    """`claimtag serve` over one instance folder; may be killed and started again on the same port."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        self.port = 0
        self.link = ""
        self.process: subprocess.Popen[str] | Forked | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "LiveServer":
        self.process = self._begin(["serve", "--no-browser", "--port", str(self.port)])
        assert self.process.stdout
        said = ""
        for line in self.process.stdout:
            said += line
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/sign-in/\S+", line):
                self.link, self.port = found[0], int(found[1])
                self._wait_until_healthy()
                return self
        raise AssertionError(f"The server did not start:\n{said}")

    def _begin(self, words: list[str]) -> "subprocess.Popen[str] | Forked":
        return subprocess.Popen(
            [sys.executable, "-m", "webapp", *words],
            cwd=CHECKOUT,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def command(self, *words: str) -> str:
        """What a `claimtag` command prints about the same instance."""
        done = self._run(*words)
        done.check_returncode()
        return done.stdout

    def refused(self, *words: str) -> str:
        """The one sentence with which a `claimtag` command fails about the same instance."""
        done = self._run(*words)
        assert done.returncode == 1, done
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "webapp", *words],
            cwd=CHECKOUT,
            env=self._environment(),
            capture_output=True,
            text=True,
        )

    def rows(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        """What a statement finds in the server's database."""
        return rows_of(self.instance, statement, **values)

    def new_link(self, name: str | None = None) -> str:
        return self._here("link", *([name] if name else []), "--port", str(self.port)).strip()

    def bring_in(self, file: Path) -> None:
        """Import a file beside the server."""
        self._here("import", str(file))

    def _here(self, *words: str) -> str:
        """What a command prints that is run in this process: another one takes two seconds to start."""
        done = CliRunner().invoke(main, words, env=self._environment())
        assert done.exit_code == 0, done.output
        return done.stdout

    def kill(self) -> None:
        """As a power cut would: no chance to tidy up."""
        self._end(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process and self.process.stdout:
            self.process.send_signal(how)
            self.process.wait(LONGEST_END)
            self.process.stdout.close()
            self.process = None

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "CLAIMTAG_INSTANCE": str(self.instance), "PYTHONUNBUFFERED": "1"}

    def _wait_until_healthy(self) -> None:
        for _ in range(100):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz") as answer:
                assert answer.status == 200
                return
            time.sleep(0.05)
        raise AssertionError("The server does not answer.")


class ForkedServer(LiveServer):
    """The same, started by a fork: for tests about what is served, and not about how it starts."""

    def _begin(self, words: list[str]) -> Forked:
        return Forked(words, self._environment())
