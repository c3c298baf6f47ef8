"""One article from paste to CSV, as a person takes it through the pages."""

import csv
import io
from uuid import uuid4

import pandas
from bs4 import BeautifulSoup

from tests.test_access import without_tokens

ARTICLE = (
    "The bridge reopened on Tuesday. The harbour master said the crane had passed.\n"
    "  Who could believe that excuse?  The strike could shut the port 🚢, \u201cfor a month\u201d.\n"
)


def test_from_paste_to_csv(client, sign_in, owner):
    sign_in(owner)

    preview = client.post(
        "/articles/new", data={"project": "1", "text": ARTICLE, "title": "The port"}, follow_redirects=True
    )
    assert len(BeautifulSoup(preview.text, "html.parser").select(".prose .cut")) == 4
    desk = client.post(preview.request.path, data={"save": "Save article"}, follow_redirects=True)
    assert "The port" in desk.text

    sentence_ids = [int(element["id"][1:]) for element in BeautifulSoup(desk.text, "html.parser").select(".s")]
    for sentence_id, tag in zip(sentence_ids, ("FACT", "ATTRIBUTION", "OPINION", "SPECULATION"), strict=True):
        saved = client.put(
            f"/api/v1/sentences/{sentence_id}/annotation",
            json={"tag": tag, "version": 0, "client_id": str(uuid4())},
        )
        assert saved.status_code == 200
    noted = client.post(
        f"/sentences/{sentence_ids[0]}/notes",
        data={
            "status": "corroborated",
            "claim": "The bridge reopened.",
            "url": "https://example.org/a",
            "seen": "0",
            "client_id": str(uuid4()),
        },
    )
    assert noted.status_code == 302

    exported = client.post("/export/1/long.csv")
    rows = list(csv.DictReader(io.StringIO(exported.text, newline="")))
    stored = ARTICLE
    assert [row["tag_code"] for row in rows] == ["1", "2", "4", "3"]
    assert [stored[int(row["char_start"]) : int(row["char_end"])] for row in rows] == [row["text"] for row in rows]
    assert rows[0]["corroboration_status"] == "corroborated"
    assert rows[3]["text"] == "The strike could shut the port 🚢, \u201cfor a month\u201d."

    table = pandas.read_csv(io.StringIO(exported.text), keep_default_na=False)
    assert list(table["text"]) == [row["text"] for row in rows]


def test_the_list_of_articles_has_an_address_like_the_other_lists(client, sign_in, owner):
    sign_in(owner)

    client.post("/help/put-away", data={"room": "front"})  # its line says where to go back to
    assert without_tokens(client.get("/articles").text) == without_tokens(client.get("/").text)
