"""The claims shape: one row for each claim, with how it stands and what its records come to."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, type_coerce
from sqlalchemy.orm import Session

from webapp import visibility
from webapp.claim_standing import Standing, claims_with, counts_as_stored, families, merges_of_claims, standings
from webapp.db import read_connection
from webapp.domain.claims import DIVIDED
from webapp.domain.corroboration import Count, Tally, counted, proposed_by
from webapp.domain.export import Column
from webapp.domain.merges import root_of
from webapp.domain.moments import moment
from webapp.domain.terms import CorroborationStatus
from webapp.domain.uuids import dashed
from webapp.export.authors import code_shown_to, membership_of
from webapp.models import Actor, Claim, ClaimWording, Project

COLUMNS = (
    Column("claim_id", "uuid", "the claim, as other rows name it"),
    Column("claim", "text", "its wording now"),
    Column("coder_id", "text", "the pseudonym of who made it; empty in a blind analyst's file, but for their own"),
    Column("created_at", "time", "when it was made"),
    Column("withdrawn_why", "text", "why it was taken back as made by mistake; empty: it was not"),
    Column("published", "boolean", "whether a supervisor shows it to all analysts", allowed=("true", "false")),
    Column(
        "claim_merged_id",
        "uuid",
        "the claim that stands for it after merges, as far as who takes the file may know; itself where there is none",
    ),
    Column(
        "status",
        "text",
        f"how it stands: the settled status, else the one that all current assessments share, else `{DIVIDED}`",
        allowed=(*CorroborationStatus, DIVIDED),
    ),
    Column("settled", "boolean", "whether a supervisor settled it", allowed=("true", "false")),
    Column("reason", "text", "the supervisor's reason"),
    Column("n_assessments", "integer", "how many analysts have assessed it", "analysts"),
    Column("proposed_status", "text", "what the records propose", allowed=tuple(CorroborationStatus)),
    Column("n_items", "integer", "how many items of evidence it has", "items"),
    Column("n_origins", "integer", "from how many origins they come", "origins"),
    Column("independent_supporting", "integer", "credible independent origins that support it", "origins"),
    Column("independent_refuting", "integer", "credible independent origins that refute it", "origins"),
    Column("unknown_supporting", "integer", "credible supporting origins of unknown independence", "origins"),
    Column("unknown_refuting", "integer", "credible refuting origins of unknown independence", "origins"),
)
"""Columns may be added at the end, never moved or renamed."""

AT_ONCE = 1_000
"""Claims whose records are held at a time; of fewer most of the time would go into asking."""


def parts(project: Project, reader: Actor) -> Iterator[list[list[str]]]:
    """Rows of `COLUMNS`: the claims that the reader sees, oldest first."""
    merges = merges_of_claims(reader, project.id)
    into = {double.hex: into_id.hex for double, into_id in merges.items()}
    roots = {id_: dashed(root_of(id_, into)) for id_ in into}
    with read_connection() as connection, Session(connection) as session:
        noted = claims_with(session, reader, project.id, merges, notes=True)
        with_items = claims_with(session, reader, project.id, merges, evidence=True)
        query = _worded(reader).where(Claim.project_id == project.id)
        for rows in connection.execute(query.execution_options(yield_per=AT_ONCE)).partitions():
            ids = {row[0] for row in rows}
            standing = standings(session, reader, [*map(UUID, ids & noted)], merges)
            said = {id_.hex: how for id_, how in standing.items()}
            counts = counts_as_stored(session, reader, families(ids & with_items, into))
            yield [
                [*_cells(row, roots), *_records(said.get(row[0], NOTHING_SAID), counts.get(row[0], NO_ITEMS))]
                for row in rows
            ]


def _worded(reader: Actor) -> Select[*tuple[Any, ...]]:
    return (
        visibility.wordings_visible_to(reader)
        .outerjoin(*membership_of(Claim.maker_id, Claim.project_id))
        .with_only_columns(
            type_coerce(Claim.id, Text),
            ClaimWording.wording,
            code_shown_to(reader, Claim.maker_id, Claim.project_id),
            type_coerce(Claim.created_at, Text),
            ClaimWording.withdrawn_why,
            ClaimWording.is_published,
        )
        .order_by(Claim.created_at, Claim.id)
    )


def _records(how: Standing, count: Count) -> list[str]:
    proposed_status, sides = _told(count.tally)
    return [
        how.status,
        "true" if how.settled else "false",
        how.settled.reason if how.settled else "",
        str(len(how.assessed)),
        proposed_status,
        str(count.n_items),
        str(count.n_origins),
        *sides,
    ]


@lru_cache(maxsize=1_000)
def _told(tally: Tally) -> tuple[str, list[str]]:
    sides = tally.independent_supporting, tally.independent_refuting, tally.unknown_supporting, tally.unknown_refuting
    return proposed_by(tally).status.value, [str(number) for number in sides]


NOTHING_SAID, NO_ITEMS = Standing(), counted(())


def _cells(row: Any, roots: Mapping[str, str]) -> list[str]:
    stored, wording, coder, created_at, withdrawn_why, is_published = row
    id_ = dashed(stored)
    published = "true" if is_published else "false"
    return [id_, wording, coder or "", moment(created_at), withdrawn_why or "", published, roots.get(stored, id_)]
