"""What every request meets before Flask: is it meant for this server; and the headers of every answer."""

import html
import ipaddress
import json
import re
import socket
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Config

from webapp.problems import MEDIA_TYPE, TITLES, problem

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
ON_EVERY_ANSWER = [
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
]
BEHIND_TLS = [("Strict-Transport-Security", "max-age=31536000")]

LOOPBACK_NAMES = frozenset(("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"))

Headers = list[tuple[str, str]]


class FrontDoor:
    """The app, behind the check of the Host header.

    A name that an attacker's own DNS leads here makes their page one origin with ours, so that their script
    may read and send what it likes: only names that are ours get in.
    """

    def __init__(self, app: WSGIApplication, config: Config) -> None:
        self._app = app
        self._config = config

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_secure = environ["wsgi.url_scheme"] == "https" or self._config["SESSION_COOKIE_SECURE"]
        ours = ON_EVERY_ANSWER + BEHIND_TLS if is_secure else ON_EVERY_ANSWER

        def start(status: str, headers: Headers, exc_info: Any = None, /) -> Any:
            return start_response(status, headers + ours, exc_info)

        refused = self._refused(environ.get("HTTP_HOST"))
        if refused is None:
            return self._app(environ, start)
        status, headers, body = plain_answer(*refused, environ["PATH_INFO"])
        start(status, headers)
        return [body]

    def _refused(self, header: str | None) -> tuple[int, str] | None:
        """Status and sentence for a Host header that is not one of ours."""
        if header is None:
            return None  # HTTP/1.0, as no browser speaks it
        config = self._config
        return refused(header, config["BASE_URL"], config["SERVED_AT"], config["HOSTS"])


@lru_cache(maxsize=256)
def refused(header: str, base_url: str | None, served_at: str, hosts: tuple[str, ...]) -> tuple[int, str] | None:
    """Status and sentence for a Host header that names neither this machine nor a host of the settings."""
    name = host_in(header)
    if name is None:
        return 400, "The name of this server in the request is none; type its address anew."
    configured = {ascii_name(host) for host in hosts} | {urlsplit(url).hostname for url in (base_url, served_at) if url}
    if is_address(name) or name in LOOPBACK_NAMES | names_of_this_machine() | configured:
        return None
    return 421, (
        f"This server does not go by the name “{name}”. If that is its right name, whoever runs it starts it again "
        f"with the setting CLAIMTAG_HOSTS={name}."
    )


def host_in(header: str) -> str | None:
    """The host that a Host header names, in lower case and without its port; None where it names none."""
    found = re.fullmatch(r"(?:\[([0-9a-f:.]+)\]|([0-9a-z_.-]+))(?::\d{1,5})?", header.lower())
    if not found:
        return None
    if found[1]:
        return found[1] if is_address(found[1]) else None
    name = found[2].removesuffix(".")
    return name if len(name) <= 253 and all(1 <= len(label) <= 63 for label in name.split(".")) else None


def is_address(name: str) -> bool:
    """Whether a name is an IP address, which no DNS leads anywhere else."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def names_of_this_machine() -> frozenset[str]:
    """What others on the network call this machine: its name, bare and with `.local`."""
    full = socket.gethostname().lower()
    bare = full.partition(".")[0]
    return frozenset((full, bare, f"{bare}.local"))


def ascii_name(host: str) -> str:
    """A configured host as browsers send it: without a port, in lower case, other letters encoded."""
    name = re.sub(r":\d+$", "", host.strip().lower()).removesuffix(".")
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def plain_answer(code: int, sentence: str, path: str) -> tuple[str, Headers, bytes]:
    """Status, headers and body of an answer that needs neither Flask nor the database: a page, or JSON under /api."""
    if path.startswith("/api/"):
        kind, text = MEDIA_TYPE, json.dumps(problem(code, sentence))
    else:
        title = TITLES[code]
        kind = "text/html; charset=utf-8"
        text = (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{title} · Claimtag</title></head>"
            f"<body><main><h1>{title}</h1><p>{html.escape(sentence)}</p></main></body></html>\n"
        )
    body = text.encode()
    headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    return f"{code} {HTTPStatus(code).phrase}", headers, body
