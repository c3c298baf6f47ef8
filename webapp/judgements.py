"""Which answers count, and for whom, said once: agreement, exports and adjudication all read through this select."""

from sqlalchemy import Select, select

from webapp import visibility
from webapp.models import (
    Actor,
    Annotation,
    Article,
    Assignment,
    Project,
    Round,
    Sentence,
    Submission,
    SubmissionAnnotation,
)

FIRST = 1
"""The number of the submission that counts, and of the pass that is meant where none is named; what is handed in again
after a return was no longer independent."""


def judgements(
    project: Project, reader: Actor, round_: Round | None = None, number_of_pass: int = FIRST
) -> Select[Annotation]:
    """The answers of a round that count, given alone and handed in, as far as the reader may see them.

    The running round unless another is given; and one pass, as the second judgement of an analyst is no other's.
    """
    return counting_answers().where(
        Article.project_id == project.id,
        Assignment.round_id == (round_ or project.running).id,
        Assignment.pass_ == number_of_pass,
        visibility.judgements_shown_to(reader, project),
    )


def counting_answers() -> Select[Annotation]:
    """Those of all rounds and passes, whoever reads: for what is counted here, not for what is shown.

    Those revisions that an analyst's first submission of an article pins, with a tag (*not codable* is one),
    confirmed where a repair of the split had carried them over, of live sentences that are part of the article, of
    articles that are not in the trash. Answers changed after a return, or by adjudication, are other rows and never
    among them. `Submission`, `Assignment`, `Sentence` and `Article` are joined, so that callers may filter on them
    and choose their columns.
    """
    return (
        select(Annotation)
        .select_from(Submission)
        .join(Submission.assignment)
        .join(Assignment.article)
        .join(SubmissionAnnotation, SubmissionAnnotation.submission_id == Submission.id)
        .join(Annotation, Annotation.id == SubmissionAnnotation.annotation_id)
        .join(Sentence, Sentence.id == Annotation.sentence_id)
        .where(
            Article.is_live,
            Submission.number == FIRST,
            Annotation.tag.is_not(None),
            Annotation.to_confirm.is_(False),
            Sentence.is_counted,
        )
    )
