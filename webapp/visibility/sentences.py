"""Which sentences a person answers, repairs and settles."""

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import contains_eager

from webapp.db import db
from webapp.domain.errors import NotFound
from webapp.models import Actor, Article, Sentence
from webapp.models.conflicts import Gone
from webapp.visibility.articles import article_to_supervise, articles_visible_to, may_tag
from webapp.visibility.rows import one


def sentence_to_tag(actor: Actor, sentence_id: int) -> Sentence:
    """The live sentence with its article, if the person may answer it. Raises NotFound; Gone for one in the trash."""
    require_sentence_to_tag(actor, sentence_id)
    return db.session.scalars(
        select(Sentence)
        .join(Sentence.article)
        .join(Article.project)
        .options(contains_eager(Sentence.article).contains_eager(Article.project))
        .where(Sentence.id == sentence_id)
    ).one()


def require_sentence_to_tag(actor: Actor, sentence_id: int) -> None:
    """Only the question whether the person may answer this sentence. Raises NotFound; Gone for one in the trash."""
    found = (
        db.session.connection()
        .execute(_MAY_ANSWER, {"sentence_id": sentence_id, "user_id": actor.user_id})
        .one_or_none()
    )
    if found is None:
        raise NotFound("There is no such sentence, or it is not shared with you, or it was split or merged meanwhile.")
    if not found.is_live:
        raise Gone


def sentence_to_read(actor: Actor, sentence_id: int) -> Sentence:
    """The sentence, also one that a repair replaced, of an article that the person reads. Raises NotFound."""
    sentence = one(select(Sentence).where(Sentence.id == sentence_id), "sentence")
    one(articles_visible_to(actor).where(Article.id == sentence.article_id), "sentence")
    return sentence


def sentence_to_repair(actor: Actor, sentence_id: int) -> Sentence:
    """The live sentence, if the person supervises its project. Raises NotFound."""
    sentence = one(select(Sentence).where(Sentence.id == sentence_id, Sentence.is_live), "sentence")
    article_to_supervise(actor, sentence.article_id)
    return sentence


def sentence_to_adjudicate(actor: Actor, sentence_id: int) -> Sentence:
    """The live sentence, if the person supervises its project. Raises NotFound."""
    return sentence_to_repair(actor, sentence_id)


# Asked with much of what the desk asks: it is built once.
_MAY_ANSWER = (
    select(Article.is_live.label("is_live"))
    .select_from(Sentence)
    .join(Sentence.article)
    .join(Article.project)
    .where(
        Sentence.id == bindparam("sentence_id"),
        Sentence.is_live,
        may_tag(bindparam("user_id", type_=Integer)),
    )
)
