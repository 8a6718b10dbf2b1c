"""Whether a change may be taken in: who may write what where, and what its values must be. Pure; sentences for the clerk."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from jusuo_desktop.records.check import check_field
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.field import Field, FieldType
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.wire.limits import MOST_FIELDS, MOST_NAME
from jusuo_desktop.wire.merge import Mark
from jusuo_desktop.wire.messages import Change, Result
from jusuo_desktop.wire.scope import is_scope, writable
from jusuo_desktop.wire.values import AUTHOR, NAME, fault

if TYPE_CHECKING:
    from county_server.moving import Move

CODE, CODES = FieldType.CODE, FieldType.CODES  # looked up once: in this version of Python that takes as long as the check of a field
LATEST_CLOCK: Final = 2**53
"""Milliseconds since 1970; a later one is no clock."""

DECIDING: Final = frozenset({"state", "decision", "new_value"})
"""The fields of a conflict that people write; the server writes the others."""


@dataclass(frozen=True, slots=True)
class Device:
    """The device that speaks: its identity and its scope, which is the one of `scope_number` among those it was given. It may write to `also` as
    well, because it has not heard yet that it may not any more (county_server.moving); it reads nothing of them.
    """

    id: str
    scope: str
    also: tuple[str, ...] = ()
    scope_number: int = 0

    def writes(self, scope: str) -> bool:
        """Whether it may create or change a record there."""
        return writable(scope, self.scope) or any(writable(scope, one) for one in self.also)


@dataclass(slots=True)
class Held:
    """A record as the county holds it while a batch works on it; `digest` is the stored one, b'' for a new record."""

    kind: str
    scope: str
    parent_id: bytes
    version: int
    values: dict[str, Any]
    marks: dict[str, Mark]
    digest: bytes = b""
    touched: bool = False
    left_by: Move | None = None
    """The move by which it left the scope of the device that speaks, while that has not heard of it."""


def is_reference(kind: str) -> bool:
    """Whether records of that kind are held by every device below their scope."""
    known = KINDS.get(kind)
    return known is not None and known.reference


def refusal(device: Device, change: Change, one: Held | None, parent: Held | None) -> Result | None:
    """Why a change is not taken in, None when it is. `one` is its record and `parent` the parent it names, as held."""
    if (said := _ill_formed(change)) is not None:
        return Result("rejected", fields=bad_fields(change.kind, change.fields), message=said)
    if one is not None:
        return _may_change(device, change, one)
    return _may_create(device, change, parent)


def _ill_formed(change: Change) -> str | None:
    if len(change.change_id) != 16 or len(change.record_id) != 16 or len(change.parent_id) not in (0, 16):
        return "更改的编号不合规。"
    if change.kind not in KINDS and not NAME.fullmatch(change.kind):
        return "记录的种类不合规。"
    if not _is_author(change.author_id):
        return "更改的填写人不合规。"
    if not 0 <= change.made_at < LATEST_CLOCK or change.base_version < 0:
        return "更改的时间或版本不合规。"
    return bad_values(change.kind, change.fields)


@lru_cache(10_000)
def _is_author(text: str) -> bool:
    return AUTHOR.fullmatch(text) is not None


def _may_change(device: Device, change: Change, one: Held) -> Result | None:
    if not device.writes(one.scope) and one.left_by is None:
        return Result("rejected", one.version, message="这条记录不在本机的管辖范围内，不能修改。")
    if change.base_version > one.version:
        return Result("held", one.version, message="这条记录先前的更改还没有到达县服务器，稍后再送。")
    if one.kind != change.kind and (said := bad_values(one.kind, change.fields)) is not None:
        return Result("rejected", one.version, message=said)
    return None


def _may_create(device: Device, change: Change, parent: Held | None) -> Result | None:
    if change.base_version > 0:
        return Result("held", message="这条记录先前的更改还没有到达县服务器，稍后再送。")
    if change.kind == CONFLICT.name and not _told_before(change):
        if change.fields.keys() <= DECIDING:  # this server lost the conflict; whoever knows it tells it again
            return Result("held", message="这处冲突还没有到达县服务器，稍后再送。")
        return Result("rejected", message="冲突由县服务器登记，不能自行填写。")
    if change.parent_id and parent is None:
        return Result("held", message="所属的记录还没有到达县服务器，稍后再送。")
    scope = home(change, parent)
    if not is_scope(scope):
        return Result("rejected", message="记录没有归属到一个村、司法所或县。")
    if not device.writes(scope) and (parent is None or parent.left_by is None):
        return Result("rejected", message="这条记录不在本机的管辖范围内，不能登记。")
    known = KINDS.get(change.kind)
    if parent is not None and known is not None and parent.kind in KINDS and parent.kind not in known.parents:
        return Result("rejected", message=f"{known.label}不能登记在{KINDS[parent.kind].label}之下。")
    return None


def _told_before(change: Change) -> bool:
    """Whether a conflict is one that a county server wrote (its identity follows from what it is about) and has lost since."""
    try:
        about = uuid.UUID(str(change.fields.get("change_id")))
    except ValueError:
        return False
    return change.record_id == uuid.uuid5(about, f"record/{change.fields.get('field_name')}").bytes


def home(change: Change, parent: Held | None) -> str:
    """The scope of a new record: a child row lives where its parent lives, so that whoever holds one holds both."""
    return parent.scope if parent is not None else change.scope


def bad_values(kind: str, fields: Mapping[str, Any]) -> str | None:
    """What is wrong with the new values, as sentences; None when nothing is. Bounds hold for every field.

    Declared fields must pass records.check; fields, kinds and codes that only a newer version knows pass (S6).
    """
    if len(fields) > MOST_FIELDS:
        return f"一次更改的字段多于{MOST_FIELDS}个。"
    known = KINDS.get(kind)
    declared = known.by_name if known is not None else {}
    said: list[str] = []
    unknown: dict[str, Any] = {}
    for name, value in fields.items():
        field = declared.get(name)
        if field is None or ((field.type is CODE or field.type is CODES) and _newer_codes(field, value)):
            unknown[name] = value
        elif value is not None and (problems := check_field(field, value)):
            said += [p.message for p in problems if p.blocking]
    if unknown and (general := fault(unknown)) is not None:
        said.append(general)
    return "".join(said) or None


def bad_fields(kind: str, fields: Mapping[str, Any]) -> list[str]:
    """The fields whose new values are wrong by themselves, for the screen to point at."""
    return [name for name, value in fields.items() if bad_values(kind, {name: value}) is not None]


def _newer_codes(field: Field, value: Any) -> bool:
    """Whether the value of a field of codes is made of codes that may stand in a newer version's list."""
    labels = code_list(field.code_list).labels
    codes = value if isinstance(value, list) else [value]
    if (field.type is FieldType.CODES) != isinstance(value, list):
        return False
    return all(isinstance(c, str) and 0 < len(c) <= MOST_NAME for c in codes) and any(c not in labels for c in codes)
