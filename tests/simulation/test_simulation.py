"""Some runs of the simulation in every suite; `python -m tests.simulation` makes more of them, longer ones, and prints the steps of one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.simulation.defects import DEFECTS, found_by
from tests.simulation.runs import run
from tests.simulation.templates import Templates
from tests.simulation.world import Likeness

SEEDS = range(5)
STEPS = 150


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates.made(tmp_path_factory.mktemp("templates"))


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_doubled_or_seen_by_others(seed: int, templates: Templates) -> None:
    print(f"to repeat: python -m tests.simulation --seed {seed} --steps {STEPS} --loud")  # noqa: T201
    run(seed, STEPS, templates)


def test_no_decision_depends_on_a_machine_s_clock(templates: Templates) -> None:
    """S7: the same people, lines and power cuts with clocks that are right and clocks that are years off."""
    for seed in (101, 102):
        right, wrong = (run(seed, 100, templates, like=Likeness(clocks=clocks, numbers=False)) for clocks in (False, True))
        assert right == wrong, seed


def test_a_seed_repeats_its_run(templates: Templates, tmp_path: Path) -> None:
    """In another process, with another order of sets."""
    command = [sys.executable, "-m", "tests.simulation", "--seed", "7", "--steps", "60", "--loud"]
    told = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "1"}, capture_output=True, text=True, encoding="utf-8", check=True)
    lines: list[str] = []
    digest = run(7, 60, templates, lines.append)
    assert lines == [line for line in told.stdout.splitlines() if line in set(lines)]
    assert f"seed 7: {digest}" in told.stdout


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_a_deliberate_defect_is_found(name: str, templates: Templates) -> None:
    """A run that finds nothing proves something only if it finds what is there."""
    assert found_by(name, templates) is not None, f"{DEFECTS[name].promise}: {DEFECTS[name].what}"
