"""Keeps what is typed on a page: in the encrypted store within two seconds of the key, and gone only when it was saved."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer

from jusuo_desktop.records.identity import new_id
from jusuo_desktop.ui.desk import Desk

KEPT_AFTER_MS: Final = 800
"""From the first key that is not yet kept: what follows within this time goes along."""


class DraftKeeper(QObject):
    """`content` gives the page's texts, {} when there is nothing worth keeping."""

    def __init__(self, desk: Desk, parent: QObject, kind: str, content: Callable[[], Mapping[str, Any]], key: str = "") -> None:
        super().__init__(parent)
        self.key = key or f"entry {new_id()}"
        self.record_id = ""
        self._store = desk.session.store
        self._desk, self._kind, self._content = desk, kind, content
        self._lock = threading.Lock()
        self._turn = 0
        self._paused = self._begun = False
        self._kept = bool(key)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEPT_AFTER_MS)
        self._timer.timeout.connect(self._keep)

    def adopt(self, key: str) -> None:
        """Goes on with a draft that is there already."""
        self.key, self._kept = key, True

    def touch(self) -> None:
        """Something was typed."""
        if not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Keeps what is typed before this returns: the page is about to go. A saving that has not begun yet may never begin."""
        if self._timer.isActive() or self._paused:
            self._timer.stop()
            content = dict(self._content())
            with self._lock:
                if self._paused and self._begun:
                    return
                self._turn += 1
                self._write(content)

    def give_up(self) -> None:
        """Forgets the draft: the clerk wants none of it."""
        self._timer.stop()
        with self._lock:
            self._turn += 1
            self._write({})

    def begin_save(self) -> None:
        """No draft is written from here on until something is typed; called on the thread that saves, before it writes."""
        with self._lock:
            self._turn += 1
            self._begun = True

    def saved(self) -> None:
        """The draft went with the saving."""
        self._kept = self._paused = self._begun = False

    def pause(self) -> None:
        """Stops the clock while saving; the page touches again if that fails or more was typed."""
        self._timer.stop()
        self._paused = True

    def go_on(self) -> None:
        """The saving was refused: what is typed is a draft as before."""
        self._paused = self._begun = False
        self.touch()

    def _keep(self) -> None:
        content = dict(self._content())
        turn = self._turn

        def work(reins: object) -> None:
            with self._lock:
                if turn == self._turn:
                    self._write(content)

        self._desk.background.run(self, work)

    def _write(self, content: dict[str, Any]) -> None:
        if content:
            self._store.save_draft(self.key, self._kind, self.record_id, content)
            self._kept = True
        elif self._kept:
            self._store.drop_draft(self.key)
            self._kept = False
