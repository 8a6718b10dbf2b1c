"""Where it is kept: encrypted SQLite with one write path, search, history, audit, drafts, backup."""

from jusuo_desktop.store.drafts import Draft
from jusuo_desktop.store.edit import Edit, User
from jusuo_desktop.store.enrolment import Enrolment
from jusuo_desktop.store.feed import Applied, UnknownOwnChange
from jusuo_desktop.store.keys import check_passphrase
from jusuo_desktop.store.listing import Filter, ListQuery, ListRow
from jusuo_desktop.store.opening import FirstRun, create_store, open_store, open_with_recovery, user_names
from jusuo_desktop.store.outbox import Outgoing
from jusuo_desktop.store.people import add_user, change_passphrase, reset_passphrase
from jusuo_desktop.store.printed import Printed
from jusuo_desktop.store.refusal import (
    BadFields,
    DamagedStore,
    DiskTrouble,
    NewerStore,
    NoStore,
    NotAllowed,
    Refused,
    StoreInUse,
    WrongPassphrase,
)
from jusuo_desktop.store.search import Hit
from jusuo_desktop.store.store import HistoryRow, Store

__all__ = [
    "Applied", "BadFields", "DamagedStore", "DiskTrouble", "Draft", "Edit", "Enrolment", "Filter", "FirstRun", "HistoryRow", "Hit",
    "ListQuery", "ListRow", "NewerStore", "NoStore", "NotAllowed", "Outgoing", "Printed", "Refused", "Store", "StoreInUse",
    "UnknownOwnChange", "User", "WrongPassphrase", "add_user", "change_passphrase", "check_passphrase", "create_store", "open_store",
    "open_with_recovery", "reset_passphrase", "user_names",
]  # fmt: skip
