"""A wrong split mended in the preview, before anything is saved."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import first_project, sentences_of
from webapp.articles.actions import draft_of_pasted, repair_draft, save_draft
from webapp.domain.errors import BadRepair
from webapp.domain.intake.description import Description
from webapp.domain.repair import Kind
from webapp.models import Draft

TEXT = "One came. Two went. Three stayed."


@pytest.fixture
def draft(owner):
    return draft_of_pasted(first_project(), owner, TEXT, Description())


def words(draft: Draft):
    return [draft.text[span.start : span.end] for span in draft.sentences]


def test_sentences_are_merged_split_and_their_boundary_moved_and_saved_so(draft, owner):
    repair_draft(draft, Kind.MERGE, 1, 0, 3)
    assert words(draft) == ["One came. Two went.", "Three stayed."]
    repair_draft(draft, Kind.SPLIT, 2, TEXT.index("stayed"), 2)
    assert words(draft) == ["One came. Two went.", "Three", "stayed."]
    repair_draft(draft, Kind.MOVE, 1, TEXT.index("Two"), 3)
    words_after = words(draft)
    assert words_after == ["One came.", "Two went. Three", "stayed."]
    article = save_draft(draft, owner)
    assert [article.text[one.start : one.end] for one in sentences_of(article)] == words_after


@pytest.mark.parametrize(
    ("kind", "number", "at", "expected"),
    [(Kind.MERGE, 3, 0, 3), (Kind.MERGE, 0, 0, 3), (Kind.SPLIT, 1, 0, 3), (Kind.SPLIT, 4, 3, 3), (Kind.MERGE, 1, 0, 2)],
)
def test_what_cannot_be_is_refused_and_leaves_the_split_alone(draft, kind, number, at, expected):
    with pytest.raises(BadRepair):
        repair_draft(draft, kind, number, at, expected)
    assert words(draft) == ["One came.", "Two went.", "Three stayed."]


def test_a_click_on_a_sentence_opens_it_and_a_second_press_of_the_same_button_merges_nothing_more(
    client, sign_in, owner, draft
):
    sign_in(owner)
    address = f"/drafts/{draft.id}"
    page = BeautifulSoup(client.get(address).text, "html.parser")
    opened = BeautifulSoup(client.get(page.select(".cut--open")[0]["href"]).text, "html.parser")
    merging = opened.select(".recut form")[1]
    form = {one["name"]: one["value"] for one in merging.select("input")} | {"kind": "merge"}
    for _ in range(2):
        client.post(merging["action"], data=form)

    cuts = BeautifulSoup(client.get(address).text, "html.parser").select(".cut--open")
    assert [cut.text for cut in cuts] == ["One came. Two went.", "Three stayed."]
