"""A package holds all of a project, says of itself what it holds, gives nobody away, and tells when it was changed."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from tests.export.study import NAMES, OTHER, make_study
from tests.factories import Person, first_project, make_article, make_member
from webapp.db import db
from webapp.domain.errors import BadPackage, NotFound
from webapp.domain.package_check import DIGEST, MANIFEST, PackageFile
from webapp.export import package, records
from webapp.export.actions import export_package
from webapp.jobs import work_on
from webapp.models import SHELL, AuditEvent
from webapp.models.revisions import REGISTRY

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def study(over):
    return over(make_study)


@pytest.fixture
def packed(study, tmp_path):
    """The file of a package, and what was written."""
    return pack(tmp_path / "package.zip")


def pack(path, reader=SHELL, *, copies=True):
    with path.open("wb") as file:
        written = export_package(first_project(), reader, file, copies=copies)
    return path, written


def files_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_it_holds_every_shape_the_texts_the_rules_and_the_records(packed):
    path, _ = packed
    files = files_of(path)

    shapes = {"long", "gold", "wide", "reliability", "recal", "articles", "sources", "ratings", "claims", "mentions"}
    assert {f"{shape}.csv" for shape in shapes | {"evidence", "dates"}} <= set(files)
    about = {
        "README.txt",
        "README.md",
        "croissant.json",
        "codebook-1.0.md",
        "codebook-1.0---of-ours.md",
        MANIFEST,
        DIGEST,
    }
    assert about <= set(files)
    texts = {row["article_id"]: row["text_sha256"] for row in table(files["articles.csv"])}
    assert len(texts) == 3
    assert {number: hashlib.sha256(files[f"articles/{number}.txt"]).hexdigest() for number in texts} == texts
    assert [content for name, content in files.items() if name.startswith("originals/")] == [
        b"\xef\xbb\xbf" + OTHER.encode()
    ]
    assert [len(content) for name, content in files.items() if name.startswith("copies/")] == [440_000]
    assert {row["round"] for row in table(files["gold.csv"])} == {"main"}
    assert [row["codebook_id"] for row in table(files["records/round.csv"])] == ["1", "2"]


@pytest.mark.sqlite_only("it is about a file, whatever it was made from")
def test_the_manifest_tells_of_every_file_and_the_digest_of_the_manifest(packed):
    path, written = packed
    files = files_of(path)
    manifest, digest = json.loads(files.pop(MANIFEST)), json.loads(files.pop(DIGEST))

    told = {one["path"]: (one["bytes"], one["hash"]) for one in manifest["resources"]}
    assert told == {name: (len(held), f"sha256:{hashlib.sha256(held).hexdigest()}") for name, held in files.items()}
    rows = {one["path"]: one["rows"] for one in manifest["resources"] if "rows" in one}
    without_header = {name: len(table(held)) for name, held in files.items() if name in rows and name != "recal.csv"}
    assert rows | without_header == rows
    assert digest == {"path": MANIFEST, "hash": written.digest}
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "exported"))
    assert event.details["digest"] == written.digest


@pytest.mark.sqlite_only("it is about a file, whatever it was made from")
def test_what_is_missing_has_a_label_and_numbers_stay_numbers(packed):
    manifest = json.loads(files_of(packed[0])[MANIFEST])
    long = next(one for one in manifest["resources"] if one["name"] == "long")
    fields = {field["name"]: field for field in long["schema"]["fields"]}

    labels = {one["value"]: one["label"] for one in fields["tag_code"]["missingValues"]}
    assert labels == {"": "not recorded", "8": "not codable", "9": "not answered by this analyst"}
    assert fields["tag_code"]["constraints"] == {"enum": [1, 2, 3, 4]}
    assert fields["likelihood_code"]["type"] == "integer"


def test_the_same_data_is_the_same_bytes(packed, tmp_path):
    path, first = packed
    again, second = pack(tmp_path / "again.zip")

    by_time = {"croissant.json", MANIFEST, DIGEST}
    one, other = files_of(path), files_of(again)
    assert {name for name in one if one[name] != other[name]} <= by_time
    assert list(one) == list(other)
    assert first.digest != second.digest  # each has an id of its own


def test_what_counts_in_a_round_is_read_once_for_all_that_tells_of_it(study, statements, tmp_path):
    with statements() as seen:
        path, _ = pack(tmp_path / "package.zip")

    of_those_handed_in = [
        one for one in seen if "\nFROM submission JOIN " in one and "annotation.to_confirm IS " in one
    ]
    assert len(of_those_handed_in) == len(table(files_of(path)["records/round.csv"])) == 2


def test_nobody_is_told_of_by_name_nor_in_the_order_in_which_accounts_were_made(packed, study):
    files = files_of(packed[0])

    whole = b"\n".join([*map(str.encode, files), *files.values()]).lower()
    for name in NAMES:
        for part in (name, *name.split()):
            assert part.lower().encode() not in whole
    people = [row["coder_id"] for row in table(files["records/people.csv"])]
    assert people == ["C10", "C50", "C77", "C90"]
    work = table(files["records/assignment.csv"])
    assert work == sorted(work, key=lambda row: (int(row["article_id"]), row["key"]))
    assert {len(row["assigned_at"]) for row in work} == {len("2026-11-27T17:49:57Z")}
    ids = {str(study[who]) for who in ("supervisor", "ann", "bart")}
    manifest = json.loads(files[MANIFEST])
    for one in manifest["resources"]:
        for field in one.get("schema", {}).get("fields", []):
            if field["name"].endswith(("analyst_id", "author_id", "maker_id", "actor_id", "_by_id", "coder_id")):
                held = {row[field["name"]] for row in table(files[one["path"]])}
                assert held <= {"", "C10", "C50", "C90", "C77"}, one["path"]
                assert not held & ids


def test_every_table_that_only_grows_is_in_the_records_or_says_why_it_is_in_no_export():
    """A new one gets its line in `records.RECORDS`, behind those whose rows it names."""
    left_out = set(REGISTRY) - {record.name for record in records.RECORDS}

    assert [name for name in sorted(left_out) if not REGISTRY[name].not_exported] == []


def test_who_reads_all_gets_records_a_researcher_what_they_may_read_and_an_analyst_nothing(study, tmp_path):
    researcher = make_member("R", "researcher")
    path, _ = pack(tmp_path / "theirs.zip", researcher)
    files = files_of(path)

    assert not [name for name in files if name.startswith(("records/", "originals/", "copies/"))]
    assert not json.loads(files[MANIFEST])["claimtag"]["has_records"]
    assert {row["coder_id"] for row in table(files["long.csv"])} == {"C90"}  # the other's was returned
    with pytest.raises(NotFound):
        pack(tmp_path / "none.zip", Person(study["ann"]))


def test_what_is_written_meanwhile_is_in_no_part_of_it(study, tmp_path, app):
    """Every table is of the same moment."""
    done = []

    def interfere(part):
        if part == "gold.csv" and not done:
            done.append(part)
            other_thread(app, lambda: make_article("A new one came. It is late."))

    with (tmp_path / "package.zip").open("wb") as file:
        package.write(first_project(), SHELL, file, interfere)
    assert len(table(files_of(tmp_path / "package.zip")["articles.csv"])) == 3


def other_thread(app, action):
    def run():
        with app.app_context():
            action()
            db.session.remove()

    thread = Thread(target=run)
    thread.start()
    thread.join()


def test_uploaded_copies_stay_out_where_that_is_chosen_and_it_says_so(study, tmp_path):
    path, written = pack(tmp_path / "less.zip", copies=False)
    files = files_of(path)

    assert not [name for name in files if name.startswith("copies/")]
    assert json.loads(files[MANIFEST])["claimtag"]["has_copies"] is False
    assert "Copies that people uploaded as evidence were left out" in files["README.txt"].decode()
    assert len(table(files["records/evidence_copy.csv"])) == 1
    with PackageFile(path) as held:
        assert held.checked.digest == written.digest
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "exported"))
    assert event.details["copies"] is False


# ---- whether it is what it says


about_files = pytest.mark.sqlite_only("it is about a file, whatever it was made from")


@pytest.fixture
def changed(packed, tmp_path):
    """Writes the package anew with its files changed by a function, and returns its path."""

    def write(change, *, rehash=False, extra=()):
        files = files_of(packed[0])
        change(files)
        if rehash:
            digest = {"path": MANIFEST, "hash": f"sha256:{hashlib.sha256(files[MANIFEST]).hexdigest()}"}
            files[DIGEST] = json.dumps(digest).encode()
        path = tmp_path / "changed.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in [*files.items(), *extra]:
                archive.writestr(name, content)
        return path

    return write


def refused(path):
    with pytest.raises(BadPackage) as why:
        PackageFile(path)
    sentence = str(why.value)
    assert len(sentence) < 250
    return sentence


@about_files
def test_a_whole_package_is_counted_anew(packed):
    path, written = packed
    with PackageFile(path) as held:
        assert held.checked.digest == written.digest
        assert held.checked.rows == sum(written.rows.values())
        assert (held.checked.articles, held.checked.tables) == (3, len(written.rows))


@about_files
def test_a_package_that_was_unpacked_and_packed_anew_is_still_one(changed):
    with PackageFile(changed(lambda _: None, extra=[("articles/", ""), ("records/", "")])) as held:
        assert held.checked.articles == 3


@about_files
def test_what_was_changed_is_named_in_one_sentence(changed, packed, tmp_path):
    def letter(files):
        files["long.csv"] = files["long.csv"].replace(b"Two came", b"Two come")

    def text(files):
        files["articles/2.txt"] += b"!"

    def newer(files):
        files[MANIFEST] = files[MANIFEST].replace(b'"format": 1', b'"format": 2')

    def rows(files):
        manifest = json.loads(files[MANIFEST])
        next(one for one in manifest["resources"] if one["name"] == "long")["rows"] += 1
        files[MANIFEST] = json.dumps(manifest).encode()

    told = refused(changed(letter))
    assert "“long.csv” is not as it was: its SHA-256" in told
    assert "; copy the package once more from where it was made." in told
    assert "“articles/2.txt” has" in refused(changed(text))
    assert "keeps: one of the two was changed" in refused(changed(newer))
    assert "newer version" in refused(changed(newer, rehash=True))
    assert "“long.csv” has" in refused(changed(rows, rehash=True))
    assert "“gold.csv”, which the package does not hold" in refused(changed(lambda files: files.pop("gold.csv")))
    assert "holds “more.csv”" in refused(changed(lambda _: None, extra=[("more.csv", "a")]))
    assert "no package of Claimtag" in refused(changed(lambda files: files.pop(MANIFEST)))
    assert "leads out of the folder" in refused(changed(lambda _: None, extra=[("../evil.txt", "a")]))


@about_files
def test_a_row_that_does_not_stand_in_its_article_is_named(changed):
    def move(files):
        files["long.csv"] = files["long.csv"].replace(b",0,18,Two", b",1,18,Two").replace(b',0,18,"Two', b',1,18,"Two')
        manifest = json.loads(files[MANIFEST])
        told = next(one for one in manifest["resources"] if one["name"] == "long")
        told["hash"] = f"sha256:{hashlib.sha256(files['long.csv']).hexdigest()}"
        files[MANIFEST] = json.dumps(manifest).encode()

    assert refused(changed(move, rehash=True)).startswith("“long.csv”, row 1: its text does not stand in article")


@about_files
def test_a_bomb_a_part_and_no_zip_at_all_are_refused_unread(packed, tmp_path):
    content = packed[0].read_bytes()
    part, none, bomb = tmp_path / "part.zip", tmp_path / "none.zip", tmp_path / "bomb.zip"
    part.write_bytes(content[: len(content) // 2])
    none.write_bytes(b"PK, or not")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros", "w") as zeros:
        for _ in range(128):
            zeros.write(bytes(2**20))

    assert "no readable ZIP file" in refused(part)
    assert "no readable ZIP file" in refused(none)
    assert "200 times its size" in refused(bomb)


# ---- on the page


@pytest.fixture
def supervisor(study):
    return Person(study["supervisor"])


def test_the_page_has_a_worker_make_it_and_shows_the_digest(client, sign_in, supervisor, app):
    sign_in(supervisor)
    made = client.post("/export/1/package")
    page = made.headers["Location"]
    assert "is being made" in client.get(page).text
    assert client.get(f"{page}/package.zip").status_code == 404

    work_on(int(page.rsplit("/", 1)[1]))
    shown = client.get(page).text
    taken = client.get(f"{page}/package.zip")
    digest = json.loads(files_of(io.BytesIO(taken.data))[DIGEST])["hash"]
    assert digest in shown
    assert digest in client.get("/export").text
    assert taken.headers["Content-Disposition"].startswith("attachment; filename=Our_study_package_")
    [event] = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "exported"))
    assert (event.details["digest"], event.actor_id) == (digest, supervisor.id)


@about_files
def test_the_page_leaves_out_uploaded_copies_where_that_is_ticked(client, sign_in, supervisor, app):
    sign_in(supervisor)
    assert "Without uploaded copies" in client.get("/export").text
    page = client.post("/export/1/package", data={"no_copies": "1"}).headers["Location"]
    work_on(int(page.rsplit("/", 1)[1]))

    assert "without uploaded copies" in " ".join(client.get(page).text.split())
    names = files_of(io.BytesIO(client.get(f"{page}/package.zip").data))
    assert not [name for name in names if name.startswith("copies/")]


@about_files
def test_a_package_is_its_makers_alone_and_the_next_one_takes_its_place(client, sign_in, supervisor, app):
    sign_in(supervisor)
    first, second = (client.post("/export/1/package").headers["Location"] for _ in range(2))
    for page in (first, second):
        work_on(int(page.rsplit("/", 1)[1]))

    assert [client.get(f"{page}/package.zip").status_code for page in (first, second)] == [404, 200]
    assert "no longer kept here" in client.get(first).text
    sign_in(make_member("Another", "supervisor"))
    assert [client.get(address).status_code for address in (second, f"{second}/package.zip")] == [404, 404]


@about_files
def test_how_far_it_is_is_told_and_cancelling_stops_it_at_the_next_row(client, sign_in, supervisor, app, monkeypatch):
    sign_in(supervisor)
    page = client.post("/export/1/package").headers["Location"]
    job_id = int(page.rsplit("/", 1)[1])
    waits = client.get(f"{page}/progress").json
    seen = []
    written = Path.write_text

    def watched(path, words, *options):
        written(path, words, *options)
        if path.suffix == ".progress":
            seen.append(json.loads(words))
            if seen[-1]["part"] == "gold.csv":
                client.post(f"{page}/cancel")

    monkeypatch.setattr(Path, "write_text", watched)
    work_on(job_id)

    assert (waits["state"], waits["total"]) == ("queued", 0)
    assert [one["part"] for one in seen] == ["long.csv", "gold.csv"]
    assert all(0 <= one["done"] <= one["total"] for one in seen)
    assert list((Path(app.instance_path) / "packages").iterdir()) == []
    assert "It was cancelled; nothing of it is kept." in client.get(page).text
    assert client.get(f"{page}/package.zip").status_code == 404
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.what == "exported")).all() == []


def test_as_many_parts_are_reported_as_were_announced(study, tmp_path):
    for reader in (SHELL, make_member("R", "researcher")):
        parts = []
        with (tmp_path / "x.zip").open("wb") as file:
            package.write(first_project(), reader, file, parts.append)
        assert len(parts) == package.number_of_parts(first_project(), reader) - ("recal.csv" not in parts)
