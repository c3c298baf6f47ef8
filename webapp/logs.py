"""One line for each request and each job, and what went wrong: who, which route, how long; never what was said."""

import json
import logging
import secrets
import sys
import threading
import time
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Config, Flask, Response, g, has_request_context, request
from werkzeug.wsgi import ClosingIterator

from webapp.domain.errors import BadSetting
from webapp.domain.moments import moment

log = logging.getLogger("webapp.requests")

FORMS = ("text", "json", "off")
STANDARD_ERROR = "-"
LARGEST_FILE, FILES_KEPT = 10_000_000, 5
"""Bytes of a log file before the next one begins; and how many older ones are kept."""

REQUEST_ID, ROUTE, PERSON = "claimtag.request_id", "claimtag.route", "claimtag.person"

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


# ---- what is told of a request


class RequestLog:
    """The app, each request of which gets an id, told in `X-Request-Id`, and a line in the log.

    The line names the rule of the route and not the address, which may hold ids, searches and the token of a
    sign-in link. It is written outside the save queue, and for a stream when its last piece is gone.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begun = time.perf_counter()
        request_id = environ[REQUEST_ID] = secrets.token_hex(5)
        answer: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
            answer["status"] = int(status[:3])
            answer["is_stream"] = not any(name.lower() == "content-length" for name, _ in headers)
            return start_response(status, [*headers, ("X-Request-Id", request_id)], exc_info)

        body = self._app(environ, start)
        if not log.isEnabledFor(logging.INFO):
            return body
        if answer.get("is_stream"):
            return ClosingIterator(body, lambda: _tell(environ, answer["status"], begun))
        _tell(environ, answer.get("status", 0), begun)
        return body


def _tell(environ: WSGIEnvironment, status: int, begun: float) -> None:
    about = {
        "request_id": environ[REQUEST_ID],
        "person": environ.get(PERSON),
        "method": environ["REQUEST_METHOD"],
        "route": environ.get(ROUTE, "-"),
        "status": status,
        "ms": round((time.perf_counter() - begun) * 1000, 1),
    }
    # Made here, without the search for the line of code that log.info() begins with.
    said = {"name": log.name, "levelno": logging.INFO, "levelname": "INFO", "msg": "request", "about": about}
    log.handle(logging.makeLogRecord(said))


def init_app(app: Flask) -> None:
    """Tell the log of the route and the person once a request is through Flask."""
    app.after_request(_note_route_and_person)


def _note_route_and_person(response: Response) -> Response:
    if request.url_rule is not None:
        request.environ[ROUTE] = request.url_rule.rule
    if (visitor := g.get("visitor")) is not None:
        request.environ[PERSON] = visitor.actor.id
    return response


def request_id() -> str | None:
    """The id of the request under way, for the page of an error."""
    return request.environ.get(REQUEST_ID) if has_request_context() else None


def route() -> str:
    """Method and rule of the request under way, as far as it has one."""
    return f"{request.method} {request.url_rule.rule if request.url_rule else '-'}"


def tell_failure(exc_info: ExceptionInfo) -> None:
    """Put an error that nobody expected on record, with the id that its page shows."""
    log.error("%s failed in request %s", route(), request_id(), exc_info=exc_info)


# ---- where it goes


def start(config: Config, name: str) -> None:
    """Log to `<name>.log` in the folder of the setting LOG_DIR, and warnings to the terminal too.

    Raises BadSetting for a form of lines that there is not.
    """
    form = config["LOG"]
    if form not in FORMS:
        raise BadSetting(f"CLAIMTAG_LOG is “{form}”; it takes text, json or off.")
    formatter = JsonLines() if form == "json" else TextLines()
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setFormatter(formatter)
    everything_there = form != "off" and config["LOG_DIR"] == STANDARD_ERROR
    terminal.setLevel(logging.INFO if everything_there else logging.WARNING)
    handlers: list[logging.Handler] = [terminal]
    if form != "off" and not everything_there and (batched := _file(_folder(config) / f"{name}.log")):
        batched.setFormatter(formatter)
        handlers.append(batched)
    logging.basicConfig(handlers=handlers, level=logging.WARNING, force=True)
    logging.getLogger("webapp").setLevel(logging.WARNING if form == "off" else logging.INFO)
    logging.raiseExceptions = False  # a log that cannot be written stops nobody


def _folder(config: Config) -> Path:
    return Path(config["LOG_DIR"] or Path(config["INSTANCE"]) / "logs")


def _file(path: Path) -> "BatchedFile | None":
    """The log file, or none where the folder takes no files: what that means for the data is told elsewhere."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        batched = BatchedFile(path)
    except OSError:
        return None
    threading.Thread(target=batched.keep_writing, daemon=True).start()
    return batched


class BatchedFile(RotatingFileHandler):
    """Records collected in memory and written as lines once a second, so that a save pays little; warnings at once."""

    def __init__(self, path: Path) -> None:
        self._records: list[logging.LogRecord] = []
        self._ended = threading.Event()
        super().__init__(path, maxBytes=LARGEST_FILE, backupCount=FILES_KEPT, encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)
        if record.levelno >= logging.WARNING:
            self.write()

    def write(self) -> None:
        """Write what is collected; what a full disk does not take is dropped."""
        self.acquire()
        try:
            records, self._records = self._records, []
            if records:
                if self.stream is None:  # a rollover broke off after it had closed the file
                    self.stream = self._open()
                self.stream.write("".join(f"{self.format(record)}\n" for record in records))
                self.stream.flush()
                if self.stream.tell() > self.maxBytes:
                    self.doRollover()
        except OSError:
            pass
        finally:
            self.release()

    def keep_writing(self) -> None:
        """Write once a second until the file is closed."""
        while not self._ended.wait(1):
            self.write()

    def close(self) -> None:
        self._ended.set()
        self.write()
        super().close()


# ---- a line


def _moment(record: logging.LogRecord) -> str:
    return moment(datetime.fromtimestamp(record.created, UTC), milliseconds=True)


class TextLines(logging.Formatter):
    """`2026-11-26T21:04:05.123Z info 3f2a9c01d4 person 7 GET /articles/<int:article_id> 200 12.3 ms`."""

    def format(self, record: logging.LogRecord) -> str:
        head = f"{_moment(record)} {record.levelname.lower()}"
        if about := getattr(record, "about", None):
            who = "-" if about["person"] is None else about["person"]
            what = f"{about['method']} {about['route']} {about['status']} {about['ms']} ms"
            return f"{head} {about['request_id']} person {who} {what}"
        trace = "\n" + "".join(traceback.format_exception(*record.exc_info)).rstrip() if record.exc_info else ""
        return f"{head} {record.name}: {record.getMessage()}{trace}"


class JsonLines(logging.Formatter):
    """The same as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"at": _moment(record), "level": record.levelname.lower()}
        if about := getattr(record, "about", None):
            line |= about
        else:
            line |= {"logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            line["error"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps(line)
