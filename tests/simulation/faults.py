"""What goes wrong: lines that fail at each kind of byte, and power that goes at any statement of a database."""

from __future__ import annotations

import shutil
from enum import Enum
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import Engine

COMPANIONS: Final = ("-wal", "-shm", "-journal")


class Fate(Enum):
    """What becomes of one exchange: where the line is cut, or how often and when the request arrives."""

    WELL = "well"
    NO_ROUTE = "no route"
    BEFORE_REQUEST = "cut before the request"
    IN_BODY = "cut in the request's body"
    BEFORE_HEADERS = "acted on, cut before the answer"
    SILENT = "acted on, the answer never comes"
    IN_ANSWER = "cut in the answer's body"
    AFTER = "cut after the answer"
    TWICE = "delivered twice"
    LATE = "given up by the device, delivered later"
    PORTAL = "answered by a log-in page of the network"
    FORGED = "answered by a stranger in the county's name"
    SERVER_DIES = "the server loses power while it acts"


BAD: Final = tuple(fate for fate in Fate if fate is not Fate.WELL)


class PowerCut(BaseException):
    """The power is gone. No code may catch it and go on."""


class Mains:
    """The power supply of one database. Armed, it goes at the n-th statement or commit; what the disk holds then is kept in `left`."""

    def __init__(self, engine: Engine, path: Path, left: Path, chance: Random) -> None:
        self._path, self._left, self._chance = path, left, chance
        self._until = 0
        self.gone = False
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)

    def arm(self, statements: int) -> None:
        """The power goes at that statement from now."""
        self._until = statements

    def disarm(self) -> None:
        """The power stays."""
        self._until = 0

    def _statement(self, *_: Any) -> None:
        if self.gone:
            raise PowerCut
        if self._due():
            self._cut()

    def _commit(self, connection: Any) -> None:
        if self.gone:
            raise PowerCut
        if not self._due():
            return
        if self._chance.random() < 0.3:
            self._cut()
        wal = self._path.with_name(self._path.name + "-wal")
        before = wal.stat().st_size if wal.exists() else 0
        connection.connection.driver_connection.commit()
        after = wal.stat().st_size if wal.exists() else 0
        torn = self._chance.randrange(before, after) if after > before and self._chance.random() < 0.5 else None
        self._cut(torn)

    def _due(self) -> bool:
        if not self._until:
            return False
        self._until -= 1
        return not self._until

    def _cut(self, torn: int | None = None) -> None:
        """Keeps what lies on the disk; of a commit that was under way perhaps only a part was written."""
        self.gone = True
        self._left.mkdir(exist_ok=True)
        for companion in ("", "-wal"):
            kept = self._left / (self._path.name + companion)
            kept.unlink(missing_ok=True)
            if (file := self._path.with_name(self._path.name + companion)).exists():
                shutil.copyfile(file, kept)
        if torn is not None:
            with (self._left / (self._path.name + "-wal")).open("r+b") as wal:
                wal.truncate(torn)
        raise PowerCut


def power_back(path: Path, left: Path) -> None:
    """Puts what the disk held when the power went in the place of the files."""
    for companion in ("", *COMPANIONS):
        path.with_name(path.name + companion).unlink(missing_ok=True)
        if (kept := left / (path.name + companion)).exists():
            kept.replace(path.with_name(path.name + companion))
