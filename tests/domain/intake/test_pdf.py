"""PDFs: the order in which they are read, what is left out, and files that cannot be read."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pdf_files import LEFT, PICTURE, RIGHT, TWO_COLUMNS, At, column, pdf
from webapp.domain.errors import BadArticle
from webapp.domain.intake import pdf as intake
from webapp.domain.intake.pdf import FAULTS, extracted
from webapp.domain.intake.pdf_layout import Page, Words, paragraphs
from webapp.domain.intake.pdf_reader import MOST_PAGES, Letter, _words, read

READ = [
    "The bridge is open again",
    "The bridge over the river was reopened on Tuesday, the town hall said. Lorries may cross it again, and two- and "
    "three-axled ones pay nothing until the New Year. “We waited a year,” said the mayor, who had promised it for the "
    "well-known fair of the Anglo-American society, which is held in May.",
    "Nobody spoke against it.",
]
SENTENCE = "The lorries went over the bridge again."


def lines(*pages, **options):
    return read(pdf(*pages, **options))["text"].split("\n")


def fault(upload):
    with pytest.raises(BadArticle) as refused:
        extracted(upload)
    return str(refused.value)


def test_a_pdf_gives_paragraphs_and_its_title():
    read_file = extracted(TWO_COLUMNS)

    assert read_file.text.split("\n") == READ
    assert (read_file.encoding, read_file.description.title, read_file.doubt) == ("pdf", "The bridge", None)


@pytest.mark.parametrize("title", ["Microsoft Word - bridge", "bridge_final.indd", "Untitled"])
def test_what_a_program_put_in_place_of_a_title_is_none(title, monkeypatch):
    monkeypatch.setattr(intake, "_told_by_reader", lambda _: {"text": SENTENCE, "title": title})

    assert extracted(b"").description.title is None


def test_columns_are_read_one_after_the_other_however_they_were_drawn():
    rows = [one for pair in zip(column(60, 660, *LEFT), column(310, 660, *RIGHT), strict=True) for one in pair]

    assert lines(rows) == lines(rows[::-1]) == lines([*column(60, 660, *LEFT), *column(310, 660, *RIGHT)])
    assert " ".join(lines(rows)).startswith("The bridge over the river was reopened on Tuesday")


def test_a_line_across_the_columns_ends_both():
    def side(x, y, word):
        return column(x, y, *(f"{word} {number} of a column of prose" for number in range(4)))

    page = [
        *side(60, 700, "First"),
        *side(310, 700, "Second"),
        At(60, 620, "And a line that goes from the one end of the page to the other, over both", 12),
        *side(60, 590, "Third"),
        *side(310, 590, "Fourth"),
    ]

    assert [line.split()[0] for line in lines(page)] == ["First", "And", "Third"]
    text = "\n".join(lines(page))
    assert sorted(("First 0", "Second 0", "And a", "Third 0", "Fourth 0"), key=text.index) == [
        "First 0", "Second 0", "And a", "Third 0", "Fourth 0",
    ]  # fmt: skip


def test_three_columns_are_three():
    places = [(40, "One"), (220, "Two"), (400, "Three")]
    page = [one for x, word in places for one in column(x, 700, *(f"{word} is a column of words" for _ in range(4)))]

    words = [word for word in " ".join(lines(page)).split() if word in ("One", "Two", "Three")]
    assert words == ["One"] * 4 + ["Two"] * 4 + ["Three"] * 4


def test_a_table_is_read_row_by_row():
    cells = [
        ("Port of departure", "Goods in thousands", "Ships under way"),
        ("Hamburg and Bremen", "12 400 in all months", "140 of them at sea"),
        ("Rotterdam, Antwerp", "31 000 in all months", "288 of them at sea"),
        ("Gdynia and Gdansk", "9 300 in all months", "77 of them at sea"),
    ]
    page = [*column(60, 760, SENTENCE, SENTENCE)]
    for place, row in enumerate(cells):
        page += [At(x, 700 - 14 * place, words) for x, words in zip((60, 240, 420), row, strict=True)]

    assert " ".join(" ".join(row) for row in cells) in " ".join(lines(page))


def test_a_paragraph_begins_behind_white_at_an_indent_and_after_a_short_line():
    full = "This is a line that reaches to the end of its column."
    page = [
        *column(60, 700, full, full),
        *column(60, 650, full, "It is short."),
        *column(60, 626, full, full),
        *column(72, 602, full),
        *column(60, 590, full),
    ]

    assert lines(page) == [f"{full} {full}", f"{full} It is short.", f"{full} {full}", f"{full} {full}"]


def test_headers_footers_and_page_numbers_are_left_out():
    def page(number):
        return [
            At(60, 815, f"Example Weekly · Issue {number + 40}", 8),
            At(60, 700, f"Article {'abcd'[number]} says this here."),
            At(60, 40, "www.example.org", 8),
            At(280, 25, f"- {number + 1} -", 8),
        ]

    assert lines(*map(page, range(4))) == [f"Article {letter} says this here." for letter in "abcd"]


def test_what_says_the_same_on_every_page_is_text_where_text_stands_further_out():
    def page(end):
        return [At(60, 80, "It was the same in 2013."), At(60, 68, f"It was {end}.")]

    assert lines(page("new"), page("old")) == [
        "It was the same in 2013. It was new.",
        "It was the same in 2013. It was old.",
    ]


def test_a_headline_over_two_columns_that_reaches_only_the_first_ends_both():
    def side(x, y, word):
        return column(x, y, *(f"{word} {number} of a column of prose" for number in range(4)))

    page = [*side(60, 700, "First"), *side(310, 700, "Second"), At(60, 625, "A headline", 16), *side(60, 600, "Third")]

    text = "\n".join(lines([*page, *side(310, 600, "Fourth")]))
    assert sorted(("First 0", "Second 0", "A headline", "Third 0", "Fourth 0"), key=text.index) == [
        "First 0", "Second 0", "A headline", "Third 0", "Fourth 0",
    ]  # fmt: skip


def test_the_number_of_a_single_page_is_left_out_and_numbers_in_the_text_stay():
    assert lines([At(60, 500, "1984"), At(60, 400, SENTENCE), At(280, 30, "Page 3 of 7")]) == ["1984", SENTENCE]


def test_words_that_are_drawn_one_by_one_are_one_line():
    assert lines([At(60, 700, "The"), At(80, 700, "bridge"), At(110.6, 700, "is open.")]) == ["The bridge is open."]


def test_a_mark_above_the_line_stays_in_it():
    assert lines([At(60, 700, "He said so"), At(109, 703, "2", 6), At(115, 700, "in May.")]) == ["He said so2 in May."]


@pytest.mark.parametrize("turn", ["1 0 0 1", "0 1 -1 0", "0 -1 1 0", "-1 0 0 -1"])
def test_a_page_that_lies_on_its_side_is_read_along_its_lines(turn):
    a, _, c, d = map(int, turn.split())
    page = [
        At(300 + 12 * n * -c, 400 - 12 * n * d, f"Line {('one', 'two', 'three')[n]} of it,", turn=turn)
        for n in range(3)
    ]

    assert lines([*page, At(20, 20, "beside", turn="-1 0 0 -1" if a == 1 else "1 0 0 1")]) == [
        "Line one of it, Line two of it, Line three of it,"
    ]


@pytest.mark.parametrize(
    ("first", "then", "joined"),
    [
        ("The bridge was re-", "opened then.", "The bridge was reopened then."),
        ("An Anglo-", "American bridge.", "An Anglo-American bridge."),
        ("The fleet of 1990-", "2000 went.", "The fleet of 1990-2000 went."),
        ("The two-", "or three-year plan.", "The two- or three-year plan."),
        ("It is well-known: a well-", "known bridge.", "It is well-known: a well-known bridge."),
        ("It ended -", "so they said.", "It ended - so they said."),
    ],
)
def test_a_word_that_a_line_end_cut_is_whole(first, then, joined):
    assert lines(column(60, 700, first, then)) == [joined]


def test_a_large_first_letter_begins_its_line_and_the_lines_beside_it_begin_under_it():
    page = [
        At(60, 660, "T", 40),
        *column(88, 684, "he bridge over the river is open again,", "and lorries may cross it as they did,"),
        *column(60, 660, "before it was shut for repairs in March."),
    ]

    assert lines([*page[:3], page[3]._replace(y=648)]) == [
        "The bridge over the river is open again, and lorries may cross it as they did, before it was shut for repairs in "
        "March."
    ]


def test_a_page_from_right_to_left_is_read_along_its_lines():
    def drawn(words, end, base):
        """From the right end on; figures and Latin letters go to the right, in one go."""
        found = []
        for word in words.split():
            some = word[::-1] if word.isascii() else word
            for place, letter in enumerate(some):
                found.append(Letter(letter, end - 5 * (place + 1), end - 5 * place, base, 10))
            end -= 5 * len(word) + 4
        return found

    letters = [*drawn("הגשר פתוח מאז 2013", 500, 700), *drawn("אמר Bee בעיר.", 500, 688)]
    assert paragraphs([Page(0, 842, _words(letters))]) == ["הגשר פתוח מאז 2013 אמר Bee בעיר."]
    assert paragraphs([Page(0, 842, _words(letters[::-1]))]) == ["הגשר פתוח מאז 2013 אמר Bee בעיר."]


def test_words_that_go_to_the_left_in_a_page_that_goes_to_the_right_are_read_from_their_right_end():
    def drawn(start, words, *, to_the_left=False):
        """In the order of the page, as most programs draw; spaces are white."""
        return [
            Letter(letter, start + 5 * place, start + 5 * place + 5, 700, 10)
            for place, letter in enumerate(words[::-1] if to_the_left else words)
            if letter != " "
        ]

    line = [("The paper", False), ("جريدة القدس", True), ("reports it.", False)]
    letters, start = [], 60
    for words, to_the_left in line:
        letters += drawn(start, words, to_the_left=to_the_left)
        start += 5 * (len(words) + 1)
    there = paragraphs([Page(0, 842, _words(letters))])
    assert there == ["The paper جريدة القدس reports it."]
    turned = [*letters[:8], *letters[8:18][::-1], *letters[18:]]  # drawn as they are read
    assert paragraphs([Page(0, 842, _words(turned))]) == there


def test_text_that_no_white_sets_apart_is_no_footer():
    def page(*last):
        return column(60, 160, "It is said here.", "It is said there.", *last, "It was so in 1913.", "It was so.")

    assert len(lines(page("One."), page("Two."), page("Three."))) == len(lines(page("One."))) * 3


def test_scripts_without_spaces_are_joined_without():
    words = [Words(60, 100, 700, 10, "大桥重新"), Words(60, 100, 688, 10, "开放了。")]

    assert paragraphs([Page(0, 842, words)]) == ["大桥重新开放了。"]


# ---- what is refused


def test_scanned_pages_are_refused_and_named():
    text = column(60, 700, SENTENCE, SENTENCE)

    assert fault(pdf([PICTURE])) == FAULTS["scanned"]
    assert read(pdf(text, [PICTURE], text, [PICTURE])) == {"fault": "scanned", "pages": [2, 4]}
    assert lines([PICTURE, *text], []) == [f"{SENTENCE} {SENTENCE}"]  # a background, and an empty page


def test_scanned_pages_are_named_in_a_sentence(monkeypatch):
    monkeypatch.setattr(intake, "_told_by_reader", lambda _: {"fault": "scanned", "pages": [2, 4]})

    assert fault(b"").startswith("Pages 2, 4 of the PDF are pictures without text;")


@pytest.mark.parametrize(
    ("upload", "why"),
    [
        (b"%PDF-1.7 nothing else", "broken"),
        (b"", "broken"),
        (TWO_COLUMNS[:300], "broken"),
        (pdf([], extra="/Encrypt << /Filter /Standard /V 1 /R 2 /O (" + "x" * 32 + ") /U (" + "y" * 32 + ") /P -4 >>"
             " /ID [(a) (a)]"), "encrypted"),
        (pdf(*([[]] * (MOST_PAGES + 1))), "long"),
        (pdf([]), "scanned"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(upload, why):
    assert read(upload)["fault"] == why
    assert FAULTS[why].count(". ") == 0


def test_without_the_extra_one_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(intake, "find_spec", lambda _: None)

    assert fault(TWO_COLUMNS) == (
        "A PDF is read by pypdfium2, which is not installed here: `pip install 'claimtag[pdf]'` gets it."
    )


def test_a_reader_that_takes_too_long_or_dies_is_a_sentence(monkeypatch):
    def hangs(command, timeout, **options):
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(subprocess, "run", hangs)
    assert "over a minute" in fault(TWO_COLUMNS)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, -11, b""))
    assert fault(TWO_COLUMNS) == FAULTS["broken"]
    assert "over 50 MB" in fault(b"x" * (intake.LARGEST + 1))


@given(st.integers(0, len(TWO_COLUMNS)), st.binary(max_size=20))
def test_any_damage_is_a_fault_or_a_text(at, junk):
    told = read(TWO_COLUMNS[:at] + junk + TWO_COLUMNS[at + len(junk) :])

    assert told.get("fault", "broken") in FAULTS
    assert "fault" in told or isinstance(told["text"], str)


PLACED = st.builds(
    Words, *(st.floats(-1e4, 1e4),) * 3, st.floats(0.1, 100), st.text("aA-. 1\u00ad\u4e00", min_size=1, max_size=8)
)


@given(st.lists(st.lists(PLACED, max_size=12), max_size=4))
def test_no_letter_comes_from_nowhere_and_none_goes_but_hyphens_and_lines_at_the_edge(pages):
    given_pages = [Page(-1e6, 1e6, words) for words in pages]  # nothing stands at its edge
    found = "".join(paragraphs(given_pages))

    def letters(text):
        return sorted(character for character in text if character not in "- \u00ad")

    assert letters(found) == letters("".join(one.text for words in pages for one in words))
