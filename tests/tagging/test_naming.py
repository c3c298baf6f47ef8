"""An answer names a source: what comes with it is written with it, and what cannot be taken leaves its words."""

import re
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.concurrency import at_once
from tests.factories import (
    amend,
    make_article,
    make_member,
    make_project,
    make_rating,
    make_source,
    sentences_of,
    take_up,
)
from webapp import verification
from webapp.db import db
from webapp.domain.answers import Answer, answer_from, answer_values
from webapp.domain.brought import Brought, brought_from
from webapp.domain.chains import Link
from webapp.domain.errors import BadAnswer
from webapp.domain.sources import Entry
from webapp.domain.terms import CueStance, Reliability, SourceKind, SourceType, Tag
from webapp.models import Annotation, AttributionLink, Role, Source, SourceEntry, SourceRating
from webapp.models.conflicts import Conflict
from webapp.projects.actions import add_member, assign
from webapp.tagging.actions import record_answer
from webapp.tagging.actions.naming import NOT_THERE
from webapp.tagging.queries import revisions_of

TODAY = date(2026, 11, 27)
REUTERS = Entry("Reuters", SourceKind.OUTLET)


@pytest.fixture
def sentence(app):
    return sentences_of(make_article())[0]


@pytest.fixture
def other(app):
    return make_member("Otto Other", "analyst")


@pytest.fixture
def blind(app, owner):
    """Two analysts of a blind round and a sentence that both have."""
    project = make_project("Blind study", is_blind=True)
    add_member(project, owner, set(Role))
    me, other = (make_member(name, "analyst", project=project) for name in ("Me Mine", "Otto Other"))
    article = make_article(project=project)
    assign(project, [(article.id, me.id), (article.id, other.id)], owner)
    return sentences_of(article)[0], me, other


def save(sentence, analyst, brought=None, *, seen=0, client_id=None, tag=Tag.ATTRIBUTION, **fields):
    """The revision that an answer with these fields comes to."""
    answer = Answer(tag, **fields)
    return record_answer(sentence.id, analyst, answer, seen, client_id or uuid4(), None, brought or Brought())


def bringing(*entries, rating=None, taken_back=()):
    """What an answer brings along, and the ids of the entries."""
    ids = [uuid4() for _ in entries]
    return ids, Brought(dict(zip(ids, entries, strict=True)), rating, taken_back)


def given_rating(letter, **said):
    rating_id = uuid4()
    sent = {"id": str(rating_id), "reliability": letter, **said}
    return rating_id, brought_from(None, sent, TODAY)


def entries():
    db.session.rollback()
    named = select(SourceEntry.name, Source.maker_id).join(SourceEntry.source).where(SourceEntry.is_current)
    return [tuple(row) for row in db.session.execute(named.order_by(SourceEntry.name, Source.maker_id))]


def counted(table):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


# ---- entries


def test_a_new_entry_is_made_with_the_answer_that_names_it(analyst, sentence):
    [new], brought = bringing(REUTERS)
    saved = save(sentence, analyst, brought, source_id=new, source_text="the agency")

    assert (saved.answer.source_id, saved.answer.source_text, saved.problems) == (new, "the agency", ())
    assert entries() == [("Reuters", analyst.id)]
    assert verification.faults() == []


def test_an_answer_that_is_refused_makes_no_entry(analyst, sentence):
    save(sentence, analyst)
    [new], brought = bringing(REUTERS)
    with pytest.raises(Conflict):
        save(sentence, analyst, brought, source_id=new)

    assert entries() == []


def test_what_is_brought_and_not_named_is_not_made(analyst, sentence):
    _, brought = bringing(REUTERS)
    save(sentence, analyst, brought, source_text="somebody")

    assert entries() == []


def test_an_id_known_with_another_name_keeps_the_first(analyst, sentence):
    [new], brought = bringing(REUTERS)
    save(sentence, analyst, brought, source_id=new)
    again = save(
        sentence, analyst, Brought({new: Entry("AFP", SourceKind.PERSON)}), seen=1, source_id=new, source_text="AFP"
    )

    assert (again.answer.source_id, again.answer.source_text, again.problems) == (new, "AFP", ())
    assert entries() == [("Reuters", analyst.id)]


def test_a_double_in_an_open_project_is_the_one_that_is_there(analyst, other, sentence):
    there = make_source("REUTERS", "outlet", by=other)
    [new], brought = bringing(REUTERS)
    saved = save(sentence, analyst, brought, source_id=new)

    assert (saved.answer.source_id, saved.problems) == (there, ())
    assert entries() == [("REUTERS", other.id)]


@pytest.mark.parametrize("change", ["kind", "withdrawn"])
def test_what_only_looks_like_a_double_is_made(analyst, other, sentence, change):
    there = make_source("Reuters", "outlet" if change == "withdrawn" else "organisation", by=other)
    if change == "withdrawn":
        amend(SourceEntry, there, by=other, withdrawn_why="a slip")
    [new], brought = bringing(REUTERS)

    assert save(sentence, analyst, brought, source_id=new).answer.source_id == new


def test_in_a_blind_round_everybody_makes_their_own(blind):
    sentence, me, other = blind
    made = [
        save(sentence, person, brought, source_id=new).answer.source_id == new
        for person in (other, me)
        for [new], brought in [bringing(REUTERS)]
    ]

    assert made == [True, True]
    assert entries() == [("Reuters", me.id), ("Reuters", other.id)]


def test_in_a_blind_round_ones_own_double_is_the_one_that_is_there(blind):
    sentence, me, _ = blind
    [first], brought = bringing(REUTERS)
    save(sentence, me, brought, source_id=first)
    [second], brought = bringing(Entry("reuters", SourceKind.OUTLET))

    assert save(sentence, me, brought, seen=1, source_id=second).answer.source_id == first


def test_in_a_blind_round_a_published_entry_is_at_hand_and_nobody_elses(blind, owner):
    sentence, me, other = blind
    project = sentence.article.project
    published = make_source("AFP", "outlet", by=other, project=project, is_published=True)
    hidden = make_source("Reuters", "outlet", by=other, project=project)

    assert save(sentence, me, source_id=published).answer.source_id == published
    refused = save(sentence, me, seen=1, source_id=hidden, source_text="the agency")
    assert (refused.answer.source_id, refused.answer.source_text) == (None, "the agency")
    assert refused.problems == (NOT_THERE,)


@pytest.mark.parametrize(
    ("name", "words", "why"),
    [
        ("R" * 10_000, "R" * 2_000, "10,000 characters"),
        ("Reu\u200bters", "Reu\u200bters", "nobody sees"),
        ("Reut\u0435rs", "Reut\u0435rs", "look alike"),
        ("…", "…", "at least one letter"),
        (7, "7", "must be text"),
    ],
)
def test_a_name_that_is_refused_leaves_its_words_and_says_so(analyst, sentence, name, words, why):
    new = uuid4()
    brought = brought_from([{"id": str(new), "name": name, "kind": "outlet"}], None, TODAY)
    saved = save(sentence, analyst, brought, source_id=new, source_type=SourceType.MEDIA_OUTLET)

    assert (saved.answer.source_id, saved.answer.source_text) == (None, words)
    assert saved.answer.source_type is SourceType.MEDIA_OUTLET
    assert why in saved.problems[0]
    assert entries() == []
    assert verification.faults() == []


def test_words_as_printed_stay_where_the_name_is_refused(analyst, sentence):
    new = uuid4()
    brought = brought_from([{"id": str(new), "name": "", "kind": "outlet"}], None, TODAY)

    assert save(sentence, analyst, brought, source_id=new, source_text="it").answer.source_text == "it"


def test_an_entry_that_is_not_there_or_of_another_project_leaves_the_words(analyst, sentence, owner):
    elsewhere = make_source("Reuters", "outlet", by=owner, project=make_project("Elsewhere"))
    for seen, source_id in enumerate((uuid4(), elsewhere)):
        saved = save(sentence, analyst, seen=seen, source_id=source_id, source_text="they")
        assert (saved.answer.source_id, saved.answer.source_text, saved.problems) == (None, "they", (NOT_THERE,))
    assert verification.faults() == []


def test_an_id_that_another_project_has_makes_no_entry(analyst, sentence, owner):
    elsewhere = make_source("Reuters", "outlet", by=owner, project=make_project("Elsewhere"))
    saved = save(sentence, analyst, Brought({elsewhere: REUTERS}), source_id=elsewhere)

    assert (saved.answer.source_id, saved.answer.source_text) == (None, "Reuters")
    assert saved.problems == (NOT_THERE,)


def test_two_browsers_that_make_the_same_source_make_one(app, analyst, other):
    article = make_article(sentences=2)
    ids = [sentence.id for sentence in sentences_of(article)]
    for person in (analyst, other):
        take_up(article, person)
    db.session.rollback()

    def saving(person, sentence_id):
        [new], brought = bringing(REUTERS)
        answer = Answer(Tag.ATTRIBUTION, source_id=new)
        return lambda: record_answer(sentence_id, person, answer, 0, uuid4(), None, brought).answer.source_id

    outcomes = at_once(app, *(saving(person, sentence_id) for person in (analyst, other) for sentence_id in ids))

    assert len(set(outcomes)) == 1
    assert isinstance(outcomes[0], UUID)
    assert len(entries()) == 1
    assert verification.faults() == []


# ---- chains


def test_a_chain_is_kept_with_its_answer_the_first_link_its_own_source(analyst, sentence):
    [speaker, relay], brought = bringing(Entry("Bondarev", SourceKind.PERSON), REUTERS)
    chain = (Link(relay, "the agency", SourceType.MEDIA_OUTLET, "reported", CueStance.NEUTRAL), Link(None, "the paper"))
    saved = save(sentence, analyst, brought, source_id=speaker, source_text="the general", cue_text="said", chain=chain)

    assert saved.answer.chain == chain
    rows = select(AttributionLink.position, AttributionLink.source_id, AttributionLink.source_text)
    assert [tuple(row) for row in db.session.execute(rows.order_by(AttributionLink.position))] == [
        (1, speaker, "the general"),
        (2, relay, "the agency"),
        (3, None, "the paper"),
    ]
    assert revisions_of(sentence, analyst)[0].answer == saved.answer
    assert verification.faults() == []


def test_each_revision_has_a_chain_of_its_own(analyst, sentence):
    save(sentence, analyst, source_text="he", chain=(Link(None, "the agency"),))
    save(sentence, analyst, seen=1, source_text="he")
    save(sentence, analyst, seen=2, source_text="she", chain=(Link(None, "the paper"), Link(None, "this site")))

    chains = [[link.source_text for link in revision.answer.links] for revision in revisions_of(sentence, analyst)]
    assert chains == [["she", "the paper", "this site"], [], ["he", "the agency"]]
    assert verification.faults() == []


def test_a_link_that_names_nobody_any_more_is_dropped_and_what_is_stored_can_be_sent_again(analyst, sentence):
    chain = (Link(uuid4(), cue_text="reported"), Link(uuid4(), "the paper"))
    saved = save(sentence, analyst, source_text="he", chain=chain)

    assert saved.answer.chain == (Link(None, "the paper"),)
    assert saved.problems == (NOT_THERE, NOT_THERE)
    assert answer_from(answer_values(saved.answer)) == saved.answer


def test_two_links_that_turn_out_to_be_one_source_are_a_circle_and_nothing_is_kept(analyst, other, sentence):
    there = make_source("Reuters", "outlet", by=other)
    [new], brought = bringing(REUTERS)
    with pytest.raises(BadAnswer, match="in a circle"):
        save(sentence, analyst, brought, source_id=new, chain=(Link(there),))

    assert counted(Annotation) == 0


# ---- ratings


def test_a_rating_that_is_given_is_kept_with_the_answer_and_its_letter(analyst, sentence):
    source_id = make_source("Reuters", by=analyst)
    rating_id, brought = given_rating("B", basis=" three  reports ", rated_on="2026-10")
    saved = save(sentence, analyst, brought, source_id=source_id)

    assert (saved.answer.rating_id, saved.answer.source_reliability) == (rating_id, Reliability.B)
    rating = db.session.get_one(SourceRating, rating_id)
    assert (rating.rating_id, rating.author_id, rating.rated_on) == (rating_id, analyst.id, "2026-10")
    assert rating.basis == "three reports"
    assert verification.faults() == []


def test_an_answer_takes_ones_own_newest_rating_before_any_published_one(analyst, other, sentence, owner):
    source_id = make_source("Reuters", by=analyst)
    published = make_rating(source_id, "D", by=other, rated_on="2026-11-25")
    amend(SourceRating, published, by=owner, is_published=True)
    make_rating(source_id, "E", by=other, rated_on="2026-11-26")  # nobody else's business

    assert save(sentence, analyst, source_id=source_id).answer.rating_id == published
    make_rating(source_id, "B", by=analyst, rated_on="2026-11-20")
    newest = make_rating(source_id, "C", by=analyst, rated_on="2026-11-21")
    make_rating(source_id, "A", by=analyst, rated_on="2026-10")
    saved = save(sentence, analyst, seen=1, source_id=source_id)
    assert (saved.answer.rating_id, saved.answer.source_reliability) == (newest, Reliability.C)
    assert verification.faults() == []


def test_ones_own_rating_stays_ones_own_when_a_supervisor_publishes_it(analyst, other, sentence, owner):
    source_id = make_source("Reuters", by=analyst)
    own = make_rating(source_id, "B", by=analyst, rated_on="2026-11-20")
    amend(SourceRating, own, by=owner, is_published=True)
    later = make_rating(source_id, "D", by=other, rated_on="2026-11-25")
    amend(SourceRating, later, by=owner, is_published=True)

    assert save(sentence, analyst, source_id=source_id).answer.rating_id == own


def test_an_answer_keeps_the_rating_that_it_names_whatever_came_later(analyst, sentence):
    source_id = make_source("Reuters", by=analyst)
    kept = make_rating(source_id, "B", by=analyst, rated_on="2026-11-20")
    make_rating(source_id, "E", by=analyst, rated_on="2026-11-21")
    saved = save(sentence, analyst, source_id=source_id, rating_id=kept, source_reliability=Reliability.E)

    assert (saved.answer.rating_id, saved.answer.source_reliability) == (kept, Reliability.B)


def test_a_withdrawn_rating_is_not_in_force(analyst, sentence):
    source_id = make_source("Reuters", by=analyst)
    earlier = make_rating(source_id, "B", by=analyst, rated_on="2026-11-20")
    withdrawn = make_rating(source_id, "E", by=analyst, rated_on="2026-11-21")
    amend(SourceRating, withdrawn, by=analyst, withdrawn_why="a slip")

    assert save(sentence, analyst, source_id=source_id, rating_id=withdrawn).answer.rating_id == earlier


def test_a_letter_without_a_rating_stays_and_makes_none(analyst, sentence):
    source_id = make_source("Reuters", by=analyst)
    saved = save(sentence, analyst, source_id=source_id, source_reliability=Reliability.C)

    assert (saved.answer.rating_id, saved.answer.source_reliability) == (None, Reliability.C)
    assert counted(SourceRating) == 0


def test_the_letter_of_a_rating_goes_with_it_when_another_source_is_chosen(analyst, sentence):
    first, second = (make_source(name, by=analyst) for name in ("Reuters", "AFP"))
    rating_id = make_rating(first, "B", by=analyst)
    letter = {"rating_id": rating_id, "source_reliability": Reliability.B}

    assert save(sentence, analyst, source_id=first, **letter).answer.source_reliability is Reliability.B
    for seen, source_id in ((1, second), (2, None)):
        moved = save(sentence, analyst, seen=seen, source_id=source_id, source_text="he", **letter)
        assert (moved.answer.rating_id, moved.answer.source_reliability) == (None, None)
    assert verification.faults() == []


def test_a_rating_without_a_source_is_none(analyst, sentence, client, sign_in):
    sign_in(analyst)
    csrf = client.get("/api/v1/me").json["csrf"]
    sent = {"tag": "ATTRIBUTION", "rating_id": str(uuid4()), "version": 0, "client_id": str(uuid4())}
    answered = client.put(f"/api/v1/sentences/{sentence.id}/annotation", json=sent, headers={"X-CSRFToken": csrf})

    assert (answered.status_code, answered.json["rating_id"]) == (200, None)


def test_the_id_of_a_rating_given_before_keeps_its_letter(analyst, sentence):
    source_id = make_source("Reuters", by=analyst)
    rating_id = make_rating(source_id, "B", by=analyst)
    brought = brought_from(None, {"id": str(rating_id), "reliability": "E"}, TODAY)
    saved = save(sentence, analyst, brought, source_id=source_id)

    assert (saved.answer.rating_id, saved.answer.source_reliability) == (rating_id, Reliability.B)
    assert verification.faults() == []


def test_the_id_of_somebody_elses_rating_is_refused(analyst, other, sentence):
    source_id = make_source("Reuters", by=analyst)
    taken = make_rating(source_id, "B", by=other)
    brought = brought_from(None, {"id": str(taken), "reliability": "E"}, TODAY)
    with pytest.raises(BadAnswer, match="another rating"):
        save(sentence, analyst, brought, source_id=source_id)


def test_a_rating_taken_back_is_withdrawn_and_the_one_before_is_in_force(analyst, sentence):
    source_id = make_source("Reuters", by=analyst)
    earlier = make_rating(source_id, "B", by=analyst, rated_on="2026-11-01")
    rating_id, brought = given_rating("E")
    save(sentence, analyst, brought, source_id=source_id)
    undone = save(sentence, analyst, Brought(taken_back=(rating_id,)), seen=1, source_id=source_id)

    assert (undone.answer.rating_id, undone.answer.source_reliability) == (earlier, Reliability.B)
    revisions = select(SourceRating.version, SourceRating.is_current, SourceRating.withdrawn_why)
    of_it = revisions.where(SourceRating.rating_id == rating_id).order_by(SourceRating.version)
    assert [tuple(row) for row in db.session.execute(of_it)] == [
        (1, False, None),
        (2, True, "taken back at the desk"),
    ]
    assert verification.faults() == []


def test_a_rating_taken_back_is_not_in_force_when_it_comes_again(analyst, sentence):
    source_id = make_source("Reuters", by=analyst)
    rating_id, brought = given_rating("E")
    save(sentence, analyst, brought, source_id=source_id)
    save(sentence, analyst, Brought(taken_back=(rating_id,)), seen=1, source_id=source_id)
    again = save(sentence, analyst, brought, seen=2, source_id=source_id)

    assert (again.answer.rating_id, again.answer.source_reliability) == (None, None)
    assert verification.faults() == []


def test_ones_own_rating_is_taken_back_also_when_it_was_published(analyst, sentence, owner):
    source_id = make_source("Reuters", by=analyst)
    rating_id = make_rating(source_id, "B", by=analyst)
    amend(SourceRating, rating_id, by=owner, is_published=True)
    save(sentence, analyst, Brought(taken_back=(rating_id,)), source_id=source_id)

    newest = select(SourceRating).where(SourceRating.rating_id == rating_id, SourceRating.is_current)
    row = db.session.scalars(newest).one()
    assert (row.version, row.author_id, row.withdrawn_why) == (3, analyst.id, "taken back at the desk")


def test_nobody_takes_back_the_rating_of_somebody_else(analyst, other, sentence):
    source_id = make_source("Reuters", by=analyst)
    theirs = make_rating(source_id, "B", by=other)
    save(sentence, analyst, Brought(taken_back=(theirs,)), source_id=source_id)

    assert counted(SourceRating) == 1


@pytest.mark.parametrize(
    ("rating", "why"),
    [({"reliability": "G"}, "one of A, B, C, D, E, F"), ({"reliability": "B", "rated_on": "2013-13"}, "no date")],
)
def test_a_rating_that_cannot_be_is_one_sentence_and_changes_nothing(client, sign_in, analyst, sentence, rating, why):
    source_id = make_source("Reuters", by=analyst)
    sign_in(analyst)
    csrf = client.get("/api/v1/me").json["csrf"]
    sent = {"tag": "ATTRIBUTION", "source_id": str(source_id), "version": 0, "client_id": str(uuid4())}
    address = f"/api/v1/sentences/{sentence.id}/annotation"
    sent["rating"] = {"id": str(uuid4()), **rating}
    answered = client.put(address, json=sent, headers={"X-CSRFToken": csrf})

    assert answered.status_code == 422
    assert why in answered.text
    assert (counted(Annotation), counted(SourceRating)) == (0, 0)


# ---- a write that comes again


def test_a_write_that_comes_again_gets_what_it_got_then(analyst, other, sentence):
    """Whatever saving it resolved: a double, a name that was refused, an id that is not there, a rating."""
    there = make_source("Reuters", "outlet", by=other)
    new, bad, gone = uuid4(), uuid4(), uuid4()
    brought = brought_from(
        [{"id": str(new), "name": "Reuters", "kind": "outlet"}, {"id": str(bad), "name": "R" * 301, "kind": "outlet"}],
        {"id": str(uuid4()), "reliability": "C"},
        TODAY,
    )
    chain = (Link(gone, cue_text="told"), Link(bad, None, SourceType.MEDIA_OUTLET), Link(None, "the paper"))
    sent = {"source_id": new, "source_reliability": Reliability.A, "chain": chain, "client_id": uuid4()}
    first = save(sentence, analyst, brought, **sent)
    again = save(sentence, analyst, brought, **sent)

    assert first.answer.source_id == there
    assert again == first
    assert (counted(Annotation), counted(SourceRating), len(again.problems)) == (1, 1, 2)


@pytest.mark.parametrize(
    "other",
    [
        {"source_text": "she"},
        {"source_id": None},
        {"cue_text": "claimed"},
        {"chain": ()},
        {"chain": (Link(None, "the agency"), Link(None, "more"))},
        {"chain": (Link(None, "the paper"),)},
        {"note": "more"},
    ],
)
def test_another_answer_under_the_same_client_id_is_a_conflict(analyst, sentence, other):
    [new], brought = bringing(REUTERS)
    sent = {"source_id": new, "source_text": "he", "chain": (Link(None, "the agency"),), "client_id": uuid4()}
    save(sentence, analyst, brought, **sent)

    with pytest.raises(Conflict):
        save(sentence, analyst, brought, **(sent | other))
    assert counted(Annotation) == 1


def test_another_known_source_under_the_same_client_id_is_a_conflict(analyst, sentence):
    first, second = (make_source(name, by=analyst) for name in ("Reuters", "AFP"))
    client_id = uuid4()
    save(sentence, analyst, source_id=first, client_id=client_id)

    with pytest.raises(Conflict):
        save(sentence, analyst, source_id=second, client_id=client_id)


# ---- all together


def links():
    words = st.none() | st.sampled_from(["he", "the agency"])
    return st.builds(Link, st.none() | st.integers(0, 5), words, st.none() | st.sampled_from(SourceType))


@pytest.fixture
def proved_at_the_end(app):
    yield
    assert verification.faults() == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=links(),
    chain=st.lists(links(), max_size=3),
    brings=st.dictionaries(st.integers(0, 5), st.sampled_from(["Reuters", "AFP", "R\u200b", ""])),
    named_rating=st.none() | st.integers(0, 2),
    letter=st.none() | st.sampled_from(Reliability),
    gives=st.booleans(),
)
def test_whatever_is_sent_is_whole_and_comes_again_alike(
    proved_at_the_end, analyst, other, owner, first, chain, brings, named_rating, letter, gives
):
    sentence = sentences_of(make_article(sentences=1))[0]
    own, theirs = make_source("AFP", "outlet", by=analyst), make_source("Tass", "outlet", by=other)
    ids = [own, theirs, *(uuid4() for _ in range(4))]
    ratings = [make_rating(own, "B", by=analyst), make_rating(theirs, "D", by=other), uuid4()]

    def of(link):
        return None if link.source_id is None else ids[link.source_id]

    brought = brought_from(
        [{"id": str(ids[n]), "name": name, "kind": "outlet"} for n, name in brings.items()],
        {"id": str(uuid4()), "reliability": "C"} if gives else None,
        TODAY,
    )
    sent = {
        "source_id": of(first),
        "source_text": first.source_text,
        "source_type": first.source_type,
        "source_reliability": letter,
        "rating_id": None if named_rating is None else ratings[named_rating],
        "chain": tuple(
            Link(of(link), link.source_text, link.source_type)
            for link in chain
            if link.source_id is not None or link.source_text or link.source_type
        ),
        "client_id": uuid4(),
    }
    try:
        saved = save(sentence, analyst, brought, **sent)
    except BadAnswer as refused:
        assert "in a circle" in str(refused)
        return
    again = save(sentence, analyst, brought, **sent)
    db.session.rollback()

    assert again == saved
    assert (saved.answer.rating_id is None) or saved.answer.source_reliability is not None
    assert answer_from(answer_values(saved.answer)) == saved.answer


# ---- what it costs


def test_an_answer_without_a_source_costs_no_statement_more(analyst, sentence, statements):
    save(sentence, analyst, source_id=make_source("Reuters", by=analyst), chain=(Link(None, "the agency"),))
    sent = []
    for seen, fields in enumerate(({"tag": Tag.FACT}, {"source_text": "he"}), start=1):
        with statements() as seen_statements:
            save(sentence, analyst, seen=seen, **fields)
        sent.append(seen_statements)

    assert sent[0] == sent[1]
    assert [statement.split()[0] for statement in sent[1]][-3:] == ["SELECT", "UPDATE", "INSERT"]
    assert re.findall(r"(?:FROM|JOIN|INTO) (?:source\w*|attribution_link)\b", " ".join(sent[1])) == []
