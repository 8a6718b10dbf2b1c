"""Attachments' bytes on the road, after the records: by name, in pieces, resumed where they stopped, verified on both sides (S9)."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol, TypeVar

from jusuo_desktop.store import Store
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.failures import Transient
from jusuo_desktop.sync.patience import Patience
from jusuo_desktop.sync.progress import Progress, Reins, Stage
from jusuo_desktop.wire.limits import MOST_CONTENTS, MOST_PIECE
from jusuo_desktop.wire.messages import ContentGetResponse, ContentPutResponse, ContentStateResponse

T = TypeVar("T")
LEAST_PIECE: Final = 16 * 1024
FIRST_PIECE: Final = 64 * 1024
"""Before the line has been measured: what 64 kbit/s with losses carry well within the time-out of its size."""
MOST_ANEW: Final = 5
"""So often may one content have to go on from an earlier place: somebody else sends it, too, or sent it wrong."""
TARGET: Final = 4.0
"""Seconds that a piece should take: what a cut line costs at most."""


class ContentRoad(Protocol):
    """What the engine asks of a road to the county for contents; the HTTP transport is one."""

    def content_state(self, contents: list[bytes]) -> ContentStateResponse:
        """How much of some contents the county holds."""

    def content_put(self, sha256: bytes, size: int, at: int, data: bytes) -> ContentPutResponse:
        """Sends a piece."""

    def content_get(self, sha256: bytes, at: int, most: int) -> ContentGetResponse:
        """Fetches a piece."""


@dataclass(slots=True)
class ContentReport:
    """What became of the contents; `refusals` are sentences about single ones, the others went on."""

    sent: int = 0
    fetched: int = 0
    bytes_sent: int = 0
    bytes_fetched: int = 0
    refusals: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """What is said of them behind the report of the records; '' when nothing was to do."""
        parts = [f"{said} {count} 份" for said, count in (("附件上传", self.sent), ("取回", self.fetched)) if count]
        return "，".join(parts) + ("。" if parts else "") + "".join(dict.fromkeys(self.refusals))


class ContentRun:
    """Sends and fetches contents; the size of a piece follows the line."""

    def __init__(
        self,
        store: Store,
        road: ContentRoad,
        *,
        reins: Reins | None = None,
        patience: Patience | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._road = store, road
        self._reins, self._patience, self._seconds = reins or Reins(), patience or Patience(), seconds
        self._piece = FIRST_PIECE
        self.report = ContentReport()

    def send(self) -> None:
        """Sends every content that is here and that the county does not hold yet; one that cannot be read does not stop the others.

        Raises:
            SyncFailure: the line; what was taken in stays taken in.
        """
        known = self._store.contents_sent()
        wanted = [(sha256, size) for sha256, size in self._store.contents_named() if sha256 not in known and self._store.has_content(sha256)]
        for start in range(0, len(wanted), MOST_CONTENTS):
            some = wanted[start : start + MOST_CONTENTS]
            state = self._tried(partial(self._road.content_state, [bytes.fromhex(sha256) for sha256, _ in some]))
            if len(state.received) != len(some) or len(state.complete) != len(some):
                raise failures.Garbled
            for place, ((sha256, _), received, complete) in enumerate(zip(some, state.received, state.complete, strict=True), start):
                self._reins.tell(Progress(Stage.CONTENTS, place, len(wanted)))
                if complete:
                    self._store.note_content_sent(sha256)
                elif received >= 0:
                    self._send_one(sha256, received)

    def _send_one(self, sha256: str, received: int) -> None:
        try:
            data = self._store.content(sha256)
        except Refused as damaged:
            self.report.refusals.append(damaged.message)
            return
        if data is None:
            return
        at, begun_anew = received, 0
        while True:
            self._check_stop()
            at = 0 if at >= len(data) else at
            piece = data[at : at + self._piece]
            began = self._seconds()
            try:
                answer = self._tried(partial(self._road.content_put, bytes.fromhex(sha256), len(data), at, piece))
            except failures.WrongContent:  # what somebody else sent of it before was wrong, and is forgotten now
                answer = ContentPutResponse(0, False)
            self._measured(self._seconds() - began, len(piece))
            self.report.bytes_sent += len(piece)
            if answer.complete:
                self._store.note_content_sent(sha256)
                self.report.sent += 1
                return
            begun_anew += answer.received <= at
            if not 0 <= answer.received < len(data) or begun_anew > MOST_ANEW:
                raise failures.Garbled
            at = answer.received

    def fetch(self, contents: Iterable[tuple[str, int]], until: float | None = None) -> None:
        """Fetches contents that are not here, until that moment of `seconds`; one that the county does not have yet is passed over.

        Raises:
            SyncFailure: the line; what came stays for the next time.
        """
        wanted = [sha256 for sha256, _ in contents if not self._store.has_content(sha256)]
        for place, sha256 in enumerate(wanted):
            if until is not None and self._seconds() > until:
                return
            self._reins.tell(Progress(Stage.CONTENTS, place, len(wanted)))
            try:
                self._fetch_one(sha256)
            except failures.WrongContent as lacking:
                self.report.refusals.append(lacking.message)

    def fetch_one(self, sha256: str) -> bytes:
        """The content of that name, kept here from now on.

        Raises:
            SyncFailure: the line, or the county does not have it.
        """
        return self._fetch_one(sha256)

    def _fetch_one(self, sha256: str) -> bytes:
        name = bytes.fromhex(sha256)
        at = self._store.content_come(sha256)
        if at and hashlib.sha256(data := self._store.content_parts(sha256)).hexdigest() == sha256:
            return self._keep(sha256, data)  # all of it had come when the power went
        while True:
            self._check_stop()
            began = self._seconds()
            answer = self._tried(partial(self._road.content_get, name, at, self._piece))
            if not answer.data or at + len(answer.data) > answer.size:
                raise failures.Garbled
            self._measured(self._seconds() - began, len(answer.data))
            self.report.bytes_fetched += len(answer.data)
            self._store.add_content_part(sha256, at, answer.data)
            at += len(answer.data)
            if at == answer.size:
                break
        data = self._store.content_parts(sha256)
        if hashlib.sha256(data).hexdigest() != sha256:
            self._store.drop_content_parts(sha256)
            raise failures.Garbled
        return self._keep(sha256, data)

    def _keep(self, sha256: str, data: bytes) -> bytes:
        self._store.keep_content(data)
        self._store.note_content_sent(sha256)
        self._store.drop_content_parts(sha256)
        self.report.fetched += 1
        return data

    def _measured(self, took: float, size: int) -> None:
        """The next piece: as much as the line takes in TARGET seconds, at most twice as much as this one."""
        fits = int(size * TARGET / took) if took > 0 else MOST_PIECE
        self._piece = max(LEAST_PIECE, min(fits, 2 * self._piece, MOST_PIECE))

    def _tried(self, work: Callable[[], T]) -> T:
        return self._patience.attempt(work, stopped=self._reins.stopped, on_failure=self._slower)

    def _slower(self, failure: Transient) -> None:
        self._piece = max(LEAST_PIECE, self._piece // 2)
        self._reins.tell(Progress(Stage.WAITING, said=failure.message))

    def _check_stop(self) -> None:
        if self._reins.stopped.is_set():
            raise failures.Cancelled


def missing(store: Store) -> Sequence[tuple[str, int]]:
    """The contents that records name and that are not here, newest first."""
    return [(sha256, size) for sha256, size in store.contents_named(own=True) if not store.has_content(sha256)]
