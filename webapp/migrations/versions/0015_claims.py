"""Claims, mentions and evidence; each note becomes an assessment of a claim of its own, mentioned on its sentence.

Wording and its revisions are those of the note. Its address stays with it: no evidence is made up.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.migrating import create_revisions, everything_kept, one_of, refuse, to

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATUSES = (
    *("not_started", "in_progress", "corroborated", "partially_corroborated", "uncorroborated", "contested"),
    *("contradicted", "unverifiable"),
)
KINDS = ("makes", "repeats", "denies")
STANCES = ("supports", "refutes", "neutral", "observing")
INDEPENDENCE = ("independent", "same_origin", "derived_from_article", "unknown")
LETTERS = ("A", "B", "C", "D", "E", "F")
NUMBERS = ("1", "2", "3", "4", "5", "6")
COVERS = ("whole", "part")

UUID_ = sa.Uuid(native_uuid=False)
TABLES = ("evidence", "claim_merge", "claim_settlement", "claim_mention", "claim_wording", "claim")
OF_NOTE = (
    *("id", "note_key", "sentence_id", "author_id", "status", "to_confirm", "claim", "note", "url", "version"),
    *("is_current", "client_id", "created_at"),
)
NEW = ("claim_id", "look_again_by", "proposed_status", "independent_supporting", "independent_refuting", "why_other")
TRUE = {"sqlite": "1", "postgresql": "true"}
FALSE = {"sqlite": "0", "postgresql": "false"}


def upgrade() -> None:
    connection = op.get_bind()
    with everything_kept(connection, renamed={"corroboration_note": "assessment"}):
        _create_claims()
        _create_evidence()
        _fill(connection.dialect.name)
        _create_assessment()
        _move("corroboration_note", "assessment", {**{name: name for name in OF_NOTE}, "claim_id": "note_key"})


def _create_claims() -> None:
    op.create_table(
        "claim",
        sa.Column("id", UUID_, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        to("claim", "project_id", "project"),
        to("claim", "maker_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index("ix_claim_project_id", "claim", ["project_id"])
    op.create_index("ix_claim_maker_id", "claim", ["maker_id"])
    _about_claim(
        "claim_wording",
        "claim_id",
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        _why(),
        sa.CheckConstraint("length(trim(wording)) > 0", name=op.f("ck_claim_wording_wording_not_blank")),
    )
    _about_claim(
        "claim_mention",
        "mention_id",
        sa.Column("mention_id", UUID_, nullable=False),
        sa.Column("sentence_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        _why(),
        one_of("claim_mention", "kind", KINDS),
        to("claim_mention", "sentence_id", "sentence"),
    )
    op.create_index("ix_claim_mention_claim_id", "claim_mention", ["claim_id"])
    op.create_index("ix_claim_mention_sentence_id", "claim_mention", ["sentence_id"])
    _about_claim(
        "claim_settlement",
        "claim_id",
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _why(),
        one_of("claim_settlement", "status", STATUSES),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_claim_settlement_reason_not_blank")),
    )
    _about_claim(
        "claim_merge",
        "claim_id",
        sa.Column("into_id", UUID_, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("claim_id <> into_id", name=op.f("ck_claim_merge_not_itself")),
        to("claim_merge", "into_id", "claim"),
    )
    op.create_index("ix_claim_merge_into_id", "claim_merge", ["into_id"])


def _create_evidence() -> None:
    texts = ("url", "description", "title", "outlet", "author", "published_date", "accessed_at", "archive_url")
    _about_claim(
        "evidence",
        "evidence_id",
        sa.Column("evidence_id", UUID_, nullable=False),
        sa.Column("stance", sa.String(40), nullable=False),
        sa.Column("independence", sa.String(40), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in (*texts, "quote", "origin")),
        sa.Column("same_origin_as", UUID_, nullable=True),
        *(
            sa.Column(name, sa.String(40), nullable=True)
            for name in ("source_reliability", "information_credibility", "covers")
        ),
        sa.Column("known_since", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("sentence_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        _why(),
        one_of("evidence", "stance", STANCES),
        one_of("evidence", "independence", INDEPENDENCE),
        one_of("evidence", "source_reliability", LETTERS, or_null=True),
        one_of("evidence", "information_credibility", NUMBERS, or_null=True),
        one_of("evidence", "covers", COVERS, or_null=True),
        sa.CheckConstraint("same_origin_as <> evidence_id", name=op.f("ck_evidence_not_its_own_origin")),
        sa.CheckConstraint(
            "url IS NOT NULL OR description IS NOT NULL", name=op.f("ck_evidence_address_or_description")
        ),
        sa.CheckConstraint("(sentence_id IS NULL) = (words IS NULL)", name=op.f("ck_evidence_sentence_with_words")),
        to("evidence", "sentence_id", "sentence"),
    )
    op.create_index("ix_evidence_claim_id", "evidence", ["claim_id"])
    op.create_index("ix_evidence_sentence_id", "evidence", ["sentence_id"])


def _create_assessment() -> None:
    _notes(
        "assessment",
        sa.Column("claim_id", UUID_, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("look_again_by", "why_other")),
        sa.Column("proposed_status", sa.String(40), nullable=True),
        sa.Column("independent_supporting", sa.Integer(), nullable=True),
        sa.Column("independent_refuting", sa.Integer(), nullable=True),
        one_of("assessment", "proposed_status", STATUSES, or_null=True),
        to("assessment", "claim_id", "claim"),
        needs_sentence=False,
    )
    op.create_index(
        "uq_assessment_claim",
        "assessment",
        ["claim_id", "author_id"],
        unique=True,
        sqlite_where=sa.text("is_current = 1"),
        postgresql_where=sa.text("is_current"),
    )


def _notes(table: str, *others: Any, needs_sentence: bool) -> None:
    """The table of notes or assessments, under this name."""
    create_revisions(
        table,
        ["note_key"],
        "author_id",
        sa.Column("note_key", UUID_, nullable=False),
        sa.Column("sentence_id", sa.Integer(), nullable=not needs_sentence),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        *others,
        one_of(table, "status", STATUSES),
        sa.CheckConstraint("length(trim(claim)) > 0", name=op.f(f"ck_{table}_claim_not_blank")),
        to(table, "sentence_id", "sentence"),
        to(table, "author_id", "user"),
    )
    op.create_index(f"ix_{table}_sentence_id", table, ["sentence_id"])


def _fill(dialect: str) -> None:
    """A claim, its wordings and one mention for each note; their ids are the note's key."""
    true, false = TRUE[dialect], FALSE[dialect]
    op.execute(
        "INSERT INTO claim (id, project_id, maker_id, created_at) "
        "SELECT n.note_key, article.project_id, n.author_id, n.created_at FROM corroboration_note AS n "
        "JOIN sentence ON sentence.id = n.sentence_id JOIN article ON article.id = sentence.article_id "
        "WHERE n.version = 1 ORDER BY n.id"
    )
    op.execute(
        "INSERT INTO claim_wording (claim_id, author_id, wording, is_published, version, is_current, client_id, created_at) "
        f"SELECT note_key, author_id, claim, {false}, "
        "row_number() OVER (PARTITION BY note_key ORDER BY version), "
        "row_number() OVER (PARTITION BY note_key ORDER BY version DESC) = 1, client_id, created_at "
        "FROM (SELECT n.*, lag(claim) OVER (PARTITION BY note_key ORDER BY version) AS before "
        "FROM corroboration_note AS n) AS wordings WHERE before IS NULL OR before <> claim ORDER BY id"
    )
    op.execute(
        "INSERT INTO claim_mention (mention_id, claim_id, sentence_id, author_id, kind, to_confirm, version, is_current, "
        "client_id, created_at) SELECT now_.note_key, now_.note_key, now_.sentence_id, now_.author_id, 'makes', "
        f"now_.to_confirm, 1, {true}, first_.client_id, first_.created_at FROM corroboration_note AS now_ "
        "JOIN corroboration_note AS first_ ON first_.note_key = now_.note_key AND first_.version = 1 "
        "WHERE now_.is_current ORDER BY first_.id"
    )


def _move(old: str, new: str, values: dict[str, str]) -> None:
    """All rows of a table into the new one, which takes its place."""
    op.execute(f"INSERT INTO {new} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {old} ORDER BY id")
    op.drop_table(old)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{new}', 'id'), coalesce((SELECT max(id) FROM {new}), 0) + 1, false)"
        )


def _about_claim(table: str, key: str, *others: Any) -> None:
    create_revisions(
        table,
        [key],
        "author_id",
        sa.Column("claim_id", UUID_, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        *others,
        to(table, "claim_id", "claim"),
        to(table, "author_id", "user"),
    )


def _why() -> sa.Column[Any]:
    return sa.Column("withdrawn_why", sa.Text(), nullable=True)


def downgrade() -> None:
    connection = op.get_bind()
    cannot = "which the older version cannot hold; restore a backup instead."
    others = " + ".join(f"(SELECT count(*) FROM {table})" for table in ("claim_settlement", "claim_merge", "evidence"))
    refuse(
        connection,
        {
            f"SELECT {others}": f"{{count:,}} settlements, merges and items of evidence are on record, {cannot}",
            "SELECT count(*) FROM claim_mention WHERE mention_id <> claim_id OR kind <> 'makes' "
            "OR withdrawn_why IS NOT NULL OR version > 1": (
                f"{{count:,}} revisions of mentions tell of repairs of the split, or were made by hand, {cannot}"
            ),
            "SELECT count(*) FROM claim_wording WHERE is_published OR withdrawn_why IS NOT NULL": (
                f"{{count:,}} claims were published or withdrawn, {cannot}"
            ),
            "SELECT count(*) FROM (SELECT id FROM claim EXCEPT SELECT claim_id FROM assessment) AS unassessed": (
                f"{{count:,}} claims without an assessment are on record, {cannot}"
            ),
            "SELECT count(*) FROM assessment WHERE sentence_id IS NULL OR note_key <> claim_id "
            f"OR {' OR '.join(f'{name} IS NOT NULL' for name in NEW[1:])}": (
                f"{{count:,}} assessments hold more than a note, {cannot}"
            ),
        },
    )
    gone = (*TABLES, *(f"assessment.{name}" for name in NEW))
    with everything_kept(connection, gone=gone, renamed={"assessment": "corroboration_note"}):
        _notes("corroboration_note", needs_sentence=True)
        _move("assessment", "corroboration_note", {name: name for name in OF_NOTE})
        for table in TABLES:
            op.drop_table(table)
