"""One print of a form: of which record, in which version, by whom, and the bytes that went to paper, by their content (promise S9).

No child row of what was printed: a voided or archived record is printed, too, and its papers hang on nothing that may still change. It is written
once and never again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jusuo_desktop.records.attachment import ATTACHMENT
from jusuo_desktop.records.field import integer, text
from jusuo_desktop.records.kind import RecordKind

PRINTED_SHEET = RecordKind(
    "printed_sheet",
    "打印记录",
    (
        text("of_record", "打印的记录", required=True, max_length=64),
        text("form", "表格", required=True, max_length=100),
        text("form_title", "表格名称", max_length=200),
        text("form_version", "表格版本", max_length=40),
        integer("page_count", "页数", most=100_000),
        integer("printed_at", "打印时间（毫秒）", most=2**53),
        text("sha256", "内容校验值", required=True, max_length=64),
        integer("size_bytes", "大小（字节）", most=2**40),
        text("values_digest", "填写内容的校验值", max_length=64),
        text("whole_sha256", "全文校验值", max_length=64, help="套打时，同一张表连同表格文字的样子"),
        integer("whole_bytes", "全文大小（字节）", most=2**40),
    ),
    title=lambda v: str(v.get("form_title", "打印记录")),
)

NAMING = {ATTACHMENT.name: (("sha256", "size_bytes"),), PRINTED_SHEET.name: (("sha256", "size_bytes"), ("whole_sha256", "whole_bytes"))}
"""The kinds whose records name contents, and in which fields: the name and the size."""


VOLUME = "volume"
"""Stands in the place of the form's name where a whole volume was printed. Its bytes stay where it was bound: it is made of papers that
travel each for itself, and every computer binds the same volume of them.
"""


def contents_named(kind: str, values: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """(SHA-256, bytes) of the contents that a record names; 0 bytes where it does not say."""
    if values.get("form") == VOLUME:
        return
    for name, size in NAMING.get(kind, ()):
        sha256, length = values.get(name), values.get(size)
        if isinstance(sha256, str) and len(sha256) == 64:
            yield sha256, length if isinstance(length, int) else 0
