"""Sources looked up at the desk: by the beginnings of their names, and in a blind round one's own and published ones."""

import pytest

from tests.factories import (
    amend,
    answer,
    make_article,
    make_member,
    make_outlets,
    make_project,
    make_rating,
    make_source,
    merge_sources,
    sentences_of,
    take_up,
)
from webapp.domain.chains import Link
from webapp.domain.terms import SourceType, Tag
from webapp.models import SourceEntry, SourceRating

pytestmark = pytest.mark.page


@pytest.fixture
def article():
    return make_article(sentences=3)


@pytest.fixture
def look_up(client, sign_in, analyst, article):
    sign_in(analyst)

    def asked(words, article=article):
        answer = client.get(f"/api/v1/articles/{article.id}/sources", query_string={"q": words})
        assert answer.status_code == 200, answer.text
        return answer.json["sources"]

    return asked


def names(found):
    return [source["name"] for source in found]


@pytest.mark.parametrize("asked", ["debka", "DEBKA", "file", "weekly d", "d", "Débka", "net week"])
def test_a_source_is_found_by_its_name_an_alias_or_any_word_of_them(look_up, analyst, asked):
    make_source("debkafile", "outlet", by=analyst, aliases=("DEBKA-Net-Weekly", "The File"))
    make_source("Reuters", "outlet", by=analyst)

    assert names(look_up(asked)) == ["debkafile"]


def test_the_alias_by_which_it_was_found_is_told_and_the_name_is_not_repeated(look_up, analyst):
    id_ = make_source("debkafile", "outlet", by=analyst, aliases=("The File",))

    assert look_up("debka") == [{"id": str(id_), "name": "debkafile", "kind": "outlet", "answers": 0, "elsewhere": 0}]
    assert look_up("the")[0]["alias"] == "The File"


def test_what_begins_with_the_words_comes_before_what_holds_them_and_names_before_aliases(look_up, analyst):
    for name, aliases in (("The Tehran Times", ()), ("Mehr", ("Tehran Agency",)), ("Tehran Times", ())):
        make_source(name, "outlet", by=analyst, aliases=aliases)

    assert names(look_up("tehran")) == ["Tehran Times", "Mehr", "The Tehran Times"]


@pytest.mark.parametrize("asked", ["", " ", "“…”", "%", "_", "x" * 5_000, "' OR 1=1"])
def test_a_question_that_names_nothing_finds_nothing(look_up, analyst, asked):
    make_source("debkafile", "outlet", by=analyst)

    assert look_up(asked) == []


def test_at_most_ten_are_told(look_up, analyst):
    make_outlets(30)

    assert len(look_up("outlet")) == 10


def test_a_source_withdrawn_is_not_offered(look_up, analyst):
    amend(SourceEntry, make_source("debkafile", "outlet"), withdrawn_why="a mistake")

    assert look_up("debka") == []


def test_a_merged_double_is_found_by_its_names_and_given_as_the_entry_that_stands_for_it(look_up, owner, analyst):
    kept = make_source("Reuters", "outlet", by=owner)
    double = make_source("Thomson News", "outlet", by=analyst, aliases=("TNR",))
    merge_sources(double, kept)

    for asked, alias in (("thomson", "Thomson News"), ("tnr", "TNR"), ("reut", None)):
        [found] = look_up(asked)
        assert (found["id"], found["name"], found.get("alias")) == (str(kept), "Reuters", alias)


def test_each_source_tells_how_many_sentences_of_ones_own_name_it_in_any_place(look_up, owner, analyst, article):
    kept, double, other = (make_source(name, "outlet", by=analyst) for name in ("Alpha", "Alpha News", "Beta"))
    merge_sources(double, kept)
    first, second, third = sentences_of(article)
    fields = {"source_type": SourceType.MEDIA_OUTLET}
    answer(first, analyst, Tag.ATTRIBUTION, source_id=kept, chain=(Link(other),), **fields)
    answer(second, analyst, Tag.ATTRIBUTION, source_id=other, chain=(Link(double),), **fields)
    answer(third, analyst, Tag.FACT, source_id=kept)
    answer(third, owner, Tag.ATTRIBUTION, source_id=kept, **fields)

    elsewhere = sentences_of(make_article())[0]
    answer(elsewhere, analyst, Tag.ATTRIBUTION, source_id=kept, **fields)

    [found] = look_up("alpha")
    assert (found["name"], found["answers"], found["elsewhere"]) == ("Alpha", 3, 1)


def test_the_letter_in_force_is_ones_own_newest_else_a_published_one(look_up, owner, analyst):
    id_ = make_source("debkafile", "outlet", by=analyst)
    make_rating(id_, "A", by=owner, rated_on="2026-02-01")
    assert "reliability" not in look_up("debka")[0]

    amend(SourceRating, make_rating(id_, "B", by=owner, rated_on="2026-01-01"), is_published=True)
    assert look_up("debka")[0]["reliability"] == "B"

    make_rating(id_, "D", by=analyst, rated_on="2013-03")
    make_rating(id_, "C", by=analyst, rated_on="2013-10-28")
    assert look_up("debka")[0]["reliability"] == "C"


def test_the_answer_is_kept_nowhere(client, sign_in, analyst, article):
    sign_in(analyst)
    answer = client.get(f"/api/v1/articles/{article.id}/sources?q=a")

    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_number_of_statements_does_not_grow_with_what_is_found(look_up, statements, analyst):
    make_source("Outlet alone", "outlet", by=analyst)
    with statements() as one:
        look_up("alone")
    make_outlets(50)
    with statements() as many:
        look_up("outlet")

    assert len(many) <= len(one) <= 13


# ---- blind


@pytest.fixture
def blind(app):
    return make_project("Blind study", is_blind=True)


@pytest.fixture
def blind_article(blind):
    return make_article(sentences=2, project=blind)


@pytest.fixture
def me(blind, blind_article, sign_in):
    me = make_member("Mine", "analyst", project=blind)
    take_up(blind_article, me)
    return sign_in(me)


@pytest.fixture
def ask(client, me, blind_article, statements):
    """The body of a look-up, and the statements behind it."""
    address = f"/api/v1/articles/{blind_article.id}/sources"

    def asked(words):
        with statements() as behind:
            answer = client.get(f"{address}?q={words}")
        return answer.text, list(behind)

    return asked


def test_in_a_blind_round_nothing_that_others_enter_use_rate_or_merge_changes_a_byte_or_a_statement(
    ask, blind, blind_article, me, owner
):
    mine = make_source("Reuters of mine", "outlet", by=me, project=blind)
    shown = make_source("Reuters published", "outlet", by=owner, project=blind, is_published=True)
    ask("reuters")
    before = ask("reuters")
    other = make_member("Other", "analyst", project=blind)
    take_up(blind_article, other)
    theirs = make_source("Reuters of another", "outlet", by=other, project=blind, aliases=("Reuters again",))
    fields = {"source_type": SourceType.MEDIA_OUTLET}
    answer(sentences_of(blind_article)[0], other, Tag.ATTRIBUTION, source_id=theirs, **fields)
    answer(sentences_of(blind_article)[1], other, Tag.ATTRIBUTION, source_id=shown, **fields)
    make_rating(shown, "E", by=other)
    merge_sources(theirs, mine)
    merge_sources(mine, shown)

    assert ask("reuters") == before
    assert "of another" not in before[0]
    assert "Reuters published" in before[0]


def test_one_with_another_role_besides_has_no_more_at_hand_in_a_blind_round(client, sign_in, blind, blind_article):
    both = make_member("Both", "analyst", "supervisor", project=blind)
    other = make_member("Other", "analyst", project=blind)
    take_up(blind_article, both)
    make_source("Reuters of another", "outlet", by=other, project=blind)
    sign_in(both)

    assert client.get(f"/api/v1/articles/{blind_article.id}/sources?q=reuters").json["sources"] == []


def test_sources_of_another_project_are_not_found(look_up, owner):
    make_source("Reuters", "outlet", by=owner, project=make_project("Another"))

    assert look_up("reuters") == []
