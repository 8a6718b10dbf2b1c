"""To sync: one at a time per store, by hand or by the timer, with the last outcome remembered for the sync page."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

from jusuo_desktop.actions.contents import travel
from jusuo_desktop.actions.last_contact import CLOCK_OFFSET, LAST_CONTACT, LAST_OUTCOME
from jusuo_desktop.actions.number_exchange import exchange
from jusuo_desktop.actions.session import Session
from jusuo_desktop.store import Store
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.ahead import Beside
from jusuo_desktop.sync.courier import SEAL_KEY
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.following import followed
from jusuo_desktop.sync.http_transport import HttpTransport
from jusuo_desktop.sync.patience import BatchSize, Patience
from jusuo_desktop.sync.progress import Reins, SyncReport
from jusuo_desktop.sync.sealing import closed_for_good, sealed_away

_running: WeakKeyDictionary[Store, threading.Lock] = WeakKeyDictionary()
_signed_in: WeakKeyDictionary[Store, HttpTransport] = WeakKeyDictionary()
"""The transport of the last sync that came to a good end: while its token holds, the next one has two round trips less to wait for."""
_guard = threading.Lock()


class AlreadySyncing(Refused):
    """A sync of this store is under way."""

    def __init__(self) -> None:
        super().__init__("正在同步，请等它结束。")


def sync_now(session: Session, *, reins: Reins | None = None, patience: Patience | None = None, size: BatchSize | None = None) -> SyncReport:
    """Syncs once over the network, refills the blocks of printed numbers; remembers when and how it ended.

    Raises:
        SyncFailure: the sentence says why; nothing is lost.
        AlreadySyncing: another thread is at it.
    """
    store = session.store
    enrolment = store.enrolment
    if enrolment is None:
        raise failures.NotEnrolled
    with _guard:
        lock = _running.setdefault(store, threading.Lock())
    if not lock.acquire(blocking=False):
        raise AlreadySyncing
    try:
        told: dict[str, Any] = {}
        kept = _signed_in.pop(store, None)
        transport = kept if kept is not None and kept.enrolment == enrolment else HttpTransport(enrolment, store.folder)
        try:
            held = reins or Reins()
            try:
                report = sync_once(store, transport, reins=held, patience=patience, size=size, ahead=Beside())
            except (failures.EpochChanged, failures.Unauthorized):
                if not followed(store, transport) or (enrolment := store.enrolment) is None:
                    raise
                transport.close()
                transport = HttpTransport(enrolment, store.folder)
                report = sync_once(store, transport, reins=held, patience=patience, size=size, ahead=Beside())
            if not store.get(SEAL_KEY):
                store.set(SEAL_KEY, transport.hello().seal_key.hex())  # for the day on which the line is gone
            exchange(session, transport, held, (session.clock() - timedelta(milliseconds=report.clock_offset_ms)).date())
            contents = travel(session, transport, held, patience)
            sealed = sealed_away(store)
            report.sealed = sealed.line if sealed is not None else ""
            now = session.clock().isoformat(timespec="seconds")
            told = {LAST_CONTACT: now, CLOCK_OFFSET: report.clock_offset_ms, LAST_OUTCOME: f"{report.line}{contents.line}"}
        except failures.Revoked as revoked:
            closed = closed_for_good(store, transport)
            told[LAST_OUTCOME] = (closed or revoked).message
            raise closed or revoked from None
        except Refused as refused:
            told[LAST_OUTCOME] = refused.message
            raise
        finally:
            if transport.heard:
                store.note_contact(transport.release_secret, told)
            elif told:
                store.set_all(told)
            transport.close()
        _signed_in[store] = transport
        return report
    finally:
        lock.release()
