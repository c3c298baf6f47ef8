"""The tests' own PostgreSQL: found, started, and gone again with whoever started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.databases import MISSING_POSTGRES, rows_of

CHECKOUT = Path(__file__).parent.parent

STARTS_ONE = """
import sys
from pathlib import Path
from tests.databases import PostgresDatabase, postgres_programs
server = PostgresDatabase(postgres_programs())
server.put(Path(sys.argv[1]))
print(server._folder, flush=True)
sys.stdin.read()
"""


def test_an_instance_finds_its_database_and_shares_it_with_nobody(dbms, template, instance, empty_instance):
    assert rows_of(instance, "SELECT count(*) FROM project") == [(1,)]
    assert dbms.kind == "sqlite" or (instance / "config.py").read_text() != (template / "config.py").read_text()
    assert not (empty_instance / "claimtag.sqlite").exists()


@pytest.mark.postgresql_only("SQLite has no server")
def test_a_server_ends_with_the_tests_that_were_killed(dbms, tmp_path):
    tests = subprocess.Popen(
        [sys.executable, "-c", STARTS_ONE, str(tmp_path / "instance")],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    folder = Path(tests.stdout.readline().strip())
    assert (folder / "data").exists()
    tests.send_signal(signal.SIGKILL)
    tests.wait()
    tests.stdin.close()
    tests.stdout.close()

    while folder.exists():
        time.sleep(0.05)


@pytest.mark.parametrize(("ci", "outcome"), [("", "1 skipped"), ("true", "1 error")])
def test_without_its_programs_the_tests_are_skipped_and_in_ci_they_fail(tmp_path, ci, outcome):
    (tmp_path / "no_programs.py").write_text(
        "import tests.databases\ntests.databases.postgres_programs = lambda: None\n"
    )
    answered = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no_programs", "-q", "tests/test_held_elsewhere.py", "-k", "postgresql"],
        cwd=CHECKOUT,
        env={**os.environ, "CI": ci, "PYTHONPATH": os.pathsep.join([str(CHECKOUT), str(tmp_path)])},
        capture_output=True,
        text=True,
    )

    assert outcome in answered.stdout
    assert MISSING_POSTGRES[:60] in answered.stdout
