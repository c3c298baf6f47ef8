"""The server of whoever changes the sources: as they are, a line for each request, and anew after a change."""

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import urllib.request

import pytest

from tests.live_server import CHECKOUT

PATIENCE = 60


@pytest.fixture
def sources(tmp_path):
    """A checkout of its own, whose sources may be changed."""
    for name in ("webapp", "templates", "static", "seeds"):
        shutil.copytree(CHECKOUT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.fixture
def said(sources):
    """The next line of the server's output that a pattern is found in."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "webapp", "dev", "--port", "0"],
        cwd=sources,
        env={
            **os.environ,
            "PYTHONPATH": str(sources),
            "PYTHONUNBUFFERED": "1",
            "CLAIMTAG_INSTANCE": str(sources / "instance"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: queue.Queue[str] = queue.Queue()
    reader = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout])
    reader.start()

    def next_line(pattern):
        while not (found := re.search(pattern, lines.get(timeout=PATIENCE))):
            pass
        return found

    yield next_line
    process.terminate()
    process.wait(PATIENCE)
    reader.join(PATIENCE)
    process.stdout.close()


def test_a_changed_module_starts_the_server_anew_and_scripts_come_as_they_are(sources, said):
    address = said(r"http://127\.0\.0\.1:\d+")[0]
    with urllib.request.urlopen(f"{address}/sign-in") as page:
        script = re.search(r'src="(/static/[^"]+/js/main\.js)"', page.read().decode())[1]
    with urllib.request.urlopen(address + script) as served:
        assert served.read() == (sources / "static" / "js" / "main.js").read_bytes()
    said(r"GET /sign-in 200 [\d.]+ ms")
    said(r"GET /static/\S+ 200 [\d.]+ ms")

    with (sources / "webapp" / "__init__.py").open("a") as module:
        module.write("# changed\n")
    again = said(r"http://127\.0\.0\.1:\d+")[0]
    with urllib.request.urlopen(f"{again}/healthz") as answer:
        assert answer.status == 200
