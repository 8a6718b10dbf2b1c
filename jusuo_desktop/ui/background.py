"""Work that may take longer than a frame: on a pool thread, told of on the Qt thread, cancellable, never outliving its owner."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal, Slot

from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui import rounds

if TYPE_CHECKING:
    from jusuo_desktop.sync.progress import Reins

T = TypeVar("T")

THREADS = 3
"""One long job, one search and one page of a list side by side; old PCs have two cores."""
CLOSING_SECONDS = 20
TENDED_MS = 200
"""How often, while work is under way, Python's rounds are made and what has ended is let go of."""


class _Run:
    """What the pool's thread does. No QRunnable of Python's own: the pool deletes those on its thread, and every third one stayed for ever."""

    def __init__(self, task: Task, work: Callable[[Reins], Any]) -> None:
        self._task, self._work = task, work

    def run(self) -> None:
        task = self._task
        try:
            outcome = None if task.reins.stopped.is_set() else self._work(task.reins)
        except Exception as error:
            task.failed.emit(error)
        else:
            task.finished.emit(outcome)


class Task(QObject):
    """One piece of work under way; lives on the Qt thread. Its signals are emitted on the pool thread."""

    told = Signal(object)
    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, background: Background, owner: QObject, callbacks: dict[str, Callable[..., None] | None], key: str) -> None:
        from PySide6.QtCore import Qt  # its hundreds of enums take longer than the first frame may

        from jusuo_desktop.sync.progress import Reins

        super().__init__()
        self.owner, self.key = owner, key
        self.running = True
        self.reins = Reins(self.told.emit, threading.Event())
        self._background, self._callbacks = background, callbacks
        self._silent = False
        queued = Qt.ConnectionType.QueuedConnection
        self.told.connect(self._on_told, queued)
        self.finished.connect(self._on_finished, queued)
        self.failed.connect(self._on_failed, queued)

    def cancel(self) -> None:
        """Asks the work to stop at its next safe place; the callbacks still tell how it ended."""
        self.reins.stopped.set()

    def abandon(self) -> None:
        """Asks the work to stop, and nobody is told any more."""
        self._silent = True
        self.cancel()

    def _tell(self, name: str, *arguments: object) -> None:
        callback = self._callbacks[name]
        if callback is not None and not self._silent and shiboken6.isValid(self.owner):
            callback(*arguments)

    @Slot(object)
    def _on_told(self, progress: object) -> None:
        if self.running:
            self._tell("progress", progress)

    @Slot(object)
    def _on_finished(self, outcome: object) -> None:
        self._end()
        self._tell("done", outcome)
        self._tell("ended")

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._end()
        if not isinstance(error, Refused):
            self._background.broke.emit(error)
        elif self._callbacks["refused"] is not None:
            self._tell("refused", error)
        elif not self._silent:
            self._background.refused.emit(error)
        self._tell("ended")

    def _end(self) -> None:
        self.running = False
        self._background.forget(self)


class Background(QObject):
    """The window's pool. `refused` carries sentences that no caller wanted to show itself, `broke` our bugs.

    Nothing that belongs to Qt may go on a thread of the pool (ui.rounds says why): Python's rounds are made here while work is under way, and
    what has ended is held until its thread has let go of it.
    """

    refused = Signal(object)
    broke = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(THREADS)
        self._tasks: dict[Task, _Run] = {}
        self._ended: list[tuple[Task, _Run]] = []
        self._tending = QTimer(self)
        self._tending.setInterval(TENDED_MS)
        self._tending.timeout.connect(self._tend)
        self._closed = False

    def run(
        self,
        owner: QObject,
        work: Callable[[Reins], T],
        *,
        done: Callable[[T], None] | None = None,
        refused: Callable[[Refused], None] | None = None,
        progress: Callable[[Any], None] | None = None,
        ended: Callable[[], None] | None = None,
        key: str = "",
    ) -> Task:
        """Starts `work`; the callbacks run on the Qt thread and never after `owner` was destroyed.

        A `key` replaces earlier work of the same owner under that key: it is asked to stop, and its outcome is dropped (as-you-type
        search, a list whose filter changed).
        """
        for earlier in [t for t in self._tasks if key and t.key == key and t.owner is owner]:
            earlier.abandon()
        task = Task(self, owner, {"done": done, "refused": refused, "progress": progress, "ended": ended}, key)
        if self._closed:  # a timer of a page that is going away: there is no store any more, and nobody to be told so
            task.running = False
            task.abandon()
            return task
        if not self._tending.isActive():
            rounds.hold()
            self._tending.start()
        self._tasks[task] = _Run(task, work)
        self._pool.start(self._tasks[task].run)
        return task

    def forget(self, task: Task) -> None:
        """Lets go of a task that has ended."""
        if (run := self._tasks.pop(task, None)) is not None:
            self._ended.append((task, run))

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._tasks)

    def close(self) -> bool:
        """Stops everything at its next safe place and waits; True when all of it has ended. What is asked for later is not begun."""
        self._closed = True
        for task in list(self._tasks):
            task.abandon()
        ended = self._pool.waitForDone(CLOSING_SECONDS * 1000)
        self._ended += self._tasks.items()
        self._tasks.clear()
        self._tend()
        return ended

    @Slot()
    def _tend(self) -> None:
        rounds.make()
        if self._pool.activeThreadCount():
            return
        self._ended.clear()
        if not self._tasks and self._tending.isActive():
            self._tending.stop()
            rounds.release()
