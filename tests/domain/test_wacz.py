"""Web archives are read whole or refused with one sentence: hashes, paths, missing files, and what is made to exhaust."""

import hashlib
import io
import json
import zipfile

import pytest

from webapp.domain import wacz
from webapp.domain.errors import BadEvidence
from webapp.domain.wacz import Capture, capture_of, captures

PAGE = {"url": "https://wire.example/a", "ts": "2020-10-07T21:22:36Z", "title": "A"}
OTHER = {"url": "https://wire.example/b", "ts": "2020-10-07T23:30:00.25+02:00"}
HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}


def lines(*objects):
    return "\n".join(map(json.dumps, objects)).encode()


FILES = {
    "archive/data.warc": b"WARC/1.1\r\n" * 40,
    "indexes/index.cdx": b"com,example)/ 20201007 {}",
    "pages/pages.jsonl": lines(HEAD, PAGE, OTHER),
}


def hash_of(content, kind="sha256"):
    return f"{kind}:{hashlib.new(kind, content).hexdigest()}"


def make_wacz(files=FILES, *, resources=None, digest=None, without=(), more=(), **manifest):
    """An archive of these files; `more` are pairs of a name, or a ZipInfo, and content that are not listed."""
    listed = [
        {"name": name.rpartition("/")[2], "path": name, "hash": hash_of(content), "bytes": len(content)}
        for name, content in files.items()
    ]
    told = {"profile": "data-package", "wacz_version": "1.1.1", "resources": listed if resources is None else resources}
    package = json.dumps(told | manifest).encode()
    whole = files | {
        "datapackage.json": package,
        "datapackage-digest.json": json.dumps(
            {"path": "datapackage.json", "hash": hash_of(package)} if digest is None else digest
        ).encode(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            if name not in without:
                archive.writestr(name, content)
        for name, content in more:
            archive.writestr(name, content)
    return out.getvalue()


def test_pages_are_read_with_their_moment_in_utc():
    assert captures(make_wacz()) == [
        Capture("https://wire.example/a", "2020-10-07T21:22:36Z"),
        Capture("https://wire.example/b", "2020-10-07T21:30:00Z"),
    ]


@pytest.mark.parametrize("name", ["mainPageUrl", "mainPageURL"])
def test_the_main_page_comes_first(name):
    assert captures(make_wacz(**{name: "https://wire.example/b"}))[0].url == "https://wire.example/b"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (None, "https://wire.example/a"),
        ("https://wire.example/b", "https://wire.example/b"),
        ("http://www.wire.example/b/#top", "https://wire.example/b"),
        ("https://elsewhere.example", "https://wire.example/a"),
    ],
)
def test_the_page_of_the_items_address_is_meant_else_the_first(asked, found):
    assert capture_of(asked, captures(make_wacz())).url == found


@pytest.mark.parametrize("kind", ["sha256", "sha512", "sha1", "md5"])
def test_kinds_of_hashes_that_archives_have(kind):
    listed = [{"path": name, "hash": hash_of(content, kind)} for name, content in FILES.items()]

    assert len(captures(make_wacz(resources=listed))) == 2


def test_the_digest_may_be_missing_and_folders_may_be_there():
    assert len(captures(make_wacz(without=["datapackage-digest.json"], more=[("archive/", b"")]))) == 2


def link(name):
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


def listed(**changed):
    return [{"path": name, "hash": hash_of(content)} | changed for name, content in FILES.items()]


@pytest.mark.parametrize(
    ("upload", "told"),
    [
        (b"", "no readable WACZ file"),
        (b"<html>", "no readable WACZ file"),
        (make_wacz()[:-30], "no readable WACZ file"),
        (make_wacz(without=["datapackage.json"]), "lacks “datapackage.json”"),
        (make_wacz(without=["pages/pages.jsonl"]), "lacks “pages/pages.jsonl”"),
        (make_wacz(without=["archive/data.warc"]), "nothing under “archive/”"),
        (make_wacz(without=["indexes/index.cdx"]), "nothing under “indexes/”"),
        (make_wacz(resources=[*listed(), {"path": "archive/b.warc", "hash": "sha256:00"}]), "lacks “archive/b.warc”"),
        (make_wacz(resources=[{"path": 7}]), "lacks “7”"),
        (make_wacz(resources=listed(hash="sha256:" + "0" * 64)), "“archive/data.warc” does not have the hash"),
        (make_wacz(resources=listed(bytes=1)), "“archive/data.warc” does not have the hash"),
        (make_wacz(resources=listed(hash="crc:00")), "no hash of “archive/data.warc” that can be checked"),
        (make_wacz(resources=listed(hash=None)), "no hash of “archive/data.warc” that can be checked"),
        (make_wacz(resources="all"), "does not list what is in it"),
        (make_wacz(digest={"path": "datapackage.json", "hash": "sha256:00"}), "“datapackage.json” does not have the hash"),
        (make_wacz(digest={"path": "other.json", "hash": "sha256:00"}), "is not about “datapackage.json”"),
        (make_wacz(digest=[]), "“datapackage-digest.json” of the WACZ file cannot be read"),
        (make_wacz(more=[("fuzzy.json", b"{}")]), "holds “fuzzy.json”, which its “datapackage.json” does not list"),
        (make_wacz(more=[("../x", b"")]), "holds “../x”, which leads out of it"),
        (make_wacz(more=[("/etc/passwd", b"")]), "leads out of it"),
        (make_wacz(more=[("archive/../../x", b"")]), "leads out of it"),
        (make_wacz(more=[("archive\\x", b"")]), "leads out of it"),
        (make_wacz(more=[("C:/x", b"")]), "leads out of it"),
        (make_wacz(more=[(link("archive/link"), b"/etc")]), "leads out of it"),
        (make_wacz(more=[("archive/twin.warc", b"")]).replace(b"twin.warc", b"data.warc"), "holds “archive/data.warc” twice"),
        (make_wacz(FILES | {"pages/pages.jsonl": lines(HEAD)}), "names no page"),
        (make_wacz(FILES | {"pages/pages.jsonl": b""}), "names no page"),
        (make_wacz(FILES | {"pages/pages.jsonl": lines(HEAD, {"url": "https://a.example"})}), "Line 2 of"),
        (make_wacz(FILES | {"pages/pages.jsonl": lines(HEAD, PAGE | {"ts": "last week"})}), "“last week” is no time"),
        (make_wacz(FILES | {"pages/pages.jsonl": b"not json"}), "line 1,” of the WACZ file cannot be read"),
        (make_wacz(FILES | {"pages/pages.jsonl": b"[" * 100_000}), "line 1,” of the WACZ file cannot be read"),
        (make_wacz(FILES | {"pages/pages.jsonl": lines(HEAD, PAGE | {"url": "javascript:alert(1)"})}), "is no web address"),
        (make_wacz(FILES | {"archive/data.warc": bytes(30 * 2**20)}), "unpacks to far more"),
        (make_wacz(more=[(f"archive/{n}", b"") for n in range(1_001)]), "more than 1,000 files"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_refused_with_one_sentence(upload, told):
    with pytest.raises(BadEvidence) as refused:
        captures(upload)

    assert told in str(refused.value)
    assert str(refused.value).count(". ") == 0


def test_many_files_that_each_unpack_to_little_are_counted_together(monkeypatch):
    monkeypatch.setattr(wacz, "LARGEST_IN_ALL", 10_000)
    files = FILES | {f"archive/{n}.warc": bytes(range(256)) * 4 for n in range(12)}

    with pytest.raises(BadEvidence, match="unpacks to far more"):
        captures(make_wacz(files))


def test_sizes_that_lie_do_not_deceive():
    """The directory says that a file is small, its hash that it is as large as it is."""
    content = bytes(2 * 2**20)
    upload = make_wacz(FILES | {"archive/data.warc": content})
    lying = upload.replace(len(content).to_bytes(4, "little"), (10).to_bytes(4, "little"))

    with pytest.raises(BadEvidence):
        captures(lying)


def test_an_encrypted_file_is_refused():
    upload = bytearray(make_wacz())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        upload[upload.index(mark) + place] |= 1

    with pytest.raises(BadEvidence, match="is encrypted"):
        captures(bytes(upload))


def test_no_byte_can_be_changed_unseen():
    """Whatever single byte of a stored file is another, the archive is refused or reads the same."""
    upload, right = make_wacz(), captures(make_wacz())
    for place in range(0, len(upload), 7):
        changed = bytearray(upload)
        changed[place] ^= 0x55
        try:
            assert captures(bytes(changed)) == right
        except BadEvidence:
            continue
