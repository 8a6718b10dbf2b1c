"""One sync: send what waits, fetch what is new, compare, and repair if the two sides differ.

Crash-safe by construction: an acknowledgement or a cursor moves in the same local transaction as the data it speaks
of (the store does that), and every exchange may be repeated. Killed at any moment, the next sync goes on from there.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import TypeVar

import msgspec

from jusuo_desktop.records.identity import new_id, packed, unpacked
from jusuo_desktop.store import Store, UnknownOwnChange
from jusuo_desktop.store.reach import belongs
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.ahead import Ahead, AtOnce
from jusuo_desktop.sync.failures import Transient
from jusuo_desktop.sync.patience import BatchSize, Patience
from jusuo_desktop.sync.progress import Progress, Reins, Stage, SyncReport
from jusuo_desktop.sync.transport import Transport
from jusuo_desktop.wire.columns import push_request
from jusuo_desktop.wire.messages import Change, DigestResponse, Place, PullRequest, PullResponse, PushRequest, PushResponse, Result

T = TypeVar("T")

SET_ASIDE_IN_A_ROW = 3
"""So many single changes refused as unreadable, one after the other, mean that the two sides do not understand each other."""

REPAIRED_AT = "sync_repaired_at"
"""Setting: when the county's state was last built again from nothing, seconds since 1970."""
REPAIR_AGAIN = 24 * 3600.0
"""A repair reads everything again; if it did not help, trying every five minutes would only fill the line."""


@contextmanager
def without_rounds() -> Iterator[None]:
    """A batch makes a hundred thousand objects and not one cycle: the garbage collector's rounds over them took a fifth of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def sync_once(
    store: Store,
    transport: Transport,
    *,
    reins: Reins | None = None,
    patience: Patience | None = None,
    size: BatchSize | None = None,
    seconds: Callable[[], float] = time.monotonic,
    wall: Callable[[], float] = time.time,
    ahead: Ahead | None = None,
) -> SyncReport:
    """Syncs `store` over `transport` and reports. `seconds` measures the line, `wall` (s since 1970) only the clock's offset;
    `ahead` lets the county and this machine work at the same time (AtOnce: they take turns).

    Raises:
        NotEnrolled: no identity yet.
        Fatal: revoked, wrong root, restored server, ...: stop and say so.
        Transient: the line stayed bad after all tries; what was acknowledged before stays so.
        Cancelled: the clerk stopped it.
    """
    beside = ahead or AtOnce()
    try:
        return _Run(store, transport, reins or Reins(), patience or Patience(), size or BatchSize(), seconds, wall, beside).whole()
    finally:
        beside.close()  # whoever closes the line does not do so under an exchange


@dataclass(frozen=True, slots=True)
class _Batch:
    """Changes ready to be sent."""

    changes: Sequence[Change]
    send: Callable[[], PushResponse]


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """Changes on their way; `answer` waits for what the county says and tells how many seconds it took."""

    changes: Sequence[Change]
    answer: Callable[[], tuple[PushResponse, float]]


class _Run:
    """The state of one sync."""

    def __init__(
        self,
        store: Store,
        transport: Transport,
        reins: Reins,
        patience: Patience,
        size: BatchSize,
        seconds: Callable[[], float],
        wall: Callable[[], float],
        ahead: Ahead,
    ) -> None:
        enrolment = store.enrolment
        if enrolment is None:
            raise failures.NotEnrolled
        self._epoch = enrolment.epoch
        self._store, self._transport, self._reins, self._patience = store, transport, reins, patience
        self._up, self._down = size, size  # a first page of four times as much took a bad line half a minute, and all of it again after a cut
        self._seconds, self._wall = seconds, wall
        self._ahead = ahead
        self._batch_ahead: _UnderWay | None = None
        self._page_ahead: tuple[dict[str, int], Callable[[], tuple[PullResponse, float]]] | None = None
        self._line_known = False
        self._unreadable = 0
        self._echo = False
        self._told: DigestResponse | None = None
        self.report = SyncReport()

    def whole(self) -> SyncReport:
        if self._store.reading_anew():
            self._read_anew(Stage.RECEIVING)
        self._push()
        self._pull(Stage.RECEIVING)
        if self.report.held and self.report.sent:
            self._push()  # what had to wait for a record of somebody else may go now
            self._pull(Stage.RECEIVING)
        if self._store.make_anew():
            self._push()
            self._pull(Stage.RECEIVING)
        self._compare()
        return self.report

    # sending

    def _push(self) -> None:
        self._store.resend()  # what was sent but never came back in the feed, and what was held: the server knows each by its id
        total, done = self._store.outbox_counts().get("waiting", 0), 0
        self.report.held = 0
        while True:
            if self._batch_ahead is None:  # what is on its way is settled first
                self._check_stop()
            self._reins.tell(Progress(Stage.SENDING, done, max(total, done)))
            sent = self._tried(partial(self._one_batch, total - done))
            if not sent:
                return
            done += sent

    def _one_batch(self, left: int) -> int:
        """Settles the batch under way, or cuts and sends one first; while the county judges it, the one behind it is made ready, and goes on its
        way before this one is settled. A repeated try cuts anew: smaller. The next is sent only after a whole answer, so that they arrive in order.
        """
        batch = self._batch_ahead or self._sent(self._cut(self._up))
        self._batch_ahead = None
        if batch is None:
            return 0
        hoped = self._up if self._line_known else self._up.after(0.0)  # a line that turns out slower has time for a second cut
        following = self._cut(hoped, batch.changes)
        try:
            response, took = batch.answer()
            self._check(response, batch.changes)
        except (failures.TooLarge, failures.Rejected) as failure:
            self._divide(batch.changes, failure)
            return len(batch.changes)
        self._line_known = True
        if len(batch.changes) < left or took > self._up.target:  # the last, small one says nothing about the line
            self._up = self._up.after(took)
        if following is not None and not self._reins.stopped.is_set():
            self._batch_ahead = self._sent(following if hoped <= self._up else self._cut(self._up, batch.changes))
        self._settle(batch.changes, response.results, response.place)
        return len(batch.changes)

    def _cut(self, size: BatchSize, before: Sequence[Change] = ()) -> _Batch | None:
        """The next batch, ready to be sent; behind those of a batch that has no answer yet, nothing of whose records
        goes along: if the county refuses what made a record, the rest of it must wait.
        """
        with without_rounds():
            changes = self._store.waiting(size.changes, size.most_bytes, unpacked(before[-1].change_id) if before else "")
            if before:
                unanswered = {change.record_id for change in before}
                changes = list(takewhile(lambda change: change.record_id not in unanswered, changes))
            return _Batch(changes, self._transport.prepared(self._request(changes))) if changes else None

    def _sent(self, batch: _Batch | None) -> _UnderWay | None:
        return _UnderWay(batch.changes, self._ahead.start(partial(self._timed, batch.send))) if batch is not None else None

    def _request(self, changes: Sequence[Change]) -> PushRequest:
        return push_request(packed(new_id()), self._epoch, changes, self._store.feed_cursor(), self._store.feed_marks(), self._store.scope)

    def _send(self, changes: Sequence[Change]) -> None:
        """Sends one batch and settles it."""
        try:
            response = self._transport.push(self._request(changes))
            self._check(response, changes)
        except (failures.TooLarge, failures.Rejected) as failure:
            self._divide(changes, failure)
        else:
            self._settle(changes, response.results, response.place)

    def _divide(self, changes: Sequence[Change], failure: failures.TooLarge | failures.Rejected) -> None:
        """A batch that cannot be taken as a whole is cut until the culprit stands alone."""
        if len(changes) > 1:
            middle = len(changes) // 2
            self._send(changes[:middle])
            self._send(changes[middle:])
            return
        if isinstance(failure, failures.Rejected):
            self._unreadable += 1
            if self._unreadable >= SET_ASIDE_IN_A_ROW:
                raise failure
        self._settle(changes, [Result("rejected", message=failure.message)])

    def _check(self, response: PushResponse, changes: Sequence[Change]) -> None:
        if response.epoch != self._epoch:
            raise failures.EpochChanged
        if len(response.results) != len(changes):
            raise failures.Garbled
        self._note_clock(response.server_time)
        self._unreadable = 0

    def _settle(self, changes: Sequence[Change], results: Sequence[Result], place: Place | None = None) -> None:
        with without_rounds():
            self._store.settle(changes, results, place)
        for change, result in zip(changes, results, strict=True):
            match result.status:
                case "accepted" | "duplicate":
                    self.report.sent += 1
                case "conflict":
                    self.report.sent += 1
                    self.report.conflicts += len(result.fields)
                case "held":
                    self.report.held += 1
                case _:
                    self.report.refused += 1
                    name = self._store.name_of(unpacked(change.record_id))
                    self.report.refusals.append(f"“{name}”没有被接收：{result.message}")

    # receiving

    def _pull(self, stage: Stage) -> None:
        while True:
            self._check_stop()
            self._reins.tell(Progress(stage, self.report.received))
            page = self._tried(self._one_page)
            if not page.more:
                self._told = DigestResponse(page.digest, page.count, page.cursor) if page.count >= 0 else None
                return

    def _read_anew(self, stage: Stage) -> int:
        """Hears the county from the beginning before anything is sent; returns for how many records it is told again what it has lost."""
        self._echo = True  # the queue no longer holds what was confirmed long ago
        self._pull(stage)
        return self._store.restate()

    def _one_page(self) -> PullResponse:
        """Fetches a page and takes it in; while this machine works on it, the county makes the one behind it ready."""
        cursor, marks = self._store.feed_cursor(), self._store.feed_marks()
        page, took = self._come(cursor) or self._timed(self._fetch(cursor, marks, self._echo))
        self._believe(page, cursor)
        if page.scope not in ("", self._store.scope):
            self._give_first()
            self._store.rescope(page.scope, page.scope_number)  # this page was read for it from a cursor that counts no more
            return msgspec.structs.replace(page, more=True)
        self._store.note_scope_number(page.scope_number)
        if page.more or took > self._down.target:
            self._down = self._down.after(took)
        if any(not belongs(e.kind, e.scope, self._store.scope) for e in page.entries):
            self._give_first()
        elif page.more and not self._reins.stopped.is_set():
            after = {**cursor, **page.cursor}
            known = {feed: mark for feed, mark in marks.items() if after.get(feed) == cursor.get(feed)} | page.marks
            self._page_ahead = after, self._ahead.start(partial(self._timed, self._fetch(after, known, self._echo)))
        try:
            with without_rounds():
                self._store.apply(page.entries, page.cursor, page.marks)
        except UnknownOwnChange:
            self._come({})
            page, _ = self._timed(self._fetch(cursor, marks, echo_own=True))  # made here, but before this store was restored or rebuilt
            self._believe(page, cursor)
            self._store.apply(page.entries, page.cursor, page.marks)
        self.report.received += sum(1 for e in page.entries if e.fields is not None)
        return page

    def _come(self, cursor: dict[str, int]) -> tuple[PullResponse, float] | None:
        """The page that was asked for ahead, if it is the one behind `cursor`; waits for it in any case."""
        if self._page_ahead is None:
            return None
        (asked, answer), self._page_ahead = self._page_ahead, None
        if asked == cursor:
            return answer()
        with suppress(failures.SyncFailure):
            answer()
        return None

    def _give_first(self) -> None:
        """Something leaves this device's scope with the page in hand: what was typed since the last batch goes before it is heard."""
        while changes := self._store.waiting(self._up.changes, self._up.most_bytes):
            self._send(changes)

    def _fetch(self, cursor: dict[str, int], marks: dict[str, bytes], echo_own: bool) -> Callable[[], PullResponse]:
        return partial(self._transport.pull, PullRequest(self._epoch, cursor, self._down.most_bytes, echo_own, marks))

    def _believe(self, page: PullResponse, cursor: dict[str, int]) -> None:
        if page.epoch != self._epoch:
            raise failures.EpochChanged
        if any(page.cursor.get(feed, seq) < seq for feed, seq in cursor.items()):
            raise failures.WentBackward
        if page.more and page.cursor == cursor:
            raise failures.Garbled
        self._note_clock(page.server_time)

    # comparing

    def _compare(self) -> None:
        self._reins.tell(Progress(Stage.CHECKING))
        equal = self._equal()
        if equal is False and self._wall() - float(self._store.get(REPAIRED_AT, 0.0)) > REPAIR_AGAIN:
            self._reins.tell(Progress(Stage.REPAIRING))
            self._store.set(REPAIRED_AT, self._wall())
            self._store.start_over()
            if self._read_anew(Stage.REPAIRING):
                self._push()
                self._pull(Stage.REPAIRING)
            self.report.repaired = True
            equal = self._equal()
        self.report.digest_equal = equal

    def _equal(self) -> bool | None:
        """Whether both sides hold the same records; None while others keep writing faster than we read."""
        for _ in range(5):
            self._check_stop()
            if self._told is not None and self._same(self._told):
                return True
            theirs = self._tried(lambda: self._transport.digest(self._epoch))
            if theirs.cursor == self._store.feed_cursor():
                return self._same(theirs)
            self._pull(Stage.RECEIVING)
        return None

    def _same(self, theirs: DigestResponse) -> bool:
        """Whether this store holds what the county told, at the place at which it told it."""
        digest, count = self._store.held_digest()
        self.report.digest, self.report.records = digest.hex(), count
        return (digest, count, self._store.feed_cursor()) == (theirs.digest, theirs.count, theirs.cursor)

    # both

    def _timed(self, exchange: Callable[[], T]) -> tuple[T, float]:
        """What an exchange brings, and how many seconds it took."""
        began = self._seconds()
        with without_rounds():
            brought = exchange()
        return brought, self._seconds() - began

    def _tried(self, work: Callable[[], T]) -> T:
        return self._patience.attempt(work, stopped=self._reins.stopped, on_failure=self._slower)

    def _slower(self, failure: Transient) -> None:
        self._up, self._down = self._up.halved(), self._down.halved()
        self._reins.tell(Progress(Stage.WAITING, said=failure.message))

    def _check_stop(self) -> None:
        if self._reins.stopped.is_set():
            raise failures.Cancelled

    def _note_clock(self, server_time: int) -> None:
        self.report.clock_offset_ms = int(self._wall() * 1000) - server_time
