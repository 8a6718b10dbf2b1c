"""Pages to a printer. They are drawn as pictures at the printer's resolution, from memory, in black and white: a laser printer has no
grey, and would screen the soft edges of letters.

Handing the PDF to the system would be shorter, but no machine is sure to have a program that prints PDFs, it would need the
file in clear on the disk, and the offset for pre-printed paper (套打) could not be applied.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from jusuo_desktop.printing.marks import MM
from jusuo_desktop.printing.raster import PagePictures, Picture
from jusuo_desktop.store.refusal import Refused

MOST_DPI: Final = 600
"""What an office laser printer has; more would only cost memory."""

A4: Final = (210 * MM, 297 * MM)
SLACK: Final = 1 * MM


@dataclass(frozen=True)
class Order:
    """What to print where: a printer by name ('' the system's own choice) or a file; `shift` right and down in tenths of a millimetre."""

    printer: str = ""
    file: str = ""
    copies: int = 1
    shift: tuple[int, int] = (0, 0)
    title: str = ""
    duplex: bool = False
    most_dpi: int = MOST_DPI


def printers() -> list[str]:
    """The printers of this machine, the usual one first. Asking may take seconds where one is on the network."""
    names = QPrinterInfo.availablePrinterNames()
    usual = QPrinterInfo.defaultPrinterName()
    return sorted(names, key=lambda name: (name != usual, name))


def image_of(picture: Picture) -> QImage:
    """The picture as Qt holds it."""
    form = QImage.Format.Format_BGR888 if picture.colour else QImage.Format.Format_Grayscale8
    return QImage(picture.pixels, picture.width, picture.height, picture.stride, form).copy()


def send(pages: PagePictures, order: Order, stopped: threading.Event, tell: Callable[[Any], None] = lambda _: None) -> bool:
    """Prints; False when it was stopped between two sheets. Runs on any thread.

    Raises:
        Refused: the printer does not take it.
    """
    device = QPrinter(QPrinter.PrinterMode.HighResolution)
    if order.file:
        device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        device.setOutputFileName(order.file)
    elif order.printer:
        if QPrinterInfo.printerInfo(order.printer).isNull():  # Qt would quietly take another one
            raise Refused(f"没有找到打印机“{order.printer}”，可能已经拔掉或者改了名。请重新选择打印机。")
        device.setPrinterName(order.printer)
    elif not QPrinterInfo.defaultPrinterName():
        raise Refused("这台电脑上没有找到打印机。请先安装打印机，或者保存为PDF到有打印机的电脑上打印。")
    device.setDocName(order.title)
    device.setColorMode(QPrinter.ColorMode.GrayScale)
    device.setFullPage(True)
    device.setDuplex(QPrinter.DuplexMode.DuplexLongSide if order.duplex else QPrinter.DuplexMode.DuplexNone)
    sheets = list(_sheets(pages.sizes, order.copies, duplex=order.duplex))
    device.setPageLayout(_layout(sheets[0].size))
    dpi = min(device.resolution(), order.most_dpi)
    painter = QPainter()
    if not painter.begin(device):
        raise Refused(f"打印机“{order.printer or order.file}”没有接收，请检查它是否开机、连好、有纸，再打印一次。")
    try:
        for number, sheet in enumerate(sheets):
            if stopped.is_set():
                device.abort()
                return False
            tell(f"正在打印：第{number + 1}张，共{len(sheets)}张…")
            if number:
                device.setPageLayout(_layout(sheet.size))
                if not device.newPage():
                    raise Refused(f"打印机在第{number + 1}张停住了，请检查打印机；前面的已经打出。")
            _draw(painter, pages, sheet, device.resolution(), dpi, order.shift)
    finally:
        painter.end()
    return True


@dataclass(frozen=True)
class _Sheet:
    """One sheet of paper in points, and the pages on it with their tops."""

    size: tuple[float, float]
    pages: tuple[tuple[int, float], ...]


def _sheets(sizes: tuple[tuple[float, float], ...], copies: int, *, duplex: bool) -> Iterator[_Sheet]:
    """The sides in order, copy by copy; on both sides of the paper each copy begins a sheet of its own.

    Half pages go on A4, two on a sheet: the offices have no A5 paper in the tray.
    """
    order = [number for _ in range(copies) for number in range(len(sizes))]
    if all(width <= A4[0] + SLACK and height <= A4[1] / 2 + SLACK for width, height in sizes):
        for start in range(0, len(order), 2):
            yield _Sheet(A4, tuple((number, place * A4[1] / 2) for place, number in enumerate(order[start : start + 2])))
    else:
        for place, number in enumerate(order, 1):
            yield _Sheet(sizes[number], ((number, 0.0),))
            if duplex and number == len(sizes) - 1 and len(sizes) % 2 and place < len(order):
                yield _Sheet(sizes[number], ())


def _layout(size: tuple[float, float]) -> QPageLayout:
    wide = size[0] > size[1]
    paper = QPageSize(QSizeF(min(size), max(size)), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    return QPageLayout(paper, QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))


def _draw(painter: QPainter, pages: PagePictures, sheet: _Sheet, resolution: int, dpi: int, shift: tuple[int, int]) -> None:
    scale = resolution / 72
    right, down = (tenths * MM / 10 for tenths in shift)
    for number, top in sheet.pages:
        width, height = pages.sizes[number]
        target = QRectF(right * scale, (top + down) * scale, width * scale, height * scale)
        picture = pages.picture(number, dpi)
        page = image_of(picture)  # a photograph goes as it is: the printer screens it better than a threshold
        sharp = page if picture.colour else page.convertToFormat(QImage.Format.Format_Mono, Qt.ImageConversionFlag.ThresholdDither)
        painter.drawImage(target, sharp)
