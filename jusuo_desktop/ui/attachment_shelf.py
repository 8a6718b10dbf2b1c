"""The attachments of a record as small pictures on its page: walk with the arrows, open with Enter, F2 to say what it is, a number for what it
is used as, Delete to void.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QMenu, QPushButton, QVBoxLayout, QWidget

from jusuo_desktop.actions.print_form import Offer
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.ui.attachment_icon import ICON, icon_of, look_of, said, sheet_of
from jusuo_desktop.ui.theme import button, label
from jusuo_desktop.ui.void_bar import VoidBar

KIND: Final = "attachment"
CELL: Final = QSize(124, 158)
NUMBERED: Final = 9
"""Papers that stand in the menu itself, each with a figure to press."""
MOST_ROWS: Final = 2
"""Of pictures; further ones are scrolled to."""
ADD_KEYS, GO_KEYS = "Ctrl+O", "Ctrl+Shift+O"
"""To add files; to the last picture, from anywhere on the page."""


class _Strip(QListWidget):
    """`opened`, `left_out`, `pasted`: Enter, Delete, Ctrl+V on the pictures; `used_as`: the number of a purpose."""

    opened = Signal()
    left_out = Signal()
    pasted = Signal()
    used_as = Signal(str)
    menu_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setMovement(QListWidget.Movement.Static)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setIconSize(ICON)
        self.setGridSize(CELL)
        self.setUniformItemSizes(True)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAcceptDrops(False)  # the whole page takes what is dropped
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemDoubleClicked.connect(lambda _: self.opened.emit())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F2:
            event.accept()  # here it describes a picture; elsewhere it registers a case
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        elif self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.left_out.emit()
        elif event.key() == Qt.Key.Key_Space and self.currentItem() is not None:
            self.menu_wanted.emit(self.viewport().mapToGlobal(self.visualItemRect(self.currentItem()).center()))
        elif event.text() in code_list("attachment_purpose").labels:
            self.used_as.emit(event.text())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())


class AttachmentShelf(QWidget):
    """`wanted` names the attachment to open; the others carry ids and what is to become of them."""

    wanted = Signal(str)
    files_wanted = Signal()
    paste_wanted = Signal()
    camera_wanted = Signal()
    described = Signal(str, str)
    purpose_given = Signal(object, str)
    merge_wanted = Signal(object)
    copy_wanted = Signal(str)
    voided = Signal(object, str)
    stop_wanted = Signal()
    papers_wanted = Signal(object)
    """Where the menu of signed papers is to open (a QPoint); answered by `offer_papers`."""
    signed = Signal(object, object)
    """Ids, and the paper (an Offer) of which they are the signed scan."""
    picture_wanted = Signal(object)
    """The record whose small picture is not known yet."""

    kinds = (KIND,)

    def __init__(self) -> None:
        super().__init__()
        self._records: list[Record] = []
        self._pictures: dict[str, QPixmap] = {}
        self._locked = False
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(3)
        self._heading = label("附件", "section")
        self.add_button = self._act(f"＋ 添加文件  {ADD_KEYS}", self.files_wanted.emit, "照片、扫描件、PDF、文档、录音；也可以直接拖到这一页上")
        self.paste_button = self._act("粘贴  Ctrl+Shift+V", self.paste_wanted.emit, "截图，或者复制好的文件")
        self.camera_button = self._act("高拍仪、摄像头", self.camera_wanted.emit, "一页一页拍下来，合成一份")
        self._way = label("可以把文件拖到这里", "hint")
        top = QHBoxLayout()
        top.setSpacing(4)
        for widget in (self._heading, self.add_button, self.paste_button, self.camera_button, self._way):
            top.addWidget(widget)
        top.addStretch(1)
        self.stop_button = self._act("停止", self.stop_wanted.emit, "")
        self.working = label("", "hint")
        top.addWidget(self.working)
        top.addWidget(self.stop_button)
        whole.addLayout(top)
        self.problems = label("", "problem")
        self.problems.setWordWrap(True)
        self.problems.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        whole.addWidget(self.problems)
        self.void_bar = VoidBar("作废后不再显示、也不再装订，内容仍留着。作废理由：", "例如：拍糊了")
        self.void_bar.confirmed.connect(lambda reason: self.voided.emit(self.chosen(), reason))
        whole.addWidget(self.void_bar)
        self.strip = _Strip()
        self.strip.opened.connect(self._open)
        self.strip.left_out.connect(self._ask_void)
        self.strip.pasted.connect(self.paste_wanted)
        self.strip.used_as.connect(self._use_as)
        self.strip.itemChanged.connect(self._changed)
        self.strip.menu_wanted.connect(self._show_menu)
        whole.addWidget(self.strip)
        self.tell_work("")
        self.tell_problems(())
        self._size()

    def _act(self, text: str, act: Callable[[], object], tip: str) -> QPushButton:
        made = button(text, flat=True)
        made.setToolTip(tip)
        made.clicked.connect(lambda: act())
        return made

    # -- what is shown -----------------------------------------------------------

    @property
    def buttons(self) -> list[QPushButton]:
        """The ways to add."""
        return [] if self._locked else [self.add_button, self.paste_button, self.camera_button]

    @property
    def ids(self) -> list[str]:
        """The attachments in order."""
        return [r.id for r in self._records]

    def load(self, records: Sequence[Record]) -> None:
        """Shows the attachments that are not voided; the place of the selection stays."""
        fresh = [r for r in records if r.kind == KIND and not r.voided]
        if fresh == self._records and self.strip.count() == len(fresh):
            return
        chosen, current = set(self.chosen()), self.strip.currentRow()
        self._records = fresh
        self.strip.blockSignals(True)
        self.strip.clear()
        for record in fresh:
            self.strip.addItem(self._item(record))
            self.strip.item(self.strip.count() - 1).setSelected(record.id in chosen)
        if fresh:
            self.strip.setCurrentRow(min(max(current, 0), len(fresh) - 1), self.strip.selectionModel().SelectionFlag.NoUpdate)
        self.strip.blockSignals(False)
        self._heading.setText(f"附件（{len(fresh)}）" if fresh else "附件")
        self._size()

    def _item(self, record: Record) -> QListWidgetItem:
        item = QListWidgetItem(KINDS[KIND].title(record.values))
        item.setData(Qt.ItemDataRole.UserRole, record.id)
        item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        item.setSizeHint(CELL)
        item.setToolTip(said(record))
        if not self._locked:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        known = self._pictures.get(look_of(record))
        item.setIcon(icon_of(known if known is not None else sheet_of(record)))
        if known is None:
            self.picture_wanted.emit(record)
        return item

    def show_picture(self, record: Record, image: QImage | None) -> None:
        """The small picture has come; None where there is nothing to show."""
        self._pictures[look_of(record)] = sheet_of(record, image)
        self.strip.blockSignals(True)
        for place, held in enumerate(self._records):
            if look_of(held) == look_of(record):
                self.strip.item(place).setIcon(icon_of(self._pictures[look_of(record)]))
        self.strip.blockSignals(False)

    def set_locked(self, locked: bool) -> None:
        """Only to look at."""
        if locked != self._locked:
            self._locked = locked
            records, self._records = self._records, []
            self.load(records)
        for widget in (self.add_button, self.paste_button, self.camera_button, self._way):
            widget.setVisible(not locked)
        self._way.setVisible(not locked and not self._records)

    def fit(self, width: int) -> None:
        """As many beside one another as there is room for."""
        self._size(width)

    def _size(self, width: int = 0) -> None:
        room = (width or self.width() or CELL.width()) - 16
        rows = -(-len(self._records) // max(room // CELL.width(), 1))
        self.strip.setVisible(bool(rows))
        self.strip.setFixedHeight(min(rows, MOST_ROWS) * CELL.height() + 6)
        self._way.setVisible(not self._locked and not self._records)

    def tell_work(self, text: str) -> None:
        """What is being added, '' for nothing."""
        self.working.setText(text)
        self.working.setVisible(bool(text))
        self.stop_button.setVisible(bool(text))

    def tell_problems(self, sentences: Sequence[str]) -> None:
        """What could not be added, a sentence each."""
        self.problems.setText("\n".join(sentences))
        self.problems.setVisible(bool(sentences))

    # -- what is done --------------------------------------------------------------

    def chosen(self) -> list[str]:
        """The selected attachments from left to right, else the one that has the focus."""
        rows = sorted(self.strip.row(item) for item in self.strip.selectedItems())
        if not rows and self.strip.currentRow() >= 0:
            rows = [self.strip.currentRow()]
        return [str(self.strip.item(row).data(Qt.ItemDataRole.UserRole)) for row in rows]

    def _open(self) -> None:
        if (item := self.strip.currentItem()) is not None:
            self.wanted.emit(item.data(Qt.ItemDataRole.UserRole))

    def _ask_void(self) -> None:
        if not self._locked and self.chosen():
            self.void_bar.reason.clear()
            self.void_bar.ask()

    def _changed(self, item: QListWidgetItem) -> None:
        self.described.emit(str(item.data(Qt.ItemDataRole.UserRole)), item.text().strip())

    def _show_menu(self, at: QPoint) -> None:
        if not self.chosen():
            return
        if self._locked:
            self.offer_papers(at, ())
        else:
            self.papers_wanted.emit(at)

    def offer_papers(self, at: QPoint, papers: Sequence[Offer]) -> None:
        """What can be done with the selected attachments; first of which printed paper they may be the signed scan."""
        chosen = self.chosen()
        if not chosen:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not self._locked:
            for number, paper in enumerate(papers[:NUMBERED], 1):
                self._add_paper(menu, f"&{number}  签署件：", chosen, paper)
            if papers[NUMBERED:]:
                others = menu.addMenu("其他文书的签署件")
                for paper in papers[NUMBERED:]:
                    self._add_paper(others, "", chosen, paper)
            menu.addSeparator()
            for code, text in code_list("attachment_purpose").codes:
                menu.addAction(f"用途：{text}\t{code}").triggered.connect(partial(self._give_purpose, chosen, code))
            menu.addSeparator()
            menu.addAction("写说明\tF2").triggered.connect(lambda: self.strip.editItem(self.strip.currentItem()))
            merging = menu.addAction(f"把选中的{len(chosen)}份合并成一份(&H)")
            merging.setEnabled(len(chosen) > 1)
            merging.triggered.connect(lambda: self.merge_wanted.emit(chosen))
        menu.addAction("打开\tEnter").triggered.connect(self._open)
        menu.addAction("另存一份…(&C)").triggered.connect(lambda: self.copy_wanted.emit(chosen[0]))
        if not self._locked:
            menu.addAction("作废\tDelete").triggered.connect(self._ask_void)
        menu.setActiveAction(menu.actions()[0])
        menu.popup(at)

    def go_to_last(self) -> None:
        """By key: the focus comes to the picture that was added last."""
        if self.strip.count():
            self.strip.setCurrentRow(self.strip.count() - 1, self.strip.selectionModel().SelectionFlag.ClearAndSelect)
            self.strip.setFocus(Qt.FocusReason.OtherFocusReason)

    def _use_as(self, code: str) -> None:
        if not self._locked and (chosen := self.chosen()):
            self._give_purpose(chosen, code)

    def _add_paper(self, menu: QMenu, before: str, chosen: list[str], paper: Offer) -> None:
        about = f"（{paper.about}）" if paper.about else ""
        menu.addAction(f"{before}{paper.title}{about}").triggered.connect(lambda: self.signed.emit(chosen, paper))

    def _give_purpose(self, chosen: list[str], code: str, _checked: bool = False) -> None:
        self.purpose_given.emit(chosen, code)
