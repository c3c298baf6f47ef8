"""The rules for a single full stop: end of a sentence, of an abbreviation, or of both."""

import re

from webapp.domain.segmentation.attribution import is_attributed
from webapp.domain.segmentation.stops import Stop

_CITATION = re.compile(r"\([A-Z][^()]{0,40}\d\)|\(\d{4}\)")
_BRAND = re.compile(r"[a-z]{1,3}-?[A-Z]")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]{1,2}")
_ROMAN_OR_LETTER = re.compile(r"[IVXLC]{2,}|[A-HJ-Z]")
_MARKER = re.compile(r"[(\[•⁃\s]*(?:\d{1,3}(?:\.\d{1,3}){0,3}|[a-zA-Z]|[ivxIVX]{1,5})")
_ROMAN = re.compile(r"[IVXLC]+")
_DOUBLED = re.compile(r"([^\W\d_])\1")
_LEAST_OF_A_DATE, _MOST_OF_A_DATE = 3, 6
_SHORT_FORM = re.compile(r"[a-z]-[A-Z]")
_ONLY_A_TIME = re.compile(r"(?:At|By|On|Around|About|Before|After|Until|Since|From|Shortly after)\s[^,]{1,24}$")
_HEADLINE_REACH = 80


def ends_at_full_stop(stop: Stop) -> bool:
    """Whether the sentence ends here: what is certain is asked first, what depends on the next word last."""
    key = stop.key
    if stop.opening[:1] == "(" and _explains(stop, key):
        return False
    if stop.is_before_small:
        return _ends_before_small(stop, key)
    if _is_list_marker(stop) or _is_title(stop, key) or key in stop.language.never_last:
        return False
    if stop.following[0].isdigit():
        return _ends_before_digit(stop, key)
    if is_attributed(stop, only_briefly=True):
        return False
    if stop.closers and not (stop.closers == ")" and (key in stop.language.known or _ACRONYM.fullmatch(key))):
        return True
    return _ends_before_capital(stop, key)


def _explains(stop: Stop, key: str) -> bool:
    """Whether the brackets that open here belong to what stands before: “4:35 a.m. (0835 GMT)”, “…” (Smith 55)."""
    if key in stop.language.known:
        return stop.following not in stop.language.starters
    return stop.is_quoted and _CITATION.match(stop.text, stop.end) is not None


def _ends_before_small(stop: Stop, key: str) -> bool:
    """Some write without capitals: there, a common word ends a sentence and nothing else does."""
    if stop.closers or stop.opening:
        return stop.opening[:1] in ("¿", "¡") or is_short_form(stop)
    if key in stop.language.known or not key.isalpha() or len(key) < 2:
        return False
    if not stop.language.is_english:
        return stop.is_in_small or _BRAND.match(stop.following) is not None
    return stop.word.islower() or len(key) > 4 or _BRAND.match(stop.following) is not None


def is_short_form(stop: Stop) -> bool:
    """Whether a Dutch sentence begins here with a word that has lost its first letter: “’s Avonds”."""
    if stop.language.code != "nl" or stop.opening not in ("'", "’", "‘"):
        return False
    return stop.second[:1].isupper() or _SHORT_FORM.match(stop.following) is not None


def _is_list_marker(stop: Stop) -> bool:
    """“1. Flour”, “A. Yes”: a number or letter that is all there is of the sentence so far."""
    return stop.start - stop.sentence < 16 and _MARKER.fullmatch(stop.text, stop.sentence, stop.start) is not None


def _is_title(stop: Stop, key: str) -> bool:
    """“Ms. Hale” and “MS. HALE”, but not “She has MS. The doctors”."""
    if key not in stop.language.titles:
        return False
    return len(key) == 1 or not (stop.word.isupper() and stop.following in stop.language.starters)


def _ends_before_digit(stop: Stop, key: str) -> bool:
    if key in stop.language.known:
        return key in stop.language.units or key in stop.language.hours
    if stop.language.has_ordinals and key.isdecimal() and len(key) < 3:
        return False
    if stop.language.last_parts and key.endswith(stop.language.last_parts):
        return False
    return len(key) > 1 and not _ACRONYM.fullmatch(key)


def _ends_before_capital(stop: Stop, key: str) -> bool:
    if key in stop.language.years and stop.word.islower():
        return _ends_at_year(stop)
    if stop.language.has_ordinals and (key.isdecimal() or _ROMAN.fullmatch(stop.word)):
        return _ends_at_number(stop, key)
    if _DOUBLED.fullmatch(key) and stop.word.isupper() and _DOUBLED.match(stop.following) and stop.following.isupper():
        return False  # “EE. UU.”
    if key in stop.language.numbered and (stop.following[:3].lower() in stop.language.months or _is_number(stop)):
        return False
    if len(key) == 1 and key.isalpha():
        return _ends_at_initial(stop)
    # “A.M. Rosenthal” is a man.
    if key in stop.language.hours and (stop.word.islower() or stop.before[-1:].isdigit()):
        return stop.following.lower() not in stop.language.after_hours and not _is_time_of_what_follows(stop)
    if key in stop.language.days:
        return stop.following[:3].lower() not in stop.language.months
    if key in stop.language.units:
        return True
    if key in stop.language.may_be_last or _ACRONYM.fullmatch(key):
        return _ends_at_abbreviation(stop, key)
    return True


def _ends_at_year(stop: Stop) -> bool:
    """At “… in Sofia, 1999 г. Москва …”, but not at “г. Москва” or “В 1999 г. Россия”."""
    if stop.following in stop.language.starters:
        return True
    if not (stop.before[-1:].isdecimal() or _ROMAN.fullmatch(stop.before)):
        return False
    before = stop.text[stop.sentence : stop.start].split(None, _MOST_OF_A_DATE + 1)
    is_date = before[0].isdecimal() or before[0].lower() in stop.language.before_ordinals
    return len(before) > (_MOST_OF_A_DATE if is_date else _LEAST_OF_A_DATE)


def _ends_at_number(stop: Stop, key: str) -> bool:
    """Not at an ordinal: “am 5. Juli”, “der 2. Weltkrieg”, “Wilhelm II. König”, but “seit 1999. Der”."""
    language = stop.language
    if stop.following[:3].lower() in language.months or _is_ordinal(stop, key):
        return False
    return stop.following in language.starters or (key.isdecimal() and language.code != "tr")


def _is_ordinal(stop: Stop, key: str) -> bool:
    if len(key) > 2 and key.isdecimal():
        return False
    if stop.before.strip('(„“"»«').lower() in stop.language.before_ordinals:
        return True
    return _ROMAN.fullmatch(stop.following) is not None and len(stop.following) > 1


def _is_number(stop: Stop) -> bool:
    """“Art. IV”, “Fig. B”, but not “No. I said so” or “It is art. A child”."""
    following = stop.following
    return _ROMAN_OR_LETTER.fullmatch(following) is not None and not (following == "A" and stop.second[:1].islower())


def _ends_at_initial(stop: Stop) -> bool:
    starter = _begins_sentence(stop) and not _is_before_initial(stop)
    if stop.word == "I":
        return starter or stop.before.islower()
    if stop.before.lower() in stop.language.lettered or stop.before.isdecimal():
        return starter or stop.second[:1].islower()
    if stop.word[-1].islower() and len(stop.word) > 1:
        return True
    return starter


def _is_before_initial(stop: Stop) -> bool:
    """“R. A. Smith”."""
    behind = stop.end + len(stop.opening) + 1
    return len(stop.following) == 1 and stop.text[behind : behind + 2] == ". "


def _is_time_of_what_follows(stop: Stop) -> bool:
    """“At 5 a.m. Mr. Smith went”: nothing but the time has been said yet."""
    return stop.start - stop.sentence < 40 and _ONLY_A_TIME.match(stop.text, stop.sentence, stop.start) is not None


def _ends_at_abbreviation(stop: Stop, key: str) -> bool:
    before_small = stop.second[:1].islower()
    if _begins_sentence(stop) or (stop.following in stop.language.groups and before_small):
        return True
    if key in stop.language.companies:
        return before_small and stop.following.lower() not in stop.language.after_companies
    if key in stop.language.states:
        return before_small and stop.before.endswith(",")
    return key in stop.language.streets and before_small


def _begins_sentence(stop: Stop) -> bool:
    return stop.following in stop.language.starters and not _is_in_headline(stop)


def _is_in_headline(stop: Stop) -> bool:
    """“U.S. In Talks With Iran”: where every word has a capital, one more tells nothing."""
    if not stop.second[:1].isupper():
        return False
    line = stop.text[max(stop.sentence, stop.start - _HEADLINE_REACH) : stop.start].split()
    return all(not word[0].islower() or word in stop.language.small_in_headlines for word in line)
