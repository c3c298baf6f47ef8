"""Templates are compiled once a run, for every app in all of its processes: each would compile a hundred of its own."""

import atexit
import os
import shutil
import tempfile

from jinja2 import FileSystemBytecodeCache

from webapp.app import Claimtag

FOLDER = "TEMPLATES_COMPILED_FOR_TESTS"
"""The variable that tells processes of the run where they lie; who finds none begins a run, and clears up behind it."""


def share_compiled_templates() -> None:
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="claimtag-templates-")
        atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)
    Claimtag.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(os.environ[FOLDER])}
