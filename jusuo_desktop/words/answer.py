"""What a word answers: lines for people, or JSON for machines, and the exit status."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
OUR_BUG: Final = 70
"""EX_SOFTWARE: not the user's input but the program; scripts can tell the two apart."""
INTERRUPTED: Final = 130
GAP: Final = "  "
WIDEST: Final = 40


@dataclass(frozen=True)
class Answer:
    """`text` is what people read, `data` what machines do."""

    text: str
    data: Any
    status: int = DONE


def speak_utf8() -> None:
    """Sets standard output and error to UTF-8: a Chinese Windows pipe would otherwise be GBK, which lacks the rare names."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def say(answer: Answer, *, as_json: bool) -> int:
    """Prints the answer; returns its exit status."""
    text = json.dumps(answer.data, ensure_ascii=False) if as_json else answer.text
    if text:
        sys.stdout.write(text.rstrip("\n") + "\n")
        sys.stdout.flush()
    return answer.status


def width(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese takes two a character."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def shortened(text: str, most: int = WIDEST) -> str:
    """The text in one line, cut to `most` columns."""
    text = " ".join(text.split())
    if width(text) <= most:
        return text
    while width(text) > most - 2:
        text = text[:-1]
    return text + "…"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The rows in columns under their headings."""
    lines = [list(headings), *([shortened(cell) for cell in row] for row in rows)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(headings))]
    return "\n".join(GAP.join(cell + " " * (wide - width(cell)) for cell, wide in zip(line, widths, strict=True)).rstrip() for line in lines)
