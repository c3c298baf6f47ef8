"""Leaving a page while a script of it still loads is no error; a script that does not come otherwise is one."""

import pytest

from tests.browser_support import until
from tests.signing_in import visit_link

pytestmark = [pytest.mark.browser, pytest.mark.page]


@pytest.fixture
def script(page, server):
    """The request for the script of the desk, which waits for what the test does with it."""
    visit_link(page, server.link)
    wait_for = held(page, "**/desk.js")
    page.goto(f"{server.url}/articles/1", wait_until="commit")
    return wait_for()


def held(page, pattern):
    """Holds the requests for an address; what comes back waits for the first of them."""
    routes = []
    page.route(pattern, lambda route: routes.append(route))

    def wait_for():
        until(page, lambda: routes)
        return routes[0]

    return wait_for


def test_a_script_that_is_broken_off_because_the_page_is_left_is_no_error(page, script, errors):
    next_page = held(page, "**/account")
    page.evaluate("setTimeout(() => location.assign('/account'))")
    leaving = next_page()
    script.abort()
    leaving.continue_()
    page.wait_for_url("**/account")

    assert errors == []


def test_a_script_that_does_not_come_is_an_error(page, script, errors):
    page.route("**/desk.js", lambda route: route.abort())  # whatever else asks for it, such as a preload
    with page.expect_event("pageerror"):
        script.abort()

    assert "Failed to fetch dynamically imported module" in errors.pop()
