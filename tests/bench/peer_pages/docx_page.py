"""`docx_page.py SOFFICE VALUES TIMES`: the acceptance register filled in by docxtpl and made a PDF by LibreOffice; prints {"seconds", "bytes"}."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate

LINES = (
    "编号：{{number}}",
    "　　{{accepted}}，{{committee}}依当事人申请，经当事人同意，调解{{parties|join('、')}}之间的纠纷。",
    "纠纷类型：{{dispute_type}}",
    "案件来源：☑①当事人申请　☐②人民调解委员会主动调解",
    "纠纷简要情况：{{story}}",
    "当事人（签名）：",
    "当事人（签名）：",
    "登记人（签名）：",
    "人民调解委员会（印章）",
    "　　　　年　　月　　日",
    "备注：此表由人民调解委员会填写。",
)


def main() -> None:
    """Each page is filled in and converted, as an office program's users do it."""
    soffice, values, times = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        document = Document()
        section = document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = Mm(37), Mm(26), Mm(35), Mm(28)
        title = document.add_paragraph()
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.add_run("人民调解受理登记表").font.size = Pt(22)
        for line in LINES:
            paragraph = document.add_paragraph(line)
            paragraph.paragraph_format.line_spacing = Pt(30)
        document.save(folder / "template.docx")
        taken = []
        for turn in range(times + 1):
            begun = time.perf_counter()
            filled = DocxTemplate(folder / "template.docx")
            filled.render({**values, "number": f"{values['number']}-{turn}"})
            filled.save(folder / "page.docx")
            command = [soffice, f"-env:UserInstallation={(folder / 'user').as_uri()}", "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
            subprocess.run([*command, str(folder / "page.docx")], check=True, capture_output=True, timeout=120)
            taken.append(time.perf_counter() - begun)
        size = (folder / "page.pdf").stat().st_size
    sys.stdout.write(json.dumps({"seconds": statistics.median(taken[1:]), "bytes": size}) + "\n")


if __name__ == "__main__":
    main()
