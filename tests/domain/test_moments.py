"""Moments as others read them."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from webapp.domain.moments import moment

WEBAPP = Path(__file__).parent.parent.parent / "webapp"
AT = datetime(2026, 11, 22, 15, 4, 5, 987654)
NOT_FOR_OTHERS = {
    "domain/moments.py": "it is the clock",
    "review/filters.py": "days of an address",
    "worker.py": "an option of our own command",
}


@pytest.mark.parametrize("at", [AT, AT.replace(tzinfo=UTC), "2026-11-22 15:04:05.987654"])
def test_a_moment_is_utc_to_the_second_however_it_is_kept(at):
    assert moment(at) == "2026-11-22T15:04:05Z"


def test_no_moment_is_empty():
    assert moment(None) == ""


def test_a_log_asks_for_more():
    assert moment(AT.replace(tzinfo=UTC), milliseconds=True) == "2026-11-22T15:04:05.987Z"


def test_one_function_writes_all_moments():
    """Whatever else calls `isoformat` writes for this program alone."""
    calls = {
        path.relative_to(WEBAPP).as_posix()
        for path in WEBAPP.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "isoformat"
    }

    assert calls == set(NOT_FOR_OTHERS)
