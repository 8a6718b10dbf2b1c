"""To give a record its printed number: the series and the pattern are found here, the number is drawn and written by the store."""

from __future__ import annotations

from typing import Final

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Values
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import numbers
from jusuo_desktop.store.number_returns import RESTING, WANTED
from jusuo_desktop.store.refusal import Refused

PATTERNS: Final = "number_patterns"
"""Setting: {kind: pattern}; a kind that is not named there takes numbers.PATTERN."""

KIND_WORDS: Final = {"mediation": "调字", "agreement": "调协字", "consultation": "咨字", "adviser_visit": "顾字"}
"""The word of a kind in its number (domain/forms.md §1 rule 4: a proposal, changed by the pattern)."""

MOST_WANTED: Final = 100
BODY: Final = "人民调解委员会"


def pattern_of(session: Session, kind: str) -> str:
    """How numbers of a kind are written in this office.

    Raises:
        Refused: the setting makes no numbers.
    """
    return numbers.check_pattern(str(dict(session.store.get(PATTERNS, {})).get(kind, numbers.PATTERN)))


def office_of(session: Session, scope: str = "") -> Record | None:
    """The judicial office of a scope (of this store unless told), None where it is not on this device."""
    code = (scope or session.store.scope)[:9]
    return session.store.record(place_id("judicial_office", code))


def owner_of(session: Session, record: Record) -> Record | None:
    """Who gives out the record's number: the committee of a mediation and of what belongs to it, else the office."""
    store = session.store
    holder = store.record(record.parent_id) if record.parent_id else record
    committee = holder.values.get("committee") if holder is not None else None
    found = store.record(str(committee)) if committee else None
    return found or office_of(session, record.scope)


def draw(session: Session, record_id: str) -> Record:
    """The record with its printed number; it is drawn now if the record has none. Asking again never gives a second one.

    Raises:
        Refused: the block is used up, the role does not allow it, the record is voided or not on this device.
    """
    store = session.store
    record = store.record(record_id)
    if record is None:
        raise Refused("这条记录不在本机上，可能已经移交给别的司法所。")
    kind = KINDS[record.kind]
    if not kind.number or record.values.get(kind.number):
        return record
    owner = owner_of(session, record)
    dated = str(record.values.get(kind.order) or session.today().isoformat())
    owner_id = owner.id if owner is not None else place_id("judicial_office", record.scope[:9])
    said = {**said_of(owner.values if owner is not None else {}, kind.name), "year": dated[:4], "month": dated[5:7], "region": record.scope[:6]}
    pattern = numbers.written(pattern_of(session, kind.name), said)
    series = numbers.series(owner_id, int(dated[:4]), kind.name)
    wanted = list(store.get(WANTED, []))
    try:
        done = store.draw_number(record_id, series, pattern)
    except numbers.NumbersUsedUp:
        store.set(WANTED, [*(name for name in wanted if name != series), series][-MOST_WANTED:])
        raise
    if series in wanted:
        store.set(WANTED, [name for name in wanted if name != series])
        store.set(RESTING, [name for name in store.get(RESTING, []) if name != series])
    return done


def said_of(owner: Values, kind: str) -> dict[str, str | int]:
    """What a number says of who gives it out and of what it is for."""
    return {"short_name": _short(owner), "kind": KIND_WORDS.get(kind, "字")}


def _short(owner: Values) -> str:
    """The short name of a committee or office, from its full name where none is set; without braces, which tokens are written in."""
    short = str(owner.get("short_name") or str(owner.get("name", "")).removesuffix(BODY).removesuffix("司法所"))
    return short.replace("{", "").replace("}", "")[:20]
