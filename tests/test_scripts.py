"""The pure helpers of the pages' scripts, run by Node where there is one."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent


def test_the_helpers_of_the_scripts_do_what_they_say():
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Node is missing; it runs the tests of the scripts.")
        pytest.skip("Node is missing; it runs the tests of the scripts.")
    files = sorted(str(path) for path in (CHECKOUT / "tests" / "js").glob("*.test.*js"))
    done = subprocess.run([node, "--test", *files], cwd=CHECKOUT, capture_output=True, text=True, check=False)

    assert files
    assert done.returncode == 0, done.stdout[-4000:]
