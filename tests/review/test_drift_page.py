"""The page over time says in a sentence first whether analysts drift."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import insert, select

from tests.factories import answer, assignment_of, first_project, make_article, make_member, sentences_of
from webapp.adjudication.actions import accept_unanimous
from webapp.db import db, db_write
from webapp.domain.terms import Tag
from webapp.models import SHELL, Submission, SubmissionAnnotation, User, Via
from webapp.projects.actions import assign
from webapp.review.filters import filter_from
from webapp.review.kept import drift_for
from webapp.review.queries import choices_in, coders_of
from webapp.tagging.actions import submit
from webapp.visibility import actor_for


def test_the_page_and_its_file_tell_the_same_windows(app, owner, client, sign_in):
    people = [make_member(name, "analyst") for name in ("Ann", "Bea")]
    sign_in(owner)
    address = "/projects/1/agreement/drift"
    assert "Nothing that counts was handed in" in client.get(address).text
    for number in range(3):
        article = make_article(f"One came. Two went. {number} stayed.")
        assign(first_project(), [(article.id, person.id) for person in people], owner)
        for person in people:
            for sentence, tag in zip(sentences_of(article), (Tag.FACT, Tag.FACT, Tag.OPINION), strict=True):
                answer(sentence, person, tag)
            submit(article, person)
    accept_unanimous(first_project(), owner, 9)

    page = " ".join(client.get(address).text.split())
    assert "All 18 answers that count came within one day" in page
    told = json.loads(client.post(f"{address}.json?by=month").text)
    [window] = told["windows"]
    assert (told["length"], told["drifted"], window["answers"], window["alpha"]) == ("month", [], 18, 1)
    assert (window["gold"]["k"], window["gold"]["n"], window["shares"]["FACT"]["k"]) == (18, 18, 12)


def test_an_answer_is_of_the_day_in_utc_on_which_its_work_was_handed_in(app):
    late, early = datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    article, other = make_article("One came. Two went."), make_article("One stayed.")
    for person, where, at in (("Ann", article, late), ("Bea", article, early), ("Ann", other, early)):
        hand_in_at(where, person, at)
    coders = coders_of(first_project())
    wanted = filter_from({}, choices_in(first_project(), coders, SHELL, names=False))

    made = drift_for(first_project(), SHELL, wanted, coders, "day")
    assert [(str(span.window.first), span.answers) for span in made.spans] == [("2026-03-01", 2), ("2026-03-02", 3)]
    of_bea = replace(wanted, analyst=(next(one.code for one in coders.values() if one.name == "Bea"),))
    [span] = drift_for(first_project(), SHELL, of_bea, coders, "day").spans
    assert (str(span.window.first), span.answers) == ("2026-03-02", 2)


def hand_in_at(article, name, at):
    """All sentences told as fact by somebody of this name, handed in at this moment."""
    there = db.session.scalar(select(User).where(User.name == name))
    person = actor_for(there, Via.SESSION) if there else make_member(name, "analyst")
    answers = [answer(sentence, person, Tag.FACT).id for sentence in sentences_of(article)]
    with db_write() as session:
        work = assignment_of(article.id, person).id
        id_ = session.scalar(insert(Submission).values(assignment_id=work, number=1, at=at).returning(Submission.id))
        session.execute(insert(SubmissionAnnotation), [{"submission_id": id_, "annotation_id": one} for one in answers])
