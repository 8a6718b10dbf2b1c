"""When the window syncs by itself: soon after work, seldom in peace, ever more seldom while the line is down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.store import DiskTrouble
from jusuo_desktop.sync import failures, rhythm
from jusuo_desktop.sync.rhythm import Outcome, Rhythm, pause


@pytest.mark.parametrize(
    ("refused", "outcome"),
    [
        (None, Outcome.DONE),
        (failures.NoNetwork(), Outcome.FAILED),
        (failures.ServerBroken(500), Outcome.FAILED),
        (failures.Revoked(), Outcome.STOPPED),
        (failures.WrongRoot("x"), Outcome.STOPPED),
        (failures.Cancelled(), Outcome.CANCELLED),
        (failures.NotEnrolled(), Outcome.NOT_ENROLLED),
        (DiskTrouble("磁盘已满。"), Outcome.FAILED),
    ],
)
def test_every_ending_has_its_outcome(refused: BaseException | None, outcome: Outcome) -> None:
    assert Outcome.of(refused) is outcome


def test_work_goes_out_soon_and_peace_is_kept() -> None:
    beat = Rhythm(100.0, jitter=lambda: 0.5)
    assert not beat.due(100.0, 3)
    assert beat.due(100.0 + rhythm.AT_FIRST, 0)
    beat.began()
    assert not beat.due(1e9, 3)
    beat.ended(Outcome.DONE, 200.0)
    assert not beat.due(200.0 + rhythm.AFTER_CHANGES, 0)
    assert beat.due(200.0 + rhythm.AFTER_CHANGES, 1)
    assert beat.due(200.0 + rhythm.WITHOUT_CHANGES, 0)


def test_a_good_sync_ends_the_back_off() -> None:
    beat = Rhythm(0.0, jitter=lambda: 0.5)
    for _ in range(4):
        beat.ended(Outcome.FAILED, 0.0)
    assert beat.next_at(5) == 8 * rhythm.FIRST_PAUSE
    beat.ended(Outcome.DONE, 0.0)
    beat.ended(Outcome.FAILED, 0.0)
    assert beat.next_at(5) == rhythm.FIRST_PAUSE


def test_a_store_without_identity_is_never_tried() -> None:
    beat = Rhythm(0.0)
    beat.ended(Outcome.NOT_ENROLLED, 0.0)
    assert beat.next_at(9) is None
    assert not beat.due(1e12, 9)


@given(st.integers(1, 10_000), st.integers(0, 10_000), st.floats(0, 1))
def test_the_pause_grows_and_stays_bounded(failed: int, waiting: int, jitter: float) -> None:
    now, later = pause(Outcome.FAILED, failed, waiting, jitter), pause(Outcome.FAILED, failed + 1, waiting, jitter)
    assert now is not None
    assert later is not None
    assert 0.75 * rhythm.FIRST_PAUSE <= now <= later <= 1.25 * rhythm.LONGEST_PAUSE


@given(st.sampled_from(Outcome), st.integers(0, 100), st.floats(0, 1))
def test_what_waits_never_makes_the_next_sync_later(outcome: Outcome, failed: int, jitter: float) -> None:
    idle, busy = pause(outcome, failed, 0, jitter), pause(outcome, failed, 7, jitter)
    assert (idle is None) == (busy is None)
    assert idle is None or busy is None or busy <= idle
