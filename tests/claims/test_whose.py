"""Whose claims, items, mentions and copies are whose: what the address of something else's gives, and changes, nothing."""

import io
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.conftest import new_client
from tests.factories import (
    first_project,
    make_article,
    make_claim,
    make_item,
    make_member,
    make_project,
    sentences_of,
    take_up,
)
from tests.signing_in import sign_in_as
from webapp import verification
from webapp.claims import actions
from webapp.db import db, db_write
from webapp.domain.claims import Settlement
from webapp.domain.corroboration import Assessed
from webapp.domain.terms import CorroborationStatus as Status
from webapp.domain.terms import MentionKind
from webapp.models import Article, ClaimMerge, Evidence, EvidenceCopy, Role, User
from webapp.models.conflicts import Gone
from webapp.projects.actions import add_member


def text_of(page):
    return " ".join(BeautifulSoup(page.text, "html.parser").get_text(" ").split())


def sent(**fields):
    return {"seen": "0", "client_id": str(uuid4())} | fields


def give_roles(person, project, *roles):
    add_member(project, db.session.get_one(User, person.id), set(roles))


def alerts(page):
    return [one.get_text(" ", strip=True) for one in BeautifulSoup(page.text, "html.parser").select("[role=alert]")]


def count(table):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


def test_a_supervisor_takes_no_merge_back_in_a_project_where_they_are_an_analyst(app, client, sign_in, owner):
    elsewhere = make_project("Elsewhere")
    head, boss = make_member("Head", "supervisor", "analyst"), make_member("Boss", "supervisor", project=elsewhere)
    give_roles(head, elsewhere, Role.ANALYST)
    sentence = sentences_of(make_article(project=elsewhere, by=boss))[0]
    double, root = make_claim("One.", sentence, by=boss), make_claim("Two.", sentence, by=boss)
    actions.merge_claim(double, root, boss, None, 0, uuid4())
    mine = make_claim("Mine.", sentences_of(make_article())[0], by=head)
    sign_in(head)

    assert client.post(f"/claims/{mine.id}/unmerge", data=sent(double=str(double.id), seen="1")).status_code == 404
    assert count(ClaimMerge) == 1


def test_who_left_the_project_changes_nothing_there_and_reads_no_copy_any_more(app, client, sign_in, owner):
    elsewhere, left = make_project("Elsewhere"), make_member("Left", "analyst")
    give_roles(left, elsewhere, Role.ANALYST)
    claim = make_claim("It closed.", sentences_of(make_article())[0], by=left)
    item = make_item(claim, by=left)
    copy = actions.keep_copy(item, left, "a.txt", b"x", uuid4())
    here = make_claim("It opened.", sentences_of(make_article(project=elsewhere, by=owner))[0], by=left)
    give_roles(left, first_project())
    sign_in(left)
    told = {"version": 1, "client_id": str(uuid4()), "reason": "Wrong."}
    amended = {"stance": "refutes", "independence": "unknown", "description": "Another."}
    answered = [
        client.put(f"/api/v1/evidence/{item}", json=told | amended),
        client.delete(f"/api/v1/evidence/{item}", json=told),
        client.delete(f"/api/v1/mentions/{claim.id}", json=told),
        client.post(f"/claims/{here.id}/copy", data=sent(evidence_id=str(item), upload=(io.BytesIO(b"y"), "b.txt"))),
        client.get(f"/copies/{copy.id}"),
    ]

    assert [one.status_code for one in answered] == [404] * 5
    assert (count(Evidence), count(EvidenceCopy)) == (1, 1)


def test_a_published_claim_tells_nothing_of_how_it_was_worded_before(app, client, sign_in):
    blind = make_project("Blind", is_blind=True)
    head, one, other = (make_member(name, role, project=blind) for name, role in MEMBERS)
    sentence = sentences_of(make_article(project=blind, by=head))[0]
    claim = make_claim("What nobody else should read.", sentence, by=one)
    actions.reword_claim(claim, one, "It closed.", 1, uuid4())
    actions.publish_claim(claim, head, is_published=True, seen=2, client_id=uuid4())
    actions.settle_claim(claim, head, Settlement(Status.CONTESTED, "Both say so."), 0, uuid4())
    sign_in(other)
    page = client.get(f"/claims/{claim.id}").text

    assert "It closed." in page
    assert "What nobody else should read." not in page
    assert "Both say so." not in page
    mine = new_client(app)
    sign_in_as(mine, one)
    assert "What nobody else should read." in mine.get(f"/claims/{claim.id}").text


MEMBERS = (("Head", "supervisor"), ("One", "analyst"), ("Other", "analyst"))


def test_who_supervises_and_still_has_to_submit_reads_of_no_merge_with_a_claim_of_that_article(client, sign_in, app):
    blind = make_project("Blind", is_blind=True)
    head = make_member("Head", "supervisor", "analyst", project=blind)
    boss, other = make_member("Boss", "supervisor", project=blind), make_member("Other", "analyst", project=blind)
    to_do, done = (make_article(project=blind, by=head) for _ in range(2))
    take_up(to_do, head)
    hidden = make_claim("What they must not read yet.", sentences_of(to_do)[0], by=other)
    shown = make_claim("It closed.", sentences_of(done)[0], by=other)
    actions.merge_claim(hidden, shown, boss, None, 0, uuid4())
    actions.settle_claim(own := make_claim("Mine.", sentences_of(to_do)[0], by=head), boss, SETTLED, 0, uuid4())
    sign_in(head)

    assert "What they must not read yet." not in client.get(f"/claims/{shown.id}").text
    assert SETTLED.reason not in client.get(f"/claims/{own.id}").text


SETTLED = Settlement(Status.CONTRADICTED, "The contract is public.")


def test_that_the_articles_of_others_lie_in_the_trash_is_told_to_no_analyst_of_a_blind_round(app):
    blind = make_project("Blind", is_blind=True)
    head, one, other = (make_member(name, role, project=blind) for name, role in MEMBERS)
    theirs, mine = (make_article(project=blind, by=head) for _ in range(2))
    claim = make_claim("It closed.", sentences_of(theirs)[0], by=one)
    actions.publish_claim(claim, head, is_published=True, seen=1, client_id=uuid4())
    trash(theirs)

    assert make_item(claim, by=other)
    with pytest.raises(Gone):
        make_item(claim, by=one)
    take_up(mine, other)
    assert actions.mention_claim(claim, sentences_of(mine)[0], other, MentionKind.REPEATS, uuid4()).version == 1


def test_a_claim_whose_articles_lie_in_the_trash_is_mentioned_by_another_and_taken_up_again(app, owner):
    gone, here = make_article(), make_article()
    claim = make_claim("It closed.", sentences_of(gone)[0])
    trash(gone)
    with pytest.raises(Gone):
        make_item(claim)
    actions.mention_claim(claim, sentences_of(here)[0], owner, MentionKind.REPEATS, uuid4())
    assert make_item(claim)


def trash(article):
    with db_write() as session:
        session.get_one(Article, article.id).trashed_at = article.created_at


# ---- merges


def test_a_merge_needs_two_claims_that_stand_and_its_undo_a_merge(client, sign_in, owner):
    sentence = sentences_of(make_article())[0]
    one, gone = make_claim("One.", sentence), make_claim("Gone.", sentence)
    actions.withdraw_claim(gone, owner, "Typed twice.", 1, uuid4())
    sign_in(owner)
    merged = client.post(f"/claims/{one.id}/merge", data=sent(into=str(gone.id)))
    parted = client.post(f"/claims/{one.id}/unmerge", data=sent(double=str(one.id)))

    assert alerts(merged) == ["The claim was withdrawn (Typed twice.); nothing is added to it any more."]
    assert alerts(parted) == ["This claim is not merged into another one; there is nothing to take back."]
    assert count(ClaimMerge) == 0


def test_what_was_merged_and_parted_is_merged_again_at_the_first_click(client, sign_in, owner):
    sentence = sentences_of(make_article())[0]
    double, root = make_claim("One.", sentence), make_claim("Two.", sentence)
    merge = actions.merge_claim(double, root, owner, None, 0, uuid4())
    actions.split_claim(double, owner, merge.version, uuid4())
    sign_in(owner)
    form = BeautifulSoup(client.get(f"/claims/{double.id}").text, "html.parser").select_one("form[action$=merge]")
    fields = {one["name"]: one.get("value", "") for one in form.select("input")} | {"into": str(root.id)}

    assert client.post(f"/claims/{double.id}/merge", data=fields).status_code == 302
    assert "Merged; it can be taken back from this page." in client.get(f"/claims/{root.id}").text


def test_a_claim_whose_root_is_withdrawn_stands_for_itself_again(client, sign_in, owner):
    sentence = sentences_of(make_article())[0]
    double, root = make_claim("It closed.", sentence), make_claim("It shut.", sentence)
    actions.merge_claim(double, root, owner, None, 0, uuid4())
    actions.withdraw_claim(root, owner, "No claim.", 1, uuid4())
    sign_in(owner)
    ledger = client.get("/claims").text

    assert "It closed." in ledger
    assert "It shut." not in ledger
    assert client.get(f"/claims/{double.id}").status_code == 200
    assert verification.faults() == []


# ---- what is refused is said where the form stood, or above the page where it stands no more


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("assessment", {"status": "contested"}),
        ("item", {"stance": "supports", "independence": "unknown", "description": "A letter."}),
        ("settlement", {"status": "contested", "reason": "Both."}),
        ("unsettled", {"reason": "Too early."}),
        ("wording", {"wording": "It shut.", "seen": "2"}),
    ],
)
def test_what_is_written_to_a_claim_withdrawn_meanwhile_is_refused_with_a_sentence(
    client, sign_in, owner, what, fields
):
    claim = make_claim("It closed.", sentences_of(make_article())[0])
    actions.withdraw_claim(claim, owner, "Typed twice.", 1, uuid4())
    sign_in(owner)
    refused = client.post(f"/claims/{claim.id}/{what}", data=sent(**fields))

    assert refused.status_code == 422
    assert alerts(refused) == ["The claim was withdrawn (Typed twice.); nothing is added to it any more."]
    assert count(Evidence) == 0


def test_a_file_for_an_item_that_is_not_there_is_refused_with_a_sentence(client, sign_in, owner):
    claim = make_claim("It closed.", sentences_of(make_article())[0])
    sign_in(owner)
    refused = client.post(f"/claims/{claim.id}/copy", data=sent(evidence_id=str(uuid4())))

    assert (refused.status_code, alerts(refused)) == (422, ["The file is empty; choose another one."])


def test_a_refused_form_has_the_focus(client, sign_in, owner):
    claim = make_claim("It closed.", sentences_of(make_article())[0])
    sign_in(owner)
    refused = client.post(f"/claims/{claim.id}/item", data=sent(stance="supports", independence="unknown"))
    [focused] = BeautifulSoup(refused.text, "html.parser").select("[autofocus]")

    assert "Give the item an address" in focused.text
    assert focused.find_parent("details", id="add").has_attr("open")


# ---- what one reads


def test_what_an_item_is_called_is_the_same_everywhere(client, sign_in, owner):
    claim = make_claim("It closed.", sentences_of(make_article())[0])
    make_item(claim, url="https://www.example.org/wire")
    sign_in(owner)
    page = client.get(f"/claims/{claim.id}")

    assert page.text.count("https://www.example.org/wire") == 1  # where it leads
    assert "added the item “example.org/wire”" in text_of(page)


def test_a_note_saved_as_it_is_typed_is_one_line_of_the_history(client, sign_in, owner):
    claim = make_claim("It closed.", sentences_of(make_article())[0])
    for version, note in enumerate((None, "T", "Two", "Two say so.")):
        actions.assess(claim, owner, Assessed(Status.CONTESTED, note), version, uuid4())
    actions.assess(claim, owner, Assessed(Status.CORROBORATED, "Two say so."), 4, uuid4())
    sign_in(owner)
    page = text_of(client.get(f"/claims/{claim.id}"))

    assert page.count("amended the note") == 1
    assert (page.count("found it contested"), page.count("found it corroborated")) == (1, 1)


def test_the_proposal_is_taken_over_by_one_click_and_the_note_stays(client, sign_in, owner):
    claim = make_claim("It closed.", sentences_of(make_article())[0])
    make_item(claim, independence="independent")
    actions.assess(claim, owner, Assessed(Status.CONTESTED, "Two\nlines."), 0, uuid4())
    sign_in(owner)
    page = BeautifulSoup(client.get(f"/claims/{claim.id}").text, "html.parser")
    form = page.select_one(".verdict form")
    assert form.get_text(strip=True) == "Take over: corroborated"
    client.post(form["action"], data={one["name"]: one["value"] for one in form.select("input")})
    after = client.get(f"/claims/{claim.id}")

    assert '<p class="verdict__word">Corroborated</p>' in after.text
    assert "Two\nlines.</textarea>" in after.text
    assert "Take over" not in after.text


@pytest.mark.parametrize(
    ("name", "shown"),
    [("page\u202egpj.exe", "pagegpj.exe"), ('a"b\r\nc\x00.txt', 'a"b c\ufffd.txt'), ("\u200f", "copy")],
)
def test_the_name_of_a_file_shows_what_it_is(owner, name, shown):
    item = make_item(make_claim("It closed.", sentences_of(make_article())[0]))

    assert actions.keep_copy(item, owner, name, b"x", uuid4()).name == shown
