"""A new supervisor with three analysts, from an empty project to the first settled dispute in few actions."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.conftest import SETTINGS, close
from tests.factories import Person, answer, sentences_of
from tests.signing_in import visit_link
from webapp.app import create_app
from webapp.db import db
from webapp.domain.terms import Tag
from webapp.models import Article, Assignment, User
from webapp.tagging.actions import submit

pytestmark = [pytest.mark.browser, pytest.mark.page]

MOST = 15
TEXT = "The bridge reopened on Tuesday. It reopened far too late."
TAGS = {"Ana": (Tag.FACT, Tag.OPINION), "Ben": (Tag.FACT, Tag.OPINION), "Cem": (Tag.FACT, Tag.FACT)}


class Supervisor:
    """Somebody whose clicks, choices and keys are counted, and not what they type into fields."""

    def __init__(self, page):
        self.page, self.actions = page, []

    def click(self, role, name, within="body"):
        self.page.locator(within).get_by_role(role, name=name).first.click()
        self.actions.append(f"click {name}")

    def choose(self, name, value):
        self.page.locator(f"select[name={name}]").select_option(value)
        self.actions.append(f"choose {value}")

    def press(self, key):
        self.page.keyboard.press(key)
        self.actions.append(f"press {key}")

    def type(self, label, words):
        self.page.get_by_label(label, exact=True).fill(words)


def test_from_an_empty_project_to_the_first_settled_dispute_in_at_most_fifteen_actions(page, server):
    visit_link(page, server.link)
    page.goto(f"{server.url}/projects/new")
    page.get_by_label("Name").fill("Bridges")
    page.get_by_role("button", name="Add the project").click()
    expect(page.get_by_role("heading", name="Bridges")).to_be_visible()
    supervisor = Supervisor(page)

    supervisor.click("link", "Team")
    supervisor.type("One person a line", "Ana\nBen\nCem")
    supervisor.click("button", "Take in")
    supervisor.click("button", "Copy")
    page.locator("#overlap").fill("3")
    supervisor.click("checkbox", "new articles too, as they come in")
    supervisor.click("button", "Hand out")
    supervisor.click("link", "Add articles", within="main")
    supervisor.type("Text of the article", TEXT)
    supervisor.click("button", "Preview")
    supervisor.click("button", "Save article")
    expect(page.locator(".voiced")).to_have_count(2)
    analysts_tag_and_hand_in(server)
    supervisor.click("link", "Articles")
    supervisor.click("link", "1", within=".tiles > div:has-text('to settle')")
    supervisor.click("link", "Settle the most divided")
    expect(page.locator("input[name=gold_tag]").first).to_be_focused()  # the keys act
    supervisor.press("4")
    supervisor.choose("deciding_rule", "R10")
    supervisor.choose("cause", "slip")
    page.locator("textarea[name=reason]").fill("Too late is a judgement.")
    supervisor.press("Control+Enter")

    expect(page.get_by_text("Settled. Nothing else waits for a decision.")).to_be_visible()
    assert len(supervisor.actions) <= MOST, supervisor.actions


def analysts_tag_and_hand_in(server):
    app = create_app(server.instance, SETTINGS)
    with app.app_context():
        article = db.session.scalars(select(Article).order_by(Article.id.desc()).limit(1)).one()
        held = (
            select(User).join(Assignment, Assignment.analyst_id == User.id).where(Assignment.article_id == article.id)
        )
        analysts = {person.name: Person(person.id) for person in db.session.scalars(held)}
        assert analysts.keys() == TAGS.keys()
        for name, tags in TAGS.items():
            for sentence, tag in zip(sentences_of(article), tags, strict=True):
                answer(sentence, analysts[name], tag)
            submit(article, analysts[name])
        close(app)
