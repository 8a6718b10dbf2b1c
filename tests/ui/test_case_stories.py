"""The ten case stories by the keyboard alone, in the real window: from the first complaint to the bound volume.

Two of them in every run; all ten with --long.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.sample_office import SAMPLE_PASSPHRASE, make_sample_office
from jusuo_desktop.actions.unlock import unlock
from jusuo_desktop.sample.cases import Story, stories
from tests.ui.case_story_hands import Carrier, Wall
from tests.ui.window_hands import window_entered

USUAL = ("c01_boundary_wall", "c09_noise")
"""The shortest whole life, and one with everything that most cases have."""
LATE = datetime(2026, 11, 20, 9, 0)


@pytest.fixture(scope="module")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "store"
    make_sample_office(folder, mediations=3, clock=lambda: datetime(2026, 1, 5, 9, 0)).store.close()
    return folder


@pytest.fixture
def own_folder(sample_folder: Path, tmp_path: Path) -> Path:
    shutil.copytree(sample_folder, tmp_path / "store")
    return tmp_path / "store"


def _marked(story: Story) -> object:
    marks = () if story.name in USUAL else (pytest.mark.long,)
    return pytest.param(story, id=story.name, marks=marks)


@pytest.mark.parametrize("story", [_marked(s) for s in stories()])
def test_a_clerk_carries_the_case_by_keys_from_the_complaint_to_the_volume(qtbot: QtBot, own_folder: Path, tmp_path: Path, story: Story) -> None:
    wall = Wall(story.acts[0].at)
    session = unlock(own_folder, "武翠银", SAMPLE_PASSPHRASE, wall)
    with window_entered(qtbot, session, tmp_path) as workspace:
        carrier = Carrier(qtbot, workspace, story, wall, tmp_path / "paper")
        carrier.carry()
        carrier.check()
