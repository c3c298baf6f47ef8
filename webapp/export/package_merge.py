"""A package merged into a project that is here, in one write: what is new comes in, what is here stays as it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select, update

from webapp import word_index
from webapp.db import db as database
from webapp.db import db_write, in_parts, now, one_reading
from webapp.domain.errors import BadPackage
from webapp.domain.intake.description import address_key
from webapp.domain.package_check import PackageFile
from webapp.export import records
from webapp.export.merge_report import COMING, Fate, MergeReport
from webapp.export.package_compare import Comparison, client_id_here
from webapp.export.project_import import without_records, written
from webapp.export.records import RECORDS, Record
from webapp.models import (
    Actor,
    Article,
    Assignment,
    DescriptionRevision,
    Membership,
    Project,
    Round,
    Source,
    SourceRating,
    Submission,
    audit,
)
from webapp.models.revisions import Revised, revised
from webapp.projects.actions import new_coder_code


@dataclass(frozen=True)
class Merged:
    """What a merge came to."""

    report: MergeReport
    people: tuple[str, ...]
    """The names of the placeholders that were made."""


def codes_of(project_id: int) -> list[str]:
    """The codes of the members of a project, who may be people of a package."""
    query = select(Membership.coder_code).where(Membership.project_id == project_id)
    return list(database.session.scalars(query.order_by(Membership.coder_code)))


def who_is_who(told: Iterable[str]) -> dict[str, str]:
    """Of lines such as `C07=C12` who of a package is who in a project. Raises BadPackage."""
    same: dict[str, str] = {}
    for line in told:
        code, sign, here = (part.strip() for part in line.partition("="))
        if not code or not sign or not here:
            raise BadPackage(f"“{line[:60]}” matches no two people; write it as C07=C12.")
        if same.setdefault(code, here) != here:
            raise BadPackage(f"“{code[:40]}” of the package is said to be two people of the project.")
    return same


def look_at(
    package: PackageFile, project: Project, same: Mapping[str, str], report: Callable[[str], None] = lambda _: None
) -> MergeReport:
    """What merging would come to; nothing is written.

    `same` tells of people of the package who they are in the project, both by their codes. Raises BadPackage.
    """
    _require_records(package)
    with one_reading():
        return Comparison(database.session(), package, report, project, same).compare()


def merge(
    package: PackageFile,
    project: Project,
    by: Actor,
    same: Mapping[str, str],
    report: Callable[[str], None] = lambda _: None,
    seen: str | None = None,
) -> Merged:
    """Bring what is new in a package into the project, all of it or nothing; it is on record.

    `seen` is the fingerprint of the report that somebody agreed to. Raises BadPackage for a package that cannot be
    merged, and where the project or its people have changed since that was seen.
    """
    _require_records(package)
    project_id = project.id

    def come_in() -> Merged:
        with db_write() as session:
            return _Merge(session, package, report, session.get_one(Project, project_id), same).run_as(by, seen)

    return written(come_in)


def _require_records(package: PackageFile) -> None:
    if without_records(package):
        raise BadPackage("This package cannot be merged: it has no records, as its maker may not read them.")


CHANGED = (
    "The project has changed since you looked, perhaps by a repair of a split, or other people were chosen; nothing "
    "came in. Look at it again."
)


class _Merge(Comparison):
    """One package as it comes into a project, inside a db_write()."""

    def run_as(self, by: Actor, seen: str | None) -> Merged:
        found = self.compare()
        if seen is not None and found.fingerprint != seen:
            raise BadPackage(CHANGED)
        if found.new:
            self._bring_in_all()
        told = {"id": self._id, "digest": self._package.digest, **found.told}
        said = {"people": dict(self._same)} if self._same else {}
        audit(self._session, by, "package merged", project_id=self._project_id, **told, **said)
        return Merged(found, tuple(self._names))

    def _bring_in_all(self) -> None:
        self._lock_articles()
        for record in RECORDS:
            self._report(record.file)
            self._reserve(record)
        self._take_up_what_is_here()
        for record in RECORDS:
            self._report(record.file)
            self._let_step_back(record)
            self._bring_in(record)
        self._bring_in_copies()
        self._keep_first_tags()
        self._go_on()
        self._describe()
        self._index_articles()
        self._require_chains()
        self._require_sound()
        self._count()

    def _lock_articles(self) -> None:
        """Nobody repairs a split to the end of this write; where somebody has since it began, it is run again."""
        ours = select(Article.id).where(Article.project_id == self._project_id).order_by(Article.id)
        self._session.execute(ours.with_for_update(key_share=True)).all()

    # ---- what is here already

    def _take_up_what_is_here(self) -> None:
        """Ids by which new rows name those that are here."""
        self._rounds |= {name: id_ for name, id_ in self._here["round"].items() if id_ > 0}
        self._codebooks |= {number: id_ for number, id_ in self._here["codebook"].items() if id_ > 0}
        self._work |= {key: id_ for key, id_ in self._here["assignment"].items() if id_ > 0}
        for (key, number), id_ in self._here["submission"].items():
            if id_ > 0:
                self._submissions[self._work[key], number] = id_

    def _let_step_back(self, record: Record) -> None:
        """Revisions that count no more, as the package has later ones."""
        table = record.table
        for ids in in_parts(list(self._steps_back[record.name].values())):
            self._session.execute(update(table).where(table.c.id.in_(ids)).values(is_current=False))

    def _go_on(self) -> None:
        """Work that was handed in once more, or begun, and that is as far here now."""
        table: Any = Assignment.__table__
        handed_in: Any = Submission.__table__
        for id_, values in [*self._begun.items(), *((id_, work.values) for id_, work in self._ahead.items())]:
            self._session.execute(update(table).where(table.c.id == id_).values(**values))
        for work in self._ahead.values():
            if work.returned:
                at, who, why = (work.returned[name] for name in ("returned_at", "returned_by_id", "returned_why"))
                values = {"returned_at": at, "returned_by_id": self._person(who)}
                statement = update(handed_in).where(handed_in.c.id == work.returned["id"])
                self._session.execute(statement.values(**values, returned_why=why or None))

    def _describe(self) -> None:
        """Articles that a later revision of their description describes otherwise."""
        for article_id, (n, values) in self._described.items():
            if self._fates["article"][n - 1] == Fate.SAME:
                article = self._session.get_one(Article, article_id)
                word_index.replace_title(self._session.connection(), article_id, article.title, values["title"])
                for name, value in values.items():
                    setattr(article, name, value)
                article.address_key = address_key(article.url)
                self._session.flush()

    # ---- what comes

    def _comes(self, record: Record, n: int, _row: Sequence[str]) -> bool:
        return self._fates[record.name][n - 1] in COMING

    def _person(self, code: str) -> int:
        """Whoever is not here comes as a placeholder once a row needs them."""
        if code in self._people:
            return self._people[code]
        id_ = self._people[code] = self._placeholder(code or "Somebody")
        if code:
            self._join_as(code, id_)
        return id_

    def _join(self) -> None:
        """The members are here already; placeholders join one by one."""

    def _join_as(self, code: str, user_id: int) -> None:
        """A member under the code of the package, or under a new one where that is somebody else's."""
        columns = [column.name for column in records.PEOPLE_COLUMNS[1:]]
        held = next((row[1:] for row in self._package.rows(records.PEOPLE) if row[0] == code), None)
        if held is None:
            raise KeyError(code)
        roles = {name: told == "true" for name, told in zip(columns, held, strict=True)}
        taken = set(self._members.values())
        here = new_coder_code(self._session, self._project_id) if code in taken else code
        self._session.add(Membership(project_id=self._project_id, user_id=user_id, coder_code=here, **roles))
        self._session.flush()
        self._members[user_id] = here

    def _completed(self, record: Record, values: dict[str, Any], n: int) -> dict[str, Any]:
        values = super()._completed(record, values, n)
        if record.name in records.NUMBERED and self._fates[record.name][n - 1] == Fate.UNNUMBERED:
            values["number"] = None
        if record.model is Round and values["closed_at"] is None:
            values["closed_at"] = now()  # the round that runs here goes on
        if issubclass(record.model, Revised):
            values["client_id"] = client_id_here(record, values["client_id"], values)
        if record.model is DescriptionRevision and values["version"] == 1:
            values["client_id"] = uuid5(NAMESPACE_OID, f"description of article {values['article_id']} as imported")
        return values

    def _codebook(self, values: dict[str, Any], n: int) -> dict[str, Any]:
        values["version"] = self._renamed.get(str(values["id"]), values["version"])
        return super()._codebook(values, n)

    # ---- whether it holds together

    def _require_chains(self) -> None:
        for table in revised():
            key = [getattr(table, name) for name in table.revision_of]
            if table is SourceRating:
                ours = SourceRating.source_id.in_(select(Source.id).where(Source.project_id == self._project_id))
                self._require_unbroken(table, key, [ours])
            else:
                new = select(*key).where(table.id >= self._firsts[table.__tablename__]).distinct().subquery()
                self._require_unbroken(table, key, [one.is_not_distinct_from(new.c[one.key]) for one in key])
