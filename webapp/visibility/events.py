"""Who reads what happened."""

from sqlalchemy import Select, false, select, true

from webapp.models import Actor, AuditEvent


def events_visible_to(actor: Actor) -> Select[AuditEvent]:
    """What happened, for admins and the machine's own shell."""
    return select(AuditEvent).where(true() if actor.is_admin else false())
