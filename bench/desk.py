"""Measures the desk against the running server: saves, page weight, time to the first label, key to paint.

    python bench/desk.py [--saves 400] [--clients 8] [--filler 10000]

Starts a server of its own over a throw-away database, and beside it a bare Flask view that writes one row with the
same SQLite settings, served by waitress as well. Prints ratios measured in this one run.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
ROUNDS = 8
sys.path.insert(0, str(CHECKOUT))

from tests.browser_support import LAUNCH_ARGS, chromium_path  # noqa: E402
from tests.live_server import LiveServer  # noqa: E402
from tests.signing_in import hidden_fields, visit_link  # noqa: E402

BARE = """
import logging, sqlite3, sys, threading, uuid
from flask import Flask, request
import waitress
app, local, gate = Flask("bare"), threading.local(), threading.Lock()
def connection():
    if not hasattr(local, "db"):
        local.db = sqlite3.connect(sys.argv[1], isolation_level=None)
        for pragma in ("busy_timeout=10000", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "temp_store=MEMORY"):
            local.db.execute("PRAGMA " + pragma)
        local.db.execute("CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, sentence INTEGER, tag TEXT, client TEXT)")
    return local.db
@app.put("/save")
def save():
    body = request.get_json()
    with gate:
        db = connection()
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO answer (sentence, tag, client) VALUES (?, ?, ?)", (1, body["tag"], body["client_id"]))
        db.execute("COMMIT")
    return {"tag": body["tag"]}
logging.getLogger("waitress.queue").setLevel(logging.ERROR)
waitress.serve(app, host="127.0.0.1", port=int(sys.argv[2]), threads=8, ident=None)
"""


class Client:
    """One person's browser, as far as saving goes: a kept connection, a session, a token."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.headers = {"Content-Type": "application/json"}
        self.versions: dict[int, int] = {}

    def call(self, method: str, path: str, body: object = None) -> tuple[int, bytes, http.client.HTTPMessage]:
        self.connection.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def sign_in(self, link: str) -> None:
        path = re.sub(r"^http://[^/]+", "", link)
        _, page, headers = self.call("GET", path)
        self._keep_cookie(headers)
        form = urllib.parse.urlencode(hidden_fields(page.decode()))
        self.connection.request(
            "POST", path, form, self.headers | {"Content-Type": "application/x-www-form-urlencoded"}
        )
        answer = self.connection.getresponse()
        answer.read()
        self._keep_cookie(answer.headers)
        _, body, headers = self.call("GET", "/api/v1/me")
        self._keep_cookie(headers)
        self.headers["X-CSRFToken"] = json.loads(body)["csrf"]

    def _keep_cookie(self, headers: http.client.HTTPMessage) -> None:
        if cookie := headers["Set-Cookie"]:
            self.headers["Cookie"] = cookie.split(";")[0]


def saves(client: Client, sentence_ids: list[int], count: int) -> list[float]:
    """Seconds of each of `count` saves, going round the sentences."""
    versions = client.versions
    took = []
    for n in range(count):
        sentence_id = sentence_ids[n % len(sentence_ids)]
        body = {
            "tag": ("FACT", "OPINION")[n % 2],
            "version": versions.get(sentence_id, 0),
            "client_id": str(uuid.uuid4()),
        }
        start = time.perf_counter()
        status, answer, _ = client.call("PUT", f"/api/v1/sentences/{sentence_id}/annotation", body)
        took.append(time.perf_counter() - start)
        assert status == 200, (status, answer[:200])
        versions[sentence_id] = json.loads(answer)["version"]
    return took


def bare_saves(client: Client, count: int) -> list[float]:
    took = []
    for _ in range(count):
        body = {"tag": "FACT", "version": 0, "client_id": str(uuid.uuid4())}
        start = time.perf_counter()
        status, _, _ = client.call("PUT", "/save", body)
        took.append(time.perf_counter() - start)
        assert status == 200
    return took


def line(name: str, took: list[float], wall: float | None = None) -> None:
    ms = sorted(t * 1000 for t in took)
    quantile = lambda q: ms[min(len(ms) - 1, int(len(ms) * q))]  # noqa: E731
    rate = f"{len(ms) / wall:7.0f}/s" if wall else ""
    print(f"{name:44} p50 {quantile(0.5):7.2f}  p95 {quantile(0.95):7.2f}  p99 {quantile(0.99):7.2f} ms  {rate}")


def many(clients: list[Client], work) -> tuple[list[float], float]:
    took: list[float] = []
    threads = [threading.Thread(target=lambda c=client: took.extend(work(c))) for client in clients]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, time.perf_counter() - start


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--saves", type=int, default=400, help="saves of one client in each phase")
    options.add_argument("--clients", type=int, default=8)
    options.add_argument("--filler", type=int, default=10_000, help="tags of one analyst before the last phase")
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp())
    os.environ.pop("CI", None)
    server = LiveServer(folder / "instance").start()
    port = server.port + 1000
    bare = subprocess.Popen([sys.executable, "-c", BARE, str(folder / "bare.sqlite"), str(port)])
    try:
        measure(server, port, chosen)
    finally:
        bare.terminate()
        bare.wait()
        server.stop()
        shutil.rmtree(folder)


def measure(server: LiveServer, bare_port: int, chosen: argparse.Namespace) -> None:
    names = [f"Analyst {n}" for n in range(chosen.clients)]
    for name in names:
        server.command("user", "add", name)
    text = " ".join(f"Sentence number {n} tells something plain." for n in range(2_000))
    (server.instance / "long.txt").write_text(text)
    server.command("import", str(server.instance / "long.txt"))
    database = sqlite3.connect(server.instance / "claimtag.sqlite")
    sample = [row[0] for row in database.execute("SELECT id FROM sentence WHERE article_id = 1 ORDER BY start")]
    long = [row[0] for row in database.execute("SELECT id FROM sentence WHERE article_id = 2 ORDER BY start")]
    database.close()
    clients = []
    for name in names:
        client = Client(server.port)
        client.sign_in(server.new_link(name))
        clients.append(client)

    print("Saving one tag over HTTP, accounts of their own")
    plain = [Client(bare_port) for _ in clients]
    for client, other in zip(clients, plain, strict=True):
        saves(client, sample, 20)
        bare_saves(other, 20)
    bare_one, one, bare_many, several, bare_wall, wall = [], [], [], [], 0.0, 0.0
    for _ in range(ROUNDS):  # by turns, because a machine is not equally fast all the time
        bare_one += bare_saves(plain[0], chosen.saves // ROUNDS)
        one += saves(clients[0], sample, chosen.saves // ROUNDS)
        took, seconds = many(plain, lambda c: bare_saves(c, chosen.saves // ROUNDS))
        bare_many, bare_wall = bare_many + took, bare_wall + seconds
        took, seconds = many(clients, lambda c: saves(c, sample, chosen.saves // ROUNDS))
        several, wall = several + took, wall + seconds
    line("bare Flask view, 1 client", bare_one)
    line("claimtag, 1 client", one)
    print(f"{'':44} ratio of medians {statistics.median(one) / statistics.median(bare_one):.2f} (budget 2.2)")
    line(f"bare Flask view, {len(clients)} clients", bare_many, bare_wall)
    line(f"claimtag, {len(clients)} clients", several, wall)
    if chosen.filler:
        saves(clients[0], long, chosen.filler)
        bare_after = bare_saves(plain[0], chosen.saves)
        after = saves(clients[0], sample, chosen.saves)
        line(f"claimtag, 1 client, after {chosen.filler:,} tags", after)
        print(f"{'':44} ratio of medians {statistics.median(after) / statistics.median(bare_after):.2f}")
    if path := chromium_path():
        browse(server, path)
    else:
        print("No Chromium: the page itself is not measured.")


def browse(server: LiveServer, path: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=LAUNCH_ARGS)
        signing_in = browser.new_context()
        visit_link(signing_in.new_page(), server.new_link("Analyst 0"))
        signed_in = signing_in.storage_state()
        signing_in.close()
        print(f"\nThe desk in Chromium, medians of {ROUNDS} visits; the first ones with an empty cache")
        visits: dict[str, list[Visit]] = {}
        for _ in range(ROUNDS):
            context = browser.new_context(storage_state=signed_in, viewport={"width": 1360, "height": 860})
            page = context.new_page()
            for name, article in (
                ("16 sentences, first visit", 1),
                ("16 sentences, next visit", 1),
                ("2,000 sentences", 2),
            ):
                visits.setdefault(name, []).append(visit(page, f"{server.url}/articles/{article}"))
            if len(visits["2,000 sentences"]) == ROUNDS:
                key_to_paint(page)
            context.close()
        for name, seen in visits.items():
            paint, ready, requests, decoded, js, css = (statistics.median(one) for one in zip(*seen, strict=True))
            print(
                f"{name:28} first paint {paint:5.0f} ms  ready for keys {ready:5.0f} ms  {requests:3.0f} requests  "
                f"{decoded / 1000:7.1f} kB decoded, of it js {js / 1000:.1f} kB, css {css / 1000:.1f} kB"
            )
        browser.close()


Visit = tuple[float, float, float, float, float, float]


def visit(page, address: str) -> Visit:
    """First paint and ready for keys (ms), requests that went out, and bytes decoded: all, script, style."""
    page.goto(address)
    page.wait_for_selector(".s[aria-selected=true]:focus")  # not by a function: the page allows no eval
    page.wait_for_load_state("networkidle")
    return page.evaluate(
        """() => {
          const page = performance.getEntriesByType('navigation')[0];
          const files = performance.getEntriesByType('resource');
          const decoded = (end) => files.filter((f) => f.name.endsWith(end)).reduce((sum, f) => sum + f.decodedBodySize, 0);
          return [
            performance.getEntriesByName('first-contentful-paint')[0].startTime,
            performance.getEntriesByName('desk-ready')[0].startTime,
            files.filter((file) => file.transferSize > 0).length + 1,
            page.decodedBodySize + decoded(''),
            decoded('.js'),
            decoded('.css'),
          ];
        }"""
    )


def key_to_paint(page) -> None:
    """From a key to the frame in which the next sentence is marked, in the 2,000-sentence article."""
    took = page.evaluate(
        """async () => {
          const list = document.querySelector('[role=listbox]');
          const took = [];
          for (let n = 0; n < 100; n += 1) {
            const target = document.activeElement?.closest('[role=option]') ?? list.querySelector('[tabindex="0"]') ?? list;
            const start = performance.now();
            target.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', code: 'ArrowDown', bubbles: true, cancelable: true }));
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            took.push(performance.now() - start);
          }
          return took;
        }"""
    )
    line("key to the next sentence painted, 2,000", [t / 1000 for t in took])


if __name__ == "__main__":
    main()
