"""Where two texts differ, so that a sentence changed in a long account is seen at once: the difference marked, what is equal folded. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from typing import Final

SAME: Final = "same"
OWN: Final = "own"
FOLDED: Final = "folded"
CONTEXT: Final = 40
"""Characters left in sight on either side of a difference."""
LEAST_FOLDED: Final = 60
MOST_BY_CHARACTER: Final = 1500
"""Longer stretches that differ are marked as a whole: comparing their characters would take longer than reading them."""
_PIECES: Final = re.compile(r"[^，。；：！？、\n]*[，。；：！？、\n]|[^，。；：！？、\n]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a text: the same in both, this one's own, or left out because it is the same."""

    text: str
    kind: str = SAME


def differences(one: str, other: str, *, by_character: bool = True) -> tuple[list[Run], list[Run]]:
    """Both texts as runs, whole; not `by_character`, a piece between two stops is the same or it is not."""
    left: list[Run] = []
    right: list[Run] = []
    for a, b in _blocks(_PIECES.findall(one), _PIECES.findall(other)):
        if a == b:
            left += [Run(a)] if a else []
            right += [Run(b)] if b else []
        elif by_character and a and b and max(len(a), len(b)) <= MOST_BY_CHARACTER:
            for x, y in _blocks(a, b):
                left += [Run(x, SAME if x == y else OWN)] if x else []
                right += [Run(y, SAME if x == y else OWN)] if y else []
        else:
            left += [Run(a, OWN)] if a else []
            right += [Run(b, OWN)] if b else []
    return _joined(left), _joined(right)


def folded(runs: Sequence[Run]) -> list[Run]:
    """The runs with long equal stretches left out but for what stands next to a difference."""
    found: list[Run] = []
    for place, run in enumerate(runs):
        before = CONTEXT if place else 0
        after = CONTEXT if place < len(runs) - 1 else 0
        hidden = len(run.text) - before - after
        if run.kind != SAME or hidden < LEAST_FOLDED or len(runs) == 1:
            found.append(run)
            continue
        found += [Run(run.text[:before])] if before else []
        found.append(Run(run.text[before : len(run.text) - after], FOLDED))
        found += [Run(run.text[-after:])] if after else []
    return found


def since(base: str, *later: str) -> list[Run]:
    """The text that others were made from, with whatever one of them changed marked."""
    changed = bytearray(len(base))
    for text in later:
        place = 0
        for run in differences(base, text)[0]:
            if run.kind == OWN:
                changed[place : place + len(run.text)] = b"\x01" * len(run.text)
            place += len(run.text)
    return _joined([Run(character, OWN if mark else SAME) for character, mark in zip(base, changed, strict=True)])


def as_html(runs: Sequence[Run], *, paint: str, quiet: str) -> str:
    """The runs for a text view: a text's own parts painted and underlined, folded ones counted."""
    parts = []
    for run in runs:
        text = escape(run.text).replace("\n", "<br>")
        if run.kind == OWN:
            text = f'<span style="background:{paint};text-decoration:underline;font-weight:600">{text}</span>'
        elif run.kind == FOLDED:
            text = f'<span style="color:{quiet}">……（两边相同的{len(run.text)}字）……</span>'
        parts.append(text)
    return f'<span style="line-height:112%">{"".join(parts)}</span>'


def _blocks(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, str]]:
    most = min(len(one), len(other))
    start = next((n for n in range(most) if one[n] != other[n]), most)  # equal ends need no comparing: one sentence changed in a long account
    end = next((n for n in range(most - start) if one[-1 - n] != other[-1 - n]), most - start)
    head, tail = "".join(one[:start]), "".join(one[len(one) - end :])
    yield head, head
    for _, a, b, c, d in SequenceMatcher(None, one[start : len(one) - end], other[start : len(other) - end], autojunk=False).get_opcodes():
        yield "".join(one[start + a : start + b]), "".join(other[start + c : start + d])
    yield tail, tail


def _joined(runs: Sequence[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].kind == run.kind:
            joined[-1] = Run(joined[-1].text + run.text, run.kind)
        else:
            joined.append(run)
    return joined
