"""A project as a MISP event (objects as of June 2026): outlets, ratings, graded answers and settled claims."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from webapp.domain.terms import Credibility, Reliability
from webapp.export.json_objects import with_list
from webapp.export.material import Material, Row, Text, id_of, id_of_answer
from webapp.export.settled_claims import SettledClaim, settled_claims

Thing = dict[str, Any]
FIRST_DAY = "2020-01-01"
"""Of the event, whatever it holds, so that the same data is the same bytes."""


@dataclass(frozen=True)
class Template:
    """One kind of object, with the types of its attributes."""

    name: str
    uuid: str
    version: str
    description: str
    types: dict[str, str]


ASSESSMENT = Template(
    "intelligence-source-assessment",
    "2d3a5895-6c54-50b5-bd25-ce33e974c50a",
    "1",
    "Object template to capture source reliability, information credibility and evaluation details supporting an "
    "INTREP or similar intelligence report.",
    {"comment": "comment"},
)
NEWS = Template(
    "news-media",
    "691463c5-5302-4847-9bec-4c56ccfec677",
    "3",
    "News media are forms of mass media delivering news to the general public.",
    {"link": "link"},
)
ANNOTATION = Template(
    "annotation",
    "5d8dc046-15a1-4ca3-a09f-ed4ede7c4487",
    "3",
    "An annotation object allowing analysts to add annotations, comments, executive summary to a MISP event, objects "
    "or attributes.",
    {"ref": "link", "creation-date": "datetime"},
)
TRUE_THERE = {Credibility.DOUBTFUL: "Doubtfully true"}
"""What the object calls otherwise than the codebook does."""


def reliability(letter: str) -> str:
    """The letter as the object spells it."""
    return f"{letter} - {Reliability(letter).label}"


def credibility(number: str) -> str:
    """The number as the object spells it."""
    step = Credibility(number)
    return f"{number} - {TRUE_THERE.get(step, step.label)}"


def write(material: Material, file: IO[bytes]) -> None:
    """Write the event, object after object; nothing in it is published or to be detected."""
    event = {
        "uuid": str(id_of("event", material.project.name)),
        "info": f"{material.project.name}: sources, ratings and claims",
        "date": FIRST_DAY,
        "timestamp": str(_seconds(f"{FIRST_DAY}T00:00:00Z")),
        "threat_level_id": "4",
        "analysis": "2",
        "distribution": "0",
        "published": False,
        "Tag": _tags(material),
        "Attribute": [],
    }
    file.write(b'{"Event":')
    with_list(file, event, "Object", _objects(material))
    file.write(b"}\n")


def _tags(material: Material) -> list[dict[str, str]]:
    """The letters that ratings gave, as the taxonomy writes them."""
    letters = {row["reliability"] for row in material.rows("ratings") if not row["withdrawn_why"]}
    return [{"name": f'admiralty-scale:source-reliability="{letter.lower()}"'} for letter in sorted(letters)]


def _objects(material: Material) -> Iterator[Thing]:
    names = {}
    for row in material.rows("sources"):
        names[row["source_id"]] = row["name"]
    for row in material.rows("ratings"):
        if not row["withdrawn_why"]:
            yield _rating(row, names.get(row["source_merged_id"]) or names.get(row["source_id"], ""))
    for text, rows in material.answers():
        yield _article(text, with_words=material.has_text)
        yield from (_graded(text, row) for row in rows if _letter(row) or row["information_credibility"])
    for claim in settled_claims(material):
        yield _claim(claim)


def _object(
    template: Template, id_: UUID | str, at: str, values: Iterable[tuple[str, str]], refers_to: Iterable[Thing] = ()
) -> Thing:
    """An object with those of these values that say something."""
    return {
        "name": template.name,
        "meta-category": "misc",
        "description": template.description,
        "template_uuid": template.uuid,
        "template_version": template.version,
        "uuid": str(id_),
        "timestamp": str(_seconds(at)),
        "distribution": "5",
        "Attribute": [
            {
                "uuid": str(id_of("attribute", id_, place, name)),
                "object_relation": name,
                "type": (type_ := template.types.get(name, "text")),
                "category": "External analysis" if type_ == "link" else "Other",
                "value": value,
                "to_ids": False,
                "disable_correlation": True,
                "distribution": "5",
                "timestamp": str(_seconds(at)),
            }
            for place, (name, value) in enumerate(values)
            if value
        ],
        "ObjectReference": list(refers_to),
    }


def _refers(from_: UUID | str, kind: str, to: UUID | str) -> Thing:
    told = {"uuid": str(id_of("reference", from_, kind, to)), "object_uuid": str(from_)}
    return told | {"referenced_uuid": str(to), "relationship_type": kind}


def _rating(row: Row, name: str) -> Thing:
    values = [
        ("source-id", row["source_id"]),
        ("source-summary", name),
        ("source-type", "OSINT"),
        ("source-reliability", reliability(row["reliability"])),
        ("evaluation", row["basis"]),
        ("comment", f"Rated as of {row['rated_on']}"),
    ]
    return _object(ASSESSMENT, row["rating_id"], row["created_at"], values)


def _article(text: Text, *, with_words: bool) -> Thing:
    values = [
        ("source", text.outlet or ""),
        ("title", text.title or ""),
        ("link", text.url or ""),
        ("content", text.text if with_words else ""),
    ]
    if not any(value for _, value in values):
        values.append(("alias", f"Article {text.number}"))  # the object has to say something
    return _object(NEWS, _id_of_article(text), f"{FIRST_DAY}T00:00:00Z", values)


def _id_of_article(text: Text) -> UUID:
    return id_of("article", text.number, text.text_sha256)


def _letter(row: Row) -> str:
    """The letter that an answer gives; none where the field does not belong to its tag."""
    letter = row["source_reliability"]
    return letter if letter in tuple(Reliability) else ""


def _graded(text: Text, row: Row) -> Thing:
    """An answer that gives a letter or a number."""
    id_ = id_of_answer("graded", row)
    letter, number = _letter(row), row["information_credibility"]
    values = [
        ("source-id", row["source_id"]),
        ("source-summary", row["source_text"] or text.outlet or ""),
        ("source-type", "OSINT"),
        ("source-reliability", reliability(letter) if letter else ""),
        ("information-credibility", credibility(number) if number else ""),
        ("related-report", row["text"]),
        ("comment", f"{row['tag']}, by {row['coder_id']}"),
    ]
    return _object(ASSESSMENT, id_, row["updated_at"], values, [_refers(id_, "derived-from", _id_of_article(text))])


def _claim(claim: SettledClaim) -> Thing:
    values = [
        ("text", f"{claim.row['claim']}\n\n{claim.label}: {claim.row['reason']}"),
        ("format", "text"),
        ("type", "Conclusion"),
        ("creation-date", claim.row["created_at"]),
        *(("ref", url) for url in dict.fromkeys(row["url"] for row in claim.evidence)),
    ]
    articles = [id_of("article", row["article_id"], row["text_sha256"]) for row in claim.articles]
    return _object(
        ANNOTATION, claim.id, claim.row["created_at"], values, [_refers(claim.id, "annotates", to) for to in articles]
    )


def _seconds(at: str) -> int:
    return int(datetime.fromisoformat(at.replace("Z", "+00:00")).timestamp())
