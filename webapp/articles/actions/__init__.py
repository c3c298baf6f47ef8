"""Writes that bring articles in: one by one through a draft, or many as a job."""

from webapp.articles.actions.drafts import (
    discard_draft,
    doubt_about,
    draft_of_pasted,
    draft_of_upload,
    import_upload,
    proposals_in,
    repair_draft,
    reread_draft,
    restore_article,
    save_draft,
    split_draft_as,
    trash_article,
)
from webapp.articles.actions.imports import (
    IMPORT,
    Report,
    import_files,
    leave_out,
    map_columns,
    read_again,
    run_import,
    start_import,
    table_items,
)
from webapp.articles.actions.moving import move_articles

__all__ = [
    "IMPORT",
    "Report",
    "discard_draft",
    "doubt_about",
    "draft_of_pasted",
    "draft_of_upload",
    "import_files",
    "import_upload",
    "leave_out",
    "map_columns",
    "move_articles",
    "proposals_in",
    "read_again",
    "repair_draft",
    "reread_draft",
    "restore_article",
    "run_import",
    "save_draft",
    "split_draft_as",
    "start_import",
    "table_items",
    "trash_article",
]
