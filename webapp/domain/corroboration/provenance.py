"""What is known of where items came from, told to the rule: accepted chains, and the outlet of the article itself."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from webapp.domain.corroboration.origins import Item
from webapp.domain.terms import Independence


class Piece(NamedTuple):
    """An item with its outlet, its date, and, where it is a sentence of the corpus, its article and its chain."""

    item: Item
    outlet: frozenset[Hashable] = frozenset()
    """All that its outlet is known as; two outlets are one where they share any of it."""
    published: str | None = None
    """A partial date."""
    article_id: int | None = None
    chain: tuple[Hashable | None, ...] = ()
    """The sources of its accepted chain, who said it first; None for a link that is words alone."""

    @property
    def passed_on_by(self) -> tuple[Hashable | None, ...]:
        """The chain without the outlet that prints it."""
        return tuple(source for source in self.chain if source not in self.outlet) if self.chain else ()


@dataclass(frozen=True)
class ClaimingArticle:
    """An article that makes or repeats the claim."""

    id: int
    outlet: frozenset[Hashable] = frozenset()
    published: str | None = None


def with_provenance(
    pieces: Sequence[Piece], articles: Sequence[ClaimingArticle]
) -> tuple[list[Item], list[tuple[str, str]]]:
    """The items as the rule takes them, and pairs of ids that have the same origin whatever the items say of it.

    Derived from the article is a sentence of it, a piece of its outlet that is not known to be later, and what its
    outlet said or passed on. Of the same origin are items whose chains share a source, and what that source printed
    itself.
    """
    items = [
        replace(piece.item, independence=Independence.DERIVED)
        if any(_is_derived(piece, article) for article in articles)
        else piece.item
        for piece in pieces
    ]
    return items, list(_of_one_origin(pieces))


def _is_derived(piece: Piece, article: ClaimingArticle) -> bool:
    if piece.article_id == article.id or not article.outlet.isdisjoint(piece.passed_on_by):
        return True
    return not article.outlet.isdisjoint(piece.outlet) and not _is_later(piece.published, article.published)


def _is_later(date: str | None, other: str | None) -> bool:
    """Whether a partial date is known to be later than another one."""
    if date is None or other is None:
        return False
    known = min(len(date), len(other))
    return date[:known] > other[:known]


def _of_one_origin(pieces: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """Each source that said or passed on an item ties all that it did so for, and what it printed itself."""
    first_of: dict[Hashable, str] = {}
    for piece in pieces:
        for source in piece.passed_on_by:
            if source is not None:
                yield first_of.setdefault(source, piece.item.id), piece.item.id
    for piece in pieces if first_of else ():
        for source in piece.outlet & first_of.keys():
            yield first_of[source], piece.item.id
