"""What templates may use: addresses of static files, wording of terms, the person, and a few filters."""

import calendar
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Flask, current_app, g
from jinja2.ext import Extension
from markupsafe import Markup, escape

from webapp import __version__, assets, first_visits, navigation
from webapp.access import visitor
from webapp.config import command
from webapp.db import give_way
from webapp.domain import terms
from webapp.domain.moments import moment
from webapp.domain.plots import filled


def init_app(app: Flask) -> None:
    app.register_blueprint(assets.bp)
    app.jinja_env.globals |= {
        "asset": assets.asset,
        "command": command,
        "where_one_is": navigation.here,
        "first_visit": first_visits.first_visit,
        "terms": terms,
        "app_version": __version__,
    }
    app.jinja_env.filters |= {
        "utc": utc,
        "partial_date": partial_date,
        "moment": moment,
        "filled": filled,
        "one_line": one_line,
        "thousands": thousands,
        "plural": plural,
        "unbroken": unbroken,
    }
    app.jinja_env.concat = _joined  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(Unindented)
    app.context_processor(_about_the_person)


class Unindented(Extension):
    """Leaves the indentation of templates, a sixth of a page, where it is for: with those who write them."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        # The line break behind a tag of Jinja is dropped, so one space stays there, between words and elements.
        source = re.sub(r"(?<=%})\n[ \t]+", "\n ", source)
        return re.sub(r"\n[ \t]{2,}", "\n", source)


def _about_the_person() -> dict[str, Any]:
    # A page about a database that does not answer asks it for nobody.
    here = visitor() if "unavailable" not in g else None
    return {
        "me": here.actor if here else None,
        "single_keys": here.single_keys if here else False,
        "stylesheet": assets.asset(assets.STYLESHEET),
        "pages_stylesheet": assets.asset(assets.PAGES_STYLESHEET),
        "instance_id": current_app.config["INSTANCE_ID"],
    }


# ---- filters


def utc(at: datetime) -> str:
    """A moment for people; the zone is said, because days are counted in it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def partial_date(iso: str) -> str:
    """`2013-10-22` as `22 October 2013`, `2013-10` as `October 2013`, `2013` as it is; a moment with its time."""
    day_, _, time = iso.partition("T")
    if time:
        return f"{partial_date(day_)}, {time[:5]} UTC"
    year, *rest = iso.split("-")
    month = [calendar.month_name[int(rest[0])]] if rest else []
    day = [str(int(rest[1]))] if len(rest) > 1 else []
    return " ".join([*day, *month, year])


def one_line(text: str) -> Markup:
    """What a template writes on several lines, as one; what is markup already is not escaped again."""
    return Markup(" ").join(text.split())


def unbroken(text: str) -> Markup:
    """Words with a hyphen beside a digit, such as S-300, each on one line."""
    parts = _NUMBERED.split(text)
    whole = Markup('<span class="whole">{}</span>')
    return Markup("").join(whole.format(part) if place % 2 else escape(part) for place, part in enumerate(parts))


_NUMBERED = re.compile(r"(\b\w{0,8}-\d{1,8}\b|\b\d{1,8}-\w{1,8}\b)")


def thousands(number: int) -> str:
    return f"{number:,}"


MOST_GIVEN_WAY = 0.05
"""Seconds that a page waits in all for saves that come while it is written."""
AT_ONCE = 16
"""Pieces of a page that are written between two looks at whether saves are under way."""


def _joined(pieces: Iterable[str]) -> str:
    """The pieces of a template as one text; those of a page are made one by one, and saves let past between them."""
    if isinstance(pieces, list):  # of a macro, made already
        return "".join(pieces)
    written, left = [], MOST_GIVEN_WAY
    for number, piece in enumerate(pieces):
        written.append(piece)
        if number % AT_ONCE == 0 and left > 0:
            left -= give_way(left)
    return "".join(written)


def plural(count: int, noun: str) -> str:
    """`1 sentence`, `3 sentences`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
