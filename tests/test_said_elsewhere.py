"""Look-alikes of a sentence: in the order of how much they share, in the articles that the reader may read."""

import pytest

from tests.factories import make_article, make_member, make_project, sentences_of
from webapp.articles.actions import trash_article
from webapp.domain.repair import Kind
from webapp.repair.actions import RepairRequest, repair
from webapp.said_elsewhere import alike_to

SAID = "After Moscow refused to deliver the missiles, Tehran set up a programme of its own."


def texts(hits):
    return [hit.text for hit in hits]


@pytest.fixture
def corpus(app):
    return [
        make_article(f"{SAID} Nobody answered.", title="Whole"),
        make_article("Moscow refused to deliver the missiles, officials said. It rained.", title="Half"),
        make_article("The missiles were shown on Friday in a parade. It rained.", title="A word"),
        make_article("The ferry is late. It rained.", title="Nothing"),
    ]


def test_they_come_in_the_order_of_how_much_they_share(corpus, owner):
    hits = alike_to(SAID, owner)

    assert texts(hits)[:2] == [SAID, "Moscow refused to deliver the missiles, officials said."]
    assert "The ferry is late." not in texts(hits)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == pytest.approx(1)


def test_the_sentence_itself_is_none_of_them_and_its_double_is(corpus, owner):
    own = sentences_of(corpus[0])[0]
    double = make_article(f"{SAID} It was said twice.", title="Again")

    found = [hit.sentence_id for hit in alike_to(SAID, owner, [own.id])]
    assert found[0] == sentences_of(double)[0].id
    assert own.id not in found


def test_each_tells_its_article_its_place_and_what_is_shared(corpus, owner):
    hit = alike_to(SAID, owner)[1]

    assert (hit.article.display_title, hit.index) == ("Half", 1)
    assert "".join(run.text for run in hit.runs) == hit.text
    assert [run.text for run in hit.runs if run.mark] == ["Moscow refused to deliver the missiles"]


def test_nothing_is_told_of_articles_that_the_reader_may_not_read(corpus):
    other = make_project("Other")
    stranger = make_member("stranger", "analyst", project=other)

    assert alike_to(SAID, stranger) == []
    make_article(f"{SAID} Here too.", project=other, title="Theirs")
    assert [hit.article.display_title for hit in alike_to(SAID, stranger)] == ["Theirs"]


def test_in_a_blind_round_an_analyst_finds_what_was_handed_to_them(app):
    blind = make_project("Blind", is_blind=True)
    analyst = make_member("analyst", "analyst", project=blind)
    make_article(f"{SAID} Not handed out.", project=blind)

    assert alike_to(SAID, analyst) == []


def test_what_lies_in_the_trash_or_was_replaced_is_not_told(corpus, owner):
    trash_article(corpus[0], owner)
    repair(corpus[1], owner, RepairRequest(Kind.MERGE, sentences_of(corpus[1])[0].id), seen=1)

    found = texts(alike_to(SAID, owner))
    assert "Moscow refused to deliver the missiles, officials said. It rained." in found
    assert "Moscow refused to deliver the missiles, officials said." not in found
    assert SAID not in found


def test_a_text_without_words_has_none(corpus, owner):
    assert alike_to("…!?", owner) == []
    assert alike_to("", owner) == []


def test_where_every_word_is_common_neighbouring_ones_find_it(corpus, owner, monkeypatch):
    monkeypatch.setattr("webapp.word_index.COMMON", 1)
    monkeypatch.setattr("webapp.said_elsewhere.COMMON", 1)

    assert texts(alike_to(SAID, owner))[0] == SAID


def test_a_double_is_found_among_many_that_hold_its_rare_words_and_fewer_others(corpus, owner, monkeypatch):
    monkeypatch.setattr("webapp.said_elsewhere.CANDIDATES", 2)
    monkeypatch.setattr("webapp.said_elsewhere.RAREST", 3)
    make_article("Petrova, Snow, Leaf. Snow, Leaf, Petrova. Leaf, Petrova, Snow. Leaf, Snow, Petrova.")
    make_article(
        "For the agency. The agency, for. Agency, for the. The, for agency. For agency, the. Agency, the, for."
    )
    make_article("For the agency: Petrova, Snow, Leaf. It rained.")

    for told in ("For the agency: Petrova, Snow, Leaf.", "“For the agency, Petrova, Snow, Leaf”"):
        assert texts(alike_to(told, owner))[0] == "For the agency: Petrova, Snow, Leaf."


def test_a_text_of_ten_thousand_words_is_looked_up_by_its_first_ones(corpus, owner):
    assert isinstance(alike_to(" ".join(f"word{n}" for n in range(10_000)), owner), list)
