"""A project made again of a package is the same project: taken away once more it is the same bytes."""

import csv
import hashlib
import io
import json
import zipfile

import pytest
from sqlalchemy import func, select

from tests.export.study import make_study
from tests.export.test_package import files_of, pack, table
from tests.factories import make_article, make_project, sentences_of
from webapp import verification
from webapp.accounts.actions import new_link, sign_in_by_link
from webapp.db import db
from webapp.domain.errors import BadPackage, BadProject, DomainError
from webapp.domain.package_check import DIGEST, MANIFEST, PackageFile
from webapp.export import package, project_import
from webapp.export.project_import import import_package
from webapp.models import SHELL, Annotation, Article, AuditEvent, Membership, Project, Sentence, User

BY_TIME = {"croissant.json", MANIFEST, DIGEST}
ROWS = (User, Project, Membership, Article, Sentence, Annotation, AuditEvent)


@pytest.fixture(scope="session")
def packages():
    """By the database, the bytes of the package of the study: made once."""
    return {}


@pytest.fixture
def packed(app, dbms, over, packages, tmp_path):
    """The file of the package of a study, over a database that knows nothing of it."""
    path = tmp_path / "study.zip"
    over(nothing)
    if dbms not in packages:
        over(make_study)
        packages[dbms] = pack(path)[0].read_bytes()
        over(nothing)
    path.write_bytes(packages[dbms])
    return path


def nothing():
    pass


def come_back(path, name=None, supervisor_id=1):
    with PackageFile(path) as held:
        return import_package(held, SHELL, supervisor_id, name, lambda _: None)


def pack_again(path, project_id):
    with path.open("wb") as file:
        package.write(db.session.get_one(Project, project_id), SHELL, file)
    return files_of(path)


def rows():
    db.session.rollback()
    return {model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) for model in ROWS}


def test_taken_away_once_more_it_is_the_same_bytes(packed, tmp_path):
    came = come_back(packed)

    assert (came.name, came.articles, came.drawn_anew) == ("Our study", 3, False)
    before, after = files_of(packed), pack_again(tmp_path / "again.zip", came.project_id)
    assert list(after) == list(before)
    assert {name for name in before if before[name] != after[name]} == BY_TIME
    hashes = [
        {one["path"]: one["hash"] for one in json.loads(files[MANIFEST])["resources"]} for files in (before, after)
    ]
    assert {path for path in hashes[0] if hashes[0][path] != hashes[1][path]} == {"croissant.json"}
    assert verification.faults() == []


def test_people_come_as_placeholders_who_cannot_sign_in(packed):
    came = come_back(packed)

    id_ = json.loads(files_of(packed)[MANIFEST])["id"].removeprefix("urn:uuid:")[:8]
    assert came.people == tuple(f"{code} of package {id_}" for code in ("C10", "C50", "C77", "C90"))
    for name in came.people:
        person = db.session.scalars(select(User).where(User.name == name)).one()
        assert not person.is_active
        assert person.password_hash is None
        with pytest.raises(DomainError):
            sign_in_by_link(new_link(person))
    supervisors = db.session.scalars(
        select(Membership.user_id).where(Membership.project_id == came.project_id, Membership.is_supervisor)
    )
    assert 1 in set(supervisors)


def test_a_name_that_is_taken_is_said_and_another_one_is_the_one_thing_that_differs(packed, tmp_path):
    make_project("our STUDY")
    before = rows()
    with pytest.raises(BadProject, match="is called “Our study” already; give this one another name"):
        come_back(packed)
    assert rows() == before

    came = come_back(packed, "Again")
    one, other = files_of(packed), pack_again(tmp_path / "again.zip", came.project_id)
    differs = {name for name in one if one[name] != other[name]} - BY_TIME
    assert differs == {"long.csv", "articles.csv", "records/project.csv", "README.txt", "README.md"}
    for name in ("long.csv", "articles.csv"):
        assert [row | {"project": ""} for row in table(one[name])] == [
            row | {"project": ""} for row in table(other[name])
        ]


def test_ids_stand_above_every_id_and_number_so_that_what_comes_later_has_one_of_its_own(packed):
    came = come_back(packed)
    article = make_article("A later one came. It stands behind.", project=db.session.get_one(Project, came.project_id))

    numbers = db.session.scalars(select(func.coalesce(Article.number, Article.id))).all()
    assert len(set(numbers)) == len(numbers) or article.id > max(n for n in numbers if n != article.id)
    of_project = select(func.coalesce(Sentence.number, Sentence.id)).join(Sentence.article)
    told = db.session.scalars(of_project.where(Article.project_id == came.project_id)).all()
    assert len(set(told)) == len(told)
    assert {sentence.id for sentence in sentences_of(article)}.isdisjoint(
        db.session.scalars(select(Sentence.number).where(Sentence.number.is_not(None)))
    )


def test_beside_the_project_it_was_made_from_it_gets_ids_of_its_own(app, over, tmp_path):
    over(make_study)
    path, _ = pack(tmp_path / "study.zip")
    came = come_back(path, "Again")

    assert came.drawn_anew
    assert verification.faults() == []
    one, other = files_of(path), pack_again(tmp_path / "again.zip", came.project_id)
    for name in ("long.csv", "claims.csv", "sources.csv", "evidence.csv", "records/annotation.csv"):
        mine, theirs = table(one[name]), table(other[name])
        ids = {column for column in mine[0] if column.endswith(("source_id", "claim_id", "_key"))}
        ids |= {"source_merged_id", "claim_merged_id", "evidence_id", "same_origin_as", "rating_id", "chain", "project"}
        ids |= {"assignment_id"}
        assert [without(row, ids) for row in mine] == [without(row, ids) for row in theirs], name
        assert len(mine) > 1
    assert {row["claim_id"] for row in table(one["claims.csv"])}.isdisjoint(
        row["claim_id"] for row in table(other["claims.csv"])
    )


def without(row, names):
    return {name: value for name, value in row.items() if name not in names}


# ---- what cannot come back


def damaged(path, change):
    """The package with tables changed by a function, and with the hashes and counts of what came of it."""
    files = files_of(path)
    change(files)
    manifest = json.loads(files[MANIFEST])
    for one in manifest["resources"]:
        if one["path"] in files:
            content = files[one["path"]]
            one |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
            if one.get("type") == "table" and one["path"] != "recal.csv":
                one["rows"] = len(table(content))
    manifest["resources"] = [one for one in manifest["resources"] if one["path"] in files]
    files[MANIFEST] = json.dumps(manifest).encode()
    files[DIGEST] = json.dumps({"hash": f"sha256:{hashlib.sha256(files[MANIFEST]).hexdigest()}"}).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def replaced(name, old, new):
    def change(files):
        assert old.encode() in files[name], (name, files[name][:400])
        files[name] = files[name].replace(old.encode(), new.encode(), 1)

    return change


def without_records(files):
    for name in [name for name in files if name.startswith("records/")]:
        del files[name]


def of_researcher(files):
    files[MANIFEST] = files[MANIFEST].replace(b'"has_records": true', b'"has_records": false')


def renamed(files):
    """One column, in the table and in the manifest."""
    for name in ("records/annotation.csv", MANIFEST):
        replaced(name, "carried_from_id", "carried_from")(files)


def gap(files):
    lines = files["records/sentence.csv"].split(b"\r\n")
    files["records/sentence.csv"] = b"\r\n".join([lines[0], *lines[2:]])


def spoilt(start, old, new):
    """The first file whose name begins so."""

    def change(files):
        replaced(next(name for name in files if name.startswith(start)), old, new)(files)

    return change


def numbered(name, number):
    """The last row of a table under another number; without one under that of the row before."""

    def change(files):
        rows = list(csv.reader(io.StringIO(files[name].decode(), newline="")))
        at = rows[0].index("id")
        rows[-1][at] = number or rows[-2][at]
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
        files[name] = out.getvalue().encode()

    return change


def without_rows(name):
    """A table with its header alone."""

    def change(files):
        files[name] = files[name].partition(b"\r\n")[0] + b"\r\n"

    return change


def with_cell(name, column, told, row=-1):
    """The cell of a row, by default the last one, as it is told in place of what it is."""

    def change(files):
        rows = list(csv.reader(io.StringIO(files[name].decode(), newline="")))
        rows[row][rows[0].index(column)] = told
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
        files[name] = out.getvalue().encode()

    return change


def without_codebook(files):
    del files["codebook-1.0.md"]


def called_a_file(files):
    """A table that nobody counted, as the manifest calls it none."""
    manifest = json.loads(files[MANIFEST])
    [told] = [one for one in manifest["resources"] if one["path"] == "records/article.csv"]
    told |= {"type": "file", "rows": 1}
    files[MANIFEST] = json.dumps(manifest).encode()


TOO_LATE = "9999-12-31T23:59:59-14:00"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (spoilt("articles/2", "Two came", "Ten came"), "is not the text that “articles.csv” tells of"),
        (spoilt("originals/", "Schiff", "Schaf!"), "is not the upload of which “records/article.csv” has the hash"),
        (spoilt("copies/", "copy", "cope"), "is not the copy of which “records/evidence_copy.csv” has the hash"),
        (numbered("records/article.csv", None), "Two rows of the package’s articles have the same number."),
        (numbered("records/annotation.csv", str(2**31 - 2)), "annotation go beyond what a database can hold"),
        (numbered("records/annotation.csv", "many"), "“records/annotation.csv” has “many” where a number belongs."),
        (without_rows("records/segmentation_edit.csv"), "The records do not tell how article"),
        (replaced(MANIFEST, '"project": "Our study"', '"project": ""'), "does not say what its project is called"),
        (of_researcher, "it has no records"),
        (without_records, "The package has no “records/project.csv”"),
        (replaced("records/annotation.csv", ",FACT,", ",RUMOUR,"), "“RUMOUR” is no “tag”"),
        (with_cell("records/annotation.csv", "second_choice", "FACT", 1), "contradict one another, or break a rule"),
        (replaced("records/annotation.csv", ",C90,", ",C99,"), "row 1: “C99” is no “analyst_id”"),
        (replaced("records/annotation.csv", ",false,", ",maybe,"), "“maybe” is no “is_blind”"),
        (renamed, "“records/annotation.csv” has other columns than this version of Claimtag reads"),
        (gap, "In version 1 of its split the sentences of article 1: The text from 1 to 291 is in no sentence."),
        (replaced("records/claim_wording.csv", ",1,true,", ",2,true,"), "not unbroken chains with one current"),
        (replaced("records/round.csv", "main,", "pilot,"), "contradict one another, or break a rule"),
        (with_cell("records/article.csv", "segmentation_version", str(2**31 - 1)), "do not tell how article"),
        (with_cell("records/codebook.csv", "id", "999"), "row 2: there is no codebook of that number"),
        (with_cell("records/codebook.csv", "id", ""), "row 2: “” is no “id”"),
        (called_a_file, "“records/article.csv” is no table, as datapackage.json tells of it."),
        (without_codebook, "The package has no “codebook-1.0.md”, of which its records tell."),
        (with_cell("records/article.csv", "created_at", TOO_LATE), f"“{TOO_LATE}” is no “created_at”"),
        (with_cell("records/article.csv", "created_at", "2024-01-01"), "“2024-01-01” is no “created_at”"),
        (with_cell("records/article.csv", "title", "a\0b"), "is no “title”"),
        (with_cell("records/segmentation_edit.csv", "before", "[" * 100_000), "is no “before”"),
        (with_cell("records/segmentation_edit.csv", "before", "[]"), "“[]” is no “before”"),
        (with_cell("records/segmentation_edit.csv", "after", '[{"id": 8}]'), '“[{"id": 8}]” is no “after”'),
        (without_rows("records/source_entry.csv"), "contradict itself (source: it has no name); nothing came in."),
        (without_rows("records/claim_wording.csv"), "(claim: it has no wording)"),
        (with_cell("records/source_rating.csv", "reliability", "F"), "(answer: the rating it took is not one of its"),
        (with_cell("records/evidence.csv", "words", "Two came"), "(item: its words are not those of its sentence)"),
        (with_cell("records/date_reading.csv", "words", "soon"), "(date: its words do not stand in the article at"),
        (with_cell("records/edition.csv", "article_id", ""), "row 1: “” is no “article_id”"),
        (with_cell("records/evidence.csv", "published_date", "2024-13"), "“2024-13” is no “published_date”"),
        (with_cell("records/evidence.csv", "accessed_at", "soon"), "“soon” is no “accessed_at”"),
        (with_cell("records/evidence.csv", "url", "javascript:alert(1)"), "“javascript:alert(1)” is no “url”"),
        (with_cell("records/date_reading.csv", "resolved", "2024/2023"), "“2024/2023” is no “resolved”"),
        (with_cell("records/release.csv", "figures", "{}"), "“{}” is no “figures”"),
        (with_cell("records/round.csv", "closed_at", "2024-01-01T00:00:00Z", 1), "has no round that runs"),
    ],
)
def test_what_contradicts_itself_is_said_in_one_sentence_and_nothing_comes_in(packed, change, sentence):
    damaged(packed, change)
    before = rows()
    with pytest.raises(BadPackage) as refused:
        come_back(packed)

    assert sentence in str(refused.value)
    assert len(str(refused.value)) < 250
    assert rows() == before


def test_merges_that_lead_on_and_on_are_refused(packed, monkeypatch):
    monkeypatch.setattr(project_import, "MOST_STEPS", 0)

    with pytest.raises(BadPackage, match="More than 0 sources were merged one into the next"):
        come_back(packed)
