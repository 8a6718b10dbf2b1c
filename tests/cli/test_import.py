"""`import` on a ledger as offices have them: counted, refused with reasons, once and not twice, and nothing on a dry run."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.conftest import Say

HEADINGS = ("序号", "日期", "当事人", "纠纷类型", "案件来源", "村（社区）", "调委会", "调解员", "纠纷简要情况")
LINES = (
    (1, "2025.3.7", "张三、李四", "邻里", "当事人申请", "东村", "东村调委会", "赵调解", "院墙滴水争执。"),
    (2, "2025年3月8日", "王五、赵六", "2", "当事人申请", "东村", "东村调委会", "赵调解", "宅基地边界争执。"),
    (3, "20250309", "孙七、周八", "邻里纠纷", "当事人申请", "东村", "东村调委会", "赵调解", "噪音扰民。"),
    (4, "三月初", "吴九、郑十", "邻里纠纷", "当事人申请", "东村", "东村调委会", "赵调解", "日期写错的一行。"),
    ("合计", "", "", "", "", "", "", "", ""),
)


def ledger(path: Path, lines: tuple[tuple[object, ...], ...] = LINES) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("台账")
        sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, "2025年人民调解台账")
        sheet.write_row(1, 0, HEADINGS)
        for number, line in enumerate(lines, 2):
            sheet.write_row(number, 0, line)
    return path


def test_a_ledger_comes_in_once_and_its_bad_lines_come_back_to_be_corrected(office: Say, tmp_path: Path) -> None:
    path, rejected = ledger(tmp_path / "台账.xlsx"), tmp_path / "退回.xlsx"
    tried = office("import", "mediation", str(path), "--dry-run", "--json").data
    assert (tried["dry_run"], tried["added"], len(tried["refused"])) == (True, 3, 1)
    assert office("list", "mediation", "--json").data["total"] == 0
    said = office("import", "人民调解", str(path), "--rejected", str(rejected))
    assert said.status == 0
    assert "新增 3 条" in said.out
    assert "第6行" in said.out
    assert rejected.exists()
    assert office("list", "mediation", "--json").data["total"] == 3
    again = office("import", "mediation", str(path), "--json").data
    assert (again["added"], again["known"]) == (0, 3)
    assert office("list", "mediation", "--json").data["total"] == 3
    found = office("search", "孙七", "--json").data
    assert len(found) == 1
    assert str(datetime.date(2025, 3, 9)) in office("show", found[0]["id"]).out


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 not a workbook", b"<html><table></table></html>", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)]
)
def test_a_broken_workbook_is_one_sentence_and_adds_nothing(office: Say, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)
    said = office("import", "mediation", str(path), "--json")
    assert said.status == 1
    assert "台账.xlsx" in json.loads(said.out)["refused"]
    assert office("list", "mediation", "--json").data["total"] == 0


def test_a_file_that_is_not_there_and_a_place_that_cannot_be_written(office: Say, tmp_path: Path) -> None:
    assert office("import", "mediation", str(tmp_path / "没有.xlsx")).status == 1
    path = ledger(tmp_path / "台账.xlsx")
    said = office("import", "mediation", str(path), "--rejected", str(tmp_path / "no" / "退回.xlsx"))
    assert said.status == 1
    assert "没有导入" in said.err
    assert office("list", "mediation", "--json").data["total"] == 0
