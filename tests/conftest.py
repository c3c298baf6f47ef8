"""Three fixtures everyone knows: `app` over a fresh database, `client` to it, and `sign_in`."""

import contextvars
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.factories import Person, make_member
from tests.signing_in import sign_in_as
from webapp import serving
from webapp.app import create_app
from webapp.db import db
from webapp.first_run import ensure_first_things

SETTINGS = {"TESTING": True, "SECRET_KEY": "test", "WTF_CSRF_ENABLED": False}


@pytest.fixture(scope="session")
def filled_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder after the first start: migrated, with its first person, project and article."""
    folder = tmp_path_factory.mktemp("filled")
    app = create_app(folder, SETTINGS)
    serving.migrate(app)
    with app.app_context():
        ensure_first_things()
        close(app)
    return folder


@pytest.fixture(scope="session")
def one_app(filled_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Made once: rules, templates and statements are compiled for the first test that meets them."""
    instance = tmp_path_factory.mktemp("one") / "instance"
    shutil.copytree(filled_instance, instance)
    return create_app(instance, SETTINGS)


@pytest.fixture
def app(one_app: Flask, filled_instance: Path) -> Iterator[Flask]:
    """The app over a fresh database, as after the first start, within an app context."""
    shutil.rmtree(one_app.instance_path)
    shutil.copytree(filled_instance, one_app.instance_path)
    settings = dict(one_app.config)
    with one_app.app_context():
        yield one_app
        close(one_app)
    one_app.config.clear()
    one_app.config.update(settings)


@pytest.fixture
def unused_app(filled_instance: Path, tmp_path: Path) -> Iterator[Flask]:
    """An app that has answered nothing yet, for tests that add a view to it."""
    instance = tmp_path / "instance"
    shutil.copytree(filled_instance, instance)
    app = create_app(instance, SETTINGS)
    with app.app_context():
        yield app
        close(app)


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
