"""What a file says of its encoding is believed; what it does not say is guessed and named as a guess."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.errors import BadArticle
from webapp.domain.intake import formats
from webapp.domain.intake.decoding import BROKEN_UTF8, ENCODINGS, NOT_SAID, decoded, doubt_about, telling_words

PROSE = "Die Brücke wurde am Dienstag geöffnet. „Endlich“, sagte der Bürgermeister. "

letters = st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Co", "Cn"])
beyond_ascii = st.characters(min_codepoint=0xA0, exclude_categories=["Cs", "Co", "Cn"])


@given(st.text(letters, min_size=1))
def test_what_is_valid_utf_8_is_never_asked_about(text):
    read = decoded(text.removeprefix("\ufeff").encode() or b"x")

    assert (read.encoding, read.doubt) == ("utf-8", None)
    assert doubt_about(text.encode()) is None


@settings(deadline=None)
@given(st.text(letters), beyond_ascii, st.text(letters), beyond_ascii, st.data())
def test_utf_8_cut_within_its_last_character_is_named_as_cut(before, first, between, last, data):
    whole = (before.removeprefix("\ufeff") + first + between).encode()
    piece = last.encode()[: data.draw(st.integers(1, len(last.encode()) - 1))]
    if whole.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return
    read = decoded(whole + piece)

    assert read.encoding == BROKEN_UTF8
    assert (
        read.doubt
        == f"The file is UTF-8 and ends within a character (byte {len(whole) + 1:,}); it may have been cut off."
    )
    assert read.text == whole.decode() + "\ufffd"


@settings(deadline=None)
@given(st.text(letters), st.lists(beyond_ascii, min_size=4), st.text(letters), st.sampled_from([0x80, 0xA9, 0xFF]))
def test_utf_8_with_one_broken_byte_is_named_and_nothing_else_is_lost(before, many, after, byte):
    start = (before.removeprefix("\ufeff") + "".join(many) + ".").encode()
    if start.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return
    read = decoded(start + bytes([byte]) + ("." + after).encode())

    assert read.encoding == BROKEN_UTF8
    assert read.doubt == f"The file is UTF-8 with a broken byte at {len(start) + 1:,}."
    assert read.text == start.decode() + "\ufffd." + after


@given(st.integers(0, len(PROSE.encode()) - 1), st.integers(0x80, 0xFF), st.data())
def test_one_byte_replaced_anywhere_in_prose_never_makes_it_another_language(place, byte, data):
    upload = bytearray((PROSE * 4).encode())
    upload[place] = byte
    read = decoded(bytes(upload))

    assert read.encoding in ("utf-8", BROKEN_UTF8)
    assert (read.doubt is None) == (read.encoding == "utf-8")
    assert read.text.endswith(PROSE)


@pytest.mark.parametrize("text", ["It was “", "It was –", "Caf\u00e9 ☕", "He said: 👍"])
@pytest.mark.parametrize("missing", [1, 2, 3])
def test_an_english_text_cut_in_its_only_special_character_is_utf_8(text, missing):
    upload = text.encode()[:-missing]
    if not upload.isascii():
        assert decoded(upload).encoding in ("utf-8", BROKEN_UTF8)


def test_a_cut_page_that_declares_utf_8_is_named_as_cut():
    page = '<meta charset="utf-8"><p>' + PROSE + "</p>"
    read = formats.extracted(page.encode()[: page.encode().index("ö".encode()) + 1], "text/html")

    assert read.encoding == BROKEN_UTF8
    assert "ends within a character" in read.doubt


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("windows-1252", "Le maire a déclaré : « L’été dernier, ça n’était pas prêt. »"),
        ("windows-1251", "Мост открыт для машин. Это третий раз."),
        ("koi8-r", "Мост открыт для машин. Это третий раз."),
        ("cp932", "東京都の新しい橋が火曜日に開通した。市長は「長い間待っていた」と述べた。"),
        ("gb18030", "橋樑在星期二重新開放。市長說我們等了很久了。"),
        ("cp949", "다리는 화요일에 다시 개통되었다. 시장은 오래 기다렸다고 말했다."),
    ],
)
def test_what_does_not_say_its_encoding_is_a_guess_that_is_never_taken_for_utf_8(encoding, text):
    for upload in (text.encode(encoding), (text * 20).encode(encoding)):
        read = decoded(upload)

        assert read.doubt == NOT_SAID
        assert read.encoding in ENCODINGS
        assert read.encoding not in ("utf-8", BROKEN_UTF8)
        assert decoded(upload, otherwise=encoding).text == upload.decode(encoding)
        assert decoded(upload, encoding).doubt is None


def test_an_encoding_for_what_does_not_say_its_own_leaves_alone_what_does():
    assert decoded(PROSE.encode(), otherwise="windows-1252").text == PROSE
    assert decoded(PROSE.encode("utf-8-sig"), otherwise="windows-1252").text == PROSE
    assert decoded(PROSE.encode("windows-1252"), otherwise="windows-1252").text == PROSE
    page = '<meta charset="koi8-r"><p>Мост открыт.'
    assert decoded(page.encode("koi8-r"), html=True, otherwise="windows-1252").text == page


def test_broken_utf_8_is_not_read_as_windows_text_because_other_files_are():
    cut = PROSE.encode() + "ö".encode()[:1]

    assert decoded(cut, otherwise="windows-1252").doubt
    taken = decoded(cut, otherwise=BROKEN_UTF8)
    assert (taken.text, taken.doubt) == (PROSE + "\ufffd", None)
    assert decoded(cut, "windows-1252").text.startswith("Die BrÃ¼cke")


def test_a_character_that_means_broken_in_a_whole_file_is_no_break():
    assert decoded("What was lost is � here.".encode()).doubt is None


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_say_their_encoding_or_come_with_a_doubt(upload):
    for html in (False, True):
        try:
            read = decoded(upload, html=html)
        except BadArticle:
            continue
        assert read.doubt == doubt_about(upload, html=html)
        if not read.doubt and not read.had_bom:
            assert read.text.encode(read.encoding) == upload


def test_the_words_that_tell_are_those_with_letters_beyond_ascii():
    assert telling_words("The naïve man in the café saw a naïve b\ufffdat.") == ["b\ufffdat.", "naïve", "café"]
