"""The lines of docs/notebook.md do what it says of them, on a package as it comes."""

import re

import pytest

from tests.export.test_package import pack
from tests.factories import answer, make_article, make_member, sentences_of
from webapp.config import PACKAGE
from webapp.domain.terms import Tag
from webapp.models import SHELL
from webapp.tagging.actions import submit

PAGE = PACKAGE.parent / "docs" / "notebook.md"


@pytest.mark.sqlite_only("it is about a file, whatever it was made from")
def test_the_python_lines_give_tags_by_outlet_with_agreement(app, tmp_path, monkeypatch, capsys):
    ann, bart = make_member("Ann", "analyst"), make_member("Bart", "analyst")
    for outlet, tags in (("The Post", "FFO"), ("Die Post", "AAA")):
        article = make_article(sentences=3, outlet=outlet, title=outlet)
        for sentence, letter in zip(sentences_of(article), tags, strict=True):
            answer(sentence, ann, Tag.FACT)
            answer(sentence, bart, {"F": Tag.FACT, "O": Tag.OPINION, "A": Tag.SPECULATION}[letter])
        for analyst in (ann, bart):
            submit(article, analyst)
    _, written = pack(tmp_path / "study.zip", SHELL)
    monkeypatch.chdir(tmp_path)
    [lines] = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    done: dict = {}
    exec(lines, done)

    table = done["table"].fillna(0)
    assert table.loc["The Post"].to_dict() == {
        "FACT": 5,
        "OPINION": 1,
        "SPECULATION": 0,
        "n": 6,
        "pairs": 3,
        "agree": 2 / 3,
    }
    assert table.loc["Die Post"].to_dict() == {
        "FACT": 3,
        "OPINION": 0,
        "SPECULATION": 3,
        "n": 6,
        "pairs": 3,
        "agree": 0,
    }
    assert capsys.readouterr().out.startswith(written.digest)


def test_neither_piece_is_longer_than_it_promises():
    pieces = re.findall(r"```(?:python|r)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)

    assert [
        len([line for line in piece.splitlines() if line and not line.startswith("import")]) for piece in pieces
    ] == [9, 10]
