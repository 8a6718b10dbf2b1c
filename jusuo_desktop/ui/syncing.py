"""The sync of one window: by hand or in its rhythm, never two at once; pages and status line hear how it goes."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal

from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync.progress import Progress, SyncReport
from jusuo_desktop.ui.background import Task
from jusuo_desktop.ui.desk import Desk


class Syncing(QObject):
    """`began`, then `told` of each progress, then `ended` with the report, the refusal, or None after a bug of ours."""

    began = Signal()
    told = Signal(object)
    ended = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        from jusuo_desktop.sync.rhythm import Rhythm

        self._desk = desk
        self._rhythm = Rhythm(time.monotonic())
        self._task: Task | None = None
        self._outcome: SyncReport | Refused | None = None
        self.progress: Progress | None = None

    @staticmethod
    def of(desk: Desk) -> Syncing:
        """The one of this desk."""
        return desk.findChild(Syncing) or Syncing(desk)

    @property
    def running(self) -> bool:
        """Whether a sync is under way."""
        return self._task is not None

    def if_due(self, waiting: int) -> None:
        """Begins when the rhythm says so; `waiting` changes stand in the queue of an enrolled machine."""
        if self._rhythm.due(time.monotonic(), waiting):
            self.begin(by_hand=False)

    def begin(self, *, by_hand: bool = True) -> None:
        """Begins now. By hand a refusal is shown; by itself it goes into the status line: a cut cable is nothing to be told each time."""
        from jusuo_desktop.actions.sync_now import sync_now

        if self.running:
            self._desk.say("正在同步，请稍等。")
            return
        session = self._desk.session
        self._rhythm.began()
        self._outcome = None

        def done(report: SyncReport) -> None:
            self._outcome = report
            if by_hand or report.sent or report.received:
                self._desk.say(f"同步完成：{report.line}")

        def refused(failure: Refused) -> None:
            self._outcome = failure
            if by_hand or failure.turns_out:
                self._desk.refuse(failure)
            else:
                self._desk.say(f"自动同步未完成：{failure.message}")

        self._task = self._desk.background.run(
            self, lambda reins: sync_now(session, reins=reins), done=done, refused=refused, progress=self._tell, ended=self._end
        )
        self.began.emit()

    def stop(self) -> None:
        """Asks it to stop at its next safe place."""
        if self._task is not None:
            self._task.cancel()

    def _tell(self, progress: Progress) -> None:
        self.progress = progress
        self.told.emit(progress)

    def _end(self) -> None:
        from jusuo_desktop.sync.rhythm import Outcome

        self._task, self.progress = None, None
        known = isinstance(self._outcome, SyncReport | Refused)
        failure = self._outcome if isinstance(self._outcome, Refused) else None
        self._rhythm.ended(Outcome.of(failure) if known else Outcome.FAILED, time.monotonic())
        self.ended.emit(self._outcome)
        self._desk.changed.emit(frozenset())
