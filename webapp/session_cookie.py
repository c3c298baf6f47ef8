"""The cookie that carries a session: behind TLS under a name that no other site or path can set."""

from collections.abc import Mapping
from functools import lru_cache

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

MOST_COOKIES = 500
"""Cookies whose signature is not checked again: those of the devices that save at the moment."""


class SessionCookie(SecureCookieSessionInterface):
    """Flask's signed cookie. With the prefix `__Host-` browsers take it over TLS only, and from this very host.

    Each key of an analyst brings the same cookie, so one whose signature was found good is remembered: 5 % of a save.
    """

    def __init__(self) -> None:
        self._serializer: URLSafeTimedSerializer | None = None
        self._signed = lru_cache(MOST_COOKIES)(_signed)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Made once for the app that this is the session interface of."""
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def get_cookie_name(self, app: Flask) -> str:
        name: str = app.config["SESSION_COOKIE_NAME"]
        return f"__Host-{name}" if self.get_cookie_secure(app) else name

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(app.config["SESSION_COOKIE_SECURE"]) or request.is_secure

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the cookie holds, whatever the time of its signature: when a session ends, the database says.

        Flask's own takes a signature from the future, as of before the clock was set back, for one that has expired.
        """
        cookie = request.cookies.get(self.get_cookie_name(app))
        serializer = self.get_signing_serializer(app)
        if not cookie or serializer is None:
            return self.session_class()
        try:
            return self.session_class(serializer.load_payload(self._signed(serializer, cookie)))
        except BadSignature:
            return self.session_class()


def _signed(serializer: URLSafeTimedSerializer, cookie: str) -> bytes:
    """What was signed, still encoded. Raises BadSignature."""
    return serializer.make_signer(serializer.salt).unsign(cookie)


def is_signed_in_by(app: Flask, cookies: Mapping[str, str]) -> bool:
    """Whether a cookie carries the token of a session, signed by us; that of a visitor carries none.

    Whether the session still holds, the database knows; this asks nothing of it.
    """
    name = app.config["SESSION_COOKIE_NAME"]
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    for value in (cookies.get(name), cookies.get(f"__Host-{name}")):
        try:
            if value and "token" in serializer.loads(value):
                return True
        except BadSignature:
            pass
    return False
