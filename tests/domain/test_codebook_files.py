"""Codebooks in files: what is taken up, what does not fit, and what goes out comes in without a difference."""

from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.codebook import first_text
from webapp.domain.codebook_editing import changes, with_version
from webapp.domain.codebook_files import LARGEST, brought, rule_codes, tag_descriptions
from webapp.domain.errors import BadCodebook

BASE = first_text()
RULE = "A thought that only introduces an act by the same actor is background: tag the act"


def qdc(codes, namespace="urn:QDA-XML:codebook:1.0", head=""):
    listed = "".join(
        f'<Code guid="g" name={quoteattr(name)} isCodable="true"><Description>{escape(words)}</Description></Code>'
        for name, words in codes
    )
    return f'{head}<CodeBook xmlns="{namespace}"><Codes>{listed}</Codes></CodeBook>'.encode()


def differences(found):
    return [
        (one.where, "".join(words for edit, words in one.words if edit.value != "gone"))
        for one in changes(BASE, found.text)
    ]


def refusal(name, content):
    with pytest.raises(BadCodebook) as refused:
        brought(BASE, name, content)
    return str(refused.value)


def test_what_goes_out_comes_in_without_a_difference():
    codes = [(code.name, code.description) for code in rule_codes(BASE)] + list(tag_descriptions(BASE).items())

    for name, content in (("codebook.md", BASE.encode()), ("Codebook.QDC", qdc(codes))):
        found = brought(BASE, name, content)
        assert (found.text, found.misfits, found.differs) == (BASE, [], False)


def test_the_number_of_the_version_and_the_signs_of_an_editor_are_no_difference():
    content = b"\xef\xbb\xbf" + with_version(BASE, "7.3").replace("\n", "\r\n").encode()

    assert not brought(BASE, "codebook.md", content).differs


def test_texts_tags_and_rules_are_worded_anew_and_new_rules_get_the_next_number():
    text = BASE.replace(RULE, "Tag the act").replace("| Who is telling us? |", "| Who says so? |")
    text = text.replace("In the author's voice: prediction", "In the voice of the author: prediction")
    last = max((line for line in BASE.splitlines() if line.startswith("| R2")), key=lambda line: line[:5])
    text = text.replace(last, f"{last}\n| R40 | Emoji | A sign is no word. | |\n| R41 | Maps | Not codable. | A map. |")

    found = brought(BASE, "new.md", text.encode())
    told = dict(differences(found))
    assert found.misfits == []
    assert (told["R7, rule"], told["ATTRIBUTION, ask"]) == ("Tag the act", "Who says so?")
    assert [(where, told[where]) for where in ("R23, case", "R24, example")] == [
        ("R23, case", "Emoji"),
        ("R24, example", "A map."),
    ]
    assert any(words.startswith("In the voice of the author") for words in told.values())


def test_what_is_the_programs_or_has_no_place_is_named_and_the_rest_comes_in():
    locked = next(line for line in BASE.splitlines() if line.startswith("`tag_code`"))
    text = BASE.replace(locked, "Other codes.").replace(RULE, "Tag the act")
    text = (
        "\n".join(line for line in text.splitlines() if not line.startswith("| R9 |")) + "\n\n## 13. Ours\n\nA text.\n"
    )

    found = brought(BASE, "ours.md", text.encode())
    assert differences(found) == [("R7, rule", "Tag the act")]
    assert {one.what for one in found.misfits} == {"12. Codes for export", "R9", "13. Ours"}
    assert all(one.why for one in found.misfits)


def test_a_text_that_no_draft_may_have_is_named_with_the_reason_of_its_field():
    text = BASE.replace(RULE, "").replace("| Who is telling us? |", f"| {'x' * 2_000} |")

    found = brought(BASE, "codebook.md", text.encode())
    assert not found.differs
    assert [(one.what, one.why) for one in found.misfits] == [
        ("ATTRIBUTION, ask", "this is longer than 1,000 characters; shorten it"),
        ("R7, rule", "something has to stand here"),
    ]


def test_codes_are_taken_for_tags_and_rules():
    codes = [
        ("fact", "What records could prove."),
        ("OPINION", "Praise or blame\nCould it be settled?"),
        ("R7: Thought plus act", "Tag the act\nExample: “It fell.” → FACT"),
        ("R30 Emoji", "A sign is no word."),
        ("Rules", ""),
        ("Certainty: sure", ""),
    ]

    found = brought(BASE, "theirs.qdc", qdc(codes))
    assert found.misfits == []
    assert differences(found) == [
        ("OPINION, one line", "Praise or blame"),
        ("OPINION, ask", "Could it be settled?"),
        ("FACT, one line", "What records could prove."),
        ("R7, rule", "Tag the act"),
        ("R7, example", "“It fell.” → FACT"),
        ("R23, case", "Emoji"),
        ("R23, rule", "A sign is no word."),
    ]


@pytest.mark.parametrize("ending", ["md", "qdc"])
def test_an_example_is_taken_away_where_a_file_has_the_rule_without_it(ending):
    [rule] = [code for code in rule_codes(BASE) if code.name.startswith("R7 ")]
    words, _, example = rule.description.partition("\nExample: ")
    content = {
        "md": BASE.replace(f"| {words} | {example} |", f"| {words} | |").encode(),
        "qdc": qdc([(rule.name, words), ("R8", "")]),
    }

    found = brought(BASE, f"theirs.{ending}", content[ending])
    assert (differences(found), found.misfits) == ([("R7, example", "")], [])
    assert f"| {example} |" in BASE
    assert f"| {example} |" not in found.text


def test_codes_that_do_not_fit_are_named_with_why():
    codes = [
        ("Irony", "Says what it does not mean."),
        ("Certainty: sure", "Quite sure."),
        ("R31 Empty", ""),
        ("FACT", "One."),
        ("FACT", "Two."),
    ]

    found = brought(BASE, "theirs.qdc", qdc(codes))
    assert differences(found) == [("FACT, one line", "One.")]
    assert {one.what: one.why.split(";")[0] for one in found.misfits} == {
        "Irony": "it is neither one of the four tags nor a rule (R and its number)",
        "Certainty: sure": "tags, lists of values and codes are the program’s",
        "FACT": "it stands in the file twice",
        "R31 Empty": "something has to stand here",
    }


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.docx", b"PK", "ends in .md or .qdc"),
        ("x.md", b"\xff\xfe", "not UTF-8"),
        ("x.md", b"# A diary\n\nIt rained.\n", "none of its headings"),
        ("x.md", b"", "none of its headings"),
        ("x.md", b"x" * (LARGEST + 1), "over 1 MB"),
        ("x.qdc", b"no xml", "no REFI-QDA codebook that can be read"),
        ("x.qdc", b"", "no REFI-QDA codebook that can be read"),
        ("x.qdc", b'<Project xmlns="urn:QDA-XML:project:1.0"/>', "export its codebook alone"),
        ("x.qdc", qdc([("c", "")] * 5_001), "over 5,000 codes"),
        ("x.qdc", qdc([("FACT", "b")], head=BOMB).replace(b">b<", b">&b;<"), "document type"),
    ],
)
def test_what_is_no_codebook_is_refused_with_a_sentence(name, content, told):
    assert told in refusal(name, content)


SMALL = """# Codebook

Version 1.0. A text.

## 1. Tags

| Tag | One line | Ask |
|---|---|---|
| `ATTRIBUTION` | a | b |
| `OPINION` | a | b |
| `SPECULATION` | a | b |
| `FACT` | a | b |

## 2. Rules

| # | Case | Rule | Example → tag |
|---|---|---|---|
| R1 | c | d | e |
| R2 | c | d | |
"""
patiently = settings(deadline=None)
LINES = st.lists(st.one_of(st.sampled_from(SMALL.splitlines()), st.text("#|R1 `a\u2028\x0c", max_size=12)), max_size=40)


@patiently
@given(LINES)
def test_any_text_becomes_a_draft_or_is_refused(lines):
    try:
        found = brought(SMALL, "x.md", "\n".join(lines).encode())
    except BadCodebook as refused:
        assert refused.faults
    else:
        assert found.differs == bool(changes(SMALL, found.text))


@patiently
@given(
    st.lists(
        st.tuples(st.sampled_from(["FACT", "R1", "R2 x", "R99", "Flags", "x"]), st.text("ab|\n#` ", max_size=12)),
        max_size=8,
    )
)
def test_any_codes_become_a_draft(codes):
    found = brought(SMALL, "x.qdc", qdc(codes))

    assert found.differs == bool(changes(SMALL, found.text))
