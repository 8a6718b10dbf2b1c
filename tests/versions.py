"""Programs of other versions in one process: what they declare takes the place of what this one declares, for as long as they are at work.

The registry that every part of the program reads is one table; a version of it swaps the table's content. Stores, sync and server run
the real code on it, one after the other, as they do on machines of their own.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from jusuo_desktop.records import codes
from jusuo_desktop.records.codes import CodeList
from jusuo_desktop.records.field import Field, FieldType, text
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.registry import KINDS

_table: Final[dict[str, RecordKind]] = next(one for one in gc.get_referents(KINDS) if isinstance(one, dict))
NEWER_LIST: Final = "dispute_type_of_a_newer_version"

Version = dict[str, RecordKind]


def today() -> Version:
    """What this version declares."""
    return dict(_table)


def without(version: Version, kind: str, *names: str) -> Version:
    """The version before those fields were declared."""
    held = version[kind]
    return {**version, kind: replace(held, own_fields=tuple(f for f in held.own_fields if f.name not in names))}


def with_fields(version: Version, kind: str, *fields: Field) -> Version:
    """The version in which those fields are declared as well, or anew."""
    held, new = version[kind], {f.name for f in fields}
    return {**version, kind: replace(held, own_fields=(*(f for f in held.own_fields if f.name not in new), *fields))}


def with_kind(version: Version, kind: RecordKind) -> Version:
    """The version that knows one more kind."""
    return {**version, kind.name: kind}


def older() -> Version:
    """Two versions ago: no field for the place of a mediation, nor for a consultant's gender; no kind for warnings."""
    before = without(without(today(), "mediation", "place"), "consultation", "consultation_content")
    return {name: kind for name, kind in before.items() if name != "early_warning"}


SURVEY: Final = RecordKind(
    "survey",
    "问卷",
    (text("title", "题目", required=True, listed=True, searched=True), text("asked_on", "日期", listed=True)),
    title=lambda v: str(v.get("title", "")),
    order="asked_on",
)
SURVEY_ANSWER: Final = RecordKind(
    "survey_answer", "答卷", (text("answer", "回答", searched=True),), title=lambda v: str(v.get("answer", "")), parents=("survey", "mediation")
)


def newer() -> Version:
    """Two versions on: a new field, a code more, a field that is no longer required, a new kind and a new kind of child row."""
    _newer_codes()
    held = today()["mediation"].by_name["dispute_type"]
    after = with_fields(today(), "mediation", text("weather", "当日天气", searched=True), replace(held, code_list=NEWER_LIST, required=False))
    return with_kind(with_kind(after, SURVEY), SURVEY_ANSWER)


def _newer_codes() -> None:
    lists = codes._all()
    if NEWER_LIST not in lists:
        one = lists["dispute_type"]
        lists[NEWER_LIST] = CodeList(NEWER_LIST, one.label, one.source, (*one.codes, ("NEW1", "数据纠纷")), one.synonyms)


@contextmanager
def at_work(version: Version) -> Iterator[None]:
    """A program of that version is at work."""
    before = dict(_table)
    _put(version)
    try:
        yield
    finally:
        _put(before)


def _put(version: Version) -> None:
    _table.clear()
    _table.update(version)


def values_of(version: Version, kind: str, chance: Any, word: str) -> dict[str, Any]:
    """Values for the text fields that a version declares, each with a word in it."""
    fields = [f for f in version[kind].own_fields if f.type is FieldType.TEXT and f.check is None and not f.made and f.max_length >= 20]
    return {name: f"{word}{name}"[:20] for name in (f.name for f in fields) if chance.random() < 0.6}
