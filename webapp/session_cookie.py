"""The cookie that carries a session: behind TLS under a name that no other site or path can set."""

from collections.abc import Mapping

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature


class SessionCookie(SecureCookieSessionInterface):
    """Flask's signed cookie. With the prefix `__Host-` browsers take it over TLS only, and from this very host."""

    def get_cookie_name(self, app: Flask) -> str:
        name: str = app.config["SESSION_COOKIE_NAME"]
        return f"__Host-{name}" if self.get_cookie_secure(app) else name

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(app.config["SESSION_COOKIE_SECURE"]) or request.is_secure

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the cookie holds, whatever the time of its signature: when a session ends, the database says.

        Flask's own takes a signature from the future, as of before the clock was set back, for one that has expired.
        """
        serializer = self.get_signing_serializer(app)
        cookie = request.cookies.get(self.get_cookie_name(app))
        try:
            return self.session_class(serializer.loads(cookie) if serializer and cookie else {})
        except BadSignature:
            return self.session_class()


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
