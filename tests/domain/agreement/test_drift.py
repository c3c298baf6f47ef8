"""Agreement and shares of tags over windows of time."""

from datetime import date

import numpy as np
import pytest

from webapp.domain.agreement.drift import Handed, drift
from webapp.domain.agreement.ratings import GAP
from webapp.domain.plots import track

FACT, OPINION, NOT_CODABLE = 0, 3, 4


def handed(articles, gold=FACT, sentences=4):
    """Articles as (day, what each of two says of all its sentences, by turns)."""
    rows = [
        (article * sentences + sentence, said[sentence % len(said)], day.toordinal())
        for article, (day, *both) in enumerate(articles)
        for said in both
        for sentence in range(sentences)
    ]
    unit, said, days = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    of = np.repeat(np.arange(len(articles)), sentences)
    return Handed(unit, said, days, of, np.full(len(of), gold))


def test_each_window_has_the_shares_of_its_own_answers_and_the_agreement_of_its_own_articles():
    early = [(date(2026, 3, 2), [FACT, OPINION], [FACT, OPINION])] * 3
    late = [(date(2026, 3, 10), [FACT, OPINION], [OPINION, OPINION])] * 3
    found = drift(handed(early + late), "week")

    assert [str(one.window.first) for one in found.spans] == ["2026-03-02", "2026-03-09"]
    assert [one.answers for one in found.spans] == [24, 24]
    assert [(one.shares[FACT].k, one.shares[FACT].n) for one in found.spans] == [(12, 24), (6, 24)]
    assert [(one.gold.k, one.gold.n) for one in found.spans] == [(12, 24), (6, 24)]
    assert found.spans[0].alpha == 1
    assert found.spans[1].alpha < 0.3
    assert [one.name for one in found.series] == [
        "α of the team",
        "As gold",
        "Fact",
        "Attribution",
        "Speculation",
        "Opinion",
    ]


def test_a_figure_drifted_where_its_first_and_last_interval_lie_apart():
    def week(day, fact, size=20):
        return [(date(2026, 3, day), [FACT] * (fact + place % 2) + [OPINION] * (size - fact)) for place in range(6)]

    found = drift(handed([*week(2, 15), *week(9, 3)], sentences=20))
    steady = drift(handed([*week(2, 10), *week(9, 10)], sentences=20))

    assert [one.name for one in found.drifted] == ["As gold", "Fact", "Opinion"]
    assert steady.drifted == []


@pytest.mark.parametrize(
    ("last", "asked", "length", "windows"),
    [
        (date(2026, 3, 4), None, "day", 3),
        (date(2026, 4, 30), None, "week", 9),
        (date(2027, 3, 1), None, "month", 13),
        (date(2026, 6, 30), "day", "week", 18),  # 121 days are more than a plot holds
    ],
)
def test_windows_are_as_long_as_a_plot_can_hold_and_follow_each_other_without_a_gap(last, asked, length, windows):
    found = drift(handed([(date(2026, 3, 2), [FACT]), (last, [OPINION])]), asked)

    assert (found.length, len(found.spans)) == (length, windows)
    pairs = zip(found.spans, found.spans[1:], strict=False)
    assert all((after.window.first - before.window.last).days == 1 for before, after in pairs)
    assert sum(one.answers for one in found.spans) == 8


def test_what_is_not_codable_has_no_share_and_without_gold_there_is_no_figure_of_it():
    found = drift(handed([(date(2026, 3, 2), [FACT, NOT_CODABLE])], gold=GAP))

    assert (found.spans[0].answers, found.spans[0].shares[FACT].n, found.spans[0].gold.n) == (4, 2, 0)
    assert "As gold" not in [one.name for one in found.series]
    assert drift(handed([])) is None


def test_a_track_stands_between_0_and_1_and_names_each_window_or_the_first_and_the_last():
    plot = track([(-0.2, None), (None, None), (1, (0.5, 1))], ["a", "b", "c"])

    assert [(point.y, point.top, point.bottom) for point in plot.points] == [(110, None, None), (14, 14, 62)]
    assert [tick.text for tick in plot.ticks] == ["a", "b", "c"]
    assert [tick.text for tick in track([(0.5, None)] * 9, list("abcdefghi")).ticks] == ["a", "i"]
