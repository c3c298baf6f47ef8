"""The value lists of the codebook (sections 2, 6, 7, 8), each value with its wording: said here and nowhere else."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A value as it is stored and exported, with the words a person reads for it."""

    label: str
    meaning: str

    # `label` has a default for type checkers alone, which take `Tag("FACT")` for a call of this.
    def __new__(cls, value: str, label: str = "", meaning: str = "") -> Self:
        term = str.__new__(cls, value)
        term._value_ = value
        term.label = label
        term.meaning = meaning
        return term


class Tag(Term):
    """How a sentence presents its point; NOT_CODABLE is the status of one that makes none.

    Their order here is their order everywhere: in lists, counts, tables and exports.
    """

    FACT = "FACT", "Fact", "settled; evidence could prove or disprove it"
    ATTRIBUTION = "ATTRIBUTION", "Attribution", "told by somebody else"
    SPECULATION = "SPECULATION", "Speculation", "not established: future, possible, another’s mind"
    OPINION = "OPINION", "Opinion", "valued or urged; no evidence could settle it"
    NOT_CODABLE = "NOT_CODABLE", "Not codable", "no statement, question or claim in it"

    @property
    def code(self) -> int:
        """The number of the tag in exports (codebook, section 12)."""
        return {"FACT": 1, "ATTRIBUTION": 2, "SPECULATION": 3, "OPINION": 4, "NOT_CODABLE": 8}[self.value]

    @property
    def column(self) -> str:
        """Its word in names of columns and fields."""
        return self.value.lower()

    @property
    def key(self) -> str:
        """The digit that sets the tag at the desk."""
        return str(self.code) if self.code < 8 else "0"

    @property
    def letter(self) -> str:
        return "–" if self is Tag.NOT_CODABLE else self.value[0]

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys that set the tag at the desk: its digit, and the first letter of one of the four."""
        return (self.key,) if self is Tag.NOT_CODABLE else (self.key, self.value[0].lower())


NOT_CODED = 9
"""`tag_code` of a sentence to which this analyst has given no answer."""

FOUR_TAGS = tuple(tag for tag in Tag if tag is not Tag.NOT_CODABLE)


class NotCodableReason(Term):
    BOILERPLATE = "boilerplate", "Boilerplate", "byline, caption credit, “Read more”"
    BARE_LABEL = "bare_label", "Bare label", "a heading that states nothing (R16)"
    NO_CLAIM = "no_claim", "No claim", "no statement, question or claim in it"
    BAD_SPLIT = "bad_split", "Bad split", "not a whole sentence; the split is wrong"
    UNREADABLE = "unreadable", "Unreadable", "garbled, or in a language you do not read"


class NotPart(Term):
    """Why a sentence of the text is not part of the article."""

    BYLINE = "byline", "Byline", "who wrote it, where and when"
    CAPTION = "caption", "Caption", "what stands under a picture, and who took it"
    TABLE_ROW = "table_row", "Row of a table"
    OTHER = "other", "Something else", "“Read more”, an advertisement, a notice"

    @property
    def asked(self) -> str:
        """As a question, of a sentence that looks so."""
        return "A notice?" if self is NotPart.OTHER else f"{self.label}?"


class Certainty(Term):
    SURE = "sure", "Sure"
    FAIRLY_SURE = "fairly_sure", "Fairly sure"
    UNSURE = "unsure", "Unsure"


class AttributedContent(Term):
    FACT = "fact", "Fact"
    SPECULATION = "speculation", "Speculation"
    OPINION = "opinion", "Opinion"
    UNCLEAR = "unclear", "Unclear"


class SourceType(Term):
    NAMED_PERSON = "named_person", "Named person"
    ORGANISATION = "organisation", "Organisation"
    DOCUMENT = "document", "Document"
    MEDIA_OUTLET = "media_outlet", "Media outlet"
    UNNAMED_OFFICIAL = "unnamed_official", "Unnamed official", "role given, no name"
    UNNAMED_SOURCE = "unnamed_source", "Unnamed source", "“sources”, “insiders”"
    GROUP = "group", "Group", "“experts”, “critics”, a nationality"
    OWN_REPORTING = "own_reporting", "Own reporting", "“this paper has learned”"
    UNSPECIFIED = "unspecified", "Unspecified", "“reportedly”"
    NONE = "none", "None"

    @property
    def kind(self) -> SourceKind | None:
        """What an entry of the registry for such a source is, unless somebody says otherwise; None for no entry."""
        if self in (self.OWN_REPORTING, self.UNSPECIFIED, self.NONE):
            return None
        told = {
            self.NAMED_PERSON: SourceKind.PERSON,
            self.ORGANISATION: SourceKind.ORGANISATION,
            self.DOCUMENT: SourceKind.DOCUMENT,
            self.MEDIA_OUTLET: SourceKind.OUTLET,
        }
        return told.get(self, SourceKind.DESCRIBED)

    @property
    def named(self) -> str:
        """Whether the reader could look the source up: `named`, `unnamed`, `own` or `none` (section 6)."""
        if self in (self.NAMED_PERSON, self.ORGANISATION, self.DOCUMENT, self.MEDIA_OUTLET):
            return "named"
        return {"own_reporting": "own", "none": "none"}.get(self.value, "unnamed")


class SourceKind(Term):
    """What an entry of the registry of sources is."""

    PERSON = "person", "Person"
    ORGANISATION = "organisation", "Organisation", "an institution, company, agency, party"
    OUTLET = "outlet", "Outlet", "what publishes: paper, broadcaster, agency, site"
    DOCUMENT = "document", "Document"
    DESCRIBED = "described", "Described unknown", "nobody is named: “military sources of the outlet”"


class OutletKind(Term):
    """What an outlet is (codebook, section 10)."""

    WIRE = "wire", "Wire"
    NEWSPAPER = "newspaper", "Newspaper"
    BROADCASTER = "broadcaster", "Broadcaster"
    WEB_ONLY = "web_only", "Web only"
    STATE_MEDIA = "state_media", "State media"
    INSTITUTION = "institution", "Institution"
    NGO = "ngo", "NGO"
    SOCIAL_ACCOUNT = "social_account", "Social account"
    AGGREGATOR = "aggregator", "Aggregator"
    OTHER = "other", "Other"


class Property(Term):
    """What a fact about a source tells: the codebook's section 10, authority ids, and the words of trust.txt."""

    DOMAIN = "domain", "Domain", "its host, as in example.org"
    COUNTRY = "country", "Country"
    LANGUAGE = "language", "Language"
    OUTLET_KIND = "outlet_kind", "Kind of outlet", "wire, newspaper, broadcaster, web_only …"
    OWNER = "owner", "Owned by"
    CONTROLLED_BY = "controlled_by", "Controlled by"
    CONTROLS = "controls", "Controls"
    FUNDING = "funding", "Funded by"
    MEMBER_OF = "member_of", "Member of"
    HAS_MEMBER = "has_member", "Has as a member"
    EDITOR_NAMED = "editor_named", "Editor named", "yes, no, or who"
    CORRECTIONS_POLICY = "corrections_policy", "Corrections policy"
    OPINION_LABELLED = "opinion_labelled", "Opinion labelled"
    UNNAMED_SOURCES = "unnamed_sources", "Practice on unnamed sources"
    EXTERNAL_RATING = "external_rating", "External rating", "who rates, and what they say"
    WIKIDATA = "wikidata", "Wikidata", "as in Q42"
    ROR = "ror", "ROR", "as in 05dxps055"
    ISSN = "issn", "ISSN", "as in 0261-3077"
    CONTACT = "contact", "Contact"
    SOCIAL = "social", "Social account"
    VENDOR = "vendor", "Vendor"
    CUSTOMER = "customer", "Customer"
    DISCLOSURE = "disclosure", "Disclosure"
    OTHER = "other", "Other"


class CueStance(Term):
    NEUTRAL = "neutral", "Neutral", "say, tell, according to"
    DISTANCING = "distancing", "Distancing", "claim, allege"
    ENDORSING = "endorsing", "Endorsing", "confirm, reveal, admit, show"


class Directness(Term):
    DIRECT = "direct", "Direct", "full quote"
    PARTIAL = "partial", "Partial", "some words quoted"
    INDIRECT = "indirect", "Indirect", "paraphrase"
    SUMMARY = "summary", "Summary", "act of telling without content"


class SourceAccess(Term):
    FIRSTHAND = "firsthand", "First hand"
    SECONDHAND = "secondhand", "Second hand"
    NOT_STATED = "not_stated", "Not stated"


class Flag(Term):
    LOADED_LANGUAGE = "loaded_language", "Loaded language", "R10"
    MIXED = "mixed", "Mixed", "R18"
    PRESUPPOSITION = "presupposition", "Presupposition", "R12"
    HEDGED = "hedged", "Hedged"


class CheckPriority(Term):
    NONE = "none", "None", "nothing checkable"
    LOW = "low", "Low", "checkable, little at stake"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High", "checkable, consequential, not independently sourced in the text"


class Reliability(Term):
    """How far a source has earned trust; F says that no basis for a judgement exists."""

    A = "A", "Completely reliable"
    B = "B", "Usually reliable"
    C = "C", "Fairly reliable"
    D = "D", "Not usually reliable"
    E = "E", "Unreliable"
    F = "F", "Reliability cannot be judged"


class Credibility(Term):
    """How far information stands on its own merits; 6 says that no basis for a judgement exists."""

    CONFIRMED = "1", "Confirmed by other sources"
    PROBABLY_TRUE = "2", "Probably true"
    POSSIBLY_TRUE = "3", "Possibly true"
    DOUBTFUL = "4", "Doubtful"
    IMPROBABLE = "5", "Improbable"
    CANNOT_BE_JUDGED = "6", "Truth cannot be judged"


class Likelihood(Term):
    """How likely an event is in the analyst's own judgement; the range is always shown beside the word."""

    ALMOST_NO_CHANCE = "1", "almost no chance", "01–05 %"
    VERY_UNLIKELY = "2", "very unlikely", "05–20 %"
    UNLIKELY = "3", "unlikely", "20–45 %"
    ROUGHLY_EVEN = "4", "roughly even chance", "45–55 %"
    LIKELY = "5", "likely", "55–80 %"
    VERY_LIKELY = "6", "very likely", "80–95 %"
    ALMOST_CERTAIN = "7", "almost certain", "95–99 %"


class Confidence(Term):
    HIGH = "high", "High", "good information from several independent sources, few assumptions"
    MODERATE = "moderate", "Moderate", "credibly sourced and plausible, not enough for high"
    LOW = "low", "Low", "scant, questionable or fragmentary, or serious concern about sources"


class CorroborationStatus(Term):
    NOT_STARTED = "not_started", "Not started", "nobody has looked"
    IN_PROGRESS = "in_progress", "In progress", "someone is looking"
    CORROBORATED = (
        "corroborated",
        "Corroborated",
        "at least one independent item supports the whole claim and none credible refutes it",
    )
    PARTIALLY_CORROBORATED = (
        "partially_corroborated",
        "Partially corroborated",
        "part of the claim is supported, or support comes only from items of unknown independence",
    )
    UNCORROBORATED = (
        "uncorroborated",
        "Uncorroborated",
        "looked, and found nothing, or only copies of the same origin",
    )
    CONTESTED = "contested", "Contested", "credible independent items support and refute it"
    CONTRADICTED = (
        "contradicted",
        "Contradicted",
        "credible independent items refute it and none credible supports it",
    )
    UNVERIFIABLE = (
        "unverifiable",
        "Unverifiable",
        "cannot be settled: opinion, another’s mind, an event not due, lost record",
    )


class Stance(Term):
    """Where an item of evidence stands towards a claim."""

    SUPPORTS = "supports", "Supports"
    REFUTES = "refutes", "Refutes"
    NEUTRAL = "neutral", "Neutral"
    OBSERVING = "observing", "Observing", "repeats it and does not vouch for it; counts as neutral"


class Independence(Term):
    """Whether an item of evidence rests on something of its own."""

    INDEPENDENT = "independent", "Independent"
    SAME_ORIGIN = "same_origin", "Same origin", "as another item"
    DERIVED = "derived_from_article", "Derived from the article", "cites or copies it"
    UNKNOWN = "unknown", "Unknown"


class Covers(Term):
    """How much of a claim an item of evidence speaks to."""

    WHOLE = "whole", "The whole claim"
    PART = "part", "A part of it"


class MentionKind(Term):
    """What a sentence does with a claim; a mention is no evidence."""

    MAKES = "makes", "Makes it"
    REPEATS = "repeats", "Repeats it"
    DENIES = "denies", "Denies it"
