"""The parts from which the sample is composed, read once from resources/sample and made ready for quick drawing."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final

from jusuo_desktop.sample.chance import Weighted

FOLDER: Final = Path(__file__).parents[2] / "resources" / "sample"
CHOICE: Final = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)")
MOST_WORDINGS: Final = 64
SPOKEN: Final = frozenset({"a", "b", "reason", "terms"})
"""Whole sentences; the other parts are fitted into one."""


def read(name: str) -> dict[str, Any]:
    """One parts file."""
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)


def wordings(text: str) -> tuple[str, ...]:
    """Every wording of a text with '(one|other)' in it, at most the first MOST_WORDINGS of them spread over the whole."""
    pieces = CHOICE.split(text)
    options = [piece.split("|") if i % 2 else [piece] for i, piece in enumerate(pieces)]
    every = ["".join(some) for some in product(*options)]
    step = -(-len(every) // MOST_WORDINGS)
    return tuple(every[::step])


USUAL_CLAIM: Final = (1.05, 1.95)
"""What is asked for, as a multiple of what is agreed in the end."""


@dataclass(frozen=True, slots=True)
class Plot:
    """One kind of dispute: who quarrels, what happened, what is said and what is agreed, each in several wordings."""

    who: str
    firm: str
    jobs: tuple[str, ...]
    crowd: tuple[int, int] | None
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    amount: tuple[float, float] | None
    share: bool
    each: bool
    months: frozenset[int]
    claim: tuple[float, float]
    methods: tuple[str, ...]
    facts: tuple[str, ...]
    issue: tuple[str, ...]
    blame: tuple[str, ...]
    items: tuple[str, ...]
    says_a: tuple[str, ...]
    says_b: tuple[str, ...]
    reason: tuple[str, ...]
    agree: tuple[tuple[str, ...], ...]
    terms: tuple[str, ...]


def _plot(entry: dict[str, Any]) -> Plot:
    def told(name: str) -> tuple[str, ...]:
        return tuple(w if name in SPOKEN else w.rstrip("。") for w in wordings(_resident(str(entry[name])))) if name in entry else ()

    return Plot(
        entry["who"],
        entry.get("firm", ""),
        tuple(entry.get("job", ())),
        tuple(entry["crowd"]) if "crowd" in entry else None,
        tuple((name, tuple(items)) for name, items in entry.get("lists", {}).items()),
        tuple(entry["amount"]) if "amount" in entry else None,
        bool(entry.get("share", False)),
        bool(entry.get("each", False)),
        frozenset(entry.get("months", range(1, 13))),
        tuple(entry.get("claim", USUAL_CLAIM)),
        tuple(entry["methods"]),
        told("facts"),
        told("issue"),
        told("blame"),
        told("items"),
        tuple(_third_person(w, "{pb}") for w in told("a")),
        tuple(_third_person(w, "{pa}") for w in told("b")),
        told("reason"),
        tuple(wordings(_resident(item)) for item in entry["agree"]),
        told("terms"),
    )


def _resident(text: str) -> str:
    return text.replace("{v}村民", "{v}{vr}").replace("{g}村民", "{g}{vr}")


def _third_person(text: str, pronoun: str) -> str:
    """In what one side says, 'he' is the other side: 他, 她 or 他们."""
    return re.sub("(?<!其)他(?!们|人)", pronoun, text)


@cache
def plots() -> dict[tuple[str, bool], Weighted[Plot]]:
    """Plots by (dispute type, in a town community): fields and woods belong to villages, housing estates to communities."""
    entries = [e for path in sorted((FOLDER / "stories").glob("t*.toml")) for e in read(f"stories/{path.name}")["plot"]]
    made = [(e, _plot(e)) for e in entries]
    found = {}
    for kind in {str(e["type"]) for e in entries}:
        for town in (False, True):
            fitting = [(plot, e["weight"]) for e, plot in made if e["type"] == kind and not e.get("rural" if town else "urban", False)]
            if fitting:
                found[kind, town] = Weighted(fitting)
    return found


@cache
def common() -> dict[str, dict[str, tuple[str, ...]]]:
    """The wordings that every plot shares, by group and name."""
    groups = read("stories/common.toml")
    return {
        group: {
            name: tuple(w for text in (value if isinstance(value, list) else [value]) for w in wordings(_resident(text)))
            for name, value in entries.items()
        }
        for group, entries in groups.items()
    }


@cache
def names() -> dict[str, Any]:
    """Surnames, given names, firms."""
    return read("names.toml")


@cache
def measures() -> dict[str, Any]:
    """How much of what."""
    return read("measures.toml")
