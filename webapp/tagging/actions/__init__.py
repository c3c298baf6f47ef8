"""Writes of the desk: an answer recorded or taken back, an article handed in."""

from webapp.tagging.actions.saving import record_answer
from webapp.tagging.actions.submitting import submit

__all__ = ["record_answer", "submit"]
