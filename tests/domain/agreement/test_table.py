"""Tables of ratings in CSV, whole and broken."""

import csv
import io
import json
from pathlib import Path

import pytest

from webapp.domain.agreement import read, report
from webapp.domain.agreement.fields import FIELDS
from webapp.domain.errors import BadRatings, DomainError
from webapp.export.long import COLUMNS

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))["vectors"]
OWN = """article_id,sentence_id,coder_id,tag,tag_code,source_reliability
a1,s1,c1,FACT,1,not_applicable
a1,s1,c2,FACT,1,not_applicable
a1,s2,c1,ATTRIBUTION,2,B
a1,s2,c2,ATTRIBUTION,2,F
a2,s3,c1,NOT_CODABLE,8,not_applicable
a2,s3,c2,NOT_CODABLE,8,
a2,s4,c1,OPINION,4,
a2,s4,c2,,9,
"""


def long_csv(vector: dict) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["item", "rater", "label"])
    for unit, row in enumerate(vector["ratings"]):
        writer.writerows([f"u{unit}", f"r{coder}", "" if cell is None else cell] for coder, cell in enumerate(row))
    return out.getvalue()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_as_a_table_has_the_figures_of_the_vector(vector):
    table = read(long_csv(vector), "item", "rater", "label", [str(name) for name in vector["categories"]])
    whole = report(table.ratings, table.categories, clusters=table.clusters)

    expected = vector["expected"]
    assert (whole.n_units, whole.n_coders, whole.status) == (vector["n_items"], vector["n_raters"], expected["status"])
    if "headline_alpha_nominal" in expected:
        assert whole.alpha == pytest.approx(expected["headline_alpha_nominal"], abs=5e-5)


def test_claimtags_own_table_needs_no_names():
    table = read(OWN)
    whole = report(table.ratings, table.categories, clusters=table.clusters)

    assert table.categories == ("FACT", "ATTRIBUTION", "SPECULATION", "OPINION")
    assert (table.units, table.clusters.tolist()) == (("s1", "s2", "s3", "s4"), [0, 0, 1, 1])
    assert (whole.n_units, whole.n_rated, whole.n_pairable, whole.n_ratings, whole.alpha) == (4, 3, 2, 5, 1)
    assert (table.aside_value, table.aside.k, table.aside.n, table.aside.n_pairable) == ("NOT_CODABLE", 2, 7, 3)


def test_what_cannot_be_judged_is_a_gap_on_the_scale_with_a_rate():
    table = read(OWN, value="source_reliability")

    assert (table.categories, table.level, table.aside_value) == (tuple("ABCDE"), "ordinal", "F")
    assert (table.aside.k, table.aside.n, table.aside.rate) == (1, 2, 0.5)
    assert report(table.ratings, table.categories, "ordinal").n_ratings == 1


def field_of(name: str, *rows: str) -> str:
    """A long CSV with one more field: each row is the tag and the field's cell of one analyst after the other."""
    lines = [f"a{n // 2},s{n // 2},c{n % 2},{row}" for n, row in enumerate(rows)]
    return "\n".join([f"article_id,sentence_id,coder_id,tag,{name}", *lines]) + "\n"


@pytest.mark.parametrize(
    ("name", "level", "first", "last"),
    [
        ("source_type", "nominal", "named_person", "none"),
        ("named", "nominal", "named", "none"),
        ("attributed_content", "nominal", "fact", "unclear"),
        ("cue_stance", "nominal", "neutral", "endorsing"),
        ("directness", "nominal", "direct", "summary"),
        ("source_access", "nominal", "firsthand", "not_stated"),
        ("not_codable_reason", "nominal", "boilerplate", "unreadable"),
        ("second_choice", "nominal", "FACT", "OPINION"),
        ("tag_certainty", "ordinal", "sure", "unsure"),
        ("check_priority", "ordinal", "none", "high"),
        ("source_reliability", "ordinal", "A", "E"),
        ("information_credibility", "ordinal", "1", "5"),
        ("likelihood_code", "ordinal", "1", "7"),
        ("confidence", "ordinal", "high", "low"),
        ("corroboration_status", "nominal", "not_started", "unverifiable"),
        ("tag_code", "nominal", "1", "4"),
        ("flag_mixed", "nominal", "true", "false"),
    ],
)
def test_each_field_has_its_categories_and_its_level(name, level, first, last):
    table = read(field_of(name, f"FACT,{first}", f"FACT,{last}"), value=name)

    assert (table.level, table.categories[0], table.categories[-1]) == (level, first, last)
    assert read(field_of(name, f"FACT,{first}"), value=name, level="nominal").level == "nominal"


def test_every_column_of_the_long_file_with_a_list_of_values_is_such_a_field():
    listed = {column.name for column in COLUMNS if column.allowed}

    assert listed - {"blind", "excluded"} == set(FIELDS)


def test_not_applicable_is_a_gap_so_that_a_field_counts_where_both_could_answer():
    both, one = ("ATTRIBUTION,group", "ATTRIBUTION,group"), ("ATTRIBUTION,document", "FACT,not_applicable")
    neither = ("FACT,not_applicable", "FACT,not_applicable")
    other = ("ATTRIBUTION,document", "ATTRIBUTION,document")
    table = read(field_of("source_type", *both, *one, *neither, *other), value="source_type")
    found = report(table.ratings, table.categories)

    assert (found.n_units, found.n_pairable, found.n_ratings, found.alpha) == (4, 2, 5, 1)


@pytest.mark.parametrize("cell", ["", "not_applicable"])
def test_a_field_that_nobody_used_has_no_figure_but_words(cell):
    table = read(field_of("cue_stance", f"FACT,{cell}", f"FACT,{cell}"), value="cue_stance")
    found = report(table.ratings, table.categories, table.level, table.clusters)

    assert (found.percent_agreement, found.alpha, found.alpha_ci) == (None, None, None)
    assert (found.status, found.status_text) == ("no_data", "No labels yet.")
    assert "interval" in found.ci_text


def test_an_empty_flag_says_no_where_there_is_a_tag_to_flag():
    rows = ("FACT,true", "OPINION,", "FACT,", "FACT,", "NOT_CODABLE,", "FACT,true", ",", "FACT,")
    table = read(field_of("flag_hedged", *rows), value="flag_hedged")

    assert table.categories == ("true", "false")
    assert table.ratings.category.tolist() == [0, 1, 1, 1, -1, 0, -1, 1]


def test_an_answer_not_given_is_no_code_of_a_tag():
    table = read(field_of("tag_code", "FACT,1", ",9", "NOT_CODABLE,8", "OPINION,4"), value="tag_code")

    assert table.ratings.category.tolist() == [0, -1, -1, 3]
    assert (table.aside_value, table.aside.k, table.aside.n) == ("8", 1, 3)


@pytest.mark.parametrize("name", ["note", "cue_text", "source_text", "corroboration_note"])
def test_free_text_is_refused(name):
    with pytest.raises(BadRatings) as refused:
        read(field_of(name, "FACT,one", "FACT,two"), value=name)

    assert str(refused.value) == (
        f"“{name}” holds free text, which has no categories to agree on; name another column."
    )


def test_a_column_of_that_name_in_a_table_of_others_is_any_column():
    table = read("item,rater,note\n1,a,x\n1,b,not_applicable\n", "item", "rater", "note")

    assert (table.categories, table.level) == (("not_applicable", "x"), "nominal")


@pytest.mark.parametrize("level", ["interval", "ratio"])
def test_numbers_may_be_taken_as_they_are(level):
    vector = next(one for one in VECTORS if f"alpha_{level}" in one["expected"])
    names = [str(value) for value in vector.get("values", vector["categories"])]
    numbers = {str(name): value for name, value in zip(vector["categories"], names, strict=True)}
    rows = [[None if cell is None else numbers[str(cell)] for cell in row] for row in vector["ratings"]]
    table = read(long_csv({"ratings": rows}), "item", "rater", "label", level=level)
    found = report(table.ratings, table.categories, table.level, values=table.values)

    assert (found.level, table.values) == (level, tuple(sorted({float(cell) for row in rows for cell in row if cell})))
    assert found.alpha == pytest.approx(vector["expected"][f"alpha_{level}"], abs=5e-5)
    assert found.alpha_ci is None or found.alpha_ci[0] < found.alpha < found.alpha_ci[1]


@pytest.mark.parametrize(
    ("level", "value", "told"),
    [
        ("interval", "high", "The level interval takes numbers, and “high” is none."),
        ("ratio", "-1", "The level ratio takes numbers from 0 on, and “-1” is none."),
        ("interval", "1_0", "The level interval takes numbers, and “1_0” is none."),
        ("interval", "-1e200", "The level interval takes numbers up to 1e+100, and “-1e200” is larger."),
    ],
)
def test_a_level_that_takes_numbers_refuses_what_is_none(level, value, told):
    with pytest.raises(BadRatings) as refused:
        read(f"u,c,v\n1,a,2\n1,b,{value}\n", "u", "c", "v", level=level)

    assert str(refused.value) == told


@pytest.mark.parametrize("level", ["interval", "ratio"])
@pytest.mark.parametrize("unit", [1e-9, 1e-200, 1e99])
def test_alpha_of_numbers_is_the_same_in_whatever_unit_they_are(level, unit):
    said = [(1, 1), (2, 3), (4, 4), (5, 4)]

    def alpha_in(unit):
        rows = (f"{n},a,{one * unit!r}\n{n},b,{other * unit!r}\n" for n, (one, other) in enumerate(said))
        table = read("u,c,v\n" + "".join(rows), "u", "c", "v", level=level)
        return report(table.ratings, table.categories, level, values=table.values).alpha

    assert alpha_in(unit) == pytest.approx(alpha_in(1))


def test_categories_by_name_may_take_in_what_is_set_aside_otherwise():
    table = read(OWN, categories=["FACT", "ATTRIBUTION", "SPECULATION", "OPINION", "NOT_CODABLE"])

    assert (len(table.categories), table.aside_value, table.aside) == (5, None, None)


def test_one_slip_in_claimtags_own_table_is_found():
    with pytest.raises(BadRatings, match=r"^Line 4: “ATRIBUTION” is not one of the categories FACT, ATTRIBUTION, "):
        read(OWN.replace("s2,c1,ATT", "s2,c1,AT"))


def test_the_columns_of_claimtag_may_hold_another_scheme():
    table = read("sentence_id,coder_id,tag\ns1,c1,yes\ns1,c2,no\n")

    assert (table.categories, table.aside, table.clusters) == (("no", "yes"), None, None)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_bytes_with_any_line_end_and_with_or_without_a_byte_order_mark(mark, newline):
    content = f"{mark}unit,who,said\nä,ö,ü\nä,o,“é, è”\n".replace("“", '"').replace("”", '"').replace("\n", newline)
    table = read(content.encode(), "unit", "who", "said")

    assert (table.units, table.ratings.coders, table.categories) == (("ä",), ("ö", "o"), ("é, è", "ü"))


def test_numbers_are_put_by_size_and_words_by_letter():
    rows = "u,c,v\n1,a,10\n1,b,9\n2,a,-1\n2,b,\n"

    assert read(rows, "u", "c", "v", level="ordinal").categories == ("-1", "9", "10")
    assert read(rows.replace("10", "x"), "u", "c", "v").categories == ("-1", "9", "x")


def test_blank_lines_and_a_header_alone_are_no_ratings():
    table = read("u,c,v\n\n", "u", "c", "v")

    assert report(table.ratings, table.categories).status == "no_data"
    assert read("sentence_id,coder_id,tag\n").categories == ("FACT", "ATTRIBUTION", "SPECULATION", "OPINION")


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        ("", {}, "The file is empty."),
        ("\n \n", {}, "The file is empty."),
        (b"u,c,v\n\xff,1,2\n", {}, "The file is not UTF-8 text; save it as CSV in UTF-8."),
        ("u,c,x\n1,a,F\n", {}, "Line 1: there is no column “v”; the columns are u, c, x."),
        ("u,c,v,v\n1,a,F,F\n", {}, "Line 1: there are two columns “v”."),
        ("u,c,v\n1,a,F\n1,a,F\n", {}, "Line 3: “a” has already rated “1”."),
        ("u,c,v\n1,a,F\n1,a,\n", {}, "Line 3: “a” has already rated “1”."),
        ("u,c,v\n1,a,F\n1,b,G\n", {"categories": ["F", "H"]}, "Line 3: “G” is not one of the categories F, H."),
        ("u,c,v\n1,a,F\n\n2,a\n", {}, "Line 4: 2 cells where the header has 3."),
        ("u,c,v\n1,a,F,F\n", {}, "Line 2: 4 cells where the header has 3."),
        ("u,c,v\n,a,F\n", {}, "Line 2: “u” is empty."),
        ("u,c,v\n1,,F\n", {}, "Line 2: “c” is empty."),
        ('u,c,v\n"1\n2",a,F\n1,a,"F\n', {}, "Line 4: this is not valid CSV (unexpected end of data)."),
        ("u,c,v\n1,a,F\n", {"cluster": "k"}, "Line 1: there is no column “k”; the columns are u, c, v."),
        ("u,c,v,k\n1,a,F,x\n1,b,F,y\n", {"cluster": "k"}, "Line 3: “1” stood under another “k” before."),
        ("u,c,v,k\n1,a,F,\n", {"cluster": "k"}, "Line 2: “k” is empty."),
        (
            "u,c,v\n1,a,F\n",
            {"categories": ["F", "F"]},
            "The categories must be different from each other and not empty.",
        ),
        (
            "u,c,v\n1,a,lo\n",
            {"level": "ordinal"},
            "The order of the categories is not known; name the categories from lowest to highest.",
        ),
        (
            "u,c,v\n" + "".join(f"{n},a,text {n}\n" for n in range(101)),
            {},
            "The column has 101 different values; name the categories, or another column.",
        ),
    ],
)
def test_a_broken_table_is_refused_in_one_sentence(content, options, sentence):
    with pytest.raises(BadRatings) as refusal:
        read(content, "u", "c", "v", **options)

    assert str(refusal.value) == sentence
    assert isinstance(refusal.value, DomainError)


def test_without_names_the_sentence_says_which_columns_there_are():
    with pytest.raises(BadRatings, match="no column “sentence_id”; the columns are item, rater, label"):
        read("item,rater,label\n1,a,x\n")


ROUNDS = """sentence_id,coder_id,tag,round,pass
s1,c1,FACT,main,1
s1,c2,FACT,main,1
s1,c1,OPINION,pilot,1
s1,c2,FACT,pilot,1
s1,c1,FACT,main,2
"""


def test_a_round_and_a_pass_are_chosen_by_their_columns():
    assert read(ROUNDS, only={"round": "pilot"}).ratings.category.tolist() == [3, 0]
    assert read(ROUNDS, only={"round": "main", "pass": "1"}).ratings.category.tolist() == [0, 0]
    assert read(ROUNDS, only={"round": "main", "pass": "2"}).ratings.category.tolist() == [0]


@pytest.mark.parametrize(
    ("only", "told"),
    [
        ({}, "The file mixes round “main” and “pilot”; choose one of them with --round."),
        ({"round": "main"}, "The file mixes pass “1” and “2”; choose one of them with --pass."),
        ({"round": "none"}, "No row has round “none”."),
    ],
)
def test_a_mixture_is_refused_and_both_are_named(only, told):
    with pytest.raises(BadRatings) as refused:
        read(ROUNDS, only=only)
    assert str(refused.value) == told


def test_columns_of_that_name_in_a_table_of_others_mean_nothing():
    other = "item,rater,label,round\n1,a,x,1\n1,b,x,2\n"

    assert len(read(other, "item", "rater", "label").ratings.category) == 2
