"""What append-only tables share: their list, the columns and keys of revisions, and the one write that adds one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, NamedTuple, NoReturn, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, Select, UniqueConstraint, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp import word_index
from webapp.db import Base, lock_rows, now
from webapp.domain.errors import BadAnswer, DomainError
from webapp.models.conflicts import Conflict

Model = TypeVar("Model", bound=type[Base])


@dataclass(frozen=True)
class Kept:
    """A table whose rows are never deleted, and where what it holds is seen."""

    model: type[Base]
    shown_by: str
    """The function of `visibility` that says who reads it."""
    exported_in: tuple[str, ...] = ()
    """The shapes of export that hold it."""
    not_exported: str = ""
    """Why no shape does."""
    may_change: tuple[str, ...] = ()
    """Columns that may change later, all others never."""
    never_changes: tuple[str, ...] = ()
    """Or the other way round, where this names any."""

    def fixed(self, columns: Iterable[str]) -> list[str]:
        """Those of the columns that never change."""
        if self.never_changes:
            return [name for name in columns if name in self.never_changes]
        return [name for name in columns if name not in self.may_change]


OF_CURRENT: dict[str, Any] = {
    "sqlite_where": text("is_current = 1"),  # as SQLAlchemy asks for it there
    "postgresql_where": text("is_current"),
}
"""For an index: it holds the current revisions alone."""

REGISTRY: dict[str, Kept] = {}
"""By table; the triggers of the database, `verify` and the tests of the shape go through it."""


def revised() -> "list[type[Revised]]":
    """The tables of revisions among them."""
    return [kept.model for kept in REGISTRY.values() if issubclass(kept.model, Revised)]


def append_only(**about: Any) -> Callable[[Model], Model]:
    """Registers the table of a model; takes what `Kept` holds."""

    def register(model: Model) -> Model:
        REGISTRY[model.__tablename__] = Kept(model, **about)
        return model

    return register


class Revised(Base):
    """A table of revisions: each change is a new row with the next version, the newest alone is current."""

    __abstract__ = True

    revision_of: ClassVar[tuple[str, ...]]
    """The columns that the revisions of one thing share."""
    author_column: ClassVar[str]
    """Whose client ids must differ."""
    noun: ClassVar[str]
    """What a revision is called in a sentence."""
    refused_by: ClassVar[type[DomainError]] = BadAnswer
    """What a write is refused with that holds something wrong."""
    shown_by: ClassVar[str]
    exported_in: ClassVar[tuple[str, ...]] = ()
    not_exported: ClassVar[str] = ""

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    is_current: Mapped[bool] = mapped_column(default=True)
    client_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default=now)

    def __init_subclass__(cls, **options: Any) -> None:
        if cls.__dict__.get("__abstract__"):  # what some of them share
            return super().__init_subclass__(**options)
        cls.__table_args__ = (*_constraints(cls), *getattr(cls, "__table_args__", ()))
        super().__init_subclass__(**options)  # makes the table
        seen = {"shown_by": cls.shown_by, "exported_in": cls.exported_in, "not_exported": cls.not_exported}
        append_only(may_change=("is_current",), **seen)(cls)
        return None


def _constraints(table: type[Revised]) -> tuple[Any, ...]:
    return (
        UniqueConstraint(*table.revision_of, "version"),
        UniqueConstraint(table.author_column, "client_id"),
        Index(
            f"uq_{table.__tablename__}_current",
            *table.revision_of,
            unique=True,
            **OF_CURRENT,
        ),
        CheckConstraint("version >= 1", name="version"),
    )


OF_REVISION = {"id", "version", "is_current", "client_id", "created_at"}
"""Columns that differ from one revision to the next whatever it says."""


def repeated(row: Revised | None, *but: str) -> Mapping[str, Any]:
    """What a revision says, for the next one to say again, all but what is named."""
    if row is None:
        return {}
    left_out = {*OF_REVISION, row.author_column, *row.revision_of, *but}
    names = [column.name for column in row.__table__.columns]
    return {name: getattr(row, name) for name in names if name not in left_out}


# ---- the one write

R = TypeVar("R", bound=Revised)


class Appended(NamedTuple, Generic[R]):
    """What a write came to."""

    row: R
    is_new: bool
    """False when the write had been here before."""


def append(
    session: Session,
    table: type[R],
    key: Mapping[str, Any],
    author_id: int,
    seen: int,
    client_id: UUID,
    said: Mapping[str, Any],
    *,
    lock: Select[Any] | None = None,
    closed: Callable[[R | None], None] | None = None,
    besides: Callable[[R | None], Mapping[str, Any]] | None = None,
    about: Mapping[str, Any] | None = None,
) -> Appended[R]:
    """Add the next revision of what `key` names, inside a db_write(), or give back what this write made before.

    `seen` is the version that the author saw, 0 for none. In this order: the rows of `lock` are locked (none where
    the caller holds them); a client_id met before gives back its row; `closed` may refuse, given the revision that
    counts now; another version than `seen` raises Conflict; the old revision steps back; the new one holds what was
    `said`, and `besides` what only this moment tells.

    A repeat says the same about the same: `about` names what that is where the key is drawn anew by each write.
    Raises the table's own error for a client_id that wrote about something else; Conflict when it said otherwise,
    as when somebody goes back to a form that was sent and sends another one.
    """
    about = key if about is None else about
    if lock is not None:
        lock_rows(session, lock)
    if earlier := _written_by(session, table, author_id, client_id):
        if not _holds(earlier, about) or earlier.version != seen + 1:
            refuse_reused(table)
        if not _holds(earlier, said):
            raise Conflict(_current(session, table, {name: getattr(earlier, name) for name in table.revision_of}))
        return Appended(earlier, False)
    current = _current(session, table, key)
    if closed:
        closed(current)
    if (current.version if current else 0) != seen:
        raise Conflict(current)
    added = besides(current) if besides else {}
    if current:
        current.is_current = False
        session.flush()  # the index allows one current revision: the old one steps back first
    author = {table.author_column: author_id}
    row = table(**{**key, **about, **author, **said, **added}, version=seen + 1, client_id=client_id)
    session.add(row)
    session.flush()
    word_index.add_written(session.connection(), table.__tablename__, [row])
    return Appended(row, True)


def append_firsts(
    session: Session,
    table: type[Revised],
    author_id: int,
    client_id: UUID,
    rows: Callable[[], Sequence[Mapping[str, Any]]],
    *,
    lock: Select[Any],
) -> tuple[int, bool]:
    """Add the first revisions of many things in one write; returns how many, and whether they are new.

    A repeat gives the number that it wrote the first time: the first row bears the client_id of the write, and all
    of them its moment.
    """
    lock_rows(session, lock)
    if earlier := _written_by(session, table, author_id, client_id):
        together = _matches(table, {table.author_column: author_id, "created_at": earlier.created_at})
        return session.scalar(select(func.count()).select_from(table).where(*together)) or 0, False
    at = now()
    shared = {table.author_column: author_id, "version": 1, "is_current": True, "created_at": at}
    added = [{**shared, **row, "client_id": uuid4() if n else client_id} for n, row in enumerate(rows())]
    for first in range(0, len(added), 500):
        session.execute(insert(table), added[first : first + 500])
    index_together(session, table, author_id, at)
    return len(added), True


def index_together(session: Session, table: type[Revised], author_id: int, at: datetime) -> None:
    """Index the words of all revisions that the author wrote at this moment, in one write."""
    if table.__tablename__ in word_index.WRITTEN:
        together = _matches(table, {table.author_column: author_id, "created_at": at})
        rows = session.scalars(select(table).where(*together)).all()
        word_index.add_written(session.connection(), table.__tablename__, rows)


def refuse_reused(table: type[Revised], noun: str | None = None) -> NoReturn:
    """Raises the table's own error, of a client_id that wrote about something else before."""
    raise table.refused_by(
        f"This client_id was used for another {noun or table.noun}; every write needs one of its own."
    )


def _written_by(session: Session, table: type[R], author_id: int, client_id: UUID) -> R | None:
    return session.scalar(
        select(table).where(*_matches(table, {table.author_column: author_id, "client_id": client_id}))
    )


def _current(session: Session, table: type[R], key: Mapping[str, Any]) -> R | None:
    return session.scalar(select(table).where(table.is_current, *_matches(table, key)))


def _matches(table: type[Revised], values: Mapping[str, Any]) -> list[Any]:
    return [getattr(table, name) == value for name, value in values.items()]


def _holds(row: Revised, values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())
