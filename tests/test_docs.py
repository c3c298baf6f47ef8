"""What README and docs tell people to type is typed here, and every command they name exists."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from webapp.cli import main

CHECKOUT = Path(__file__).parent.parent
PAGES = [
    CHECKOUT / "README.md",
    *sorted((CHECKOUT / "docs").glob("*.md")),
    *sorted((CHECKOUT / "docs/guides").glob("*.md")),
]

# What is not typed here, and why.
NOT_TYPED = {
    "python3 run.py": "serves until it is stopped: tests/test_run.py starts it",
    "python3 run.py test": "is what runs this",
    "python3 run.py demo": "serves until it is stopped: tests/test_demo.py starts it",
    "python3 run.py --host 0.0.0.0": "serves others until it is stopped: tests/test_serving.py",
    "CLAIMTAG_HOSTS=desk.newsroom.lan,claimtag.lan python3 run.py --host 0.0.0.0": "the same, under other names",
    "python3 run.py user password NAME": "asks for the password: tests/test_cli.py gives it",
}
# What stands in the documents for a name of one's own.
FILLED_IN = {"FOLDER": "texts", "FILE": "new.backup", "NAME": "Ana"}
THERE = "there.backup"
"""The copy that is restored, whichever command a worker of the tests comes to first."""


def commands_on(page: Path) -> list[str]:
    """The lines of indented or fenced blocks that begin with one of our commands, or a setting before it."""
    found = []
    is_fenced = False
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("```"):
            is_fenced = not is_fenced
        elif (is_fenced or line.startswith("    ")) and re.match(
            r"(\w+=\S+ )*(python3 run\.py|claimtag)\b", line.strip()
        ):
            found.append(line.strip())
    return found


COMMANDS = [(page.name, line) for page in PAGES for line in commands_on(page)]
TYPED = [(page, line) for page, line in COMMANDS if line not in NOT_TYPED]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where somebody would stand who types them: with a folder of texts, a table of ratings, and data of their own."""
    folder = tmp_path_factory.mktemp("typed")
    (folder / "texts").mkdir()
    (folder / "texts" / "a.txt").write_text("Something came. Something went.", "utf-8")
    (folder / "ratings.csv").write_text(
        "sentence_id,coder_id,tag\n1,a,FACT\n1,b,FACT\n2,a,OPINION\n2,b,FACT\n", "utf-8"
    )
    (folder / "items.csv").write_text("claim,item,stance,independence\npact,a,supports,independent\n", "utf-8")
    typed(folder, "user", "list")  # whatever command comes first makes the database
    typed(folder, "backup", THERE)
    return folder


def typed(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CLAIMTAG_INSTANCE": str(folder / "instance"), "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-m", "webapp", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, input="y\n")


def test_there_are_commands_to_type():
    assert len(TYPED) >= 4
    assert set(NOT_TYPED) <= {line for _, line in COMMANDS}, "an exception stands for a line that is no longer there"


@pytest.mark.parametrize(("page", "line"), TYPED, ids=[f"{page}: {line}" for page, line in TYPED])
def test_what_a_page_tells_to_type_does_it(folder, page, line):
    words = [FILLED_IN.get(word, word) for word in shlex.split(line, comments=True)]
    words = words[2:] if words[0] == "python3" else words[1:]
    if words[0] == "restore":
        words[1] = THERE

    done = typed(folder, *words)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists(page):
    text = page.read_text("utf-8")
    named = set(re.findall(r"(?:`|^    (?:\w+=\S+ )*)(?:claimtag|python3 run\.py) ([a-z][a-z-]*)", text, re.MULTILINE))

    assert named - {"test"} <= set(main.list_commands(click.Context(main)))


def commands(group: click.Group, before: str = "") -> list[tuple[str, click.Command]]:
    found = []
    for name, command in group.commands.items():
        found.append((f"{before}{name}", command))
        if isinstance(command, click.Group):
            found += commands(command, f"{before}{name} ")
    return found


@pytest.mark.parametrize(("name", "command"), commands(main), ids=[name for name, _ in commands(main)])
def test_every_command_and_each_of_its_options_says_what_it_does(name, command):
    assert command.help
    assert command.get_short_help_str().strip()
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts[0]} says nothing of what it does"
        else:
            assert (parameter.metavar or parameter.name or "").upper() in command.help, (
                f"the help of {name} does not say what {parameter.name} is"
            )


def test_every_file_that_contributing_names_is_there():
    text = (CHECKOUT / "docs" / "contributing.md").read_text("utf-8")
    named = set(re.findall(r"`((?:webapp|templates|static|tests|docs)/[^`<>]+)`", text))

    assert len(named) > 10
    assert [path for path in sorted(named) if not (CHECKOUT / path).exists()] == []
