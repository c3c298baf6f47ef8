"""What is too large is told beside the form: before it leaves where scripts run, and by the server where they do not."""

import pytest
from playwright.sync_api import expect

from tests.signing_in import visit_link

pytestmark = [pytest.mark.browser, pytest.mark.page]

MB = 2**20


@pytest.fixture
def file_of(tmp_path):
    """A file of that size, which takes no room."""

    def file_of(size):
        path = tmp_path / f"{size}.txt"
        with path.open("wb") as file:
            file.truncate(size)
        return path

    return file_of


def test_a_form_that_would_be_refused_does_not_leave_and_keeps_what_was_typed(page, server, file_of):
    visit_link(page, server.link)
    page.goto(f"{server.url}/articles/new")
    page.get_by_label("Title").fill("Two bridges")
    page.get_by_label("Or a file").set_input_files(file_of(6 * MB))
    page.get_by_role("button", name="Preview").click()

    fault = page.locator(".field__error")
    expect(fault).to_have_text("That is over 5 MB; split it, please.")
    expect(page.get_by_label("Or a file")).to_be_focused()
    expect(page.get_by_label("Or a file")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Title")).to_have_value("Two bridges")

    page.get_by_label("Or a file").set_input_files([])
    page.get_by_label("Text of the article").fill("One came. Two went.")
    page.get_by_role("button", name="Preview").click()
    page.wait_for_url("**/drafts/*")


def test_without_scripts_the_server_names_the_limit_and_the_browser_shows_it(chromium, server, file_of):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.link)
    with page.expect_navigation():
        page.get_by_role("button").click()
    page.goto(f"{server.url}/imports")
    page.get_by_label("Files").set_input_files(file_of(210 * MB))
    page.get_by_role("button", name="Import").click()

    expect(page.locator("main form")).to_contain_text("That is over 200 MB; split it, please.")
    expect(page.get_by_label("Files")).to_be_visible()
    context.close()
