"""The ten case stories of resources/sample/cases: every value that a clerk types, in order, from the first complaint to the bound volume.

A story is a list of acts. Each says what o'clock it is on the office wall, which record is written or changed, what is typed into its fields
in their order, what is printed, scanned and bound, and which steps of the course are taken. Values stand as they are typed, in the words
that the screen shows: “邻里纠纷”, “2026-03-02”, “31662.35”, a colleague's name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.sample.parts import FOLDER

CASES: Final = FOLDER / "cases"
CASE: Final = "case"
"""What the mediation of a story is called in it."""
WRITE, TURN, CHANGE = "write", "turn", "change"
WAYS: Final = (WRITE, TURN, CHANGE)


@dataclass(frozen=True, slots=True)
class Row:
    """A child row that is typed with its parent: a party, a matter that was found, an item of the agreement."""

    kind: str
    typed: Mapping[str, str]
    called: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """A sheet that goes under the scanner: what it shows, what it is for, and of which printed paper it is the signed copy (its title)."""

    description: str
    purpose: str
    of_form: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One act: write a new record, turn a matter that was found into a case, or change a record that is there.

    In this order: `before` (steps of the case), values and rows saved, `prints` (titles of papers), `scans`, `steps` of this record, the
    volume bound, `after` (steps of this record).
    """

    at: datetime
    way: str
    kind: str
    typed: Mapping[str, str]
    called: str = ""
    under: str = ""
    what: str = ""
    rows: tuple[Row, ...] = ()
    before: tuple[str, ...] = ()
    prints: tuple[str, ...] = ()
    scans: tuple[Scan, ...] = ()
    steps: tuple[str, ...] = ()
    bind: bool = False
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """One case from beginning to end. `papers` are the printed papers that its volume holds, by title, in order."""

    name: str
    title: str
    acts: tuple[Act, ...]
    papers: tuple[str, ...]
    kinds: Mapping[str, str] = field(default_factory=dict)
    """The kind of each record that has a name in the story."""

    @property
    def ends_at(self) -> datetime:
        """When its last act is done."""
        return self.acts[-1].at

    def sentences(self) -> Iterator[str]:
        """Every text that is typed into the case and its family."""
        for act in self.acts:
            for typed in (act.typed, *(row.typed for row in act.rows)):
                yield from typed.values()


class BadStory(ValueError):
    """A story file says what cannot be; tells where."""


@cache
def stories() -> tuple[Story, ...]:
    """The stories in the order of their files.

    Raises:
        BadStory: a file has a mistake.
    """
    return tuple(read_story(path) for path in sorted(CASES.glob("c*.toml")))


def read_story(path: Path) -> Story:
    """One story file.

    Raises:
        BadStory: it has a mistake.
    """
    with path.open("rb") as file:
        told = tomllib.load(file)
    kinds: dict[str, str] = {}
    acts = []
    for number, entry in enumerate(told["act"], 1):
        try:
            acts.append(_act(entry, kinds))
        except (KeyError, ValueError) as wrong:
            raise BadStory(f"{path.name}, act {number}: {wrong}") from None
    if any(later.at < earlier.at for earlier, later in pairwise(acts)):
        raise BadStory(f"{path.name}: an act happens before the one that stands above it")
    return Story(path.stem, str(told["story"]), tuple(acts), tuple(told["volume"]["papers"]), kinds)


def _act(entry: dict[str, Any], kinds: dict[str, str]) -> Act:
    way = next(w for w in WAYS if w in entry)
    target = str(entry[way])
    what = "" if way == WRITE else target
    if what and what not in kinds:
        raise BadStory(f"no record is called “{what}” yet")
    kind = {WRITE: target, TURN: "mediation"}.get(way) or kinds[what]
    called, under = str(entry.get("called", "")), str(entry.get("under", ""))
    if under and under not in kinds:
        raise BadStory(f"no record is called “{under}” yet")
    rows = tuple(_row(row, kind) for row in entry.get("rows", ()))
    for name, of in ((called, kind), *((row.called, row.kind) for row in rows)):
        if name:
            kinds[name] = of
    return Act(
        datetime.fromisoformat(str(entry["at"])),
        way,
        kind,
        _typed(kind, entry.get("values", {})),
        called,
        under,
        what,
        rows,
        tuple(entry.get("before", ())),
        tuple(entry.get("print", ())),
        tuple(Scan(**scan) for scan in entry.get("scan", ())),
        tuple(entry.get("step", ())),
        bool(entry.get("bind", False)),
        tuple(entry.get("after", ())),
    )


def _row(entry: dict[str, Any], parent: str) -> Row:
    kind = str(entry[WRITE])
    if parent not in KINDS[kind].parents:
        raise BadStory(f"a {kind} does not live under a {parent}")
    return Row(kind, _typed(kind, entry["values"]), str(entry.get("called", "")))


def _typed(kind: str, values: Mapping[str, Any]) -> dict[str, str]:
    unknown = set(values) - set(KINDS[kind].by_name)
    if unknown:
        raise BadStory(f"a {kind} has no {', '.join(sorted(unknown))}")
    return {name: str(value).strip() for name, value in values.items()}
