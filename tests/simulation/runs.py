"""One run of the simulation, on a disk in memory where there is one."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.simulation.templates import Templates
from tests.simulation.world import WILD, Likeness, World

DISK: Final = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Power cuts are simulated above the file system, so the disk may be as fast as memory."""


def run(seed: int, steps: int, templates: Templates, loud: Callable[[str], None] = lambda _: None, *, like: Likeness = WILD) -> str:
    """Runs one seed; returns the digest of all that happened and of what the county holds at the end, times left out.

    Raises:
        AssertionError: a promise was broken.
    """
    with tempfile.TemporaryDirectory(dir=DISK, prefix="simulation-") as folder, World(seed, Path(folder), templates, loud, like=like) as world:
        for _ in range(steps):
            world.step()
        world.settle()
        return world.digest
