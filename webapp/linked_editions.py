"""Links between editions: an article with the address of an earlier one of its project, and another text."""

from collections.abc import Mapping

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from webapp.models import Actor, Article, Edition, audit_many


def link_editions(session: Session, project_id: int, by: Actor, keys: Mapping[int, str | None]) -> None:
    """Of the articles that just came in, by id and key of their address: each is a later edition of the newest one
    before it that has its address."""
    wanted = {key for key in keys.values() if key}
    if not wanted:
        return
    before = select(Article.address_key, func.max(Article.id)).where(
        Article.project_id == project_id, Article.is_live, Article.address_key.in_(wanted), Article.id.not_in(keys)
    )
    newest = dict(session.execute(before.group_by(Article.address_key)).all())
    found = {}
    for article_id, key in keys.items():
        if key and (earlier_id := newest.get(key)):
            found[article_id] = earlier_id
        newest[key] = article_id
    _link(session, project_id, by, found)


def link_amended(session: Session, article: Article, by: Actor) -> None:
    """Of an article whose address was amended: it is a later edition of the newest one before it from there, and the
    first one after it from there is a later edition of it; what is linked already stays so."""
    if article.address_key is None:
        return
    others = (
        select(Article.id)
        .where(
            Article.project_id == article.project_id,
            Article.is_live,
            Article.address_key == article.address_key,
            Article.text_sha256 != article.text_sha256,
        )
        .limit(1)
    )
    earlier_id = session.scalar(others.where(Article.id < article.id).order_by(Article.id.desc()))
    later_id = session.scalar(others.where(Article.id > article.id).order_by(Article.id))
    wanted = {one: other for one, other in ((article.id, earlier_id), (later_id, article.id)) if one and other}
    linked = set(session.scalars(select(Edition.article_id).where(Edition.article_id.in_(wanted))))
    found = {one: other for one, other in wanted.items() if one not in linked}
    _link(session, article.project_id, by, found)


def _link(session: Session, project_id: int, by: Actor, found: Mapping[int, int]) -> None:
    """Of articles, by their ids, which is a later edition of which."""
    rows = [{"article_id": article_id, "earlier_id": earlier_id} for article_id, earlier_id in found.items()]
    if rows:
        session.execute(insert(Edition), rows)
        audit_many(session, by, "edition linked", rows, project_id=project_id)
