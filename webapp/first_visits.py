"""The one line that each room shows at the first visit, until it is put away, and the guide behind it."""

from dataclasses import dataclass

from flask import request

from webapp.access import visitor


@dataclass(frozen=True)
class FirstVisit:
    """What a room is for, in one line."""

    room: str
    line: str
    guide: str
    """The page of the help that tells more."""


_LINES = (
    FirstVisit("front", "What waits for you comes first; below stand the articles of the project.", "tagging"),
    FirstVisit("desk", "One key tags the sentence in hand and moves on; g is the codebook, ? are all keys.", "tagging"),
    FirstVisit("reading", "Every voice you may read, beside each sentence; d is the next dispute.", "supervising"),
    FirstVisit("sources", "Who is quoted, under which names, and how far each can be relied on.", "supervising"),
    FirstVisit("claims", "What sentences say in other words, with what speaks for and against it.", "supervising"),
    FirstVisit("progress", "Each article and who does it; a cell opens the work of one analyst.", "supervising"),
    FirstVisit("team", "Paste names, send the links, hand out what there is to tag.", "supervising"),
    FirstVisit("agreement", "How far analysts agree; only first submissions are counted.", "supervising"),
    FirstVisit("adjudication", "What analysts differ on, the most divided first; a rule settles it.", "supervising"),
    FirstVisit("codebook", "The text by which people judge; each round keeps the version it began with.", "tagging"),
    FirstVisit("export", "Each file says what a row of it is; names of people are pseudonyms in all.", "taking-away"),
)
ROOMS = {one.room: one for one in _LINES}
OF_ENDPOINT = {
    "articles.index": "front",
    "tagging.desk": "desk",
    "reading.room": "reading",
    "sources.index": "sources",
    "claims.index": "claims",
    "projects.progress": "progress",
    "team.index": "team",
    "review.agreement": "agreement",
    "adjudication.queue": "adjudication",
    "codebooks.index": "codebook",
    "export.index": "export",
}
"""The room that a page is."""


def first_visit() -> FirstVisit | None:
    """The line of the room that this request is about, where its reader has not put it away yet."""
    room = ROOMS.get(OF_ENDPOINT.get(request.endpoint or "", ""))
    seen = visitor() if room else None
    return room if room and seen and room.room not in seen.rooms_known else None
