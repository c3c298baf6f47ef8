"""How shapes are read: in the order of their rows, and no more statements for more of them than it must be."""

import pytest
from sqlalchemy import text, true, update

from tests.factories import (
    answer,
    first_project,
    make_article,
    make_claim,
    make_item,
    make_member,
    make_project,
    make_source,
    sentences_of,
)
from webapp import visibility
from webapp.db import db, db_write
from webapp.domain.terms import Tag
from webapp.export import article_blocks, claims, long, sources
from webapp.export.shapes import counted_table
from webapp.models import SHELL, Article, Membership, Project, is_held
from webapp.review.filters import Filter
from webapp.tagging.actions import submit

SHORT = ("SCAN round", "SCAN work_count")
"""Tables of a few rows: rounds, and what is kept of each analyst's work in one."""


@pytest.mark.sqlite_only("about its plans")
@pytest.mark.parametrize("roles", ["supervisor", "researcher", "analyst"])
def test_no_table_is_read_from_end_to_end_for_some_articles(app, roles):
    shown = visibility.answers_shown_to(make_member("Reader", roles), db.session.get_one(Project, 1))
    work = long._WORK.where(Article.id.in_([1, 2]), is_held(), shown)
    for statement in (work, long._SENTENCES.params(ids=[1, 2]), long._ANSWERS.params(ids=[1, 2])):
        made = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = [row.detail for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {made}"))]
        assert not [step for step in plan if step.startswith("SCAN") and not step.startswith(SHORT)], plan


def test_ten_articles_more_cost_no_statement_more(app, owner, statements):
    def taken():
        with statements() as seen:
            lines = "".join(long.parts(1, true())).splitlines()
        return len(lines), len(seen)

    def answered():
        for sentence in sentences_of(make_article(sentences=3)):
            answer(sentence, owner, Tag.FACT)

    answered()
    lines, asked = taken()
    for _ in range(10):
        answered()

    assert taken() == (lines + 30, asked)


def test_articles_are_read_in_blocks_that_fit_into_memory(app, owner, monkeypatch):
    for _ in range(5):
        for sentence in sentences_of(make_article(sentences=3)):
            answer(sentence, owner, Tag.FACT)
    whole = "".join(long.parts(1, true()))
    for name, value in (("LETTERS", 100), ("ARTICLES", 2)):
        monkeypatch.setattr(long, name, value)
        parts = list(long.parts(1, true()))
        assert len(parts) > 2
        assert "".join(parts) == whole


def test_ten_entries_or_claims_more_cost_no_statement_more(app, owner, statements):
    sentence = sentences_of(make_article())[0]

    def taken(shape):
        with statements() as seen:
            rows = [row for part in shape.parts(first_project(), SHELL) for row in part]
        return len(rows), len(seen)

    def made(number):
        make_source(f"Source {number}", aliases=[f"S{number}"])
        make_item(make_claim(f"Claim {number}.", sentence))
        make_claim(f"Bare claim {number}.", sentence)

    made(0)
    (_, for_sources), (_, for_claims) = taken(sources), taken(claims)
    for number in range(1, 6):
        made(number)

    assert (taken(sources), taken(claims)) == ((6, for_sources), (12, for_claims))


def test_claims_without_records_are_not_asked_about(app, owner, statements):
    claim = make_claim("It closed.", sentences_of(make_article())[0])

    def asked():
        with statements() as seen:
            list(claims.parts(first_project(), SHELL))
        return [sum(sql.count(f"FROM {table} ") for sql in seen) for table in ("assessment", "evidence")]

    without = asked()
    make_item(claim)
    assert (without, asked()) == ([1, 1], [1, 2])


def test_articles_are_asked_about_where_an_item_tells_who_printed_it_or_is_a_sentence(app, owner, statements):
    [sentence, *_] = sentences_of(make_article(outlet="Gulf Monitor"))
    claim = make_claim("It closed.", sentence)

    def asked():
        with statements() as seen:
            [row] = [row for part in claims.parts(first_project(), SHELL) for row in part]
        return sum(sql.count("FROM claim_mention ") for sql in seen), row[claims.COLUMNS.index(N_ORIGINS)]

    make_item(claim)
    assert asked() == (0, "1")

    make_item(claim, outlet="Gulf Monitor")  # printed where the claim was: no origin of its own
    assert asked() == (1, "1")


[N_ORIGINS] = [column for column in claims.COLUMNS if column.name == "n_origins"]


def test_what_is_counted_is_the_same_in_blocks_of_one_article(app, monkeypatch):
    ann, bart = coded("Ann", "C01"), coded("Bart", "C02")
    other = make_project("Another")
    for turn in range(3):
        article = make_article(sentences=2)
        for person in (ann, bart) if turn else (ann,):
            for sentence in sentences_of(article):
                answer(sentence, person, Tag.FACT if person is ann else Tag.OPINION)
            submit(article, person)
        make_article(sentences=2, project=other)
    whole = taken_of_counted()
    monkeypatch.setattr(article_blocks, "SENTENCES", 1)

    assert taken_of_counted() == whole
    wide, reliability, recal = whole
    assert [line.split(",", 3)[3] for line in wide[-6:]] == ["1,", "1,"] + ["1,4"] * 4
    assert (len(reliability), recal) == (1 + 10, ["1,4"] * 4)


def test_where_nothing_was_handed_out_yet_the_wide_table_has_no_column_for_an_analyst(app):
    make_article(sentences=1)
    wide, reliability, recal = taken_of_counted()

    assert [line.count(",") for line in wide] == [2] * len(wide)
    assert (len(wide) > 1, len(reliability), recal) == (True, 1, [])


def coded(name, code):
    person = make_member(name, "analyst")
    with db_write() as session:
        is_theirs = Membership.user_id == person.id
        # Somebody else may have drawn it.
        session.execute(
            update(Membership).where(Membership.coder_code == code, ~is_theirs).values(coder_code=f"K{code}")
        )
        session.execute(update(Membership).where(is_theirs).values(coder_code=code))
    return person


def taken_of_counted():
    project = first_project()
    shapes = (counted_table(shape, project, SHELL, Filter()) for shape in ("wide", "reliability", "recal"))
    return ["".join(shape.pieces).splitlines() for shape in shapes]
