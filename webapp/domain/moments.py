"""Moments as JSON, exports, pages and logs write them: ISO 8601 in UTC."""

from datetime import datetime

SECONDS = len("2026-11-22T15:04:05")


def moment(at: datetime | str | None, *, milliseconds: bool = False) -> str:
    """ISO 8601 in UTC with `Z`, cut to the second; empty for None. A naive moment is taken for UTC.

    Text is a moment as SQLite keeps it (`2026-11-22 15:04:05.123456`): exports do not read it first.
    """
    if at is None:
        return ""
    if isinstance(at, str):
        return f"{at[:10]}T{at[11:19]}Z"
    if milliseconds:
        return at.isoformat(timespec="milliseconds")[: SECONDS + len(".987")] + "Z"
    return at.isoformat()[:SECONDS] + "Z"
