"""What the program is made of, with versions and licences, read from what is installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distributions, version
from typing import Any, Final

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from jusuo_desktop.actions.store_folder import PROGRAM
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.theme import FONTS

MOST_LICENCE: Final = 60


def program_line() -> str:
    """Name and version."""
    try:
        return f"司法所工作平台 {PROGRAM} {version(PROGRAM)}"
    except PackageNotFoundError:
        return f"司法所工作平台 {PROGRAM}"


def components() -> list[str]:
    """A line for each installed component: name, version, licence."""
    found = {}
    for one in distributions():
        about: Any = one.metadata
        licence = str(about.get("License-Expression") or about.get("License") or "")
        if not licence or len(licence) > MOST_LICENCE:
            named = [c.rpartition("::")[2].strip() for c in about.get_all("Classifier", []) if c.startswith("License ::")]
            licence = "、".join(named) or licence.splitlines()[0][:MOST_LICENCE] if licence or named else "见该组件的许可证文件"
        if about["Name"] and about["Name"] != PROGRAM:
            found[str(about["Name"]).lower()] = f"{about['Name']} {one.version}　{licence}"
    return [found[name] for name in sorted(found)]


def licences() -> str:
    """All of it as one text; for the background."""
    fonts = [f"== {path.stem}\n\n{path.read_text(encoding='utf-8')}" for path in sorted(FONTS.glob("OFL-*.txt"))]
    return "\n".join([program_line(), "", "组件", "", *components(), "", "字体（SIL Open Font License）", "", *fonts])


class AboutPage(Page):
    """One long text to read."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "第三方组件与许可证")
        self.add_act("返回", self.closed.emit)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.body.addWidget(self.text, 1)
        desk.background.run(self, lambda _reins: licences(), done=self.text.setPlainText)

    def first_field(self) -> QWidget:
        return self.text
