"""Student's t for whole degrees of freedom: how far it reaches, and how much of it lies below a point.

Source: Abramowitz & Stegun 1964, Handbook of Mathematical Functions, 26.7.3 and 26.7.4 (finite sums), 26.7.5, 26.7.8.
"""

from functools import lru_cache
from math import atan2, cos, inf, isinf, pi, sin, sqrt
from statistics import NormalDist

MANY = 20_000
"""Degrees of freedom from which on 26.7.8, which needs no sum, is right to seven digits."""

SOME = 500
"""Degrees of freedom from which on the points come from 26.7.5, which needs no search, right to ten digits."""


def below(t: float, df: int) -> float:
    """The probability 0…1 that Student's t with `df` degrees of freedom, 1 or more, is below `t`."""
    if isinf(t):
        return 0.0 if t < 0 else 1.0
    if df >= MANY:
        return NormalDist().cdf(t * (1 - 1 / (4 * df)) / sqrt(1 + t * t / (2 * df)))
    angle = atan2(abs(t), sqrt(df))
    within = _odd(angle, df) if df % 2 else _even(angle, df)
    return 0.5 + within / 2 if t >= 0 else 0.5 - within / 2


def _odd(angle: float, df: int) -> float:
    square, term, total = cos(angle) ** 2, cos(angle), 0.0
    for step in range(1, (df - 1) // 2 + 1):
        total += term
        term *= square * 2 * step / (2 * step + 1)
    return 2 / pi * (angle + sin(angle) * total)


def _even(angle: float, df: int) -> float:
    square, term, total = cos(angle) ** 2, 1.0, 0.0
    for step in range(1, df // 2 + 1):
        total += term
        term *= square * (2 * step - 1) / (2 * step)
    return sin(angle) * total


@lru_cache(maxsize=1_000)
def quantile(p: float, df: int) -> float:
    """The point below which t lies with probability `p`, 0 to 1; for few degrees of freedom found by halving."""
    if p <= 0 or p >= 1:
        return -inf if p <= 0 else inf
    if p < 0.5:
        return -quantile(1 - p, df)
    if df >= SOME:
        return _expanded(NormalDist().inv_cdf(p), df)
    low, high = 0.0, 1.0
    while below(high, df) < p:
        low, high = high, 2 * high
    while (middle := (low + high) / 2) not in (low, high):
        if below(middle, df) < p:
            low = middle
        else:
            high = middle
    return high


def _expanded(z: float, df: int) -> float:
    """The point of t from that of the normal distribution."""
    squared = z * z
    terms = (
        (squared + 1) / 4,
        ((5 * squared + 16) * squared + 3) / 96,
        (((3 * squared + 19) * squared + 17) * squared - 15) / 384,
        ((((79 * squared + 776) * squared + 1_482) * squared - 1_920) * squared - 945) / 92_160,
    )
    return z * (1 + sum((term / float(df) ** power for power, term in enumerate(terms, start=1)), 0.0))
