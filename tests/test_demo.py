"""The demo: always the same, quick, with something for every element to show, and marked on every page."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.conftest import SETTINGS, close, new_client
from tests.factories import sentences_of
from tests.signing_in import sign_in_as
from webapp import demo, serving, verification, visibility
from webapp.adjudication import queries
from webapp.app import create_app
from webapp.claims import ledger
from webapp.claims.ledger import Wanted
from webapp.db import db
from webapp.domain import agreement
from webapp.domain.corroboration import proposed
from webapp.domain.merges import root_of
from webapp.domain.terms import FOUR_TAGS, Property, Reliability, SourceKind, Tag
from webapp.judgements import judgements
from webapp.merged_sources import merges_seen_by
from webapp.models import (
    SHELL,
    Adjudication,
    Annotation,
    Article,
    AttributionLink,
    ClaimMention,
    Project,
    Sentence,
    SourceEntry,
    SourceFact,
    SourceRating,
    Submission,
    User,
)
from webapp.review import queries as review
from webapp.review import statistics
from webapp.review.filters import filter_from
from webapp.said_elsewhere import alike_to

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The app over a filled demo, within an app context."""
    folder = tmp_path_factory.mktemp("demo")
    app = create_app(folder, {**demo.settings(folder), **SETTINGS})
    serving.migrate(app)
    with app.app_context():
        demo.fill()
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


def test_the_sample_article_is_worked_through_in_three_claims(shown):
    rows = ledger.listed(SHELL, project(), Wanted(), date(2026, 11, 27)).rows
    told = {row.standing.status: row for row in rows}
    contested, held, open_ = (told[status] for status in ("contested", "corroborated", "unverifiable"))

    assert len(rows) == 3
    # Two origins that contradict each other, one of them told twice; what copies the article counts for nothing.
    assert (contested.count.n_items, contested.count.n_origins, len(contested.count.derived)) == (4, 2, 1)
    assert (contested.count.independent_supporting, contested.count.independent_refuting) == (1, 1)
    assert (held.count.n_items, held.count.n_origins) == (4, 1)  # four reports, one origin
    assert [proposed(row.count).status for row in (contested, held)] == ["contested", "corroborated"]
    assert (held.mentions, held.articles) == (2, 1)
    assert (open_.count.n_items, open_.due) == (0, "2013-12-01")
    at_articles = db.session.scalars(select(Sentence.article_id).join(ClaimMention).distinct()).all()
    assert at_articles == [1]


def test_the_story_of_the_claims_is_on_their_pages(shown):
    client = new_client(shown)
    sign_in_as(client, db.session.scalars(select(User).where(User.is_admin)).one())
    ledger_page = " ".join(BeautifulSoup(client.get("/claims").text, "html.parser").get_text(" ").split())
    assert "4 reports, 1 origin" in ledger_page
    assert "4 reports, 2 origins" in ledger_page
    assert "1 for 1 against" in ledger_page
    assert "1 due for another look" in ledger_page
    assert "1 claim due for another look" in " ".join(client.get("/").text.split())


def test_it_proves_itself(shown):
    assert verification.faults() == []


def test_it_has_nine_articles_and_four_analysts_who_handed_in(shown):
    assert db.session.scalar(select(func.count()).select_from(Article)) == 9
    assert (
        db.session.scalar(select(func.count()).select_from(Submission)) == 22 + 4 + 8 + 11
    )  # the pilot, the test, and repeats
    assert {name for _, _, name, _ in given()} == {analyst.name for analyst in demo.ANALYSTS}


def test_what_the_thirteenth_sentence_of_the_sample_says_is_found_elsewhere(shown):
    sentence = sentences_of(db.session.get_one(Article, 1))[12]
    supervisor = visibility.visit_of(1).actor

    [nearly, *_] = alike_to(sentence.text, supervisor, [sentence.id])

    assert (nearly.article.outlet, nearly.index) == ("The Gulf Monitor", 3)
    assert nearly.score > 0.6


def test_the_new_articles_are_short(shown):
    counts = db.session.execute(
        select(Article.title, func.count(Sentence.id)).join(Sentence.article).group_by(Article.id)
    ).all()

    assert all(5 <= count <= 18 for _, count in counts)


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

    assert queue.to_settle >= 10
    assert queue.decided >= 10
    assert queue.acceptable
    assert len(queries.gaps_of(project(), SHELL)) == 1
    assert max(db.session.scalars(select(Adjudication.version))) == 2
    assert db.session.scalar(rated) >= 40
    for column in (Annotation.note, Annotation.second_choice, Annotation.tag_certainty, Annotation.source_text):
        assert db.session.scalar(select(func.count()).where(column.is_not(None))) >= 20
    assert db.session.scalar(select(func.count()).where(Annotation.tag == Tag.NOT_CODABLE)) >= 1


def root(name):
    """The entry of that name, or the one that stands for it."""
    entry = db.session.scalars(select(SourceEntry.source_id).where(SourceEntry.name == name, SourceEntry.version == 1))
    return root_of(entry.one(), merges_seen_by(SHELL, 1))


def test_it_has_twelve_sources_and_a_double_that_is_one_of_them(shown):
    current = SourceEntry.is_current
    names = set(db.session.scalars(select(SourceEntry.name).where(current, SourceEntry.is_published)))

    assert len(names) == 12
    assert set(db.session.scalars(select(SourceEntry.name).where(current))) - names == {"Volta, the grid operator"}
    assert root("Volta, the grid operator") == root("Volta")
    assert {kind for (kind,) in db.session.execute(select(SourceEntry.kind).where(current))} == set(SourceKind)


def test_its_sources_have_records_that_differ_and_moved(shown):
    ratings = db.session.execute(
        select(SourceRating.source_id, SourceRating.author_id, SourceRating.reliability).where(
            SourceRating.version == 1
        )
    ).all()
    of_one = {}
    for source_id, author_id, letter in ratings:
        of_one.setdefault((source_id, author_id), []).append(letter)

    assert len({source_id for source_id, _, _ in ratings}) >= 8
    assert {letter for *_, letter in ratings} == set(Reliability)
    assert max(len(set(letters)) for letters in of_one.values()) >= 3
    assert db.session.scalar(select(func.count()).where(SourceRating.is_current, SourceRating.is_published)) == 1
    assert db.session.scalar(select(func.count()).where(SourceRating.withdrawn_why.is_not(None))) == 1
    told = set(db.session.scalars(select(SourceFact.property)))
    assert {Property.EXTERNAL_RATING, Property.OWNER, Property.CONTROLLED_BY, Property.DOMAIN} <= told


def test_answers_name_sources_and_keep_the_letter_they_took(shown):
    named = list(db.session.scalars(select(Annotation).where(Annotation.source_id.is_not(None))))
    volta = [one for one in named if one.source_id == root("Volta") and one.rating_id]
    by_letter = {one.source_reliability for one in volta}

    assert len(named) >= 20
    links = {link.source_id for link in db.session.scalars(select(AttributionLink))} - {None}
    assert len({one.source_id for one in named} | links) == 13, "each of the twelve is named, and the double"
    assert Reliability.D not in by_letter, "the later rating rewrites nothing"
    assert by_letter


def test_the_second_sentence_of_the_sample_is_told_as_its_chain_says(shown):
    chains = [names_of(one) for one in answers_to("debkafile’s") if one.links]

    assert chains == [["Military and Iranian sources of debkafile", "debkafile"]] * 3


def test_a_chain_of_three_leads_from_who_expects_to_the_paper(shown):
    [chain] = [names_of(one) for one in answers_to("Meteorologists") if len(one.links) == 3]

    assert chain == ["Meteorologists", "Korda water board", "The Upland Herald"]


def answers_to(begins):
    current = select(Annotation).where(Annotation.is_current)
    return [one for one in db.session.scalars(current) if one.sentence.text.strip().startswith(begins)]


def names_of(annotation):
    named = db.session.execute(select(SourceEntry.source_id, SourceEntry.name).where(SourceEntry.is_current))
    names = {row.source_id: row.name for row in named}
    return [names.get(link.source_id, link.source_text) for link in annotation.links]


def test_the_figures_on_sources_have_something_to_tell(shown):
    coders = review.coders_of(project())
    wanted = filter_from({}, review.choices_in(project(), coders, SHELL, names=False))
    found = statistics.figures(review.counted_answers(project(), SHELL, wanted, coders))
    letters = next(scale for scale in found.scales if scale.column == "source_reliability")

    assert letters.report.n_pairable >= 3
    assert 0 < found.same_source.k < found.same_source.n
    assert len(found.letters_and_numbers) == 4


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
        process.wait(120)
        process.stdout.close()

    assert list(folder.iterdir()) == []
    assert not (tmp_path / "real").exists()
