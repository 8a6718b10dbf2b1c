"""What the camera sees, turned as wanted, with the frame to which it is cut; a picture is taken as large as the camera sent it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

WHOLE: Final = QRectF(0, 0, 1, 1)
LEAST_SHARE: Final = 0.05
"""Of the picture's edges; a smaller frame was a click."""
SHADE: Final = QColor(0, 0, 0, 110)


class CameraSight(QWidget):
    """`cut_changed` when the frame is another one."""

    cut_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._turn = 0
        self.cut = QRectF(WHOLE)
        """The part that is taken, as shares of the turned picture."""
        self._from: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(QSize(320, 240))

    @property
    def sees(self) -> bool:
        """Whether the camera has sent anything yet."""
        return not self._image.isNull()

    def show_image(self, image: QImage) -> None:
        """The camera's next picture."""
        self._image = image
        self.update()

    def turn(self) -> None:
        """A quarter to the right, from now on; the whole picture is taken again."""
        self._turn = (self._turn + 90) % 360
        self.cut_whole()

    def cut_whole(self) -> None:
        """Takes the whole picture."""
        self.cut = QRectF(WHOLE)
        self.cut_changed.emit()
        self.update()

    def taken(self) -> QImage:
        """The picture of this moment, turned and cut."""
        image = self._turned()
        width, height = image.width(), image.height()
        part = QRectF(self.cut.x() * width, self.cut.y() * height, self.cut.width() * width, self.cut.height() * height)
        return image.copy(part.toRect().intersected(image.rect()))

    def _turned(self) -> QImage:
        return self._image.transformed(QTransform().rotate(self._turn)) if self._turn else self._image

    def _place(self) -> QRectF:
        size = self._image.size() if self._turn % 180 == 0 else self._image.size().transposed()
        fit = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF((self.width() - fit.width()) / 2, (self.height() - fit.height()) / 2, fit.width(), fit.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#20262d"))
        if not self.sees:
            return
        place = self._place()
        painter.save()
        painter.translate(place.center())
        painter.rotate(self._turn)
        size = place.size() if self._turn % 180 == 0 else place.size().transposed()
        painter.drawImage(QRectF(-size.width() / 2, -size.height() / 2, size.width(), size.height()), self._image)
        painter.restore()
        if self.cut != WHOLE:
            frame = self._shown(place)
            for shade in (
                QRectF(place.topLeft(), QPointF(place.right(), frame.top())),
                QRectF(QPointF(place.left(), frame.bottom()), place.bottomRight()),
                QRectF(QPointF(place.left(), frame.top()), frame.bottomLeft()),
                QRectF(frame.topRight(), QPointF(place.right(), frame.bottom())),
            ):
                painter.fillRect(shade, SHADE)
            painter.setPen(QPen(QColor("#ffd24a"), 2))
            painter.drawRect(frame)

    def _shown(self, place: QRectF) -> QRectF:
        left, top = place.x() + self.cut.x() * place.width(), place.y() + self.cut.y() * place.height()
        return QRectF(left, top, self.cut.width() * place.width(), self.cut.height() * place.height())

    # -- the frame, drawn with the mouse -------------------------------------------

    def _share(self, at: QPointF) -> QPointF:
        place = self._place()
        x, y = (at.x() - place.x()) / place.width(), (at.y() - place.y()) / place.height()
        return QPointF(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.sees and event.button() == Qt.MouseButton.LeftButton:
            self._from = self._share(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self.cut = QRectF(self._from, self._share(event.position())).normalized()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._from = None
            if self.cut.width() < LEAST_SHARE or self.cut.height() < LEAST_SHARE:
                self.cut = QRectF(WHOLE)
            self.cut_changed.emit()
            self.update()
