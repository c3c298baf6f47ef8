"""Which kind of file an upload is, by its name, and the way to read each."""

from webapp.domain.errors import BadArticle
from webapp.domain.intake import decoding, html, pdf, word
from webapp.domain.intake.text import ExtractedText, check_text

TEXT, HTML = "text/plain", "text/html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
CSV, JSONL = "text/csv", "application/jsonl"

BY_ENDING = {
    ".txt": TEXT,
    ".text": TEXT,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".docx": DOCX,
    ".pdf": PDF,
    ".csv": CSV,
    ".tsv": CSV,
    ".jsonl": JSONL,
    ".ndjson": JSONL,
}
ARTICLES = (TEXT, HTML, DOCX, PDF)
TABLES = (CSV, JSONL)


def media_type_of(file_name: str) -> str | None:
    """What the ending of the name says; None for an ending that is not known."""
    _, dot, ending = file_name.lower().rpartition(".")
    return BY_ENDING.get(dot + ending)


def extracted(
    upload: bytes, media_type: str, encoding: str | None = None, otherwise: str | None = None
) -> ExtractedText:
    """The text of one article's file; of an HTML page, its article alone. Raises BadArticle.

    `otherwise` is the encoding of a file that does not say its own; without one a guess is made, and said.
    """
    if media_type == DOCX:
        return word.extracted(upload)
    if media_type == PDF:
        return pdf.extracted(upload)
    if media_type in TABLES:
        raise BadArticle("This is a table of articles; import it under “Many at once”.")
    is_html = media_type == HTML
    file = decoding.decoded(upload, encoding, html=is_html, otherwise=otherwise)
    if is_html:
        text, description = html.article_of(file.text)
        return ExtractedText(text, file.encoding, file.had_bom, description, file.doubt)
    check_text(file.text)
    return ExtractedText(file.text, file.encoding, file.had_bom, doubt=file.doubt)


def doubt_about(upload: bytes, media_type: str) -> str | None:
    """Why nobody can be sure of the encoding of an article's file; None where there is nothing to ask."""
    return decoding.doubt_about(upload, html=media_type == HTML) if media_type in (TEXT, HTML) else None
