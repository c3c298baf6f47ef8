"""Claims as JSON: looked up, made, mentioned, assessed, and their evidence; the protocol is that of answers."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.factories import make_article, make_claim, make_item, make_member, make_project, sentences_of
from webapp.claims import actions
from webapp.db import db, db_write
from webapp.domain.corroboration import EvidenceItem, assessed_from
from webapp.models import Article, Assessment, Assignment, Claim, ClaimMention, ClaimWording, Evidence
from webapp.projects.actions import add_member, assign


@pytest.fixture
def article():
    return make_article(sentences=3)


@pytest.fixture
def sentence(article):
    return sentences_of(article)[0]


@pytest.fixture
def send(client, sign_in, analyst):
    """Sends a write as the analyst; a version and a client id are its own unless given."""
    sign_in(analyst)

    def sent(method, address, *, expect=200, **body):
        told = {"version": 0, "client_id": str(uuid4())} | body
        answered = client.open(f"/api/v1/{address}", method=method, json=told)
        assert answered.status_code == expect, answered.text
        return answered.json

    return sent


@pytest.fixture
def made(send, sentence):
    """A claim that the analyst made on the sentence."""
    return send(
        "POST", f"sentences/{sentence.id}/claims", expect=201, id=str(uuid4()), wording="It shut.", kind="makes"
    )


def item(claim_id, **said):
    return {"claim_id": str(claim_id), "stance": "supports", "independence": "unknown", "url": "https://e.org/1"} | said


def rows(table):
    db.session.rollback()
    return db.session.scalars(select(table).order_by(table.id)).all()


def count(table):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


# ---- a claim and its mentions


def test_a_claim_is_made_with_its_mention_under_the_id_that_the_browser_drew(send, sentence):
    drawn = str(uuid4())
    told = send("POST", f"sentences/{sentence.id}/claims", expect=201, id=drawn, wording="It shut.", kind="repeats")

    assert (told["id"], told["wording"], told["version"], told["is_mine"]) == (drawn, "It shut.", 1, True)
    assert (told["mention"]["id"], told["mention"]["sentence_id"], told["mention"]["kind"]) == (
        drawn,
        sentence.id,
        "repeats",
    )
    assert (told["assessment"], told["items"], told["item_count"]) == (None, [], {"own": 0, "visible": 0})


def test_the_first_thing_written_about_an_article_assigns_it_in_an_open_project(made, article, analyst):
    assert [(work.article_id, work.analyst_id) for work in rows(Assignment)] == [(article.id, analyst.id)]


def test_a_repeat_is_harmless_whatever_is_sent_twice(send, sentence, analyst):
    drawn, client_id = str(uuid4()), str(uuid4())
    claim = {"id": drawn, "wording": "It shut.", "kind": "makes", "client_id": client_id}
    entered = item(drawn, client_id=client_id)
    found = {"status": "contested", "note": "Two say no.", "client_id": client_id}
    for _ in range(2):
        send("POST", f"sentences/{sentence.id}/claims", expect=201, **claim)
        send("PUT", f"evidence/{drawn}", **entered)
        send("PUT", f"claims/{drawn}/assessment", **found)
        send("PUT", f"mentions/{drawn}", kind="denies", version=1, client_id=sentence_uuid(sentence))

    assert [count(table) for table in (Claim, ClaimWording, ClaimMention, Evidence, Assessment)] == [1, 1, 2, 1, 1]


def sentence_uuid(sentence):
    """The same id each time."""
    return f"00000000-0000-4000-8000-{sentence.id:012}"


def test_a_claim_of_that_id_that_is_worded_otherwise_is_told_what_counts_now(send, made, sentence):
    late = send(
        "POST", f"sentences/{sentence.id}/claims", expect=409, id=made["id"], wording="It closed.", kind="makes"
    )

    assert (late["code"], late["current"]["wording"], late["current"]["version"]) == ("conflict", "It shut.", 1)
    assert late["current"]["client_id"] == made["client_id"]


def test_a_claim_that_is_there_is_mentioned_otherwise_and_no_more(send, made, article):
    other, mention = sentences_of(article)[1], uuid4()
    told = send("PUT", f"mentions/{mention}", claim_id=made["id"], sentence_id=other.id, kind="repeats")
    assert (told["kind"], told["version"], told["claim"]["wording"]) == ("repeats", 1, "It shut.")

    told = send("PUT", f"mentions/{mention}", kind="denies", version=1)
    assert (told["kind"], told["version"]) == ("denies", 2)
    late = send("PUT", f"mentions/{mention}", kind="makes", version=1, expect=409)
    assert late["current"]["kind"] == "denies"

    told = send("DELETE", f"mentions/{mention}", version=2, reason="undone at the desk")
    assert told["withdrawn_why"] == "undone at the desk"
    told = send("PUT", f"mentions/{mention}", kind="denies", version=3)
    assert "withdrawn_why" not in told


def test_what_a_sentence_mentions_is_told_with_ones_own_assessment_and_the_items(send, made, sentence, client):
    send("PUT", f"claims/{made['id']}/assessment", status="contested", note="Two say no.")
    entered = send("PUT", f"evidence/{uuid4()}", **item(made["id"], outlet="Reuters", quote="It shut."))
    told = client.get(f"/api/v1/sentences/{sentence.id}/claims").json

    [claim], [mention] = told["claims"], told["mentions"]
    assert (mention["claim_id"], mention["kind"]) == (made["id"], "makes")
    assert (claim["assessment"]["status"], claim["assessment"]["note"]) == ("contested", "Two say no.")
    assert claim["items"] == [entered]
    assert claim["item_count"] == {"own": 1, "visible": 1}
    assert "proposed" not in str(claim)


def test_a_claim_taken_back_is_not_told_any_more(send, made, sentence, client):
    told = send("DELETE", f"claims/{made['id']}", version=1, reason="undone at the desk")

    assert told["withdrawn_why"] == "undone at the desk"
    assert client.get(f"/api/v1/sentences/{sentence.id}/claims").json == {"claims": [], "mentions": []}
    again = send(
        "POST",
        f"sentences/{sentence.id}/claims",
        expect=201,
        id=made["id"],
        wording="It shut.",
        kind="makes",
        client_id=made["client_id"],
    )
    assert (again["id"], again["version"]) == (made["id"], 1)


# ---- assessment and evidence


def test_an_assessment_has_versions_and_keeps_what_was_found_before(send, made):
    address = f"claims/{made['id']}/assessment"
    assert send("PUT", address, status="in_progress")["version"] == 1
    assert send("PUT", address, status="contested", note="Two say no.", version=1)["version"] == 2
    late = send("PUT", address, status="corroborated", version=1, expect=409)

    assert (late["current"]["version"], late["current"]["status"]) == (2, "contested")
    assert [row.status for row in rows(Assessment)] == ["in_progress", "contested"]


def test_the_note_written_before_there_were_claims_and_the_assessment_are_one(send, sentence):
    note = send(
        "POST", f"sentences/{sentence.id}/notes", expect=201, status="contested", claim="It shut.", url="https://e.org"
    )
    told = send("PUT", f"claims/{note['claim_id']}/assessment", status="corroborated", version=1)

    assert (told["version"], told["url"]) == (2, "https://e.org")
    amended = send("PUT", f"notes/{note['key']}", status="contested", claim="It shut.", version=2)
    assert amended["version"] == 3


def test_an_item_is_added_amended_withdrawn_and_stands_again(send, made):
    address = f"evidence/{uuid4()}"
    assert send("PUT", address, **item(made["id"]))["version"] == 1
    told = send("PUT", address, **item(made["id"], stance="refutes", version=1))
    assert (told["stance"], told["version"], told["url"]) == ("refutes", 2, "https://e.org/1")
    late = send("PUT", address, **item(made["id"], version=1), expect=409)
    assert late["current"]["version"] == 2
    assert send("DELETE", address, version=2, reason="undone at the desk")["withdrawn_why"] == "undone at the desk"
    assert "withdrawn_why" not in send("PUT", address, **item(made["id"], version=3))


def test_an_item_names_another_one_of_the_claim_as_of_its_origin(send, made):
    first, second = uuid4(), uuid4()
    send("PUT", f"evidence/{first}", **item(made["id"]))
    told = send("PUT", f"evidence/{second}", **item(made["id"], same_origin_as=str(first)))
    assert told["same_origin_as"] == str(first)

    for wrong in (str(second), str(uuid4())):
        address = f"evidence/{second}"
        send("PUT", address, **item(made["id"], same_origin_as=wrong, version=1), expect=422)


@pytest.mark.parametrize(
    ("address", "body", "said"),
    [
        ("POST sentences/{sentence}/claims", {"id": "mine", "wording": "It shut.", "kind": "makes"}, "is a UUID"),
        ("POST sentences/{sentence}/claims", {"wording": "It shut.", "kind": "makes"}, "is a UUID"),
        ("POST sentences/{sentence}/claims", {"id": "{new}", "wording": " ", "kind": "makes"}, "State the claim"),
        (
            "POST sentences/{sentence}/claims",
            {"id": "{new}", "wording": "It shut."},
            "makes the claim, repeats or denies",
        ),
        (
            "POST sentences/{sentence}/claims",
            {"id": "{new}", "wording": "It shut.", "kind": "hints"},
            "“kind” is one of",
        ),
        ("PUT mentions/{new}", {"claim_id": "{claim}", "sentence_id": "1", "kind": "makes"}, "number of a sentence"),
        ("PUT mentions/{new}", {"claim_id": "{claim}", "sentence_id": True, "kind": "makes"}, "number of a sentence"),
        ("PUT mentions/{new}", {"claim_id": "{claim}", "sentence_id": 2**70, "kind": "makes"}, "number of a sentence"),
        ("PUT claims/{claim}/assessment", {"status": "proven"}, "Choose how the claim stands"),
        ("PUT claims/{claim}/assessment", {"status": "contested", "version": "two"}, "version you saw"),
        ("PUT claims/{claim}/assessment", {"status": "contested", "client_id": "mine"}, "“client_id” is a UUID"),
        ("PUT evidence/{new}", {"claim_id": "{claim}", "url": "https://e.org"}, "supports or refutes"),
        (
            "PUT evidence/{new}",
            {"claim_id": "{claim}", "stance": "supports", "independence": "unknown"},
            "address, or say in a few words",
        ),
        (
            "PUT evidence/{new}",
            {"claim_id": "{claim}", "stance": "supports", "independence": "unknown", "url": "javascript:alert(1)"},
            "is no web address",
        ),
        ("DELETE mentions/{claim}", {"version": 1}, "Give the reason"),
        ("DELETE claims/{claim}", {"version": 1, "reason": " "}, "Give the reason"),
    ],
)
def test_what_cannot_be_taken_is_one_sentence_and_changes_nothing(send, made, sentence, address, body, said):
    named = {"sentence": sentence.id, "claim": made["id"], "new": str(uuid4())}
    method, path = address.format(**named).split()
    told = {name: value.format(**named) if isinstance(value, str) else value for name, value in body.items()}
    before = [count(table) for table in (Claim, ClaimWording, ClaimMention, Evidence, Assessment)]

    assert said in send(method, path, expect=422, **told)["detail"]
    assert [count(table) for table in (Claim, ClaimWording, ClaimMention, Evidence, Assessment)] == before


def test_a_client_id_that_wrote_about_another_claim_is_refused(send, made, sentence):
    address = f"sentences/{sentence.id}/claims"
    told = {"wording": "It shut.", "kind": "makes", "client_id": made["client_id"]}
    refused = send("POST", address, expect=422, id=str(uuid4()), **told)

    assert refused["detail"] == "This client_id was used for another claim; every write needs one of its own."
    assert count(Claim) == 1


def test_the_id_of_somebody_elses_claim_mention_or_item_tells_nothing_of_it(send, made, owner, sentence):
    theirs = make_claim("Theirs.", sentence, by=owner)
    entered = make_item(theirs, by=owner)
    claim = {"id": str(theirs.id), "wording": "Mine.", "kind": "makes"}

    for method, address, body in (
        ("POST", f"sentences/{sentence.id}/claims", claim),
        ("PUT", f"mentions/{theirs.id}", {"claim_id": made["id"], "sentence_id": sentence.id, "kind": "makes"}),
        ("PUT", f"evidence/{entered}", item(made["id"])),
    ):
        refused = send(method, address, expect=422, **body)
        assert "needs one of its own" in refused["detail"]
        assert "current" not in refused
    for method, address, body in (
        ("PUT", f"mentions/{theirs.id}", {"kind": "denies", "version": 1}),
        ("PUT", f"evidence/{entered}", item(theirs.id, version=1)),
        ("DELETE", f"mentions/{theirs.id}", {"version": 1, "reason": "mine"}),
        ("DELETE", f"evidence/{entered}", {"version": 1, "reason": "mine"}),
        ("DELETE", f"claims/{theirs.id}", {"version": 1, "reason": "mine"}),
    ):
        send(method, address, expect=404, **body)


def test_in_the_trash_nothing_is_taken(send, made, sentence):
    entered = uuid4()
    send("PUT", f"evidence/{entered}", **item(made["id"]))
    with db_write() as session:
        session.get_one(Article, sentence.article_id).trashed_at = sentence.article.created_at

    for method, address, body in (
        ("POST", f"sentences/{sentence.id}/claims", {"id": str(uuid4()), "wording": "It shut.", "kind": "makes"}),
        ("PUT", f"mentions/{uuid4()}", {"claim_id": made["id"], "sentence_id": sentence.id, "kind": "makes"}),
        ("PUT", f"mentions/{made['id']}", {"kind": "denies", "version": 1}),
        ("DELETE", f"mentions/{made['id']}", {"version": 1, "reason": "undone"}),
        ("PUT", f"evidence/{uuid4()}", item(made["id"])),
        ("DELETE", f"evidence/{entered}", {"version": 1, "reason": "undone"}),
        ("PUT", f"claims/{made['id']}/assessment", {"status": "contested"}),
        ("DELETE", f"claims/{made['id']}", {"version": 1, "reason": "undone"}),
    ):
        assert send(method, address, expect=410, **body)["code"] == "trashed"


# ---- looked up


def looked_up(client, article, asked):
    answered = client.get(f"/api/v1/articles/{article.id}/claims", query_string={"q": asked})
    assert answered.status_code == 200
    return [claim["wording"] for claim in answered.json["claims"]]


@pytest.mark.parametrize("asked", ["moscow", "ref del", "MISSILES", "s-300", "Móscow", "to deliver"])
def test_a_claim_is_found_by_the_beginnings_of_its_words(client, sign_in, analyst, article, sentence, asked):
    make_claim("Moscow refused to deliver the S-300 missiles.", sentence, by=analyst)
    make_claim("A delegation came.", sentence, by=analyst)
    sign_in(analyst)

    assert looked_up(client, article, asked) == ["Moscow refused to deliver the S-300 missiles."]


@pytest.mark.parametrize("asked", ["", " ", "“…”", "%", "_", "oscow", "x" * 5_000])
def test_a_question_that_names_no_word_finds_nothing(client, sign_in, analyst, article, sentence, asked):
    make_claim("Moscow refused.", sentence, by=analyst)
    sign_in(analyst)

    assert looked_up(client, article, asked) == []


def test_marks_make_no_difference_and_what_begins_so_comes_first(client, sign_in, analyst, article, sentence):
    for wording in ("The Müller report is false.", "Müller left.", "He met Mullér and left."):
        make_claim(wording, sentence, by=analyst)
    sign_in(analyst)

    assert looked_up(client, article, "muller") == [
        "Müller left.",
        "He met Mullér and left.",
        "The Müller report is false.",
    ]


def test_the_double_of_a_claim_is_found_and_given_as_the_one_that_stands_for_it(client, sign_in, owner, article):
    first, second, _ = sentences_of(article)
    kept, double = make_claim("It shut.", first, by=owner), make_claim("The mine closed.", second, by=owner)
    actions.merge_claim(double, kept, owner, None, 0, uuid4())
    withdrawn = make_claim("It shut for good.", first, by=owner)
    actions.withdraw_claim(withdrawn, owner, "a mistake", 1, uuid4())
    sign_in(owner)

    assert looked_up(client, article, "mine") == looked_up(client, article, "it") == ["It shut."]


@pytest.fixture
def blind(owner):
    """A blind project whose one article two analysts share."""
    project = make_project("Blind study", is_blind=True)
    add_member(project, owner, {"supervisor"})
    me, other = (make_member(name, "analyst", project=project) for name in ("Mine", "Other"))
    article = make_article("One came. Two went.", project=project)
    assign(project, [(article.id, me.id), (article.id, other.id)], owner)
    return article, me, other


def test_in_a_blind_round_ones_own_and_published_claims_are_at_hand_and_no_word_of_others(
    client, sign_in, owner, blind
):
    article, me, other = blind
    first = sentences_of(article)[0]
    mine, shown, hidden = (
        make_claim(wording, first, by=by) for wording, by in (("He came.", me), ("He went.", other), ("He hid.", other))
    )
    actions.publish_claim(shown, owner, is_published=True, seen=1, client_id=uuid4())
    make_item(shown, by=other, outlet="Secret")
    actions.assess(shown, other, assessed_from({"status": "contradicted", "note": "Secret"}), 0, uuid4())
    sign_in(me)

    assert sorted(looked_up(client, article, "he")) == ["He came.", "He went."]
    told = client.get(f"/api/v1/articles/{article.id}/claims?q=went").json["claims"]
    assert "Secret" not in str(told)
    assert (told[0]["assessment"], told[0]["item_count"]) == (None, {"own": 0, "visible": 0})
    mentioned = client.get(f"/api/v1/sentences/{first.id}/claims").json
    assert [claim["id"] for claim in mentioned["claims"]] == [str(mine.id)]
    refused = client.put(
        f"/api/v1/mentions/{uuid4()}",
        json={
            "claim_id": str(hidden.id),
            "sentence_id": first.id,
            "kind": "repeats",
            "version": 0,
            "client_id": str(uuid4()),
        },
    )
    assert refused.status_code == 404


def test_what_is_told_costs_no_more_statements_for_many_claims(client, sign_in, analyst, article, sentence, statements):
    sign_in(analyst)
    address = f"/api/v1/sentences/{sentence.id}/claims"

    def asked():
        client.get(address)
        with statements() as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    make_item(make_claim("First.", sentence, by=analyst), by=analyst)
    few = asked()
    for number in range(5):
        make_item(make_claim(f"Claim {number}.", sentence, by=analyst), by=analyst)
    assert asked() == few


def test_of_thousands_of_items_a_few_are_told_ones_own_first(client, sign_in, analyst, owner, sentence):
    claim = make_claim("It shut.", sentence, by=analyst)
    own = make_item(claim, by=analyst)
    for _ in range(45):
        make_item(claim, by=owner)
    sign_in(analyst)
    [told] = client.get(f"/api/v1/sentences/{sentence.id}/claims").json["claims"]

    assert told["item_count"] == {"own": 1, "visible": 46}
    assert len(told["items"]) == 40
    assert str(own) in {one["id"] for one in told["items"]}


ODD = [None, True, 0, -1, 2**70, 1.5, "", " ", "x" * 20_000, "\x00", "\ud800", [], ["a"], {}, {"a": 1}]
WRITES = {
    "POST sentences/{sentence}/claims": {"id": "{new}", "wording": "It shut.", "kind": "makes"},
    "PUT mentions/{new}": {"claim_id": "{claim}", "sentence_id": 1, "kind": "makes"},
    "PUT mentions/{claim}": {"kind": "denies", "version": 1},
    "DELETE mentions/{claim}": {"version": 1, "reason": "a mistake"},
    "PUT claims/{claim}/assessment": {"status": "contested", "note": "", "look_again_by": "", "why_other": ""},
    "PUT evidence/{new}": {"claim_id": "{claim}", **dict.fromkeys(EvidenceItem.__dataclass_fields__, "")},
    "DELETE claims/{claim}": {"version": 1, "reason": "a mistake"},
}


@pytest.mark.parametrize("write", WRITES)
def test_whatever_a_field_holds_the_answer_is_a_sentence(app, client, sign_in, analyst, made, sentence, write):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    named = {"sentence": sentence.id, "claim": made["id"], "new": str(uuid4())}
    method, path = write.format(**named).split()
    whole = {
        name: value.format(**named) if isinstance(value, str) else value
        for name, value in ({"version": 0, "client_id": str(uuid4())} | WRITES[write]).items()
    }
    if "stance" in whole:
        whole |= {"stance": "supports", "independence": "unknown", "url": "https://e.org"}
    broken = {}
    for name, odd in [(name, odd) for name in whole for odd in ODD]:
        if name == "reason" and odd and str(odd).strip("x"):
            continue  # it is taken back
        answered = client.open(f"/api/v1/{path}", method=method, json=whole | {"client_id": str(uuid4()), name: odd})
        if answered.status_code >= 500 or (answered.status_code >= 400 and not answered.json["detail"]):
            broken[name, repr(odd)[:20]] = answered.status_code

    assert broken == {}


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'"a"', b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(app, client, sign_in, analyst, made, sentence, body):
    for write in WRITES:
        method, path = write.format(sentence=sentence.id, claim=made["id"], new=uuid4()).split()
        answered = client.open(f"/api/v1/{path}", method=method, data=body, content_type="application/json")
        assert (answered.status_code, answered.json["detail"]) == (422, "The body must be a JSON object.")


# ---- where else it was said


def found_elsewhere(client, sentence):
    return client.get(f"/api/v1/sentences/{sentence.id}/elsewhere").json["hits"]


def test_where_else_a_sentence_was_said_is_told_with_what_may_become_of_it(client, sign_in, analyst):
    sentence = sentences_of(make_article("The old ferry sank at night."))[0]
    again = make_article("It rained. The old ferry sank.", title="Again", outlet="The Post", published="2013-10")
    sign_in(analyst)

    [hit] = found_elsewhere(client, sentence)

    assert (hit["title"], hit["outlet"], hit["when"], hit["index"]) == ("Again", "The Post", "October 2013", 2)
    assert (hit["article_id"], hit["sentence_id"]) == (again.id, sentences_of(again)[1].id)
    assert [text for text, is_shared in hit["runs"] if is_shared] == ["The old ferry sank"]
    assert (hit["may_mention"], hit["may_be_item"]) == (True, True)


def test_a_hit_in_another_project_is_only_read(client, sign_in, analyst):
    other = make_project("Other")
    add_member(other, analyst, {"analyst"})
    sentence = sentences_of(make_article("The old ferry sank at night."))[0]
    make_article("The old ferry sank.", project=other)
    sign_in(analyst)

    [hit] = found_elsewhere(client, sentence)

    assert (hit["may_mention"], hit["may_be_item"]) == (False, False)


def test_a_sentence_of_another_article_becomes_an_item_with_its_words(send, made):
    other = sentences_of(make_article("It shut on Monday."))[0]
    send("PUT", f"evidence/{uuid4()}", **item(made["id"], sentence_id=other.id))

    [stored] = rows(Evidence)
    assert (stored.sentence_id, stored.words) == (other.id, "It shut on Monday.")


@pytest.mark.parametrize(("named", "status"), [(999_999, 404), ("1", 422), (None, 422), (True, 422)])
def test_an_item_that_names_no_sentence_is_refused(send, made, named, status):
    refused = send("PUT", f"evidence/{uuid4()}", expect=status, **item(made["id"], sentence_id=named))

    assert refused["detail"]
    assert count(Evidence) == 0
