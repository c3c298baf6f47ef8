"""Whatever fails between a key and the disk, the tag arrives: once, in order, and only for the one who gave it."""

import sqlite3

import pytest
from playwright.sync_api import expect

from tests.browser_support import until
from tests.conftest import close, downgrade
from tests.signing_in import visit_link
from webapp.app import create_app

pytestmark = [pytest.mark.browser, pytest.mark.page]


def stored(server, article_id=1):
    """The tags that count now, in document order, and how many revisions there are in all."""
    tags = server.rows(
        "SELECT a.tag FROM annotation a JOIN sentence s ON s.id = a.sentence_id "
        "WHERE a.is_current AND s.article_id = :article_id ORDER BY s.start",
        article_id=article_id,
    )
    [(revisions,)] = server.rows("SELECT count(*) FROM annotation")
    return [tag for (tag,) in tags], revisions


def saved(page):
    expect(page.locator("#saved")).to_have_text("all saved")


def ready(page):
    page.wait_for_selector(".s[aria-selected=true]")
    page.locator(".s[aria-selected=true]").focus()


@pytest.fixture
def long_desk(page, server, tmp_path):
    """The desk with an article of sixty sentences."""
    text = " ".join(f"Sentence number {n} tells something plain." for n in range(60))
    (tmp_path / "long.txt").write_text(text)
    server.bring_in(tmp_path / "long.txt")
    visit_link(page, server.new_link())
    page.goto(f"{server.url}/articles/2")
    ready(page)
    return page


def test_fifty_tags_without_a_network_arrive_when_it_is_back(long_desk, server):
    long_desk.context.set_offline(True)
    for _ in range(50):
        long_desk.keyboard.press("3")
    expect(long_desk.locator("#saved")).to_contain_text("kept here until the connection is back")
    assert stored(server, 2) == ([], 0)

    long_desk.context.set_offline(False)
    saved(long_desk)
    assert stored(server, 2) == (["SPECULATION"] * 50, 50)


def test_who_tries_again_by_the_keyboard_stays_at_the_button_when_it_fails(desk, server):
    desk.context.set_offline(True)
    desk.keyboard.press("1")
    expect(desk.locator("#saved")).to_contain_text("kept here until the connection is back")
    desk.locator("#saved").press("Enter")
    for button in ("Try now", "Sentence 1"):
        desk.locator("#undelivered").get_by_role("button", name=button).focus()
        drawn = desk.evaluate_handle("document.activeElement")
        desk.evaluate(
            "dispatchEvent(new Event('online'))"
        )  # which it takes for a chance: it fails, and all is drawn anew
        desk.wait_for_function("one => !one.isConnected", arg=drawn)
        expect(desk.locator("#undelivered").get_by_role("button", name=button)).to_be_focused()


def test_what_is_discarded_of_another_piece_of_work_leaves_the_answer_of_this_one(desk, server):
    desk.keyboard.press("1")
    saved(desk)
    desk.route("**/api/v1/**", lambda route: route.abort())
    desk.keyboard.press("1")
    expect(desk.locator("#saved")).to_contain_text("kept here")
    desk.evaluate("""() => {
      for (const [key, told] of Object.entries(localStorage))
        if (told.includes('"about"')) {
          const record = { ...JSON.parse(told), assignment_key: 'another', state: 'refused', error: 'It is handed in.' };
          localStorage.setItem(key, JSON.stringify(record));
        }
    }""")
    desk.reload()
    ready(desk)
    desk.keyboard.press("Home")
    desk.keyboard.press("j")
    desk.keyboard.press("3")
    desk.locator("#saved").press("Enter")
    desk.get_by_role("button", name="Discard").click()
    expect(desk.get_by_text("It is handed in.")).to_have_count(0)
    desk.unroute("**/api/v1/**")
    desk.evaluate("dispatchEvent(new Event('online'))")
    saved(desk)

    assert stored(server, 1) == (["FACT", "SPECULATION"], 2)


def test_tags_given_offline_survive_a_closed_tab(long_desk, server):
    context = long_desk.context
    context.set_offline(True)
    for key in "12634":
        long_desk.keyboard.press(key)
    long_desk.close(run_before_unload=False)
    context.set_offline(False)

    again = context.new_page()
    again.goto(f"{server.url}/articles/2")
    ready(again)
    saved(again)
    assert stored(server, 2)[0] == ["FACT", "ATTRIBUTION", "SPECULATION", "OPINION"]


def test_a_server_killed_in_mid_request_gets_every_tag_once_when_it_is_back(desk, server):
    for key in "14":
        desk.keyboard.press(key)
    saved(desk)
    for key in "3413":
        desk.keyboard.press(key)
    server.kill()
    for key in "33":
        desk.keyboard.press(key)
    expect(desk.locator("#saved")).to_contain_text("kept here")
    server.start()

    saved(desk)
    tags, revisions = stored(server)
    assert tags == [
        "FACT",
        "OPINION",
        "SPECULATION",
        "OPINION",
        "FACT",
        "SPECULATION",
        "SPECULATION",
        "SPECULATION",
    ]
    assert revisions == 8


@pytest.mark.sqlite_only("PostgreSQL is made for several programs")
def test_tags_given_while_another_program_holds_the_database_are_kept_and_sent_later(desk, server):
    elsewhere = sqlite3.connect(server.instance / "claimtag.sqlite", isolation_level=None)
    elsewhere.execute("BEGIN IMMEDIATE")
    for key in "12":
        desk.keyboard.press(key)
    expect(desk.locator("#saved")).to_contain_text("2 kept here until the server can save again")
    desk.locator("#saved").click()
    expect(desk.locator("#undelivered")).to_contain_text("held by another program")
    elsewhere.execute("ROLLBACK")
    elsewhere.close()

    saved(desk)
    assert stored(server) == (["FACT", "ATTRIBUTION"], 2)


@pytest.mark.sqlite_only("PostgreSQL keeps its own files")
def test_tags_given_while_the_file_is_elsewhere_are_kept_and_sent_when_it_is_back(desk, server):
    file = server.instance / "claimtag.sqlite"
    desk.keyboard.press("1")
    saved(desk)
    file.rename(server.instance / "renamed.sqlite")
    for key in "2634":
        desk.keyboard.press(key)
    expect(desk.locator("#saved")).to_contain_text("3 kept here")
    (server.instance / "renamed.sqlite").rename(file)

    saved(desk)
    assert stored(server) == (["FACT", "ATTRIBUTION", "SPECULATION", "OPINION"], 4)


def test_an_answer_whose_reply_was_lost_is_not_written_twice(desk, server):
    lost = []

    def lose_the_reply(route):
        route.fetch()  # the server has it
        lost.append(route.request.url)
        route.abort()

    desk.route("**/annotation", lose_the_reply, times=1)
    desk.keyboard.press("1")
    saved(desk)

    assert len(lost) == 1
    assert stored(server) == (["FACT"], 1)


def test_two_tabs_the_later_one_is_asked_which_answer_counts(desk, server):
    other = desk.context.new_page()
    other.goto(f"{server.url}/articles/1")
    ready(other)
    desk.bring_to_front()
    desk.keyboard.press("1")
    saved(desk)
    other.bring_to_front()
    other.keyboard.press("4")
    expect(other.locator("#saved")).to_contain_text("1 conflict")
    assert stored(server)[0] == ["FACT"]

    other.keyboard.press("ArrowUp")
    other.locator("#conflict").get_by_role("button", name="mine").click()
    saved(other)
    assert stored(server) == (["OPINION"], 2)


def test_an_expired_session_keeps_the_tags_until_the_same_person_is_back(desk, server):
    desk.context.clear_cookies()
    for key in "1263":
        desk.keyboard.press(key)
    expect(desk.locator("#saved")).to_contain_text("igned out")
    assert stored(server) == ([], 0)

    visit_link(desk, server.new_link())
    desk.goto(f"{server.url}/articles/1")
    ready(desk)
    saved(desk)
    assert stored(server)[0] == ["FACT", "ATTRIBUTION", "SPECULATION"]


def test_the_upgrade_to_kept_sessions_asks_to_sign_in_once_more_and_then_sends_what_waited(desk, server):
    server.stop()
    for key in "1263":
        desk.keyboard.press(key)
    expect(desk.locator("#saved")).to_contain_text("kept here")
    app = create_app(server.instance)
    with app.app_context():
        downgrade("0007")
        close(app)
    before = app.session_interface.get_signing_serializer(app).dumps({"_user_id": "1:1", "csrf_token": "0" * 40})
    desk.context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": before, "url": server.url}])
    server.start()
    # The desk waits up to twenty seconds between two tries.
    expect(desk.locator("#saved")).to_contain_text("igned out", timeout=90_000)
    assert stored(server) == ([], 0)

    visit_link(desk, server.link)
    ready(desk)
    saved(desk)
    assert stored(server) == (["FACT", "ATTRIBUTION", "SPECULATION"], 3)


def test_what_one_person_left_unsent_is_neither_shown_nor_sent_for_another(desk, server):
    server.command("user", "add", "Another")
    desk.context.clear_cookies()
    desk.keyboard.press("4")
    expect(desk.locator("#saved")).to_contain_text("igned out")
    visit_link(desk, server.new_link("Another"))
    desk.goto(f"{server.url}/articles/1")
    ready(desk)
    expect(desk.locator(".s[data-tag]")).to_have_count(0)
    desk.keyboard.press("1")  # what waits is sent before what comes

    saved(desk)
    assert stored(server) == (["FACT"], 1)


def test_a_full_storage_is_said_and_the_tags_still_arrive(desk, server):
    desk.evaluate(
        "() => { for (let size = 2 ** 20; size >= 1; size = Math.floor(size / 2)) {"
        " try { for (let n = 0; ; n += 1) localStorage.setItem(`fill-${size}-${n}`, 'x'.repeat(size)); } catch { /* full */ } } }"
    )
    for key in "12":
        desk.keyboard.press(key)

    expect(desk.locator("#saved")).to_contain_text("saved")
    until(desk, lambda: stored(server)[0] == ["FACT", "ATTRIBUTION"])


def test_leaving_with_unsent_tags_warns(long_desk):
    warned = []
    waiting = long_desk.context.new_page()
    long_desk.bring_to_front()
    long_desk.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
    long_desk.context.set_offline(True)
    long_desk.keyboard.press("1")
    expect(long_desk.locator("#saved")).to_contain_text("kept here")
    long_desk.close(run_before_unload=True)
    until(waiting, lambda: warned)

    assert warned == ["beforeunload"]


def test_undo_steps_back_across_a_reload(desk, server):
    for key in "12":
        desk.keyboard.press(key)
    saved(desk)
    desk.reload()
    ready(desk)
    desk.keyboard.press("u")
    desk.keyboard.press("Control+z")
    saved(desk)

    assert stored(server) == ([None, None], 4)


def test_single_keys_can_be_switched_off(desk, server):
    desk.keyboard.press("?")
    with desk.expect_response("**/preferences"):
        desk.get_by_role("checkbox").first.uncheck()
    desk.keyboard.press("Escape")
    desk.reload()
    ready(desk)
    desk.keyboard.press("1")
    desk.keyboard.press("ArrowDown")

    expect(desk.locator("#here")).to_have_text("2")
    assert stored(server) == ([], 0)


def test_keys_never_act_while_one_types(desk, server):
    desk.keyboard.press("c")
    desk.keyboard.type("1234 fasonuce")

    assert desk.locator("#claim-words").input_value() == "1234 fasonuce"
    assert stored(server) == ([], 0)
