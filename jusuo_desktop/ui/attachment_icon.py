"""The small picture of an attachment, with what it is written beneath and beside it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QImage, QPainter, QPixmap

from jusuo_desktop.actions.attach import arrangement_of
from jusuo_desktop.actions.signed_scan import SIGNED
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.kind import Record
from jusuo_desktop.ui.theme import ACCENT, GREEN, LINE, PAPER, QUIET

ICON: Final = QSize(104, 112)


def said(record: Record) -> str:
    """An attachment in lines: what it is, of what use, how large, when taken."""
    values = record.values
    size = int(values.get("size_bytes") or 0)  # type: ignore[arg-type]
    lines = [str(values.get("description", "")), str(values.get("file_name", ""))]
    if purpose := values.get("purpose"):
        lines.append(code_list("attachment_purpose").label_of(str(purpose)))
    lines.append(f"{values['pages']}页，{_size(size)}" if values.get("pages") else _size(size))
    if taken := values.get("taken_at"):
        lines.append(f"拍摄于{str(taken).replace('T', ' ')}")
    return "\n".join(line for line in lines if line)


def icon_of(picture: QPixmap) -> QIcon:
    """The same picture when it is selected, without a veil."""
    made = QIcon(picture)
    made.addPixmap(picture, QIcon.Mode.Selected)
    return made


def _size(size: int) -> str:
    return f"{size / 2**20:.1f}兆" if size >= 2**20 else f"{max(size // 1024, 1)}K"


def look_of(record: Record) -> str:
    """What its small picture hangs on."""
    return " ".join(str(record.values.get(name, "")) for name in ("sha256", "arrangement", "purpose"))


def sheet_of(record: Record, image: QImage | None = None) -> QPixmap:
    """The small picture with the number of its pages; a sheet with the kind of file where there is none."""
    made = QPixmap(ICON)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if image is not None:
        shown = image.scaled(ICON - QSize(2, 2), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        left, top = (ICON.width() - shown.width()) // 2, (ICON.height() - shown.height()) // 2
        painter.drawImage(left, top, shown)
        painter.setPen(QColor(LINE))
        painter.drawRect(left - 1, top - 1, shown.width() + 1, shown.height() + 1)
    else:
        painter.setBrush(QColor(PAPER))
        painter.setPen(QColor(LINE))
        painter.drawRect(14, 4, ICON.width() - 30, ICON.height() - 10)
        painter.setPen(QColor(QUIET))
        name = str(record.values.get("file_name", ""))
        painter.drawText(made.rect(), Qt.AlignmentFlag.AlignCenter, name.rpartition(".")[2].upper()[:5])
    if (pages := len(arrangement_of(record))) > 1:
        _mark(painter, QRect(ICON.width() - 42, ICON.height() - 22, 40, 20), f"{pages}页", ACCENT)
    if record.values.get("purpose") == SIGNED:
        _mark(painter, QRect(2, 2, 44, 20), "签署件", GREEN)
    painter.end()
    return made


def _mark(painter: QPainter, place: QRect, text: str, colour: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(place, 4, 4)
    painter.setPen(Qt.GlobalColor.white)
    font = QFont(painter.font())
    font.setPixelSize(12)
    painter.setFont(font)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
