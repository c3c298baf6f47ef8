"""Settled claims as ClaimReview (schema.org, JSON-LD), as fact-checkers and search engines read them."""

from collections.abc import Iterator
from typing import IO, Any

from webapp.export.json_objects import with_list
from webapp.export.material import Material, Row
from webapp.export.settled_claims import SettledClaim, settled_claims


def write(material: Material, file: IO[bytes]) -> None:
    """Write a graph with one review for each settled claim."""
    reviews = (_review(claim, material.project.name) for claim in settled_claims(material))
    with_list(file, {"@context": "https://schema.org"}, "@graph", reviews)
    file.write(b"\n")


def _review(claim: SettledClaim, project: str) -> dict[str, Any]:
    return {
        "@type": "ClaimReview",
        "@id": f"urn:uuid:{claim.id}",
        # To be replaced by the address at which the review is published, which the program cannot know.
        "url": f"urn:uuid:{claim.id}",
        "claimReviewed": claim.row["claim"],
        "author": {"@type": "Organization", "name": project},
        "datePublished": claim.row["created_at"][:10],
        "reviewRating": {"@type": "Rating", "alternateName": claim.label, "ratingExplanation": claim.row["reason"]},
        "itemReviewed": dict(_reviewed(claim)),
    }


def _reviewed(claim: SettledClaim) -> Iterator[tuple[str, Any]]:
    yield from (("@type", "Claim"), ("name", claim.row["claim"]))
    if claim.articles:
        first = claim.articles[0]
        if first["outlet"]:
            yield "author", {"@type": "Organization", "name": first["outlet"]}
        if first["published"]:
            yield "datePublished", first["published"]
        yield "firstAppearance", _article(first)
        yield "appearance", [_article(row) for row in claim.articles]


def _article(row: Row) -> dict[str, Any]:
    told = {"headline": row["title"], "url": row["url"], "datePublished": row["published"]}
    outlet = {"publisher": {"@type": "Organization", "name": row["outlet"]}} if row["outlet"] else {}
    return {"@type": "NewsArticle", **{name: value for name, value in told.items() if value}, **outlet}
