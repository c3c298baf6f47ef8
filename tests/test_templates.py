"""The shape of the templates: they loop and choose; what is to be computed is computed in Python, where it is tested."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from webapp import templating
from webapp.templating import one_line, unbroken

TEMPLATES = Path(__file__).parent.parent / "templates"
FILES = sorted(TEMPLATES.rglob("*.html"))
ARITHMETIC = (nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow)
FIGURES = {"round", "sum", "min", "max"}
LONGEST_LINE = 160


def named(path):
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("path", FILES, ids=named)
def test_templates_do_not_compute(path):
    tree = Environment().parse(path.read_text("utf-8"))

    assert [node.lineno for node in tree.find_all(ARITHMETIC)] == []
    assert [node.lineno for node in tree.find_all(nodes.Filter) if node.name in FIGURES] == []


def test_a_label_written_on_several_lines_is_one_line_and_escaped_once():
    env = Environment(autoescape=True)
    env.filters["one_line"] = one_line
    written = env.from_string(
        '{% set label %}\n  Shares of\n  {{ name }}\n{% endset %}<p title="{{ label|one_line }}">'
    )

    assert written.render(name='"A" & B') == '<p title="Shares of &#34;A&#34; &amp; B">'


WRITTEN = FILES + sorted(path for kind in ("css", "js") for path in (TEMPLATES.parent / "static").rglob(f"*.{kind}"))


def test_templates_styles_and_scripts_fit_a_screen():
    longest = {
        f"{path.name}:{number}": len(line)
        for path in WRITTEN
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if len(line) > LONGEST_LINE
    }

    assert len(WRITTEN) > 80
    assert longest == {}


def test_pages_are_sent_without_the_indentation_of_their_templates(client, sign_in, owner):
    sign_in(owner)

    assert [line for line in client.get("/").text.splitlines() if line.startswith(("  ", "\t"))] == []


def test_words_behind_a_tag_of_jinja_keep_the_space_between_them(app):
    written = (
        "{{ 2 }} events{% if true %}\n        · page{% endif %}\n    {{ 1 }}{% if true %}\n      <b>of</b>{% endif %}"
    )

    assert app.jinja_env.from_string(written).render() == "2 events · page 1 <b>of</b>"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_nothing_in_a_template_is_shown_as_it_is_indented(path):
    shown = re.findall(r"<(pre|textarea)\b[^>]*>(.*?)</\1>", path.read_text("utf-8"), re.DOTALL)

    assert not [text for _, text in shown if re.search(r"\n[ \t]", text)]


def test_a_number_behind_a_hyphen_stays_with_its_word_and_all_else_is_escaped():
    assert unbroken("S-300 <b> and air-defence, 12-b") == (
        '<span class="whole">S-300</span> &lt;b&gt; and air-defence, <span class="whole">12-b</span>'
    )


def test_a_page_lets_saves_pass_while_it_is_written_until_it_has_waited_long_enough(app, monkeypatch):
    waited = []

    def give_way(longest):
        waited.append(longest)
        return 0.02

    monkeypatch.setattr(templating, "give_way", give_way)
    rows = app.jinja_env.from_string(
        "{% macro row(n) %}<b>{{ n }}</b>{% endmacro %}{% for n in many %}{{ row(n) }}{% endfor %}"
    )

    assert rows.render(many=range(500)) == "".join(f"<b>{n}</b>" for n in range(500))
    assert [round(longest, 2) for longest in waited] == [0.05, 0.03, 0.01]
