"""The answers behind a profile, as far as the reader may see them, as sentences that the rules of a profile take."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from webapp import visibility
from webapp.accepted_chains import known_as
from webapp.claim_standing import merges_of_claims, standings
from webapp.db import db, in_parts
from webapp.domain.merges import root_of
from webapp.domain.profile import Judged, Profile, Said
from webapp.domain.sources import name_key
from webapp.domain.terms import Tag
from webapp.judgements import judgements
from webapp.merged_sources import merges_seen_by
from webapp.models import (
    Actor,
    Adjudication,
    Annotation,
    Article,
    Assignment,
    AttributionLink,
    ClaimMention,
    ClaimWording,
    Project,
    Sentence,
    SourceEntry,
)

Chain = tuple[Hashable, ...]
Columns = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Shown:
    """A profile for one reader."""

    profile: Profile
    is_own: bool
    """Made of the reader's own answers as they are now: of nobody else's that they may read was anything handed in."""
    names: Mapping[Hashable, str]
    """What the sources in it are called."""


def profile_of(reader: Actor, project: Project, articles: Sequence[Article]) -> Shown:
    """What these articles of one project come to, from all that was handed in and that the reader sees; where that is
    nothing, from the reader's own answers so far.
    """
    ids = [article.id for article in articles]
    answers = _answers(judgements(project, reader), ids)
    is_own = not answers and reader.id is not None
    if is_own:
        own = visibility.annotations_visible_to(reader, project).where(
            Annotation.analyst_id == reader.id, Annotation.tag.is_not(None), Sentence.is_counted
        )
        answers = _answers(own, ids)
    chains, names = _chains(reader, project, answers)
    said: dict[int, list[Said]] = {}
    for row in answers:
        said.setdefault(row.sentence_id, []).append(_said(row, chains.get(row.id, ())))
    return Shown(Profile(list(_judged(reader, project, articles, said))), is_own, names)


COLUMNS = (
    Annotation.id,
    Annotation.sentence_id,
    Annotation.analyst_id,
    Annotation.tag,
    Annotation.attributed_content,
    Annotation.source_type,
    Annotation.source_id,
    Annotation.source_text,
    Annotation.flag_loaded_language,
    Annotation.check_priority,
)


def _answers(query: Select[Annotation], article_ids: Sequence[int]) -> list[Columns]:
    return [
        row
        for some in in_parts(article_ids)
        for row in db.session.execute(
            query.where(Assignment.article_id.in_(some)).with_only_columns(*COLUMNS).order_by(Annotation.id)
        )
    ]


def _said(row: Columns, chain: Chain) -> Said:
    return Said(
        row.analyst_id,
        row.tag,
        row.attributed_content,
        row.source_type,
        chain,
        row.flag_loaded_language,
        row.check_priority,
    )


def _judged(
    reader: Actor, project: Project, articles: Sequence[Article], said: Mapping[int, list[Said]]
) -> Iterator[Judged]:
    settled = dict(_settled(reader, project, [article.id for article in articles]))
    claims = _claims(reader, project, [article.id for article in articles])
    outlets = known_as(db.session(), reader, project, [article.outlet for article in articles])
    rows: dict[int, list[Columns]] = {}
    for row in _sentences(articles):
        rows.setdefault(row.article_id, []).append(row)
    for article in articles:
        for index, row in enumerate(rows.get(article.id, []), start=1):
            if row.is_excluded:
                continue
            yield Judged(
                row.id,
                article.id,
                index,
                row.paragraph,
                article.text[row.start : row.end],
                tuple(said.get(row.id, ())),
                settled.get(row.id),
                tuple(claims.get(row.id, {}).items()),
                outlets.get(article.outlet, frozenset()),
            )


def _sentences(articles: Sequence[Article]) -> Iterator[Columns]:
    columns = (Sentence.article_id, Sentence.id, Sentence.start, Sentence.end, Sentence.paragraph, Sentence.is_excluded)
    live = select(*columns).where(Sentence.is_live).order_by(Sentence.article_id, Sentence.start)
    for some in in_parts([article.id for article in articles]):
        yield from db.session.execute(live.where(Sentence.article_id.in_(some)))


def _settled(reader: Actor, project: Project, article_ids: Sequence[int]) -> Iterator[tuple[int, Tag]]:
    gold = visibility.gold_visible_to(reader, project.running.id)
    for some in in_parts(article_ids):
        rows = gold.where(Sentence.article_id.in_(some)).with_only_columns(
            Adjudication.sentence_id, Adjudication.gold_tag
        )
        yield from ((sentence_id, tag) for sentence_id, tag in db.session.execute(rows))


def _claims(reader: Actor, project: Project, article_ids: Sequence[int]) -> dict[int, dict[Hashable, str]]:
    """By sentence the claims that it mentions and that stand, each by the one it was merged into, with its status."""
    mentions = (
        visibility.mentions_visible_to(reader)
        .join(ClaimWording, (ClaimWording.claim_id == ClaimMention.claim_id) & ClaimWording.is_current)
        .where(ClaimWording.withdrawn_why.is_(None), Sentence.is_live)
        .with_only_columns(ClaimMention.sentence_id, ClaimMention.claim_id)
        .order_by(ClaimMention.id)
    )
    pairs = [
        (sentence_id, claim_id)
        for some in in_parts(article_ids)
        for sentence_id, claim_id in db.session.execute(mentions.where(Sentence.article_id.in_(some)))
    ]
    if not pairs:
        return {}
    merges = merges_of_claims(reader, project.id)
    roots = {claim_id: root_of(claim_id, merges) for _, claim_id in pairs}
    stands = standings(db.session(), reader, sorted(set(roots.values())), merges)
    found: dict[int, dict[Hashable, str]] = {}
    for sentence_id, claim_id in pairs:
        found.setdefault(sentence_id, {})[roots[claim_id]] = stands[roots[claim_id]].status
    return found


# ---- who is named


def _chains(
    reader: Actor, project: Project, answers: Sequence[Columns]
) -> tuple[dict[int, Chain], dict[Hashable, str]]:
    """The chain of each attribution by its id, and what each source in them is called: entries of the registry, by the
    one they were merged into, and words as printed, compared as names are.
    """
    told = {row.id: [(row.source_id, row.source_text)] for row in answers if row.tag is Tag.ATTRIBUTION}
    for id_, links in _links(told):
        told[id_] = links
    merges = merges_seen_by(reader, project.id)
    names: dict[Hashable, str] = {}
    entries: set[UUID] = set()
    chains: dict[int, Chain] = {}
    for id_, links in told.items():
        chain: list[Hashable] = []
        for source_id, words in links:
            if source_id:
                chain.append(root := root_of(source_id, merges))
                entries.add(root)
            elif words and (key := name_key(words)):
                chain.append(key)
                names.setdefault(key, words)
        chains[id_] = tuple(chain)
    return chains, names | _called(reader, entries)


def _links(told: Iterable[int]) -> Iterator[tuple[int, list[tuple[UUID | None, str | None]]]]:
    found: dict[int, list[tuple[UUID | None, str | None]]] = {}
    links = select(AttributionLink.annotation_id, AttributionLink.source_id, AttributionLink.source_text).order_by(
        AttributionLink.annotation_id, AttributionLink.position
    )
    for some in in_parts(list(told)):
        for id_, source_id, words in db.session.execute(links.where(AttributionLink.annotation_id.in_(some))):
            found.setdefault(id_, []).append((source_id, words))
    yield from found.items()


def _called(reader: Actor, entries: set[UUID]) -> dict[Hashable, str]:
    found: dict[Hashable, str] = dict.fromkeys(entries, "a source without an entry")
    for some in in_parts(entries):
        rows = visibility.entries_visible_to(reader).where(SourceEntry.source_id.in_(some))
        for source_id, name in db.session.execute(rows.with_only_columns(SourceEntry.source_id, SourceEntry.name)):
            found[source_id] = name
    return found
