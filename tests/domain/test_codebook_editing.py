"""The next version of a codebook: what may be worded anew, what stays, and how two versions differ."""

import pytest

from webapp.domain.adjudication import rules_in
from webapp.domain.codebook import first_text
from webapp.domain.codebook_editing import Edit, blocks_of, changed_rules, changes, next_version, reworded, with_version
from webapp.domain.errors import BadCodebook

TEXT = first_text()
NEW = {"new-case": "Emoji", "new-rule": "A sign is no word.", "new-example": "“:-)” → not codable"}
FIELDS = {field.name: field.words for block in blocks_of(TEXT) for field in block.fields}


def named(words):
    """The name of the field that begins with these words."""
    return next(name for name, now in FIELDS.items() if now.startswith(words))


def test_the_blocks_put_together_are_the_text():
    assert "".join(block.text for block in blocks_of(TEXT)) == TEXT
    assert reworded(TEXT, TEXT, FIELDS) == reworded(TEXT, TEXT, {}) == TEXT


def test_a_new_rule_gets_the_next_number_and_one_that_was_emptied_again_leaves():
    one = reworded(TEXT, TEXT, NEW)
    two = reworded(TEXT, one, {**NEW, "new-case": "Captions"})
    without = reworded(TEXT, two, {"R23-case": "", "R23-rule": " ", "R23-example": ""})

    assert changed_rules(TEXT, two) == ([], ["R23", "R24"])
    assert [rule.case for rule in rules_in(without)[22:]] == ["Captions"]
    assert rules_in(without)[22].number == "R23"


@pytest.mark.parametrize(
    "words",
    [
        "# A heading",
        "Over\n===",
        "```\ncode",
        "| a |\n|---|\n| b |",
        "> quoted",
        "Over\n\n---\n\nunder",
        "",
        "x" * 10_001,
        "\0",
    ],
)
def test_a_text_takes_nothing_that_would_change_the_shape_of_the_codebook(words):
    with pytest.raises(BadCodebook) as refused:
        reworded(TEXT, TEXT, {"text-3": words})
    assert set(refused.value.faults) == {"text-3"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("R1-case", ""),
        ("R1-rule", " "),
        ("R1-rule", "a | b"),
        ("R1-example", "x" * 1_001),
        ("tags-6-0-1", ""),
        ("R1-rule", "\0"),
    ],
)
def test_a_cell_takes_one_line_without_the_sign_that_would_end_it(name, words):
    with pytest.raises(BadCodebook) as refused:
        reworded(TEXT, TEXT, {name: words})
    assert set(refused.value.faults) == {name}


def test_the_lists_of_values_stay_and_so_do_their_names_in_a_text():
    name = named("**Independence.**")
    with pytest.raises(BadCodebook, match="knows `unknown` by name"):
        reworded(TEXT, TEXT, {name: FIELDS[name].replace("`unknown`", "not known")})

    assert not any("`named_person`" in words or "tag_code" in words for words in FIELDS.values())
    kept = reworded(TEXT, TEXT, {name: FIELDS[name].replace("Count origins, not links.", "Count origins.")})
    assert "Count origins. Three outlets" in kept


def test_a_form_that_names_other_fields_changes_nothing():
    assert reworded(TEXT, TEXT, {"text-0": "x", "R99-rule": "x", "tags-6-9-1": "x"}) == TEXT


def test_two_versions_differ_by_the_words_that_went_and_came():
    text = with_version(
        reworded(TEXT, TEXT, {"R7-rule": "A thought that only introduces an act: tag the act", **NEW}), "1.1"
    )
    first, *added = changes(TEXT, text)

    assert (first.where, first.rule, first.is_new) == ("R7, rule", "R7", False)
    assert first.words == (
        (Edit.KEPT, "A thought that only introduces an"),
        (Edit.GONE, " act by the same actor is background:"),
        (Edit.ADDED, " act:"),
        (Edit.KEPT, " tag the act"),
    )
    assert [(one.where, one.is_new) for one in added] == [
        (f"R23, {name}", True) for name in ("case", "rule", "example")
    ]


def test_a_version_counts_up_past_what_is_taken():
    assert next_version("1.0", []) == "1.1"
    assert next_version("1.9", ["1.10"]) == "1.11"
    assert next_version("draft", []) == "draft.1"
