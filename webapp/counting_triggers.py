"""Counts that the database itself keeps: how far a piece of work is, how much a project holds, what a day brought.

They are kept by triggers because a save of a tag has no time for further statements, and because whatever writes, in
whichever process, is then counted. Each statement below runs on SQLite and on PostgreSQL alike.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import Connection

DAY = "substr(CAST({}created_at AS text), 1, 10)"
BEGAN = (
    "tag IS NOT NULL AND NOT to_confirm AND NOT EXISTS (SELECT 1 FROM annotation AS before "
    "WHERE before.sentence_id = annotation.sentence_id AND before.assignment_id = annotation.assignment_id "
    "AND before.version = annotation.version - 1 AND before.tag IS NOT NULL)"
)
"""Whether a row of annotation gave its sentence a tag that had none before."""
IS_FIRST = (
    "{0}tag IS NOT NULL AND NOT {0}to_confirm AND NOT EXISTS (SELECT 1 FROM annotation AS earlier "
    "WHERE earlier.sentence_id = {0}sentence_id AND earlier.id < {0}id AND earlier.tag IS NOT NULL)"
)
"""Whether a row of annotation gave its sentence the first tag that anybody gave it."""
IS_LIVE = "EXISTS (SELECT 1 FROM article WHERE article.id = {}.article_id AND article.trashed_at IS NULL)"
ADD_WORK = (
    "ON CONFLICT (round_id, pass, analyst_id, state) DO UPDATE SET "
    "assignments = work_count.assignments + excluded.assignments, answered = work_count.answered + excluded.answered"
)
ADD_DAYS = "ON CONFLICT (project_id, analyst_id, day) DO UPDATE SET answers = day_count.answers + excluded.answers"
SIGN = "CASE WHEN NEW.trashed_at IS NULL THEN 1 ELSE -1 END"


@dataclass(frozen=True)
class _Counting:
    """What is to follow a write: where the condition holds for a row, these statements."""

    name: str
    after: str
    on: str
    condition: str
    statements: tuple[str, ...]
    at_once: str | None = None
    """On PostgreSQL, in place of all that: one statement about all rows `added`, and how they were before, `gone`.
    Many come at a time, and each change of one row within a transaction makes the next one slower there.
    """
    is_for_sqlite: bool = False
    """Whether on PostgreSQL another one does this as well."""


ANSWER = _Counting(
    "annotation_is_counted",
    "INSERT",
    "annotation",
    # Only where an answer begins or ceases to have a tag: most saves after the first touch nothing else.
    "NEW.is_current AND (NEW.tag IS NULL) <> ((SELECT before.tag FROM annotation AS before "
    "WHERE before.sentence_id = NEW.sentence_id AND before.assignment_id = NEW.assignment_id "
    "AND before.version = NEW.version - 1) IS NULL)",
    (
        "UPDATE assignment SET answered = answered + CASE WHEN NEW.tag IS NULL THEN -1 ELSE 1 END "
        "WHERE id = NEW.assignment_id AND EXISTS (SELECT 1 FROM sentence WHERE sentence.id = NEW.sentence_id "
        "AND sentence.retired_in IS NULL AND NOT sentence.is_excluded)",
        "INSERT INTO day_count (project_id, analyst_id, day, answers) "
        f"SELECT article.project_id, NEW.analyst_id, {DAY.format('NEW.')}, 1 "
        "FROM sentence JOIN article ON article.id = sentence.article_id "
        "WHERE sentence.id = NEW.sentence_id AND NEW.tag IS NOT NULL AND NOT NEW.to_confirm "
        f"AND article.trashed_at IS NULL {ADD_DAYS}",
    ),
)
ADD_SENTENCES = "ON CONFLICT (project_id, day) DO UPDATE SET sentences = day_sentences.sentences + excluded.sentences"
DAYS = (
    _Counting(
        "sentence_gets_a_first_tag",
        "INSERT",
        "annotation",
        f"NEW.is_current AND {IS_FIRST.format('NEW.')}",
        (
            f"INSERT INTO day_sentences (project_id, day, sentences) "
            f"SELECT article.project_id, {DAY.format('NEW.')}, 1 "
            "FROM sentence JOIN article ON article.id = sentence.article_id "
            f"WHERE sentence.id = NEW.sentence_id AND article.trashed_at IS NULL {ADD_SENTENCES}",
        ),
    ),
    _Counting(
        "first_tags_come_or_go",
        "UPDATE OF trashed_at",
        "article",
        "(OLD.trashed_at IS NULL) <> (NEW.trashed_at IS NULL)",
        (
            "INSERT INTO day_sentences (project_id, day, sentences) "
            f"SELECT NEW.project_id, {DAY.format('annotation.')}, {SIGN} * count(*) "
            "FROM annotation JOIN sentence ON sentence.id = annotation.sentence_id "
            f"WHERE sentence.article_id = NEW.id AND {IS_FIRST.format('annotation.')} "
            f"GROUP BY {DAY.format('annotation.')} {ADD_SENTENCES}",
        ),
    ),
)
SENTENCE = _Counting(
    "sentence_is_uncounted",
    "UPDATE OF retired_in",
    "sentence",
    "OLD.retired_in IS NULL AND NEW.retired_in IS NOT NULL AND NOT NEW.is_excluded",
    (
        "UPDATE assignment SET answered = answered - 1 WHERE id IN (SELECT annotation.assignment_id FROM annotation "
        "WHERE annotation.sentence_id = NEW.id AND annotation.is_current AND annotation.tag IS NOT NULL)",
    ),
)
_SIGN_OF_PART = "CASE WHEN NEW.is_excluded THEN -1 ELSE 1 END"
EXCLUSIONS = (
    _Counting(
        "exclusion_is_kept",
        "INSERT",
        "exclusion",
        "NEW.is_current",
        ("UPDATE sentence SET is_excluded = (NEW.why IS NOT NULL) WHERE id = NEW.sentence_id",),
    ),
    _Counting(
        "sentence_is_part",
        "UPDATE OF is_excluded",
        "sentence",
        "OLD.is_excluded <> NEW.is_excluded AND NEW.retired_in IS NULL",
        (
            f"UPDATE assignment SET answered = answered + {_SIGN_OF_PART} WHERE id IN (SELECT annotation.assignment_id "
            "FROM annotation WHERE annotation.sentence_id = NEW.id AND annotation.is_current "
            "AND annotation.tag IS NOT NULL)",
            f"UPDATE article SET sentence_count = sentence_count + {_SIGN_OF_PART} WHERE id = NEW.article_id",
        ),
    ),
)
WORK = (
    _Counting(
        "assignment_is_counted",
        "INSERT",
        "assignment",
        IS_LIVE.format("NEW"),
        (
            "INSERT INTO work_count (round_id, pass, analyst_id, state, assignments, answered) "
            f"VALUES (NEW.round_id, NEW.pass, NEW.analyst_id, NEW.state, 1, NEW.answered) {ADD_WORK}",
        ),
        "INSERT INTO work_count (round_id, pass, analyst_id, state, assignments, answered) "
        "SELECT round_id, pass, analyst_id, state, count(*), sum(answered) FROM added "
        f"WHERE {IS_LIVE.format('added')} GROUP BY round_id, pass, analyst_id, state "
        f"ORDER BY round_id, pass, analyst_id, state {ADD_WORK}",
    ),
    _Counting(
        "assignment_goes_on",
        "UPDATE OF answered",
        "assignment",
        f"OLD.state = NEW.state AND OLD.answered <> NEW.answered AND {IS_LIVE.format('NEW')}",
        (
            "UPDATE work_count SET answered = answered + NEW.answered - OLD.answered WHERE round_id = NEW.round_id "
            "AND pass = NEW.pass AND analyst_id = NEW.analyst_id AND state = NEW.state",
        ),
        "INSERT INTO work_count (round_id, pass, analyst_id, state, assignments, answered) "
        "SELECT round_id, pass, analyst_id, state, sum(times), sum(times * answered) "
        "FROM (SELECT 1 AS times, added.* FROM added UNION ALL SELECT -1 AS times, gone.* FROM gone) AS moved "
        f"WHERE {IS_LIVE.format('moved')} GROUP BY round_id, pass, analyst_id, state "
        "HAVING sum(times) <> 0 OR sum(times * answered) <> 0 "
        f"ORDER BY round_id, pass, analyst_id, state {ADD_WORK}",
    ),
    _Counting(
        "assignment_changes_state",
        "UPDATE OF state",
        "assignment",
        f"OLD.state <> NEW.state AND {IS_LIVE.format('NEW')}",
        (
            "UPDATE work_count SET assignments = assignments - 1, answered = answered - OLD.answered "
            "WHERE round_id = OLD.round_id AND pass = OLD.pass AND analyst_id = OLD.analyst_id AND state = OLD.state",
            "INSERT INTO work_count (round_id, pass, analyst_id, state, assignments, answered) "
            f"VALUES (NEW.round_id, NEW.pass, NEW.analyst_id, NEW.state, 1, NEW.answered) {ADD_WORK}",
        ),
        is_for_sqlite=True,
    ),
)
ARTICLE = (
    _Counting(
        "article_is_counted",
        "INSERT",
        "article",
        "NEW.trashed_at IS NULL",
        (
            "INSERT INTO project_count (project_id, articles, sentences) "
            "VALUES (NEW.project_id, 1, NEW.sentence_count) ON CONFLICT (project_id) DO UPDATE SET "
            "articles = project_count.articles + 1, sentences = project_count.sentences + excluded.sentences",
        ),
    ),
    _Counting(
        "article_changes_size",
        "UPDATE OF sentence_count",
        "article",
        "OLD.sentence_count <> NEW.sentence_count AND OLD.trashed_at IS NULL AND NEW.trashed_at IS NULL",
        (
            "UPDATE project_count SET sentences = sentences + NEW.sentence_count - OLD.sentence_count "
            "WHERE project_id = NEW.project_id",
        ),
    ),
    _Counting(
        "article_comes_or_goes",
        "UPDATE OF trashed_at",
        "article",
        "(OLD.trashed_at IS NULL) <> (NEW.trashed_at IS NULL)",
        (
            f"UPDATE project_count SET articles = articles + {SIGN}, sentences = sentences + {SIGN} * "
            "CASE WHEN NEW.trashed_at IS NULL THEN NEW.sentence_count ELSE OLD.sentence_count END "
            "WHERE project_id = NEW.project_id",
            "INSERT INTO work_count (round_id, pass, analyst_id, state, assignments, answered) "
            f"SELECT round_id, pass, analyst_id, state, {SIGN} * count(*), {SIGN} * sum(answered) FROM assignment "
            f"WHERE article_id = NEW.id GROUP BY round_id, pass, analyst_id, state {ADD_WORK}",
            "INSERT INTO day_count (project_id, analyst_id, day, answers) "
            f"SELECT NEW.project_id, annotation.analyst_id, {DAY.format('annotation.')}, {SIGN} * count(*) "
            "FROM annotation JOIN sentence ON sentence.id = annotation.sentence_id "
            f"WHERE sentence.article_id = NEW.id AND {BEGAN} "
            f"GROUP BY annotation.analyst_id, {DAY.format('annotation.')} {ADD_DAYS}",
        ),
    ),
)
ADD_ENTRIES = (
    "ON CONFLICT (project_id, kind, maker_id, is_published) DO UPDATE SET "
    "entries = entry_count.entries + excluded.entries"
)
ENTRY = "project_id, kind, maker_id, is_published"


def _entries(kind: str, revisions: str) -> _Counting:
    """The newest revision of an entry counts in place of the one before."""
    moved = (
        f"SELECT {kind}.project_id, '{kind}' AS kind, {kind}.maker_id, {{0}}.is_published, {{1}} AS times "
        f"FROM {{2}} JOIN {kind} ON {kind}.id = {{0}}.{kind}_id WHERE {{0}}.withdrawn_why IS NULL"
    )
    before = f"before.{kind}_id = {{0}}.{kind}_id AND before.version = {{0}}.version - 1"
    of_row = moved.format("before", -1, f"{revisions} AS before") + f" AND {before.format('NEW')}"
    of_many = moved.format("before", -1, f"added JOIN {revisions} AS before ON {before.format('added')}")
    add = f"INSERT INTO entry_count ({ENTRY}, entries)"
    return _Counting(
        f"{revisions}_is_counted",
        "INSERT",
        revisions,
        "NEW.is_current",
        (
            f"{add} {of_row} {ADD_ENTRIES}",
            f"{add} SELECT project_id, '{kind}', maker_id, NEW.is_published, 1 FROM {kind} "
            f"WHERE id = NEW.{kind}_id AND NEW.withdrawn_why IS NULL {ADD_ENTRIES}",
        ),
        f"{add} SELECT {ENTRY}, sum(times) FROM ({moved.format('added', 1, 'added')} UNION ALL {of_many}) AS moved "
        f"GROUP BY {ENTRY} HAVING sum(times) <> 0 ORDER BY {ENTRY} {ADD_ENTRIES}",
    )


ADD_OUTLETS = (
    "ON CONFLICT (project_id, outlet, author_id) DO UPDATE SET mentions = outlet_count.mentions + excluded.mentions"
)
OUTLET = "INSERT INTO outlet_count (project_id, outlet, author_id, mentions)"
OF_OUTLET = (
    "JOIN article ON article.id = sentence.article_id AND article.trashed_at IS NULL AND article.outlet IS NOT NULL"
)
MENTIONS = (
    "(SELECT mention.author_id FROM claim_mention AS mention JOIN sentence ON sentence.id = mention.sentence_id "
    "WHERE sentence.article_id = {0}.id AND mention.is_current AND mention.withdrawn_why IS NULL) AS mention "
    "WHERE {0}.outlet IS NOT NULL AND {0}.trashed_at IS NULL"
)
REGISTRIES = (
    _entries("source", "source_entry"),
    _entries("claim", "claim_wording"),
    _Counting(
        "mention_is_counted",
        "INSERT",
        "claim_mention",
        "NEW.is_current",
        (
            f"{OUTLET} SELECT article.project_id, article.outlet, before.author_id, -1 FROM claim_mention AS before "
            f"JOIN sentence ON sentence.id = before.sentence_id {OF_OUTLET} WHERE before.mention_id = NEW.mention_id "
            f"AND before.version = NEW.version - 1 AND before.withdrawn_why IS NULL {ADD_OUTLETS}",
            f"{OUTLET} SELECT article.project_id, article.outlet, NEW.author_id, 1 FROM sentence {OF_OUTLET} "
            f"WHERE sentence.id = NEW.sentence_id AND NEW.withdrawn_why IS NULL {ADD_OUTLETS}",
        ),
    ),
    _Counting(
        "outlet_comes_or_goes",
        "UPDATE OF trashed_at, outlet",
        "article",
        "(OLD.trashed_at IS NULL) <> (NEW.trashed_at IS NULL) OR (OLD.outlet IS NULL) <> (NEW.outlet IS NULL) "
        "OR OLD.outlet <> NEW.outlet",
        tuple(
            f"{OUTLET} SELECT {row}.project_id, {row}.outlet, mention.author_id, {sign} * count(*) "
            f"FROM {MENTIONS.format(row)} GROUP BY mention.author_id {ADD_OUTLETS}"
            for row, sign in (("OLD", -1), ("NEW", 1))
        ),
    ),
)
COUNTING = (ANSWER, *DAYS, SENTENCE, *EXCLUSIONS, *WORK, *ARTICLE, *REGISTRIES)
FIRST_TABLES = frozenset({"project_count", "work_count", "day_count"})
LATER_TABLES = frozenset({"entry_count", "outlet_count", "day_sentences"})


def put_counting_triggers(connection: Connection, tables: Collection[str]) -> set[str]:
    """Create them anew; their names. An older schema has none of these tables, or only the first."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not set(tables) >= FIRST_TABLES:
        return set()
    lacking = LATER_TABLES - set(tables)
    knows_exclusions = "exclusion" in tables
    wanted = [
        counting if knows_exclusions else _before_exclusions(counting)
        for counting in COUNTING
        if (knows_exclusions or counting not in EXCLUSIONS)
        and (is_sqlite or not counting.is_for_sqlite)
        and not any(table in counting.statements[0] for table in lacking)
    ]
    for counting in wanted:
        if is_sqlite:
            _put_on_sqlite(connection, counting)
        else:
            _put_on_postgres(connection, counting)
    return {counting.name for counting in wanted}


def _before_exclusions(counting: _Counting) -> _Counting:
    """The same for a schema in which every sentence is part of its article."""
    asked = re.compile(r" AND NOT \w+\.is_excluded")
    statements = tuple(asked.sub("", statement) for statement in counting.statements)
    return replace(counting, condition=asked.sub("", counting.condition), statements=statements)


def _put_on_sqlite(connection: Connection, counting: _Counting) -> None:
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {counting.name}")
    connection.exec_driver_sql(
        f"CREATE TRIGGER {counting.name} AFTER {counting.after} ON {counting.on} WHEN {counting.condition} "
        f"BEGIN {'; '.join(counting.statements)}; END"
    )


def _put_on_postgres(connection: Connection, counting: _Counting) -> None:
    """The condition is asked inside the function, since one of PostgreSQL's triggers may not look at other rows."""
    after, fires = counting.after, "FOR EACH ROW"
    does = f"IF {counting.condition} THEN {'; '.join(counting.statements)}; END IF"
    if counting.at_once:
        after = counting.after.split()[0]  # such a trigger takes no columns
        gone = "OLD TABLE AS gone " if after == "UPDATE" else ""
        does, fires = counting.at_once, f"REFERENCING {gone}NEW TABLE AS added FOR EACH STATEMENT"
    connection.exec_driver_sql(
        f"CREATE OR REPLACE FUNCTION {counting.name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {does}; RETURN NULL; END $$"
    )
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {counting.name} ON {counting.on}")
    connection.exec_driver_sql(
        f"CREATE TRIGGER {counting.name} AFTER {after} ON {counting.on} {fires} EXECUTE FUNCTION {counting.name}()"
    )


# ---- made anew

SENTENCES = (
    "(SELECT count(*) FROM sentence WHERE sentence.article_id = article.id AND sentence.retired_in IS NULL "
    "AND NOT sentence.is_excluded)"
)
ANSWERED = (
    "(SELECT count(*) FROM sentence JOIN annotation ON annotation.sentence_id = sentence.id "
    "AND annotation.assignment_id = assignment.id AND annotation.is_current "
    "WHERE sentence.article_id = assignment.article_id AND sentence.retired_in IS NULL "
    "AND NOT sentence.is_excluded AND annotation.tag IS NOT NULL)"
)
COUNTED = {
    "project_count": "SELECT project_id, count(*) AS articles, sum(sentence_count) AS sentences "
    "FROM article WHERE trashed_at IS NULL GROUP BY project_id",
    "work_count": "SELECT round_id, pass, analyst_id, state, count(*) AS assignments, sum(answered) AS answered "
    f"FROM assignment WHERE {IS_LIVE.format('assignment')} GROUP BY round_id, pass, analyst_id, state",
    "day_count": f"SELECT article.project_id, annotation.analyst_id, {DAY.format('annotation.')} AS day, "
    "count(*) AS answers FROM annotation "
    "JOIN sentence ON sentence.id = annotation.sentence_id JOIN article ON article.id = sentence.article_id "
    f"WHERE article.trashed_at IS NULL AND {BEGAN} "
    f"GROUP BY article.project_id, annotation.analyst_id, {DAY.format('annotation.')}",
    "day_sentences": f"SELECT article.project_id, {DAY.format('annotation.')} AS day, count(*) AS sentences "
    "FROM annotation JOIN sentence ON sentence.id = annotation.sentence_id "
    "JOIN article ON article.id = sentence.article_id "
    f"WHERE article.trashed_at IS NULL AND {IS_FIRST.format('annotation.')} "
    f"GROUP BY article.project_id, {DAY.format('annotation.')}",
    "entry_count": " UNION ALL ".join(
        f"SELECT {kind}.project_id, '{kind}' AS kind, {kind}.maker_id, newest.is_published, count(*) AS entries "
        f"FROM {kind} JOIN {revisions} AS newest ON newest.{kind}_id = {kind}.id "
        "WHERE newest.is_current AND newest.withdrawn_why IS NULL "
        f"GROUP BY {kind}.project_id, {kind}.maker_id, newest.is_published"
        for kind, revisions in (("source", "source_entry"), ("claim", "claim_wording"))
    ),
    "outlet_count": "SELECT article.project_id, article.outlet, mention.author_id, count(*) AS mentions "
    f"FROM claim_mention AS mention JOIN sentence ON sentence.id = mention.sentence_id {OF_OUTLET} "
    "WHERE mention.is_current AND mention.withdrawn_why IS NULL "
    "GROUP BY article.project_id, article.outlet, mention.author_id",
}
"""What each of these tables holds, from the rows that it counts; a row of noughts tells the same as none."""
COLUMNS = {
    "project_count": ("project_id", "articles", "sentences"),
    "work_count": ("round_id", "pass", "analyst_id", "state", "assignments", "answered"),
    "day_count": ("project_id", "analyst_id", "day", "answers"),
    "day_sentences": ("project_id", "day", "sentences"),
    "entry_count": ("project_id", "kind", "maker_id", "is_published", "entries"),
    "outlet_count": ("project_id", "outlet", "author_id", "mentions"),
}
IS_EXCLUDED = (
    "EXISTS (SELECT 1 FROM exclusion WHERE exclusion.sentence_id = sentence.id AND exclusion.is_current "
    "AND exclusion.why IS NOT NULL)"
)
RECOUNT = (
    f"UPDATE sentence SET is_excluded = {IS_EXCLUDED} WHERE is_excluded <> {IS_EXCLUDED}",
    f"UPDATE article SET sentence_count = {SENTENCES} WHERE sentence_count <> {SENTENCES}",
    f"UPDATE assignment SET answered = {ANSWERED} WHERE answered <> {ANSWERED}",
    *(
        statement
        for table, counted in COUNTED.items()
        for statement in (f"DELETE FROM {table}", f"INSERT INTO {table} ({', '.join(COLUMNS[table])}) {counted}")
    ),
)
"""What makes these counts anew, in this order."""
