"""The page of a claim: what is claimed, how it stands, what it rests on, where it was said; and what is changed on it."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import insert, select

from tests.factories import first_project, make_article, make_claim, make_item, make_member, make_project, sentences_of
from webapp import verification
from webapp.claims import actions
from webapp.claims.queries import wording_of
from webapp.db import db, db_write
from webapp.domain.claims import Settlement
from webapp.domain.corroboration import Assessed, evidence_from
from webapp.domain.errors import BadClaim, BadEvidence, NotFound
from webapp.domain.terms import CorroborationStatus as Status
from webapp.domain.terms import MentionKind
from webapp.models import Assignment, AssignmentState, Evidence, Role
from webapp.models.conflicts import Conflict
from webapp.projects.actions import add_member

pytestmark = pytest.mark.page


@pytest.fixture
def sentence(app):
    return sentences_of(make_article(outlet="debkafile", title="Chief in Tehran"))[0]


@pytest.fixture
def claim(sentence, analyst):
    return make_claim("Moscow refused to deliver.", sentence, by=analyst)


def text_of(page):
    return " ".join(BeautifulSoup(page.text, "html.parser").get_text(" ").split())


def form_of(page, what):
    """The fields of the form on the page, as a browser would send them."""
    form = BeautifulSoup(page.text, "html.parser").select_one(f"form[action$='/{what}']")
    told = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    return told | {field["name"]: field.get_text().removeprefix("\r\n") for field in form.select("textarea[name]")}


def sent(**fields):
    return {"seen": "0", "client_id": str(uuid4())} | fields


def test_a_page_says_reports_and_origins_and_what_the_records_propose(client, sign_in, claim, analyst):
    first = make_item(claim, by=analyst, outlet="RIA Novosti", independence="independent")
    make_item(claim, by=analyst, outlet="BBC News", independence="same_origin", same_origin_as=str(first))
    make_item(claim, by=analyst, outlet="Debkafile", independence="independent")
    sign_in(analyst)
    page = text_of(client.get(f"/claims/{claim.id}"))

    assert "3 reports, 1 origin" in page
    assert "The records say: corroborated." in page
    assert "1 report, counted for nothing" in page  # the outlet of the article itself
    assert "makes it" in page
    assert "Chief in Tehran" in page


def test_the_status_of_the_analyst_stands_beside_the_proposal(client, sign_in, claim, analyst):
    make_item(claim, by=analyst, independence="independent")
    actions.assess(claim, analyst, Assessed(Status.CONTESTED), 0, uuid4())
    sign_in(analyst)
    page = text_of(client.get(f"/claims/{claim.id}"))

    assert "You say contested; say why below" in page
    actions.assess(claim, analyst, Assessed(Status.CONTESTED, why_other="I know the reporter."), 1, uuid4())
    assert "You say contested: I know the reporter." in text_of(client.get(f"/claims/{claim.id}")).replace(" .", ".")


def test_who_reads_only_their_own_assessment_is_told_of_no_other(client, sign_in, claim, owner, analyst):
    actions.assess(claim, owner, Assessed(Status.CONTESTED), 0, uuid4())
    sign_in(analyst)
    assert "you have not assessed it yet" in text_of(client.get(f"/claims/{claim.id}"))
    actions.assess(claim, analyst, Assessed(Status.CONTESTED), 0, uuid4())
    assert "assessed by you" in text_of(client.get(f"/claims/{claim.id}"))
    sign_in(owner)
    assert "assessed by 2 analysts" in text_of(client.get(f"/claims/{claim.id}"))


def test_an_assessment_is_made_and_then_changed_by_the_form_as_it_stands_there(client, sign_in, claim, owner):
    sign_in(owner)
    for status, shown in (("contested", "Contested"), ("corroborated", "Corroborated")):
        form = form_of(client.get(f"/claims/{claim.id}"), "assessment")
        answered = client.post(f"/claims/{claim.id}/assessment", data=form | {"status": status})

        assert answered.status_code == 302
        assert f'<p class="verdict__word">{shown}</p>' in client.get(f"/claims/{claim.id}").text


def test_confirmed_without_an_independent_origin_warns(client, sign_in, claim, analyst):
    make_item(claim, by=analyst, information_credibility="1")
    sign_in(analyst)

    assert "asks for an independent report" in client.get(f"/claims/{claim.id}").text


@pytest.mark.parametrize(
    ("what", "fields", "shown"),
    [
        ("wording", {"wording": "Moscow did not deliver."}, "Moscow did not deliver."),
        ("assessment", {"status": "contested", "note": "Two say no."}, "Contested"),
        ("item", {"stance": "refutes", "independence": "unknown", "url": "https://irna.example/1"}, "irna.example"),
        ("settlement", {"status": "contradicted", "reason": "The contract is public."}, "settled by a supervisor"),
        ("withdraw", {"reason": "Typed twice."}, "This claim was withdrawn"),
    ],
)
def test_a_change_by_form_is_on_the_page(client, sign_in, claim, owner, what, fields, shown):
    sign_in(owner)
    seen = "1" if what in ("wording", "withdraw") else "0"
    answered = client.post(f"/claims/{claim.id}/{what}", data=sent(**fields, seen=seen), follow_redirects=True)

    assert answered.status_code == 200
    assert shown in answered.text
    assert verification.faults() == []


@pytest.mark.parametrize(
    ("what", "fields", "told"),
    [
        ("wording", {"wording": " "}, "State the claim that is to be checked"),
        ("assessment", {"status": "true"}, "Choose how the claim stands."),
        ("item", {"independence": "unknown", "url": "https://a.example"}, "Say whether the item supports"),
        ("item", {"stance": "supports", "url": "https://a.example"}, "rests on something of its own"),
        ("item", {"stance": "supports", "independence": "unknown"}, "Give the item an address"),
        ("item", {"stance": "supports", "independence": "unknown", "url": "javascript:alert(1)"}, "is no web address"),
        ("item", {"stance": "supports", "independence": "unknown", "url": "https://a.example", "published_date": "2013-13"}, "is no date"),
        ("item", {"stance": "supports", "independence": "unknown", "url": "https://a.example", "same_origin_as": str(uuid4())}, "is none of this claim"),
        ("item", {"stance": "supports", "independence": "unknown", "url": "https://a.example", "source_reliability": "G"}, "is one of A, B, C"),
        ("settlement", {"status": "in_progress", "reason": "x"}, "somebody is still to look"),
        ("settlement", {"status": "contested", "reason": ""}, "Give the reason"),
        ("merge", {"into": "x"}, "There is no such thing"),
        ("withdraw", {"reason": ""}, "Give the reason"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence_and_changes_nothing(client, sign_in, claim, owner, what, fields, told):
    sign_in(owner)
    seen = "1" if what in ("wording", "withdraw") else "0"
    answered = client.post(f"/claims/{claim.id}/{what}", data=sent(**fields, seen=seen))

    assert answered.status_code == 422
    assert told in answered.text
    assert "0 reports, 0 origins" in text_of(client.get(f"/claims/{claim.id}"))


def test_what_is_no_address_stands_as_text_and_never_as_a_link(client, sign_in, claim, owner):
    make_item(claim, by=owner, url="", description="javascript:alert(1)")
    sign_in(owner)
    page = client.get(f"/claims/{claim.id}").text

    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page


def test_a_late_change_is_a_conflict_and_keeps_what_was_typed(client, sign_in, claim, owner):
    actions.reword_claim(claim, owner, "It did not.", 1, uuid4())
    sign_in(owner)
    answered = client.post(f"/claims/{claim.id}/wording", data=sent(wording="It never did.", seen="1"))

    assert answered.status_code == 409
    assert "It never did." in answered.text
    assert wording_of(claim.id) == "It did not."


def test_an_item_of_another_claim_is_no_origin(claim, sentence, analyst):
    other = make_claim("Another.", sentence, by=analyst)
    item = make_item(other, by=analyst)

    with pytest.raises(BadEvidence, match="none of this claim"):
        make_item(claim, by=analyst, same_origin_as=str(item))


def test_an_item_is_not_its_own_origin_neither_new_nor_amended(client, sign_in, claim, owner):
    item, client_id = make_item(claim, by=owner), str(uuid4())
    told = {"stance": "supports", "independence": "same_origin", "url": "https://a.example"}
    sign_in(owner)
    new = client.post(f"/claims/{claim.id}/item", data=sent(**told, client_id=client_id, same_origin_as=client_id))
    of_its_own = {"evidence_id": str(item), "seen": "1", "same_origin_as": str(item)}
    amended = client.post(f"/claims/{claim.id}/item", data=sent(**told, **of_its_own))

    for refused in (new, amended):
        assert refused.status_code == 422
        assert "An item cannot have its own origin as that of another" in refused.text
    db.session.rollback()
    assert [row.version for row in db.session.scalars(select(Evidence))] == [1]


def test_an_item_is_amended_by_who_entered_it_alone(claim, analyst):
    item = make_item(claim, by=analyst)
    other = make_member("Other", "analyst")

    with pytest.raises(NotFound):
        actions.withdraw_evidence(item, other, "mine", 1, uuid4())
    actions.withdraw_evidence(item, analyst, "Entered twice.", 1, uuid4())
    with pytest.raises(Conflict):
        actions.withdraw_evidence(item, analyst, "Again.", 1, uuid4())


def test_who_is_no_maker_of_the_project_any_more_changes_nothing_there(sentence, claim):
    one = make_member("One", "analyst")
    actions.mention_claim(claim, sentence, one, MentionKind.REPEATS, mention_id := uuid4())
    item = make_item(claim, by=one)
    add_member(make_project("Another"), one, {Role.ANALYST})
    add_member(first_project(), one, {Role.RESEARCHER})

    told = evidence_from({"stance": "refutes", "independence": "unknown", "description": "A letter"})
    for write in (
        lambda: actions.amend_evidence(item, one, told, 1, uuid4()),
        lambda: actions.withdraw_evidence(item, one, "Mine.", 1, uuid4()),
        lambda: actions.keep_copy(item, one, "letter.txt", b"Dear all", uuid4()),
        lambda: actions.withdraw_mention(mention_id, one, "Mine.", 1, uuid4()),
    ):
        with pytest.raises(NotFound):
            write()


def test_the_items_offered_as_of_the_same_origin_are_those_of_the_claim_and_the_one_that_is_named(
    client, sign_in, claim, sentence, owner, monkeypatch
):
    double = make_claim("Another.", sentence, by=owner)
    make_item(double, by=owner, outlet="IRNA")
    first = make_item(claim, by=owner, outlet="RIA Novosti")
    second = make_item(claim, by=owner, outlet="BBC News", same_origin_as=str(first))
    actions.merge_claim(double, claim, owner, None, 0, uuid4())
    sign_in(owner)

    def offered(address=""):
        page = BeautifulSoup(client.get(f"/claims/{claim.id}{address}").text, "html.parser")
        return [option.get_text() for option in page.select("select[name=same_origin_as] option[value*='-']")]

    assert sorted(offered()) == ["BBC News", "RIA Novosti"]
    assert offered(f"?item={second}") == ["RIA Novosti"]
    monkeypatch.setattr("webapp.claims.page.MOST_SHOWN", 1)  # the one of the double, which came first
    assert offered(f"?item={second}") == ["RIA Novosti"]


def test_publishing_a_withdrawn_claim_does_not_revive_it(client, sign_in, claim, owner):
    actions.withdraw_claim(claim, owner, "Typed twice.", 1, uuid4())
    actions.publish_claim(claim, owner, is_published=True, seen=2, client_id=uuid4())
    sign_in(owner)

    assert "This claim was withdrawn: Typed twice." in text_of(client.get(f"/claims/{claim.id}"))


# ---- merging


def test_a_merge_counts_both_and_its_undo_parts_them_again(client, sign_in, claim, sentence, owner, analyst):
    double = make_claim("Russia refused to deliver.", sentence, by=owner)
    make_item(claim, by=analyst)
    make_item(double, by=owner)
    merge = actions.merge_claim(double, claim, owner, "The same.", 0, uuid4())
    sign_in(owner)

    assert "2 reports, 2 origins" in text_of(client.get(f"/claims/{double.id}", follow_redirects=True))
    assert "The same." in client.get(f"/claims/{claim.id}").text
    actions.split_claim(double, owner, merge.version, uuid4())
    assert "1 report, 1 origin" in text_of(client.get(f"/claims/{claim.id}"))
    assert verification.faults() == []


def test_a_merge_into_itself_or_in_a_circle_is_refused(claim, sentence, owner):
    other = make_claim("Another.", sentence, by=owner)
    with pytest.raises(BadClaim, match="into itself"):
        actions.merge_claim(claim, claim, owner, None, 0, uuid4())
    actions.merge_claim(other, claim, owner, None, 0, uuid4())
    with pytest.raises(BadClaim, match="merged into this one already"):
        actions.merge_claim(claim, other, owner, None, 0, uuid4())


def test_of_several_assessments_of_one_analyst_the_newest_counts_after_a_merge(client, sign_in, claim, sentence, owner):
    double = make_claim("Another.", sentence, by=owner)
    actions.assess(claim, owner, Assessed(Status.CONTESTED), 0, uuid4())
    actions.assess(double, owner, Assessed(Status.CORROBORATED), 0, uuid4())
    actions.merge_claim(double, claim, owner, None, 0, uuid4())
    sign_in(owner)
    page = client.get(f"/claims/{claim.id}")

    assert '<p class="verdict__word">Corroborated</p>' in page.text
    assert "assessed by 1 analyst" in text_of(page)


def test_a_double_is_assessed_anew_from_the_page_of_the_claim_that_stands_for_it(
    client, sign_in, claim, sentence, owner
):
    double = make_claim("Another.", sentence, by=owner)
    actions.assess(double, owner, Assessed(Status.CONTESTED, "Two say no."), 0, uuid4())
    actions.merge_claim(double, claim, owner, None, 0, uuid4())
    sign_in(owner)
    form = form_of(client.get(f"/claims/{claim.id}"), "assessment")
    answered = client.post(f"/claims/{claim.id}/assessment", data=form | {"status": "corroborated"})

    assert form["note"] == "Two say no."
    assert answered.status_code == 302
    assert '<p class="verdict__word">Corroborated</p>' in client.get(f"/claims/{claim.id}").text


def test_a_claim_whose_merge_was_taken_back_is_merged_again_from_its_page(client, sign_in, claim, sentence, owner):
    other = make_claim("Another.", sentence, by=owner)
    merge = actions.merge_claim(other, claim, owner, None, 0, uuid4())
    actions.split_claim(other, owner, merge.version, uuid4())
    sign_in(owner)
    form = form_of(client.get(f"/claims/{other.id}"), "merge")
    answered = client.post(f"/claims/{other.id}/merge", data=form | {"into": str(claim.id)})

    assert answered.status_code == 302
    assert client.get(f"/claims/{other.id}").location == f"/claims/{claim.id}"


def test_a_merge_that_was_taken_back_elsewhere_is_told(client, sign_in, claim, sentence, owner):
    double = make_claim("Another.", sentence, by=owner)
    merge = actions.merge_claim(double, claim, owner, None, 0, uuid4())
    sign_in(owner)
    form = form_of(client.get(f"/claims/{claim.id}"), "unmerge")
    actions.split_claim(double, owner, merge.version, uuid4())
    late = client.post(f"/claims/{claim.id}/unmerge", data=form)

    assert late.status_code == 409
    assert "changed elsewhere" in text_of(late)


def test_no_withdrawn_claim_is_merged_nor_merged_into(claim, sentence, owner):
    withdrawn = make_claim("Another.", sentence, by=owner)
    actions.withdraw_claim(withdrawn, owner, "Typed twice.", 1, uuid4())
    with pytest.raises(BadClaim, match=r"was withdrawn \(Typed twice.\)"):
        actions.merge_claim(claim, withdrawn, owner, None, 0, uuid4())
    with pytest.raises(BadClaim, match=r"was withdrawn \(Typed twice.\)"):
        actions.merge_claim(withdrawn, claim, owner, None, 0, uuid4())


def test_what_was_merged_into_a_claim_that_is_withdrawn_stands_for_itself_again(
    client, sign_in, claim, sentence, owner, analyst
):
    double = make_claim("Russia refused to deliver.", sentence, by=owner)
    make_item(double, by=owner)
    actions.merge_claim(double, claim, owner, None, 0, uuid4())
    actions.withdraw_claim(claim, analyst, "Typed twice.", 1, uuid4())
    sign_in(owner)

    assert "1 report, 1 origin" in text_of(client.get(f"/claims/{double.id}"))
    assert "Russia refused to deliver." in client.get("/claims").text


# ---- settling


SETTLED = Settlement(Status.CONTRADICTED, "The contract is public.")


def test_in_a_blind_round_a_claim_is_settled_once_its_analysts_have_handed_in(app):
    blind = make_project("Blind", is_blind=True)
    supervisor, one = (make_member(f"A {role}", role, project=blind) for role in ("supervisor", "analyst"))
    article = make_article(project=blind, by=supervisor)
    with db_write() as session:
        work = Assignment(round_id=blind.running.id, article_id=article.id, analyst_id=one.id)
        session.add(work)
    claim = make_claim("It closed.", sentences_of(article)[0], by=one)
    actions.assess(claim, one, Assessed(Status.CONTESTED), 0, uuid4())

    with pytest.raises(BadClaim, match="1 analyst who assessed this claim has still"):
        actions.settle_claim(claim, supervisor, SETTLED, 0, uuid4())
    with db_write() as session:
        session.scalars(select(Assignment)).one().state = AssignmentState.SUBMITTED
    assert actions.settle_claim(claim, supervisor, SETTLED, 0, uuid4()).status is Status.CONTRADICTED


def test_the_work_of_who_assessed_a_double_counts_when_a_claim_of_a_blind_round_is_settled(app):
    blind = make_project("Blind", is_blind=True)
    supervisor = make_member("A supervisor", "supervisor", project=blind)
    one, other = (make_member(name, "analyst", project=blind) for name in ("One", "Other"))
    article = make_article(project=blind, by=supervisor)
    with db_write() as session:
        for person, state in ((one, AssignmentState.SUBMITTED), (other, AssignmentState.ASSIGNED)):
            session.add(Assignment(round_id=blind.running.id, article_id=article.id, analyst_id=person.id, state=state))
    claim, double = (make_claim("It closed.", sentences_of(article)[0], by=by) for by in (one, other))
    actions.assess(double, other, Assessed(Status.CONTESTED), 0, uuid4())
    actions.merge_claim(double, claim, supervisor, None, 0, uuid4())

    with pytest.raises(BadClaim, match="1 analyst who assessed this claim has still"):
        actions.settle_claim(claim, supervisor, SETTLED, 0, uuid4())


def test_a_supervisor_whose_own_work_is_open_is_told_that_it_is_their_own(app):
    blind = make_project("Blind", is_blind=True)
    both = make_member("Both", "supervisor", project=blind)
    article = make_article(project=blind, by=both)
    with db_write() as session:
        session.add(Assignment(round_id=blind.running.id, article_id=article.id, analyst_id=both.id))
    claim = make_claim("It closed.", sentences_of(article)[0], by=both)
    actions.assess(claim, both, Assessed(Status.CONTESTED), 0, uuid4())

    with pytest.raises(BadClaim, match="You assessed this claim yourself"):
        actions.settle_claim(claim, both, SETTLED, 0, uuid4())


def test_a_settlement_taken_back_stays_on_record_and_the_claim_stands_as_its_analysts_find_it(
    client, sign_in, claim, analyst, owner
):
    actions.assess(claim, analyst, Assessed(Status.CONTESTED), 0, uuid4())
    actions.settle_claim(claim, owner, SETTLED, 0, uuid4())
    sign_in(owner)
    page = client.get(f"/claims/{claim.id}")
    assert "Settle it anew" in page.text
    blank = client.post(f"/claims/{claim.id}/unsettled", data=form_of(page, "unsettled"))
    assert (blank.status_code, "Give the reason in a few words" in text_of(blank)) == (422, True)

    client.post(
        f"/claims/{claim.id}/unsettled", data=form_of(page, "unsettled") | {"reason": "The contract was forged."}
    )
    page = client.get(f"/claims/{claim.id}")
    told = text_of(page)
    assert "settled by a supervisor" not in told
    assert BeautifulSoup(page.text, "html.parser").select_one(".verdict__word").get_text() == "Contested"
    assert "took the settlement back: contradicted" in told
    assert "The contract was forged." in told
    assert not BeautifulSoup(page.text, "html.parser").select("form[action$='/unsettled']")

    actions.settle_claim(claim, owner, SETTLED, 2, uuid4())
    assert "settled by a supervisor" in text_of(client.get(f"/claims/{claim.id}"))
    assert verification.faults() == []


def test_what_is_not_settled_is_not_taken_back(claim, owner):
    with pytest.raises(BadClaim, match="not settled; there is nothing to take back"):
        actions.unsettle_claim(claim, owner, "Too early.", 0, uuid4())


def test_what_was_typed_stands_there_with_the_reason_where_the_claim_was_withdrawn_meanwhile(
    client, sign_in, claim, owner
):
    sign_in(owner)
    page = client.get(f"/claims/{claim.id}")
    actions.withdraw_claim(claim, owner, "Typed twice.", 1, uuid4())
    for what, typed in (("assessment", {"note": "Two say no."}), ("item", {"quote": "It will not."})):
        said = {"status": "contested", "stance": "supports", "independence": "unknown", "url": "https://a.example"}
        refused = client.post(f"/claims/{claim.id}/{what}", data=form_of(page, what) | said | typed)

        assert refused.status_code == 422
        assert "nothing is added to it any more" in text_of(refused)
        assert next(iter(typed.values())) in refused.text


# ---- a claim with very much evidence


def test_ten_thousand_items_are_counted_and_the_page_stays_a_page(client, sign_in, claim, owner, statements):
    first = make_item(claim, by=owner, outlet="Outlet 0", origin="Origin 0")
    with db_write() as session:
        row = session.scalars(select(Evidence).where(Evidence.evidence_id == first)).one()
        same = {column.key: getattr(row, column.key) for column in Evidence.__mapper__.columns if column.key != "id"}
        more = [
            same
            | {"evidence_id": uuid4(), "client_id": uuid4()}
            | {"outlet": f"Outlet {number}", "origin": f"Origin {number % 3}"}
            for number in range(1, 10_000)
        ]
        session.execute(insert(Evidence), more)
    sign_in(owner)
    with statements() as seen:
        page = client.get(f"/claims/{claim.id}")

    assert "10,000 reports, 3 origins" in text_of(page)
    assert "9,800 more reports are not shown here" in text_of(page)
    assert len(page.text) < 300_000
    assert len(seen) < 45


def test_the_item_to_change_is_chosen_by_its_link(client, sign_in, claim, owner, analyst):
    item = make_item(claim, by=analyst, outlet="RIA Novosti", quote="It will not be carried out.")
    sign_in(analyst)
    page = client.get(f"/claims/{claim.id}?item={item}")
    form = BeautifulSoup(page.text, "html.parser").select_one("#change form[action$='/item']")
    sent_ = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    sent_ |= {"stance": "refutes", "independence": "unknown", "quote": "It will.", "csrf_token": ""}
    client.post(form["action"], data=sent_)
    db.session.rollback()

    changed = db.session.scalars(select(Evidence).where(Evidence.evidence_id == item, Evidence.is_current)).one()
    assert (changed.version, changed.stance, changed.outlet, changed.quote) == (2, "refutes", "RIA Novosti", "It will.")
    sign_in(owner)
    other = client.get(f"/claims/{claim.id}?item={item}").text
    assert "Amend it" not in other
    assert "Take it back" in other
