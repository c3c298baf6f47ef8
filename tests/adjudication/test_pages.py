"""The pages of adjudication without a script: the queue, one sentence by form, bulk accept, gaps."""

from itertools import product

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.adjudication.test_settling import FACT, OPINION, hand_in
from tests.conftest import new_client, raw
from tests.factories import first_project, make_article, make_member, sentences_of
from tests.signing_in import sign_in_as
from webapp import verification
from webapp.adjudication import queries
from webapp.adjudication.actions import accept_unanimous, adjudicate, keep_first_tag
from webapp.db import db, db_write
from webapp.domain.adjudication import Cause, DecidingRule, Decision
from webapp.domain.terms import Tag
from webapp.models import Sentence

pytestmark = pytest.mark.page

WHOLE = {"gold_tag": "OPINION", "deciding_rule": "R10", "cause": "slip", "reason": "Nothing remains.", "seen": "0"}


@pytest.fixture
def disputed(app):
    """Three sentences of one article: unanimous, evenly divided, and divided three to one."""
    article = make_article("One came. Two went. Three stayed.", title="Comings")
    hand_in(article, "Ann Alpha", Tag.FACT, Tag.FACT, Tag.FACT)
    hand_in(article, "Bob Beta", Tag.FACT, Tag.OPINION, Tag.FACT)
    hand_in(article, "Cy Gamma", Tag.FACT, Tag.FACT, Tag.SPECULATION)
    hand_in(article, "Di Delta", Tag.FACT, Tag.OPINION, Tag.FACT)
    return sentences_of(article)


def decided(sentence):
    """The newest decision as it is now: the test's own session may have begun to read before the request."""
    db.session.rollback()
    return queries.current_decision(sentence.id)


def page(answered):
    return BeautifulSoup(answered.text, "html.parser")


def address(sentence):
    return f"/sentences/{sentence.id}/adjudication"


def test_an_empty_queue_says_what_comes(client, sign_in, owner):
    sign_in(owner)

    assert "Nothing to settle yet" in client.get("/projects/1/adjudication").text
    assert "There is none" in client.get("/projects/1/adjudication/unanimous").text
    assert "No gap so far" in client.get("/projects/1/codebook-gaps").text


def test_the_queue_counts_and_lists(client, sign_in, owner, disputed):
    sign_in(owner)
    adjudicate(disputed[2], owner, FACT, 0)

    shown = page(client.get("/projects/1/adjudication"))
    assert "1 of 3 settled" in shown.select_one(".lead").text
    links = [link["href"] for link in shown.select("a.disputes__text")]
    assert links == [address(disputed[1]), address(disputed[2])]


def test_queue_and_agreement_page_call_the_same_sentences_disputed_and_to_settle(client, sign_in, owner, disputed):
    sign_in(owner)
    hand_in(disputed[0].article, "Ed Epsilon", Tag.NOT_CODABLE, Tag.FACT, Tag.FACT)  # a tag like the others
    adjudicate(disputed[2], owner, FACT, 0)

    queue = page(client.get("/projects/1/adjudication")).select_one(".lead").text
    agreement = page(client.get("/projects/1/agreement")).select_one("#disagreements").text
    assert "3 disputed, 2 to settle" in queue
    assert "3 sentences, 2 to settle" in agreement


def test_an_article_without_a_title_goes_by_its_first_words_on_every_page(client, sign_in, owner):
    article = make_article("One came in the rain and nobody at all saw it. Two went.", title=None)
    hand_in(article, "A", Tag.FACT, Tag.FACT)
    hand_in(article, "B", Tag.OPINION, Tag.FACT)
    sign_in(owner)

    for address in ("/projects/1/adjudication", "/projects/1/agreement"):
        assert "One came in the rain and nobody at…" in client.get(address).text


def test_the_queue_shows_fifty_a_page(client, sign_in, owner):
    article = make_article(sentences=60)
    hand_in(article, "A", *[Tag.FACT] * 60)
    hand_in(article, "B", *[Tag.OPINION] * 60)
    sign_in(owner)

    first, second = (page(client.get(f"/projects/1/adjudication?page={n}")) for n in (1, 2))
    assert len(first.select("a.disputes__text")) == 50
    assert len(second.select("a.disputes__text")) == 10
    assert client.get("/projects/1/adjudication?page=x").status_code == 200
    assert client.get("/projects/1/adjudication?page=999").status_code == 200


@pytest.fixture
def long_queue(owner):
    """Eighty-one sentences to settle, divided in two ways, and thirty decided."""
    article = make_article(sentences=111)
    hand_in(article, "A", *[Tag.FACT] * 111)
    hand_in(article, "B", *[Tag.OPINION] * 111)
    hand_in(article, "C", *[Tag.OPINION, Tag.FACT, Tag.SPECULATION] * 37)
    for sentence in sentences_of(article)[:30]:
        adjudicate(sentence, owner, OPINION, 0)
    return sentences_of(article)


def test_the_links_between_pages_of_the_queue_lead_to_the_same_rows_as_their_numbers(
    client, sign_in, long_queue, owner
):
    sign_in(owner)

    def shown(at):
        soup = page(client.get(at))
        links = {link["rel"][0]: link["href"] for link in soup.select("nav.pair a")}
        return [link["href"] for link in soup.select("a.disputes__text")], links

    by_number = [shown(f"/projects/1/adjudication?page={number}") for number in (1, 2, 3)]
    assert [len(rows) for rows, _ in by_number] == [50, 50, 11]
    assert len({row for rows, _ in by_number for row in rows}) == 111
    assert shown(by_number[0][1]["next"]) == by_number[1]
    assert shown(by_number[1][1]["next"]) == by_number[2]
    assert shown(by_number[2][1]["prev"]) == by_number[1]
    assert shown(by_number[1][1]["prev"]) == by_number[0]
    assert set(by_number[0][1]) == {"next"}
    assert set(by_number[2][1]) == {"prev"}


def test_the_next_page_goes_on_where_this_one_ended_though_its_last_row_was_decided(client, sign_in, long_queue, owner):
    sign_in(owner)
    soup = page(client.get("/projects/1/adjudication"))
    before = [link["href"] for link in page(client.get("/projects/1/adjudication?page=2")).select("a.disputes__text")]
    last = int(soup.select("a.disputes__text")[-1]["href"].split("/")[2])
    adjudicate(db.session.get_one(Sentence, last), owner, FACT, 0)

    after = page(client.get(soup.select_one("nav.pair a[rel=next]")["href"]))
    assert [link["href"] for link in after.select("a.disputes__text")][:30] == before[:30]


def test_a_place_that_is_none_leads_to_the_page_of_that_number(client, sign_in, long_queue, owner):
    sign_in(owner)
    second = page(client.get("/projects/1/adjudication?page=2")).select("a.disputes__text")

    for way, key in product(("after", "before"), ("x", "7", '["gone",1,2,3]', '["to_settle",1,2,3]', "[]")):
        shown = client.get("/projects/1/adjudication", query_string={"page": 2, way: key})
        assert page(shown).select("a.disputes__text") == second


def test_names_are_not_on_the_page_of_a_sentence(client, sign_in, owner, disputed):
    sign_in(owner)
    shown = client.get(address(disputed[1])).text

    assert len(BeautifulSoup(shown, "html.parser").select(".voices > li > p:first-child > .tag")) == 4
    assert not [name for name in ("Ann Alpha", "Bob Beta", "Cy Gamma", "Di Delta") if name in shown]
    assert "One came." in shown
    assert "Three stayed." in shown


def test_saving_goes_to_the_next_one_at_once(client, sign_in, owner, disputed):
    sign_in(owner)
    saved = client.post(address(disputed[1]), data=WHOLE)

    assert (saved.status_code, saved.location) == (302, address(disputed[2]))
    last = client.post(address(disputed[2]), data=WHOLE)
    assert last.location == "/projects/1/adjudication"
    assert "Nothing else waits" in client.get(last.location).text


def test_leaving_one_for_later_leads_to_the_next(client, sign_in, owner, disputed):
    sign_in(owner)

    assert client.get(f"{address(disputed[1])}/later").location == address(disputed[2])
    adjudicate(disputed[2], owner, FACT, 0)
    last = client.get(f"{address(disputed[1])}/later")
    assert "No other sentence waits" in client.get(last.location).text


def test_the_form_is_plain_html(client, sign_in, owner, disputed):
    sign_in(owner)
    form = page(client.get(address(disputed[1]))).select_one("form.settle__form")

    assert [radio["value"] for radio in form.select("input[name=gold_tag]")] == [tag.value for tag in Tag]
    assert [radio["data-key"] for radio in form.select("input[name=gold_tag]")] == ["1", "2", "3", "4", "0"]
    rules = [option["value"] for option in form.select("select[name=deciding_rule] option")]
    assert rules == ["", *(f"R{n}" for n in range(1, 23)), "codebook_gap"]
    assert form.select_one("input[name=seen]")["value"] == "0"


@pytest.mark.parametrize("missing", ["gold_tag", "deciding_rule", "cause", "reason"])
def test_what_is_missing_is_said_and_the_rest_kept(client, sign_in, owner, disputed, missing):
    sign_in(owner)
    refused = client.post(address(disputed[1]), data=WHOLE | {missing: ""})

    assert refused.status_code == 422
    assert page(refused).select_one("[role=alert]")
    [at_fault] = page(refused).select("[aria-invalid=true]")
    assert at_fault.select(f"[name={missing}]") or at_fault["name"] == missing
    assert f"{missing}-error" in at_fault["aria-describedby"].split()
    if missing != "reason":
        assert "Nothing remains." in page(refused).select_one("textarea").text
    assert decided(disputed[1]) is None


def test_a_tampered_version_is_refused(client, sign_in, owner, disputed):
    sign_in(owner)

    assert client.post(address(disputed[1]), data=WHOLE | {"seen": "x"}).status_code == 422


def test_who_comes_late_sees_both(client, sign_in, owner, disputed):
    sign_in(owner)
    adjudicate(disputed[1], make_member("Other Supervisor", "supervisor"), FACT, 0)

    late = client.post(address(disputed[1]), data=WHOLE)
    assert late.status_code == 409
    alert = page(late).select_one("[role=alert]").text
    assert "Other Supervisor" in alert
    assert FACT.reason in alert
    assert page(late).select_one("input[value=OPINION][checked]")
    assert client.post(address(disputed[1]), data=WHOLE | {"seen": "1"}).status_code == 302
    db.session.rollback()
    assert [row.version for row in queries.decisions_on(disputed[1].id)] == [2, 1]


def test_the_history_is_shown(client, sign_in, owner, disputed):
    sign_in(owner)
    adjudicate(disputed[1], owner, FACT, 0)
    adjudicate(disputed[1], owner, OPINION, 1)

    shown = page(client.get(address(disputed[1])))
    assert [FACT.reason in item.text for item in shown.select("ol.disputes > li")] == [False, True]


# ---- own tag first


@pytest.fixture
def own_tag_first(disputed):
    with db_write():
        first_project().own_tag_first = True
    return disputed


def test_nothing_of_the_analysts_is_shown_before_the_own_tag(client, sign_in, owner, own_tag_first):
    sign_in(owner)
    adjudicate(own_tag_first[1], make_member("Other", "supervisor"), FACT, 0)
    shown = client.get(address(own_tag_first[1])).text

    assert "What the analysts said" not in shown
    assert "voices" not in shown
    assert FACT.reason not in shown
    assert "Show the analysts’ tags" in shown


def test_a_decision_is_refused_before_the_own_tag(client, sign_in, owner, own_tag_first):
    sign_in(owner)
    client.post(address(own_tag_first[1]), data=WHOLE)

    assert decided(own_tag_first[1]) is None


def test_the_own_tag_is_kept_with_the_decision_and_asked_once(client, sign_in, owner, own_tag_first):
    sign_in(owner)
    client.post(address(own_tag_first[1]), data={"first_tag": "FACT"})
    assert "Your own, before you saw these" in client.get(address(own_tag_first[1])).text
    client.post(address(own_tag_first[1]), data=WHOLE)

    assert decided(own_tag_first[1]).first_tag is Tag.FACT
    another = new_client(client.application)
    sign_in_as(another, owner)
    assert "What the analysts said" in another.get(address(own_tag_first[1])).text
    assert "What the analysts said" not in another.get(address(own_tag_first[2])).text


def test_the_own_tag_is_kept_at_once_and_never_again(client, sign_in, owner, own_tag_first):
    sign_in(owner)
    client.post(address(own_tag_first[1]), data={"first_tag": "FACT"})
    another = new_client(client.application)
    sign_in_as(another, owner)
    assert "What the analysts said" in another.get(address(own_tag_first[1])).text

    another.post(address(own_tag_first[1]), data={"first_tag": "OPINION"})
    keep_first_tag(own_tag_first[1], owner, Tag.OPINION)
    client.post(address(own_tag_first[1]), data=WHOLE)

    assert decided(own_tag_first[1]).first_tag is Tag.FACT
    assert verification.faults() == []


def test_a_clock_set_back_before_the_decision_is_no_fault(owner, own_tag_first):
    keep_first_tag(own_tag_first[1], owner, Tag.FACT)
    adjudicate(own_tag_first[1], owner, FACT, 0)
    with raw(defended=False) as connection:
        connection.execute(text("UPDATE first_tag SET at = '2099-01-01 00:00:00.000000'"))

    assert verification.faults() == []


@pytest.mark.parametrize("change", ["UPDATE first_tag SET tag = 'OPINION'", "DELETE FROM first_tag"])
def test_the_database_itself_keeps_the_own_tag(owner, own_tag_first, change):
    keep_first_tag(own_tag_first[1], owner, Tag.FACT)

    with pytest.raises(DatabaseError, match="first_tag"), db_write() as session:
        session.execute(text(change))


def test_everybody_has_an_own_tag_of_their_own(owner, own_tag_first):
    other = make_member("Other", "supervisor")
    keep_first_tag(own_tag_first[1], owner, Tag.FACT)
    keep_first_tag(own_tag_first[1], other, Tag.OPINION)

    assert adjudicate(own_tag_first[1], owner, FACT, 0).first_tag is Tag.FACT
    assert adjudicate(own_tag_first[1], other, OPINION, 1).first_tag is Tag.OPINION


def test_no_tag_is_no_own_tag(client, sign_in, owner, own_tag_first):
    sign_in(owner)
    refused = client.post(address(own_tag_first[1]), data={"first_tag": ""})

    assert refused.status_code == 422
    assert "Choose your own tag first" in refused.text


def test_the_setting_is_on_the_page_of_settings(client, sign_in, owner):
    sign_in(owner)
    client.post("/projects/1/settings", data={"name": "Study", "overlap": "2", "own_tag_first": "y"})

    assert first_project().own_tag_first is True


# ---- bulk accept and gaps


def test_unanimous_ones_are_accepted_by_one_button_after_the_counts(client, sign_in, owner, disputed):
    sign_in(owner)
    asked = page(client.get("/projects/1/adjudication/unanimous"))
    assert "1 sentence:" in asked.select_one(".lead").text
    expected = asked.select_one("input[name=expected]")["value"]
    done = client.post("/projects/1/adjudication/unanimous", data={"expected": expected})

    assert "Accepted as gold: 1" in client.get(done.location).text
    assert decided(disputed[0]).gold_tag is Tag.FACT


def test_stale_counts_come_back_to_the_counts(client, sign_in, owner, disputed):
    sign_in(owner)
    again = client.post("/projects/1/adjudication/unanimous", data={"expected": "7"})

    assert "new counts" in client.get(again.location).text
    assert decided(disputed[0]) is None


def test_gaps_are_listed_with_a_draft(client, sign_in, owner, disputed):
    sign_in(owner)
    gap = Decision(Tag.FACT, DecidingRule.CODEBOOK_GAP, Cause.UNCLEAR_RULE, "Frames of quotes have no rule.")
    adjudicate(disputed[1], owner, gap, 0)

    shown = page(client.get("/projects/1/codebook-gaps"))
    assert shown.select_one("a.disputes__text")["href"] == address(disputed[1])
    assert "Rule: Frames of quotes have no rule." in shown.select_one("textarea").text
    assert "R23" in shown.select_one("textarea").text
    adjudicate(disputed[1], owner, FACT, 1)
    assert "No gap so far" in client.get("/projects/1/codebook-gaps").text


def test_accepted_ones_stand_in_the_queue_too(client, sign_in, owner, disputed):
    sign_in(owner)
    accept_unanimous(first_project(), owner, 1)

    links = [link["href"] for link in page(client.get("/projects/1/adjudication")).select("a.disputes__text")]
    assert links[-1] == address(disputed[0])
