"""What a round asks besides its work: a key to learn from or to be tested by, and a test that must have been passed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Base
from webapp.models.project import Round
from webapp.models.revisions import append_only


@append_only(shown_by="rule_visible_to", not_exported="a package tells of it in its records")
class RoundRule(Base):
    """One round that trains, tests, or lets in only who passed; a round of which nothing is asked has none."""

    __tablename__ = "round_rule"
    __table_args__ = (
        CheckConstraint("pass_mark >= 1 AND pass_mark <= 100", name="pass_mark"),
        CheckConstraint("pass_mark IS NULL OR key_round_id IS NOT NULL", name="key"),
        CheckConstraint("key_round_id IS NOT NULL OR entry_round_id IS NOT NULL", name="asks"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True, autoincrement=False)
    key_round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    """An earlier round whose gold is the key."""
    pass_mark: Mapped[int | None]
    """Of a test: the share of sentences with the tag of the key that passes, in per cent; None: the round trains."""
    by_lower_end: Mapped[bool] = mapped_column(default=False)
    """Whether the lower end of the interval has to reach the mark, not the share alone."""
    entry_round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    """A test: work in this round is handed to those alone who passed it."""

    round: Mapped[Round] = relationship(foreign_keys=[round_id])
    key_round: Mapped[Round | None] = relationship(foreign_keys=[key_round_id])
    entry_round: Mapped[Round | None] = relationship(foreign_keys=[entry_round_id])

    @property
    def trains(self) -> bool:
        """Whether the key is shown after each own answer, so that the first answer is what counts."""
        return self.key_round_id is not None and self.pass_mark is None

    @property
    def tests(self) -> bool:
        return self.pass_mark is not None
