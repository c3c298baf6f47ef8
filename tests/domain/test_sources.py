"""What is kept of a source: names that show what they are, facts in the form of their authority, merges to one root."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.errors import BadSource
from webapp.domain.merges import refuse_circle, root_of
from webapp.domain.partial_dates import partial_date
from webapp.domain.sources import (
    Entry,
    Fact,
    Rating,
    entry_from,
    fact_from,
    facts_of_trust_txt,
    name_key,
    rating_from,
    reason_from,
    search_words,
    shared_controllers,
)
from webapp.domain.terms import Property, Reliability, SourceKind

TODAY = date(2026, 11, 27)
A, B, C, D = (UUID(int=n) for n in range(1, 5))


def value_of(told, value):
    return fact_from({"property": told, "value": value}).value


# ---- names


def test_white_space_of_a_name_is_folded():
    assert entry_from({"name": "  Reuters \n News ", "kind": "outlet"}) == Entry("Reuters News", SourceKind.OUTLET)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"name": "R" * 10_000, "kind": "outlet"}, "10,000 characters long; the most is 300"),
        ({"name": "Reu\u200bters", "kind": "outlet"}, "nobody sees"),
        ({"name": "Reut\u0435rs", "kind": "outlet"}, "look alike"),
        ({"name": "  ", "kind": "outlet"}, "at least one letter or digit"),
        ({"name": "—!", "kind": "outlet"}, "at least one letter or digit"),
        ({"name": "a\x00b", "kind": "outlet"}, "cannot be stored"),
        ({"name": 5, "kind": "outlet"}, "must be text"),
        ({"name": "Reuters"}, "Choose what kind"),
        ({"name": "Reuters", "kind": "planet"}, "one of person, organisation"),
    ],
)
def test_a_name_or_kind_that_cannot_be_is_refused_in_a_sentence(values, why):
    with pytest.raises(BadSource, match=why):
        entry_from(values)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reuters", "REUTERS"),
        ("Gen. Viktor Bondarev", "gen viktor bondarev"),
        ("Müller", "Mu\u0308ller"),
        ("Strauß", "STRAUSS"),
    ],
)
def test_names_that_read_alike_have_one_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Reuters", "Reuter"), ("हिन्द", "हन्द"), ("क्त", "कत"), ("かき", "かぎ"), ("ที", "ทู"), ("ไม", "ไม่"), ("AB", "A B")],
)
def test_names_that_read_otherwise_have_keys_of_their_own(one, other):
    assert name_key(one) != name_key(other)


def test_each_word_of_a_key_stands_behind_a_space():
    assert name_key("Agence France-Presse (AFP)") == " agence france presse afp"
    assert search_words("  france-PRESSE ") == ["france", "presse"]
    assert search_words("… ❤\ufe0f") == []


@given(st.text(max_size=60))
def test_a_key_is_its_own_key_and_made_of_its_words(name):
    key = name_key(name)

    assert name_key(key) == key
    assert "".join(f" {word}" for word in search_words(name)) == key


# ---- dates and ids


@pytest.mark.parametrize("given_", ["2013", "2013-10", "2013-10-28", "2024-02-29", "0001"])
def test_a_date_may_be_partial_and_stays_as_it_was_given(given_):
    assert partial_date(f" {given_} ", "as of", BadSource) == given_


@pytest.mark.parametrize(
    "given_",
    ["2013-13", "2013-00", "2013-02-30", "2023-02-29", "0000", "13", "2013-1", "2013/10", "28.10.2013", "２０１３"],
)
def test_what_is_no_date_is_refused_with_the_form_of_one(given_):
    with pytest.raises(BadSource, match="is no date; write it as 2013, 2013-10 or 2013-10-28"):
        partial_date(given_, "as of", BadSource)


@given(st.dates())
def test_every_day_is_a_date(day):
    assert partial_date(day.isoformat(), "as of", BadSource) == day.isoformat()


@pytest.mark.parametrize(
    ("told", "given_", "kept"),
    [
        ("issn", "0261-3077", "0261-3077"),
        ("issn", "ISSN 2434-561x", "2434-561X"),
        ("ror", "05dxps055", "05dxps055"),
        ("ror", "https://ror.org/03YRM5C26", "03yrm5c26"),
        ("wikidata", "q42", "Q42"),
        ("wikidata", "https://www.wikidata.org/wiki/Q130879", "Q130879"),
        ("wikidata", "http://www.wikidata.org/entity/Q130879", "Q130879"),
        ("domain", "https://WWW.Example.org/", "www.example.org"),
        ("domain", "zeitung.münchen", "zeitung.münchen"),
        ("outlet_kind", "wire", "wire"),
    ],
)
def test_an_id_is_kept_in_the_form_of_its_authority(told, given_, kept):
    assert value_of(told, given_) == kept


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ("issn", "0261-3078"),
        ("issn", "02613077"),
        ("issn", "０２６１-3077"),
        ("ror", "05dxps056"),
        ("ror", "15dxps055"),
        ("ror", "05dxpu055"),
        ("wikidata", "42"),
        ("wikidata", "Q0"),
        ("wikidata", "https://example.org/Q42"),
        ("domain", "example"),
        ("domain", "https://example.org/page"),
        ("domain", "exаmple.org"),
        ("outlet_kind", "blimp"),
    ],
)
def test_an_id_in_another_form_or_with_a_wrong_check_digit_is_refused(told, wrong):
    with pytest.raises(BadSource):
        value_of(told, wrong)


@given(st.integers(0, 9_999_999), st.integers(0, 7), st.integers(1, 9))
def test_an_issn_with_one_wrong_digit_is_refused(number, place, by):
    digits = f"{number:07}"
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(8, 1, -1), strict=True))
    whole = digits + "0123456789X"[-weighted % 11]
    assert value_of("issn", f"{whole[:4]}-{whole[4:]}") == f"{whole[:4]}-{whole[4:]}"
    if whole[place] == "X":
        return
    wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]
    with pytest.raises(BadSource, match="is no ISSN; it looks like 0261-3077"):
        value_of("issn", f"{wrong[:4]}-{wrong[4:]}")


# ---- facts and ratings


def test_a_fact_says_what_when_and_where_it_is_told():
    fact = fact_from(
        {
            "property": "owner",
            "value": " Thomson  Reuters ",
            "as_of": "2013",
            "link": "https://example.org/a",
            "issuer": "x",
        }
    )
    assert fact == Fact(Property.OWNER, "Thomson Reuters", None, "2013", "https://example.org/a")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"property": "owner", "value": " "}, "“Owned by” has no value yet"),
        ({"property": "", "value": "x"}, "Choose what the fact tells"),
        ({"property": "colour", "value": "x"}, "one of domain, country"),
        ({"property": "external_rating", "value": "High"}, "who gives the external rating"),
        ({"property": "owner", "value": "x", "link": "javascript:alert(1)"}, "no web address"),
        ({"property": "owner", "value": "x", "as_of": "2013-13"}, "no date"),
        ({"property": "owner", "value": "x" * 2_001}, "the most is 2,000"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_in_a_sentence(values, why):
    with pytest.raises(BadSource, match=why):
        fact_from(values)


def test_a_rating_is_of_today_unless_it_says_otherwise():
    assert rating_from({"reliability": "B"}, TODAY) == Rating(Reliability.B, "2026-11-27", None)
    told = {"reliability": "F", "rated_on": "2013-10", "basis": " new  to us "}
    assert rating_from(told, TODAY) == Rating(Reliability.F, "2013-10", "new to us")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"reliability": "G"}, "one of A, B, C, D, E, F; got “G”"),
        ({"reliability": "b"}, "one of A"),
        ({}, "Choose a letter from A to F"),
        ({"reliability": "A", "rated_on": "2013-13"}, "no date"),
        ({"reliability": "A", "basis": "x" * 501}, "the most is 500"),
    ],
)
def test_a_rating_that_cannot_be_is_refused_in_a_sentence(values, why):
    with pytest.raises(BadSource, match=why):
        rating_from(values, TODAY)


def test_a_reason_is_asked_for():
    assert reason_from(" a \n slip ") == "a slip"
    with pytest.raises(BadSource, match="why it is withdrawn"):
        reason_from(" ")


# ---- trust.txt


def test_the_lines_of_trust_txt_become_facts():
    text = "\ufeff# ours\r\n\r\nmember=https://a.example/\r\nControlledBy = https://b.example/?x=1\ndatatrainingallowed=no\n"

    assert facts_of_trust_txt(text, "2026-11") == [
        Fact(Property.HAS_MEMBER, "https://a.example/", None, "2026-11"),
        Fact(Property.CONTROLLED_BY, "https://b.example/?x=1", None, "2026-11"),
        Fact(Property.OTHER, "data training allowed: no", None, "2026-11"),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("member=https://a.example/\nfriend=https://b.example/", "Line 2 is no line of trust.txt"),
        ("member", "Line 1"),
        ("member=", "Line 1"),
        ("# nothing\n", "no line of trust.txt in this text"),
        ("", "no line of trust.txt in this text"),
    ],
)
def test_a_line_that_is_none_is_named(text, why):
    with pytest.raises(BadSource, match=why):
        facts_of_trust_txt(text, "2026")


# ---- merges


def test_the_root_is_the_end_of_the_merges():
    merges = {A: B, B: C}

    assert [root_of(source_id, merges) for source_id in (A, B, C, D)] == [C, C, C, D]


@pytest.mark.parametrize(
    ("source_id", "into_id", "merges"),
    [(A, A, {}), (A, B, {B: A}), (A, C, {B: A, C: B}), (A, B, {B: C, C: A})],
)
def test_a_merge_that_leads_back_is_refused(source_id, into_id, merges):
    with pytest.raises(BadSource):
        refuse_circle(source_id, into_id, merges, BadSource, "source")


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=20))
def test_merges_that_are_not_refused_never_go_in_a_circle(wanted):
    merges = {}
    for source, into in wanted:
        source_id, into_id = UUID(int=source), UUID(int=into)
        try:
            refuse_circle(source_id, into_id, merges, BadSource, "source")
        except BadSource:
            continue
        merges[source_id] = into_id

    assert all(root_of(source_id, merges) not in merges for source_id in merges)


def test_whoever_owns_or_controls_two_is_a_reason_to_doubt_their_independence():
    facts = {
        A: [Fact(Property.OWNER, "News Corp"), Fact(Property.COUNTRY, "Utopia"), Fact(Property.FUNDING, "–")],
        B: [Fact(Property.CONTROLLED_BY, "NEWS CORP"), Fact(Property.COUNTRY, "Utopia"), Fact(Property.OWNER, "–")],
        C: [Fact(Property.OWNER, "Somebody"), Fact(Property.OWNER, "Somebody"), Fact(Property.OWNER, "–")],
    }

    assert shared_controllers(facts) == {"News Corp": [A, B]}
