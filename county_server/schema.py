"""The server's tables, the same on SQLite and PostgreSQL; made and changed by county_server/migrations."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

METADATA: Final = MetaData()

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
)

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
    Index("change_by_id", "change_id", unique=True),
)
"""The log of accepted changes: the feed itself, and the server's memory of what it has seen, which never expires.

`entry` is the wire.messages.Entry as it is sent (msgpack); the other columns are what the server itself looks at.
"""

RECORD: Final = Table(
    "record",
    METADATA,
    Column("id", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("parent_id", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("marks", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)
"""The present values (`body`, msgpack), who set each field last (county_server.marks), and wire.digest of both."""

TALLY: Final = Table(
    "tally",
    METADATA,
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

CONTENT_USE: Final = Table("content_use", METADATA, Column("sha256", LargeBinary, primary_key=True), Column("scope", Text, primary_key=True))
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
)
