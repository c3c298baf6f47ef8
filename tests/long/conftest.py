"""What `make long` runs, and nothing else does: how long, on what, and a list of what was measured at the end.

CLAIMTAG_LONG is its length in minutes of load, ten unless set; kills and runs follow it. PostgreSQL is as safe and as
slow here as at work: on the disk, each commit flushed.
"""

import os

import pytest

os.environ.setdefault("CLAIMTAG_LONG", "10")

_measured: list[str] = []


@pytest.fixture
def minutes() -> float:
    return float(os.environ["CLAIMTAG_LONG"])


@pytest.fixture
def report(request):
    """Adds a line to the list at the end."""
    return lambda line: _measured.append(f"{request.node.name}: {line}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _measured:
        terminalreporter.section("measured")
    for line in _measured:
        terminalreporter.write_line(line)
