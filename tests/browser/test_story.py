"""The whole way by keyboard alone, in a real browser against the real server."""

import csv

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from tests.browser_support import open_desk
from tests.databases import engine_of

pytestmark = pytest.mark.browser

TAGS = "1233344223211233"  # of the sixteen sentences
KEYS = TAGS.replace("2", "26")  # and who says so, where it is an attribution


def saved(page):
    expect(page.locator("#saved")).to_have_text("all saved")


def test_one_key_a_sentence_and_one_for_who_says_so_tag_the_article_and_the_csv_has_them(desk, server):
    expect(desk.locator(".s")).to_have_count(16)

    for key in KEYS:
        desk.keyboard.press(key)
    saved(desk)
    expect(desk.get_by_text("16 of 16 tagged")).to_be_visible()

    desk.goto(f"{server.url}/export")
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Download CSV").click()
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["tag_code"] for row in rows] == list(TAGS)
    assert {row["source_type"] for row in rows if row["tag_code"] == "2"} == {"unnamed_source"}
    [(text,)] = server.rows("SELECT text FROM article WHERE id = 1")
    assert [text[int(row["char_start"]) : int(row["char_end"])] for row in rows] == [row["text"] for row in rows]


@pytest.mark.page
def test_cue_words_are_marked_on_demand_and_told_to_a_screen_reader(desk):
    sentence = desk.locator(".s").nth(1)
    before = sentence.inner_text()
    expect(desk.locator("mark")).to_have_count(0)

    desk.locator("#cues").click()
    expect(sentence.locator("mark").first).to_be_visible()
    cue = sentence.locator("mark").first.inner_text()
    assert sentence.get_attribute("aria-description").startswith(f"{cue}: ")
    assert sentence.inner_text() == before

    desk.locator("#cues").click()
    expect(desk.locator("mark")).to_have_count(0)
    expect(desk.locator("[aria-description]")).to_have_count(0)
    assert sentence.inner_text() == before


@pytest.mark.page
def test_keys_move_and_undo(desk):
    desk.keyboard.press("1")
    desk.keyboard.press("3")
    expect(desk.locator("#here")).to_have_text("3")
    desk.keyboard.press("k")
    expect(desk.locator("#here")).to_have_text("2")
    desk.keyboard.press("u")
    expect(desk.locator(".s").nth(1)).not_to_have_attribute("data-tag", "SPECULATION")
    expect(desk.get_by_text("1 of 16 tagged")).to_be_visible()
    saved(desk)


LIT = """() => [...document.querySelectorAll('.asks__type kbd, .tags kbd')].filter((key) =>
  key.checkVisibility({ visibilityProperty: true }) && getComputedStyle(key).fontSize !== '0px').map((key) => key.textContent)"""


@pytest.mark.page
def test_ten_sentences_take_ten_keys_and_only_digits_that_act_are_lit(desk):
    assert desk.evaluate(LIT) == list("12340")
    for key in "1343413433":
        desk.keyboard.press(key)
    expect(desk.get_by_text("10 of 16 tagged")).to_be_visible()

    desk.keyboard.press("2")
    expect(desk.locator("#asks")).to_be_visible()
    assert desk.evaluate(LIT) == list("1234567890")
    desk.keyboard.press("2")
    expect(desk.locator("#here")).to_have_text("12")
    expect(desk.locator(".strip a").nth(10)).to_contain_text("Organisation")
    assert desk.evaluate(LIT) == list("12340")

    desk.keyboard.press("u")
    expect(desk.locator("#asks")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.locator("[name=source_type]").first).to_be_focused()
    assert desk.evaluate(LIT) == []


@pytest.mark.page
def test_four_hundred_sentences_take_at_most_520_keys(desk, server, tmp_path):
    file = tmp_path / "long.txt"
    file.write_text(" ".join(f"Sentence number {n} tells something plain." for n in range(400)))
    server.command("import", str(file))
    desk.goto(f"{server.url}/articles/2")
    desk.wait_for_selector(".s[aria-selected=true]:focus")
    keys = [key for n in range(400) for key in (("2", "6") if n % 100 < 27 else ("134"[n % 3],))]
    assert len(keys) <= 520

    for key in keys:
        desk.keyboard.press(key)
    expect(desk.get_by_text("400 of 400 tagged")).to_be_visible()
    expect(desk.locator("#saved")).to_have_text("all saved", timeout=60_000)

    query = "SELECT count(*), count(source_type) FROM annotation WHERE is_current AND tag IS NOT NULL"
    assert server.rows(query) == [(400, 108)]


@pytest.mark.page
def test_whoever_tagged_before_goes_on_as_before_is_asked_once_and_can_switch(desk, server):
    engine = engine_of(server.instance)
    with engine.begin() as connection:
        connection.execute(text('UPDATE "user" SET asks_who = NULL'))
    engine.dispose()
    desk.reload()
    desk.wait_for_selector(".s[aria-selected=true]:focus")
    desk.keyboard.press("2")
    expect(desk.locator("#here")).to_have_text("2")

    with desk.expect_response("**/preferences"):
        desk.get_by_role("button", name="Ask me right after the tag").click()
    expect(desk.locator("#offer")).to_have_count(0)
    desk.keyboard.press("2")
    expect(desk.locator("#asks")).to_be_visible()

    desk.keyboard.press("?")
    with desk.expect_response("**/preferences"):
        desk.locator("#asks-who").uncheck()
    desk.keyboard.press("Escape")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("2")
    expect(desk.locator("#here")).to_have_text("4")
    expect(desk.locator("#asks")).to_be_hidden()


@pytest.mark.page
def test_clicks_beside_the_sentences_leave_the_keys_alive_and_a_number_goes_to_its_sentence(desk):
    desk.locator("h1").click()
    desk.keyboard.press("j")
    desk.locator(".article__head .muted").click()
    desk.keyboard.press("j")
    desk.mouse.click(120, 500)  # the margin
    desk.keyboard.press("j")
    expect(desk.locator("#here")).to_have_text("4")
    desk.keyboard.press("#")
    desk.keyboard.type("12g")
    expect(desk.locator("#here")).to_have_text("12")

    desk.keyboard.press("4")
    desk.locator("#strip-show").select_option("untagged")
    expect(desk.locator(".strip a[data-off]")).to_have_count(1)


@pytest.mark.page
def test_a_click_tags_as_well(desk):
    desk.locator(".s").nth(4).click()
    desk.locator("#tags button[data-tag=OPINION]").click()

    expect(desk.locator(".s").nth(4)).to_have_attribute("data-tag", "OPINION")
    saved(desk)


def test_killing_the_server_after_saved_loses_nothing(desk, server):
    for key in "1263":
        desk.keyboard.press(key)
    saved(desk)
    server.kill()
    server.start()

    desk.reload()
    expect(desk.get_by_text("3 of 16 tagged")).to_be_visible()


def test_the_article_can_be_tagged_without_javascript(chromium, server):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.link)
    page.get_by_role("button", name="Sign in").click()
    page.locator("#sentences noscript a").first.click()
    page.get_by_label("Speculation").first.check()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("Sentence 2", exact=False).first).to_be_visible()
    page.goto(f"{server.url}/articles/1")

    expect(page.locator(".s").first).to_have_attribute("data-tag", "SPECULATION")
    context.close()


def test_one_key_submits_the_finished_article(desk, server):
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#spoken")).to_contain_text("Submit when every sentence has its tag")
    for _ in range(16):
        desk.keyboard.press("1")
    desk.keyboard.press("Control+Enter")  # while the last ones are on their way

    expect(desk.get_by_text("Submitted: your answers are locked.")).to_be_visible()
    assert server.rows("SELECT count(*) FROM submission_annotation") == [(16,)]


@pytest.mark.page
def test_nothing_is_submitted_past_a_note_that_was_refused_and_the_strip_shows_where_it_is(desk, server):
    refusal = {"status": 422, "title": "Unprocessable", "detail": "No such claim can be kept.", "code": "refused"}
    desk.route("**/api/v1/sentences/*/claims", lambda route: route.fulfill(status=422, json=refusal))
    desk.keyboard.press("c")
    desk.keyboard.type("It was so.")
    expect(desk.locator(".options:not([hidden]) > li")).to_have_count(1)
    desk.keyboard.press("Enter")
    desk.keyboard.press("Escape")
    for _ in range(16):
        desk.keyboard.press("1")
    expect(desk.locator(".strip a").first).to_have_attribute("data-state", "refused")
    desk.keyboard.press("Control+Enter")

    expect(desk.locator(".notification")).to_contain_text("Not submitted")
    expect(desk.locator(".finish__missing")).to_contain_text("about its claims could not be delivered")
    expect(desk.locator("#here")).to_have_text("1")
    assert server.rows("SELECT count(*) FROM submission") == [(0,)]


@pytest.mark.page
def test_a_key_that_does_nothing_says_why_to_everybody(desk):
    desk.keyboard.press("u")
    expect(desk.get_by_text("Nothing to undo.").last).to_be_visible()

    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".notification")).to_contain_text("Submit when every sentence has its tag")


@pytest.mark.page
def test_undo_of_what_was_submitted_keeps_the_way_back(desk):
    for key in "1111333344441111":
        desk.keyboard.press(key)
    saved(desk)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".article__state")).to_contain_text("Submitted")
    desk.wait_for_selector(".s[aria-selected=true]:focus")
    steps = "Object.entries(localStorage).filter(([key]) => key.startsWith('claimtag-undo')).map(([, value]) => value)"
    before = desk.evaluate(steps)

    desk.keyboard.press("u")
    expect(desk.locator(".notification")).to_have_text("Submitted: your answers are locked.")
    assert desk.evaluate(steps) == before


@pytest.mark.page
def test_the_guide_opens_at_the_tag_and_without_a_connection_once_it_came(page, server):
    page.route("**/codebooks/*/text*", lambda route: route.abort())
    desk = open_desk(page, server)
    desk.keyboard.press("g")
    expect(desk.locator("#guide-fit")).to_contain_text("cannot be fetched now")
    desk.keyboard.press("Escape")
    desk.unroute_all()
    desk.keyboard.press("1")
    saved(desk)
    desk.keyboard.press("k")
    desk.keyboard.press("g")
    expect(desk.locator("#guide-fit")).to_contain_text("Rules that speak of Fact")
    expect(desk.locator("#guide-body #tag-FACT")).to_be_in_viewport()
    desk.keyboard.press("Escape")

    desk.context.set_offline(True)
    desk.keyboard.press("g")
    expect(desk.locator("#guide-body #tag-FACT")).to_be_in_viewport()


@pytest.mark.page
def test_a_search_without_hits_says_so_and_escape_closes_the_guide(desk):
    desk.keyboard.press("g")
    desk.locator("#guide-search").fill("zzzz")
    expect(desk.locator("#guide-fit")).to_have_text("No passage has “zzzz”.")
    desk.locator("#guide-search").fill("R6")
    expect(desk.locator("#guide-fit")).to_have_text("1 passage")

    desk.keyboard.press("Escape")
    expect(desk.locator("#guide")).to_be_hidden()
    expect(desk.locator(".s[aria-selected=true]")).to_be_focused()


@pytest.mark.page
def test_a_clicked_reason_goes_on_to_the_next_sentence_as_its_key_does(desk):
    desk.keyboard.press("0")
    desk.locator("[name=not_codable_reason]").nth(1).click()

    expect(desk.locator("#here")).to_have_text("2")
    expect(desk.locator(".s").nth(1)).to_be_focused()


@pytest.mark.page
def test_ctrl_z_undoes_from_the_panel_too(desk):
    desk.keyboard.press("1")
    desk.locator("#tags button").first.focus()
    desk.keyboard.press("Control+z")

    expect(desk.locator(".s").first).not_to_have_attribute("data-tag", "FACT")
    expect(desk.locator(".notification")).to_have_text("Undone, sentence 1: tag none.")


def places(page):
    """Where each word of the article stands, and which sentences have their badge on another line than their text."""
    return page.evaluate(
        """() => {
          const words = [], alone = [];
          for (const text of document.querySelectorAll('.words')) {
            const range = document.createRange();
            for (const { index, 0: word } of text.firstChild.data.matchAll(/\\S+/g)) {
              range.setStart(text.firstChild, index);
              range.setEnd(text.firstChild, index + word.length);
              const { left, top } = range.getClientRects()[0];
              words.push(`${Math.round(left * 4)} ${Math.round((top + scrollY) * 4)}`);
            }
            if (text.getClientRects()[0].top > text.previousElementSibling.getBoundingClientRect().bottom) alone.push(text.parentElement.id);
          }
          return { words, alone };
        }"""
    )


@pytest.mark.page
@pytest.mark.parametrize("width", [320, 390, 768, 1360])
def test_a_tag_moves_no_word_and_no_badge_stands_alone_at_the_end_of_a_line(desk, width):
    desk.set_viewport_size({"width": width, "height": 860})
    before = places(desk)
    for tag in ("FACT", "ATTRIBUTION", "SPECULATION", "OPINION", "NOT_CODABLE"):
        desk.evaluate(
            "(tag) => document.querySelectorAll('.s').forEach((s) => Object.assign(s.dataset, { tag, ask: 'yes' }))",
            tag,
        )
        assert places(desk) == before

    assert len(before["words"]) > 300
    assert before["alone"] == []
