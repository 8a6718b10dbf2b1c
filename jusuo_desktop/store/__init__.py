"""Where it is kept: encrypted SQLite with one write path, search, history, audit, drafts, backup.

The names are loaded when they are first used: the log-in page must be painted before SQLAlchemy is in memory.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jusuo_desktop.store.backup import Backup
    from jusuo_desktop.store.drafts import Draft
    from jusuo_desktop.store.edit import Edit, User
    from jusuo_desktop.store.enrolment import Enrolment
    from jusuo_desktop.store.feed import Applied, UnknownOwnChange
    from jusuo_desktop.store.keys import check_passphrase, user_names
    from jusuo_desktop.store.listing import Filter, ListQuery, ListRow
    from jusuo_desktop.store.opening import FirstRun, create_store, open_store, open_with_recovery
    from jusuo_desktop.store.outbox import Outgoing
    from jusuo_desktop.store.people import add_user, change_passphrase, reset_passphrase
    from jusuo_desktop.store.presence import Presence, claim_window
    from jusuo_desktop.store.printed import Printed
    from jusuo_desktop.store.refusal import (
        BadFields,
        DamagedContent,
        DamagedStore,
        DiskTrouble,
        NewerStore,
        NoStore,
        NotAllowed,
        Refused,
        StoreClosed,
        StoreInUse,
        WrongPassphrase,
    )
    from jusuo_desktop.store.search import Hit
    from jusuo_desktop.store.store import HistoryRow, Store

__all__ = [
    "Applied", "Backup", "BadFields", "DamagedContent", "DamagedStore", "DiskTrouble", "Draft", "Edit", "Enrolment", "Filter", "FirstRun",
    "HistoryRow", "Hit", "ListQuery", "ListRow", "NewerStore", "NoStore", "NotAllowed", "Outgoing", "Presence", "Printed", "Refused", "Store",
    "StoreClosed", "StoreInUse", "UnknownOwnChange", "User", "WrongPassphrase", "add_user", "change_passphrase", "check_passphrase",
    "claim_window", "create_store", "open_store", "open_with_recovery", "reset_passphrase", "user_names",
]  # fmt: skip

_HOMES: Final = {
    "backup": ("Backup",),
    "drafts": ("Draft",),
    "edit": ("Edit", "User"),
    "enrolment": ("Enrolment",),
    "feed": ("Applied", "UnknownOwnChange"),
    "keys": ("check_passphrase", "user_names"),
    "listing": ("Filter", "ListQuery", "ListRow"),
    "opening": ("FirstRun", "create_store", "open_store", "open_with_recovery"),
    "outbox": ("Outgoing",),
    "people": ("add_user", "change_passphrase", "reset_passphrase"),
    "presence": ("Presence", "claim_window"),
    "printed": ("Printed",),
    "refusal": (
        "BadFields",
        "DamagedContent",
        "DamagedStore",
        "DiskTrouble",
        "NewerStore",
        "NoStore",
        "NotAllowed",
        "Refused",
        "StoreClosed",
        "StoreInUse",
        "WrongPassphrase",
    ),
    "search": ("Hit",),
    "store": ("HistoryRow", "Store"),
}  # fmt: skip
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
