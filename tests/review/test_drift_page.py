"""The page over time says in a sentence first whether analysts drift."""

import json

from tests.factories import answer, first_project, make_article, make_member, sentences_of
from webapp.adjudication.actions import accept_unanimous
from webapp.domain.terms import Tag
from webapp.projects.actions import assign
from webapp.tagging.actions import submit


def test_the_page_and_its_file_tell_the_same_windows(app, owner, client, sign_in):
    people = [make_member(name, "analyst") for name in ("Ann", "Bea")]
    sign_in(owner)
    address = "/projects/1/agreement/drift"
    assert "Nothing that counts was handed in" in client.get(address).text
    for number in range(3):
        article = make_article(f"One came. Two went. {number} stayed.")
        assign(first_project(), [(article.id, person.id) for person in people], owner)
        for person in people:
            for sentence, tag in zip(sentences_of(article), (Tag.FACT, Tag.FACT, Tag.OPINION), strict=True):
                answer(sentence, person, tag)
            submit(article, person)
    accept_unanimous(first_project(), owner, 9)

    page = " ".join(client.get(address).text.split())
    assert "All 18 answers that count came within one day" in page
    told = json.loads(client.post(f"{address}.json?by=month").text)
    [window] = told["windows"]
    assert (told["length"], told["drifted"], window["answers"], window["alpha"]) == ("month", [], 18, 1)
    assert (window["gold"]["k"], window["gold"]["n"], window["shares"]["FACT"]["k"]) == (18, 18, 12)
