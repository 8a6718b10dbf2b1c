"""Units of height onto pages: where a page may end, what stays together, how spare room is given out. Pure.

A unit never divides (a line of text, a row of a table, a seal). Nothing is ever dropped or laid over another: where the
wishes to stay together cannot all be kept, the weaker ones yield.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from jusuo_desktop.printing.marks import Mark

FREE, RATHER_NOT, NEVER = 0, 1, 2
"""Whether a page may end before a unit; NEVER yields only where the page holds no better place."""

OVERHANG = 2.0
"""Where a span goes on over pages, its border stands so far off the text."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands again at the head of a page that goes on with something: the heading row of a table. Like a unit, but never broken.

    The last `gap` points of its height are the room between it and a row that is broken.
    """

    height: float
    marks: Sequence[Mark]
    gap: float = 0.0


@dataclass(slots=True)
class Unit:
    """`marks` are relative to its top and the paper's left edge. `stretch` is its share of the room that a page leaves, the last of several excepted,
    drawn by `fill` from the height it got. `vanish` drops it at the head of a page.
    """

    height: float
    marks: list[Mark] = field(default_factory=list)
    stay: int = FREE
    stretch: float = 0.0
    fill: Callable[[float], list[Mark]] | None = None
    vanish: bool = False
    line: int = 0
    """Which line of its paragraph it is, counted from 0."""
    head: Head | None = None
    """What is said again above it where a page begins with it."""


@dataclass(slots=True)
class Span:
    """What belongs to a stretch of units (borders, a label beside rows): drawn once on each page from its top to its bottom."""

    first: int
    last: int
    draw: Callable[[float, float], list[Mark]]
    outer: bool = False
    """Stands around others (a table's frame): also around what is said again at the head of a page."""


@dataclass(slots=True)
class Placed:
    """A unit on a page: its number, top and final height, and the head that stands above it."""

    unit: int
    top: float
    height: float
    head: Head | None = None


def paginate(units: Sequence[Unit], height: float, foot: float = 0.0) -> list[list[Placed]]:
    """The units of each page, tops counted from the top of the type area. Each page but the last keeps `foot` free.

    Raises:
        ValueError: a unit is taller than a page; the composer must not make such.
    """
    pages: list[list[Placed]] = []
    start = 0
    while start < len(units) or not pages:
        head = _head(units, start, height - foot)
        taken = head.height if head else 0.0
        end = _fit(units, start, height - taken)
        if end < len(units):
            end = _break(units, start, _fit(units, start, height - foot - taken))
        pages.append(_place(units, start, end, head))
        start = end
    for page in pages if len(pages) == 1 else pages[:-1]:
        _stretch(units, page, height if page is pages[-1] else height - foot)
    return pages


def draw_spans(spans: Sequence[Span], page: Sequence[Placed]) -> list[Mark]:
    """The marks of every span that has units on the page."""
    marks: list[Mark] = []
    if not page:
        return marks
    first, last = page[0].unit, page[-1].unit
    head = next((placed.head for placed in page if placed.head), None)
    parted = [any(not s.outer and s.first < unit <= s.last for s in spans) for unit in (first, last + 1)]  # a row is broken at the head, at the foot
    for span in spans:
        if span.first <= last and span.last >= first:
            top, bottom = page[max(span.first, first) - first], page[min(span.last, last) - first]
            above = OVERHANG if span.first < first and (parted[0] or not span.outer) else 0.0
            below = OVERHANG if span.last > last and (parted[1] or not span.outer) else 0.0
            if head and span.first < first:
                above = head.height if span.outer else head.gap
            marks.extend(span.draw(top.top - above, bottom.top + bottom.height + below))
    return marks


def _head(units: Sequence[Unit], start: int, height: float) -> Head | None:
    """What is said again at the head of a page that starts with `start`."""
    first = next((unit for unit in islice(units, start, None) if unit.height and not unit.vanish), None)
    if not start or first is None or first.head is None or first.head.height + first.height > height:
        return None
    return first.head


def _fit(units: Sequence[Unit], start: int, height: float) -> int:
    """One past the last unit that fits when a page starts with `start`."""
    used = 0.0
    for index in range(start, len(units)):
        if not (units[index].vanish and used == 0.0):
            used += units[index].height
        if used > height + 0.01:
            if index == start:
                raise ValueError(f"a unit of {units[index].height:.0f} pt on a page of {height:.0f} pt")
            return index
    return len(units)


def _break(units: Sequence[Unit], start: int, limit: int) -> int:
    """The best place to end the page: as late as possible, but where a page may end."""
    for level in (FREE, RATHER_NOT):
        for end in range(min(limit, len(units) - 1), start, -1):
            if units[end].stay <= level:
                return end
    return limit


def _place(units: Sequence[Unit], start: int, end: int, head: Head | None) -> list[Placed]:
    top = 0.0
    placed = []
    for index in range(start, end):
        unit = units[index]
        height = 0.0 if unit.vanish and top == 0.0 else unit.height
        above = head if top == 0.0 and height else None
        top += above.height if above else 0.0
        placed.append(Placed(index, top, height, above))
        top += height
    return placed


def _stretch(units: Sequence[Unit], page: list[Placed], height: float) -> None:
    """Gives the room left on a page to the units that take it."""
    shares = sum(units[p.unit].stretch for p in page)
    spare = height - (page[-1].top + page[-1].height) if page else 0.0
    if not shares or spare <= 0:
        return
    down = 0.0
    for placed in page:
        placed.top += down
        more = spare * units[placed.unit].stretch / shares
        placed.height += more
        down += more
