"""Settling a sentence: the gold tag, the rule that decides, why the analysts differed, and what is gold by itself."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np

from webapp.domain.agreement import normalised_entropy
from webapp.domain.errors import BadDecision, UnfinishedDecision
from webapp.domain.plain_text import clean_line
from webapp.domain.terms import FOUR_TAGS, Tag, Term

LONGEST_REASON = 2_000


class Method(Term):
    ADJUDICATED = "adjudicated", "Adjudicated", "a supervisor decided"
    UNANIMOUS = "unanimous", "Unanimous", "all analysts gave the same tag"


class Cause(Term):
    UNCLEAR_RULE = "unclear_rule", "Unclear rule", "the codebook can be read both ways"
    SLIP = "slip", "Slip", "a rule is plain, and somebody overlooked it"
    TRULY_MIXED = "truly_mixed", "Truly mixed", "two clauses of equal weight"
    MISSING_CONTEXT = "missing_context", "Missing context", "it hangs on what the text does not say"
    BAD_SPLIT = "bad_split", "Bad split", "the sentence is cut wrongly"


class DecidingRule(Term):
    """The rules of the codebook that we ship, its section 5, by number; a gap when none of them decides."""

    R1 = "R1", "R1", "Attributed speculation or opinion"
    R2 = "R2", "R2", "Unnamed source"
    R3 = "R3", "R3", "The outlet’s own sources or reporting"
    R4 = "R4", "R4", "Hearsay words"
    R5 = "R5", "R5", "Telling or transacting?"
    R6 = "R6", "R6", "Minds without words"
    R7 = "R7", "R7", "Thought plus act"
    R8 = "R8", "R8", "Predictions"
    R9 = "R9", "R9", "Conditions and counterfactuals"
    R10 = "R10", "R10", "Loaded words"
    R11 = "R11", "R11", "Emphasis frames"
    R12 = "R12", "R12", "Presupposed facts"
    R13 = "R13", "R13", "Quotes"
    R14 = "R14", "R14", "Carry-over"
    R15 = "R15", "R15", "List stems and items"
    R16 = "R16", "R16", "Headings"
    R17 = "R17", "R17", "Questions"
    R18 = "R18", "R18", "Mixed sentences"
    R19 = "R19", "R19", "Causes"
    R20 = "R20", "R20", "Numbers and superlatives"
    R21 = "R21", "R21", "Cue verbs that judge"
    R22 = "R22", "R22", "Denial and silence"
    CODEBOOK_GAP = "codebook_gap", "Codebook gap", "no rule decides"


SHIPPED_RULES = tuple(rule.value for rule in DecidingRule)


@dataclass(frozen=True)
class Rule:
    """One rule as a version of the codebook words it."""

    number: str
    case: str
    text: str
    example: str


@lru_cache(64)
def rules_in(codebook: str) -> tuple[Rule, ...]:
    """The rules in the tables of a codebook's text, without its marks of emphasis."""
    rows = re.findall(r"^\| (R\d+) \|([^|\n]*)\|([^|\n]*)\|([^|\n]*)\|", codebook, re.M)
    return tuple(Rule(*(re.sub(r"\*+|`", "", cell).strip() for cell in row)) for row in rows)


@dataclass(frozen=True)
class RuleName:
    """What decided, as a page shows it."""

    value: str
    label: str
    meaning: str


GAP_NAME = RuleName(*(getattr(DecidingRule.CODEBOOK_GAP, name) for name in ("value", "label", "meaning")))


def rule_names(codebook: str) -> dict[str, RuleName]:
    """What may decide under this codebook, by what is stored: its rules, and the gap when none of them does."""
    names = [RuleName(rule.number, rule.number, rule.case.replace("'", "’")) for rule in rules_in(codebook)]
    return {name.value: name for name in [*names, GAP_NAME]}


def rule_named(value: str | None, codebook: str) -> RuleName | None:
    """The name of what decided, also where this codebook does not have it any more."""
    return rule_names(codebook).get(value, RuleName(value, value, "")) if value else None


@dataclass(frozen=True)
class Votes:
    """How many analysts gave a sentence each tag, in the order of `Tag`."""

    fact: int = 0
    attribution: int = 0
    speculation: int = 0
    opinion: int = 0
    not_codable: int = 0

    @property
    def counts(self) -> tuple[int, ...]:
        """One number for each tag."""
        return _COUNTS(self)

    @property
    def per_tag(self) -> dict[Tag, int]:
        """The tags that were given."""
        return {tag: count for tag, count in zip(Tag, self.counts, strict=True) if count}

    @property
    def n_coders(self) -> int:
        return sum(self.counts)

    @property
    def is_divided(self) -> bool:
        return max(self.counts) < self.n_coders

    @property
    def unanimous_tag(self) -> Tag | None:
        """The tag that two or more analysts gave, and nobody another."""
        return None if self.is_divided or self.n_coders < 2 else next(iter(self.per_tag))


_COUNTS: Callable[[Votes], tuple[int, ...]] = attrgetter(*(tag.column for tag in Tag))
VOTE_COLUMNS = {tag: f"votes_{tag.column}" for tag in FOUR_TAGS}
"""Where a decision keeps how many gave which tag; those that said *not codable* are in no column."""


def equally_divided(votes: Sequence[Votes]) -> list[list[int]]:
    """The places of the divided ones, those that are equally so together; most divided first, by normalised entropy.

    *Not codable* counts as a fifth answer.
    """
    divided = [place for place, vote in enumerate(votes) if vote.is_divided]
    counts = np.array([votes[place].counts for place in divided], dtype=np.int64).reshape(-1, len(Tag))
    found: dict[float, list[int]] = {}
    for place, entropy in zip(divided, normalised_entropy(counts).round(12), strict=True):
        found.setdefault(float(entropy), []).append(place)
    return [found[entropy] for entropy in sorted(found, reverse=True)]


MOST_TOLD_APART = 20
"""Of one tag; who has more analysts than this may find sentences with more answers in another order."""


def division_of(votes: Votes) -> int:
    """A number that is the same for votes which divide alike, whichever tags were given.

    In base eight, the digit at place *v* tells how many of the five tags were given *v* times.
    """
    return sum(8 ** min(count, MOST_TOLD_APART) for count in votes.counts)


def is_settled(method: Method | None, votes: Votes) -> bool:
    """Whether the decision holds: what was gold for being unanimous is open again once a later answer differs."""
    return method is Method.ADJUDICATED or (method is Method.UNANIMOUS and not votes.is_divided)


@dataclass(frozen=True)
class Decision:
    """What a supervisor decides about one sentence."""

    gold_tag: Tag
    deciding_rule: str
    """The number of a rule of the codebook in force, or `codebook_gap`."""
    cause: Cause
    reason: str


NO_RULE = "Name the rule that decides, or codebook gap if none does."


def decision_from(values: Mapping[str, Any], rules: Collection[str] = SHIPPED_RULES) -> Decision:
    """The decision in a form, under a codebook with these rules.

    Raises UnfinishedDecision, which names all that is missing or wrong.
    """
    read: dict[str, Callable[[], Any]] = {
        "gold_tag": lambda: _term(values, "gold_tag", Tag, "Choose the gold tag."),
        "deciding_rule": lambda: _rule(str(values.get("deciding_rule")), rules),
        "cause": lambda: _term(values, "cause", Cause, "Say why the analysts differed."),
        "reason": lambda: _reason(values.get("reason") or ""),
    }
    found, faults = {}, {}
    for name, field in read.items():
        try:
            found[name] = field()
        except BadDecision as fault:
            faults[name] = str(fault)
    if faults:
        raise UnfinishedDecision(faults)
    return Decision(**found)


def _rule(rule: str, rules: Collection[str]) -> str:
    require_rule(rule, rules)
    return rule


def _reason(given: str) -> str:
    reason = clean_line("reason", given, LONGEST_REASON, BadDecision)
    if reason is None:
        raise BadDecision("Write the reason; the analysts read it. That most of them chose the tag is none.")
    return reason


def require_rule(rule: str, rules: Collection[str]) -> None:
    """Raises BadDecision for a rule that the codebook does not have."""
    if rule not in rules:
        raise BadDecision(NO_RULE)


def _term(values: Mapping[str, Any], name: str, terms: type[Term], otherwise: str) -> Term:
    try:
        return terms(str(values.get(name)))
    except ValueError:
        raise BadDecision(otherwise) from None


# ---- codebook gaps


@dataclass(frozen=True)
class CodebookGap:
    """A sentence for which the codebook has no rule."""

    article: str
    index: int
    text: str
    votes: Votes
    gold_tag: Tag
    reason: str


def draft_of_rules(
    codebook_version: str, gaps: Sequence[CodebookGap], rules: Sequence[Rule] | None = None, after: int = 0
) -> str:
    """Plain text from which a supervisor writes the next version: a new row for each gap, with its sentence.

    `after` is how many gaps have their row on pages before.
    """
    numbers = [rule.number for rule in rules] if rules is not None else SHIPPED_RULES[:-1]
    next_number = max((int(number[1:]) for number in numbers), default=0) + 1 + after
    lines = [f"Codebook {codebook_version}: gaps found in adjudication, as drafts of rules", ""]
    for number, gap in enumerate(gaps, start=next_number):
        said = ", ".join(f"{count} {tag.label}" for tag, count in gap.votes.per_tag.items())
        lines += [
            f"R{number}  Case: …",
            f"     Rule: {' '.join(gap.reason.split())}",
            f"     Example: “{' '.join(gap.text.split())}” → {gap.gold_tag.value}",
            f"     From: {gap.article}, sentence {gap.index} (analysts: {said})",
            "",
        ]
    return "\n".join(lines)
