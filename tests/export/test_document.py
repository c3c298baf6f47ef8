"""docs/export.md says of each column what the lists say."""

import importlib

import pytest

from webapp.config import PACKAGE
from webapp.export import document


def test_the_tables_of_the_page_are_those_of_the_lists():
    page = document.PAGE.read_text("utf-8")

    assert document.with_tables(page) == page, "docs/export.md is behind the lists of columns: run `make columns`"


def test_every_file_that_has_columns_of_its_own_is_a_shape_on_the_page():
    modules = {path.stem: importlib.import_module(f"webapp.export.{path.stem}") for path in PACKAGE.glob("export/*.py")}

    assert {name for name, module in modules.items() if hasattr(module, "COLUMNS")} == set(document.SHAPES)


@pytest.mark.parametrize("shape", document.SHAPES)
def test_no_two_columns_of_a_shape_share_a_name(shape):
    names = [column.name for column in document.SHAPES[shape]]

    assert len(set(names)) == len(names)


def test_a_page_that_leaves_a_shape_out_is_refused():
    with pytest.raises(ValueError, match="unpack"):
        document.with_tables("# Exports\n")
