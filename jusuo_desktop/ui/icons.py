"""The small drawings of the rail, as SVG paths: sharp at every scale, in the colour asked for."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

SHAPES: Final = {
    "today": "M4 5h16v15H4zM4 9.5h16M8 3v4M16 3v4M8 13.5h3M13.5 13.5h3M8 16.5h3",
    "mediation": "M12 4v16M8 20h8M5 7h14M5 7l-2.5 6.5h5zM19 7l-2.500 6.500h5z",
    "consultation": "M4 5h16v11H11l-4.500 4v-4H4zM8 9h8M8 12.500h5",
    "adviser_visit": "M3.500 11.500 12 4.500l8.500 7M6 10v9.500h12V10M10 19.500v-5h4v5",
    "dispute_screening": "M12 3.500l7.500 3v5.500c0 4.500-3 7.500-7.500 9-4.500-1.500-7.500-4.500-7.500-9V6.500zM12 8v4.500M12 15.800v.2",
    "statistics": "M4 20h16M6.500 20v-7M11 20V5M15.500 20v-10M19 20v-4",
    "sync": "M19.500 10A8 8 0 0 0 5 8.500M4.500 4.500v4.500H9M4.500 14A8 8 0 0 0 19 15.500M19.500 19.500V15H15",
    "settings": "M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h10M18 17h2M16 15v4",
    "lock": "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
    "search": "M10.500 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12M15 15l5 5",
}
SIZE: Final = 24


def icon(name: str, colour: str, pixels: int = 18) -> QIcon:
    """The drawing of that name; also at twice and three times the size, for scaled displays."""
    drawn = QIcon()
    content = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}"><path d="{SHAPES[name]}" fill="none" stroke="{colour}"'
        ' stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
    renderer = QSvgRenderer(QByteArray(content.encode()))
    for times in (1, 2, 3):
        pixmap = QPixmap(pixels * times, pixels * times)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        pixmap.setDevicePixelRatio(times)
        drawn.addPixmap(pixmap)
    return drawn
