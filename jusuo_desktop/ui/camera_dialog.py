"""The document camera: Space takes a page, as many as there are, Enter ends; the pages become one attachment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.camera_sight import WHOLE, CameraSight
from jusuo_desktop.ui.theme import button, label

if TYPE_CHECKING:
    from jusuo_desktop.ui.camera_source import CameraSource

MOST_PAGES: Final = 60
LIST_WIDTH: Final = 150
SMALL: Final = QSize(112, 112)
BY_PHONE: Final = "请用手机拍照，通过微信“文件传输助手”或数据线传到电脑，再拖到这一页上。"
NO_PARTS: Final = f"这台电脑缺少摄像头要用的系统组件，不能在这里拍。{BY_PHONE}或者请管理员安装声音和视频组件（Linux上为libpulse0）。"
NO_CAMERA: Final = f"没有找到高拍仪或摄像头，请插好它（换一个USB口试试）再点一次。{BY_PHONE}"


def open_camera(parent: QWidget) -> CameraDialog:
    """The dialog over a page, its camera started.

    Raises:
        Refused: the machine has no camera, or lacks what cameras need.
    """
    try:
        from jusuo_desktop.ui.camera_source import CameraSource
    except ImportError:
        raise Refused(NO_PARTS) from None
    source = CameraSource()
    if not source.names():
        source.deleteLater()
        raise Refused(NO_CAMERA)
    dialog = CameraDialog(source, parent)
    dialog.open()
    return dialog


class CameraDialog(QDialog):
    """`taken` carries the pages when Enter ends it; nothing when it is given up."""

    taken = Signal(object)

    def __init__(self, source: CameraSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("高拍仪、摄像头")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1060, 720)
        self.source = source
        source.setParent(self)
        self.pages: list[QImage] = []
        self._sure = False
        self.camera = QComboBox()
        self.camera.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.sight = CameraSight()
        self.list = QListWidget()
        self.list.setViewMode(QListWidget.ViewMode.IconMode)
        self.list.setMovement(QListWidget.Movement.Static)
        self.list.setFlow(QListWidget.Flow.TopToBottom)
        self.list.setWrapping(False)
        self.list.setIconSize(SMALL)
        self.list.setFixedWidth(LIST_WIDTH)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.said = label("", "hint")
        self._lay_out()
        source.seen.connect(self._show)
        source.trouble.connect(self._tell_trouble)
        source.cameras_changed.connect(self._look_for_cameras)
        self.camera.currentIndexChanged.connect(self._choose)
        self.sight.cut_changed.connect(self._show_standing)
        self._look_for_cameras()
        self._show_standing()
        self.sight.setFocus()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(label("摄像头", "hint"))
        top.addWidget(self.camera, 1)
        self.turn_button = self._act("转90度  R", self.sight.turn, "R")
        self.whole_button = self._act("不裁剪  C", self.sight.cut_whole, "C")
        self.shoot_button = self._act("拍一页  空格", self.shoot, "Space", primary=True)
        for made in (self.turn_button, self.whole_button, self.shoot_button):
            top.addWidget(made)
        middle = QHBoxLayout()
        middle.addWidget(self.sight, 1)
        middle.addWidget(self.list)
        foot = QHBoxLayout()
        foot.addWidget(self.said, 1)
        self.drop_button = self._act("去掉这一页  Delete", self.drop, "Delete")
        self.end_button = self._act("完成  Enter", self.end, "Return")
        QShortcut(QKeySequence("Enter"), self).activated.connect(self.end_button.click)
        for keys, by in (("Up", -1), ("Down", 1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda by=by: self.list.setCurrentRow(max(self.list.currentRow() + by, 0)))
        for made in (self.drop_button, self.end_button):
            foot.addWidget(made)
        whole = QVBoxLayout(self)
        whole.addLayout(top)
        whole.addLayout(middle, 1)
        whole.addLayout(foot)

    def _act(self, text: str, act: Callable[[], object], keys: str, *, primary: bool = False) -> QPushButton:
        made = button(text, primary=primary)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space belongs to the camera wherever the focus is
        made.setAutoDefault(False)
        made.clicked.connect(lambda: act())
        QShortcut(QKeySequence(keys), self).activated.connect(made.click)
        return made

    # -- the camera ----------------------------------------------------------------

    def _look_for_cameras(self) -> None:
        names, chosen = self.source.names(), self.camera.currentText()
        self.camera.blockSignals(True)
        self.camera.clear()
        self.camera.addItems(names)
        place = max(self.camera.findText(chosen), 0)
        self.camera.setCurrentIndex(place if names else -1)
        self.camera.blockSignals(False)
        self._choose(self.camera.currentIndex())

    def _choose(self, number: int) -> None:
        self.source.start(number)
        self._show_standing()
        if number < 0 and not self.sight.sees:
            self.said.setText(NO_CAMERA)

    def _show(self, image: QImage) -> None:
        first = not self.sight.sees
        self.sight.show_image(image)
        if first:
            self._show_standing()

    def _tell_trouble(self, sentence: str) -> None:
        self.said.setText(sentence)

    # -- pages ------------------------------------------------------------------------

    def shoot(self) -> None:
        """Takes the page that lies there."""
        if not self.sight.sees:
            return
        if len(self.pages) >= MOST_PAGES:
            self.said.setText(f"一份最多{MOST_PAGES}页，请先按Enter完成这一份，再拍下一份。")
            return
        self._sure = False
        page = self.sight.taken()
        self.pages.append(page)
        small = page.scaled(SMALL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        self.list.addItem(QListWidgetItem(QIcon(QPixmap.fromImage(small)), ""))
        self._number()
        self.list.setCurrentRow(len(self.pages) - 1)

    def drop(self) -> None:
        """Takes the chosen page off again."""
        place = self.list.currentRow()
        if 0 <= place < len(self.pages):
            del self.pages[place]
            self.list.takeItem(place)
            self._number()

    def end(self) -> None:
        """The pages are taken in."""
        if self.pages:
            self.taken.emit(list(self.pages))
            self.accept()
        else:
            self.said.setText("还没有拍，按空格拍一页。")

    def reject(self) -> None:
        """Esc gives up what was taken only when it is pressed twice."""
        if self.pages and not self._sure:
            self._sure = True
            self.said.setText(f"已经拍了{len(self.pages)}页：按Enter保存；再按一次Esc放弃。")
            return
        super().reject()

    def done(self, result: int) -> None:
        self.source.stop()
        super().done(result)

    def _number(self) -> None:
        for place in range(self.list.count()):
            self.list.item(place).setText(f"第{place + 1}页")
        self._show_standing()

    def _show_standing(self) -> None:
        self.shoot_button.setEnabled(self.sight.sees)
        self.turn_button.setEnabled(self.sight.sees)
        self.whole_button.setEnabled(self.sight.cut != WHOLE)
        self.drop_button.setEnabled(bool(self.pages))
        self.end_button.setEnabled(bool(self.pages))
        if not self.sight.sees:
            self.said.setText("正在打开摄像头…")
        else:
            taken = f"已拍{len(self.pages)}页。" if self.pages else ""
            self.said.setText(f"{taken}放好一页按空格拍下；在画面上拖出方框只拍框里的部分；拍完按Enter。")
