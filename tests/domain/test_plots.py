"""Where the marks of plots stand."""

from datetime import date, timedelta

import pytest

from webapp.domain.plots import Sheet, alpha_scale, dot_plot, filled, per_day, shares

MONDAY = date(2026, 11, 23)


def days(*counts, step=1):
    return [(MONDAY + timedelta(days=step * place), count) for place, count in enumerate(counts)]


@pytest.mark.parametrize(("done", "total", "width"), [(0, 7, 0), (1, 3, 33.33), (7, 7, 100), (0, 0, 0)])
def test_a_bar_is_filled_by_its_share_and_empty_where_there_is_nothing_to_do(done, total, width):
    assert filled(done, total) == width


def test_without_a_day_there_is_no_plot():
    assert per_day([]) is None


def test_needles_stand_in_the_middle_of_their_days_and_the_highest_day_fills_the_height():
    plot = per_day(days(10, 20, 5, 20))

    assert [(needle.x, needle.y) for needle in plot.needles] == [(12.5, 81), (37.5, 22), (62.5, 110.5), (87.5, 22)]
    assert (plot.total, plot.least, plot.most) == (55, 5, 20)
    assert (plot.first, plot.last) == (MONDAY, MONDAY + timedelta(days=3))


def test_days_without_any_keep_their_room():
    assert [needle.x for needle in per_day([(MONDAY, 1), (MONDAY + timedelta(days=9), 1)]).needles] == [5, 95]


@pytest.mark.parametrize(("slots", "breadth"), [(1, 28), (7, 28), (8, 14), (15, 6), (32, 3), (93, 1)])
def test_needles_grow_thin_as_days_grow_many(slots, breadth):
    assert per_day([(MONDAY, 1), (MONDAY + timedelta(days=slots - 1), 1)][-slots:]).breadth == breadth


def test_every_needle_has_its_number_in_a_week():
    assert [number.text for number in per_day(days(1_000, 2_000, 3)).numbers] == ["1,000", "2,000", "3"]


def test_every_needle_has_its_number_in_two_weeks_of_small_ones():
    assert len(per_day(days(*range(1, 11))).numbers) == 10
    assert [number.text for number in per_day(days(*range(991, 1_001))).numbers] == ["1,000"]


def test_over_more_days_the_highest_alone_has_one_which_does_not_stick_out_of_the_plot():
    first, middle, last = (
        per_day(days(*(9 if place == highest else 1 for place in range(40)))).numbers for highest in (0, 20, 39)
    )

    assert [(number.text, number.anchor) for number in (*first, *middle, *last)] == [
        ("9", "start"),
        ("9", "middle"),
        ("9", "end"),
    ]


def test_up_to_four_days_are_named_each_more_by_their_ends():
    assert [day.text for day in per_day(days(1, 1)).dates] == ["2026-11-23", "2026-11-24"]
    assert [(day.x, day.text, day.anchor) for day in per_day(days(1, 1, 1, 1, 1)).dates] == [
        (0, "2026-11-23", "start"),
        (100, "2026-11-27", "end"),
    ]


def test_the_scale_goes_from_nought_to_one_with_the_two_lines_in_their_places():
    plot = alpha_scale(0.5, 0.25, 0.75)

    assert (plot.start, plot.low, plot.alpha, plot.high) == (0, 26, 50, 74)
    assert (plot.tentative, plot.sound, plot.zero) == (66.03, 78.8, None)


@pytest.mark.parametrize(("low", "start"), [(0, 0), (-0.1, -0.25), (-0.3, -0.5), (-0.7, -1), (-1.4, -1)])
def test_a_scale_with_negative_values_begins_lower_and_marks_nought(low, start):
    plot = alpha_scale(0.5, low, 0.75)

    assert plot.start == start
    assert (plot.zero is None) == (start == 0)
    assert plot.low >= 2


@pytest.mark.parametrize(
    ("low", "high", "lead"),
    [(0, 0.2, (2, "start")), (0.4, 0.6, (50, "middle")), (0.9, 1, (98, "end"))],
)
def test_the_words_above_the_scale_stand_within_it(low, high, lead):
    plot = alpha_scale((low + high) / 2, low, high)

    assert (plot.lead, plot.lead_anchor) == lead


def test_shares_stand_along_their_row_and_are_left_out_where_there_are_none():
    plot = shares([(0.0, 1.0), (0.5, None), (None, None)])

    assert [(row.y, row.own, row.others) for row in plot.rows] == [(11, 6, 98), (33, 52, None), (55, None, None)]
    assert plot.height == 66
    assert (plot.rows[0].top, plot.rows[0].foot, plot.rows[0].bottom) == (4, 15, 18)


def test_shares_stand_on_one_scale_with_their_intervals_and_few_sentences_without():
    plot = dot_plot("fact", "Fact", [(5, 10, 0.5, (0.25, 0.75)), (0, 12, 0.0, None), (3, 4, None, (0.1, 0.9))])

    first, none, few = plot.lines
    assert (first.letter, first.low, first.share, first.high, first.text) == ("A", 21.5, 35.0, 48.5, "5 of 10")
    assert (none.share, none.has_interval) == (8.0, False)
    assert (few.share, few.low, few.text) == (None, None, "3 of 4")
    assert [tick.x for tick in plot.ticks] == [8.0, 35.0, 62.0]


def test_twelve_plots_fill_a_sheet_row_by_row_without_touching():
    sheet = Sheet(12, 6)
    plot = dot_plot("fact", "Fact", [(1, 10, 0.1, None)] * 6)

    assert [sheet.place(number)[0] for number in (0, 1, 2, 3)] == [0, 350, 700, 0]
    assert sheet.place(3)[1] > sheet.place(0)[1] + 8 + plot.height
    assert sheet.height > sheet.place(11)[1] + 8 + plot.height + 26
