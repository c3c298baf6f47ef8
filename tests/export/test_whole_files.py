"""Each shape as a whole file, byte for byte."""

import csv
import io
import re

import pytest
from sqlalchemy import select, update

from tests.adjudication.test_settling import FACT
from tests.factories import (
    amend,
    answer,
    assignment_of,
    first_project,
    make_article,
    make_fact,
    make_member,
    make_rating,
    make_source,
    merge_sources,
    sentences_of,
)
from webapp import __version__
from webapp.adjudication.actions import adjudicate
from webapp.db import db, db_write
from webapp.domain import terms
from webapp.domain.terms import Tag
from webapp.export import gold, long, ratings, sources, wide
from webapp.models import Membership, Source, SourceEntry, SourceRating
from webapp.tagging.actions import submit

TEXT = "Two came, he said. “Sh,” it went. Three stayed."
LONG_HEADER = (
    "annotation_id,project,article_id,article_title,outlet,published,sentence_id,sentence_index,paragraph,char_start,"
    "char_end,text,text_sha256,segmentation_version,coder_id,tag,tag_code,not_codable_reason,second_choice,"
    "tag_certainty,attributed_content,source_id,source_text,source_type,named,cue_text,cue_stance,directness,"
    "source_access,flag_loaded_language,flag_mixed,flag_presupposition,flag_hedged,check_priority,source_reliability,"
    "information_credibility,likelihood_code,confidence,corroboration_status,corroboration_claim,corroboration_note,"
    "independent_supporting,independent_refuting,note,blind,suggestion_shown,codebook_version,active_seconds,"
    "created_at,updated_at,submitted_at,app_version,round,pass,assignment_key,source_merged_id,chain,"
    "description_version,excluded"
)
GOLD_HEADER = (
    "sentence_id,article_id,article_title,sentence_index,char_start,char_end,text,text_sha256,gold_tag,method,"
    "deciding_rule,cause,reason,adjudicator_id,adjudicated_at,n_coders,"
    "votes_fact,votes_attribution,votes_speculation,votes_opinion,round"
)
ATTRIBUTED = {
    "second_choice": Tag.FACT,
    "tag_certainty": terms.Certainty.SURE,
    "attributed_content": terms.AttributedContent.UNCLEAR,
    "source_text": "he",
    "source_type": terms.SourceType.GROUP,
    "cue_text": "said",
    "cue_stance": terms.CueStance.NEUTRAL,
    "directness": terms.Directness.INDIRECT,
    "source_access": terms.SourceAccess.NOT_STATED,
    "flag_loaded_language": True,
    "flag_hedged": True,
    "check_priority": terms.CheckPriority.LOW,
    "source_reliability": terms.Reliability.B,
    "information_credibility": terms.Credibility.DOUBTFUL,
    "likelihood_code": terms.Likelihood.LIKELY,
    "confidence": terms.Confidence.MODERATE,
    "note": "Why, “he”?",
    "active_seconds": 7,
}


def membership_of(person):
    return db.session.scalars(select(Membership).where(Membership.user_id == person.id)).one()


def member_with_code(name, code):
    person = make_member(name, "analyst")
    with db_write() as session:
        # Codes are drawn at random: whoever drew this one goes by another.
        session.execute(update(Membership).where(Membership.coder_code == code).values(coder_code=f"K{code}"))
        membership_of(person).coder_code = code
    return person


@pytest.fixture
def article(app):
    return make_article(TEXT, title='Comings, "goings"', outlet="The Post", published="2013-10")


@pytest.fixture
def analyst(app):
    return member_with_code("Ann Alpha", "C07")


@pytest.fixture
def first(article, analyst):
    """The answer to the first sentence, every field filled."""
    return answer(sentences_of(article)[0], analyst, Tag.ATTRIBUTION, **ATTRIBUTED)


TYPES = {
    "text": ".*",
    "integer": r"\d+",
    "boolean": "true|false",
    "date": r"\d{4}(-\d\d){0,2}",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "uuid": "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "json": r"[\[{].*[\]}]",
}


def lines_of(client, address, columns, **chosen):
    """The lines of a file, in which each cell is what its column says."""
    answered = client.post(address, data=chosen)
    assert answered.status_code == 200
    file = answered.data.decode()
    header, *rows = csv.reader(io.StringIO(file, newline=""))
    assert header == [column.name for column in columns]
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            assert cell == "" or fits(cell, column), f"“{cell}” in {column.name}"
    return file.split("\r\n")


def fits(cell, column):
    return cell in column.allowed if column.allowed else re.fullmatch(TYPES[column.type], cell)


def moment(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_long_file(client, sign_in, owner, article, analyst, first):
    second = answer(
        sentences_of(article)[1], analyst, Tag.NOT_CODABLE, not_codable_reason=terms.NotCodableReason.NO_CLAIM
    )
    sign_in(owner)
    (a, b, c), sha = sentences_of(article), article.text_sha256
    about = f'{first_project().name},{article.id},"Comings, ""goings""",The Post,2013-10'
    version = first_project().running.codebook.version
    at, then = moment(first.created_at), moment(second.created_at)
    work = f",{__version__},main,1,{assignment_of(article.id, analyst).key},,,"
    no = "not_applicable"

    assert lines_of(client, "/export/1/long.csv", long.COLUMNS, unanswered="1") == [
        LONG_HEADER,
        f'{first.id},{about},{a.id},1,1,0,18,"Two came, he said.",{sha},1,C07,ATTRIBUTION,2,{no},FACT,sure,unclear,,he,'
        f"group,unnamed,said,neutral,indirect,not_stated,true,,,true,low,B,4,5,moderate,,,,,,"
        f'"Why, “he”?",false,,{version},7,{at},{at},{work}1,false',
        f'{second.id},{about},{b.id},2,1,19,33,"“Sh,” it went.",{sha},1,C07,NOT_CODABLE,8,no_claim,{no},{no},{no},,{no},'
        f"{no},{no},{no},{no},{no},{no},,,,,{no},{no},,,{no},,,,,,"
        f",false,,{version},,{then},{then},{work}1,false",
        f",{about},{c.id},3,1,34,47,Three stayed.,{sha},1,C07,,9,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,{work},false",
        "",
    ]


def test_the_file_of_sources(client, sign_in, owner, analyst):
    reuters = make_source("Reuters", "outlet", aliases=["RTR", "Reuters News"], by=analyst, is_published=True)
    double = make_source("Reuter, the agency", by=owner)
    make_fact(reuters, "country", "United Kingdom", by=analyst, as_of="2013", link="https://example.org/a")
    make_fact(reuters, "external_rating", "High", by=owner, issuer="A rater")
    merge_sources(double, reuters, by=owner)
    amend(SourceEntry, double, by=owner, withdrawn_why="a slip")
    sign_in(owner)
    code = membership_of(owner).coder_code
    made = [moment(db.session.get_one(Source, source_id).created_at) for source_id in (reuters, double)]

    assert lines_of(client, "/export/1/sources.csv", sources.COLUMNS) == [
        "source_id,name,kind,aliases,withdrawn_why,published,source_merged_id,coder_id,created_at,facts",
        f'{reuters},Reuters,outlet,"[""RTR"",""Reuters News""]",,true,{reuters},C07,{made[0]},'
        '"[{""property"":""country"",""value"":""United Kingdom"",""as_of"":""2013"",""link"":""https://example.org/a"",'
        f'""coder_id"":""C07""}},{{""property"":""external_rating"",""value"":""High"",""issuer"":""A rater"",'
        f'""coder_id"":""{code}""}}]"',
        f'{double},"Reuter, the agency",organisation,,a slip,false,{reuters},{code},{made[1]},',
        "",
    ]


def test_the_file_of_ratings(client, sign_in, owner, analyst):
    source_id = make_source("Reuters", by=owner)
    earlier = make_rating(source_id, "B", by=analyst, rated_on="2026-10", basis="three reports, all held")
    later = make_rating(source_id, "F", by=owner)
    amend(SourceRating, earlier, by=owner, is_published=True)
    amend(SourceRating, later, by=owner, withdrawn_why="a slip")
    sign_in(owner)
    code = membership_of(owner).coder_code
    made = [moment(db.session.get_one(SourceRating, rating_id).created_at) for rating_id in (earlier, later)]

    assert lines_of(client, "/export/1/ratings.csv", ratings.COLUMNS) == [
        "rating_id,source_id,source_merged_id,coder_id,reliability,rated_on,basis,published,withdrawn_why,created_at",
        f'{earlier},{source_id},{source_id},C07,B,2026-10,"three reports, all held",true,,{made[0]}',
        f"{later},{source_id},{source_id},{code},F,2026-11-20,,false,a slip,{made[1]}",
        "",
    ]


def test_the_gold_file(client, sign_in, owner, article, analyst, first):
    for sentence in sentences_of(article)[1:]:
        answer(sentence, analyst, Tag.SPECULATION)
    submit(article, analyst)
    settled = adjudicate(sentences_of(article)[0], owner, FACT, 0)
    sign_in(owner)
    code = membership_of(owner).coder_code

    assert lines_of(client, "/projects/1/gold.csv", gold.COLUMNS) == [
        GOLD_HEADER,
        f'{settled.sentence_id},{article.id},"Comings, ""goings""",1,0,18,"Two came, he said.",{article.text_sha256},FACT,'
        f"adjudicated,{FACT.deciding_rule},{FACT.cause},{FACT.reason},{code},{moment(settled.created_at)},1,0,1,0,0,main",
        "",
    ]


def test_the_file_of_analysts_by_sentences(client, sign_in, owner, article, analyst, first):
    other = member_with_code("Ben Beta", "C12")
    a, b, c = sentences_of(article)
    for sentence, tag in ((b, Tag.NOT_CODABLE), (c, Tag.OPINION)):
        answer(sentence, analyst, tag, not_codable_reason=terms.NotCodableReason.NO_CLAIM)
    submit(article, analyst)
    answer(a, other, Tag.FACT)  # counts for nothing before it is submitted
    sign_in(owner)

    columns = (*wide.COLUMNS, wide.column_of("C07"), wide.column_of("C12"))
    assert lines_of(client, f"/projects/1/agreement/wide.csv?article={article.id}", columns) == [
        "article_id,sentence_id,sentence_index,C07,C12",
        f"{article.id},{a.id},1,2,",
        f"{article.id},{b.id},2,8,",
        f"{article.id},{c.id},3,4,",
        "",
    ]
