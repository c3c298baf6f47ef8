"""Starting up: the database brought to the newest version, a free port, and the production server."""

import gc
import ipaddress
import logging
import signal
import socket
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from webapp import access, assets, faults, logs, migrating, schema, server_lock
from webapp.db import database_file, db
from webapp.domain import codebook
from webapp.domain.errors import DomainError, MigrationRefused
from webapp.first_run import ensure_first_things
from webapp.http_server import Server, allow_many_connections
from webapp.models import Codebook, User

SET_UP_LOCK = 0x636C61696D746167
"""The number that servers lock on PostgreSQL while they set the database up: “claimtag”."""
LONGEST_SET_UP = 1_800
"""Seconds that a server waits for another one that migrates."""


def migrate(app: Flask) -> None:
    """Bring the database to the newest version; a SQLite file that has data is copied first."""
    with app.app_context():
        if _version() == schema.newest():
            return
        with _alone("brings it to a newer version"):
            _migrate_alone()


def set_up() -> User:
    """The same, and what every installation starts with; of several servers that start at once, one does it."""
    with _alone("sets it up"):
        _migrate_alone()
        return ensure_first_things()


def _migrate_alone() -> None:
    version = _version()
    if version == schema.newest():
        return
    file = database_file()
    copy = migrating.copy_before(file) if version is not None and file else None
    with _telling_of(copy):
        flask_migrate.upgrade()


def bring_up_to_date() -> None:
    """The same for a file that is itself a copy."""
    if _version() != schema.newest():
        flask_migrate.upgrade()


def _version() -> str | None:
    with db.engine.connect() as connection:
        return schema.version_of(connection)


def _alone(doing: str) -> AbstractContextManager[None]:
    """No server works on the SQLite file meanwhile, save this one, or none sets up the PostgreSQL database.

    Raises InUse for the file; on PostgreSQL the others wait.
    """
    if db.engine.dialect.name != "sqlite":
        return _alone_on_postgres()
    file = database_file()
    return server_lock.held(file, doing, wait=5) if file else nullcontext()


@contextmanager
def _alone_on_postgres() -> Iterator[None]:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = '{LONGEST_SET_UP}s'"))
        connection.execute(select(func.pg_advisory_lock(SET_UP_LOCK)))
        try:
            yield
        finally:
            connection.invalidate()  # its end is the end of the lock, whatever has happened


@contextmanager
def _telling_of(copy: Path | None) -> Iterator[None]:
    """Raises MigrationRefused, with the copy's name, for whatever keeps a migration from its end."""
    try:
        yield
    except (DomainError, SQLAlchemyError, sqlite3.Error, OSError) as failed:
        why = str(failed) if isinstance(failed, DomainError) else faults.sentence(failed) or str(failed)
        kept = f" The copy made before is {copy}." if copy else ""
        raise MigrationRefused(
            f"The database could not be brought to the newest version and is as it was. {why}{kept}"
        ) from failed


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server on that host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def bound_socket(host: str, port: int) -> tuple[socket.socket, bool]:
    """A listening socket on the port, or on the next free one; and whether it is the one asked for."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + 100, 65_536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
        except OSError as taken:
            listener.close()
            if isinstance(taken, PermissionError) or candidate == 65_535 or port == 0:
                raise
            continue
        listener.listen(1024)
        return listener, candidate == port
    raise OSError(f"No port from {port} to {port + 99} is free.")


def warm_up(app: Flask) -> None:
    """Do ahead what the first visitor would wait for, about an eighth of a second."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    assets.scripts()
    for for_pages in (False, True):
        assets.stylesheet(for_pages)
    app.extensions["health"].checks()
    with app.app_context():
        for words in db.session.scalars(select(Codebook.text)):
            codebook.as_html(words)
    # What there is now mostly stays for good: to look through it for garbage time and again takes a tenth of a save.
    gc.collect()
    gc.freeze()


def serve_forever(app: Flask, listener: socket.socket) -> None:
    """Answer requests until the process is told to stop."""
    logs.start(app.config, "server")
    threading.Thread(target=warm_up, args=(app,), daemon=True).start()
    # Threads that write a page or a long export would otherwise hold the interpreter for 5 ms at a time, and one save
    # asks for it again and again.
    sys.setswitchinterval(0.0001)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news to anyone
    stopped = threading.Event()
    writer = threading.Thread(target=access.last_uses(app).keep_writing, args=(app, stopped), daemon=True)
    writer.start()
    proxy = app.config["TRUSTED_PROXY"]
    believed = (
        {"trusted_proxy": proxy, "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}} if proxy else {}
    )
    allow_many_connections()
    Server(app, listener, **believed).run()
    stopped.set()
    writer.join(5)
