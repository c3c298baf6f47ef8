"""The reading room: one page per article, with all voices that its reader may read."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.adjudication.test_settling import FACT, hand_in
from tests.conftest import new_client
from tests.factories import (
    answer,
    assignment_of,
    first_project,
    make_article,
    make_claim,
    make_member,
    make_project,
    sentences_of,
    take_up,
)
from tests.signing_in import sign_in_as
from webapp.adjudication.actions import adjudicate
from webapp.adjudication.queries import current_decision
from webapp.db import db, db_write
from webapp.domain.adjudication import Votes
from webapp.domain.heat import heat_of
from webapp.domain.repair import Kind
from webapp.domain.terms import Tag
from webapp.models import AuditEvent, Membership
from webapp.projects.actions import add_member, assign, return_work
from webapp.reading import queries
from webapp.repair.actions import RepairRequest, repair
from webapp.tagging.actions import submit

pytestmark = pytest.mark.page

F, S, O = Tag.FACT, Tag.SPECULATION, Tag.OPINION  # noqa: E741 (the letters of the badges)
WHOLE = {"gold_tag": "OPINION", "deciding_rule": "R10", "cause": "slip", "reason": "Nothing remains.", "seen": "0"}


@pytest.fixture
def article(app):
    """One sentence on which all agree, one evenly divided, one divided two to one; and somebody who is not done."""
    article = make_article("One came. Two went. Three stayed.", title="Comings")
    hand_in(article, "Ann Alpha", F, F, F)
    hand_in(article, "Bob Beta", F, O, F)
    hand_in(article, "Cy Gamma", F, O, S)
    slow = make_member("Di Delta", "analyst")
    take_up(article, slow)
    answer(sentences_of(article)[0], slow, S)
    return article


@pytest.fixture
def supervisor(article, sign_in):
    return sign_in(make_member("Sue", "supervisor"))


def room(client, article, query=""):
    answered = client.get(f"/articles/{article.id}/reading{query}")
    assert answered.status_code == 200, answered.location
    return BeautifulSoup(answered.text, "html.parser")


def said(page):
    """The tags beside each sentence, in the order of the analysts' codes."""
    return [
        [tag["data-tag"][0] for tag in row.select(".tags-said li, .heard > li .tag")] for row in page.select(".voiced")
    ]


def code_of(name):
    return db.session.scalar(select(Membership.coder_code).join(Membership.user).filter_by(name=name))


# ---- who reads what


def test_a_supervisor_gets_every_article_at_one_address_and_all_voices_in_it(client, article, supervisor):
    answered = client.get(f"/articles/{article.id}")
    assert answered.location == f"/articles/{article.id}/reading"

    page = room(client, article)
    assert [sorted(tags) for tags in said(page)] == [["F", "F", "F", "S"], ["F", "O", "O"], ["F", "F", "S"]]
    assert [row.select_one(".words").text for row in page.select(".voiced")] == [
        "One came.",
        "Two went.",
        "Three stayed.",
    ]
    assert "2 to settle" in " ".join(page.select_one(".bar").text.split())
    assert [row["id"] for row in page.select("[data-settle]")] == [f"s{s.id}" for s in sentences_of(article)[1:]]
    in_work = page.select("li[data-work]")
    assert [one.span.text for one in in_work] == [code_of("Di Delta")]


def test_a_researcher_reads_what_was_handed_in_and_nothing_of_who_is_still_at_work(client, article, sign_in):
    sign_in(make_member("Ro", "researcher"))

    page = room(client, article)
    assert [sorted(tags) for tags in said(page)] == [["F", "F", "F"], ["F", "O", "O"], ["F", "F", "S"]]
    assert code_of("Di Delta") not in page.text
    assert page.select(".button:-soup-contains(Settle), form[method=post]:not([action$=sign-out], .first-visit)") == []


def test_an_analyst_reads_their_own_and_gold_once_they_may(client, article, sign_in, owner):
    ann = sign_in(make_member("Eve", "analyst"))
    first, second, third = sentences_of(article)
    take_up(article, ann)
    answer(first, ann, O)
    adjudicate(second, owner, FACT, 0)

    page = room(client, article)
    assert said(page) == [["O"], [], []]
    assert page.select(".who, [data-settle], [data-heat]:not([data-heat='0']), .voice__line") == []
    assert [bar.get("data-tag") for bar in page.select(".heat a")] == ["OPINION", None, None]

    for sentence in (second, third):
        answer(sentence, ann, S)
    submit(article, ann)
    page = room(client, article)
    assert said(page) == [["O"], ["S"], ["S"]]
    assert "gold F, R5" in page.select(".voiced")[1].text


def test_a_supervisor_who_still_has_to_hand_in_a_blind_article_sees_the_others_only_when_asked(client, sign_in, owner):
    project = make_project("Blind study", is_blind=True)
    add_member(project, owner, {"supervisor"})
    both, other = (
        make_member("Both", "supervisor", "analyst", project=project),
        make_member("O", "analyst", project=project),
    )
    article = make_article("One came. Two went.", project=project)
    assign(project, [(article.id, both.id), (article.id, other.id)], owner)
    for sentence in sentences_of(article):
        answer(sentence, other, F)
    submit(article, other)
    sign_in(both)

    page = room(client, article)
    assert said(page) == [[], []]
    link = page.select_one(".notice a")["href"]
    assert said(BeautifulSoup(client.get(link).text, "html.parser")) == [["F"], ["F"]]


def test_a_second_pass_shows_nothing_of_the_first(client, article, sign_in):
    ann = hand_in(article, "Eve", O, O, O)
    first = assignment_of(article.id, ann)
    with db_write() as session:
        whose = {"round_id": first.round_id, "article_id": article.id, "analyst_id": ann.id}
        session.add(type(first)(**whose, pass_=2))
    sign_in(ann)

    assert said(room(client, article)) == [[], [], []]


def test_what_was_handed_in_counts_and_what_was_changed_since_stands_beside_it(client, article, supervisor, owner):
    ann = make_member("Eve", "analyst")
    take_up(article, ann)
    for sentence in sentences_of(article):
        answer(sentence, ann, F)
    submit(article, ann)
    return_work(assignment_of(article.id, ann), owner, "Look again.")
    answer(sentences_of(article)[0], ann, O)

    row = room(client, article).select_one(".voiced")
    assert row.select_one("small").text == "now O"
    assert row.select_one("li:has(small)")["data-tag"] == "FACT"


def test_names_stand_in_place_of_codes_once_asked_for_which_goes_on_record(client, article, supervisor):
    page = room(client, article, "?disputed=1")
    assert "Ann Alpha" not in page.text

    answered = client.post(page.select_one(".who form")["action"])
    assert answered.location == f"/articles/{article.id}/reading?disputed=1"
    assert "Ann Alpha" in room(client, article).text
    db.session.rollback()
    assert db.session.scalars(select(AuditEvent.details).where(AuditEvent.what == "names shown")).one() == {
        "page": "reading room"
    }
    client.post(f"/articles/{article.id}/names", data={"hide": "1"})
    assert "Ann Alpha" not in room(client, article).text


# ---- one sentence


def test_a_sentence_opened_by_its_link_tells_everything_said_of_it(client, article, supervisor):
    second = sentences_of(article)[1]
    ann = make_member("Eve", "analyst")
    take_up(article, ann)
    answer(second, ann, F, note="A <b>bold</b> claim.", second_choice=O)
    make_claim("Two people went.", second, by=ann)

    shut = room(client, article).select(".voiced")[1]
    assert "1 claim · 1 note" in shut.text
    opened = room(client, article, shut.select_one(".voiced__no")["href"].split("#")[0]).select_one(
        ".voiced[aria-current]"
    )
    assert opened["id"] == f"s{second.id}"
    assert "A <b>bold</b> claim." in opened.text
    assert "or opinion" in opened.text
    assert opened.select_one("a[href^='/claims/']").text == "Two people went."


def test_a_link_to_a_replaced_sentence_opens_what_stands_there_now(client, article, supervisor, owner):
    first = sentences_of(article)[0]
    repair(article, owner, RepairRequest(Kind.MERGE, first.id), article.segmentation_version)
    now = sentences_of(article)[0]

    answered = client.get(f"/sentences/{first.id}", follow_redirects=True)
    assert answered.request.full_path == f"/articles/{article.id}/reading?at={now.id}"
    assert client.get(f"/articles/{article.id}/reading?at=999").status_code == 404
    assert client.get(f"/articles/{make_article().id}/reading?at={now.id}").status_code == 404


def test_a_split_is_repaired_from_the_sentence_in_hand_and_leads_back_to_it(client, article, supervisor):
    first, second, third = sentences_of(article)

    def forms(sentence):
        here = room(client, article, f"?at={sentence.id}").select_one(".voiced[aria-current]")
        return here.select(".repair-here form")

    cut, merge = forms(first)
    assert [button["value"] for button in cut.select("button")] == ["split", "move"]
    assert (cut["data-start"], cut["data-boundary"]) == ("0", "9")
    assert "One came. Two went." in cut.script.text
    [last] = forms(third)
    assert [button["value"] for button in last.select("button")] == ["split"]

    asked = client.get(f"{merge['action']}?kind=merge&back=reading")
    form = BeautifulSoup(asked.text, "html.parser").select_one("form:has([name=seen])")
    done = client.post(merge["action"], data={f["name"]: f.get("value", "") for f in form.select("input[name]")})
    assert done.location.startswith(f"/articles/{article.id}/reading?at={first.id}")
    shown = client.get(done.location, follow_redirects=True)
    assert (
        BeautifulSoup(shown.text, "html.parser").select_one(".voiced[aria-current] .words").text
        == "One came. Two went."
    )
    db.session.rollback()
    assert second.id not in [sentence.id for sentence in sentences_of(article)]


# ---- settling in place


def form_of(page):
    form = page.select_one(".settle-here form")
    hidden = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    return form["action"], hidden


def test_a_dispute_is_settled_in_place_and_the_next_one_opens_with_the_filters_kept(client, article, supervisor):
    _, second, third = sentences_of(article)
    action, hidden = form_of(room(client, article, f"?disputed=1&at={second.id}"))

    answered = client.post(action, data=hidden | WHOLE)
    assert answered.location == f"/articles/{article.id}/reading?at={third.id}&disputed=1#s{third.id}"
    db.session.rollback()
    assert current_decision(second.id).gold_tag is O
    page = room(client, article, f"?disputed=1&at={third.id}")
    assert [bar.get("data-settled") for bar in page.select(".heat a")] == [None, "", None]

    action, hidden = form_of(page)
    answered = client.post(action, data=hidden | WHOLE | {"gold_tag": "FACT"})
    assert answered.location == f"/articles/{article.id}/reading?at={third.id}&disputed=1#s{third.id}"
    page = room(client, article, f"?at={third.id}")
    assert "Nothing else in this article waits" in page.text
    assert page.select_one(".settle-here > details summary").text.strip() == "Decide anew"


def test_what_is_missing_in_a_decision_is_said_and_the_way_back_is_kept(client, article, supervisor):
    _, second, third = sentences_of(article)
    action, hidden = form_of(room(client, article, f"?at={second.id}"))

    answered = client.post(action, data=hidden | WHOLE | {"reason": " "})
    assert answered.status_code == 422
    page = BeautifulSoup(answered.text, "html.parser")
    assert "Write the reason" in page.text
    again = {field["name"]: field["value"] for field in page.select(".settle__form input[type=hidden]")}
    assert client.post(action, data=again | WHOLE).location.endswith(f"at={third.id}#s{third.id}")


def test_where_the_supervisors_own_tag_comes_first_the_others_wait_for_it(client, article, supervisor):
    with db_write():
        first_project().own_tag_first = True
    _, second, _ = sentences_of(article)

    row = room(client, article, f"?at={second.id}").select(".voiced")[1]
    assert row.select(".voice li, .settle-here") == []
    link = row.select_one(".voice a")["href"]
    own_first = client.post(link, data={"first_tag": "FACT"})
    form = BeautifulSoup(client.get(own_first.location).text, "html.parser").select_one(".settle__form")
    assert form.select_one("[name=then]")["value"] == "reading?"
    assert len(room(client, article).select(".voiced")[1].select(".tags-said li")) == 3


# ---- filters and parts


@pytest.mark.parametrize(
    ("query", "indexes"),
    [
        ("?disputed=1", "2 3"),
        ("?tag=OPINION", "2"),
        ("?tag=FACT&disputed=1", "2 3"),
        ("?analyst={cy}&tag=SPECULATION", "3"),
        ("?notes=1", "1"),
        ("?tag=NOT_CODABLE", ""),
        ("?tag=&analyst=&round=", "1 2 3"),
    ],
)
def test_filters_stand_in_the_address(client, article, supervisor, query, indexes):
    make_claim("One person came.", sentences_of(article)[0])

    page = room(client, article, query.format(cy=code_of("Cy Gamma")))
    assert [number.text for number in page.select(".voiced__no")] == indexes.split()


@pytest.mark.parametrize("query", ["?tag=TRUE", "?analyst=C00", "?round=none"])
def test_a_filter_that_asks_for_what_there_is_not_gets_a_sentence(client, article, supervisor, query):
    answered = client.get(f"/articles/{article.id}/reading{query}")

    assert answered.status_code == 422
    assert "choose from the list" in answered.text


@pytest.mark.sqlite_only("parts are made in Python")
def test_a_long_article_comes_in_parts_and_a_link_finds_the_right_one(client, sign_in, owner, monkeypatch):
    monkeypatch.setattr(queries, "MOST_SENTENCES", 20)
    monkeypatch.setattr(queries, "MOST_BARS", 10)
    article = make_article(sentences=45)
    sign_in(owner)

    page = room(client, article)
    assert len(page.select(".voiced")) == 20
    assert len(page.select(".heat a")) == 9
    assert page.select_one("[rel=next]")["href"] == "?part=2"
    last = sentences_of(article)[-1]
    assert page.select(".heat a")[-1]["href"].startswith("?at=")
    page = room(client, article, f"?at={last.id}")
    assert [number.text for number in page.select(".voiced__no")] == ["41", "42", "43", "44", "45"]
    assert len(room(client, article, "?part=99").select(".voiced")) == 5


def test_an_article_takes_as_many_statements_however_many_voices_it_has(client, article, supervisor, statements):
    def number():
        with statements() as seen:
            room(client, article)
        return len(seen)

    number()
    before = number()
    hand_in(article, "Eve", S, S, S)
    make_claim("One person came.", sentences_of(article)[0])
    make_claim("Two people went.", sentences_of(article)[1])
    assert number() == before


def test_other_pages_lead_here(client, article, supervisor):
    second = sentences_of(article)[1]
    at = f"/articles/{article.id}/reading?at={second.id}"

    for page in (
        "/projects/1",
        "/projects/1/adjudication",
        "/projects/1/agreement",
        "/projects/1/agreement/cell?a=FACT&b=OPINION",
        f"/sentences/{second.id}/adjudication",
        "/search?q=went",
        f"/articles/{article.id}/profile",
    ):
        links = [
            link["href"] for link in BeautifulSoup(client.get(page).text, "html.parser").select("a[href*=reading]")
        ]
        wanted = f"/articles/{article.id}/reading" if page == "/projects/1" else at
        assert any(link.startswith(wanted) for link in links), page
        assert {client.get(link).status_code for link in links} == {200}


@pytest.mark.sqlite_only("the audit links what it names, on whichever database")
def test_the_audit_leads_to_what_it_names(app, article, owner):
    adjudicate(sentences_of(article)[1], owner, FACT, 0)
    client = new_client(app)
    sign_in_as(client, owner)

    page = BeautifulSoup(client.get("/audit?what=adjudicated").text, "html.parser")
    assert page.select_one("td a[href^='/sentences/']")["href"] == f"/sentences/{sentences_of(article)[1].id}"


# ---- heat


@pytest.mark.parametrize(
    ("votes", "degree"),
    [
        ((), 0),
        ((1,), 0),
        ((4,), 0),
        ((11, 1), 1),
        ((3, 1), 2),
        ((2, 2), 3),
        ((2, 1, 1), 4),
        ((1, 1), 4),
        ((1, 1, 1), 4),
    ],
)
def test_heat_rises_with_the_share_of_pairs_that_differ(votes, degree):
    assert heat_of(Votes(*votes)) == degree
