"""Commands that need no project: any texts compared, agreement of any table, origins of any evidence."""

import json
from collections.abc import Callable
from functools import wraps
from typing import IO, Any

import click

from webapp.cli.group import BadInput, encoding_option, main
from webapp.domain import agreement, corroboration
from webapp.domain.agreement.alpha import Metric
from webapp.domain.agreement.planning import MARGINS, plan_as_text, plan_sample
from webapp.domain.errors import BadArticle, BadEvidence, BadRatings
from webapp.domain.intake.decoding import decoded
from webapp.domain.lookalikes import lookalikes
from webapp.domain.reuse import as_json as reuse_as_json
from webapp.domain.reuse import reuse


def _table_options(command: Callable[..., None]) -> Callable[..., None]:
    """A table of ratings, and what its columns are; the command gets the table."""

    @wraps(command)
    def with_table(
        file: IO[bytes],
        unit: str | None,
        coder: str | None,
        value: str | None,
        categories: str | None,
        level: Metric | None,
        cluster: str | None,
        round_name: str | None,
        number_of_pass: str | None,
        **others: Any,
    ) -> None:
        asked = {"round": round_name, "pass": number_of_pass}
        only = {name: value for name, value in asked.items() if value is not None}
        named = [name.strip() for name in categories.split(",")] if categories else None
        try:
            table = agreement.read(file.read(), unit, coder, value, named, cluster, level, only)
        except BadRatings as refused:
            raise BadInput(str(refused)) from None
        command(table, **others)

    for option in reversed(TABLE_OPTIONS):
        with_table = option(with_table)
    return with_table


TABLE_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.argument("file", type=click.File("rb")),
    click.option("--unit", help="Column of what was rated; `sentence_id` if left out."),
    click.option("--coder", help="Column of who rated; `coder_id` if left out."),
    click.option("--value", help="Column of the rating, any field that people judge; `tag` if left out."),
    click.option("--categories", help="The possible ratings, joined by commas; in their order for --level ordinal."),
    click.option(
        "--level",
        type=click.Choice(["nominal", "ordinal", "interval", "ratio"]),
        help="By what ratings differ; of a field of Claimtag's long CSV its own level if left out, else nominal.",
    ),
    click.option("--cluster", help="Column of what is left out whole for the interval, such as the article."),
    click.option("--round", "round_name", help="Only the rows of this round, by the column `round`."),
    click.option("--pass", "number_of_pass", help="Only the rows of this pass, by the column `pass`."),
    click.option("--json", "as_json", is_flag=True, help="One JSON object in place of the table."),
)


@main.command(name="agreement")
@_table_options
def agreement_(table: agreement.Table, as_json: bool) -> None:
    """How far raters agree in FILE, a CSV in long form: one row for each unit and rater. Empty cells are gaps."""
    found = agreement.report(table.ratings, table.categories, table.level, table.clusters, table.values)
    if as_json:
        aside = table.aside.as_json() if table.aside else None
        click.echo(json.dumps(found.as_json() | {"reading": agreement.reading(found), "set_aside": aside}, indent=2))
    else:
        click.echo(agreement.as_text(found, table.aside, table.aside_value))


@main.command(name="plan-sample")
@_table_options
@click.option(
    "--margin",
    "margins",
    type=click.FloatRange(0, 1, min_open=True),
    multiple=True,
    default=MARGINS,
    show_default=True,
    help="How far the interval of alpha may reach to either side; may be given several times.",
)
def plan_sample_(table: agreement.Table, as_json: bool, margins: tuple[float, ...]) -> None:
    """How many articles it takes until alpha is known to ± so much, told from FILE, a pilot in long form."""
    counts = agreement.count(table.ratings, len(table.categories))
    pilot = agreement.report_from_counts(counts, table.categories, table.level, table.clusters, table.values)
    plan = plan_sample(pilot, counts, table.clusters, table.values, margins)
    if as_json:
        click.echo(json.dumps(plan.as_json(), indent=2))
    else:
        click.echo(plan_as_text(plan), nl=False)


@main.command(name="corroborate")
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="One JSON list of claims in place of the text.")
def corroborate(file: IO[bytes], as_json: bool) -> None:
    """Count origins, not links, in FILE, a CSV of evidence, and propose how each claim stands.

    One item a row: columns claim, item, stance, independence, and where there are any origin, same_origin_as,
    source_reliability, information_credibility, covers. A row with only a claim is one without items.
    """
    try:
        claims = corroboration.read(file.read())
    except BadEvidence as refused:
        raise BadInput(str(refused)) from None
    found = {claim: corroboration.counted(items) for claim, items in claims.items()}
    if as_json:
        told = [{"claim": claim, **corroboration.as_json(count)} for claim, count in found.items()]
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    click.echo("\n\n".join(f"{claim}\n{corroboration.as_text(count)}" for claim, count in found.items()))


@main.command(name="reuse")
@click.argument("a", type=click.File("rb"))
@click.argument("b", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="One JSON object in place of the text.")
@encoding_option
def reuse_(a: IO[bytes], b: IO[bytes], as_json: bool, encoding: str | None) -> None:
    """Show which passages texts A and B share, and whether A is wholly, partially or not derived from B.

    Case, spaces, punctuation and kinds of quotation marks make no difference.
    """
    try:
        text_a, text_b = (decoded(file.read(), otherwise=encoding, largest=None).text for file in (a, b))
    except BadArticle as refused:
        raise BadInput(str(refused)) from None
    found = reuse(text_a, text_b)
    if as_json:
        click.echo(json.dumps(reuse_as_json(found), indent=2))
        return
    click.echo(f"A is {found.verdict} derived from B.")
    click.echo(
        f"{found.share_of_a:.0%} of the words of A stand in passages that B has, {found.share_of_b:.0%} of B in A."
    )
    for passage in found.passages:
        words = " ".join(text_a[passage.a_start : passage.a_end].split())
        click.echo(f"{passage.a_start}-{passage.a_end}\t{passage.b_start}-{passage.b_end}\t{words}")


@main.command(name="lookalikes")
@click.argument("corpus", type=click.File("rb"))
@click.option("--top", type=click.IntRange(1, 1_000), default=10, show_default=True, help="How many to tell of each.")
def lookalikes_(corpus: IO[bytes], top: int) -> None:
    """For each text of CORPUS tell those that say nearly the same, and how alike they are (0 to 1).

    One {"id": …, "text": …} a line in, one {"id": …, "like": [{"id": …, "score": …}, …]} a line out.
    """
    ids, texts = [], []
    for number, line in enumerate(corpus, start=1):
        try:
            row = json.loads(line)
            if not isinstance(row["text"], str) or not isinstance(row["id"], str | int | float):
                raise TypeError
        except (ValueError, KeyError, TypeError, RecursionError):
            raise click.ClickException(f'Line {number} is no JSON object with an "id" and a string "text".') from None
        ids.append(row["id"])
        texts.append(row["text"])
    for id_, like in zip(ids, lookalikes(texts, top), strict=True):
        told = [{"id": ids[number], "score": round(score, 6)} for number, score in like]
        click.echo(json.dumps({"id": id_, "like": told}, ensure_ascii=False))
