"""Secrets that open something: made at random, and kept only as hashes."""

import hashlib
import secrets


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token; enough to know it again, of no use to whoever reads the database."""
    return hashlib.sha256(token.encode()).hexdigest()
