"""Who reads how the description of an article was amended."""

from sqlalchemy import Select, select

from webapp.models import Actor, Article, DescriptionRevision, Role
from webapp.visibility.projects import in_projects


def descriptions_visible_to(actor: Actor) -> Select[DescriptionRevision]:
    """All revisions, of articles that are not in the trash, for supervisors; what holds now stands at the article."""
    return (
        select(DescriptionRevision)
        .join(DescriptionRevision.article)
        .where(Article.is_live, in_projects(actor, Article.project_id, Role.SUPERVISOR))
    )
