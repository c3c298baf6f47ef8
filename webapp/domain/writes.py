"""What a write says of itself: the version its author saw, an id of its own, and the piece of work it belongs to."""

from uuid import UUID

from webapp.domain.errors import BadAnswer


def write_key(seen: object, client_id: object) -> tuple[int, UUID]:
    """The version seen and the client id of a write, checked. Raises BadAnswer."""
    try:
        version = int(str(seen))
        if version < 0 or isinstance(seen, bool):
            raise ValueError
    except ValueError:
        raise BadAnswer("“version” is the version you saw, 0 if none.") from None
    try:
        return version, UUID(str(client_id))
    except ValueError:
        raise BadAnswer("“client_id” is a UUID.") from None


def assignment_key(given: object) -> UUID | None:
    """The key of the piece of work that a write names; None where it names none. Raises BadAnswer."""
    if given in (None, ""):
        return None
    try:
        return UUID(str(given))
    except ValueError:
        raise BadAnswer("“assignment_key” is the UUID that an answer came with.") from None
