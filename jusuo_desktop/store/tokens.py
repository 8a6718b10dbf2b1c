"""How text is cut for the search index: Chinese into pairs of neighbours, digits into runs of four, words whole.

Two-character names are the commonest query (anchors finding 8), so a pair is one token and needs no phrase. A run of digits of
any length, inside a phone or an identity number, is a phrase of four-digit pieces; the tail is padded, so that its last
digits are found as well. What was typed without a blank or a stop in between ('第12号') must stand so in the record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.records.values import halfwidth

HAN: Final = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff"
"""Ideographs with 々 and 〇, and the private area, in which old systems kept rare names."""
PIECES: Final = re.compile(rf"(?P<digits>[0-9]+x?)|(?P<han>[{HAN}]+)|(?P<word>[^\W0-9_{HAN}]+)")
APART: Final = re.compile(r"[^()\[\]{}〔〕【】《》<>\"'“”‘’]")
"""What keeps two pieces from being one: any stop but brackets and quotation marks."""
DOTS: Final[dict[int, None]] = dict.fromkeys(map(ord, "·•‧・∙"))
"""The dot inside a name of a minority: typed or not, it is the same name."""
PIECE: Final = 4
PAD: Final = "z"
MOST_ENDINGS: Final = 30
MOST_QUERY: Final = 60
"""Characters of a query that are looked at: nobody types more into a search field."""


def plain(text: str) -> str:
    """The text as the index sees it: half width, lower case, no dots inside names."""
    return halfwidth(text).lower().translate(DOTS)


def _tokens(match: re.Match[str]) -> list[str]:
    """The tokens of one piece as it stands in a text."""
    piece = match[0]
    if match["han"]:
        return [piece[i : i + 2] for i in range(len(piece))]
    if match["digits"]:
        padded = piece + PAD * (PIECE - 1)
        return [padded[i : i + PIECE] for i in range(len(piece))]
    return [piece]


def index_text(text: str) -> str:
    """The tokens of a text, separated by blanks, ready for the index."""
    tokens: list[str] = []
    for match in PIECES.finditer(plain(text)):
        tokens += _tokens(match)
    return " ".join(tokens)


def number_endings(number: str) -> list[str]:
    """A document number without its brackets, from each of its parts to the end, so that any part of it finds it at once."""
    pieces = list(PIECES.finditer(plain(number)))
    squeezed = "".join(match[0] for match in pieces)
    starts: list[int] = []
    place = 0
    for match in pieces:
        starts += range(place, place + len(match[0])) if match["han"] else [place]
        place += len(match[0])
    return [squeezed[start:] for start in starts[:MOST_ENDINGS]]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that was typed. `phrase` are its tokens; with `open_end` the last is the beginning of one.

    `number` is the piece as a part of a document number, '' when it cannot be one; `raw` are the pieces to look for in plain text, () for
    letters, which may be initials.
    """

    phrase: str
    open_end: bool
    number: str = ""
    raw: tuple[str, ...] = ()

    @property
    def expression(self) -> str:
        """What FTS5 is asked; pieces hold nothing that it could take for an operator."""
        return f'"{self.phrase}"' + ("*" if self.open_end else "")

    def stands_in(self, tokens: str) -> bool:
        """Whether an entry's tokens match."""
        return f" {self.phrase}" + ("" if self.open_end else " ") in f" {tokens} "


def query_terms(typed: str) -> list[Term]:
    """The terms of what was typed; a record must match them all."""
    text = plain(typed[:MOST_QUERY])
    runs: list[list[re.Match[str]]] = []
    for match in PIECES.finditer(text):
        last = runs[-1][-1] if runs else None
        if last is None or last["word"] or match["word"] or APART.search(text[last.end() : match.start()]):
            runs.append([match])
        else:
            runs[-1].append(match)
    return [_term(run) for run in runs]


def _term(run: list[re.Match[str]]) -> Term:
    """All tokens of a run but those of its open end, where the record's text may go on."""
    tokens = [token for match in run[:-1] for token in _tokens(match)]
    last, piece = run[-1], run[-1][0]
    pieces = tuple(match[0] for match in run)
    number = "".join(pieces) if len(run) > 1 else ""
    if last["han"] and len(piece) > 1:
        return Term(" ".join([*tokens, *_tokens(last)[:-1]]), False, number, pieces)
    if last["digits"] and len(piece) >= PIECE:
        return Term(" ".join([*tokens, *_tokens(last)[: len(piece) - PIECE + 1]]), False, number, pieces)
    return Term(" ".join([*tokens, piece]), True, number, () if last["word"] else pieces)
