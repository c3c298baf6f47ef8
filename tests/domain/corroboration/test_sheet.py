"""The sheet of an auto-archiver is read as its tool writes it, or refused with its first wrong line."""

import pytest

from webapp.domain.corroboration import items_of_sheet
from webapp.domain.errors import BadEvidence
from webapp.domain.terms import Independence, Stance

HEADER = (
    "Link,Archive status,Destination folder,Archive location,Archive date,Thumbnail,Upload timestamp,Upload title,"
    "Text content,Screenshot,Hash,Perceptual hashes,WACZ,ReplayWebpage\n"
)
ROW = (
    "https://wire.example/1,generic_extractor: success,,https://kept.example/1.html,2026-11-26T10:15:00.5+01:00,"
    '"=IMAGE(""https://kept.example/1.jpg"")",2026-11-20T08:00:00+00:00,It closed,"The mine closed,\nsays he.",,'
    "SHA-256:ab,,https://kept.example/1.wacz,https://replayweb.page/?source=x\n"
)


def read(text, stance="supports", independence="unknown"):
    return items_of_sheet(text.encode(), stance, independence)


def test_a_row_becomes_an_item():
    [item] = read("\ufeff" + HEADER + ROW)

    assert {name: value for name, value in vars(item).items() if value is not None} == {
        "stance": Stance.SUPPORTS,
        "independence": Independence.UNKNOWN,
        "url": "https://wire.example/1",
        "archive_url": "https://kept.example/1.html",
        "accessed_at": "2026-11-26T09:15:00Z",
        "published_date": "2026-11-20",
        "title": "It closed",
        "quote": "The mine closed,\nsays he.",
        "note": "archive status: generic_extractor: success\nhash: SHA-256:ab\nwacz: https://kept.example/1.wacz",
    }


def test_a_row_may_differ_from_what_is_chosen_for_all_and_the_order_of_columns_is_free():
    items = read("stance,LINK,independence\nrefutes,https://a.example,\n,https://b.example,independent\n,,\n")

    assert [(item.stance.value, item.independence.value) for item in items] == [
        ("refutes", "unknown"),
        ("supports", "independent"),
    ]


def test_a_folder_of_somebodys_machine_is_no_archived_copy():
    told = "link,archive location,wacz\nhttps://a.example,./local_archive/1.html,https://kept.example/1.wacz\n"
    assert read(told)[0].archive_url == "https://kept.example/1.wacz"
    assert read("link,archive location\nhttps://a.example,./local_archive/1.html\n")[0].archive_url is None


def test_a_long_text_is_cut_as_the_page_says():
    assert len(read(f"link,text content\nhttps://a.example,{'x' * 49_999}\n")[0].quote) == 10_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "The file is empty"),
        ("url,status\nhttps://a.example,done\n", "Line 1: there is no column “Link”"),
        ("link,Link\nx,x\n", "Line 1: there are two columns “link”"),
        (HEADER, "no row but its header"),
        ("link\njavascript:alert(1)\n", "because of line 2: “javascript:alert(1)” is no web address"),
        ("link,hash\nhttps://a.example,1\n,2\n", "because of line 3: “link” is empty"),
        ("link,archive date\nhttps://a.example,yesterday\n", "because of line 2: “yesterday” in “archive date” is no time"),
        ("link,stance\nhttps://a.example,maybe\n", "because of line 2: “stance” is one of supports"),
        ('link,hash\nhttps://a.example,"1\n2"\n\nftp://b.example,\n', "because of line 5: “ftp://b.example”"),
        ("link\nhttps://a.example,1\n", "Line 2: 2 cells where the header has 1"),
        ('link\n"https://a.example\n', "not valid CSV"),
        ("link\n" + "https://a.example\n" * 10_001, "more than 10,000 rows; bring it in by parts"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(text, told):
    with pytest.raises(BadEvidence) as refused:
        read(text)

    assert told in str(refused.value)


def test_what_is_no_text_is_refused():
    with pytest.raises(BadEvidence, match="not UTF-8"):
        items_of_sheet(b"link\nhttps://a.example/\xff\n", "supports", "unknown")


@pytest.mark.parametrize(("stance", "independence", "told"), [("", "unknown", "supports or refutes"), ("supports", "", "rests on")])  # fmt: skip
def test_nothing_is_made_up_where_nothing_was_chosen(stance, independence, told):
    with pytest.raises(BadEvidence, match=told):
        read("link\nhttps://a.example\n", stance, independence)
