"""The store as the lock sees it: when this machine last had contact, how far its clock has ever come, and its challenge for a release code."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from jusuo_desktop.records.contact_lock import Contact
from jusuo_desktop.store import audit, settings
from jusuo_desktop.store.opened import OpenedStore
from jusuo_desktop.wire.release_code import new_challenge

CONTACT: Final = "contact"
"""Setting: {"at", "seen", "released_days"}, see records.contact_lock.Contact."""
SECRET: Final = "release_secret"
"""Setting: hex of what this device shares with the county for release codes."""
CHALLENGE: Final = "release_challenge"
"""Setting: {"challenge", "wrong"}: the challenge that is shown, and how many wrong codes were typed for it."""
SEEN_EVERY: Final = 600_000
"""The clock's progress is kept every ten minutes of it."""


class ContactSide(OpenedStore):
    """The last contact."""

    _ticked: float = 0.0

    def contact(self) -> Contact | None:
        """The last contact; None on a machine that has not joined a county."""
        with self._reading() as connection:
            kept = settings.get_setting(connection, CONTACT)
        return Contact(**kept) if kept else None

    def note_contact(self, release_secret: bytes = b"", told: Mapping[str, Any] | None = None) -> None:
        """The county has spoken to this machine: the time without contact begins anew, from the clock as it stands. `told` are settings that are
        kept in the same breath.
        """
        with self._writing() as connection:
            self._contact_now(connection)
            for name, value in (told or {}).items():
                settings.put_setting(connection, name, value)
            if release_secret:
                settings.put_setting(connection, SECRET, release_secret.hex())

    def note_time(self) -> None:
        """Keeps how far the clock has come. A clock that was turned back does not bring time to a stand: what the program runs counts."""
        now, ticked = self._clock(), time.monotonic()
        ran = int((ticked - self._ticked) * 1000) if self._ticked else 0
        self._ticked = self._ticked or ticked
        with self._reading() as connection:
            kept = settings.get_setting(connection, CONTACT)
        if kept and max(int(kept["seen"]) + ran, now) < int(kept["seen"]) + SEEN_EVERY:
            return  # counted on until it is worth a write
        self._ticked = ticked
        with self._writing() as connection:
            kept = settings.get_setting(connection, CONTACT)
            if kept:
                settings.put_setting(connection, CONTACT, {**kept, "seen": max(int(kept["seen"]) + ran, now)})
            else:
                self._contact_now(connection)  # it had joined before the program knew of this lock

    def release_secret(self) -> bytes:
        """What this device shares with the county; b'' before the first sync with a county that gives release codes."""
        with self._reading() as connection:
            return bytes.fromhex(str(settings.get_setting(connection, SECRET, "")))

    def challenge(self) -> str:
        """The challenge that this machine shows, the same until it was answered or wrongly answered too often."""
        with self._writing() as connection:
            kept = settings.get_setting(connection, CHALLENGE)
            if not kept:
                kept = {"challenge": new_challenge(), "wrong": 0}
                settings.put_setting(connection, CHALLENGE, kept)
            return str(kept["challenge"])

    def count_wrong_code(self, most: int) -> bool:
        """Counts a wrong release code; true when it was one too many and the challenge is another one now."""
        with self._writing() as connection:
            kept: dict[str, Any] = dict(settings.get_setting(connection, CHALLENGE, {}))
            wrong = int(kept.get("wrong", 0)) + 1
            audit.append(connection, self._clock(), self.user.id, self.device_id, "wrong_release_code", detail=str(wrong))
            settings.put_setting(connection, CHALLENGE, {**kept, "wrong": wrong} if wrong < most else None)
        return wrong >= most

    def released(self, days: int) -> None:
        """A release code was typed: so many days from now; its challenge is used up."""
        with self._writing() as connection:
            self._contact_now(connection, days)
            audit.append(connection, self._clock(), self.user.id, self.device_id, "released", detail=f"days:{days}")

    def _joined(self, connection: Connection) -> None:
        """The county has given this machine an identity: what was shared under a former one opens nothing any more."""
        self._contact_now(connection)
        settings.put_setting(connection, SECRET, "")

    def _contact_now(self, connection: Connection, released_days: int = 0) -> None:
        now = self._clock()
        settings.put_setting(connection, CONTACT, {"at": now, "seen": now, "released_days": released_days})
        settings.put_setting(connection, CHALLENGE, None)
