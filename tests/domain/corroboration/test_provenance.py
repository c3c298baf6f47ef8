"""What is known of where items came from is told to the rule, row by row of docs/corroboration.md."""

import random

import pytest

from webapp.domain.corroboration import ClaimingArticle, Item, Piece, counted, with_provenance
from webapp.domain.terms import Independence, Stance

INDEPENDENT, _, _, UNKNOWN = Independence
ARTICLE = ClaimingArticle(1, frozenset({"post"}), "2013-10-28")


def piece(id_, outlet=None, published=None, *, article=None, chain=(), **said):
    item = Item(id_, Stance.SUPPORTS, said.pop("independence", INDEPENDENT), **said)
    return Piece(item, frozenset({outlet} - {None}), published, article, chain)


def told(pieces, articles=(ARTICLE,)):
    """The origins and what is derived, by ids."""
    count = counted(*with_provenance(pieces, articles))
    return {tuple(item.id for item in one.items) for one in count.origins}, {item.id for item in count.derived}


@pytest.mark.parametrize(
    ("row", "one", "is_derived"),
    [
        (1, piece("a", article=1), True),  # a sentence of the article
        (2, piece("a", "post", "2013-10-20"), True),
        (2, piece("a", "post", "2013-10-28"), True),
        (2, piece("a", "post", "2013-10"), True),  # not known to be later
        (2, piece("a", "post", None), True),
        (2, piece("a", "post", "2013", article=7), True),
        (2, piece("a", "post", "2013-10-29"), False),
        (2, piece("a", "post", "2013-11"), False),
        (2, piece("a", "post", "2014"), False),
        (2, piece("a", "gulf", "2013-10-20"), False),
        (2, piece("a", None), False),
        (3, piece("a", "gulf", "2013-10-29", article=7, chain=("post", "gulf")), True),
        (3, piece("a", "gulf", "2013-10-29", article=7, chain=("minister", "post", "gulf")), True),
        (3, piece("a", "gulf", "2013-10-29", article=7, chain=("minister", "gulf")), False),
        (3, piece("a", "post", "2013-10-29", article=7, chain=("minister", "post")), False),  # who prints it
    ],
)
def test_what_comes_from_the_article_is_derived(row, one, is_derived):
    assert told([one])[1] == ({"a"} if is_derived else set()), f"row {row}"


def test_of_an_article_without_a_date_no_piece_of_its_outlet_is_known_to_be_later():
    assert told([piece("a", "post", "2020")], [ClaimingArticle(1, frozenset({"post"}))])[1] == {"a"}


def test_every_article_that_makes_or_repeats_the_claim_is_the_article():
    later = ClaimingArticle(2, frozenset({"post"}), "2014")

    assert told([piece("a", "post", "2013-12")], [ARTICLE, later])[1] == {"a"}
    assert told([piece("a", "post", "2013-12")], [])[1] == set()


MINISTER = {"chain": ("minister", "gulf"), "outlet": "gulf", "article": 7}


@pytest.mark.parametrize(
    ("row", "others", "origins"),
    [
        (4, [piece("b", "wire", article=8, chain=("minister", "wire"))], {("a", "b")}),
        (4, [piece("b", "wire", article=8, chain=("aide", "minister", "wire"))], {("a", "b")}),  # passed on
        (4, [piece("b", "wire", article=8, chain=("minister",), origin="his speech")], {("a", "b")}),
        (4, [piece("b", "wire", article=8, chain=("general", "wire"))], {("a",), ("b",)}),
        (
            4,
            [piece("b", "gulf", article=8, chain=("general", "gulf"))],
            {("a",), ("b",)},
        ),  # share who prints them alone
        (4, [piece("b", "wire", article=8, chain=(None, "wire"))], {("a",), ("b",)}),  # words are nobody
        (5, [piece("b", "minister")], {("a", "b")}),
        (5, [piece("b", "minister"), piece("c", "minister")], {("a", "b", "c")}),
        (5, [piece("b", "gulf")], {("a",), ("b",)}),  # who prints it passed nothing on to itself
        (6, [piece("b", "wire", article=8)], {("a",), ("b",)}),  # without a chain
    ],
)
def test_items_that_one_source_said_or_passed_on_are_one_origin(row, others, origins):
    pieces = [piece("a", **MINISTER), *others]
    for _ in range(3):
        random.shuffle(pieces)
        assert told(pieces)[0] == origins, f"row {row}"


def test_words_of_two_chains_tie_nothing():
    assert told([piece("a", chain=(None,)), piece("b", chain=(None,))])[0] == {("a",), ("b",)}


def test_what_an_item_itself_names_holds_beside_what_its_chain_ties():
    pieces = [
        piece("a", **MINISTER, same_origin_as="c"),
        piece("b", **MINISTER, same_origin_as="d"),
        piece("c"),
        piece("d"),
    ]

    assert told(pieces)[0] == {("a", "b", "c", "d")}


def test_what_shares_an_origin_with_something_derived_is_derived_too():
    earlier = piece("b", "post", "2013-10-01", article=8, chain=("minister", "post"))

    assert told([piece("a", **MINISTER), earlier]) == (set(), {"a", "b"})
