"""The reading room by keyboard in a real browser: to a dispute, settled in place, on to the next."""

import pytest
from playwright.sync_api import expect

from tests.adjudication.test_settling import hand_in
from tests.conftest import SETTINGS, close
from tests.factories import make_article, sentences_of
from tests.signing_in import visit_link
from webapp.app import create_app
from webapp.domain.terms import Tag

pytestmark = [pytest.mark.browser, pytest.mark.page]


@pytest.fixture
def article(server):
    """An article whose second and third sentences are disputed, in the server's own database: its id and theirs."""
    app = create_app(server.instance, SETTINGS)
    with app.app_context():
        article = make_article("One came. Two went. Three stayed.")
        hand_in(article, "A", Tag.FACT, Tag.FACT, Tag.FACT)
        hand_in(article, "B", Tag.FACT, Tag.OPINION, Tag.SPECULATION)
        yield article.id, [sentence.id for sentence in sentences_of(article)]
        close(app)


def test_a_dispute_is_found_settled_and_left_for_the_next_by_keys_alone(page, server, article):
    article_id, (_, second, third) = article
    visit_link(page, server.link)
    page.goto(f"{server.url}/articles/{article_id}/reading?others=1")
    expect(page.locator("[data-print]")).to_be_visible()  # the script runs
    number = page.locator(".voiced__no")
    page.keyboard.press("j")
    expect(number.nth(0)).to_be_focused()
    page.keyboard.press("d")
    expect(number.nth(1)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(number.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    tag = page.locator(f"#s{second} input[name=gold_tag]")
    expect(tag.first).to_be_focused()

    page.keyboard.press("4")
    rule = page.locator("select[name=deciding_rule]")
    expect(rule).to_be_focused()
    rule.select_option("R10")
    page.locator("select[name=cause]").select_option("slip")
    page.locator("textarea[name=reason]").fill("Nothing remains. d j k")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/articles/{article_id}/reading?at={third}&others=1#s{third}")
    expect(page.locator(f"#s{third} input[name=gold_tag]").first).to_be_focused()
    expect(page.locator(f"#s{second} .voice")).to_contain_text("gold O, R10")
    page.keyboard.press("Escape")
    expect(number.nth(2)).to_be_focused()
    page.keyboard.press("d")  # the only one left
    expect(number.nth(2)).to_be_focused()
