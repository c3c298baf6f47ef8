"""Pages and static files in a quarter of their size, where the browser asks for that."""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

LEAST = 1_000
"""Bytes; less fits into one packet as it is."""


def init_app(app: Flask) -> None:
    app.after_request(_page_compressed)


def _page_compressed(response: Response) -> Response:
    """Pages alone: answers to a key press are small, and files are taken away as they are.

    A page holds a token beside words from its address, and the size of what is compressed together tells whether one
    holds the other. To find a token that way somebody needs thousands of guesses sent with the person's cookie, which
    no browser sends with what another site's page loads by itself (SameSite=Lax).
    """
    if response.mimetype != "text/html" or response.is_streamed or response.direct_passthrough:
        return response
    body = response.get_data()
    return encoded(response, gzip.compress(body, 5, mtime=0)) if len(body) >= LEAST and _is_wanted() else response


def served(body: str, mimetype: str) -> Response:
    """A static file, compressed once for all who ask for that."""
    response = Response(body, mimetype=mimetype)
    response.vary.add("Accept-Encoding")
    return encoded(response, _best(body)) if _is_wanted() else response


def encoded(response: Response, body: bytes) -> Response:
    response.set_data(body)
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


@lru_cache(maxsize=256)
def _best(body: str) -> bytes:
    return gzip.compress(body.encode(), 9, mtime=0)


def _is_wanted() -> bool:
    return request.accept_encodings["gzip"] > 0
