"""`/` finds in the article at the desk, and goes to the field in the header on every other page."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.page]


def test_slash_finds_in_the_article_and_from_there_in_all_of_them(desk):
    desk.keyboard.press("/")
    expect(desk.locator("#find-words")).to_be_focused()
    desk.keyboard.type("Tehran")
    expect(desk.locator("#find-told")).to_contain_text(" here")
    desk.keyboard.press("Enter")
    found = desk.locator(".s[aria-selected=true]")
    expect(found).to_contain_text("Tehran")
    desk.keyboard.press("Escape")
    expect(found).to_be_focused()
    expect(desk.locator("#find")).to_be_hidden()

    desk.keyboard.press("/")
    desk.get_by_role("link", name="all articles").click()
    expect(desk.get_by_role("heading", name="Sentences")).to_be_visible()
    expect(desk.locator("mark").first).to_have_text("Tehran")
    desk.get_by_role("link", name="Claims", exact=True).click()
    expect(desk.get_by_role("heading", name="Claims", exact=True)).to_be_visible()
    desk.keyboard.press("/")
    field = desk.get_by_role("banner").get_by_role("searchbox", name="Search")
    expect(field).to_be_focused()
    desk.keyboard.type("Moscow")
    desk.keyboard.press("Enter")
    expect(desk.locator("mark").first).to_have_text("Moscow")
