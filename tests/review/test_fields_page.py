"""Agreement by field: the same figures as the command line, each where it belongs, in two steps, and nothing used."""

import re

import pytest

from tests.factories import answer, sentences_of, take_up
from tests.review.test_agreement_page import A, F, N, O, S, four, page, rows, section, study, text  # noqa: F401
from webapp.domain.agreement import read, report
from webapp.domain.agreement.fields import FIELDS
from webapp.domain.terms import (
    AttributedContent,
    Certainty,
    CheckPriority,
    Confidence,
    Credibility,
    CueStance,
    Directness,
    Likelihood,
    NotCodableReason,
    Reliability,
    SourceAccess,
    SourceType,
)
from webapp.review import by_field
from webapp.tagging.actions import submit

pytestmark = pytest.mark.page

TERMS = {
    "attributed_content": tuple(AttributedContent),
    "cue_stance": tuple(CueStance),
    "directness": tuple(Directness),
    "source_access": tuple(SourceAccess),
    "tag_certainty": tuple(Certainty),
    "check_priority": tuple(CheckPriority),
    "source_reliability": tuple(Reliability),
    "information_credibility": tuple(Credibility),
    "likelihood_code": tuple(Likelihood),
    "confidence": tuple(Confidence),
}
FLAGS = ("flag_loaded_language", "flag_mixed", "flag_presupposition", "flag_hedged")


def fields_of(at, shift):
    """Something in every field, for the sentence at this place; who shifts differs now and then."""
    at += shift if at % 3 == 0 else 0
    values = {name: terms[at % len(terms)] for name, terms in TERMS.items() if at % 5}
    return values | {name: (at + place) % 4 == 0 for place, name in enumerate(FLAGS)}


@pytest.fixture
def full(study):  # noqa: F811
    """Four articles of ten sentences by two analysts, in whose answers every field is used."""
    for number in range(4):
        article = study.article(" ".join(f"Here is sentence {at} of text {number}." for at in range(10)))
        for shift, analyst in enumerate((study.ana, study.ben)):
            take_up(article, analyst)
            for place, sentence in enumerate(sentences_of(article)):
                at = place + 3 * number
                tag = (A, A, F, A, S, O, N, A, A, N)[(at + (shift if at % 4 == 0 else 0)) % 10]
                given = fields_of(at, shift)
                given["source_type"] = tuple(SourceType)[(at + shift * (at % 3 == 0)) % 10]
                given["not_codable_reason"] = tuple(NotCodableReason)[(at + shift * (at % 2)) % 5]
                given["second_choice"] = next(one for one in (O, S, F, A)[at % 3 :] if one is not tag)
                answer(sentence, analyst, tag, **given)
            submit(article, analyst)
    return study


@pytest.fixture
def taken(full, client, sign_in):
    """The JSON of the page, and the long CSV of the same answers."""
    sign_in(full.supervisor)
    told = client.post(full.address + "/fields.json").json["fields"]
    long = client.post(f"/export/{full.project.id}/long.csv")
    return told, long.get_data()


def test_each_field_has_the_figures_that_the_command_line_gives(taken):
    told, long = taken
    assert set(told) == {one.name for one in by_field.JUDGED}
    for name in set(told) - {"source_reliability"}:  # of which the page takes letters of one's own ratings alone
        table = read(long, value=name)
        expected = report(table.ratings, table.categories, table.level, table.clusters)
        got = told[name]
        assert got["status"] == "ok", name
        assert got["alpha"] == pytest.approx(expected.alpha), name
        assert got["alpha_ci"] == pytest.approx(list(expected.alpha_ci)), name
        assert got["category_counts"] == expected.category_counts, name
        assert got["n_pairable"] == expected.n_pairable, name
        assert got["level"] == FIELDS[name].level, name
        assert (got["set_aside"] or {}).get("k") == (table.aside.k if table.aside else None), name


@pytest.mark.sqlite_only("the same rows are counted by the same code")
def test_what_is_set_aside_the_tags_and_letters_are_those_of_the_agreement_page(full, client, sign_in):
    sign_in(full.supervisor)
    told = client.post(full.address + "/fields.json").json["fields"]
    page = client.post(full.address + ".json").json  # noqa: F811

    assert told["tag"]["alpha_ci"] == page["tags"]["alpha_ci"]
    assert told["tag"]["set_aside"]["alpha"] == page["not_codable"]["alpha"]
    assert told["information_credibility"]["alpha_ci"] == page["ratings"]["information_credibility"]["alpha_ci"]
    assert told["source_type"]["step"]["alpha"] == pytest.approx(page["tags"]["alpha_per_category"]["ATTRIBUTION"])
    assert told["not_codable_reason"]["step"]["k"] == page["not_codable"]["k"]
    assert told["source_reliability"]["status"] == "no_data"  # no letter is of a rating of one's own


def test_letters_of_ones_own_ratings_alone_are_compared(study, client, sign_in):  # noqa: F811
    article = study.article()
    source = study.source(ana="B", ben="C")
    for person, rating in zip((study.ana, study.ben), study.ratings[source], strict=True):
        take_up(article, person)
        for place, sentence in enumerate(sentences_of(article)):
            mine = {"source_id": source, "rating_id": rating} if place < 2 else {}
            answer(sentence, person, A, source_type=SourceType.ORGANISATION, source_reliability=Reliability.A, **mine)
        submit(article, person)
    sign_in(study.supervisor)

    told = client.post(study.address + "/fields.json").json["fields"]["source_reliability"]
    assert told["category_counts"] == {"A": 0, "B": 2, "C": 2, "D": 0, "E": 0}
    assert told["n_pairs"] == 2


@pytest.mark.sqlite_only("the same rows are counted by the same code")
def test_a_field_stands_among_the_answers_that_it_belongs_to_in_two_steps(study, page):  # noqa: F811
    for kind in (SourceType.GROUP, SourceType.DOCUMENT):
        article = study.article(f"One {kind}. Two. Three.")
        for person, tags in ((study.ana, (A, A, F)), (study.ben, (A, F, F))):
            take_up(article, person)
            for sentence, tag in zip(sentences_of(article), tags, strict=True):
                # What stays stored under another tag does not count.
                answer(sentence, person, tag, source_type=kind)
            submit(article, person)

    soup = page("/fields")
    shown = section(soup, "field-source_type")
    assert "Do they agree that it is told? 6 of 12 answers say so; when one does, another does in 66.7 %" in shown
    assert "Given that, by whom? α 1.000, on 2 sentences where both said Attribution and chose one." in shown
    row = next(row for row in rows(soup, "fields") if row.startswith("Source type"))
    assert row.endswith("1.000 2 2 2 Document 3 of 6, 50.0 %")
    assert soup.select_one('a[href="#field-source_type"]')


@pytest.mark.sqlite_only("the same rows are counted by the same code")
def test_a_field_that_nobody_used_has_words_and_no_figure(four, study, page, client):  # noqa: F811
    soup = page("/fields")
    row = next(row for row in rows(soup, "fields") if row.startswith("Check priority"))
    assert row.endswith("nobody used it 0 0 0 not used")
    assert soup.select_one("#field-check_priority") is None
    assert "None has an interval" in section(soup, "fields")

    told = client.post(study.address + "/fields.json").json["fields"]["check_priority"]
    assert (told["alpha"], told["alpha_ci"], told["status"], told["step"]) == (None, None, "no_data", None)
    assert told["status_text"] == told["reading"] == "Nobody has used this field."


@pytest.mark.sqlite_only("the same rows are counted by the same code")
def test_flags_that_nobody_set_are_one_value_and_not_perfect_agreement(four, page):  # noqa: F811
    soup = page("/fields")
    row = next(row for row in rows(soup, "fields") if row.startswith("Hedged"))

    assert "one value alone: all agree, α not defined" in row
    assert row.endswith("0 of 8, 0.0 %")
    assert soup.select_one("#field-flag_hedged") is None


@pytest.mark.sqlite_only("the same rows are counted by the same code")
def test_the_filter_holds_on_the_page_and_leads_there_and_back(full, page):  # noqa: F811
    soup = page("/fields?analyst=K07")

    assert "shared by no two analysts" in next(row for row in rows(soup, "fields") if row.startswith("Source type"))
    assert soup.select_one('a[href$="/agreement?analyst=K07"]')
    assert page("?analyst=K07").select_one('a[href$="/agreement/fields?analyst=K07"]')


@pytest.mark.sqlite_only("the same rows are counted by the same code")
def test_without_answers_the_page_says_so(study, page):  # noqa: F811
    assert "No answers that count yet." in text(page("/fields"))


def test_one_statement_reads_all_fields(full, page, statements):  # noqa: F811
    page()
    with statements() as seen:
        page("/fields")

    assert len([one for one in seen if re.search(r"(group_concat|string_agg)\(", one)]) == 1


@pytest.mark.sqlite_only("the same rows are counted by the same code")
def test_every_field_of_an_answer_fits_into_one_number():
    shift, size = list(by_field.BITS.values())[-1]
    assert shift + size <= 62
