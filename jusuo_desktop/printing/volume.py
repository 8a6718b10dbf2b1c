"""Where every page of a volume comes to lie and which number it bears. Pure: counts of pages in, places out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FRONT: Final = 0
"""Row of what stands before the first numbered paper: cover and index."""

OUTER_TOP, RIGHT_TOP, OUTER_BOTTOM, RIGHT_BOTTOM, CENTRE_BOTTOM = "outer_top", "right_top", "outer_bottom", "right_bottom", "centre_bottom"
PLACES: Final = (OUTER_TOP, RIGHT_TOP, OUTER_BOTTOM, RIGHT_BOTTOM, CENTRE_BOTTOM)
"""Where the number of a page may stand; outer is the edge away from the binding."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One paper or scan of a volume: what it is called, its number of pages, and the row of the index that it belongs to (FRONT: none)."""

    title: str
    pages: int
    row: int = FRONT
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the bound volume: page `page` of piece `piece` (both from 0; piece -1: an empty back), bearing `number` (0: none)."""

    piece: int
    page: int
    number: int


@dataclass(frozen=True, slots=True)
class Placing:
    """How pages are counted (data of a county): `double_sided` begins every piece on a right-hand page, `count_empty` numbers empty backs too."""

    double_sided: bool = True
    count_empty: bool = False
    first_number: int = 1


@dataclass(frozen=True)
class Arrangement:
    """Every page in order; `starts` tells for each piece the page it begins on (from 0)."""

    leaves: tuple[Leaf, ...]
    starts: tuple[int, ...]

    def numbers(self, pieces: Sequence[Piece], row: int) -> tuple[int, int] | None:
        """The first and the last number of a row's pages; None where it has none."""
        borne = [leaf.number for leaf in self.leaves if leaf.number and leaf.piece >= 0 and pieces[leaf.piece].row == row]
        return (borne[0], borne[-1]) if borne else None


def arrange(pieces: Sequence[Piece], placing: Placing) -> Arrangement:
    """Lays the pieces one behind the other. Front matter and pieces that are not numbered bear no number and take none."""
    leaves: list[Leaf] = []
    starts: list[int] = []
    number = placing.first_number
    for place, piece in enumerate(pieces):
        if placing.double_sided and len(leaves) % 2:
            before = pieces[leaves[-1].piece]
            counted = placing.count_empty and before.row != FRONT and before.numbered
            leaves.append(Leaf(-1, 0, number if counted else 0))
            number += counted
        starts.append(len(leaves))
        for page in range(piece.pages):
            bears = piece.row != FRONT and piece.numbered
            leaves.append(Leaf(place, page, number if bears else 0))
            number += bears
    return Arrangement(tuple(leaves), tuple(starts))


def said_range(numbers: tuple[int, int] | None) -> str:
    """“3”, “3—7”, '' for none: the 页号 column of the index."""
    if numbers is None:
        return ""
    first, last = numbers
    return str(first) if first == last else f"{first}—{last}"
