"""The pages on which tags made elsewhere, and packages, come in: looked at first, or refused with a sentence."""

import io
import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.export.study import make_study
from tests.export.test_package import pack
from tests.factories import make_article, make_member, make_project
from webapp.coming_in import routes
from webapp.db import db
from webapp.models import Article, Membership, Project, Round

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.sqlite_only("it is about the pages")]
TEXT = "Two came. One saw it."
LINE = {"text": TEXT, "label": [[0, 9, "Tatsache"], [10, 21, "OPINION"], [0, 3, "FACT"]]}


@pytest.fixture
def supervisor(sign_in):
    make_article(TEXT)
    person = make_member("S", "supervisor")
    sign_in(person)
    return person


def sent(content=None, name="x.jsonl"):
    content = content or json.dumps(LINE)
    return {"upload": (io.BytesIO(content.encode()), name), "look": "1"}


def form_on(page):
    fields = BeautifulSoup(page, "html.parser").select("main form [name]")
    return {
        one["name"]: one.get("value") or one.text.strip() for one in fields if one.get("type") not in ("submit", "file")
    }


def kept(app):
    return list((Path(app.instance_path) / routes.FOLDER).glob("*"))


def test_tags_are_looked_at_mapped_and_brought_in(client, supervisor, app):
    seen = client.post("/tags/import", data=sent())
    words = BeautifulSoup(seen.text, "html.parser").main.text

    assert seen.status_code == 200
    assert "1 tag of 1 analyst on 1 article" in " ".join(words.split())
    assert "“Tatsache” is no tag; say which one it is." in words
    assert "is no sentence of article" in words
    assert db.session.scalars(select(Round.name)).all() == ["main"]
    [path] = kept(app)
    assert path.name.startswith(f"{supervisor.id}-")
    again = client.post("/tags/import", data=form_on(seen.text) | {"labels": "Tatsache=FACT", "look": "1"})
    assert "2 tags of 1 analyst" in " ".join(BeautifulSoup(again.text, "html.parser").main.text.split())
    done = client.post("/tags/import", data=form_on(again.text) | {"bring": "1"}, follow_redirects=True)
    assert "2 tags came in, as the round “elsewhere: x”; 1 row did not fit." in done.text
    assert kept(app) == []


def test_a_file_that_somebody_else_looks_at_or_that_is_gone_is_asked_for_again(client, supervisor, sign_in, app):
    form = form_on(client.post("/tags/import", data=sent()).text)
    sign_in(make_member("Other", "supervisor"))
    other = client.post("/tags/import", data=form | {"bring": "1"})

    assert (other.status_code, "choose it once more" in other.text) == (422, True)
    assert db.session.scalars(select(Round.name)).all() == ["main"]
    for token in ("", "../1", "0" * 32):
        assert client.post("/tags/import", data=form | {"kept": token}).status_code == 422


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose the file with the tags."),
        (sent("a,b\n1,2\n"), "is neither JSON of doccano"),
        (sent() | {"labels": "x=y"}, "maps no label to a tag"),
    ],
)
def test_what_cannot_be_taken_is_said_in_the_form(client, supervisor, data, sentence):
    if "upload" in data:
        data = data | {"upload": (io.BytesIO(data["upload"][0].getvalue()), data["upload"][1])}
    answered = client.post("/tags/import", data=data)

    assert (answered.status_code, sentence in answered.text) == (422, True)


def test_a_slip_in_the_labels_keeps_the_file_and_a_file_that_cannot_be_read_is_not_kept(client, supervisor, app):
    slip = client.post("/tags/import", data=sent() | {"labels": "Tatsache=FAKT"})

    assert (slip.status_code, "“x.jsonl” is kept here" in text_of(slip)) == (422, True)
    mended = client.post("/tags/import", data=form_on(slip.text) | {"labels": "Tatsache=FACT", "look": "1"})
    assert (mended.status_code, "2 tags of 1 analyst" in text_of(mended)) == (200, True)
    unread = client.post("/tags/import", data=sent("{"))
    assert (unread.status_code, "is kept here" in text_of(unread)) == (422, False)
    assert len(kept(app)) == 1


def test_a_label_that_is_passed_over_is_said_to_be(client, supervisor):
    assert "A label without a tag is passed over" in text_of(client.post("/tags/import", data=sent()))
    whole = LINE | {"label": LINE["label"][1:]}
    assert "passed over" not in text_of(client.post("/tags/import", data=sent(json.dumps(whole))))


def text_of(answered):
    return " ".join(BeautifulSoup(answered.text, "html.parser").main.text.split())


def test_a_package_makes_a_project_of_its_own_or_says_why_not(client, sign_in, over, owner, tmp_path):
    over(make_study)
    path, _ = pack(tmp_path / "study.zip")
    sign_in(owner)

    def bring(content, name):
        return client.post("/packages/import", data={"upload": (io.BytesIO(content), "study.zip"), "name": name})

    taken = bring(path.read_bytes(), "")
    assert (taken.status_code, "“Our study” already; give this one another name." in taken.text) == (422, True)
    assert BeautifulSoup(taken.text, "html.parser").select_one("[aria-invalid=true]")["name"] == "name"
    broken = bring(path.read_bytes()[:-100], "Elsewhere")
    assert (broken.status_code, "no readable ZIP file" in broken.text) == (422, True)
    assert "Choose the package" in client.post("/packages/import", data={}).text
    done = bring(path.read_bytes(), "Elsewhere")
    assert done.status_code == 302
    assert "“Elsewhere” came in: articles 3" in client.get(done.headers["Location"]).text
    assert db.session.scalar(select(func.count()).select_from(Project)) == 2


def test_a_package_is_looked_at_and_merged_by_a_supervisor(client, sign_in, over, app, tmp_path):
    over(make_study)
    path, _ = pack(tmp_path / "study.zip")
    project = make_project("Other")
    supervisor = make_member("S", "supervisor", project=project)
    sign_in(supervisor)
    sent = {"upload": (io.BytesIO(path.read_bytes()), "study.zip"), "into": str(project.id)}

    seen = client.post("/packages/import", data=sent)
    words = " ".join(BeautifulSoup(seen.text, "html.parser").main.text.split())
    assert seen.status_code == 200, words
    assert "rows would come in. 2 rows of the package are the same here. 0 differ, and what is here stays." in words
    assert articles_in(project) == 0
    [held] = kept(app)
    form = form_on(seen.text) | {"person": "", "merge": "1", "into": str(project.id)}
    other = client.post("/packages/import", data=form | {"person": f"C90={code_of(supervisor, project)}"})
    assert (other.status_code, "other people were chosen; nothing came in" in other.text) == (422, True)
    done = client.post("/packages/import", data=form, follow_redirects=True)
    assert "Merged into “Other”: " in done.text
    assert (articles_in(project), held.exists()) == (3, False)
    sent["upload"] = io.BytesIO(path.read_bytes()), "study.zip"
    again = client.post("/packages/import", data=sent)
    assert "Nothing of it is new here." in text_of(again)
    assert 'name="merge"' not in again.text


def articles_in(project):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Article).where(Article.project_id == project.id))


def code_of(person, project):
    held = Membership.user_id == person.id, Membership.project_id == project.id
    return db.session.scalar(select(Membership.coder_code).where(*held))


def test_a_package_goes_only_into_a_project_that_one_supervises(client, sign_in, over, tmp_path, owner):
    over(make_study)
    path, _ = pack(tmp_path / "study.zip")
    own, other = make_project("Own"), make_project("Other")
    supervisor = make_member("S", "supervisor", project=own)
    sign_in(supervisor)
    for into in ("", str(other.id)):
        sent = {"upload": (io.BytesIO(path.read_bytes()), "study.zip"), "into": into, "name": "New"}
        assert client.post("/packages/import", data=sent).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Project)) == 3


def test_a_package_without_copies_says_how_many_are_not_in_it(client, sign_in, over, owner, tmp_path):
    over(make_study)
    path, _ = pack(tmp_path / "study.zip", copies=False)
    sign_in(owner)
    sent = {"upload": (io.BytesIO(path.read_bytes()), "study.zip"), "name": "Elsewhere"}
    done = client.post("/packages/import", data=sent, follow_redirects=True)

    assert "1 copy of evidence is not in the package, which was made without uploaded copies" in done.text
