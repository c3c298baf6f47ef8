"""The figures of a profile as a table: one row for each figure of each column, k of n with what is unsure of it."""

from collections.abc import Sequence

from webapp import __version__
from webapp.db import now
from webapp.domain.export import Column
from webapp.domain.profile import FIGURES, Counted, Profile
from webapp.models import Article, Project
from webapp.profiles.columns import Told

COLUMNS = (
    Column("project", "text", "name of the project"),
    Column("column", "text", "what the row is about, as the address of the page says it, such as article:3"),
    Column("title", "text", "the same in words"),
    Column("articles", "integer", "articles looked at"),
    Column("analysts", "integer", "analysts whose answers count"),
    Column("codebook_version", "text", "version of the codebook"),
    Column("figure", "text", "which figure", allowed=tuple(figure.name for figure in FIGURES)),
    Column("k", "integer", "sentences in which it holds"),
    Column("n", "integer", "sentences of which it is a share"),
    Column("share", "text", "k / n; empty where n is below ten", "0…1"),
    Column("low", "text", "lower end of the 95 % interval, articles jackknifed; empty where there is none", "0…1"),
    Column("high", "text", "upper end", "0…1"),
    Column("at", "date", "day on which it was counted"),
    Column("app_version", "text", "version of Claimtag"),
)


def of_article(article: Article, profile: Profile) -> list[list[str]]:
    """The rows of one article."""
    figures = [profile.count(figure) for figure in FIGURES]
    return _rows(article.project, f"article:{article.id}", article.display_title, profile, figures)


def side_by_side(project: Project, told: Sequence[Told]) -> list[list[str]]:
    """The rows of each column."""
    return [
        row
        for one in told
        for row in _rows(
            project,
            one.column.address,
            one.title,
            one.profile,
            [one.profile.over_articles(figure) for figure in FIGURES],
        )
    ]


def _rows(project: Project, address: str, title: str, profile: Profile, figures: Sequence[Counted]) -> list[list[str]]:
    about = [project.name, address, title, str(profile.articles), str(profile.analysts)]
    return [
        [
            *about,
            project.running.codebook.version,
            counted.figure.name,
            str(counted.k),
            str(counted.n),
            _digits(counted.told_share),
            *(
                [_digits(end) for end in counted.interval]
                if counted.interval and counted.told_share is not None
                else ["", ""]
            ),
            f"{now():%Y-%m-%d}",
            __version__,
        ]
        for counted in figures
    ]


def _digits(share: float | None) -> str:
    return "" if share is None else f"{share:.6f}"
