"""The package: every shape of a project, its texts and its records in one ZIP that says of itself what it holds."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any
from uuid import uuid4

from sqlalchemy import Connection, func, select

from webapp import __version__, visibility
from webapp.db import give_way, now, one_reading
from webapp.domain.agreement.reading import reading
from webapp.domain.errors import NotFound
from webapp.domain.export import csv_of_lines, csv_parts
from webapp.domain.moments import moment
from webapp.domain.package_check import DIGEST, MANIFEST
from webapp.export import (
    articles,
    claims,
    dates,
    evidence,
    gold,
    long,
    mentions,
    ratings,
    records,
    reliability,
    sources,
    wide,
)
from webapp.export.counted import Counting
from webapp.export.dataset_cards import card, croissant, read_me
from webapp.export.packing import About, Packed, Packing, Table, digest, manifest
from webapp.merged_sources import merges_seen_by
from webapp.models import Actor, Article, Claim, EvidenceCopy, EvidencePiece, Project, Role, Round
from webapp.review.filters import Filter
from webapp.review.queries import coders_of, rounds_and_passes_in
from webapp.review.statistics import figures

Report = Callable[[str], None]
"""Told of each part of the package when it is begun."""

TABLES = {
    "long": Table("long", "long.csv", "a sentence and an analyst", long.COLUMNS, ("annotation_id",)),
    "gold": Table("gold", "gold.csv", "a settled sentence", gold.COLUMNS, ("sentence_id", "round")),
    "reliability": Table(
        "reliability",
        "reliability.csv",
        "an answer that the coefficients are made of",
        reliability.COLUMNS,
        ("sentence_id", "coder_id", "round", "pass"),
    ),
    "articles": Table("articles", "articles.csv", "an article", articles.COLUMNS, ("article_id",)),
    "sources": Table("sources", "sources.csv", "an entry of the registry of sources", sources.COLUMNS, ("source_id",)),
    "ratings": Table(
        "ratings", "ratings.csv", "a rating of a source", ratings.COLUMNS, ("rating_id",), (("source_id", "sources"),)
    ),
    "claims": Table("claims", "claims.csv", "a claim", claims.COLUMNS, ("claim_id",)),
    "mentions": Table(
        "mentions",
        "mentions.csv",
        "a sentence that makes, repeats or denies a claim",
        mentions.COLUMNS,
        ("mention_id",),
        (("claim_id", "claims"), ("article_id", "articles")),
    ),
    "evidence": Table(
        "evidence",
        "evidence.csv",
        "an item of evidence for or against a claim",
        evidence.COLUMNS,
        ("evidence_id",),
        (("claim_id", "claims"),),
    ),
    "dates": Table("dates", "dates.csv", "a relative date that somebody resolved", dates.COLUMNS),
}
OF_PROJECT: dict[str, Any] = {
    "articles": articles,
    "sources": sources,
    "ratings": ratings,
    "claims": claims,
    "mentions": mentions,
    "evidence": evidence,
    "dates": dates,
}


@dataclass(frozen=True)
class Written:
    """A package that was written: the one digest of it, and what it holds."""

    id: str
    digest: str
    files: tuple[Packed, ...]
    """Those that its manifest lists."""

    @property
    def number_of_files(self) -> int:
        """How many there are in the ZIP: the manifest and its digest as well."""
        return len(self.files) + 2

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each table has, by its name."""
        return {file.table.name: file.rows or 0 for file in self.files if file.table}


Check = Callable[[], None]
"""Asked every few rows; raises Cancelled where the package is wanted no more."""


def number_of_parts(project: Project, reader: Actor) -> int:
    """How often a report is told of when the package is written: tables, with wide and ReCal’s, texts, manifest."""
    return len(TABLES) + 4 + (len(records.RECORDS) + 1 if visibility.supervises(reader, project.id) else 0)


def write(
    project: Project,
    reader: Actor,
    file: IO[bytes],
    report: Report = lambda _: None,
    check: Check = lambda: None,
    *,
    copies: bool = True,
) -> Written:
    """Write the package of what the reader may see, as of one moment.

    Who supervises the project, and the shell, get its records too, and uploaded copies of evidence unless these are to
    stay out. Raises NotFound for who has no right to a package;
    whatever `check` raises stops the work.
    """
    if not visibility.supervises(reader, project.id) and not reader.has(project.id, Role.RESEARCHER):
        raise NotFound("A package is for supervisors and researchers of the project.")
    packing = Packing(file)
    try:
        with one_reading() as connection:
            return _Package(project, reader, connection, packing, report, check, copies).written()
    finally:
        packing.abandon()


class _Package:
    """One package as it is written."""

    def __init__(
        self,
        project: Project,
        reader: Actor,
        connection: Connection,
        packing: Packing,
        report: Report,
        check: Check,
        copies: bool,
    ) -> None:
        self._project, self._reader, self._connection = project, reader, connection
        self._packing, self._report, self._check = packing, report, check
        self._coders = coders_of(project)
        self._running = self._counting(project.running.name)
        self._has_copies = copies
        self._has_records = visibility.supervises(reader, project.id)
        self._codebooks = records.codebooks_of(connection, project.id)
        self._people: set[str] = set()

    def written(self) -> Written:
        self._shapes()
        self._texts()
        self._write_codebooks()
        if self._has_records:
            self._records()
            if self._has_copies:
                self._copies()
        return self._described()

    def _table(self, table: Table, pieces: Iterable[str]) -> None:
        self._report(table.path)
        self._packing.add_table(table, self._giving_way(pieces))

    def _giving_way(self, pieces: Iterable[str]) -> Iterator[str]:
        for piece in pieces:
            yield piece
            give_way()
            self._check()

    def _shapes(self) -> None:
        project, reader = self._project, self._reader
        self._table(TABLES["long"], csv_of_lines(long.COLUMNS, self._long()))
        rounds = self._connection.scalars(
            select(Round.id).where(Round.project_id == project.id).order_by(Round.id)
        ).all()
        settled = (part for round_id in rounds for part in gold.parts(project.id, round_id, reader))
        self._table(TABLES["gold"], csv_parts(gold.COLUMNS, settled))
        columns = wide.columns(self._running.wanted, self._coders)
        title = _of_round("a sentence, a column for each analyst", project)
        by_analyst = Table("wide", "wide.csv", title, columns, ("sentence_id",))
        self._table(by_analyst, csv_of_lines(columns, wide.parts(self._running)))
        counted = chain.from_iterable(map(reliability.parts, self._countings()))
        self._table(TABLES["reliability"], csv_of_lines(reliability.COLUMNS, counted))
        for name, shape in OF_PROJECT.items():
            self._table(TABLES[name], csv_parts(shape.COLUMNS, shape.parts(project, reader)))
        self._recal()

    def _recal(self) -> None:
        """Nothing where no sentence was answered by all: such a file would be empty."""
        codes, lines = reliability.recal(self._running)
        lines = filter(None, lines)
        if first := next(lines, None):
            title = _of_round("a sentence that all answered, for ReCal", self._project)
            columns = tuple(map(wide.column_of, codes))
            self._table(Table("recal", "recal.csv", title, columns, has_header=False), chain([first], lines))

    def _long(self) -> Iterator[str]:
        project, reader = self._project, self._reader
        return long.parts(
            project.id,
            visibility.answers_shown_to(reader, project),
            only_own=visibility.reads_only_own(reader, project),
            links=visibility.links_visible_to(reader, project),
            reads_all=visibility.supervises(reader, project.id),
            hidden=visibility.is_old_mention(reader),
            merges=merges_seen_by(reader, project.id),
        )

    def _counting(self, round_name: str, number_of_pass: int = 1) -> Counting:
        wanted = Filter(round=round_name, pass_=str(number_of_pass))
        return Counting(self._project, self._reader, wanted, self._coders)

    def _countings(self) -> Iterator[Counting]:
        """What is counted of every round and pass there is."""
        rounds, passes = rounds_and_passes_in(self._project, self._reader)
        for name in rounds:
            for number in passes:
                is_running = (name, number) == (self._project.running.name, 1)
                yield self._running if is_running else self._counting(name, number)

    def _texts(self) -> None:
        """The text of each article, and for the records the upload where that is more than its text."""
        self._report("articles/")
        visible = visibility.articles_visible_to(self._reader).where(Article.project_id == self._project.id)
        columns: list[Any] = [func.coalesce(Article.number, Article.id), Article.text]
        columns += [Article.original] if self._has_records else []
        query = visible.with_only_columns(*columns).order_by(Article.id).execution_options(yield_per=20)
        for row in self._connection.execute(query):
            number, text, *uploads = tuple(row)
            give_way()
            self._check()
            told = str(text).encode()
            self._packing.add(f"articles/{number}.txt", told)
            for upload in uploads:
                if upload != told:
                    self._packing.add(f"originals/{number}", upload)

    def _write_codebooks(self) -> None:
        paths = codebook_paths([version for _, version, _ in self._codebooks])
        for path, (_, _, text) in zip(paths, self._codebooks, strict=True):
            self._packing.add(path, text.encode())

    # ---- the records

    def _records(self) -> None:
        codebooks = {id_: n for n, (id_, *_) in enumerate(self._codebooks, start=1)}
        study = records.study_of(self._connection, self._project.id, codebooks)
        for record in records.RECORDS:
            columns = [cell.column for cell in records.cells_of(record)]
            table = Table(f"records-{record.name}", record.file, f"the table {record.name} as it is kept", columns)
            rows = records.lines(record, self._connection, study, self._people)
            self._table(table, csv_of_lines(columns, rows))
        people = records.people_rows(self._connection, self._project.id, self._people)
        about = Table("records-people", records.PEOPLE, "a person, under a code", records.PEOPLE_COLUMNS, ("coder_id",))
        self._table(about, csv_parts(records.PEOPLE_COLUMNS, [people]))

    def _copies(self) -> None:
        """The files kept with items of evidence."""
        query = select(EvidenceCopy.id).join(Claim, Claim.id == EvidenceCopy.claim_id)
        of_project = query.where(Claim.project_id == self._project.id, EvidenceCopy.blanked_at.is_(None))
        for copy_id in self._connection.scalars(of_project.order_by(EvidenceCopy.created_at, EvidenceCopy.id)).all():
            pieces = select(EvidencePiece.data).where(EvidencePiece.copy_id == copy_id).order_by(EvidencePiece.position)
            held = self._connection.scalars(pieces.execution_options(yield_per=4))
            self._packing.add_pieces(f"copies/{copy_id}", held)

    # ---- what it says of itself

    def _described(self) -> Written:
        self._report(MANIFEST)
        about = self._about()
        files = list(self._packing.files)
        self._packing.add("README.txt", read_me(about, files))
        self._packing.add("README.md", card(about, files))
        self._packing.add("croissant.json", croissant(about, files))
        running = hashlib.sha256()
        listed = tuple(self._packing.files)
        self._packing.add_pieces(MANIFEST, _hashed(manifest(about, listed), running))
        self._packing.add(DIGEST, digest(running.hexdigest()))
        self._packing.close()
        return Written(about.id, f"sha256:{running.hexdigest()}", listed)

    def _about(self) -> About:
        rows = {file.table.name: file.rows or 0 for file in self._packing.files if file.table}
        report = figures(self._running.answers(self._connection)).report
        alpha = "undefined" if report.alpha is None else f"{report.alpha:.3f}"
        between = f" (95 % interval {report.alpha_ci[0]:.3f} to {report.alpha_ci[1]:.3f})" if report.alpha_ci else ""
        answers, agreement = (
            _of_round(what, self._project) for what in ("Handed-in answers", "Agreement on the four tags")
        )
        return About(
            project=self._project.name,
            id=str(uuid4()),
            created=moment(now()),
            app_version=__version__,
            has_records=self._has_records,
            has_copies=self._has_copies,
            codebooks=tuple(version for _, version, _ in self._codebooks),
            coders=self._roles(),
            articles=rows["articles"],
            answers=rows["long"],
            per_item=f"{answers}: {report.n_ratings:,} to {report.n_rated:,} sentences.",
            agreement=f"{agreement}: Krippendorff’s alpha {alpha}{between}. {reading(report)} "
            f"{rows['gold']:,} sentences have a settled tag.",
            language=self._project.language,
        )

    def _roles(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Who took part, by their codes; of the records those whom they name."""
        codes = self._people or {coder.code for coder in self._coders.values()}
        rows = records.people_rows(self._connection, self._project.id, codes)
        return tuple(
            (code, tuple(role.value for role, told in zip(Role, held, strict=True) if told == "true"))
            for code, *held in rows
        )


def codebook_paths(versions: Sequence[str]) -> list[str]:
    """The files of codebooks, whose versions may hold any sign; none twice."""
    paths: list[str] = []
    for number, version in enumerate(versions, start=1):
        safe = "".join(sign if sign.isascii() and (sign.isalnum() or sign in ".-_") else "-" for sign in version)
        path = f"codebook-{safe[:80]}.md"
        paths.append(f"codebook-{safe[:80]}-{number}.md" if path in paths else path)
    return paths


def _of_round(what: str, project: Project) -> str:
    return f"{what}, of the round “{project.running.name}”, first pass"


def _hashed(pieces: Iterable[bytes], running: Any) -> Iterator[bytes]:
    for piece in pieces:
        running.update(piece)
        yield piece
