"""The order has no holes (S4, anchors finding 4): two writers and a reader on PostgreSQL, in every order of their steps."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import combinations, count
from pathlib import Path

import pytest
from sqlalchemy import event, text

from county_server.county import County
from county_server.judging import Device
from county_server.push import push
from jusuo_desktop.wire.messages import Change, PullRequest
from tests.county_server.counties import COUNTY_CODE, OFFICE, OTHER_OFFICE, change, enrolled, founded, send

STEPS = ("begin", "insert", "end")
ORDERS = sorted(combinations(range(2 * len(STEPS)), len(STEPS)))
"""The places that the first writer's three steps take among all six."""


class Writer:
    """One transaction, step by step on a connection and a thread of its own."""

    def __init__(self, county: County, device_id: str, what: Change, commits: bool) -> None:
        self._county, self._device, self._what, self._commits = county, Device(device_id, COUNTY_CODE), what, commits
        self._thread = ThreadPoolExecutor(1)
        self._stack = ExitStack()
        self.done: list[str] = []
        self.blocked = False
        self._last: Future[None] | None = None

    def step(self, other: Writer | None) -> None:
        """Takes the next step, and waits for it unless `other` (in the same feed) stands in its way."""
        name = STEPS[len(self.done)]
        self.blocked = self.blocked or (name == "insert" and other is not None and other.done[-1:] == ["insert"])
        self.done.append(name)
        self._last = self._thread.submit(getattr(self, f"_{name}"))
        if not self.blocked:
            self._last.result(30)
        if name == "end" and other is not None and not self.blocked:
            other.blocked = False

    def finish(self) -> None:
        if self._last is not None:
            self._last.result(30)
        self._thread.shutdown()

    def _begin(self) -> None:
        self._connection = self._stack.enter_context(self._county.database.engine.connect())
        self._transaction = self._connection.begin()

    def _insert(self) -> None:
        assert push(self._connection, self._device, [self._what], 1)[0][0].status == "accepted"

    def _end(self) -> None:
        self._transaction.commit() if self._commits else self._transaction.rollback()
        self._stack.close()


class Reader:
    """A device that pulls after every step and keeps its cursor."""

    def __init__(self, county: County) -> None:
        self._county = county
        self._device, _ = enrolled(county, COUNTY_CODE)
        self._cursor: dict[str, int] = {}
        self.read()
        self.seen: list[bytes] = []

    def read(self) -> None:
        from jusuo_desktop.wire.codec import decode, encode
        from jusuo_desktop.wire.messages import PullResponse

        answer = decode(encode(self._county.pull(self._device, PullRequest(self._county.epoch, self._cursor, 1 << 20))), PullResponse)
        self._cursor = answer.cursor
        self.seen = [*getattr(self, "seen", []), *(e.change_id for e in answer.entries)]


@pytest.fixture(scope="module")
def county(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    import psycopg
    from sqlalchemy import make_url

    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS s4 WITH (FORCE)")
        connection.execute("CREATE DATABASE s4")
    url = make_url(postgres_server).set(drivername="postgresql+psycopg", database="s4")
    folder: Path = tmp_path_factory.mktemp("county")
    with founded(folder, url.render_as_string(hide_password=False)) as made:
        yield made
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS s4 WITH (FORCE)")


@pytest.mark.parametrize("same_feed", [True, False], ids=["one feed", "two feeds"])
@pytest.mark.parametrize("commits", [(True, True), (False, True), (True, False)], ids=["both commit", "first rolls back", "second rolls back"])
def test_no_reader_ever_passes_over_a_change(county: County, same_feed: bool, commits: tuple[bool, bool]) -> None:
    device, _ = enrolled(county, COUNTY_CODE)
    for order in ORDERS:
        scopes = (OFFICE, OFFICE if same_feed else OTHER_OFFICE)
        changes = [change({"name": "某人"}, scope=scope) for scope in scopes]
        writers = [Writer(county, device, what, will) for what, will in zip(changes, commits, strict=True)]
        reader = Reader(county)
        for place in range(2 * len(STEPS)):
            mine, other = writers if place in order else reversed(writers)
            mine.step(other if same_feed else None)
            reader.read()
        for writer in writers:
            writer.finish()
        reader.read()
        assert sorted(reader.seen) == sorted(c.change_id for c, will in zip(changes, commits, strict=True) if will), order


class Gate:
    """Stops one writer before its n-th statement until it is let on."""

    def __init__(self, county: County, at: int) -> None:
        self._engine, self._at, self._count = county.database.engine, at, 0
        self.reached, self._go = threading.Event(), threading.Event()
        self._ident = 0
        event.listen(self._engine, "before_cursor_execute", self._statement)
        self.thread = ThreadPoolExecutor(1, initializer=self._here)

    def _here(self) -> None:
        self._ident = threading.get_ident()

    def _statement(self, *_: object) -> None:
        if threading.get_ident() == self._ident:
            self._count += 1
            if self._count == self._at:
                self.reached.set()
                assert self._go.wait(30)

    def open(self) -> None:
        self._go.set()

    def close(self) -> None:
        self.thread.shutdown()
        event.remove(self._engine, "before_cursor_execute", self._statement)


def _somebody_waits(county: County) -> bool:
    with county.database.engine.connect() as connection:
        return bool(connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one())


def test_a_writer_stopped_before_any_of_its_statements_hides_nothing(county: County) -> None:
    device, _ = enrolled(county, COUNTY_CODE)
    for at in count(1):
        changes = [change({"name": "某人"}), change({"name": "某人"})]
        reader, gate = Reader(county), Gate(county, at)
        slow = gate.thread.submit(send, county, device, changes[0])
        while not gate.reached.is_set() and not slow.done():
            gate.reached.wait(0.01)
        stopped = gate.reached.is_set()
        with ThreadPoolExecutor(1) as fast_thread:
            fast = fast_thread.submit(send, county, device, changes[1])
            while not fast.done() and not _somebody_waits(county):
                reader.read()
            reader.read()
            gate.open()
            assert [slow.result(30)[0].status, fast.result(30)[0].status] == ["accepted", "accepted"], at
        gate.close()
        reader.read()
        assert sorted(reader.seen) == sorted(c.change_id for c in changes), at
        if not stopped:
            assert at > 8, "a push takes more statements than that"
            return
