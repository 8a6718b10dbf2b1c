"""A bordered table becomes units: short rows whole, tall rows line by line so that they flow over pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING

from jusuo_desktop.printing import template as form
from jusuo_desktop.printing.bindings import Path
from jusuo_desktop.printing.marks import Mark, Rule, moved
from jusuo_desktop.printing.pagination import FREE, NEVER, RATHER_NOT, Head, Span, Unit
from jusuo_desktop.printing.typeset import Line, Style, Words, placed
from jusuo_desktop.printing.vertical import vertical
from jusuo_desktop.records.field import Values

if TYPE_CHECKING:
    from jusuo_desktop.printing.compose import Composer

INSET, PAD = 4.0, 2.0
"""Room between a border and the text at its sides, and above and below it, in points."""

MOST_HEADING = 0.3
"""A heading is drawn again on each page if it takes no more than this share of it."""

OUTER, INNER = 1.0, 0.5
"""Thickness of borders in points."""


def table(composer: Composer, block: form.Table) -> None:
    """Appends the table's units and borders. The heading rows of a table of many rows stand again at the head of each page."""
    total = sum(block.columns)
    width = min(block.width, composer.width) if block.width else composer.width
    edges = [composer.left]
    for column in block.columns:
        edges.append(edges[-1] + width * column / total)
    start = len(composer.units)
    header = False
    heading: Head | None = None
    for section in block.sections:
        if section.each and not section.side and heading is None and header:
            heading = _heading(composer, start, edges)
        rows = composer.filler.rows(section.each, section.least, section.of) if section.each else [{}]
        inner = edges[1:] if section.side else edges
        for place in range(0, len(rows), section.across):
            group: list[Values | None] = [*rows[place : place + section.across]]
            group += [None] * (section.across - len(group))
            first = len(composer.units)
            for number, line in enumerate(section.rows):
                stay = NEVER if header else RATHER_NOT if number and (section.side or section.across > 1) else FREE
                stay = max(stay, RATHER_NOT if heading and not section.each else FREE)  # the totals stay with a row that they add up
                begun = len(composer.units)
                _row(composer, line, inner, stay, begun > start, section.each, place, group)
                if heading:
                    composer.units[begun].head = heading
                    for unit in composer.units[begun + 1 :]:
                        unit.head = replace(heading, height=heading.height + PAD, gap=PAD)
                header = all(cell.label for cell in line.cells)
            if section.side:
                _side(composer, section.side, edges, first, first > start, block.style)
    if len(composer.units) > start:
        composer.spans.append(Span(start, len(composer.units) - 1, _Frame(edges[0], edges[-1]), outer=True))


def _heading(composer: Composer, start: int, edges: Sequence[float]) -> Head | None:
    """The rows so far as they are drawn again: what they say and the lines between their cells. None where they take too much of a page."""
    units = composer.units[start:]
    height = sum(unit.height for unit in units)
    if not 0.0 < height <= composer.tallest * MOST_HEADING:
        return None
    tops = list(accumulate((unit.height for unit in units), initial=0.0))
    marks = [moved(mark, 0.0, top) for unit, top in zip(units, tops, strict=False) for mark in unit.marks]
    for span in composer.spans:
        if span.first >= start:
            marks += span.draw(tops[span.first - start], tops[span.last - start + 1])
    return Head(height, marks)


def _row(
    composer: Composer,
    row: form.TableRow,
    edges: Sequence[float],
    stay: int,
    ruled: bool,
    each: Path | None,
    place: int,
    group: Sequence[Values | None],
) -> None:
    """One row of cells between `edges`, the cells once for each child row of `group` (empty where there is none); `ruled` draws the line above.

    `place` is how many child rows came before.
    """
    cells: list[tuple[form.Cell, list[Line], float, float]] = []
    column, cuts = 0, []
    for number, values in enumerate(group, place + 1):
        if each is not None:
            composer.filler.walk(each, values or {}, number)
        for cell in row.cells:
            left, right = edges[column], edges[column + cell.span]
            said = cell if values is not None else replace(cell, content=())
            cells.append((*_lines(composer, said, right - left - 2 * INSET, row.least), left, right))
            column += cell.span
            cuts.append(right)
        if each is not None:
            composer.filler.leave(each)
    natural = max(len(lines) * cell.style.pitch for cell, lines, _, _ in cells) + 2 * PAD
    least = min(row.least, composer.tallest)
    first = len(composer.units)
    standing = any(cell.vertical for cell, _, _, _ in cells) and natural <= composer.tallest
    if standing or (not row.stretch and max(natural, least) <= composer.tallest * 0.4):
        height = max(natural, least)
        marks = [m for cell, lines, left, _ in cells for m in _stacked(lines, left + INSET, height, cell.style)]
        composer.add(Unit(height, marks), stay)
    else:
        _tall(composer, cells, natural, least, row.stretch, stay)
    composer.spans.append(Span(first, len(composer.units) - 1, _Grid(edges[0], edges[-1], cuts[:-1], ruled)))


def _lines(composer: Composer, cell: form.Cell, width: float, least: float) -> tuple[form.Cell, list[Line]]:
    """The cell's text in lines; vertical where it is asked for and fits, else it flows across like any other."""
    pieces = composer.filler.pieces(cell.content, cell.style)
    if cell.vertical:
        height = min(least or composer.tallest, composer.tallest) - 2 * PAD
        if found := vertical(composer.typesetter, pieces, cell.style, width, height):
            lines, style = found
            return replace(cell, style=style), lines
        cell = replace(cell, vertical=False)
    return cell, composer.typesetter.lines(pieces, cell.style, width)


def _tall(
    composer: Composer,
    cells: Sequence[tuple[form.Cell, list[Line], float, float]],
    natural: float,
    least: float,
    stretch: float,
    stay: int,
) -> None:
    """A row that may flow over pages: values line by line from the top, labels in the middle of each page's part."""
    first = len(composer.units)
    values = [c for c in cells if not c[0].label] or list(cells)
    pitch = max(cell.style.pitch for cell, _, _, _ in values)
    count = max(len(lines) for _, lines, _, _ in values)
    fits = natural <= least
    together = max(2, ceil(max((len(lines) * cell.style.pitch for cell, lines, _, _ in cells if cell.label), default=0.0) / pitch))
    for number in range(count):
        top = PAD if number == 0 else 0.0
        marks = [
            moved(mark, 0.0, top)
            for cell, lines, left, _ in values
            if number < len(lines)
            for mark in placed(lines[number], left + INSET, cell.style)
        ]
        bottom = PAD if number == count - 1 else 0.0
        within = NEVER if fits or number < together or number > count - together else FREE
        composer.add(Unit(pitch + top + bottom, marks), within if number else stay)
    rest = max(least - count * pitch - 2 * PAD, 0.0)
    if rest or stretch:
        composer.add(Unit(rest, stretch=stretch), NEVER)
    for cell, lines, left, _ in cells:
        if cell.label and values != list(cells):
            composer.spans.append(Span(first, len(composer.units) - 1, _Centred(lines, left + INSET, cell.style)))


def _side(composer: Composer, label: str, edges: Sequence[float], first: int, ruled: bool, style: Style) -> None:
    """The label down the left side of a section, one character below the other where there is room."""
    centred = Style(style.role, style.size, min(style.pitch, style.size * 1.5), "center")
    width = edges[1] - edges[0] - 2 * INSET
    lines = composer.typesetter.lines([Words(label)], centred, width)
    last = len(composer.units) - 1
    composer.spans.append(Span(first, last, _Grid(edges[0], edges[1], [edges[1]], ruled)))
    composer.spans.append(Span(first, last, _Centred(lines, edges[0] + INSET, centred)))


def _stacked(lines: Sequence[Line], x: float, height: float, style: Style) -> list[Mark]:
    """Lines one below the other in the middle of a height."""
    top = (height - len(lines) * style.pitch) / 2
    return [moved(m, 0.0, top + number * style.pitch) for number, line in enumerate(lines) for m in placed(line, x, style)]


class _Centred:
    """A label in the middle of what each page holds of its row."""

    def __init__(self, lines: Sequence[Line], x: float, style: Style) -> None:
        self._lines, self._x, self._style = lines, x, style

    def __call__(self, top: float, bottom: float) -> list[Mark]:
        style, room = self._style, bottom - top
        if len(self._lines) * style.pitch > room:  # a short part of a row at the foot of a page
            tight = max(room / len(self._lines), style.size * 1.05)
            style = Style(style.role, style.size, tight, style.align)
            if tight * len(self._lines) > room + 0.01:
                return []
        return [moved(m, 0.0, top) for m in _stacked(self._lines, self._x, room, style)]


class _Grid:
    """The lines between the cells of a row, and the one above it."""

    def __init__(self, left: float, right: float, cuts: Sequence[float], ruled: bool) -> None:
        self._left, self._right, self._cuts, self._ruled = left, right, cuts, ruled

    def __call__(self, top: float, bottom: float) -> list[Mark]:
        marks: list[Mark] = [Rule(x, top, x, bottom, INNER) for x in self._cuts]
        if self._ruled:
            marks.append(Rule(self._left, top, self._right, top, INNER))
        return marks


class _Frame:
    """The border around the table."""

    def __init__(self, left: float, right: float) -> None:
        self._left, self._right = left, right

    def __call__(self, top: float, bottom: float) -> list[Mark]:
        left, right = self._left, self._right
        return [
            Rule(left, top, right, top, OUTER),
            Rule(left, bottom, right, bottom, OUTER),
            Rule(left, top, left, bottom, OUTER),
            Rule(right, top, right, bottom, OUTER),
        ]
