"""The messages between a device and the county server: msgpack arrays, compressed with zstd, identities as 16 raw bytes.

New members are only ever added at the end with a default, so that an older and a newer side understand each other (S6).
Values inside `fields` are those of records.field.Value; None means "the field was emptied". What comes by the thousand is left out of the
garbage collector's rounds (`gc=False`): it never refers to itself.
"""

from __future__ import annotations

from typing import Any

import msgspec

PROTOCOL = 1
OLDEST = 1
"""The oldest protocol that this version still speaks: the number changes when both sides cannot understand each other by adding members alone."""

PUSH_FORM = 2
CONTENT_TYPE = "application/vnd.jusuo.sync"
"""An answer without this type did not come from a county server: a captive portal, a proxy, a router page."""

COUNTY_DEVICE = "county"
"""The device id of what the server writes itself: conflicts, and records that arrive from another office (then without an author)."""

RECEIPT_HEADER = "X-Jusuo-Receipt"
"""Base64 Ed25519 signature by the server over wire.receipt.receipt_text(request body, answer body)."""


class Change(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One act on one record by one person on one device; immutable once queued.

    `base_version` is the server version it was made on (0: the server has not seen the record). `made_at` is the
    device's clock in milliseconds since 1970, evidence only: no decision depends on it (S7).
    `kind`, `scope`, `parent_id` describe the record and count only when the change creates it.
    """

    change_id: bytes
    record_id: bytes
    kind: str
    scope: str
    parent_id: bytes
    base_version: int
    author_id: str
    made_at: int
    fields: dict[str, Any]


class PushRequest(msgspec.Struct, frozen=True, array_like=True):
    """A batch. Sending it again has no second effect: each change is known by its id for ever.

    It travels by columns, one for each member of Change: what repeats lies together and shrinks to nothing, and the identities, which
    cannot shrink, do not tear it apart. wire.columns makes one from changes and gives them back.
    """

    batch_id: bytes
    epoch: str
    record_ids: bytes
    change_ids: bytes
    """Both sixteen bytes a change; a change that goes by its record's identity has sixteen zero bytes here."""
    kinds: list[str]
    scopes: list[str]
    parent_ids: list[bytes]
    base_versions: list[int]
    author_ids: list[str]
    made_ats: list[int]
    fields: list[dict[str, Any]]
    cursor: dict[str, int] = {}
    marks: dict[str, bytes] = {}
    """What the device holds of the feeds (see PullRequest): a server that was restored takes nothing from a device that is ahead of it."""
    scope: str = ""
    """What the device takes for its scope: what it typed before it heard of another one is taken in all the same (S3)."""


class TablePush(msgspec.Struct, frozen=True, array_like=True):
    """The same batch, its values by field as well (push form 2; sent to a server that says so in its SessionResponse).

    `shapes` are the kinds of change that occur, each a record kind followed by names of fields; `shape_of` says which one each change is.
    `columns` hold the values of each pair of kind and name, in the order in which the pairs first occur in `shapes`. `ids` has a byte a change:
    0, it goes by its record's identity; 1, its identity follows from its content (wire.table.content_id); 2, it is the next one of `own_ids`.
    """

    batch_id: bytes
    epoch: str
    record_ids: bytes
    ids: bytes
    own_ids: bytes
    shapes: list[list[str]]
    shape_of: list[int]
    scopes: list[str]
    parent_ids: list[bytes]
    base_versions: list[int]
    author_ids: list[str]
    made_ats: list[int]
    columns: list[list[Any]]
    cursor: dict[str, int] = {}
    marks: dict[str, bytes] = {}
    scope: str = ""


class Result(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What became of one change, in the order of the batch.

    status: 'accepted', 'conflict' (accepted but for `fields`, each of which is now an open conflict record),
    'duplicate' (was accepted earlier; `version` and `fields` as then), 'rejected' (`message` says why, in Chinese),
    'held' (its parent or an earlier change is missing; send again later).
    """

    status: str
    version: int = 0
    fields: list[str] = []
    message: str = ""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where the accepted changes of a batch stand: one after the other in one feed from `first` on, as they were sent and with nothing between.

    It says what a pull would bring of them, so that a device that holds the feed up to there need not ask. `mark` is that of the last one.
    """

    feed: str
    first: int
    received_at: int
    mark: bytes


class PushResponse(msgspec.Struct, frozen=True, array_like=True):
    """One result per change; `server_time` in milliseconds lets the device measure its clock's offset."""

    epoch: str
    results: list[Result]
    server_time: int
    place: Place | None = None


class PullRequest(msgspec.Struct, frozen=True, array_like=True):
    """Asks for what comes after `cursor` (feed -> last seq held), at most `most_bytes` of it.

    With `echo_own` false, entries of this device's own changes come without `fields`: it has them in its outbox. `marks` are those that came
    with the cursor: if another change stands at one of these places now, the server has been restored and gone on since.
    """

    epoch: str
    cursor: dict[str, int]
    most_bytes: int
    echo_own: bool = False
    marks: dict[str, bytes] = {}


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One accepted change at its place in a feed. `refused` names fields that became conflicts and were not applied.

    `scope` is where the record belongs from now on. One outside the device's own says that the record has left: its village was moved.
    """

    feed: str
    seq: int
    change_id: bytes
    record_id: bytes
    kind: str
    scope: str
    parent_id: bytes
    version: int
    device_id: str
    author_id: str
    made_at: int
    received_at: int
    fields: dict[str, Any] | None
    refused: list[str] = []


class PullResponse(msgspec.Struct, frozen=True, array_like=True):
    """`cursor` holds every feed of the device's scope; `more` tells whether asking again brings further entries."""

    epoch: str
    entries: list[Entry]
    cursor: dict[str, int]
    more: bool
    server_time: int
    marks: dict[str, bytes] = {}
    """By feed, the beginning of the identity of the change at the cursor's place."""
    scope: str = ""
    """The scope for which this was read: a device whose own is another one takes it on, and seals what lies outside."""
    digest: bytes = b""
    """With the last page, what a `DigestRequest` would bring at its cursor: on a far line each exchange is a second."""
    count: int = -1
    """-1: not told."""
    scope_number: int = 0
    """Grows with each scope that the device is given: an answer that was long under way does not turn it back to a former one."""


class Hello(msgspec.Struct, frozen=True, array_like=True):
    """The server's face before enrolment, verified against the fingerprint inside the one-time code."""

    protocol: int
    epoch: str
    county_name: str
    server_key: bytes
    root_certificate: bytes
    """DER of the county's own root, b'' where the server runs without TLS (loopback, tests)."""
    seal_key: bytes = b""
    """X25519 key to which bundles for the county are sealed (wire.bundle); believed only in an answer signed by the pinned server."""
    oldest: int = 1
    """The oldest protocol that the server still speaks."""


class EnrollRequest(msgspec.Struct, frozen=True, array_like=True):
    """Redeems a one-time code for a device identity. `device_key` is an Ed25519 public key made on the device."""

    code: str
    device_key: bytes
    device_name: str


class EnrollResponse(msgspec.Struct, frozen=True, array_like=True):
    """The device's identity and scope; `feeds` are the feeds it will pull."""

    device_id: str
    scope: str
    epoch: str


class ChallengeRequest(msgspec.Struct, frozen=True, array_like=True):
    """Asks for a nonce to sign."""

    device_id: str


class ChallengeResponse(msgspec.Struct, frozen=True, array_like=True):
    """A short-lived nonce, authenticated by the server itself so that no worker has to remember it."""

    challenge: bytes


class SessionRequest(msgspec.Struct, frozen=True, array_like=True):
    """The challenge signed with the device key. `program` is the version of the device's program, for the administrator; `protocol` and `oldest`
    are the newest and the oldest protocol that it speaks.
    """

    device_id: str
    challenge: bytes
    signature: bytes
    program: str = ""
    protocol: int = 1
    oldest: int = 1


class SessionResponse(msgspec.Struct, frozen=True, array_like=True):
    """A bearer token and the seconds it lives; `scope` may have changed since enrolment.

    `push_form` is the newest form of a batch that the server reads: 1, PushRequest at /v1/push; 2, TablePush at /v2/push as well.
    `release_secret` is what this device shares with the county for release codes (wire.release_code).
    """

    token: str
    seconds: int
    scope: str
    push_form: int = 1
    release_secret: bytes = b""


class ReleaseRequest(msgspec.Struct, frozen=True, array_like=True):
    """A director asks for the code that opens a locked device of his office. `author_id` is his worker record, `days` 0: the county's number."""

    device_id: str
    challenge: str
    author_id: str
    days: int = 0


class ReleaseResponse(msgspec.Struct, frozen=True, array_like=True):
    """The code to be read out, for how many days, and by which name the county knows the device."""

    code: str
    days: int
    device_name: str


class LeaseRequest(msgspec.Struct, frozen=True, array_like=True):
    """Asks for `count` numbers of one series ('committee id/year/kind'). `request_id` makes it repeatable (S8).

    `after` is the highest number that the office gave out by itself, before it joined the county: the block begins behind it.
    """

    request_id: bytes
    series: str
    count: int
    after: int = 0


class LeaseResponse(msgspec.Struct, frozen=True, array_like=True):
    """The block [first, last], final and this device's alone."""

    first: int
    last: int


class Returned(msgspec.Struct, frozen=True, array_like=True):
    """Numbers [first, last] of a series that the device leased, has not drawn and never will. `return_id` makes it repeatable (S8)."""

    return_id: bytes
    series: str
    first: int
    last: int
    because: str = ""


class ReturnRequest(msgspec.Struct, frozen=True, array_like=True):
    """Gives back numbers; sent after the device has closed them for itself, so that it can draw none of them any more."""

    returns: list[Returned]


class ReturnResponse(msgspec.Struct, frozen=True, array_like=True):
    """Whether each is noted now; false: it was never this device's, and asking again is of no use."""

    noted: list[bool]


class NumberBlock(msgspec.Struct, frozen=True, array_like=True):
    """A block as the county knows it: who holds it since when, what came back of it ([first, last, when]), when and why it was closed.

    Times are the county's, in milliseconds; `closed_at` 0: it is open.
    """

    series: str
    first: int
    last: int
    device_id: str
    device_name: str
    leased_at: int
    closed_at: int = 0
    because: str = ""
    returned: list[list[int]] = []


class BlocksRequest(msgspec.Struct, frozen=True, array_like=True):
    """Asks for the blocks of the devices within this device's scope, of the series of `year` and the year after; `digest` is what it holds."""

    year: int
    digest: bytes = b""


class BlocksResponse(msgspec.Struct, frozen=True, array_like=True):
    """All of them, of `year` and the one after; none when the device's digest is the same."""

    year: int
    digest: bytes
    blocks: list[NumberBlock]


class DigestRequest(msgspec.Struct, frozen=True, array_like=True):
    """Asks for the digest of every record the device may hold, at the server's present cursor."""

    epoch: str


class DigestResponse(msgspec.Struct, frozen=True, array_like=True):
    """Digest (wire.digest) and count of the device's scope with the cursor at which they hold."""

    digest: bytes
    count: int
    cursor: dict[str, int]


class ContentStateRequest(msgspec.Struct, frozen=True, array_like=True):
    """Asks how much of some contents (raw SHA-256) the server holds already."""

    epoch: str
    contents: list[bytes]


class ContentStateResponse(msgspec.Struct, frozen=True, array_like=True):
    """One answer each: the bytes received so far, and whether the whole is there and verified; -1 where no record of the scope names it."""

    received: list[int]
    complete: list[bool]


class ContentPutRequest(msgspec.Struct, frozen=True, array_like=True):
    """A piece of a content of `size` bytes, beginning at byte `at`; taken in only where the last one ended (S9)."""

    epoch: str
    sha256: bytes
    size: int
    at: int
    data: bytes


class ContentPutResponse(msgspec.Struct, frozen=True, array_like=True):
    """How much the server holds now: the sender goes on from there, whatever it thought."""

    received: int
    complete: bool


class ContentGetRequest(msgspec.Struct, frozen=True, array_like=True):
    """Asks for at most `most` bytes of a content from byte `at` on."""

    epoch: str
    sha256: bytes
    at: int
    most: int


class ContentGetResponse(msgspec.Struct, frozen=True, array_like=True):
    """A piece of it, and how long the whole is; the receiver verifies the whole by its name."""

    size: int
    data: bytes


class Failure(msgspec.Struct, frozen=True, array_like=True):
    """The body of every answer with status 400 and above: a code for the program, a sentence for the clerk.

    Codes: 'revoked', 'unauthorized', 'bad_code', 'epoch', 'too_large', 'malformed', 'protocol', 'busy', 'scope'.
    """

    code: str
    message: str
