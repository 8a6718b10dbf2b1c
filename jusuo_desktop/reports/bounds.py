"""Bounds on workbooks that come from outside, judged before a reader allocates anything (design.md §8)."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Final

from jusuo_desktop.store.refusal import Refused

MOST_BYTES: Final = 64 * 1024 * 1024
"""A ledger of 100,000 rows is about 15 MB; more is not a ledger."""
MOST_INFLATED: Final = 512 * 1024 * 1024
"""What an .xlsx may unpack to, by its own directory and by what really comes out."""
MOST_MEMBERS: Final = 2_000
MOST_SHEETS: Final = 60
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 300
MOST_CELLS: Final = 8_000_000
"""Of one sheet as a full rectangle: the reader makes room for every cell up to the last one used."""
MOST_CELL: Final = 32_767
"""Characters of one cell: Excel's own limit."""

CELL_PLACE: Final = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
ROW_PLACE: Final = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')
CHUNK: Final = 1 << 20
OVERLAP: Final = 256


class BadWorkbook(Refused):
    """The file is no workbook that can be read, or is larger than any ledger."""


def column_number(letters: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def check_size(path: Path) -> None:
    """Refuses a file that is empty, absent or too large.

    Raises:
        BadWorkbook: with the sentence.
    """
    try:
        size = path.stat().st_size
    except OSError as trouble:
        raise BadWorkbook(f"打不开“{path.name}”：{trouble.strerror or trouble}。请核对文件位置，或者先关闭正在使用它的程序。") from None
    if path.is_dir():
        raise BadWorkbook(f"“{path.name}”是文件夹，请选择里面的表格文件。")
    if size == 0:
        raise BadWorkbook(f"“{path.name}”是空文件，请重新导出或复制一份。")
    if size > MOST_BYTES:
        raise BadWorkbook(f"“{path.name}”有{size // 1024 // 1024}MB，超过{MOST_BYTES // 1024 // 1024}MB，请删去图片或按年份拆成几个文件。")


def check_rectangle(name: str, sheet: str, rows: int, columns: int) -> None:
    """Refuses a sheet with more rows, columns or cells than any ledger has.

    Raises:
        BadWorkbook: with the sentence.
    """
    where = f"“{name}”的工作表“{sheet}”" if sheet else f"“{name}”"
    if rows > MOST_ROWS:
        raise BadWorkbook(f"{where}用到了第{rows:,}行，超过{MOST_ROWS:,}行。请删去表格下方多余的内容，或拆成几个文件。")
    if columns > MOST_COLUMNS:
        raise BadWorkbook(f"{where}用到了第{columns:,}列，超过{MOST_COLUMNS}列。请删去表格右边多余的内容。")
    if rows * columns > MOST_CELLS:
        raise BadWorkbook(f"{where}有{rows:,}行{columns}列，内容太多，请拆成几个文件。")


def check_xlsx(path: Path) -> None:
    """Walks an .xlsx once, without keeping anything: declared and real sizes, and the last row and column of each sheet.

    Raises:
        BadWorkbook: with the sentence.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_INFLATED:
                raise BadWorkbook(f"“{path.name}”解压后过大，不像台账，没有打开。请另存为新的文件再导入。")
            budget = MOST_INFLATED
            for member in members:
                if member.filename.endswith(".xml"):
                    budget -= _walk(archive, member, path.name, budget)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as trouble:
        raise BadWorkbook(f"“{path.name}”已经损坏或没有下载完整，打不开。请重新复制一份，或用Excel、WPS打开后另存再试。") from trouble


def _walk(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, budget: int) -> int:
    rows = columns = read = 0
    tail = b""
    sheet = "worksheets/" in member.filename
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            read += len(chunk)
            if read > budget:
                raise BadWorkbook(f"“{name}”解压后过大，不像台账，没有打开。请另存为新的文件再导入。")
            if sheet:
                text = tail + chunk
                rows = max(rows, max((int(r) for r in ROW_PLACE.findall(text)), default=0))
                places = set(CELL_PLACE.findall(text))
                rows = max(rows, max((int(r) for _, r in places), default=0))
                columns = max(columns, max((column_number(c) for c in {c for c, _ in places}), default=0))
                tail = text[-OVERLAP:]
    if sheet:
        check_rectangle(name, "", rows, columns)
    return read
