"""The sample article's second sentence is told as its chain says: at the desk, in the file, on the page of a source."""

import csv
import io
import json
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.factories import first_project, make_source, sentences_of
from webapp.db import db
from webapp.export.actions import export_long_csv
from webapp.models import SHELL, Article

CHAIN = [
    ("military and Iranian sources", "unnamed_source", "report"),
    ("debkafile", "media_outlet", "prints"),
]


@pytest.fixture
def told(client, sign_in, owner):
    """The second sentence of the sample, answered by a program with a chain of a new and a known source."""
    sign_in(owner)
    article = db.session.scalars(select(Article).order_by(Article.id)).first()
    second = sentences_of(article)[1]
    outlet, people = make_source("debkafile", "outlet", by=owner), uuid4()
    first, last = (
        {"source_id": str(id_), "source_text": words, "source_type": kind, "cue_text": cue, "cue_stance": "neutral"}
        for id_, (words, kind, cue) in zip((people, outlet), CHAIN, strict=True)
    )
    body = first | {"tag": "ATTRIBUTION", "version": 0, "client_id": str(uuid4()), "chain": [{}, last]}
    brought = {"sources": [{"id": str(people), "name": "Military and Iranian sources", "kind": "described"}]}
    answered = client.put(f"/api/v1/sentences/{second.id}/annotation", json=body | brought)
    assert answered.status_code == 200, answered.json
    db.session.rollback()
    return article, second, people, outlet


def test_at_the_desk(client, told):
    article, second, people, outlet = told
    page = BeautifulSoup(client.get(f"/articles/{article.id}").text, "html.parser")
    desk = json.loads(page.select_one("script[type='application/json']").string)
    [row] = [row for row in desk["sentences"] if row["id"] == second.id]

    assert [link["source_id"] for link in row["answer"]["chain"]] == [str(people), str(outlet)]
    assert [(link["source_text"], link["source_type"], link["cue_text"]) for link in row["answer"]["chain"]] == CHAIN


def test_in_the_file(told):
    _, second, people, outlet = told
    rows = csv.DictReader(io.StringIO("".join(export_long_csv(first_project(), SHELL)), newline=""))
    [row] = [row for row in rows if row["sentence_id"] == str(second.id)]
    chain = json.loads(row["chain"])

    assert (row["source_id"], row["source_merged_id"]) == (str(people), str(people))
    assert [link["source_id"] for link in chain] == [str(people), str(outlet)]
    assert [(link["source_text"], link["source_type"], link["cue_text"]) for link in chain] == CHAIN


def test_on_the_pages_of_both_sources(client, told):
    article, _, people, outlet = told
    of_outlet, of_people = (
        " ".join(
            BeautifulSoup(client.get(f"/sources/{id_}").text, "html.parser").select_one("main").get_text(" ").split()
        )
        for id_ in (outlet, people)
    )

    assert "Speaks for Military and Iranian sources described unknown 1 sentence" in of_outlet
    for page in (of_outlet, of_people):
        assert "Military and Iranian sources report → , passed on by debkafile prints" in page
        assert "report that Iran is deliberately accentuating those ties" in page
        assert f"{article.display_title} , sentence 2" in page or f"{article.display_title}, sentence 2" in page
