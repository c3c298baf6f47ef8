"""What is refused, each kind with a sentence fit for the person who is refused.

One rule: whatever a person may be refused with is a DomainError. It is defined here, and takes plain values; what is
about a row as it stands at that moment is defined in `webapp/models/conflicts.py`. No other module defines one.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from webapp.domain.sign_in_tries import in_words


class DomainError(Exception):
    """A rule of the product was broken; `str()` of it is shown as it stands."""


class NotFound(DomainError):
    """There is no such row, or none that this person may see: the two look alike on purpose."""


# ---- what somebody sent


class BadAnswer(DomainError):
    """An answer holds a value that the codebook does not know."""


class BadNote(DomainError):
    """A corroboration note holds a value that the codebook does not know."""


class BadSource(DomainError):
    """A source, or what is said of one, cannot be taken like this."""


class BadArticle(DomainError):
    """An article cannot be taken in as it is."""


class DoubtfulEncoding(DomainError):
    """A person has to say in which encoding a file is: why, as a sentence, and which is likeliest."""

    def __init__(self, sentence: str, doubt: str, guess: str) -> None:
        super().__init__(sentence)
        self.doubt, self.guess = doubt, guess


class BadLanguage(DomainError):
    """What was given is no code of a language."""


class BadTable(DomainError):
    """A table of articles cannot be read as it is."""


class BadRatings(DomainError):
    """A table of ratings cannot be read as it is."""


class BadClaim(DomainError):
    """A claim, or what is said of one, cannot be taken like this."""


class BadSearch(DomainError):
    """What is looked for is not written so that it can be found."""


class BadEvidence(DomainError):
    """An item of evidence, or a table of them, cannot be taken as it is."""


class BadRepair(DomainError):
    """The split cannot be repaired like this."""


class BadDecision(DomainError):
    """A sentence cannot be settled like this."""


class UnfinishedDecision(BadDecision):
    """What is missing in a decision or wrong with it, a sentence for each field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


class BadDate(DomainError):
    """A date is none that can be kept."""


class Cancelled(DomainError):
    """Whoever asked for long work has asked for it to be stopped."""


class BadTags(DomainError):
    """A file of tags that were made elsewhere cannot be taken as it is."""


class BadExport(DomainError):
    """What is to go out does not fit into the format asked for, or is not there; `field` is the choice at fault."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class BadFilter(DomainError):
    """The address asks for something that the project does not hold."""


class BadPlan(DomainError):
    """The articles cannot be handed out like this."""


class BadProject(DomainError):
    """A project, its members or its work cannot be set up like this."""


# ---- who signs in


class BadAccount(DomainError):
    """A name or password cannot be taken."""


class BadPeople(BadAccount):
    """What is wrong with changes to people, a sentence for each of them, by their ids."""

    def __init__(self, faults: Mapping[int, str]) -> None:
        super().__init__(next(iter(faults.values())))
        self.faults = dict(faults)


class BadTeam(BadAccount):
    """What is wrong with a list of people, a sentence for each line."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = list(faults)


class BadSettings(BadProject):
    """What is wrong with the settings of a project, a sentence for each field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


class BadCodebook(DomainError):
    """A draft of a codebook cannot be taken as it is; `faults` is a sentence for each field, "" for the whole."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


class SignInRefused(DomainError):
    """Name and password do not belong together, or the link is used up."""


class TooSoon(DomainError):
    """After wrong passwords the next one is not looked at yet."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(
            f"Too many wrong passwords for this name from here; wait {in_words(wait)} and try again, "
            "or ask an admin for a link."
        )
        self.seconds = math.ceil(wait.total_seconds())


# ---- the machine and its database


class BadSetting(DomainError):
    """The settings cannot be used as they are."""


class Unavailable(DomainError):
    """The database cannot be used just now: nothing was saved, and the same may be sent again later."""

    def __init__(self, sentence: str, retry_after: int = 5) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
        """Seconds after which it is worth another try."""


class InUse(DomainError):
    """Another process holds the database; the sentence says which one."""

    def __init__(self, database: Path, holder: str) -> None:
        super().__init__(f"The database {database} is in use by {holder}; stop that first.")


class NewerSchema(DomainError):
    """The database was brought to a version that this code does not know."""


class MigrationRefused(DomainError):
    """A migration was not begun, or was undone; the database is as it was."""


class BadPackage(DomainError):
    """A file is no package, or not as it says; or no project can be made of it."""


class BadBackup(DomainError):
    """A file is no backup, or not a whole one."""


class DumpFailed(DomainError):
    """pg_dump or pg_restore is missing or refused."""


class NotRestored(DomainError):
    """The backup was not put in place; the database is as it was."""
