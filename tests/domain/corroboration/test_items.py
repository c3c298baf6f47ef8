"""A table of evidence is read whole, or refused with the line at fault."""

import pytest

from webapp.domain.corroboration import as_json, counted, read
from webapp.domain.errors import BadEvidence
from webapp.domain.terms import Covers, Credibility, Reliability, Stance

HEADER = "claim,item,stance,independence,same_origin_as,source_reliability,information_credibility,covers\n"


def test_an_item_holds_every_field_and_an_empty_cell_is_not_recorded():
    [items] = read(HEADER + "c,a,supports,independent,b,E,5,part\nc,b,refutes,unknown,,,,\n").values()

    assert vars(items[0]) == {
        "id": "a",
        "stance": Stance.SUPPORTS,
        "independence": "independent",
        "origin": None,
        "same_origin_as": "b",
        "reliability": Reliability.E,
        "credibility": Credibility.IMPROBABLE,
        "covers": Covers.PART,
    }
    assert items[1].covers is items[1].same_origin_as is items[1].reliability is None


def test_items_belong_to_their_claim_and_a_claim_may_have_none():
    claims = read(b"item,claim,independence,stance,extra\na,1,unknown,supports,x\na,2,unknown,refutes,\n,3,,,\n")

    assert {claim: [item.id for item in items] for claim, items in claims.items()} == {"1": ["a"], "2": ["a"], "3": []}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("c,a,backs,unknown,,,,", "Line 2: “stance” is one of supports, refutes, neutral, observing; got “backs”."),
        ("c,a,supports,none,,,,", "Line 2: “independence” is one of"),
        ("c,a,supports,,,,,", "Line 2: “independence” is empty."),
        ("c,a,,unknown,,,,", "Line 2: “stance” is empty."),
        ("c,,supports,unknown,,,,", "Line 2: “item” is empty."),
        (",a,supports,unknown,,,,", "Line 2: “claim” is empty."),
        ("c,a,supports,unknown,,G,,", "Line 2: “source_reliability” is one of A, B, C, D, E, F; got “G”."),
        ("c,a,supports,unknown,,,7,", "Line 2: “information_credibility” is one of"),
        ("c,a,supports,unknown,,,,all", "Line 2: “covers” is one of whole, part; got “all”."),
        ("c,a,supports,unknown,a,,,", "Line 2: “a” names itself in “same_origin_as”."),
        ("c,a,supports,unknown,b,,,", "Line 2: “same_origin_as” names “b”, no item of this claim."),
        ("d,b,supports,unknown,,,,\nc,a,supports,unknown,b,,,", "Line 3: “same_origin_as” names “b”"),
        ("c,a,supports,unknown,,,,\nc,a,refutes,unknown,,,,", "Line 3: the claim has an item “a” already."),
        ("c,a,supports", "Line 2: 3 cells where the header has 8."),
        ('c,"a,supports', "Line 2: this is not valid CSV"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(rows, sentence):
    with pytest.raises(BadEvidence) as refused:
        read(HEADER + rows)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The file is empty."),
        (b"\xff\xfe", "The file is not UTF-8"),
        ("claim,item\n", "Line 1: there is no column “stance”"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(content, sentence):
    with pytest.raises(BadEvidence, match=sentence):
        read(content)


def test_ten_thousand_items_of_one_origin_are_counted():
    rows = "".join(f"c,i{n},supports,same_origin,i{n - 1 if n else 9999},,,\n" for n in range(10_000))
    [items] = read(HEADER + rows).values()

    assert as_json(counted(items))["n_origins"] == 1
