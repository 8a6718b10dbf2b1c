"""Change order under load (S1, S2, S4): three worker processes on PostgreSQL, many pushers in one feed and several, pullers all the time."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec
import pytest

from jusuo_desktop.wire.messages import Change
from jusuo_desktop.wire.scope import within
from tests.county_server.counties import COUNTY_CODE, OFFICE, OTHER_OFFICE, VILLAGE, change
from tests.county_server.speakers import Holding, Speaker
from tests.running_county import RunningCounty, running_county

WORKERS = 3
PUSHERS = (OFFICE, OFFICE, OFFICE, VILLAGE, OTHER_OFFICE, COUNTY_CODE)
PULLERS = (OFFICE, VILLAGE, OTHER_OFFICE, COUNTY_CODE)
SCOPES = {OFFICE: (OFFICE, VILLAGE), VILLAGE: (VILLAGE,), OTHER_OFFICE: (OTHER_OFFICE,), COUNTY_CODE: (COUNTY_CODE, OFFICE, OTHER_OFFICE)}


@pytest.fixture
def county(postgres_url: str, tmp_path: Path) -> Iterator[RunningCounty]:
    with running_county(tmp_path / "county", tls=False, database_url=postgres_url, workers=WORKERS, quiet=True) as made:
        yield made


class Pusher:
    """Makes records, changes those that others made, now and then sends a batch again; keeps what was accepted."""

    def __init__(self, county: RunningCounty, scope: str, seed: int, shared: list[Change]) -> None:
        self.speaker = Speaker(county.url, county.enroll(scope))
        self._chance, self._shared, self._scope = random.Random(seed), shared, scope
        self.accepted: set[bytes] = set()
        self.sent = 0

    def run(self, batches: int, until: float) -> None:
        """Sends that many batches, and more until that time."""
        with closing(self.speaker):
            self.speaker.sign_in()
            while self.sent < batches or time.monotonic() < until:
                self._send(self._batch(self.sent))
                self.sent += 1

    def _batch(self, number: int) -> list[Change]:
        made = [change({"name": f"{self.speaker.id}-{number}-{n}"}, scope=self._chance.choice(SCOPES[self._scope])) for n in range(5)]
        made = [msgspec.structs.replace(c, change_id=c.record_id) if self._chance.random() < 0.7 else c for c in made]
        others = [c for c in self._chance.sample(self._shared, min(2, len(self._shared))) if within(c.scope, self._scope)]
        edits = [change({"remarks": f"{self.speaker.id} {number}"}, record_id=c.record_id, base_version=1) for c in others]
        self._shared.append(self._chance.choice(made))
        return [*edits, *made]

    def _send(self, batch: list[Change]) -> None:
        for _ in range(1 + (self._chance.random() < 0.2)):
            for sent, result in zip(batch, self.speaker.push(batch), strict=True):
                assert result.status in ("accepted", "conflict", "duplicate", "held"), result  # held: its record is not there yet
                if result.status != "held":
                    self.accepted.add(sent.change_id)


class Puller:
    """Pulls without a pause and compares digests at cursors that the county names."""

    def __init__(self, county: RunningCounty, scope: str) -> None:
        self.speaker = Speaker(county.url, county.enroll(scope))
        self.holding = Holding()
        self.compared = 0

    def run(self, over: threading.Event) -> None:
        """Reads until it is over, and then to the end."""
        with closing(self.speaker):
            self.speaker.sign_in()
            last = False
            while not last:
                last = over.is_set()
                self._compare()

    def _compare(self) -> None:
        told = self.speaker.digest()
        later = []
        cursor = dict(self.holding.cursor)
        more = True
        while more:
            page = self.speaker.pull(cursor)
            for entry in page.entries:
                if entry.seq <= told.cursor.get(entry.feed, 0):
                    self._take(entry)
                else:
                    later.append(entry)
            cursor, more = page.cursor, page.more
        assert self.holding.digest == (told.digest, told.count)
        self.compared += 1
        for entry in later:
            self._take(entry)
        self.holding.cursor = cursor

    def _take(self, entry: msgspec.Struct) -> None:
        self.holding.take(entry, whole_feed=within(entry.feed, self.speaker.scope))  # type: ignore[arg-type,attr-defined]


def _loaded(county: RunningCounty, batches: int, seconds: float = 0) -> None:
    shared: list[Change] = []
    over = threading.Event()
    pushers = [Pusher(county, scope, seed, shared) for seed, scope in enumerate(PUSHERS)]
    pullers = [Puller(county, scope) for scope in PULLERS]
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(len(pushers) + len(pullers)))
        stack.callback(over.set)
        reading = [pool.submit(one.run, over) for one in pullers]
        writing = [pool.submit(one.run, batches, time.monotonic() + seconds) for one in pushers]
        for one in writing:
            one.result(600)
        over.set()
        for one in reading:
            one.result(600)
    whole = pullers[-1].holding
    accepted = set[bytes]().union(*(one.accepted for one in pushers))
    made_by_county = {i for i in whole.changes if i not in accepted}
    assert accepted <= whole.changes
    assert len(accepted) > 4 * sum(one.sent for one in pushers)
    conflicts = sum(1 for _, values in whole.records.values() if "other_value" in values)
    assert len(made_by_county) == conflicts > 0, "nothing in the feeds but what was sent and the conflicts about it"
    assert all(one.compared > 3 for one in pullers)
    offices = [one.holding for one in pullers if one.speaker.scope in (OFFICE, OTHER_OFFICE)]
    assert all(whole.records[i] == record for holding in offices for i, record in holding.records.items())


def test_no_place_is_passed_over_or_told_twice_under_load(county: RunningCounty) -> None:
    _loaded(county, 25)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_same_for_minutes(county: RunningCounty) -> None:
    _loaded(county, 25, seconds=120)
