"""An article comes in: pasted or uploaded, previewed, saved once, refused with one sentence."""

import io

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select, update

from tests import pdf_files
from tests.factories import first_project, make_article, make_member, sentences_of
from webapp.articles.actions import drafts, import_upload
from webapp.db import db, db_write
from webapp.domain import segmentation
from webapp.domain.intake import pdf, pdf_reader
from webapp.domain.intake.description import Description
from webapp.models import Article, Draft, Sentence

pytestmark = pytest.mark.page

TEXT = "The bridge reopened on Tuesday. It is the third such recall."


@pytest.fixture
def supervisor(app, sign_in):
    return sign_in(make_member("Sue Pervisor", "supervisor"))


def send(client, **data):
    return client.post("/articles/new", data={"project": "1"} | data, follow_redirects=True)


def articles():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Article))


def test_the_first_article_is_the_sample_with_sixteen_sentences(app):
    article = db.session.get_one(Article, 1)

    assert len(sentences_of(article)) == 16
    assert article.text.lstrip().startswith("In his four-day trip to Tehran")


def test_a_preview_saves_nothing_yet(client, supervisor):
    page = send(client, text=TEXT)

    assert "Not saved yet" in page.text
    assert articles() == 1


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"text": " "}, "text", "no text"),
        ({"upload": b"%PDF-1.7 and nothing more"}, "upload", "no readable PDF"),
        ({"upload": b"Two came.", "text": TEXT}, "upload", "not both"),
    ],
)
def test_a_text_that_cannot_be_taken_is_said_at_the_field_it_came_by(client, supervisor, sent, field, sentence):
    files = {name: (io.BytesIO(sent[name]), "a.pdf") for name in sent if name == "upload"}
    page = BeautifulSoup(send(client, **(sent | files)).text, "html.parser")
    [at_fault] = page.select("[aria-invalid=true]")

    assert (at_fault["name"], at_fault.has_attr("autofocus")) == (field, True)
    assert sentence in page.find(id=f"{field}-error").text


def test_a_saved_draft_is_an_article_and_gone(client, supervisor):
    client.post(send(client, text=TEXT, title="The bridge", published="2013-10").request.path, data={"save": "1"})

    db.session.rollback()
    article = db.session.scalars(select(Article).order_by(Article.id.desc()).limit(1)).one()
    assert (article.text, article.title, article.published, article.encoding) == (
        TEXT,
        "The bridge",
        "2013-10",
        "pasted",
    )
    assert [sentence.text for sentence in sentences_of(article)] == [TEXT[:31], TEXT[32:]]
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_text_is_split_once_however_often_its_preview_is_read(client, supervisor, monkeypatch):
    texts = []

    def counted(text, *language):
        texts.append(text)
        return split(text, *language)

    split = segmentation.split
    for module in ("webapp.domain.segmentation", "webapp.models.article"):
        monkeypatch.setattr(f"{module}.split", counted)

    preview = send(client, text=TEXT)
    client.get(preview.request.path)
    client.post(preview.request.path, data={"save": "1"})

    assert texts == [TEXT]
    assert articles() == 2


def test_a_draft_from_before_splits_were_kept_is_split_when_it_is_read(client, supervisor):
    preview = send(client, text=TEXT)
    with db_write() as session:
        session.execute(update(Draft).values(spans=None))

    assert "Not saved yet" in client.get(preview.request.path).text
    client.post(preview.request.path, data={"save": "1"})

    db.session.rollback()
    article = db.session.scalars(select(Article).order_by(Article.id.desc()).limit(1)).one()
    assert [sentence.text for sentence in sentences_of(article)] == [TEXT[:31], TEXT[32:]]


def test_a_text_read_again_in_another_encoding_is_split_anew(client, supervisor):
    upload = "Мост открыт. Это третий отзыв.".encode("koi8-r")
    preview = send(client, upload=(io.BytesIO(upload), "bridge.txt"))
    client.post(preview.request.path, data={"reread": "1", "encoding": "koi8-r"})
    client.post(preview.request.path, data={"save": "1", "looked_at": "y"})

    db.session.rollback()
    article = db.session.scalars(select(Article).order_by(Article.id.desc()).limit(1)).one()
    assert [sentence.text for sentence in sentences_of(article)] == ["Мост открыт.", "Это третий отзыв."]


def test_a_discarded_draft_leaves_nothing(client, supervisor):
    client.post(send(client, text=TEXT).request.path, data={"discard": "1"})

    assert articles() == 1
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_an_uploaded_page_is_read_as_prose_and_its_upload_kept(client, supervisor):
    page = f"<title>T</title><h1>The bridge</h1><script>x</script><p>{TEXT}</p>".encode()

    preview = send(client, upload=(io.BytesIO(page), "story.html"))
    client.post(preview.request.path, data={"save": "1"})

    db.session.rollback()
    article = db.session.scalars(select(Article).order_by(Article.id.desc()).limit(1)).one()
    assert article.text == f"The bridge\n{TEXT}"
    assert (article.original, article.media_type, article.title) == (page, "text/html", "The bridge")


def test_a_wrongly_detected_encoding_can_be_chosen_in_the_preview(client, supervisor):
    upload = "Мост открыт для машин. Это третий раз.".encode("koi8-r")
    preview = send(client, upload=(io.BytesIO(upload), "story.txt"))

    again = client.post(preview.request.path, data={"reread": "1", "encoding": "koi8-r"})

    assert "Мост открыт" in again.text


def test_an_encoding_that_does_not_fit_leaves_the_draft_alone(client, supervisor):
    preview = send(client, upload=(io.BytesIO("Café au lait.".encode("latin-1")), "story.txt"))

    again = client.post(preview.request.path, data={"reread": "1", "encoding": "utf-8"})

    assert "not written in utf-8" in again.text
    assert "Café au lait." in again.text


CUT = "Die Brücke wurde am Dienstag geöffnet, sagte der Bürgermeister von Köln. Das ist schön".encode()[:-2]


@pytest.mark.parametrize(
    ("upload", "why", "word"),
    [
        (
            CUT,
            f"The file is UTF-8 and ends within a character (byte {len(CUT)}); it may have been cut off.",
            "sch\ufffd",
        ),
        ("Le café a déjà rouvert.".encode("windows-1252"), "does not say what it is. It was read as", "café"),
    ],
)
def test_an_encoding_in_doubt_is_shown_and_asked_before_anything_is_saved(client, supervisor, upload, why, word):
    preview = send(client, upload=(io.BytesIO(upload), "story.txt"))
    assert "To look at:" in preview.text
    assert why in preview.text
    assert word in preview.text

    refused = client.post(preview.request.path, data={"save": "1"})
    assert "Look at the letters of the text first" in refused.text
    assert articles() == 1

    saved = client.post(preview.request.path, data={"save": "1", "looked_at": "y"})
    assert saved.status_code == 302
    assert articles() == 2


def test_a_doubt_stays_until_somebody_looked_also_after_another_encoding_was_chosen(client, supervisor):
    upload = "Мост открыт для машин. Это третий раз.".encode("koi8-r")
    preview = send(client, upload=(io.BytesIO(upload), "story.txt"))
    again = client.post(preview.request.path, data={"reread": "1", "encoding": "windows-1251", "looked_at": "y"})

    assert "It was read as windows-1251" in again.text
    client.post(preview.request.path, data={"save": "1"})
    assert articles() == 1


@pytest.mark.parametrize(
    ("upload", "name"),
    [
        ("Die Brücke öffnet.".encode(), "a.txt"),
        ("Die Brücke öffnet.".encode("utf-8-sig"), "a.txt"),
        (b"\xff\xfe" + "Die Brücke öffnet.".encode("utf-16-le"), "a.txt"),
        ('<meta charset="windows-1252"><p>Die Brücke öffnet.</p>'.encode("windows-1252"), "a.html"),
    ],
)
def test_a_file_that_says_its_encoding_is_not_asked_about(client, supervisor, upload, name):
    preview = send(client, upload=(io.BytesIO(upload), name))

    assert "To look at:" not in preview.text
    assert client.post(preview.request.path, data={"save": "1"}).status_code == 302


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": "  "}, "There is no text in it"),
        ({"text": "a\x00b"}, "NUL"),
        ({"text": TEXT, "published": "yesterday"}, "is no date"),
        ({"text": TEXT, "url": "nowhere"}, "is no web address"),
        ({"text": "x " * 2_700_000}, "over 5 MB"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_nothing_is_saved(client, supervisor, data, sentence):
    page = send(client, **data)

    assert sentence in page.text
    assert articles() == 1
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_binary_upload_is_refused(client, supervisor):
    assert "This is a PDF" in send(client, upload=(io.BytesIO(b"%PDF-1.7 x"), "story.txt")).text


def test_a_pdf_has_a_preview_like_any_file(client, supervisor, monkeypatch):
    monkeypatch.setattr(pdf, "_told_by_reader", pdf_reader.read)  # in this process
    page = send(client, upload=(io.BytesIO(pdf_files.TWO_COLUMNS), "bridge.pdf"))

    assert "The bridge over the river was reopened on Tuesday, the town hall said." in page.text
    assert "<dd>pdf</dd>" in page.text
    assert client.post(page.request.path, data={"save": "1"}).status_code == 302
    saved = db.session.scalar(select(Article).order_by(Article.id.desc()))
    assert (saved.title, saved.media_type, saved.original) == ("The bridge", "application/pdf", pdf_files.TWO_COLUMNS)

    scanned = send(client, upload=(io.BytesIO(pdf_files.pdf([pdf_files.PICTURE])), "scan.pdf"))
    assert "The PDF holds no text, only pictures of pages" in scanned.text


def test_an_upload_past_all_limits_is_refused_with_a_page(client, supervisor):
    page = client.post("/articles/new", data=b"x" * 7_000_000, content_type="multipart/form-data; boundary=b")

    assert page.status_code == 413
    assert "over 5 MB" in page.text


def test_the_same_text_again_leads_to_the_first(client, supervisor):
    article = make_article(TEXT, title="The bridge")

    page = send(client, text=TEXT)

    assert "in the project already" in page.text
    assert f'href="/articles/{article.id}"' in page.text
    assert articles() == 2


def test_two_drafts_of_one_text_become_one_article(client, supervisor):
    one, other = send(client, text=TEXT).request.path, send(client, text=TEXT).request.path
    client.post(one, data={"save": "1"})

    page = client.post(other, data={"save": "1"})

    assert "in the project already" in page.text
    assert articles() == 2


def test_a_text_whose_first_import_lies_in_the_trash_may_come_in_again(app, client, supervisor):
    article = make_article(TEXT)
    with db_write():
        article.trashed_at = article.created_at

    client.post(send(client, text=TEXT).request.path, data={"save": "1"})

    assert articles() == 3


def test_what_a_person_typed_survives_a_refusal(client, supervisor):
    page = send(client, text=TEXT, title="A title", published="yesterday")

    assert page.status_code == 422
    assert TEXT in page.text
    assert "A title" in page.text


@pytest.mark.parametrize(("name", "value"), [("published", "yesterday"), ("url", "nowhere"), ("text", "a\x00b")])
def test_what_is_wrong_is_said_at_its_field_which_has_the_focus(client, supervisor, name, value):
    page = BeautifulSoup(send(client, **{"text": TEXT, name: value}).text, "html.parser")

    [bad] = page.select("[aria-invalid]")
    assert (bad["name"], bad["aria-describedby"].split()[-1]) == (name, f"{name}-error")
    assert page.select("[autofocus]") == [bad]


def test_a_byte_order_mark_is_dropped_and_recorded(app, owner):
    article = import_upload(first_project(), owner, TEXT.encode("utf-8-sig"), "a.txt", Description())

    assert (article.text, article.had_bom) == (TEXT, True)


def test_stored_sentences_cut_the_text_exactly(app):
    article = make_article("One 🚢 sailed.\u00a0\n\n  \u200bTwo “sank”.  \n")

    spans = db.session.scalars(select(Sentence).where(Sentence.article_id == article.id)).all()
    assert [article.text[s.start : s.end] for s in spans] == ["One 🚢 sailed.", "Two “sank”."]


def test_the_list_costs_the_same_number_of_statements_for_one_article_or_many(app, client, sign_in, owner, statements):
    sign_in(owner)
    with statements() as few:
        client.get("/")
    for _ in range(5):
        make_article()
    with statements() as many:
        client.get("/")

    assert len(many) == len(few)


def test_a_text_of_nothing_but_full_stops_is_refused_before_it_is_split(client, supervisor, monkeypatch):
    monkeypatch.setattr(drafts, "sentences", None)

    page = send(client, text="A. " * 100_001)

    assert "over 100,000 full stops and question marks" in page.text
    assert articles() == 1


def test_a_german_text_is_taken_for_german_and_its_dateline_stays_whole(client, supervisor):
    page = send(client, text=GERMAN)

    assert '<option selected value="de">German</option>' in page.text
    assert page.text.count('class="cut cut--open"') == 2
    client.post("/drafts/1", data={"save": "Save article"})
    assert db.session.scalars(select(Article.language).order_by(Article.id.desc())).first() == "de"


def test_another_language_may_be_chosen_in_the_preview_and_is_kept_with_the_article(client, supervisor):
    send(client, text=GERMAN)

    page = client.post("/drafts/1", data={"split": "Split again", "language": "en"})

    assert page.text.count('class="cut cut--open"') == 3
    client.post("/drafts/1", data={"save": "Save article", "language": "en"})
    article = db.session.scalars(select(Article).order_by(Article.id.desc())).first()
    assert (article.language, len(sentences_of(article))) == ("en", 3)


def test_a_language_that_is_none_is_not_taken(client, supervisor):
    send(client, text=GERMAN)

    page = client.post("/drafts/1", data={"split": "Split again", "language": "xx"})

    assert "Not a valid choice" in page.text
    assert page.text.count('class="cut cut--open"') == 2


@pytest.mark.parametrize(("said", "found"), [(None, "de"), ("en", "en"), ("fi", "fi"), ("German", "de")])
def test_imported_articles_are_in_the_language_that_the_project_says_or_the_one_that_is_guessed(owner, said, found):
    with db_write():
        first_project().language = said

    article = import_upload(first_project(), owner, GERMAN.encode(), "a.txt", Description())

    assert article.language == found
    assert len(sentences_of(article)) == (2 if found == "de" else 3)


GERMAN = "PEKING, 5. Juli. Die Regierung hat am Montag mit den Ländern über neue Regeln gesprochen."
