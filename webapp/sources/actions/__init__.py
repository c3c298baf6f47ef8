"""Writes about sources, each under the lock of their project's row, each a revision that stays on record."""
