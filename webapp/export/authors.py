"""Who entered something, as the coder code, as far as the reader may know it."""

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, or_

from webapp import visibility
from webapp.models import Actor, Membership


def code_shown_to(
    reader: Actor, author_id: SQLColumnExpression[int], project_id: SQLColumnExpression[int]
) -> ColumnElement[str]:
    """The coder code of the author of something in a project, for those who may read what others entered there."""
    told = or_(author_id == reader.id, visibility.reads_everybodys(reader, project_id))
    return case((told, Membership.coder_code), else_="").label("coder_code")


def membership_of(
    author_id: SQLColumnExpression[int], project_id: SQLColumnExpression[int]
) -> tuple[type[Membership], ColumnElement[bool]]:
    """On which the author of something joins their membership of its project."""
    return Membership, and_(Membership.project_id == project_id, Membership.user_id == author_id)
