"""A real Chromium and a real server for each test that asks for them."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser_support import LAUNCH_ARGS, MISSING_BROWSER, chromium_path, open_desk
from tests.live_server import LiveServer

expect.set_options(timeout=60_000)  # a busy machine; what is there at once does not wait


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING_BROWSER)
        pytest.skip(MISSING_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=LAUNCH_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def errors() -> list[str]:
    """The errors in scripts so far; a test that means to see one takes it out."""
    return []


@pytest.fixture
def page(chromium: Browser, errors: list[str]) -> Iterator[Page]:
    """A fresh browser profile; an error in a script fails the test."""
    context = chromium.new_context(viewport={"width": 1360, "height": 860})
    context.set_default_timeout(90_000)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    told = list(errors)  # what closing breaks off, a script that still loads, is none
    context.close()
    assert told == []


@pytest.fixture
def desk(page: Page, server: LiveServer) -> Page:
    """The desk with the sample article, opened through the printed link."""
    return open_desk(page, server)
