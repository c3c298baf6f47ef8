"""The command line: each command parses, calls one action and prints what came of it."""

from webapp.cli import splitting
from webapp.cli.group import main

__all__ = ["main", "splitting"]
