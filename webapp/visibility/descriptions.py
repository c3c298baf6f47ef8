"""Who reads how the description of an article was amended, and why sentences are not part of it."""

from sqlalchemy import Select, select

from webapp.models import Actor, Article, DescriptionRevision, Exclusion, Role, Sentence
from webapp.visibility.projects import in_projects


def descriptions_visible_to(actor: Actor) -> Select[DescriptionRevision]:
    """All revisions, of articles that are not in the trash, for supervisors; what holds now stands at the article."""
    return (
        select(DescriptionRevision)
        .join(DescriptionRevision.article)
        .where(Article.is_live, in_projects(actor, Article.project_id, Role.SUPERVISOR))
    )


def exclusions_visible_to(actor: Actor) -> Select[Exclusion]:
    """The current ones for supervisors; that a sentence is not part of the article everybody sees at the sentence."""
    return (
        select(Exclusion)
        .join(Exclusion.sentence)
        .join(Sentence.article)
        .where(Exclusion.is_current, Article.is_live, in_projects(actor, Article.project_id, Role.SUPERVISOR))
    )
