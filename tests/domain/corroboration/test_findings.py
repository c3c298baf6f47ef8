"""What a corroboration note says."""

import pytest

from webapp.domain.corroboration import Finding, finding_from
from webapp.domain.errors import BadNote
from webapp.domain.terms import CorroborationStatus


def test_status_and_claim_are_enough():
    assert finding_from({"status": "contested", "claim": " The mine closed. ", "note": ""}) == Finding(
        CorroborationStatus.CONTESTED, "The mine closed."
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"claim": "It closed."}, "Choose how the claim stands"),
        ({"status": "true", "claim": "It closed."}, "Choose how the claim stands"),
        ({"status": "contested", "claim": "  "}, "State the claim"),
        ({"status": "contested", "claim": "It closed.", "url": "ftp://x"}, "no web address"),
        ({"status": "contested", "claim": "x" * 2_001}, "the most is 2,000"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(values, sentence):
    with pytest.raises(BadNote, match=sentence):
        finding_from(values)
