"""“Saved” is true of the file on disk: a file moved under the running server takes nothing in silence."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.desk_client import DeskClient
from tests.live_server import ForkedServer

pytestmark = pytest.mark.sqlite_only("PostgreSQL keeps its own files")


@pytest.fixture
def client(server):
    return DeskClient(server.url, server.link)


def stored(path):
    with closing(sqlite3.connect(path)) as database:
        return [row[0] for row in database.execute("SELECT sentence_id FROM annotation ORDER BY sentence_id")]


def test_nothing_is_called_saved_once_the_file_was_renamed(server, client):
    file = server.instance / "claimtag.sqlite"
    before = [client.save(sentence_id).status for sentence_id in range(1, 6)]
    file.rename(server.instance / "renamed.sqlite")
    renamed = [client.save(sentence_id) for sentence_id in range(6, 16)]
    page = client.get("/")
    (server.instance / "renamed.sqlite").rename(file)
    back = [client.save(sentence_id).status for sentence_id in range(6, 16)]

    assert before == [200] * 5
    assert [answer.status for answer in renamed] == [503] * 10
    assert "was moved, deleted or replaced under the running server" in renamed[0].json["error"]
    assert renamed[0].headers["Retry-After"]
    assert page.status in (200, 503)  # a page needs a connection that is still open
    assert back == [200] * 10
    server.stop()
    assert stored(file) == list(range(1, 16))


def test_nothing_is_called_saved_once_another_file_took_the_place(server, client):
    file = server.instance / "claimtag.sqlite"
    assert client.save(1).status == 200
    file.rename(server.instance / "renamed.sqlite")
    shutil.copy(server.instance / "renamed.sqlite", file)

    assert [client.save(sentence_id).status for sentence_id in range(2, 12)] == [503] * 10


def test_nothing_is_called_saved_once_the_folder_is_gone(server, client):
    assert client.save(1).status == 200
    shutil.rmtree(server.instance)

    assert [client.save(sentence_id).status for sentence_id in range(2, 9)] == [503] * 7
    page = client.get("/")
    assert client.get("/nowhere").status == 404
    # A page needs a connection that is still open.
    assert page.status == 200 or (page.status == 503 and "was moved, deleted or replaced" in page.text)
    assert not server.instance.exists()


def test_nothing_is_called_saved_once_the_log_of_the_database_is_gone(server, client):
    assert client.save(1).status == 200
    (server.instance / "claimtag.sqlite-wal").unlink()
    answer = client.save(2)

    assert answer.status == 503
    assert "claimtag.sqlite-wal" in answer.json["error"]


def test_a_start_without_the_file_but_with_its_log_makes_no_empty_database(server, client):
    file = server.instance / "claimtag.sqlite"
    assert client.save(1).status == 200
    server.kill()
    file.rename(server.instance / "renamed.sqlite")
    refused = server.refused("verify")

    assert not file.exists()
    assert "put the database file back" in refused
    (server.instance / "renamed.sqlite").rename(file)
    assert stored(file) == [1]


def test_a_database_that_is_a_link_to_a_file_elsewhere_is_used_and_its_place_is_watched(instance, tmp_path):
    file, elsewhere = instance / "claimtag.sqlite", tmp_path / "elsewhere.sqlite"
    shutil.move(file, elsewhere)
    file.symlink_to(elsewhere)
    server = ForkedServer(instance).start()
    try:
        client = DeskClient(server.url, server.link)
        linked = client.save(1).status
        file.unlink()
        unlinked = client.save(2).status
    finally:
        server.stop()

    assert (linked, unlinked) == (200, 503)
    assert stored(elsewhere) == [1]
