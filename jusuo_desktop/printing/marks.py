"""What stands on a page: text, rules, boxes, the machine-readable code. Points; x from the left edge, y downward from the top edge.

`fixed` marks belong to the form, the others to the record: printing values only, onto paper that already carries the
form (套打), leaves the fixed ones out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

MM = 72 / 25.4
"""Points in a millimetre."""


class Text(NamedTuple):
    """One run of text in one font; `spacing` is added after every character; `binding` names the field it came from."""

    x: float
    baseline: float
    text: str
    font: str
    size: float
    width: float
    spacing: float = 0.0
    fixed: bool = True
    binding: str = ""


class Rule(NamedTuple):
    """A straight line, `dashed` where the paper is cut."""

    x0: float
    y0: float
    x1: float
    y1: float
    thickness: float = 0.5
    fixed: bool = True
    dashed: bool = False


class Square(NamedTuple):
    """A box to be ticked, `side` points wide, its top left corner at x, y. The hook in it is a Text of its own."""

    x: float
    y: float
    side: float
    fixed: bool = True


class Code(NamedTuple):
    """The QR code that names the sheet; `side` without its quiet zone."""

    x: float
    y: float
    side: float
    content: str
    fixed: bool = True


Mark = Text | Rule | Square | Code


def moved(mark: Mark, right: float, down: float) -> Mark:
    """The mark moved by so many points."""
    match mark:
        case Text(x, baseline):
            return mark._replace(x=x + right, baseline=baseline + down)
        case Rule(x0, y0, x1, y1):
            return mark._replace(x0=x0 + right, y0=y0 + down, x1=x1 + right, y1=y1 + down)
        case Square(x, y) | Code(x, y):
            return mark._replace(x=x + right, y=y + down)


@dataclass(slots=True)
class Page:
    """One page of paper; `number` counts from 1 of `of`."""

    width: float
    height: float
    number: int
    of: int
    marks: list[Mark] = field(default_factory=list)
