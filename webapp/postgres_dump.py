"""Backups of a PostgreSQL database: pg_dump and pg_restore do the work, and this says what they lack."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import URL, text

from webapp.config import process_environment
from webapp.db import db
from webapp.domain.errors import DumpFailed
from webapp.sqlite_file import put_in_place
from webapp.word_index import PARTS_INDEX

BEGINNING = b"PGDMP"
"""Of every file in pg_dump's custom format."""


OF_EXTENSION = ("EXTENSION - pg_trgm", "EXTENSION pg_trgm", PARTS_INDEX)
"""In lines of a dump's contents: what an empty database may lack the right or the files for."""


def is_dump(file: Path) -> bool:
    """Whether pg_dump wrote it in its custom format."""
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(len(BEGINNING)) == BEGINNING


def why_not() -> str | None:
    """What keeps backups from being made, in a sentence."""
    if shutil.which("pg_dump") is None or shutil.which("pg_restore") is None:
        return (
            "PostgreSQL's own programs make its backups, and pg_dump is missing here: install PostgreSQL's client "
            "programs of the server's version (Debian: sudo apt install postgresql-client)."
        )
    return None


def changes() -> str:
    """A text that is another one once a row was written, as the server counts it."""
    counted = text("SELECT sum(n_tup_ins), sum(n_tup_upd), sum(n_tup_del) FROM pg_stat_user_tables")
    with db.engine.connect() as connection:
        return f"{connection.execute(counted).one()}"


def dump(url: URL, part: Path) -> str:
    """Dump the database to the name without `.part`, read it once, and tell what came of it."""
    if missing := why_not():
        raise DumpFailed(missing)
    target = part.with_name(part.name.removesuffix(".part"))
    try:
        _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={part}"], url)
        listed = _run(["pg_restore", "--list", str(part)])
        tables = sum(" TABLE DATA " in line for line in listed.splitlines())
        put_in_place(part, target)
    finally:
        part.unlink(missing_ok=True)
    return f"a dump of PostgreSQL with {tables} tables"


def restore(url: URL, file: Path) -> None:
    """Fill an empty database from a dump, wholly or not at all; but for the index of parts of names, which needs an
    extension that this server may not have (`word_index.create_parts`).
    """
    if missing := why_not():
        raise DumpFailed(missing)
    listed = _run(["pg_restore", "--list", str(file)]).splitlines()
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "kept.list"
        kept.write_text("\n".join(line for line in listed if not any(name in line for name in OF_EXTENSION)))
        whole = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        _run(["pg_restore", *whole, f"--use-list={kept}", str(file)], url)


def _run(words: list[str], url: URL | None = None) -> str:
    """What a program prints; with a URL it works on that database, whose password no list of processes shows."""
    password = {}
    if url is not None:
        password = {"PGPASSWORD": url.password} if url.password else {}
        address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
        words = [*words, f"--dbname={address}"]
    done = subprocess.run(words, env=process_environment(password), capture_output=True, text=True, errors="replace")
    if done.returncode != 0:
        complaint = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise DumpFailed(f"{words[0]} refused: {complaint}")
    return done.stdout
