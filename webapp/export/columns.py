"""Columns that several shapes have."""

from webapp.domain.export import Column
from webapp.domain.terms import Tag

ARTICLE_ID = Column("article_id", "integer", "the article's number, which never changes")
ARTICLE_TITLE = Column("article_title", "text", "the article's title")
SENTENCE_ID = Column("sentence_id", "integer", "the sentence's number, which never changes")
SENTENCE_INDEX = Column("sentence_index", "integer", "the sentence's place in its article, from 1")
SPAN = (
    Column("char_start", "integer", "where the sentence begins in the article's stored text, from 0", "code points"),
    Column("char_end", "integer", "where it ends, behind its last character", "code points"),
    Column("text", "text", "the sentence, cut from the stored text"),
    Column("text_sha256", "text", "SHA-256 of the article's stored text in UTF-8, in hexadecimal digits"),
)

TAG_CODES = tuple(str(tag.code) for tag in Tag)
TAGS_BY_CODE = ", ".join(f"{tag.code} {tag}" for tag in Tag)
