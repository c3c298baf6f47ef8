"""What scripts and server both know: sent by the server with the desk, or held together here."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_article
from webapp import errors
from webapp.domain.answers import ANSWER_FIELDS, FLAGS, IDS, LONGEST_STAY, Answer, missing
from webapp.domain.chains import LINK_FIELDS, LONGEST_CHAIN
from webapp.domain.corroboration import EvidenceItem
from webapp.domain.sources import name_key, search_words
from webapp.domain.terms import CorroborationStatus, Independence, MentionKind, SourceType, Stance, Tag
from webapp.models import JobState
from webapp.models.conflicts import Conflict
from webapp.problems import CODES

pytestmark = pytest.mark.page

ITEM_FIELDS = EvidenceItem.__dataclass_fields__
OF_REVISIONS = {"claim_id", "sentence_id", "client_id", "is_mine", "withdrawn_why", "created_at"}
SCRIPTS = Path(__file__).parent.parent.parent / "static" / "js"
TEXTS = {path.relative_to(SCRIPTS).as_posix(): path.read_text("utf-8") for path in sorted(SCRIPTS.rglob("*.js"))}
TO_BE_SENT_AGAIN = {401, 421, 431, 500, 501, 503}
"""Of the statuses in JSON those after which the very same may be taken: signed in again, or with the server back."""


@pytest.fixture
def page(client, sign_in, analyst):
    sign_in(analyst)
    return BeautifulSoup(client.get(f"/articles/{make_article().id}").data, "html.parser")


@pytest.fixture
def desk(page):
    return json.loads(page.select_one("#desk-data").string)


def test_the_desk_is_told_every_field_of_an_answer_and_how_long_a_stay_can_be(desk):
    assert desk["answer_fields"] == [*ANSWER_FIELDS, "chain"]
    assert desk["longest_stay"] == LONGEST_STAY


def test_the_desk_is_told_what_each_tag_requires(desk):
    assert {tag.value: missing(Answer(tag)) for tag in Tag if missing(Answer(tag))} == desk["required"]


def test_the_desk_is_told_the_keys_of_the_tags_which_its_list_of_keys_shows(page, desk):
    shown = [key.text for row in page.select("#keys dt") if row.parent.select(".badge") for key in row.select("kbd")]

    assert desk["tag_keys"] == {
        "1": "FACT",
        "2": "ATTRIBUTION",
        "3": "SPECULATION",
        "4": "OPINION",
        "0": "NOT_CODABLE",
        "f": "FACT",
        "a": "ATTRIBUTION",
        "s": "SPECULATION",
        "o": "OPINION",
    }
    assert sorted(shown) == sorted(desk["tag_keys"])


def test_the_keys_of_tags_are_no_keys_of_commands(desk):
    letters = re.search(r"const SINGLE = \{(.*?)\n\};", TEXTS["lib/keys.js"], re.DOTALL)[1]
    commands = re.findall(r"^  '?(.)'?: ", letters, re.MULTILINE)

    assert len(commands) == 15
    assert not set(commands) & desk["tag_keys"].keys()


def test_the_digits_of_who_says_so_are_those_of_the_types_in_their_order(desk, page):
    digits = re.search(r"TYPE_KEYS = '(\d+)'", TEXTS["lib/keys.js"])[1]
    types = page.select("#asks [data-type]")

    assert [(place["data-type"], place.kbd.text) for place in types] == list(zip(SourceType, digits, strict=True))
    assert [term["value"] for term in desk["fields"]["source_type"]] == [term.value for term in SourceType]


def test_the_panel_has_a_place_for_every_field_of_an_answer(page):
    places = {place["data-field"] for place in page.select("#panel [data-field]")}

    assert places | {"tag", "active_seconds", *IDS} == set(ANSWER_FIELDS)
    assert page.select_one("#entry, #rate")
    parts = {part["data-part"] for part in page.select_one("#link-row").select("[data-part]")}
    assert parts | {"source_id"} == set(LINK_FIELDS)
    assert {place["data-tag"] for place in page.select("#panel .tags__one")} == {tag.value for tag in Tag}


def test_the_form_of_an_item_has_a_place_for_every_field_of_the_record_and_every_term(page):
    form = page.select_one("#evidence")

    assert {place["name"] for place in form.select("[name]")} == set(ITEM_FIELDS)
    for name, terms in (("stance", Stance), ("independence", Independence)):
        assert [radio["value"] for radio in form.select(f"[name={name}]")] == list(terms)
    row = page.select_one("#claim-row")
    assert [radio["value"] for radio in row.select("[type=radio]")] == list(MentionKind)
    assert [option["value"] for option in row.select("[data-part=status] option")] == list(CorroborationStatus)
    assert not row.select("[checked], [selected]")


def test_the_desk_knows_how_long_a_chain_can_be(page):
    assert page.select_one("#chain")["data-longest"] == str(LONGEST_CHAIN)


def test_names_are_compared_at_the_desk_as_the_server_does_it():
    """The examples of its test are those of this one."""
    told = (SCRIPTS.parent.parent / "tests" / "js" / "names.json").read_text("utf-8")
    for name, key in json.loads(told)["keys"].items():
        assert name_key(name) == key
    for name, asked, is_found in json.loads(told)["found"]:
        assert all(f" {word}" in name_key(name) for word in search_words(asked)) is is_found


def test_no_script_lists_the_flags():
    assert [name for name, text in TEXTS.items() for flag in FLAGS if flag in text] == []


def test_the_tags_and_fields_that_scripts_name_exist():
    """Words in quotes: capitals are tags (or methods of HTTP, forms of Unicode), words with underscores fields (or states of delivery)."""
    code = "\n".join(text for name, text in TEXTS.items() if name != "types.js")
    capitals = set(re.findall(r"'([A-Z_]{3,})'", code)) - {"PUT", "POST", "DELETE", "KEY", "GET", "NFKD"}
    fields = set(re.findall(r"'([a-z]+(?:_[a-z]+)+)'", code)) - {
        "signed_out",
        "someone_else",
        "assignment_key",
        "to_confirm",
    }

    assert capitals <= {tag.value for tag in Tag}
    assert fields <= {
        *ANSWER_FIELDS,
        "corroboration_status",
        CorroborationStatus.NOT_STARTED.value,
        "source_as_printed",
        *ITEM_FIELDS,
        *Independence,
        *OF_REVISIONS,
    }


def test_the_courier_gives_up_where_the_server_will_never_take_it_and_only_there():
    final = {int(status) for status in re.search(r"FINAL = new Set\(\[(.*?)\]", TEXTS["lib/courier.js"])[1].split(",")}

    assert final == CODES.keys() - TO_BE_SENT_AGAIN
    assert {422, *errors.STATUS.values()} <= final


def test_the_courier_knows_the_codes_of_a_conflict_and_of_an_old_token(client, sign_in, analyst, app):
    named = set(re.findall(r"reply\.code === '(\w+)'", TEXTS["lib/courier.js"]))
    sign_in(analyst)
    app.config["WTF_CSRF_ENABLED"] = True
    refused = client.put("/api/v1/me/preferences", json={})

    assert named == {Conflict.code, refused.json["code"]}


def test_the_bar_of_an_import_knows_when_the_work_has_ended():
    under_way = set(re.findall(r"job\.state !== '(\w+)'", TEXTS["behaviours/progress.js"]))

    assert under_way == {JobState.QUEUED, JobState.RUNNING}
