"""What the window does by itself: catches up the search index, syncs in its rhythm, makes the daily backup. All in the background."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.idle_watch import IdleWatch
from jusuo_desktop.ui.syncing import Syncing

TICK_MS: Final = 5000
INDEX_RUN: Final = 500
BACKUP_STILL_MS: Final = 60_000
BACKUP_TICKS: Final = 720
"""An hour: where nobody ever stops typing, the backup is made all the same."""


class Housekeeping(QObject):
    """`working` says in a few words what is under way, '' for nothing."""

    working = Signal(str)

    def __init__(self, desk: Desk, idle: IdleWatch) -> None:
        super().__init__(desk)
        self._desk, self._idle = desk, idle
        self._syncing = Syncing.of(desk)
        self._syncing.told.connect(lambda progress: self.working.emit(progress.line))
        self._syncing.ended.connect(lambda _: self.working.emit(""))
        self._indexing = self._backing_up = False
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        desk.changed.connect(lambda _: self.index())

    def start(self) -> None:
        """From now on, every few seconds."""
        self._timer.start()
        self.index()

    def stop(self) -> None:
        """No more."""
        self._timer.stop()

    def _tick(self) -> None:
        self._ticks += 1
        session = self._desk.session

        def look(_reins: Reins) -> tuple[bool, int]:
            return session.store.enrolment is not None, session.store.outbox_counts().get("waiting", 0)

        self._desk.background.run(self, look, done=self._sync_if_due, key="look")
        if self._idle.still_ms > BACKUP_STILL_MS or self._ticks % BACKUP_TICKS == 0:
            self.back_up()

    # -- search index --------------------------------------------------------

    def index(self) -> None:
        """Indexes what a bulk left waiting, a run at a time, so that writers get their turn between."""
        if self._indexing:
            return
        self._indexing = True
        store = self._desk.session.store

        def ended(done: int) -> None:
            self._indexing = False
            self.working.emit("正在编制检索…" if done else "")
            if done:
                QTimer.singleShot(0, self, self.index)

        self._desk.background.run(self, lambda _reins: store.index_waiting(INDEX_RUN), done=ended, refused=self._index_refused)

    def _index_refused(self, refused: Refused) -> None:
        self._indexing = False
        self._desk.refuse(refused)

    # -- sync ----------------------------------------------------------------

    def _sync_if_due(self, looked: tuple[bool, int]) -> None:
        enrolled, waiting = looked
        if enrolled:
            self._syncing.if_due(waiting)

    def sync(self) -> None:
        """Syncs now."""
        self._syncing.begin()

    # -- backup --------------------------------------------------------------

    def back_up(self) -> None:
        """Makes today's backup if there is none."""
        if self._backing_up:
            return
        self._backing_up = True
        session = self._desk.session

        def work(_reins: Reins) -> object:
            from jusuo_desktop.actions.back_up import back_up_if_due

            return back_up_if_due(session)

        def ended() -> None:
            self._backing_up = False

        self._desk.background.run(self, work, ended=ended)
