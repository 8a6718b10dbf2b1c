"""The one check of values: whatever is typed, imported or received passes here before it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from jusuo_desktop.records import id_card
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Field, FieldType, Problem, Values
from jusuo_desktop.records.kind import RecordKind

PHONE: Final = re.compile(r"(1\d{10}|(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?|1\d{2,4}|[48]00-?\d{3}-?\d{4})")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ID_CARD, _PHONE = FieldType.ID_CARD, FieldType.PHONE  # looked up once: it takes as long as the check itself
_LINE, _LONG = FieldType.TEXT, FieldType.LONG_TEXT
MOST_ITEMS: Final = 200
"""Codes or links in one field: bounds what the wire can bring."""


def check(kind: RecordKind, values: Values) -> list[Problem]:
    """Everything wrong with `values`, in the order of the declaration. Unknown fields pass (promise S6); absent ones are not judged."""
    return [problem for field in kind.fields if field.name in values for problem in check_field(field, values[field.name])]


def missing(kind: RecordKind, values: Values) -> list[Field]:
    """The required fields that are still empty: what an incomplete record lacks."""
    named = "organization_name" in values
    return [f for f in kind.fields if f.required and f.name not in values and not (f.name == "name" and named)]


def check_field(field: Field, value: object) -> list[Problem]:
    """Everything wrong with one value of `field`."""
    if (field.type is _LINE or field.type is _LONG) and field.check is None and field.doubt is None and _plain(field, value):
        return []  # most of all that is written, three times as quick as by the way below
    said = _CHECKS[field.type](field, value)
    if said is None and field.check is not None:
        said = field.check(value)  # type: ignore[arg-type]
    problems = [] if said is None else [Problem(field.name, said)]
    if not problems and (doubt := _doubt(field, value)):
        problems.append(Problem(field.name, doubt, blocking=False))
    return problems


def _plain(field: Field, value: object) -> bool:
    """A text of nothing but characters, not too long."""
    return isinstance(value, str) and 0 < len(value) <= field.max_length and value.isprintable()


def _doubt(field: Field, value: object) -> str | None:
    if field.type is _ID_CARD:
        return id_card.read(str(value)).warning or None
    if field.type is _PHONE and not PHONE.fullmatch(str(value)):
        return f"{field.label}“{value}”不像电话号码：手机11位，座机写成“区号-号码”。"
    return field.doubt(value) if field.doubt is not None else None  # type: ignore[arg-type]


def _text(field: Field, value: object) -> str | None:
    if not isinstance(value, str) or not value:
        return f"{field.label}应为文字。"
    if len(value) > field.max_length:
        return f"{field.label}最多{field.max_length}个字，现有{len(value)}个字，请缩短。"
    if CONTROL.search(value):
        return f"{field.label}里有不能显示的字符，请删去后重新输入。"
    return None


def _single_line(field: Field, value: object) -> str | None:
    said = _text(field, value)
    return said or (f"{field.label}只能写一行，请删去换行。" if "\n" in str(value) or "\r" in str(value) else None)


def _whole(field: Field, value: object) -> str | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return f"{field.label}应为数字。"
    scale = 100 if field.type is FieldType.MONEY else 1
    if field.least is not None and value < field.least:
        return f"{field.label}不能小于{field.least // scale}。"
    if field.most is not None and value > field.most:
        return f"{field.label}不能大于{field.most // scale}。"
    return None


def _day(field: Field, value: object) -> str | None:
    try:
        parsed = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        parsed = None
    if parsed is None:
        return f"{field.label}“{value}”不是日期，请写成“2026-3-7”这样的形式。"
    if not 1900 <= parsed.year <= 2199:
        return f"{field.label}的年份{parsed.year}不对，请核对。"
    return None


def _moment(field: Field, value: object) -> str | None:
    try:
        parsed = datetime.strptime(value, "%Y-%m-%dT%H:%M") if isinstance(value, str) else None
    except ValueError:
        parsed = None
    if parsed is None:
        return f"{field.label}“{value}”不是时间，请写成“2026-3-7 9:30”这样的形式。"
    return None if 1900 <= parsed.year <= 2199 else f"{field.label}的年份{parsed.year}不对，请核对。"


def _boolean(field: Field, value: object) -> str | None:
    return None if isinstance(value, bool) else f"{field.label}应为“是”或“否”。"


def _code(field: Field, value: object) -> str | None:
    if isinstance(value, str) and value in code_list(field.code_list).labels:
        return None
    return f"{field.label}没有“{value}”这一项，请从列表中选择。"


def _several(one: Callable[[Field, object], str | None]) -> Callable[[Field, object], str | None]:
    def checked(field: Field, value: object) -> str | None:
        if not isinstance(value, list) or not value:
            return f"{field.label}应为一项或几项。"
        if len(value) > MOST_ITEMS or len({str(v) for v in value}) != len(value):
            return f"{field.label}有重复，或者多于{MOST_ITEMS}项。"
        return next((said for item in value if (said := one(field, item)) is not None), None)

    return checked


def _link(field: Field, value: object) -> str | None:
    return None if isinstance(value, str) and 0 < len(value) <= 64 else f"{field.label}没有指向一条记录，请重新选择。"


_CHECKS: Final[dict[FieldType, Callable[[Field, object], str | None]]] = {
    FieldType.TEXT: _single_line,
    FieldType.LONG_TEXT: _text,
    FieldType.ID_CARD: _single_line,
    FieldType.PHONE: _single_line,
    FieldType.DATE: _day,
    FieldType.TIME: _moment,
    FieldType.INTEGER: _whole,
    FieldType.MONEY: _whole,
    FieldType.BOOLEAN: _boolean,
    FieldType.CODE: _code,
    FieldType.CODES: _several(_code),
    FieldType.LINK: _link,
    FieldType.LINKS: _several(_link),
}
