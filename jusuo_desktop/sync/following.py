"""A county server that was restored from a backup: its devices go on with it once the administrator has said so."""

from __future__ import annotations

from jusuo_desktop.store import Store
from jusuo_desktop.sync.http_transport import HttpTransport
from jusuo_desktop.wire.epoch import follows


def followed(store: Store, transport: HttpTransport) -> bool:
    """Whether the county has gone on under a later epoch than this store's, which it proves with the key that this machine enrolled
    with; the store then follows it, and the next sync reads everything anew and sends again what the county has lost.

    Raises:
        SyncFailure: the line.
    """
    enrolment = store.enrolment
    if enrolment is None:
        return False
    hello = transport.hello()
    if not follows(hello.epoch, enrolment.epoch):
        return False
    store.follow(hello.epoch)
    return True
