"""Names and addresses that look like others are refused, in one sentence."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.errors import DomainError
from webapp.domain.misleading import hidden_characters, mixed_scripts, without_hidden, words_of
from webapp.domain.plain_text import clear_name, web_address

HIDDEN = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2066\u2067\u2068\u2069\u061c\ufeff"
    "\u00ad\u034f\u115f\u3164\ufe0f\u180e\u2800\U000e0041"
)
LOOK_ALIKE = {"a": "а", "c": "с", "e": "е", "o": "о", "p": "р", "x": "х", "y": "у"}  # Cyrillic

LATIN = st.text("abcdefghijklmnopqrstuvwxyzäöüßéñçøłŠ", min_size=1, max_size=12)
WORDS = {
    "Latin": LATIN,
    "Cyrillic": st.text("абвгдежзийклмнопрстуфхцчшщьюяіїєґ", min_size=1, max_size=12),
    "Greek": st.text("αβγδεζηθικλμνξοπρστυφχψωάέή", min_size=1, max_size=12),
    "Arabic": st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويپچژگ", min_size=1, max_size=12),
    "Hebrew": st.text("אבגדהוזחטיכלמנסעפצקרשת", min_size=1, max_size=12),
    "Devanagari": st.text("कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह", min_size=1, max_size=12),
    "Japanese": st.text("山田太郎たろうタロウー々Ab", min_size=1, max_size=12),
    "Korean": st.text("김철수한국", min_size=1, max_size=12),
}
ANY_WORD = st.one_of(*WORDS.values())


def name(text):
    return clear_name(text, 200, DomainError)


@given(st.lists(ANY_WORD, min_size=1, max_size=5), st.sampled_from([" ", "-", "'", " & ", ". ", " 2 "]))
def test_words_of_one_script_each_are_taken_as_they_are(words, between):
    assert name(between.join(words)) == between.join(words)


@given(ANY_WORD, ANY_WORD, st.sampled_from(HIDDEN))
def test_a_hidden_character_at_either_end_or_between_words_is_refused(first, second, hidden):
    for text in (f"{hidden}{first}", f"{first}{hidden}", f"{first} {hidden}{second}", f"{first}{hidden} {second}"):
        with pytest.raises(DomainError, match="nobody sees"):
            name(text)


@given(LATIN, LATIN, st.sampled_from(HIDDEN))
def test_a_hidden_character_within_a_latin_word_is_refused_in_names_and_addresses(before, after, hidden):
    with pytest.raises(DomainError, match="nobody sees"):
        name(f"{before}{hidden}{after}")
    with pytest.raises(DomainError, match=r"nobody sees|no web address"):
        web_address(f"https://{before}{hidden}{after}.example/page", DomainError)
    with pytest.raises(DomainError, match="nobody sees"):
        web_address(f"https://news.example/{before}{hidden}{after}", DomainError)


@given(LATIN, st.sampled_from(sorted(LOOK_ALIKE.values())), LATIN)
def test_one_letter_of_another_script_in_a_word_is_refused(before, letter, after):
    for text in (f"{before}{letter}", f"{letter}{after}", f"{before}{letter}{after}"):
        with pytest.raises(DomainError, match="mixes letters of Cyrillic and Latin"):
            name(text)
        with pytest.raises(DomainError, match="mixes letters of Cyrillic and Latin"):
            web_address(f"https://www.{text}.example/", DomainError)


@given(st.text(max_size=60))
def test_what_is_taken_holds_nothing_hidden_and_no_mixed_word(text):
    try:
        taken = name(text)
    except DomainError as refused:
        assert len(str(refused).splitlines()) == 1
        assert hidden_characters(str(refused)) == []
    else:
        assert taken is None or (hidden_characters(taken), mixed_scripts(words_of(taken))) == ([], None)


@given(st.text(max_size=60))
def test_what_is_shown_of_a_text_hides_nothing(text):
    assert hidden_characters(without_hidden(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ólafur Þór",
        "Ольга Петрівна",
        "Nguyễn Văn Ánh",
        "Nguyễn".replace("ễ", unicodedata.normalize("NFD", "ễ")),
        "Jean-Luc O’Neill",
        "Анна Smith",
        "佐々木 ゆうこ",
        "ラーメン",
        "Tシャツ",
        "رسانه\u200cهای ایران",  # a joiner that parts a Persian word
        "क्\u200dषत्रिय",  # one after a virama
        "Study ❤\ufe0f 2",
        "👩\u200d💻",
        "1\ufe0f\u20e3 Pilot",
        "µ-Study 4",
        "Raʻiātea",
    ],
)
def test_names_as_people_write_them_are_taken(text):
    assert name(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "An\u200ba",
        "Ana\u202e",
        "Ana\u2066",
        "An\u00ada",
        "Ana\ufe0f",
        "دار\u200cا",  # nothing joins there anyway
        "قلم\u200c",
        "कख\u200dग",
        "👩\u200d",
        "раypal",
        "Αnna",  # a Greek capital first
        "Ana\x07",
    ],
)
def test_names_that_mislead_are_refused(text):
    with pytest.raises(DomainError, match=r"nobody sees|mixes letters"):
        name(text)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/page?q=1#part",
        "https://пример.example/страница",
        "https://日本語.example/ニュース",
        "https://fa.example/wiki/رسانه\u200cها",
        "http://[2001:db8::1]:8080/",
        "https://münchen.example/",
        "https://example.org/@somebody/1",
    ],
)
def test_addresses_that_show_where_they_lead_are_taken(address):
    assert web_address(address, DomainError) == address


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("https://аpple.example/", "mixes letters of Cyrillic and Latin"),
        ("https://pay-раl.example/", "mixes letters of Cyrillic and Latin"),
        ("https://evil.example/\u202egro.elpmaxe", "nobody sees"),
        ("https://ban\u200bk.example/", "nobody sees"),
        ("https://bank.example@evil.example/", "What stands before “@evil.example”"),
    ],
)
def test_addresses_that_mislead_are_refused(address, sentence):
    with pytest.raises(DomainError, match=sentence):
        web_address(address, DomainError)
