"""Whatever lies behind the name of a file: it is read whole, or answered by one sentence."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jusuo_desktop.reports import bounds
from jusuo_desktop.reports.bounds import BadWorkbook
from jusuo_desktop.reports.workbook_file import read_ledger
from tests.reports.books import write_book

ROWS = [["台账", "", ""], ["姓名", "日期", "金额"], ["张三", date(2025, 3, 7), 3.5], ["𠮷野", "2025.3.8", "叁"]]


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv"])
def test_each_format_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    ledger = read_ledger(write_book(tmp_path / name, {"一": ROWS}, {"一": [(0, 0, 0, 2)]}))
    rows = [[str(c).removesuffix(".0") for c in row] for row in ledger.sheets[0].rows]
    assert rows == [[str(c) for c in row] for row in ROWS]
    assert ledger.sheets[0].merged == (() if name == "a.csv" else ((0, 0, 0, 2),))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_encoding_and_under_any_name(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "导出.xls"
    path.write_bytes("姓名\t电话\r\n张三\t0573-1\r\n".encode(encoding))
    assert read_ledger(path).sheets[0].rows == [["姓名", "电话"], ["张三", "0573-1"]]


def _sample(name: str) -> bytes:
    stream = io.BytesIO()
    if name == "xlsx":
        book = openpyxl.Workbook()
        book.active.append(["姓名"])  # type: ignore[union-attr]
        book.save(stream)
    else:
        old = xlwt.Workbook()
        old.add_sheet("一").write(0, 0, "姓名")
        old.save(stream)
    return stream.getvalue()


XLSX, XLS = _sample("xlsx"), _sample("xls")


def _encrypted() -> bytes:
    """An .xls container with what a password-protected .xlsx holds."""
    return XLS[:512] + "EncryptedPackage".encode("utf-16-le") + XLS[544:]


def _zip_of(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("a.xlsx", b"", "空文件"),
        ("a.xlsx", XLSX[: len(XLSX) // 2], "损坏"),
        ("a.xlsx", b"PK\x03\x04 not a zip", "损坏"),
        ("a.xlsx", _zip_of({"word/document.xml": b"<w/>"}), "打不开"),
        ("a.xls", XLS[:700], "损坏"),
        ("a.xls", XLS[:512], "损坏|不是"),
        ("a.xls", _encrypted(), "密码"),
        ("a.xls", b"<html><body><table><tr><td>1</td></tr></table></body></html>", "网页格式"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "网页格式"),
        ("a.xlsx", b"%PDF-1.7 ...", "不是表格"),
        ("a.xlsx", bytes(range(256)), "不是表格"),
        ("a.csv", b"\xff\xfd\xfc\x81", "看不懂"),
    ],
)
def test_what_is_no_workbook_is_answered_by_one_sentence(tmp_path: Path, name: str, raw: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(BadWorkbook, match=said) as refused:
        read_ledger(path)
    assert name in refused.value.message
    assert refused.value.message.endswith("。")


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(BadWorkbook, match="打不开"):
        read_ledger(tmp_path / "没有.xlsx")
    with pytest.raises(BadWorkbook, match="文件夹"):
        read_ledger(tmp_path)


def test_a_file_larger_than_any_ledger(tmp_path: Path) -> None:
    path = tmp_path / "大.xlsx"
    with path.open("wb") as file:
        file.truncate(bounds.MOST_BYTES + 1)
    with pytest.raises(BadWorkbook, match="MB"):
        read_ledger(path)


def test_a_zip_bomb_is_refused_by_what_it_declares_and_by_what_comes_out(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open("xl/worksheets/sheet1.xml", "w") as member:
        for _ in range(bounds.MOST_INFLATED // bounds.CHUNK + 1):
            member.write(bytes(bounds.CHUNK))
    with pytest.raises(BadWorkbook, match="过大"):
        read_ledger(path)
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\x01\x02")
    struct.pack_into("<I", raw, at + 24, 1000)  # the directory now says that it unpacks to 1,000 bytes
    path.write_bytes(raw)
    with pytest.raises(BadWorkbook):
        read_ledger(path)


def _corner_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "姓名"  # type: ignore[index]
    book.active["XFD1048576"] = "x"  # type: ignore[index]
    book.save(path)


def _corner_xls(path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("一")
    sheet.write(0, 0, "姓名")
    sheet.write(65_535, 255, "x")
    book.save(str(path))


@pytest.mark.parametrize(("name", "write"), [("a.xlsx", _corner_xlsx), ("a.xls", _corner_xls)])
def test_a_cell_in_the_far_corner_takes_no_memory(tmp_path: Path, name: str, write: Callable[[Path], None]) -> None:
    write(tmp_path / name)
    with pytest.raises(BadWorkbook, match=r"超过|内容太多"):
        read_ledger(tmp_path / name)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["xlsx", "xls"]), st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_damage_anywhere_is_a_sentence_or_another_reading(tmp_path: Path, kind: str, place: int, bad: bytes) -> None:
    raw = XLSX if kind == "xlsx" else XLS
    at = place % len(raw)
    path = tmp_path / "坏.xls"
    path.write_bytes(raw[:at] + bad + raw[at + len(bad) :])
    try:
        sheets = read_ledger(path).sheets
    except BadWorkbook as refused:
        sheets = ()
        said = refused.message
        assert "坏.xls" in said
    assert len(sheets) <= bounds.MOST_SHEETS
