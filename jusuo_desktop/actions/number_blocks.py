"""To have numbers ready before the cable is out: which series this machine draws from, and blocks leased ahead for each (design.md §6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import new_id, packed, place_id, unpacked
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import numbers
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.number_returns import RESTING, WANTED
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.progress import Progress, Reins, Stage
from jusuo_desktop.sync.transport import Transport
from jusuo_desktop.wire.messages import LeaseRequest, LeaseResponse
from jusuo_desktop.wire.scope import OFFICE

LEASE: Final = 50
"""Numbers in one block: a committee's month, with what the other machines of the office take."""

DECEMBER: Final = 12
MOST_OWNERS: Final = 60
"""Committees of one office; a machine of the whole county draws no numbers."""


def series_of(session: Session) -> list[str]:
    """The series that this machine draws from, this year's and from December also next year's."""
    store, today = session.store, session.today()
    if len(store.scope) < OFFICE:
        return []
    years = [today.year, *([today.year + 1] if today.month == DECEMBER else [])]
    office = place_id("judicial_office", store.scope[:OFFICE])
    committees = [row.id for row in store.rows(store.keys(ListQuery("mediation_committee"), MOST_OWNERS)) if not row.voided]
    numbered = [kind for kind in KINDS.values() if kind.number]
    return [
        numbers.series(owner, year, kind.name)
        for year in years
        for kind in numbered
        for owner in ([*committees, office] if given_by_committees(kind) else [office])
    ]


def given_by_committees(kind: RecordKind) -> bool:
    """Whether the committee of a mediation gives out the numbers: of the mediation itself and of what belongs to it."""
    return "committee" in kind.by_name or any("committee" in KINDS[parent].by_name for parent in kind.parents)


def refill(session: Session, transport: Transport, reins: Reins) -> int:
    """Leases a block for each series of which fewer than half a block is left; returns how many blocks came.

    The request's id is kept before it is asked, so a lost answer burns no block. A series that the county does not grant is left out.

    Raises:
        SyncFailure: the line; what came before it is kept.
    """
    wanted, came = list(_short(session)), 0
    for done, series in enumerate(wanted):
        if reins.stopped.is_set():
            raise failures.Cancelled
        reins.tell(Progress(Stage.NUMBERS, done, len(wanted)))
        came += _lease(session, transport, series)
    return came


def wanted(session: Session) -> list[LeaseRequest]:
    """The blocks that `refill` would ask for, as requests to be carried; each keeps its id until `granted` settles it."""
    return [_request(session, series) for series in _short(session)]


def granted(session: Session, answers: Iterable[tuple[bytes, LeaseResponse | None]]) -> int:
    """Takes in the county's answers to carried requests; an answer that was taken in before, or that nobody waits for, changes nothing."""
    waiting = {packed(request): series for series, request in dict(session.store.get(numbers.ASKED, {})).items()}
    settled = [(waiting[request], request, block) for request, block in answers if request in waiting]
    for series, request, block in settled:
        _settle(session, series, request, block)
    return sum(block is not None for _, _, block in settled)


def _short(session: Session) -> Iterator[str]:
    store = session.store
    asked, wanted, resting = dict(store.get(numbers.ASKED, {})), list(store.get(WANTED, [])), set(store.get(RESTING, []))
    for series in dict.fromkeys([*series_of(session), *wanted]):
        least = 1 if series in wanted else 0 if series in resting else numbers.REFILL_BELOW
        if series in asked or store.numbers_left(series) < least:
            yield series


def _lease(session: Session, transport: Transport, series: str) -> bool:
    """Asks for one block; whether the county granted it."""
    asked = _request(session, series)
    try:
        block = transport.lease(series, asked.count, asked.request_id, after=asked.after)
    except failures.ScopeRefused:
        block = None  # a committee that has moved to another office
    _settle(session, series, asked.request_id, block)
    return block is not None


def _request(session: Session, series: str) -> LeaseRequest:
    """The request for a block; its id is kept until the county's answer is there."""
    store = session.store
    asked = dict(store.get(numbers.ASKED, {}))
    if series not in asked:
        asked[series] = new_id()
        store.set(numbers.ASKED, asked)
    return LeaseRequest(packed(asked[series]), series, LEASE, store.highest_number(series))


def _settle(session: Session, series: str, request_id: bytes, block: LeaseResponse | None) -> None:
    session.store.settle_request(series, unpacked(request_id), (block.first, block.last) if block is not None else None)
