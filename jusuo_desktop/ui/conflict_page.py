"""分歧: one conflict after the other, decided by one key, the signed paper beside it; the last decision can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from jusuo_desktop.actions.conflict_reading import OpenConflict, open_conflicts
from jusuo_desktop.actions.decide_conflict import Decision, Take, decide, decide_with, take_back
from jusuo_desktop.actions.session import Session
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.records.kind import Record
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.conflict_pane import ConflictPane
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.pages_view import PagesView
from jusuo_desktop.ui.theme import hint, label

MOST: Final = 500
NO_PAPER: Final = "这条记录还没有签字纸的扫描件。扫描签过字的纸、标为“签署件”以后，会显示在这里，好对着纸决定。"
KEYS: Final = "↑↓ 选择　　1 保留现在的　2 改用另一个　3 合并着写　　Enter 下一处　　+ - 放大缩小扫描件"
Paper = tuple[Record | None, PagePictures | None, str]
"""The scan, its pages, or the sentence why it cannot be shown."""


class ConflictPage(Page):
    """`about` names a conflict or a record whose conflict is shown first."""

    def __init__(self, desk: Desk, about: str = "") -> None:
        super().__init__(desk, "有分歧的内容")
        self._about = about
        self._keys, self._writing = 0, 0
        self._last: dict[int, Decision] = {}
        """By the number of the key that decided: several are written at once, and the first to be done is not the first decided."""
        self._paper_of: tuple[str, ...] | None = None
        self._seen: set[str] = set()
        self.pane = ConflictPane()
        self.counted = label("", "hint")
        self.header.insertWidget(1, self.counted)
        self.back = self.add_act("撤回刚才的决定", self.take_back, "Ctrl+Z", hint="刚才决定的那一处重新打开，原来的内容恢复")
        self.back.setEnabled(False)
        self.add_act("返回", self.closed.emit, "Esc")
        self.paper, self.paper_line = PagesView(desk.background), hint("")
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.pane)
        self.split.addWidget(self._paper_sheet())
        self.split.setStretchFactor(0, 1)
        self.body.addWidget(self.split, 1)
        self.body.addWidget(label(KEYS, "hint"))
        self.pane.chosen.connect(self._chosen)
        self.pane.zoomed.connect(self.paper.zoom)
        self.pane.opened.connect(desk.open_record)
        self.pane.decided.connect(lambda i, side: self._write(i, lambda session: decide(session, i, cast("Take", side))))
        self.pane.mixed.connect(lambda i, text: self._write(i, lambda session: decide_with(session, i, text)))
        desk.changed.connect(lambda _: self._read() if self.isVisible() else None)

    def shown(self) -> None:
        self._lay()
        self._read()

    def first_field(self) -> QWidget:
        return self.pane.list

    def take_back(self) -> None:
        """Opens the conflict decided last again."""
        if not self._last or self._writing:
            return
        decision, session = self._last.pop(max(self._last)), self.desk.session
        self._offer_back()

        def done(_: object) -> None:
            self.pane.put_back(decision.conflict_id)
            self._about = decision.conflict_id
            self._read()
            self.desk.say("刚才的决定已撤回。")

        self.desk.background.run(self, lambda _: take_back(session, decision), done=done)

    # -- building ---------------------------------------------------------------------

    def _paper_sheet(self) -> QWidget:
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(10, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.paper_line)
        column.addWidget(self.paper, 1)
        sheet.setMinimumWidth(240)
        return sheet

    def _lay(self) -> None:
        wide = self.width() or 1200
        paper = max(300, round(wide * 0.32))
        self.split.setSizes([wide - paper, paper])
        self.pane.split.setSizes([200 if wide < 1400 else 280, wide])

    # -- showing -----------------------------------------------------------------------

    def _read(self) -> None:
        session = self.desk.session
        self.desk.background.run(self, lambda _: open_conflicts(session, MOST), done=self._fill, key="conflicts")

    def _fill(self, conflicts: list[OpenConflict]) -> None:
        if self.pane.sides.is_writing:
            return  # what is being written stays in sight
        about, self._about = self._about, ""
        self.pane.fill(conflicts, about)
        self.pane.list.setFocus()

    def _chosen(self, one: OpenConflict | None) -> None:
        self.counted.setText(f"第 {self.pane.place} 处，还有 {self.pane.left} 处待决定" if one is not None else "都决定好了")
        if one is not None and one.sensitive and one.id not in self._seen:
            self._seen.add(one.id)
            store, record_id, field = self.desk.session.store, one.record_id, one.field
            self.desk.background.run(self, lambda _: store.audit_view(record_id, field))
        wanted = one.scan_of if one is not None else ()
        if wanted == self._paper_of:
            return
        self._paper_of = wanted
        session = self.desk.session
        self.desk.background.run(self, lambda _: _paper(session, wanted), done=self._show_paper, key="paper")

    def _show_paper(self, paper: Paper) -> None:
        scan, pages, trouble = paper
        self.paper.show_pages(pages)
        called = str(scan.values.get("description") or scan.values.get("file_name", "")) if scan is not None else ""
        self.paper_line.setText(trouble or (f"签字的纸：{called}" if scan is not None else NO_PAPER if self._paper_of else ""))

    # -- acts ----------------------------------------------------------------------------

    def _write(self, conflict_id: str, act: Callable[[Session], Decision]) -> None:
        session = self.desk.session
        self._keys += 1
        self._writing += 1
        key = self._keys
        self._offer_back()

        def done(decision: Decision) -> None:
            self._last[key] = decision
            self.desk.say("已决定，下次同步时告诉各台电脑。")

        def refused(said: Refused) -> None:
            self.pane.put_back(conflict_id)
            self._about = conflict_id
            self.desk.refuse(said)
            self._read()

        def ended() -> None:
            self._writing -= 1
            self._offer_back()

        self.desk.background.run(self, lambda _: act(session), done=done, refused=refused, ended=ended)

    def _offer_back(self) -> None:
        self.back.setEnabled(bool(self._last) and not self._writing)


def _paper(session: Session, record_ids: tuple[str, ...]) -> Any:
    from jusuo_desktop.actions.attachment_pages import pages_of
    from jusuo_desktop.actions.signed_paper import newest_signed

    scan = newest_signed(session, record_ids)
    if scan is None:
        return None, None, ""
    try:
        return scan, pages_of(session, scan), ""
    except Refused as said:
        return scan, None, said.message
