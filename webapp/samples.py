"""How the articles of a round came to be tagged: drawn by a plan, with a known chance, or otherwise."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, distinct, exists, func, select

from webapp import visibility
from webapp.db import db
from webapp.models import Actor, Assignment, Round, RoundArticle, is_held


@dataclass(frozen=True)
class Sample:
    """Of a round's frame: the articles that a plan knew."""

    drawn: int
    of: int
    strata: int
    seed: int
    by_hand: int
    """Articles that were handed out, or opened, and that no plan knew."""

    @property
    def sentence(self) -> str:
        """How the articles were drawn."""
        if self.drawn == self.of:
            told = f"All {self.of:,} articles of the frame were handed out"
        else:
            told = f"{self.drawn:,} of {self.of:,} articles were drawn at random (seed {self.seed})"
            if self.strata > 1:
                told += f", in proportion among {self.strata:,} strata"
        if self.by_hand:
            more = "1 more, which was" if self.by_hand == 1 else f"{self.by_hand:,} more, which were"
            told += (
                f"; {more} handed out by hand, {'has' if self.by_hand == 1 else 'have'} no known chance of being drawn"
            )
        return told + "."


UNKNOWN = "No plan drew the articles: they were handed out by hand or opened, and their chances are not known."


def frames_of(rounds: Collection[int]) -> dict[int, tuple[int, int]]:
    """Of each round with a frame, by id: how many of its articles were drawn, of how many."""
    drawn = func.sum(case((RoundArticle.drawn, 1), else_=0))
    counted = select(RoundArticle.round_id, drawn, func.count()).where(RoundArticle.round_id.in_(rounds))
    return {id_: (count, of) for id_, count, of in db.session.execute(counted.group_by(RoundArticle.round_id))}


def sample_of(round_: Round, reader: Actor) -> Sample | None:
    """How the round's articles were drawn; None where no plan was carried out."""
    drawn = func.coalesce(func.sum(case((RoundArticle.drawn, 1), else_=0)), 0)
    strata = func.count(distinct(RoundArticle.stratum))
    frame = visibility.frame_visible_to(reader, round_.id).with_only_columns(drawn, func.count(), strata)
    count, of, groups = db.session.execute(frame).one()
    if not of:
        return None
    known = exists().where(RoundArticle.round_id == round_.id, RoundArticle.article_id == Assignment.article_id)
    by_hand = select(func.count(distinct(Assignment.article_id))).where(
        Assignment.round_id == round_.id, is_held(), ~known
    )
    return Sample(count, of, groups, round_.plan_seed, db.session.scalar(by_hand) or 0)
