"""How far analysts agree on how claims stand: a claim is a unit, the status that each found is the rating."""

import numpy as np

from webapp import visibility
from webapp.claim_standing import merges_of_claims
from webapp.db import db
from webapp.domain.agreement import Ratings, Report
from webapp.domain.agreement.report import report
from webapp.domain.merges import root_of
from webapp.domain.terms import CorroborationStatus
from webapp.models import Actor, Assessment, Claim, Project

STATUSES = tuple(CorroborationStatus)
NO_CLAIM = "No claim was assessed by two analysts."


def claim_status(project: Project, reader: Actor) -> Report:
    """Of the assessments that hold now and that the reader may see; claims that were merged are one.

    Of an analyst who assessed a claim and a double of it the newer assessment counts.
    """
    merges = merges_of_claims(reader, project.id)
    query = visibility.notes_visible_to(reader).where(Claim.project_id == project.id)
    columns = (Assessment.claim_id, Assessment.author_id, Assessment.status)
    rows = db.session.execute(query.with_only_columns(*columns).order_by(Assessment.id))
    found = {(root_of(claim_id, merges), author_id): status for claim_id, author_id, status in rows}
    units = {root: place for place, root in enumerate(dict.fromkeys(root for root, _ in found))}
    coders = {author: place for place, author in enumerate(sorted({author for _, author in found}))}
    cells = [(units[root], coders[author], STATUSES.index(status)) for (root, author), status in found.items()]
    unit, coder, status = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    ratings = Ratings(unit, coder, status, len(units), tuple(map(str, coders.values())))
    return report(ratings, [one.value for one in STATUSES])
