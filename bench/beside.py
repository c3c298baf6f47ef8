"""Measures what people who save wait for while one other person asks for something large, or articles come in.

    python bench/beside.py [--articles 10000] [--seconds 5] [--rounds 3] [--pause 0] [--keep FOLDER] [--only long,import]

Fills a study as `bench/pages.py` does (or takes the one that it kept), starts the real server over a copy, and lets
eight people save a tag every tenth of a second each, from a process of their own: alone, then beside each page, export
and import, which go on without a pause or with the one given; by turns, because a machine is not equally fast all the
time. Where temporary files lie in memory, what the disk does is left out. Prints the quantiles of a save
and the ratio of its p99 to that alone in this run.
"""

import argparse
import http.client
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from desk import Client
from imports import texts
from pages import fill

from tests.live_server import LiveServer
from tests.signing_in import hidden_fields

PEOPLE, PACE = 8, 0.1
PROJECT = "/projects/1"
SMALL = 1 << 16
IMPORTED = 1_500
"""Articles a second of the phase: more than come in."""


# ---- those who save


def save_on_demand() -> None:
    """The process of the savers: reads where they work, then for each number of seconds gives the times it took."""
    clients = []
    for port, cookie, token, sentences in json.loads(sys.stdin.readline()):
        client = Client(port)
        client.headers |= {"Cookie": cookie, "X-CSRFToken": token}
        clients.append((client, sentences))
    for line in sys.stdin:
        took: list[float] = []
        until = time.perf_counter() + float(line)
        threads = [
            threading.Thread(target=_save_until, args=(until, number, *one, took)) for number, one in enumerate(clients)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(json.dumps(took), flush=True)


def _save_until(until: float, number: int, client: Client, sentences: list[int], took: list[float]) -> None:
    due = time.perf_counter() + PACE * number / PEOPLE
    while due < until:
        time.sleep(max(0.0, due - time.perf_counter()))
        sentences.append(sentence := sentences.pop(0))
        version = client.versions.get(sentence, 0)
        body = {"tag": ("FACT", "OPINION")[version % 2], "version": version, "client_id": str(uuid.uuid4())}
        status = 503
        while status == 503:  # asked to try again, as the desk does
            status, answer, _ = client.call("PUT", f"/api/v1/sentences/{sentence}/annotation", body)
        took.append(time.perf_counter() - due)  # from when the key was pressed, also where the one before was late
        assert status == 200, (status, answer[:200])
        client.versions[sentence] = json.loads(answer)["version"]
        due += PACE


class Savers:
    def __init__(self, server: LiveServer) -> None:
        with sqlite3.connect(server.instance / "claimtag.sqlite") as database:
            people = []
            for number in range(PEOPLE):
                name = f"Analyst {number % 4 + 1}"
                client = Client(server.port)
                client.sign_in(server.new_link(name))
                sentences = _sentences_of(database, name, number // 4)
                people.append((server.port, client.headers["Cookie"], client.headers["X-CSRFToken"], sentences))
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--save"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._tell(json.dumps(people))

    def save(self, seconds: float) -> list[float]:
        assert self._process.stdout
        self._tell(str(seconds))
        took: list[float] = json.loads(self._process.stdout.readline())
        return took

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def stop(self) -> None:
        self._process.communicate()


def _sentences_of(database: sqlite3.Connection, analyst: str, half: int) -> list[int]:
    """Of two hundred articles that were handed out to them."""
    handed_out = (
        "SELECT sentence.id FROM sentence WHERE article_id IN (SELECT article_id FROM assignment "
        "JOIN user ON user.id = analyst_id JOIN article ON article.id = article_id "
        "WHERE user.name = ? AND state = 'assigned' AND trashed_at IS NULL LIMIT 200 OFFSET 200 * ?)"
    )
    return [row[0] for row in database.execute(handed_out, (analyst, half))]


# ---- what goes on beside


class Supervisor:
    """Asks for one thing after the other, and reads what comes."""

    def __init__(self, server: LiveServer) -> None:
        self._server = server
        self._client = Client(server.port)
        self._client.sign_in(server.link)
        self._token = hidden_fields(self._read("GET", "/export"))["csrf_token"]
        self._seed = 0

    def page(self, path: str) -> Callable[[], None]:
        return lambda: self._read("GET", path)

    def first_visit_to_agreement(self) -> None:
        with sqlite3.connect(self._server.instance / "claimtag.sqlite", timeout=30) as database:
            database.execute("UPDATE project_change SET number = number + 1")
        self._read("GET", f"{PROJECT}/agreement")

    def export(self, path: str, **form: str) -> Callable[[], None]:
        return lambda: self._read("POST", path, self._form(**form))

    def _form(self, **values: str) -> bytes:
        return urllib.parse.urlencode(values | {"csrf_token": self._token}).encode()

    def _read(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port)
        headers = {name: value for name, value in self._client.headers.items() if name == "Cookie"}
        headers["Content-Type"] = kind or "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        beginning = answer.read(SMALL)
        assert answer.status in (200, 302), (path, answer.status, beginning)
        while answer.read(SMALL):
            pass
        connection.close()
        return answer.headers.get("Location", "") or beginning.decode(errors="replace")

    def start_import(self, articles: int) -> None:
        """Upload a table and say what its columns hold; the server starts the process that does it."""
        self._seed += 1
        rows = "\n".join(json.dumps({"text": f"{text} {self._seed}."}) for text in texts(articles))
        ends = "--part\r\nContent-Disposition: form-data; name="
        fields = "".join(
            f'{ends}"{name}"\r\n\r\n{value}\r\n' for name, value in (("project", "1"), ("csrf_token", self._token))
        )
        upload = f'{ends}"uploads"; filename="t.jsonl"\r\n\r\n{rows}\r\n--part--\r\n'
        where = self._read("POST", "/imports", (fields + upload).encode(), "multipart/form-data; boundary=part")
        page = self._read("GET", where)
        item = re.search(r'name="(\d+)-text"', page)
        assert item, page
        self._read("POST", where, self._form(**{f"{item[1]}-text": "text"}))

    def wait_for_imports(self) -> None:
        with sqlite3.connect(self._server.instance / "claimtag.sqlite", timeout=30) as database:
            while database.execute("SELECT count(*) FROM job WHERE state IN ('queued', 'running')").fetchone()[0]:
                time.sleep(0.2)

    def wait_until_one_runs(self) -> None:
        with sqlite3.connect(self._server.instance / "claimtag.sqlite", timeout=30) as database:
            while not database.execute("SELECT count(*) FROM job WHERE state = 'running' AND done > 0").fetchone()[0]:
                time.sleep(0.05)


def kinds(one: Supervisor) -> dict[str, Callable[[], None]]:
    return {
        "progress": one.page(PROJECT),
        "articles": one.page("/"),
        "adjudication": one.page(f"{PROJECT}/adjudication"),
        "agreement": one.first_visit_to_agreement,
        "long": one.export("/export/1/long.csv"),
        "wide": one.export(f"{PROJECT}/agreement/wide.csv"),
        "gold": one.export(f"{PROJECT}/gold.csv"),
    }


def beside(asking: Callable[[], None], savers: Savers, seconds: float, pause: float) -> tuple[list[float], int]:
    """The times of the savers while this goes on, with a pause behind each, and how often it was done."""
    ended = threading.Event()
    done = 0

    def go_on() -> None:
        nonlocal done
        while not ended.is_set():
            asking()
            done += 1
            ended.wait(pause)

    thread = threading.Thread(target=go_on)
    thread.start()
    time.sleep(0.2)
    took = savers.save(seconds)
    ended.set()
    thread.join()
    return took, done


def measure(server: LiveServer, said: argparse.Namespace) -> None:
    supervisor, savers = Supervisor(server), Savers(server)
    wanted = {name: asking for name, asking in kinds(supervisor).items() if not said.only or name in said.only}
    alone: list[float] = []
    took: dict[str, list[float]] = {name: [] for name in wanted}
    times = dict.fromkeys(wanted, 0)
    savers.save(2)
    for _ in range(said.rounds):
        for name, asking in wanted.items():
            alone += savers.save(said.seconds / 2)
            more, done = beside(asking, savers, said.seconds, said.pause)
            took[name] += more
            times[name] += done
        if not said.only or "import" in said.only:
            alone += savers.save(said.seconds / 2)
            supervisor.start_import(int(IMPORTED * said.seconds))
            supervisor.wait_until_one_runs()
            took.setdefault("import", []).extend(savers.save(said.seconds))
            supervisor.wait_for_imports()
            times["import"] = times.get("import", 0) + 1
    savers.stop()
    tell("alone", alone, quantile(alone, 0.99))
    for name, seen in took.items():
        tell(f"{name} ({times[name]} times)", seen, quantile(alone, 0.99))


def quantile(took: list[float], share: float) -> float:
    return sorted(took)[int(len(took) * share)] * 1000


def tell(name: str, took: list[float], alone: float) -> None:
    p50, p95, p99 = (quantile(took, share) for share in (0.5, 0.95, 0.99))
    print(
        f"{name:28} {len(took):6,} saves  p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f}  longest "
        f"{max(took) * 1000:6.0f} ms  p99 {p99 / alone:4.1f} x alone",
        flush=True,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=10_000)
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument(
        "--pause", type=float, default=0, help="seconds between two pages or exports that are asked for"
    )
    options.add_argument("--keep", type=Path, help="the folder that bench/pages.py keeps its databases in")
    options.add_argument("--only", type=lambda names: names.split(","), help="names, with commas")
    options.add_argument("--save", action="store_true", help=argparse.SUPPRESS)
    said = options.parse_args()
    if said.save:
        save_on_demand()
        return
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        kept = said.keep / str(said.articles) if said.keep else None
        if kept and (kept / "filled").exists():
            shutil.copytree(kept, instance)
        else:
            fill(instance, said.articles, seed=1)
        server = LiveServer(instance).start()
        try:
            measure(server, said)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
