"""Chance with a seed: the same draws on every machine, whatever the hash seed, the platform or the order in which offices are asked for."""

from __future__ import annotations

import math
import random
from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


def chance(*names: object) -> random.Random:
    """A stream of its own for each set of names (a text seed goes through SHA-512, never through hash())."""
    return random.Random("/".join(str(n) for n in names))


def pick(draw: random.Random, items: Sequence[T]) -> T:
    """Any one of the items; quicker than `choice`."""
    return items[int(draw.random() * len(items))]


class Weighted(Generic[T]):
    """Items drawn by weight."""

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        pairs = list(pairs)
        self.items = [item for item, _ in pairs]
        self.bounds = list(accumulate(weight for _, weight in pairs))

    def draw(self, draw: random.Random) -> T:
        """One item."""
        return self.items[min(bisect(self.bounds, draw.random() * self.bounds[-1]), len(self.items) - 1)]


def around(draw: random.Random, median: float, sigma: float) -> int:
    """A log-normal amount of yuan as people agree on it: rounded coarser the larger it is (so that no platform's last bit shows)."""
    return rounded(median * math.exp(sigma * draw.gauss(0.0, 1.0)))


def rounded(yuan: float) -> int:
    """The nearest amount that people would say."""
    for bound, step in ((300, 10), (1000, 50), (10_000, 100), (50_000, 500)):
        if yuan < bound:
            return max(int(yuan / step + 0.5) * step, step)
    return int(yuan / 1000 + 0.5) * 1000


def identity(draw: random.Random, at_ms: int) -> str:
    """A UUIDv7 whose random part comes from the seed."""
    bits = draw.getrandbits(74)
    text = f"{at_ms:012x}7{bits & 0xFFF:03x}{0x8000 | (bits >> 12 & 0x3FFF):04x}{bits >> 26:012x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
