"""How a uuid is written: stored as its 32 digits, shown with dashes between them."""

from uuid import UUID


def dashed(stored: str | UUID | None) -> str:
    """A uuid as pages, files and JSON write it, given as it is stored (32 digits); empty for none."""
    if stored is None:
        return ""
    digits = stored.hex if isinstance(stored, UUID) else stored
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
