"""The CSV: exact, whole, and only what its reader may see."""

import csv
import io
import json
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.factories import (
    answer,
    first_project,
    make_article,
    make_member,
    make_source,
    merge_sources,
    sentences_of,
)
from webapp.claims.actions import add_note, amend_note
from webapp.db import db, db_write
from webapp.domain.chains import Link
from webapp.domain.corroboration import Finding
from webapp.domain.terms import CorroborationStatus, CueStance, SourceType, Tag
from webapp.export import long
from webapp.export.actions import export_long_csv
from webapp.models import SHELL, AuditEvent, Membership, Via

COLUMNS = (
    "annotation_id, project, article_id, article_title, outlet, published, sentence_id, sentence_index, paragraph, "
    "char_start, char_end, text, text_sha256, segmentation_version, coder_id, tag, tag_code, not_codable_reason, "
    "second_choice, tag_certainty, attributed_content, source_id, source_text, source_type, named, cue_text, "
    "cue_stance, directness, source_access, flag_loaded_language, flag_mixed, flag_presupposition, flag_hedged, "
    "check_priority, source_reliability, information_credibility, likelihood_code, confidence, corroboration_status, "
    "corroboration_claim, corroboration_note, independent_supporting, independent_refuting, note, blind, "
    "suggestion_shown, codebook_version, active_seconds, created_at, updated_at, submitted_at, app_version, round"
)
ADDED = ("pass", "assignment_key", "source_merged_id", "chain", "description_version", "excluded")


def test_the_53_columns_stand_in_their_order_and_new_ones_behind_them():
    names = tuple(column.name for column in long.COLUMNS)
    assert ", ".join(names[:53]) == COLUMNS
    assert names[53:] == ADDED


def rows_for(reader, **options):
    file = "".join(export_long_csv(first_project(), reader, **options))
    return list(csv.DictReader(io.StringIO(file, newline="")))


def test_only_answered_sentences_are_rows_unless_asked_for(app, owner):
    first, *_ = sentences_of(make_article(sentences=3))
    answer(first, owner, Tag.FACT)

    assert [row["tag_code"] for row in rows_for(owner)] == ["1"]
    assert [row["tag_code"] for row in rows_for(owner, unanswered=True)] == ["1", "9", "9"]


def test_an_answer_taken_back_is_no_row(app, owner):
    first, *_ = sentences_of(make_article())
    answer(first, owner, Tag.FACT)
    answer(first, owner, None)

    assert rows_for(owner) == []


def test_a_row_tells_where_the_sentence_stands(app, owner):
    text = "One is here. 🚢 Two is there.\nThree."
    article = make_article(text, title="T", outlet="O", published="2013-10")
    for sentence in sentences_of(article):
        answer(sentence, owner, Tag.FACT)

    rows = rows_for(owner)
    assert [row["sentence_index"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    assert [text[int(row["char_start"]) : int(row["char_end"])] for row in rows] == [row["text"] for row in rows]
    assert rows[-1]["paragraph"] == "2"
    assert {row["text_sha256"] for row in rows} == {article.text_sha256}
    assert (rows[0]["article_title"], rows[0]["outlet"], rows[0]["published"]) == ("T", "O", "2013-10")


def test_created_is_the_first_revision_and_updated_the_current_one(app, owner):
    sentence = sentences_of(make_article())[0]
    first = answer(sentence, owner, Tag.FACT)
    second = answer(sentence, owner, Tag.ATTRIBUTION, source_type=SourceType.GROUP)

    (row,) = rows_for(owner)
    assert row["annotation_id"] == str(second.id)
    assert row["created_at"] == first.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (row["tag"], row["source_type"], row["named"]) == ("ATTRIBUTION", "group", "unnamed")


def test_the_corroboration_columns_hold_the_analysts_newest_note(app, owner):
    other = make_member("Other", "analyst")
    sentence = sentences_of(make_article())[0]
    answer(sentence, owner, Tag.FACT)
    note = add_note(sentence, owner, Finding(CorroborationStatus.IN_PROGRESS, "It was so."), uuid4())
    amend_note(note.note_key, owner, Finding(CorroborationStatus.CONTESTED, "It was so.", "Two say no."), 1, uuid4())
    add_note(sentence, other, Finding(CorroborationStatus.CORROBORATED, "Another's."), uuid4())

    (row,) = rows_for(owner)
    assert (row["corroboration_status"], row["corroboration_note"]) == ("contested", "Two say no.")


def test_the_coder_is_a_pseudonym(app, owner):
    answer(sentences_of(make_article())[0], owner, Tag.FACT)
    code = db.session.scalars(select(Membership.coder_code).where(Membership.user_id == owner.id)).one()

    (row,) = rows_for(owner)
    assert row["coder_id"] == code
    assert owner.name not in row.values()


def test_an_analyst_takes_away_only_their_own(app, owner, analyst):
    sentence = sentences_of(make_article())[0]
    answer(sentence, owner, Tag.FACT)
    answer(sentence, analyst, Tag.OPINION)

    assert [row["tag"] for row in rows_for(analyst)] == ["OPINION"]
    assert len(rows_for(owner)) == 2


def test_an_article_in_the_trash_is_left_out(app, owner):
    article = make_article()
    answer(sentences_of(article)[0], owner, Tag.FACT)
    with db_write():
        article.trashed_at = article.created_at

    assert rows_for(owner) == []


def test_every_export_is_on_record(app, owner):
    rows_for(owner)

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "exported")).one()
    assert (event.actor_id, event.details) == (owner.id, {"shape": "long", "format": "csv", "options": []})


def test_the_options_of_an_export_and_who_took_it_from_the_shell_are_on_record(app):
    list(export_long_csv(first_project(), SHELL, unanswered=True, guard=True))

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "exported")).one()
    assert (event.via, event.actor_id, event.details["options"]) == (Via.SHELL, None, ["unanswered", "guard"])


@pytest.mark.parametrize(
    "text", ["=1+1 is two.", "'Tis so.", 'He said: "No, never."', "A\u00a0B.", "Tab\there.", "NA", "null"]
)
def test_awkward_texts_come_back_unchanged(client, sign_in, owner, text):
    sign_in(owner)
    answer(sentences_of(make_article(text))[0], owner, Tag.FACT)

    answered = client.post("/export/1/long.csv")
    assert [row["text"] for row in csv.DictReader(io.StringIO(answered.text, newline=""))] == [text]
    assert answered.mimetype == "text/csv"
    assert "First_project" in answered.headers["Content-Disposition"]


def test_an_answer_names_its_source_the_one_that_stands_for_it_and_its_chain(app, owner, analyst):
    article = make_article(sentences=3)
    first, second, third = sentences_of(article)
    kept, double = make_source("Reuters"), make_source("Reuter")
    links = (Link(kept, "Agentur", SourceType.MEDIA_OUTLET, "“meldet”", CueStance.NEUTRAL), Link(None, "the paper"))
    answer(first, analyst, Tag.ATTRIBUTION, source_id=double, source_text="he", chain=links)
    answer(second, analyst, Tag.FACT, source_id=double, chain=links)
    answer(third, analyst, Tag.ATTRIBUTION, source_id=kept)
    merge_sources(double, kept)

    told = [(row["source_id"], row["source_merged_id"], row["chain"]) for row in rows_for(owner)]
    assert told == [
        (
            str(double),
            str(kept),
            f'[{{"source_id":"{double}","source_text":"he"}},'
            f'{{"source_id":"{kept}","source_text":"Agentur","source_type":"media_outlet","cue_text":"“meldet”",'
            '"cue_stance":"neutral"},{"source_text":"the paper"}]',
        ),
        ("", "", ""),  # kept where the tag was changed, but no part of this answer
        (str(kept), str(kept), ""),
    ]


def test_the_chain_is_that_of_the_answer_that_counts_and_of_nobody_else(app, owner, analyst):
    sentence = sentences_of(make_article())[0]
    for person, words in ((owner, "the owner's"), (analyst, "the analyst's")):
        answer(sentence, person, Tag.ATTRIBUTION, source_text="he", chain=(Link(None, "first"),))
        answer(sentence, person, Tag.ATTRIBUTION, source_text="he", chain=(Link(None, words),))

    def relays(reader):
        return [json.loads(row["chain"])[1]["source_text"] for row in rows_for(reader)]

    assert sorted(relays(owner)) == ["the analyst's", "the owner's"]
    assert relays(analyst) == ["the analyst's"]


def test_chains_cost_no_statement_where_an_article_has_none(app, owner, statements):
    def asked():
        with statements() as seen:
            rows_for(owner)
        return len([statement for statement in seen if "attribution_link" in statement])

    articles = [make_article(sentences=1) for _ in range(3)]
    for article in articles:
        answer(sentences_of(article)[0], owner, Tag.ATTRIBUTION)
    assert asked() == 1
    answer(sentences_of(articles[1])[0], owner, Tag.ATTRIBUTION, source_text="he", chain=(Link(None, "she"),))
    assert asked() == 2
