"""Several people who tag at once on the real server, through whatever happens to it, and what must hold afterwards."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from itertools import count
from typing import NamedTuple
from uuid import UUID, uuid4

from tests.conftest import SETTINGS, close
from tests.desk_client import DeskClient
from tests.factories import make_article, make_member, sentences_of
from tests.live_server import LiveServer
from webapp.accounts.actions import new_link
from webapp.app import create_app
from webapp.domain.terms import FOUR_TAGS

_serial = count(1)


class Reply(NamedTuple):
    status: int
    seconds: float
    is_told_when: bool
    """Whether it says when to try again."""


class Tagger(threading.Thread):
    """An analyst's desk: tag after tag, each sent again under the same id until the server has called it saved."""

    def __init__(self, server: LiveServer, link: str, sentence_ids: Sequence[int], pause: float) -> None:
        super().__init__(daemon=True)
        self.saved: list[str] = []
        self.replies: list[Reply] = []
        self.unanswered = 0
        """How often the connection broke before an answer came."""
        self.refused: str | None = None
        """What the server said that no desk would send again."""
        self._headers = DeskClient(server.url, link).headers
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._sentence_ids = sentence_ids
        self._pause = pause
        self._ended = threading.Event()

    def end(self) -> None:
        self._ended.set()

    def run(self) -> None:
        for version in count():
            for sentence_id in self._sentence_ids:
                if self._ended.wait(self._pause) or not self._save(sentence_id, version):
                    self._connection.close()
                    return

    def _save(self, sentence_id: int, version: int) -> bool:
        client_id = str(uuid4())
        answer = {"tag": FOUR_TAGS[version % 4], "version": version, "client_id": client_id}
        while (status := self._put(f"/api/v1/sentences/{sentence_id}/annotation", answer)) != 200:
            if status not in (None, 503) or self._ended.wait(0.05):
                return False
        self.saved.append(client_id)
        return True

    def _put(self, path: str, body: object) -> int | None:
        begun = time.perf_counter()
        try:
            self._connection.request("PUT", path, json.dumps(body), self._headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException):
            self.unanswered += 1
            self._connection.close()
            return None
        took = time.perf_counter() - begun
        self.replies.append(Reply(answer.status, took, "Retry-After" in answer.headers))
        if answer.status not in (200, 503):
            self.refused = f"{answer.status} {text}"
        return answer.status


def new_taggers(server: LiveServer, people: int, *, sentences: int = 40, pause: float = 0) -> list[Tagger]:
    """So many analysts, signed in, who will all tag one new article over and over."""
    app = create_app(server.instance, SETTINGS)
    with app.app_context():
        ids = [sentence.id for sentence in sentences_of(make_article(sentences=sentences))]
        analysts = [make_member(f"Tagger {next(_serial)}", "analyst") for _ in range(people)]
        links = [f"{server.url}/sign-in/{new_link(analyst)}" for analyst in analysts]
        close(app)
    return [Tagger(server, link, ids, pause) for link in links]


@contextmanager
def at_work(taggers: list[Tagger]) -> Iterator[None]:
    for tagger in taggers:
        tagger.start()
    try:
        yield
    finally:
        for tagger in taggers:
            tagger.end()
        for tagger in taggers:
            tagger.join(60)


def wait_for_saves(taggers: list[Tagger], more: int) -> None:
    """Until so many more tags are called saved."""
    wanted = sum(len(tagger.saved) for tagger in taggers) + more
    wait_until(lambda: sum(len(tagger.saved) for tagger in taggers) >= wanted, taggers)


def wait_until(holds, taggers: list[Tagger], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert [tagger.refused for tagger in taggers if tagger.refused] == []
        assert time.monotonic() < until
        time.sleep(0.01)


def missing(server: LiveServer, taggers: list[Tagger]) -> list[str]:
    """The tags that were called saved and are not in the database."""
    saved = [client_id for tagger in taggers for client_id in list(tagger.saved)]
    stored = {UUID(str(client_id)) for (client_id,) in server.rows("SELECT client_id FROM annotation")}
    return [client_id for client_id in saved if UUID(client_id) not in stored]


def check(server: LiveServer, taggers: list[Tagger]) -> None:
    """Nothing was refused, nothing that was called saved is missing, and `claimtag verify` finds nothing wrong."""
    assert [tagger.refused for tagger in taggers if tagger.refused] == []
    assert missing(server, taggers) == []
    server.command("verify")  # raises when it finds anything


def kill_again_and_again(server: LiveServer, times: int) -> list[Tagger]:
    """Kill the server in the middle of saves and start it again; the taggers that went on through all of it."""
    taggers = new_taggers(server, 4)
    with at_work(taggers):
        for _ in range(times):
            wait_for_saves(taggers, 25)
            server.kill()
            assert missing(server, taggers) == []
            server.start()
        wait_for_saves(taggers, 25)
    check(server, taggers)
    assert sum(tagger.unanswered for tagger in taggers) >= times
    return taggers
