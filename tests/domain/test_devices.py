"""What a device is called."""

import pytest

from webapp.domain.devices import device_label

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
EDGE = f"{CHROME.replace('X11; Linux x86_64', 'Macintosh; Intel Mac OS X 10_15_7')} Edg/141.0.0.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (FIREFOX, "Firefox on Windows"),
        (CHROME, "Chrome on Linux"),
        (EDGE, "Edge on macOS"),
        (SAFARI, "Safari on iPhone"),
        (PHONE, "Chrome on Android"),
        ("curl/8.5.0", None),
        ("Something on Linux", "Linux"),
        ("", None),
    ],
)
def test_a_device_is_called_by_browser_and_system(user_agent, label):
    assert device_label(user_agent) == label
