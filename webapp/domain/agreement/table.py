"""Reads any ratings table in long form, one rating a row, from CSV text; says in one sentence what is wrong with it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from webapp.domain.agreement.alpha import Metric
from webapp.domain.agreement.aside import Aside, set_aside
from webapp.domain.agreement.fields import FIELDS, FREE_TEXT, Field
from webapp.domain.agreement.ratings import GAP, Ints, Ratings
from webapp.domain.csv_rows import csv_rows, place_of, text_of
from webapp.domain.errors import BadRatings
from webapp.domain.terms import FOUR_TAGS

UNIT, CODER, VALUE, CLUSTER = "sentence_id", "coder_id", "tag", "article_id"
UNMIXED = ("round", "pass")
"""Columns of Claimtag's long CSV that are the same in all rows of one figure."""
NOT_APPLICABLE = "not_applicable"
MOST_FOUND = 100
"""More different values than this are no categories; a text column was named by mistake."""
LARGEST = 1e100
"""Of numbers whose differences are squared."""


@dataclass(frozen=True)
class Table:
    """What a table holds: ratings, all categories, the names of units, the cluster of each unit if there are any.

    `level` is the one asked for, or that of the field; `values` are the categories as numbers where it takes them.
    `aside_value` with its line `aside` in a column that has one (NOT_CODABLE, F, 6), else None.
    """

    ratings: Ratings
    categories: tuple[str, ...]
    level: Metric
    values: tuple[float, ...] | None
    units: tuple[str, ...]
    clusters: Ints | None
    aside_value: str | None
    aside: Aside | None


@dataclass
class _Rows:
    """The rows as they are read: indices by name, and one entry in each list for each row."""

    units: dict[str, int] = field(default_factory=dict)
    coders: dict[str, int] = field(default_factory=dict)
    cluster_names: dict[str, int] = field(default_factory=dict)
    clusters: list[int] = field(default_factory=list)
    met: set[tuple[int, int]] = field(default_factory=set)
    unit: list[int] = field(default_factory=list)
    coder: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def read(
    content: str | bytes,
    unit: str | None = None,
    coder: str | None = None,
    value: str | None = None,
    categories: Sequence[str] | None = None,
    cluster: str | None = None,
    level: Metric | None = None,
    only: Mapping[str, str] | None = None,
) -> Table:
    """The table in CSV text, or in bytes as UTF-8; a byte order mark is skipped. An empty cell is a gap.

    Columns not named are those of Claimtag's long CSV (`sentence_id`, `coder_id`, `tag`, clustered by `article_id`
    where it has that column). A field of that file has the categories and, unless another is named, the level of the
    codebook; there `not_applicable` is a gap, and NOT_CODABLE, F and 6 are gaps with a line of their own. Elsewhere the
    categories are the values met, numbers by size, words by letter, and the level is nominal. `only` keeps the rows
    with these values, by column; of Claimtag's `round` and `pass` there must be one each, as answers of two rounds or
    passes are no answers of two people. Raises BadRatings for anything that would make a figure wrong.
    """
    rows = csv_rows(text_of(content, BadRatings), BadRatings)
    _, header = next(rows, (0, []))
    if not header:
        raise BadRatings("The file is empty.")
    names = [unit or UNIT, coder or CODER, value or VALUE]
    if cluster or (names[0] == UNIT and CLUSTER in header):
        names.append(cluster or CLUSTER)
    places = [_place(header, name) for name in names]
    is_ours = names[:2] == [UNIT, CODER]
    if is_ours and names[2] in FREE_TEXT:
        raise BadRatings(f"“{names[2]}” holds free text, which has no categories to agree on; name another column.")
    known = FIELDS.get(names[2]) if is_ours else None
    tag = header.index(VALUE) if known and known.empty and VALUE in header else None
    kept = _Kept(header, only or {}, UNMIXED if is_ours else ())
    found = _Rows()
    for line, row in rows:
        if len(row) != len(header) or kept.holds(row):
            _take(found, line, row, len(header), names, places)
            if known and known.empty and not found.values[-1] and (tag is None or row[tag] in FOUR_TAGS):
                found.values[-1] = known.empty
    kept.require_rows(found.lines)
    return _table(found, known, categories, level, clustered=len(names) > 3)


class _Kept:
    """Which rows are wanted, and that those are of one round and one pass."""

    def __init__(self, header: list[str], only: Mapping[str, str], unmixed: Sequence[str]) -> None:
        self._only = {_place(header, name): (name, value) for name, value in only.items()}
        self._unmixed = {header.index(name): name for name in unmixed if name in header}
        self._met: dict[int, str] = {}

    def holds(self, row: list[str]) -> bool:
        """Whether the row is wanted. Raises BadRatings for one of a second round or pass, naming both."""
        if any(row[place] != value for place, (_, value) in self._only.items()):
            return False
        for place, name in self._unmixed.items():
            if (met := self._met.setdefault(place, row[place])) != row[place]:
                both = f"“{met}” and “{row[place]}”"
                raise BadRatings(f"The file mixes {name} {both}; choose one of them with --{name}.")
        return True

    def require_rows(self, lines: list[int]) -> None:
        """Raises BadRatings when what was asked for is nowhere."""
        if self._only and not lines:
            asked = ", ".join(f"{name} “{value}”" for name, value in self._only.values())
            raise BadRatings(f"No row has {asked}.")


def _place(header: list[str], name: str) -> int:
    return place_of(name, header, BadRatings)


def _take(found: _Rows, line: int, row: list[str], width: int, names: list[str], places: list[int]) -> None:
    """Adds one row to what was found; raises BadRatings when it is ragged, lacks a name or repeats a rating."""
    if len(row) != width:
        raise BadRatings(f"Line {line}: {len(row)} cells where the header has {width}.")
    unit, coder, value, *cluster = (row[place] for place in places)
    for name, cell in zip(names, (unit, coder, "a gap", *cluster), strict=True):
        if not cell:
            raise BadRatings(f"Line {line}: “{name}” is empty.")
    key = found.units.setdefault(unit, len(found.units)), found.coders.setdefault(coder, len(found.coders))
    if key in found.met:
        raise BadRatings(f"Line {line}: “{coder}” has already rated “{unit}”.")
    found.met.add(key)
    if cluster:
        _take_cluster(found, line, key[0], unit, cluster[0], names[3])
    for column, entry in zip((found.unit, found.coder, found.lines), (*key, line), strict=True):
        column.append(entry)
    found.values.append(value)


def _take_cluster(found: _Rows, line: int, index: int, unit: str, cluster: str, name: str) -> None:
    number = found.cluster_names.setdefault(cluster, len(found.cluster_names))
    if index == len(found.clusters):
        found.clusters.append(number)
    elif found.clusters[index] != number:
        raise BadRatings(f"Line {line}: “{unit}” stood under another “{name}” before.")


def _table(
    found: _Rows, known: Field | None, categories: Sequence[str] | None, level: Metric | None, clustered: bool
) -> Table:
    gaps = {"", NOT_APPLICABLE, *known.gaps} if known else {""}
    if known and categories is None and not _speaks(known, found.values, gaps):
        known = None
    level = level or (known.level if known else "nominal")
    names = _categories(found.values, known, categories, level, gaps)
    aside = known.aside if known and known.aside not in names else None
    place = dict.fromkeys({*gaps, *([aside] if aside else [])} - set(names), GAP)
    place |= {name: index for index, name in enumerate(names)}
    for line, value in zip(found.lines, found.values, strict=True):
        if value not in place:
            raise BadRatings(f"Line {line}: “{value}” is not one of the categories {', '.join(names)}.")
    category = np.array([place[value] for value in found.values], dtype=np.int64)
    unit, coder = np.array(found.unit, dtype=np.int64), np.array(found.coder, dtype=np.int64)
    clusters = np.array(found.clusters, dtype=np.int64) if clustered else None
    return Table(
        Ratings(unit, coder, category, len(found.units), tuple(found.coders)),
        names,
        level,
        _as_numbers(names, level),
        tuple(found.units),
        clusters,
        aside,
        None if aside is None else _aside(unit, found, category, aside, clusters),
    )


def _speaks(known: Field, values: list[str], gaps: set[str]) -> bool:
    """Whether the column holds this field: a single known value will do, so that a slip in another is still found."""
    met = set(values) - gaps
    return not met or bool(met & {*known.categories, known.aside})


def _categories(
    values: list[str], known: Field | None, given: Sequence[str] | None, level: Metric, gaps: set[str]
) -> tuple[str, ...]:
    if given is not None:
        names = tuple(str(name).strip() for name in given)
        if len(set(names)) < len(names) or not all(names):
            raise BadRatings("The categories must be different from each other and not empty.")
        return names
    if known:
        return known.categories
    met = set(values) - gaps
    if len(met) > MOST_FOUND:
        raise BadRatings(f"The column has {len(met)} different values; name the categories, or another column.")
    sizes = {value: _number(value) for value in met}
    if None not in sizes.values():
        return tuple(sorted(met, key=lambda value: (sizes[value], value)))
    if level == "ordinal":
        raise BadRatings("The order of the categories is not known; name the categories from lowest to highest.")
    return tuple(sorted(met))


def _as_numbers(names: Sequence[str], level: Metric) -> tuple[float, ...] | None:
    """The categories as the numbers that the level takes; None where it takes none."""
    if level not in ("interval", "ratio"):
        return None
    numbers = []
    for name in names:
        number = _number(name)
        if number is None or (level == "ratio" and number < 0):
            from_nought = " from 0 on" if level == "ratio" else ""
            raise BadRatings(f"The level {level} takes numbers{from_nought}, and “{name}” is none.")
        if abs(number) > LARGEST:
            raise BadRatings(f"The level {level} takes numbers up to {LARGEST:.0e}, and “{name}” is larger.")
        numbers.append(number)
    return tuple(numbers)


def _number(value: str) -> float | None:
    if "_" in value:  # Python would read 1_0 as ten
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _aside(unit: Ints, found: _Rows, category: Ints, value: str, clusters: Ints | None) -> Aside:
    marked = np.array([cell == value for cell in found.values], dtype=bool)
    size = len(found.units)
    marks = np.bincount(unit[marked], minlength=size)
    return set_aside(marks, marks + np.bincount(unit[category != GAP], minlength=size), clusters)
