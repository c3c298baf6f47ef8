"""The page of look-alikes, which works without JavaScript, and those on the page of a claim."""

from bs4 import BeautifulSoup

from tests.factories import make_article, make_claim, make_member, sentences_of


def test_each_hit_leads_to_its_sentence_and_to_a_claim_for_which_it_is_evidence(client, sign_in, owner):
    sentence = sentences_of(make_article("The old ferry sank at night."))[0]
    again = sentences_of(make_article("The old ferry sank. It rained.", title="Again", outlet="The Post"))[0]
    sign_in(owner)

    page = BeautifulSoup(client.get(f"/sentences/{sentence.id}/elsewhere").text, "html.parser")

    [hit] = page.select(".said > li")
    assert [link["href"] for link in hit.select("a")] == [
        f"/articles/{again.article_id}/reading?at={again.id}#s{again.id}",
        f"/sentences/{again.id}/evidence",
    ]
    assert [mark.get_text() for mark in hit.select("mark")] == ["The old ferry sank"]
    assert "The Post" in hit.get_text()


def test_a_page_that_may_not_hold_all_that_is_alike_does_not_say_so(client, sign_in, owner):
    article = make_article("\n".join(f"The old ferry sank at night {number}." for number in range(22)))
    many = sentences_of(article)
    few = sentences_of(make_article("A zebra grazes. A zebra grazes there."))
    sign_in(owner)

    assert len(many) == 22
    assert "The 20 most alike sentences of" in client.get(f"/sentences/{many[0].id}/elsewhere").text
    assert "1 sentence of" in " ".join(client.get(f"/sentences/{few[0].id}/elsewhere").text.split())


def test_where_nothing_is_like_it_the_page_says_so(client, sign_in, owner):
    sentence = sentences_of(make_article("Zebras graze."))[0]
    sign_in(owner)

    assert "No other sentence is like it." in client.get(f"/sentences/{sentence.id}/elsewhere").text


def test_a_researcher_is_offered_nothing_that_they_may_not_do(client, sign_in):
    sentence = sentences_of(make_article("The old ferry sank at night."))[0]
    make_article("The old ferry sank. It rained.")
    sign_in(make_member("R", "researcher"))

    assert "as evidence" not in client.get(f"/sentences/{sentence.id}/elsewhere").text


def test_the_page_of_a_claim_shows_sentences_like_it_that_are_no_mentions(client, sign_in, owner):
    mentioned = sentences_of(make_article("The old ferry sank at night."))[0]
    again = sentences_of(make_article("An old ferry sank. It rained.", title="Again"))[0]
    claim = make_claim("The old ferry sank.", mentioned, by=owner)
    sign_in(owner)

    page = BeautifulSoup(client.get(f"/claims/{claim.id}").text, "html.parser")

    section = page.select_one("section:has(> #alike)")
    assert [link["href"] for link in section.select("a")] == [
        f"/articles/{again.article_id}/reading?at={again.id}#s{again.id}",
        f"/claims/{claim.id}?sentence={again.id}#add",
    ]
