"""The reliability shape: one row for each answer that the coefficients are made of; and the same for ReCal.

ReCal takes one column a coder, digits, no header, and no gaps: a line for each sentence that all of them answered.
"""

from collections.abc import Iterator
from functools import lru_cache

from webapp.db import read_connection
from webapp.domain.export import Cells, Column
from webapp.domain.terms import Tag
from webapp.export.columns import ARTICLE_ID, SENTENCE_ID, TAG_CODES, TAGS_BY_CODE
from webapp.export.counted import Counting
from webapp.export.wide import CODES, DISTINCT

COLUMNS = (
    ARTICLE_ID,
    SENTENCE_ID,
    Column("coder_id", "text", "the analyst's pseudonym in the project"),
    Column("tag", "text", "the tag as the first submission of the article has it", allowed=tuple(Tag)),
    Column("tag_code", "integer", f"the same as a number: {TAGS_BY_CODE}", allowed=TAG_CODES),
    Column("round", "text", "the round's name"),
    Column("pass", "integer", "1 for new work; of a repeat, which time the analyst has the article"),
)
"""Columns may be added at the end, never moved or renamed."""


def parts(counting: Counting, *, guard: bool = False) -> Iterator[str]:
    """Lines of `COLUMNS` as CSV, those of some articles at a time, in the order of sentences and coders."""
    cells, of_round = Cells(guard=guard), (counting.round_name, str(counting.wanted.number_of_pass))
    with read_connection() as connection:
        coders = counting.answers(connection).coders

        @lru_cache(DISTINCT)
        def ends(said: bytes) -> list[str]:
            """Of each answer the cells behind the sentence."""
            given = [(coder.code, place) for coder, place in zip(coders, said, strict=True) if place]
            return [cells([code, TAGS[place], CODES[place], *of_round]) for code, place in given]

        for sentences in counting.sentences(connection):
            yield "".join(
                f"{article},{number},{end}\r\n" for article, number, _, said in sentences for end in ends(said)
            )


def recal(counting: Counting) -> tuple[list[str], Iterator[str]]:
    """The file for ReCal: the codes of its columns, those of analysts with answers that count, and its lines."""
    with read_connection() as connection:
        counted = counting.answers(connection)
    is_answered_by_all = counted.all_counts.sum(axis=1) == len(counted.coders)
    return [coder.code for coder in counted.coders], _recal_lines(counting) if is_answered_by_all.any() else iter(())


def _recal_lines(counting: Counting) -> Iterator[str]:
    with read_connection() as connection:
        for sentences in counting.sentences(connection):
            yield "".join(f"{','.join(CODES[place] for place in said)}\r\n" for *_, said in sentences if all(said))


TAGS = ("", *(tag.value for tag in Tag))
