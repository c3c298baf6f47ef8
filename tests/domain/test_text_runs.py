"""A text in runs: nothing of it is lost, and marks stand where they were said to."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.text_runs import TextRun, text_runs


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6))
def test_runs_are_the_whole_text_in_its_order(text, pairs):
    spans = [(min(pair), min(max(pair), len(text))) for pair in pairs if min(pair) < min(max(pair), len(text))]
    found = text_runs(text, [(start, end, number) for number, (start, end) in enumerate(spans)])

    assert "".join(run.text for run in found) == text
    assert all(run.text for run in found)


def test_marks_stand_at_their_words_and_of_two_that_overlap_the_first_is_shown():
    assert text_runs("one two three", [(8, 13, "c"), (0, 7, "a"), (4, 13, "b")]) == [
        TextRun("one two", "a"),
        TextRun(" "),
        TextRun("three", "c"),
    ]


def test_without_marks_a_text_is_one_run_and_nothing_is_none():
    assert text_runs("one", []) == [TextRun("one")]
    assert text_runs("", []) == []
