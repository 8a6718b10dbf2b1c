"""Which of the office's paragraphs are offered for a few letters typed, in which order. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.records.field import Values

MOST: Final = 12
SIDES: Final = {"【申请人】": "1", "【被申请人】": "2"}
"""Blanks that a party's name fills, with the code of its role."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A paragraph as it is offered."""

    record_id: str
    name: str
    letters: tuple[str, ...]
    wording: str
    dispute_types: tuple[str, ...]
    places: tuple[str, ...]
    rank: int

    def line(self, width: int = 34) -> str:
        """In a line: its name, its letters, how it begins."""
        begun = self.wording.replace("\n", " ")
        return f"{self.name}　{self.letters[0] if self.letters else ''}　{begun[:width]}{'…' if len(begun) > width else ''}"


def phrase(record_id: str, values: Values, initials: Callable[[str], Sequence[str]]) -> Phrase:
    """A phrase record; without letters of its own it is found by the initials of its name."""
    name, typed = str(values.get("name", "")), str(values.get("letters", "")).strip().lower()
    letters = (typed,) if typed else tuple(initials(re.sub(r"[^\w]", "", name)))
    rank = values.get("rank")
    return Phrase(
        record_id,
        name,
        letters,
        str(values.get("wording", "")),
        _codes(values.get("dispute_types")),
        _codes(values.get("places")),
        rank if isinstance(rank, int) else 9999,
    )


def _codes(value: object) -> tuple[str, ...]:
    return tuple(str(v) for v in value) if isinstance(value, list) else ()


def with_names(wording: str, parties: Sequence[Values]) -> str:
    """The wording with the names that are known already in the blanks that ask for them: nobody is typed twice."""
    for blank, role in SIDES.items():
        names = [str(p.get("name") or p.get("organization_name") or "") for p in parties if p.get("party_role") == role]
        if called := "、".join(name for name in names if name):
            wording = wording.replace(blank, called)
    return wording


def choice(phrases: Iterable[Phrase], typed: str, place: str, dispute_type: str, most: int = MOST) -> list[Phrase]:
    """The paragraphs for a field and a type of dispute whose letters or name begin with, or whose name holds, what was typed; those made for
    just this place and type first. A type that is not known yet leaves all types in.
    """
    wanted = typed.strip().lower()
    ranked = []
    for one in phrases:
        fit = _fit(one, wanted)
        here, kind = not one.places or place in one.places, not one.dispute_types or not dispute_type or dispute_type in one.dispute_types
        if fit is not None and here and kind:
            made_for = (place in one.places) + (dispute_type in one.dispute_types)
            ranked.append((fit, -made_for, one.rank, one.name, one.record_id, one))
    return [one for *_, one in sorted(ranked, key=lambda told: told[:5])[:most]]


def _fit(one: Phrase, wanted: str) -> int | None:
    """0 the letters are these, 1 they begin so, 2 the name begins so, 3 it is inside; None no match."""
    if not wanted or wanted in one.letters:
        return 0
    if any(letters.startswith(wanted) for letters in one.letters):
        return 1
    name = one.name.lower()
    return 2 if name.startswith(wanted) else 3 if wanted in name else None
