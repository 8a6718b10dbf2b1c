"""One page of PDF: ours, from template and values, beside the same page written straight in ReportLab.

The reference knows every place beforehand: it has the same text in the same fonts and sizes at the same places, the same lines, boxes
and code, and calls the canvas for each. It does no layout, no line breaking, no looking for glyphs.
"""

from __future__ import annotations

import io
import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import segno
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from jusuo_desktop.printing import Sheet, Template, lay_out, render, shipped_fonts, shipped_forms
from jusuo_desktop.printing.fonts import FOLDER
from jusuo_desktop.printing.marks import Code, Page, Rule, Square, Text
from tests.bench.figure import Figure, median_seconds
from tests.bench.peers import peer_python
from tests.printing import sheets

FORMS = ("acceptance_register", "consultation_register", "adviser_visit_record")
PLAIN = "plain-"
PEER_PAGES = Path(__file__).parent / "peer_pages"


def straight(pages: list[Page]) -> bytes:
    """The pages as a script without a template engine would write them."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(pages[0].width, pages[0].height), pageCompression=1, invariant=1)
    for page in pages:
        for mark in page.marks:
            match mark:
                case Text():
                    canvas.setFont(PLAIN + mark.font, mark.size)
                    canvas.drawString(mark.x, page.height - mark.baseline, mark.text, charSpace=mark.spacing)
                case Rule(x0, y0, x1, y1, thickness):
                    canvas.setLineWidth(thickness)
                    canvas.line(x0, page.height - y0, x1, page.height - y1)
                case Square(x, y, side):
                    canvas.setLineWidth(0.6)
                    canvas.rect(x, page.height - y - side, side, side)
                case Code(x, y, side, content):
                    rows = segno.make(content, error="q", mask=4, boost_error=False, micro=False).matrix
                    module = side / len(rows)
                    for number, row in enumerate(rows):
                        for left, right in _runs(row):
                            top = page.height - y - (number + 1) * module
                            canvas.rect(x + left * module, top, (right - left) * module, module, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _runs(row: bytearray) -> Iterator[tuple[int, int]]:
    start = row.find(1)
    while start >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        yield start, end
        start = row.find(1, end)


def _register(pages: list[Page]) -> None:
    for font in {mark.font for page in pages for mark in page.marks if isinstance(mark, Text)}:
        if PLAIN + font not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(PLAIN + font, str(FOLDER / f"{font}.ttf")))


def _figure(what: str, template: Template, sheet: Sheet, times: int) -> Figure:
    pages = lay_out(template, sheet, shipped_fonts())
    _register(pages)
    ours, reference = _by_turns(lambda: render(template, sheet), lambda: straight(pages), times)
    said = f"{len(render(template, sheet)) / 1000:.0f} kB, reference {len(straight(pages)) / 1000:.0f} kB"
    return Figure(f"one page of PDF, {what}", ours * 1000, "ms", reference * 1000, "the same page straight in ReportLab", "<=1.3", said)


def _by_turns(one: Callable[[], bytes], other: Callable[[], bytes], times: int) -> tuple[float, float]:
    """The median durations of both, measured by turns, so that a busy moment of the machine strikes both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times + 1):
        for work, seconds in zip((one, other), taken, strict=True):
            begun = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - begun)
    return statistics.median(taken[0][1:]), statistics.median(taken[1][1:])


def _peers(template: Template, sheet: Sheet, times: int) -> Iterator[Figure]:
    """The acceptance register beside typst, and beside docxtpl with LibreOffice, each in the peers' environment."""
    values = {
        "number": sheets.MEDIATION["case_number"],
        "accepted": "2026年3月5日",
        "committee": sheets.LINKS[sheets.COMMITTEE]["name"],
        "parties": [party["name"] for party in sheets.PARTIES],
        "dispute_type": "邻里纠纷",
        "story": sheets.STORY,
    }
    ours = median_seconds(lambda: render(template, sheet), times) * 1000
    office = shutil.which("soffice") or shutil.which("libreoffice")
    for script, first, against in (("typst_page.py", str(FOLDER), "typst"), ("docx_page.py", office or "", "docxtpl with LibreOffice")):
        said = f"one page of PDF beside {against}"
        python = peer_python()
        if python is None or not first:
            missing = "the peers' environment is missing" if python is None else "LibreOffice is not on this machine"
            yield Figure(said, ours, "ms", note=f"not measured: {missing}")
            continue
        command = [str(python), str(PEER_PAGES / script), first, json.dumps(values), str(times if script.startswith("typst") else 5)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode:
            yield Figure(said, ours, "ms", note=f"not measured: {done.stderr.strip().splitlines()[-1][:120]}")
            continue
        told = json.loads(done.stdout.strip().splitlines()[-1])
        yield Figure(said, ours, "ms", told["seconds"] * 1000, against, note=f"its file {told['bytes'] / 1000:.0f} kB")


def measure(*, small: bool) -> Iterator[Figure]:
    """A figure for each of three forms of one page, then one page beside the peers."""
    for name in FORMS:
        template = shipped_forms()[name]
        yield _figure(template.title, template, sheets.rich(template), 9 if small else 41)
    template = shipped_forms()[FORMS[0]]
    yield from _peers(template, sheets.rich(template), 9 if small else 41)
