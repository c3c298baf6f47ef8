"""Which articles that the reader may read share passages with one, and how much of each stands in the other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from sqlalchemy import func, select

from webapp import passage_index, visibility
from webapp.article_list import ListedArticle, listed_articles
from webapp.db import db
from webapp.domain.passage_hashes import passage_hashes
from webapp.domain.reuse import Passage, Reuse, Verdict, reuse
from webapp.models import Actor, Article

MOST_COMPARED = 12
"""Articles that are compared with one, those first with which it shares most."""
MOST_LETTERS = 150_000
"""Of texts that are compared word by word for one page; the share of others is estimated."""
LEAST = 0.05
"""Share of the one or the other from which on it is told."""


@dataclass(frozen=True)
class NearCopy:
    """Another article with the same passages; shares are 0…1, of words."""

    article: ListedArticle
    share: float
    """Of the article in hand, that stands in the other."""
    share_of_other: float | None = None
    verdict: Verdict | None = None
    """Whether the article in hand is made of the other; None where its share was estimated from the index alone."""

    @property
    def is_telling(self) -> bool:
        return max(self.share, self.share_of_other or 0) >= LEAST


def near_copies(article: Article, reader: Actor) -> list[NearCopy]:
    """Those that the reader may read, by how much of the article stands in them."""
    found = passage_index.sharing(db.session.connection(), article.project_id, passage_hashes(article.text))
    ids = [id_ for id_, hits in found.hits.most_common() if hits >= passage_index.FEWEST and id_ != article.id]
    lengths = _lengths(reader, ids)
    readable = [id_ for id_ in ids if id_ in lengths][:MOST_COMPARED]
    listed = listed_articles(readable)
    left = MOST_LETTERS
    told = []
    for id_ in readable:
        left -= len(article.text) + lengths[id_]
        if left >= 0:
            compared = _compared(article.text, _text_of(id_), found.common)
            told.append(NearCopy(listed[id_], compared.share_of_a, compared.share_of_b, compared.verdict))
        else:
            told.append(NearCopy(listed[id_], found.hits[id_] / found.looked_up))
    return sorted((one for one in told if one.is_telling), key=lambda one: (-one.share, one.article.id))


def compared_with(article: Article, other: Article) -> Reuse:
    """What two articles of one project share, but for what stands in most articles."""
    found = passage_index.sharing(db.session.connection(), article.project_id, passage_hashes(article.text))
    return _compared(article.text, other.text, found.common)


def _lengths(reader: Actor, ids: Sequence[int]) -> dict[int, int]:
    """The letters of those of the articles that the reader may read."""
    looked_at = ids[: passage_index.MOST_LOOKED_UP]
    readable = visibility.articles_visible_to(reader).where(Article.id.in_(looked_at))
    rows = db.session.execute(readable.with_only_columns(Article.id, func.length(Article.text)))
    return {id_: length for id_, length in rows}  # noqa: C416 (rows, not pairs)


def _text_of(article_id: int) -> str:
    return db.session.scalars(select(Article.text).where(Article.id == article_id)).one()


def _compared(text: str, other: str, common: Collection[int]) -> Reuse:
    found = reuse(text, other)
    return _without(found, text, set(common)) if common and found.passages else found


def _without(found: Reuse, text: str, common: set[int]) -> Reuse:
    """The same without the passages all of which most articles have."""
    kept = tuple(one for one in found.passages if not _is_common(text[one.a_start : one.a_end], common))
    if len(kept) == len(found.passages):
        return found
    left = sum(map(_letters, kept)) / sum(map(_letters, found.passages))
    verdict = found.verdict if kept else Verdict.NOT
    return replace(
        found, passages=kept, share_of_a=left * found.share_of_a, share_of_b=left * found.share_of_b, verdict=verdict
    )


def _is_common(passage: str, common: set[int]) -> bool:
    hashes = passage_hashes(passage)
    return bool(hashes) and common.issuperset(hashes)


def _letters(passage: Passage) -> int:
    return passage.a_end - passage.a_start


MOST_TOGETHER = 12
"""Articles that are compared each with each, the newest."""


def derived_among(article_ids: Collection[int], reader: Actor) -> dict[tuple[int, int], float]:
    """The pairs of near-copies among those of the articles that the reader may read: of each the shorter text and the
    longer one, of which it is made, wholly or partially, with the share of the shorter that stands there.
    """
    some = sorted(article_ids)[-MOST_TOGETHER:]
    rows = visibility.articles_visible_to(reader).where(Article.id.in_(some))
    texts = {article.id: article.text for article in db.session.scalars(rows.order_by(Article.id))}
    hashes = {id_: set(passage_hashes(text)) for id_, text in texts.items()}
    left = MOST_LETTERS
    found: dict[tuple[int, int], float] = {}
    for a, b in combinations(texts, 2):
        if len(hashes[a] & hashes[b]) < passage_index.FEWEST:
            continue
        left -= len(texts[a]) + len(texts[b])
        if left < 0:
            break
        one, other = (a, b) if len(hashes[a]) <= len(hashes[b]) else (b, a)
        compared = reuse(texts[one], texts[other])
        if compared.verdict is not Verdict.NOT:
            found[one, other] = compared.share_of_a
    return found
