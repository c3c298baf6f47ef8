"""The bar code: nothing sticks out, nothing overlaps, and each tag has a shape of its own."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.barcode import HEIGHT, Bar, pieces
from webapp.domain.terms import Tag

BARS = st.lists(
    st.builds(Bar, st.integers(1, 2_000), st.integers(0, 3), st.sampled_from([*Tag, None]), st.booleans()), max_size=60
)


@given(BARS)
def test_all_pieces_lie_within_the_picture_and_in_the_order_of_reading(bars):
    found = pieces(bars)
    for piece in found:
        assert piece.width > 0
        assert piece.x >= -0.01
        assert piece.x + piece.width <= 100.01
        assert 0 <= piece.y < piece.y + piece.height <= HEIGHT
    assert [piece.x for piece in found] == sorted(piece.x for piece in found)
    for before, after in pairwise(found):
        assert after.x == before.x or after.x >= before.x + before.width - 0.01


def test_nothing_is_drawn_of_nothing():
    assert pieces([]) == []


def test_each_tag_has_a_shape_of_its_own():
    shapes = {}
    for tag in [*Tag, None]:
        found = [(piece.y, piece.height, piece.radius) for piece in pieces([Bar(50, 0, tag)])]
        shapes[tag] = (tuple(sorted(set(found))), len(found) > 2)

    assert len(set(shapes.values())) == len(shapes)


def test_a_sentence_is_as_wide_as_it_is_long():
    one, other = pieces([Bar(10, 0, Tag.FACT), Bar(30, 0, Tag.FACT)])

    assert abs(other.width / one.width - 3) < 0.01


def test_two_thousand_sentences_leave_most_of_the_width_to_sentences():
    found = pieces([Bar(80, n // 4, Tag.FACT) for n in range(2_000)])

    assert sum(piece.width for piece in found) > 60
