"""The last step of an import: what the check found, then how far the import is, then what became of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QProgressBar, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from jusuo_desktop.actions.import_ledger import ImportReport
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.reports.progress import Progress
from jusuo_desktop.reports.targets import target_label
from jusuo_desktop.ui.theme import button, card, hint, label

MOST_SHOWN: Final = 1000


class Figures(QWidget):
    """The counts of a report as large figures in a row."""

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(10)

    def show_figures(self, figures: list[tuple[int, str, str]]) -> None:
        """Shows (count, words, kind of label)."""
        while self._row.count():
            item = self._row.takeAt(0)
            if item.widget() is not None:
                item.widget().deleteLater()
        for count, words, kind in figures:
            box = card()
            inner = QVBoxLayout(box)
            inner.setContentsMargins(18, 8, 18, 8)
            inner.setSpacing(0)
            figure = label(f"{count:,}", kind)
            figure.setStyleSheet("font-size: 26px; font-weight: 600;")
            inner.addWidget(figure)
            inner.addWidget(label(words, "hint"))
            self._row.addWidget(box)
        self._row.addStretch(1)


class Result(QWidget):
    """Shows a report and, while the work goes on, its progress."""

    def __init__(self) -> None:
        super().__init__()
        self.line = label("", "heading")
        self.line.setWordWrap(True)
        self.figures = Figures()
        self.more = hint("")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.step = label("")
        self.cancel_button = button("停止")
        self._work = QWidget()
        work = QHBoxLayout(self._work)
        work.setContentsMargins(0, 0, 0, 0)
        work.addWidget(self.step)
        work.addWidget(self.bar, 1)
        work.addWidget(self.cancel_button)
        self.reasons_title = label("", "section")
        self.reasons = QTableWidget(0, 4)
        self.reasons.setHorizontalHeaderLabels(["工作表", "行", "哪一项", "原因"])
        self.reasons.verticalHeader().hide()
        self.reasons.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.reasons.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.reasons.setAlternatingRowColors(True)
        self.reasons.setTabKeyNavigation(False)
        header = self.reasons.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        for at, width in ((0, 110), (1, 60), (2, 150)):
            self.reasons.setColumnWidth(at, width)
        self.save_button = button("保存退回的行…  Ctrl+S")
        foot = QHBoxLayout()
        foot.addWidget(self.reasons_title)
        foot.addStretch(1)
        foot.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for part in (self.line, self.figures, self.more, self._work):
            layout.addWidget(part)
        layout.addLayout(foot)
        layout.addWidget(self.reasons, 1)
        self._rest = QWidget()
        layout.addWidget(self._rest, 1)

    def show_working(self, said: str) -> None:
        """The work has begun."""
        self._work.show()
        self.cancel_button.setEnabled(True)
        self.step.setText(said)
        self.bar.setRange(0, 0)

    def show_progress(self, progress: Progress) -> None:
        """The work is so far."""
        self.step.setText(progress.line)
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)

    def stopping(self) -> None:
        """The work was asked to stop."""
        self.cancel_button.setEnabled(False)
        self.step.setText("正在停下，已经写入的不会丢…")

    def show_nothing(self, said: str) -> None:
        """Nothing is known yet."""
        self.line.setText(said)
        self.figures.show_figures([])
        self.more.setText("")
        self._show_reasons("", ImportReport())

    def show_report(self, kind: str, report: ImportReport) -> None:
        """What the check found, or what the import did."""
        self._work.hide()
        self.line.setText("检查完了，还没有写入。" if report.dry else "导入停下了。" if report.stopped else "导入完成。")
        figures = [(report.added, "可以导入" if report.dry else "新增", "good")]
        figures += [(report.known, "以前已经导入，不重复", "")] * bool(report.known)
        figures += [(report.completed, "补全了空项", "")] * bool(report.completed)
        figures += [(len(report.refused), "退回", "problem")] * bool(report.refused)
        self.figures.show_figures(figures)
        self.more.setText(_more(report))
        self._show_reasons(kind, report)

    def _show_reasons(self, kind: str, report: ImportReport) -> None:
        rows = [*((r, False) for r in report.refused), *((d, True) for d in report.doubts)][:MOST_SHOWN]
        title = f"退回的 {len(report.refused):,} 行" if report.refused else ""
        if report.doubts:
            title += ("，" if title else "") + f"照样导入但请核对的 {len(report.doubts):,} 处"
        self.reasons_title.setText(title + (f"（只列出前 {MOST_SHOWN} 条）" if len(report.refused) + len(report.doubts) > MOST_SHOWN else ""))
        for part in (self.reasons, self.reasons_title):
            part.setVisible(bool(rows))
        self._rest.setVisible(not rows)
        self.save_button.setVisible(bool(report.refused))
        self.reasons.setRowCount(0)
        self.reasons.setRowCount(len(rows))
        for at, (row, doubt) in enumerate(rows):
            reason = f"（请核对）{row.reason}" if doubt else row.reason
            for column, text in enumerate((row.sheet, str(row.row), target_label(kind, row.field), reason)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.reasons.setItem(at, column, item)


def _more(report: ImportReport) -> str:
    said = []
    if report.created_references:
        names: dict[str, list[str]] = {}
        for kind, name in report.created_references:
            names.setdefault(KINDS[kind].label, []).append(name)
        will = "将登记新的" if report.dry else "登记了新的"
        for of, some in names.items():
            said.append(f"{will}{of} {len(some)} 个：{'、'.join(some[:12])}{'等' if len(some) > 12 else ''}。")
    if report.skipped:
        said.append("不是记录、没有导入的行：" + "，".join(f"{what} {count} 行" for what, count in report.skipped.items()) + "。")
    if report.stopped:
        said.append("再导入一次会从停下的地方接着做，已经导入的不会重复。")
    return "\n".join(said)
