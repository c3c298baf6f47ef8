"""What a project holds for the choices of an export, as far as its reader sees it."""

from sqlalchemy import select

from webapp import visibility
from webapp.db import db
from webapp.domain.errors import BadExport
from webapp.domain.export import csv_rows
from webapp.domain.partial_dates import partial_date
from webapp.export.choices import EVERYTHING, Choices, Chooser, fresh_codes, require_known
from webapp.export.shapes import WHOLE, Part, Table, table_of
from webapp.models import Actor, Membership, Project, User


def chooser_for(project: Project, reader: Actor, choices: Choices) -> Chooser | None:
    """None where nothing was chosen. Raises BadExport for what the reader does not see, names among it."""
    if choices == EVERYTHING:
        return None
    if choices.names and not visibility.supervises(reader, project.id):
        raise BadExport("Names are for supervisors of the project; everybody else takes codes.")
    members = db.session.execute(
        select(Membership.coder_code, User.id, User.name)
        .join(User, User.id == Membership.user_id)
        .where(Membership.project_id == project.id)
    ).all()
    only_own = visibility.reads_only_own(reader, project)
    require_known("analyst", choices.analysts, (code for code, id_, _ in members if not only_own or id_ == reader.id))
    codes = [code for code, *_ in members]
    return Chooser(
        choices,
        _articles(project, reader, choices) if choices.picks_articles else None,
        fresh_codes(codes) if choices.fresh_codes else {},
        {code: name for code, _, name in members} if choices.names else {},
        frozenset(codes),
    )


def _articles(project: Project, reader: Actor, choices: Choices) -> frozenset[str]:
    """The numbers of the articles that are wanted."""
    _require_days(choices)
    rows = csv_rows(table_of("articles", project, reader).pieces)
    at = {name: place for place, name in enumerate(next(rows))}
    held = [(row[at["article_id"]], row[at["outlet"]], row[at["published"]]) for row in rows]
    require_known("article", choices.articles, (number for number, *_ in held))
    require_known("outlet", choices.outlets, (outlet for _, outlet, _ in held))
    return frozenset(
        number
        for number, outlet, published in held
        if (not choices.articles or number in choices.articles)
        and (not choices.outlets or outlet in choices.outlets)
        and choices.holds_day(published)
    )


def _require_days(choices: Choices) -> None:
    """Raises BadExport for what is no day, month or year, and for a first one after the last."""
    for name in ("since", "until"):
        try:
            partial_date(getattr(choices, name), "day of publication", BadExport)
        except BadExport as fault:
            raise BadExport(str(fault), name) from None
    if choices.until and choices.since[: len(choices.until)] > choices.until[: len(choices.since)]:
        raise BadExport("The first day is after the last one; swap them.", "until")


def chosen_table(
    shape: str, project: Project, reader: Actor, part: Part = WHOLE, chooser: Chooser | None = None
) -> Table:
    """The shape as the reader may see it, with what was chosen of it."""
    if chooser is None:
        return table_of(shape, project, reader, part)
    exact = Part(part.round_name, part.number_of_pass, unanswered=part.unanswered)
    table = table_of(shape, project, reader, exact)
    pieces = chooser.pieces(shape, table.columns, table.pieces, bom=part.bom, guard=part.guard)
    return Table(chooser.columns(shape, table.columns), pieces)
