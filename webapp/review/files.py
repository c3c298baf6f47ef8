"""What the files of figures hold, and whether a release still says what would be computed today."""

import json
from dataclasses import replace
from typing import Any

from webapp import __version__
from webapp.db import now
from webapp.domain.agreement.intervals import SCALES
from webapp.domain.agreement.methods import Study, methods_paragraph
from webapp.domain.agreement.report import NOTHING_DRAWN
from webapp.domain.moments import moment
from webapp.models import Actor, Project, Release, Round
from webapp.review import queries
from webapp.review.filters import Filter
from webapp.review.kept import KeptFigures, fields_for, figures_for
from webapp.review.queries import Coverage
from webapp.review.statistics import Coder
from webapp.visibility import supervises

METHOD = {
    "answers": "the first submission of each analyst and article; confirmed answers to live sentences that are part of"
    " the article; pooled",
    "alpha": "Krippendorff's alpha, nominal over the four tags, ordinal over ratings (Krippendorff 2011)",
    "interval": "95 % jackknife over the articles with a sentence that two analysts tagged, with Student's t, on the"
    " scale that ci_scales names (with gold: that of specific_agreement); none under three articles; of one tag only"
    " articles that tell of it count; analysts are taken as given",
    "conventions": "no pair of analysts has a kappa on the page under 10 shared sentences, and nothing is called sound"
    " under 30: these are conventions of this program; .667 and .800 are Krippendorff's",
    "other": "Gwet's AC1, Fleiss' kappa and Brennan-Prediger with unequal raters (Gwet 2014); Cohen's kappa by pair",
    "set_aside": "NOT_CODABLE, F and 6 are gaps with an agreement of their own",
    "letters": "source_reliability counts letters of the analyst's own ratings; others are letters_left_out",
    "same_source": "pairs of answers to one sentence that both name a source; the same after merges; not corrected for"
    " chance, which from the sources of all sentences would be next to nothing",
}

CLAIM_STATUS = (
    "claims that two analysts or more assessed, whatever the round and filter; assessments as they are now; merged"
    " claims are one; nominal; a claim is a unit of its own, so the interval leaves out claims"
)
FIELD_METHOD = {
    "alpha": "Krippendorff's alpha of each field at its own level, which stands under level (Krippendorff 2011)",
    "where": "a field is compared among the answers that it belongs to, which stand under where: a source type where"
    " both said ATTRIBUTION; what stays stored under a tag that does not call for it does not count",
    "step": "the question before it: whether analysts agree that the sentence is told (ATTRIBUTION among the four"
    " tags), that it is NOT_CODABLE, or, of a field that may stay empty, when to give one",
    "flags": "an empty flag says no (false) wherever the answer has one of the four tags",
    "set_aside": "NOT_CODABLE, F and 6 are gaps with an agreement of their own",
}


def head(project: Project, wanted: Filter) -> dict[str, Any]:
    """What every file begins with."""
    return {
        "project": project.name,
        "app_version": __version__,
        "codebook_version": wanted.codebook or queries.round_of(project, wanted).codebook.version,
        "computed_at": moment(now()),
        "filter": wanted.as_args(),
    }


def agreement(project: Project, reader: Actor, wanted: Filter, coders: dict[int, Coder]) -> dict[str, Any]:
    """The figures of the agreement page, with how they were made."""
    kept = figures_for(project, reader, wanted, coders)
    coverage = queries.coverage_of(project, reader, wanted, kept.handed_in)
    return {
        "method": METHOD,
        "ci_scales": SCALES,
        **NOTHING_DRAWN,
        "sample": kept.sample,
        "coverage": vars(coverage) | {"answers": kept.figures.n_answers},
        "methods_paragraph": methods(project, wanted, kept, coverage),
        **kept.figures.as_json(supervises=supervises(reader, project.id)),
    }


def fields(project: Project, reader: Actor, wanted: Filter, coders: dict[int, Coder]) -> dict[str, Any]:
    """The figures of every field, likewise."""
    figures = fields_for(project, reader, wanted, coders)
    method = {name: METHOD[name] for name in ("answers", "interval", "conventions", "other", "letters")} | FIELD_METHOD
    return {"method": method, "answers": figures.n_answers, "fields": figures.as_json()}


def methods(project: Project, wanted: Filter, kept: KeptFigures, coverage: Coverage) -> str:
    """The paragraph for the methods section."""
    round_ = queries.round_of(project, wanted)
    study = Study(
        project=project.name,
        round=round_.name,
        is_blind=round_.is_blind,
        codebook=wanted.codebook or round_.codebook.version,
        program=f"Claimtag {__version__}",
        articles=coverage.articles,
        sentences=coverage.sentences,
        analysts=len(kept.figures.coders),
        sample=kept.sample,
        is_filtered=replace(wanted, round=None, pass_=None) != Filter(),
    )
    return methods_paragraph(kept.figures.report, study)


# ---- releases


def of_round(project: Project, round_: Round, reader: Actor) -> dict[str, Any]:
    """All that a release pins of the figures of a round."""
    wanted, coders = Filter(round=round_.name), queries.coders_of(project)
    return {
        "agreement": agreement(project, reader, wanted, coders),
        "by_field": fields(project, reader, wanted, coders),
    }


def differs(release: Release, project: Project, reader: Actor) -> bool:
    """Whether what counts in the round is no longer what was released: a repair, a merge, something in the trash."""
    if not supervises(reader, project.id):
        return False
    today = json.loads(json.dumps(of_round(project, release.round, reader)["agreement"]))
    pinned = release.told["agreement"]
    return any(today[name] != pinned[name] for name in ("tags", "coders", "same_source") if name in pinned)
