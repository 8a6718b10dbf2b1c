"""The test page of a printer: rulers along the edges and two crosses, from which a clerk reads by how much the printer is off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jusuo_desktop.printing.fonts import Fonts
from jusuo_desktop.printing.marks import MM, Mark, Page, Rule, moved
from jusuo_desktop.printing.pdf import write_pdf
from jusuo_desktop.printing.typeset import Style, Typesetter, Words, placed

WIDTH, HEIGHT = 210, 297
CROSS: Final = (50.0, 60.0)
"""Where the first cross stands: millimetres from the left and upper edge of the paper."""
SECOND: Final = (160.0, 240.0)
RULER: Final = 9.0
"""The rulers' lines run so far from the edges of the paper."""
SAID: Final = Style("song", 12.0, 20.0, "left")
TITLE: Final = Style("hei_bold", 18.0, 30.0, "center")
FIGURE: Final = Style("song", 7.0, 8.0, "left")


def ruler_page(fonts: Fonts, printer: str, shift: tuple[int, int]) -> bytes:
    """The page as a PDF; `shift` is what the printer is corrected by already, in tenths of a millimetre, and said on the page."""
    typesetter = Typesetter(fonts)
    page = Page(WIDTH * MM, HEIGHT * MM, 1, 1)
    page.marks += list(_rulers(typesetter))
    for name, (x, y) in (("十字一", CROSS), ("十字二", SECOND)):
        page.marks += [Rule((x - 8) * MM, y * MM, (x + 8) * MM, y * MM, 0.3), Rule(x * MM, (y - 8) * MM, x * MM, (y + 8) * MM, 0.3)]
        page.marks += _text(typesetter, name, SAID, x + 3, y - 8, 30)
    down = 76.0
    for said, style in _explained(printer, shift):
        lines = typesetter.lines([Words(said)], style, 150 * MM)
        for line in lines:
            page.marks += [moved(m, 0.0, down * MM) for m in placed(line, 30 * MM, style)]
            down += style.pitch / MM
        down += 1.5
    return write_pdf([page], fonts, "打印机测试页")


def _explained(printer: str, shift: tuple[int, int]) -> Iterator[tuple[str, Style]]:
    right, below = (tenths / 10 for tenths in shift)
    yield "打印机测试页", TITLE
    yield f"打印机：{printer or '（系统默认）'}　　打印本页时已右移{right:g}毫米、下移{below:g}毫米", SAID
    yield "本页用来对准预先印好的表格（套打）。请按下面四步做，量到0.5毫米就够用：", SAID
    yield f"一、拿一把直尺，从纸的左边缘量到十字一的竖线，写下毫米数（对准时是{CROSS[0]:g}毫米）：\n横向＿＿＿＿毫米", SAID
    yield f"二、从纸的上边缘量到十字一的横线，写下毫米数（对准时是{CROSS[1]:g}毫米）：\n纵向＿＿＿＿毫米", SAID
    yield "三、回到打印页面，选“套打”，把这两个数填进“横向量得”“纵向量得”，按“按量得的改”。程序会记住这台打印机。", SAID
    yield "四、再打一张测试页复核。", SAID
    across, below_both = SECOND[0] - CROSS[0], SECOND[1] - CROSS[1]
    yield (
        (
            f"如果两个十字之间不是横向{across:g}毫米、纵向{below_both:g}毫米，说明打印时被放大或缩小了：请在打印机的设置里选“实际大小”，"
            "关掉“适合纸张”，再打一次。没有直尺时，可以把另一张测试页边上的刻度剪下来当尺子。"
        ),
        SAID,
    )


def _rulers(typesetter: Typesetter) -> Iterator[Mark]:
    """Along all four edges, a line for each millimetre, counted from the upper left corner of the paper."""
    for millimetre in range(WIDTH + 1):
        x, length = millimetre * MM, _length(millimetre)
        yield Rule(x, RULER * MM, x, (RULER + length) * MM, 0.2)
        yield Rule(x, (HEIGHT - RULER - length) * MM, x, (HEIGHT - RULER) * MM, 0.2)
        if millimetre % 10 == 0 and 10 < millimetre < WIDTH - 10:
            yield from _text(typesetter, str(millimetre), FIGURE, millimetre - 1.5, RULER + 5, 8)
    for millimetre in range(HEIGHT + 1):
        y, length = millimetre * MM, _length(millimetre)
        yield Rule(RULER * MM, y, (RULER + length) * MM, y, 0.2)
        yield Rule((WIDTH - RULER - length) * MM, y, (WIDTH - RULER) * MM, y, 0.2)
        if millimetre % 10 == 0 and 10 < millimetre < HEIGHT - 10:
            yield from _text(typesetter, str(millimetre), FIGURE, RULER + 5.5, millimetre - 1.4, 8)
    for edge in (RULER, HEIGHT - RULER):
        yield Rule(0.0, edge * MM, WIDTH * MM, edge * MM, 0.2)
    for edge in (RULER, WIDTH - RULER):
        yield Rule(edge * MM, 0.0, edge * MM, HEIGHT * MM, 0.2)


def _length(millimetre: int) -> float:
    return 5.0 if millimetre % 10 == 0 else 3.5 if millimetre % 5 == 0 else 2.0


def _text(typesetter: Typesetter, said: str, style: Style, x: float, y: float, width: float) -> list[Mark]:
    (line,) = typesetter.lines([Words(said)], style, width * MM)
    return [moved(m, 0.0, y * MM) for m in placed(line, x * MM, style)]


def corrected(shift: tuple[int, int], right: float, down: float) -> tuple[int, int]:
    """The shift after the first cross was found `right` and `down` millimetres from the edges on a page printed with `shift`."""
    return shift[0] + round((CROSS[0] - right) * 10), shift[1] + round((CROSS[1] - down) * 10)
