"""How text is cut for the search index: Chinese into pairs of neighbours, digits into runs of four, words whole.

Two-character names are the commonest query (anchors finding 8), so a pair is one token and needs no phrase. A run of digits of
any length, inside a phone or an identity number, is a phrase of four-digit pieces; the tail is padded, so that its last
digits are found as well.
"""

from __future__ import annotations

import re
from typing import Final

from jusuo_desktop.records.values import halfwidth

PIECES: Final = re.compile(r"(?P<digits>\d+[Xx]?)|(?P<word>[a-z]+)|(?P<han>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)")
PIECE: Final = 4
PAD: Final = "z"
MOST_QUERY: Final = 60
"""Characters of a query that are looked at: nobody types more into a search field."""


def _han(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text))]


def _digits(text: str) -> list[str]:
    padded = text + PAD * (PIECE - 1)
    return [padded[i : i + PIECE] for i in range(len(text))]


def index_text(text: str) -> str:
    """The tokens of a text, separated by blanks, ready for the index."""
    tokens: list[str] = []
    for match in PIECES.finditer(halfwidth(text).lower()):
        if han := match["han"]:
            tokens += _han(han)
        elif digits := match["digits"]:
            tokens += _digits(digits)
        else:
            tokens.append(match["word"])
    return " ".join(tokens)


def query_terms(typed: str) -> list[str]:
    """FTS5 expressions, one for each piece that was typed; a record must match them all."""
    terms: list[str] = []
    for match in PIECES.finditer(halfwidth(typed[:MOST_QUERY]).lower()):
        if han := match["han"]:
            terms.append(f'"{han}"*' if len(han) == 1 else '"' + " ".join(_han(han)[:-1]) + '"')
        elif digits := match["digits"]:
            whole = [digits[i : i + PIECE] for i in range(len(digits) - PIECE + 1)]
            terms.append('"' + " ".join(whole) + '"' if whole else f'"{digits}"*')
        else:
            terms.append(f'"{match["word"]}"*')
    return terms
