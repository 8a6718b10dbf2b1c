"""To export what a list page lists: where to, masked or not, with progress in the foot of the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton

if TYPE_CHECKING:
    from jusuo_desktop.ui.list_page import ListPage

FOLDER = "export_folder"
"""Setting: where the last one went."""


def menu_of_exports(page: ListPage, under: QPushButton) -> None:
    """Asks how, then where."""
    menu = QMenu(page)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction("导出（身份证号、电话遮盖）").triggered.connect(lambda: _choose(page, unmasked=False))
    menu.addAction("导出完整号码（记入日志）").triggered.connect(lambda: _choose(page, unmasked=True))
    menu.popup(under.mapToGlobal(QPoint(0, under.height())))


def _choose(page: ListPage, *, unmasked: bool) -> None:
    folder = str(page.desk.session.store.get(FOLDER, str(Path.home())))
    proposed = Path(folder) / f"{page.kind.label}台账{page.desk.session.today():%Y%m%d}.xlsx"
    chosen, _ = QFileDialog.getSaveFileName(page, "导出为电子表格", str(proposed), "电子表格 (*.xlsx)")
    if chosen:
        export_to(page, Path(chosen), unmasked=unmasked)


def export_to(page: ListPage, path: Path, *, unmasked: bool = False) -> None:
    """Writes the list into a workbook, in the background."""
    session, query = page.desk.session, page.query()

    def work(reins: object) -> int:
        from jusuo_desktop.actions.export_list import export_list

        written = export_list(session, query, path, unmasked=unmasked, reins=reins)  # type: ignore[arg-type]
        session.store.set(FOLDER, str(path.parent))
        return written

    task = page.desk.background.run(
        page,
        work,
        done=lambda count: page.desk.say(f"已导出 {count:,} 条：{path}"),
        progress=lambda step: page.show_work(step.line),
        ended=lambda: page.show_work(""),
    )
    page.show_work("正在导出…", task.cancel)
