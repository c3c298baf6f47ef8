"""What documents are made of: the rows of the shapes and the texts, as far as their reader may see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import Connection, func

from webapp import visibility
from webapp.db import give_way
from webapp.domain.export import csv_rows
from webapp.export.choices import Chooser
from webapp.export.chosen import chosen_table
from webapp.export.shapes import COMPARING, Part
from webapp.models import Actor, Article, Project

NAMESPACE = UUID("2f7fb5a1-6e55-5f0e-9d0c-7a5a5f3c1d10")
"""Of the ids that documents need and rows do not have."""
Row = dict[str, str]


class Text(NamedTuple):
    """An article with its stored text."""

    number: int
    title: str | None
    outlet: str | None
    author: str | None
    url: str | None
    published: str | None
    language: str | None
    text_sha256: str
    text: str


@dataclass(frozen=True)
class Material:
    """What a reader may take of a project, as of one moment."""

    project: Project
    reader: Actor
    connection: Connection
    part: Part
    chooser: Chooser | None = None

    @property
    def has_text(self) -> bool:
        """Whether the words of the articles go out."""
        return not (self.chooser and self.chooser.choices.no_text)

    def rows(self, shape: str) -> Iterator[Row]:
        """The rows of a shape, by the names of its columns."""
        part = self.part if shape == "long" else Part()
        rows = csv_rows(chosen_table(shape, self.project, self.reader, part, self.chooser).pieces)
        header = next(rows)
        for row in rows:
            yield dict(zip(header, row, strict=True))

    def gold(self) -> Iterator[Row]:
        """The settled tags, for who reads others' answers."""
        project_id = self.project.id
        compares = visibility.supervises(self.reader, project_id) or self.reader.has(project_id, *COMPARING)
        return self.rows("gold") if compares else iter(())

    def answers(self) -> Iterator[tuple[Text, list[Row]]]:
        """Every article that the reader sees, with its rows of the long shape."""
        rows = groupby(self.rows("long"), key=lambda row: row["article_id"])
        said = next(rows, None)
        for text in self.texts():
            give_way()
            if said and said[0] == str(text.number):
                yield text, list(said[1])
                said = next(rows, None)
            else:
                yield text, []
        assert said is None, "an answer to an article that its reader does not see"

    def texts(self) -> Iterator[Text]:
        """The articles that the reader sees, in the order in which they came."""
        columns = [getattr(Article, name) for name in Text._fields[1:]]
        query = (
            visibility.articles_visible_to(self.reader)
            .where(Article.project_id == self.project.id)
            .with_only_columns(func.coalesce(Article.number, Article.id), *columns)
            .order_by(Article.id)
        )
        for row in self.connection.execute(query.execution_options(yield_per=20)):
            text = Text(*row)
            if not self.chooser or self.chooser.articles is None or str(text.number) in self.chooser.articles:
                yield text


def id_of_answer(kind: str, row: Row) -> UUID:
    """The id of something that is there once for each answer."""
    return id_of(kind, row["assignment_key"], row["coder_id"], row.get("round"), row.get("pass"), row["sentence_id"])


def id_of(kind: str, *what: object) -> UUID:
    """An id made of what the thing is, so that the same data is the same bytes."""
    return uuid5(NAMESPACE, "/".join([kind, *map(str, what)]))
