"""The evidence shape: one row for each item, with all that its record holds."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Text, and_, case, func, select, type_coerce

from webapp import visibility
from webapp.db import read_connection
from webapp.domain.corroboration import EvidenceItem
from webapp.domain.export import Column
from webapp.domain.moments import moment
from webapp.domain.terms import Covers, Credibility, Independence, Reliability, Stance
from webapp.domain.uuids import dashed
from webapp.export.authors import code_shown_to, membership_of
from webapp.models import Actor, Article, Claim, Evidence, Project, Sentence

COLUMNS = (
    Column("evidence_id", "uuid", "the item"),
    Column("claim_id", "uuid", "the claim that it is for or against"),
    Column("stance", "text", "where it stands towards the claim", allowed=tuple(Stance)),
    Column("independence", "text", "whether it rests on something of its own", allowed=tuple(Independence)),
    Column("url", "text", "its address"),
    Column("description", "text", "what it is, where it has no address"),
    Column("title", "text", "its title"),
    Column("outlet", "text", "who published it"),
    Column("author", "text", "who wrote it"),
    Column("published_date", "date", "when it was published, as far as it is known"),
    Column("accessed_at", "date", "when somebody looked at it; of a web archive the moment of its capture, in UTC"),
    Column("archive_url", "text", "the address of an archived copy"),
    Column("quote", "text", "the passage relied on"),
    Column("origin", "text", "where it has it from"),
    Column("same_origin_as", "uuid", "another item of the claim that has the same origin"),
    Column("source_reliability", "text", "how far its source has earned trust", allowed=tuple(Reliability)),
    Column("information_credibility", "integer", "how far it stands on its own merits", allowed=tuple(Credibility)),
    Column("covers", "text", "how much of the claim it speaks to; empty: the whole", allowed=tuple(Covers)),
    Column("known_since", "date", "since when it has been known"),
    Column("note", "text", "what who entered it adds"),
    Column("sentence_id", "integer", "the sentence of the corpus that is the item"),
    Column("words", "text", "its words as they were when it was entered"),
    Column("coder_id", "text", "the pseudonym of who entered it; empty in a blind analyst's file, but for their own"),
    Column("withdrawn_why", "text", "why it was taken back as entered by mistake; empty: it was not"),
    Column("created_at", "time", "when this revision of it was saved"),
)
"""Columns may be added at the end, never moved or renamed."""

AT_ONCE = 1_000
LIVE = select(Article.id).where(Article.is_live)
"""Of an article in the trash no words go out."""
FIELDS = tuple(EvidenceItem.__dataclass_fields__)
_OTHER = FIELDS.index("same_origin_as")


def parts(project: Project, reader: Actor) -> Iterator[list[list[str]]]:
    """Rows of `COLUMNS`: the items that the reader sees, by claim, in the order in which they came."""
    query = (
        visibility.evidence_visible_to(reader)
        .outerjoin(*membership_of(Evidence.author_id, Claim.project_id))
        .outerjoin(Sentence, and_(Sentence.id == Evidence.sentence_id, Sentence.article_id.in_(LIVE)))
        .where(Claim.project_id == project.id)
        .with_only_columns(
            *(type_coerce(getattr(Evidence, name), Text) for name in ("evidence_id", "claim_id", *FIELDS)),
            func.coalesce(Sentence.number, Sentence.id),
            case((Sentence.id.is_not(None), Evidence.words)),
            code_shown_to(reader, Evidence.author_id, Claim.project_id),
            Evidence.withdrawn_why,
            type_coerce(Evidence.created_at, Text),
        )
        .order_by(Claim.created_at, Claim.id, Evidence.id)
    )
    with read_connection() as connection:
        found = connection.execute(query.execution_options(yield_per=AT_ONCE))
        for rows in found.partitions():
            yield [_cells(row) for row in rows]


def _cells(row: Any) -> list[str]:
    evidence_id, claim_id, *said = row
    *said, sentence, words, coder, withdrawn_why, created_at = ["" if value is None else value for value in said]
    said[_OTHER] = dashed(said[_OTHER] or None)
    return [
        dashed(evidence_id),
        dashed(claim_id),
        *said,
        str(sentence),
        words,
        coder,
        withdrawn_why,
        moment(created_at),
    ]
