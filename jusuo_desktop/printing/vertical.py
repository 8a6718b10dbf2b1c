"""Text from top to bottom, columns from right to left, as on the spine of a volume. Numbers of up to four digits stand upright across."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil
from typing import Final

from jusuo_desktop.printing.marks import moved
from jusuo_desktop.printing.typeset import Gap, Line, Piece, Style, Typesetter, Words

STEP: Final = 1.15
"""From character to character, in sizes."""
APART: Final = 1.4
"""From column to column at least, in sizes."""

TANDEM: Final = re.compile(r"[0-9A-Za-z]{1,4}(?![0-9A-Za-z])|.", re.DOTALL)
STANDING: Final = str.maketrans("（）〔〕【】《》〈〉「」『』—", "︵︶︹︺︻︼︽︾︿﹀﹁﹂﹃﹄︱")
"""Brackets and dashes as they stand in vertical text."""


def vertical(typesetter: Typesetter, pieces: Sequence[Piece], style: Style, width: float, height: float) -> tuple[list[Line], Style] | None:
    """The lines of a cell set from top to bottom, each character on its own, and their style; None where they do not fit into the room.

    The first line bears the marks of all of them, so that they are read in their order.
    """
    items = [item for piece in pieces for item in _items(piece, style)]
    step = style.size * STEP
    per = max(int((height + 0.01) / step), 1)
    columns: list[list[Words | None]] = [[]]
    for item in items:
        if item == "\n" or len(columns[-1]) >= per:
            columns.append([])
        if item != "\n":
            columns[-1].append(item if isinstance(item, Words) else None)
    centred = replace(style, pitch=step, align="center", indent=0.0)
    gap = style.size * (APART - 1)
    wide = [max((typesetter.width_of(item.text, style) for item in column if item is not None), default=style.size) for column in columns]
    room = sum(wide) + gap * (len(columns) - 1)
    if room > width + 0.01:
        return None
    lines = [Line([], 0.0, True) for _ in range(max(len(column) for column in columns) or 1)]
    right = (width + room) / 2
    for column, broad in zip(columns, wide, strict=True):
        for place, word in enumerate(column):
            if word is not None:
                (line,) = typesetter.lines([word], centred, broad)
                lines[0].marks += [moved(m, right - broad, place * step) for m in line.marks]
        right -= broad + gap
    return lines, centred


def _items(piece: Piece, style: Style) -> Iterator[Words | str]:
    """Characters (and short numbers) one by one; '' for room that is left empty."""
    if isinstance(piece, Gap):
        yield from [""] * ceil(piece.width / (style.size * STEP))
    elif isinstance(piece, Words):
        for part in TANDEM.findall(piece.text):
            if part == "\n":
                yield part
            elif part.strip():
                yield Words(part.translate(STANDING), piece.binding, whole=True)
