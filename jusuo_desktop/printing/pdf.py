"""Pages onto paper: marks written with ReportLab. The same pages give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase.pdfmetrics import getFont
from reportlab.pdfgen.canvas import Canvas

from jusuo_desktop.printing.fonts import Fonts
from jusuo_desktop.printing.marks import MM, Code, Mark, Page, Rule, Square, Text
from jusuo_desktop.printing.sheet_code import modules


def write_pdf(pages: Sequence[Page], fonts: Fonts, title: str, *, values_only: bool = False, shift: tuple[int, int] = (0, 0)) -> bytes:
    """The PDF of the pages; its only metadata is `title`, the name of the form.

    `values_only` leaves out what the pre-printed paper already carries (套打); `shift` moves everything right and down,
    in tenths of a millimetre, for printers that are off.
    """
    rl_config.useA85 = 0  # streams as bytes: a quarter smaller and quicker than the ASCII that nobody needs any more
    out = io.BytesIO()
    with fonts.lock:
        glyph = fonts.glyph("song", "一")
        assert glyph is not None
        canvas = Canvas(
            out,
            pagesize=(pages[0].width, pages[0].height),
            initialFontName=glyph.font,
            invariant=1,
            pageCompression=1,
        )
        canvas.setTitle(title)
        canvas.setCreator("jusuo-desktop")
        for page in pages:
            canvas.setPageSize((page.width, page.height))
            if shift != (0, 0):
                canvas.translate(shift[0] * MM / 10, -shift[1] * MM / 10)
            _write(canvas, page.height, [m for m in page.marks if not (values_only and m.fixed)])
            canvas.showPage()
        canvas.save()
    return out.getvalue()


def _write(canvas: Any, height: float, marks: Iterable[Mark]) -> None:
    """One page's marks as drawing operators; text in one text object, as ReportLab's own text objects write it."""
    drawing: list[str] = []
    text = ["BT"]
    document = canvas._doc  # the fonts' subsets belong to the document
    font, size, subset, spacing = "", 0.0, -1, 0.0
    for mark in marks:
        match mark:
            case Text():
                if mark.font != font or mark.size != size:
                    font, size, subset = mark.font, mark.size, -1
                    face = getFont(font)
                if abs(mark.spacing - spacing) > 1e-4:
                    spacing = mark.spacing
                    text.append(f"{spacing:.4f} Tc")
                text.append(f"1 0 0 1 {mark.x:.3f} {height - mark.baseline:.3f} Tm")
                for number, codes in face.splitString(mark.text, document):
                    if number != subset:
                        subset = number
                        text.append(f"{face.getSubsetInternalName(number, document)} {size:g} Tf")
                    text.append(f"({canvas._escape(codes)}) Tj")
            case Rule(x0, y0, x1, y1, thickness):
                line = f"{thickness:g} w {x0:.2f} {height - y0:.2f} m {x1:.2f} {height - y1:.2f} l S"
                drawing.append(f"[4 3] 0 d {line} [] 0 d" if mark.dashed else line)
            case Square(x, y, side):
                drawing.append(f".6 w {x:.2f} {height - y - side:.2f} {side:.2f} {side:.2f} re S")
            case Code():
                drawing.append(_code(mark, height))
    text.append("ET")
    canvas.addLiteral("\n".join([*drawing, *text]))


def _code(mark: Code, height: float) -> str:
    """The QR code as filled rectangles, one for each run of dark modules."""
    rows = modules(mark.content)
    side = mark.side / len(rows)
    parts: list[str] = []
    for number, row in enumerate(rows):
        y = height - mark.y - (number + 1) * side
        column = 0
        while (start := row.find(1, column)) >= 0:
            end = row.find(0, start)
            column = len(row) if end < 0 else end
            parts.append(f"{mark.x + start * side:.3f} {y:.3f} {(column - start) * side:.3f} {side:.3f} re")
    return "\n".join([*parts, "f"])
