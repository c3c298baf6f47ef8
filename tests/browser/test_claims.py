"""Claims at the desk: from a sentence to a claim with its evidence, by keyboard and without a network."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import violations
from tests.browser.test_sources import Keys, options, saved

pytestmark = pytest.mark.browser

WORDING = "Iran wants a full-dress defence pact with Russia."


def claims(page):
    return page.locator("#claims > li")


def items(page):
    return page.locator(".mentioned__item")


def type_claim(desk, keys, wording):
    """Into the field for claims, which then offers to make it and nothing else."""
    keys.press("c")
    keys.type(wording)
    expect(options(desk)).to_have_count(1)


def enter_item(keys, stance, independence, address):
    """An item of the claim that has the focus, by keys; a second `e` stays with it, where it is the only one."""
    keys.press("e", stance, independence)
    if independence == "2":
        keys.press("Tab")  # of the one item that is there, the origin is chosen
    keys.type(address)
    keys.press("Enter")


def stored(server):
    """Claims with how sentences mention them, and the items with their addresses and origins."""
    mentions = server.rows(
        "SELECT w.wording, m.kind, m.withdrawn_why FROM claim_mention m"
        " JOIN claim_wording w ON w.claim_id = m.claim_id AND w.is_current WHERE m.is_current ORDER BY m.id"
    )
    evidence = server.rows(
        "SELECT e.stance, e.independence, e.url, o.url, e.withdrawn_why FROM evidence e"
        " LEFT JOIN evidence o ON o.evidence_id = e.same_origin_as AND o.is_current WHERE e.is_current ORDER BY e.id"
    )
    return mentions, evidence


THROUGH = """(list, values) => {
  list.focus();
  for (const value of values) {
    list.value = value;
    list.dispatchEvent(new Event('change', { bubbles: true }));
  }
}"""
"""What the arrows do in a list that is closed."""


def test_from_an_attribution_to_a_claim_with_two_items_of_one_origin_in_at_most_25_presses(desk, server):
    for key in ("j", "2", "6", "k"):
        desk.keyboard.press(key)
    keys = Keys(desk)
    keys.press("c")
    keys.type(WORDING)
    expect(options(desk)).to_have_text([f"New claim “{WORDING}”"])
    keys.press("Enter", "2")
    enter_item(keys, "1", "1", "https://example.org/wire")
    expect(items(desk)).to_have_count(1)
    keys.press("e")
    assert violations(desk) == []
    enter_item(keys, "1", "2", "https://example.org/copy")
    expect(items(desk)).to_have_count(2)
    keys.press("Escape")
    saved(desk)

    assert keys.count <= 25
    wire, copy = "https://example.org/wire", "https://example.org/copy"
    assert stored(server) == (
        [(WORDING, "repeats", None)],
        [("supports", "independent", wire, None, None), ("supports", "same_origin", copy, wire, None)],
    )
    # No verdict is there that the analyst did not give.
    expect(desk.locator("[data-part=status]")).to_have_value("not_started")
    assert server.rows("SELECT count(*) FROM assessment") == [(0,)]

    desk.locator("[data-part=status]").evaluate(THROUGH, ["in_progress", "contested", "corroborated"])
    desk.locator("[data-part=note]").fill("Two reports, one wire.")
    desk.keyboard.press("Escape")
    saved(desk)
    assert server.rows("SELECT status, note FROM assessment WHERE is_current") == [
        ("corroborated", "Two reports, one wire.")
    ]
    assert server.rows("SELECT DISTINCT status FROM assessment") == [("corroborated",)]
    for told in (
        "the note on",
        "stands not started",
        "the item on",
        "the item on",
        "the mention of",
        "the claim",
    ):
        desk.keyboard.press("u")
        expect(desk.locator(".notification")).to_contain_text(told)
    expect(claims(desk)).to_have_count(0)
    saved(desk)
    assert [why for *_, why in stored(server)[1]] == ["undone at the desk"] * 2
    assert server.rows("SELECT withdrawn_why FROM claim_wording WHERE is_current") == [("undone at the desk",)]


@pytest.mark.page
def test_without_a_network_a_claim_and_its_items_are_kept_over_a_reload_and_stored_once(desk, server):
    desk.context.set_offline(True)
    keys = Keys(desk)
    type_claim(desk, keys, WORDING)
    keys.press("Enter")
    enter_item(keys, "1", "4", "https://example.org/wire")
    enter_item(keys, "2", "2", "https://example.org/copy")
    expect(items(desk)).to_have_count(2)
    keys.press("Escape", "j", "c")
    expect(options(desk)).to_have_text([f"{WORDING} sentence 1"])
    keys.press("ArrowDown", "Enter", "3", "Escape")
    expect(desk.locator("#saved")).to_contain_text("kept here")
    assert stored(server) == ([], [])

    # The page itself comes from the server, which then cannot be reached for what is sent.
    desk.route("**/api/v1/**", lambda route: route.abort())
    desk.context.set_offline(False)
    desk.reload()
    desk.wait_for_selector(".s[aria-selected=true]:focus")
    desk.keyboard.press("Home")
    expect(claims(desk)).to_have_count(1)
    expect(claims(desk)).to_contain_text(WORDING)
    expect(items(desk)).to_have_count(2)
    desk.unroute("**/api/v1/**")
    desk.evaluate("dispatchEvent(new Event('online'))")
    saved(desk)

    wire, copy = "https://example.org/wire", "https://example.org/copy"
    assert stored(server) == (
        [(WORDING, "makes", None), (WORDING, "denies", None)],
        [("supports", "unknown", wire, None, None), ("refutes", "same_origin", copy, wire, None)],
    )
    desk.reload()
    desk.wait_for_selector(".s[aria-selected=true]:focus")
    desk.keyboard.press("Home")
    expect(items(desk)).to_have_count(2)


AGAIN = "Moscow has refused to deliver them advanced S-300 anti-air missile systems, the Iranians said. It rained."


@pytest.mark.page
def test_two_presses_show_where_else_it_was_said_and_one_more_makes_that_a_mention_or_an_item(desk, server, tmp_path):
    (tmp_path / "again.txt").write_text(AGAIN)
    server.bring_in(tmp_path / "again.txt")
    keys = Keys(desk)
    desk.locator(".s").nth(12).click()
    type_claim(desk, keys, WORDING)
    keys.press("Enter", "Escape")
    keys.press("w")
    hits = desk.locator("#hits > li")
    expect(hits).to_have_count(1)
    expect(hits.locator("a")).to_be_focused()
    expect(hits.locator("mark")).to_have_text(
        ["refused to deliver them advanced S-300 anti-air missile systems, the Iranians"]
    )
    assert violations(desk) == []

    keys.press("m")
    expect(desk.locator(".notification")).to_contain_text("Mention kept")
    keys.press("e", "1", "1", "Enter")
    expect(items(desk)).to_have_count(1)
    keys.press("Escape")
    saved(desk)

    told = "SELECT words, quote FROM evidence e JOIN sentence s ON s.id = e.sentence_id"
    assert server.rows(told) == [(AGAIN.removesuffix(" It rained."),) * 2]
    assert [kind for _, kind, _ in stored(server)[0]] == ["makes", "repeats"]
    desk.keyboard.press("u")
    desk.keyboard.press("u")
    saved(desk)
    mentions, evidence = stored(server)
    assert [why for *_, why in mentions] == [None, "undone at the desk"]
    assert [why for *_, why in evidence] == ["undone at the desk"]


@pytest.mark.page
def test_the_focus_stays_with_its_item_where_another_one_is_called_the_same(desk):
    held = []
    keys = Keys(desk)
    type_claim(desk, keys, WORDING)
    keys.press("Enter")
    enter_item(keys, "1", "4", "https://example.org/wire")
    expect(items(desk)).to_have_count(1)
    saved(desk)
    desk.route("**/api/v1/**", lambda route: held.append(route), times=1)
    enter_item(keys, "2", "4", "https://example.org/wire")
    take_back = items(desk).nth(1).get_by_role("button", name="take back")
    take_back.focus()
    drawn = desk.evaluate_handle("document.activeElement")
    [second] = held
    second.continue_()
    desk.wait_for_function("one => !one.isConnected", arg=drawn)

    expect(take_back).to_be_focused()


@pytest.mark.page
def test_a_note_is_written_to_its_end_beside_what_could_not_be_taken_back(desk):
    refusal = {"status": 422, "title": "Unprocessable", "detail": "It cannot be taken back.", "code": "refused"}
    keys = Keys(desk)
    for wording in (WORDING, "It was so."):
        type_claim(desk, keys, wording)
        keys.press("Enter", "Escape")
    saved(desk)
    desk.route("**/api/v1/**", lambda route: route.fulfill(status=422, json=refusal), times=1)
    claims(desk).first.get_by_role("button", name="take the mention back").click()
    expect(desk.locator("#claims-fold").get_by_text("It cannot be taken back.")).to_be_visible()
    note = desk.locator("[data-part=note]").first
    note.focus()
    desk.keyboard.type("One wire.")

    expect(note).to_have_value("One wire.")
    expect(note).to_be_focused()
