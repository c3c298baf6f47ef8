"""Settling by keyboard in a real browser: digits for the tag, typing for the rule, Ctrl+Enter to the next one."""

import pytest

from tests.adjudication.test_settling import hand_in
from tests.conftest import SETTINGS, close
from tests.factories import make_article, sentences_of
from webapp.adjudication import queries
from webapp.app import create_app
from webapp.db import db
from webapp.domain.adjudication import DecidingRule
from webapp.domain.terms import Tag

pytestmark = pytest.mark.browser


@pytest.fixture
def disputed(server):
    """Two disputed sentences in the server's own database."""
    app = create_app(server.instance, SETTINGS)
    with app.app_context():
        article = make_article("One came. Two went.")
        hand_in(article, "A", Tag.FACT, Tag.FACT)
        hand_in(article, "B", Tag.OPINION, Tag.SPECULATION)
        ids = [sentence.id for sentence in sentences_of(article)]
        yield ids
        close(app)


def focused(page):
    return page.evaluate("document.activeElement.name")


def wait_for_focus(page):
    page.wait_for_function("document.activeElement.name === 'gold_tag'")


def test_two_sentences_are_settled_by_keyboard_alone(page, server, disputed):
    first, second = disputed
    page.goto(server.link)
    page.goto(f"{server.url}/sentences/{first}/adjudication")
    wait_for_focus(page)
    page.keyboard.press("2")
    assert page.is_checked("input[value=ATTRIBUTION]")
    assert focused(page) == "deciding_rule"
    page.keyboard.type("R13")
    page.keyboard.press("Tab")
    page.keyboard.type("Slip")
    page.keyboard.press("Tab")
    page.keyboard.type("1 of 2: the quote goes on.")
    assert page.is_checked("input[value=ATTRIBUTION]")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/sentences/{second}/adjudication")
    wait_for_focus(page)
    page.keyboard.press("0")
    assert page.is_checked("input[value=NOT_CODABLE]")

    db.session.rollback()  # the fixture's session began to read before
    decision = queries.current_decision(first)
    assert (decision.gold_tag, decision.deciding_rule) == (Tag.ATTRIBUTION, DecidingRule.R13)
    assert decision.reason == "1 of 2: the quote goes on."


def test_the_text_of_the_chosen_rule_is_shown(page, server, disputed):
    page.goto(server.link)
    page.goto(f"{server.url}/sentences/{disputed[0]}/adjudication")
    page.select_option("select[name=deciding_rule]", "R22")

    assert page.locator("[data-rule]:visible").all_inner_texts() == [
        '"Denied the report" → ATTRIBUTION. "Did not reply", "declined to comment" → FACT'
    ]
