"""Answers in a package are lines of CSV like any other, however often the same is said."""

import csv
import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.export.answer_lines import FIRST, LAST, AnswerLines, handed_in_lines
from webapp.export.records import RECORDS, cells_of
from webapp.models import Annotation

COLUMNS = [cell.column for record in RECORDS if record.model is Annotation for cell in cells_of(record)]
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from(',"\r\n'), max_size=9)
OF_TYPE = {
    "uuid": st.uuids().map(lambda one: one.hex),
    "boolean": st.sampled_from((0, 1)),
    "integer": st.integers(0, 9),
    "text": WORDS,
    "time": st.just("2026-11-28T09:10:11.000001Z"),
}
NEVER_EMPTY = {"id", "version", "client_id", "sentence_id", "assignment_id"}


def cells_in(column):
    known = OF_TYPE[column.type]
    return known if column.name in NEVER_EMPTY or column.type in ("boolean", "time") else st.none() | known


ANSWERS = st.tuples(*map(cells_in, COLUMNS))


def as_csv(rows):
    """What the library writes of the same, with hyphens, and with words for what is true."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(
        [told(cell, column.type) for cell, column in zip(row, COLUMNS, strict=True)] for row in rows
    )
    return file.getvalue()


def told(cell, kind):
    if cell is None:
        return ""
    if kind == "uuid":
        return f"{cell[:8]}-{cell[8:12]}-{cell[12:16]}-{cell[16:20]}-{cell[20:]}"
    return ("false", "true")[cell] if kind == "boolean" else cell


@settings(deadline=None)
@given(st.lists(ANSWERS, max_size=3))
def test_answers_are_written_as_the_library_writes_them_the_second_time_too(rows):
    lines = AnswerLines(COLUMNS)
    read = [as_read(row) for row in rows]

    assert [lines(read), lines(read)] == [as_csv(rows)] * 2


def as_read(row):
    """The row with what the answer says in one cell."""
    return (*row[: len(FIRST)], json.dumps(row[len(FIRST) : -len(LAST)]), *row[-len(LAST) :])


HANDED_IN = st.tuples(st.sampled_from(["0" * 32, "0123456789abcdef" * 2]), st.integers(1, 2), st.integers(1, 9))


@given(st.lists(HANDED_IN))
def test_answers_that_were_handed_in_each_name_their_work_in_the_order_in_which_they_come(rows):
    lines = [f"{told(key, 'uuid')},{submission},{answer}\r\n" for key, submission, answer in rows]

    assert handed_in_lines(rows) == "".join(lines)
