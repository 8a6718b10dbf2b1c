"""Takes in a bundle that came on a USB stick and makes the answer that goes back the same way (promise S10).

Every request in it passes the same acts as over the network, so importing it again, or after the network came back, changes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import Connection, update

from county_server import bulk, devices
from county_server.county import County
from county_server.failing import Refusal, other_epoch
from county_server.schema import COURIER_FILE
from jusuo_desktop.wire.bundle import (
    FROM_COUNTY,
    FROM_DEVICE,
    MOST_BATCHES,
    MOST_LEASES,
    Answer,
    BadBundle,
    Head,
    Outgoing,
    digest_of_bundle,
    open_bundle,
    read_head,
    write_bundle,
)
from jusuo_desktop.wire.codec import Malformed, decode, encode
from jusuo_desktop.wire.columns import changes_of
from jusuo_desktop.wire.epoch import follows
from jusuo_desktop.wire.limits import PULL_BYTES
from jusuo_desktop.wire.messages import (
    DigestRequest,
    LeaseRequest,
    LeaseResponse,
    PullRequest,
    PushRequest,
    PushResponse,
    Result,
    ReturnRequest,
)

MOST_ANSWER: Final = 40 * 1024 * 1024
"""Bytes of pages in one answer; what is left comes with the next bundle."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did, for the administrator's screen and the hand-over receipt; `answer` is the file that goes back."""

    answer: bytes
    device_id: str
    device_name: str
    digest: str
    counts: dict[str, int]
    entries: int
    more: bool


def take_in(county: County, data: bytes) -> Taken:
    """Takes in a device's bundle.

    Raises:
        BadBundle: no bundle, changed on the way, not from a device of this county.
        Refusal: another installation's (not of one that was restored since), or from a device that is shut out.
    """
    head = read_head(data)
    if head.sender != FROM_DEVICE:
        raise BadBundle("是县里发出的回执，不是司法所交来的文件")
    later = follows(county.epoch, head.epoch)
    if head.epoch != county.epoch and not later:
        raise other_epoch()
    with county.database.reading() as connection:
        row = devices.device_row(connection, head.device_id)
    content: Outgoing = open_bundle(data, Outgoing, bytes(row.public_key), county.seal_key)
    if len(content.batches) > MOST_BATCHES or len(content.leases) > MOST_LEASES:
        raise BadBundle("内容太多，请分几次导出")
    try:
        X25519PublicKey.from_public_bytes(head.reply_key)
    except ValueError:
        raise BadBundle("没有写明回执给谁") from None
    if later:  # this server was restored since: its answer says so and nothing else, and the device exports anew
        content = Outgoing([], {}, [])
    results = [_push(county, head.device_id, batch) for batch in content.batches]
    returned = _take_back(county, head.device_id, content)
    leases = [(request.request_id, _lease(county, head.device_id, request)) for request in content.leases]
    pages, entries, more = ([], 0, False) if later else _pages(county, head.device_id, content)
    digest = county.digest(head.device_id, DigestRequest(county.epoch))
    blocks = county.blocks(head.device_id, content.blocks) if content.blocks is not None else None
    answer = Answer(results, content.cursor, pages, leases, digest, more, returned, blocks)
    back = Head(FROM_COUNTY, head.device_id, county.epoch, head.serial, county.now())
    counts: dict[str, int] = {}
    for _, response in results:
        for result in response.results:
            counts[result.status] = counts.get(result.status, 0) + 1
    sealed = write_bundle(back, answer, county.key, head.reply_key)
    taken = Taken(sealed, head.device_id, str(row.name), digest_of_bundle(data), counts, entries, more)
    with county.database.writing() as connection:
        _note(connection, taken, county.now())
    return taken


def _note(connection: Connection, taken: Taken, now: int) -> None:
    """Remembers the file for the status page; the same file again counts as the same."""
    bulk.add_missing(
        connection,
        COURIER_FILE,
        [{"digest": taken.digest, "device_id": taken.device_id, "taken_at": now, "times": 0, "counts": "{}", "entries": 0}],
    )
    told = {"taken_at": now, "times": COURIER_FILE.c.times + 1, "counts": json.dumps(taken.counts), "entries": taken.entries}
    connection.execute(update(COURIER_FILE).where(COURIER_FILE.c.digest == taken.digest).values(told))


def _push(county: County, device_id: str, batch: bytes) -> tuple[bytes, PushResponse]:
    """One batch; one that cannot be taken as a whole is answered change by change with the reason, and the others go on."""
    try:
        request = decode(batch, PushRequest)
    except Malformed:
        raise BadBundle("里面有一批数据读不出来") from None
    changes = changes_of(request)
    if changes is None:
        raise BadBundle("里面有一批数据读不出来")
    ids = b"".join(change.change_id for change in changes)
    try:
        return ids, county.push(device_id, request)
    except Refusal as refused:
        return ids, PushResponse(county.epoch, [Result("rejected", message=refused.message) for _ in changes], county.now())


def _take_back(county: County, device_id: str, content: Outgoing) -> list[bytes]:
    """The numbers given back that have been looked at; one that is nobody's there is done with as well."""
    if content.returns:
        county.take_back(device_id, ReturnRequest(content.returns))
    return [one.return_id for one in content.returns]


def _lease(county: County, device_id: str, request: LeaseRequest) -> LeaseResponse | None:
    try:
        return county.lease(device_id, request)
    except Refusal:
        return None


def _pages(county: County, device_id: str, content: Outgoing) -> tuple[list[bytes], int, bool]:
    """What comes after the device's cursor, as it would have been sent; how many entries; whether some had to stay behind."""
    cursor, pages, size, entries = content.cursor, list[bytes](), 0, 0
    while True:
        page = county.pull(device_id, PullRequest(county.epoch, cursor, PULL_BYTES, content.echo_own))
        pages.append(encode(page))
        size += len(pages[-1])
        entries += len(page.entries)
        cursor = page.cursor
        if not page.more:
            return pages, entries, False
        if size > MOST_ANSWER:
            return pages, entries, True
