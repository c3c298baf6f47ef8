"""Reads for the reading room: the sentences of an article with all voices, gold, claims and notes beside them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, true
from sqlalchemy.orm import joinedload

from webapp import visibility
from webapp.db import db
from webapp.domain.adjudication import Method, RuleName, Votes, is_settled, rule_named
from webapp.domain.deciding_rules import Suggestion, may_decide
from webapp.domain.heat import heat_of
from webapp.domain.intake.description import DESCRIBED
from webapp.domain.not_part import proposed
from webapp.domain.spans import Span
from webapp.domain.terms import NotPart, Tag
from webapp.judgements import FIRST, judgements
from webapp.mentioned_claims import mentions_in
from webapp.models import (
    AS_IMPORTED,
    Actor,
    Adjudication,
    Annotation,
    Article,
    Assessment,
    Assignment,
    AssignmentState,
    Claim,
    ClaimWording,
    DescriptionRevision,
    Exclusion,
    FirstTag,
    Membership,
    Project,
    Role,
    Round,
    Sentence,
    User,
    assignment_of,
    is_held,
    work_of,
)
from webapp.notes import notes_by_sentence
from webapp.reading.wanted import Wanted

MOST_SENTENCES = 150
"""Of an article that one page shows."""
MOST_TAGS = 1_200
"""That one page shows beside them: with more analysts it has fewer sentences."""
MOST_BARS = 150
"""Of the strip; in a longer article a bar stands for several sentences."""


@dataclass(frozen=True)
class Voice:
    """One analyst's work on the article, as far as the reader may know of it."""

    assignment_id: int
    analyst_id: int
    code: str
    name: str
    is_own: bool
    state: AssignmentState
    answered: int
    pass_: int

    @property
    def is_handed_in(self) -> bool:
        return self.state is AssignmentState.SUBMITTED


@dataclass(frozen=True)
class Gold:
    """The newest decision on a sentence that the reader may read."""

    tag: Tag
    method: Method
    deciding_rule: str | None
    cause: Any
    reason: str | None
    version: int


@dataclass(frozen=True)
class Said:
    """What one analyst said of a sentence: what counts, else what stands there now."""

    voice: Voice
    tag: Tag
    counts: bool
    later: Tag | None = None
    """What they say now, where that is another tag than the one that counts."""
    annotation_id: int = 0


@dataclass(frozen=True)
class Place:
    """A live sentence of the article, in order."""

    id: int
    index: int
    start: int
    end: int
    paragraph: int
    is_excluded: bool


@dataclass(frozen=True)
class Bar:
    """One bar of the strip: a sentence, or some that follow each other."""

    first: Place
    last: Place
    heat: int
    """How far analysts differ there, from 0 to 4: of several sentences the most."""
    tag: Tag | None
    """Where it stands for one sentence, what it is."""
    to_settle: int
    """How many of its sentences wait for a decision."""


@dataclass(frozen=True)
class Row:
    """One sentence with what is told beside it."""

    place: Place
    text: str
    opens_paragraph: bool
    follows: bool
    """Whether the sentence before it is shown right before it."""
    said: Sequence[Said]
    votes: Votes
    gold: Gold | None
    rule: RuleName | None
    is_to_settle: bool
    is_hidden: bool
    """Whether the reader is to give a tag of their own before they see what was said."""
    hints: Sequence[Suggestion]
    claims: int
    notes: int
    proposal: NotPart | None
    """What it looks like, where nobody has said whether it is part of the article."""

    @property
    def id(self) -> int:
        return self.place.id

    @property
    def tag(self) -> Tag | None:
        """What it is: gold, else what all say."""
        if self.gold:
            return self.gold.tag
        tags = {one.later or one.tag for one in self.said if not self.place.is_excluded}
        return next(iter(tags)) if len(tags) == 1 and not self.is_hidden else None


@dataclass(frozen=True)
class Noted:
    """A note on a sentence: what somebody found about a claim there."""

    code: str
    assessment: Assessment


@dataclass(frozen=True)
class Opened:
    """All that is told of the sentence in hand."""

    answers: Mapping[int, Annotation]
    """By assignment."""
    wordings: Sequence[ClaimWording]
    notes: Sequence[Noted]


@dataclass
class Room:
    """An article as one reader reads it, in one round."""

    article: Article
    reader: Actor
    wanted: Wanted
    round: Round
    holds_back: bool
    """Whether what others said is kept from a supervisor who still has to hand in an answer of their own."""
    voices: list[Voice] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    votes: dict[int, Votes] = field(default_factory=dict)
    gold: dict[int, Gold] = field(default_factory=dict)
    proposals: dict[int, NotPart] = field(default_factory=dict)
    """For supervisors, by sentence: what it looks like, where nobody has said whether it is part of the article."""

    @property
    def project(self) -> Project:
        return self.article.project

    @property
    def supervises(self) -> bool:
        return visibility.supervises(self.reader, self.article.project_id)

    @property
    def reads_others(self) -> bool:
        return not self.holds_back and not visibility.reads_only_own(self.reader, self.project)

    @property
    def has_others(self) -> bool:
        return any(not voice.is_own for voice in self.voices)

    @property
    def counted(self) -> int:
        """How many sentences are part of the article."""
        return sum(not place.is_excluded for place in self.places)

    def is_disputed(self, place: Place) -> bool:
        return place.id in self.votes and self.votes[place.id].is_divided

    def is_to_settle(self, place: Place) -> bool:
        gold = self.gold.get(place.id)
        return self.is_disputed(place) and not (gold and is_settled(gold.method, self.votes[place.id]))

    @cached_property
    def disputed(self) -> list[Place]:
        return [place for place in self.places if self.is_disputed(place)]

    @cached_property
    def to_settle(self) -> list[Place]:
        return [place for place in self.places if self.is_to_settle(place)]

    @cached_property
    def listed(self) -> list[Place]:
        """The sentences that the filters leave."""
        return _filtered(self)

    @property
    def per_part(self) -> int:
        return max(20, min(MOST_SENTENCES, MOST_TAGS // max(1, len(self.voices))))

    @property
    def parts(self) -> int:
        return max(1, -(-len(self.listed) // self.per_part))

    def part_of(self, sentence_id: int | None) -> int:
        """The part of the article in which a sentence stands; the first for one that is not listed."""
        found = next((n for n, place in enumerate(self.listed) if place.id == sentence_id), 0)
        return found // self.per_part + 1

    def shown_in(self, part: int) -> list[Place]:
        return self.listed[(part - 1) * self.per_part : part * self.per_part]

    def after_in_text(self, place: Place) -> Place | None:
        """The sentence right behind this one."""
        return self.places[place.index] if place.index < len(self.places) else None

    def after(self, place: Place | None, among: Sequence[Place]) -> Place | None:
        """The next of them behind a sentence, or the first again; None where there is no other."""
        behind = [one for one in among if place is None or one.start > place.start]
        return next(iter([*behind, *(one for one in among if one is not place)]), None)


# ---- the room


def room_for(article: Article, reader: Actor, wanted: Wanted) -> Room:
    """The article with the voices that the reader may read, in the round that is asked for."""
    own = db.session.scalar(assignment_of(article.id, reader.user_id))
    round_ = _round_of(article, reader, wanted, own)
    supervises = visibility.supervises(reader, article.project_id)
    holds_back = supervises and not wanted.others and visibility.would_spoil(reader, article.id, round_)
    room = Room(article, reader, wanted, round_, holds_back)
    room.voices = _voices(room, own)
    room.places = _places(article)
    room.votes = _votes(room) if room.reads_others else {}
    room.gold = {} if holds_back else _gold(room)
    room.proposals = proposals_in(article, room.places) if supervises else {}
    return room


def round_names(project: Project) -> list[str]:
    """The names of the project's rounds, oldest first."""
    return list(db.session.scalars(select(Round.name).where(Round.project_id == project.id).order_by(Round.id)))


def _round_of(article: Article, reader: Actor, wanted: Wanted, own: Assignment | None) -> Round:
    """The round asked for; of somebody who reads only their own work the one in which they have it."""
    project = article.project
    if visibility.reads_only_own(reader, project):
        return own.round if own else project.running
    if wanted.round in (None, project.running.name):
        return project.running
    return db.session.scalars(select(Round).where(Round.project_id == project.id, Round.name == wanted.round)).one()


def _voices(room: Room, own: Assignment | None) -> list[Voice]:
    """Everybody's first pass in the round, by code; of one's own work what the desk shows, so that no earlier answer
    sways a later one.
    """
    others = room.reads_others
    if own is not None and own.is_done:
        own = db.session.scalar(
            work_of(room.reader.user_id)
            .where(Assignment.article_id == room.article.id, Assignment.round_id == room.round.id)
            .limit(1)
        )
    is_own = Assignment.analyst_id == room.reader.id
    whose = Assignment.id == (own.id if own else None)
    if others:
        whose = or_(whose, ~is_own & (Assignment.pass_ == FIRST))
    columns = (
        Assignment.id,
        Assignment.analyst_id,
        Membership.coder_code,
        User.name,
        is_own,
        Assignment.state,
        Assignment.answered,
        Assignment.pass_,
    )
    member = (Membership.user_id == Assignment.analyst_id) & (Membership.project_id == room.article.project_id)
    rows = db.session.execute(
        select(*columns)
        .join(User, User.id == Assignment.analyst_id)
        .join(Membership, member)
        .where(
            Assignment.article_id == room.article.id,
            Assignment.round_id == room.round.id,
            is_held(),
            visibility.work_shown_to(room.reader, room.project),
            whose,
        )
        .order_by(Membership.coder_code)
    )
    return [Voice(*row) for row in rows]


def _places(article: Article) -> list[Place]:
    columns = (Sentence.id, Sentence.start, Sentence.end, Sentence.paragraph, Sentence.is_excluded)
    live = select(*columns).where(Sentence.article_id == article.id, Sentence.is_live).order_by(Sentence.start)
    rows = db.session.execute(live)
    return [Place(row[0], index, *row[1:]) for index, row in enumerate(rows, 1)]


def proposals_in(article: Article, places: Sequence[Place] | None = None) -> dict[int, NotPart]:
    """By sentence what looks as if it were no part of the article, as far as nobody has said whether it is."""
    places = _places(article) if places is None else places
    found = proposed(article.text, [Span(place.start, place.end, place.paragraph) for place in places])
    looks = {places[n].id: why for n, why in found.items()}
    decided = select(Exclusion.sentence_id).join(Exclusion.sentence).where(Sentence.article_id == article.id)
    for sentence_id in db.session.scalars(decided) if looks else ():
        looks.pop(sentence_id, None)
    return looks


def handed_in_without(sentence: Sentence) -> int:
    """How many have handed the article in, in a round that runs, without a tag of this sentence."""
    tagged = (
        select(Annotation.id)
        .where(Annotation.assignment_id == Assignment.id, Annotation.sentence_id == sentence.id)
        .where(Annotation.is_current, Annotation.tag.is_not(None))
        .exists()
    )
    handed_in = (
        select(func.count())
        .select_from(Assignment)
        .join(Assignment.round)
        .where(Assignment.article_id == sentence.article_id, Assignment.state == AssignmentState.SUBMITTED)
        .where(Round.closed_at.is_(None), ~tagged)
    )
    return db.session.scalar(handed_in) or 0


def _counting(room: Room) -> Select[Any]:
    """The answers to the article that count, of the voices shown."""
    return judgements(room.project, room.reader, room.round).where(
        Assignment.article_id == room.article.id,
        Assignment.id.in_([voice.assignment_id for voice in room.voices]),
    )


def _current(room: Room) -> Select[Any]:
    """The answers to the article as they stand now, of the voices shown."""
    return visibility.annotations_visible_to(room.reader, room.project).where(
        Assignment.article_id == room.article.id,
        Assignment.id.in_([voice.assignment_id for voice in room.voices]),
        Sentence.is_live,
        Annotation.tag.is_not(None),
    )


def _votes(room: Room) -> dict[int, Votes]:
    said = [func.count().filter(Annotation.tag == tag) for tag in Tag]
    counted = _counting(room).with_only_columns(Annotation.sentence_id, *said).group_by(Annotation.sentence_id)
    return {id_: Votes(*votes) for id_, *votes in db.session.execute(counted)}


def _gold(room: Room) -> dict[int, Gold]:
    columns = (
        Adjudication.gold_tag,
        Adjudication.method,
        Adjudication.deciding_rule,
        Adjudication.cause,
        Adjudication.reason,
        Adjudication.version,
    )
    visible = visibility.gold_visible_to(room.reader, room.round.id).where(Sentence.article_id == room.article.id)
    rows = db.session.execute(visible.with_only_columns(Adjudication.sentence_id, *columns))
    return {row[0]: Gold(*row[1:]) for row in rows}


# ---- what the filters leave


def _filtered(room: Room) -> list[Place]:
    wanted, places = room.wanted, room.places
    if wanted.disputed:
        places = room.disputed
    if wanted.tag or wanted.analyst:
        matching = _said_like(room)
        places = [place for place in places if place.id in matching]
    if wanted.notes:
        noted = _noted_sentences(room)
        places = [place for place in places if place.id in noted]
    if wanted.proposed:
        places = [place for place in places if place.id in room.proposals]
    return list(places)


def _said_like(room: Room) -> set[int]:
    """The sentences to which somebody, or the analyst wanted, gave the tag that is wanted, or any."""
    wanted = room.wanted
    of = [voice.assignment_id for voice in room.voices if wanted.analyst in (None, voice.code)]
    asked = Assignment.id.in_(of) & (Annotation.tag == wanted.tag if wanted.tag else true())
    found = [
        answers.where(asked).with_only_columns(Annotation.sentence_id) for answers in (_counting(room), _current(room))
    ]
    return {id_ for answers in found for id_ in db.session.scalars(answers)}


def _noted_sentences(room: Room) -> set[int]:
    """The sentences with a note on an answer, or a claim that is mentioned there."""
    noted = _current(room).where(Annotation.note.is_not(None)).with_only_columns(Annotation.sentence_id)
    mentioned = [mention.sentence_id for mention in mentions_in(_ids_in(room.article), room.reader)]
    return {*db.session.scalars(noted), *mentioned}


def _ids_in(article: Article) -> Select[int]:
    return select(Sentence.id).where(Sentence.article_id == article.id, Sentence.is_live)


# ---- one part


def said_in(room: Room, ids: Collection[int] | None = None) -> dict[int, list[Said]]:
    """What was said of these sentences, or of all, by code."""
    among = Annotation.sentence_id.in_(ids) if ids is not None else true()
    counting = _by_voice(_counting(room).where(among))
    current = _by_voice(_current(room).where(among))
    said: dict[int, list[Said]] = {}
    for voice in room.voices:
        counts, now = counting.get(voice.assignment_id, {}), current.get(voice.assignment_id, {})
        for id_, (annotation_id, tag) in (now | counts).items():
            newest = now[id_][1] if id_ in now else tag
            later = newest if newest is not tag else None
            said.setdefault(id_, []).append(Said(voice, tag, id_ in counts, later, annotation_id))
    return said


def _by_voice(answers: Select[Any]) -> dict[int, dict[int, tuple[int, Any]]]:
    """The ids and tags of these answers, by assignment and sentence."""
    found: dict[int, dict[int, tuple[int, Any]]] = {}
    columns = (Annotation.assignment_id, Annotation.sentence_id, Annotation.id, Annotation.tag)
    for assignment_id, sentence_id, id_, tag in db.session.execute(answers.with_only_columns(*columns)):
        found.setdefault(assignment_id, {})[sentence_id] = (id_, tag)
    return found


def rows_of(room: Room, places: Sequence[Place]) -> list[Row]:
    """These sentences with what is told beside each."""
    ids = [place.id for place in places]
    said = said_in(room, ids)
    hidden = _own_tag_wanted(room, ids)
    claims, notes = _claims_and_notes(room, ids)
    text, codebook = room.article.text, room.round.codebook.text
    paragraph_of = {place.index: place.paragraph for place in room.places}
    rows = []
    for n, place in enumerate(places):
        gold = room.gold.get(place.id)
        to_settle = room.is_to_settle(place)
        is_hidden = place.id in hidden
        votes = room.votes.get(place.id, Votes())
        words = text[place.start : place.end]
        rows.append(
            Row(
                place,
                words,
                paragraph_of.get(place.index - 1) != place.paragraph,
                n == 0 or places[n - 1].index == place.index - 1,
                said.get(place.id, []),
                votes,
                gold,
                rule_named(gold.deciding_rule, codebook) if gold else None,
                to_settle,
                is_hidden,
                may_decide(votes.per_tag, words) if to_settle and not is_hidden else (),
                claims.get(place.id, 0),
                notes.get(place.id, 0),
                room.proposals.get(place.id),
            )
        )
    return rows


def _own_tag_wanted(room: Room, ids: Sequence[int]) -> set[int]:
    """Those to settle of which the supervisor is to say first what they would say themselves."""
    if not (room.project.own_tag_first and room.supervises and room.reads_others):
        return set()
    given = visibility.first_tags_of(room.reader).where(FirstTag.sentence_id.in_(ids))
    known = set(db.session.scalars(given.with_only_columns(FirstTag.sentence_id)))
    return {place.id for place in room.to_settle if place.id not in known}


def _claims_and_notes(room: Room, ids: Sequence[int]) -> tuple[dict[int, int], dict[int, int]]:
    """How many claims are mentioned on each sentence, and how many notes there are on it: on answers and on claims."""
    among = select(Sentence.id).where(Sentence.article_id == room.article.id, Sentence.id.in_(ids))
    claims: dict[int, set[UUID]] = {}
    for mention in mentions_in(among, room.reader):
        claims.setdefault(mention.sentence_id, set()).add(mention.claim_id)
    on_answers = _current(room).where(Annotation.note.is_not(None), Annotation.sentence_id.in_(ids))
    counted = on_answers.with_only_columns(Annotation.sentence_id, func.count()).group_by(Annotation.sentence_id)
    notes: dict[int, int] = {id_: number for id_, number in db.session.execute(counted)}  # noqa: C416 (rows, not pairs)
    for id_, found in notes_by_sentence(among, room.reader).items():
        notes[id_] = notes.get(id_, 0) + len(found)
    return {id_: len(found) for id_, found in claims.items()}, notes


def exclusion_of(sentence_id: int, reader: Actor) -> Exclusion | None:
    """Whether the sentence is part of the article, as it was said last; None where nobody said."""
    return db.session.scalar(visibility.exclusions_visible_to(reader).where(Exclusion.sentence_id == sentence_id))


def opened(room: Room, row: Row) -> Opened:
    """All that is told of this sentence."""
    ids = [one.annotation_id for one in row.said]
    answers = {
        answer.assignment_id: answer
        for answer in db.session.scalars(select(Annotation).where(Annotation.id.in_(ids)))
        if not row.is_hidden
    }
    here = select(Sentence.id).where(Sentence.id == row.id)
    claims = [mention.claim_id for mention in mentions_in(here, room.reader)]
    worded = visibility.wordings_visible_to(room.reader).where(Claim.id.in_(claims)).order_by(ClaimWording.id)
    noted = [note.assessment for note in notes_by_sentence(here, room.reader).get(row.id, [])]
    codes = _codes(room.project, {assessment.author_id for assessment in noted})
    return Opened(
        answers,
        list(db.session.scalars(worded)),
        [Noted(codes.get(assessment.author_id, ""), assessment) for assessment in noted],
    )


def _codes(project: Project, people: Collection[int]) -> dict[int, str]:
    columns = (Membership.user_id, Membership.coder_code)
    rows = db.session.execute(
        select(*columns).where(Membership.project_id == project.id, Membership.user_id.in_(people))
    )
    return {user_id: code for user_id, code in rows}  # noqa: C416 (rows, not pairs)


# ---- the description


@dataclass(frozen=True)
class Amended:
    """One revision of the description, with what it changed."""

    version: int
    editor: str
    created_at: datetime
    changed: Mapping[str, tuple[str | None, str | None]]
    """By field what it was and what it became; nothing of the first."""


def description_version(article: Article, reader: Actor) -> int:
    """The version of the description that holds now."""
    current = visibility.descriptions_visible_to(reader).where(DescriptionRevision.article_id == article.id)
    newest = current.with_only_columns(func.max(DescriptionRevision.version))
    return db.session.scalar(newest) or AS_IMPORTED


def descriptions_of(article: Article, reader: Actor) -> list[Amended]:
    """How the description was amended, newest first; nothing where it is as imported."""
    revisions = db.session.scalars(
        visibility.descriptions_visible_to(reader)
        .where(DescriptionRevision.article_id == article.id)
        .options(joinedload(DescriptionRevision.editor))
        .order_by(DescriptionRevision.version)
    ).all()
    found = []
    for before, row in zip([None, *revisions], revisions, strict=False):
        pairs = {name: (getattr(before, name, None), getattr(row, name)) for name in (*DESCRIBED, "language")}
        changed = {name: pair for name, pair in pairs.items() if before and pair[0] != pair[1]}
        found.append(Amended(row.version, row.editor.name, row.created_at, changed))
    return found[::-1]


# ---- the strip


def bars_of(room: Room, said: Mapping[int, Sequence[Said]] | None = None) -> list[Bar]:
    """The whole article as a strip, at most so many bars."""
    size = max(1, -(-len(room.places) // MOST_BARS))
    groups = [room.places[at : at + size] for at in range(0, len(room.places), size)]
    return [
        Bar(
            group[0],
            group[-1],
            max(heat_of(room.votes.get(place.id, Votes())) for place in group),
            _tag_of(room, group[0], said) if len(group) == 1 else None,
            sum(room.is_to_settle(place) for place in group),
        )
        for group in groups
    ]


def _tag_of(room: Room, place: Place, said: Mapping[int, Sequence[Said]] | None) -> Tag | None:
    if gold := room.gold.get(place.id):
        return gold.tag
    tags = {one.later or one.tag for one in (said or {}).get(place.id, ())}
    return next(iter(tags)) if len(tags) == 1 else None


def live_place_of(article: Article, sentence: Sentence) -> int | None:
    """The live sentence that stands now where another one began, which may be that one itself."""
    return db.session.scalar(
        select(Sentence.id)
        .where(Sentence.article_id == article.id, Sentence.is_live, Sentence.end > sentence.start)
        .order_by(Sentence.start)
        .limit(1)
    )


def may_tag(article: Article, reader: Actor) -> bool:
    """Whether the reader may work on the article at the desk."""
    query = visibility.articles_to_tag(reader).where(Article.id == article.id)
    return reader.has(article.project_id, Role.ANALYST) and db.session.scalar(query) is not None
