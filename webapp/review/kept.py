"""Figures of the agreement page, kept in memory until something that they are made of changes.

They are kept for a project, a round and a filter, for all who see every answer that counts; of others nothing is kept.
A counter on the project, which every write to what counts raises in whichever process, says when they are out of date.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Pool, select

from webapp import visibility
from webapp.db import db
from webapp.domain.agreement import normalised_entropy
from webapp.domain.agreement.drift import Drift, Handed, Length, drift
from webapp.domain.agreement.ratings import GAP, Ints
from webapp.domain.terms import FOUR_TAGS, Tag
from webapp.models import Actor, Project, ProjectChange
from webapp.review import queries
from webapp.review.by_field import FieldFigures, figures_by_field
from webapp.review.field_answers import field_answers
from webapp.review.filters import Filter
from webapp.review.statistics import TAGS, Coder, CountedAnswers, Figures, figures
from webapp.samples import UNKNOWN, sample_of

Made = TypeVar("Made")
MOST_KEPT = 4
"""Figures of large studies take some ten megabytes each."""


@dataclass(frozen=True)
class KeptFigures:
    """The figures, and what lists of sentences are made of."""

    figures: Figures
    handed_in: int
    sample: str
    """How the articles were drawn, in a sentence."""
    sentences: Ints
    """Ids of the sentences with answers that count."""
    votes: Ints
    """How many analysts gave each of them each of the five tags; in small integers, as there are many."""
    disputed: Ints
    """Ids of the disputed sentences, the most divided first."""
    cells: dict[tuple[Tag, Tag], Ints] = field(default_factory=dict)

    def in_cell(self, a: Tag, b: Tag) -> Ints:
        """Ids of the sentences to which one analyst gave `a` and another `b`, most divided first."""
        if (a, b) not in self.cells:
            first, second = (self.votes[:, TAGS.index(tag)] for tag in (a, b))
            rows = np.flatnonzero(first >= 2 if a is b else (first > 0) & (second > 0))
            entropy = normalised_entropy(self.votes[rows].astype(np.int64)).round(12)
            self.cells[a, b] = self.sentences[rows[np.argsort(-entropy, kind="stable")]]
        return self.cells[a, b]

    @property
    def shared(self) -> Ints:
        """Ids of the sentences that two analysts gave one of the four tags."""
        return np.asarray(self.sentences[self.votes[:, : len(FOUR_TAGS)].sum(axis=1) >= 2])


def figures_for(project: Project, reader: Actor, wanted: Filter, coders: dict[int, Coder]) -> KeptFigures:
    """The figures of the answers that are wanted, as far as the reader may see them."""

    def made() -> KeptFigures:
        counted = queries.counted_answers(project, reader, wanted, coders)
        gold = queries.gold_of(project, reader, wanted)
        sample = sample_of(queries.round_of(project, wanted), reader)
        told = sample.sentence if sample else UNKNOWN
        return _compact(counted, figures(counted, gold), queries.handed_in(project, reader, wanted), told)

    return _kept_in(_KEPT, project, reader, wanted, coders, made)


def fields_for(project: Project, reader: Actor, wanted: Filter, coders: dict[int, Coder]) -> FieldFigures:
    """The figures of every field, likewise."""

    def made() -> FieldFigures:
        return figures_by_field(field_answers(project, reader, wanted, coders))

    return _kept_in(_KEPT_BY_FIELD, project, reader, wanted, coders, made)


def drift_for(
    project: Project, reader: Actor, wanted: Filter, coders: dict[int, Coder], length: Length | None
) -> Drift | None:
    """The figures over time, likewise; None where nothing that counts was handed in."""

    def made() -> Drift | None:
        counted = queries.counted_answers(project, reader, wanted, coders)
        day = queries.days_handed_in(project, reader, wanted, counted)
        gold = np.full(len(counted.sentences), GAP)
        if settled := queries.gold_of(project, reader, wanted):
            place = np.searchsorted(counted.sentences, settled.sentences)
            place = np.minimum(place, max(len(counted.sentences) - 1, 0))
            here = counted.sentences[place] == settled.sentences if len(counted.sentences) else np.zeros(0, bool)
            gold[place[here]] = settled.tags[here]
        return drift(Handed(counted.unit, counted.said, day, counted.articles, gold), length)

    kept = {None: _KEPT_DRIFT, "day": _KEPT_DAYS, "week": _KEPT_WEEKS, "month": _KEPT_MONTHS}[length]
    return _kept_in(kept, project, reader, wanted, coders, made)


def _kept_in(
    all_kept: "WeakKeyDictionary[Pool, _Kept[Made]]",
    project: Project,
    reader: Actor,
    wanted: Filter,
    coders: dict[int, Coder],
    make: Callable[[], Made],
) -> Made:
    """Those that were kept; for a reader who does not see all of them they are made each time."""
    if not visibility.sees_all_that_counts(reader, project, queries.round_of(project, wanted)):
        return make()
    kept = all_kept.setdefault(db.engine.pool, _Kept())
    return kept.get_or_make(_key(project, wanted, coders), make)


def _compact(counted: CountedAnswers, made: Figures, handed_in: int, sample: str) -> KeptFigures:
    disputed = counted.sentences[counted.most_divided_first]
    return KeptFigures(made, handed_in, sample, counted.sentences, counted.all_counts.astype(np.int16), disputed)


def _key(project: Project, wanted: Filter, coders: dict[int, Coder]) -> Hashable:
    """Read before the answers: what is written meanwhile makes the figures newer than they are called, never older."""
    round_ = queries.round_of(project, wanted)
    change = db.session.scalar(select(ProjectChange.number).where(ProjectChange.project_id == project.id))
    return project.id, change, round_.id, wanted, tuple(coders.values())


class _Kept(Generic[Made]):
    """The figures asked for last, for all threads of the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._figures: OrderedDict[Hashable, Made] = OrderedDict()

    def get_or_make(self, key: Hashable, make: Callable[[], Made]) -> Made:
        with self._lock:
            if key in self._figures:
                self._figures.move_to_end(key)
                return self._figures[key]
        made = make()
        with self._lock:
            self._figures[key] = made
            while len(self._figures) > MOST_KEPT:
                self._figures.popitem(last=False)
        return made


_KEPT: WeakKeyDictionary[Pool, _Kept[KeptFigures]] = WeakKeyDictionary()
_KEPT_BY_FIELD: WeakKeyDictionary[Pool, _Kept[FieldFigures]] = WeakKeyDictionary()
_KEPT_DRIFT: WeakKeyDictionary[Pool, _Kept[Drift | None]] = WeakKeyDictionary()
_KEPT_DAYS: WeakKeyDictionary[Pool, _Kept[Drift | None]] = WeakKeyDictionary()
_KEPT_WEEKS: WeakKeyDictionary[Pool, _Kept[Drift | None]] = WeakKeyDictionary()
_KEPT_MONTHS: WeakKeyDictionary[Pool, _Kept[Drift | None]] = WeakKeyDictionary()
"""As long as the database stays open."""
