"""The tables of the store. All kinds of record share one table, so that a field more needs no migration and none is ever lost."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text

METADATA: Final = MetaData()

SCHEMA_REVISION: Final = "0007"
"""The newest revision under store/migrations; a store at another one is migrated or refused."""

RECORD: Final = Table(
    "record",
    METADATA,
    Column("serial", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("parent_id", Text, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("voided", Integer, nullable=False, server_default="0"),
    Column("body", Text, nullable=False),
    Column("base", Text),
    Column("place", Integer, nullable=False, server_default="0"),
    Column("received_at", Integer, nullable=False, server_default="0"),
    Index("record_by_parent", "parent_id"),
    Index("record_by_kind", "kind"),
)
"""`body` is what people see (JSON of the values); `base` what the county server holds, null when the two are equal.
`place` is where the last accepted change stands in its office's feed, `received_at` when the county took it in by its own clock (ms): the
receipt of the record; 0 while there is none.
"""

OUTBOX: Final = Table(
    "outbox",
    METADATA,
    Column("serial", Integer, primary_key=True),
    Column("change_id", Text, nullable=False, unique=True),
    Column("record_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("parent_id", Text, nullable=False),
    Column("base_version", Integer, nullable=False),
    Column("author_id", Text, nullable=False),
    Column("made_at", Integer, nullable=False),
    Column("fields", LargeBinary, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("answer", Text, nullable=False, server_default=""),
    Column("answer_fields", Text, nullable=False, server_default=""),
    Index("outbox_by_state", "state", "serial"),
    Index("outbox_by_record", "record_id"),
)
"""Rows are immutable but for state ('waiting', 'sent', 'held', 'refused'), tries and answer; they carry their author for ever.
`fields` is wire.digest.canonical of the new values; `answer_fields` names the fields that the answer is about, a comma between them.
"""

HISTORY: Final = Table(
    "history",
    METADATA,
    Column("serial", Integer, primary_key=True),
    Column("record_id", Text, nullable=False),
    Column("change_id", Text, nullable=False),
    Column("author_id", Text, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("made_at", Integer, nullable=False),
    Column("fields", Text, nullable=False),
    Index("history_by_record", "record_id"),
)
"""`fields` is JSON: {name: [before, after]}, null for empty."""

AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("device_id", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("digest", Text, nullable=False),
)

DRAFT: Final = Table(
    "draft",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("saved_at", Integer, nullable=False),
)

SETTING: Final = Table("setting", METADATA, Column("name", Text, primary_key=True), Column("content", Text, nullable=False))

CURSOR: Final = Table("cursor", METADATA, Column("feed", Text, primary_key=True), Column("seq", Integer, nullable=False))

IMPORTED: Final = Table("imported", METADATA, Column("key", Text, primary_key=True), Column("record_id", Text, nullable=False))

NUMBER_BLOCK: Final = Table(
    "number_block",
    METADATA,
    Column("serial", Integer, primary_key=True),
    Column("series", Text, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("next", Integer, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Index("number_block_by_series", "series"),
)

"""[first, last] is this device's alone, `next` the next free number; `note` says why a block was closed before it was used up."""

NUMBER: Final = Table(
    "number",
    METADATA,
    Column("series", Text, primary_key=True),
    Column("value", Integer, primary_key=True),
    Column("printed_as", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("drawn_at", Integer, nullable=False),
    Index("number_by_record", "record_id"),
)

NUMBER_RETURN: Final = Table(
    "number_return",
    METADATA,
    Column("return_id", Text, primary_key=True),
    Column("series", Text, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("because", Text, nullable=False),
    Column("returned_at", Integer, nullable=False),
    Column("noted", Integer, nullable=False, server_default="0"),
    Index("number_return_by_series", "series"),
)
"""Numbers that this device has closed for itself and gives back; `noted` once the county has said so. They lie in no block any more."""

BLOCK_TOLD: Final = Table(
    "block_told",
    METADATA,
    Column("serial", Integer, primary_key=True),
    Column("series", Text, nullable=False),
    Column("block", Text, nullable=False),
    Index("block_told_by_series", "series"),
)
"""The blocks of the office's devices as the county told them last: `block` is JSON of a wire.messages.NumberBlock."""

CONTENT_SENT: Final = Table("content_sent", METADATA, Column("sha256", Text, primary_key=True))
"""Contents that the county holds whole and verified, as it said itself."""

CONTENT_PART: Final = Table(
    "content_part",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("at", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
"""What came of a content before the line was cut: the next try goes on from there."""

PRINTED: Final = Table(
    "printed",
    METADATA,
    Column("serial", Integer, primary_key=True),
    Column("record_id", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("form_version", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("values_digest", Text, nullable=False),
    Column("whole", Text, nullable=False, server_default=""),
    Column("print_id", Text, nullable=False, server_default=""),
    Index("printed_by_record", "record_id"),
    Index("printed_by_print", "print_id"),
)
"""`digest` names what went to paper, `whole` the same sheet with the form's wording where only the values did (套打): both lie in
store.contents, so that the same bytes come out years later. `print_id` is the record of the print (records.printed_sheet).
"""

UNINDEXED: Final = Table("unindexed", METADATA, Column("record_serial", Integer, primary_key=True))
"""Records whose search entry waits for the background: queued in the transaction that wrote them, so none is forgotten."""

SEARCH_DDL: Final = (
    "CREATE VIRTUAL TABLE search_name USING fts5(kind, names, numbers, content='', contentless_delete=1, tokenize='ascii', prefix='1 2 3')",
    "CREATE VIRTUAL TABLE search_text USING fts5(kind, body, content='', contentless_delete=1, tokenize='ascii', prefix='1')",
)
"""Row id = record.serial. The text is cut into tokens by store.tokens before it gets here; 'ascii' leaves every other character alone.

Names and numbers stand in a table of their own, because they are asked for at every key: it answers without passing over the
hundreds of thousands of records that hold a common word in their text. `search_text` holds everything. The prefix indexes make a
single character, one letter of initials and two or three digits as quick as a whole word.
"""
