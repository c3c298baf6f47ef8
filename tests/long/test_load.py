"""Fifty people at the pace of people and eight without a pause, all at once."""

import time

from tests.endurance import at_work, check, new_taggers, wait_until

PACE = 1.0
"""Seconds between a saved tag and the next one: a quick reader's."""


def test_under_load_everything_is_answered_and_nothing_missing(server, minutes, report):
    paced = new_taggers(server, 50, pause=PACE)
    quick = new_taggers(server, 8)
    until = time.monotonic() + minutes * 60
    with at_work([*paced, *quick]):
        wait_until(lambda: time.monotonic() >= until, [*paced, *quick], seconds=minutes * 60 + 60)
    check(server, [*paced, *quick])

    for name, taggers in (("50 paced", paced), ("8 at full speed", quick)):
        report(f"{name}: {figures(taggers, minutes * 60)}")
    report(f"{sum(len(t.saved) for t in [*paced, *quick])} tags saved; none missing, verify clean")


def figures(taggers, seconds):
    took = sorted(reply.seconds for tagger in taggers for reply in tagger.replies)
    late = sum(reply.status == 503 for tagger in taggers for reply in tagger.replies)
    p50, p99 = (took[int(len(took) * share)] * 1000 for share in (0.5, 0.99))
    return f"{len(took) / seconds:.0f} req/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {took[-1] * 1000:.0f} ms, {late} times 503"
