"""Who gets what from each route; a route that is not in the table fails."""

import re
from contextlib import contextmanager
from uuid import uuid4

import pytest
from flask import current_app
from sqlalchemy import select

from tests.conftest import new_client
from tests.factories import answer, assignment_of, make_article, make_item, make_member, make_project, sentences_of
from tests.signing_in import sign_in_as
from tests.sources.builders import made
from webapp import visibility
from webapp.accounts.actions import new_link, set_admin, sign_in_by_link
from webapp.articles.actions import draft_of_pasted, restore_article, start_import
from webapp.assets import tree_hash
from webapp.claims.actions import add_note, keep_copy
from webapp.db import db
from webapp.domain.corroboration import Finding
from webapp.domain.intake.description import Description
from webapp.domain.terms import CorroborationStatus, Tag
from webapp.models import SHELL, Article, Claim, Project, Role
from webapp.projects.actions import add_member

WHO = (
    "anonymous",
    "analyst in",
    "analyst out",
    "supervisor in",
    "supervisor out",
    "admin",
    "researcher in",
    "researcher out",
)

# endpoint: method, what each of WHO gets. The article lies in an open project; its importer is the
# supervisor; the note is the analyst's. 302 for the anonymous leads to the sign-in page.
TABLE = {
    "health.healthz": ("GET", (200, 200, 200, 200, 200, 200, 200, 200)),
    "assets.static_file": ("GET", (200, 200, 200, 200, 200, 200, 200, 200)),
    "accounts.sign_in": ("GET", (200, 200, 200, 200, 200, 200, 200, 200)),
    "accounts.sign_in_by_link": ("GET", (302, 302, 302, 302, 302, 302, 302, 302)),
    "accounts.sign_out": ("POST", (302, 302, 302, 302, 302, 302, 302, 302)),
    "accounts.accept_invitation": ("GET", (410, 410, 410, 410, 410, 410, 410, 410)),
    "accounts.account": ("GET", (302, 200, 200, 200, 200, 200, 200, 200)),
    "accounts.sign_out_everywhere": ("POST", (302, 302, 302, 302, 302, 302, 302, 302)),
    "accounts.sign_out_device": ("POST", (302, 302, 404, 404, 404, 404, 404, 404)),
    "accounts.keys": ("POST", (302, 302, 302, 302, 302, 302, 302, 302)),
    "accounts.people": ("GET", (302, 403, 403, 403, 403, 200, 403, 403)),
    "accounts.invite": ("POST", (302, 403, 403, 403, 403, 200, 403, 403)),
    "accounts.change_people": ("POST", (302, 403, 403, 403, 403, 302, 403, 403)),
    "inbox.index": ("GET", (302, 200, 200, 200, 200, 200, 200, 200)),
    "inbox.read": ("POST", (302, 302, 302, 302, 302, 302, 302, 302)),
    "audit.index": ("GET", (302, 403, 403, 403, 403, 200, 403, 403)),
    "projects.index": ("GET", (302, 200, 200, 200, 200, 200, 200, 200)),
    "projects.choose": ("POST", (302, 404, 404, 404, 404, 404, 404, 404)),  # 404: no project is named
    "projects.new": ("GET", (302, 403, 403, 403, 403, 200, 403, 403)),
    "team.index": ("GET", (302, 403, 403, 200, 404, 200, 403, 403)),
    "team.link": ("POST", (302, 403, 403, 403, 403, 200, 403, 403)),
    "team.hand_out": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "projects.settings": ("GET", (302, 403, 403, 200, 404, 200, 403, 403)),
    "projects.members": ("POST", (302, 403, 403, 302, 404, 302, 403, 403)),
    "projects.roles": ("POST", (302, 403, 403, 302, 404, 302, 403, 403)),
    "projects.trash": ("POST", (302, 403, 403, 403, 403, 302, 403, 403)),
    "projects.trashed": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "projects.progress": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "projects.assign": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "projects.change_assignment": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "projects.plan": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "rounds.index": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "stability.index": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "stability.figures_json": ("POST", (302, 403, 403, 200, 404, 403, 403, 403)),
    "rounds.results": ("GET", (302, 403, 403, 404, 404, 403, 403, 403)),  # 404: the round has no key
    "rounds.results_json": ("POST", (302, 403, 403, 404, 404, 403, 403, 403)),
    "rounds.rename": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "articles.trash": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "articles.restore": ("POST", (302, 403, 403, 404, 404, 403, 403, 403)),
    "articles.trash_chosen": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "articles.move_chosen": ("POST", (302, 403, 403, 404, 404, 403, 403, 403)),  # 404: no project is named
    "projects.hand_over": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "projects.hand_out": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "articles.imports": ("GET", (302, 403, 403, 200, 200, 403, 403, 403)),
    "articles.import_": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "api.get_job": ("GET", (401, 403, 403, 200, 404, 403, 403, 403)),
    "api.post_submission": ("POST", (401, 422, 404, 403, 403, 403, 403, 403)),
    "tagging.submit": ("POST", (302, 302, 404, 403, 403, 403, 403, 403)),
    "articles.index": ("GET", (302, 200, 200, 200, 200, 200, 200, 200)),
    "articles.new": ("GET", (302, 403, 403, 200, 200, 403, 403, 403)),
    "articles.repair_draft": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "articles.preview": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "repair.sentences": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "repair.repair": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "tagging.desk": ("GET", (302, 200, 404, 302, 404, 403, 302, 404)),
    "reading.room": ("GET", (302, 200, 404, 200, 404, 403, 200, 404)),
    "reading.sentence": ("GET", (302, 302, 404, 302, 404, 403, 302, 404)),
    "reading.earlier": ("GET", (302, 200, 404, 200, 404, 403, 200, 404)),
    "reading.description": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "reading.exclusion": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "reading.proposals": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "reading.names": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "tagging.tag": ("GET", (302, 200, 404, 403, 403, 403, 403, 403)),
    "codebooks.index": ("GET", (302, 200, 200, 200, 200, 200, 200, 200)),
    "codebooks.text": ("GET", (302, 200, 200, 200, 200, 200, 200, 200)),
    "codebooks.version": ("GET", (302, 200, 200, 200, 200, 200, 200, 200)),
    "codebooks.changed": ("GET", (302, 200, 200, 200, 200, 200, 200, 200)),
    "codebooks.versions": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "codebooks.draft": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "codebooks.file": ("POST", (302, 200, 200, 200, 200, 200, 200, 200)),
    "codebooks.bring": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "codebooks.preview": ("GET", (302, 403, 403, 302, 404, 403, 403, 403)),  # 302: there is no draft
    "codebooks.publish": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "codebooks.discard": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "adjudication.second_look": ("GET", (302, 403, 403, 404, 404, 403, 403, 403)),  # 404: no version is named
    "help.index": ("GET", (302, 200, 200, 200, 200, 200, 200, 200)),
    "help.page": ("GET", (302, 404, 404, 404, 404, 404, 404, 404)),  # 404: there is no page of that name
    "help.picture": ("GET", (302, 404, 404, 404, 404, 404, 404, 404)),
    "help.put_away": ("POST", (302, 404, 404, 404, 404, 404, 404, 404)),  # 404: no room is named
    "sources.index": ("GET", (302, 200, 200, 200, 200, 200, 200, 200)),
    "sources.new": ("GET", (302, 200, 200, 200, 200, 403, 403, 403)),
    "sources.source": ("GET", (302, 200, 404, 200, 404, 403, 200, 404)),
    "sources.uses": ("GET", (302, 200, 404, 200, 404, 403, 200, 404)),
    "sources.import_": ("GET", (302, 403, 403, 200, 200, 403, 403, 403)),
    "sources.copy": ("POST", (302, 403, 403, 422, 422, 403, 403, 403)),
    "sources.merge": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "sources.change": ("POST", (302, 422, 404, 422, 404, 403, 403, 403)),
    "claims.notes": ("GET", (302, 200, 404, 403, 403, 403, 403, 403)),
    "claims.mention": ("POST", (302, 422, 404, 403, 403, 403, 403, 403)),
    "claims.take_mention_back": ("POST", (302, 422, 404, 403, 403, 403, 403, 403)),
    "claims.index": ("GET", (302, 200, 200, 200, 200, 200, 200, 200)),
    "claims.claim": ("GET", (302, 200, 404, 200, 404, 403, 200, 404)),
    "claims.choose_sentence": ("GET", (302, 200, 404, 200, 404, 403, 403, 403)),
    "claims.choose_claim": ("GET", (302, 200, 404, 200, 404, 403, 403, 403)),
    "search.search": ("GET", (302, 200, 200, 200, 200, 200, 200, 200)),
    "search.elsewhere": ("GET", (302, 200, 404, 200, 404, 403, 200, 404)),
    "claims.bring_in_sheet": ("POST", (302, 422, 404, 422, 404, 403, 403, 403)),
    "claims.keep_copy": ("POST", (302, 422, 404, 422, 404, 403, 403, 403)),
    "claims.copy": ("GET", (302, 200, 404, 200, 404, 403, 200, 404)),
    "claims.blank": ("POST", (302, 403, 403, 403, 403, 404, 403, 403)),
    "claims.change": ("POST", (302, 422, 404, 422, 404, 403, 403, 403)),
    "review.agreement": ("GET", (302, 403, 403, 200, 404, 403, 200, 404)),
    "review.cell": ("GET", (302, 403, 403, 422, 404, 403, 422, 404)),  # 422: no tags in the address
    "review.names": ("POST", (302, 403, 403, 302, 404, 403, 403, 403)),
    "review.fields": ("GET", (302, 403, 403, 200, 404, 403, 200, 404)),
    "review.fields_json": ("POST", (302, 403, 403, 200, 404, 403, 200, 404)),
    "review.over_time": ("GET", (302, 403, 403, 200, 404, 403, 200, 404)),
    "review.drift_json": ("POST", (302, 403, 403, 200, 404, 403, 200, 404)),
    "review.release": ("GET", (302, 403, 403, 200, 404, 403, 200, 404)),
    "review.release_json": ("POST", (302, 403, 403, 404, 404, 403, 404, 404)),  # 404: it is not released
    "review.field": ("GET", (302, 403, 403, 422, 404, 403, 422, 404)),  # 422: no field in the address
    "review.agreement_json": ("POST", (302, 403, 403, 200, 404, 403, 200, 404)),
    "profiles.article": ("GET", (302, 200, 404, 200, 404, 403, 200, 404)),
    "profiles.dates": ("GET", (302, 200, 404, 200, 404, 403, 200, 404)),
    "profiles.shared": ("GET", (302, 200, 404, 200, 404, 403, 200, 404)),
    "profiles.shared_with": ("GET", (302, 200, 404, 200, 404, 403, 200, 404)),
    "profiles.svg": ("POST", (302, 200, 404, 200, 404, 403, 200, 404)),
    "profiles.png": ("POST", (302, 200, 404, 200, 404, 403, 200, 404)),
    "export.profile_csv": ("POST", (302, 200, 404, 200, 404, 403, 200, 404)),
    "profiles.compare": ("GET", (302, 200, 404, 200, 404, 403, 200, 404)),
    "profiles.compare_svg": ("POST", (302, 422, 404, 422, 404, 403, 422, 404)),  # 422: no column in the address
    "profiles.compare_png": ("POST", (302, 422, 404, 422, 404, 403, 422, 404)),
    "profiles.cell": ("GET", (302, 422, 404, 422, 404, 403, 422, 404)),  # 422: no column in the address
    "export.profiles_csv": ("POST", (302, 200, 404, 200, 404, 403, 200, 404)),
    "export.wide_csv": ("POST", (302, 403, 403, 200, 404, 403, 200, 404)),
    "adjudication.queue": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "adjudication.unanimous": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "adjudication.gaps": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "adjudication.sentence": ("GET", (302, 403, 403, 200, 404, 403, 403, 403)),
    "adjudication.later": ("GET", (302, 403, 403, 302, 404, 403, 403, 403)),
    "adjudication.gold": ("GET", (302, 200, 404, 403, 403, 403, 403, 403)),
    "export.gold_csv": ("POST", (302, 403, 403, 200, 404, 403, 200, 404)),
    "export.index": ("GET", (302, 200, 200, 200, 200, 200, 200, 200)),
    "export.long_csv": ("POST", (302, 200, 404, 200, 404, 404, 200, 404)),
    "export.take": ("POST", (302, 200, 404, 200, 404, 404, 200, 404)),
    "export.long_xlsx": ("POST", (302, 200, 404, 200, 404, 404, 200, 404)),
    "export.sources_csv": ("POST", (302, 200, 404, 200, 404, 404, 200, 404)),
    "export.ratings_csv": ("POST", (302, 200, 404, 200, 404, 404, 200, 404)),
    "export.claims_csv": ("POST", (302, 200, 404, 200, 404, 404, 200, 404)),
    "export.mentions_csv": ("POST", (302, 200, 404, 200, 404, 404, 200, 404)),
    "export.evidence_csv": ("POST", (302, 200, 404, 200, 404, 404, 200, 404)),
    "export.pack": ("POST", (302, 403, 403, 302, 404, 403, 302, 404)),
    "export.package": ("GET", (302, 403, 403, 404, 404, 403, 404, 404)),  # 404: the job is no package
    "coming_in.tags": ("GET", (302, 403, 403, 200, 200, 403, 403, 403)),
    "coming_in.package": ("GET", (302, 403, 403, 200, 200, 200, 403, 403)),
    "export.package_progress": ("GET", (302, 403, 403, 404, 404, 403, 404, 404)),
    "export.cancel_package": ("POST", (302, 403, 403, 404, 404, 403, 404, 404)),
    "export.package_file": ("GET", (302, 403, 403, 404, 404, 403, 404, 404)),
    "export.dates_csv": ("POST", (302, 200, 404, 200, 404, 404, 200, 404)),
    "api.put_annotation": ("PUT", (401, 200, 404, 403, 403, 403, 403, 403)),
    "api.delete_annotation": ("DELETE", (401, 200, 404, 403, 403, 403, 403, 403)),
    "api.get_key": ("GET", (401, 200, 404, 403, 403, 403, 403, 403)),
    "api.get_history": ("GET", (401, 200, 404, 403, 403, 403, 403, 403)),
    "api.get_notes": ("GET", (401, 200, 404, 403, 403, 403, 403, 403)),
    "api.post_note": ("POST", (401, 201, 404, 403, 403, 403, 403, 403)),
    "api.put_note": ("PUT", (401, 200, 404, 403, 403, 403, 403, 403)),
    "api.get_cues": ("GET", (401, 200, 404, 403, 403, 403, 403, 403)),
    "api.get_sources": ("GET", (401, 200, 404, 403, 403, 403, 403, 403)),
    "api_claims.get_claims": ("GET", (401, 200, 404, 403, 403, 403, 403, 403)),
    "api_claims.get_elsewhere": ("GET", (401, 200, 404, 403, 403, 403, 403, 403)),
    "api_claims.get_mentioned": ("GET", (401, 200, 404, 403, 403, 403, 403, 403)),
    "api_claims.post_claim": ("POST", (401, 201, 404, 403, 403, 403, 403, 403)),
    "api_claims.delete_claim": ("DELETE", (401, 200, 404, 409, 404, 403, 403, 403)),
    "api_claims.put_assessment": ("PUT", (401, 200, 404, 409, 404, 403, 403, 403)),
    "api_claims.put_mention": ("PUT", (401, 200, 404, 403, 403, 403, 403, 403)),
    "api_claims.delete_mention": ("DELETE", (401, 200, 404, 409, 404, 403, 403, 403)),
    "api_claims.put_item": ("PUT", (401, 200, 404, 404, 404, 403, 403, 403)),
    "api_claims.delete_item": ("DELETE", (401, 200, 404, 409, 404, 403, 403, 403)),
    "api.get_me": ("GET", (401, 200, 200, 200, 200, 200, 200, 200)),
    "api.put_preferences": ("PUT", (401, 200, 200, 200, 200, 200, 200, 200)),
}


@pytest.fixture
def whole_scene(over):
    return over(two_projects)


@pytest.fixture
def scene(whole_scene):
    people, values, bodies, _ = whole_scene
    return people, dict(values), bodies


@pytest.fixture
def cookies(whole_scene):
    """By name the cookie of a device on which the person is signed in."""
    return whole_scene[3]


def with_cookie(app, cookie):
    client = new_client(app)
    if cookie:
        client.set_cookie(cookie.key, cookie.value)
    return client


def two_projects():
    """Two projects with their people, and in the first an article with an answer, a note and a draft."""
    elsewhere = make_project("Elsewhere")
    people = {
        "anonymous": None,
        "analyst in": make_member("analyst in", "analyst"),
        "analyst out": make_member("analyst out", "analyst", project=elsewhere),
        "supervisor in": make_member("supervisor in", "supervisor"),
        "supervisor out": make_member("supervisor out", "supervisor", project=elsewhere),
        "admin": make_member("admin", is_admin=True),
        "researcher in": make_member("researcher in", "researcher"),
        "researcher out": make_member("researcher out", "researcher", project=elsewhere),
    }
    supervisor, analyst = people["supervisor in"], people["analyst in"]
    earlier = make_article(by=supervisor, url="https://example.org/a")
    article = make_article(by=supervisor, url=earlier.url)
    sentence = sentences_of(article)[0]
    annotation = answer(sentence, analyst, Tag.FACT)
    note = add_note(sentence, analyst, Finding(CorroborationStatus.IN_PROGRESS, "It was so."), uuid4())
    draft = draft_of_pasted(article.project, supervisor, "A draft lies here.", Description())
    values = {
        "article_id": article.id,
        "sentence_id": sentence.id,
        "other_id": make_article(by=supervisor).id,
        "project_id": article.project_id,
        "codebook_id": article.project.running.codebook_id,
        "round_id": article.project.running.id,
        "draft_id": draft.id,
        "user_id": analyst.id,
        "assignment_id": assignment_of(article.id, analyst).id,
        "job_id": start_import(article.project, supervisor, [("a.txt", b"Another came.")]).id,
        "note_key": note.note_key,
        "session_key": device_of(analyst).key,
        "token": "no-such-token",
        "source_id": made("Reuters", "outlet", by=supervisor).id,
        "claim_id": note.claim_id,
        "mention_id": note.claim_id,
        "evidence_id": make_item(db.session.get_one(Claim, note.claim_id), by=analyst),
        "copy_id": kept_copy(note.claim_id, analyst),
        "what": "name",
        "part": "wording",
        "tree": tree_hash(),
        "name": "claimtag.css",
    }
    bodies = {
        "api.put_annotation": {"tag": "FACT", "version": annotation.version, "client_id": str(uuid4())},
        "api.delete_annotation": {"version": annotation.version, "client_id": str(uuid4())},
        "api.post_note": {"status": "in_progress", "claim": "It is so.", "client_id": str(uuid4())},
        "api.put_note": {"status": "unverifiable", "claim": "It is so.", "version": 1, "client_id": str(uuid4())},
        "api.put_preferences": {"single_keys": False},
        "api_claims.post_claim": {"id": str(uuid4()), "wording": "It is.", "kind": "makes", "client_id": str(uuid4())},
        "api_claims.delete_claim": taking_back(),
        "api_claims.put_assessment": {"status": "contested", "version": 1, "client_id": str(uuid4())},
        "api_claims.put_mention": {"kind": "denies", "version": 1, "client_id": str(uuid4())},
        "api_claims.delete_mention": taking_back(),
        "api_claims.put_item": {
            "stance": "refutes",
            "independence": "unknown",
            "url": "https://example.org",
            "version": 1,
            "client_id": str(uuid4()),
        },
        "api_claims.delete_item": taking_back(),
    }
    return people, values, bodies, {name: cookie_of(person) for name, person in people.items() if person}


def cookie_of(person):
    client = new_client(current_app)
    sign_in_as(client, person)
    return client.get_cookie(current_app.config["SESSION_COOKIE_NAME"])


def taking_back():
    return {"reason": "A mistake.", "version": 1, "client_id": str(uuid4())}


def kept_copy(claim_id, person):
    """A file kept with an item of the claim."""
    item = make_item(db.session.get_one(Claim, claim_id), by=person)
    return keep_copy(item, person, "a.txt", b"It was so.", uuid4()).id


def device_of(person):
    """A device on which the person is signed in."""
    sign_in_by_link(new_link(person))
    return visibility.devices_of(person)[0]


@pytest.mark.page
@pytest.mark.parametrize("endpoint", TABLE)
def test_each_role_gets_what_it_should(app, scene, cookies, endpoint):
    people, values, bodies = scene
    method, expected = TABLE[endpoint]
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    with app.test_request_context():
        address = app.url_for(endpoint, **{name: values[name] for name in rule.arguments})

    got = []
    for name in people:
        client = with_cookie(app, cookies.get(name))
        got.append(client.open(address, method=method, json=bodies.get(endpoint)).status_code)

    assert dict(zip(WHO, got, strict=True)) == dict(zip(WHO, expected, strict=True))


PAIRS = (
    ("analyst in", "supervisor in"),
    ("analyst in", "supervisor out"),
    ("analyst in", "researcher in"),
    ("analyst out", "supervisor in"),
    ("analyst out", "researcher in"),
    ("researcher in", "supervisor out"),
    ("analyst in", "admin"),
)
OWNERS = {
    "accounts.sign_out_device": "analyst in",
    "articles.preview": "supervisor in",
    "articles.repair_draft": "supervisor in",
    "api.put_note": "analyst in",
    "api_claims.put_mention": "analyst in",
    "api_claims.put_item": "analyst in",
}
"""Whose own the thing is: nobody else gets at it, whatever their roles."""
BOTH = {"claims.blank": {"analyst in", "admin"}}
"""An admin does it, but sees the content only as a member."""


@pytest.mark.page
@pytest.mark.parametrize("endpoint", TABLE)
def test_two_roles_open_what_one_of_them_opens_and_nothing_else(app, scene, cookies, endpoint):
    people, values, bodies = scene
    method, codes = TABLE[endpoint]
    expected, rule = dict(zip(WHO, codes, strict=True)), app.url_map._rules_by_endpoint[endpoint][0]
    wrong = {}
    for first, second in PAIRS:
        person, client = people[first], with_cookie(app, cookies[first])
        if "session_key" in rule.arguments:
            values["session_key"] = device_of(people["analyst in"]).key  # each is signed out but once
        address = rule.build({name: values[name] for name in rule.arguments})[1]
        with given_too(person, second):
            if endpoint.startswith("accounts."):  # where somebody may have been signed out by the one before
                sign_in_as(client, person)
            answered = client.open(address, method=method, json=bodies.get(endpoint))
            status = answered.status_code
            assert endpoint.startswith("accounts.") or not (answered.location or "").startswith("/sign-in")
            if endpoint == "articles.trash":
                restored(values["article_id"], people["supervisor in"])
        is_theirs = OWNERS.get(endpoint, first) == first
        alone = {expected[first], expected[second] if is_theirs or expected[second] in (403, 404) else 404}
        wanted = "open" if alone - {403, 404} or {first, second} == BOTH.get(endpoint) else max(alone)
        if (status if status in (403, 404) else "open") != wanted:
            wrong[first, second] = (status, wanted)

    assert wrong == {}


@contextmanager
def given_too(person, second):
    """The person with a second role meanwhile."""
    project = db.session.scalars(select(Project).order_by(Project.id.desc() if "out" in second else Project.id)).first()
    held = {role for role in Role if person.has(project.id, role)}
    if second == "admin":
        set_admin(person, True, SHELL)
    else:
        add_member(project, person, held | {Role(second.split()[0])})
    yield
    if second == "admin":
        set_admin(person, False, SHELL)
    else:
        add_member(project, person, held)


def restored(article_id, supervisor):
    db.session.rollback()
    article = db.session.get_one(Article, article_id)
    if article.trashed_at:
        restore_article(article, supervisor)


def test_the_table_holds_every_route(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(TABLE)


def test_every_view_carries_a_mark(app):
    unmarked = [name for name, view in app.view_functions.items() if not getattr(view, "allowed", None)]
    assert unmarked == []


def test_a_view_without_a_mark_lets_nobody_in(unused_app):
    unused_app.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="forgotten")

    assert new_client(unused_app).get("/forgotten").status_code == 403


def test_every_write_wants_a_token_against_forgery(app, scene):
    people, values, bodies = scene
    app.config["WTF_CSRF_ENABLED"] = True
    client = new_client(app)
    sign_in_as(client, people["analyst in"])
    address = f"/api/v1/sentences/{values['sentence_id']}/annotation"

    refused = client.put(address, json=bodies["api.put_annotation"])
    token = client.get("/api/v1/me").json["csrf"]
    accepted = client.put(address, json=bodies["api.put_annotation"], headers={"X-CSRFToken": token})

    assert (refused.status_code, refused.json["code"]) == (400, "csrf")
    assert accepted.status_code == 200


@pytest.mark.parametrize("token", [None, "", "made-up", "gefälscht", "of another session"])
def test_no_call_that_writes_gets_by_without_the_token_of_its_session(app, scene, token):
    people, values, bodies = scene
    app.config["WTF_CSRF_ENABLED"] = True
    client = new_client(app)
    sign_in_as(client, people["analyst in"])
    if token == "of another session":
        elsewhere = new_client(app)
        sign_in_as(elsewhere, people["admin"])
        token = elsewhere.get("/api/v1/me").json["csrf"]
    headers = {} if token is None else {"X-CSRFToken": token}
    refused = {}
    for rule in app.url_map.iter_rules():
        for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            if rule.rule.startswith("/api/"):
                address = rule.build({name: values[name] for name in rule.arguments})[1]
                answered = client.open(address, method=method, json=bodies.get(rule.endpoint, {}), headers=headers)
                refused[f"{method} {rule.endpoint}"] = (answered.status_code, answered.json["code"])

    assert len(refused) >= 6
    assert set(refused.values()) == {(400, "csrf")}, refused


def test_no_form_gets_by_without_a_token(app, scene):
    people, values, _ = scene
    app.config["WTF_CSRF_ENABLED"] = True
    client = new_client(app)
    sign_in_as(client, people["admin"])
    codes = {
        rule.endpoint: client.post(rule.build({name: values[name] for name in rule.arguments})[1]).status_code
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and not rule.rule.startswith("/api/")
    }

    assert len(codes) > 20
    assert set(codes.values()) <= {400, 403}, codes


def test_no_page_lets_inline_script_or_style_run(client):
    policy = client.get("/sign-in").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")


def test_a_stranger_cannot_tell_an_article_of_others_from_none(app, scene):
    people, values, _ = scene
    client = new_client(app)
    sign_in_as(client, people["analyst out"])

    of_others = client.get(f"/articles/{values['article_id']}")
    of_nobody = client.get("/articles/999999")

    assert of_others.status_code == of_nobody.status_code == 404
    assert without_tokens(of_others.text) == without_tokens(of_nobody.text)


def without_tokens(page):
    """The page without the tokens against forgery, which tell the second in which they were signed."""
    return re.sub(r"[\w-]{40,}\.[\w-]{6}\.[\w-]{27}", "", page)
