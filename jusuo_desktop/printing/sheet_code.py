"""The machine-readable code on every sheet: which record, which form in which version, which page (anchors C: QR, level Q)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Final

import segno

from jusuo_desktop.printing.bindings import Sheet
from jusuo_desktop.printing.template import Template
from jusuo_desktop.records.identity import packed, unpacked

MARK: Final = "JS1"
CODE: Final = re.compile(r"JS1:([A-Z0-9-]{1,60}):([A-Z0-9.-]{1,12}):([A-Z2-7]{26}|-):(\d{1,4})/(\d{1,4})")

MASK: Final = 4
"""A fixed mask: choosing the best of eight costs five times the making, and readers need none in particular."""


@dataclass(frozen=True)
class SheetCode:
    """What a sheet's code says. `record_id` is '' on a blank form."""

    form: str
    version: str
    record_id: str
    page: int
    pages: int


def sheet_code(template: Template, sheet: Sheet, page: int, pages: int) -> str:
    """The code's text, of the letters that a QR code packs best."""
    record = base64.b32encode(packed(sheet.record_id)).decode("ascii").rstrip("=") if sheet.record_id else "-"
    version = re.sub(r"[^A-Z0-9.-]", "-", template.version.upper())
    return f"{MARK}:{template.name.upper().replace('_', '-')}:{version}:{record}:{page}/{pages}"


def read_sheet_code(text: str) -> SheetCode | None:
    """What a scanned code says; None when it is not one of ours."""
    found = CODE.fullmatch(text)
    if found is None:
        return None
    name, version, record, page, pages = found.groups()
    identity = "" if record == "-" else unpacked(base64.b32decode(record + "=" * 6))
    return SheetCode(name.lower().replace("-", "_"), version.lower(), identity, int(page), int(pages))


def modules(text: str) -> list[bytearray]:
    """The rows of the QR code without its quiet zone, 1 for dark."""
    code = segno.make(text, error="q", mask=MASK, boost_error=False, micro=False)
    return [bytearray(row) for row in code.matrix]
