"""Made-up studies of which the truth is known, to see how often an interval holds it."""

from dataclasses import dataclass

import numpy as np

from webapp.domain.agreement import Ratings

TAGS = ("FACT", "ATTRIBUTION", "SPECULATION", "OPINION")
SENTENCES = 12


@dataclass(frozen=True)
class World:
    """Articles differ in their mix of tags and in how hard they are, analysts in how often they know the true tag.

    Who does not know it guesses from the article's mix. `reading` of the `analysts` read each article, drawn anew for
    each; `knowing` is how often the best and the worst of them know the tag of an article of middling hardness.
    """

    analysts: int
    reading: int
    knowing: tuple[float, float] = (0.75, 0.75)
    mix: tuple[float, ...] = (1, 1, 1, 1)


WORLDS = {
    "few analysts (two)": World(2, 2),
    "skewed tags": World(3, 3, mix=(8, 1, 0.6, 0.4)),
    "two of five analysts an article": World(5, 2, knowing=(0.9, 0.55)),
}


@dataclass(frozen=True)
class Study:
    """The true tag of each sentence (articles × sentences), who read each article, and what each of them said."""

    true: np.ndarray
    readers: np.ndarray
    said: np.ndarray

    def draw(self, number: int, articles: int) -> "Study":
        """The articles of one draw of so many, the drawing having been done when the study was made."""
        own = slice(number * articles, (number + 1) * articles)
        return Study(self.true[own], self.readers[own], self.said[own])

    @property
    def articles(self) -> np.ndarray:
        """The article of each sentence."""
        return np.repeat(np.arange(len(self.true)), self.true.shape[1])

    def ratings(self, world: World) -> Ratings:
        n_articles, sentences, reading = self.said.shape
        unit = np.repeat(np.arange(n_articles * sentences), reading)
        coder = np.repeat(self.readers, sentences, axis=0).reshape(-1)
        names = tuple(f"A{number}" for number in range(1, world.analysts + 1))
        return Ratings(unit, coder, self.said.reshape(-1), n_articles * sentences, names)


def make(world: World, articles: int, seed: int) -> Study:
    rng = np.random.default_rng(seed)
    mixes = np.cumsum(rng.dirichlet(2 * np.array(world.mix), size=articles), axis=1)

    def drawn(*each: int) -> np.ndarray:
        points = rng.random((articles, *each))
        return np.minimum((points[..., None] > mixes.reshape(articles, *(1,) * len(each), -1)).sum(axis=-1), 3)

    true = drawn(SENTENCES)
    readers = np.sort(np.argsort(rng.random((articles, world.analysts)), axis=1)[:, : world.reading], axis=1)
    skill = np.linspace(*world.knowing, world.analysts)[readers]
    hardness = 1.5 * (2 * rng.beta(4, 4, size=(articles, 1)) - 1)
    knows = 1 / (1 + np.exp(hardness - np.log(skill / (1 - skill))))
    is_known = rng.random((articles, SENTENCES, world.reading)) < knows[:, None, :]
    return Study(true, readers, np.where(is_known, true[..., None], drawn(SENTENCES, world.reading)))
