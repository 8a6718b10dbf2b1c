"""Attachments' bytes: taken in piece by piece where the last one ended, verified by their name, given to whose records name them (S9, S5).

Not the tus protocol: its pieces would need a second face, a second way to sign in and a second receipt. These are messages like the
others, signed by the server, and a content has its name, its check and its place before the first byte is sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from county_server import bulk
from county_server.failing import malformed, outside, wrong_content
from county_server.judging import Device
from county_server.schema import CONTENT, CONTENT_PIECE, CONTENT_USE
from jusuo_desktop.records.printed_sheet import contents_named
from jusuo_desktop.wire.limits import MOST_CONTENT, MOST_CONTENTS, MOST_PIECE
from jusuo_desktop.wire.messages import (
    ContentGetRequest,
    ContentGetResponse,
    ContentPutRequest,
    ContentPutResponse,
    ContentStateRequest,
    ContentStateResponse,
)
from jusuo_desktop.wire.scope import OFFICE, feed_of, within

NAME_BYTES: Final = 32
UNKNOWN: Final = -1


def note_uses(connection: Connection, records: Collection[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Remembers which scopes' records name which contents; of every record (kind, scope, values) that a batch touched."""
    named = {(told, scope) for kind, scope, values in records for sha256, _ in contents_named(kind, values) if (told := _named(sha256))}
    bulk.add_missing(connection, CONTENT_USE, [{"sha256": sha256, "feed": feed_of(scope), "scope": scope} for sha256, scope in sorted(named)])


def state(connection: Connection, device: Device, request: ContentStateRequest) -> ContentStateResponse:
    """How much of each content is here.

    Raises:
        Refusal: too many at once.
    """
    if len(request.contents) > MOST_CONTENTS:
        raise malformed()
    allowed = _allowed(connection, device, request.contents, device.also)
    held = {bytes(s): (r, c) for s, r, c in bulk.found(connection, CONTENT, ("sha256", "received", "complete"), "sha256", set(request.contents))}
    received = [held.get(one, (0, 0))[0] if one in allowed else UNKNOWN for one in request.contents]
    return ContentStateResponse(received, [one in allowed and bool(held.get(one, (0, 0))[1]) for one in request.contents])


def put(connection: Connection, device: Device, request: ContentPutRequest, now: int) -> ContentPutResponse:
    """Takes in a piece if it follows on what is here; says where to go on from. Two devices may send one content at the same time.

    Raises:
        Refusal: no record of the device's scope names it, it is too large, or the whole is not what its name says (then it is forgotten).
    """
    sha256, end = request.sha256, request.at + len(request.data)
    if not 0 < request.size <= MOST_CONTENT or not 0 < len(request.data) <= MOST_PIECE or not 0 <= request.at < end <= request.size:
        raise malformed()
    if sha256 not in _allowed(connection, device, [sha256], device.also):
        raise outside()
    bulk.add_missing(connection, CONTENT, [{"sha256": sha256, "size": request.size, "received": 0, "complete": 0, "touched_at": now}])
    held = connection.execute(select(CONTENT).where(CONTENT.c.sha256 == sha256).with_for_update()).one()
    if held.complete:
        return ContentPutResponse(held.received, True)
    if held.size != request.size:  # somebody was wrong about it, and the name will tell who: begin anew
        _forget(connection, sha256)
        return ContentPutResponse(0, False)
    if request.at != held.received:
        return ContentPutResponse(held.received, False)
    connection.execute(insert(CONTENT_PIECE).values(sha256=sha256, at=request.at, data=request.data))
    complete = end == request.size
    if complete and _digest(connection, sha256) != sha256:
        return ContentPutResponse(UNKNOWN, False)
    connection.execute(update(CONTENT).where(CONTENT.c.sha256 == sha256).values(received=end, complete=int(complete), touched_at=now))
    return ContentPutResponse(end, complete)


def forget_wrong(connection: Connection, sha256: bytes) -> None:
    """Forgets a content whose bytes are not what its name says."""
    _forget(connection, sha256)


def get(connection: Connection, device: Device, request: ContentGetRequest) -> ContentGetResponse:
    """A piece of a content.

    Raises:
        Refusal: no record of the device's scope names it, it is not whole yet, or there is no such place in it.
    """
    if not 0 < request.most <= MOST_PIECE or request.at < 0:
        raise malformed()
    if request.sha256 not in _allowed(connection, device, [request.sha256]):
        raise outside()
    held = connection.execute(select(CONTENT).where(CONTENT.c.sha256 == request.sha256)).first()
    if held is None or not held.complete:
        raise wrong_content("这份附件还没有传到县服务器，请等录入它的那台电脑同步以后再打开。")
    if request.at >= held.size:
        raise malformed()
    pieces = CONTENT_PIECE.c.sha256 == request.sha256
    begin = connection.execute(
        select(CONTENT_PIECE.c.at).where(pieces, CONTENT_PIECE.c.at <= request.at).order_by(CONTENT_PIECE.c.at.desc()).limit(1)
    )
    start = int(begin.scalar_one())
    data = bytearray()
    for piece in _pieces(connection, request.sha256, start):
        data += piece
        if len(data) >= request.at - start + request.most:
            break
    return ContentGetResponse(held.size, bytes(data[request.at - start :][: request.most]))


def _named(told: Any) -> bytes:
    """The raw name of a content that a record names; b'' for anything else."""
    try:
        raw = bytes.fromhex(told) if isinstance(told, str) else b""
    except ValueError:
        return b""
    return raw if len(raw) == NAME_BYTES else b""


def _allowed(connection: Connection, device: Device, contents: Collection[bytes], also: tuple[str, ...] = ()) -> set[bytes]:
    """Those that a record of the device's scope names, or one of `also`: what it may give, because it belonged to it when it was scanned."""
    feed = feed_of(device.scope) if len(device.scope) >= OFFICE and not also else None
    uses = bulk.found(connection, CONTENT_USE, ("sha256", "scope"), "sha256", set(contents), feed)
    return {bytes(sha256) for sha256, scope in uses if any(within(scope, one) for one in (device.scope, *also))}


def _digest(connection: Connection, sha256: bytes) -> bytes:
    whole = hashlib.sha256()
    for piece in _pieces(connection, sha256, 0):
        whole.update(piece)
    return whole.digest()


def _pieces(connection: Connection, sha256: bytes, at: int) -> Iterator[bytes]:
    """The pieces from the one that begins at `at`, one in memory at a time."""
    while piece := connection.execute(select(CONTENT_PIECE.c.data).where(CONTENT_PIECE.c.sha256 == sha256, CONTENT_PIECE.c.at == at)).scalar():
        yield bytes(piece)
        at += len(piece)


def _forget(connection: Connection, sha256: bytes) -> None:
    for table in (CONTENT_PIECE, CONTENT):
        connection.execute(delete(table).where(table.c.sha256 == sha256))
