"""The server's tables, the same on SQLite and PostgreSQL."""

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
    Column("record_id", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("parent_id", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("author_id", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("fields", LargeBinary, nullable=False),
    Column("refused", Text, nullable=False, server_default=""),
    Index("change_by_id", "change_id", unique=True),
)
"""The log of accepted changes: the feed itself, and the server's memory of what it has seen, which never expires.

`refused` names the fields that became conflicts, separated by commas; `fields` holds the applied ones (msgpack).
"""

RECORD: Final = Table(
    "record",
    METADATA,
    Column("id", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("feed", Text, nullable=False),
    Column("parent_id", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("meta", LargeBinary, nullable=False),
    Index("record_by_feed", "feed"),
)
"""The present values (msgpack) and, for each field, when and by whom it was written last (wire.merge.FieldMeta)."""

NUMBER_SERIES: Final = Table(
    "number_series", METADATA, Column("series", Text, primary_key=True), Column("last", BigInteger, nullable=False)
)

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
