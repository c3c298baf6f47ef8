"""Blind means blind: nothing that another analyst does changes a single byte of what one gets."""

import difflib
import itertools
import re
from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.conftest import new_client
from tests.factories import (
    answer,
    assignment_of,
    make_article,
    make_fact,
    make_item,
    make_member,
    make_project,
    make_rating,
    make_source,
    merge_sources,
    sentences_of,
)
from tests.signing_in import sign_in_as
from tests.sources.builders import made
from tests.test_access import without_tokens
from webapp.adjudication.actions import accept_unanimous, adjudicate
from webapp.claims.actions import add_note, amend_note, keep_copy
from webapp.db import db
from webapp.domain.adjudication import Cause, DecidingRule, Decision
from webapp.domain.chains import Link
from webapp.domain.corroboration import Finding
from webapp.domain.terms import CorroborationStatus, SourceType, Tag
from webapp.models import Claim, Role
from webapp.projects.actions import add_member, assign, return_work
from webapp.tagging.actions import submit

SECRET = "Xylophone"

ADMIN = "admin"
ROLES = [set(held) for count in (1, 2, 3) for held in itertools.combinations(Role, count)] + [
    {ADMIN},
    *({ADMIN, role} for role in Role),
]
SUPERVISORS_OWN = {
    "accounts.sign_in_by_link",  # leads to the front page
    "articles.index",
    "export.dates_csv",
    "profiles.dates",
    "claims.choose_claim",
    "claims.choose_sentence",
    "claims.claim",
    "claims.index",
    "export.claims_csv",
    "export.evidence_csv",
    "export.mentions_csv",
    "export.index",
    "export.long_csv",
    "export.long_xlsx",
    "export.take",
    "export.ratings_csv",
    "export.sources_csv",
    "export.profile_csv",
    "export.profiles_csv",
    "profiles.article",
    "profiles.cell",
    "profiles.compare",
    "profiles.compare_png",
    "profiles.compare_svg",
    "profiles.png",
    "profiles.svg",
    "sources.index",
    "sources.source",
    "sources.uses",
}
"""Pages for everybody on which a supervisor reads all; the others are those that ask for a supervisor or researcher."""
IN_THE_ROOM = {"reading.room", "reading.sentence", "reading.names", "tagging.desk"}
"""The reading room and what leads to it: there a supervisor reads all, but of an article that they still have to hand
in only when they ask for it."""
QUERIES = {
    "reading.room": ("", "disputed=1", "tag=ATTRIBUTION", "notes=1", "proposed=1"),
    "review.agreement": ("", "page=2"),
    "review.field": ("field=source_type", "field=tag"),
    "review.cell": ("a=FACT&b=ATTRIBUTION", "a=ATTRIBUTION&b=ATTRIBUTION", "a=FACT&b=FACT"),
    "export.long_csv": ("", "unanswered=1"),
    "export.take": (
        "format=jsonl",
        "shape=articles",
        "shape=history",
        "format=webanno",
        "format=qdpx",
        "format=stix",
        "format=misp",
        "format=claimreview",
    ),
    "adjudication.queue": ("", "page=2"),
    "api.get_sources": ("", "q=x"),
    "profiles.cell": ("column=time:2000..&figure=fact", "column=article:1&figure=fact"),
    "profiles.compare": ("", "column=article:1&column=article:2"),
    "profiles.compare_svg": ("", "column=article:1&column=article:2"),
    "profiles.compare_png": ("column=article:1",),
    "api_claims.get_claims": ("", "q=x", "q=came"),
    "search.search": (
        "q=x",
        "q=came",
        f"q={SECRET}",
        "q=came&kind=sentences",
        "q=x&kind=sources",
        "q=came+tag:fact",
        "q=came+OR+x+source:x",
    ),
}
DOWNLOADS = {
    "export.dates_csv",
    "export.claims_csv",
    "export.evidence_csv",
    "export.mentions_csv",
    "export.gold_csv",
    "export.long_csv",
    "export.long_xlsx",
    "export.take",
    "export.ratings_csv",
    "export.sources_csv",
    "export.wide_csv",
    "export.profile_csv",
    "export.profiles_csv",
    "profiles.compare_png",
    "profiles.compare_svg",
    "profiles.png",
    "profiles.svg",
    "review.agreement_json",
    "review.release_json",
    "review.drift_json",
    "stability.figures_json",
    "rounds.results_json",
    "review.fields_json",
    "review.names",
    "reading.names",
    "codebooks.file",
}
"""Routes for POST that change nothing but the audit: they are walked, too."""
WRITES = {
    "codebooks.discard",
    "articles.repair_draft",
    "codebooks.publish",
    "help.put_away",
    "projects.roles",
    "export.cancel_package",
    "export.pack",
    "accounts.change_people",
    "accounts.invite",
    "accounts.keys",
    "accounts.sign_out",
    "accounts.sign_out_device",
    "accounts.sign_out_everywhere",
    "api.delete_annotation",
    "api.post_note",
    "api.post_submission",
    "api.put_annotation",
    "api.put_note",
    "api.put_preferences",
    "api_claims.delete_claim",
    "api_claims.delete_item",
    "api_claims.delete_mention",
    "api_claims.post_claim",
    "api_claims.put_assessment",
    "api_claims.put_item",
    "api_claims.put_mention",
    "articles.restore",
    "articles.move_chosen",
    "articles.trash",
    "articles.trash_chosen",
    "inbox.read",
    "projects.assign",
    "projects.change_assignment",
    "projects.choose",
    "projects.hand_out",
    "projects.hand_over",
    "projects.members",
    "projects.trash",
    "rounds.rename",
    "reading.exclusion",
    "reading.proposals",
    "claims.blank",
    "claims.bring_in_sheet",
    "claims.change",
    "claims.keep_copy",
    "claims.mention",
    "claims.take_mention_back",
    "sources.change",
    "sources.copy",
    "tagging.submit",
    "team.hand_out",
    "team.link",
}


@pytest.fixture
def blind(app, owner):
    """A blind project whose one article two analysts share."""
    project = make_project("Blind study", is_blind=True)
    add_member(project, owner, set(Role))
    me, other = (make_member(name, "analyst", project=project) for name in ("Mine", f"{SECRET} Smith"))
    article = make_article("One came. Two went.", project=project)
    unshared = make_article("Three stayed here.", project=project)
    assign(project, [(article.id, me.id), (article.id, other.id), (unshared.id, other.id)], owner)
    return project, article, unshared, me, other


@dataclass(frozen=True)
class Got:
    """What one address answers, and what the database was asked for it."""

    endpoint: str
    status: int
    text: str
    statements: tuple[str, ...]


def everything(app, person, values, statements):
    """Every page, JSON, download and refusal, as this person gets them, with the statements behind each."""
    client = new_client(app)
    sign_in_as(client, person)
    got = {}
    for address, endpoint, method in addresses(app, values):
        with statements() as seen:
            answered = client.open(address, method=method, follow_redirects=True)
        text = answered.get_data().decode(errors="replace")  # a picture, too
        text = re.sub(r'(csrf(_token)?"?[^A-Za-z0-9]+(value=")?)[\w.-]{40,}', r"\1", text)
        text = re.sub(r"/account/devices/[0-9a-f-]{36}", "/account/devices/", text)
        text = re.sub(r'(signed in <time datetime=")[^"]*', r"\1", text)
        text = re.sub(r'(name="client_id"[^>]*value=")[\w-]+', r"\1", text)
        text = re.sub(r'("computed_at": ")[^"]+', r"\1", text)
        got[address] = Got(endpoint, answered.status_code, text, tuple(seen))
    client.post("/sign-out")  # or the next list of devices would hold this one
    return got


def addresses(app, values):
    """Every route that is no write, with each of the values for what it asks for."""
    with app.test_request_context():
        return [
            (app.url_for(rule.endpoint, **dict(chosen)) + ("?" + query if query else ""), rule.endpoint, method)
            for rule in app.url_map.iter_rules()
            if rule.endpoint not in WRITES
            for method in ("POST" if rule.endpoint in DOWNLOADS else "GET",)
            for chosen in zip(*([(name, value) for value in values[name]] for name in rule.arguments), strict=True)
            or [()]
            for query in QUERIES.get(rule.endpoint, ("",))
        ]


def test_every_route_is_walked_or_known_to_write(app):
    walked = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods or rule.endpoint in DOWNLOADS}

    assert walked | WRITES == {rule.endpoint for rule in app.url_map.iter_rules()}
    assert walked & WRITES == set()


def changed(before, after):
    """Where something differs: by address the lines and the statements."""
    return {
        address: [
            line
            for was, now in zip(
                (str((before[address].status, before[address].text)).split("\\n"), before[address].statements),
                (str((after[address].status, after[address].text)).split("\\n"), after[address].statements),
                strict=True,
            )
            for line in difflib.unified_diff(was, now, n=0, lineterm="")
        ]
        for address in before
        if before[address] != after[address]
    }


class Study:
    """A blind project with two articles that two others share, who have much to say."""

    def __init__(self, owner):
        self.owner = owner
        self.project = project = make_project("Blind study", is_blind=True)
        add_member(project, owner, set(Role))
        self.others = [make_member(f"{SECRET} {name}", "analyst", project=project) for name in ("Smith", "Jones")]
        self.article = make_article("One came. Two went. Three stayed.", project=project, url="https://example.org/a")
        self.unshared = make_article("Four stayed here. Five left.", project=project, url="https://example.org/a")
        pairs = [(article.id, other.id) for article in (self.article, self.unshared) for other in self.others]
        assign(project, pairs, owner)
        self.first = sentences_of(self.article)[0]
        self.theirs = note(self.first, self.others[0], f"{SECRET} came.")
        self.mine = uuid4()
        item = make_item(db.session.get_one(Claim, self.theirs), by=self.others[0], outlet=f"{SECRET} Wire")
        self.copy = keep_copy(item, self.others[0], f"{SECRET}.txt", SECRET.encode(), uuid4()).id
        self.published = make_source("Reuters", "outlet", by=owner, project=project, is_published=True)
        self.unpublished = made(f"{SECRET} News", "outlet", by=self.others[0], project=project).id

    def member(self, roles):
        """Somebody with these roles; as an analyst they share an article and have begun it."""
        me = make_member("Mine", *(roles - {ADMIN}), project=self.project, is_admin=ADMIN in roles)
        if Role.ANALYST in roles:
            assign(self.project, [(self.article.id, me.id)], self.owner)
            answer(self.first, me, Tag.FACT)
            self.mine = note(self.first, me, "It came.")
        return me

    def tag(self):
        """The others answer and note everything, and hand in nothing."""
        sentences = [*sentences_of(self.article), *sentences_of(self.unshared)]
        for other, tags in zip(self.others, (TAGS, TAGS[::-1]), strict=True):
            for sentence, tag in zip(sentences, tags, strict=True):
                fields = self.names() if tag is Tag.ATTRIBUTION else {}
                answer(sentence, other, tag, note=f"{SECRET} said so.", **fields)
            self.enter(other)
        finding = Finding(CorroborationStatus.CORROBORATED, f"{SECRET} came and went.")
        amend_note(self.theirs, self.others[0], finding, 1, uuid4())
        note(sentences[1], self.others[1], f"{SECRET} went.")

    def names(self):
        """What an answer says of its source, with a chain through another one that is published."""
        chain = (Link(None, f"{SECRET} Wire"), Link(None, SECRET))
        return {"source_type": SourceType.GROUP, "source_id": self.published, "chain": chain}

    def enter(self, other):
        """They enter a source with all that is known of it, and rate the one that all see."""
        name = f"{SECRET} of {other.id}"
        own = make_source(name, by=other, project=self.project, aliases=[f"{SECRET} alias"])
        make_fact(own, "owner", SECRET, by=other)
        make_rating(own, "D", by=other, basis=SECRET)
        make_rating(self.published, "E", by=other, basis=SECRET)

    def settle(self):
        """They hand in the shared article, get it back, hand it in again, and gold is made of it."""
        for other in self.others:
            submit(self.article, other)
        return_work(assignment_of(self.article.id, self.others[0]), self.owner, f"{SECRET}, look again.")
        submit(self.article, self.others[0])
        decision = Decision(Tag.OPINION, DecidingRule.CODEBOOK_GAP, Cause.SLIP, f"{SECRET} decides.")
        adjudicate(self.first, self.owner, decision, 0)
        accept_unanimous(self.project, self.owner, 1)
        merge_sources(self.unpublished, self.published, by=self.owner)

    def values(self):
        """What the addresses ask for: what is shared first, what others alone have second."""
        return {
            "article_id": [self.article.id, self.unshared.id],
            "other_id": [self.unshared.id, self.article.id],
            "sentence_id": [self.first.id, sentences_of(self.unshared)[0].id],
            "project_id": [self.project.id, 1],
            "codebook_id": [1, 2],
            "draft_id": [1, 2],
            "round_id": [1, 2],
            "user_id": [self.others[0].id, 1],
            "assignment_id": [1, 2],
            "job_id": [1, 2],
            "token": ["none", "nothing"],
            "tree": ["0", "0"],
            "name": ["claimtag.css", "nothing"],
            "note_key": [self.mine, self.theirs],
            "source_id": [self.published, self.unpublished],
            "claim_id": [self.mine, self.theirs],
            "copy_id": [self.copy, self.copy],
            "what": ["name", "name"],
        }


def note(sentence, author, claim):
    return add_note(sentence, author, Finding(CorroborationStatus.CONTESTED, claim), uuid4()).note_key


@pytest.fixture
def study(owner):
    return Study(owner)


TAGS = (Tag.FACT, Tag.ATTRIBUTION, Tag.SPECULATION, Tag.OPINION, Tag.OPINION)


def may_tell(app, roles, endpoint, is_unshared=False):
    """Whether a page may tell a person in these roles of work that nobody handed in, or of an article still to submit."""
    if endpoint == "audit.index":
        return ADMIN in roles  # which tells that something was handed in, and nothing of what
    if Role.SUPERVISOR not in roles:
        return reads_registry(roles, endpoint)
    if endpoint in IN_THE_ROOM:
        return Role.ANALYST not in roles or is_unshared
    marks = app.view_functions[endpoint].allowed
    return endpoint in SUPERVISORS_OWN or (Role.SUPERVISOR in marks and Role.ANALYST not in marks)


def reads_registry(roles, endpoint):
    """Whether it is a page or file of sources and claims, all of which a researcher reads who is no analyst."""
    of_registry = {
        "export.dates_csv",
        "export.profile_csv",
        "export.profiles_csv",
        "export.index",
        "export.take",
        "export.claims_csv",
        "export.evidence_csv",
        "export.mentions_csv",
        "export.ratings_csv",
        "export.sources_csv",
    }
    of_registry |= IN_THE_ROOM  # which shows the claims beside the sentences
    is_of_registry = endpoint.startswith(("sources.", "claims.", "profiles.")) or endpoint in of_registry
    return is_of_registry and Role.RESEARCHER in roles and Role.ANALYST not in roles


def names_everybody(got):
    """Whether a page lists people, for those who manage them."""
    return got.endpoint in {"accounts.people", "audit.index", "projects.settings", "team.index"}


def unexpected(app, roles, before, after):
    found = changed(before, after)
    return {
        address: lines
        for address, lines in found.items()
        if not may_tell(app, roles, before[address].endpoint, "Four stayed here." in before[address].text)
    }


TOLD_APART = (
    {Role.ANALYST},
    {Role.RESEARCHER},
    {Role.ANALYST, Role.RESEARCHER},
    {Role.ANALYST, Role.SUPERVISOR},
    {ADMIN, Role.ANALYST},
)
"""Who reads one's own alone, what is handed in, both, all but one's open articles, and what an admin may: the other
sets of roles open pages that these open."""


def each(roles):
    """A case for each set of roles; who one is decides the statements, whatever the database, so on the other one does."""

    def marks(held):
        on_one = [pytest.mark.page] if held != {Role.ANALYST, Role.RESEARCHER} else []
        return on_one + ([pytest.mark.long("other roles")] if held not in TOLD_APART else [])

    return [pytest.param(held, id=" and ".join(sorted(held)), marks=marks(held)) for held in roles]


@pytest.mark.parametrize("roles", each(ROLES))
def test_what_one_may_not_read_changes_no_byte_and_no_statement(app, study, statements, roles):
    """No work that is not handed in; and before one hands in oneself neither what others did nor the gold made of it.

    A supervisor reads it, on the supervisor's pages alone.
    """
    me = study.member(roles)
    everything(app, me, study.values(), statements)  # what the first visit alone does is done
    before = everything(app, me, study.values(), statements)
    study.tag()
    tagged = everything(app, me, study.values(), statements)

    assert unexpected(app, roles, before, tagged) == {}
    assert len(tagged) > 60
    told = {got.endpoint for got in tagged.values() if SECRET in got.text and not names_everybody(got)}
    told -= {endpoint for endpoint in told if reads_registry(roles, endpoint)}
    assert bool(told) == (Role.SUPERVISOR in roles)

    if Role.ANALYST not in roles:
        return
    study.settle()
    settled = everything(app, me, study.values(), statements)

    assert unexpected(app, roles, tagged, settled) == {}
    if Role.SUPERVISOR not in roles:
        assert [got for got in settled.values() if SECRET in got.text and not names_everybody(got)] == []


def test_once_one_has_handed_in_a_researcher_reads_what_others_handed_in(app, study, statements):
    """The walk would be worth nothing if it could not tell."""
    me = study.member({Role.ANALYST, Role.RESEARCHER})
    study.tag()
    study.settle()
    for sentence in sentences_of(study.article):
        answer(sentence, me, Tag.FACT)
    submit(study.article, me)
    got = everything(app, me, study.values(), statements)

    told = {got.endpoint for got in got.values() if SECRET in got.text}
    assert told >= {"review.agreement", "export.long_csv", "export.gold_csv", "adjudication.gold"}


def test_a_write_is_answered_alike_whatever_others_did(app, blind):
    _, article, _, me, other = blind
    first, second = sentences_of(article)
    answer(second, other, Tag.OPINION)
    client = new_client(app)
    sign_in_as(client, me)

    def shape(sentence):
        body = {"tag": "FACT", "version": 0, "client_id": str(uuid4())}
        answered = client.put(f"/api/v1/sentences/{sentence.id}/annotation", json=body)
        return answered.status_code, sorted(answered.json), answered.json["version"]

    assert shape(first) == shape(second)
    assert "id" not in client.get(f"/api/v1/sentences/{first.id}/history").json["revisions"][0]


def test_an_article_that_is_not_assigned_looks_like_none(app, blind):
    _, _, unshared, me, _ = blind
    client = new_client(app)
    sign_in_as(client, me)
    answered, missing = client.get(f"/articles/{unshared.id}"), client.get("/articles/99999")

    assert answered.status_code == missing.status_code == 404
    assert without_tokens(answered.text) == without_tokens(missing.text)
    assert f"/articles/{unshared.id}" not in client.get("/").text


def test_another_analysts_note_cannot_be_told_from_none(app, blind):
    _, article, _, me, other = blind
    theirs = add_note(sentences_of(article)[0], other, Finding(CorroborationStatus.CONTESTED, "It came."), uuid4())
    client = new_client(app)
    sign_in_as(client, me)

    def amend(key):
        body = {"status": "contested", "claim": "Mine.", "version": 1, "client_id": str(uuid4())}
        answered = client.put(f"/api/v1/notes/{key}", json=body)
        return answered.status_code, answered.json

    assert amend(theirs.note_key) == amend(uuid4())


def test_the_export_of_ones_own_work_holds_no_numbers_that_count_others(app, blind):
    project, article, _, me, other = blind
    for sentence in sentences_of(article):
        answer(sentence, other, Tag.FACT)
        answer(sentence, me, Tag.FACT)
    client = new_client(app)
    sign_in_as(client, me)
    header, *rows = client.post(f"/export/{project.id}/long.csv").text.splitlines()

    assert header.startswith("annotation_id,")
    assert [row.split(",")[0] for row in rows] == ["", ""]
