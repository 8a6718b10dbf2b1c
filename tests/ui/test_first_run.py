"""The first run on one screen, the recovery key that must be on paper, and the ways back in with it or with a backup."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.first_run import FirstRunPage
from jusuo_desktop.ui.office_lines import read_office_code, read_villages, strength
from tests.ui.typing_hands import commit, keys
from tests.ui.window_hands import log_in, still, window_on

ENTER = Qt.Key.Key_Return
NEW = "塘桥夜泊听钟声到客船"


def test_from_an_empty_folder_to_the_first_record_and_back_in_with_the_recovery_key(qtbot: QtBot, tmp_path: Path) -> None:
    with window_on(qtbot, tmp_path / "store", tmp_path) as window:
        page = window.centralWidget()
        assert isinstance(page, FirstRunPage)
        assert QApplication.focusWidget() is page.code
        keys("330424106", ENTER)
        assert page.county.text() == "海盐县"
        keys(ENTER)
        commit("澉浦司法所")
        keys(ENTER)
        assert page.short.text() == "澉浦"
        assert page.committee.text() == "澉浦人民调解委员会"
        keys(ENTER, ENTER)
        commit("王内勤")
        keys(ENTER, "short", ENTER, "short", ENTER)
        assert QApplication.focusWidget() is page.villages
        page.villages.setPlainText("东村 201\n西塘社区\t330424106002\n")
        assert page._counted.text() == "共 2 个村（社区）"
        page.start.click()
        qtbot.waitUntil(lambda: page.problem.isVisible() and page.start.isEnabled())
        assert "至少8个字符" in page.problem.text()
        assert page.office.text() == "澉浦司法所"
        for field in (page.passphrase, page.again):
            field.setText("一句容易记住的话")
        page.start.click()
        qtbot.waitUntil(lambda: page.recovery is not None, timeout=20_000)
        recovery = page.recovery
        assert recovery is not None
        key = recovery.shown.text()
        recovery.save_to(tmp_path / "key.pdf")
        qtbot.waitUntil(lambda: "已保存" in recovery.said.text(), timeout=20_000)
        assert key in PagePictures((tmp_path / "key.pdf").read_bytes()).text(0), "in one line, however wide its letters are"
        recovery.go_on.click()
        assert window.workspace is None
        assert "第一组" in recovery.problem.text()
        recovery.again.setText(key[:5].lower())
        recovery.go_on.click()
        assert window.workspace is None
        assert "打勾" in recovery.problem.text()
        assert not page.may_leave(), "the window asks once more before the key is gone"
        recovery.sealed.setChecked(True)
        recovery.go_on.click()
        qtbot.waitUntil(lambda: window.workspace is not None)
        assert window.workspace is not None
        still(qtbot, window.workspace)
        store = window.workspace.desk.session.store
        assert store.count(ListQuery("village")) == 2
        assert store.count(ListQuery("mediation_committee")) == 1

    with window_on(qtbot, tmp_path / "store", tmp_path) as window:
        login = window.login
        assert login is not None
        login._switch()
        assert QApplication.focusWidget() is login.recovery_key
        login.recovery_key.setText(key.replace(key[0], "A" if key[0] != "A" else "B", 1))
        for field in (login.new_passphrase, login.again):
            field.setText(NEW)
        login.unlock.click()
        qtbot.waitUntil(lambda: login.problem.isVisible(), timeout=20_000)
        assert "恢复密钥" in login.problem.text()
        login.recovery_key.setText(key)
        login.unlock.click()
        qtbot.waitUntil(lambda: window.workspace is not None, timeout=20_000)
        assert window.workspace is not None
        still(qtbot, window.workspace)


def test_a_store_from_a_backup(qtbot: QtBot, office_folder: Path, tmp_path: Path) -> None:
    from jusuo_desktop.actions.back_up import back_up
    from jusuo_desktop.actions.unlock import unlock
    from tests.ui.conftest import PASSPHRASE

    session = unlock(office_folder, "王建国", PASSPHRASE)
    backup = back_up(session, tmp_path / "stick")
    session.store.close()
    with window_on(qtbot, tmp_path / "store", tmp_path) as window:
        page = window.centralWidget()
        assert isinstance(page, FirstRunPage)
        window.restore(tmp_path / "nothing")
        qtbot.waitUntil(lambda: page.problem.isVisible(), timeout=20_000)
        window.restore(backup)
        qtbot.waitUntil(lambda: window.login is not None, timeout=20_000)
        assert window.login is not None
        assert "已从备份恢复" in window.login._said.text()
        log_in(qtbot, window)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("东村", "第1行“东村”"), ("东村 201\n\n201", "第3行“201”"), ("东村 330424107201", "不在本所"), ("东村 201\n西村 201", "代码相同"),
        ("东村 20", "第1行"), ("东村 1234567890123", "第1行"),
    ],
)  # fmt: skip
def test_a_village_line_that_cannot_be_understood_is_named(text: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read_villages(text, "330424106")
    assert said in refused.value.message


@given(
    st.dictionaries(st.integers(1, 999), st.text("东西南北塘桥湾浜", min_size=1, max_size=5), max_size=20),
    st.sampled_from([" ", "\t", "，", "  "]),
    st.booleans(),
)
def test_villages_are_read_in_any_usual_writing(villages: dict[int, str], between: str, code_first: bool) -> None:
    lines = []
    for number, (tail, name) in enumerate(villages.items()):
        code = f"{tail:03}" if number % 2 else f"330424106{tail:03}"
        lines.append(f"{code}{between}{name}村" if code_first else f"{name}村{between}{code}")
    found = read_villages("\n\n".join(lines), "330424106")
    assert found == [{"name": f"{name}村", "division_code": f"330424106{tail:03}"} for tail, name in villages.items()]


def test_office_codes() -> None:
    assert read_office_code(" ３３０４２４ 106 ") == "330424106"
    for wrong in ("", "330424", "3304241061", "33042410a"):
        with pytest.raises(Refused, match="9位"):
            read_office_code(wrong)


def test_strength_grows_with_the_text() -> None:
    assert strength("") == ""
    assert "还要 3 个" in strength("abcde")
    assert "弱" in strength("aaaaaaaaaa")
    assert "可以" in strength("abcdefghijk")
    assert "好" in strength("春江水暖鸭先知啊")
