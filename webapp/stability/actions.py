"""Writes about repeats: articles handed to those who did them before, as if they were new."""

import secrets
from datetime import timedelta
from random import Random

from sqlalchemy import insert, select

from webapp import standings
from webapp.db import db_write, lock_rows, now
from webapp.domain.errors import BadPlan
from webapp.domain.sampling import draw_for_each
from webapp.models import Actor, Article, Assignment, Happening, Project, audit, tell
from webapp.stability import queries

NOTHING = (
    "No analyst handed in an article {days} or more ago that they have not done twice already; choose fewer days, or "
    "wait."
)


def hand_out_repeats(project: Project, days: int, each: int, by: Actor, seed: int | None = None) -> tuple[int, int]:
    """Give each analyst so many of the articles once more that they handed in so many days ago or longer, drawn at
    random; returns how many articles, to how many analysts. Raises BadPlan.

    The work is a later pass of the running round, so that no figure about several analysts counts it.
    """
    if days < 0 or each < 1:
        raise BadPlan("Write how many days must have passed, 0 or more, and how many articles each gets, 1 or more.")
    seed = secrets.randbelow(2**31) if seed is None else seed
    project_id, round_id = project.id, project.running.id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.project_id == project_id).order_by(Article.id))
        frames = queries.may_be_done_again(project, now() - timedelta(days=days))
        drawn = draw_for_each(frames, each, seed=seed)
        if not drawn:
            raise BadPlan(NOTHING.format(days="1 day" if days == 1 else f"{days:,} days"))
        articles = sorted({article_id for ids in drawn.values() for article_id in ids})
        passes, chance = queries.passes_of(articles, list(drawn)), Random(seed)
        added = [
            {
                "round_id": round_id,
                "article_id": article_id,
                "analyst_id": analyst_id,
                "pass_": passes[article_id, analyst_id] + 1,
                "position": chance.randrange(1, 1_000),
            }
            for analyst_id, ids in drawn.items()
            for article_id in ids
        ]
        session.execute(insert(Assignment), added)
        for analyst_id, ids in drawn.items():
            tell(session, by, [analyst_id], Happening.ASSIGNED, round_id, ids)
        told = {"days": days, "each": each, "seed": seed, "of": {str(id_): len(ids) for id_, ids in frames.items()}}
        audit(session, by, "repeats handed out", project_id=project_id, assignments=len(added), **told)
        standings.note_change(session, project_id)
    return len(added), len(drawn)


def record_figures_taken(project: Project, reader: Actor) -> None:
    """Put on record that the person took the figures away as JSON."""
    with db_write() as session:
        audit(session, reader, "exported", project_id=project.id, shape="stability", format="json")
