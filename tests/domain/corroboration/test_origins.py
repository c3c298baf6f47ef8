"""Origins are counted by the rule of docs/corroboration.md, row by row, whatever the order of the items."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.corroboration import Item, counted, origin_key, proposed
from webapp.domain.terms import CorroborationStatus, Covers, Credibility, Independence, Reliability, Stance

SUPPORTS, REFUTES, NEUTRAL, OBSERVING = Stance
INDEPENDENT, SAME, DERIVED, UNKNOWN = Independence
Status = CorroborationStatus


def item(id_, stance=SUPPORTS, independence=UNKNOWN, **fields):
    return Item(id_, stance, independence, **fields)


def ids(count):
    return [[one.id for one in origin.items] for origin in count.origins]


def sides(count):
    return (
        count.independent_supporting,
        count.independent_refuting,
        count.unknown_supporting,
        count.unknown_refuting,
    )


# ---- the proposal, row by row

FOR, AGAINST = item("for", SUPPORTS, INDEPENDENT), item("against", REFUTES, INDEPENDENT)
FOR_UNKNOWN, AGAINST_UNKNOWN = item("for?", SUPPORTS), item("against?", REFUTES)
PART = item("part", SUPPORTS, INDEPENDENT, covers=Covers.PART)


@pytest.mark.parametrize(
    ("row", "items", "status"),
    [
        (1, [], Status.NOT_STARTED),
        (2, [FOR, AGAINST], Status.CONTESTED),
        (2, [FOR, AGAINST_UNKNOWN], Status.CONTESTED),
        (2, [FOR_UNKNOWN, AGAINST], Status.CONTESTED),
        (2, [PART, AGAINST_UNKNOWN], Status.CONTESTED),
        (3, [AGAINST], Status.CONTRADICTED),
        (3, [AGAINST, AGAINST_UNKNOWN], Status.CONTRADICTED),
        (4, [FOR], Status.CORROBORATED),
        (4, [FOR, PART, FOR_UNKNOWN], Status.CORROBORATED),
        (5, [PART], Status.PARTIALLY_CORROBORATED),
        (5, [PART, FOR_UNKNOWN], Status.PARTIALLY_CORROBORATED),
        (6, [FOR_UNKNOWN, AGAINST_UNKNOWN], Status.CONTESTED),
        (7, [FOR_UNKNOWN], Status.PARTIALLY_CORROBORATED),
        (8, [AGAINST_UNKNOWN], Status.UNCORROBORATED),
        (9, [item("a", NEUTRAL, INDEPENDENT)], Status.UNCORROBORATED),
        (9, [item("a", OBSERVING, INDEPENDENT)], Status.UNCORROBORATED),
        (9, [item("a", SUPPORTS, DERIVED)], Status.UNCORROBORATED),
        (9, [item("a", SUPPORTS, INDEPENDENT, reliability=Reliability.E)], Status.UNCORROBORATED),
        (9, [item("a", SUPPORTS, origin="x"), item("b", REFUTES, origin="X.")], Status.UNCORROBORATED),
    ],
)
def test_each_row_of_the_table_proposes_its_status(row, items, status):
    assert proposed(counted(items)).status is status, f"row {row}"


def test_a_reason_says_where_it_goes_beyond_the_codebook():
    both_known = proposed(counted([FOR, AGAINST])).reason
    one_known = proposed(counted([FOR, AGAINST_UNKNOWN])).reason
    none_known = proposed(counted([FOR_UNKNOWN, AGAINST_UNKNOWN])).reason

    assert "codebook" not in both_known
    assert "the refuting side has none that is known to be" in one_known
    assert "the supporting and the refuting side have none that are known to be" in none_known


def test_a_reason_names_what_was_left_out():
    mixed = [item("a", SUPPORTS, origin="x"), item("b", REFUTES, origin="x")]
    reason = proposed(
        counted([*mixed, item("c", SUPPORTS, DERIVED), item("d", SUPPORTS, credibility=Credibility.IMPROBABLE)])
    ).reason

    assert "1 origin told both ways" in reason
    assert "1 origin not credible (E or 5)" in reason
    assert "1 item derived from the article" in reason


def test_what_only_unknown_reports_refute_is_said_to_be_refuted():
    assert "it is refuted" in proposed(counted([AGAINST_UNKNOWN])).reason.lower()


# ---- the three cases


def test_copies_of_one_report_are_one_origin_and_what_comes_from_the_article_is_none():
    count = counted(
        [item("A", SUPPORTS, INDEPENDENT), item("B", SUPPORTS, SAME, same_origin_as="A"), item("C", SUPPORTS, DERIVED)]
    )

    assert (count.n_items, count.n_origins, sides(count)) == (3, 1, (1, 0, 0, 0))
    assert [one.id for one in count.derived] == ["C"]
    assert proposed(count).status is Status.CORROBORATED


def test_one_origin_told_both_ways_counts_for_neither_side():
    count = counted(
        [
            item("A", SUPPORTS, origin="Ministry briefing, 4 June"),
            item("B", REFUTES, origin="ministry briefing, 4 june."),
        ]
    )

    assert (count.n_origins, sides(count)) == (1, (0, 0, 0, 0))
    assert proposed(count).status is Status.UNCORROBORATED


def test_an_improbable_item_makes_no_side():
    count = counted(
        [item("A", SUPPORTS, INDEPENDENT, credibility=Credibility.IMPROBABLE), item("B", REFUTES, INDEPENDENT)]
    )

    assert sides(count) == (0, 1, 0, 0)
    assert proposed(count).status is Status.CONTRADICTED


# ---- what joins


def test_being_derived_is_passed_on_along_same_origin_in_both_directions_but_not_by_equal_words():
    count = counted(
        [
            item("a", same_origin_as="b"),
            item("b", same_origin_as="c"),
            item("c", SUPPORTS, DERIVED, origin="wire"),
            item("d", origin="wire"),
            item("e", same_origin_as="a"),
        ]
    )

    assert [one.id for one in count.derived] == ["a", "b", "c", "e"]
    assert ids(count) == [["d"]]


def test_a_ring_is_one_origin():
    assert ids(
        counted([item("a", same_origin_as="b"), item("b", same_origin_as="c"), item("c", same_origin_as="a")])
    ) == [["a", "b", "c"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wire, 4 June", "wire,  4 june!"),
        ("«Reuters»", "reuters"),
        ("ﬁle", "FILE"),
        ("a\u00a0b", "A b"),
        ("straße", "STRASSE"),
    ],
)
def test_origins_of_the_same_words_are_one(one, other):
    assert origin_key(one) == origin_key(other) != ""


@pytest.mark.parametrize("nothing", ["", "  ", "...", " – ", "“”"])
def test_an_origin_without_words_equals_nothing(nothing):
    assert ids(counted([item("a", origin=nothing), item("b", origin=nothing)])) == [["a"], ["b"]]


def test_an_origin_is_credible_as_long_as_one_item_of_its_side_is():
    poor = {"reliability": Reliability.E}
    assert counted([item("a", origin="x", **poor), item("b", origin="x")]).unknown_supporting == 1
    assert counted([item("a", origin="x", **poor), item("b", NEUTRAL, origin="x")]).unknown_supporting == 0


@pytest.mark.parametrize("harmless", [{"reliability": Reliability.F}, {"credibility": Credibility.CANNOT_BE_JUDGED}])
def test_no_basis_for_a_judgement_says_nothing_against_an_origin(harmless):
    assert counted([item("a", **harmless)]).unknown_supporting == 1


def test_the_whole_claim_is_covered_by_any_supporting_item_of_an_origin():
    incredible = item("b", SUPPORTS, origin="x", reliability=Reliability.E)
    part = item("a", SUPPORTS, INDEPENDENT, origin="x", covers=Covers.PART)

    assert proposed(counted([part, incredible])).status is Status.CORROBORATED
    assert proposed(counted([part, item("b", NEUTRAL, origin="x")])).status is Status.PARTIALLY_CORROBORATED


# ---- for all records


@st.composite
def records(draw):
    names = [f"i{number}" for number in range(draw(st.integers(0, 7)))]
    return [
        Item(
            name,
            draw(st.sampled_from(Stance)),
            draw(st.sampled_from(Independence)),
            draw(st.sampled_from([None, "Wire", "wire.", "briefing", "…"])),
            draw(st.sampled_from([None, *(other for other in names if other != name)])),
            draw(st.sampled_from([None, *Reliability])),
            draw(st.sampled_from([None, *Credibility])),
            draw(st.sampled_from([None, *Covers])),
        )
        for name in names
    ]


@given(records(), st.randoms())
def test_the_order_of_items_never_matters(items, random):
    shuffled = items[:]
    random.shuffle(shuffled)

    assert counted(shuffled) == counted(items)
    assert proposed(counted(shuffled)) == proposed(counted(items))


@given(records())
def test_every_item_is_in_one_origin_or_derived(items):
    count = counted(items)

    assert sorted([*(one for origin in ids(count) for one in origin), *(one.id for one in count.derived)]) == sorted(
        one.id for one in items
    )


@given(records())
def test_the_count_is_that_of_the_rule_read_word_by_word(items):
    """The same rule by brute force: reachability by repeated sweeps, then the table as it is printed."""
    near = {
        one.id: {two.id for two in items if one.same_origin_as == two.id or two.same_origin_as == one.id}
        for one in items
    }
    derived = {one.id for one in items if one.independence is DERIVED}
    while more := {name for name in near if near[name] & derived} - derived:
        derived |= more
    rest = [one for one in items if one.id not in derived]
    groups = [{one.id} for one in rest]
    for one, two in product(rest, rest):
        same_words = origin_key(one.origin or "") and origin_key(one.origin or "") == origin_key(two.origin or "")
        if two.id in near[one.id] or same_words:
            mine, theirs = (next(group for group in groups if name in group) for name in (one.id, two.id))
            if mine is not theirs:
                groups.remove(theirs)
                mine |= theirs
    n = {"IS": 0, "IR": 0, "US": 0, "UR": 0}
    whole = False
    for group in groups:
        inside = [one for one in rest if one.id in group]
        taken = {one.stance for one in inside} & {SUPPORTS, REFUTES}
        if len(taken) != 1:
            continue
        [side] = taken
        if all(
            one.reliability is Reliability.E or one.credibility is Credibility.IMPROBABLE
            for one in inside
            if one.stance is side
        ):
            continue
        known = any(one.independence is INDEPENDENT for one in inside)
        n[("I" if known else "U") + ("S" if side is SUPPORTS else "R")] += 1
        if (
            known
            and side is SUPPORTS
            and any(one.stance is SUPPORTS and one.covers is not Covers.PART for one in inside)
        ):
            whole = True
    expected = (
        Status.NOT_STARTED
        if not items
        else Status.CONTESTED
        if (n["IS"] or n["US"]) and (n["IR"] or n["UR"]) and (n["IS"] or n["IR"])
        else Status.CONTRADICTED
        if n["IR"] and not (n["IS"] or n["US"])
        else Status.CORROBORATED
        if n["IS"] and whole and not (n["IR"] or n["UR"])
        else Status.PARTIALLY_CORROBORATED
        if n["IS"] and not (n["IR"] or n["UR"])
        else Status.CONTESTED
        if n["US"] and n["UR"]
        else Status.PARTIALLY_CORROBORATED
        if n["US"]
        else Status.UNCORROBORATED
    )

    count = counted(items)
    assert sides(count) == (n["IS"], n["IR"], n["US"], n["UR"])
    assert {frozenset(origin) for origin in ids(count)} == {frozenset(group) for group in groups}
    assert proposed(count).status is expected


@given(st.text())
def test_the_words_of_an_origin_are_compared_the_same_when_compared_again(text):
    assert origin_key(origin_key(text)) == origin_key(text)
