"""What a typed fragment means among choices: number, beginning of the label, initials, or a part of it. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.records.codes import CodeList
from jusuo_desktop.records.values import halfwidth
from jusuo_desktop.store.pinyin import initials

TRUTH: Final = (("1", "是"), ("2", "否"))


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: its stored code or id, its label, the number typed for it, and further words that mean it."""

    code: str
    label: str
    number: str = ""
    synonyms: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """As it stands in the list."""
        return f"{self.number}  {self.label}" if self.number else self.label


def choices_of(codes: CodeList) -> list[Choice]:
    """The choices of a code list; codes that are words have no number to type."""
    meant: dict[str, list[str]] = {}
    for word, code in codes.synonyms.items():
        meant.setdefault(code, []).append(word)
    return [Choice(c, label, c if c.isascii() and len(c) <= 5 and c[-1:].isdigit() else "", tuple(meant.get(c, ()))) for c, label in codes.codes]


def matching(choices: Sequence[Choice], typed: str, spelled: Callable[[str], Sequence[str]] = initials) -> list[Choice]:
    """The choices that `typed` may mean, the likeliest first, in their own order otherwise; all of them for nothing."""
    wanted = halfwidth(typed).strip().lower()
    if not wanted:
        return list(choices)
    ranked = [(rank, place) for place, choice in enumerate(choices) if (rank := _rank(choice, wanted, spelled)) is not None]
    return [choices[place] for _, place in sorted(ranked)]


def meant(choices: Sequence[Choice], typed: str, spelled: Callable[[str], Sequence[str]] = initials) -> Choice | None:
    """The choice that `typed` means beyond doubt: no other fits as well."""
    wanted = halfwidth(typed).strip().lower()
    ranked = sorted((rank, place) for place, c in enumerate(choices) if wanted and (rank := _rank(c, wanted, spelled)) is not None)
    alone = len(ranked) == 1 or (len(ranked) > 1 and ranked[0][0] < ranked[1][0])
    return choices[ranked[0][1]] if ranked and alone else None


def _rank(choice: Choice, wanted: str, spelled: Callable[[str], Sequence[str]]) -> int | None:
    label, number = choice.label.lower(), choice.number.lower()
    if wanted in (label, number, *choice.synonyms) or (number and wanted.lstrip("0") == number.lstrip("0") and wanted.isdigit()):
        return 0
    if label.startswith(wanted):
        return 1
    if wanted.isascii() and wanted.isalpha() and any(s.startswith(wanted) for s in spelled(choice.label)):
        return 2
    if number.startswith(wanted):
        return 3
    if any(s.startswith(wanted) for s in choice.synonyms):
        return 4
    return 5 if wanted in label else None
