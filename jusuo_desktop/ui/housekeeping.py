"""What the window does by itself: catches up the search index, syncs in its rhythm, makes the daily backup. All in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.idle_watch import IdleWatch

if TYPE_CHECKING:
    from jusuo_desktop.sync.progress import Reins
    from jusuo_desktop.ui.syncing import Syncing

TICK_MS: Final = 5000
FIRST_INDEX_MS: Final = 2000
"""The first list comes before what an import of yesterday left."""
INDEX_RUN: Final = 200
BACKUP_STILL_MS: Final = 60_000
BACKUP_TICKS: Final = 720
"""An hour: where nobody ever stops typing, the backup is made all the same."""


class Housekeeping(QObject):
    """`working` says in a few words what is under way, '' for nothing."""

    working = Signal(str)

    def __init__(self, desk: Desk, idle: IdleWatch) -> None:
        super().__init__(desk)
        self._desk, self._idle = desk, idle
        self._syncing: Syncing | None = None
        self._indexing = self._backing_up = False
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        desk.changed.connect(lambda ids: self.index() if ids else None)

    def start(self) -> None:
        """From now on, every few seconds."""
        self._timer.start()
        QTimer.singleShot(FIRST_INDEX_MS, self, self.index)

    def stop(self) -> None:
        """No more."""
        self._timer.stop()

    def sync(self) -> None:
        """Syncs now, because somebody asked."""
        self._sync_of_the_window().begin()

    def _tick(self) -> None:
        self._ticks += 1
        session = self._desk.session

        def look(_reins: Reins) -> int | None:
            return session.store.outbox_counts().get("waiting", 0) if session.store.enrolment is not None else None

        def looked(waiting: int | None) -> None:
            if waiting is not None:
                self._sync_of_the_window().if_due(waiting)

        self._desk.background.run(self, look, done=looked, key="look")
        if self._idle.still_ms > BACKUP_STILL_MS or self._ticks % BACKUP_TICKS == 0:
            self.back_up()

    def _sync_of_the_window(self) -> Syncing:
        if self._syncing is None:
            from jusuo_desktop.ui.syncing import Syncing  # it brings the network, which the first frames do without

            self._syncing = Syncing.of(self._desk)
            self._syncing.told.connect(lambda progress: self.working.emit(progress.line))
            self._syncing.ended.connect(lambda _: self.working.emit(""))
        return self._syncing

    def index(self) -> None:
        """Indexes what a bulk left waiting, a run at a time, so that writers get their turn between."""
        if self._indexing or not self._timer.isActive():
            return
        self._indexing = True
        store = self._desk.session.store

        def done(indexed: int) -> None:
            self.working.emit("正在编制检索…" if indexed else "")
            if indexed:
                QTimer.singleShot(0, self, self.index)

        def ended() -> None:
            self._indexing = False

        self._desk.background.run(self, lambda _reins: store.index_waiting(INDEX_RUN), done=done, refused=self._refuse, ended=ended)

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

        self._desk.background.run(self, work, refused=self._refuse, ended=ended)

    def _refuse(self, refused: Refused) -> None:
        self._desk.refuse(refused)
