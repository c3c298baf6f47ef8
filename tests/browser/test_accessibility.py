"""Every page, light and dark, wide and narrow: axe finds nothing, and no page is wider than its window."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.signing_in import follow, visit_link

pytestmark = [pytest.mark.browser, pytest.mark.page]

PAGES = (
    "/",
    "/articles?since=2026-13",
    "/articles/new",
    "/articles/1",
    "/articles/1/reading?at=2",
    "/sentences/1/tag",
    "/sentences/1/notes",
    "/sentences/1/evidence",
    "/sentences/1/elsewhere",
    "/search?q=Moscow",
    "/search?q=%22open",
    "/codebook",
    "/projects/1/codebook",
    "/projects/1/codebook/draft",
    "/projects/1/codebook/file",
    "/export",
    "/packages/import",
    "/tags/import",
    "/imports",
    "/articles/1/sentences",
    "/sentences/6/repair",
    "/sentences/6/repair?kind=merge",
    "/projects",
    "/projects/1",
    "/projects/1?analyst=&state=started",
    "/projects/1/plan",
    "/projects/1/team",
    "/projects/1/settings",
    "/projects/1/trash",
    "/projects/1/agreement",
    "/projects/1/adjudication",
    "/sources",
    "/sources/new",
    "/sources/import",
    "/claims",
    "/articles/1/profile",
    "/projects/1/profiles?column=article:1",
    "/projects/1/stability",
    "/projects/1/agreement/drift",
    "/inbox",
    "/help",
    "/help/supervising",
    "/account",
    "/people",
    "/audit",
    "/nothing",
)

WIDER_BY = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1360), ("dark", 320)])
def test_axe_finds_nothing(page, server, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 860})
    page.goto(f"{server.url}/sign-in")
    found = {"/sign-in": violations(page)}
    page.route(re.compile("/sign-in/"), held_back)
    with page.expect_response(lambda response: response.request.method == "POST"):
        follow(page, server.link)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    found["a link, before its form is sent"] = violations(page)
    page.unroute_all()
    visit_link(page, server.link)
    for address in PAGES:
        page.goto(server.url + address)
        found[address] = violations(page)
    found["tags made elsewhere, looked at"] = violations(tags_looked_at(page, server))
    found["a source, all of it unfolded"] = violations(a_source(page, server))
    page.get_by_role("link", name="Merge with …").click()
    expect(page.get_by_role("heading", name="Called the same")).to_be_visible()
    found["what a source may be merged into"] = violations(page)
    page.get_by_role("link", name="Reuters, a double").click()
    expect(page.get_by_role("button", name="Merge")).to_be_visible()
    found["what a merge means"] = violations(page)
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_role("heading", name="Merged into it")).to_be_visible()
    found["a source with a double"] = violations(page)
    found["a claim, all of it unfolded"] = violations(a_claim(page, server))
    page.goto(f"{server.url}/claims")
    expect(page.get_by_role("link", name="He came.")).to_be_visible()
    found["a ledger with a claim"] = violations(page)
    found["an article to read"] = violations(an_article_to_read(page, server))
    found["the preview of a later edition"] = violations(a_later_edition(page, server))
    with page.expect_navigation(url="**/articles/*"):
        page.get_by_role("button", name="Save article").click()
    page.goto(f"{server.url}/articles/{re.search('articles/([0-9]+)', page.url)[1]}/earlier")
    expect(page.get_by_role("heading", name="Sentence 2")).to_be_visible()
    found["what a later edition changed"] = violations(page)

    assert {address: broken for address, broken in found.items() if broken} == {}


def tags_looked_at(page, server):
    """The preview of a file with a label that is a tag, one that is none, and a text that is not here."""
    page.goto(f"{server.url}/tags/import")
    line = b'{"text": "Not here.", "label": [[0, 3, "FACT"], [4, 9, "Meinung"]]}'
    page.get_by_label("File").set_input_files({"name": "x.jsonl", "mimeType": "text/plain", "buffer": line})
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_role("heading", name="What does not fit")).to_be_visible()
    return page


def a_later_edition(page, server):
    """The preview of an article whose address is that of one before it."""
    a_draft(page, server, "It opened. Ten lorries went over the bridge.")
    with page.expect_navigation(url="**/articles/*"):
        page.get_by_role("button", name="Save article").click()
    a_draft(page, server, "It opened. Twelve lorries went over the bridge. All paid.")
    expect(page.get_by_text("An earlier edition is in the project")).to_be_visible()
    return page


def a_draft(page, server, words):
    page.goto(f"{server.url}/articles/new")
    page.get_by_label("Text of the article").fill(words)
    page.get_by_label("Address").fill("https://example.org/bridge")
    with page.expect_navigation(url="**/drafts/*"):
        page.get_by_role("button", name="Preview").click()


def a_claim(page, server):
    """The page of a claim with an item on either side, assessed otherwise than the records say, everything open."""
    page.goto(f"{server.url}/sentences/1/notes")
    page.get_by_label("How the claim stands").select_option("corroborated")
    page.get_by_label("Claim checked").fill("He came.")
    page.get_by_role("button", name="Save note").click()
    page.get_by_role("link", name="He came.").first.click()
    for stance in ("supports", "refutes"):
        page.get_by_text("Add evidence", exact=True).click()
        form = page.locator("form[action$='/item']").last
        form.get_by_label("The item", exact=True).select_option(stance)
        form.get_by_label("Independence").select_option("independent")
        form.get_by_label("Address", exact=True).fill(f"https://example.org/{stance}")
        form.get_by_label("Outlet").fill(f"The {stance} paper")
        form.get_by_label("Passage", exact=True).fill("He did, or did not.")
        form.get_by_role("button", name="Save the item").click()
        expect(page.locator(".report strong", has_text=f"The {stance} paper")).to_be_visible()
    expect(page.get_by_text("The records say: contested.")).to_be_visible()
    page.get_by_role("link", name="Change").first.click()
    expect(page.get_by_role("heading", name="Change “The supports paper”")).to_be_visible()
    page.evaluate("() => { for (const fold of document.querySelectorAll('main details')) fold.open = true }")
    return page


def a_source(page, server):
    """The page of a source that is rated, has a name of another one, a fact, and an owner that it shares."""
    for name in ("Reuters, a double", "Reuters"):
        page.goto(f"{server.url}/sources/new")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Kind").select_option("outlet")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        add(page, "A fact", "Add the fact", {"What is known": "Thomson"}, {"What it tells": "owner"})
    add(page, "Another name", "Add the name", {"Also called": "Reuters, a double"})
    add(page, "Rate it", "Rate", {"On": "2013-10", "Basis": "a first look"}, {"Letter": "B"})
    page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    return page


def add(page, fold, button, filled, chosen=None):
    """Send one of the forms of a source's page."""
    form = page.locator("details.fold", has_text=fold).filter(has=page.get_by_role("button", name=button, exact=True))
    page.evaluate("for (const one of document.querySelectorAll('details.fold')) one.open = true")
    for label, words in filled.items():
        form.get_by_label(label, exact=True).fill(words)
    for label, value in (chosen or {}).items():
        form.get_by_label(label, exact=True).select_option(value)
    with page.expect_navigation():
        form.get_by_role("button", name=button, exact=True).click()


def an_article_to_read(page, server):
    """The page of an article in a project in which its supervisor is no analyst."""
    page.goto(f"{server.url}/projects/new")
    page.get_by_label("Name").fill("Elsewhere")
    with page.expect_navigation():
        page.get_by_role("button", name="Add the project").click()
    page.goto(f"{server.url}/articles/new?project=2")
    page.get_by_label("Text of the article").fill("One came. Two went.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Save article").click()
    expect(page.locator(".voiced")).to_have_count(2)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_the_desk_when_all_is_open(desk, scheme):
    desk.emulate_media(color_scheme=scheme)
    for key in "126342":
        desk.keyboard.press(key)
    found = {"who says so, asked": violations(desk)}
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("0")
    desk.keyboard.press("Escape")
    found["a reason asked for"] = violations(desk)
    desk.keyboard.press("Home")
    desk.keyboard.press("ArrowDown")
    desk.locator("#cues").click()
    desk.wait_for_selector("mark")
    found["cues marked, who says so unfolded"] = violations(desk)
    desk.locator("#sentences [aria-selected=true]").focus()
    for key, name in (("g", "the guide"), ("?", "the keys")):
        desk.keyboard.press(key)
        desk.wait_for_selector("dialog[open]")
        found[name] = violations(desk)
        desk.keyboard.press("Escape")

    assert {state: broken for state, broken in found.items() if broken} == {}


def held_back(route):
    """A form that is sent gets no new page."""
    if route.request.method == "POST":
        route.fulfill(status=204)
    else:
        route.continue_()


def violations(page):
    found = [
        (violation["id"], [node["html"][:120] for node in violation["nodes"]])
        for violation in Axe().run(page).response["violations"]
    ]
    if too_wide := page.evaluate(WIDER_BY):
        found.append(("wider than the window by", too_wide))
    return found
