"""Which lines of a text are paragraphs, and which belong together because they were hard-wrapped."""

import textwrap
from pathlib import Path

import pytest

from webapp.domain.segmentation import split

SAMPLE = Path(__file__).parents[3] / "seeds" / "000_0b380e8ba8603edd.txt"

STORY = [
    "Senate Rejects the Budget After a Long Night of Talks",
    "By Ann Lee",
    "WASHINGTON (AP) — The Senate rejected the budget on Friday, after a night in which leaders of both parties went "
    "from room to room. It was the third defeat since Jan. 6 for Sen. Mark Hall, R-Ohio, who had promised a deal.",
    "“We were close,” said Gen. Tom Reed, a former aide who is now at Acme Inc. in Springfield, Ill. “Nobody wanted "
    "to be the first to blink, and nobody did.”",
    "Some in the U.S. House were not sad to see the bill fail; others said that it would be back by 5 p.m. Monday, "
    "with few changes. The White House declined to comment.",
]


def sentences(text: str) -> list[str]:
    return [" ".join(text[span.start : span.end].split()) for span in split(text)]


def paragraph_numbers(text: str) -> list[int]:
    return [span.paragraph for span in split(text)]


def test_the_sample_article_has_its_sixteen_sentences() -> None:
    text = SAMPLE.read_bytes().decode("utf-8")

    assert [" ".join(text[span.start : span.end].split()[:3]) for span in split(text)] == [
        "In his four-day",
        "debkafile’s military and",
        "Moscow has its",
        "1. Signing defense",
        "2. Moscow is",
        "3. Major Russian-Iranian",
        "Moscow sees the",
        "These are long",
        "Iran additionally keeps",
        "That is the",
        "Tehran has put",
        "The Iranians also",
        "After Moscow refused",
        "They claim to",
        "The visiting Russian",
        "Especially significant was",
    ]
    assert paragraph_numbers(text) == [1, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10, 10, 11, 11, 12, 12]


def test_each_line_is_a_paragraph_of_its_own_when_lines_are_not_wrapped() -> None:
    text = "\n".join(STORY)

    assert paragraph_numbers(text) == [1, 2, 3, 3, 4, 4, 5, 5]


@pytest.mark.parametrize("width", [60, 72, 80, 100])
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_hard_wrapped_text_has_the_sentences_and_paragraphs_it_had_before(width: int, line_break: str) -> None:
    wrapped = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in STORY).replace("\n", line_break)

    assert sentences(wrapped) == sentences("\n".join(STORY))
    assert paragraph_numbers(wrapped) == paragraph_numbers("\n".join(STORY))


@pytest.mark.parametrize("width", [60, 72, 80, 100])
def test_hard_wrapped_text_needs_no_blank_lines(width: int) -> None:
    wrapped = "\n".join(textwrap.fill(paragraph, width) for paragraph in STORY)

    assert sentences(wrapped) == sentences("\n".join(STORY))


def test_wrapped_paragraphs_may_begin_with_an_indent_instead_of_a_blank_line() -> None:
    wrapped = "\n".join(textwrap.fill(paragraph, 72, initial_indent="    ") for paragraph in STORY)

    assert sentences(wrapped) == sentences("\n".join(STORY))


def test_wrapped_text_full_of_names_is_still_wrapped() -> None:
    names = (
        "Ms. Harris has not met Mr. Xi. The Hezbollah chief, Sheikh Hassan Nasrallah, said: “We will respond.” "
        "Israel's Prime Minister Benjamin Netanyahu told CNN's Jake Tapper that Gen. Herzi Halevi and Defense Minister "
        "Yoav Gallant had left Jerusalem for Tel Aviv. U.S. Secretary of State Antony Blinken and French President "
        "Emmanuel Macron met Jordan's King Abdullah in Amman, where Egypt's Foreign Minister Sameh Shoukry joined them."
    )

    assert len(split(textwrap.fill(names, 72))) == len(split(names)) == 4


def test_a_ragged_right_edge_is_still_wrapped() -> None:
    text = (
        "The committee met on Monday for the first time since the summer\n"
        "and heard from three witnesses who had been in the\n"
        "building on the night of the fire, none of whom had been asked\n"
        "about it before by any other court or office. Nobody spoke."
    )

    assert len(split(text)) == 2


def test_verse_and_columns_of_names_are_not_wrapped_text() -> None:
    verse = "The river rose before the dawn could break\nThe bells had rung for all to wake\nAnd no one came"
    names = "Springfield\nShelbyville\nOgdenville\nNorth Haverbrook"

    assert paragraph_numbers(verse) == [1, 2, 3]
    assert paragraph_numbers(names) == [1, 2, 3, 4]


def test_a_short_headline_above_wrapped_text_stands_alone() -> None:
    text = "Senate rejects budget\n" + textwrap.fill(STORY[2], 72)

    assert sentences(text)[0] == "Senate rejects budget"


def test_wrapped_list_items_are_paragraphs_of_their_own() -> None:
    text = (
        "The agreement that was signed in the capital on Monday has three parts:\n"
        "1. The border stays closed until the talks are over, which the two\n"
        "governments expect to take a year.\n"
        "2. Prisoners go home. Nobody knows how many there are, or where they\n"
        "are held.\n"
        "• The army leaves the valley before the winter comes, and the police\n"
        "take over from it.\n"
    )

    assert [sentence.split()[0] for sentence in sentences(text)] == ["The", "1.", "2.", "Nobody", "•"]
    assert paragraph_numbers(text) == [1, 2, 3, 3, 4]


def test_a_dash_or_number_that_happens_to_begin_a_wrapped_line_is_no_item() -> None:
    text = (
        "The old bridge over the river was opened in the spring of that year (1700\n"
        "– 1782) and stood until the flood, when the last of its arches was swept\n"
        "away and never found again by any of those who lived on its banks (pages\n"
        "14) or who had a shop on it, and nobody built it up until the king came\n"
        "and told them to."
    )

    assert len(split(text)) == 1


def test_a_marker_alone_on_its_line_belongs_to_the_next() -> None:
    assert sentences("•\nFlour\n•\nSalt\n1.\nBoil the water.") == ["• Flour", "• Salt", "1. Boil the water."]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\n\n", "\u2028", "\u2029", "\f", "\r\n\r\n"])
def test_every_kind_of_line_break_ends_a_paragraph(line_break: str) -> None:
    text = f"Storm hits coast{line_break}By Ann Lee{line_break}It rained. It blew."

    assert sentences(text) == ["Storm hits coast", "By Ann Lee", "It rained.", "It blew."]
    assert paragraph_numbers(text) == [1, 2, 3, 3]


def test_a_stem_that_ends_in_a_colon_is_a_sentence() -> None:
    assert sentences("They agreed on this:\n- to stop\n- to talk") == ["They agreed on this:", "- to stop", "- to talk"]


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "\u200b\ufeff\r\n\xa0", "\t\v\f\x85\u2028"])
def test_a_text_with_nothing_to_read_has_no_sentences(text: str) -> None:
    assert split(text) == []


def test_a_word_broken_at_the_end_of_a_narrow_line_goes_on_in_the_next() -> None:
    text = (
        "The govern-\nment said on\nMonday that it\nwould not pay\nfor the dam-\nage. The oppo-\nsition said it\n"
        "was not sur-\nprised."
    )
    assert [text[start:end].split()[0] for start, end, _ in split(text)] == ["The", "The"]
    assert len(split("Bring:\nPen and paper\nFirst-\nAid kit")) == 4
