"""Splitting at the caret in a real browser: it counts UTF-16, the text is kept in code points."""

import pytest
from playwright.sync_api import expect

from tests.signing_in import visit_link

pytestmark = [pytest.mark.browser, pytest.mark.page]

TEXT = "Ahoy 🚢!\r\nTwo 👩‍🚒🚢 sailed and came. It sank."


@pytest.fixture
def repair(page, server, tmp_path):
    """The list of sentences of an article with emoji and CR LF."""
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    server.bring_in(tmp_path / "a.txt")
    visit_link(page, server.link)
    page.goto(f"{server.url}/articles/2/sentences")
    return page


def open_sentence(page, index):
    page.locator(".cuts__open").nth(index).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#cut:focus")


def spans(server):
    rows = server.rows('SELECT start, "end" FROM sentence WHERE article_id = 2 AND retired_in IS NULL ORDER BY start')
    return [TEXT[start:end] for start, end in rows]


def put_caret_before(page, words):
    page.locator("#cut").evaluate(
        "(field, words) => { const n = field.value.indexOf(words); field.setSelectionRange(n, n); }", words
    )


def test_a_split_by_keyboard_falls_where_the_caret_stands(repair, server):
    open_sentence(repair, 1)
    put_caret_before(repair, "came.")
    repair.keyboard.press("Tab")
    repair.keyboard.press("Enter")
    expect(repair.get_by_text("Nobody has answered or noted anything here yet.")).to_be_visible()
    repair.get_by_label("Reason").press("Enter")
    expect(repair.get_by_text("The split is repaired.")).to_be_visible()

    assert spans(server) == ["Ahoy 🚢!", "Two 👩‍🚒🚢 sailed and", "came.", "It sank."]


def test_a_boundary_moves_to_the_caret(repair, server):
    open_sentence(repair, 0)
    put_caret_before(repair, "sailed")
    repair.get_by_role("button", name="Move the boundary to the caret").click()
    repair.get_by_role("button", name="Repair the split").click()
    expect(repair.get_by_text("The split is repaired.")).to_be_visible()

    assert spans(server) == ["Ahoy 🚢!\r\nTwo 👩‍🚒🚢", "sailed and came.", "It sank."]


def test_the_text_itself_cannot_be_changed(repair):
    open_sentence(repair, 0)
    before = repair.locator("#cut").input_value()
    repair.keyboard.type("x")
    repair.keyboard.press("Backspace")
    repair.keyboard.press("Delete")

    assert repair.locator("#cut").input_value() == before


def test_a_split_on_the_desk_is_confirmed_on_the_desk(desk, server):
    desk.keyboard.press("1")
    desk.keyboard.press("ArrowUp")
    expect(desk.locator("#saved")).to_have_text("all saved")
    desk.locator("#repair").click()
    desk.wait_for_selector("#cut:focus")
    put_caret_before(desk, "laid the groundwork")
    desk.get_by_role("button", name="Split at the caret").click()
    expect(desk.get_by_text("the answer is carried over to both parts")).to_be_visible()
    desk.get_by_role("button", name="Repair the split").click()

    expect(desk.locator(".s")).to_have_count(17)
    expect(desk.get_by_text("Does your answer still hold for")).to_be_visible()
    desk.locator(".article__state a").first.click()
    desk.locator("#confirmed").click()
    expect(desk.locator("#saved")).to_have_text("all saved")
    rows = server.rows("SELECT to_confirm FROM annotation WHERE is_current AND tag = 'FACT' ORDER BY id")
    assert [waits for (waits,) in rows] == [0, 1, 0]
