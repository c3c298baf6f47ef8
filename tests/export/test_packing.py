"""Files of a ZIP that are in hand are written by another way than those that come in pieces, and make the same ZIP."""

import io
import zipfile

from webapp.export.packing import EPOCH, Packing

FILES = {"a.txt": "Two came, he said. 😀".encode(), "empty.txt": b"", "b/größe.txt": b"One saw it. " * 9_000}


def zipped(write):
    file = io.BytesIO()
    packing = Packing(file)
    for path, content in FILES.items():
        write(packing, path, content)
    packing.close()
    return zipfile.ZipFile(file), packing.files


def test_a_file_in_hand_is_told_of_as_one_in_pieces_is():
    whole, listed = zipped(lambda packing, path, content: packing.add(path, content))
    pieces, also = zipped(lambda packing, path, content: packing.add_pieces(path, [content[:9], content[9:]]))

    assert {path: whole.read(path) for path in whole.namelist()} == FILES
    assert whole.testzip() is None
    assert listed == also
    for one, other in zip(whole.infolist(), pieces.infolist(), strict=True):
        assert one.date_time == EPOCH
        for name in ("filename", "date_time", "CRC", "file_size", "compress_size", "external_attr", "create_system"):
            assert getattr(one, name) == getattr(other, name)


def test_the_two_ways_take_turns_in_one_zip():
    turns = iter((Packing.add, lambda packing, path, content: packing.add_pieces(path, [content]), Packing.add))
    mixed, _ = zipped(lambda packing, path, content: next(turns)(packing, path, content))

    assert {path: mixed.read(path) for path in mixed.namelist()} == FILES
    assert mixed.testzip() is None
