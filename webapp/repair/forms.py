"""What a supervisor may send to repair a split."""

from wtforms import HiddenField, StringField, SubmitField

from webapp.domain.errors import BadRepair
from webapp.domain.repair import Kind
from webapp.forms import Form
from webapp.ids import whole_number
from webapp.repair.actions import RepairRequest


class RepairForm(Form):
    """Carries the previewed request on to the write."""

    kind = HiddenField()
    at = HiddenField()
    seen = HiddenField()
    reason = StringField("Reason", description="Optional; kept with the edit")
    confirm = SubmitField("Repair the split")


def request_from(sentence_id: int, kind: str | None, at: str | None) -> RepairRequest | None:
    """The request in an address or form; None when there is none yet. Raises BadRepair."""
    if not kind:
        return None
    try:
        return RepairRequest(Kind(kind), sentence_id, whole_number(at))
    except ValueError:
        raise BadRepair("Choose to split, to merge or to move, and put the caret where the cut belongs.") from None


def version_from(seen: str | None) -> int:
    """The segmentation version that the page showed. Raises BadRepair."""
    version = whole_number(seen)
    if version is None:
        raise BadRepair("Reload the page and try again.")
    return version
