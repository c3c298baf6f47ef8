"""Several writers at the same moment, each in a thread with an app context of its own."""

import threading
from collections.abc import Callable
from unittest.mock import patch

from flask import Flask


def at_once(app: Flask, *calls: Callable[[], object]) -> list[object]:
    """What each call returned or raised, in the order given; none begins before all are ready.

    Nobody is sent away because the others are slow, as they are on a busy machine.
    """
    outcomes: list[object] = [None] * len(calls)
    ready = threading.Barrier(len(calls))

    def run(number: int, call: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait()
            try:
                outcomes[number] = call()
            except Exception as raised:
                outcomes[number] = raised

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(calls)]
    with patch.multiple("webapp.db", SHORT_WAIT=60, LONGEST_WAIT=60):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return outcomes
