"""How far analysts agree: coefficients, their uncertainty, and where the disputes are, from counted ratings alone."""

from webapp.domain.agreement.aside import Aside, set_aside
from webapp.domain.agreement.disputes import disputed, normalised_entropy
from webapp.domain.agreement.pairs import Agreeing, Pair, PairTables, agreeing_over, pair_tables, with_the_rest
from webapp.domain.agreement.ratings import GAP, Ratings, count, count_by_coder, from_rows
from webapp.domain.agreement.reading import as_text, reading
from webapp.domain.agreement.report import Report, report, report_from_counts
from webapp.domain.agreement.table import Table, read

__all__ = [
    "GAP",
    "Agreeing",
    "Aside",
    "Pair",
    "PairTables",
    "Ratings",
    "Report",
    "Table",
    "agreeing_over",
    "as_text",
    "count",
    "count_by_coder",
    "disputed",
    "from_rows",
    "normalised_entropy",
    "pair_tables",
    "read",
    "reading",
    "report",
    "report_from_counts",
    "set_aside",
    "with_the_rest",
]
