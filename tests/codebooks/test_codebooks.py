"""The codebook of a study: written anew in the app, published as its next version, and kept in all older ones."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.factories import answer, first_project, make_article, make_member, make_project, sentences_of
from webapp.adjudication.actions import adjudicate
from webapp.codebooks.actions import publish, save_draft
from webapp.codebooks.queries import codebook_in_force
from webapp.db import db
from webapp.domain.adjudication import Cause, Decision
from webapp.domain.codebook import first_text
from webapp.domain.terms import Tag
from webapp.export.actions import export_long_csv
from webapp.models import SHELL, AuditEvent, Codebook, CodebookDraft
from webapp.models.conflicts import Conflict
from webapp.rounds.actions import NewRound, begin_next
from webapp.tagging.actions import submit

WAS = "A thought that only introduces an act by the same actor is background: tag the act"
REWORDED = {"R7-rule": "Tag the act, always.", "new-case": "Emoji", "new-rule": "A sign is no word."}
DRAFT, PREVIEW, PUBLISH = (f"/projects/1/codebook/{name}" for name in ("draft", "preview", "publish"))


def written(owner, values=REWORDED, seen=0):
    return save_draft(first_project(), values, seen, owner)


def published(owner, values=REWORDED):
    return publish(first_project(), written(owner, values).version, owner)


def told(page, selector):
    return [found.get_text(strip=True) for found in BeautifulSoup(page.text, "html.parser").select(selector)]


def test_a_supervisor_writes_looks_at_it_and_publishes(client, sign_in, owner):
    sign_in(owner)
    areas = BeautifulSoup(client.get(DRAFT).text, "html.parser").select("textarea")
    form = {area["name"]: area.text.removeprefix("\n").replace("\n", "\r\n") for area in areas}
    kept = client.post(DRAFT, data={**form, **REWORDED, "seen": "0"})
    preview = client.get(kept.location)
    client.post(PUBLISH, data={"seen": "1"})
    read = client.get("/codebook?project=1")

    assert kept.location == PREVIEW
    assert told(preview, ".changes del") == [f"[taken out:{WAS}]"]
    assert told(preview, ".changes ins") == [
        "[put in:Tag the act, always.]",
        "[put in:Emoji]",
        "[put in:A sign is no word.]",
    ]
    assert told(read, "h1") == ["Codebookversion 1.1"]
    assert told(read, "#rule-R23 td") == ["R23", "Emoji", "A sign is no word.", ""]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "codebook published")).one()
    assert event.details == {"version": "1.1", "after": "1.0", "reworded": ["R7"], "added": ["R23"]}
    assert db.session.scalars(select(CodebookDraft)).all() == []


def test_a_round_keeps_the_version_it_began_with_and_every_answer_names_its_own(app, owner, analyst):
    project, article = first_project(), make_article("One came.")
    before = answer(sentences_of(article)[0], analyst, Tag.FACT)
    version, follows = published(owner)
    after = answer(sentences_of(article)[0], analyst, Tag.OPINION)

    assert (version.version, follows) == ("1.1", False)
    assert {before.codebook.version, after.codebook.version, first_project().running.codebook.version} == {"1.0"}
    begin_next(first_project(), NewRound("next"), True, owner)
    begun = answer(sentences_of(make_article("Two came."))[0], analyst, Tag.FACT)
    assert begun.codebook.version == "1.1"
    header, *rows = "".join(export_long_csv(project, SHELL)).splitlines()
    at = header.split(",").index("codebook_version")
    assert sorted(row.split(",")[at] for row in rows) == ["1.0", "1.1"]


def test_a_round_in_which_nobody_has_answered_follows_the_new_version_at_once(app, owner):
    elsewhere = make_project("Elsewhere").id
    version, follows = published(owner)

    assert follows
    assert codebook_in_force(1).id == version.id
    assert codebook_in_force(elsewhere).version == "1.0"
    assert version.text.startswith(first_text().partition("1.0")[0] + "1.1. Quote this")


def test_every_version_stays_readable_and_says_which_one_is_in_force(client, sign_in, owner):
    first = first_project().running.codebook_id
    published(owner)
    newest, _ = published(owner, {"R8-rule": "Another."})
    sign_in(owner)

    assert told(client.get(f"/codebooks/{first}"), ".notice a") == ["version 1.2"]
    assert told(client.get("/projects/1/codebook"), "tbody th") == ["1.2", "1.1", "1.0"]
    assert told(client.get(f"/codebooks/{newest.id}/changes"), ".changes h2") == ["R8, rule"]


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(client, sign_in, owner):
    sign_in(owner)
    sent = {"R7-rule": "", "R8-case": "a | b", "text-3": "# No", "R1-rule": "Kept here.", "seen": "0"}
    refused = client.post(DRAFT, data=sent)
    page = BeautifulSoup(refused.text, "html.parser")

    assert refused.status_code == 422
    assert {error["id"] for error in page.select(".field__error")} == {"R7-rule-error", "R8-case-error", "text-3-error"}
    assert page.select_one("#R1-rule").text.strip() == "Kept here."
    assert db.session.scalars(select(CodebookDraft)).all() == []


def test_nobody_writes_over_a_draft_that_they_have_not_seen(client, sign_in, owner):
    written(owner)
    sign_in(owner)
    late = client.post(DRAFT, data={"R8-rule": "Mine.", "seen": "0"})
    page = BeautifulSoup(late.text, "html.parser")

    assert late.status_code == 409
    assert page.select_one("#R8-rule").text.strip() == "Mine."
    assert page.select_one("[name=seen]")["value"] == "1"
    with pytest.raises(Conflict):
        publish(first_project(), 0, owner)


def test_a_draft_that_changes_nothing_is_not_published(client, sign_in, owner):
    written(owner, {"R7-rule": "Other."})
    written(owner, {"R7-rule": WAS}, 1)
    sign_in(owner)

    assert "says what version 1.0 says" in client.get(PREVIEW).text
    client.post(PUBLISH, data={"seen": "2"})
    assert db.session.scalars(select(Codebook.version)).all() == ["1.0"]


def test_a_discarded_draft_is_gone_and_the_next_one_begins_anew(client, sign_in, owner):
    written(owner)
    sign_in(owner)
    client.post("/projects/1/codebook/discard", data={"seen": "1"})

    assert WAS in client.get(DRAFT).text


def test_the_sentences_that_a_changed_rule_decided_are_listed_until_they_are_settled_again(client, sign_in, owner):
    article = make_article("One came. Two came.")
    first, second = sentences_of(article)
    for name, tag in (("A", Tag.FACT), ("B", Tag.OPINION)):
        analyst = make_member(name, "analyst")
        for sentence in (first, second):
            answer(sentence, analyst, tag)
        submit(article, analyst)
    adjudicate(first, owner, Decision(Tag.FACT, "R7", Cause.SLIP, "So."), 0)
    adjudicate(second, owner, Decision(Tag.FACT, "R8", Cause.SLIP, "So."), 0)
    published(owner)
    sign_in(owner)
    [link] = BeautifulSoup(client.get("/projects/1/codebook").text, "html.parser").select("tbody td:last-child a")
    before = client.get(link["href"])
    adjudicate(first, owner, Decision(Tag.FACT, "R7", Cause.SLIP, "Again."), 1)

    assert link.text == "R7: 1 sentence"
    assert told(before, ".disputes__text") == ["One came."]
    assert "Nothing to look at again" in client.get(link["href"]).text


def test_the_bare_text_is_for_scripts_and_a_person_who_opens_it_is_led_to_the_page(client, sign_in, owner):
    sign_in(owner)
    address = f"/codebooks/{first_project().running.codebook_id}/text"
    opened = client.get(address, headers={"Sec-Fetch-Dest": "document"})
    fetched = client.get(address, headers={"Sec-Fetch-Dest": "empty"})

    assert (opened.status_code, opened.location) == (302, address.removesuffix("/text"))
    assert fetched.text.startswith("<h2>Codebook")
    assert {"Sec-Fetch-Dest" in answer.vary for answer in (opened, fetched)} == {True}
