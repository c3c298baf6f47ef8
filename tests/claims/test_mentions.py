"""Mentions on the page of a claim: taken back with a reason, confirmed after a repair, and told in the history."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.factories import make_article, make_claim, make_item, make_member, sentences_of
from webapp import verification
from webapp.claims import actions
from webapp.db import db
from webapp.domain.errors import NotFound
from webapp.domain.repair import Kind
from webapp.domain.terms import MentionKind
from webapp.models import ClaimMention
from webapp.models.conflicts import Conflict
from webapp.repair.actions import RepairRequest, repair


@pytest.fixture
def article(app):
    return make_article("The mine closed in May. The owner denies it.", title="On the mine")


@pytest.fixture
def claim(app, article, owner):
    return make_claim("The mine closed.", sentences_of(article)[0], by=owner)


def mentions():
    db.session.rollback()
    return db.session.scalars(select(ClaimMention).where(ClaimMention.is_current).order_by(ClaimMention.id)).all()


def sent(mention, **fields):
    told = {"thing": str(mention.mention_id), "seen": str(mention.version), "client_id": str(uuid4())}
    return told | fields


def page_of(client, claim):
    return " ".join(BeautifulSoup(client.get(f"/claims/{claim.id}").text, "html.parser").get_text(" ").split())


def test_a_mention_is_taken_back_with_a_reason_that_the_history_keeps(client, sign_in, owner, claim, article):
    actions.mention_claim(claim, sentences_of(article)[1], owner, MentionKind.DENIES, uuid4())
    second = mentions()[1]
    sign_in(owner)
    opened = client.get(f"/claims/{claim.id}?mention={second.mention_id}").text
    assert f'id="m{second.mention_id}"' in opened
    answered = client.post(f"/claims/{claim.id}/unmention", data=sent(second, reason="It denies something else."))

    page = page_of(client, claim)
    assert answered.status_code == 302
    assert "“The owner denies it.”" not in page
    assert "took back that “On the mine” denies it : It denies something else." in page
    assert "said that “On the mine” denies it" in page
    assert verification.faults() == []


def test_without_a_reason_nothing_is_taken_back_and_the_form_stands_where_it_was(client, sign_in, owner, claim):
    sign_in(owner)
    [first] = mentions()
    answered = client.post(f"/claims/{claim.id}/unmention", data=sent(first, reason=" "))

    assert answered.status_code == 422
    assert "Give the reason in a few words" in answered.text
    assert f'id="m{first.mention_id}"' in answered.text
    assert mentions()[0].withdrawn_why is None


def test_only_who_made_it_and_supervisors_take_it_back(claim, owner):
    [first] = mentions()
    with pytest.raises(NotFound, match="not yours to withdraw"):
        actions.withdraw_mention(first.mention_id, make_member("Other", "analyst"), "Wrong.", 1, uuid4())
    supervisor, client_id = make_member("Head", "supervisor"), uuid4()
    for _ in range(2):  # a second click
        actions.withdraw_mention(first.mention_id, supervisor, "Wrong.", 1, client_id)
    with pytest.raises(Conflict):
        actions.withdraw_mention(first.mention_id, supervisor, "Wrong.", 1, uuid4())


def test_a_mention_that_a_repair_moved_is_confirmed_by_its_author(client, sign_in, owner, claim, article):
    repair(article, owner, RepairRequest(Kind.MERGE, sentences_of(article)[0].id), 1)
    [moved] = mentions()
    assert moved.to_confirm
    with pytest.raises(NotFound, match="not yours to amend"):
        actions.amend_mention(
            moved.mention_id, make_member("Other", "analyst"), MentionKind.MAKES, moved.version, uuid4()
        )
    sign_in(owner)
    assert "is it still so?" in client.get(f"/claims/{claim.id}?mention={moved.mention_id}").text
    answered = client.post(f"/claims/{claim.id}/mention", data=sent(moved, kind="makes"), follow_redirects=True)

    assert "to be confirmed" not in answered.text
    assert not mentions()[0].to_confirm
    assert "confirmed that “On the mine” makes it" in page_of(client, claim)


def test_withdrawn_claims_and_items_stand_in_the_history_with_their_reason(client, sign_in, owner, claim):
    item = make_item(claim, by=owner, outlet="Northern Wire")
    sign_in(owner)
    told = {"thing": str(item), "seen": "1", "client_id": str(uuid4())}
    refused = client.post(f"/claims/{claim.id}/taken_back", data={**told, "reason": ""})
    assert (refused.status_code, "Change “" in refused.text) == (422, True)
    client.post(f"/claims/{claim.id}/taken_back", data={**told, "reason": "Entered twice."})
    client.post(
        f"/claims/{claim.id}/withdraw", data={"seen": "1", "client_id": str(uuid4()), "reason": "No claim at all."}
    )
    page = page_of(client, claim)

    assert "took back the item “Northern Wire” : Entered twice." in page
    assert "took it back : No claim at all." in page
