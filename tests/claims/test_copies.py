"""Copies of evidence: kept as they came, proved by their hash, taken as downloads alone, and blanked by law."""

import hashlib
import io
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from tests.conftest import raw
from tests.domain.test_wacz import FILES, make_wacz
from tests.factories import make_article, make_claim, make_item, make_member, sentences_of
from webapp import verification
from webapp.claims import actions
from webapp.db import db
from webapp.domain.errors import BadEvidence, NotFound
from webapp.models import Evidence, EvidenceCopy

CONTENT = bytes(range(256)) * 1_500  # of two pieces


@pytest.fixture
def claim(app, owner):
    return make_claim("It closed.", sentences_of(make_article())[0], by=owner)


@pytest.fixture
def item(claim, owner):
    return make_item(claim, by=owner, outlet="RIA Novosti")


def upload(client, claim, item, content, name="page.html", client_id=None):
    sent = {"seen": "0", "client_id": str(client_id or uuid4()), "evidence_id": str(item)}
    return client.post(f"/claims/{claim.id}/copy", data={**sent, "upload": (io.BytesIO(content), name)})


def test_a_copy_comes_back_to_the_byte_as_a_download(client, sign_in, owner, claim, item):
    sign_in(owner)
    client_id = uuid4()
    for _ in range(2):  # a second click
        assert upload(client, claim, item, CONTENT, "<script>.html", client_id).status_code == 302
    page = client.get(f"/claims/{claim.id}").text
    answered = client.get(f"/copies/{client_id}")

    assert answered.data == CONTENT
    assert answered.headers["Content-Disposition"].startswith("attachment;")
    assert answered.mimetype == "application/octet-stream"
    assert page.count(hashlib.sha256(CONTENT).hexdigest()) == 1
    assert "unchanged since it was added" in page
    assert "authentic" not in page
    assert verification.faults() == []


def test_an_empty_file_is_refused_with_a_sentence(client, sign_in, owner, claim, item):
    sign_in(owner)
    refused = upload(client, claim, item, b"")

    assert refused.status_code == 422
    assert "The file is empty; choose another one." in refused.text
    assert "SHA-256" not in client.get(f"/claims/{claim.id}").text


def test_a_file_over_20_megabytes_is_refused_with_a_sentence(item, owner):
    with pytest.raises(BadEvidence, match="over 20 MB; keep a smaller copy"):
        actions.keep_copy(item, owner, "a.bin", bytes(20 * 2**20 + 1), uuid4())


def test_a_copy_is_added_to_ones_own_item_alone_and_read_by_who_reads_the_item(client, sign_in, claim, item, owner):
    other = make_member("Other", "analyst")
    with pytest.raises(NotFound):
        actions.keep_copy(item, other, "a.txt", b"x", uuid4())
    copy = actions.keep_copy(item, owner, "a.txt", b"x", uuid4())
    outside = make_member("Outside")
    sign_in(outside)

    assert client.get(f"/copies/{copy.id}").status_code in (403, 404)


def test_an_id_used_for_another_file_is_refused(item, owner):
    copy = actions.keep_copy(item, owner, "a.txt", b"x", uuid4())
    with pytest.raises(BadEvidence, match="used for another copy"):
        actions.keep_copy(item, owner, "a.txt", b"y", copy.id)


def test_a_blanked_copy_keeps_its_hash_and_who_and_why(client, sign_in, owner, claim, item):
    copy = actions.keep_copy(item, owner, "a.txt", b"secret", uuid4())
    sign_in(owner)
    assert client.post(f"/copies/{copy.id}/blank", data={"reason": ""}).status_code == 422
    answered = client.post(f"/copies/{copy.id}/blank", data={"reason": "Order 12 of the court."}, follow_redirects=True)

    assert "Order 12 of the court." in answered.text
    assert hashlib.sha256(b"secret").hexdigest() in answered.text
    assert client.get(f"/copies/{copy.id}").status_code == 404
    assert verification.faults() == []


def test_verify_finds_a_copy_that_was_changed(item, owner):
    copy = actions.keep_copy(item, owner, "a.txt", b"true", uuid4())
    with raw(defended=False) as connection:
        connection.execute(text("UPDATE evidence_piece SET data = :data"), {"data": b"lies"})

    assert verification.faults() == [f"Copy {copy.id}: its content does not have the hash recorded for it."]


# ---- web archives


def test_a_web_archive_gives_the_item_its_address_and_time_of_capture(client, sign_in, owner, claim, item):
    sign_in(owner)
    client_id, archive = uuid4(), make_wacz()
    for _ in range(2):  # a second click
        assert upload(client, claim, item, archive, "Page.WACZ", client_id).status_code == 302
    db.session.rollback()  # reads anew
    revisions = db.session.scalars(select(Evidence).order_by(Evidence.version)).all()

    assert [(row.url, row.accessed_at) for row in revisions[1:]] == [("https://wire.example/a", "2020-10-07T21:22:36Z")]
    assert (revisions[1].outlet, revisions[1].stance) == ("RIA Novosti", revisions[0].stance)
    assert "looked at 7 October 2020, 21:22 UTC" in " ".join(client.get(f"/claims/{claim.id}").text.split())
    assert client.get(f"/copies/{client_id}").data == archive
    assert verification.faults() == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (make_wacz(digest={"path": "datapackage.json", "hash": "sha256:00"}), "does not have the hash recorded"),
        (make_wacz(FILES | {"archive/data.warc": bytes(30 * 2**20)}), "unpacks to far more"),
        (make_wacz(more=[("../x", b"")]), "leads out of it"),
        (b"PK", "no readable WACZ file"),
    ],
)
def test_an_archive_that_does_not_hold_is_refused_and_nothing_is_kept(
    client, sign_in, owner, claim, item, content, told
):
    sign_in(owner)
    refused = upload(client, claim, item, content, "page.wacz")

    assert refused.status_code == 422
    db.session.rollback()  # reads anew
    assert told in refused.text
    assert db.session.scalar(select(EvidenceCopy.id)) is None
    assert [row.version for row in db.session.scalars(select(Evidence))] == [1]


def test_two_gigabytes_are_refused_before_any_of_it_is_read_or_stored(client, sign_in, owner, claim, item):
    class NeverRead(io.BytesIO):
        def read(self, *_):
            raise AssertionError("the body is read")

    sign_in(owner)
    refused = client.post(
        f"/claims/{claim.id}/copy",
        input_stream=NeverRead(),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(2 * 2**30)},
    )

    assert refused.status_code == 413
    assert "That is over 20 MB" in refused.text
    assert db.session.scalar(select(EvidenceCopy.id)) is None
