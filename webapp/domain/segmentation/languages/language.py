"""What the rules of sentence ends have to know of a language."""

import re
from dataclasses import dataclass
from functools import cached_property

NO_WORDS: frozenset[str] = frozenset()


def words(*lines: str) -> frozenset[str]:
    """The words of some lines, with blanks between them."""
    return frozenset(" ".join(lines).split())


@dataclass(frozen=True, eq=False)
class Language:
    """Its words, grouped by what a stop behind them means.

    Where nothing else is said they are in small letters and without their last stop: “Lt.” is `lt`, “U.S.” is `u.s`;
    “z. B.” and “z.B.” are both `z.b`.
    """

    code: str
    """Of two letters (ISO 639-1)."""
    name: str
    frequent: frozenset[str] = NO_WORDS
    """In small letters, the words by which a text is recognised."""
    letters: str = ""
    """Those that it has alone, among the languages here."""

    starters: frozenset[str] = NO_WORDS
    """With a capital these begin a sentence, because few names begin with them."""
    groups: frozenset[str] = NO_WORDS
    """Sentences begin with these as well, but so do names: a word in small letters must follow."""
    after_notes: frozenset[str] = NO_WORDS
    """Starters that follow a bare footnote number: “… minority rights. 4 Even though …”"""

    titles: frozenset[str] = NO_WORDS
    """A name follows, so the stop never ends a sentence."""
    never_last: frozenset[str] = NO_WORDS
    """More of the same phrase follows."""
    numbered: frozenset[str] = NO_WORDS
    """A number follows (“No. 10”, “b. 1980”); before any other word with a capital the sentence has ended."""
    units: frozenset[str] = NO_WORDS
    """These end a sentence whenever a capital follows."""
    may_be_last: frozenset[str] = NO_WORDS
    """These end a sentence only if the next word begins one; other acronyms with stops are treated alike."""
    years: frozenset[str] = NO_WORDS
    """“Year” or “century” behind a number, as in “2019 г.”: more follows where little stands before it."""

    months: frozenset[str] = NO_WORDS
    days: frozenset[str] = NO_WORDS
    hours: frozenset[str] = NO_WORDS
    """After the hour a day or a time zone goes on with the sentence; any other capital begins one."""
    after_hours: frozenset[str] = NO_WORDS
    companies: frozenset[str] = NO_WORDS
    """A company's name may end a sentence; `after_companies` shows that it does not."""
    after_companies: frozenset[str] = NO_WORDS
    states: frozenset[str] = NO_WORDS
    streets: frozenset[str] = NO_WORDS

    only_with_capital: frozenset[str] = NO_WORDS
    """In small letters these are other words: “the sun.”, “he was ill.”"""
    lettered: frozenset[str] = NO_WORDS
    """A letter behind them names a thing and not a person: “vitamin C.”, “Plan B.”"""
    exclaimed: frozenset[str] = NO_WORDS
    """Names that end in an exclamation mark."""
    asked: frozenset[str] = NO_WORDS
    """Names that end in a question mark."""
    small_in_headlines: frozenset[str] = NO_WORDS
    speech: frozenset[str] = NO_WORDS
    """What speakers do. Behind a closing quote it shows that the sentence goes on."""

    has_ordinals: bool = False
    """Whether a stop behind a number makes it an ordinal: “am 5. Juli”."""
    before_ordinals: frozenset[str] = NO_WORDS
    """Before a number these show that it is one; with a capital they begin a date (“В мае 1999 г.”)."""
    elides: bool = False
    """Whether a short word is joined to the next by an apostrophe: “l’on. Rossi”."""
    last_parts: tuple[str, ...] = ()
    """Abbreviated ends of words, before a number: “Schillerstr. 14”."""
    goes_on_behind_quote: re.Pattern[str] | None = None
    """What stands behind a closing quote where the sentence goes on, in a script without capitals."""
    pairs: tuple[str, ...] = ()
    """Quotes and brackets, opening and closing, whose marks end no sentence then."""

    @cached_property
    def known(self) -> frozenset[str]:
        """All abbreviations."""
        return frozenset().union(
            *(self.titles, self.never_last, self.numbered, self.units, self.may_be_last, self.years),
            *(self.months, self.days, self.hours, self.companies, self.states, self.streets),
        )

    @cached_property
    def is_english(self) -> bool:
        return self.code == "en"
