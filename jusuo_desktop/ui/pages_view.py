"""Paper on the screen: every page below the other, sharp at any size, drawn in the background."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from jusuo_desktop.printing.raster import PagePictures, Picture
from jusuo_desktop.ui.background import Background
from jusuo_desktop.ui.printer import image_of
from jusuo_desktop.ui.theme import LINE

MARGIN, APART = 16, 14
"""Around the pages and between them, in pixels."""

LEAST, MOST, STEP = 0.5, 5.0, 1.2
"""Pixels a point, and by how much one step zooms."""

WIDEST = 1.4
"""Fitting the width never enlarges beyond this: wide screens would show half a page."""
FIT_WIDTH, FIT_PAGE = 0.0, -1.0

GATHERING_MS = 25


class _Sheets(QWidget):
    """The pages as they lie below each other; draws what pictures there are."""

    def __init__(self, view: PagesView) -> None:
        super().__init__()
        self._view = view

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number, place in enumerate(self._view.places()):
            if place.intersects(QRectF(event.rect())):
                painter.fillRect(place, Qt.GlobalColor.white)
                image = self._view.image(number)
                if image is not None:
                    painter.drawImage(place, image)
                painter.setPen(QColor(LINE))
                painter.drawRect(place.adjusted(-1, -1, 0, 0))


class PagesView(QScrollArea):
    """Shows the pages of one PDF. `moved` tells the page in view (from 1) and how many there are."""

    moved = Signal(int, int)

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._pages: PagePictures | None = None
        self._images: dict[int, tuple[float, QImage]] = {}
        self._zoom = FIT_WIDTH
        self._sheets = _Sheets(self)
        self.setWidget(self._sheets)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(GATHERING_MS)
        self._timer.timeout.connect(self._draw_missing)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def show_pages(self, pages: PagePictures | None) -> None:
        """Shows other pages; the place in the paper is kept where the number of pages is the same."""
        same = self._pages is not None and pages is not None and self._pages.sizes == pages.sizes
        self._pages = pages
        if not same:
            self._images.clear()
        self._images = {number: (0.0, image) for number, (_, image) in self._images.items()}
        self._arrange()
        if not same:
            self.verticalScrollBar().setValue(0)
        self._scrolled()

    @property
    def drawn(self) -> bool:
        """Whether every page in view is drawn at its size."""
        return self._pages is not None and all(self._is_sharp(n) for n in self._in_view())

    def image(self, number: int) -> QImage | None:
        """The picture of a page, perhaps of another size."""
        known = self._images.get(number)
        return known[1] if known else None

    def zoom(self, steps: int) -> None:
        """So many steps larger (or smaller)."""
        self._zoom = min(max(self.scale * STEP**steps, LEAST), MOST)
        self._arrange()

    def go_to(self, number: int) -> None:
        """Brings page `number` (from 0) to the top."""
        places = self.places()
        if 0 <= number < len(places):
            self.verticalScrollBar().setValue(round(places[number].top()) - MARGIN // 2)

    def fit(self, *, page: bool = False) -> None:
        """As wide as there is room, or a whole page."""
        self._zoom = FIT_PAGE if page else FIT_WIDTH
        self._arrange()

    @property
    def scale(self) -> float:
        """Pixels a point."""
        if self._zoom > 0:
            return self._zoom
        widest, tallest = (max(side, default=600.0) for side in zip(*self._sizes(), strict=True)) if self._sizes() else (600.0, 842.0)
        scale = (self.viewport().width() - 2 * MARGIN) / widest
        if self._zoom == FIT_PAGE:
            scale = min(scale, (self.viewport().height() - 2 * MARGIN) / tallest)
        return min(max(scale, LEAST), WIDEST)

    def places(self) -> list[QRectF]:
        """Where each page lies."""
        scale, top = self.scale, float(MARGIN)
        found = []
        for width, height in self._sizes():
            left = max((self._sheets.width() - width * scale) / 2, MARGIN)
            found.append(QRectF(round(left), round(top), round(width * scale), round(height * scale)))
            top += height * scale + APART
        return found

    def _sizes(self) -> tuple[tuple[float, float], ...]:
        return self._pages.sizes if self._pages is not None else ()

    def _arrange(self) -> None:
        bar = self.verticalScrollBar()
        share = bar.value() / max(bar.maximum(), 1)
        sizes, scale = self._sizes(), self.scale
        width = max((w for w, _ in sizes), default=0.0) * scale + 2 * MARGIN
        height = sum(h * scale + APART for _, h in sizes) + 2 * MARGIN - APART
        self._sheets.resize(max(int(width), self.viewport().width()), max(int(height), 1))
        bar.setValue(round(share * bar.maximum()))
        self._sheets.update()
        self._timer.start()

    def _scrolled(self) -> None:
        middle = self.verticalScrollBar().value() + self.viewport().height() / 2
        places = self.places()
        current = next((n for n, place in enumerate(places, 1) if place.bottom() + APART >= middle), len(places))
        self.moved.emit(current, len(places))
        self._timer.start()

    def _in_view(self) -> list[int]:
        top = self.verticalScrollBar().value()
        seen = QRectF(0, top, self._sheets.width(), self.viewport().height())
        return [number for number, place in enumerate(self.places()) if place.intersects(seen)]

    def _dpi(self) -> float:
        return self.scale * 72 * self.devicePixelRatioF()

    def _is_sharp(self, number: int) -> bool:
        return number in self._images and abs(self._images[number][0] - self._dpi()) < 0.01

    def _draw_missing(self) -> None:
        pages = self._pages
        if pages is None:
            return
        dpi, seen = self._dpi(), self._in_view()
        near = [*seen, *(n for n in (seen[-1] + 1 if seen else 0,) if n < len(pages.sizes))]
        for number in near:
            if not self._is_sharp(number):
                self._draw(pages, number, dpi)
        for number in set(self._images) - set(range(min(near, default=0) - 2, max(near, default=0) + 3)):
            del self._images[number]

    def _draw(self, pages: PagePictures, number: int, dpi: float) -> None:
        take = partial(self._take, pages, number, dpi)
        self._background.run(self, lambda _: pages.picture(number, dpi), done=take, key=f"page {number}")

    def _take(self, pages: PagePictures, number: int, dpi: float, picture: Picture) -> None:
        if pages is self._pages:
            self._images[number] = (dpi, image_of(picture))
            self._sheets.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)
