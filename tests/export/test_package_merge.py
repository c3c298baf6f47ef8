"""Two packages become one project: every row of both is there once, and what is here stays as it is."""

import csv
import io
import re
from collections import Counter
from types import SimpleNamespace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from tests.concurrency import at_once
from tests.export.study import make_study
from tests.export.test_package import files_of, pack, table
from tests.export.test_project_import import come_back, damaged, pack_again, replaced, with_cell
from tests.factories import (
    Person,
    answer,
    first_project,
    make_article,
    make_claim,
    make_item,
    make_member,
    make_project,
    make_source,
    merge_sources,
    sentences_of,
    take_up,
)
from webapp import verification
from webapp.articles.actions import trash_article
from webapp.claims.actions import assess
from webapp.db import db, db_write
from webapp.domain.corroboration import Assessed
from webapp.domain.errors import BadPackage
from webapp.domain.intake.description import Description
from webapp.domain.package_check import MANIFEST, PackageFile
from webapp.domain.repair import Kind
from webapp.domain.terms import CorroborationStatus, Tag
from webapp.export import package
from webapp.export.merge_report import Fate
from webapp.export.package_merge import _Merge, look_at, merge, who_is_who
from webapp.models import (
    SHELL,
    Annotation,
    Article,
    Assignment,
    AuditEvent,
    Claim,
    Codebook,
    Edition,
    Evidence,
    EvidenceCopy,
    Membership,
    Project,
    RoundArticle,
    Sentence,
    Source,
    SourceEntry,
    Submission,
    User,
)
from webapp.projects.actions import return_work
from webapp.reading.actions import describe
from webapp.repair.actions import RepairRequest, repair
from webapp.reruns import again
from webapp.tagging.actions import submit

TEXT = "Two came. One saw it. They left."
OTHER = "Ships sank. Nobody said why."


def merged(path, project=None, same=None, seen=None):
    project = project or first_project()
    with PackageFile(path) as held:
        return merge(held, project, SHELL, same or {}, seen=seen)


def looked_at(path, project=None, same=None):
    with PackageFile(path) as held:
        return look_at(held, project or first_project(), same or {})


def rows_in(path):
    """How many rows its records have, without the project itself and its people."""
    left_out = {"records/project.csv", "records/people.csv"}
    files = files_of(path)
    return sum(len(table(files[name])) for name in files if name.startswith("records/") and name not in left_out)


def content_of(project=None):
    """What the project holds, by texts and spans and not by ids."""
    project = project or first_project()
    query = (
        select(Article.text_sha256, Sentence.start, Membership.coder_code, Annotation.version, Annotation.tag)
        .join(Sentence, Sentence.id == Annotation.sentence_id)
        .join(Article, Article.id == Sentence.article_id)
        .join(Membership, Membership.user_id == Annotation.analyst_id)
        .where(Article.project_id == project.id, Membership.project_id == project.id)
    )
    return Counter(map(tuple, db.session.execute(query)))


def test_a_package_in_the_project_it_was_made_of_is_all_the_same(app, over, tmp_path):
    over(make_study)
    path, _ = pack(tmp_path / "study.zip")
    before = content_of()
    report = merged(path).report

    assert list(report.differences.values()) == []
    assert (report.new, report.different, report.stays_out) == (0, 0, 0)
    assert report.same == rows_in(path)
    assert content_of() == before
    assert {one.code: one.here for one in report.people} == {code: code for code in ("C10", "C50", "C90")}
    assert verification.faults() == []


def test_a_package_in_an_empty_project_is_all_new_and_then_all_the_same(app, over, tmp_path):
    over(nothing)
    over(make_study)
    path, _ = pack(tmp_path / "study.zip")
    over(nothing)
    first = merged(path)
    assert (first.report.different, first.report.stays_out) == (0, 0), [*first.report.lines()]
    assert verification.faults() == []
    names = files_of(path)
    again = pack_again(tmp_path / "again.zip", first_project().id)
    for name in ("long.csv", "claims.csv", "evidence.csv", "sources.csv", "mentions.csv", "gold.csv"):
        assert [without(row) for row in table(names[name])] == [without(row) for row in table(again[name])], name

    second = merged(path)
    assert (second.report.new, second.report.different) == (0, 0)
    assert second.people == ()
    assert verification.faults() == []


def without(row):
    return {name: value for name, value in row.items() if name != "project"}


def nothing():
    """An installation whose owner goes by a code that no package has."""
    with db_write() as session:
        session.execute(update(Membership).values(coder_code="K1"))


# ---- two teams


def make_team(name, *tagged):
    """A project in which one analyst answered the sentences of texts, each text with the tags; its id."""
    project = make_project(name)
    analyst = make_member(f"{name}’s analyst", "analyst", project=project)
    with db_write() as session:
        whose = Membership.user_id == analyst.id
        session.execute(update(Membership).where(whose).values(coder_code="C07"))
    for text, tags in tagged:
        article = make_article(text, project=project)
        for sentence, tag in zip(sentences_of(article), tags, strict=False):
            if tag:
                answer(sentence, analyst, tag)
        if all(tags) and len(tags) >= len(sentences_of(article)):
            submit(article, analyst)
    return project.id


def packed(project_id, path):
    with path.open("wb") as file:
        package.write(db.session.get_one(Project, project_id), SHELL, file)
    return path


@pytest.fixture
def teams(app, tmp_path):
    """The packages of two teams, which share an article and the code of their analyst; and an empty project."""
    one = make_team("One", (TEXT, [Tag.FACT, Tag.OPINION, Tag.FACT]))
    other = make_team("Other", (OTHER, [Tag.OPINION]), (TEXT, [Tag.FACT, Tag.FACT, Tag.FACT]))
    return packed(one, tmp_path / "one.zip"), packed(other, tmp_path / "other.zip")


def tags_in(project):
    query = (
        select(Article.text_sha256, Sentence.start, Membership.coder_code, Annotation.tag)
        .join(Sentence, Sentence.id == Annotation.sentence_id)
        .join(Article, Article.id == Sentence.article_id)
        .join(Membership, Membership.user_id == Annotation.analyst_id)
        .where(Article.project_id == project.id, Membership.project_id == project.id, Annotation.is_current)
    )
    return [tuple(row) for row in db.session.execute(query)]


def test_two_packages_become_one_project_with_every_row_of_both_once(teams):
    into = make_project("Both")
    first, second = (merged(path, into).report for path in teams)

    assert (first.counts["articles"][Fate.NEW], first.counts["answers"][Fate.NEW]) == (1, 3)
    assert (second.counts["articles"], second.counts["sentences"]) == (
        Counter({Fate.NEW: 1, Fate.SAME: 1}),
        Counter({Fate.NEW: 2, Fate.SAME: 3}),
    )
    assert second.counts["answers"] == Counter({Fate.NEW: 4})
    assert len(tags_in(into)) == 7
    assert verification.faults() == []
    assert [merged(path, into).report.new for path in teams] == [0, 0]
    assert len(tags_in(into)) == 7


def test_equal_codes_are_two_people_unless_somebody_says_otherwise(teams):
    apart, together = make_project("Apart"), make_project("Together")
    for path in teams:
        merged(path, apart)
    codes = {code for _, _, code, _ in tags_in(apart)}
    assert len(codes) == 2
    assert "C07" in codes

    merged(teams[0], together)
    before = tags_in(together)
    report = merged(teams[1], together, {"C07": "C07"}).report
    assert [str(one) for one in report.people if one.code == "C07"] == ["C07 is C07 here, as was said"]
    assert {code for _, _, code, _ in tags_in(together)} == {"C07"}
    # The article that both hold is one piece of work, and the one that is here stays.
    assert report.counts["pieces of work"] == Counter({Fate.NEW: 1, Fate.DIFFERENT: 1})
    assert set(before) <= set(tags_in(together))
    assert len(tags_in(together)) == 4
    assert verification.faults() == []


def test_a_number_that_is_taken_is_given_up_and_named(teams):
    into = make_project("Both")
    for path in teams:
        report = merged(path, into).report
    numbers = db.session.scalars(
        select(func.coalesce(Article.number, Article.id)).where(Article.project_id == into.id)
    ).all()
    assert len(set(numbers)) == 2

    files = files_of(teams[1])
    taken = table(files_of(teams[0])["records/article.csv"])[0]["id"]
    damaged(teams[1], renumbered(table(files["records/article.csv"])[0]["id"], taken))
    again = make_project("Again")
    merged(teams[0], again)
    report = merged(teams[1], again).report
    assert report.unnumbered == [f"articles, number {taken}"]
    assert verification.faults() == []


def renumbered(old, new):
    """One article under another number."""

    def change(files):
        for name in (
            "records/article.csv",
            "records/sentence.csv",
            "records/assignment.csv",
            "articles.csv",
            "long.csv",
        ):
            rows = list(csv.reader(io.StringIO(files[name].decode(), newline="")))
            places = [at for at, column in enumerate(rows[0]) if column in ("article_id",)]
            places += [rows[0].index("id")] if name == "records/article.csv" else []
            for row in rows[1:]:
                for at in places:
                    row[at] = new if row[at] == old else row[at]
            out = io.StringIO(newline="")
            csv.writer(out).writerows(rows)
            files[name] = out.getvalue().encode()
        files[f"articles/{new}.txt"] = files.pop(f"articles/{old}.txt")
        files[MANIFEST] = files[MANIFEST].replace(f"articles/{old}.txt".encode(), f"articles/{new}.txt".encode())

    return change


def test_two_packages_that_contradict_each_other_leave_what_is_here(teams):
    into = make_project("Both")
    merged(teams[0], into)
    before = tags_in(into)
    damaged(teams[0], replaced("records/annotation.csv", ",OPINION,", ",SPECULATION,"))
    report = merged(teams[0], into).report

    assert (report.new, report.different) == (0, 1)
    [line] = report.differences.values()
    assert "tag is “OPINION” here and “SPECULATION” in the package" in line
    assert tags_in(into) == before
    assert verification.faults() == []

    damaged(teams[0], replaced("records/round.csv", "main,1,false", "main,1,true"))
    assert "is_blind is no here and yes in the package" in " ".join(merged(teams[0], into).report.differences.values())


# ---- the same study later


@pytest.fixture
def study(app, tmp_path):
    """A study that was handed over, with its analyst; packages of it as it goes on are merged into the copy."""
    id_ = make_team("One", (TEXT, [Tag.FACT, Tag.OPINION, None]))
    copy = make_project("Copy")
    merged(packed(id_, tmp_path / "first.zip"), copy)
    analyst = Person(
        db.session.scalar(select(Membership.user_id).where(Membership.project_id == id_, Membership.is_analyst))
    )
    article = db.session.scalars(select(Article).where(Article.project_id == id_)).one()
    return SimpleNamespace(id=id_, copy=copy, analyst=analyst, article=article, path=tmp_path / "later.zip")


def article_in(project):
    return db.session.scalars(select(Article).where(Article.project_id == project.id).order_by(Article.id)).first()


def test_work_goes_on_where_the_package_is_further(study):
    first, _, third = sentences_of(study.article)
    answer(first, study.analyst, Tag.SPECULATION)
    answer(third, study.analyst, Tag.FACT)
    submit(study.article, study.analyst)
    report = merged(packed(study.id, study.path), study.copy).report

    assert (report.different, report.stays_out) == (0, 0), [*report.lines()]
    assert report.counts["answers"] == Counter({Fate.SAME: 2, Fate.NEW: 2})
    [work] = db.session.scalars(select(Assignment).where(Assignment.article_id == article_in(study.copy).id))
    assert (work.state, work.answered) == ("submitted", 3)
    assert sorted(tag for _, _, _, tag in tags_in(study.copy)) == ["FACT", "OPINION", "SPECULATION"]
    assert verification.faults() == []
    assert merged(study.path, study.copy).report.new == 0


def test_an_older_package_changes_nothing(study, tmp_path):
    old = packed(study.id, tmp_path / "old.zip")
    answer(sentences_of(study.article)[2], study.analyst, Tag.FACT)
    submit(study.article, study.analyst)
    merged(packed(study.id, study.path), study.copy)
    before = tags_in(study.copy)
    report = merged(old, study.copy).report

    assert (report.new, report.different) == (0, 1)
    assert "state is “submitted” here and “started” there" in " ".join(report.differences.values())
    assert tags_in(study.copy) == before


def test_what_stands_on_sentences_that_are_split_otherwise_here_stays_out_and_is_told(study):
    first, _, third = sentences_of(study.article)
    repair(
        article_in(study.copy),
        Person(1),
        RepairRequest(Kind.MERGE, sentences_of(article_in(study.copy))[0].id),
        1,
        "One.",
    )
    answer(first, study.analyst, Tag.SPECULATION)
    answer(third, study.analyst, Tag.FACT)
    report = merged(packed(study.id, study.path), study.copy).report

    assert report.counts["sentences"] == Counter({Fate.SAME: 1, Fate.DIFFERENT: 2})
    assert report.reasons == ["answers, 1 of them: the split of their article is another one here"]
    assert report.counts["answers"][Fate.NEW] == 1
    assert verification.faults() == []


def test_a_split_that_the_package_repaired_is_not_taken_over(study):
    make_claim("They left.", sentences_of(study.article)[2])
    repair(study.article, Person(1), RepairRequest(Kind.MERGE, sentences_of(study.article)[1].id), 1, "One.")
    report = merged(packed(study.id, study.path), study.copy).report

    assert report.counts["repairs"] == Counter({Fate.DIFFERENT: 1})
    assert len(sentences_of(article_in(study.copy))) == 3
    assert verification.faults() == []


def test_a_text_that_lies_in_the_trash_is_asked_back_first(study):
    trash_article(article_in(study.copy), Person(1))
    with pytest.raises(BadPackage, match=r"lies in the trash of “Copy”; restore it, then merge\."):
        merged(packed(study.id, study.path), study.copy)


def test_an_article_follows_the_description_that_comes_or_keeps_its_own(study):
    describe(study.article, Person(1), Description(title="Amended", outlet="The Post"), "en", 1, uuid4())
    report = merged(packed(study.id, study.path), study.copy).report
    assert (report.different, article_in(study.copy).title) == (0, "Amended"), [*report.lines()]
    assert verification.faults() == []

    theirs = article_in(db.session.get_one(Project, study.id))
    describe(theirs, Person(1), Description(title="There"), "en", 2, uuid4())
    describe(article_in(study.copy), Person(1), Description(title="Here"), "en", 2, uuid4())
    report = merged(packed(study.id, study.path), study.copy).report
    assert article_in(study.copy).title == "Here"
    assert report.counts["descriptions"] == Counter({Fate.SAME: 2, Fate.DIFFERENT: 1})
    assert verification.faults() == []


ADDRESS = "https://example.org/ships"


def test_editions_that_were_linked_later_come_along_and_none_is_turned_round(study):
    make_article(OTHER, project=db.session.get_one(Project, study.id), url=ADDRESS)
    merged(packed(study.id, study.path), study.copy)
    describe(article_in(db.session.get_one(Project, study.id)), Person(1), Description(url=ADDRESS), None, 1, uuid4())
    path = packed(study.id, study.path)
    report = merged(path, study.copy).report

    assert report.counts["editions"] == Counter({Fate.NEW: 1}), [*report.lines()]
    assert editions_of(study.copy) == [(OTHER, TEXT)]
    assert verification.faults() == []
    assert merged(path, study.copy).report.new == 0

    turned = make_project("Turned")
    for text in (OTHER, TEXT):
        make_article(text, project=turned, url=ADDRESS)
    report = merged(path, turned).report
    assert "the other one of the two is the later edition here" in " ".join(report.differences.values())
    assert editions_of(turned) == [(TEXT, OTHER)]
    assert verification.faults() == []


def editions_of(project):
    """The texts of a later edition and of its earlier one, of each link."""
    later, earlier = aliased(Article), aliased(Article)
    query = select(later.text, earlier.text).select_from(Edition).join(later, later.id == Edition.article_id)
    query = query.join(earlier, earlier.id == Edition.earlier_id).where(later.project_id == project.id)
    return [tuple(row) for row in db.session.execute(query)]


def test_merges_of_sources_never_lead_in_a_circle(study):
    one, other = (make_source(name, project=db.session.get_one(Project, study.id)) for name in ("Reuters", "Reuter"))
    merged(packed(study.id, study.path), study.copy)
    ours = dict(
        db.session.execute(
            select(SourceEntry.name, SourceEntry.source_id)
            .join(SourceEntry.source)
            .where(Source.project_id == study.copy.id)
        ).all()
    )
    merge_sources(ours["Reuter"], ours["Reuters"])
    merge_sources(one, other)
    report = merged(packed(study.id, study.path), study.copy).report

    assert "would lead in a circle" in " ".join(report.differences.values())
    assert verification.faults() == []


def test_a_version_of_a_codebook_that_is_another_text_here_comes_under_a_name_of_its_own(study):
    with db_write() as session:
        for project_id, words in ((study.id, "# Theirs"), (study.copy.id, "# Ours")):
            session.add(Codebook(project_id=project_id, version="2.0", text=words))
    path = packed(study.id, study.path)
    report = merged(path, study.copy).report
    versions = db.session.scalars(select(Codebook.version).where(Codebook.project_id == study.copy.id)).all()

    assert len(versions) == 2
    assert "codebook 2.0 has another text here; this one comes as “2.0 of package" in " ".join(
        report.differences.values()
    )
    assert merged(path, study.copy).report.new == 0


def test_copies_that_a_package_left_out_come_in_with_one_that_has_them(app, over, tmp_path):
    over(nothing)
    over(make_study)
    less, whole = pack(tmp_path / "less.zip", copies=False)[0], pack(tmp_path / "whole.zip")[0]
    over(nothing)
    came = come_back(less)
    project = db.session.get_one(Project, came.project_id)
    assert came.copies_elsewhere == 1
    assert db.session.scalar(select(func.count()).select_from(EvidenceCopy)) == 0
    assert merged(less, project).report.reasons == [
        "copies, 1 of them: their content is not in the package, which was made without copies"
    ]
    assert merged(whole, project).report.told == {"new": 1, "same": rows_in(whole) - 1, "different": 0, "left_out": 0}
    assert verification.faults() == []


def analyst_in(project):
    """The placeholder that stands for the analyst of the package, let in."""
    query = select(Membership.user_id).where(Membership.project_id == project.id, Membership.coder_code == "C07")
    analyst = Person(db.session.scalars(query).one())
    with db_write() as session:
        session.execute(update(User).where(User.id == analyst.id).values(deactivated_at=None))
    return analyst


def work_in(project):
    return db.session.scalars(select(Assignment).where(Assignment.article_id == article_in(project).id)).one()


def test_work_that_was_returned_and_handed_in_again_is_as_far_here(study):
    first, _, third = sentences_of(study.article)
    answer(third, study.analyst, Tag.FACT)
    submit(study.article, study.analyst)
    merged(packed(study.id, study.path), study.copy)
    return_work(take_up(study.article, study.analyst), Person(1), "Look again.")
    answer(first, study.analyst, Tag.SPECULATION)
    submit(study.article, study.analyst)
    report = merged(packed(study.id, study.path), study.copy).report

    assert (report.different, report.stays_out) == (0, 0), [*report.lines()]
    handed_in = db.session.scalars(
        select(Submission).where(Submission.assignment_id == work_in(study.copy).id).order_by(Submission.number)
    )
    assert [(one.number, one.returned_why) for one in handed_in] == [(1, "Look again."), (2, None)]
    assert verification.faults() == []


def test_work_that_was_begun_meanwhile_is_begun_here(study):
    other = make_article(OTHER, project=db.session.get_one(Project, study.id))
    take_up(other, study.analyst)
    merged(packed(study.id, study.path), study.copy)
    answer(sentences_of(other)[0], study.analyst, Tag.FACT)
    report = merged(packed(study.id, study.path), study.copy).report

    states = select(Assignment.state).join(Article, Article.id == Assignment.article_id)
    states = states.where(Article.project_id == study.copy.id, Article.text == OTHER)
    assert (report.different, db.session.scalars(states).all()) == (0, ["started"])
    assert verification.faults() == []


def test_work_that_was_handed_in_here_takes_no_more_answers(study):
    answer(sentences_of(article_in(study.copy))[2], analyst_in(study.copy), Tag.FACT)
    submit(article_in(study.copy), analyst_in(study.copy))
    answer(sentences_of(study.article)[0], study.analyst, Tag.SPECULATION)
    before = tags_in(study.copy)
    report = merged(packed(study.id, study.path), study.copy).report

    assert report.reasons == ["answers, 1 of them: that work was handed in, taken away, or handed in more often here"]
    assert tags_in(study.copy) == before
    assert verification.faults() == []


def test_work_whose_answers_are_different_stays_as_far_as_it_is(study):
    first, _, third = sentences_of(study.article)
    answer(first, study.analyst, Tag.SPECULATION)
    answer(third, study.analyst, Tag.FACT)
    submit(study.article, study.analyst)
    damaged(packed(study.id, study.path), replaced("records/annotation.csv", ",FACT,", ",OPINION,"))
    report = merged(study.path, study.copy).report

    told = " ".join(report.differences.values())
    assert "pieces of work, row 1 of its table: answers to it are different, so it stays as far as it is" in told
    assert report.reasons == [
        "answers, 1 of them: an earlier or later revision of theirs is different, or stays out",
        "submissions, 1 of them: answers of that work are different, or it was handed in as often here",
        "answers handed in, 3 of them: what they belong to stays out",
    ]
    assert work_in(study.copy).state == "started"
    assert verification.faults() == []


def test_evidence_whose_item_stays_out_stays_out_with_it(study):
    first, _, third = sentences_of(study.article)
    claim = make_claim("Two came.", first)
    lost = make_item(claim, sentence=third)
    make_item(claim, same_origin_as=str(lost))
    make_item(claim)
    second = sentences_of(article_in(study.copy))[1]
    repair(article_in(study.copy), Person(1), RepairRequest(Kind.MERGE, second.id), 1, "One.")
    report = merged(packed(study.id, study.path), study.copy).report

    assert report.counts["items of evidence"] == Counter({Fate.LEFT_OUT: 2, Fate.NEW: 1})
    assert report.reasons[-2:] == [
        "items of evidence, 1 of them: the split of their article is another one here",
        "items of evidence, 1 of them: what they belong to stays out",
    ]
    here = select(Evidence.evidence_id).join(Claim, Claim.id == Evidence.claim_id)
    assert len(db.session.scalars(here.where(Claim.project_id == study.copy.id)).all()) == 1
    assert verification.faults() == []


def test_a_frame_of_a_round_that_has_one_here_stays_out(study):
    theirs = make_article(OTHER, project=db.session.get_one(Project, study.id))
    frame_of(db.session.get_one(Project, study.id), study.article, theirs)
    frame_of(study.copy, article_in(study.copy))
    report = merged(packed(study.id, study.path), study.copy).report

    assert report.counts["articles of frames"] == Counter({Fate.DIFFERENT: 2})
    assert "it is not here, where the round is" in " ".join(report.differences.values())
    assert verification.faults() == []


def frame_of(project, *articles):
    """A frame of these articles, of which the first was drawn."""
    with db_write() as session:
        of_round = {"round_id": project.running.id, "stratum": "", "places": 1, "among": len(articles)}
        session.add_all([RoundArticle(article_id=one.id, drawn=n == 0, **of_round) for n, one in enumerate(articles)])


def test_one_author_has_one_assessment_of_a_claim(study):
    claim = make_claim("Two came.", sentences_of(study.article)[0], by=study.analyst)
    merged(packed(study.id, study.path), study.copy)
    said = Assessed(CorroborationStatus.CONTESTED, "There.")
    assess(claim, study.analyst, said, 0, uuid4())
    here = db.session.scalars(select(Claim).where(Claim.project_id == study.copy.id)).one()
    assess(here, analyst_in(study.copy), said, 0, uuid4())
    report = merged(packed(study.id, study.path), study.copy).report

    assert report.counts["assessments"] == Counter({Fate.DIFFERENT: 1})
    assert "its author has assessed this claim here already" in " ".join(report.differences.values())
    assert verification.faults() == []


def test_what_was_described_apart_is_different_though_it_says_the_same(study):
    said = Description(title="Amended")
    for article in (study.article, article_in(study.copy)):
        describe(article, Person(1), said, None, 1, uuid4())
    report = merged(packed(study.id, study.path), study.copy).report
    assert "it says the same here, but was written apart from this one" in " ".join(report.differences.values())

    own = make_project("Own")
    make_article(TEXT, project=own, title="Our title")
    report = merged(study.path, own).report
    assert "the article came in with another description here" in " ".join(report.differences.values())
    assert (report.counts["descriptions"], article_in(own).title) == (
        Counter({Fate.DIFFERENT: 1, Fate.LEFT_OUT: 1}),
        "Our title",
    )
    assert verification.faults() == []


# ---- looking first, and refusing


def test_a_look_writes_nothing_and_what_changed_since_is_said(study):
    answer(sentences_of(study.article)[2], study.analyst, Tag.FACT)
    path, before = packed(study.id, study.path), tags_in(study.copy)
    seen = looked_at(path, study.copy)
    assert (seen.counts["answers"][Fate.NEW], tags_in(study.copy)) == (1, before)

    repair(
        article_in(study.copy),
        Person(1),
        RepairRequest(Kind.MERGE, sentences_of(article_in(study.copy))[1].id),
        1,
        "One.",
    )
    with pytest.raises(BadPackage, match=r"The project has changed since you looked, perhaps by a repair of a split"):
        merged(path, study.copy, seen=seen.fingerprint)
    assert tags_in(study.copy) == before
    again = looked_at(path, study.copy)
    assert merged(path, study.copy, seen=again.fingerprint).report.told == again.told
    [event] = db.session.scalars(
        select(AuditEvent).where(AuditEvent.what == "package merged").order_by(AuditEvent.id.desc()).limit(1)
    )
    assert {name: event.details[name] for name in again.told} == again.told


@pytest.mark.postgresql_only("on SQLite whoever repairs waits until the merge is written")
def test_a_repair_that_comes_between_the_look_and_the_write_is_seen(study, app, monkeypatch):
    answer(sentences_of(study.article)[2], study.analyst, Tag.FACT)
    path, copy_id = packed(study.id, study.path), study.copy.id
    seen, before, lock = looked_at(path, study.copy).fingerprint, tags_in(study.copy), _Merge._lock_articles

    def repair_meanwhile(merging):
        monkeypatch.setattr(_Merge, "_lock_articles", lock)
        at_once(app, lambda: merge_the_first_two(db.session.get_one(Project, copy_id)))
        lock(merging)

    monkeypatch.setattr(_Merge, "_lock_articles", repair_meanwhile)
    with pytest.raises(BadPackage, match="The project has changed since you looked"):
        again(merged, path, study.copy, seen=seen)
    assert tags_in(db.session.get_one(Project, copy_id)) == before


@pytest.mark.postgresql_only("on SQLite whoever answers waits until the merge is written")
def test_an_answer_that_comes_between_the_look_and_the_write_stays_and_is_told(study, app, monkeypatch):
    answer(sentences_of(study.article)[2], study.analyst, Tag.FACT)
    path, lock = packed(study.id, study.path), _Merge._lock_articles
    third = sentences_of(article_in(study.copy))[2]
    placeholder = Person(
        db.session.scalars(select(Assignment.analyst_id).where(Assignment.article_id == third.article_id)).one()
    )

    def answer_meanwhile(merging):
        monkeypatch.setattr(_Merge, "_lock_articles", lock)
        at_once(app, lambda: answer(third, placeholder, Tag.OPINION))
        lock(merging)

    monkeypatch.setattr(_Merge, "_lock_articles", answer_meanwhile)
    report = again(merged, path, study.copy).report
    assert report.counts["answers"] == Counter({Fate.SAME: 2, Fate.DIFFERENT: 1})
    assert sorted(tag for *_, tag in tags_in(db.session.get_one(Project, study.copy.id))) == [
        "FACT",
        "OPINION",
        "OPINION",
    ]
    assert verification.faults() == []


def merge_the_first_two(project):
    article = article_in(project)
    repair(article, Person(1), RepairRequest(Kind.MERGE, sentences_of(article)[0].id), 1, "One.")


@pytest.mark.parametrize(
    ("same", "sentence"),
    [
        ({"C99": "C07"}, "Nobody in the package has the code “C99”."),
        ({"C07": "C99"}, "Nobody in the project “Copy” has the code “C99”."),
        ({"C07": "K1"}, "“C07” of the package cannot be K1 of the project: what they did there is C07’s here."),
    ],
)
def test_people_who_cannot_be_matched_are_said(study, same, sentence):
    with db_write() as session:
        session.add(Membership(project_id=study.copy.id, user_id=1, coder_code="K1", is_analyst=True))
    with pytest.raises(BadPackage, match=re.escape(sentence)):
        merged(packed(study.id, study.path), study.copy, same)


@pytest.mark.sqlite_only("it asks no database")
@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["C07"], "“C07” matches no two people; write it as C07=C12."),
        (["=C12"], "“=C12” matches no two people; write it as C07=C12."),
        (["C07 ="], "“C07 =” matches no two people; write it as C07=C12."),
        (["C07=C12", "C07=C13"], "“C07” of the package is said to be two people of the project."),
    ],
)
def test_a_line_that_matches_no_two_people_is_refused(app, lines, sentence):
    assert who_is_who(["C07 = C12", "C07=C12"]) == {"C07": "C12"}
    with pytest.raises(BadPackage, match=re.escape(sentence)):
        who_is_who(lines)


@pytest.mark.sqlite_only("what a package lacks is told by its manifest")
def test_a_package_without_records_is_neither_looked_at_nor_merged(study):
    project = db.session.get_one(Project, study.id)
    with study.path.open("wb") as file:
        package.write(project, make_member("R", "researcher", project=project), file)
    for act in (looked_at, merged):
        with pytest.raises(BadPackage, match="This package cannot be merged: it has no records"):
            act(study.path, study.copy)


def test_whoever_new_rows_name_is_among_the_people_of_the_package_or_nothing_comes_in(study):
    bo = make_member("Bo", "analyst", project=db.session.get_one(Project, study.id))
    answer(sentences_of(study.article)[2], bo, Tag.FACT)
    code = db.session.scalars(select(Membership.coder_code).where(Membership.user_id == bo.id)).one()
    path, before = packed(study.id, study.path), tags_in(study.copy)
    damaged(path, replaced("records/people.csv", f"{code},true,false,false\r\n", ""))
    with pytest.raises(BadPackage, match=rf"“records/assignment\.csv”, row \d: “{code}”"):
        merged(path, study.copy)
    assert tags_in(study.copy) == before


def test_two_people_of_a_package_are_not_one_person_here(study):
    bo = make_member("Bo", "analyst", project=db.session.get_one(Project, study.id))
    answer(sentences_of(study.article)[2], bo, Tag.FACT)
    code = db.session.scalars(select(Membership.coder_code).where(Membership.user_id == bo.id)).one()
    with pytest.raises(BadPackage, match="Two people of the package cannot be one person of the project"):
        merged(packed(study.id, study.path), study.copy, {"C07": "C07", code: "C07"})


@pytest.mark.parametrize(
    ("name", "column", "cell"),
    [
        ("annotation", "sentence_id", "999999"),
        ("annotation", "client_id", "nobody"),
        ("assignment", "key", "none"),
        ("codebook", "id", "7"),
        ("codebook", "id", "9" * 5_000),
        ("annotation", "client_id", ""),
        ("sentence", "article_id", ""),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(study, name, column, cell):
    damaged(packed(study.id, study.path), with_column(name, column, [cell]))
    with pytest.raises(BadPackage, match=rf"“records/{name}\.csv”, row 1: “{cell[:60]}”"):
        merged(study.path, study.copy)


def with_column(name, column, cells):
    """Writes other cells into the first rows of a record."""

    def change(files):
        rows = list(csv.reader(io.StringIO(files[f"records/{name}.csv"].decode(), newline="")))
        for row, cell in zip(rows[1:], cells, strict=False):
            row[rows[0].index(column)] = cell
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
        files[f"records/{name}.csv"] = out.getvalue().encode()

    return change


def test_writes_that_stand_on_other_sentences_here_stay_where_they_are(study):
    before = tags_in(study.copy)
    first, second, _ = (str(sentence.number or sentence.id) for sentence in sentences_of(study.article))
    damaged(packed(study.id, study.path), with_column("annotation", "sentence_id", [second, first]))
    report = merged(study.path, study.copy).report

    for line in report.differences.values():
        assert "the same write stands elsewhere here: its sentence_id is" in line
    assert (report.new, report.different, tags_in(study.copy)) == (0, 2, before)
    assert verification.faults() == []


def test_work_that_is_another_pass_in_the_package_brings_nothing_with_it(study):
    before = tags_in(study.copy)
    answer(sentences_of(study.article)[2], study.analyst, Tag.FACT)
    damaged(packed(study.id, study.path), with_column("assignment", "pass", ["2"]))
    report = merged(study.path, study.copy).report

    assert [
        line for line in report.differences.values() if "it is work on another article, or of another round" in line
    ]
    assert (report.counts["answers"][Fate.NEW], tags_in(study.copy)) == (0, before)
    assert verification.faults() == []


def test_what_breaks_a_rule_comes_in_not_at_all(study):
    answer(sentences_of(study.article)[2], study.analyst, Tag.ATTRIBUTION)
    path, before = packed(study.id, study.path), tags_in(study.copy)
    damaged(path, with_cell("records/annotation.csv", "second_choice", "ATTRIBUTION"))
    with pytest.raises(BadPackage, match="contradict one another, or break a rule"):
        merged(path, study.copy)
    assert tags_in(study.copy) == before


# ---- whatever two teams did

WORK = st.lists(
    st.tuples(
        st.sampled_from([TEXT, OTHER, "A third came. Nobody stayed."]),
        st.lists(st.sampled_from([None, Tag.FACT, Tag.OPINION]), min_size=1, max_size=3),
    ),
    max_size=3,
    unique_by=lambda one: one[0],
)


@pytest.mark.sqlite_only("the rule is the same on both databases, which the tests above ask")
@settings(
    max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(one=WORK, other=WORK, first=st.booleans())
def test_merging_keeps_every_row_of_both_and_merging_again_changes_nothing(app, over, tmp_path, one, other, first):
    over(nothing)
    paths = [packed(make_team(f"T{n}", *work), tmp_path / f"{n}.zip") for n, work in enumerate((one, other))]
    into, told = make_project("Both"), Counter()
    for work in (one, other):
        told += Counter(tag for text, tags in work for _, tag in zip(range(LENGTHS[text]), tags, strict=False) if tag)
    for path in paths if first else reversed(paths):
        assert merged(path, into).report.different == 0
    held = tags_in(into)

    assert Counter(tag for *_, tag in held) == told
    assert [merged(path, into).report.new for path in paths] == [0, 0]
    assert tags_in(into) == held
    assert verification.faults() == []


LENGTHS = {TEXT: 3, OTHER: 2, "A third came. Nobody stayed.": 2}
