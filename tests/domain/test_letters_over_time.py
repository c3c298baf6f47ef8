"""The step line of a source's letters."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.plots import FIRST_X, LAST_X, LETTERS, letters_over_time

TODAY = date(2026, 11, 27)


def plot(*letters):
    found = letters_over_time(letters, TODAY)
    assert found is not None
    return found


def test_without_a_rating_there_is_no_plot():
    assert letters_over_time([], TODAY) is None


def test_a_letter_is_held_until_the_next_one_and_the_last_one_to_the_end():
    found = plot(("2013-03", "C"), ("2013-10-28", "D"), ("2026-11-03", "C"))

    assert [(one.letter, one.y) for one in found.held] == [("C", 76), ("D", 104), ("C", 76)]
    assert [one.x2 for one in found.held] == [found.held[1].x1, found.held[2].x1, LAST_X]
    assert found.held[0].x1 == FIRST_X
    assert [(riser.y1, riser.y2) for riser in found.risers] == [(76, 104), (104, 76)]


def test_no_step_leads_to_f_or_from_it():
    found = plot(("2020", "F"), ("2021", "B"), ("2022", "A"), ("2023", "F"))

    assert [one.is_apart for one in found.held] == [True, False, False, True]
    assert [(riser.y1, riser.y2) for riser in found.risers] == [(48, 20)]


def test_the_same_letter_again_needs_no_step():
    assert plot(("2020", "B"), ("2021", "B")).risers == ()


def test_a_partial_date_counts_from_its_beginning_and_shows_how_long_it_may_be():
    year, month, day = plot(("2016", "A"), ("2018-02", "B"), ("2020-02-29", "C")).given

    assert year.x == FIRST_X
    assert year.until - year.x > 11 * (month.until - month.x) > 0
    assert day.until == day.x


def test_the_first_day_may_be_today():
    found = plot(("2026-11-27", "B"))

    assert (found.held[0].x1, found.held[0].x2) == (FIRST_X, FIRST_X)
    assert [tick.text for tick in found.ticks] == ["Nov 2026"]


def test_a_day_to_come_ends_the_plot():
    assert plot(("2025", "B"), ("2030-01-01", "C")).held[-1].x2 == LAST_X


def test_years_stand_below_it_or_months_where_there_are_few():
    assert [tick.text for tick in plot(("2013-03", "C")).ticks] == ["2013", "2016", "2019", "2022", "2025"]
    assert [tick.text for tick in plot(("2026-02", "C")).ticks] == ["Feb 2026", "Nov 2026"]


@given(
    st.lists(
        st.tuples(
            st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from([4, 7, 10]), st.sampled_from("ABCDEF")
        ),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_was_given_nothing_stands_outside_the_plot(ratings):
    ordered = sorted((day.isoformat()[:length], letter) for day, length, letter in ratings)
    found = plot(*ordered)

    places = [x for one in found.held for x in (one.x1, one.x2)] + [one.until for one in found.given]
    assert all(FIRST_X <= x <= LAST_X for x in places + [tick.x for tick in found.ticks])
    assert all(one.x1 <= one.x2 for one in found.held)
    assert {one.y for one in found.held} <= set(LETTERS.values())
    assert len(found.ticks) <= 5
