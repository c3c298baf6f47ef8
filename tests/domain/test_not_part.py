"""What looks as if it were no part of an article is proposed; what reads like prose is not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.not_part import proposed
from webapp.domain.segmentation import split
from webapp.domain.terms import NotPart

SEEDS = Path(__file__).parents[2] / "seeds"
MARKS = {"b": NotPart.BYLINE, "c": NotPart.CAPTION, "r": NotPart.TABLE_ROW, "o": NotPart.OTHER, "-": None}


def proposals(text):
    """By its words, what each sentence looks like."""
    spans = split(text)
    found = proposed(text, spans)
    return {text[span.start : span.end]: found.get(n) for n, span in enumerate(spans)}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("By Ann Bee", NotPart.BYLINE),
        ("By Ann Bee and Cy Dee, Staff Writers", NotPart.BYLINE),
        ("BY ANN BEE | Oct. 22, 2013", NotPart.BYLINE),
        ("By Reuters", NotPart.BYLINE),
        ("Von Jan de Vries", NotPart.BYLINE),
        ("Ann Bee, Science Editor", NotPart.BYLINE),
        ("Reporting by Ann Bee in Kells; Editing by Cy Dee", NotPart.BYLINE),
        ("(Additional reporting by Ann Bee.)", NotPart.BYLINE),
        ("Translated by Ann Bee", NotPart.BYLINE),
        ("Ann Bee and Cy Dee contributed to this report.", NotPart.BYLINE),
        ("TEHRAN, Oct 22 (Reuters) -", NotPart.BYLINE),
        ("TEHRAN —", NotPart.BYLINE),
        ("Published 12 May 2021 at 10:14", NotPart.BYLINE),
        ("2013-10-22", NotPart.BYLINE),
        ("Photo: Ann Bee / AFP", NotPart.CAPTION),
        ("(Photo by Ann Bee)", NotPart.CAPTION),
        ("Photo: A man walks his dog in Kells", NotPart.CAPTION),
        ("A man walks his dog in Kells. Image: Ann Bee / Reuters", NotPart.CAPTION),
        ("A man walks his dog in Kells (Ann Bee/Getty Images)", NotPart.CAPTION),
        ("FILE PHOTO: A ship lies at anchor, May 3, 2012. REUTERS/Ann Bee", NotPart.CAPTION),
        ("Image courtesy of NASA", NotPart.CAPTION),
        ("© Ann Bee", NotPart.CAPTION),
        ("Advertisement", NotPart.OTHER),
        ("Read more: What the vote means", NotPart.OTHER),
        ("Sign up for our weekly newsletter", NotPart.OTHER),
        ("© 2021 Kells Post. All rights reserved.", NotPart.OTHER),
        ("Follow us on Facebook", NotPart.OTHER),
    ],
)
def test_a_line_that_is_a_byline_a_caption_or_a_notice_is_proposed_as_such(line, why):
    found = proposals(f"The council met on Monday.\n\n{line}\n\nIt voted on Tuesday.")
    (_, before), *inside, (_, after) = found.items()

    assert (before, after) == (None, None)
    assert {what for _, what in inside} == {why}, found


@pytest.mark.parametrize(
    "prose",
    [
        "By Friday, the boats had left.",
        "By New York standards it is cheap.",
        "By contrast, Iran gave in.",
        "Reporting by the paper showed that repairs were put off.",
        "Edited by two judges, the report comes out in June.",
        "Staff shortages contributed to this report of losses.",
        "Photo editors left the paper.",
        "The photo by a bystander was shared widely.",
        "The image: a man alone on a bridge.",
        "“Sign up for our newsletter,” he said.",
        "Subscribe to that view, and the rest follows.",
        "Advertisement revenue fell.",
        "Related: the share price fell on Monday.",
        "Read more books, the minister said.",
        "Copyright law protects it.",
        "It began on May 3, 2012.",
        "Ann Bee, the editor of the paper, resigned.",
        "This article of the treaty was first signed in 1968.",
        "Share prices rose.",
    ],
)
def test_what_reads_like_prose_is_left_alone(prose):
    assert set(proposals(f"One came.\n\n{prose}\n\nTwo went.").values()) == {None}


def test_a_byline_may_open_a_line_and_what_follows_it_is_left_alone():
    assert proposals("By Ann Bee. One came. Two went.") == {
        "By Ann Bee.": NotPart.BYLINE,
        "One came.": None,
        "Two went.": None,
    }


def test_rows_are_lines_with_as_many_cells_as_a_neighbour_has():
    found = proposals("Prices rose.\n\nYear\tWheat\tOats\n\n2019\t4\t5\n\n2020\t5\t6\n\nA | row | left | alone")

    assert list(found.values()) == [None, *[NotPart.TABLE_ROW] * 3, None]


def test_nothing_is_proposed_in_the_articles_that_come_with_the_app():
    texts = [*SEEDS.glob("*.txt"), *(SEEDS / "demo").glob("*.txt")]

    assert len(texts) == 9
    assert [words for text in texts for words, why in proposals(text.read_text("utf-8")).items() if why] == []


def test_texts_that_the_rules_were_not_written_on_show_how_many_they_find():
    """The figures stand in docs/method.md."""
    told = {"found": 0, "of another kind": 0, "missed": 0, "wrong": 0, "prose": 0}
    for article in (Path(__file__).parent / "not_part.txt").read_text("utf-8").split("\n\n"):
        lines = [line.partition("\t")[::2] for line in article.splitlines() if not line.startswith("#")]
        text = "\n\n".join(words for _, words in lines)
        starts = {text.index(words): mark for mark, words in lines}
        spans = split(text)
        found = proposed(text, spans)
        for n, span in enumerate(spans):
            wanted, got = MARKS[starts[max(start for start in starts if start <= span.start)]], found.get(n)
            told[_standing(wanted, got)] += 1

    assert told == {"found": 53, "of another kind": 1, "missed": 3, "wrong": 1, "prose": 43}


def _standing(wanted, got):
    if wanted is None:
        return "wrong" if got else "prose"
    return "missed" if got is None else "found" if got is wanted else "of another kind"


LINES = st.sampled_from(
    ["By Ann Bee", "One came.", "a\tb\tc", "Photo: Ann Bee", "Advertisement", "(", "©", "1 | 2 | 3", ""]
)


@given(st.lists(LINES | st.text(max_size=30), max_size=8))
def test_whatever_the_text_proposals_are_among_its_sentences_and_the_same_each_time(lines):
    text = "\n".join(lines)
    spans = split(text)
    found = proposed(text, spans)

    assert set(found) <= set(range(len(spans)))
    assert found == proposed(text, spans)


@given(st.text("abcdefg ,’", max_size=300))
def test_words_without_capitals_digits_and_marks_are_prose(words):
    spans = split(words)

    assert proposed(words, spans) == {}
