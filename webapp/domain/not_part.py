"""What of a text looks as if it were no part of the article, such as a byline: proposed, for a person to decide.

The rules are precise rather than many: what reads like prose is left alone, whatever it begins with.
"""

import re
from collections.abc import Sequence
from itertools import groupby

from webapp.domain.spans import Span
from webapp.domain.terms import NotPart

LONGEST = 400
"""Characters: what is longer is prose."""

_WORD = re.compile(r"@?\w+(?:[.'’&-]\w+)*\.?")
_CONNECTORS = frozenset(
    (
        *("and", "for", "in", "at", "of", "the", "with", "from", "by", "via"),
        *("additional", "reporting", "writing", "editing", "staff", "handout", "archive"),
        *("und", "für", "aus", "mit", "von", "den", "der", "et", "pour", "à", "de", "du", "des", "la", "le"),
        *("y", "con", "en", "del", "el", "e", "di", "da", "van", "bin", "ibn", "al"),
    )
)
"""What may stand between names."""


def proposed(text: str, spans: Sequence[Span]) -> dict[int, NotPart]:
    """By the place of a sentence among `spans`, from 0, what it looks like; what is not named looks like prose."""
    found: dict[int, NotPart] = {}
    paragraphs = [list(block) for _, block in groupby(range(len(spans)), key=lambda n: spans[n].paragraph)]
    cells = [_cells(text[spans[block[0]].start : spans[block[-1]].end]) for block in paragraphs]
    for n, block in enumerate(paragraphs):
        words = [text[spans[place].start : spans[place].end] for place in block]
        if cells[n] and cells[n] in cells[max(0, n - 1) : n] + cells[n + 1 : n + 2]:
            found |= dict.fromkeys(block, NotPart.TABLE_ROW)
        elif _is_credited(words):
            found |= dict.fromkeys(block, NotPart.CAPTION)
        else:
            for m, place in enumerate(block):
                if why := _of_sentence(words[m], begins=m == 0, is_alone=len(block) == 1):
                    found[place] = why
    return found


def _of_sentence(words: str, *, begins: bool, is_alone: bool) -> NotPart | None:
    if len(words) > LONGEST:
        return None
    words = words.strip("()[] \u00a0")
    if _is_credit(words) or (begins and _is_byline(words)) or (is_alone and (_is_dateline(words) or _is_role(words))):
        return NotPart.BYLINE
    if _is_of_picture(words):
        return NotPart.CAPTION
    if _NOTICE.fullmatch(words) or (is_alone and _LEADS_ON.match(words) and not words.endswith(".")):
        return NotPart.OTHER
    return None


def _are_names(words: str, most: int = 40) -> bool:
    """Whether there is nothing but names and what joins them, and `most` words of names at the most."""
    found = _WORD.findall(words)
    names = [word for word in found if word[0].isupper() or word[0] == "@"]
    joined = all(word[0].isupper() or word[0] == "@" or word.lower() in _CONNECTORS for word in found)
    return 1 <= len(names) <= most and joined


# ---- bylines: who wrote it, where and when

_BY = re.compile(r"(?:by|von|par|por|di|door|av)\s+(?=\S)", re.IGNORECASE)
_AGENCY = re.compile(
    r"(?:the )?(?:reuters|afp|ap|associated press|dpa|upi|tass|xinhua|bbc|staff|editorial board)\b", re.IGNORECASE
)
_MONTHS = "|".join(
    (
        "jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|mar(?:ch|s|zo)?|apr(?:il)?|may|june?|july?|aug(?:ust)?",
        "sept?(?:ember|embre)?|o[ck]t(?:ober|obre|ubre)?|nov(?:ember|embre)?|de[cz](?:ember)?",
        "märz|mai|juni|juli|février|avril|juin|juillet|août|décembre",
        "enero|febrero|abril|mayo|junio|julio|agosto|septiembre|noviembre|diciembre",
    )
)
_DAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DATE_WORD = re.compile(
    rf"(?:(?:{_MONTHS}|{_DAYS}|mon|tue|wed|thu|fri|sat|sun)\.?|\d{{1,4}}(?:st|nd|rd|th|\.)?|\d{{1,2}}[:.h]\d\d(?:[ap]m)?|"
    r"\d{4}-\d\d-\d\d|\d+/\d+/\d+|[ap]\.?m\.?|gmt|utc|[ecmp]?[sde]t|bst|cest|uhr|at|on|um|à|updated|de|of)",
    re.IGNORECASE,
)
_HAS_DATE = re.compile(rf"\b(?:{_MONTHS})\b.*\d|\d.*\b(?:{_MONTHS})\b|\d{{4}}-\d\d-\d\d|\d+/\d+/\d{{4}}", re.IGNORECASE)
_DATED = re.compile(r"(?:published|updated|posted)(?: on| at)?:?", re.IGNORECASE)
_DAY_OF_WEEK = re.compile(_DAYS, re.IGNORECASE)
_APART = re.compile(r"\s*[,|·•–—]\s*")
_BETWEEN_DATES = re.compile(r"[\s,|·•/–—-]+")
_AGENCY_OF_DATELINE = re.compile(r"\([A-Z]\w*(?: [A-Z]\w*)?\)")
_CREDIT = re.compile(
    r"(?:(?:additional|with|further|original)\s+)?"
    r"(?:report(?:ing|ed)|writ(?:ing|ten)|edit(?:ing|ed)|compiled|translated|translation|produced)"
    r"(?: and (?:reporting|writing|editing))?(?:\s+by\b|\s*:)\s*(?:by\b)?",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(r"([A-Z].*) contributed(?: reporting)? (?:to|for) (?:this|the) (?:report|story|article)")
_ROLE = re.compile(
    r"(?:\w+ ){0,4}(?:correspondent|reporter|editor|writer|columnist|bureau chief|analyst|staff)(?: at large)?"
    r"(?:, .{1,40}| in .{1,40})?",
    re.IGNORECASE,
)


def _is_byline(words: str) -> bool:
    """`By Ann Bee, Political Correspondent`: whole, and no words of prose behind the name."""
    by = _BY.match(words)
    if not by or words.endswith(("?", "!", ":")):
        return False
    name, *more = _APART.split(words[by.end() :].rstrip(". "), maxsplit=1)
    if _DAY_OF_WEEK.match(name) or not _are_names(name, most=12):
        return False
    if len(name.split()) < 2 and not _AGENCY.match(name):
        return False
    return all(
        _is_date(rest) or all(_are_names(part) or _is_post(part) for part in _APART.split(rest)) for rest in more
    )


def _is_credit(words: str) -> bool:
    """`Reporting by Ann Bee; Editing by Cy Dee`, `Ann Bee contributed to this report.`"""
    words = words.strip(".() ")
    if contributed := _CONTRIBUTED.fullmatch(words):
        return _are_names(contributed[1])
    parts = [(part, _CREDIT.match(part)) for part in re.split(r";\s*|\.\s+(?=[A-Z])", words)]
    return all(credit and _are_names(part[credit.end() :]) for part, credit in parts)


def _is_post(words: str) -> bool:
    return _ROLE.fullmatch(words.strip()) is not None


def _is_role(words: str) -> bool:
    """`Ann Bee, Political Correspondent`, alone in its line."""
    name, _, post = words.partition(",")
    return 2 <= len(name.split()) <= 4 and _is_post(post) and _are_names(name) and not words.endswith(".")


def _is_date(words: str) -> bool:
    parts = [part for part in _BETWEEN_DATES.split(words.strip(". ")) if part]
    return bool(parts) and all(map(_DATE_WORD.fullmatch, parts)) and _HAS_DATE.search(words) is not None


def _is_dateline(words: str) -> bool:
    """`LONDON, March 4 (Reuters) -` or `Published 12 May 2021`, alone in its line."""
    if len(words) > 80 or words.endswith(("?", "!", ":")):
        return False
    if _is_date(_DATED.sub("", words, 1)):
        return True
    bare, agencies = _AGENCY_OF_DATELINE.subn("", words)
    place, _, date = bare.strip(" -–—").partition(",")
    if len(place.split()) > 4 or not _are_names(place, most=3):
        return False
    if date.strip():
        return _is_date(date)
    return bare.rstrip().endswith(("-", "–", "—")) and (place.isupper() or agencies > 0)


# ---- captions: what stands under a picture, and who took it

_OF_PICTURE = re.compile(
    r"[Pp]hoto|PHOTO|[Ii]mage|[Pp]icture|[FfBb](?:oto|ild)|[Cc]r[eé]dit|Copyright|FILE|[/©]|A(?:P|FP)\b|Reuters|Getty|\([cC]\)"
)
"""Of what is a caption something is among these; looked for first, because most sentences have none."""
_LABELLED = re.compile(
    r"(?i:(?:file|handout) (?:photo|picture|image)\s*[:–—-]|(?:photo|image|picture|foto|bild)\s?:) *(?=[A-Z(@])|"
    r"FILE [-–—] "
)
_CREDITED = re.compile(
    r"(?:^|[\s(\[])(?:(?:file |handout |ap |afp |courtesy )?"
    r"(?:photo(?:graph(?:er|y)?)?s?|images?|pictures?|foto|bild|imagen|crédit(?: photo)?|(?:photo |image )?credit)"
    r"\s?(?::|by\b|courtesy(?: of)?\b|credit\s?:|von\b|/)|(?:©|\(c\)|copyright)\s?)\s*",
    re.IGNORECASE,
)
_AGENCIES = "AP|AFP|EPA|Reuters|REUTERS|dpa|Getty(?: Images)?|Xinhua|TASS"
_AGENCY_AT_END = re.compile(
    rf"(?:[A-Z][\w.’'-]+ ){{1,3}}?[A-Z][\w.’'-]+\s?/\s?(?:{_AGENCIES})[\w /]*$|"
    rf"(?:{_AGENCIES})\s?/\s?[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){{0,3}}[\w /]*$|"
    rf"\([^()]{{2,60}} via (?:{_AGENCIES})$|\((?:{_AGENCIES})$"
)


def _is_of_picture(words: str) -> bool:
    """`Photo: Ann Bee / Reuters`; a caption that ends with such words is one as a whole."""
    if not _OF_PICTURE.search(words):
        return False
    words = words.rstrip(")]. ")
    if _LABELLED.match(words) or _AGENCY_AT_END.search(words):
        return True
    credits = list(_CREDITED.finditer(words))
    return bool(credits) and _are_names(words[credits[-1].end() :], most=8)


def _is_credited(sentences: Sequence[str]) -> bool:
    """Whether a short paragraph ends with the credit of a picture: then all of it is the caption."""
    if not 2 <= len(sentences) <= 4 or sum(map(len, sentences)) > LONGEST:
        return False
    return len(sentences[-1]) < 120 and _is_of_picture(sentences[-1].strip("()[] "))


# ---- rows of a table


def _cells(words: str) -> int:
    """How many cells the paragraph has, where it looks like a row; 0 where it does not."""
    if ("\t" not in words and "|" not in words) or len(words) > LONGEST:
        return 0
    cells = re.split(r"\t+| *\| *", words.strip("| \t"))
    return len(cells) if len(cells) >= 3 and all(len(cell) <= 40 for cell in cells) else 0


# ---- what else is none: “Read more”, advertisements, notices

_NETWORKS = "twitter|facebook|instagram|x|telegram|youtube|linkedin"
_NOTICE = re.compile(
    r"advertisement|advertising|sponsored(?: content)?|anzeige|werbung|publicité|publicidad|pubblicità|advertentie|"
    r"(?:story |article )?continues below(?: this)?(?: advertisement| ad)?|"
    r"(?:(?:©|\(c\)|copyright)\s*)+(?:(?:19|20)\d\d\b.{0,80}|.{0,80}all rights reserved\.?)|all rights reserved\.?|"
    r"(?:this|the) (?:article|story|post|piece|report)(?: was| has been)? "
    r"(?:first|originally|previously) (?:published|appeared).*|"
    r"(?:sign up|subscribe)(?: here| now| today| free)?(?: (?:for|to)(?: our| the| your)?) "
    r".*(?:newsletters?|alerts|updates|inbox)\b.*|"
    r"click here(?: (?:to|for) .*)?|(?:download|get) (?:our|the) (?:free )?app\b.{0,60}|"
    rf"follow (?:us|@\w+|.{{1,40}}) on (?:{_NETWORKS})\b.{{0,60}}|"
    rf"share (?:this|on) (?:article|story|post|{_NETWORKS})\b.{{0,40}}|"
    r"comments (?:are|have been) closed\.?|(?:leave|post|add) a comment\.?",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(
    r"(?:read (?:more|also|next|the full .{1,30})|see also|also read|more (?:on this story|from .{1,30})|watch|"
    r"related(?: (?:story|stories|articles?))?|you may also like|recommended|most read|"
    r"lesen sie (?:auch|mehr)|mehr zum thema|(?:à )?lire aussi|leer más|lea también|leggi anche|lees ook)"
    r"(?:\s*[:|→»>]|$)",
    re.IGNORECASE,
)
