"""Sources, their ratings and settled claims as a STIX 2.1 bundle.

Letters and numbers stand in notes and labels: STIX's `confidence` is a percentage, which they are not.
"""

from collections.abc import Iterator
from itertools import chain
from typing import IO, Any

from webapp.domain.terms import CorroborationStatus, Reliability, SourceKind
from webapp.export.json_objects import with_list
from webapp.export.material import Material, Row, id_of
from webapp.export.settled_claims import SettledClaim, settled_claims

Thing = dict[str, Any]
CLASSES = {
    SourceKind.PERSON: "individual",
    SourceKind.ORGANISATION: "organization",
    SourceKind.OUTLET: "organization",
    SourceKind.DOCUMENT: "unknown",
    SourceKind.DESCRIBED: "class",
}
OPINIONS = {
    CorroborationStatus.CORROBORATED: "strongly-agree",
    CorroborationStatus.PARTIALLY_CORROBORATED: "agree",
    CorroborationStatus.CONTRADICTED: "strongly-disagree",
}
"""How far what was found agrees with the claim; any other status says that it does neither."""
EPOCH = "2020-01-01T00:00:00.000Z"
"""When the identity of the project is said to have been made, so that the same data is the same bytes."""


def write(material: Material, file: IO[bytes]) -> None:
    """Write the bundle, its report last."""
    told = {"type": "bundle", "id": f"bundle--{id_of('bundle', material.project.name)}"}
    with_list(file, told, "objects", _objects(material))
    file.write(b"\n")


def _objects(material: Material) -> Iterator[Thing]:
    maker = _made("identity", str(id_of("project", material.project.name)), EPOCH, None)
    maker |= {"name": material.project.name, "identity_class": "group"}
    yield maker
    made, newest = [maker["id"]], EPOCH
    for thing in chain(_sources(material, maker["id"]), _claims(material, maker["id"])):
        made.append(thing["id"])
        newest = max(newest, thing["created"])
        yield thing
    report = _made("report", str(id_of("report", material.project.name)), newest, maker["id"])
    yield report | {
        "name": f"{material.project.name}: sources, ratings and settled claims",
        "published": newest,
        "object_refs": made,
    }


def _made(kind: str, id_: str, created: str, by: str | None) -> Thing:
    told = {"type": kind, "spec_version": "2.1", "id": f"{kind}--{id_}", "created": created, "modified": created}
    return told | ({"created_by_ref": by} if by else {})


# ---- sources


def _sources(material: Material, maker: str) -> Iterator[Thing]:
    ratings: dict[str, list[Row]] = {}
    for row in material.rows("ratings"):
        if not row["withdrawn_why"]:
            ratings.setdefault(row["source_merged_id"], []).append(row)
    for row in material.rows("sources"):
        if row["withdrawn_why"] or row["source_merged_id"] != row["source_id"]:
            continue
        given = ratings.get(row["source_id"], [])
        identity = _made("identity", row["source_id"], row["created_at"], maker)
        identity |= {"name": row["name"], "identity_class": CLASSES[SourceKind(row["kind"])]}
        letters = dict.fromkeys(f"source-reliability:{one['reliability']}" for one in given)
        yield identity | ({"labels": list(letters)} if letters else {})
        yield from (_rating(one, identity, maker) for one in given)


def _rating(row: Row, identity: Thing, maker: str) -> Thing:
    letter = Reliability(row["reliability"])
    basis = f" Basis: {row['basis']}" if row["basis"] else ""
    note = _made("note", row["rating_id"], row["created_at"], maker)
    note |= {
        "abstract": f"Source reliability {letter}",
        "content": f"{letter} – {letter.label}, as of {row['rated_on']}.{basis}",
        "labels": [f"source-reliability:{letter}"],
        "object_refs": [identity["id"]],
    }
    return note | ({"authors": [row["coder_id"]]} if row["coder_id"] else {})


# ---- claims


def _claims(material: Material, maker: str) -> Iterator[Thing]:
    for claim in settled_claims(material):
        note = _made("note", claim.id, claim.row["created_at"], maker)
        found = [*map(_appearance, claim.articles), *map(_item, claim.evidence)]
        note |= {
            "abstract": "Claim",
            "content": claim.row["claim"],
            "labels": [f"claim-status:{claim.status}", *_credibility(claim)],
            "object_refs": [maker],
        }
        yield note | ({"external_references": found} if found else {})
        opinion = _made("opinion", str(id_of("opinion", claim.id)), claim.row["created_at"], maker)
        yield opinion | {
            "opinion": OPINIONS.get(claim.status, "neutral"),
            "explanation": f"{claim.label}: {claim.row['reason']}",
            "object_refs": [note["id"]],
        }


def _credibility(claim: SettledClaim) -> list[str]:
    told = (row["information_credibility"] for row in claim.evidence)
    return list(dict.fromkeys(f"information-credibility:{number}" for number in told if number))


def _appearance(row: Row) -> Thing:
    told = {"source_name": row["outlet"] or "article", "url": row["url"], "description": f"Said in “{row['title']}”"}
    return {name: value for name, value in told.items() if value}


def _item(row: Row) -> Thing:
    graded = f"{row['source_reliability'] or '–'}{row['information_credibility'] or '–'}"
    parts = (row["stance"], row["independence"], f"grade {graded}" if graded != "––" else "", row["quote"])
    told = {
        "source_name": row["outlet"] or row["title"] or row["origin"] or "evidence",
        "url": row["url"],
        "description": ", ".join(filter(None, parts)),
    }
    return {name: value for name, value in told.items() if value}
