"""The command line: each command parses, calls one action and prints what came of it."""

from webapp.cli import annotations, care, dev, people, server, texts
from webapp.cli.group import main

__all__ = ["annotations", "care", "dev", "main", "people", "server", "texts"]
