"""Ten seeds of the simulation in every suite, hours with `--simulation-minutes`; `python -m tests.simulation` prints the steps of one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.simulation.defects import DEFECTS, found_by
from tests.simulation.runs import run
from tests.simulation.templates import Templates
from tests.simulation.world import Likeness

STEPS = 150


def test_nothing_is_lost_doubled_or_seen_by_others(first_seed: int, seconds_of_a_part: float, templates: Templates) -> None:
    """Seed after seed until the part's time is spent; at least one."""
    seed, begun = first_seed, time.monotonic()
    while seed == first_seed or time.monotonic() - begun < seconds_of_a_part:
        try:
            run(seed, STEPS, templates)
        except BaseException as error:
            error.add_note(f"to repeat: python -m tests.simulation --seed {seed} --steps {STEPS} --loud")
            raise
        seed += 1
    print(f"{seed - first_seed} runs from seed {first_seed}")  # noqa: T201


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
