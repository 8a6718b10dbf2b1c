"""The simulation's share of a suite: some seeds, or so many minutes, cut into parts that lie evenly among the other tests."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

import pytest

from tests.simulation.templates import Templates

PART_SECONDS: Final = 30.0
"""A part is short, so that at the end of a suite no process works on alone for long."""
ONE_SEED: Final = 600.0
"""Seconds that a single run may take on a very slow machine."""
SEEDS_APART: Final = 1_000
SEEDS: Final = 10
"""Parts of one seed each where no minutes are asked for."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """As many parts as the minutes need; each begins at a seed of its own."""
    if "first_seed" in metafunc.fixturenames:
        parts = math.ceil(60 * metafunc.config.getoption("--simulation-minutes") / PART_SECONDS) or SEEDS
        patience = pytest.mark.timeout(PART_SECONDS + ONE_SEED)
        metafunc.parametrize("first_seed", [pytest.param(1 + SEEDS_APART * part, marks=patience) for part in range(parts)])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """pytest-xdist deals out long runs of neighbours: the parts are laid between the other modules, the last of them well before the end."""
    parts = [item for item in items if "first_seed" in getattr(item, "fixturenames", ())]
    others = [item for item in items if "first_seed" not in getattr(item, "fixturenames", ())]
    boundaries = [at for at, (one, two) in enumerate(pairwise(others), 1) if one.path != two.path]
    for number, part in reversed(list(enumerate(parts))):
        wanted = len(others) * number * 4 // (5 * len(parts))
        others.insert(min(boundaries, key=lambda at: abs(at - wanted), default=0) if number else 0, part)
    items[:] = others


@pytest.fixture(scope="session")
def seconds_of_a_part(request: pytest.FixtureRequest) -> float:
    """How long a part goes on to further seeds."""
    return float(min(PART_SECONDS, 60 * request.config.getoption("--simulation-minutes")))


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """What every run is copied from, made once in a process."""
    return Templates.made(tmp_path_factory.mktemp("templates"))
