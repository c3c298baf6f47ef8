"""What opens in which program, as the tests found that ran it on what goes out (`make consumers`)."""

import json
from functools import cache
from typing import NamedTuple

from webapp.config import resources


class Opened(NamedTuple):
    """A program that read a format, and when."""

    format: str
    program: str
    version: str
    date: str


@cache
def opened() -> tuple[Opened, ...]:
    """All there are, by format."""
    told = json.loads((resources("seeds") / "opens_in.json").read_text("utf-8"))
    return tuple(Opened(**one) for one in told)
