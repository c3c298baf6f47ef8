"""A pasted list of people."""

import pytest

from webapp.domain.errors import BadTeam
from webapp.domain.team import MOST, Listed, team_from

ROLES = ("analyst", "supervisor", "researcher")


@pytest.mark.parametrize(
    ("line", "name", "roles"),
    [
        ("Ana Silva", "Ana Silva", {"analyst"}),
        ("  Ana   Silva ,  Supervisor ", "Ana Silva", {"supervisor"}),
        ("Ben; analyst, researcher", "Ben", {"analyst", "researcher"}),
        ("Cem Yılmaz\tanalyst supervisor", "Cem Yılmaz", {"analyst", "supervisor"}),
        ("李小龍,", "李小龍", {"analyst"}),
    ],
)
def test_a_line_is_a_name_and_roles(line, name, roles):
    assert team_from(line, ROLES) == [Listed(name, frozenset(roles))]


def test_empty_lines_are_passed_over():
    assert [one.name for one in team_from("\nAna\n\r\n  \nBen\n", ROLES)] == ["Ana", "Ben"]


def test_every_line_that_says_nothing_is_told_at_once():
    with pytest.raises(BadTeam) as refused:
        team_from("Ana, boss\n, analyst\nBen\nben\n" + "x" * 201, ROLES)

    assert [fault.split(":")[0] for fault in refused.value.faults] == ["Line 1", "Line 2", "Line 4", "Line 5"]
    assert "no role; write analyst, researcher, supervisor" in refused.value.faults[0]


@pytest.mark.parametrize("text", ["", " \n \n", "\n".join(f"Person {n}" for n in range(MOST + 1))])
def test_nobody_or_too_many_are_refused_with_a_sentence(text):
    with pytest.raises(BadTeam):
        team_from(text, ROLES)
