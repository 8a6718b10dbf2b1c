"""What cannot be done, in one plain sentence for the clerk: what, where and how to mend it. Everything else is our bug."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from jusuo_desktop.records.field import Problem


class Refused(Exception):
    """Your input, disk, network or file stands in the way; nothing was lost or half done.

    `message` is the sentence; `problems` are the fields at fault, if any. One that `turns_out` ends the work of whoever is signed in: the
    window locks and says it.
    """

    turns_out: ClassVar[bool] = False

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = problems


class BadFields(Refused):
    """Values that no write accepts; the first problem speaks for all."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("；".join(p.message for p in problems[:3]), problems)


class WrongPassphrase(Refused):
    """The pass phrase or the recovery key does not open the store."""


class NewerStore(Refused):
    """The store was written by a newer version of the program."""


class DamagedStore(Refused):
    """The database file cannot be read as it is."""


class DamagedContent(Refused):
    """The bytes of one attachment are not what was written; the records are whole."""


class StoreInUse(Refused):
    """Another process has the store open."""


class StoreClosed(Refused):
    """The store was locked or closed while something still wanted to read or write."""


class NoStore(Refused):
    """There is no store in this folder."""


class DiskTrouble(Refused):
    """The disk is full, the folder is read-only, or the medium fails."""


class NotAllowed(Refused):
    """The user's role does not allow this act."""
