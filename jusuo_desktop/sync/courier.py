"""The road by USB stick: what waits goes into a sealed file, the county's answer comes back in one (promise S10).

Nothing is marked as sent by an export: a change is done when its answer, or the network, brings it back. So a stick that is lost loses
nothing, and one that arrives late changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jusuo_desktop.records.identity import new_id, packed, unpacked
from jusuo_desktop.store import Store, UnknownOwnChange
from jusuo_desktop.store.enrolment import Enrolment
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.progress import SyncReport
from jusuo_desktop.wire.bundle import (
    FROM_COUNTY,
    FROM_DEVICE,
    Answer,
    BadBundle,
    Head,
    Outgoing,
    digest_of_bundle,
    open_bundle,
    read_head,
    seal_key_of,
    write_bundle,
)
from jusuo_desktop.wire.codec import Malformed, decode, encode
from jusuo_desktop.wire.columns import push_request
from jusuo_desktop.wire.epoch import follows
from jusuo_desktop.wire.messages import BlocksRequest, BlocksResponse, Change, LeaseRequest, LeaseResponse, PullResponse, Result, Returned

SEAL_KEY: Final = "county_seal_key"
"""Setting: the key to which bundles for the county are sealed, hex; learnt over the network from the pinned server."""
ECHO: Final = "courier_echo"
"""Setting: the next bundle asks for this device's own changes as well, because a backup was restored since they were made."""
MOST_CHANGES: Final = 60_000
MOST_BYTES: Final = 24 * 1024 * 1024
"""Of values in one bundle; what is left goes with the next one."""
BATCH_CHANGES: Final = 1_000
BATCH_BYTES: Final = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Exported:
    """A file to be carried: its bytes, what it is called by, how many changes of each kind, how many stayed behind."""

    data: bytes
    digest: str
    serial: str
    counts: Mapping[str, int]
    left: int

    @property
    def changes(self) -> int:
        """How many changes are in it."""
        return sum(self.counts.values())


def exported(
    store: Store, leases: Sequence[LeaseRequest], made_at: int, *, returns: Sequence[Returned] = (), blocks: BlocksRequest | None = None
) -> Exported:
    """What waits, sealed to the county, with the numbers wanted and given back, and the list of blocks if it is asked for. `made_at` in
    milliseconds, evidence only.

    Raises:
        NotEnrolled: no identity yet.
        Refused: the county's seal was never learnt.
    """
    enrolment = _enrolment(store)
    seal_key = bytes.fromhex(str(store.get(SEAL_KEY, "")))
    if not seal_key:
        raise Refused("本机还没有取得县里的加密钥匙：请先联网同步一次，以后就可以用U盘交换。")
    store.resend()
    anew = store.reading_anew()  # the county is heard before anything is sent, as over the network
    changes = [] if anew else store.waiting(MOST_CHANGES, MOST_BYTES)
    batches = [encode(push_request(packed(new_id()), enrolment.epoch, batch, scope=store.scope)) for batch in _batches(changes)]
    serial = new_id()
    head = Head(FROM_DEVICE, enrolment.device_id, enrolment.epoch, packed(serial), made_at, _reply_key(enrolment))
    content = Outgoing(batches, store.feed_cursor(), list(leases), anew or bool(store.get(ECHO, False)), list(returns), blocks)
    data = write_bundle(head, content, Ed25519PrivateKey.from_private_bytes(enrolment.private_key), seal_key)
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.kind] = counts.get(change.kind, 0) + 1
    return Exported(data, digest_of_bundle(data), serial, counts, store.outbox_counts().get("waiting", 0) - len(changes))


@dataclass(frozen=True, slots=True)
class Imported:
    """What an answer brought: the report as of a sync, the serial of the bundle that it answers and when the county made it (its clock, ms),
    the numbers granted, those noted as given back, and the list of blocks where it was asked for.
    """

    report: SyncReport
    serial: str
    made_at: int
    leases: Sequence[tuple[bytes, LeaseResponse | None]]
    more: bool
    returned: Sequence[bytes]
    blocks: BlocksResponse | None


def imported(store: Store, data: bytes) -> Imported:
    """Takes in the county's answer. An answer that was taken in before, or that the network has overtaken, changes nothing.

    Raises:
        NotEnrolled: no identity yet.
        Refused: not the county's answer to this machine, or one that does not follow on what is here; the sentence says what to do.
    """
    enrolment = _enrolment(store)
    answer, head = _opened(store, enrolment, data)
    here = store.feed_cursor()
    if any(here.get(feed, 0) < seq for feed, seq in answer.cursor.items()):
        raise Refused("这份回执接不上本机的数据：导出以后本机恢复过备份。请重新导出一次，再到县里换回执。")
    report = SyncReport()
    for raw in answer.pages:
        try:
            page = decode(raw, PullResponse)
            _follow_scope(store, page.scope, page.scope_number)
            report.received += store.apply(page.entries, page.cursor, page.marks).entries
        except Malformed:
            raise Refused("回执文件里有一部分读不出来，请重新复制一次。") from None
        except UnknownOwnChange:
            store.set(ECHO, True)
            raise Refused("本机恢复过备份，需要从县里补取自己以前上报的内容：请重新导出一次，再到县里换回执。") from None
    store.set(ECHO, None)
    if store.reading_anew() and not answer.more:
        store.restate()
    for ids, response in answer.results:
        changes = [unpacked(ids[at : at + 16]) for at in range(0, len(ids), 16)]
        if len(changes) != len(response.results):
            raise Refused("回执文件里有一部分读不出来，请重新复制一次。")
        store.mark(changes, response.results, late=True)
        _count(report, response.results)
    store.make_anew()
    if answer.digest.cursor == store.feed_cursor():
        digest, report.records = store.held_digest()
        report.digest, report.digest_equal = digest.hex(), (digest, report.records) == (answer.digest.digest, answer.digest.count)
    return Imported(report, unpacked(head.serial), head.made_at, answer.leases, answer.more, answer.returned, answer.blocks)


def _follow_scope(store: Store, scope: str, number: int) -> None:
    """The county gave this device another scope: a smaller one goes on from where it was; for another one everything is read anew. An answer
    that was under way since before then is not believed.
    """
    if number < store.scope_number():
        raise Refused("这份回执是县局改变本机管辖范围以前给的，已经过时。请重新导出一次，再到县里换回执。已录入的内容没有丢失。")
    if scope in ("", store.scope):
        store.note_scope_number(number)
        return
    smaller = scope.startswith(store.scope)
    store.rescope(scope, number)
    if not smaller:
        raise Refused("县局改变了本机的管辖范围。请重新导出一次，再到县里换回执，就能收到新的范围里的内容。已录入的内容没有丢失。")


def _opened(store: Store, enrolment: Enrolment, data: bytes) -> tuple[Answer, Head]:
    """An answer to this machine. One of a county that went on under a later epoch, signed by the key that this machine enrolled with, brings
    nothing but that news, which is followed.
    """
    try:
        head = read_head(data)
        if head.sender != FROM_COUNTY:
            raise BadBundle("是本机或别的司法所交给县里的文件，不是县里的回执")
        if head.device_id != enrolment.device_id:
            raise BadBundle("是县里给另一台电脑的回执")
        later = follows(head.epoch, enrolment.epoch)
        if head.epoch != enrolment.epoch and not later:
            raise failures.EpochChanged
        answer = open_bundle(data, Answer, enrolment.server_key, seal_key_of(enrolment.private_key))
    except BadBundle as bad:
        raise Refused(f"这个文件不能导入：{bad}。本机数据没有改动。") from None
    if later:
        store.follow(head.epoch)
        raise Refused("县服务器的数据恢复过，本机已经记下。请重新导出一次，再到县里换回执，县里缺的内容会补送上去。已录入的内容没有丢失。")
    return answer, head


def _count(report: SyncReport, results: Sequence[Result]) -> None:
    for result in results:
        match result.status:
            case "accepted" | "duplicate":
                report.sent += 1
            case "conflict":
                report.sent += 1
                report.conflicts += len(result.fields)
            case "held":
                report.held += 1
            case _:
                report.refused += 1
                report.refusals.append(result.message)


def _batches(changes: Sequence[Change]) -> Iterator[list[Change]]:
    batch: list[Change] = []
    size = 0
    for change in changes:
        length = len(bytes(cast("bytes", change.fields)))  # still in the form in which it was queued
        if batch and (len(batch) >= BATCH_CHANGES or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(change)
        size += length
    if batch:
        yield batch


def _enrolment(store: Store) -> Enrolment:
    enrolment = store.enrolment
    if enrolment is None:
        raise failures.NotEnrolled
    return enrolment


def _reply_key(enrolment: Enrolment) -> bytes:
    return seal_key_of(enrolment.private_key).public_key().public_bytes_raw()
