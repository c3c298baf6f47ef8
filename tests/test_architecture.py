"""The shape of the code: imports point one way, and the rooms keep to what they are for."""

import ast
import re
from collections.abc import Callable
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from webapp import visibility

WEBAPP = Path(__file__).parent.parent / "webapp"
FEATURES = (
    "accounts",
    "projects",
    "articles",
    "repair",
    "tagging",
    "sources",
    "claims",
    "search",
    "review",
    "adjudication",
    "reading",
    "profiles",
    "inbox",
    "rounds",
    "codebooks",
    "stability",
    "help",
    "audit",
)
# Each may import what stands to its left.
ORDER = (
    ("domain",),
    ("problems",),
    ("config", "ids", "speedups", "sqlite_file", "server_lock", "front_door", "session_cookie", "compression"),
    ("db", "salvage", "schema", "prepared"),
    ("counting_triggers", "paging", "word_index"),
    ("migrating",),
    ("models",),
    ("visibility", "triggers"),
    ("article_list", "judgements", "linked_editions", "merged_sources", "notes", "mentioned_claims"),
    ("faults", "last_uses", "reruns"),
    ("entry_tests",),
    (
        "named_sources",
        "accepted_chains",
        "standings",
        "said_elsewhere",
        "passage_index",
        "samples",
        "standing_plan",
        "work_counts",
        "unread",
    ),
    ("claim_standing", "near_copies", "verification"),
    ("postgres_dump",),
    ("access", "jobs", "backups", "save_queue"),
    ("body_limits", "logs"),
    ("forms", "assets", "downloads", "navigation", "shown_names", "first_visits"),
    ("decision_form",),
    ("templating", "errors"),
    (*FEATURES, "health"),
    ("export", "team"),
    ("coming_in",),
    ("api",),
    ("app", "first_run", "http_server", "worker"),
    ("serving",),
    ("demo_sources", "demo_claims", "restoring", "doctor"),
    ("demo",),
    ("cli",),
    ("__main__",),
)
# The same within these packages, a file for each noun.
INSIDE = {
    "webapp.domain.intake": (
        ("decoding", "description"),
        ("text",),
        ("pdf_layout",),
        ("pdf_reader",),
        ("html", "word", "pdf", "table"),
        ("formats",),
    ),
    "webapp.visibility": (
        ("rows",),
        ("projects", "visits"),
        ("articles", "jobs", "events", "sources"),
        ("repeats",),
        ("sentences", "answers", "claims", "dates", "descriptions", "editions", "gold"),
        ("inbox",),
    ),
}
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
FILES = sorted(path for path in WEBAPP.rglob("*.py") if "versions" not in path.parts and path.name != "env.py")


def room_of(path: Path) -> str:
    parts = path.relative_to(WEBAPP).with_suffix("").parts
    return parts[0]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports_of(path: Path) -> list[str]:
    """The modules that a file imports, `from webapp import x` taken as `webapp.x`."""
    found = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            if node.module == "webapp":
                found += [f"webapp.{alias.name}" for alias in node.names if alias.name != "__version__"]
            else:
                found.append(node.module or "")
    return found


def module_of(path: Path) -> str:
    """Its name; a package goes by its own."""
    return ".".join(("webapp", *path.relative_to(WEBAPP).with_suffix("").parts)).removesuffix(".__init__")


MODULES = frozenset(map(module_of, FILES))


def modules_imported_by(path: Path) -> set[str]:
    """The modules of ours that a file names; `from webapp.articles import actions` names `webapp.articles.actions`."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            within = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module or "" for name in within}
    return found & MODULES


def named(path: Path) -> str:
    return path.relative_to(WEBAPP).as_posix()


def broken(says_of: Callable[[Path], object]) -> dict[str, object]:
    """By its name, what the rule says of each file that breaks it: a rule is one test, so that all are quick."""
    return {named(path): said for path in FILES if (said := says_of(path))}


def test_imports_point_one_way():
    def against_the_order(path):
        """The rooms that it imports, though they stand above it or have no place in the order."""
        here, ours = room_of(path), [module for module in imports_of(path) if module.startswith("webapp.")]
        rooms = {module.split(".")[1] for module in ours} - {here} if here != "__init__" else set()
        return {there for there in rooms if there not in RANK or RANK[there] >= RANK[here]}

    assert broken(against_the_order) == {}


@pytest.mark.parametrize("package", INSIDE)
def test_imports_point_one_way_inside_a_package(package):
    order = {f"{package}.{name}": rank for rank, names in enumerate(INSIDE[package]) for name in names}
    found = {module: path for path in FILES if (module := module_of(path)).startswith(f"{package}.")}
    assert set(found) == set(order)
    for here, path in found.items():
        for there in modules_imported_by(path):
            assert there not in order or order[there] < order[here], f"{here} may not import {there}"


def test_no_imports_go_round_in_a_circle():
    graph = {module_of(path): modules_imported_by(path) for path in FILES}

    assert len(list(TopologicalSorter(graph).static_order())) == len(FILES)


def test_what_a_person_may_see_is_asked_of_visibility_as_a_whole():
    """Whoever stands outside takes what its front offers, so that each noun may move within."""
    past_the_front = {
        (named(path), module)
        for path in FILES
        if room_of(path) != "visibility"
        for module in modules_imported_by(path)
        if module.startswith("webapp.visibility.")
    }
    assert past_the_front == set()
    front = ast.parse((WEBAPP / "visibility" / "__init__.py").read_text("utf-8"))
    taken = {alias.name for node in front.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert taken == set(visibility.__all__)


def test_nothing_is_imported_inside_a_function():
    def imported_inside(path):
        return [
            node.lineno
            for function in ast.walk(tree_of(path))
            if isinstance(function, ast.FunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]

    assert broken(imported_inside) == {}


def test_rules_tables_reads_and_writes_know_no_flask():
    def of_flask(path):
        is_shape = room_of(path) == "export" and path.name != "routes.py"
        is_read_or_write = bool({"queries", "actions"} & set(path.relative_to(WEBAPP).with_suffix("").parts))
        is_pure = room_of(path) in ("domain", "models", "visibility", "judgements")
        unknown = {"flask", "flask_wtf", "wtforms"} if is_pure or is_read_or_write or is_shape else set()
        unknown |= {"sqlalchemy"} if room_of(path) == "domain" else set()
        return unknown & {module.split(".")[0] for module in imports_of(path)}

    assert broken(of_flask) == {}


def test_every_module_opens_with_one_sentence():
    assert broken(lambda path: not ast.get_docstring(tree_of(path))) == {}


def test_only_config_reads_the_environment():
    told = (WEBAPP / "__init__.py").read_text("utf-8")
    assert told.count("os.environ") == told.count("os.environ.setdefault(") == 1  # written, before numpy is loaded
    named = {path for path in WEBAPP.rglob("*.py") if "os.environ" in path.read_text("utf-8")}
    assert {room_of(path) for path in named - {WEBAPP / "__init__.py"}} <= {"config"}


def test_what_a_person_may_be_refused_with_stands_in_one_place():
    """Every DomainError is defined in `domain/errors.py`; those about a row as it stands, in `models/conflicts.py`."""
    bases = {
        (named(path), node.name): {ast.unparse(base).split(".")[-1] for base in node.bases}
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
    }
    refusals = {"DomainError"}
    while more := {name for (_, name), above in bases.items() if above & refusals} - refusals:
        refusals |= more
    homes = {path for (path, name) in bases if name in refusals}
    names = [name for _, name in bases if name in refusals]

    assert homes == {"domain/errors.py", "models/conflicts.py"}
    assert len(names) == len(set(names)) > 20
    # What else is raised never leaves its own module, or is the command line's own.
    others = {name for (_, name), above in bases.items() if above & {"Exception", "ClickException"}} - refusals
    assert {name for name in others if not name.startswith("_")} == {"BadInput"}


def test_the_number_of_a_row_enters_through_ids():
    """Not by `type=int`, which takes numbers that no database holds; addresses have the converter of `ids`."""
    by_hand = re.compile(r"""get\(\s*["'](\w*_id)["'][^)]*type=int""")

    assert broken(lambda path: by_hand.findall(path.read_text("utf-8"))) == {}


def test_what_is_live_is_asked_by_its_name():
    """Outside the tables, whether an article, a sentence or a project counts is `is_live`."""
    by_hand = re.compile(r"(trashed_at|retired_in)(\.is_(not)?\(None|\)? is (not )?None)")
    found = [named(path) for path in FILES if room_of(path) != "models" and by_hand.search(path.read_text("utf-8"))]
    assert found == []


def test_writes_go_through_one_door():
    """Outside `db.py`, nothing commits or begins a transaction by hand."""
    for path in FILES:
        if room_of(path) != "db":
            assert ".commit()" not in path.read_text("utf-8"), named(path)


def test_no_shape_of_an_export_is_defined_outside_its_room():
    def writes_tables(path):
        is_outside = room_of(path) != "export" and named(path) != "domain/export.py"
        by_hand = re.search(r"\bcsv_parts\b|csv\.(w|DictW)riter", path.read_text("utf-8"))
        return is_outside and (bool(by_hand) or "webapp.domain.export" in imports_of(path))

    assert broken(writes_tables) == {}
