"""The county and this machine at work at the same time: one exchange on the line, in order, nothing lost when it stops halfway."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from county_server.county import County
from jusuo_desktop.store import Edit, Store
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.ahead import Ahead, AtOnce, Beside
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.patience import BatchSize, Patience
from jusuo_desktop.sync.progress import Progress, Reins, Stage
from jusuo_desktop.wire.messages import PullRequest, PullResponse, PushRequest, PushResponse
from tests.county_server.counties import founded
from tests.sync.direct import DirectTransport, joined
from tests.sync.offices import OFFICE, consult, new_store

T = TypeVar("T")
MANY = 60
FEW = BatchSize(changes=4, most_bytes=4 * 1024, ceiling_changes=4, ceiling_bytes=4 * 1024)
AT_ONCE = Patience(tries=3, first_pause=0.0, longest_pause=0.0)


class Narrow(DirectTransport):
    """A line for one exchange at a time, that counts them."""

    def __init__(self, county: County, device_id: str) -> None:
        super().__init__(county, device_id)
        self._line = threading.Lock()
        self.exchanges: list[str] = []
        self.threads: set[str] = set()
        self.broken = ""

    def push(self, request: PushRequest) -> PushResponse:
        return self._alone("push", lambda: super(Narrow, self).push(request))

    def pull(self, request: PullRequest) -> PullResponse:
        return self._alone("pull", lambda: super(Narrow, self).pull(request))

    def _alone(self, name: str, exchange: Callable[[], T]) -> T:
        assert self._line.acquire(blocking=False), "two exchanges on one line"
        try:
            self.exchanges.append(name)
            self.threads.add(threading.current_thread().name)
            if name == self.broken:
                raise failures.LineCut
            return exchange()
        finally:
            self._line.release()


@contextmanager
def offices(folder: Path) -> Iterator[tuple[County, Store, Store, Narrow, Narrow]]:
    """Two computers of one office, in step with the county."""
    with founded(folder / "county") as county:
        one, two = (new_store(folder / name, name) for name in ("王内勤", "李所长"))
        try:
            lines = [Narrow(county, joined(county, store, OFFICE)) for store in (one, two)]
            for store, line in [*zip((one, two), lines, strict=True)] * 2:
                sync_once(store, line)
                line.exchanges.clear()
            yield county, one, two, lines[0], lines[1]
        finally:
            one.close()
            two.close()


@pytest.mark.parametrize("ahead", [AtOnce, Beside])
def test_many_batches_and_pages_arrive_whole_with_one_exchange_at_a_time(tmp_path: Path, ahead: Callable[[], Ahead]) -> None:
    with offices(tmp_path) as (_, one, two, first, second):
        made = [consult(one, f"张{n}") for n in range(MANY)]
        sent = sync_once(one, first, size=FEW, ahead=ahead())
        got = sync_once(two, second, size=FEW, ahead=ahead())
        assert (sent.sent, got.received) == (MANY, MANY)
        assert sent.digest_equal is True
        assert got.digest_equal is True
        assert one.local_digest() == two.local_digest() == one.held_digest()
        assert all(two.record(identity) is not None for identity in made)
        assert first.exchanges.count("push") == MANY // 4
        assert second.exchanges.count("pull") > 2
        beside = {name for name in first.threads | second.threads if name.startswith("sync-ahead")}
        assert bool(beside) == (ahead is Beside)
        assert not any(thread.name.startswith("sync-ahead") for thread in threading.enumerate())


def test_the_answer_to_a_push_is_enough_where_nobody_else_wrote(tmp_path: Path) -> None:
    with offices(tmp_path) as (_, one, two, first, second):
        consult(one, "张三")
        first.broken = "pull"
        with pytest.raises(failures.LineCut):
            sync_once(one, first, patience=AT_ONCE)
        assert one.outbox_counts() == {}
        consult(two, "李四")
        consult(two, "王五")
        sync_once(two, second)
        consult(one, "赵六")
        with pytest.raises(failures.LineCut):
            sync_once(one, first, patience=AT_ONCE)
        assert one.outbox_counts() == {"sent": 1}, "between stands what another computer wrote: the feed says it"
        first.broken = ""
        assert sync_once(one, first).digest_equal is True
        assert one.outbox_counts() == {}
        assert sync_once(two, second).digest_equal is True
        assert one.local_digest() == two.local_digest()


@pytest.mark.parametrize("ahead", [AtOnce, Beside])
def test_what_follows_on_a_record_that_was_refused_does_not_overtake_the_answer(tmp_path: Path, ahead: Callable[[], Ahead]) -> None:
    with offices(tmp_path) as (_, one, _two, first, _):
        for n in range(6):
            consult(one, f"张{n}")
        (foreign,) = one.write([Edit("consultation", {"consultation_content": "别所的"}, scope="990101009")], act="save")
        one.write([Edit("consultation", {"reply_opinion": "后来改的"}, foreign.id)], act="save")
        consult(one, "李四")
        report = sync_once(one, first, size=BatchSize(changes=1, ceiling_changes=1), ahead=ahead())
        assert report.refused == 1
        assert one.outbox_counts() == {"refused": 1, "held": 1}
        assert report.sent == 7
        assert first.exchanges.count("push") == 8, "the later change of the refused record never went"


@pytest.mark.parametrize("ahead", [AtOnce, Beside])
def test_stopped_between_two_batches_what_was_answered_counts_and_the_rest_goes_next_time(tmp_path: Path, ahead: Callable[[], Ahead]) -> None:
    with offices(tmp_path) as (_, one, two, first, second):
        for n in range(MANY):
            consult(one, f"张{n}")
        reins = Reins()

        def stop(told: Progress) -> None:
            if told.stage is Stage.SENDING and told.done >= 8:
                reins.stopped.set()

        reins.tell = stop
        with pytest.raises(failures.Cancelled):
            sync_once(one, first, size=FEW, reins=reins, ahead=ahead())
        assert not any(thread.name.startswith("sync-ahead") for thread in threading.enumerate())
        left = one.outbox_counts()["waiting"]
        assert left == MANY - 4 * first.exchanges.count("push"), "every batch that went was settled"
        assert 0 < left < MANY - 8
        rest = sync_once(one, first, size=FEW, ahead=ahead())
        assert (rest.sent, rest.digest_equal) == (left, True)
        reins = Reins()
        reins.tell = lambda told: reins.stopped.set() if told.stage is Stage.RECEIVING and told.done else None
        with pytest.raises(failures.Cancelled):
            sync_once(two, second, size=FEW, reins=reins, ahead=ahead())
        assert sync_once(two, second, size=FEW, ahead=ahead()).digest_equal is True
        assert one.local_digest() == two.local_digest()
