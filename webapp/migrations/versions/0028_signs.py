"""Signs that stand for capital letters, such as ™ and №, are indexed in small ones: what holds any is indexed anew."""

import unicodedata

from alembic import op
from sqlalchemy import Connection

from webapp import passage_index, word_index
from webapp.migrating import everything_kept

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection):
        word_index.renew(connection, word_index.WRITINGS)
        if _has_signs(connection):
            word_index.renew(connection, word_index.SENTENCES)
            passage_index.renew(connection)


def _has_signs(connection: Connection) -> bool:
    """Whether any article has one; most projects have none, and their indexes of sentences and passages stay."""
    texts = (text for rows in passage_index.articles(connection) for _, _, text in rows if not text.isascii())
    plain = (unicodedata.normalize("NFKD", text.casefold()) for text in texts)
    return any(text != text.casefold() for text in plain)


def downgrade() -> None:
    """Nothing: an older version finds with these words what it finds, and makes its own by `recount`."""
