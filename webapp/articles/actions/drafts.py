"""One article comes in: a draft, and the article with its sentences made of it."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from webapp import passage_index, standings, word_index
from webapp.db import db_write, lock_rows, now
from webapp.domain.errors import BadArticle, BadRepair
from webapp.domain.folded_words import folded_sentences
from webapp.domain.intake import formats
from webapp.domain.intake.decoding import doubtful
from webapp.domain.intake.description import DESCRIBED, Description, address_key, completed
from webapp.domain.intake.text import ExtractedText, pasted, sha256
from webapp.domain.not_part import proposed
from webapp.domain.passage_hashes import hashes_of_all
from webapp.domain.plain_text import storable
from webapp.domain.repair import Kind, merge, move_boundary, split_at
from webapp.domain.segmentation import Sentences, sentences
from webapp.domain.spans import Span
from webapp.domain.terms import NotPart
from webapp.linked_editions import link_editions
from webapp.models import (
    SHELL,
    Actor,
    Article,
    Draft,
    Exclusion,
    Project,
    Sentence,
    User,
    audit,
    audit_many,
    live_sentences,
)
from webapp.models.conflicts import AlreadyImported
from webapp.prepared import Prepared
from webapp.standing_plan import hand_out_new

KEPT = (
    "text",
    "text_sha256",
    "encoding",
    "had_bom",
    "media_type",
    "file_name",
    "original",
    "original_sha256",
    *DESCRIBED,
)
"""What a draft hands on to its article."""

MOST_SENTENCES = 20_000
MOST_MARKS = 100_000
"""Runs of full stops and the like: each may end a sentence, so that more than prose has keep the splitter busy."""
_MARKS = re.compile("[.!?…]+")
PASTED = "pasted"
"""In place of an encoding."""

Values = dict[str, Any]


# ---- from what comes in to the values of an article


def values_of_pasted(text: str, description: Description) -> Values:
    """Raises BadArticle."""
    text = pasted(text)
    return _values(ExtractedText(text, PASTED), text.encode(), formats.TEXT, None, description)


def values_of_row(text: str, description: Description) -> Values:
    """The article in a row of a table, whose text is kept as it stands there."""
    return _values(ExtractedText(text, "row of a table"), text.encode(), formats.TEXT, None, description)


def values_of_upload(
    upload: bytes,
    file_name: str,
    description: Description,
    encoding: str | None = None,
    *,
    otherwise: str | None = None,
    may_guess: bool = False,
) -> Values:
    """A file of an unknown ending is read as text, one that does not say its encoding in that of `otherwise`.

    Raises BadArticle; DoubtfulEncoding where the encoding could only be guessed and that is not wanted.
    """
    media_type = formats.media_type_of(file_name) or formats.TEXT
    extracted = formats.extracted(upload, media_type, encoding, otherwise)
    if extracted.doubt and not may_guess:
        raise doubtful(extracted.doubt, extracted.encoding)
    return _values(extracted, upload, media_type, storable(file_name)[-200:] or None, description)


def _values(
    extracted: ExtractedText, original: bytes, media_type: str, file_name: str | None, description: Description
) -> Values:
    return {
        "text": extracted.text,
        "text_sha256": sha256(extracted.text),
        "encoding": extracted.encoding,
        "had_bom": extracted.had_bom,
        "media_type": media_type,
        "file_name": file_name,
        "original": original,
        "original_sha256": hashlib.sha256(original).hexdigest(),
        **vars(completed(description, extracted.description)),
    }


@dataclass(frozen=True)
class FoldedArticle:
    """An article that is split, its text folded for what finds it."""

    values: Values
    spans: Sequence[Span]
    sentences: Sequence[str]
    """Each folded loosely, for the index of words."""
    words: str
    """Of the whole text, folded likewise, of which the numbers of its passages are made."""


@dataclass(frozen=True)
class ReadyArticle:
    """An article as it is written: whatever is made of its text was made before the transaction."""

    values: Values
    spans: Sequence[Span]
    sentences: Sequence[str]
    hashes: Sequence[int]
    """For the index of passages."""


def folded_article(values: Values, split: Sentences) -> FoldedArticle:
    """The article whose text was split like this; its values come to hold the language and the key of the address."""
    known = {"language": split.language, "address_key": address_key(values["url"])}
    return FoldedArticle(values | known, split.spans, *folded_sentences(values["text"], split.spans))


def ready_articles(articles: Sequence[FoldedArticle]) -> list[ReadyArticle]:
    """The same with the numbers of their passages, which are made of many texts in hardly more time than of one."""
    hashes = hashes_of_all([article.words for article in articles])
    return [ReadyArticle(one.values, one.spans, one.sentences, of) for one, of in zip(articles, hashes, strict=True)]


def ready_article(values: Values, split: Sentences) -> ReadyArticle:
    """The article whose text was split like this."""
    [ready] = ready_articles([folded_article(values, split)])
    return ready


def sentences_in(text: str, language: str | None) -> Sentences:
    """The sentences of a text that may become an article, in the language of this code or the one that is guessed.

    Raises BadArticle for more than a desk can show.
    """
    if len(text) > MOST_MARKS and sum(1 for _ in islice(_MARKS.finditer(text), MOST_MARKS + 1)) > MOST_MARKS:
        raise BadArticle(f"The text has over {MOST_MARKS:,} full stops and question marks; split it, please.")
    found = sentences(text, language)
    if len(found.spans) > MOST_SENTENCES:
        raise BadArticle(
            f"The text has {len(found.spans):,} sentences; {MOST_SENTENCES:,} are the most. Split it, please."
        )
    return found


# ---- drafts


def keep_draft(project: Project, author: Actor, values: Values) -> Draft:
    """A draft, which waits for its author. Raises BadArticle, AlreadyImported."""
    split = sentences_in(values["text"], project.language)
    with db_write() as session:
        refuse_twice(session, project.id, values["text_sha256"])
        draft = Draft(project_id=project.id, user_id=author.user_id, language=split.language, **values)
        draft.spans = [list(span) for span in split.spans]
        session.add(draft)
    return draft


def draft_of_pasted(project: Project, author: Actor, text: str, description: Description) -> Draft:
    """A draft of pasted text. Raises BadArticle, AlreadyImported."""
    return keep_draft(project, author, values_of_pasted(text, description))


def draft_of_upload(project: Project, author: Actor, upload: bytes, file_name: str, description: Description) -> Draft:
    """A draft of an uploaded file. Raises BadArticle, AlreadyImported."""
    return keep_draft(project, author, values_of_upload(upload, file_name, description, may_guess=True))


def reread_draft(draft: Draft, encoding: str) -> None:
    """Read the draft's upload anew under another encoding. Raises BadArticle and leaves the draft alone."""
    extracted = formats.extracted(draft.original, draft.media_type, encoding)
    split = sentences_in(extracted.text, draft.language)
    with db_write():
        draft.text, draft.encoding, draft.had_bom = extracted.text, extracted.encoding, extracted.had_bom
        draft.text_sha256, draft.spans = sha256(extracted.text), [list(span) for span in split.spans]


def split_draft_as(draft: Draft, language: str) -> None:
    """Split the draft anew, by the rules of a language given by its code. Raises BadArticle."""
    split = sentences_in(draft.text, language)
    with db_write():
        draft.language, draft.spans = split.language, [list(span) for span in split.spans]


def repair_draft(draft: Draft, kind: Kind, number: int, at: int, expected: int) -> None:
    """Split the sentence of this number, from 1, at an offset of the text, merge it with the next, or move the boundary
    between them.

    Raises BadRepair where the cut leaves nothing, there is no such sentence, or there are not `expected` any more.
    """
    with db_write() as session:
        session.refresh(draft)
        spans = draft.sentences
        needed = 1 if kind is Kind.SPLIT else 2
        if len(spans) != expected or not 1 <= number <= len(spans) - needed + 1:
            raise BadRepair("The split is another one by now; look at it again before you repair it.")
        here = spans[number - 1]
        if kind is Kind.SPLIT:
            edit = split_at(draft.text, here, at)
        elif kind is Kind.MERGE:
            edit = merge(here, spans[number])
        else:
            edit = move_boundary(draft.text, here, spans[number], at)
        draft.spans = [list(span) for span in (*spans[: number - 1], *edit.after, *spans[number - 1 + needed :])]


def discard_draft(draft: Draft) -> None:
    with db_write() as session:
        session.delete(draft)


def doubt_about(draft: Draft) -> str | None:
    """Why the encoding of the draft's upload is not certain, as a sentence."""
    return None if draft.encoding == PASTED else formats.doubt_about(draft.original, draft.media_type)


def proposals_in(draft: Draft) -> dict[Span, NotPart]:
    """The sentences of a draft that look as if they were no part of the article, and what they look like."""
    spans = draft.sentences
    return {spans[n]: why for n, why in proposed(draft.text, spans).items()}


def save_draft(
    draft: Draft, by: Actor, *, looked_at: bool = False, left_out: Mapping[Span, bool] = MappingProxyType({})
) -> Article:
    """The article made of a draft, with its sentences; the draft is dropped. Raises AlreadyImported.

    `left_out` says of sentences that look as if they were no part of the article whether they are none; of others it
    stays open. An upload whose encoding is in doubt has to have been looked at. Raises BadArticle.
    """
    if not looked_at and doubt_about(draft):
        raise BadArticle("Look at the letters of the text first, and say that they are right.")
    article = ready_article({name: getattr(draft, name) for name in KEPT}, Sentences(draft.sentences, draft.language))
    proposals = proposals_in(draft) if left_out else {}
    said = {span: why if left_out[span] else None for span, why in proposals.items() if span in left_out}
    with db_write() as session:
        saved = insert_article(session, draft.project_id, by.user_id, by, article)
        if said:
            say_what_is_part(session, saved, by, said)
        session.delete(draft)
    return saved


def say_what_is_part(session: Session, article: Article, by: Actor, said: Mapping[Span, NotPart | None]) -> None:
    """Of sentences of an article that was made in this transaction whether they are part of it."""
    ids = {sentence.span: sentence.id for sentence in session.scalars(live_sentences(article.id))}
    for span, why in said.items():
        session.add(Exclusion(sentence_id=ids[span], why=why, author_id=by.user_id, version=1, client_id=uuid4()))
    session.flush()
    count, project_id = sum(why is not None for why in said.values()), article.project_id
    if count:
        audit(session, by, "sentences excluded", project_id=project_id, article_id=article.id, sentences=count)
        session.expire_all()  # triggers keep whether it counts, and how many do
        standings.follow(session, project_id, article_id=article.id)


def import_upload(project: Project, owner: User, upload: bytes, file_name: str, description: Description) -> Article:
    """The article of a file, which the shell imports for the owner.

    Raises BadArticle, AlreadyImported, DoubtfulEncoding.
    """
    values = values_of_upload(upload, file_name, description)
    article = ready_article(values, sentences_in(values["text"], project.language))
    with db_write() as session:
        return insert_article(session, project.id, owner.id, SHELL, article)


# ---- the article itself


def insert_article(session: Session, project_id: int, importer_id: int, by: Actor, article: ReadyArticle) -> Article:
    """An article with its sentences, within the transaction of `session`. Raises AlreadyImported."""
    refuse_twice(session, project_id, article.values["text_sha256"])
    [article_id] = insert_articles(session, project_id, importer_id, by, [article])
    return session.get_one(Article, article_id)


def insert_articles(
    session: Session,
    project_id: int,
    importer_id: int,
    by: Actor,
    articles: Sequence[ReadyArticle],
) -> list[int]:
    """Articles with their sentences, whose texts the project does not have yet; returns their ids in order.

    One statement a table: of article after article most of the time goes into the statements.
    """
    if not articles:
        return []
    connection = session.connection()
    about = {"project_id": project_id, "imported_by_id": importer_id, "created_at": now()}
    _INSERT_ARTICLES.run_many(
        connection, [about | {"sentence_count": len(article.spans)} | article.values for article in articles]
    )
    texts = [article.values["text_sha256"] for article in articles]
    ids = live_articles_of(session, project_id, texts)
    by_id = {ids[text]: article for text, article in zip(texts, articles, strict=True)}
    sentences = [
        {"article_id": article_id, "start": start, "end": end, "paragraph": paragraph}
        for article_id, article in by_id.items()
        for start, end, paragraph in article.spans
    ]
    _INSERT_SENTENCES.run_many(connection, sentences)
    word_index.add_articles(connection, {article_id: article.sentences for article_id, article in by_id.items()})
    word_index.add_titles(connection, ((article_id, article.values["title"]) for article_id, article in by_id.items()))
    passage_index.add(connection, project_id, {article_id: article.hashes for article_id, article in by_id.items()})
    audit_many(
        session,
        by,
        "article imported",
        [{"article_id": article_id, "sentences": len(article.spans)} for article_id, article in by_id.items()],
        project_id=project_id,
    )
    link_editions(session, project_id, by, {id_: article.values["address_key"] for id_, article in by_id.items()})
    hand_out_new(session, project_id, list(by_id), by)
    return list(by_id)


_ABOUT = ("project_id", "imported_by_id", "language", "address_key", "created_at", "sentence_count")
_INSERT_ARTICLES = Prepared(
    insert(Article).inline().values(segmentation_version=1, **{name: bindparam(name) for name in (*_ABOUT, *KEPT)})
)
_INSERT_SENTENCES = Prepared(
    insert(Sentence)
    .inline()
    .values(added_in=1, **{name: bindparam(name) for name in ("article_id", "start", "end", "paragraph")})
)


def live_articles_of(session: Session, project_id: int, texts: Collection[str]) -> dict[str, int]:
    """By the hashes of texts, the live articles of the project that have them."""
    given = {"project_id": project_id, "texts": list(texts)}
    return dict(session.connection().execute(_LIVE, given).all())


_LIVE = select(Article.text_sha256, Article.id).where(
    Article.project_id == bindparam("project_id"),
    Article.text_sha256.in_(bindparam("texts", expanding=True)),
    Article.is_live,
)


def refuse_twice(session: Session, project_id: int, text_sha256: str) -> None:
    """Raises AlreadyImported when the project has a live article of this text."""
    first = session.scalar(
        select(Article).where(Article.project_id == project_id, Article.text_sha256 == text_sha256, Article.is_live)
    )
    if first is not None:
        raise AlreadyImported(first.id, first.display_title)


def trash_article(article: Article, by: Actor) -> None:
    """Put the article into the trash: it takes no more writes and is in no count, until it is restored."""
    article_id = article.id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id == article_id))
        if not article.is_live:
            return
        article.trashed_at = now()
        audit(session, by, "article trashed", project_id=article.project_id, article_id=article.id)
        standings.follow(session, article.project_id, article_id=article_id)


def restore_article(article: Article, by: Actor) -> None:
    """Take the article out of the trash. Raises AlreadyImported when its text was imported again meanwhile."""
    article_id = article.id
    with db_write() as session:
        lock_rows(session, select(Article.id).where(Article.id == article_id))
        refuse_twice(session, article.project_id, article.text_sha256)
        article.trashed_at = None
        audit(session, by, "article restored", project_id=article.project_id, article_id=article.id)
        standings.follow(session, article.project_id, article_id=article_id)
