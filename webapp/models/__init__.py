"""The tables: people, projects, articles, sentences, answers, sources, notes, and what happened."""

from webapp.models.actor import NOBODY, SHELL, Actor, Via
from webapp.models.adjudication import Adjudication, FirstTag, newest_decision_in
from webapp.models.article import (
    OPENING,
    Article,
    Draft,
    SegmentationEdit,
    Sentence,
    display_title,
    index_of,
    live_sentences,
    require_open,
)
from webapp.models.assessment import Assessment
from webapp.models.audit import AuditEvent, audit
from webapp.models.job import Job, JobItem, JobItemState, JobState
from webapp.models.people import LinkPurpose, SignInAttempt, SignInLink, User
from webapp.models.project import MAIN, Codebook, Membership, Project, Role, Round
from webapp.models.session import SessionKind, UserSession
from webapp.models.sources import (
    AttributionLink,
    Source,
    SourceAlias,
    SourceEntry,
    SourceFact,
    SourceMerge,
    SourceRating,
    rated_by,
)
from webapp.models.tagging import (
    Annotation,
    Assignment,
    AssignmentState,
    Submission,
    SubmissionAnnotation,
    assignment_of,
    current_answer_in,
    is_held,
    work_of,
)

__all__ = [
    "MAIN",
    "NOBODY",
    "OPENING",
    "SHELL",
    "Actor",
    "Adjudication",
    "Annotation",
    "Article",
    "Assessment",
    "Assignment",
    "AssignmentState",
    "AttributionLink",
    "AuditEvent",
    "Codebook",
    "Draft",
    "FirstTag",
    "Job",
    "JobItem",
    "JobItemState",
    "JobState",
    "LinkPurpose",
    "Membership",
    "Project",
    "Role",
    "Round",
    "SegmentationEdit",
    "Sentence",
    "SessionKind",
    "SignInAttempt",
    "SignInLink",
    "Source",
    "SourceAlias",
    "SourceEntry",
    "SourceFact",
    "SourceMerge",
    "SourceRating",
    "Submission",
    "SubmissionAnnotation",
    "User",
    "UserSession",
    "Via",
    "assignment_of",
    "audit",
    "current_answer_in",
    "display_title",
    "index_of",
    "is_held",
    "live_sentences",
    "newest_decision_in",
    "rated_by",
    "require_open",
    "work_of",
]
