"""F1: the keys of the program on one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea

from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.theme import card, label

KEYS: Final = (
    ("随时可用", (
        ("F1", "本页"), ("F2", "登记人民调解"), ("F3", "登记法律咨询"), ("F4", "登记顾问走访"), ("F5", "刷新"), ("F8", "打印（预览）"),
        ("F9", "立即同步"), ("/  或  Ctrl+F", "查找：姓名、拼音首字母、身份证号、电话、编号、任意文字"), ("Alt+1 … 8", "切换左侧各部分"),
        ("Esc", "返回上一页（已填写的内容自动保留）"), ("Ctrl+L", "锁定"),
    )),
    ("填写", (
        ("Enter", "到下一项"), ("Shift+Tab", "到上一项"), ("Ctrl+S", "保存"), ("Ctrl+Z", "撤销"),
        ("↑ ↓", "选择提示的项目"), ("F7  Ctrl+F7  Shift+F7", "增加一行（当事人等）；展开、移去这一行"),
        ("Alt+字母", "增加一份文书，展开一组项目（字母写在旁边）"),
        ("F6", "办理的下一步（受理、调解、结案等）"), ("Alt+U", "打开案内已有的一份"),
        ("Ctrl+O  Ctrl+Shift+V", "添加附件（扫描件、照片）；粘贴截图或文件"),
        ("Ctrl+Shift+O", "到附件：F2 写说明，数字选用途，空格选是哪份文书的签署件"),
        ("F11", "修改历史"), ("F12", "到还没填的项目"),
        ("Ctrl+K  或  / 加字母", "在长文字里插入常用语；Tab 到下一处【　】"), ("Ctrl+Shift+K", "选中的文字存为常用语"), ("Ctrl+P", "预览页：打印"),
        ("Ctrl+J", "卷宗：缺什么、装订、整卷打印"), ("Alt+H", "打过的纸，原样再打"),
        ("Ctrl+R  Ctrl+← →", "附件页：转90度；上一份、下一份"),
    )),
    ("列表", (
        ("↑ ↓  PgUp PgDn", "移动"), ("Enter", "打开"), ("直接键入", "在列表中查找"), ("Ctrl+E", "导出"),
        ("Shift+F8", "打印登记簿（列表里的记录）"), ("单击表头", "排序；右击表头选择显示的列"),
    )),
    ("排查、预警、再次来访", (
        ("F10  Alt+E", "排查出的纠纷转为案件；预警"), ("Ctrl+0", "排查页：勾选的村零报告"),
        ("Alt+O  Alt+I  Alt+K  Alt+F", "提示的旧案：打开、取用当事人、是同一件、不是"),
    )),
)  # fmt: skip
LEFT: Final = ("随时可用", "列表", "排查、预警、再次来访")
"""The groups of the left column; the others stand on the right."""


class KeysHelp(Page):
    """The sheet of keys."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "快捷键")
        self.add_act("返回", self.closed.emit)
        sheet = card()
        columns = QHBoxLayout(sheet)
        columns.setContentsMargins(24, 14, 24, 14)
        columns.setSpacing(36)
        for left in (True, False):
            columns.addLayout(_column([group for group in KEYS if (group[0] in LEFT) is left]), 1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(sheet)
        self.body.addWidget(scroll, 1)


def _column(groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(4)
    row = 0
    for heading, keys in groups:
        grid.addWidget(label(heading, "section"), row, 0, 1, 2)
        row += 1
        for key, said in keys:
            shown, what = QLabel(key), QLabel(said)
            shown.setStyleSheet("font-weight: 600;")
            what.setWordWrap(True)
            grid.addWidget(shown, row, 0)
            grid.addWidget(what, row, 1)
            row += 1
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(row, 1)
    return grid
