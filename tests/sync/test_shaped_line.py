"""Over a real bad line: packets are lost, the line is cut in the middle and forgets who was connected; the sync goes on where it was.

Two network namespaces with real TCP between them (tests/shaped_line.py); the line is faster than a township's, the share of losses is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import pytest

from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.session import Session
from jusuo_desktop.store import Edit
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.contents import FIRST_PIECE, ContentRun, missing
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.http_transport import HttpTransport
from jusuo_desktop.sync.patience import BatchSize, Patience
from jusuo_desktop.sync.progress import Progress, Reins, Stage, SyncReport
from tests.running_county import RunningCounty, running_county
from tests.shaped_line import DOWN, OPEN, UP, Shape, ShapedLine, shaped_line, why_not
from tests.sync.offices import OFFICE, new_session
from tests.sync.test_contents import attached, noise

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())

T = TypeVar("T")
FAST = Shape(bits=2_000_000, round_trip=0.04, loss=0.05)
SECONDS = 3.0
"""The time-out of an exchange on this line, in place of the 25 s that a township's needs."""
CUT = 1.5
RECORDS = 150
BATCH = 30
HEADS = 8_000
"""Bytes of a handshake, of sign-ins and of the heads of a few exchanges more."""
AGAIN = Patience(tries=6, first_pause=0.1, longest_pause=0.3)


@pytest.fixture(scope="module")
def line() -> Iterator[ShapedLine]:
    with shaped_line(OPEN, seed=11) as made:
        yield made


@pytest.fixture(scope="module")
def county(line: ShapedLine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    with ExitStack() as stack:
        with line.far():
            made = stack.enter_context(running_county(tmp_path_factory.mktemp("county"), host=line.host))
        yield made
        made.kill()  # it would wait for connections that a cut has left behind


@pytest.fixture
def desks(line: ShapedLine, county: RunningCounty, tmp_path: Path) -> Iterator[list[Session]]:
    """The office's two computers; everything of before is on both."""
    line.shape = OPEN
    made = [new_session(tmp_path / name, name) for name in ("王内勤", "李所长")]
    with line.near():
        for session in made:
            enroll(session, county.url, county.enroll(OFFICE))
            synced(session)
    yield made
    for session in made:
        session.store.close()


def synced(session: Session, told: list[Progress] | None = None) -> SyncReport:
    """Syncs in batches of one size, so that what goes twice can be reckoned."""
    heard = told if told is not None else []
    size = BatchSize(BATCH, 16 * 1024, ceiling_changes=BATCH, ceiling_bytes=16 * 1024)
    return reached(session, lambda road: sync_once(session.store, road, reins=Reins(heard.append), patience=AGAIN, size=size))


def reached(session: Session, work: Callable[[HttpTransport], T]) -> T:
    """The work over the line; where even the connection's three first packets were lost, again, as the window's timer does."""
    assert session.store.enrolment is not None
    for left in reversed(range(4)):
        transport = HttpTransport(session.store.enrolment, session.store.folder, allowed=lambda size: SECONDS)
        try:
            return work(transport)
        except failures.Unreachable:
            if not left:
                raise
        finally:
            transport.close()
    raise AssertionError("the last try returns or raises")


def written(session: Session, seed: str) -> None:
    edits = [Edit("consultation", {"name": f"{seed}{i}", "consultation_content": noise(150, hash_of(seed, i)).hex()}) for i in range(RECORDS)]
    session.store.write(edits, act="import")


def hash_of(seed: str, number: int) -> int:
    return sum(map(ord, seed)) * 1_000 + number


def test_cut_in_the_middle_of_a_push_and_of_a_pull(line: ShapedLine, desks: list[Session]) -> None:
    writer, reader = desks
    with line.near():
        written(writer, "before")
        line.count_anew()
        synced(writer)
        up = line.counted.new[UP]
        line.count_anew()
        synced(reader)
        down = line.counted.new[DOWN]

        written(writer, "during")
        line.shape = FAST
        told: list[Progress] = []
        cut = line.cut(UP, up // 2, CUT)
        report = synced(writer, told)
        assert (report.sent, report.digest_equal) == (RECORDS, True)
        assert cut.ended is not None
        assert any(p.stage is Stage.WAITING and p.said for p in told)
        assert [p.done for p in told if p.stage is Stage.SENDING] == sorted(p.done for p in told if p.stage is Stage.SENDING)
        assert line.counted.new[UP] < up + 2 * up * BATCH // RECORDS + HEADS  # one batch went twice; another one may have been slow

        cut = line.cut(DOWN, down // 2, CUT)
        assert synced(reader).digest_equal
        assert cut.ended is not None
        assert line.counted.new[DOWN] < down + 4 * 16 * 1024 + HEADS  # one page
    assert reader.store.local_digest() == writer.store.local_digest()


def test_a_scan_follows_the_records_and_goes_on_after_a_cut(line: ShapedLine, desks: list[Session]) -> None:
    writer, reader = desks
    data = noise(200_000)
    name = attached(writer.store, data)
    with line.near():
        line.shape = FAST
        assert synced(writer).digest_equal
        assert synced(reader).digest_equal
        cut = line.cut(UP, len(data) // 2, CUT)
        reached(writer, lambda road: ContentRun(writer.store, road, patience=AGAIN).send())
        assert cut.ended is not None
        assert line.counted.new[UP] < len(data) + 2 * FIRST_PIECE + HEADS
        line.shape = OPEN
        reached(reader, lambda road: ContentRun(reader.store, road, patience=AGAIN).fetch(missing(reader.store)))
    assert reader.store.content(name) == data
