"""What an article without a title goes by: the first words of its text."""

from webapp.domain.segmentation import split

MOST_WORDS, MOST_LETTERS = 8, 80


def first_words(opening: str) -> str:
    """The beginning of the first sentence, which a headline on a line of its own ends as well; empty for no words.

    `opening` is the beginning of the text, as much of it as holds these words.
    """
    first = next(iter(split(opening)), None)
    words = opening[first.start : first.end].split() if first else []
    shown = " ".join(words[:MOST_WORDS])[:MOST_LETTERS]
    return shown if shown == " ".join(words) else f"{shown}…"
