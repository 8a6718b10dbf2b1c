"""The old .xls format, walked only far enough to know the last row and column in use: a reader makes room for the whole rectangle."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

from jusuo_desktop.reports.bounds import BadWorkbook, check_rectangle

FREE: Final = 0xFFFFFFFA
"""Sector numbers from here on are marks, not places."""
STREAMS: Final = ("Workbook", "Book")
CELL_RECORDS: Final = frozenset({0x0006, 0x00BD, 0x00BE, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x0001, 0x0002, 0x0003, 0x0004, 0x0005})
SHEET_START: Final = frozenset({0x0809, 0x0409, 0x0209, 0x0009})
PASSWORD: Final = 0x002F


def check_xls(path: Path) -> None:
    """Refuses an .xls whose cells span more than a ledger, or that asks for a pass word.

    Raises:
        BadWorkbook: with the sentence.
    """
    try:
        stream = _workbook_stream(path.read_bytes())
    except (struct.error, IndexError, ValueError) as trouble:
        raise BadWorkbook(f"“{path.name}”已经损坏，打不开。请重新复制一份，或用Excel、WPS打开后另存为 .xlsx，再导入。") from trouble
    if stream is None:
        raise BadWorkbook(f"“{path.name}”不是Excel表格（可能是Word等别的文件）。请选择 .xlsx 或 .xls 文件。")
    place = rows = columns = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        if kind == PASSWORD:
            raise BadWorkbook(f"“{path.name}”设了打开密码。请用Excel或WPS打开，取消密码后另存，再导入。")
        if kind in SHEET_START:
            rows = columns = 0
        elif kind in CELL_RECORDS and size >= 4 and place + 8 <= len(stream):
            row, column = struct.unpack_from("<HH", stream, place + 4)
            if kind in (0x00BD, 0x00BE) and size >= 6 and place + 4 + size <= len(stream):
                column = struct.unpack_from("<H", stream, place + 2 + size)[0]
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            check_rectangle(path.name, "", rows, columns)
        place += 4 + size


def _workbook_stream(raw: bytes) -> bytes | None:
    """The bytes of the stream named Workbook in a compound file; None when there is none."""
    shift, mini_shift = struct.unpack_from("<HH", raw, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise ValueError("sector size")
    size = 1 << shift
    fat_count, first_directory, _, cutoff, first_mini, _, first_difat, difat_count = struct.unpack_from("<8I", raw, 44)

    def sector(number: int) -> bytes:
        return raw[(number + 1) * size : (number + 2) * size]

    places = list(struct.unpack_from("<109I", raw, 76))
    following, hops = first_difat, 0
    while following < FREE and hops < difat_count:
        words = struct.unpack(f"<{size // 4}I", sector(following))
        places += words[:-1]
        following, hops = words[-1], hops + 1
    fat: list[int] = []
    for number in [p for p in places if p < FREE][:fat_count]:
        fat += struct.unpack(f"<{size // 4}I", sector(number))

    def chain(start: int, table: list[int]) -> list[int]:
        numbers: list[int] = []
        while start < FREE:
            if len(numbers) > len(table):
                raise ValueError("a chain runs in a circle")
            numbers.append(start)
            start = table[start]
        return numbers

    directory = b"".join(sector(n) for n in chain(first_directory, fat))
    entries = [directory[i : i + 128] for i in range(0, len(directory) - 127, 128)]
    for entry in entries:
        length = struct.unpack_from("<H", entry, 64)[0]
        if entry[: max(length - 2, 0)].decode("utf-16-le", "replace") in STREAMS:
            start, total = struct.unpack_from("<II", entry, 116)
            if total >= cutoff:
                return b"".join(sector(n) for n in chain(start, fat))[:total]
            root = struct.unpack_from("<I", entries[0], 116)[0]
            mini = b"".join(sector(n) for n in chain(root, fat))
            mini_fat = [w for n in chain(first_mini, fat) for w in struct.unpack(f"<{size // 4}I", sector(n))]
            return b"".join(mini[n * 64 : n * 64 + 64] for n in chain(start, mini_fat))[:total]
    return None
