"""The forms' page: a template goes out, is changed, comes in and is in force; a mistake is a sentence with its line."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from jusuo_desktop.printing import shipped_forms
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.forms_page import FormsPage

NAME = "rights_notice"


def opened(qtbot: QtBot, desk: Desk) -> FormsPage:
    page = FormsPage(desk)
    qtbot.addWidget(page)
    page.resize(1208, 640)
    page.show()
    page.shown()
    qtbot.waitUntil(lambda: page.chosen is not None)
    return page


def choose(page: FormsPage, name: str) -> None:
    page.table.selectRow([row.name for row in page.model.rows].index(name))


def test_out_changed_and_in_again(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = opened(qtbot, desk)
    assert [row.name for row in page.model.rows] == [*shipped_forms(), "volume_mediation"]
    choose(page, NAME)
    assert not page.back_button.isEnabled()
    with qtbot.waitSignal(desk.preview_wanted) as wanted:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert wanted.args == [NAME, ""]
    file = tmp_path / "告知书.yaml"
    with qtbot.waitSignal(desk.said):
        page.save_to(file)
    own = shipped_forms()[NAME]
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f'version: "{own.version}"', 'version: "县2"', 1), encoding="utf-8")
    with qtbot.waitSignal(desk.said) as said:
        page.adopt(file)
    assert said.args == [f"“{own.title}”第 县2 版已启用。"]
    qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.version == "县2")
    assert page.chosen is not None
    assert page.chosen.said.startswith("县里，")
    file.write_text(text.replace("body:", "bodies:", 1), encoding="utf-8")
    with qtbot.waitSignal(desk.refused) as refused:
        page.adopt(file)
    assert "bodies" in str(refused.args)
    with qtbot.waitSignal(desk.refused) as refused:
        page.adopt(tmp_path / "没有.yaml")
    assert "读不出文件" in str(refused.args)
    qtbot.mouseClick(page.back_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.version == own.version)
    qtbot.waitUntil(lambda: not desk.background.busy)


def test_what_a_volume_consists_of_goes_out_and_in_like_a_form(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = opened(qtbot, desk)
    choose(page, "volume_mediation")
    assert not page.look_button.isEnabled()
    file = tmp_path / "卷宗.yaml"
    with qtbot.waitSignal(desk.said):
        page.save_to(file)
    text = file.read_text(encoding="utf-8").replace('version: "1"', 'version: "县1"', 1)
    file.write_text(text.replace("name: 卷宗情况说明", "name: 备考表", 1), encoding="utf-8")
    with qtbot.waitSignal(desk.said) as said:
        page.adopt(file)
    assert said.args == ["“人民调解卷宗”第 县1 版已启用。"]
    qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.version == "县1" and page.back_button.isEnabled())
    qtbot.mouseClick(page.back_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.version == "1" and not desk.background.busy)
