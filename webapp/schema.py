"""The version of a database's tables, and the versions that this code knows."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from webapp import __version__
from webapp.config import PACKAGE
from webapp.domain.errors import NewerSchema


@cache
def newest() -> str:
    """The version that the code needs."""
    return _script().get_current_head() or ""


@cache
def known() -> frozenset[str]:
    """Every version that the code can bring to the newest one."""
    return frozenset(revision.revision for revision in _script().walk_revisions())


def version_of(connection: Connection) -> str | None:
    """The version of this database; None when it is empty. Raises NewerSchema for one that is not known."""
    version = MigrationContext.configure(connection).get_current_revision()
    if version is not None and version not in known():
        raise NewerSchema(
            f"The database has schema {version}, and Claimtag {__version__} knows none newer than {newest()}: "
            "install the newer Claimtag that wrote it, or restore a backup made before."
        )
    return version


def _script() -> ScriptDirectory:
    return ScriptDirectory(str(PACKAGE / "migrations"))
