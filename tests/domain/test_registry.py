"""A registry of sources is read from a table."""

import pytest

from webapp.domain.errors import BadSource
from webapp.domain.registry import decoded_table, sketches_from
from webapp.domain.sources import Fact
from webapp.domain.terms import Property, SourceKind


def read(text):
    return [
        (one.entry.name, one.entry.kind, list(one.aliases.values()), list(one.facts)) for one in sketches_from(text)
    ]


def test_each_line_is_a_source_with_other_names_and_facts():
    table = (
        "name,kind,aliases,domain,owner\ndebkafile,outlet,DEBKAfile net|Debka,debka.com,\nIDF,organisation,,,Israel\n"
    )

    assert read(table) == [
        ("debkafile", SourceKind.OUTLET, ["DEBKAfile net", "Debka"], [Fact(Property.DOMAIN, "debka.com")]),
        ("IDF", SourceKind.ORGANISATION, [], [Fact(Property.OWNER, "Israel")]),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_stand_in_any_order_and_behind_any_usual_delimiter(delimiter):
    table = "\ufeffKind,Name\r\nDescribed unknown,military sources\r\n\r\n".replace(",", delimiter)

    assert read(table) == [("military sources", SourceKind.DESCRIBED, [], [])]


def test_two_lines_about_one_source_are_taken_together():
    table = "name,kind,aliases,country\nAFP,outlet,Agence,France\nafp,outlet,agence|A. F. P. net,France\n"

    assert read(table) == [("AFP", SourceKind.OUTLET, ["agence", "A. F. P. net"], [Fact(Property.COUNTRY, "France")])]


def test_an_external_rating_says_who_rates():
    assert read("name,kind,external_rating\nAFP,outlet,NewsGuard: 100\n")[0][3] == [
        Fact(Property.EXTERNAL_RATING, "100", issuer="NewsGuard")
    ]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("", "The table has no column “name”; its first line names the columns."),
        ("name\nAFP\n", "The table has no column “kind”; its first line names the columns."),
        ("name,kind,name\nAFP,outlet,b\n", "The column “name” is there twice; leave one of them out."),
        ("name,kind\n", "There is no source in this table; its first line names the columns, each other one a source."),
        ("name,kind\nAFP,newspaper\n", "Nothing was brought in, because of line 2: “kind” is one of person, organisation, outlet, document, described; got “newspaper”."),
        ("name,kind\nAFP,outlet\n,outlet\n", "Nothing was brought in, because of line 3: Give the source a name with at least one letter or digit."),
        ("name,kind\nAFP\n", "Nothing was brought in, because of line 2: Choose what kind of source it is."),
        ("name,kind\nAFP,outlet,too many\n", "Nothing was brought in, because of line 2: it has more cells than there are columns."),
        ("name,kind,issn\n\"A\nB\",outlet,\nAFP,outlet,1\n", "Nothing was brought in, because of line 4: “1” is no ISSN; it looks like 0261-3077."),
        ("name,kind\n" + "x" * 10_000 + ",outlet\n", "Nothing was brought in, because of line 2: “name” is 10,000 characters long; the most is 300."),
        ("name,kind,external_rating\nAFP,outlet,NewsGuard\n", "Nothing was brought in, because of line 2: Say what is known: “External rating” has no value yet."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_line(table, told):
    with pytest.raises(BadSource) as refused:
        sketches_from(table)
    assert str(refused.value) == told


def test_a_column_that_is_none_is_named_with_those_that_are():
    with pytest.raises(BadSource, match="“Colour” is no column of a registry; they are name, kind, aliases, domain"):
        sketches_from("name,kind,Colour\nAFP,outlet,red\n")


def test_a_cell_too_large_for_csv_is_no_crash():
    with pytest.raises(BadSource, match="line 2"):
        sketches_from('name,kind\n"' + "x" * 200_000 + '",outlet\n')


def test_a_file_that_is_not_utf8_is_refused():
    assert decoded_table(b"\xef\xbb\xbfname") == "name"
    with pytest.raises(BadSource, match="not UTF-8"):
        decoded_table("é".encode("latin-1"))
