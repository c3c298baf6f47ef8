"""Who says so, at the desk: sources looked up or new, chains and letters, by keyboard and without a network."""

import json
import re
import urllib.request
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import violations
from tests.desk_client import DeskClient

pytestmark = [pytest.mark.browser, pytest.mark.page]


def saved(page):
    expect(page.locator("#saved")).to_have_text("all saved")


class Keys:
    """Presses keys and counts them; names that are typed count for nothing."""

    def __init__(self, page):
        self.page = page
        self.count = 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, name):
        self.page.keyboard.type(name)


def field(page):
    return page.locator("#f-source_text")


def options(page):
    return page.locator(".options:not([hidden]) > li")


@pytest.fixture
def sourced(desk):
    """The desk with sentence 3 told by debkafile, an outlet, and the second one in hand."""
    name_source(desk, 3, "4", "debkafile")
    desk.keyboard.press("Escape")
    saved(desk)
    desk.keyboard.press("k")
    return desk


def name_source(page, number, type_key, name):
    """An attribution with a new source, by keys; the focus is in the field then."""
    page.keyboard.press("Home")
    for _ in range(number - 1):
        page.keyboard.press("j")
    for key in ("2", "Enter", type_key, "Tab"):
        page.keyboard.press(key)
    page.keyboard.type(name)
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#entry")).to_contain_text(re.compile(name, re.IGNORECASE))


def link_outlet(page, typed=""):
    """A chain to debkafile, by keys: as the article's own outlet it is offered before a letter is typed."""
    page.keyboard.press("Alt+l")
    page.keyboard.type(typed)
    expect(options(page).first).to_contain_text("debkafile outlet")
    page.keyboard.press("Enter")
    expect(page.locator(".link[data-behind] .entry")).to_contain_text("debkafile outlet")


def stored(server):
    """What answers that count name: words, name of the entry, letter; and the links behind."""
    answers = server.rows(
        "SELECT a.source_text, e.name, a.source_reliability FROM annotation a"
        " LEFT JOIN source_entry e ON e.source_id = a.source_id AND e.is_current"
        " JOIN sentence s ON s.id = a.sentence_id WHERE a.is_current AND a.tag = 'ATTRIBUTION' ORDER BY s.start"
    )
    links = server.rows(
        "SELECT l.source_text, e.name, l.cue_text FROM attribution_link l JOIN annotation a ON a.id = l.annotation_id"
        " LEFT JOIN source_entry e ON e.source_id = l.source_id AND e.is_current"
        " WHERE a.is_current AND l.position > 1 ORDER BY a.id, l.position"
    )
    return answers, links


def test_from_an_attribution_to_a_chain_of_two_and_a_letter_in_at_most_fourteen_presses(sourced, server):
    """The sample's second sentence: its sources are new, the outlet that prints them is known."""
    keys = Keys(sourced)
    keys.press("2", "Enter", "6", "Tab")
    keys.type("military and Iranian sources")
    expect(options(sourced)).to_have_text(["New source “military and Iranian sources” described unknown"])
    keys.press("Enter", "Alt+l")
    keys.type("debk")
    expect(options(sourced).first).to_have_text("debkafile outlet 1")
    keys.press("Enter", "Alt+r", "f")
    expect(sourced.locator("#rate-meaning")).to_have_text("Reliability cannot be judged")
    keys.press("Escape")
    saved(sourced)

    assert keys.count <= 14
    assert stored(server) == (
        [("military and Iranian sources", "military and Iranian sources", "F"), ("debkafile", "debkafile", None)],
        [("debkafile", "debkafile", None)],
    )
    expect(sourced.locator("#who-note")).to_have_text("unnamed source → debkafile")
    expect(sourced.locator("#chain > li")).to_have_count(3)


def test_the_focus_stays_on_a_button_that_a_save_draws_anew(sourced):
    held = []
    sourced.route("**/api/v1/sentences/**", lambda route: held.append(route), times=1)
    name_source(sourced, 2, "6", "military sources")
    sourced.keyboard.press("Tab")
    clear = sourced.get_by_role("button", name="Clear: name no entry", exact=True)
    expect(clear).to_be_focused()
    [first] = held
    first.continue_()
    saved(sourced)

    expect(clear).to_be_focused()


def test_what_was_told_is_told_again_after_a_reload(sourced):
    name_source(sourced, 2, "6", "military sources")
    link_outlet(sourced)
    for _ in range(2):
        sourced.keyboard.press("Tab")
    expect(sourced.locator(".link[data-behind] [data-part=cue_text]")).to_be_focused()
    sourced.keyboard.type("prints")
    sourced.keyboard.press("Escape")
    saved(sourced)
    sourced.reload()
    sourced.wait_for_selector(".s[aria-selected=true]:focus")
    sourced.keyboard.press("Home")
    sourced.keyboard.press("j")

    expect(sourced.locator("#entry")).to_contain_text("military sources described unknown · 1 of your sentences")
    expect(sourced.locator(".link[data-behind] .entry")).to_contain_text("debkafile outlet · 2 of your sentences")
    expect(sourced.locator(".link[data-behind] [data-part=cue_text]")).to_have_value("prints")


def test_the_list_is_walked_by_arrows_left_by_escape_and_shows_what_is_known_first(sourced):
    name_source(sourced, 2, "4", "Debka Weekly")
    for key in ("Escape", "j", "j", "2", "Enter", "4", "Tab"):
        sourced.keyboard.press(key)
    sourced.keyboard.type("debka")
    expect(options(sourced)).to_have_count(3)
    names = [text.split(" outlet")[0] for text in options(sourced).all_inner_texts()]
    assert names == ["debkafile", "Debka Weekly", "New source “debka”"]
    selected = sourced.locator(".options > [aria-selected=true]")
    for key, expected in (
        ("ArrowUp", "New source"),
        ("Home", "debkafile"),
        ("ArrowDown", "Debka Weekly"),
        ("End", "New"),
    ):
        sourced.keyboard.press(key)
        expect(selected).to_contain_text(expected)
        assert field(sourced).get_attribute("aria-activedescendant") == selected.get_attribute("id")
    sourced.keyboard.press("Escape")
    expect(options(sourced)).to_have_count(0)
    expect(field(sourced)).to_be_focused()
    sourced.keyboard.press("Escape")
    expect(sourced.locator(".s[aria-selected=true]")).to_be_focused()


def test_words_alone_stay_words_and_an_entry_can_be_cleared(sourced, server):
    for key in ("2", "Enter", "6", "Tab"):
        sourced.keyboard.press(key)
    sourced.keyboard.type("insiders")
    sourced.keyboard.press("Escape")
    sourced.keyboard.press("Escape")
    saved(sourced)
    assert stored(server)[0][0] == ("insiders", None, None)

    sourced.keyboard.press("j")
    sourced.get_by_role("button", name="Clear: name no entry").click()
    saved(sourced)
    assert stored(server)[0][1] == (None, None, None)


def test_selected_words_fill_the_field_and_stay_as_printed(sourced, server):
    for key in ("2", "Enter", "6", "Escape"):
        sourced.keyboard.press(key)
    sourced.evaluate(
        """() => {
          const text = document.querySelectorAll('.words')[1].firstChild;
          document.getSelection().setBaseAndExtent(text, 0, text, 9);
        }"""
    )
    sourced.get_by_role("button", name="use debkafile").click()
    expect(field(sourced)).to_be_focused()
    expect(options(sourced).first).to_contain_text("debkafile")
    sourced.keyboard.press("Enter")
    sourced.keyboard.press("Escape")
    saved(sourced)

    assert stored(server)[0][0] == ("debkafile", "debkafile", None)


def test_without_a_network_a_new_source_its_chain_and_its_letter_are_kept_and_arrive_once(sourced, server):
    sourced.context.set_offline(True)
    name_source(sourced, 2, "6", "military sources")
    link_outlet(sourced, "debk")
    sourced.keyboard.press("Alt+r")
    sourced.keyboard.press("d")
    sourced.keyboard.press("Tab")
    sourced.keyboard.type("no record")
    sourced.keyboard.press("Escape")
    name_source(sourced, 4, "6", "MILITARY sources")
    sourced.keyboard.press("Escape")
    expect(sourced.locator("#saved")).to_contain_text("kept here")
    assert len(stored(server)[0]) == 1

    sourced.context.set_offline(False)
    saved(sourced)
    assert stored(server)[0] == [
        ("military sources", "military sources", "D"),
        ("debkafile", "debkafile", None),
        ("military sources", "military sources", "D"),
    ]
    assert server.rows("SELECT count(*) FROM source") == [(2,)]
    assert server.rows("SELECT reliability, basis FROM source_rating") == [("D", "no record")]


def test_what_was_kept_without_a_network_survives_a_closed_tab(sourced, server):
    context = sourced.context
    context.set_offline(True)
    name_source(sourced, 2, "6", "military sources")
    sourced.keyboard.press("Alt+r")
    sourced.keyboard.press("d")
    sourced.keyboard.press("Escape")
    expect(sourced.locator("#saved")).to_contain_text("kept here")
    sourced.close(run_before_unload=False)
    context.set_offline(False)

    again = context.new_page()
    again.goto(f"{server.url}/articles/1")
    again.wait_for_selector(".s[aria-selected=true]")
    saved(again)
    assert stored(server)[0][0] == ("military sources", "military sources", "D")
    expect(again.locator("#panel")).to_contain_text("Sentence")


def test_a_new_source_that_was_there_already_is_the_one_that_was_there(sourced, server):
    """It was entered elsewhere while this desk had no network."""
    sourced.context.set_offline(True)
    name_source(sourced, 2, "4", "Reuters")
    other = DeskClient(server.url, server.new_link())
    [(sentence,)] = server.rows("SELECT id FROM sentence ORDER BY start LIMIT 1")
    put(other, sentence, {"id": "0d6b4bd2-6c5f-4e0e-9d6c-0d3f0a1b2c3d", "name": "REUTERS", "kind": "outlet"})
    sourced.context.set_offline(False)
    sourced.keyboard.press("Escape")
    saved(sourced)

    assert server.rows("SELECT count(*) FROM source_entry WHERE name_key = ' reuters'") == [(1,)]
    expect(sourced.locator("#entry")).to_contain_text("REUTERS")


def put(client, sentence, source, version=0):
    body = {
        "tag": "ATTRIBUTION",
        "source_type": "media_outlet",
        "source_id": source["id"],
        "sources": [source],
        "version": version,
        "client_id": str(uuid.uuid4()),
    }
    address = f"{client.url}/api/v1/sentences/{sentence}/annotation"
    answered = client._open(urllib.request.Request(address, json.dumps(body).encode(), client.headers, method="PUT"))
    assert answered.status == 200, answered.text


def test_undo_goes_back_over_the_letter_the_chain_and_the_source(sourced, server):
    name_source(sourced, 2, "6", "military sources")
    link_outlet(sourced, "debk")
    sourced.keyboard.press("Alt+r")
    sourced.keyboard.press("d")
    sourced.keyboard.press("Escape")
    saved(sourced)
    sourced.keyboard.press("u")
    expect(sourced.locator(".notification")).to_contain_text("source reliability none")
    saved(sourced)
    assert server.rows("SELECT withdrawn_why FROM source_rating WHERE is_current") == [("taken back at the desk",)]
    assert stored(server)[0][0] == ("military sources", "military sources", None)

    sourced.keyboard.press("u")
    expect(sourced.locator(".notification")).to_contain_text("chain none")
    sourced.keyboard.press("u")
    expect(sourced.locator(".notification")).to_contain_text("source none")
    saved(sourced)
    assert stored(server) == ([(None, None, None), ("debkafile", "debkafile", None)], [])


def test_two_answers_tell_their_sources_and_chains_in_words(sourced, server):
    other = sourced.context.new_page()
    open_again(other, server)
    sourced.bring_to_front()
    name_source(sourced, 2, "6", "military sources")
    link_outlet(sourced, "debk")
    sourced.keyboard.press("Escape")
    saved(sourced)
    other.bring_to_front()
    name_source(other, 2, "6", "an official")
    other.keyboard.press("Escape")
    expect(other.locator("#saved")).to_contain_text("1 conflict")

    expect(other.locator("#conflict")).to_contain_text("source: military sources")
    expect(other.locator("#conflict")).to_contain_text("source: an official")
    expect(other.locator("#conflict")).to_contain_text("chain: debkafile")
    other.locator("#conflict").get_by_role("button", name="Keep mine").click()
    saved(other)
    assert stored(server)[0][0] == ("an official", "an official", None)
    other.locator("#history > summary").click()
    expect(other.locator("#revisions")).to_contain_text("source: military sources")
    expect(other.locator("#revisions")).to_contain_text("chain: debkafile")


def open_again(page, server):
    page.goto(f"{server.url}/articles/1")
    page.wait_for_selector(".s[aria-selected=true]")
    page.locator(".s[aria-selected=true]").focus()


def test_letter_and_number_are_never_judged_side_by_side(sourced):
    sourced.keyboard.press("j")
    sourced.locator("#more > summary").click()
    number = sourced.locator("#f-information_credibility")
    number.select_option("3")
    sourced.keyboard.press("Escape")
    sourced.keyboard.press("r")
    expect(sourced.locator("#rate input").first).to_be_focused()
    shown = "(select) => select.selectedOptions[0].text"
    assert number.evaluate(shown) == "hidden while the source is rated"
    sourced.keyboard.press("b")
    assert number.evaluate(shown) == "hidden while the source is rated"
    expect(sourced.locator("#rate-meaning")).to_have_text("Usually reliable")

    number.focus()
    assert number.evaluate(shown) == "3 Possibly true"
    expect(sourced.locator("#rate-meaning")).to_have_text("hidden while the information is judged")
    expect(sourced.locator("#rate :checked")).to_have_count(0)
    sourced.keyboard.press("Escape")
    assert number.evaluate(shown) == "3 Possibly true"
    expect(sourced.locator("#rate :checked")).to_have_value("B")
    saved(sourced)


def test_a_link_is_removed_and_a_source_stands_in_a_chain_once(sourced, server):
    name_source(sourced, 2, "4", "Alpha")
    sourced.keyboard.press("Alt+l")
    sourced.keyboard.type("alpha")
    expect(options(sourced)).to_have_count(5)  # a new one of each kind, and not the one that is there
    sourced.keyboard.press("ArrowUp")
    sourced.keyboard.press("Enter")
    saved(sourced)
    expect(sourced.locator(".link[data-behind] .entry")).to_contain_text("alpha described unknown")
    sourced.get_by_role("button", name="remove link 2").click()
    expect(sourced.locator("#add-link")).to_be_focused()
    saved(sourced)
    assert stored(server)[1] == []


def test_a_refused_name_is_said_and_the_answer_is_saved_with_its_words(sourced, server):
    refuse = {"id": None}

    def spoil(route):
        body = route.request.post_data_json
        if body.get("sources"):
            refuse["id"] = body["sources"][0]["id"]
            body["sources"][0]["name"] = "x" * 10_000
        route.continue_(post_data=body)

    sourced.route("**/annotation", spoil)
    name_source(sourced, 2, "6", "military sources")
    sourced.keyboard.press("Escape")
    saved(sourced)

    assert refuse["id"]
    expect(sourced.locator("#who-problem")).to_contain_text("300")
    expect(sourced.locator(".notification")).to_contain_text("Sentence 2:")
    assert stored(server)[0][0] == ("military sources", None, None)
    expect(sourced.locator("#entry")).to_be_hidden()


def test_a_screen_reader_is_told_what_the_field_is_and_what_it_offers(sourced):
    name_source(sourced, 2, "6", "military sources")
    expect(field(sourced)).to_have_accessible_name("Source")
    expect(field(sourced)).to_have_accessible_description(
        re.compile("military sources described unknown · 1 of your sentences")
    )
    expect(field(sourced)).to_have_role("combobox")
    expect(sourced.locator("#rate")).to_have_role("group")
    expect(sourced.get_by_role("radio", name="F, Reliability cannot be judged")).to_have_count(1)
    sourced.keyboard.press("Alt+l")
    link = sourced.get_by_role("combobox", name="Link 2: passed on by")
    expect(link).to_be_focused()
    expect(link).to_have_attribute("aria-expanded", "true")
    sourced.keyboard.type("debk")
    expect(sourced.locator("#spoken")).to_have_text("6 choices.")
    expect(sourced.get_by_role("listbox", name="Sources")).to_be_visible()
    expect(sourced.get_by_role("option", name="debkafile outlet 1")).to_have_attribute("aria-selected", "true")


def test_the_letter_of_another_link_is_hidden_while_the_information_is_judged(sourced):
    sourced.keyboard.press("j")
    sourced.keyboard.press("r")
    sourced.keyboard.press("e")
    sourced.keyboard.press("Escape")
    saved(sourced)
    name_source(sourced, 2, "6", "military sources")
    link_outlet(sourced, "debk")
    letter = sourced.locator(".link[data-behind] .entry__letter")
    expect(letter).to_have_text(" · rated E")
    sourced.locator("#more > summary").click()
    sourced.locator("#f-information_credibility").focus()
    expect(letter).to_be_hidden()
    sourced.keyboard.press("Escape")
    expect(letter).to_be_visible()


@pytest.mark.parametrize(
    ("scheme", "width", "height"), [("light", 1360, 860), ("dark", 390, 844), ("light", 640, 450)], ids=str
)
def test_axe_finds_nothing_and_nothing_is_cut_off(sourced, scheme, width, height):
    """Wide, on a telephone, and at 200 % of a small screen."""
    name_source(sourced, 2, "6", "military sources")
    sourced.emulate_media(color_scheme=scheme)
    sourced.set_viewport_size({"width": width, "height": height})
    sourced.keyboard.press("Alt+r")
    sourced.keyboard.press("f")
    found = {"the letter given": violations(sourced)}
    sourced.keyboard.press("Alt+l")
    expect(options(sourced).first).to_contain_text("debkafile")
    expect(options(sourced).first).to_be_in_viewport()
    found["a link added, the list open"] = violations(sourced)
    sourced.keyboard.press("Enter")
    sourced.keyboard.press("Alt+l")
    sourced.keyboard.type("An unheard-of gazette")
    expect(options(sourced)).to_have_count(5)
    found["new sources offered"] = violations(sourced)

    assert {state: broken for state, broken in found.items() if broken} == {}
    assert sourced.evaluate("document.documentElement.scrollWidth") <= width
    panel = sourced.locator("#panel")
    assert panel.evaluate("(panel) => panel.scrollWidth - panel.clientWidth") <= 0
