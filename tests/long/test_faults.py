"""Locks held elsewhere for long, and a disk that fills up, while people tag."""

import sys
import time
from importlib import import_module

import pytest

from tests.databases import held
from tests.desk_client import DeskClient
from tests.endurance import at_work, check, new_taggers, wait_for_saves, wait_until

resource = import_module("resource") if sys.platform == "linux" else None

WRITES_ANSWER_WITHIN = 10  # seconds; what docs and desk count on while the database is held


@pytest.mark.parametrize("seconds", [12, 40])
def test_while_another_program_holds_the_database_pages_go_on_and_tags_wait(server, report, seconds):
    reader = DeskClient(server.url, server.link)
    taggers = new_taggers(server, 8)
    pages = []
    with at_work(taggers):
        wait_for_saves(taggers, 25)
        with held(server.instance):
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                begun = time.monotonic()
                pages.append((reader.get("/").status, time.monotonic() - begun))
        wait_for_saves(taggers, 25)
    check(server, taggers)
    replies = [reply for tagger in taggers for reply in tagger.replies]
    late = [reply for reply in replies if reply.status == 503]

    assert {status for status, _ in pages} == {200}
    assert late
    assert all(reply.is_told_when for reply in late)
    slowest = max(reply.seconds for reply in replies)
    assert slowest < WRITES_ANSWER_WITHIN
    report(
        f"held for {seconds} s: {len(late)} saves answered 503, slowest answer {slowest:.1f} s; "
        f"{len(pages)} pages, slowest {max(took for _, took in pages):.2f} s; none missing, verify clean"
    )


@pytest.mark.sqlite_only("the disk of PostgreSQL is another process's")
@pytest.mark.skipif(resource is None, reason="Only Linux limits the files of a process that runs.")
def test_a_disk_that_is_full_again_and_again_loses_nothing(server, minutes, report):
    taggers = new_taggers(server, 8)
    times = max(1, round(2 * minutes))
    with at_work(taggers):
        for _ in range(times):
            wait_for_saves(taggers, 25)
            size = (server.instance / "claimtag.sqlite-wal").stat().st_size
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, -1))
            wait_until(lambda: all(t.replies and t.replies[-1].status == 503 for t in taggers), taggers)
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (-1, -1))
            wait_for_saves(taggers, 25)
            server.kill()
            server.start()
    check(server, taggers)
    late = sum(reply.status == 503 for tagger in taggers for reply in tagger.replies)

    report(f"disk full {times} times, {late} saves answered 503, killed after each; none missing, verify clean")
