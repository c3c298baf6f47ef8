"""How tests and benches sign in: by the form on the page of a one-time link, sent as its button sends it."""

import re
import urllib.parse
from typing import TYPE_CHECKING, Any
from urllib.request import OpenerDirector

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp.accounts.actions import new_link
from webapp.models import User

if TYPE_CHECKING:
    from playwright.sync_api import Page


def sign_in_as(client: FlaskClient, person: User, **options: Any) -> TestResponse:
    """Sign a person in; `options` are those of a request, such as `query_string` and `base_url`."""
    address = f"/sign-in/{new_link(person)}"
    checked = client.application.config["WTF_CSRF_ENABLED"]
    fields = hidden_fields(client.get(address, **options).text) if checked else {}
    answered = client.post(address, data=fields, **options)
    assert answered.status_code == 302
    return answered


def open_link(opener: OpenerDirector, link: str) -> Any:
    """The page that a link leads to for a browser without scripts; the opener keeps the cookies."""
    with opener.open(link) as page:
        fields = hidden_fields(page.read().decode())
    return opener.open(link, urllib.parse.urlencode(fields).encode())


def visit_link(page: "Page", link: str) -> None:
    """Open a link in Chromium, where its page sends the form by itself, and wait for the page behind it."""
    with page.expect_event("framenavigated", lambda frame: frame == page.main_frame and "/sign-in" not in frame.url):
        follow(page, link)
    page.wait_for_load_state()


def follow(page: "Page", link: str) -> None:
    """Leave for a page that may leave itself at once, which `page.goto` calls a failure on a busy machine."""
    page.evaluate("link => void setTimeout(() => location.assign(link))", link)


def hidden_fields(page: str) -> dict[str, str]:
    """What the forms of a page send along unseen."""
    return dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
