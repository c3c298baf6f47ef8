"""What makes a name or an address look like another: characters nobody sees, and letters of two scripts in one word."""

import re
import unicodedata
from collections.abc import Iterable

# Not seen, or only by what they do to their neighbours; of the marks those that Unicode tells programs to leave out.
_HIDDEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_HIDDEN_KINDS = frozenset(("Cc", "Cf", "Zl", "Zp"))  # with the controls of direction, joiners and the soft hyphen
_LINE_SPACE = "\t\n\r"

ZWNJ, ZWJ = "\u200c", "\u200d"
_EMOJI_STYLE, _KEYCAP = "\ufe0f", "\u20e3"
_VIRAMA = 9  # the combining class of the signs after which a joiner changes what one sees
# Arabic letters that never join the next one: no joiner after them changes anything.
_NOT_JOINING = re.compile(
    "[\u0621-\u0625\u0627\u0629\u062f-\u0632\u0648\u0671-\u0677\u0688-\u0699\u06c0\u06c3-\u06cb\u06cd\u06cf"
    "\u06d2\u06d3\u06d5\u06ee\u06ef]"
)

# Scripts that are written together in one word; Latin stands among the characters of each.
_TOGETHER = (
    frozenset(("LATIN", "CJK", "HIRAGANA", "KATAKANA")),
    frozenset(("LATIN", "CJK", "BOPOMOFO")),
    frozenset(("LATIN", "CJK", "HANGUL")),
)


def hidden_characters(text: str) -> list[str]:
    """The characters of a text that nobody sees, controls of direction among them.

    Joiners stay where they belong to what one sees: after a virama, in an Arabic word that they part, in an emoji.
    """
    return [char for at, char in enumerate(text) if _is_hidden(char) and not _belongs(text, at)]


def without_hidden(text: str) -> str:
    """The text as it can be shown in a sentence about it."""
    return "".join(char for char in text if not _is_hidden(char))


def _is_hidden(char: str) -> bool:
    if char in _LINE_SPACE:
        return False
    return unicodedata.category(char) in _HIDDEN_KINDS or bool(_HIDDEN.match(char))


def _belongs(text: str, at: int) -> bool:
    """Whether the hidden character at this place changes what one sees."""
    before, char, after = text[at - 1 : at] if at else "", text[at], text[at + 1 : at + 2]
    if not before:
        return False
    if char == _EMOJI_STYLE:
        return _is_symbol(before) or after == _KEYCAP
    if char not in (ZWNJ, ZWJ) or not after:
        return False
    if unicodedata.combining(before) == _VIRAMA:
        return _is_letter(after)
    if char == ZWJ:
        return (before == _EMOJI_STYLE or _is_symbol(before)) and _is_symbol(after)
    return _script(before) == _script(after) == "ARABIC" and not _NOT_JOINING.match(before)


def mixed_scripts(words: Iterable[str]) -> tuple[str, list[str]] | None:
    """The first word whose letters are of scripts that are not written together, with their names; None for none."""
    for word in words:
        scripts = {script for char in unicodedata.normalize("NFKC", word) if (script := _script(char))}
        if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
            return word, sorted(script.capitalize() for script in scripts)
    return None


def words_of(text: str) -> list[str]:
    """The words of a name: what stands together without space or punctuation."""
    return re.findall(r"\w+", without_hidden(text))


def _script(char: str) -> str | None:
    """The script of a letter, as Unicode's name for it begins; None for what belongs to all scripts."""
    if unicodedata.category(char) == "Lm" or not _is_letter(char):
        return None
    script = unicodedata.name(char, "").partition(" ")[0].partition("-")[0]
    return "CJK" if script == "IDEOGRAPHIC" else script or None


def _is_letter(char: str) -> bool:
    return unicodedata.category(char).startswith("L")


def _is_symbol(char: str) -> bool:
    return unicodedata.category(char).startswith("S")
