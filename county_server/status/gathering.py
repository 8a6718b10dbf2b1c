"""What the status page tells, read in one snapshot: devices, what was not taken in, number blocks, courier files, attachments, the server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, func, or_, select, text

from county_server import bulk, notes, number_returns, set_aside
from county_server.county import County
from county_server.schema import CONTENT, CONTENT_USE, COURIER_FILE, DEVICE, DEVICE_SEEN, FEED, KNOWN, RECORD, SET_ASIDE
from county_server.upgrade import revision
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.identity import packed, place_id
from jusuo_desktop.records.kind import VOIDED
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.wire.messages import NumberBlock
from jusuo_desktop.wire.scope import COUNTY, OFFICE, VILLAGE, feed_of, follows

MOST_ROWS: Final = 2_000
"""Rows of one list: a county has hundreds of devices, and nobody reads further."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A device. `behind`: places of its feeds that it had not been given when it last asked; None, it never has."""

    id: str
    name: str
    scope: str
    place: str
    enrolled_at: int
    last_contact: int
    revoked_at: int | None
    behind: int | None
    program: str
    aside: int


@dataclass(frozen=True, slots=True)
class Aside:
    """A change that was not taken in."""

    device_id: str
    device_name: str
    place: str
    kind: str
    record: str
    held: bool
    reason: str
    since: int
    settled_at: int | None


@dataclass(frozen=True, slots=True)
class Block:
    """A block of numbers; `series` in words."""

    series: str
    of: NumberBlock


@dataclass(frozen=True, slots=True)
class CourierFile:
    """A file that came on a stick."""

    digest: str
    device_id: str
    device_name: str
    taken_at: int
    times: int
    counts: Mapping[str, int]
    entries: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How the county stands as a whole; `backup` is (when, where) of the last one that is known, `heads` the last place of each feed."""

    aside: int
    conflicts: int
    contents_named: int
    contents_waiting: int
    bytes_waiting: int
    schema: str
    database: str
    database_bytes: int
    backup: tuple[int, str] | None
    heads: Mapping[str, int]
    places: Mapping[str, str]


def seats(connection: Connection) -> list[Seat]:
    """Every device, also those that are shut out."""
    heads = {row.name: row.last_seq for row in connection.execute(select(FEED))}
    counted = select(SET_ASIDE.c.device_id, func.count().label("many")).where(SET_ASIDE.c.settled_at.is_(None)).group_by(SET_ASIDE.c.device_id)
    aside = {row.device_id: row.many for row in connection.execute(counted)}
    joined = select(DEVICE, DEVICE_SEEN.c.cursor, DEVICE_SEEN.c.program).outerjoin(DEVICE_SEEN, DEVICE_SEEN.c.device_id == DEVICE.c.id)
    rows = connection.execute(joined.order_by(DEVICE.c.scope, DEVICE.c.enrolled_at)).all()
    places = place_names(connection, {row.scope for row in rows})
    return [
        Seat(
            r.id, r.name, r.scope, places[r.scope], r.enrolled_at, r.last_contact, r.revoked_at, _behind(heads, r.scope, r.cursor),
            r.program or "", aside.get(r.id, 0),
        )
        for r in rows
    ]  # fmt: skip


def _behind(heads: Mapping[str, int], scope: str, cursor: bytes | None) -> int | None:
    if not cursor:
        return None
    held: dict[str, int] = msgspec.msgpack.decode(cursor, type=dict[str, int])
    return sum(max(0, head - held.get(feed, 0)) for feed, head in heads.items() if follows(feed, scope))


def asides(connection: Connection, state: str) -> list[Aside]:
    """What stands outside, the newest first; 'settled': what has come in since; 'left': what devices left behind that are shut out."""
    query = select(SET_ASIDE, DEVICE.c.name, DEVICE.c.scope).join(DEVICE, DEVICE.c.id == SET_ASIDE.c.device_id)
    if state == "settled":
        query = query.where(SET_ASIDE.c.settled_at.is_not(None))
    else:
        shut_out = DEVICE.c.revoked_at.is_not(None) if state == "left" else DEVICE.c.revoked_at.is_(None)
        query = query.where(SET_ASIDE.c.settled_at.is_(None), shut_out)
    rows = connection.execute(query.order_by(SET_ASIDE.c.since.desc(), SET_ASIDE.c.change_id).limit(MOST_ROWS)).all()
    places = place_names(connection, {row.scope for row in rows})
    return [
        Aside(
            r.device_id, r.name, places[r.scope], KINDS[r.kind].label if r.kind in KINDS else "未知种类", bytes(r.record_id).hex()[-8:],
            bool(r.held), r.reason, r.since, r.settled_at,
        )
        for r in rows
    ]  # fmt: skip


def blocks(connection: Connection, county: County, year: int) -> list[Block]:
    """The blocks of a year's series."""
    found = number_returns.blocks(connection, county.code, (year,))[:MOST_ROWS]
    owners = {owner: raw for b in found if (raw := _identity(owner := b.series.partition("/")[0]))}
    names = _names(connection, owners.values())
    return [Block(_series(b.series, names.get(owners.get(b.series.partition("/")[0], b""), "")), b) for b in found]


def _series(series: str, owner: str) -> str:
    parts = series.split("/")
    if len(parts) != 3:
        return series
    kind = KINDS[parts[2]].label if parts[2] in KINDS else parts[2]
    return f"{owner or '…' + parts[0][-8:]} {parts[1]}年 {kind}"


def _identity(told: str) -> bytes:
    try:
        raw = packed(told)
    except ValueError:
        return b""
    return raw


def courier_files(connection: Connection) -> list[CourierFile]:
    """The files taken in, the newest first."""
    query = select(COURIER_FILE, DEVICE.c.name).outerjoin(DEVICE, DEVICE.c.id == COURIER_FILE.c.device_id)
    rows = connection.execute(query.order_by(COURIER_FILE.c.taken_at.desc()).limit(MOST_ROWS)).all()
    return [CourierFile(r.digest, r.device_id, r.name or "", r.taken_at, r.times, json.loads(r.counts), r.entries) for r in rows]


def standing(connection: Connection, county: County) -> Standing:
    """The figures at the head of every page."""
    named = select(CONTENT_USE.c.sha256).distinct().subquery()
    waiting = (
        select(func.count(), func.coalesce(func.sum(CONTENT.c.size - CONTENT.c.received), 0))
        .select_from(named.outerjoin(CONTENT, CONTENT.c.sha256 == named.c.sha256))
        .where(or_(CONTENT.c.sha256.is_(None), CONTENT.c.complete == 0))
    )
    many, missing = connection.execute(waiting).one()
    kept = notes.read(connection, notes.BACKUP)
    heads = {row.name: row.last_seq for row in connection.execute(select(FEED).order_by(FEED.c.name))}
    return Standing(
        set_aside.open_count(connection),
        _open_conflicts(connection),
        int(connection.execute(select(func.count()).select_from(named)).scalar_one()),
        many,
        int(missing),
        revision(connection) or "",
        "SQLite" if county.database.embedded else "PostgreSQL",
        _size(connection, embedded=county.database.embedded),
        (kept.noted_at, kept.content) if kept is not None else None,
        heads,
        place_names(connection, set(heads)),
    )


def _open_conflicts(connection: Connection) -> int:
    """Read from the bodies, through the index that holds conflicts alone."""
    found = connection.execute(select(RECORD.c.body).where(text("kind = 'conflict'")).execution_options(yield_per=500)).scalars()
    assert CONFLICT.name == "conflict"
    decoded: Iterable[dict[str, Any]] = (msgspec.msgpack.decode(body) for body in found)
    return sum(values.get("state") == "open" and VOIDED.name not in values for values in decoded)


def _size(connection: Connection, *, embedded: bool) -> int:
    if embedded:
        pages, size = (connection.exec_driver_sql(f"PRAGMA {one}").scalar_one() for one in ("page_count", "page_size"))
        return int(pages) * int(size)
    return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def place_names(connection: Connection, scopes: Iterable[str]) -> dict[str, str]:
    """What people call each scope: the names of office and village as the county's records have them, the code where they have none."""
    identities: dict[str, bytes] = {}
    for scope in scopes:
        if len(scope) >= OFFICE:
            identities[scope[:OFFICE]] = packed(place_id("judicial_office", scope[:OFFICE]))
        if len(scope) == VILLAGE:
            identities[scope] = packed(place_id("village", scope))
    names = _names(connection, identities.values())
    told = {code: names.get(raw, "") for code, raw in identities.items()}
    return {scope: _place(scope, told) for scope in scopes}


def _place(scope: str, told: Mapping[str, str]) -> str:
    if len(scope) == COUNTY:
        return "全县"
    office, village = told.get(feed_of(scope), ""), told.get(scope, "")
    if len(scope) == OFFICE:
        return office or scope
    return f"{office or feed_of(scope)} · {village or scope}"


def _names(connection: Connection, identities: Iterable[bytes]) -> dict[bytes, str]:
    """The names of records of places and committees."""
    homes: dict[str, list[bytes]] = {}
    for identity, home in bulk.found(connection, KNOWN, ("id", "home"), "id", set(identities)):
        homes.setdefault(home, []).append(bytes(identity))
    names: dict[bytes, str] = {}
    for home, wanted in homes.items():
        for identity, kind, body in bulk.found(connection, RECORD, ("id", "kind", "body"), "id", wanted, home):
            if kind in ("judicial_office", "village", "mediation_committee"):
                names[bytes(identity)] = str(msgspec.msgpack.decode(body).get("name", ""))
    return names
