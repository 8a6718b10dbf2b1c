"""`typst_page.py FONTS VALUES TIMES`: the acceptance register set by typst; prints {"seconds": median, "bytes": size}.

Same paper, margins, fonts, sizes, wording and values; blanks as underlines, long text on ruled lines. Each page has another number, so that
nothing of the page before is taken from typst's cache but fonts and the template's own parsing, as for a program that prints page after page.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import typst

PAGE = r"""
#let v = json(bytes(sys.inputs.values))
#set page(paper: "a4", margin: (top: 37mm, right: 26mm, bottom: 35mm, left: 28mm), footer: align(center, text(14pt)[— 1 —]))
#set text(font: "Noto Serif SC", size: 12pt, lang: "zh")
#set par(leading: 18pt, spacing: 18pt, justify: true)
#let blank(it, width: auto) = box(width: width, stroke: (bottom: 0.5pt), outset: (bottom: 3pt), align(center, it))
#let box_(on) = box(width: 10pt, height: 10pt, stroke: 0.6pt, if on { place(center + horizon, text(8pt)[✓]) })
#align(center, text(font: "Noto Sans SC", size: 22pt, weight: "bold")[人民调解受理登记表])
#align(right)[编号：#blank(v.number)]
#let names = v.parties.map(p => blank(p, width: 5em)).join("、")
#h(2em)#v.accepted，#blank(v.committee)依当事人申请#strike[（人民调解委员会主动调解）]，经当事人同意，调解#[#names]之间的纠纷。

纠纷类型：#blank(v.dispute_type, width: 1fr)

案件来源：#box_(true)①当事人申请　#box_(false)②人民调解委员会主动调解

#underline(offset: 5pt, stroke: 0.5pt)[纠纷简要情况：#v.story]

#for _ in range(5) { line(length: 100%, stroke: 0.5pt) }

#for p in v.parties [当事人（签名）：#box(width: 1fr, stroke: (bottom: 0.5pt), outset: (bottom: 3pt))

]
登记人（签名）：#box(width: 1fr, stroke: (bottom: 0.5pt), outset: (bottom: 3pt))

#align(right)[人民调解委员会（印章）

　　　　年　　月　　日]
#text(10.5pt)[备注：此表由人民调解委员会填写。]
"""


def main() -> None:
    """Measures compilations in one process, the compiler and its fonts kept."""
    fonts, values, times = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
    taken, made = [], b""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.typ"
        page.write_text(PAGE, encoding="utf-8")
        compiler = typst.Compiler(page, font_paths=[fonts], ignore_system_fonts=True)
        for turn in range(times + 1):
            said = {"values": json.dumps({**values, "number": f"{values['number']}-{turn}"}, ensure_ascii=False)}
            begun = time.perf_counter()
            made = compiler.compile(format="pdf", sys_inputs=said)
            taken.append(time.perf_counter() - begun)
    sys.stdout.write(json.dumps({"seconds": statistics.median(taken[1:]), "bytes": len(made)}) + "\n")


if __name__ == "__main__":
    main()
