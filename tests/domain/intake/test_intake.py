"""From bytes to the text that is stored: encodings, refusals, and the prose of a page."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.domain.errors import BadArticle
from webapp.domain.intake import decoding, formats, html
from webapp.domain.intake.description import LONGEST_TITLE, Description, described, self_described
from webapp.domain.intake.text import check_text, pasted

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
    assert decoding.decoded(upload) == decoding.Decoded(PROSE, encoding, had_bom)


def test_text_of_a_windows_machine_keeps_its_quotes():
    text = "The mayor said: “We won’t wait – not a day.” " * 20

    assert decoding.decoded(text.encode("windows-1252")).text == text


def test_a_person_may_choose_another_encoding():
    assert decoding.decoded("Привет, мир".encode("koi8-r"), "koi8-r").text == "Привет, мир"


def test_an_encoding_that_does_not_fit_is_refused():
    with pytest.raises(BadArticle, match="not written in utf-8"):
        decoding.decoded(b"caf\xe9 au lait", "utf-8")


def test_line_ends_and_blanks_of_a_file_stay_as_they_are():
    text = "  One.\r\n\r\n Two.\rThree.\u00a0\n"

    assert formats.extracted(text.encode(), "text/plain").text == text


def test_pasted_text_has_line_feeds():
    assert pasted("One.\r\nTwo.") == "One.\nTwo."


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
        check_text(text)


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
        formats.extracted(upload, "text/plain")


@settings(deadline=None)
@given(st.binary(max_size=400))
@example(b"<?xml")
def test_any_bytes_are_either_read_or_refused(upload):
    for media_type in ("text/plain", "text/html"):
        try:
            assert formats.extracted(upload, media_type).text
        except BadArticle as refused:
            assert str(refused).endswith(".")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://", "https://a b.org", "http://[::1"])
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(BadArticle, match="no web address"):
        described(Description(url=url))


PAGE = """<!doctype html><html><head><title>Paper: The bridge</title><style>p {}</style></head><body>
<nav><a href="/">Home</a></nav><header><h1>The bridge  reopens</h1></header>
<p>It reopened on <b>Tues</b>day,<br>after a year.</p><script>track()</script>
<ul><li>One lane</li><li>One <i>toll</i></li></ul><p hidden>Subscribe!</p>
<aside>Read more</aside><p>Cars passed &amp; lorries did&nbsp;too.</p><!-- end --><footer>© Paper</footer></body></html>"""


def test_a_page_becomes_its_paragraphs_without_scripts_styles_and_navigation():
    page = html.page_of(PAGE)

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

    page = html.page_of(f"<body><p>Cookies?</p><article>{story}</article><p>More</p></body>")

    assert "Cookies" not in page.text
    assert page.text.startswith("The story goes on.")


def test_a_picture_written_out_in_a_page_is_not_searched_for_the_article(monkeypatch):
    seen = []
    extract = html.bare_extraction
    monkeypatch.setattr(html, "bare_extraction", lambda tree, **how: seen.append(tree) or extract(tree, **how))
    picture = f'<img src="data:image/png;base64,{"A" * 20_000}" alt="A bridge">'
    text, _ = html.article_of(f"<body><article>{picture}<p>{'The story goes on. ' * 30}</p></article></body>")

    assert text.startswith("The story goes on.")
    assert [(image.get("src"), image.get("alt")) for image in seen[0].iter("img")] in ([], [(None, "A bridge")])
    assert all(len(value) <= html.LONGEST_ATTRIBUTE for element in seen[0].iter() for value in element.attrib.values())


def test_a_page_may_nest_deeper_than_python_can_call():
    page = html.page_of("<div>" * 20_000 + "deep down" + "</div>" * 20_000)

    assert page.text == "deep down"


def test_a_page_declares_its_encoding():
    page = '<meta charset="windows-1251"><p>' + "Мост открыт. " * 9 + "</p>"

    assert formats.extracted(page.encode("windows-1251"), "text/html").text.startswith("Мост открыт.")


SENTENCES = [
    "The council voted on Tuesday to reopen the old bridge over the river, nine months after it was closed.",
    "“We have waited long enough,” the mayor said, adding that lorries would have to stay away until spring.",
    "Engineers found cracks in two of the pillars last winter and put the cost of the work at three million euros.",
    "Shopkeepers on the left bank say that they lost a third of their customers while the bridge was shut.",
]
STORY = """<!doctype html><html><head><title>The bridge reopens | The Paper</title>
<meta property="og:title" content="The bridge reopens"><meta property="og:site_name" content="The Paper">
<meta name="author" content="Ann Bee and Çelik Öz"><link rel="canonical" href="https://paper.example/bridge">
<meta property="article:published_time" content="2013-10-22T10:00:00Z"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><p>{}</p><p>{}</p><p>{}<br>{}</p></article>
<div class="related"><a href="/a">Ten bridges you must see</a> <a href="/b">Why pillars crack</a></div>
<div class="comments"><p>First!</p></div><footer><p>© The Paper, all rights reserved.</p></footer></body></html>""".format(
    *SENTENCES
)


def test_an_uploaded_page_is_reduced_to_its_article_one_paragraph_a_line():
    assert formats.extracted(STORY.encode(), "text/html").text.split("\n") == SENTENCES


def test_an_uploaded_page_says_where_it_is_from():
    reading = formats.extracted(STORY.encode(), "text/html")

    assert reading.description == Description(
        "The bridge reopens", "The Paper", "Ann Bee; Çelik Öz", "https://paper.example/bridge", "2013-10-22"
    )


def test_reading_a_page_opens_no_connection(monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError("A page was read from the network.")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)

    assert formats.extracted(STORY.encode(), "text/html").text
    assert formats.extracted(b"http://example.org/page of news", "text/html").text.startswith("http")


def test_an_extraction_that_misses_most_of_the_prose_gives_way_to_the_whole_page(monkeypatch):
    def finds_little(tree, **options):
        return html.Document(title="The bridge", text="Subscribe!")

    monkeypatch.setattr(html, "bare_extraction", finds_little)

    reading = formats.extracted(STORY.encode(), "text/html")

    assert reading.text.split("\n")[0] == SENTENCES[0]
    assert reading.description.title == "The bridge"


def test_a_short_page_that_is_all_article_keeps_its_heading():
    page = f"<title>T</title><h1>The bridge</h1><script>x</script><p>{SENTENCES[0]}</p>"

    assert formats.extracted(page.encode(), "text/html").text == f"The bridge\n{SENTENCES[0]}"


def test_a_short_article_is_taken_out_of_a_page_full_of_links():
    links = "".join(f'<li><a href="/{n}">Another story of the day</a></li>' for n in range(30))
    page = f"<html><body><div><ul>{links}</ul></div><article><p>{SENTENCES[0]}</p></article></body></html>"

    assert formats.extracted(page.encode(), "text/html").text == SENTENCES[0]


def test_a_fragment_is_read_by_the_walk():
    assert formats.extracted(b"<h1>The bridge</h1>It reopened.", "text/html").text == "The bridge\nIt reopened."


def test_a_page_of_countless_elements_is_read_by_the_walk(monkeypatch):
    monkeypatch.delattr(html, "bare_extraction")

    text = formats.extracted(b"<html><body>" + b"<div><div>One line</div></div>" * 6_000, "text/html").text

    assert text == "\n".join(["One line"] * 6_000)


def test_what_a_file_says_of_itself_is_cut_or_dropped_rather_than_refused():
    description = self_described(
        Description("A \n title " + "x" * 600, " ", "Bee\x00", "javascript:alert(1)", "yesterday")
    )

    assert description.title.startswith("A title xxx")
    assert len(description.title) == LONGEST_TITLE
    assert (description.outlet, description.author) == (None, "Bee")
    assert (description.url, description.published) == (None, None)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2013-10-22T10:00:00+02:00", "2013-10-22"),
        ("2013-10", "2013-10"),
        ("2013-02-30", None),
        ("22.10.2013", None),
        ("2013-10-22x", None),
    ],
)
def test_the_date_of_a_file_is_iso_or_none(written, date):
    assert self_described(Description(published=written)).published == date
