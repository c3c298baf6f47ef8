"""What the page of one source is rendered with: what is told of it, in words and marks, and a form for each change."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from webapp import visibility
from webapp.db import now
from webapp.domain.plots import letters_over_time
from webapp.domain.terms import Property
from webapp.forms import RevisionForm
from webapp.models import Actor, Source
from webapp.sources.forms import (
    AliasForm,
    EntryForm,
    FactForm,
    PartForm,
    PublishForm,
    RatingForm,
    TrustForm,
    UnmergeForm,
    WithdrawForm,
)
from webapp.sources.queries import page
from webapp.sources.queries.history import history_of
from webapp.sources.queries.merging import Double, doubles_of
from webapp.sources.queries.names import coder_codes
from webapp.sources.queries.uses import Figures, answers_by_rating, figures_of, quoted, speaks_for
from webapp.templating import plural

SHOWN_ON_PAGE = 10
"""Sentences on the page of a source; all of them have a page of their own."""


def told_of(reader: Actor, source: Source, sent: Mapping[str, RevisionForm]) -> dict[str, Any]:
    """What the template tells; forms that were sent and refused stand there as they were sent."""
    shown = page.shown(reader, source)
    codes = coder_codes(source.project)
    rights = visibility.rights_over(reader, source)
    known = page.known(shown, codes)
    return {
        "shown": shown,
        "project": source.project,
        "rights": rights,
        "reads_only_own": visibility.reads_only_own(reader, source.project),
        "known": known,
        "head": _head(known),
        "also_called": page.also_called(shown, known),
        "external": known.of(Property.EXTERNAL_RATING),
        "other_facts": known.of(*(told for told in Property if told is not Property.EXTERNAL_RATING)),
        "shared": page.shared_with(shown, known),
        **_of_ratings(known, answers_by_rating(shown)),
        "tiles": _tiles(figures_of(shown)),
        "speaks_for": speaks_for(shown),
        "quoted": quoted(shown, per_page=SHOWN_ON_PAGE),
        "doubles": doubles_of(shown, known, codes),
        "history": history_of(shown, reads_all=rights.reads_all),
        "forms": _forms(shown) | dict(sent),
        "sent": set(sent),
        "part_form": _part_form,
        "unmerge_form": _unmerge_form,
    }


def _head(known: page.Known) -> list[str]:
    """What stands under the name: kind of outlet, country, language, domain."""
    told = known.of(Property.OUTLET_KIND, Property.COUNTRY, Property.LANGUAGE, Property.DOMAIN)
    return list(dict.fromkeys(fact.value for fact in told))


def _tiles(figures: Figures) -> list[tuple[str, str]]:
    """The figures with their words: counts, never a score."""
    n = f"{figures.sentences:,}"
    name_it = "sentence names it" if figures.sentences == 1 else "sentences name it"
    return [
        (n, f"{name_it}, in {plural(figures.articles, 'article')}"),
        (f"{figures.passed_on:,} of {n}", "times it passes on what somebody else said"),
        (f"{figures.for_unnamed:,} of {n}", "times it speaks for unnamed people"),
        (f"{figures.at_a_distance:,} of {n}", "times the cue keeps its distance"),
    ]


def _of_ratings(known: page.Known, answers: Mapping[UUID, int]) -> dict[str, Any]:
    """The step line of the letters, and which earlier ones answers keep."""
    given = [(rating.row.rated_on, rating.row.reliability.value) for rating in reversed(known.ratings)]
    kept = [
        (rating, answers[rating.row.rating_id]) for rating in known.ratings[1:] if answers.get(rating.row.rating_id)
    ]
    return {"plot": letters_over_time(given, now().date()), "kept": kept}


def _forms(shown: page.Shown) -> dict[str, RevisionForm]:
    """A form for each thing that is changed on the page, as it stands before anything is typed."""
    return {
        "name": EntryForm(None, obj=shown.entry.entry, seen=shown.entry.version),
        "aliases": AliasForm(None),
        "facts": FactForm(None),
        "trust": TrustForm(None),
        "ratings": RatingForm(None),
        "withdraw": WithdrawForm(None),
        "publish": PublishForm(None),
        "unmerge": UnmergeForm(None),
    }


def _part_form(like: PartForm, part: str, row: Any, key: str) -> PartForm:
    """A form of that kind about one row."""
    told = {"part": part, "part_id": str(getattr(row, key)), "seen": row.version}
    if isinstance(like, PublishForm):
        told["publish"] = "" if row.is_published else "1"
    return type(like)(None, **told)


def _unmerge_form(double: Double) -> UnmergeForm:
    return UnmergeForm(None, seen=double.merge.version)
