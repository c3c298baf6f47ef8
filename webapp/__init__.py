"""Claimtag: news articles judged sentence by sentence."""

__version__ = "0.1.0"
