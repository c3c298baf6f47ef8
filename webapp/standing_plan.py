"""The standing rule of a round: articles that come in are handed out at once, evenly, each to as many as it says."""

from collections import Counter
from collections.abc import Sequence
from random import Random

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from webapp.entry_tests import let_in
from webapp.models import (
    TAKEN_AWAY,
    Actor,
    Assignment,
    Happening,
    Membership,
    Round,
    RoundArticle,
    User,
    WorkCount,
    audit,
    tell,
)


def hand_out_new(session: Session, project_id: int, article_ids: Sequence[int], by: Actor) -> int:
    """Hand these new articles out, where the running round of their project has the rule; returns how many pieces.

    Each goes to the analysts who hold least at that moment, by lot where several do. All of them have the chance 1 of
    being drawn, which is kept as a plan keeps it. A round that asks for a test knows those alone who passed. Where
    there are fewer analysts than the round asks for, all get it.
    """
    ruled = select(Round).where(Round.project_id == project_id, Round.closed_at.is_(None), Round.hands_out_new)
    running = session.scalar(ruled)
    analysts = sorted(let_in(running, _analysts_in(session, project_id))) if running else []
    if running is None or not analysts or not article_ids:
        return 0
    loads, places = _loads(session, running.id), _places(session, running.id)
    work, of_analyst = [], dict[int, list[int]]()
    for article_id in article_ids:
        lot = Random(f"{running.plan_seed} {article_id}")
        for analyst_id in sorted(analysts, key=lambda one: (loads[one], lot.random()))[: running.overlap]:
            loads[analyst_id] += 1
            places[analyst_id] += 1
            of_analyst.setdefault(analyst_id, []).append(article_id)
            whose = {"round_id": running.id, "article_id": article_id, "analyst_id": analyst_id}
            work.append(whose | {"position": places[analyst_id]})
    of_frame = {"round_id": running.id, "drawn": True, "stratum": "", "places": 1, "among": 1}
    session.execute(insert(RoundArticle), [of_frame | {"article_id": article_id} for article_id in article_ids])
    session.execute(insert(Assignment), work)
    for analyst_id, articles in of_analyst.items():
        tell(session, by, [analyst_id], Happening.ASSIGNED, running.id, articles)
    told = {"round": running.name, "articles": len(article_ids), "assignments": len(work)}
    audit(session, by, "new articles handed out", project_id=project_id, **told)
    return len(work)


def _analysts_in(session: Session, project_id: int) -> list[int]:
    """The active analysts, by id."""
    members = select(Membership.user_id).join(User, User.id == Membership.user_id)
    active = members.where(Membership.project_id == project_id, Membership.is_analyst, User.deactivated_at.is_(None))
    return list(session.scalars(active.order_by(Membership.user_id)))


def _loads(session: Session, round_id: int) -> Counter[int]:
    """How many articles of the round each holds or has handed in."""
    held = select(WorkCount.analyst_id, func.sum(WorkCount.assignments)).where(
        WorkCount.round_id == round_id, WorkCount.pass_ == 1, WorkCount.state.not_in(TAKEN_AWAY)
    )
    rows = session.execute(held.group_by(WorkCount.analyst_id))
    return Counter({analyst_id: int(number) for analyst_id, number in rows})


def _places(session: Session, round_id: int) -> Counter[int]:
    """The last place in the order of each."""
    last = select(Assignment.analyst_id, func.max(Assignment.position)).where(Assignment.round_id == round_id)
    rows = session.execute(last.group_by(Assignment.analyst_id))
    return Counter({analyst_id: place or 0 for analyst_id, place in rows})
