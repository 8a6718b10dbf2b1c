"""The server's tables, the same on SQLite and PostgreSQL; made and changed by county_server/migrations.

Every table that grows carries its feed, the office's code, first in its key, and every statement of a push, a pull or a digest names the feed:
one office's work touches one office's rows. On PostgreSQL `change` and `record` are partitioned by it. The same keys are what Citus asks of
tables that it spreads over many nodes, and Citus is the distributed PostgreSQL that this server is made for: an extension, so that SQL,
COPY, locks and isolation are PostgreSQL's own as long as a statement stays with one shard (its documentation, "SQL support and workarounds":
SELECT ... FOR UPDATE works in single-shard queries only). YugabyteDB speaks the same language over another storage, where a row lock and a
COPY cost differently, and that cannot be tried with a plain PostgreSQL. README, "A province", says how a province is laid out.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, text

METADATA: Final = MetaData()

BY_FEED: Final = "HASH (feed)"
PARTITIONS: Final = 8
"""Of `change` and of `record` on PostgreSQL: a county has seven to twenty offices, and more partitions would cost every plan."""

COUNTY: Final = Table(
    "county",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("signing_key", LargeBinary, nullable=False),
    Column("token_secret", LargeBinary, nullable=False),
    Column("root_certificate", LargeBinary, nullable=False),
)
"""One row. `epoch` is this installation's identity: a client that meets another stops."""

ENROLL_CODE: Final = Table(
    "enroll_code",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("device_id", Text, nullable=False, server_default=""),
)
"""Codes are kept as digests; `device_id` is set by the one device that redeemed it."""

WRONG_CODE: Final = Table(
    "wrong_code",
    METADATA,
    Column("period", BigInteger, primary_key=True),
    Column("tries", Integer, nullable=False),
)
"""Wrong enrolment codes in each period of ten minutes, counted for all workers together."""

DEVICE: Final = Table(
    "device",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("enrolled_at", BigInteger, nullable=False),
    Column("last_contact", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("former_scope", Text, nullable=False, server_default=""),
    Column("scope_number", Integer, nullable=False, server_default="0"),
)
"""`former_scope` is the one before the administrator gave the device another: what was typed before the device knew is taken in all the same.
`scope_number` grows with each scope that the device is given: a USB answer that was long under way does not turn it back.
"""

VILLAGE_MOVE: Final = Table(
    "village_move",
    METADATA,
    Column("serial", Integer, primary_key=True, autoincrement=True),
    Column("id", LargeBinary, nullable=False),
    Column("old_scope", Text, nullable=False),
    Column("new_scope", Text, nullable=False),
    Column("old_seq", BigInteger, nullable=False),
    Column("new_seq", BigInteger, nullable=False),
    Column("moved_at", BigInteger, nullable=False),
)
"""Villages that were moved to another office, in order: up to `old_seq` the old feed tells of it, from `new_seq` on the new one."""

FEED: Final = Table("feed", METADATA, Column("name", Text, primary_key=True), Column("last_seq", BigInteger, nullable=False))
"""One row per office and one for the county. Whoever writes locks its row until commit, so the order has no holes."""

CHANGE: Final = Table(
    "change",
    METADATA,
    Column("feed", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("change_id", LargeBinary, nullable=False),
    Column("scope", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    postgresql_partition_by=BY_FEED,
)
"""The log of accepted changes: the feed itself, and the server's memory of what it has seen, which never expires.

`entry` is the wire.messages.Entry as it is sent (msgpack); the other columns are what the server itself looks at.
"""

KNOWN: Final = Table(
    "known",
    METADATA,
    Column("id", LargeBinary, primary_key=True),
    Column("feed", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("home", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Every identity that the county has seen, once, whichever feed it came in: where the change of that identity stands (`feed` and `seq`; '' and
0, there is none) and in which feed the record of that identity lives (`home`; '', there is none). Most changes make a record and bear its
identity: one row for both. It takes the place of an index over all feeds, which no partitioned or distributed table can have, and takes a push as
long: two feeds can never both create one record, nor a change come in twice.
"""

RECORD: Final = Table(
    "record",
    METADATA,
    Column("feed", Text, primary_key=True),
    Column("id", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("parent_id", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("marks", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Index("record_conflicts", "feed", sqlite_where=text("kind = 'conflict'"), postgresql_where=text("kind = 'conflict'")),
    postgresql_partition_by=BY_FEED,
)
"""The present values (`body`, msgpack), who set each field last (county_server.marks), and wire.digest of both."""

TALLY: Final = Table(
    "tally",
    METADATA,
    Column("feed", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("records", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)
"""Count and digest of the records of one scope and kind, moved with every change: a device's digest reads no record."""

CONTENT: Final = Table(
    "content",
    METADATA,
    Column("sha256", LargeBinary, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("complete", Integer, nullable=False),
    Column("touched_at", BigInteger, nullable=False),
)
"""An attachment's bytes, by their SHA-256, whoever sent them; `complete` once all are there and the hash was right."""

CONTENT_PIECE: Final = Table(
    "content_piece",
    METADATA,
    Column("sha256", LargeBinary, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
"""In the database like everything else, because the workers of a county share nothing but that."""

CONTENT_USE: Final = Table(
    "content_use",
    METADATA,
    Column("sha256", LargeBinary, primary_key=True),
    Column("feed", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
)
"""Which scopes' records name a content: who may send it, and who may have it (S5)."""

NUMBER_SERIES: Final = Table("number_series", METADATA, Column("series", Text, primary_key=True), Column("last", BigInteger, nullable=False))

NUMBER_LEASE: Final = Table(
    "number_lease",
    METADATA,
    Column("request_id", LargeBinary, primary_key=True),
    Column("series", Text, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("leased_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    Column("because", Text, nullable=False, server_default=""),
    Index("number_lease_by_series", "series"),
    Index("number_lease_by_device", "device_id"),
)
"""`closed_at` and `because`: the administrator closed the block, its device does not come back."""

NUMBER_RETURN: Final = Table(
    "number_return",
    METADATA,
    Column("return_id", LargeBinary, primary_key=True),
    Column("lease_id", LargeBinary, nullable=False),
    Column("series", Text, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("returned_at", BigInteger, nullable=False),
    Column("because", Text, nullable=False),
    Index("number_return_by_lease", "lease_id"),
)
"""Numbers that came back unused, once and for ever by their id; `lease_id` b'' where a restored county no longer knows the lease."""

SET_ASIDE: Final = Table(
    "set_aside",
    METADATA,
    Column("device_id", Text, primary_key=True),
    Column("change_id", LargeBinary, primary_key=True),
    Column("record_id", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("held", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("settled_at", BigInteger),
)
"""Changes that were not taken in, for the status page (county_server.set_aside): no value of theirs, no word that a person typed."""

DEVICE_SEEN: Final = Table(
    "device_seen",
    METADATA,
    Column("device_id", Text, primary_key=True),
    Column("pulled_at", BigInteger, nullable=False),
    Column("cursor", LargeBinary, nullable=False),
    Column("program", Text, nullable=False),
)
"""Up to where a device was answered last (msgpack, feed -> seq), and which version of the program it runs (county_server.sightings)."""

COURIER_FILE: Final = Table(
    "courier_file",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("device_id", Text, nullable=False),
    Column("taken_at", BigInteger, nullable=False),
    Column("times", Integer, nullable=False),
    Column("counts", Text, nullable=False),
    Column("entries", Integer, nullable=False),
)
"""Files that came on a USB stick, by their check code: when each was taken in last, how often, and what became of its changes (JSON)."""

NOTE: Final = Table(
    "note",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("noted_at", BigInteger, nullable=False),
    Column("content", Text, nullable=False),
)
"""What the administrator's words leave for the status page (county_server.notes)."""
