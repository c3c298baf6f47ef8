"""Writes of copies: a file kept with an item, and its content removed by law."""

import hashlib
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp import visibility
from webapp.claims.actions.claims import require_claim_open
from webapp.db import db, db_write, lock_rows, now
from webapp.domain.errors import BadEvidence, NotFound
from webapp.domain.misleading import without_hidden
from webapp.domain.plain_text import storable
from webapp.domain.wacz import Capture, capture_of, captures
from webapp.models import Actor, Claim, Evidence, EvidenceCopy, EvidencePiece, audit
from webapp.models.revisions import append, repeated

LARGEST = 20 * 2**20
"""Bytes of a copy."""
ARCHIVE = ".wacz"
PIECE = 256 * 1024
LONGEST_NAME = 200


def keep_copy(evidence_id: UUID, author: Actor, name: str, content: bytes, copy_id: UUID) -> EvidenceCopy:
    """Keep a file with one's own item. A copy_id met before gives back what it kept then.

    The address and the time of capture of a web archive are taken over into the item. Raises BadEvidence for an empty
    or too large file, for an archive that does not hold what it lists, and for an id used otherwise; NotFound for
    another's item, Gone.
    """
    if not content:
        raise BadEvidence("The file is empty; choose another one.")
    if len(content) > LARGEST:
        raise BadEvidence(f"The file is over {LARGEST // 2**20} MB; keep a smaller copy, or its address.")
    pages = captures(content) if name.casefold().endswith(ARCHIVE) else []
    sha256 = hashlib.sha256(content).hexdigest()
    claim_of = select(Evidence.claim_id).where(Evidence.evidence_id == evidence_id)
    with db_write() as session:
        lock_rows(session, select(Claim.id).where(Claim.id.in_(claim_of)))
        item = session.scalar(select(Evidence).where(Evidence.evidence_id == evidence_id, Evidence.is_current))
        if item is None or not visibility.may_amend(author, item) or item.withdrawn_why is not None:
            raise NotFound("There is no such item, or it is not yours to add a copy to.")
        if earlier := session.get(EvidenceCopy, copy_id):
            if (earlier.evidence_id, earlier.sha256) != (evidence_id, sha256):
                raise BadEvidence("This id was used for another copy; every copy needs one of its own.")
            return earlier
        require_claim_open(session, item.claim_id, author)
        copy = EvidenceCopy(
            id=copy_id,
            claim_id=item.claim_id,
            evidence_id=evidence_id,
            author_id=author.user_id,
            # A control of direction would show “gpj.exe” as “exe.jpg”.
            name=" ".join(without_hidden(storable(name)).split())[:LONGEST_NAME] or "copy",
            size=len(content),
            sha256=sha256,
        )
        session.add(copy)
        session.flush()
        pieces = range(0, len(content), PIECE)
        session.add_all(
            EvidencePiece(copy_id=copy_id, position=position, data=content[start : start + PIECE])
            for position, start in enumerate(pieces)
        )
        if pages:
            _take_over(session, item, capture_of(item.url, pages), copy_id)
    return copy


def _take_over(session: Session, item: Evidence, capture: Capture, client_id: UUID) -> None:
    """The next revision of the item, with what its archive tells; its author is who keeps the copy."""
    told = {"url": capture.url, "accessed_at": capture.at}
    if (item.url, item.accessed_at) != (capture.url, capture.at):
        kept = repeated(item, *told)
        key = {"evidence_id": item.evidence_id}
        append(session, Evidence, key, item.author_id, item.version, client_id, {**kept, **told})


def blank_copy(copy: EvidenceCopy, admin: Actor, why: str) -> None:
    """Remove the content by law; hash, who added it, and why it went stay. Raises BadEvidence once it is gone."""
    copy_id, claim_id = copy.id, copy.claim_id
    with db_write() as session:
        lock_rows(session, select(Claim.id).where(Claim.id == claim_id))
        found = session.get_one(EvidenceCopy, copy_id)
        if found.blanked_at is not None:
            raise BadEvidence("The content of this copy was removed already.")
        found.blanked_at, found.blanked_by_id, found.blanked_why = now(), admin.user_id, why
        session.execute(update(EvidencePiece).where(EvidencePiece.copy_id == copy_id).values(data=b""))
        audit(session, admin, "copy of evidence blanked", copy_id=str(copy_id), sha256=found.sha256, why=why)


def content_of(reader: Actor, copy: EvidenceCopy) -> list[bytes]:
    """The content in pieces, for whoever may read it."""
    pieces = visibility.pieces_visible_to(reader).where(EvidencePiece.copy_id == copy.id)
    query = pieces.with_only_columns(EvidencePiece.data).order_by(EvidencePiece.position)
    return list(db.session.scalars(query))
