"""The CSV of gold: exact, on record, and for those who may have it."""

import csv
import io

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.adjudication.test_settling import FACT, OPINION, hand_in
from tests.factories import first_project, make_article, make_member, sentences_of
from webapp.adjudication.actions import accept_unanimous, adjudicate
from webapp.cli import main
from webapp.db import db, db_write
from webapp.domain.terms import Tag
from webapp.export.actions import export_gold_csv
from webapp.models import SHELL, AuditEvent, Membership


@pytest.fixture
def article(app):
    with db_write():
        first_project().running.is_blind = True
    return make_article("One came. Two “went”, so.\nThree stayed.", title="Comings")


@pytest.fixture
def people(article):
    return [
        hand_in(article, "Ann Alpha", Tag.FACT, Tag.FACT, Tag.FACT),
        hand_in(article, "Bob Beta", Tag.FACT, Tag.OPINION, Tag.SPECULATION),
    ]


def rows():
    return list(csv.DictReader(io.StringIO("".join(export_gold_csv(first_project(), SHELL)), newline="")))


def test_the_columns_are_these_in_this_order(app):
    header = "".join(export_gold_csv(first_project(), SHELL)).splitlines()[0]

    assert header == (
        "sentence_id,article_id,article_title,sentence_index,char_start,char_end,text,text_sha256,gold_tag,method,"
        "deciding_rule,cause,reason,adjudicator_id,adjudicated_at,n_coders,"
        "votes_fact,votes_attribution,votes_speculation,votes_opinion,round"
    )


def test_a_row_tells_what_was_decided_and_by_which_code(article, people, owner):
    sentence = sentences_of(article)[1]
    adjudicate(sentence, owner, FACT, 0)
    adjudicate(sentence, owner, OPINION, 1)
    code = db.session.scalars(select(Membership.coder_code).where(Membership.user_id == owner.id)).one()

    (row,) = rows()
    assert row | {"adjudicated_at": ""} == {
        "sentence_id": str(sentence.id),
        "article_id": str(article.id),
        "article_title": "Comings",
        "sentence_index": "2",
        "char_start": str(sentence.start),
        "char_end": str(sentence.end),
        "text": "Two “went”, so.",
        "text_sha256": article.text_sha256,
        "gold_tag": "OPINION",
        "method": "adjudicated",
        "deciding_rule": "R10",
        "cause": "unclear_rule",
        "reason": OPINION.reason,
        "adjudicator_id": code,
        "adjudicated_at": "",
        "n_coders": "2",
        "votes_fact": "1",
        "votes_attribution": "0",
        "votes_speculation": "0",
        "votes_opinion": "1",
        "round": "main",
    }
    assert row["adjudicated_at"].endswith("Z")


def test_unanimous_ones_have_no_rule_and_no_reason(article, people, owner):
    accept_unanimous(first_project(), owner, 1)

    (row,) = rows()
    assert [row[name] for name in ("gold_tag", "method", "deciding_rule", "cause", "reason", "n_coders")] == [
        "FACT",
        "unanimous",
        "",
        "",
        "",
        "2",
    ]


def test_trash_is_left_out_and_every_export_is_on_record(article, people, owner):
    adjudicate(sentences_of(article)[1], owner, OPINION, 0)
    with db_write():
        article.trashed_at = article.created_at

    assert rows() == []
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "exported")).one()
    assert event.details == {"shape": "gold", "format": "csv", "options": []}


def test_the_command_line_writes_the_same_file(app, article, people, owner, monkeypatch):
    adjudicate(sentences_of(article)[1], owner, OPINION, 0)
    monkeypatch.setenv("CLAIMTAG_INSTANCE", str(app.config["INSTANCE"]))
    run = CliRunner()

    written = run.invoke(main, ["export", "--shape", "gold"]).stdout_bytes.decode()
    assert written == "".join(export_gold_csv(first_project(), SHELL))
    assert run.invoke(main, ["export", "--shape", "gold", "--unanswered"]).exit_code == 2


def test_the_page_gives_the_file_to_supervisors_and_researchers(client, sign_in, article, people, owner):
    adjudicate(sentences_of(article)[1], owner, OPINION, 0)
    sign_in(make_member("Reader", "researcher"))
    answered = client.post("/projects/1/gold.csv", data={"bom": "1"})

    assert answered.mimetype == "text/csv"
    assert "gold" in answered.headers["Content-Disposition"]
    assert answered.data.startswith(b"\xef\xbb\xbfsentence_id,")
    assert len(answered.text.strip().splitlines()) == 2
