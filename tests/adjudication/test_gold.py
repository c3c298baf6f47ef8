"""Gold as analysts see it: beside one's own tag alone, and never before."""

import pytest

from tests.adjudication.test_settling import FACT, OPINION, hand_in
from tests.factories import answer, first_project, make_article, make_member, sentences_of, take_up
from webapp.adjudication import queries
from webapp.adjudication.actions import accept_unanimous, adjudicate
from webapp.db import db_write
from webapp.domain.terms import Tag


@pytest.fixture
def article(app):
    with db_write():
        first_project().running.is_blind = True
    return make_article("One came. Two “went”, so.\nThree stayed.", title="Comings")


@pytest.fixture
def people(article):
    return [
        hand_in(article, "Ann Alpha", Tag.FACT, Tag.FACT, Tag.FACT),
        hand_in(article, "Bob Beta", Tag.FACT, Tag.OPINION, Tag.SPECULATION),
    ]


def test_before_adjudication_an_analyst_sees_no_gold(client, sign_in, article, people):
    sign_in(people[0])

    assert queries.gold_for_analyst(article, people[0]) == []
    assert "Nothing settled yet" in client.get(f"/articles/{article.id}/gold").text


def test_gold_stands_beside_ones_own_tag_with_rule_and_reason(client, sign_in, article, people, owner):
    adjudicate(sentences_of(article)[1], owner, OPINION, 0)
    sign_in(people[0])

    (row,) = queries.gold_for_analyst(article, people[0])
    assert (row.index, row.own.tag, row.decision.gold_tag) == (2, Tag.FACT, Tag.OPINION)
    shown = client.get(f"/articles/{article.id}/gold").text
    assert OPINION.reason in shown
    assert "rule-R10" in shown


def test_nothing_of_others_is_on_the_page_of_gold(client, sign_in, article, people, owner):
    second, third = sentences_of(article)[1:]
    adjudicate(second, owner, FACT, 0)
    sign_in(people[0])
    shown = client.get(f"/articles/{article.id}/gold").text

    assert "Bob Beta" not in shown
    assert owner.name not in shown.split("<main")[1]
    assert 'data-tag="OPINION"' not in shown
    assert 'data-tag="SPECULATION"' not in shown
    assert f"#s{third.id}" not in shown


def test_that_others_agreed_is_not_told(article, people, owner):
    accept_unanimous(first_project(), owner, 1)

    assert queries.gold_for_analyst(article, people[0]) == []


def test_the_newest_decision_counts(article, people, owner):
    sentence = sentences_of(article)[1]
    adjudicate(sentence, owner, FACT, 0)
    adjudicate(sentence, owner, OPINION, 1)

    assert [row.decision.gold_tag for row in queries.gold_for_analyst(article, people[0])] == [Tag.OPINION]


def test_who_has_not_handed_in_sees_no_gold(client, sign_in, article, people, owner, analyst):
    adjudicate(sentences_of(article)[1], owner, OPINION, 0)
    take_up(article, analyst)
    answer(sentences_of(article)[1], analyst, Tag.FACT)
    sign_in(analyst)

    assert queries.gold_for_analyst(article, analyst) == []
    assert OPINION.reason not in client.get(f"/articles/{article.id}/gold").text
    assert OPINION.reason not in client.get(f"/articles/{article.id}").text


def test_who_may_not_tag_the_article_finds_nothing(client, sign_in, article, people, owner):
    adjudicate(sentences_of(article)[1], owner, OPINION, 0)
    sign_in(make_member("Stranger", "analyst"))

    assert client.get(f"/articles/{article.id}/gold").status_code == 404
