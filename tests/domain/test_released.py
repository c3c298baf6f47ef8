"""The figures of a release tell what its page shows, or are none."""

import json

import pytest

from webapp.domain.released import figures_in

TAGS = {"alpha": 0.5, "alpha_ci": [0.25, 0.75], "percent_agreement": 0.8, "n_pairable": 4}
TOLD = {
    "codebook_version": "1.0",
    "codebook_sha256": "a" * 64,
    "agreement": {"tags": TAGS, "methods_paragraph": "Four sentences."},
}


def with_tags(**told: object) -> dict[str, object]:
    return TOLD | {"agreement": {"tags": TAGS | told, "methods_paragraph": "Four sentences."}}


@pytest.mark.parametrize("told", [TOLD, with_tags(alpha=None, alpha_ci=None, percent_agreement=None)])
def test_what_a_release_tells_is_read(told: dict[str, object]) -> None:
    assert figures_in(json.dumps(told)) == told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 100_000,
        "[]",
        "{}",
        '{"agreement": {}}',
        json.dumps(TOLD | {"codebook_version": 1}),
        json.dumps(with_tags(alpha="high")),
        json.dumps(with_tags(alpha=float("nan"))),
        json.dumps(with_tags(alpha_ci=[0.1])),
        json.dumps(with_tags(n_pairable=None)),
    ],
)
def test_what_lacks_a_part_of_them_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        figures_in(text)
