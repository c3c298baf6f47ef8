"""Any text split into sentences: the command that others start for each of their files, so it loads little."""

import json
import sys
from typing import IO, Any

import click

from webapp.cli.group import encoding_option, main
from webapp.domain.errors import BadLanguage
from webapp.domain.intake.decoding import decoded
from webapp.domain.segmentation import split
from webapp.domain.segmentation.languages import LANGUAGES, Language, language_called

GENERAL = "Of the language “{code}” there are no rules; the text is split as English. There are some of {known}."


def _known_language(_context: click.Context, _option: click.Parameter, value: str | None) -> Language | None:
    if value is None:
        return None
    try:
        language = language_called(value)
    except BadLanguage as refused:
        raise click.BadParameter(str(refused)) from None
    if language is None:
        click.echo(GENERAL.format(code=value, known=", ".join(LANGUAGES)), err=True)
    return language or LANGUAGES["en"]


@main.command(name="split")
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--jsonl", is_flag=True, help='One {"text": …, "lang": …} a line in, one {"spans": [[start, end], …]} a line out.'
)
@click.option(
    "--lang",
    "language",
    callback=_known_language,
    help="Language of the text, such as en, de or pt-BR; guessed if left out.",
)
@encoding_option
def split_(file: IO[bytes], jsonl: bool, language: Language | None, encoding: str | None) -> None:
    """Split FILE, or standard input, into sentences: one a line, with its offsets in code points.

    A line of --jsonl may say its own language as "lang".
    """
    if jsonl:
        sys.exit(1 if _split_lines(file, language) else 0)
    read = decoded(file.read(), otherwise=encoding, largest=None)
    if read.doubt:
        click.echo(f"{read.doubt} It is read as {read.encoding}; say --encoding if that is wrong.", err=True)
    text = read.text
    for span in split(text, language):
        click.echo(f"{span.start}\t{span.end}\t{' '.join(text[span.start : span.end].split())}")


def _split_lines(file: IO[bytes], language: Language | None) -> int:
    """Answer line by line, each answer flushed; returns how many lines were refused."""
    refused = 0
    for line in file:
        try:
            answer = _answer(json.loads(line), language)
        except BadLanguage as unknown:
            refused += 1
            answer = {"error": str(unknown)}
        except (ValueError, KeyError, TypeError, RecursionError):
            refused += 1
            answer = {"error": 'This line is no JSON object with a string "text".'}
        click.echo(json.dumps(answer))
        sys.stdout.flush()
    return refused


def _answer(asked: dict[str, Any], language: Language | None) -> dict[str, Any]:
    """The spans of one line. Raises BadLanguage; TypeError and others for what is no such object."""
    text, code = asked["text"], asked.get("lang")
    if not isinstance(text, str):
        raise TypeError
    if code is not None and not isinstance(code, str):
        raise BadLanguage('"lang" is the code of a language as a string, such as "de".')
    if code:
        language = language_called(code) or LANGUAGES["en"]
    return {"spans": [[span.start, span.end] for span in split(text, language)]}
