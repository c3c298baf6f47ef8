"""The parts of a source that are published and withdrawn one by one."""

import enum


class Part(enum.StrEnum):
    SOURCE = "source"
    ALIAS = "alias"
    FACT = "fact"
    RATING = "rating"
