"""What is known of an article besides its text, as a person wrote it and as a file says it."""

from webapp.domain.intake.description import DESCRIBED, Description, completed, described
from webapp.domain.intake.table import COMMON_NAMES


def test_a_table_may_hold_the_text_and_each_part_of_the_description():
    assert tuple(COMMON_NAMES) == ("text", *DESCRIBED)


def test_lines_are_folded_and_what_is_blank_is_not_recorded():
    written = Description(" The \n bridge ", "  ", None, " https://paper.example/a ", " 2013-10 ")

    assert described(written) == Description("The bridge", None, None, "https://paper.example/a", "2013-10")


def test_a_file_tells_only_what_a_person_left_blank():
    given, own = Description("Mine", author="Ann"), Description("Its own", "The Paper", published="2013")

    assert completed(given, own) == Description("Mine", "The Paper", "Ann", None, "2013")
