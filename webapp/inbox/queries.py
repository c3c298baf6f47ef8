"""Reads of the inbox: a page of what happened, the newest first, and how much of it is unread."""

from dataclasses import dataclass

from sqlalchemy import select

from webapp import visibility
from webapp.article_list import ListedArticle, listed_articles
from webapp.db import db
from webapp.models import Actor, InboxEntry, Round
from webapp.paging import FIRST_PAGE, Asked, Order, Page, page_in_order


@dataclass(frozen=True)
class Told:
    """One thing that happened."""

    entry: InboxEntry
    project_id: int
    article: ListedArticle | None


def inbox(reader: Actor, asked: Asked = FIRST_PAGE) -> Page[Told]:
    order = Order((InboxEntry.at, InboxEntry.id), falls=True)
    page = page_in_order(visibility.inbox_of(reader), order, asked)
    entries = [row[0] for row in page]
    articles = listed_articles({entry.article_id for entry in entries if entry.article_id})
    rounds = {entry.round_id for entry in entries}
    of_rounds = db.session.execute(select(Round.id, Round.project_id).where(Round.id.in_(rounds)))
    projects = {row.id: row.project_id for row in of_rounds}
    told = [Told(entry, projects[entry.round_id], articles.get(entry.article_id or 0)) for entry in entries]
    return page.with_rows(told)
