"""Which of the rules R1–R22 may settle a divided sentence, told from its two main tags and its words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from webapp.domain.adjudication import DecidingRule
from webapp.domain.cues import CueKind, cues_in
from webapp.domain.terms import FOUR_TAGS, Tag

MOST = 2
"""More rules than this are no help."""

F, A, S, O = FOUR_TAGS  # noqa: E741 (the letters of the badges)
Pair = frozenset[Tag]


@dataclass(frozen=True)
class Suggestion:
    """A rule worth reading first, and the words in the sentence that call for it (empty: its form does)."""

    rule: DecidingRule
    words: str = ""


@dataclass(frozen=True)
class _Clue:
    """Where the two tags are in `pairs` and `found` finds something, `rule` may decide."""

    rule: DecidingRule
    pairs: frozenset[Pair]
    found: Callable[[str], str | None]


def may_decide(votes: Mapping[Tag, int], text: str) -> tuple[Suggestion, ...]:
    """At most two rules to read first for a sentence with these votes; none where its words give no hint.

    Only the two tags with most votes count (in a tie, those first in the order of the codebook). A rule is suggested
    when it stands on the border between these two and the sentence has the words it speaks of; the more special rule
    comes first. It is a pointer to the codebook and never a verdict: no tag is suggested.
    """
    pair = _main_pair(votes)
    if pair is None:
        return ()
    found: dict[DecidingRule, Suggestion] = {}
    for clue in _CLUES:
        if pair in clue.pairs and clue.rule not in found and (words := clue.found(text)) is not None:
            found[clue.rule] = Suggestion(clue.rule, words)
    return tuple(found.values())[:MOST]


def _main_pair(votes: Mapping[Tag, int]) -> Pair | None:
    given = [tag for tag in Tag if votes.get(tag)]
    if len(given) < 2:
        return None
    return frozenset(sorted(given, key=lambda tag: -votes[tag])[:2])


# ---- what is looked for in a sentence: the words found, empty where only the form speaks, None for nothing


def _cue(*kinds: CueKind) -> Callable[[str], str | None]:
    return lambda text: next((text[cue.start : cue.end] for cue in cues_in(text) if cue.kind in kinds), None)


def _words(pattern: str) -> Callable[[str], str | None]:
    compiled = re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)
    return lambda text: found[0] if (found := compiled.search(text)) else None


def _form(pattern: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern)
    return lambda text: "" if compiled.search(text) else None


def _borders(*pairs: tuple[Tag, Tag]) -> frozenset[Pair]:
    return frozenset(map(frozenset, pairs))


# ---- the clues, the most special first

_R = DecidingRule
_VOICE = _borders((A, F), (A, S), (A, O))
_VALUE = _borders((O, F), (O, S), (O, A))
_ANY = _VOICE | _VALUE | _borders((F, S))
_CODABLE = _borders(*((tag, Tag.NOT_CODABLE) for tag in FOUR_TAGS))
_DENIAL = (
    "deny|denies|denied|denying|declin(?:e|es|ed|ing) to comment|refus(?:e|es|ed|ing) to comment|no comment|"
    "(?:did|do|does|has|have|had) not (?:reply|respond|answer|comment)|remain(?:s|ed)? silent"
)
_JUDGING = (
    "claim(?:s|ed|ing)?|admit(?:s|ted|ting)?|boast(?:s|ed|ing)?|reveal(?:s|ed|ing)?|confess(?:es|ed|ing)?|"
    "conced(?:e|es|ed|ing)|alleg(?:e|es|ed|ing)|falsely"
)
_UNNAMED = (
    "(?:sources?|insiders?|observers?|officials?|people (?:close to|familiar with)|experts?|analysts?|critics?)"
    "(?= (?:\\w+ ){0,3}?(?:say|says|said|saying|told|tell|report|reports|reported|believe|confirm|confirmed|claim)\\b)"
)
_OWN = (
    "our (?:\\w+ )?(?:sources?|reporters?|correspondents?)|"
    "this (?:paper|newspaper|site) (?:has )?(?:learn\\w+|report\\w*)"
)
_TRANSACTING = (
    "ask(?:s|ed|ing)? for|order(?:s|ed|ing)?|appl(?:y|ies|ied|ying) (?:for|to)|sign(?:s|ed|ing)?|fin(?:es|ed|ing)|"
    "appoint(?:s|ed|ing)?|offer(?:s|ed|ing)?|refus(?:e|es|ed|ing)|demand(?:s|ed|ing)?|request(?:s|ed|ing)?|"
    "agre(?:e|es|ed|eing)|approv(?:e|es|ed|ing)|reject(?:s|ed|ing)?"
)
_SOMEONES_THOUGHT = _words(
    "sens(?:ing|ed)|fear(?:ing|ful)|hoping|believing|keen to|eager to|determined to|anxious to|wary of|in order to|"
    "so as to|in a bid to|in an effort to|in the hope of|with an eye to"
)

_CLUES = (
    _Clue(_R.R16, _CODABLE, _form(r"^[^.!?…]*[^.!?…:;,\s”\"')]\s*$")),
    _Clue(_R.R15, _CODABLE | _ANY, _form(r":\s*$|^\s*(?:[-–—•*]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")),
    _Clue(_R.R17, _ANY | _CODABLE, _form(r"\?[”\"’')\]]*\s*$")),
    _Clue(_R.R22, _VOICE, _words(_DENIAL)),
    _Clue(_R.R3, _VOICE, _words(_OWN)),
    _Clue(_R.R2, _borders((A, F)), _words(_UNNAMED)),
    _Clue(_R.R4, _VOICE | _borders((F, S)), _cue(CueKind.HEARSAY)),
    _Clue(_R.R21, _VOICE, _words(_JUDGING)),
    _Clue(_R.R1, _borders((A, S), (A, O)), _cue(CueKind.TELLING)),
    _Clue(_R.R13, _VOICE, _form(r"[“”„«»\"]|(?<!\w)[‘'][^‘’']+[’'](?!\w)")),
    _Clue(_R.R5, _borders((A, F)), _words(_TRANSACTING)),
    _Clue(_R.R5, _borders((A, F)), _cue(CueKind.TELLING)),
    _Clue(_R.R6, _borders((A, S)), _cue(CueKind.MIND)),
    _Clue(
        _R.R9, _borders((S, F), (S, O)), _words("if|unless|provided that|as long as|had it|were it|would have|what if")
    ),
    _Clue(
        _R.R19,
        _borders((S, F), (S, O)),
        _words("because|in retaliation|in revenge|to punish|to please|out of fear|thanks to"),
    ),
    _Clue(_R.R7, _borders((S, F)), _SOMEONES_THOUGHT),
    _Clue(_R.R6, _borders((S, F), (S, O)), _cue(CueKind.MIND)),
    _Clue(_R.R8, _borders((S, F), (S, O)), _cue(CueKind.MODAL)),
    _Clue(
        _R.R11,
        _borders((O, F), (O, S)),
        _words(
            "crucially|remarkably|strikingly|tellingly|notably|importantly|(?:most|more) (?:striking|telling|\\w+ing)"
        ),
    ),
    _Clue(
        _R.R20,
        _borders((O, F)),
        _words("first|largest|biggest|smallest|highest|lowest|unprecedented|huge|paltry|massive"),
    ),
    _Clue(_R.R10, _VALUE, _cue(CueKind.LOADED)),
    _Clue(_R.R18, _ANY, _form(r",\s(?:and|but|while|whereas|although|though|yet)\s|;\s")),
    _Clue(_R.R14, _VOICE, _form(r"^\s*(?:[“„«\"]|(?:He|She|They|It|This|That|These|Those)\b)")),
)
