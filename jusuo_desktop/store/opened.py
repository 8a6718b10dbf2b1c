"""An opened store: who works on it, its connections, its lock and those who want to hear of changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from jusuo_desktop.store import settings
from jusuo_desktop.store.contents import Contents
from jusuo_desktop.store.edit import User
from jusuo_desktop.store.engine import DATABASE_FILE, Database, plain_sentences
from jusuo_desktop.store.presence import Presence

Changed = Callable[[frozenset[str]], None]


class OpenedStore:
    """An unlocked store. `clock` gives milliseconds since 1970; it is evidence, never a basis for a decision (S7)."""

    def __init__(self, folder: Path, database: Database, user: User, clock: Callable[[], int], presence: Presence) -> None:
        self.folder = folder
        self.user = user
        self._database = database
        self._presence = presence
        self._contents = Contents(folder, database)
        self._engine = database.engine
        self._writer = database.engine.execution_options(writes=True)
        self._clock = clock
        self._lock = threading.RLock()
        self._watchers: list[Changed] = []
        self._titles: dict[str, str] = {}
        with self._reading() as connection:
            self.scope = str(settings.get_setting(connection, "scope"))
            self.device_id = str(settings.get_setting(connection, "device_id"))

    # -- connections -------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with plain_sentences(self.folder / DATABASE_FILE), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._lock, plain_sentences(self.folder / DATABASE_FILE), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Locks the store: waits for the write under way, gives back every connection and forgets the key. What is asked afterwards is
        refused with StoreClosed; a second time does nothing.
        """
        with self._lock:
            self._database.close()
            self._presence.release()

    def subscribe(self, watcher: Changed) -> Callable[[], None]:
        """Calls `watcher` with the ids of changed records after each commit, on the thread that wrote. Returns how to stop."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher) if watcher in self._watchers else None

    def _tell(self, ids: frozenset[str]) -> None:
        for identity in ids:
            self._titles.pop(identity, None)
        for watcher in list(self._watchers):
            watcher(ids)

    def now(self) -> int:
        """The device's clock, milliseconds since 1970."""
        return self._clock()
