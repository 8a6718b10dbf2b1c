"""Reads a form's YAML file into a Template; every mistake is a sentence with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Final

from jusuo_desktop.printing import template as form
from jusuo_desktop.printing.bindings import Path, UnknownPath, resolve
from jusuo_desktop.printing.blocks_reader import Reader
from jusuo_desktop.printing.fonts import ROLES
from jusuo_desktop.printing.list_form import LIST, list_kinds
from jusuo_desktop.printing.marks import MM
from jusuo_desktop.printing.typeset import Style
from jusuo_desktop.printing.yaml_lines import Entry, TemplateError, read_yaml
from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.registry import KINDS

SIZES: Final = {"A4": (210.0, 297.0), "A4 landscape": (297.0, 210.0), "A5": (148.0, 210.0), "A5 landscape": (210.0, 148.0)}
"""Width and height in millimetres (ISO 216)."""

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")


def load(path: FilePath, kinds: Mapping[str, RecordKind] = KINDS) -> form.Template:
    """The form in one file, of one of the `kinds`.

    Raises:
        TemplateError: the file is wrong; says where and what.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TemplateError(path.name, 1, f"读不出表格文件：{error.strerror}") from None
    return read_template(raw, path.name, kinds)


def forms(folder: FilePath) -> tuple[dict[str, form.Template], dict[str, TemplateError]]:
    """Every form of a folder by name, in the order that the forms ask for; and by file name what is wrong with the others."""
    found: dict[str, form.Template] = {}
    broken: dict[str, TemplateError] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            template = load(path)
            if template.name != path.stem:
                raise TemplateError(path.name, 1, f"表格名“{template.name}”应当和文件名一致")
            found[template.name] = template
        except TemplateError as error:
            broken[path.stem] = error
    return dict(sorted(found.items(), key=lambda pair: (pair[1].order, pair[0]))), broken


def read_template(raw: bytes, file: str, kinds: Mapping[str, RecordKind] = KINDS) -> form.Template:
    """The form in the bytes of a file called `file`."""
    root = read_yaml(raw, file)
    top = root.mapping(
        "form",
        "title",
        "version",
        "source",
        "kind",
        "list",
        "under",
        "number",
        "paper",
        "margins",
        "type",
        "title_type",
        "page_number",
        "every_page",
        "copies",
        "from_parent",
        "order",
        "offered",
        "code",
        "heading",
        "body",
    )
    for needed in ("form", "title", "version", "kind", "body"):
        if needed not in top:
            raise root.wrong(f"缺少“{needed}”")
    name = top["form"].text()
    if not NAME.fullmatch(name):
        raise top["form"].wrong("表格名只能用小写英文字母、数字和下划线")
    kind, parent = _kind(top["kind"], kinds), _kind(top["under"], kinds) if "under" in top else None
    rows = None
    if "list" in top and top["list"].flag():
        if named := next((key for key in ("under", "number", "from_parent", "offered") if key in top), None):
            raise top[named].wrong(f"清单（list: yes）不能有“{named}”")
        rows, kind, kinds = kind, LIST, list_kinds(kind, kinds)
    if parent is None and len(kind.parents) == 1:
        parent = KINDS[kind.parents[0]]
    if parent is not None and parent.name not in kind.parents:
        raise top.get("under", root).wrong(f"{kind.label}不是{parent.label}的下级记录")
    style = _style(top.get("type"), Style())
    reader = Reader(kind, parent, style, kinds)
    copies, each, stated = _copies(top.get("copies"), reader)
    offered, needed_rows = _offered(top.get("offered"), reader, (kind, parent))
    return form.Template(
        name=name,
        title=top["title"].text(),
        version=top["version"].text()[:12],
        kind=kind,
        parent=parent,
        paper=_paper(top),
        style=style,
        title_style=_style(top.get("title_type"), Style("hei_bold", 22.0, 40.0, "center")),
        body=reader.blocks(top["body"]),
        number=reader.path(top["number"]) if "number" in top else None,
        page_number=top["page_number"].one_of("dashes", "x_of_y", "none") if "page_number" in top else "dashes",
        every_page=reader.inline(top["every_page"], {}) if "every_page" in top else (),
        copies=copies,
        copies_each=each,
        copies_field=stated,
        from_parent=top["from_parent"].one_of("latest", "empty") if "from_parent" in top else "latest",
        order=top["order"].whole(0, 999) if "order" in top else 500,
        offered=offered,
        offered_rows=needed_rows,
        coded="code" not in top or top["code"].flag(),
        heading="heading" not in top or top["heading"].flag(),
        rows=rows,
        source=top["source"].text() if "source" in top else "",
        paths=tuple(reader.paths),
    )


def _kind(entry: Entry, kinds: Mapping[str, RecordKind]) -> RecordKind:
    if entry.text() not in kinds:
        raise entry.wrong(f"没有“{entry.text()}”这种记录；可以写：{'、'.join(kinds)}")
    return kinds[entry.text()]


def _paper(top: Mapping[str, Entry]) -> form.Paper:
    size = top["paper"].one_of(*SIZES) if "paper" in top else "A4"
    width, height = SIZES[size]
    margins = {"top": 37.0, "right": 26.0, "bottom": 35.0, "left": 28.0}
    if "margins" in top:
        for side, entry in top["margins"].mapping(*margins).items():
            margins[side] = entry.number(5, 100)
    if height - margins["top"] - margins["bottom"] < 40 or width - margins["left"] - margins["right"] < 40:
        raise top["margins"].wrong("页边距太大，纸上没有地方写字")
    return form.Paper(width * MM, height * MM, *(margins[s] * MM for s in ("top", "right", "bottom", "left")))


def _style(entry: Entry | None, base: Style) -> Style:
    if entry is None:
        return base
    found = entry.mapping("font", "size", "pitch")
    size = found["size"].number(6, 40) if "size" in found else base.size
    return Style(
        found["font"].one_of(*ROLES) if "font" in found else base.role,
        size,
        found["pitch"].number(size, 80) if "pitch" in found else max(base.pitch, size * 1.2),
        base.align,
    )


def _offered(entry: Entry | None, reader: Reader, kinds: tuple[RecordKind, RecordKind | None]) -> tuple[tuple[form.When, ...], tuple[str, ...]]:
    """The conditions that all must hold: on the record's own fields or its parent's, and the child rows that one of the two must have."""
    conditions: list[form.When] = []
    rows: list[str] = []
    for one in entry.items() if entry is not None and entry.is_list else [entry]:
        if one is not None and "rows" in one.mapping():
            found = one.mapping("rows")["rows"]
            if found.text() not in KINDS or not {k.name for k in kinds if k} & set(KINDS[found.text()].parents):
                raise found.wrong(f"“{found.text()}”不是{'或'.join(k.label for k in kinds if k)}的下级记录")
            rows.append(found.text())
        elif one is not None and (when := reader.when(one)) is not None:
            if when.path.root == "office" or when.path.row or when.path.via:
                raise one.wrong(f"“{when.path.written}”不是这条记录或者它上级记录自己的字段")
            conditions.append(when)
    return tuple(conditions), tuple(rows)


def _copies(entry: Entry | None, reader: Reader) -> tuple[int, Path | None, Path | None]:
    """A fixed number; or the number in a field, else one for each child row and some more."""
    if entry is None:
        return 1, None, None
    if not entry.is_map:
        return entry.whole(1, 99), None, None
    found = entry.mapping("field", "each", "plus")
    if "each" not in found:
        raise entry.wrong("缺少“each”")
    stated = reader.path(found["field"]) if "field" in found else None
    if stated is not None and (stated.field.type is not FieldType.INTEGER or stated.root != "own" or stated.row or stated.via):
        raise found["field"].wrong(f"“{stated.written}”不是这条记录自己的整数字段")
    return (found["plus"].whole(0, 20) if "plus" in found else 0), reader.each(found["each"]), stated


__all__ = ["TemplateError", "UnknownPath", "forms", "load", "read_template", "resolve"]
