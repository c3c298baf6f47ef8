"""Which kind of file an upload is, by its name, and the way to read each."""

from dataclasses import replace

from webapp.domain import documents, intake
from webapp.domain.errors import BadArticle
from webapp.domain.intake import Description, Reading

TEXT, HTML = "text/plain", "text/html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV, JSONL = "text/csv", "application/jsonl"

BY_ENDING = {
    ".txt": TEXT,
    ".text": TEXT,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".docx": DOCX,
    ".csv": CSV,
    ".tsv": CSV,
    ".jsonl": JSONL,
    ".ndjson": JSONL,
}
ARTICLES = (TEXT, HTML, DOCX)
TABLES = (CSV, JSONL)


def media_type_of(file_name: str) -> str | None:
    """What the ending of the name says; None for an ending that is not known."""
    _, dot, ending = file_name.lower().rpartition(".")
    return BY_ENDING.get(dot + ending)


def reading_of(upload: bytes, media_type: str, encoding: str | None = None) -> Reading:
    """The text of one article's file. Raises BadArticle."""
    if media_type == DOCX:
        return documents.reading_of(upload)
    if media_type in TABLES:
        raise BadArticle("This is a table of articles; import it under “Many at once”.")
    return intake.reading_of(upload, media_type, encoding)


def completed(given: Description, reading: Reading) -> Description:
    """What a person wrote about the article, and for what they left blank, what the file says of itself."""
    own = {name: getattr(reading, name) for name in vars(given)}
    return replace(given, **{name: value for name, value in own.items() if getattr(given, name) is None})
