"""The two values that make a write safe to repeat: the version its author saw, and an id of its own."""

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
