"""Every word on a real store: what it does, what it answers, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.actions.unlock import unlock
from jusuo_desktop.cli import main
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.store import Edit
from jusuo_desktop.words.answer import shortened, table, width
from tests.cli.conftest import INIT, SECRET, Say, process

ID_CARD = "110105194912310021"


@pytest.fixture
def mediation(office: Say, tmp_path: Path) -> str:
    session = unlock(tmp_path / "store", "王内勤", SECRET)
    values = {
        "registered_on": "2026-03-02",
        "dispute_type": "2",
        "case_source": "1",
        "village": place_id("village", "990101001201"),
        "committee": place_id("mediation_committee", "990101001/东村人民调解委员会"),
        "mediators": [session.store.user.id],
        "dispute_summary": "院墙滴水。",
    }
    parties = (
        Child("party", {"name": "单小芳", "party_role": "1", "id_card_number": ID_CARD, "contact_phone": "13800001111"}),
        Child("party", {"name": "𫖯明", "party_role": "2"}),
    )
    record_id = save(session, "mediation", values, children=parties).record.id
    session.store.close()
    return record_id


def test_init_makes_a_store_once_and_shows_the_recovery_key(say: Say, tmp_path: Path) -> None:
    said = say(*INIT, "--json")
    assert said.status == 0
    assert len(said.data["recovery_key"]) == 31
    assert (tmp_path / "store" / "records.db").exists()
    again = say(*INIT)
    assert (again.status, again.out) == (1, "")
    assert "已经有数据" in again.err


def test_init_refuses_what_is_missing_short_or_wrong_and_leaves_nothing(say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "请用 --office 写明" in say("init").err
    monkeypatch.setenv("JUSUO_PASSPHRASE", "短")
    assert "至少8个字符" in say(*INIT).err
    monkeypatch.setenv("JUSUO_PASSPHRASE", SECRET)
    (tmp_path / "file").write_text("x")
    said = say(*INIT, store=tmp_path / "file")
    assert said.status == 1
    assert "建不了文件夹" in said.err
    assert not (tmp_path / "store").exists()


def test_list_shows_the_listed_columns_and_counts(office: Say, mediation: str) -> None:
    said = office("list", "人民调解", "--limit", "1")
    assert mediation in said.out
    assert "单小芳与𫖯明邻里纠纷" in said.out
    assert "东村人民调解委员会" in said.out
    assert "共 1 条。" in said.out
    assert office("list", "mediation", "--text", "院墙", "--json").data["total"] == 1
    assert office("list", "mediation", "--text", "没有", "--json").data["records"] == []
    assert office("list", "mediation", "--limit", "0").status == 2
    refused = office("list", "案件", "--json")
    assert refused.status == 1
    assert "没有“案件”这一类记录" in json.loads(refused.out)["refused"]


def test_where_a_record_is_is_told_in_words_and_as_a_ledger(office: Say, mediation: str, tmp_path: Path) -> None:
    assert "上报情况：只在本机。" in office("show", mediation).out
    assert office("show", mediation, "--json").data["state"] == "here"
    assert office("list", "mediation", "--standing", "unsent", "--json").data["records"][0]["state"] == "here"
    assert office("list", "mediation", "--standing", "refused", "--json").data["total"] == 0
    assert office("list", "mediation", "--standing", "somehow").status == 2
    counted = office("where", "--json").data
    assert counted["unsent"] > 1
    assert counted["refused"] == counted["conflict"] == counted["held"] == 0
    out = tmp_path / "情况.xlsx"
    assert office("where", "--out", str(out), "--json").data["records"] == counted["unsent"]
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(out).worksheets[0].iter_rows()]
    assert rows[1][:7] == ["种类", "记录", "编号", "上报情况", "回执号", "县里收到的时间", "说明"]
    line = next(row for row in rows if row[7] == mediation)
    assert line[:4] == ["人民调解", "单小芳与𫖯明邻里纠纷", "", "只在本机"]


def test_show_masks_identity_numbers_and_records_who_asks_for_them(office: Say, mediation: str, tmp_path: Path) -> None:
    masked = office("show", mediation)
    assert ID_CARD not in masked.out
    assert "110*************21" in masked.out
    assert "〔当事人〕单小芳" in masked.out
    assert ID_CARD not in office("show", mediation, "--json").out
    full = office("show", mediation, "--full", "--json").data
    assert full["children"][0]["values"]["id_card_number"] == ID_CARD
    session = unlock(tmp_path / "store", "王内勤", SECRET)
    try:
        assert session.store.verify() == []
    finally:
        session.store.close()
    assert "找不到" in office("show", "〔2026〕1号").err


def test_show_names_a_conflict_and_masks_it_where_the_field_is_masked(office: Say, mediation: str, tmp_path: Path) -> None:
    session = unlock(tmp_path / "store", "王内勤", SECRET)
    party = session.store.children(mediation, "party")[0].id
    values = {"field_name": "id_card_number", "kept_value": f'"{ID_CARD}"', "other_value": '"110105194912310048"', "state": "open"}
    session.store.write([Edit("conflict", values, parent_id=party)], act="save")
    session.store.close()
    said = office("show", mediation)
    assert "“身份证号”有两个内容" in said.out
    for words in (("show", mediation, "--json"), ("show", mediation), ("list", "conflict", "--json"), ("list", "conflict")):
        assert ID_CARD not in office(*words).out
    assert office("show", mediation, "--full", "--json").data["conflicts"][0]["kept"] == ID_CARD


@pytest.mark.parametrize("typed", ["单小", "sxf", "1949", "13800001111", "院墙滴水", "𫖯明"])
def test_search_finds_and_never_prints_an_identity_number(office: Say, mediation: str, typed: str) -> None:
    said = office("search", typed, "--json")
    assert [h["id"] for h in said.data] == [mediation]
    assert ID_CARD not in said.out
    assert "没有找到" in office("search", "查无此人").out


def test_print_makes_a_whole_pdf_and_draws_the_number_once(office: Say, mediation: str, tmp_path: Path) -> None:
    out = tmp_path / "登记表.pdf"
    said = office("print", "acceptance_register", "--record", mediation, "--out", str(out), "--json")
    assert said.status == 0
    with pypdfium2.PdfDocument(out) as document:
        assert len(document) == said.data["pages"]
        assert "单小芳" in document[0].get_textpage().get_text_bounded()
    number = office("show", mediation, "--json").data["values"].get("case_number")
    office("print", "mediation_agreement", "--record", mediation, "--out", str(out))
    again = office("show", mediation, "--json").data["values"].get("case_number")
    assert number == again or number is None
    if again:
        assert office("show", again, "--json").data["id"] == mediation


def test_a_volume_says_what_it_lacks_and_is_bound_into_a_file(office: Say, mediation: str, tmp_path: Path) -> None:
    lacking = office("volume", mediation, "--json")
    assert lacking.status == 0
    assert not lacking.data["whole"]
    assert any("身份证明" in said for said in lacking.data["lacks"])
    out = tmp_path / "卷宗.pdf"
    bound = office("volume", mediation, "--out", str(out), "--json")
    with pypdfium2.PdfDocument(out) as document:
        assert len(document) == bound.data["pages"]
        assert "卷内目录" in "".join(page.get_textpage().get_text_bounded() for page in document)
    assert len(office("volume", mediation, "--json").data["lacks"]) < len(lacking.data["lacks"])
    assert office("volume", mediation, "--out", str(tmp_path / "no" / "卷宗.pdf")).status == 1


def test_a_print_that_fails_leaves_the_old_file(office: Say, mediation: str, tmp_path: Path) -> None:
    out = tmp_path / "协议.pdf"
    out.write_bytes(b"old")
    refused = office("print", "no_such_form", "--blank", "--out", str(out))
    assert refused.status == 1
    assert "mediation_agreement" in refused.err
    assert office("print", "mediation_agreement", "--record", "0", "--out", str(out)).status == 1
    assert out.read_bytes() == b"old"
    assert office("print", "mediation_agreement", "--out", str(out)).status == 2
    nowhere = office("print", "mediation_agreement", "--blank", "--out", str(tmp_path / "no" / "协议.pdf"))
    assert "写不了文件" in nowhere.err
    assert office("print", "mediation_agreement", "--blank", "--out", str(out)).status == 0
    assert out.read_bytes().startswith(b"%PDF")


def test_verify_says_whole(office: Say) -> None:
    assert office("verify").status == 0
    assert office("verify", "--json").data == {"whole": True, "found": []}


def test_sync_and_enroll_refuse_in_plain_words_without_a_county(office: Say) -> None:
    assert "还没有在县服务器注册" in office("sync").err
    refused = office("enroll", "https://127.0.0.1:9", "ABCDE", "--json")
    assert refused.status == 1
    assert json.loads(refused.out)["refused"]


def test_words_as_processes_speak_utf8_whatever_the_console_is(office: Say, mediation: str, tmp_path: Path) -> None:
    said = process("--store", str(tmp_path / "store"), "search", "𫖯明", JUSUO_PASSPHRASE=SECRET, PYTHONIOENCODING="gbk")
    assert said.status == 0
    assert "𫖯明" in said.out
    refused = process("--store", str(tmp_path / "store"), "list", "mediation")
    assert refused.status == 1
    assert "需要口令" in refused.err


def test_a_word_starts_without_what_it_does_not_need(tmp_path: Path) -> None:
    code = (
        "import sys; from jusuo_desktop.cli import main; main(['--store', sys.argv[1], 'list', 'mediation']);"
        "print([m for m in ('PySide6', 'alembic', 'reportlab', 'requests', 'pypinyin', 'xlsxwriter') if m in sys.modules])"
    )
    import os
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "none")], capture_output=True, encoding="utf-8", env={**os.environ, "JUSUO_PASSPHRASE": SECRET}
    )
    assert done.stdout.strip() == "[]"
    assert "没有数据" in done.stderr


def test_several_users_must_be_told_apart(office: Say, tmp_path: Path) -> None:
    from jusuo_desktop.store import add_user

    session = unlock(tmp_path / "store", "王内勤", SECRET)
    add_user(session.store, SECRET, {"name": "李所长", "worker_roles": ["2"], "access_role": "director"}, SECRET + "二")
    session.store.close()
    assert "--user" in office("verify").err
    assert office("--user", "王内勤", "verify").status == 0
    assert "口令不对" in office("verify", "--user", "李所长").err
    assert "没有名为“张三”的用户" in office("verify", "--user", "张三").err


def test_usage_is_two_and_help_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["fly"])
    assert stopped.value.code == 2
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    assert "退出状态" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fly",), "没有“fly”这个命令，可以用：init,"),
        (("list",), "还缺 KIND"),
        (("list", "mediation", "--limit", "many"), "--limit 不能是“many”"),
        (("list", "mediation", "--limit", "0"), "--limit 应为大于0的整数"),
        (("list", "mediation", "--limit"), "--limit 后面没有写内容"),
        (("init", "--role", "king"), "--role 不能是“king”，可以写：clerk, director"),
        (("print", "mediation_agreement", "--out", "x"), "要写 --record --blank 其中一项"),
        (("print", "f", "--out", "x", "--blank", "--record", "1"), "--record 和 --blank 只能写一项"),
        (("sync", "now"), "不认识 now"),
    ],
)
def test_wrong_usage_is_said_in_chinese(say: Say, words: tuple[str, ...], said: str) -> None:
    answer = say(*words)
    assert answer.status == 2
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_columns_line_up_with_chinese_in_them() -> None:
    lines = table(["ID", "名称"], [["1", "东村"], ["22", "a" * 100]]).splitlines()
    assert [width(line[: line.index(c)]) for line, c in zip(lines, ("名", "东", "a"), strict=True)] == [4, 4, 4]
    assert width(shortened("中" * 100, 40)) <= 40
