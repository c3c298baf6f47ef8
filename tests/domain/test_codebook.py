"""The codebook as a page: an anchor wherever the desk may want to open it."""

from bs4 import BeautifulSoup

from webapp.domain import codebook
from webapp.domain.terms import FOUR_TAGS


def test_every_section_tag_and_rule_has_an_anchor():
    page = BeautifulSoup(codebook.as_html(codebook.first_text()), "html.parser")

    ids = {element["id"] for element in page.select("[id]")}
    assert ids >= {f"section-{n}" for n in range(1, 13)}
    assert ids >= {f"tag-{tag.value}" for tag in FOUR_TAGS}
    assert ids >= {f"rule-R{n}" for n in range(1, 23)}


def test_html_in_the_text_stays_text():
    assert "<script>" not in codebook.as_html("Never <script>alert(1)</script> run this.")


def test_tables_carry_no_inline_style():
    assert "style=" not in codebook.as_html("| a |\n|--:|\n| 1 |\n")
