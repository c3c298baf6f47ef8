"""From bytes to the text that is stored: encodings, refusals, and the prose of a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain import intake
from webapp.domain.errors import BadArticle

PROSE = "Die Brücke wurde am Dienstag geöffnet. „Endlich“, sagte der Bürgermeister der Stadt Köln. "


@pytest.mark.parametrize(
    ("upload", "encoding", "had_bom"),
    [
        (PROSE.encode(), "utf-8", False),
        (PROSE.encode("utf-8-sig"), "utf-8", True),
        (b"\xff\xfe" + PROSE.encode("utf-16-le"), "utf-16-le", True),
        (b"\xfe\xff" + PROSE.encode("utf-16-be"), "utf-16-be", True),
    ],
)
def test_the_encoding_is_detected_and_said(upload, encoding, had_bom):
    assert intake.decoded(upload) == intake.Decoded(PROSE, encoding, had_bom)


def test_text_of_a_windows_machine_keeps_its_quotes():
    text = "The mayor said: “We won’t wait – not a day.” " * 20

    assert intake.decoded(text.encode("windows-1252")).text == text


def test_a_person_may_choose_another_encoding():
    assert intake.decoded("Привет, мир".encode("koi8-r"), "koi8-r").text == "Привет, мир"


def test_an_encoding_that_does_not_fit_is_refused():
    with pytest.raises(BadArticle, match="not written in utf-8"):
        intake.decoded(b"caf\xe9 au lait", "utf-8")


def test_line_ends_and_blanks_of_a_file_stay_as_they_are():
    text = "  One.\r\n\r\n Two.\rThree.\u00a0\n"

    assert intake.reading_of(text.encode(), "text/plain").text == text


def test_pasted_text_has_line_feeds():
    assert intake.pasted("One.\r\nTwo.") == "One.\nTwo."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no text in it"),
        (" \n\u00a0", "no text in it"),
        ("… !", "no text in it"),
        ("a\x00b", "NUL"),
        ("a\ud800b", "lone surrogates"),
        ("x" * (5 * 1024 * 1024 + 1), "over 5 MB"),
        ("é" * (3 * 1024 * 1024), "over 5 MB"),
        ("ab\x01\x02\x03" * 10, "binary"),
    ],
)
def test_what_is_no_article_is_refused_in_one_sentence(text, sentence):
    with pytest.raises(BadArticle, match=sentence):
        intake.check_text(text)


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04....", "a ZIP or Office file"),
        (b"\x89PNG\r\n", "a picture"),
        (b"x" * (5 * 1024 * 1024 + 1), "5 MB"),
        (b"MZ\x90\x00\x03\x00\x00\x00" * 50, "NUL|binary"),
    ],
)
def test_a_file_that_is_no_text_is_named_for_what_it_is(upload, sentence):
    with pytest.raises(BadArticle, match=sentence):
        intake.reading_of(upload, "text/plain")


@given(st.binary(max_size=400))
def test_any_bytes_are_either_read_or_refused(upload):
    for media_type in ("text/plain", "text/html"):
        try:
            assert intake.reading_of(upload, media_type).text
        except BadArticle as refused:
            assert str(refused).endswith(".")


@pytest.mark.parametrize("date", ["2013", "2013-10", "2013-10-22", "2024-02-29", " 2013 "])
def test_a_date_may_be_partial(date):
    assert intake.partial_date(date) == date.strip()


@pytest.mark.parametrize("date", ["22 October", "2013-13", "2013-02-30", "2023-02-29", "0000", "２０１３"])
def test_what_is_no_date_is_refused(date):
    with pytest.raises(BadArticle, match="write it as 2013-10-22"):
        intake.partial_date(date)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "example.org", "http://", "https://a b.org", "http://[::1"])
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(BadArticle, match="no web address"):
        intake.described(url=url)


PAGE = """<!doctype html><html><head><title>Paper: The bridge</title><style>p {}</style></head><body>
<nav><a href="/">Home</a></nav><header><h1>The bridge  reopens</h1></header>
<p>It reopened on <b>Tues</b>day,<br>after a year.</p><script>track()</script>
<ul><li>One lane</li><li>One <i>toll</i></li></ul><p hidden>Subscribe!</p>
<aside>Read more</aside><p>Cars passed &amp; lorries did&nbsp;too.</p><!-- end --><footer>© Paper</footer></body></html>"""


def test_a_page_becomes_its_paragraphs_without_scripts_styles_and_navigation():
    page = intake.page_of(PAGE)

    assert page.title == "The bridge reopens"
    assert page.text.split("\n") == [
        "The bridge reopens",
        "It reopened on Tuesday,",
        "after a year.",
        "One lane",
        "One toll",
        "Cars passed & lorries did\u00a0too.",
    ]


def test_a_marked_article_is_read_alone():
    story = "<p>" + "The story goes on. " * 20 + "</p>"

    page = intake.page_of(f"<body><p>Cookies?</p><article>{story}</article><p>More</p></body>")

    assert "Cookies" not in page.text
    assert page.text.startswith("The story goes on.")


def test_a_page_may_nest_deeper_than_python_can_call():
    page = intake.page_of("<div>" * 20_000 + "deep down" + "</div>" * 20_000)

    assert page.text == "deep down"


def test_a_page_declares_its_encoding():
    page = '<meta charset="windows-1251"><p>' + "Мост открыт. " * 9 + "</p>"

    assert intake.reading_of(page.encode("windows-1251"), "text/html").text.startswith("Мост открыт.")
