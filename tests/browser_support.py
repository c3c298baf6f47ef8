"""Where the browser for the browser tests is, how to start it, and what to say when it is missing."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.signing_in import visit_link

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.live_server import LiveServer

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

USUAL_PLACES = {
    "darwin": (
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "~/Applications/Chromium.app/Contents/MacOS/Chromium",
        "~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ),
    "win32": (
        r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
        r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
        r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
        r"%LocalAppData%\Chromium\Application\chrome.exe",
    ),
}

# Root has no sandbox of Chromium's, and the tests need nothing that it fetches in the background.
LAUNCH_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

HOW_TO_GET_IT = {
    "linux": "`sudo apt install chromium` gets it on Debian; elsewhere install Chromium or Google Chrome",
    "darwin": "`brew install --cask chromium`, or an installed Google Chrome, is enough",
    "win32": "`winget install Google.Chrome` gets Google Chrome, which is enough",
}

MISSING_BROWSER = (
    "The browser tests need Chromium, which is not on this machine: "
    f"{HOW_TO_GET_IT.get(sys.platform, 'install Chromium or Google Chrome')}. "
    "Or set CLAIMTAG_CHROMIUM to the path of its executable."
)


def chromium_path() -> str | None:
    """The executable of Chromium or Chrome; what CLAIMTAG_CHROMIUM names goes before all others."""
    if chosen := os.environ.get("CLAIMTAG_CHROMIUM"):
        return shutil.which(chosen)
    installed = (shutil.which(command) for command in COMMANDS)
    usual = (Path(os.path.expandvars(place)).expanduser() for place in USUAL_PLACES.get(sys.platform, ()))
    return next(filter(None, installed), None) or next((str(path) for path in usual if path.exists()), None)


def open_desk(page: "Page", server: "LiveServer") -> "Page":
    """The desk with the sample article, opened through the printed link, once its keys act."""
    visit_link(page, server.link)
    page.wait_for_selector(".s[aria-selected=true]:focus")
    return page


def until(page: "Page", condition: Callable[[], object]) -> None:
    """Wait for what the page itself cannot tell, such as a row in the database; the page goes on meanwhile."""
    for _ in range(3000):
        if condition():
            return
        page.wait_for_timeout(20)
    raise AssertionError("It did not come true within a minute.")
