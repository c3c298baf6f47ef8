"""An archiver's sheet on the page of a claim: all of its rows come in or none, once."""

import io
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.domain.corroboration.test_sheet import HEADER, ROW
from tests.factories import make_article, make_claim, make_item, sentences_of
from webapp import verification
from webapp.db import db
from webapp.models import Evidence


@pytest.fixture
def claim(app, owner):
    return make_claim("It closed.", sentences_of(make_article())[0], by=owner)


def bring_in(client, claim, text, client_id=None):
    sent = {"seen": "0", "client_id": str(client_id or uuid4()), "stance": "supports", "independence": "unknown"}
    file = (io.BytesIO(text.encode()), "sheet.csv")
    return client.post(f"/claims/{claim.id}/sheet", data={**sent, "upload": file}, follow_redirects=True)


def items():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Evidence))


def test_rows_come_in_as_items_and_a_second_click_brings_nothing_more(client, sign_in, owner, claim):
    sign_in(owner)
    client_id = uuid4()
    for _ in range(2):
        answered = bring_in(client, claim, HEADER + ROW + ROW.replace("/1", "/2"), client_id)
        assert "2 items came in." in answered.text

    assert "2 reports, 2 origins" in " ".join(answered.text.split())
    assert "https://kept.example/1.html" in answered.text
    assert verification.faults() == []


def test_what_is_there_stays_out_and_is_counted(client, sign_in, owner, claim):
    make_item(claim, by=owner, url="https://wire.example/1")
    sign_in(owner)
    answered = bring_in(client, claim, HEADER + ROW + ROW.replace("/1", "/2"))

    assert "1 item came in; 1 row had been there already." in answered.text
    assert items() == 2


def test_one_wrong_line_and_nothing_comes_in(client, sign_in, owner, claim):
    sign_in(owner)
    answered = bring_in(client, claim, HEADER + ROW + ROW.replace("https://wire", "javascript://wire"))

    assert answered.status_code == 422
    assert "Nothing came in, because of line 4: “javascript://wire.example/1” is no web address" in answered.text
    assert items() == 0


def test_a_thousand_items_come_in_at_once(client, sign_in, owner, claim):
    sign_in(owner)
    rows = "".join(f"https://wire.example/{number}\n" for number in range(1_000))
    answered = bring_in(client, claim, f"link\n{rows}")

    assert "1,000 items came in." in answered.text
    assert "1,000 reports, 1,000 origins" in " ".join(answered.text.split())
    assert "800 more reports are not shown here" in " ".join(answered.text.split())
    assert len(answered.data) < 300_000
