"""Where one is: the project, which is chosen in one place, and the section that the header marks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from flask import request, session, url_for

from webapp.access import visit, visitor
from webapp.domain.errors import NotFound
from webapp.ids import whole_number
from webapp.models import Article, Project, Role

CHOSEN = "project"
"""Under this key the cookie holds the id of the project that was chosen in the header."""


def current_project(*about: object) -> int | None:
    """The id of the project one is in; None for somebody without one.

    It is the one that the page is about, given as a project or an article, or named in its address; else the one that
    was chosen in the header; else the person's first.
    """
    mine = visit().projects
    named = (
        *map(_project_of, about),
        (request.view_args or {}).get("project_id"),
        whole_number(request.args.get("project")),
        session.get(CHOSEN),
    )
    return next((id_ for id_ in named if id_ in mine), min(mine, default=None))


def _project_of(one: object) -> int | None:
    if isinstance(one, Project):
        return one.id
    return one.project_id if isinstance(one, Article) else None


def choose_project(project_id: int) -> None:
    """From now on this device is in that project. Raises NotFound where it is none of the person's."""
    if project_id not in visit().projects:
        raise NotFound("There is no such project, or it is not shared with you.")
    session[CHOSEN] = project_id


def project_among(projects: list[Project]) -> Project:
    """The project in the address, else the one that one is in, else the first. Raises NotFound."""
    is_named = "project" in request.args
    wanted = whole_number(request.args["project"]) if is_named else current_project()
    for project in projects:
        if project.id == wanted:
            return project
    if is_named:
        raise NotFound("There is no such project, or it is not shared with you.")
    return projects[0]


def is_local(target: str | None) -> TypeGuard[str]:
    """Whether this is a path of our own, so that a link cannot lead a person who signs in elsewhere."""
    if (
        not target
        or not target.startswith("/")
        or target.startswith("//")
        or not target.isprintable()
        or "\\" in target
    ):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc


# ---- the header

SECTIONS = {
    "articles": ("articles.index", "Articles"),
    "sources": ("sources.index", "Sources"),
    "claims": ("claims.index", "Claims"),
    "projects": ("projects.index", "Projects"),
    "codebook": ("codebooks.index", "Codebook"),
    "export": ("export.index", "Export"),
    "search": ("search.search", "Search"),
}
"""What the header leads to: the page that opens, and its name."""
OF_BLUEPRINT = {
    "articles": "articles",
    "tagging": "articles",
    "reading": "articles",
    "repair": "articles",
    "profiles": "articles",
    "sources": "sources",
    "claims": "claims",
    "projects": "projects",
    "team": "projects",
    "review": "projects",
    "adjudication": "projects",
    "rounds": "projects",
    "stability": "projects",
    "export": "export",
    "coming_in": "export",
    "search": "search",
    "accounts": "account",
    "inbox": "inbox",
    "help": "help",
    "audit": "audit",
    "codebooks": "codebook",
}
OF_ENDPOINT = {
    "codebooks.versions": "projects",
    "codebooks.draft": "projects",
    "codebooks.preview": "projects",
    "profiles.compare": "projects",
    "profiles.cell": "projects",
    "adjudication.gold": "articles",
    "search.elsewhere": "articles",
    "accounts.people": "people",
}
"""Pages that belong elsewhere than their blueprint."""


def section_of(endpoint: str) -> str | None:
    """The section that a page belongs to; None for what is none of a person's pages."""
    return OF_ENDPOINT.get(endpoint) or OF_BLUEPRINT.get(endpoint.partition(".")[0])


@dataclass(frozen=True)
class Link:
    """One section in the header."""

    name: str
    label: str
    address: str
    current: str | None
    """What `aria-current` says of it."""


@dataclass(frozen=True)
class Here:
    """Where the reader of a page is."""

    links: list[Link]
    section: str | None
    endpoint: str
    project_id: int | None
    projects: Mapping[int, str]
    """The names of the person's live projects."""

    @property
    def project(self) -> str | None:
        return self.projects.get(self.project_id) if self.project_id else None


def here(*about: object) -> Here | None:
    """Where the reader is, on a page about this; None for whoever has not signed in."""
    seen = visitor()
    if seen is None:
        return None
    project_id, endpoint = current_project(*about), request.endpoint or ""
    section = section_of(endpoint)
    # The links lead on within the project that the page is about, where that is not the one they lead to anyway.
    kept: dict[str, Any] = {} if project_id in (None, _project_elsewhere()) else {"project": project_id}
    links = [
        Link(name, label, url_for(opens, **(kept if name in OF_PROJECT else {})), _current(name, section, opens))
        for name, (opens, label) in SECTIONS.items()
    ]
    return Here(links, section, endpoint, project_id, dict(sorted(seen.projects.items())))


OF_PROJECT = frozenset({"articles", "sources", "claims", "export", "codebook"})
"""Sections that show one project at a time."""


def _project_elsewhere() -> int | None:
    """The project of a page that names none."""
    mine, chosen = visit().projects, session.get(CHOSEN)
    return chosen if chosen in mine else min(mine, default=None)


def _current(name: str, section: str | None, opens: str) -> str | None:
    if name != section:
        return None
    return "page" if request.endpoint == opens else "true"


def address_in(project_id: int, endpoint: str) -> str:
    """The page of that name in another project, where there is one and the person may open it; else its articles."""
    if endpoint in LISTS:
        return url_for(endpoint)
    if endpoint in OF_SUPERVISORS and visit().actor.has(project_id, Role.SUPERVISOR):
        return url_for(endpoint, project_id=project_id)
    return url_for("articles.index")


def address_of_table(project_id: int) -> str:
    """The table of articles as it was narrowed down when a form was sent from it."""
    said: dict[str, Any] = {name: value for name, value in request.args.items() if name in OF_TABLE and value}
    return url_for("articles.index", **said | {"project": project_id})


OF_TABLE = frozenset(
    {"q", "outlet", "since", "until", "after", "before", "state", "analyst", "tag", "share", "sort", "page"}
)
LISTS = frozenset(
    {"articles.new", "articles.imports", "sources.index", "claims.index", "export.index", "codebooks.index"}
)
OF_SUPERVISORS = frozenset(
    {"projects.progress", "projects.plan", "projects.settings", "projects.trashed", "review.agreement", "team.index"}
    | {"adjudication.queue", "codebooks.versions"}
)
