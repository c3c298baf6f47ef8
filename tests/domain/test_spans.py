"""Trimming spans and proving that spans make up a whole text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain import spans as of_spans
from webapp.domain.spans import INVISIBLE, Lifetime, Span, first_broken, trim, why_broken

FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize("char", list(" \t\n\r\v\f\x85\xa0\u1680\u2003\u2028\u2029\u202f\u3000"))
def test_white_space_is_invisible(char: str) -> None:
    assert char in INVISIBLE


@pytest.mark.parametrize("char", list("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
def test_characters_without_width_are_invisible(char: str) -> None:
    assert char in INVISIBLE


@pytest.mark.parametrize("char", list("a.“」\x1c\x93\u0301\ufe0f\u180e\ud800"))
def test_anything_else_is_visible(char: str) -> None:
    assert char not in INVISIBLE


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("  He left. \n", "He left."),
        ("\ufeffHe left.\u200b\u00ad", "He left."),
        ("He\u00a0left.", "He\u00a0left."),
        (" \u200b\n", ""),
        ("", ""),
        ("\u200d", ""),
        (f" {FAMILY} ", FAMILY),
        ("❤\ufe0f ", "❤\ufe0f"),
        ("👨\u200d ", "👨\u200d"),
        ("❤\ufe0f\u200d\u200d", "❤\ufe0f\u200d"),
        ("\u200d👨", "👨"),
        ("क्\u200d", "क्"),
    ],
)
def test_trimming_keeps_what_is_seen_and_the_joiners_of_emoji(text: str, visible: str) -> None:
    start, end = trim(text, 0, len(text))

    assert text[start:end] == visible


def test_trimming_looks_only_inside_the_span() -> None:
    assert trim("He  left.", 2, 5) == (4, 5)
    assert trim("He  left.", 2, 4) == (4, 4)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        (" \n\u200b", []),
        ("He left.", [Span(0, 8, 1)]),
        (" He left.\u00a0She did. ", [Span(1, 9, 1), Span(10, 18, 1)]),
        ("左。右。", [Span(0, 2, 1), Span(2, 4, 1)]),
        (f"Hi {FAMILY} Bye", [Span(0, 8, 1), Span(9, 12, 1)]),
    ],
)
def test_spans_that_leave_out_nothing_visible_are_whole(text: str, spans: list[Span]) -> None:
    assert why_broken(text, spans) is None


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        ([], "The text from 0 to 18 is in no sentence."),
        ([Span(0, 8, 1)], "The text from 9 to 18 is in no sentence."),
        ([Span(9, 18, 1)], "The text from 0 to 8 is in no sentence."),
        ([Span(0, 3, 1), Span(9, 18, 1)], "The sentence at 0 has invisible characters at its edges."),
        ([Span(0, 8, 1), Span(13, 18, 1)], "The text from 9 to 12 is in no sentence."),
        ([Span(0, 8, 1), Span(8, 18, 1)], "The sentence at 8 has invisible characters at its edges."),
        ([Span(0, 12, 1), Span(9, 18, 1)], "The sentence at 9 begins before the one ahead of it ends at 12."),
        ([Span(9, 18, 1), Span(0, 8, 1)], "The text from 0 to 8 is in no sentence."),
        ([Span(0, 8, 1), Span(9, 9, 1)], "The sentence at 9 is empty or ends outside the text, at 9 of 18."),
        ([Span(0, 8, 1), Span(9, 19, 1)], "The sentence at 9 is empty or ends outside the text, at 19 of 18."),
        ([Span(-8, 8, 1)], "The sentence at -8 begins before the one ahead of it ends at 0."),
    ],
)
def test_broken_spans_are_told_with_their_offset(spans: list[Span], reason: str) -> None:
    assert why_broken("He left. She came.", spans) == reason


def test_an_emoji_must_not_be_cut_at_its_joiner() -> None:
    assert why_broken("👨\u200d👩", [Span(0, 1, 1), Span(2, 3, 1)]) == "The sentence at 0 ends inside an emoji, at 1."


# ---- at every version of a split


def first_by_looking_at_each(text: str, sentences: list[Lifetime], newest: int) -> tuple[int, str] | None:
    for version in range(1, newest + 1):
        if fault := why_broken(text, (one.span for one in sentences if one.is_alive_in(version))):
            return version, fault
    return None


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[Lifetime], int]:
    """A text whose words are sentences, some of them merged and parted again, and perhaps one row that is off."""
    text = draw(st.text(st.sampled_from("ab.🚢\u200d \n"), max_size=16))
    words = [
        at for at, char in enumerate(text) if trim(char, 0, 1) == (0, 1) and (at == 0 or text[at - 1] in INVISIBLE)
    ]
    ends = [trim(text, start, until) for start, until in zip(words, [*words, len(text)][1:], strict=True)]
    alive = [Lifetime(Span(start, end, 1), 1, None) for start, end in ends if start < end]
    gone: list[Lifetime] = []
    newest = draw(st.integers(1, 5)) if alive else 1
    for version in range(2, newest + 1):
        first = draw(st.integers(0, len(alive) - 1))
        last = draw(st.integers(first, min(len(alive) - 1, first + 2)))
        old = alive[first : last + 1]
        gone += [one._replace(retired_in=version) for one in old]
        start, end = old[0].span.start, old[-1].span.end
        cuts = sorted(draw(st.sets(st.integers(start, end), max_size=2)))
        parts = [trim(text, *part) for part in zip([start, *cuts], [*cuts, end], strict=True)]
        alive[first : last + 1] = [Lifetime(Span(*part, 1), version, None) for part in parts if part[0] < part[1]]
    rows = alive + gone
    if rows and draw(st.booleans()):
        at = draw(st.integers(0, len(rows) - 1))
        (start, end, _), added_in, retired_in = rows[at]
        off = st.integers(0, 2)
        rows[at] = Lifetime(
            Span(start + draw(off), end + draw(st.integers(-1, 1)), 1),
            added_in + draw(off),
            draw(st.sampled_from([retired_in, None, newest])),
        )
    return text, sorted(rows, key=lambda one: one.span), newest


@given(histories())
def test_the_first_broken_version_is_the_one_found_by_looking_at_each(history: tuple[str, list[Lifetime], int]) -> None:
    assert first_broken(*history) == first_by_looking_at_each(*history)


def test_many_repairs_of_one_text_are_proved_by_what_each_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other, whole = Span(0, 2, 1), Span(3, 5, 1), Span(0, 5, 1)
    rows = [Lifetime(Span(6 + 3 * n, 8 + 3 * n, 1), 1, None) for n in range(1_000)]
    for version in range(1, 1_001, 2):
        rows += [Lifetime(one, version, version + 1), Lifetime(other, version, version + 1)]
        rows.append(Lifetime(whole, version + 1, version + 2))
    looked_at = []
    fault_at_edges = of_spans._fault_at_edges
    monkeypatch.setattr(of_spans, "_fault_at_edges", lambda *of: looked_at.append(of) or fault_at_edges(*of))

    assert first_broken("A. " * 1_002, sorted(rows), 1_001) == (1_001, "The text from 0 to 5 is in no sentence.")
    assert len(looked_at) < 6_000
