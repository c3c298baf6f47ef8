"""One person's browser as far as saving goes, for tests of the real server."""

import contextlib
import json
import urllib.error
import urllib.request
import uuid
from http.cookiejar import CookieJar
from typing import Any, NamedTuple

from tests.signing_in import open_link


class Answer(NamedTuple):
    status: int
    text: str
    headers: Any

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class DeskClient:
    """Signed in by a link; what it sends carries the token of its session."""

    def __init__(self, url: str, link: str) -> None:
        self.url = url
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))
        open_link(self._opener, link).close()
        self._token = self.get("/api/v1/me").json["csrf"]

    @property
    def headers(self) -> dict[str, str]:
        """What its JSON requests carry."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._cookies)
        return {"Content-Type": "application/json", "X-CSRFToken": self._token, "Cookie": cookies}

    def get(self, path: str) -> Answer:
        return self._open(urllib.request.Request(self.url + path))

    def save(self, sentence_id: int, tag: str = "FACT", version: int = 0, client_id: str | None = None) -> Answer:
        body = {"tag": tag, "version": version, "client_id": client_id or str(uuid.uuid4())}
        return self._open(
            urllib.request.Request(
                f"{self.url}/api/v1/sentences/{sentence_id}/annotation",
                json.dumps(body).encode(),
                {"Content-Type": "application/json", "X-CSRFToken": self._token},
                method="PUT",
            )
        )

    def _open(self, request: urllib.request.Request) -> Answer:
        try:
            answer = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as refused:
            answer = refused
        with contextlib.closing(answer):
            return Answer(answer.status, answer.read().decode(), answer.headers)
