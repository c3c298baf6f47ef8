"""Every list costs the same however long it is: statements sent, and on SQLite the steps taken to answer them."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import insert, select

from tests.adjudication.test_settling import hand_in
from tests.factories import first_project, make_article, make_member, make_source
from webapp import visibility
from webapp.db import db, db_write, now
from webapp.domain.terms import Tag
from webapp.models import (
    SHELL,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    AuditEvent,
    Claim,
    ClaimMention,
    ClaimWording,
    Role,
    Sentence,
    Source,
    SourceEntry,
    Submission,
    SubmissionAnnotation,
    User,
)
from webapp.paging import PAGE
from webapp.projects.actions import Settings, add_member, assign_all, change_settings
from webapp.projects.queries import Wanted, number_of

pytestmark = pytest.mark.page

LISTS = {
    "progress": "/projects/1",
    "what one analyst does not hold": "/projects/1?analyst={analyst}&state=none",
    "what one analyst has not begun": "/projects/1?analyst={analyst}&state=assigned",
    "articles": "/",
    "articles of an outlet": "/?outlet=Reuters",
    "articles by date": "/?sort=published",
    "articles of one analyst": "/?analyst={analyst}",
    "articles not handed out": "/?state=none",
    "adjudication": "/projects/1/adjudication",
    "unanimous": "/projects/1/adjudication/unanimous",
    "plan": "/projects/1/plan",
    "gaps": "/projects/1/codebook-gaps",
    "projects": "/projects",
    "trash": "/projects/1/trash",
    "agreement": "/projects/1/agreement",
    "agreement of one article": "/projects/1/agreement?article=1001",
    "cell": "/projects/1/agreement/cell?a=FACT&b=OPINION",
    "fields": "/projects/1/agreement/fields",
    "field": "/projects/1/agreement/field?field=tag",
    "drift": "/projects/1/agreement/drift",
    "rounds": "/projects/1/rounds",
    "stability": "/projects/1/stability",
    "profiles": "/projects/1/profiles",
    "search": "/search?q=plain",
    "team": "/projects/1/team",
    "inbox": "/inbox",
    "settings": "/projects/1/settings",
    "imports": "/imports",
    "export": "/export",
    "audit": "/audit",
    "audit of imports": "/audit?what=article+imported",
}
OF_THE_ANALYST = {
    "queue": "/",
    "their export": "/export",
    "their claims": "/claims",
    "their inbox": "/inbox",
    "their desk": "/articles/{held}",
    "their profile": "/articles/{held}/profile",
    "their reading": "/articles/{held}/reading",
    "their search": "/search?q=plain",
    "their sources": "/sources",
    "their outlets": "/projects/1/profiles",
    "said elsewhere, for them": "/sentences/{held_sentence}/elsewhere",
}
OF_AN_ARTICLE = {
    "profile": "/articles/{article}/profile",
    "profiles of one article": "/projects/1/profiles?column=article:{article}",
    "shared": "/articles/{article}/shared",
    "reading": "/articles/{article}/reading",
    "said elsewhere": "/sentences/{sentence}/elsewhere",
    "claims for a sentence": "/sentences/{sentence}/evidence",
}


FEW, MANY = 600, 2_400


@pytest.fixture
def study(app, owner):
    """A blind project of articles that fill a page of each list; two of them handed in by two analysts."""
    change_settings(first_project(), Settings("Study", is_blind=True, overlap=2), SHELL)
    analyst = make_member("Ann", "analyst")
    make_member("Bea", "analyst")
    add_member(first_project(), owner, {Role.SUPERVISOR})
    for _ in range(2):
        article = make_article(sentences=40)
        hand_in(article, f"A {article.id}", *[Tag.FACT] * 40)
        hand_in(article, f"B {article.id}", *[Tag.OPINION] * 20, *[Tag.FACT] * 20)
    grow(analyst, 0, FEW)
    return analyst


def grow(analyst, first, last):
    """More articles, each third of them in the hands of the analyst, one in ten in the trash."""
    described = {"project_id": 1, "imported_by_id": 1, "encoding": "utf-8", "media_type": "text/plain", "title": "T"}
    described |= {"original": b"", "original_sha256": "", "sentence_count": 1}
    numbers = range(first, last)
    with db_write() as session:
        at = db.session.get_one(Article, 1).created_at
        said = [
            {"id": 1000 + n, "text": f"Event {n}.", "text_sha256": str(n), "outlet": f"Post {n % 7}"} for n in numbers
        ]
        lies = [{"trashed_at": at + timedelta(seconds=n) if n % 10 == 0 else None} for n in numbers]
        session.execute(insert(Article), [described | one | other for one, other in zip(said, lies, strict=True)])
        spans = [{"article_id": 1000 + n, "start": 0, "end": 5, "paragraph": 1} for n in numbers]
        session.execute(insert(Sentence), spans)
        session.execute(insert(AuditEvent), [{"what": "article imported", "project_id": 1} for _ in numbers])
        whose = {"round_id": 1, "analyst_id": analyst.id}
        session.execute(insert(Assignment), [whose | {"article_id": 1000 + n} for n in numbers if n % 3 == 0])
        hand_in_alone(session, first, last)


def hand_in_alone(session, first, last):
    """One in seven of the articles is handed in by somebody else, with one answer."""
    ids = [1000 + n for n in range(first, last) if n % 7 == 0]
    bea = session.scalars(select(User.id).where(User.name == "Bea")).one()
    whose = {"analyst_id": bea, "round_id": 1}
    work = [whose | {"id": id_ * 100, "article_id": id_, "state": AssignmentState.SUBMITTED} for id_ in ids]
    session.execute(insert(Assignment), work)
    sentences = dict(
        session.execute(select(Sentence.article_id, Sentence.id).where(Sentence.article_id.in_(ids))).all()
    )
    said = {"analyst_id": bea, "codebook_id": 1, "is_blind": True, "version": 1, "tag": Tag.FACT}
    answers = [
        said | {"id": id_ * 100, "assignment_id": id_ * 100, "sentence_id": sentences[id_], "client_id": UUID(int=id_)}
        for id_ in ids
    ]
    session.execute(insert(Annotation), answers)
    session.execute(insert(Submission), [{"id": id_, "assignment_id": id_ * 100, "number": 1} for id_ in ids])
    session.execute(insert(SubmissionAnnotation), [{"submission_id": id_, "annotation_id": id_ * 100} for id_ in ids])


def grow_registries(first, last):
    """More sources, and as many claims, each with a mention."""
    sentence_id = db.session.scalars(select(Sentence.id).where(Sentence.article_id > 1000)).first()
    ids = [UUID(int=n) for n in range(first + 1, last + 1)]
    made = [{"id": id_, "project_id": 1, "maker_id": 1} for id_ in ids]
    written = [{"author_id": 1, "version": 1, "client_id": id_} for id_ in ids]
    about = [one | {"claim_id": one["client_id"]} for one in written]
    with db_write() as session:
        session.execute(insert(Source), made)
        named = [{"source_id": id_, "name": f"S {id_}", "name_key": f" s {id_}", "kind": "person"} for id_ in ids]
        session.execute(insert(SourceEntry), [one | other for one, other in zip(written, named, strict=True)])
        session.execute(insert(Claim), [one | {"created_at": now() + timedelta(seconds=one["id"].int)} for one in made])
        session.execute(insert(ClaimWording), [one | {"wording": f"{one['claim_id']} took place."} for one in about])
        of_sentence = {"sentence_id": sentence_id, "kind": "makes"}
        session.execute(insert(ClaimMention), [one | of_sentence | {"mention_id": one["claim_id"]} for one in about])


def test_a_page_costs_as_much_among_many_articles_as_among_few(
    client, sign_in, study, owner, statements, cost, monkeypatch
):
    monkeypatch.setattr(visibility.articles, "MANY", FEW // 4)
    for number in range(PAGE):
        make_source(f"Wire {number}", by=study)

    def costs():
        found = {}
        article_id, sentence_id = db.session.execute(
            select(Sentence.article_id, Sentence.id).where(Sentence.start > 0).limit(1)
        ).one()
        known = {"analyst": study.id, "article": article_id, "sentence": sentence_id, "held": 1003}
        known["held_sentence"] = db.session.scalars(select(Sentence.id).where(Sentence.article_id == 1003)).one()
        for name, address in (LISTS | OF_AN_ARTICLE | OF_THE_ANALYST).items():
            sign_in(study if name in OF_THE_ANALYST else owner)
            address = address.format_map(known)
            client.get(address)
            with statements() as sent, cost() as steps:
                assert (name, client.get(address).status_code) == (name, 200)
            found[name] = (len(sent), steps[0])
        return found

    few = costs()
    grow(study, FEW, MANY)
    for name, (sent, steps) in costs().items():
        assert (name, sent) == (name, few[name][0])
        assert (name, steps <= 1.2 * few[name][1] + 500) == (name, True)


@pytest.mark.parametrize("address", ["/sources", "/claims"])
def test_a_registry_costs_as_much_among_many_entries_as_among_few(
    client, sign_in, study, owner, statements, cost, address
):
    def taken():
        client.get(address)
        with statements() as sent, cost() as steps:
            assert client.get(address).status_code == 200
        return len(sent), steps[0]

    sign_in(owner)
    grow_registries(0, 100)
    sent, steps = taken()
    grow_registries(100, 1_000)

    assert taken()[0] == sent
    assert taken()[1] <= 1.2 * steps + 500


@pytest.mark.parametrize("address", ["/projects/1/trash", "/sources", "/claims"])
def test_the_page_behind_another_costs_as_much_as_the_first(client, sign_in, study, owner, cost, address):
    grow(study, FEW, MANY)
    grow_registries(0, 1_000)
    sign_in(owner)
    client.get(address)
    with cost() as steps_of_first:
        client.get(address)
    behind = BeautifulSoup(client.get(f"{address}?page=4").text, "html.parser").select_one("nav.pair a[rel=next]")
    with cost() as steps:
        assert client.get(behind["href"]).status_code == 200

    assert steps[0] <= 1.2 * steps_of_first[0] + 500


def test_a_page_in_the_middle_costs_as_much_as_the_first(client, sign_in, study, owner, cost):
    grow(study, FEW, MANY)
    sign_in(owner)
    client.get("/projects/1")
    with cost() as steps_of_first:
        client.get("/projects/1")
    last = db.session.scalars(select(Article.id).order_by(Article.id)).all()[-600]
    with cost() as steps:
        assert client.get(f"/projects/1?page=30&after={last}").status_code == 200

    assert steps[0] <= 1.2 * steps_of_first[0] + 500


def test_no_list_reads_the_text_of_an_article(client, sign_in, study, owner, statements):
    sign_in(owner)
    for address in (LISTS | {"queue": "/"}).values():
        with statements() as seen:
            client.get(address.format(analyst=study.id))
        assert not [one for one in seen if re.search(r"article\.original\b|(?<!substr\()article\.text\b", one)]


def test_all_that_an_analyst_lacks_is_handed_out_at_once(study, owner):
    lacking = number_of(first_project(), Wanted(study.id))

    assert assign_all(first_project(), study.id, lacking, owner) == lacking
    assert number_of(first_project(), Wanted(study.id)) == 0
