"""JSON objects that are too long to be held: one list of them is written item after item."""

import json
from collections.abc import Iterable
from typing import IO, Any


def begin(file: IO[bytes], told: dict[str, Any]) -> None:
    """Write an object but for its closing brace, so that more can follow."""
    file.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")).removesuffix("}").encode())


def with_list(file: IO[bytes], told: dict[str, Any], name: str, items: Iterable[dict[str, Any]]) -> int:
    """Write an object with a list of items under this name, each in a line of its own; how many there are."""
    begin(file, told)
    file.write(f',"{name}":['.encode())
    count = 0
    for item in items:
        line = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
        file.write(f"{',' if count else ''}\n{line}".encode())
        count += 1
    file.write(b"\n]}")
    return count
