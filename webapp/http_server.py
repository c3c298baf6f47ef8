"""The production server: waitress, with bodies limited by the head of their request, and slow clients sent away."""

import select
import socket
import sys
import time
from contextlib import suppress
from functools import partial
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher

if sys.platform != "win32":
    import resource

from webapp.body_limits import SIGNED_OUT, BodyLimits
from webapp.db import saves_under_way
from webapp.front_door import ON_EVERY_ANSWER, plain_answer

THREADS = 8
HEALTH = "/healthz"
SAVES = ("PUT", "DELETE")
"""What scripts send with every key; forms are sent by POST."""

MOST_CONNECTIONS = 400
"""More than that, and whoever has waited longest for nothing makes room."""
FILES_NEEDED = 3 * MOST_CONNECTIONS + 400
"""A socket, a long request and a long answer of each connection, and what else is open."""
HEAD_WITHIN = 20
"""Seconds for the head of a request to come in whole."""
GRACE = 30
"""Seconds after which a body must have come at SLOWEST_BODY on average, and an answer must have been taken on."""
SLOWEST_BODY = 500
"""Bytes a second."""
LINGER = 20
"""Seconds for which the rest of a body that is refused is read and thrown away.

Closing with bytes unread resets the connection, and the browser would not show the answer.
"""

SENTENCES = {
    400: "The request was not understood.",
    431: "The address or the cookies of this request are too long; delete the cookies of this site and try again.",
    500: "Something broke on our side. Nothing you saved before is lost; please try again.",
    501: "This server does not take that kind of request.",
}


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Decides once the head is in whether the body may come; if not, the app is asked without it and refuses."""

    is_refused = False

    def __init__(self, adjustments: Adjustments, limits: BodyLimits) -> None:
        super().__init__(adjustments)
        self.began = time.monotonic()
        self._limits = limits
        self._limit = SIGNED_OUT

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if self.body_rcv is not None and self.chunked and self.body_bytes_received > self._limit:
            self.headers["CONTENT_LENGTH"] = str(self.body_bytes_received)
            self._refuse_body()
            self.completed = True
        return len(data) if self.is_refused else consumed

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError as unreadable:  # an address like http://[ or a length of 5,000 digits
            raise ParsingError(str(unreadable)) from None
        if self.chunked or self.content_length > SIGNED_OUT:
            path = self.path.encode("latin-1").decode("utf-8", "replace")
            self._limit = self._limits.limit(self.command, path, self.headers.get("COOKIE", ""))
        if self.content_length > self._limit:
            self._refuse_body()

    def _refuse_body(self) -> None:
        """Let the request go on without its body; the length that was announced stays for the app to see."""
        self.close()
        self.body_rcv = None
        self.content_length = 0
        self.expect_continue = False
        self.headers["CONNECTION"] = "close"
        self.is_refused = True


class PlainErrorTask(ErrorTask):  # type: ignore[misc]
    """What the parser refuses, and what broke outside Flask, as a page or JSON with our headers."""

    def execute(self) -> None:
        code = self.request.error.code
        self.status, headers, body = plain_answer(code, SENTENCES[code], getattr(self.request, "path", ""))
        self.response_headers.extend(headers + ON_EVERY_ANSWER)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection, which knows since when it keeps us waiting."""

    error_task_class = PlainErrorTask
    close_when_flushed: bool
    _throws_away = False
    _lingers_until: float | None = None

    def __init__(self, server: "Server", *args: Any, **options: Any) -> None:
        self.parser_class = partial(Parser, limits=server.limits)
        self._began = time.monotonic()
        super().__init__(server, *args, **options)

    def service(self) -> None:
        if getattr(self.requests[0], "command", "") not in SAVES:  # what was not understood has none
            super().service()
            return
        with saves_under_way.one_more():  # until its answer was sent
            super().service()

    def received(self, data: bytes) -> bool:
        if self._throws_away:
            return True
        went_on: bool = super().received(data)
        newest = self.requests[-1] if self.requests else None
        self._throws_away = newest is not None and (newest.is_refused or newest.error is not None)
        return went_on

    def handle_write(self) -> None:
        # After an answer to a request that was not read to its end, waitress would close at once.
        lingers = self._throws_away and self.close_when_flushed and not self.will_close
        if lingers:
            self.close_when_flushed = False
        super().handle_write()
        if lingers and self.socket is not None and not self.will_close:
            if self.total_outbufs_len:
                self.close_when_flushed = True
            else:
                self.socket.shutdown(socket.SHUT_WR)
                self._lingers_until = time.monotonic() + LINGER

    @property
    def waits_since(self) -> float:
        """Since when we wait for this client: for the rest of a request, or for the next one."""
        if self.request is not None:
            return float(self.request.began)
        return self._began if self.last_activity <= self.creation_time else monotonic_of(self.last_activity)

    @property
    def sends_a_body(self) -> bool:
        return self.request is not None and self.request.headers_finished

    def is_too_slow(self, now: float) -> bool:
        """Whether this client keeps us waiting for longer than an honest one would."""
        if self._lingers_until is not None:
            return now > self._lingers_until
        if self.requests or self.total_outbufs_len:  # our turn, or the client's to take on what it asked for
            return bool(self.total_outbufs_len) and now - monotonic_of(self.last_activity) > GRACE
        waited = now - self.waits_since
        if self.sends_a_body:
            return waited > GRACE and self.request.body_bytes_received < waited * SLOWEST_BODY
        is_half_open = self.request is not None or self.last_activity <= self.creation_time
        return is_half_open and waited > HEAD_WITHIN

    def send_away(self) -> None:
        """Close in the next round; by the shutdown also where the client takes nothing on, for whom waitress waits."""
        self.will_close = True
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


def monotonic_of(moment: float) -> float:
    """A moment of the wall clock, as waitress notes it, on the clock that nobody sets."""
    return time.monotonic() - (time.time() - moment)


class Server(TcpWSGIServer):  # type: ignore[misc]
    """Waitress over a socket that listens already."""

    channel_class = Channel

    def __init__(self, app: Flask, listener: socket.socket, **settings: Any) -> None:
        self.limits: BodyLimits = app.extensions["body_limits"]
        # A thread of its own: however busy the others are, whoever watches over the server is answered.
        self.health_dispatcher = ThreadedTaskDispatcher()
        self.health_dispatcher.set_thread_count(1)
        adjustments = Adjustments(
            threads=THREADS,
            sockets=[listener],
            ident=None,
            connection_limit=MOST_CONNECTIONS + 100,
            cleanup_interval=5,
            asyncore_use_poll=hasattr(select, "poll"),
            clear_untrusted_proxy_headers=True,
            **settings,
        )
        address = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(app, {}, _sock=listener, adj=adjustments, bind_socket=False, sockinfo=address)

    def add_task(self, channel: Channel) -> None:
        is_health = getattr(channel.requests[0], "path", "") == HEALTH
        (self.health_dispatcher if is_health else self.task_dispatcher).add_task(channel)

    def handle_accept(self) -> None:
        if len(self.active_channels) >= MOST_CONNECTIONS:
            self._make_room()
        super().handle_accept()

    def _make_room(self) -> None:
        """Close the connection that has waited longest for nothing, one that sends a body last of all."""
        waiting = [one for one in self.active_channels.values() if not one.requests and not one.will_close]
        if waiting:
            min(waiting, key=lambda one: (one.sends_a_body, one.waits_since)).send_away()

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.is_too_slow(time.monotonic()):
                channel.send_away()


def allow_many_connections() -> None:
    """Ask the system for as many open files as the connections may need, where it counts them."""
    if sys.platform != "win32":
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES_NEEDED if hard == resource.RLIM_INFINITY else min(FILES_NEEDED, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
