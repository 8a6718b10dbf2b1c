"""What devices were last given and which program they run: kept in a worker's memory and written down now and then, many in one transaction.

A pull writes nothing, and shall not begin to: what a killed worker had not written yet is a few seconds of a status page.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec
from sqlalchemy import Connection, update

from county_server import bulk
from county_server.schema import DEVICE, DEVICE_SEEN

MOST_PROGRAM: Final = 40
"""Characters of a program's version."""


@dataclass(slots=True)
class _Seen:
    pulled_at: int = 0
    cursor: dict[str, int] = field(default_factory=dict)
    program: str = ""


class Sightings:
    """One worker's, for all its threads."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._seen: dict[str, _Seen] = {}

    def pulled(self, device_id: str, cursor: Mapping[str, int], now: int) -> None:
        """A device was answered up to these places."""
        with self._turn:
            one = self._seen.setdefault(device_id, _Seen())
            one.pulled_at, one.cursor = now, dict(cursor)

    def runs(self, device_id: str, program: str) -> None:
        """A device signed in with this version of the program; nothing is noted of one that does not say."""
        if told := "".join(c for c in program if c.isascii() and c.isprintable())[:MOST_PROGRAM]:
            with self._turn:
                self._seen.setdefault(device_id, _Seen()).program = told

    def waiting(self) -> bool:
        """Whether there is something to write down."""
        return bool(self._seen)

    def write(self, connection: Connection) -> None:
        """Writes down what was seen since the last time."""
        with self._turn:
            seen, self._seen = self._seen, {}
        if not seen:
            return
        empty = {"pulled_at": 0, "cursor": b"", "program": ""}
        bulk.add_missing(connection, DEVICE_SEEN, [{"device_id": device_id, **empty} for device_id in sorted(seen)])
        for device_id, one in sorted(seen.items()):
            told: dict[str, object] = {"program": one.program} if one.program else {}
            if one.pulled_at:
                told |= {"pulled_at": one.pulled_at, "cursor": msgspec.msgpack.encode(one.cursor)}
                stale = (DEVICE.c.id == device_id) & (DEVICE.c.last_contact < one.pulled_at)
                connection.execute(update(DEVICE).where(stale).values(last_contact=one.pulled_at))
            connection.execute(update(DEVICE_SEEN).where(DEVICE_SEEN.c.device_id == device_id).values(told))
