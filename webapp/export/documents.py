"""The formats that tell of a whole project and are no tables: each is one line here and a module of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from webapp.export import claim_review, misp, refi_qda, stix, web_annotation
from webapp.export.material import Material


@dataclass(frozen=True)
class Document:
    """Who wants it, in a few words, and what writes it."""

    label: str
    purpose: str
    media: str
    ending: str
    write: Callable[[Material, IO[bytes]], None]
    is_of_settled_claims: bool = False
    """And of nothing else."""


DOCUMENTS = {
    "webanno": Document(
        "Web Annotation",
        "W3C’s model, for annotation tools and archives",
        'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
        "jsonld",
        web_annotation.write,
    ),
    "qdpx": Document(
        "REFI-QDA project",
        "NVivo, ATLAS.ti, MAXQDA, QualCoder, OpenQDA: texts, codes, who coded what",
        "application/zip",
        "qdpx",
        refi_qda.write_project,
    ),
    "qdc": Document(
        "REFI-QDA codebook", "the codes alone, for the same programs", "application/xml", "qdc", refi_qda.write_codebook
    ),
    "stix": Document(
        "STIX 2.1",
        "OpenCTI: sources, ratings, settled claims",
        "application/stix+json;version=2.1",
        "stix.json",
        stix.write,
    ),
    "misp": Document(
        "MISP event",
        "threat and disinformation desks: the same, and graded answers",
        "application/json",
        "misp.json",
        misp.write,
    ),
    "claimreview": Document(
        "ClaimReview",
        "fact-checkers, search engines: settled claims",
        "application/ld+json",
        "jsonld",
        claim_review.write,
        is_of_settled_claims=True,
    ),
}
