"""Attachments' bytes between this machine and the county: sent after each sync, fetched when they are wanted, cleared where room is short.

An office's computers fetch everything of their scope; a village's laptop fetches what is opened (design.md §6).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.kind import Record
from jusuo_desktop.store import Store
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.contents import ContentReport, ContentRoad, ContentRun, missing
from jusuo_desktop.sync.http_transport import HttpTransport
from jusuo_desktop.sync.patience import Patience
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.wire.scope import OFFICE

FETCH_SECONDS: Final = 60.0
"""So long does one sync fetch ahead; the next one goes on."""
IMPATIENT: Final = Patience(tries=2, first_pause=0.5, longest_pause=1.0)
"""While somebody waits for a page to open."""


def travel(session: Session, road: ContentRoad, reins: Reins, patience: Patience | None = None) -> ContentReport:
    """Sends what the county lacks; an office's computer then fetches what it lacks itself, for a while.

    Raises:
        SyncFailure: the line; what was done stays done.
    """
    run = ContentRun(session.store, road, reins=reins, patience=patience)
    try:
        run.send()
        if fetches_ahead(session.store):
            run.fetch(missing(session.store), time.monotonic() + FETCH_SECONDS)
    except failures.TooNew:
        run.report.refusals.append("县服务器的版本还不能收附件，附件先留在本机。")
    return run.report


def fetches_ahead(store: Store) -> bool:
    """Whether this machine keeps the attachments of its whole scope."""
    return len(store.scope) <= OFFICE


def content_of(session: Session, sha256: str, called: str) -> bytes:
    """The bytes of an attachment (`called` so): those here, else from the county.

    Raises:
        Refused: they are not here and the county cannot be reached, or does not have them either.
    """
    data = session.store.content(sha256)
    if data is not None:
        return data
    enrolment = session.store.enrolment
    if enrolment is None:
        raise Refused(f"“{called}”的内容不在这台电脑上，请从备份恢复，或者重新添加。")
    transport = HttpTransport(enrolment, session.store.folder)
    try:
        return ContentRun(session.store, transport, patience=IMPATIENT).fetch_one(sha256)
    except failures.Transient:
        raise Refused(f"“{called}”的内容不在这台电脑上，现在连不上县服务器，连上网后再看。") from None
    finally:
        transport.close()


@dataclass(frozen=True, slots=True)
class Room:
    """How many contents and bytes lie here, and how many of them the county holds as well."""

    contents: int
    size: int
    safe: int
    safe_size: int


def room(session: Session) -> Room:
    """What the attachments take here."""
    held = [(sha256, size) for sha256, size in session.store.contents_named() if session.store.has_content(sha256)]
    sent = session.store.contents_sent()
    safe = [size for sha256, size in held if sha256 in sent]
    return Room(len(held), sum(size for _, size in held), len(safe), sum(safe))


def clear(session: Session, keep_bytes: int) -> int:
    """Drops the oldest contents that the county holds as well until no more than `keep_bytes` lie here; returns how many bytes went.

    What the county does not hold is never dropped.
    """
    store = session.store
    sent = store.contents_sent()
    held = [(sha256, size) for sha256, size in store.contents_named() if store.has_content(sha256)]
    here, went = sum(size for _, size in held), 0
    for sha256, size in reversed(held):
        if here - went <= keep_bytes:
            break
        if sha256 in sent:
            store.drop_content(sha256)
            went += size
    if went:
        store.audit_note("clear_contents", "", str(went))
    return went


def travelled(session: Session, attachment: Record) -> bool:
    """Whether the county holds an attachment's bytes."""
    return str(attachment.values.get("sha256", "")) in session.store.contents_sent()
