"""Settling by keyboard in a real browser: digits for the tag, typing for the rule, Ctrl+Enter to the next one."""

import re

import pytest
from playwright.sync_api import expect

from tests.adjudication.test_settling import hand_in
from tests.browser_support import until
from tests.conftest import SETTINGS, close
from tests.factories import make_article, sentences_of
from tests.signing_in import visit_link
from webapp.adjudication import queries
from webapp.app import create_app
from webapp.db import db
from webapp.domain.adjudication import DecidingRule
from webapp.domain.terms import Tag

pytestmark = [pytest.mark.browser, pytest.mark.page]


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


def open_form(page, server, sentence_id):
    """The form of a disputed sentence, once its keys act: the script moves the focus last."""
    page.goto(f"{server.url}/sentences/{sentence_id}/adjudication")
    expect(tag_radio(page).first).to_be_focused()


def tag_radio(page, tag=""):
    return page.locator(f"input[name=gold_tag]{tag and f'[value={tag}]'}")


def test_two_sentences_are_settled_by_keyboard_alone(page, server, disputed):
    first, second = disputed
    visit_link(page, server.link)
    open_form(page, server, first)
    page.keyboard.press("2")
    expect(tag_radio(page, "ATTRIBUTION")).to_be_checked()
    expect(page.locator("select[name=deciding_rule]")).to_be_focused()
    page.keyboard.type("R13")
    page.keyboard.press("Tab")
    page.keyboard.type("Slip")
    page.keyboard.press("Control+Enter")  # without a reason: there the focus is
    expect(page.get_by_label("Reason")).to_be_focused()
    expect(page.get_by_label("Reason")).to_have_accessible_description(re.compile("Write the reason"))
    page.keyboard.type("1 of 2: the quote goes on.")
    expect(tag_radio(page, "ATTRIBUTION")).to_be_checked()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/sentences/{second}/adjudication")
    expect(tag_radio(page).first).to_be_focused()
    page.keyboard.press("0")
    expect(tag_radio(page, "NOT_CODABLE")).to_be_checked()

    db.session.rollback()  # the fixture's session began to read before
    decision = queries.current_decision(first)
    assert (decision.gold_tag, decision.deciding_rule) == (Tag.ATTRIBUTION, DecidingRule.R13)
    assert decision.reason == "1 of 2: the quote goes on."


def test_the_text_of_the_chosen_rule_is_shown(page, server, disputed):
    visit_link(page, server.link)
    open_form(page, server, disputed[0])
    page.select_option("select[name=deciding_rule]", "R22")

    expect(page.locator("[data-rule]:visible")).to_have_text(
        ['"Denied the report" → ATTRIBUTION. "Did not reply", "declined to comment" → FACT']
    )


def test_a_rule_chosen_before_the_script_has_come_shows_its_text_too(page, server, disputed):
    visit_link(page, server.link)
    held = []
    page.route("**/adjudicate*.js", lambda route: held.append(route))
    page.goto(f"{server.url}/sentences/{disputed[0]}/adjudication")
    page.select_option("select[name=deciding_rule]", "R22")
    until(page, lambda: held)
    expect(page.locator("[data-rule]:visible")).to_have_count(0)

    held.pop().continue_()
    expect(page.locator("[data-rule]:visible")).to_have_count(1)
