"""The demo: always the same, quick, with something for every element to show, and marked on every page."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.conftest import SETTINGS, close, new_client
from tests.signing_in import sign_in_as
from webapp import demo, serving, verification
from webapp.adjudication import queries
from webapp.app import create_app
from webapp.db import db
from webapp.domain import agreement
from webapp.domain.terms import FOUR_TAGS, Tag
from webapp.judgements import judgements
from webapp.models import SHELL, Adjudication, Annotation, Article, Project, Sentence, Submission, User

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The app over a filled demo, within an app context, and how long the filling took."""
    folder = tmp_path_factory.mktemp("demo")
    app = create_app(folder, {**demo.settings(folder), **SETTINGS})
    serving.migrate(app)
    with app.app_context():
        started = time.monotonic()
        demo.fill()
        app.config["FILLED_IN"] = time.monotonic() - started
        yield app
        close(app)


def project():
    return db.session.get_one(Project, 1)


def given():
    """Who tagged what how, by names that are the same in every demo."""
    return [
        tuple(row)
        for row in db.session.execute(
            judgements(project(), SHELL)
            .join(User, User.id == Annotation.analyst_id)
            .with_only_columns(Article.title, Sentence.start, User.name, Annotation.tag)
            .order_by(Article.id, Sentence.start, User.name)
        )
    ]


def test_it_is_filled_quickly_and_proves_itself(shown):
    assert shown.config["FILLED_IN"] < 15
    assert verification.faults() == []


def test_it_has_six_articles_and_four_analysts_who_handed_in(shown):
    assert db.session.scalar(select(func.count()).select_from(Article)) == 6
    assert db.session.scalar(select(func.count()).select_from(Submission)) == 22
    assert {name for _, _, name, _ in given()} == {analyst.name for analyst in demo.ANALYSTS}


def test_the_new_articles_are_short(shown):
    counts = db.session.execute(
        select(Article.title, func.count(Sentence.id)).join(Sentence.article).group_by(Article.id)
    ).all()

    assert all(10 <= count <= 18 for _, count in counts)


def test_agreement_is_neither_perfect_nor_chance(shown):
    by_sentence = {}
    for title, start, name, tag in given():
        by_sentence.setdefault((title, start), {})[name] = None if tag is Tag.NOT_CODABLE else tag
    rows = [[tags.get(analyst.name) for analyst in demo.ANALYSTS] for tags in by_sentence.values()]
    found = agreement.report(agreement.from_rows(rows, FOUR_TAGS), FOUR_TAGS)

    assert 0.45 < found.alpha < 0.8
    assert {pair.n for pair in found.pairs} > {max(pair.n for pair in found.pairs)}


def test_each_analyst_has_a_habit(shown):
    tags = {name: [tag for _, _, other, tag in given() if other == name] for name in {row[2] for row in given()}}

    def share(name, tag):
        return tags[name].count(tag) / len(tags[name])

    assert share("Ben Okafor", Tag.ATTRIBUTION) < share("Amira Solberg", Tag.ATTRIBUTION) - 0.05
    assert share("Clara Nguyen", Tag.OPINION) > share("Amira Solberg", Tag.OPINION) + 0.05
    assert share("Dov Marchetti", Tag.SPECULATION) < share("Amira Solberg", Tag.SPECULATION) - 0.05


def test_there_is_something_of_everything(shown):
    queue = queries.queue_of(project(), SHELL)
    rated = select(func.count()).where(Annotation.source_reliability.is_not(None))

    assert len(queue.to_settle) >= 10
    assert len(queue.decided) >= 10
    assert queue.acceptable
    assert len(queries.gaps_of(project(), SHELL)) == 1
    assert max(db.session.scalars(select(Adjudication.version))) == 2
    assert db.session.scalar(rated) >= 40
    for column in (Annotation.note, Annotation.second_choice, Annotation.tag_certainty, Annotation.source_text):
        assert db.session.scalar(select(func.count()).where(column.is_not(None))) >= 20
    assert db.session.scalar(select(func.count()).where(Annotation.tag == Tag.NOT_CODABLE)) >= 1


def test_it_is_always_the_same(shown, tmp_path):
    first = given()
    again = create_app(tmp_path, {**demo.settings(tmp_path), **SETTINGS})
    serving.migrate(again)
    with again.app_context():
        demo.fill()
        second = given()
        close(again)

    assert second == first


def test_every_page_says_that_it_is_a_demo(shown):
    supervisor, stranger = new_client(shown), new_client(shown)
    sign_in_as(supervisor, db.session.get_one(User, 1))
    pages = ("/", "/projects", "/projects/1", "/articles/1", "/codebook", "/export", "/nothing", demo.START)

    assert [page for page in pages if "made-up analysts" not in supervisor.get(page, follow_redirects=True).text] == []
    assert "made-up analysts" in stranger.get("/sign-in").text


def test_no_other_page_says_so(client, sign_in, owner):
    sign_in(owner)

    assert "made-up analysts" not in client.get("/", follow_redirects=True).text


def test_its_settings_outweigh_those_of_the_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("CLAIMTAG_DATABASE_URL", "sqlite:////nowhere/real.sqlite")
    monkeypatch.setenv("CLAIMTAG_BASE_URL", "https://claimtag.example.org")
    app = create_app(tmp_path, demo.settings(tmp_path))

    assert app.config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path / 'claimtag.sqlite'}"
    assert app.config["BASE_URL"] is None


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM to stop it by")
def test_the_server_starts_and_leaves_nothing_behind(tmp_path):
    folder = tmp_path / "tmp"
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "webapp", "demo", "--no-browser", "--port", "0"],
        cwd=CHECKOUT,
        env={**os.environ, "TMPDIR": str(folder), "CLAIMTAG_INSTANCE": str(tmp_path / "real"), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        link = next(found[0] for line in process.stdout if (found := re.search(r"http://\S+/sign-in/\S+", line)))
        with urllib.request.urlopen(link.split("/sign-in")[0] + "/sign-in") as answered:
            assert "made-up analysts" in answered.read().decode()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        process.stdout.close()

    assert list(folder.iterdir()) == []
    assert not (tmp_path / "real").exists()
