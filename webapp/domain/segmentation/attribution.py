"""Recognises who spoke, behind a closing quote: “Who knew?” Smith asked."""

import re

from webapp.domain.segmentation.languages import ENGLISH
from webapp.domain.segmentation.stops import Stop

_SPEECH = "|".join(sorted(ENGLISH.speech))
_NAME = r"[^\W\d_a-z][\w'’-]{0,30}+\.?+"
_SPEAKER = re.compile(
    rf"""
    (?: I | {_NAME} (?:\s{_NAME}){{0,3}} ) \s (?:{_SPEECH}) \b
    (?: \s (?:him|her|them|me|us|reporters) \b )?
    (?P<then> \s*+$ | [.,;:!?]
        | \s(?: in|at|on|as|with|after|before|during|when|while|later|from|of|outside|[a-z]{{1,20}}ly )\b )
    """,
    re.VERBOSE,
)
_SPEAKER_IN_SMALL = re.compile(rf"(?:[a-z]{{1,20}}\s)?(?:{_SPEECH})\b")


def is_attributed(stop: Stop, only_briefly: bool = False) -> bool:
    """Whether a speaker with a capital ends the sentence begun by the quote.

    He does in: “Why?” Smith asked on Monday. He does not in: “Why?” Smith said he did not know. There the verb has
    an object of its own. `only_briefly` wants nothing behind the verb, for a quote that a full stop has closed.
    """
    if not stop.language.speech or not stop.is_quoted or stop.opening:
        return False
    if stop.following in stop.language.starters and stop.following != "I":
        return False
    speaker = _SPEAKER.match(stop.text, stop.end, stop.end + 100)
    return speaker is not None and (not only_briefly or speaker["then"] == ".")


def is_attributed_in_small(stop: Stop) -> bool:
    """Whether a speaker follows at once: said Fred, she asked."""
    return _SPEAKER_IN_SMALL.match(stop.text, stop.end, stop.end + 60) is not None
