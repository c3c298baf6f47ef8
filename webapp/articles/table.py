"""The table of a project's articles: what it is narrowed down to, its order, and what each row tells its reader."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, and_, cast, false, func, or_, select
from sqlalchemy.orm import aliased

from webapp import visibility, word_index
from webapp.article_list import ListedArticle, listed_articles
from webapp.db import db
from webapp.domain.errors import BadSearch
from webapp.domain.folded_words import folded
from webapp.domain.partial_dates import partial_date
from webapp.domain.strip import HEIGHT, LETTERS, Drawn, drawn, strip_of, told
from webapp.domain.terms import FOUR_TAGS, Tag
from webapp.domain.word_query import Every, Phrase
from webapp.ids import whole_number
from webapp.models import (
    TAKEN_AWAY,
    Actor,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    Membership,
    Project,
    ProjectCount,
    Role,
    Sentence,
    Standing,
    StandingState,
    User,
    is_theirs,
    work_of,
)
from webapp.paging import FIRST_PAGE, LONG, Asked, Order, Page, page_in_order, page_of

STATES = {
    "none": "not handed out",
    "work": "in work",
    "done": "handed in by all",
    "settle": "to settle",
}
"""What a supervisor may narrow the table down to."""
OWN_STATES = {
    "assigned": "not started",
    "started": "in work",
    "returned": "returned to you",
    "submitted": "handed in",
}
"""What an analyst may."""
SORTS = {
    "newest": "newest first",
    "oldest": "oldest first",
    "published": "by date, newest first",
    "outlet": "by outlet",
}
DESCRIBED = {"published": Article.published, "outlet": Article.outlet}
"""What articles without it are left out of, in this order."""
MOST_STRIPS = 5
"""Of one article; how many more there are is told."""
MOST_READ = 3_000
"""Sentences whose answers are read for strips of work that is not handed in; that of others shows how far it is."""


@dataclass(frozen=True)
class Wanted:
    """What of the table is asked for."""

    words: str = ""
    outlet: str = ""
    since: str = ""
    until: str = ""
    state: str = ""
    analyst_id: int | None = None
    tag: Tag | None = None
    share: int = 1
    """At least so many in a hundred of its tags are `tag`."""
    sort: str = "newest"

    @property
    def is_everything(self) -> bool:
        return replace(self, sort="newest") == Wanted()

    @property
    def address(self) -> dict[str, Any]:
        """What an address says of it."""
        said = {
            "q": self.words,
            "outlet": self.outlet,
            "since": self.since,
            "until": self.until,
            "state": self.state,
            "analyst": self.analyst_id,
            "tag": self.tag.value if self.tag else "",
            "share": self.share if self.tag else "",
            "sort": "" if self.sort == "newest" else self.sort,
        }
        return {name: value for name, value in said.items() if value}


def wanted_in(args: Mapping[str, str]) -> Wanted:
    """What the address asks for; what means nothing asks for nothing. `after` and `before` in it are those of pages."""
    said = {name: args.get(name, "").replace("\0", "").strip()[:200] for name in ("q", "outlet", "since", "until")}
    state, sort = args.get("state", ""), args.get("sort", "")
    return Wanted(
        said["q"],
        said["outlet"],
        said["since"],
        said["until"],
        state if state in STATES or state in OWN_STATES else "",
        whole_number(args.get("analyst")),
        next((tag for tag in FOUR_TAGS if tag.value == args.get("tag")), None),
        min(max(whole_number(args.get("share")) or 1, 1), 100),
        sort if sort in SORTS else "newest",
    )


@dataclass(frozen=True)
class Row:
    """One article, as far as its reader may know of the work on it."""

    article: ListedArticle
    state: str | None
    answered: int
    can_tag: bool
    """The reader's own work on it,"""
    seconds: int | None
    """and the median of their seconds at a sentence."""
    strips: list[Drawn]
    height: int
    """Of the drawing, in its units; 0 where there is none."""
    in_words: str
    more: int
    held: int
    submitted: int
    """By whom of all, for who reads others' answers."""
    to_settle: int
    standing: int
    """Of how many sentences with two counting answers."""


@dataclass(frozen=True)
class Table:
    rows: Page[Row]
    reads_others: bool
    is_slow: bool
    """Whether each of many articles is looked at for it."""
    fault: str | None = None


def table(reader: Actor, project: Project, wanted: Wanted, asked: Asked = FIRST_PAGE) -> Table:
    """A page of the project's articles that the reader may read."""
    supervises = visibility.supervises(reader, project.id)
    reads_others = not visibility.reads_only_own(reader, project)
    fault = None
    try:
        page = _ids(reader, project, wanted, asked)
    except BadSearch as refused:
        page, fault = Page[int]([]), str(refused)
    size = db.session.get(ProjectCount, project.id)
    is_slow = bool((wanted.tag or (wanted.state and supervises)) and size and size.articles > LONG)
    rows = _rows(reader, project, list(page.rows), supervises=supervises)
    return Table(page.with_rows(rows), reads_others, is_slow, fault)


# ---- which articles


def _ids(reader: Actor, project: Project, wanted: Wanted, asked: Asked) -> Page[int]:
    query = visibility.ids_in_project(reader, project.id, _analyst_of(reader, project, wanted))
    query = query.where(*_conditions(reader, project, wanted))
    column = DESCRIBED.get(wanted.sort)
    if column is None:
        return page_of(query, asked=asked, newest_first=wanted.sort != "oldest")
    described = query.with_only_columns(Article.id, maintain_column_froms=True).where(column.is_not(None))
    order = Order((column, Article.id), falls=wanted.sort == "published")
    page = page_in_order(described, order, asked)
    return page.with_rows([row[0] for row in page])


def _analyst_of(reader: Actor, project: Project, wanted: Wanted) -> int | None:
    """Whose work the table is narrowed down to, for who supervises it."""
    return wanted.analyst_id if visibility.supervises(reader, project.id) else None


def _conditions(reader: Actor, project: Project, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is asked of an Article. Raises BadSearch."""
    found: list[ColumnElement[bool]] = []
    if wanted.words:
        found.append(Article.id.in_(_called(wanted.words, visibility.ids_in_project(reader, project.id))))
    if wanted.outlet:
        found.append(Article.outlet == wanted.outlet)
    if since := partial_date(wanted.since, "since", BadSearch):
        found.append(Article.published >= since)
    if until := partial_date(wanted.until, "until", BadSearch):
        found.append(Article.published <= f"{until}~")
    if wanted.state in OWN_STATES:
        own = select(_WORK.id).where(
            _WORK.article_id == Article.id,
            _WORK.round_id == project.running.id,
            _WORK.analyst_id == reader.id,
            _WORK.state == wanted.state,
            _WORK.id.not_in(visibility.work_before_a_repeat(reader.id or 0)),
        )
        found.append(own.exists())
    elif wanted.state and visibility.supervises(reader, project.id):
        found.append(_is_so(reader, project, wanted.state))
    if wanted.tag:
        found.append(_share_of(reader, project, wanted.tag) * 100 >= wanted.share)
    return found


def _share_of(reader: Actor, project: Project, tag: Tag) -> ColumnElement[float]:
    """Of an Article the share of this tag among those handed in that the reader reads, by their strips."""
    length, without = func.length(_WORK.strip), func.length(func.replace(_WORK.strip, LETTERS[tag], ""))
    handed_in = _work_on(project).where(_WORK.state == AssignmentState.SUBMITTED)
    if not visibility.supervises(reader, project.id):
        shown = select(Assignment.id).where(Assignment.id == _WORK.id, visibility.answers_shown_to(reader, project))
        handed_in = handed_in.where(shown.correlate(_WORK, Article).exists())
    share = cast(func.sum(length - without), Float) / func.nullif(func.sum(length), 0)
    return handed_in.with_only_columns(share).scalar_subquery()


MOST_CALLED = 2_000
"""Titles that hold parts of the words, the newest first, of which each is compared."""


def _called(words: str, readable: Select[int]) -> list[int]:
    """Of these articles those whose titles hold each of the words, or parts of theirs. Raises BadSearch."""
    wanted = folded(words).split()
    query = Every(tuple(Phrase((word,)) for word in wanted))
    ids = word_index.parts_of_names(db.session.connection(), query, Article.__tablename__) if wanted else None
    if ids is None:
        raise BadSearch("Write three letters or more of a word of the title.")
    near = select(Article.id, Article.title).where(Article.id.in_(ids), Article.id.in_(readable), Article.is_live)
    rows = db.session.execute(near.order_by(Article.id.desc()).limit(MOST_CALLED))
    return [id_ for id_, title in rows if title and all(word in folded(title) for word in wanted)]


_WORK = aliased(Assignment)
"""Beside that along which the list of an analyst goes."""


def _work_on(project: Project) -> Select[int]:
    """Work on an Article in the running round."""
    return select(_WORK.id).where(
        _WORK.article_id == Article.id, _WORK.round_id == project.running.id, _WORK.pass_ == 1
    )


def _is_so(reader: Actor, project: Project, state: str) -> ColumnElement[bool]:
    held = _work_on(project).where(_WORK.state.not_in(TAKEN_AWAY))
    open_ = held.where(_WORK.state != AssignmentState.SUBMITTED)
    if state == "none":
        return ~held.exists()
    if state == "work":
        return open_.exists()
    if state == "done":
        return and_(held.exists(), ~open_.exists())
    standing = visibility.standings_by_article(reader, project).where(
        Standing.article_id == Article.id,
        Standing.state == StandingState.TO_SETTLE,
    )
    return standing.with_only_columns(Standing.sentence_id).exists()


# ---- what a row tells


def _rows(reader: Actor, project: Project, ids: list[int], *, supervises: bool) -> list[Row]:
    articles = listed_articles(ids)
    to_tag = set(
        db.session.scalars(visibility.articles_to_tag(reader).where(Article.id.in_(ids)).with_only_columns(Article.id))
    )
    own = _own_work(reader, ids)
    works = _works(reader, project, ids)
    strips = _strips(works, articles)
    standing = _standings(reader, project, ids) if supervises else {}
    return [
        _row(article, own.get(id_), id_ in to_tag, works.get(id_, []), strips, standing.get(id_, (0, 0)))
        for id_, article in articles.items()
    ]


def _row(
    article: ListedArticle,
    own: Assignment | None,
    can_tag: bool,
    works: Sequence[Assignment],
    strips: Mapping[int, str],
    standing: tuple[int, int],
) -> Row:
    there = [strips[work.id] for work in works if work.id in strips]
    shown = there[:MOST_STRIPS] or (["." * min(article.sentences, 60)] if article.sentences else [])
    submitted = sum(work.state is AssignmentState.SUBMITTED for work in works)
    return Row(
        article,
        own.state.value if own else None,
        own.answered if own else 0,
        can_tag,
        own.median_seconds if own else None,
        drawn(shown),
        len(shown) * HEIGHT,
        told(shown),
        len(there) - len(there[:MOST_STRIPS]),
        len(works),
        submitted,
        *standing,
    )


def _own_work(reader: Actor, ids: Collection[int]) -> dict[int, Assignment]:
    """The reader's work on each, the one to show."""
    found = db.session.scalars(work_of(reader.user_id).where(Assignment.article_id.in_(ids)))
    # The one to show comes first, so of several it is set last.
    return {one.article_id: one for one in reversed(found.all())}


def _works(reader: Actor, project: Project, ids: Collection[int]) -> dict[int, list[Assignment]]:
    """The work on each in the running round whose answers the reader reads, what is handed in first."""
    query = (
        select(Assignment)
        .join(Assignment.article)
        .where(
            Assignment.article_id.in_(ids),
            Assignment.round_id == project.running.id,
            or_(Assignment.pass_ == 1, _is_own_repeat(reader, project)),
            is_theirs(),
            visibility.answers_shown_to(reader, project),
        )
        .order_by(Assignment.state != AssignmentState.SUBMITTED, Assignment.id)
    )
    found: dict[int, list[Assignment]] = {}
    for work in db.session.scalars(query):
        found.setdefault(work.article_id, []).append(work)
    return found


def _is_own_repeat(reader: Actor, project: Project) -> ColumnElement[bool]:
    """Whether it is an article that the reader does once more: to its analyst it looks like any other."""
    if visibility.supervises(reader, project.id):
        return false()
    return and_(Assignment.analyst_id == reader.id, Assignment.state.in_(NOT_HANDED_IN))


NOT_HANDED_IN = (AssignmentState.ASSIGNED, AssignmentState.STARTED, AssignmentState.RETURNED)


def _strips(works: Mapping[int, list[Assignment]], articles: Mapping[int, ListedArticle]) -> dict[int, str]:
    """By the id of the work its tags in miniature: as handed in, else as they are now, as far as those are few."""
    found, to_read, left = dict[int, str](), list[Assignment](), MOST_READ
    for article_id, some in works.items():
        for work in some:
            if work.state is AssignmentState.SUBMITTED and work.strip is not None:
                found[work.id] = work.strip
            elif work.answered and articles[article_id].sentences <= left:
                left -= articles[article_id].sentences
                to_read.append(work)
    return found | _strips_now(to_read)


def _strips_now(works: list[Assignment]) -> dict[int, str]:
    if not works:
        return {}
    ids = [work.id for work in works]
    answer = and_(Annotation.sentence_id == Sentence.id, Annotation.assignment_id.in_(ids), Annotation.is_current)
    rows = db.session.execute(
        select(Sentence.article_id, Sentence.id, Annotation.assignment_id, Annotation.tag)
        .outerjoin(Annotation, answer)
        .where(Sentence.article_id.in_({work.article_id for work in works}), Sentence.is_live)
        .order_by(Sentence.article_id, Sentence.start)
    ).all()
    tags: dict[int, dict[int, dict[int, Tag | None]]] = {}
    for article_id, sentence_id, assignment_id, tag in rows:
        tags.setdefault(article_id, {}).setdefault(sentence_id, {})[assignment_id or 0] = tag
    return {
        work.id: strip_of([given.get(work.id) for given in tags.get(work.article_id, {}).values()]) for work in works
    }


def _standings(reader: Actor, project: Project, ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """By article how many sentences are to settle, and how many have two counting answers."""
    to_settle = func.count().filter(Standing.state == StandingState.TO_SETTLE)
    rows = db.session.execute(
        visibility.standings_by_article(reader, project)
        .where(Standing.article_id.in_(ids))
        .with_only_columns(Standing.article_id, to_settle, func.count())
        .group_by(Standing.article_id)
    )
    return {article_id: (open_, count) for article_id, open_, count in rows}


@dataclass(frozen=True)
class Choice:
    id: int
    name: str


def analysts_in(project: Project) -> list[Choice]:
    """The active analysts of the project, by name."""
    rows = db.session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.project_id == project.id, Membership.is_analyst, User.deactivated_at.is_(None))
        .order_by(User.name)
    )
    return [Choice(*row) for row in rows]


def projects_beside(reader: Actor, project: Project) -> list[Choice]:
    """The other projects that the reader supervises."""
    rows = db.session.execute(
        select(Project.id, Project.name)
        .where(visibility.projects_where(reader, Role.SUPERVISOR), Project.id != project.id)
        .order_by(Project.id)
    )
    return [Choice(*row) for row in rows]
