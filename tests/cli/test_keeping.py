"""`sample`, `backup`, `restore`, and the sheet with the recovery key."""

from __future__ import annotations

from pathlib import Path

import pypdfium2

from jusuo_desktop.actions.unlock import unlock_with_recovery
from tests.cli.conftest import INIT, Say


def test_the_recovery_key_on_its_sheet_opens_the_store(say: Say, tmp_path: Path) -> None:
    sheet = tmp_path / "恢复密钥.pdf"
    said = say(*INIT, "--recovery-sheet", str(sheet), "--json")
    assert said.status == 0
    key = said.data["recovery_key"]
    with pypdfium2.PdfDocument(sheet) as document:
        text = document[0].get_textpage().get_text_bounded()
    assert key in text.replace(" ", "")
    session = unlock_with_recovery(tmp_path / "store", key, "另一句新的口令呀")
    session.store.close()
    assert "口令不对" in say("verify").err


def test_a_sample_office_is_made_and_can_be_searched(say: Say) -> None:
    said = say("sample", "--mediations", "5")
    assert said.status == 0
    user = say("list", "worker", "--json", "--user", "不存在").err
    assert "没有名为“不存在”的用户" in user
    name = said.out.split("用户：")[1].split("；")[0]
    assert say("--user", name, "list", "mediation", "--json").data["total"] == 5
    assert say("sample").status == 1


def test_a_backup_brings_back_what_was_there(office: Say, tmp_path: Path) -> None:
    assert "还没有备份" in office("restore").out
    made = office("backup", "--json").data["backup"]
    assert office("restore", "--json").data[0]["backup"] == made
    database = tmp_path / "store" / "records.db"
    database.write_bytes(b"\0" * 8192)
    refused = office("list", "village")
    assert refused.status == 1
    assert database.read_bytes() == b"\0" * 8192
    restored = office("restore", made)
    assert restored.status == 0
    assert "没有删除" in restored.out
    listed = office("list", "village", "--json")
    assert listed.status == 0, listed.err
    assert listed.data["total"] == 1
    assert office("verify").status == 0
    stick = tmp_path / "stick"
    stick.mkdir()
    assert Path(office("backup", "--to", str(stick), "--json").data["backup"]).is_relative_to(stick)
    assert office("restore", str(tmp_path / "nothing")).status == 1
