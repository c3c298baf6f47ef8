"""Strips: the tags of an article in at most sixty cells."""

import pytest

from webapp.domain.strip import MOST_CELLS, drawn, strip_of, told
from webapp.domain.terms import Tag


@pytest.mark.parametrize(
    ("tags", "strip"),
    [
        ([], ""),
        ([Tag.FACT, Tag.ATTRIBUTION, Tag.SPECULATION, Tag.OPINION, Tag.NOT_CODABLE, None], "FASON."),
        ([Tag.FACT] * MOST_CELLS, "F" * MOST_CELLS),
        ([Tag.FACT] * 59 + [None] * 61, "F" * 29 + "F" + "." * 30),
        ([Tag.OPINION, Tag.FACT] * MOST_CELLS, "O" * MOST_CELLS),
    ],
)
def test_each_sentence_is_a_cell_and_of_many_each_sixtieth(tags, strip):
    assert strip_of(tags) == strip


def test_a_strip_never_has_more_than_sixty_cells():
    for count in (61, 119, 121, 2_000):
        assert len(strip_of([None] * count)) == MOST_CELLS


def test_cells_are_drawn_by_tag_and_strips_stand_below_each_other():
    paths = {one.tag: one.path for one in drawn(["FO", "F."])}

    assert paths == {"FACT": "M0 5h297M0 15h297", "OPINION": "M300 5h297", "none": "M300 15h297"}


def test_neighbours_alike_are_one_line_where_cells_are_fine():
    [fact, opinion] = drawn(["F" * 40 + "O" * 20])

    assert (fact.path, opinion.path) == ("M0 5h397", "M400 5h197")
    assert drawn(["FF"])[0].path.count("M") == 2


def test_a_drawing_says_the_same_in_words():
    assert told(["FFO.", "F..."]) == "3 Fact, 1 Opinion, 4 untagged"
