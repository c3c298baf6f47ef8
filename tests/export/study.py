"""A study with something of everything that a project can hold, for tests of what takes it away and brings it back."""

from uuid import uuid4

from sqlalchemy import update

from tests.factories import (
    amend,
    answer,
    first_project,
    make_article,
    make_claim,
    make_fact,
    make_item,
    make_member,
    make_rating,
    make_source,
    merge_sources,
    sentences_of,
    take_up,
)
from webapp.adjudication.actions import accept_unanimous, adjudicate, keep_first_tag
from webapp.articles.actions import draft_of_upload, save_draft, trash_article
from webapp.claims.actions import add_note, assess, keep_copy, merge_claim, settle_claim, withdraw_evidence
from webapp.db import db, db_write
from webapp.domain import terms
from webapp.domain.adjudication import Cause, DecidingRule, Decision
from webapp.domain.chains import Link
from webapp.domain.claims import Settlement
from webapp.domain.corroboration import Assessed, Finding
from webapp.domain.intake.description import Description
from webapp.domain.repair import Kind
from webapp.domain.terms import CorroborationStatus, NotPart, Tag
from webapp.models import Codebook, Membership, Round, RoundArticle, RoundRule, SourceEntry
from webapp.profiles.actions import resolve_date
from webapp.projects.actions import assign, return_work
from webapp.reading.actions import describe, exclude
from webapp.repair.actions import RepairRequest, repair
from webapp.review.actions import release
from webapp.tagging.actions import submit

TEXT = "Two came, he said.\r\n\r\nOne, as 😀 saw, went last week. Three stayed. They left."
OTHER = "Ein Schiff kam an. Niemand sah es; man hörte es. =SUM(A1) blieb."
AT_THE_SAME = Description(title="Schiff", url="http://www.example.org/comings/")
NAMES = ("Zoë Quillfeather", "Bartholomew Nightjar", "Ludmilla Xanthippe")
"""Of the supervisor and two analysts, who must not be told of anywhere."""


def make_study() -> dict[str, int]:
    """Answers with history, chains and notes, a repair, sources, claims, evidence, gold, two rounds, a dated word."""
    supervisor = make_member(NAMES[0], "supervisor", "researcher")
    # Made in another order than that of their codes.
    ann, bart = make_member(NAMES[2], "analyst"), make_member(NAMES[1], "analyst")
    codes = {1: "C77", supervisor.id: "C50", ann.id: "C90", bart.id: "C10"}
    with db_write() as session:
        for user_id, code in [*((user_id, f"K{user_id}") for user_id in codes), *codes.items()]:
            session.execute(update(Membership).where(Membership.user_id == user_id).values(coder_code=code))
    article = make_article(
        TEXT,
        title='Comings, "goings"\nand more',
        outlet="The Post",
        published="2013-10",
        url="https://example.org/comings",
        by=supervisor,
    )
    upload = b"\xef\xbb\xbf" + OTHER.encode()
    draft = draft_of_upload(first_project(), supervisor, upload, "schiff.txt", AT_THE_SAME)
    other = save_draft(draft, supervisor)
    gone = make_article(
        "This one was a mistake. It is in the trash.", title="Trashed", url=AT_THE_SAME.url, by=supervisor
    )
    assign(first_project(), [(one.id, person.id) for one in (article, other) for person in (ann, bart)], supervisor)

    reuters = make_source("Reuters", "outlet", aliases=["RTR", "=2"], by=ann, is_published=True)
    double = make_source("Reuter", by=bart)
    make_fact(reuters, "country", "United Kingdom", by=bart, as_of="2013", link="https://example.org/a")
    make_rating(reuters, "B", by=ann, basis="three reports")
    merge_sources(double, reuters, by=supervisor)
    amend(SourceEntry, double, by=supervisor, withdrawn_why="a slip")

    first, second, third, last = sentences_of(article)
    chain = (Link(double, "Reuter", terms.SourceType.ORGANISATION, "reports", terms.CueStance.NEUTRAL),)
    answer(first, ann, Tag.FACT)
    said = {
        "source_id": reuters,
        "source_text": "he",
        "source_type": terms.SourceType.NAMED_PERSON,
        "note": "Why, “he”?",
    }
    answer(first, ann, Tag.ATTRIBUTION, chain=chain, active_seconds=7, flag_mixed=True, **said)
    answer(second, ann, Tag.NOT_CODABLE, not_codable_reason=terms.NotCodableReason.NO_CLAIM)
    answer(third, ann, Tag.SPECULATION, second_choice=Tag.FACT, likelihood_code=terms.Likelihood.LIKELY)
    answer(last, ann, Tag.FACT)
    submit(article, ann)
    for sentence, tag in zip(
        (first, second, third, last), (Tag.OPINION, Tag.FACT, Tag.SPECULATION, Tag.FACT), strict=True
    ):
        answer(sentence, bart, tag)
    submit(article, bart)
    for sentence in sentences_of(other):
        answer(sentence, bart, Tag.OPINION)
    answer(sentences_of(other)[0], bart, None)

    keep_first_tag(first, supervisor, Tag.FACT)
    reason = Decision(Tag.FACT, DecidingRule.R5, Cause.SLIP, "An order is an act.")
    adjudicate(first, supervisor, reason, 0)
    accept_unanimous(first_project(), supervisor, 2)
    return_work(take_up(article, bart), supervisor, "Look at the second again.")

    claim, shut = make_claim("It closed.", third, by=ann), make_claim("It shut.", third, by=bart)
    item = make_item(claim, by=ann, outlet="A wire", origin="=1+1")
    make_item(claim, "refutes", by=ann, same_origin_as=str(item))
    taken = make_item(claim, by=ann)
    withdraw_evidence(taken, ann, "Entered twice.", 1, uuid4())
    make_item(claim, by=supervisor, sentence=sentences_of(gone)[0])
    make_item(claim, by=supervisor, sentence=last)
    keep_copy(item, ann, "page.html", b"<p>copy</p>" * 40_000, uuid4())
    assess(claim, ann, Assessed(CorroborationStatus.CONTESTED, "Two against one."), 0, uuid4())
    add_note(first, bart, Finding(CorroborationStatus.IN_PROGRESS, "The mine closed."), uuid4())
    settle_claim(claim, supervisor, Settlement(CorroborationStatus.CORROBORATED, "One says so."), 0, uuid4())
    merge_claim(shut, claim, supervisor, None, 0, uuid4())
    start = article.text.index("last week")
    with db_write() as session:
        of_round = {"round_id": first_project().running.id, "stratum": "The Post", "places": 1, "among": 2}
        session.add_all(
            [
                RoundArticle(article_id=article.id, drawn=True, **of_round),
                RoundArticle(article_id=other.id, drawn=False, **of_round),
            ]
        )
    resolve_date(article, bart, (start, start + len("last week")), "2013-10-14/2013-10-20", 0, uuid4())

    repair(other, supervisor, RepairRequest(Kind.MERGE, sentences_of(other)[0].id), 1, "It is one sentence.")
    describe(other, supervisor, Description(title="Ein Schiff", outlet="Die Post"), "de", 1, uuid4())
    exclude(sentences_of(other)[-1], supervisor, NotPart.CAPTION, 0, uuid4())
    trash_article(gone, supervisor)
    project = first_project()
    with db_write() as session:
        own = Codebook(project_id=project.id, version="1.0 / of ours", text="# Ours\n\nR1 is the rule.\n")
        session.add(own)
        session.flush()
        past = {"project_id": project.id, "closed_at": project.created_at}
        project.name = "Our study"
        pilot = Round(name="pilot", codebook_id=own.id, **past)
        session.add(pilot)
        session.flush()
        session.add(RoundRule(round_id=pilot.id, key_round_id=first_project().running.id, pass_mark=80))
    release(first_project(), pilot, supervisor)
    db.session.rollback()
    return {"supervisor": supervisor.id, "ann": ann.id, "bart": bart.id, "article": article.id, "other": other.id}
