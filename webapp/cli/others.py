"""All commands but those that are there at once."""

from webapp.cli import annotations, care, codebooks, dev, exports, people, server, tags, texts

__all__ = ["annotations", "care", "codebooks", "dev", "exports", "people", "server", "tags", "texts"]
