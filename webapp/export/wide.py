"""The wide shape: one row for each sentence, one column for each analyst."""

from collections.abc import Iterator
from functools import lru_cache

from webapp.db import read_connection
from webapp.domain.export import Column
from webapp.domain.terms import Tag
from webapp.export.columns import ARTICLE_ID, SENTENCE_ID, SENTENCE_INDEX, TAG_CODES, TAGS_BY_CODE
from webapp.export.counted import Counting
from webapp.review.filters import Filter
from webapp.review.statistics import Coder

COLUMNS = (ARTICLE_ID, SENTENCE_ID, SENTENCE_INDEX)
"""The columns before those of the analysts."""


def column_of(code: str) -> Column:
    """The column of the analyst with this coder code."""
    return Column(code, "integer", f"the tag that this analyst gave: {TAGS_BY_CODE}", allowed=TAG_CODES)


def columns(wanted: Filter, coders: dict[int, Coder]) -> tuple[Column, ...]:
    """Those of the sentence, then one for each analyst that is wanted, by code."""
    codes = [coder.code for coder in coders.values() if not wanted.analyst or coder.code in wanted.analyst]
    return (*COLUMNS, *map(column_of, codes))


def parts(counting: Counting) -> Iterator[str]:
    """Analysts × sentences as CSV, some articles at a time: the code of each tag; what is not there is a gap."""
    names = [column.name for column in columns(counting.wanted, counting.coders)][len(COLUMNS) :]
    with read_connection() as connection:
        present = [coder.code for coder in counting.answers(connection).coders]
        places = [present.index(name) if name in present else None for name in names]

        @lru_cache(DISTINCT)
        def codes(said: bytes) -> str:
            return "".join("," if place is None else f",{CODES[said[place]]}" for place in places)

        for sentences in counting.sentences(connection):
            yield "".join(f"{article},{number},{place}{codes(said)}\r\n" for article, number, place, said in sentences)


CODES = ("", *(str(tag.code) for tag in Tag))
"""By the places of tags, from 1."""
DISTINCT = 20_000
"""Ways to judge a sentence whose cells are kept, as most come again."""
