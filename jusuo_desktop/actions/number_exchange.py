"""What this machine and the county tell each other of numbers at each contact: what goes back, what comes, and who holds which block.

A year's numbers go back in February: until then a case of December may still get its number. Whoever wants one later gets a block after the next
contact. By hand everything goes back, before a machine is given away; what is typed on it afterwards asks for a block again.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Final

from jusuo_desktop.actions.number_blocks import refill, series_of
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.store.number_returns import RESTING, TOLD, WANTED
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.sync.transport import Transport
from jusuo_desktop.wire.limits import MOST_RETURNS
from jusuo_desktop.wire.messages import BlocksRequest, BlocksResponse, Returned
from jusuo_desktop.wire.scope import OFFICE

PAST: Final = "年度已过"
BY_HAND: Final = "本机不再编号"
JANUARY: Final = 1


def exchange(session: Session, transport: Transport, reins: Reins, today: date) -> int:
    """Gives back, leases, and reads the list of blocks; returns how many blocks came. `today` is the day at the county.

    Raises:
        SyncFailure: the line; what came before it is kept, and what was to go back stays closed and goes back next time.
    """
    give_back_past(session, today)
    went = _send_back(session, transport, reins)
    came = refill(session, transport, reins)
    with suppress(failures.TooNew):  # a county server of before knows no such list
        _read_blocks(session, transport, today, anew=bool(went or came))
    return came


def give_back_past(session: Session, today: date) -> int:
    """Closes the numbers of past years, and those that came for a series after it was given back by hand; returns how many."""
    store = session.store
    wanted, resting = set(store.get(WANTED, [])), set(store.get(RESTING, []))
    last = today.year - (today.month == JANUARY)
    free = [series for series in store.free_series() if series not in wanted]
    count = store.give_back(PAST, past) if (past := [s for s in free if (y := year_of(s)) and y < last]) else 0
    return count + (store.give_back(BY_HAND, again) if (again := [s for s in free if s in resting and s not in past]) else 0)


def give_back_all(session: Session) -> int:
    """Closes every free number of this machine for good, by the clerk's key; the next contact gives them back. Returns how many.

    Until somebody wants a number here again, no block is leased ahead.
    """
    store = session.store
    if store.enrolment is None:
        return 0
    resting = {*store.get(RESTING, []), *series_of(session), *store.free_series()}
    store.set(RESTING, sorted(resting))
    store.set(WANTED, [])
    return store.give_back(BY_HAND)


def year_of(series: str) -> int:
    """The year of a series; 0 for one that is not named as ours are."""
    year = series.split("/")[1] if series.count("/") == 2 else ""
    return int(year) if year.isdigit() else 0


def blocks_request(session: Session, today: date) -> BlocksRequest | None:
    """What asks for the list of blocks, of this year and the one before; none on a machine that numbers nothing."""
    store = session.store
    if len(store.scope) < OFFICE:
        return None
    told = dict(store.get(TOLD, {}))
    year = today.year - 1
    return BlocksRequest(year, bytes.fromhex(told.get("digest", "")) if told.get("year") == year else b"")


def blocks_come(session: Session, answer: BlocksResponse, today: date) -> None:
    """Keeps the county's list, unless it is the one that is here."""
    store = session.store
    told = dict(store.get(TOLD, {}))
    if answer.digest.hex() != told.get("digest") or told.get("year") != answer.year:
        if not answer.blocks and told.get("year") == answer.year:
            return  # it was the same as what this machine held when it asked, and another one has come since
        store.keep_blocks_told(answer.blocks, (answer.year, answer.year + 1))
    store.set(TOLD, {"digest": answer.digest.hex(), "year": answer.year, "day": today.isoformat()})


def returns_noted(session: Session, sent: Iterable[Returned]) -> None:
    """The county has answered to these; one that it does not know as ours is not asked about again either."""
    session.store.note_returns([unpacked(one.return_id) for one in sent])


def _send_back(session: Session, transport: Transport, reins: Reins) -> int:
    count = 0
    while some := session.store.returns_to_note(MOST_RETURNS):
        if reins.stopped.is_set():
            raise failures.Cancelled
        try:
            answer = transport.take_back(some)
        except failures.TooNew:
            return count  # a county server of before: they stay closed here, and go back when it has been renewed
        if len(answer.noted) != len(some):
            raise failures.Garbled
        returns_noted(session, some)
        count += len(some)
    return count


def _read_blocks(session: Session, transport: Transport, today: date, *, anew: bool) -> None:
    request = blocks_request(session, today)
    told = dict(session.store.get(TOLD, {}))
    if request is not None and (anew or told.get("day") != today.isoformat()):
        blocks_come(session, transport.blocks(request.year, request.digest), today)
