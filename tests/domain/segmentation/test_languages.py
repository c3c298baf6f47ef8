"""Sentence ends in the languages of news: forty sentences or more of each, a bar wherever the text must be split."""

from itertools import pairwise
from pathlib import Path

import pytest

from webapp.domain.errors import BadLanguage
from webapp.domain.segmentation import split
from webapp.domain.segmentation.languages import ENGLISH, LANGUAGES, Language, guessed, language_called

PROBES = {path.stem: path.read_text().splitlines() for path in (Path(__file__).parent / "probes").glob("*.txt")}
OTHERS = [pytest.param(one, id=one.code) for one in LANGUAGES.values() if one is not ENGLISH]


def bars(marked: str, language: Language | None) -> str:
    text = marked.replace("|", "")
    spans = split(text, language)
    gaps = [text[before.end : after.start] for before, after in pairwise(spans)]
    pieces = [text[span.start : span.end] for span in spans]
    return "".join(piece + gap + "|" for piece, gap in zip(pieces, gaps, strict=False)) + pieces[-1]


@pytest.mark.parametrize("language", OTHERS)
def test_of_forty_probes_of_a_language_nineteen_in_twenty_are_split_right(language: Language) -> None:
    probes = PROBES[language.code]
    wrong = [found for marked in probes if (found := bars(marked, language)) != marked]
    assert len(probes) >= 40
    assert len(wrong) <= len(probes) * 0.05, "\n".join(wrong)


@pytest.mark.parametrize("language", OTHERS)
def test_the_language_of_an_article_is_guessed_from_its_first_sentences(language: Language) -> None:
    assert guessed("\n".join(PROBES[language.code][:12])) is language


@pytest.mark.parametrize(
    "text",
    [
        "The minister said on Monday that it was not for him to say.",
        "Company X Inc. (NYSE: X) rose. Y Corp. (Nasdaq: Y) fell.",
        "Los Angeles and El Paso are in the news, said La Raza.",
        "Die Hard is a film that he had not seen.",
    ],
)
def test_english_is_not_mistaken_for_another_language(text: str) -> None:
    assert guessed(text) in (ENGLISH, None)


@pytest.mark.parametrize("text", ["", "12.5 %", "Xyzzy plugh.", "Уряд України обіцяє їм усе, і це є ґрунтом."])
def test_of_a_text_that_does_not_tell_no_language_is_guessed(text: str) -> None:
    assert guessed(text) is None


def test_a_code_may_name_a_region_and_one_without_rules_is_known_as_that() -> None:
    assert language_called("pt-BR") is LANGUAGES["pt"]
    assert language_called("DE") is LANGUAGES["de"]
    assert language_called("fi") is None
    with pytest.raises(BadLanguage, match="no code of a language"):
        language_called("German, please")


def test_whoever_knows_the_language_says_so_and_is_believed() -> None:
    assert len(split("Am 5. Juli.", LANGUAGES["de"])) == 1
    assert len(split("Am 5. Juli.", ENGLISH)) == 2
