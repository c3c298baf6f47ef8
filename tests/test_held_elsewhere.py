"""While another program holds the database, pages go on, and whoever writes is told when to try again."""

from concurrent.futures import ThreadPoolExecutor

from tests.databases import held
from tests.desk_client import DeskClient


def test_pages_go_on_and_writes_are_told(server):
    client = DeskClient(server.url, server.link)
    with held(server.instance), ThreadPoolExecutor(8) as pool:
        saves = [pool.submit(client.save, sentence_id) for sentence_id in range(1, 9)]
        pages = [client.get("/").status for _ in range(3)]
        waiting = [not save.done() for save in saves]
        answers = [save.result() for save in saves]

    assert pages == [200] * 3
    assert any(waiting)  # the pages came first
    assert [answer.status for answer in answers] == [503] * 8
    assert {answer.headers["Retry-After"] for answer in answers} == {"2"}
    assert {answer.json["error"][:40] for answer in answers} == {"The database is held by another program "}
    assert [client.save(sentence_id).status for sentence_id in range(1, 9)] == [200] * 8
