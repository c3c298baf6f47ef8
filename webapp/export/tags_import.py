"""Tags that were made elsewhere come into a project: into a closed round of their own, under people who cannot sign in.

So they are on record, can be compared and exported, and never count as work that was done here.
"""

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp import standings
from webapp.db import db, db_write, in_parts, now
from webapp.domain.errors import BadTags
from webapp.domain.plain_text import clear_name
from webapp.domain.strip import strip_of
from webapp.domain.tags_elsewhere import Ends, Passages, Said, Search, stripped, trimmed, with_short_ends, words_of
from webapp.domain.terms import Tag
from webapp.models import (
    Actor,
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    Membership,
    Project,
    Round,
    Sentence,
    Submission,
    SubmissionAnnotation,
    User,
    audit,
)
from webapp.projects.actions import new_coder_code

AT_ONCE = 500
LONGEST_NAME = 60
EDGES = "\"'“”‘’«»„.,;:!?()[]…- \t\n\r"
"""Signs that one splitter counts as part of a sentence and another does not."""


@dataclass
class Aligned:
    """What of a file fits the project, and why the rest does not."""

    tags: dict[str, dict[int, dict[int, Tag]]] = field(default_factory=dict)
    """By coder, article and sentence."""
    misfits: list[tuple[str, str]] = field(default_factory=list)
    """Where in the file, and why."""
    labels: Counter[str] = field(default_factory=Counter)
    """How often each label is used."""

    @property
    def count(self) -> int:
        return sum(len(said) for articles in self.tags.values() for said in articles.values())

    @property
    def articles(self) -> int:
        return len({article_id for articles in self.tags.values() for article_id in articles})


class _Split:
    """An article with its live sentences, in the order of the text, each as start, end and id."""

    def __init__(self, article_id: int, text: str, sentences: Sequence[tuple[int, int, int]], search: Search) -> None:
        self.article_id, self.text = article_id, text
        self.passages = Passages(text, search)
        self._sentences, self._search = sentences, search
        self._by_words: dict[str, list[int]] | None = None

    def at(self, start: int, end: int) -> int | None:
        """The sentence that stands there, but for signs at its edges; else the only one with those words."""
        place = bisect_left(self._sentences, (start,))
        for begin, stop, id_ in self._sentences[max(0, place - 1) : place + 2]:
            if self._bare(begin, stop) == self._bare(start, end):
                return id_
        self._search.spend(end - start)
        same = self._with_words().get(words_of(self.text[start:end]), [])
        return same[0] if len(same) == 1 else None

    def _with_words(self) -> dict[str, list[int]]:
        if self._by_words is None:
            self._by_words = {}
            for begin, stop, id_ in self._sentences:
                self._by_words.setdefault(words_of(self.text[begin:stop]), []).append(id_)
        return self._by_words

    def _bare(self, start: int, end: int) -> tuple[int, int]:
        self._search.spend(end - start)
        return stripped(self.text, start, end, EDGES)


def align(project: Project, said: Iterable[Said], tags: Mapping[str, Tag]) -> Aligned:
    """Find for everything that is said the sentence it is about, and its tag; nothing is written."""
    found, texts = Aligned(), _Texts(project.id)
    for one in said:
        found.labels.update(one.labels)
        if why := _place(found, texts, one, tags):
            found.misfits.append((one.where, why))
    return found


def _place(found: Aligned, texts: "_Texts", said: Said, tags: Mapping[str, Tag]) -> str | None:
    """Keep what is said; why it cannot be kept."""
    told = {tag for label in said.labels if (tag := tags.get(label.strip().casefold()))}
    if not told:
        named = ", ".join(f"“{label}”" for label in said.labels) or "no label"
        return f"{named} is no tag; say which one it is"
    if len(told) > 1:
        return f"it has two tags: {' and '.join(sorted(told))}"
    placed = texts.sentence_of(said)
    if isinstance(placed, str):
        return placed
    article_id, sentence_id = placed
    of_article = found.tags.setdefault(said.coder, {}).setdefault(article_id, {})
    [tag] = told
    if of_article.setdefault(sentence_id, tag) is not tag:
        return f"the same person has called this sentence {of_article[sentence_id]} already"
    return None


class _Texts:
    """The texts of a project, found by what they are."""

    def __init__(self, project_id: int) -> None:
        self._of_project = (Article.project_id == project_id, Article.is_live)
        self._by_hash: dict[str, int] = {}
        self._by_words: dict[bytes, int] = {}
        """Articles by their text with short ends of lines."""
        self._search = Search()
        self._split: _Split | None = None
        self._passages = Passages("", self._search)
        self._ends: tuple[str, Ends] | None = None
        self._asked: tuple[str, int | None] = "", None
        """The text that was looked for last, as passages of one come one after another, and its article."""
        self._alone: dict[bytes, list[tuple[int, int]]] | None = None
        query = select(Article.id, Article.text_sha256, Article.text).where(*self._of_project)
        for id_, sha256, text in db.session.execute(query.execution_options(yield_per=50)):
            self._by_hash[sha256] = id_
            self._by_words[_digest(with_short_ends(text).strip())] = id_

    def sentence_of(self, said: Said) -> tuple[int, int] | str:
        """The article and the sentence that are meant; else why there are none."""
        if said.text is None:
            id_ = self._by_hash.get(said.sha256)
            if id_ is None:
                return f"no article of this project has the text {said.sha256[:12]}…"
            return self._by_position(self._split_of(id_), said)
        id_ = self._article_of(said.text)
        if id_ is None:
            return self._by_its_words(said)
        place = self._passages_of(said.text).place_of(said)
        if place is None:
            return "its position stands for nothing in its text, or for other words than it quotes"
        split = self._split_of(id_)
        start, end = map(self._ends_between(said.text, split.text), place)
        return self._found(split, start, end)

    def _article_of(self, text: str) -> int | None:
        if text is not self._asked[0]:
            self._asked = text, self._by_words.get(_digest(with_short_ends(text).strip()))
        return self._asked[1]

    def _by_position(self, split: _Split, said: Said) -> tuple[int, int] | str:
        place = split.passages.place_of(said)
        if place is None:
            return "its position stands for nothing in the article, or for other words than it quotes"
        return self._found(split, *place)

    def _found(self, split: _Split, start: int, end: int) -> tuple[int, int] | str:
        self._search.spend(max(0, end - start))
        if place := trimmed(split.text, start, end):
            sentence_id = split.at(*place)
            if sentence_id is not None:
                return split.article_id, sentence_id
        shown = split.text[start : min(end, start + 40)]
        return f"“{shown}…” is no sentence of article {split.article_id} as it is split now"

    def _by_its_words(self, said: Said) -> tuple[int, int] | str:
        """Of a text that is no article: the only sentence of the project that it is."""
        text = said.text or ""
        place = self._passages_of(text).place_of(said)
        words = words_of(text[slice(*place)]) if place else ""
        found = self._sentences().get(_digest(words), []) if words else []
        if len(found) == 1:
            return found[0]
        told = f"“{words[:40]}…”" if words else "its passage"
        return f"{told} is in {len(found)} places of the project" if found else f"{told} is no text of this project"

    def _passages_of(self, text: str) -> Passages:
        if text is not self._passages.text:
            self._passages = Passages(text, self._search)
        return self._passages

    def _split_of(self, article_id: int) -> _Split:
        if self._split is None or self._split.article_id != article_id:
            rows = select(Sentence.start, Sentence.end, Sentence.id).where(
                Sentence.article_id == article_id, Sentence.is_live
            )
            text = db.session.execute(select(Article.text).where(Article.id == article_id)).scalar_one()
            sentences = [(start, end, id_) for start, end, id_ in db.session.execute(rows.order_by(Sentence.start))]
            self._search.spend(len(text))
            self._split = _Split(article_id, text, sentences, self._search)
        return self._split

    def _ends_between(self, made_in: str, here: str) -> Ends:
        if self._ends is None or self._ends[0] is not made_in:
            self._ends = made_in, Ends(made_in, here)
        return self._ends[1]

    def _sentences(self) -> dict[bytes, list[tuple[int, int]]]:
        """All sentences by their words: made when the first is asked for."""
        if self._alone is None:
            self._alone = {}
            query = select(Article.id, Article.text).where(*self._of_project).order_by(Article.id)
            for id_, text in db.session.execute(query.execution_options(yield_per=50)):
                spans = select(Sentence.start, Sentence.end, Sentence.id)
                of_article = spans.where(Sentence.article_id == id_, Sentence.is_live)
                for start, end, sentence_id in db.session.execute(of_article):
                    self._alone.setdefault(_digest(words_of(text[start:end])), []).append((id_, sentence_id))
        return self._alone


def _digest(words: str) -> bytes:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()[:16]


# ---- what is written


@dataclass(frozen=True)
class CameIn:
    """What was written: the round, and the names of the people that it was made for."""

    round_name: str
    people: tuple[str, ...]


def bring_in(project: Project, by: Actor, found: Aligned, file_name: str) -> CameIn:
    """Keep what fits in a closed round named after the file, all or nothing. Raises BadTags where nothing fits."""
    if not found.count:
        raise BadTags("Nothing in the file fits a sentence of this project, so nothing came in.")
    project_id = project.id
    with db_write() as session:
        running = session.scalars(select(Round).where(Round.project_id == project_id, Round.closed_at.is_(None))).one()
        _lock_articles(session, found)
        _require_split(session, found)
        round_ = Round(
            project_id=project_id,
            name=_free_name(session, project_id, file_name),
            codebook_id=running.codebook_id,
            is_blind=running.is_blind,
            overlap=max(1, len(found.tags)),
            closed_at=now(),
        )
        session.add(round_)
        session.flush()
        people = [_bring_in_of(session, round_, coder, found.tags[coder]) for coder in sorted(found.tags)]
        audit(
            session,
            by,
            "tags imported",
            project_id=project_id,
            file=file_name[:200],
            round=round_.name,
            tags=found.count,
            left_out=len(found.misfits),
        )
        standings.follow(session, project_id)
    return CameIn(round_.name, tuple(people))


def _lock_articles(session: Session, found: Aligned) -> None:
    """Nobody repairs their splits to the end of this write; where somebody has since it began, it is run again."""
    for ids in in_parts(sorted({article_id for articles in found.tags.values() for article_id in articles})):
        wanted = select(Article.id).where(Article.id.in_(ids)).order_by(Article.id)
        session.execute(wanted.with_for_update(key_share=True)).all()


def _require_split(session: Session, found: Aligned) -> None:
    """Raises BadTags where somebody repaired a split since it was looked at."""
    wanted = sorted({id_ for articles in found.tags.values() for said in articles.values() for id_ in said})
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        live = session.scalars(select(Sentence.id).where(Sentence.id.in_(some), Sentence.is_live)).all()
        if len(live) != len(some):
            raise BadTags("Somebody repaired the split of an article meanwhile; bring the file in once more.")


def _free_name(session: Session, project_id: int, file_name: str) -> str:
    stem = clear_name(file_name.rpartition(".")[0] or file_name, LONGEST_NAME, BadTags) or "file"
    taken = set(session.scalars(select(Round.name).where(Round.project_id == project_id)))
    name = f"elsewhere: {stem}"
    return next(one for n in range(1, len(taken) + 2) if (one := name if n == 1 else f"{name} ({n})") not in taken)


def _bring_in_of(session: Session, round_: Round, coder: str, articles: Mapping[int, Mapping[int, Tag]]) -> str:
    """The work of one person."""
    name = _free_person(session, f"{clear_name(coder, LONGEST_NAME, BadTags) or 'Somebody'} in {round_.name}")
    person = User(name=name, deactivated_at=now())
    session.add(person)
    session.flush()
    code = new_coder_code(session, round_.project_id)
    session.add(Membership(project_id=round_.project_id, user_id=person.id, coder_code=code))
    for article_id in sorted(articles):
        _bring_in_work(session, round_, person.id, article_id, articles[article_id])
    return name


def _free_person(session: Session, name: str) -> str:
    taken = set(session.scalars(select(User.name).where(User.name.startswith(name, autoescape=True))))
    return next(one for n in range(1, len(taken) + 2) if (one := name if n == 1 else f"{name} ({n})") not in taken)


def _bring_in_work(session: Session, round_: Round, person_id: int, article_id: int, said: Mapping[int, Tag]) -> None:
    at = now()
    order = session.scalars(
        select(Sentence.id).where(Sentence.article_id == article_id, Sentence.is_live).order_by(Sentence.start)
    ).all()
    work = Assignment(
        round_id=round_.id,
        article_id=article_id,
        analyst_id=person_id,
        state=AssignmentState.SUBMITTED,
        started_at=at,
        submitted_at=at,
        strip=strip_of([said.get(id_) for id_ in order]),
    )
    session.add(work)
    session.flush()
    submission = Submission(assignment_id=work.id, number=1, at=at)
    answers = [
        Annotation(
            sentence_id=sentence_id,
            assignment_id=work.id,
            analyst_id=person_id,
            codebook_id=round_.codebook_id,
            is_blind=False,
            version=1,
            client_id=uuid4(),
            tag=said[sentence_id],
        )
        for sentence_id in order
        if sentence_id in said
    ]
    session.add_all([submission, *answers])
    session.flush()
    pinned = [{"submission_id": submission.id, "annotation_id": answer.id} for answer in answers]
    session.execute(insert(SubmissionAnnotation), pinned)
