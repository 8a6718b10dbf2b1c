"""Where the headings of a sheet are and what each says: title rows above, merged two-row headings, units, numbering, line breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jusuo_desktop.records.values import halfwidth, plain
from jusuo_desktop.reports.workbook_file import Cell, Sheet

LOOK_IN: Final = 30
"""Headings stand in the first rows of a sheet."""
DEEPEST: Final = 3
"""Rows of one heading block."""

BRACKETS: Final = re.compile(r"[(\[【〔<《]([^()\[\]【】〔〕<>《》]*)[)\]】〕>》]")
NUMBERING: Final = re.compile(r"^(?:\(?\d{1,2}[)、.．:]|[一二三四五六七八九十]{1,2}、|[①-⑳])")
UNIT: Final = re.compile(r"(亿|百万|万|千)?元")
UNITS: Final = {"亿": 10**8, "百万": 10**6, "万": 10**4, "千": 10**3, "": 1}
YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年?(?!\d)")
DATA: Final = re.compile(r"\d{4}[-./年]\d{1,2}[-./月]|^\d{5,}|^1\d{10}$|^\d+(\.\d+)?(元|万元|人|件)?$")
SIGNS: Final = re.compile(r"[\s*:：、,，.。·_\-—/／]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above one column: the texts of the heading rows from the top, as written, doublings left out."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """In one line, as people read it."""
        return "·".join(re.sub(r"\s+", "", p) for p in self.parts)

    @property
    def bare(self) -> tuple[str, ...]:
        """The parts without brackets, numbering, blanks and signs."""
        return tuple(b for p in self.parts if (b := bare(p)))

    @property
    def whole(self) -> tuple[str, ...]:
        """The parts with what their brackets say, unless that is a unit."""
        return tuple(b for p in self.parts if (b := bare(p, keep_brackets=True)))

    @property
    def unit(self) -> int | None:
        """Yuan per unit that the heading names, None when it names none."""
        return unit_in(" ".join(self.parts))


def unit_in(text: str) -> int | None:
    """Yuan per unit in “金额（万元）”, “单位：元”; None when no unit is named."""
    found = UNIT.search(re.sub(r"\s+", "", halfwidth(text)))
    return UNITS[found[1] or ""] if found is not None else None


@lru_cache(maxsize=4096)
def bare(text: str, *, keep_brackets: bool = False) -> str:
    """A heading for comparison: half width, lower case, no blanks, numbering or signs; brackets dropped, or opened up."""
    text = re.sub(r"\s+", "", halfwidth(text)).lower()
    text = text.replace("（", "(").replace("）", ")")
    text = NUMBERING.sub("", text)
    if keep_brackets:
        text = BRACKETS.sub(lambda m: "" if UNIT.fullmatch(m[1].removeprefix("单位").strip(":：")) else m[1], text)
    else:
        text = BRACKETS.sub("", text) or BRACKETS.sub(r"\1", text)
    return SIGNS.sub("", text)


def filled(row: Sequence[Cell]) -> list[int]:
    """The columns of a row in which something stands."""
    return [i for i, c in enumerate(row) if not (isinstance(c, str) and not c.strip())]


def spread(sheet: Sheet, upto: int) -> list[list[str]]:
    """The first rows as text, with merged areas filled from their first cell."""
    rows = [[plain(c) for c in row] for row in sheet.rows[:upto]]
    for top, left, bottom, right in sheet.merged:
        if top < len(rows) and left < len(rows[top]):
            for r in range(top, min(bottom, len(rows) - 1) + 1):
                for c in range(left, min(right, len(rows[r]) - 1) + 1):
                    rows[r][c] = rows[top][left]
    return rows


def flatten(sheet: Sheet, rows: list[list[str]], first: int, last: int) -> list[Heading]:
    """The heading of each column. Without merged areas a group heading reaches right over the empty cells that have something below."""
    block = [list(row) for row in rows[first : last + 1]]
    grouped = any(first <= top <= last and right > left and right - left + 1 < sheet.width for top, left, _, right in sheet.merged)
    for depth, row in enumerate(block[:-1]):
        below = block[depth + 1]
        for c in range(1, len(row)):
            if not row[c].strip() and below[c].strip() and row[c - 1].strip() and below[c - 1].strip() and not grouped:
                row[c] = row[c - 1]
    headings = []
    for column in range(sheet.width):
        parts = [row[column].strip() for row in block if column < len(row) and row[column].strip()]
        headings.append(Heading(tuple(dict.fromkeys(parts))))
    return headings


def looks_like_data(row: Sequence[str]) -> bool:
    """Whether a row holds dates, amounts or numbers, which no heading does."""
    return any(DATA.search(re.sub(r"\s+", "", halfwidth(c))) for c in row if c.strip() and len(c) < 40)


def year_of(texts: Sequence[str]) -> int | None:
    """The one year that a title, the sheet's name or the file's name tells; None when there is none or several."""
    years = {int(m) for t in texts for m in YEAR.findall(halfwidth(t))}
    return years.pop() if len(years) == 1 else None
