"""Who may see what, said once: pages, JSON, search and exports all read through these selects."""

from webapp.visibility.answers import annotations_visible_to, answers_shown_to, judgements_shown_to, links_visible_to
from webapp.visibility.articles import (
    article_for,
    article_to_restore,
    article_to_supervise,
    article_to_tag,
    articles_to_tag,
    articles_visible_to,
    draft_for,
    is_analyst_of,
)
from webapp.visibility.events import events_visible_to
from webapp.visibility.gold import first_tags_of, gold_at_the_desk_of, gold_shown_to, gold_visible_to
from webapp.visibility.jobs import job_for, jobs_visible_to
from webapp.visibility.notes import notes_visible_to
from webapp.visibility.projects import (
    memberships_of,
    project_for,
    project_named,
    project_to_manage,
    projects_where,
    reads_only_own,
    supervises,
)
from webapp.visibility.sentences import (
    require_sentence_to_tag,
    sentence_to_adjudicate,
    sentence_to_repair,
    sentence_to_tag,
)
from webapp.visibility.sources import (
    aliases_visible_to,
    entries_visible_to,
    facts_visible_to,
    is_at_hand,
    may_read_source,
    merges_visible_to,
    ratings_visible_to,
    reads_everybodys_entries,
    source_for,
    sources_visible_to,
)
from webapp.visibility.visits import Visit, actor_for, device_of, devices_of, visit_by, visit_of

__all__ = [
    "Visit",
    "actor_for",
    "aliases_visible_to",
    "annotations_visible_to",
    "answers_shown_to",
    "article_for",
    "article_to_restore",
    "article_to_supervise",
    "article_to_tag",
    "articles_to_tag",
    "articles_visible_to",
    "device_of",
    "devices_of",
    "draft_for",
    "entries_visible_to",
    "events_visible_to",
    "facts_visible_to",
    "first_tags_of",
    "gold_at_the_desk_of",
    "gold_shown_to",
    "gold_visible_to",
    "is_analyst_of",
    "is_at_hand",
    "job_for",
    "jobs_visible_to",
    "judgements_shown_to",
    "links_visible_to",
    "may_read_source",
    "memberships_of",
    "merges_visible_to",
    "notes_visible_to",
    "project_for",
    "project_named",
    "project_to_manage",
    "projects_where",
    "ratings_visible_to",
    "reads_everybodys_entries",
    "reads_only_own",
    "require_sentence_to_tag",
    "sentence_to_adjudicate",
    "sentence_to_repair",
    "sentence_to_tag",
    "source_for",
    "sources_visible_to",
    "supervises",
    "visit_by",
    "visit_of",
]
