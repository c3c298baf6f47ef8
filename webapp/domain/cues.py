"""Words that hint at how a sentence presents its point: marked on request, with their kind, never as a suggestion."""

import re
from dataclasses import dataclass

from webapp.domain.terms import Term


class CueKind(Term):
    TELLING = "telling", "Telling", "a source may be speaking (R1, R5, R21)"
    HEARSAY = "hearsay", "Hearsay", "told or thought by nobody named (R4)"
    MODAL = "modal", "Modal or future", "perhaps not established (R8, R9)"
    MIND = "mind", "Mind", "wish, aim or belief of another (R6)"
    LOADED = "loaded", "Loaded", "may value rather than tell (R10, R11)"


@dataclass(frozen=True)
class Cue:
    """A cue in a text: `[start, end)` in code points, and its kind."""

    start: int
    end: int
    kind: CueKind


# Verbs stand in their plain form; `_forms` makes the others. Irregular ones bring theirs, joined by slashes.
TELLING = """
accuse acknowledge add admit advise affirm allege announce answer argue assert boast caution cite claim comment
complain concede conclude confess confirm contend declare deny describe disclose emphasise emphasize explain
express hint imply inform insist maintain mention note observe point/points/pointed/pointing predict promise
pronounce protest quote reaffirm recall recount reiterate remark reply report respond reveal
say/says/said/saying show/shows/showed/shown/showing state stress suggest swear/swears/swore/sworn/swearing
tell/tells/told/telling testify threaten underline urge voice vow warn write/writes/wrote/written/writing
"""
TELLING_PHRASES = "according to|in the words of|as quoted by|in a statement"

HEARSAY = "allegedly apparently purportedly reportedly reputedly rumoured rumored supposedly ostensibly unconfirmed"
HEARSAY_PHRASES = (
    "is said to|are said to|was said to|were said to|is believed to|are believed to|was believed to|were believed to|"
    "is expected to|are expected to|was expected to|were expected to|is thought to|are thought to|was thought to|"
    "were thought to|is understood to|are understood to|is seen as|are seen as|is considered|are considered|"
    "it is rumoured|it is rumored|rumour has it|rumor has it|it emerged that|sources say|word has it"
)

MODAL = "could may might would should will shall must cannot won't wouldn't couldn't can perhaps maybe possibly"
MODAL += " probably presumably likely unlikely potentially conceivably likelihood possibility probability if unless"
MODAL += " whether otherwise soon eventually ultimately"
MODAL_PHRASES = (
    "going to|set to|about to|bound to|poised to|due to be|on course to|on track to|in all likelihood|in the event of|"
    "as long as|provided that|had it|were it|what if|sooner or later"
)

MIND = """
aim anticipate aspire assume believe consider contemplate covet crave decide deem desire dread expect
fear/fears/feared/fearing feel/feels/felt/feeling hope intend know/knows/knew/known/knowing
mean/means/meant/meaning plan/plans/planned/planning prefer/prefers/preferred/preferring regard resent
see/sees/saw/seen/seeing seek/seeks/sought/seeking sense suspect think/thinks/thought/thinking want wish worry
"""
MIND_WORDS = "ambition anxious appetite desperate determined eager goal hopeful intent intention keen loath"
MIND_WORDS += " motive reluctant resolve strategy temptation tempted unwilling wary willing"
MIND_PHRASES = (
    "in the hope of|with an eye to|in order to|so as to|in a bid to|in an effort to|out of fear|has no intention|"
    "have no intention|at the back of its mind|front of its mind|in its sights"
)

LOADED = """
absurd alarming amazing appalling arrogant astonishing atrocious awful bloated blatant brazen brilliant brutal
callous catastrophic chilling corrupt cowardly crazy cruel crucial crucially cynical deplorable despicable
devastating disastrous disgraceful disgusting dismal draconian dramatic dramatically dreadful dubious egregious
evil excellent extraordinary extremist fanatical farcical feeble flawed foolish ghastly glaring glorious grotesque
heinous heroic hideous historic horrible horrific hypocritical hysterical idiotic illegitimate incompetent
indefensible infamous inexcusable insane irresponsible laughable lavish ludicrous make-believe massive masterful
meddling miserable monstrous naive nonsense notorious obscene outrageous paltry pathetic pernicious pitiful
preposterous radical reckless regime remarkable remarkably ridiculous rogue ruthless scandalous self-serving
senseless shameful shameless shocking sinister so-called spectacular staggering stunning stupid superb tragic
toothless troubling tyrannical unacceptable unbelievable unfair unfortunate unfortunately unjust unprecedented
unscrupulous vicious vile wasteful wicked wonderful worrying
"""


def _forms(verb: str) -> list[str]:
    """The forms of a verb: those given with slashes, or the regular ones."""
    if "/" in verb:
        return verb.split("/")
    if verb.endswith("e"):
        return [verb, verb + "s", verb + "d", verb[:-1] + "ing"]
    if re.search("[^aeiou]y$", verb):
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    if re.search("(s|x|sh|ch)$", verb):
        return [verb, verb + "es", verb + "ed", verb + "ing"]
    if verb in ("admit", "recap"):
        return [verb, verb + "s", verb + verb[-1] + "ed", verb + verb[-1] + "ing"]
    return [verb, verb + "s", verb + "ed", verb + "ing"]


def _verbs(words: str) -> list[str]:
    return [form for verb in words.split() for form in _forms(verb)]


# Where one word is in two lists the first kind wins; phrases win over the words in them.
_LISTS: tuple[tuple[CueKind, list[str]], ...] = (
    (CueKind.HEARSAY, HEARSAY_PHRASES.split("|")),
    (CueKind.TELLING, TELLING_PHRASES.split("|")),
    (CueKind.MIND, MIND_PHRASES.split("|")),
    (CueKind.MODAL, MODAL_PHRASES.split("|")),
    (CueKind.HEARSAY, HEARSAY.split()),
    (CueKind.TELLING, _verbs(TELLING)),
    (CueKind.MODAL, MODAL.split()),
    (CueKind.MIND, _verbs(MIND) + MIND_WORDS.split()),
    (CueKind.LOADED, LOADED.split()),
)
KIND_OF: dict[str, CueKind] = {}
for _kind, _words in _LISTS:
    for _word in _words:
        KIND_OF.setdefault(_word, _kind)

_PATTERN = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(KIND_OF, key=len, reverse=True))
    + r")(?![\w-])",
    re.IGNORECASE,
)


def cues_in(text: str) -> list[Cue]:
    """The cues of a text in their order, none overlapping. The names of months do not count (`May`)."""
    found = []
    for match in _PATTERN.finditer(text.replace("’", "'")):
        words = " ".join(match[0].split())
        if words == "May" and not _begins_a_sentence(text, match.start()):
            continue
        found.append(Cue(match.start(), match.end(), KIND_OF[words.lower()]))
    return found


def _begins_a_sentence(text: str, at: int) -> bool:
    return not text[:at].strip(" \n\t“\"'‘(")
