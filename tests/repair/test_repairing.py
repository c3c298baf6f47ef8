"""A repair loses nothing: old rows stay, answers follow by rule, and a second editor gets a conflict."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from tests.factories import (
    answer,
    assignment_of,
    current_annotation,
    make_article,
    make_member,
    make_rating,
    make_source,
    sentences_of,
    take_up,
)
from webapp import verification
from webapp.claims.actions import add_note
from webapp.db import db, db_write
from webapp.domain.answers import Answer
from webapp.domain.chains import Link
from webapp.domain.corroboration import Finding
from webapp.domain.errors import BadRepair
from webapp.domain.repair import Fate, Kind
from webapp.domain.spans import why_broken
from webapp.domain.terms import CorroborationStatus, Reliability, SourceType, Tag
from webapp.models import Annotation, Article, Assessment, AssignmentState, SegmentationEdit, Sentence
from webapp.models.conflicts import Conflict, Gone, Incomplete
from webapp.notes import notes_on
from webapp.repair.actions import RepairRequest, previewed, repair
from webapp.tagging.actions import submit

TEXT = "One came today. Two went away. Three stayed."


@pytest.fixture
def article(app):
    return make_article(TEXT)


def texts(article):
    return [sentence.text for sentence in sentences_of(article)]


def split_first(article, by, *, seen=1, at=4, **options):
    return repair(article, by, RepairRequest(Kind.SPLIT, sentences_of(article)[0].id, at), seen, **options)


def merge_first(article, by, *, seen=1):
    return repair(article, by, RepairRequest(Kind.MERGE, sentences_of(article)[0].id), seen)


def test_a_split_retires_one_sentence_and_adds_two(article, owner):
    before = sentences_of(article)[0]
    split_first(article, owner)

    assert texts(article) == ["One", "came today.", "Two went away.", "Three stayed."]
    assert (before.retired_in, article.segmentation_version) == (2, 2)


def test_every_repair_is_on_record(article, owner):
    split_first(article, owner, reason=" The verb was cut off. ")

    edit = db.session.scalars(select(SegmentationEdit)).one()
    assert (edit.kind, edit.version, edit.actor_id, edit.reason) == (Kind.SPLIT, 2, owner.id, "The verb was cut off.")
    assert [(place["start"], place["end"]) for place in edit.after] == [(0, 3), (4, 15)]


def test_a_split_carries_the_answer_to_both_parts_to_be_confirmed(article, owner, analyst):
    old = answer(sentences_of(article)[0], analyst, Tag.FACT)
    split_first(article, owner)

    carried = [current_annotation(sentence.id, analyst.id) for sentence in sentences_of(article)[:2]]
    assert [(a.tag, a.to_confirm, a.carried_from_id) for a in carried] == [(Tag.FACT, True, old.id)] * 2
    assert db.session.get_one(Annotation, old.id).is_current


def test_answering_again_confirms(article, owner, analyst):
    answer(sentences_of(article)[0], analyst, Tag.FACT)
    split_first(article, owner)
    first = sentences_of(article)[0]

    assert answer(first, analyst, Tag.FACT).to_confirm is False


def test_a_merge_of_different_tags_asks_again_and_keeps_both_on_record(article, owner, analyst):
    one, two, _ = sentences_of(article)
    answer(one, analyst, Tag.FACT)
    answer(two, analyst, Tag.OPINION)
    merge_first(article, owner)

    assert current_annotation(sentences_of(article)[0].id, analyst.id) is None
    assert db.session.scalar(select(func.count()).select_from(Annotation)) == 2


@pytest.fixture
def told(app, analyst):
    """The fields of an answer with a source, its rating and a chain."""
    source_id, relay = make_source("Bondarev", "person", by=analyst), make_source("Reuters", "outlet", by=analyst)
    make_rating(source_id, "B", by=analyst)
    chain = (Link(relay, "the agency", SourceType.MEDIA_OUTLET), Link(None, "the paper"))
    named = {"source_id": source_id, "source_text": "he", "source_type": SourceType.NAMED_PERSON}
    return {**named, "chain": chain}


def test_a_split_carries_chain_and_rating_to_both_parts(article, owner, analyst, told):
    old = answer(sentences_of(article)[0], analyst, Tag.ATTRIBUTION, **told)
    assert old.answer.rating_id
    split_first(article, owner)

    carried = [current_annotation(sentence.id, analyst.id) for sentence in sentences_of(article)[:2]]
    assert [annotation.answer for annotation in carried] == [old.answer] * 2
    assert [len(annotation.links) for annotation in carried] == [3, 3]
    assert verification.faults() == []


def test_a_merge_of_equal_chains_carries_them_and_the_rating(article, owner, analyst, told):
    for sentence in sentences_of(article)[:2]:
        old = answer(sentence, analyst, Tag.ATTRIBUTION, **told)
    merge_first(article, owner)

    assert current_annotation(sentences_of(article)[0].id, analyst.id).answer == old.answer
    assert verification.faults() == []


def test_a_merge_of_other_chains_carries_the_tag_and_asks_for_the_source_again(
    client, sign_in, article, owner, analyst, told
):
    one, two, three = sentences_of(article)
    answer(one, analyst, Tag.ATTRIBUTION, **told, source_reliability=Reliability.C)
    answer(two, analyst, Tag.ATTRIBUTION, **(told | {"chain": told["chain"][:1]}))
    answer(three, analyst, Tag.FACT)
    submit(article, analyst)
    sign_in(owner)
    preview = BeautifulSoup(
        client.get(f"/sentences/{one.id}/repair", query_string={"kind": "merge"}).text, "html.parser"
    )
    merge_first(article, owner)

    assert " ".join(preview.select_one(".effects li").text.split()).endswith(
        "the answer is carried over, and has to be confirmed. The chains of sources of the two sentences differ, so the"
        " source and its type are asked for again. The article was submitted already; it is returned for this."
    )
    carried = current_annotation(sentences_of(article)[0].id, analyst.id)
    assert (carried.to_confirm, carried.answer) == (True, Answer(Tag.ATTRIBUTION))
    with pytest.raises(Incomplete) as gaps:
        submit(article, analyst)
    assert gaps.value.gaps == [(carried.sentence_id, "source_type")]
    assert verification.faults() == []


def test_the_preview_says_nothing_of_chains_that_are_equal(client, sign_in, article, owner, analyst, told):
    for sentence in sentences_of(article)[:2]:
        answer(sentence, analyst, Tag.ATTRIBUTION, **told)
    sign_in(owner)

    for kind, at in (("merge", ""), ("split", "4")):
        query = {"kind": kind, "at": at}
        preview = client.get(f"/sentences/{sentences_of(article)[0].id}/repair", query_string=query).text
        assert "carried over" in " ".join(preview.split())
        assert "chains" not in preview


def test_a_moved_boundary_asks_again(article, owner, analyst):
    answer(sentences_of(article)[0], analyst, Tag.FACT)
    repair(article, owner, RepairRequest(Kind.MOVE, sentences_of(article)[0].id, 20), 1)

    assert texts(article)[:2] == ["One came today. Two", "went away."]
    assert current_annotation(sentences_of(article)[0].id, analyst.id) is None


def test_a_note_moves_along_to_be_confirmed(article, owner, analyst):
    first, second, _ = sentences_of(article)
    add_note(first, analyst, Finding(CorroborationStatus.IN_PROGRESS, "One came."), uuid4())
    add_note(second, analyst, Finding(CorroborationStatus.CONTESTED, "Two went."), uuid4())
    merge_first(article, owner)

    moved = notes_on(sentences_of(article)[0].id, analyst)
    assert [(note.assessment.claim, note.mention.version, note.mention.to_confirm) for note in moved] == [
        ("One came.", 2, True),
        ("Two went.", 2, True),
    ]


def test_the_second_of_two_editors_gets_a_conflict(article, owner):
    split_first(article, owner)

    with pytest.raises(Conflict):
        merge_first(article, owner, seen=1)
    assert verification.faults() == []


def test_a_repair_after_submission_returns_the_article_to_whom_it_touches(article, owner, analyst):
    other = make_member("Other", "analyst")
    for person in (analyst, other):
        take_up(article, person)
    answer(sentences_of(article)[0], analyst, Tag.FACT)
    with db_write():
        for person in (analyst, other):
            assignment_of(article.id, person).state = AssignmentState.SUBMITTED
    preview = previewed(sentences_of(article)[0], RepairRequest(Kind.SPLIT, sentences_of(article)[0].id, 4))
    split_first(article, owner)

    assert [(e.analyst, e.fate, e.submitted) for e in preview.effects] == [(analyst.name, Fate.CARRIED, True)]
    assert assignment_of(article.id, analyst).state is AssignmentState.RETURNED
    assert assignment_of(article.id, other).state is AssignmentState.SUBMITTED


def test_a_refused_repair_changes_nothing(article, owner):
    with pytest.raises(BadRepair):
        split_first(article, owner, at=999)
    with pytest.raises(BadRepair, match="last sentence"):
        repair(article, owner, RepairRequest(Kind.MERGE, sentences_of(article)[-1].id), 1)

    assert (article.segmentation_version, len(sentences_of(article))) == (1, 3)


def test_an_article_in_the_trash_is_not_repaired(article, owner):
    with db_write():
        article.trashed_at = article.created_at

    with pytest.raises(Gone):
        split_first(article, owner)


def test_the_page_previews_and_repairs(client, sign_in, owner, article, analyst):
    sign_in(owner)
    first = sentences_of(article)[0]
    answer(first, analyst, Tag.FACT)
    address = f"/sentences/{first.id}/repair"

    preview = client.get(address, query_string={"kind": "split", "at": "4"})
    assert analyst.name in preview.text
    assert "carried over" in " ".join(preview.text.split())
    done = client.post(address, data={"kind": "split", "at": "4", "seen": "1", "reason": "So."})

    assert done.location == f"/articles/{article.id}/sentences"
    assert "So." in client.get(done.location).text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"kind": "split", "at": "0"}, "Put the caret"),
        ({"kind": "split"}, "Put the caret"),
        ({"kind": "split", "at": "x"}, "Put the caret"),
        ({"kind": "burn"}, "Choose to split"),
    ],
)
def test_a_bad_wish_is_answered_with_one_sentence(client, sign_in, owner, article, query, sentence):
    sign_in(owner)
    refused = client.get(f"/sentences/{sentences_of(article)[0].id}/repair", query_string=query)

    assert refused.status_code == 422
    assert sentence in refused.text


def test_a_late_confirmation_gets_a_conflict_page(client, sign_in, owner, article):
    sign_in(owner)
    last = sentences_of(article)[-1]
    split_first(article, owner)

    late = client.post(f"/sentences/{last.id}/repair", data={"kind": "split", "at": str(last.start + 6), "seen": "1"})

    assert late.status_code == 409


class RepairingWhileAnnotating(RuleBasedStateMachine):
    """Edits at random while people answer: after every step the text is whole and no revision has vanished."""

    start_from = "One 🚢 came.  Two went!\nThree “stayed” here.\u00a0 Four\u200b left; five came."

    @initialize()
    def import_an_article(self):
        self.article_id = make_article(self.start_from + f" {uuid4()}.").id
        self.people = [make_member(f"{name} {uuid4()}", "analyst", "supervisor") for name in ("A", "B")]
        self.sources = [make_source(f"{name} {uuid4()}") for name in ("A", "B")]
        make_rating(self.sources[0], "B", by=self.people[0])
        self.seen = set()

    def sentence(self, data):
        return data.draw(st.sampled_from(sentences_of(db.session.get_one(Article, self.article_id))))

    @rule(data=st.data(), tag=st.sampled_from([*Tag, None]), who=st.integers(0, 1))
    def answer_a_sentence(self, data, tag, who):
        answer(self.sentence(data), self.people[who], tag)

    @rule(data=st.data(), who=st.integers(0, 1), words=st.lists(st.sampled_from(["he", "she"]), max_size=2))
    def answer_with_a_chain(self, data, who, words):
        source_id = data.draw(st.sampled_from(self.sources))
        chain = tuple(Link(None, word) for word in words)
        answer(self.sentence(data), self.people[who], Tag.ATTRIBUTION, source_id=source_id, chain=chain)

    @rule(data=st.data(), who=st.integers(0, 1))
    def note_a_sentence(self, data, who):
        finding = Finding(CorroborationStatus.IN_PROGRESS, "It was so.")
        add_note(self.sentence(data), self.people[who], finding, uuid4())

    @rule(data=st.data(), kind=st.sampled_from(Kind), late=st.booleans())
    def repair_the_split(self, data, kind, late):
        article = db.session.get_one(Article, self.article_id)
        sentence = self.sentence(data)
        at = data.draw(st.integers(sentence.start - 1, sentence.end + 12))
        seen = article.segmentation_version - late
        try:
            repair(article, self.people[0], RepairRequest(kind, sentence.id, at), seen)
            assert not late
        except BadRepair:
            pass
        except Conflict:
            assert late

    @precondition(lambda self: hasattr(self, "article_id"))
    @invariant()
    def the_text_is_whole_and_nothing_vanished(self):
        article = db.session.get_one(Article, self.article_id)
        assert why_broken(article.text, [sentence.span for sentence in sentences_of(article)]) is None
        rows = {
            (table.__tablename__, row_id)
            for table in (Annotation, Assessment, Sentence, SegmentationEdit)
            for row_id in db.session.scalars(select(table.id))
        }
        assert rows >= self.seen
        self.seen = rows

    def teardown(self):
        assert verification.faults() == []


def test_random_repairs_while_people_annotate(app):
    run = settings(max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(RepairingWhileAnnotating, settings=run)
