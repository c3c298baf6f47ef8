"""Three fixtures everyone knows: `app` over a fresh database, `client` to it, and `sign_in`.

Every test that uses a database, through whichever fixture, runs twice: on SQLite and on PostgreSQL (`-k "not
postgresql"` leaves the second out). So that it can, a test

- asks for `app`, or for an instance folder of its own: `instance` is one after the first start, `empty_instance` one
  that nobody has started yet; for both, `create_app(folder, SETTINGS)`, `LiveServer(folder)` and the environment
  variable CLAIMTAG_INSTANCE find the right database;
- writes SQL past the ORM through `raw()` (or `db.engine`), never through a driver or a file, with `"user"` quoted and
  `true` and `false` for 1 and 0; `raw(defended=False)` writes past triggers and foreign keys, to do damage;
- migrates by `upgrade()` and `downgrade()` of this file, after which rows are read anew.

What is about one of them only is marked `@pytest.mark.sqlite_only("why")` or `@pytest.mark.postgresql_only("why")`.
What is about a page, and asks the database what other tests ask it on both, is marked `page` and runs on PostgreSQL only
with `--long`; so does each case that is marked `long`, which tells the same once more of something else.
"""

import contextvars
import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, text

from tests.compiled_templates import share_compiled_templates
from tests.databases import (
    MEMORY,
    MISSING_POSTGRES,
    POSTGRESQL,
    SQLITE,
    Database,
    PostgresDatabase,
    SqliteDatabase,
    postgres_programs,
)
from tests.factories import Person, make_member
from tests.live_server import ForkedServer, LiveServer
from tests.signing_in import sign_in_as
from webapp import serving
from webapp.app import create_app
from webapp.db import db
from webapp.first_run import ensure_first_things

# Every process that a test starts would otherwise compile all modules anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
share_compiled_templates()

SETTINGS = {"TESTING": True, "SECRET_KEY": "test", "WTF_CSRF_ENABLED": False}


if MEMORY and not os.environ.get("PYTEST_DEBUG_TEMPROOT"):
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)  # the folders of the tests, where no commit waits for a disk


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="leave out PostgreSQL and whatever starts a process")
    parser.addoption("--long", action="store_true", help="every set of roles, and pages on PostgreSQL as well")


class NoProcess(subprocess.Popen):  # type: ignore[type-arg]
    """What tests that have to be quick meet instead: they end here."""

    def __init__(self, *_args: object, **_kwargs: object) -> None:
        pytest.skip("starts a process")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items[:] = [item for item in items if not is_for_the_other(item)]
    if not config.getoption("long"):
        items[:] = [item for item in items if not is_long(item)]
    if config.getoption("quick"):
        subprocess.Popen = NoProcess  # type: ignore[misc]  # here, since who starts the workers comes not this far
        slow = [item for item in items if is_slow(item)]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in set(slow)]


def pytest_collection_finish() -> None:
    """Leave modules, tests and mappers out of every collection of garbage: looking them over took a twelfth of a run."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def database_of(item: pytest.Item) -> object:
    return item.callspec.params.get("dbms") if hasattr(item, "callspec") else None


def is_for_the_other(item: pytest.Item) -> bool:
    """Whether this case, of those of one test, is marked to be about the other database."""
    other = {SQLITE: "postgresql_only", POSTGRESQL: "sqlite_only"}.get(str(database_of(item)))
    return other is not None and item.get_closest_marker(other) is not None


def is_long(item: pytest.Item) -> bool:
    """Whether it is a case that tells the same once more: only `make long` has the time."""
    is_page_again = database_of(item) == POSTGRESQL and item.get_closest_marker("page") is not None
    return is_page_again or item.get_closest_marker("long") is not None


def is_slow(item: pytest.Item) -> bool:
    """Whether it is known ahead to need PostgreSQL or a process."""
    uses_process = {"server", "chromium"} & set(getattr(item, "fixturenames", ()))
    return (
        database_of(item) == POSTGRESQL or bool(uses_process) or any(map(item.get_closest_marker, ("kills", "wheel")))
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "dbms" in metafunc.fixturenames:
        kinds = [
            kind
            for kind, other in ((SQLITE, "postgresql_only"), (POSTGRESQL, "sqlite_only"))
            if metafunc.definition.get_closest_marker(other) is None
        ]
        metafunc.parametrize("dbms", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def dbms(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The database that this run of the test is about."""
    if request.param == SQLITE:
        yield SqliteDatabase()
        return
    programs = postgres_programs()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING_POSTGRES)
        pytest.skip(MISSING_POSTGRES)
    server = PostgresDatabase(programs)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def template(dbms: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder after the first start: migrated, with its first person, project and article."""
    folder = tmp_path_factory.mktemp("template")
    dbms.put(folder)
    app = create_app(folder, SETTINGS)
    serving.migrate(app)
    with app.app_context():
        ensure_first_things()
        close(app)
    return folder


@pytest.fixture(scope="session")
def one_app(dbms: Database, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Made once: rules, templates and statements are compiled for the first test that meets them."""
    folder = tmp_path_factory.mktemp("one")
    dbms.put(folder, template)
    return create_app(folder, SETTINGS)


@pytest.fixture
def app(one_app: Flask, dbms: Database, template: Path) -> Iterator[Flask]:
    """The app over a fresh database, as after the first start, within an app context."""
    folder = Path(one_app.instance_path)
    dbms.drop(folder)
    for left in set(folder.iterdir()) - {folder / "config.py"}:
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    dbms.put(folder, template)
    settings = dict(one_app.config)
    with one_app.app_context():
        yield one_app
        close(one_app)
    one_app.config.clear()
    one_app.config.update(settings)


@pytest.fixture(scope="session")
def scenes(dbms: Database) -> dict[Callable[[], Any], tuple[Path, Any]]:
    """By the function that makes a scene: the instance folder over the database that it left, and what it returned."""
    return {}


@pytest.fixture
def over(
    app: Flask,
    dbms: Database,
    scenes: dict[Callable[[], Any], tuple[Path, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Callable[[], Any]], Any]:
    """`over(make)` is what make() returns, ids and not rows, over the database that it left: made once, then copied."""

    def copied(make: Callable[[], Any]) -> Any:
        folder = Path(app.instance_path)
        if make not in scenes:
            returned, kept = make(), tmp_path_factory.mktemp("scene")
            close(app)
            dbms.put(kept, folder)
            scenes[make] = kept, returned
        kept, returned = scenes[make]
        close(app)
        dbms.drop(folder)
        dbms.put(folder, kept)
        return returned

    return copied


@pytest.fixture
def empty_instance(dbms: Database, tmp_path: Path) -> Iterator[Path]:
    """An instance folder over an empty database of its own."""
    folder = tmp_path / "empty-instance"
    dbms.put(folder)
    yield folder
    dbms.drop(folder)


@pytest.fixture
def instance(dbms: Database, template: Path, tmp_path: Path) -> Iterator[Path]:
    """An instance folder as after the first start, over a database of its own."""
    folder = tmp_path / "instance"
    dbms.put(folder, template)
    yield folder
    dbms.drop(folder)


@pytest.fixture
def server(instance: Path) -> Iterator[LiveServer]:
    """The real server after the first start, over a database of its own."""
    server = ForkedServer(instance).start()
    yield server
    server.stop()


@pytest.fixture
def unused_app(instance: Path) -> Iterator[Flask]:
    """An app that has answered nothing yet, for tests that add a view to it."""
    app = create_app(instance, SETTINGS)
    with app.app_context():
        yield app
        close(app)


def upgrade(revision: str = "head") -> None:
    """Migrate the app's database; what the test read before lets go, or PostgreSQL would wait for it."""
    db.session.commit()
    flask_migrate.upgrade(revision=revision)


def downgrade(revision: str) -> None:
    db.session.commit()
    flask_migrate.downgrade(revision=revision)


@contextmanager
def raw(*, defended: bool = True) -> Iterator[Connection]:
    """A connection past the app's own rules for writing, committed at the end.

    Undefended, what is written passes triggers and foreign keys as well, as a broken disk or a stranger's tool would.
    """
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if not defended and is_sqlite:
            connection.exec_driver_sql("COMMIT")  # no transaction may be open where foreign keys are put off
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        elif not defended:
            connection.execute(text("SET session_replication_role = replica"))
        yield connection
        connection.commit()
        if not defended:
            connection.invalidate()  # so that nobody else gets it in this state


def close(app: Flask) -> None:
    """Let go of the database file: an open connection warns when it is collected, and warnings are errors."""
    db.session.remove()
    app.extensions["save_queue"].close()
    app.extensions["health"].forget()
    db.engine.dispose()


class FreshClient(FlaskClient):
    """Gives every request a context of its own, as a server does; the fixture's would be shared by all."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["buffered"] = True
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return new_client(app)


def new_client(app: Flask) -> FlaskClient:
    """A browser of its own: another person, or another device."""
    app.test_client_class = FreshClient
    return app.test_client()


@pytest.fixture
def sign_in(client: FlaskClient) -> Callable[[Person], Person]:
    """Sign a person in, as the one-time link does."""

    def through_a_link(person: Person) -> Person:
        sign_in_as(client, person)
        return person

    return through_a_link


@pytest.fixture
def owner(app: Flask) -> Person:
    """The person for whom the app was set up: admin, with every role in the first project."""
    return Person(ensure_first_things().id)


@pytest.fixture
def analyst(app: Flask) -> Person:
    """An analyst of the first project, and nothing else."""
    return make_member("Ana Lyst", "analyst")


@pytest.fixture
def statements(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """Collects the SQL statements of the requests made inside `with statements() as seen:`."""

    @contextmanager
    def collected() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        yield seen
        event.remove(db.engine, "before_cursor_execute", note)

    return collected


@pytest.fixture
def cost(app: Flask) -> Callable[[], AbstractContextManager[list[int]]]:
    """Counts what SQLite does inside `with cost() as steps:`, in steps of its machine; on PostgreSQL always none."""

    @contextmanager
    def counted() -> Iterator[list[int]]:
        steps = [0]

        def step() -> None:
            steps[0] += 1

        def note(connection: Connection, *_: object) -> None:
            driver_connection = connection.connection.driver_connection
            if connection.dialect.name == "sqlite" and driver_connection:
                driver_connection.set_progress_handler(step, 1)
                watched.append(driver_connection)

        watched: list[Any] = []
        event.listen(db.engine, "before_cursor_execute", note)
        yield steps
        event.remove(db.engine, "before_cursor_execute", note)
        for driver_connection in watched:
            driver_connection.set_progress_handler(None, 0)

    return counted
