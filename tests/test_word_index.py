"""The index of words follows the sentences: what comes in is found, and `verify` proves it."""

from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from tests.conftest import downgrade, raw, upgrade
from tests.factories import first_project, make_article, make_claim, make_item, sentences_of
from webapp import backups, doctor, verification, word_index
from webapp.articles.actions import import_files
from webapp.db import db
from webapp.domain.repair import Kind
from webapp.domain.word_query import holds, search_from
from webapp.migrating import copy_before
from webapp.models import Sentence
from webapp.repair.actions import RepairRequest, repair
from webapp.word_index import Every, Phrase, Some, look_up


def word(one):
    return Phrase((one,))


def found(query):
    """The texts of the sentences that the query finds, those replaced among them."""
    rows = look_up(db.session.connection(), query)
    ids = db.session.scalars(select(rows.id).select_from(rows.table).where(rows.condition).order_by(rows.id)).all()
    return [db.session.get_one(Sentence, id_).text for id_ in ids]


def test_an_article_is_found_by_its_words_without_case_accents_and_apostrophes(app):
    make_article("The café isn’t open. Nobody went.")

    assert found(word("cafe")) == ["The café isn’t open."]
    assert found(word("isnt")) == ["The café isn’t open."]
    assert found(word("went")) == ["Nobody went."]
    assert found(word("isn")) == []


def test_words_in_a_row_one_of_some_and_none_of_others(app):
    make_article("The white house is old. The house is white. A barn is white.")

    assert found(Phrase(("white", "house"))) == ["The white house is old."]
    assert found(Every((word("white"), word("house")))) == ["The white house is old.", "The house is white."]
    assert found(Some((word("old"), word("barn")))) == ["The white house is old.", "A barn is white."]
    assert found(Every((word("white"),), without=(word("barn"), word("old")))) == ["The house is white."]


SAID = ["xa xb xc.", "xb xa.", "xa.", "xb xc xa.", "xc xb.", "xa xc xb xa xb.", "xd."]
PARTS = st.lists(st.sampled_from(["xa", "xb", "xc", "xd"]), min_size=1, max_size=3).map(
    lambda words: Phrase(tuple(words))
)
QUERIES = st.recursive(
    PARTS,
    lambda query: st.one_of(
        st.lists(query, min_size=1, max_size=3).map(lambda parts: Some(tuple(parts))),
        st.builds(
            lambda parts, without: Every(tuple(parts), tuple(without)),
            st.lists(query, min_size=1, max_size=2),
            st.lists(query, max_size=2),
        ),
    ),
    max_leaves=5,
)


def test_whatever_is_asked_those_are_found_that_hold_it_in_order_and_beyond_any(app, monkeypatch):
    made = sentences_of(make_article("\n\n".join(SAID)))
    connection = db.session.connection()

    @settings(max_examples=60, deadline=None)
    @given(QUERIES, st.sampled_from([0, 10_000]), st.integers(0, len(SAID) - 1))
    def agree(query, many, place):
        monkeypatch.setattr(word_index, "MANY", many)
        told = [one.id for one in made if holds(query, one.text.rstrip(".").split())]
        beyond = made[place].id

        assert word_index.in_order(connection, query, 3) == told[::-1][:3]
        assert word_index.in_order(connection, query, 9, beyond) == [id_ for id_ in told[::-1] if id_ < beyond]
        assert word_index.in_order(connection, query, 2, beyond, back=True) == [id_ for id_ in told if id_ > beyond][:2]

    agree()


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("新华社北京电。", ("北", "京")),
        ("今日は晴れです。", ("晴", "れ")),
        ("قال الوزير إن السد.", ("الوزير",)),
        ("שָׁלוֹם עולם.", ("שלום",)),
    ],
    ids=["Chinese", "Japanese", "Arabic", "Hebrew"],
)
def test_scripts_without_spaces_and_from_right_to_left_are_found(app, said, asked):
    make_article(said)

    assert found(Phrase(asked)) == [said]


def test_a_file_of_many_articles_is_indexed_with_them(app, owner):
    rows = "\n".join(f'{{"text": "Ferry number{n} sank. It was old."}}' for n in range(70))
    import_files(first_project(), owner, [("many.jsonl", rows.encode())], lambda *_: None)

    assert found(word("number69")) == ["Ferry number69 sank."]
    assert len(found(word("ferry"))) == 70
    assert verification.faults() == []


def test_a_repair_indexes_the_sentences_that_it_makes(app, owner):
    article = make_article("One came today. Two went away.")
    first = sentences_of(article)[0]
    repair(article, owner, RepairRequest(Kind.MERGE, first.id), seen=1)

    assert found(Every((word("came"), word("went")))) == ["One came today. Two went away."]
    assert verification.faults() == []


def emptied():
    with raw(defended=False) as connection:
        emptied_of(connection, "sentence_words")
    db.session.rollback()


def emptied_of(connection, name):
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT INTO {name} ({name}) VALUES ('delete-all')")
    else:
        connection.exec_driver_sql(f"DELETE FROM {name}")


def test_verify_names_the_sentences_that_the_index_has_lost_and_recounting_brings_them_back(app):
    article = make_article("One came. Two went.")
    ids = [sentence.id for sentence in sentences_of(article)]
    db.session.rollback()
    emptied()
    told = verification.faults()
    assert [f"Sentence {id_}: the index does not hold its words" in "\n".join(told) for id_ in ids] == [True, True]

    word_index.make_anew()

    assert verification.faults() == []
    assert found(word("went")) == ["Two went."]


def test_verify_finds_words_that_the_sentence_does_not_have(app):
    [sentence] = sentences_of(make_article("One came."))
    db.session.rollback()
    with raw(defended=False) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"INSERT INTO sentence_words (rowid, words) VALUES ({sentence.id}, 'more')")
        else:
            connection.execute(
                text("UPDATE sentence_words SET words = 'one went' WHERE sentence_id = :id"), {"id": sentence.id}
            )

    db.session.rollback()
    assert [fault for fault in verification.faults() if f"Sentence {sentence.id}: the index" in fault]


def test_verify_finds_rows_that_stand_for_nothing_and_recounting_drops_them(app):
    make_article("One came.", title="Missiles over the Gulf")
    with raw(defended=False) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        names = [*word_index.TABLES, *([word_index.PARTS] if is_sqlite else [])]
        for name in names:
            key = "rowid" if is_sqlite else word_index.TABLES[name].split()[0]
            connection.exec_driver_sql(f"INSERT INTO {name} ({key}, words) VALUES (99992, 'more of it')")
    db.session.rollback()
    told = verification.faults()
    assert [f"Row 99992 of the index {name}: there is nothing" in "\n".join(told) for name in names] == [True] * len(
        names
    )

    word_index.make_anew()

    assert verification.faults() == []


def test_signs_of_capital_letters_are_found_proved_and_indexed_anew_by_the_migration(app):
    text_ = "Foo™ came at 20 ℃ in № 5 of the street, and nobody knew why it had come there at all."
    make_article(text_, title="Foo™")
    assert found(word("footm")) == found(Phrase(("no", "5"))) == [text_]
    assert verification.faults() == []
    downgrade("0027")
    with raw(defended=False) as connection:
        for name in (*word_index.TABLES, word_index.PASSAGES):
            emptied_of(connection, name)
    upgrade()

    assert found(word("footm")) == [text_]
    assert verification.faults() == []


def test_the_migration_indexes_what_is_there_and_can_be_taken_back(app, owner):
    article = make_article("One came today. Two went away.")
    repair(article, owner, RepairRequest(Kind.MERGE, sentences_of(article)[0].id), seen=1)
    claim = make_claim("Nobody came.", sentences_of(article)[0], by=owner)
    make_item(claim, by=owner, quote="It was quiet.")
    downgrade("0019")
    upgrade()

    assert found(word("came")) == ["One came today. Two went away."]
    assert verification.faults() == []


@pytest.mark.sqlite_only("PostgreSQL merges by itself")
def test_what_an_import_writes_is_merged_sixteen_parts_at_a_time_in_older_databases_too(app, owner):
    downgrade("0046")
    upgrade()
    parts = {name: [] for name in ("sentence_words", "passage_hash")}
    for number in range(18):
        make_article(
            f"Only number {number} came here today, said all nine of the men who had been waiting at the gate."
        )
        for name, counts in parts.items():
            counts.append(parts_of(name))

    assert [counts[-4:] for counts in parts.values()] == [[16, 2, 3, 4]] * 2
    assert verification.faults() == []


def parts_of(name):
    """How many parts a table of FTS5 is in, each of which a look-up reads."""
    return db.session.scalar(text(f"SELECT count(DISTINCT segid) FROM {name}_idx"))


def test_a_sentence_without_a_word_and_one_of_a_single_endless_word_are_sound(app):
    make_article("… !!!\n\n" + "x" * 5_000 + " ended.\n\n" + "漢" * 3_000)

    assert verification.faults() == []
    assert len(found(word("x" * 200))) == 1


@pytest.mark.sqlite_only("PostgreSQL's own program makes its backups")
def test_a_backup_carries_the_index(app, tmp_path):
    make_article("One came today.")
    backups.back_up(tmp_path / "one.backup")

    assert backups.check(tmp_path / "one.backup")
    assert backups.faults_in(tmp_path / "one.backup") == []


def test_how_often_words_stand_somewhere_is_counted_up_to_where_they_are_common(app, monkeypatch):
    monkeypatch.setattr(word_index, "COMMON", 2)
    make_article("The ferry sank. The ferry was old. The owner fled.")

    counted, sentences = word_index.how_often(db.session.connection(), ["the", "ferry", "owner", "barn"])

    assert counted == {"the": 2, "ferry": 2, "owner": 1, "barn": 0}
    assert sentences == db.session.scalar(select(func.max(Sentence.id)))


@pytest.mark.postgresql_only("SQLite keeps no sample of its rows")
def test_a_word_of_one_sentence_of_82_is_told_to_be_in_one_by_the_sample_too(app):
    there = db.session.scalar(select(func.count()).select_from(Sentence))
    make_article(" ".join(f"Event {number}." for number in range(82 - there)) + " The ferry sank.")
    db.session.execute(text("ANALYZE sentence_words"))

    assert word_index.how_often(db.session.connection(), ["ferry"])[0] == {"ferry": 1}


def test_those_come_first_that_hold_more_of_some_phrases_and_rarer_ones(app):
    article = make_article(
        "A ferry sank. The old ferry was late. One ferry came. An owner fled. The late owner died. It rained. So what?"
    )
    wanted = {Phrase(("ferry",)): 1.0, Phrase(("owner",)): 1.1, Phrase(("late", "owner")): 2.0}

    ranked = db.session.execute(word_index.ranked(db.session.connection(), "The owner", wanted, 3)).all()

    assert [article.text[at.start : at.end] for at in (db.session.get_one(Sentence, id_) for id_, _ in ranked)] == [
        "The late owner died.",
        "An owner fled.",
        "A ferry sank.",
    ]
    assert [rank for _, rank in ranked] == sorted(rank for _, rank in ranked)


def found_nearly(words):
    ids = word_index.parts_of_names(db.session.connection(), search_from(words).query, "article")
    return None if ids is None else db.session.scalars(ids.order_by(ids.selected_columns[0])).all()


def test_titles_are_looked_up_by_pieces_of_words_and_verify_proves_them(app):
    first, second = (make_article(title=title).id for title in ("Missiles over the Gulf", "Café of émigrés"))

    assert found_nearly("missles") == found_nearly("iles") == [first]
    assert found_nearly("emigr") == found_nearly("afe emi") == [second]
    assert found_nearly("x OR missile") is None
    assert found_nearly("of") is None
    assert verification.faults() == []


@pytest.mark.sqlite_only("on PostgreSQL the database keeps them with the words")
def test_verify_names_the_titles_whose_trigrams_are_lost(app):
    article = make_article(title="Missiles over the Gulf")
    with raw() as connection:
        connection.exec_driver_sql("INSERT INTO name_parts (name_parts) VALUES ('delete-all')")
    db.session.rollback()
    assert [fault for fault in verification.faults() if f"Row {article.id} of article: the index" in fault]

    word_index.make_anew()

    assert verification.faults() == []


@pytest.mark.sqlite_only("PostgreSQL has an extension for that")
def test_a_sqlite_without_trigrams_finds_whole_words_and_a_newer_one_takes_them_up_by_recounting(app, monkeypatch):
    with raw() as connection:
        word_index.drop_parts(connection)
    monkeypatch.setattr(word_index, "HAS_TRIGRAMS", False)
    word_index.make_anew()
    first = make_article(title="Missiles over the Gulf").id
    assert found_nearly("missles") is None
    monkeypatch.setattr(word_index, "HAS_TRIGRAMS", True)
    second = make_article(title="More missiles").id
    assert found_nearly("missles") is None
    assert verification.faults() == []

    word_index.make_anew()

    assert found_nearly("missles") == [first, second]
    assert verification.faults() == []


@pytest.mark.sqlite_only("PostgreSQL has an extension for that")
def test_a_sqlite_without_trigrams_takes_over_the_file_of_a_newer_one(app, monkeypatch):
    make_article("One came.", title="Missiles over the Gulf")
    db.session.rollback()
    with raw() as connection:  # no SQLite knows this tokenizer, as an older one does not know that of trigrams
        connection.exec_driver_sql("PRAGMA writable_schema = ON")
        connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, 'trigram', 'x') WHERE name = 'name_parts'"
        )
        connection.commit()
        connection.invalidate()
    monkeypatch.setattr(word_index, "HAS_TRIGRAMS", False)

    word_index.make_anew()
    db.session.rollback()
    copy_before(Path(db.engine.url.database))
    downgrade("0024")
    upgrade()

    assert found_nearly("missles") is None
    assert verification.faults() == []


@contextmanager
def account_without_rights(connection):
    """An account that owns the tables and may not create an extension."""
    connection.exec_driver_sql("DROP EXTENSION pg_trgm CASCADE")
    connection.exec_driver_sql("CREATE ROLE no_rights")
    connection.exec_driver_sql("GRANT ALL ON SCHEMA public TO no_rights")
    connection.exec_driver_sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO no_rights")
    connection.exec_driver_sql(f"ALTER TABLE {word_index.WRITINGS} OWNER TO no_rights")
    connection.exec_driver_sql("SET ROLE no_rights")
    yield
    connection.exec_driver_sql("RESET ROLE")
    connection.exec_driver_sql("DROP OWNED BY no_rights")
    connection.exec_driver_sql("DROP ROLE no_rights")


@pytest.mark.postgresql_only("SQLite's trigrams need no extension")
@pytest.mark.parametrize("lacks", ["the right", "the files", "the schema"])
def test_without_pg_trgm_the_index_is_made_and_whole_words_are_found(app, lacks, monkeypatch):
    make_article("One came.", title="Missiles over the Gulf")
    assert found_nearly("missles")
    db.session.rollback()
    with db.engine.connect() as connection, ExitStack() as around:
        if lacks == "the right":
            around.enter_context(account_without_rights(connection))
        elif lacks == "the schema":
            connection.exec_driver_sql("DROP EXTENSION pg_trgm CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA elsewhere")
            connection.exec_driver_sql("CREATE EXTENSION pg_trgm SCHEMA elsewhere")
        else:
            connection.exec_driver_sql("DROP EXTENSION pg_trgm CASCADE")
            monkeypatch.setattr(word_index, "EXTENSION", "CREATE EXTENSION no_such_extension")
        word_index.drop(connection, word_index.WRITINGS)
        word_index.create(connection, word_index.WRITINGS)
        word_index.fill_written(connection)

        assert not word_index.has_parts(connection)
        assert word_index.parts_of_names(connection, search_from("missles").query, "article") is None
        rows = look_up(connection, word("missiles"), word_index.WRITINGS)
        assert connection.scalars(select(rows.id).select_from(rows.table).where(rows.condition)).all()


@pytest.mark.postgresql_only("SQLite's trigrams need no extension")
def test_the_doctor_says_whether_pg_trgm_is_there_and_recounting_takes_it_up(app):
    def told():
        return [one for one in doctor.look(app.config) if "pg_trgm" in one.what]

    [there] = told()
    with raw() as connection:
        connection.exec_driver_sql("DROP EXTENSION pg_trgm CASCADE")
    [missing] = told()
    word_index.make_anew()

    assert there.what.startswith("pg_trgm is there")
    assert missing.what.startswith("pg_trgm is not there: titles and names of sources are found by whole words alone")
    assert missing.cure is None
    assert told() == [there]
