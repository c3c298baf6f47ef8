"""A codebook goes out as a file, and one that comes in becomes a draft, which is looked at before it is published."""

import io

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from sqlalchemy import select

from tests.factories import first_project
from webapp.cli import codebooks, main
from webapp.codebooks.actions import publish, save_draft
from webapp.db import db
from webapp.domain.codebook import first_text
from webapp.models import AuditEvent, Codebook, CodebookDraft

pytestmark = pytest.mark.page

FILE, PREVIEW, PUBLISH = (f"/projects/1/codebook/{name}" for name in ("file", "preview", "publish"))
RULE = "A thought that only introduces an act by the same actor is background: tag the act"
CHANGED = first_text().replace(RULE, "Tag the act, always.") + "\n## 13. Ours\n\nA text.\n"


def send(client, content, name="ours.md", seen="0"):
    upload = (io.BytesIO(content if isinstance(content, bytes) else content.encode()), name)
    return client.post(FILE, data={"upload": upload, "seen": seen})


def told(page, selector):
    return [" ".join(one.get_text(" ").split()) for one in BeautifulSoup(page.text, "html.parser").select(selector)]


def drafts():
    db.session.rollback()
    return db.session.scalars(select(CodebookDraft)).all()


def test_a_file_becomes_a_draft_and_is_published_after_a_look(client, sign_in, owner):
    sign_in(owner)
    came = send(client, CHANGED)

    assert told(came, ".misfits strong") == ["13. Ours"]
    assert told(client.get(PREVIEW), ".changes h2") == ["R7, rule"]
    client.post(PUBLISH, data={"seen": "1"})
    newest = db.session.scalars(select(Codebook).order_by(Codebook.id.desc())).first()
    assert (newest.version, "Tag the act, always." in newest.text) == ("1.1", True)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "codebook brought in")).one()
    assert event.details == {"file": "ours.md", "after": "1.0", "misfits": 1}


def test_what_was_taken_as_a_file_comes_in_without_a_difference(client, sign_in, owner):
    sign_in(owner)
    save_draft(first_project(), {"R7-rule": "Tag the act.", "new-case": "Emoji", "new-rule": "No word."}, 0, owner)
    version, _ = publish(first_project(), 1, owner)
    files = {
        "book.md": client.post(f"/codebooks/{version.id}/file"),
        "book.qdc": client.post("/export/1/file", data={"document": "qdc"}),
    }

    for name, taken in files.items():
        assert taken.headers["Content-Disposition"].startswith("attachment")
        answered = send(client, taken.data, name)
        assert (answered.status_code, told(answered, ".notice--bad p")) == (
            422,
            ["The file says what the newest version says already; there is nothing to make a draft of."],
        )
        assert told(answered, ".misfits li") == []
    assert b"Tag the act." in files["book.qdc"].data
    assert drafts() == []


def test_a_draft_that_nobody_saw_is_not_replaced(client, sign_in, owner):
    save_draft(first_project(), {"R8-rule": "Mine."}, 0, owner)
    sign_in(owner)

    assert "The file takes its place" in client.get(FILE).text
    assert send(client, CHANGED).status_code == 409
    assert "Mine." in drafts()[0].text
    assert send(client, CHANGED, seen="1").status_code == 200
    [draft] = drafts()
    assert ("Mine." in draft.text, "Tag the act, always." in draft.text, draft.version) == (False, True, 2)


@pytest.mark.parametrize(("name", "content"), [("x.qdc", b"<no"), ("x.md", b"\xff"), ("x.zip", b"PK"), ("", b"")])
def test_a_bad_file_is_refused_with_a_sentence(client, sign_in, owner, name, content):
    sign_in(owner)
    answered = send(client, content, name)

    assert answered.status_code == 422
    assert told(answered, ".notice--bad p")[0].endswith(".")
    assert drafts() == []


def test_the_shell_makes_the_same_draft_and_says_what_did_not_fit(app, tmp_path, monkeypatch):
    monkeypatch.setattr(codebooks, "prepared_app", lambda: app)
    ours, same = tmp_path / "ours.md", tmp_path / "same.md"
    ours.write_text(CHANGED, encoding="utf-8")
    same.write_text(first_text(), encoding="utf-8")

    def run(path):
        return CliRunner().invoke(main, ["import-codebook", str(path)])

    unchanged, came = run(same), run(ours)
    assert (unchanged.exit_code, "there is no draft of it" in unchanged.stdout) == (1, True)
    assert (came.exit_code, "a draft of the next codebook" in came.stdout) == (0, True)
    assert "13. Ours: there is no such place" in came.stderr
    assert "Tag the act, always." in drafts()[0].text
    assert run(tmp_path / "ours.zip").exit_code == 2
