"""Tags of other programs find their sentences, or are named with why; they come as made elsewhere, never as work of ours.

The samples are written by hand after the formats as they are published.
"""

import hashlib
import io
import json
import zipfile
from threading import Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.concurrency import at_once
from tests.factories import Person, answer, first_project, make_member, sentences_of
from webapp.articles.actions import draft_of_upload, save_draft
from webapp.cli import main
from webapp.db import db
from webapp.domain import tags_elsewhere
from webapp.domain.errors import BadTags
from webapp.domain.intake.description import Description
from webapp.domain.repair import Kind
from webapp.domain.tags_elsewhere import LONGEST_CELL, Passages, Said, Search, said_in, tags_by_label, with_short_ends
from webapp.domain.terms import Tag
from webapp.export import tags_import
from webapp.export.tags_import import align, bring_in
from webapp.export.taking import Asked, take
from webapp.models import SHELL, Annotation, Article, Membership, Round, Sentence, User
from webapp.repair.actions import RepairRequest, repair
from webapp.reruns import again
from webapp.review.queries import coders_of
from webapp.verification import faults

TEXT = "Two came 😀, he said.\r\n\r\nOne saw it. Three stayed; they left."
SHORT = TEXT.replace("\r\n", "\n")
sqlite = pytest.mark.sqlite_only("it is about a file")


@pytest.fixture
def article(app, owner):
    draft = draft_of_upload(first_project(), owner, TEXT.encode(), "comings.txt", Description(title="Comings"))
    return save_draft(draft, owner)


def spans(text=SHORT):
    return [(text.index(words), text.index(words) + len(words)) for words in WORDS]


WORDS = ("Two came 😀, he said.", "One saw it.", "Three stayed; they left.")


def units(text, position):
    """The position as JavaScript counts."""
    return len(text[:position].encode("utf-16-le")) // 2


def doccano():
    (one, two), (three, four), _ = spans()
    line = {"id": 1, "text": SHORT, "label": [[one, two, "FACT"], [three, four, "Meinung"]], "Comments": []}
    newer = {
        "text": SHORT,
        "entities": [{"id": 4, "label": "OPINION", "start_offset": three, "end_offset": four}],
        "annotator": "b",
    }
    whole = {"text": "Three stayed; they left.", "label": ["SPECULATION"]}
    return "\n".join(map(json.dumps, (line, newer, whole))) + "\n"


def label_studio():
    results = [
        {
            "type": "labels",
            "value": {"start": units(SHORT, a), "end": units(SHORT, b), "text": SHORT[a:b], "labels": [label]},
        }
        for (a, b), label in zip(spans(), ("Fact", "Opinion", "Attribution"), strict=True)
    ]
    tasks = [
        {
            "id": 7,
            "data": {"text": SHORT},
            "annotations": [{"id": 3, "completed_by": {"email": "a@example.org"}, "result": results}],
        }
    ]
    return json.dumps(tasks)


def label_studio_csv():
    (a, b), *_ = spans()
    cell = json.dumps([{"start": a, "end": b, "text": SHORT[a:b], "labels": ["FACT"]}]).replace('"', '""')
    text = SHORT.replace('"', '""')
    return f'text,id,label,annotator,annotation_id\n"{text}",1,"{cell}",1,2\n"One saw it.",2,OPINION,1,3\n'


def refi_qda(last_is_inside=False):
    guid = "11111111-1111-1111-1111-11111111111{}".format
    passages = "".join(
        f'<PlainTextSelection guid="{guid(n)}" name="{words}" startPosition="{a}" endPosition="{b - last_is_inside}"'
        f' creatingUser="{guid(9)}"><Coding guid="{guid(8)}"><CodeRef targetGUID="{guid(7)}"/></Coding></PlainTextSelection>'
        for n, (words, (a, b)) in enumerate(zip(WORDS, spans(), strict=True))
    )
    project = (
        f'<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Users><User guid="{guid(9)}" name="Kim"/></Users>'
        f'<CodeBook><Codes><Code guid="{guid(7)}" name="Fact" isCodable="true"/></Codes></CodeBook>'
        f'<Sources><TextSource guid="{guid(6)}" name="t" plainTextPath="internal://t.txt">{passages}</TextSource></Sources></Project>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("project.qde", project)
        archive.writestr("Sources/t.txt", SHORT)
    return file.getvalue()


def zipped(path):
    """A ZIP with one file, which says nothing."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(path, "")
    return file.getvalue()


def fitted(content, *labels):
    """By coder the words that found their sentence, each with its tag; and why the others did not."""
    content = content.encode() if isinstance(content, str) else content
    found = align(first_project(), said_in("file", content), tags_by_label(labels))
    texts = {one.id: TEXT[one.start : one.end] for one in db.session.scalars(select(Sentence))}
    told = {
        coder: {texts[id_]: str(tag) for said in articles.values() for id_, tag in said.items()}
        for coder, articles in found.tags.items()
    }
    return told, found.misfits


def test_doccano_by_offsets_and_by_whole_texts(article):
    told, misfits = fitted(doccano(), "Meinung=OPINION")

    assert told == {
        "": {WORDS[0]: "FACT", WORDS[1]: "OPINION", WORDS[2]: "SPECULATION"},
        "b": {WORDS[1]: "OPINION"},
    }
    assert misfits == []
    assert fitted(doccano())[1] == [("line 1", "“Meinung” is no tag; say which one it is")]


@sqlite
def test_label_studio_whose_positions_are_units_of_utf_16(article):
    every = {WORDS[0]: "FACT", WORDS[1]: "OPINION", WORDS[2]: "ATTRIBUTION"}

    assert fitted(label_studio()) == ({"a@example.org": every}, [])
    assert fitted(label_studio_csv()) == ({"1": {WORDS[0]: "FACT", WORDS[1]: "OPINION"}}, [])


@sqlite
@pytest.mark.parametrize("last_is_inside", [False, True])
def test_refi_qda_in_both_readings_of_where_a_passage_ends(article, last_is_inside):
    assert fitted(refi_qda(last_is_inside)) == ({"Kim": dict.fromkeys(WORDS, "FACT")}, [])


@sqlite
def test_what_goes_out_as_refi_qda_and_as_a_long_table_comes_in(article):
    ann = make_member("Ann", "analyst")
    for sentence, tag in zip(sentences_of(article), (Tag.FACT, Tag.OPINION, Tag.SPECULATION), strict=True):
        answer(sentence, ann, tag)
    [code] = [coder.code for coder in coders_of(first_project()).values()]
    file = io.BytesIO()
    take(first_project(), SHELL, Asked(format="qdpx")).fill(file)
    every = {code: dict(zip(WORDS, ("FACT", "OPINION", "SPECULATION"), strict=True))}

    assert fitted(file.getvalue()) == (every, [])
    assert fitted("".join(take(first_project(), SHELL, Asked()).text)) == (every, [])


@sqlite
def test_every_row_that_does_not_fit_is_named_with_why(article):
    (a, b), *_ = spans()
    lines = [
        {
            "text": SHORT,
            "label": [[a, b, "FACT"], [a, b, "OPINION"], [a, a + 5, "FACT"], [900, 910, "FACT"], [a, b, "X"]],
        },
        {"text": "Another text altogether.", "label": ["FACT"]},
    ]
    _, misfits = fitted("\n".join(map(json.dumps, lines)))

    assert misfits == [
        ("line 1", "the same person has called this sentence FACT already"),
        ("line 1", f"“Two c…” is no sentence of article {article.id} as it is split now"),
        ("line 1", "its position stands for nothing in its text, or for other words than it quotes"),
        ("line 1", "“X” is no tag; say which one it is"),
        ("line 2", "“Another text altogether.…” is no text of this project"),
    ]


def test_they_come_into_a_closed_round_under_people_who_cannot_sign_in_and_count_nowhere_else(article):
    answer(sentences_of(article)[0], make_member("Ann", "analyst"), Tag.OPINION)
    found = align(first_project(), said_in("x.json", label_studio().encode()), tags_by_label())
    came = bring_in(first_project(), SHELL, found, "x.json")
    db.session.rollback()

    round_ = db.session.scalars(select(Round).where(Round.name == came.round_name)).one()
    assert (came.round_name, round_.closed_at is not None) == ("elsewhere: x", True)
    [person] = db.session.scalars(select(User).where(User.name.in_(came.people)))
    assert (person.deactivated_at is not None, person.password_hash) == (True, None)
    [member] = db.session.scalars(select(Membership).where(Membership.user_id == person.id))
    assert member.roles == set()
    assert db.session.scalars(
        select(Annotation.tag).where(Annotation.analyst_id == person.id).order_by(Annotation.sentence_id)
    ).all() == [
        "FACT",
        "OPINION",
        "ATTRIBUTION",
    ]
    assert list(faults()) == []
    second = bring_in(first_project(), SHELL, found, "x.json")
    assert (second.round_name, second.people != came.people) == ("elsewhere: x (2)", True)


@sqlite
def test_a_split_that_was_repaired_meanwhile_refuses_all_of_it(article, owner):
    found = align(first_project(), said_in("x.json", label_studio().encode()), tags_by_label())
    repair(article, owner, RepairRequest(Kind.MERGE, sentences_of(article)[1].id), 1, "It is one.")

    with pytest.raises(BadTags, match="repaired the split of an article meanwhile"):
        bring_in(first_project(), SHELL, found, "x.json")
    assert db.session.scalars(select(Round.name)).all() == ["main"]


def test_tags_come_in_whole_or_not_at_all_while_somebody_repairs_the_split(article, app, monkeypatch):
    found = align(first_project(), said_in("x.json", label_studio().encode()), tags_by_label())
    lock, article_id, repairs = tags_import._lock_articles, article.id, []

    def repair_meanwhile(session, aligned):
        monkeypatch.setattr(tags_import, "_lock_articles", lock)
        repairs.append(Thread(target=at_once, args=(app, lambda: merge_the_last_two(article_id))))
        repairs[0].start()
        if db.engine.dialect.name == "postgresql":
            repairs[0].join()  # on SQLite it waits until the tags are written
        lock(session, aligned)

    monkeypatch.setattr(tags_import, "_lock_articles", repair_meanwhile)
    try:
        again(bring_in, first_project(), SHELL, found, "x.json")
    except BadTags as refused:
        assert "repaired the split of an article meanwhile" in str(refused)
    repairs[0].join()
    db.session.rollback()
    came = db.session.scalars(
        select(Annotation.tag).where(Annotation.version == 1, Annotation.carried_from_id.is_(None))
    )
    whole = ["FACT", "OPINION", "ATTRIBUTION"] if db.engine.dialect.name == "sqlite" else []
    assert sorted(came) == sorted(whole)
    assert len(db.session.scalars(select(Round.id)).all()) == (2 if whole else 1)
    assert list(faults()) == []


def merge_the_last_two(article_id):
    article = db.session.get_one(Article, article_id)
    repair(article, Person(1), RepairRequest(Kind.MERGE, sentences_of(article)[1].id), 1, "It is one.")


@sqlite
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "is no UTF-8 text, and no REFI-QDA project"),
        (b"PK\x03\x04 and no more", "no REFI-QDA project that can be read"),
        (zipped("texts/1.txt"), "holds no “project.qde”"),
        (zipped("datapackage.json"), "is a package, with more than tags; bring it in on the page “A package”"),
        (b'{"a": 1}', "line 1 has no “text”"),
        (b"[1]", "has no “data”"),
        (b"[" * 100_000, "is no JSON"),
        (b"a,b\n1,2\n", "is neither JSON of doccano or Label Studio"),
        (b"text,label\na,FACT\n" + b"x" * (LONGEST_CELL + 1) + b",b\n", "line 3: this is no CSV"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_one_sentence(content, sentence):
    with pytest.raises(BadTags, match=sentence):
        list(said_in("file", content))


def test_one_broken_line_among_many_is_named_and_nothing_comes_in(article):
    lines = [json.dumps({"text": article.text, "label": [[0, 9, "FACT"]], "annotator": f"a{n}"}) for n in range(1_000)]
    lines[500] = lines[500][:-5]
    with pytest.raises(BadTags, match=r"Line 501 of “x\.jsonl” is no JSON; export the file anew"):
        align(first_project(), said_in("x.jsonl", "\n".join(lines).encode()), tags_by_label([]))
    assert db.session.scalars(select(Round.name)).all() == ["main"]


COLUMNS = "tag,coder_id,char_start,char_end,text_sha256"
LONG_CELL = "x" * 200_000
ODD = {
    '{"text": "So.", "label": 5}': [()],
    '{"text": "\\ud800 So.", "user": "\\u0000", "label": [[0, 3, "\\udfff"]]}': [("\ufffd",)],
    f"{COLUMNS}\nFACT,a,²,3,0\nFACT,a,{'9' * 5_000},3,0": [("FACT",), ("FACT",)],
    f"{COLUMNS}\nFACT": [("FACT",)],
    f"text,label\n{LONG_CELL},FACT": [("FACT",)],
}
"""What a file says: the labels that are read in it."""


@sqlite
@pytest.mark.parametrize("content", ODD)
def test_odd_letters_numbers_and_short_rows_are_misfits_and_no_fault_of_ours(article, content):
    said = list(said_in("file", content.encode()))
    found = align(first_project(), said, tags_by_label())

    assert [one.labels for one in said] == ODD[content]
    assert (found.count, len(found.misfits)) == (0, len(said))
    "".join((*found.labels, *(one.coder for one in said), *(why for _, why in found.misfits))).encode()


@sqlite
def test_a_row_without_its_analyst_is_somebodys(article):
    start, end = spans(article.text)[0]
    rows = [f"{COLUMNS.replace('coder_id,', '')},coder_id", f"FACT,{start},{end},{article.text_sha256}"]
    found = align(first_project(), said_in("x.csv", "\n".join([*rows, f"{rows[1]},C1"]).encode()), tags_by_label())

    assert len(bring_in(first_project(), SHELL, found, "x.csv").people) == 2


@sqlite
def test_a_text_with_many_passages_is_looked_for_once(article, monkeypatch):
    looked_for = []
    monkeypatch.setattr(tags_import, "with_short_ends", lambda text: looked_for.append(text) or with_short_ends(text))
    line = json.dumps({"text": SHORT, "label": [[*span, "FACT"] for span in spans()] * 50})
    found = align(first_project(), said_in("x.jsonl", line.encode()), tags_by_label())

    assert found.count == 3
    assert looked_for.count(SHORT) == 1


def test_a_mapping_to_no_tag_is_refused():
    with pytest.raises(BadTags, match="maps no label to a tag"):
        tags_by_label(["Meinung=OPINIONS"])


def test_words_that_stand_twice_and_fit_no_position_have_no_place():
    said = Said("x", ("FACT",), text="So. So.", start=50, end=53, quoted="So.")

    assert Passages("So. So.", Search()).place_of(said) is None
    assert Passages("So. Now.", Search()).place_of(said) == (0, 3)


@pytest.mark.parametrize(
    "said",
    [
        Said("x", ("FACT",), text="So it was. " * 20, start=0, end=2, quoted="Never."),
        Said("x", ("FACT",), text="So it was. " * 20),
        Said("x", ("FACT",), text=" " * 200, start=0, end=200),
        Said("x", ("FACT",), sha256=hashlib.sha256(TEXT.encode()).hexdigest(), start=1, end=60),
    ],
)
def test_passages_that_fit_nowhere_are_looked_for_within_bounds(article, said, monkeypatch):
    monkeypatch.setattr(tags_import, "Search", lambda: Search(1_500))

    found = align(first_project(), [said] * 3, tags_by_label())
    assert len(found.misfits) == 3
    with pytest.raises(BadTags, match="bring it in in parts, each sorted by article"):
        align(first_project(), [said] * 200, tags_by_label())


def test_places_are_told_in_letters_of_two_units_alike():
    text = "So 😀 it 😀 was."
    places = Passages(text, Search())

    for start, end in ((0, 2), (3, 4), (5, 7), (8, 9), (10, 14)):
        assert places._of_units(units(text, start), units(text, end)) == (start, end)
    assert places._of_units(4, 7) == (4, 7)  # inside a letter


def test_a_text_that_many_sources_name_is_not_unpacked_without_end(monkeypatch):
    monkeypatch.setattr(tags_elsewhere, "MOST_UNPACKED", 5_000)
    content = qdpx_naming_one_text(often=200)

    with pytest.raises(BadTags, match="more than 5,000 bytes unpacked; bring it in in parts"):
        list(said_in("x.qdpx", content))


def qdpx_naming_one_text(often):
    sources = '<TextSource name="a" plainTextPath="internal://a.txt"/>' * often
    project = f'<Project xmlns="urn:QDA-XML:project:1.0"><Sources>{sources}</Sources></Project>'
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("project.qde", project)
        archive.writestr("Sources/a.txt", "So it was. " * 20)
    return held.getvalue()


@sqlite
def test_the_shell_previews_and_brings_in(app, article, monkeypatch, tmp_path):
    monkeypatch.setattr("webapp.cli.tags.prepared_app", lambda: app)
    path = tmp_path / "x.jsonl"
    path.write_text(doccano())

    def run(*words):
        return CliRunner().invoke(main, ["import-tags", str(path), *words])

    seen = run("--preview")
    assert "3 tags of 2 people on 1 articles would come in; 1 rows do not fit." in seen.stdout
    assert "label “Meinung”: no tag, 1 times" in seen.stdout
    assert f"{path}, line 1: “Meinung” is no tag; say which one it is." in seen.stderr
    assert db.session.scalars(select(Round.name)).all() == ["main"]
    assert "as the round “elsewhere: x”; 0 rows did not fit." in run("--label", "Meinung=OPINION").stdout
    path.write_text("nothing")
    assert run().exit_code == 2
