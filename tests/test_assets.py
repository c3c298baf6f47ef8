"""Static files as they are served: joined, without comments, under an address that changes with them."""

import gzip
import re

import pytest

from webapp import assets
from webapp.config import resources


def test_scripts_are_served_without_comments_but_whole():
    for name, served in assets.scripts().items():
        if name == assets.DESK:
            continue  # joined, see below
        source = (resources("static") / name).read_text("utf-8")
        assert not re.search(r"^\s*(//|/\*\*)", served, re.MULTILINE), name
        kept = [line.strip() for line in re.sub(r"^\s*/\*\*.*?\*/$", "", source, flags=re.M | re.S).splitlines()]
        code = [line for line in kept if line and not line.startswith("//")]
        assert [line for line in served.splitlines() if line] == code, name


def test_a_joined_module_keeps_each_import_in_a_scope_of_its_own():
    modules = {
        "a/start.js": "import { Two, one } from '../b/two.js';\nconst own = one();\nexport function start() {}\n",
        "b/two.js": "import { one as _ } from './one.js';\nconst own = 2;\nexport class Two {}\nexport const one = () => 1;\n",
        "b/one.js": "export async function one() {}\n",
    }

    assert assets.joined("a/start.js", modules) == (
        "const module0 = (() => {\nasync function one() {}\nreturn { one };\n})();\n"
        "const module1 = (() => {\nconst { one: _ } = module0;\nconst own = 2;\nclass Two {}\nconst one = () => 1;\n"
        "return { Two, one };\n})();\n"
        "const { Two, one } = module1;\nconst own = one();\nexport function start() {}\n"
    )


def test_modules_that_import_each_other_in_a_circle_are_refused():
    modules = {"a.js": "import { b } from './b.js';\n", "b.js": "import { a } from './a.js';\n"}

    with pytest.raises(RecursionError):
        assets.joined("a.js", modules)


def test_the_desk_is_one_file_that_imports_nothing_at_the_start():
    served = assets.scripts()[assets.DESK]
    kept = set(served.splitlines())

    assert not re.search(r"^import ", served, re.MULTILINE)
    assert re.findall(r"^export (?:function|class|const) \w+", served, re.MULTILINE) == ["export function desk"]
    for name in ("desk/work", "desk/prose", "desk/panel", "lib/outbox", "lib/courier"):
        lines = assets.scripts()[f"js/{name}.js"].splitlines()
        assert {line.removeprefix("export ") for line in lines if not line.startswith("import ")} <= kept


def test_an_address_in_a_string_is_no_comment():
    assert assets.plain_script("// why\nconst at = 'https://example.org';\n") == "const at = 'https://example.org';\n"


def test_the_stylesheets_come_in_the_order_of_their_names_without_comments():
    desk, pages = assets.stylesheet(False), assets.stylesheet(True)

    assert desk.startswith("@layer")
    assert "/*" not in desk + pages
    assert ".bar{" in desk
    assert ".bar{" not in pages


def test_the_address_of_a_file_lets_a_browser_keep_it(client):
    with client.application.test_request_context():
        address = assets.asset("js/main.js")
    answer = client.get(address)

    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(address.replace(assets.tree_hash(), "0" * 12)).status_code == 404


SOURCE_PART = ("desk/who.js", "desk/lookup.js", "desk/combobox.js", "lib/names.js", "lib/sources.js", "lib/ratings.js")

CLAIM_PART = (
    "desk/claims.js",
    "desk/claim_lookup.js",
    "desk/claim_row.js",
    "desk/evidence.js",
    "lib/claims.js",
    "lib/known_claims.js",
)


def test_the_desk_loads_at_most_60_kb_of_script_of_which_sources_and_claims_are_at_most_20_each():
    """Compressed; what came with the desk is there without a network, too."""
    served = assets.scripts()
    first_load = served["js/main.js"] + served[assets.DESK]

    assert len(gzip.compress(first_load.encode(), 9)) <= 60_000
    for part in (SOURCE_PART, CLAIM_PART):
        assert len(gzip.compress("".join(served[f"js/{name}"] for name in part).encode(), 9)) <= 20_000
