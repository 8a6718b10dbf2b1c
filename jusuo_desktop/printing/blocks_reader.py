"""Reads the blocks of a form's body: wording with blanks, tables, ruled text, signatures (format: forms/README.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from jusuo_desktop.printing import template as form
from jusuo_desktop.printing.bindings import CALLED, Path, UnknownPath, resolve
from jusuo_desktop.printing.fonts import ROLES
from jusuo_desktop.printing.marks import MM
from jusuo_desktop.printing.typeset import Style
from jusuo_desktop.printing.yaml_lines import Entry
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.kind import RecordKind

BLANK: Final = re.compile(r"\{([^{}]*)\}")
WIDTH: Final = re.compile(r"([1-9]|[1-5]\d)(\.\d)?|60")
STYLE_KEYS: Final = ("font", "size", "pitch", "align", "indent")
CELL_KEYS: Final = ("text", "field", "label", "choices", "blanks", "width", "span", *STYLE_KEYS)
Blanks = Mapping[str, "form.Blank | form.Choices"]


class Reader:
    """Reads blocks for forms of `kind` under `parent`; `paths` gathers every binding that the form names."""

    def __init__(self, kind: RecordKind, parent: RecordKind | None, style: Style) -> None:
        self._kind, self._parent, self._style = kind, parent, style
        self.paths: list[Path] = []

    def blocks(self, entry: Entry) -> tuple[form.Block, ...]:
        """A list of blocks."""
        read: dict[str, Callable[[Entry, Mapping[str, Entry]], form.Block]] = {
            "text": self._paragraph,
            "row": self._row,
            "lines": self._ruled,
            "table": self._table,
            "each": self._repeat,
            "sign": self._signatures,
            "seal": self._seal,
            "space": self._space,
            "keep": self._keep,
        }
        found: list[form.Block] = []
        for item in entry.items():
            pairs = item.mapping()
            word = next((w for w in read if w in pairs), None)
            if word is None:
                raise item.wrong(f"不认识这一块内容；应当有其中之一：{'、'.join(read)}")
            block = read[word](item, pairs)
            found.append(replace(block, line=item.line, when=self._when(pairs.get("when"))))
        return tuple(found)

    def path(self, entry: Entry, written: str = "") -> Path:
        """A binding."""
        try:
            path = resolve(written or entry.text(), self._kind, self._parent)
        except UnknownPath as error:
            raise entry.wrong(str(error)) from None
        self.paths.append(path)
        return path

    def each(self, entry: Entry) -> Path:
        """The child rows of one kind, named 'party' or 'parent.party'."""
        path = self.path(entry, f"{entry.text()}.{CALLED}")
        if not path.row:
            raise entry.wrong(f"“{entry.text()}”不是可以重复的下级记录")
        return path

    def inline(self, entry: Entry, blanks: Blanks) -> tuple[form.Inline, ...]:
        """Wording with blanks in braces: {field}, {field:8} at least 8 characters wide, {field:*} to the end of the line."""
        said = entry.text()
        if said.count("{") != len(BLANK.findall(said)) or said.count("}") != said.count("{"):
            raise entry.wrong("大括号不成对")
        content: list[form.Inline] = []
        used = 0
        for number, part in enumerate(BLANK.split(said)):
            if number % 2 == 0:
                content.extend([part] if part else [])
                continue
            name, _, width = part.partition(":")
            if name in blanks:
                content.append(blanks[name])
                used += 1
            else:
                content.append(self._blank(entry, name.strip(), width.strip()))
        if used < len(blanks):
            raise entry.wrong(f"“blanks”里有没用到的空：{'、'.join(b for b in blanks if '{' + b + '}' not in said)}")
        return tuple(content)

    def _blank(self, entry: Entry, name: str, width: str) -> form.Blank | form.Room:
        if width and width != "*" and not WIDTH.fullmatch(width):
            raise entry.wrong(f"空“{{{name}:{width}}}”的宽度应当是1到60的字数，或者 *")
        fill = width == "*"
        wide = 2.0 if fill else float(width or 0)
        if name == "_":
            return form.Room(wide, fill)
        return form.Blank(self.path(entry, name), wide, fill)

    def _blanks(self, pairs: Mapping[str, Entry]) -> dict[str, form.Blank | form.Choices]:
        if "blanks" not in pairs:
            return {}
        return {name: self._special(entry) for name, entry in pairs["blanks"].pairs()}

    def _special(self, entry: Entry) -> form.Blank | form.Choices:
        found = entry.mapping(
            "field", "each", "width", "fill", "underline", "least", "join", "form", "empty", "strike", "choices", "offered", "other", "apart"
        )
        if "choices" in found:
            return self._choices(found)
        if "field" not in found and "each" not in found and "strike" not in found:
            raise entry.wrong("缺少“field”")
        named = found.get("each") or found.get("strike") or found["field"]
        path = self.path(named)
        if "each" in found and not path.row:
            raise named.wrong(f"“{path.written}”不是可以重复的下级记录的字段")
        return form.Blank(
            path,
            found["width"].number(0, 60) if "width" in found else 0.0,
            found["fill"].flag() if "fill" in found else False,
            found["underline"].flag() if "underline" in found else True,
            "each" in found,
            found["least"].whole(0, 20) if "least" in found else 1,
            found["join"].text() if "join" in found else "、",
            found["form"].one_of("day", "month", "chinese", "masked") if "form" in found else "",
            found["empty"].text() if "empty" in found else "",
            self._offered(found.get("offered"), path, named) if "strike" in found else (),
        )

    def _choices(self, found: Mapping[str, Entry]) -> form.Choices:
        path = self.path(found["choices"])
        return form.Choices(
            path,
            self._offered(found.get("offered"), path, found["choices"]),
            found["other"].text() if "other" in found else "",
            found["apart"].number(0, 10) if "apart" in found else 1.0,
        )

    def _offered(self, entry: Entry | None, path: Path, named: Entry) -> tuple[tuple[tuple[str, ...], str], ...]:
        known = self._codes(path, named)
        if entry is None:
            return tuple(((code,), label) for code, label in known.items())
        offered = []
        for item in entry.items():
            pair = item.mapping("codes", "text")
            if len(pair) != 2:
                raise item.wrong("这里要写“codes”和“text”")
            codes = tuple(self._code(c, known, path) for c in pair["codes"].items())
            offered.append((codes, pair["text"].text()))
        return tuple(offered)

    def _codes(self, path: Path, named: Entry) -> Mapping[str, str]:
        """The codes and labels that a field chooses from."""
        if path.field.type is FieldType.BOOLEAN:
            return {"true": "是", "false": "否"}
        if not path.field.code_list:
            raise named.wrong(f"“{path.written}”没有代码表，不能用来选择")
        return code_list(path.field.code_list).labels

    def _code(self, entry: Entry, known: Mapping[str, str], path: Path) -> str:
        if entry.text() not in known:
            raise entry.wrong(f"{path.field.label}没有代码“{entry.text()}”；可以写：{'、'.join(known)}")
        return entry.text()

    def _when(self, entry: Entry | None) -> form.When | None:
        if entry is None:
            return None
        found = entry.mapping("field", "is", "not")
        if "field" not in found or ("is" in found) == ("not" in found):
            raise entry.wrong("这里要写“field”，再写“is”或“not”之一")
        path = self.path(found["field"])
        known = self._codes(path, found["field"])
        codes = found["is" if "is" in found else "not"].items()
        return form.When(path, tuple(self._code(c, known, path) for c in codes), "not" in found)

    def style(self, pairs: Mapping[str, Entry], base: Style) -> Style:
        """The style of a block: what it names itself, the rest from `base`."""
        size = pairs["size"].number(6, 40) if "size" in pairs else base.size
        return Style(
            pairs["font"].one_of(*ROLES) if "font" in pairs else base.role,
            size,
            pairs["pitch"].number(size, 80) if "pitch" in pairs else max(base.pitch, size * 1.15),
            pairs["align"].one_of("left", "center", "right", "justify") if "align" in pairs else base.align,
            pairs["indent"].number(0, 20) if "indent" in pairs else 0.0,
        )

    def _paragraph(self, item: Entry, pairs: Mapping[str, Entry]) -> form.Block:
        item.mapping("text", "blanks", "keep_next", "keep_previous", "when", *STYLE_KEYS)
        return form.Paragraph(
            content=self.inline(pairs["text"], self._blanks(pairs)),
            style=self.style(pairs, self._style),
            keep="keep_next" in pairs and pairs["keep_next"].flag(),
            with_previous="keep_previous" in pairs and pairs["keep_previous"].flag(),
        )

    def _row(self, item: Entry, pairs: Mapping[str, Entry]) -> form.Block:
        item.mapping("row", "keep_next", "keep_previous", "when", "size", "pitch", "font")
        base = self.style(pairs, self._style)
        cells = tuple(self._cell(cell, replace(base, align="left")) for cell in pairs["row"].items())
        return form.Row(
            cells=cells,
            keep="keep_next" in pairs and pairs["keep_next"].flag(),
            with_previous="keep_previous" in pairs and pairs["keep_previous"].flag(),
        )

    def _cell(self, entry: Entry, base: Style, boxed: bool = False) -> form.Cell:
        found = entry.mapping(*CELL_KEYS)
        words = [w for w in ("text", "field", "label", "choices") if w in found]
        if len(words) != 1:
            raise entry.wrong("每一格要有而且只有其中之一：text、field、label、choices")
        word = words[0]
        span = found["span"].whole(1, 40) if "span" in found else 1
        weight = found["width"].number(0.1, 100) if "width" in found else 1.0
        content: tuple[form.Inline, ...]
        if word == "label":
            content = (found["label"].text(),)
            base = replace(base, align="center")
        elif word == "field":
            content = (form.Blank(self.path(found["field"]), underline=not boxed),)
        elif word == "choices":
            path = self.path(found["choices"])
            content = (form.Choices(path, self._offered(None, path, found["choices"])),)
            base = replace(base, align="left")
        else:
            content = self.inline(found["text"], self._blanks(found))
        if boxed:
            content = tuple(replace(c, underline=False) if isinstance(c, form.Blank) and not c.width and not c.fill else c for c in content)
        return form.Cell(content, self.style(found, base), weight, span, word == "label")

    def _ruled(self, item: Entry, pairs: Mapping[str, Entry]) -> form.Block:
        found = item.mapping("lines", "label", "least", "stretch", "when", *STYLE_KEYS)
        return form.Ruled(
            label=found["label"].text() if "label" in found else "",
            path=self.path(found["lines"]),
            least=found["least"].whole(1, 60) if "least" in found else 3,
            stretch=found["stretch"].flag() if "stretch" in found else False,
            style=self.style(found, self._style),
        )

    def _table(self, item: Entry, pairs: Mapping[str, Entry]) -> form.Block:
        found = item.mapping("table", "columns", "when", *STYLE_KEYS)
        if "columns" not in found:
            raise item.wrong("缺少“columns”（各列的宽度比例）")
        given = found["columns"]
        columns = tuple(c.number(0.1, 100) for c in given.items()) if given.is_list else (1.0,) * given.whole(1, 40)
        base = replace(self.style(found, self._style), align=found["align"].text() if "align" in found else "left")
        sections = []
        for entry in found["table"].items():
            sections.append(self._section(entry, base, len(columns)))
        return form.Table(columns=columns, sections=tuple(sections), style=base)

    def _section(self, entry: Entry, base: Style, columns: int) -> form.Section:
        if entry.is_list or "rows" not in entry.mapping():
            return form.Section((self._table_row(entry, base, columns),))
        found = entry.mapping("rows", "side", "each", "least")
        side = found["side"].text() if "side" in found else ""
        rows = tuple(self._table_row(r, base, columns - bool(side)) for r in found["rows"].items())
        return form.Section(
            rows,
            side,
            self.each(found["each"]) if "each" in found else None,
            found["least"].whole(0, 40) if "least" in found else 1,
        )

    def _table_row(self, entry: Entry, base: Style, columns: int) -> form.TableRow:
        found = {"cells": entry} if entry.is_list else entry.mapping("cells", "least", "stretch")
        if "cells" not in found:
            raise entry.wrong("缺少“cells”")
        cells: list[form.Cell] = []
        for item in found["cells"].items():
            cells.extend(
                self._spread(item, base) if item.is_map and {"heads", "grades"} & set(item.mapping()) else (self._cell(item, base, boxed=True),)
            )
        if sum(cell.span for cell in cells) != columns:
            raise entry.wrong(f"这一行占{sum(cell.span for cell in cells)}列，表格在这里有{columns}列")
        return form.TableRow(
            tuple(cells),
            found["least"].number(0, 250) * MM if "least" in found else 0.0,
            found["stretch"].number(0, 100) if "stretch" in found else 0.0,
            entry.line,
        )

    def _spread(self, entry: Entry, base: Style) -> list[form.Cell]:
        """One column for every code of a list: its label (heads) or a box to tick (grades)."""
        found = entry.mapping("heads", "grades")
        style = replace(base, align="center")
        path = self.path(found.get("heads") or found["grades"])
        offered = self._offered(None, path, entry)
        if "heads" in found:
            return [form.Cell((label,), style, label=True) for _, label in offered]
        return [form.Cell((form.Choices(path, ((codes, ""),)),), style) for codes, _ in offered]

    def _repeat(self, item: Entry, pairs: Mapping[str, Entry]) -> form.Block:
        found = item.mapping("each", "least", "body", "when")
        if "body" not in found:
            raise item.wrong("缺少“body”")
        least = found["least"].whole(0, 40) if "least" in found else 1
        return form.Repeat(each=self.each(found["each"]), least=least, body=self.blocks(found["body"]))

    def _signatures(self, item: Entry, pairs: Mapping[str, Entry]) -> form.Block:
        found = item.mapping("sign", "columns", "when", *STYLE_KEYS)
        places = []
        for entry in found["sign"].items():
            place = entry.mapping("label", "each", "least", "room")
            if "label" not in place:
                raise entry.wrong("缺少“label”")
            places.append(
                form.Place(
                    place["label"].text(),
                    self.each(place["each"]) if "each" in place else None,
                    place["least"].whole(1, 40) if "least" in place else 1,
                    place["room"].number(2, 30) if "room" in place else 8.0,
                )
            )
        columns = found["columns"].whole(1, 4) if "columns" in found else 2
        return form.Signatures(places=tuple(places), columns=columns, style=self.style(found, self._style))

    def _seal(self, item: Entry, pairs: Mapping[str, Entry]) -> form.Block:
        found = item.mapping("seal", "date", "room", "when", *STYLE_KEYS)
        dated = "date" in found and found["date"].text() != "none"
        return form.Seal(
            label=found["seal"].text(),
            date=self.path(found["date"]) if dated and found["date"].text() != "blank" else None,
            dated=dated or "date" not in found,
            room=found["room"].number(10, 100) * MM if "room" in found else 20 * MM,
            style=self.style(found, self._style),
        )

    def _space(self, item: Entry, pairs: Mapping[str, Entry]) -> form.Block:
        found = item.mapping("space", "stretch", "when")
        return form.Space(height=found["space"].number(0, 200) * MM, stretch=found["stretch"].number(0, 100) if "stretch" in found else 0.0)

    def _keep(self, item: Entry, pairs: Mapping[str, Entry]) -> form.Block:
        found = item.mapping("keep", "when")
        return form.Keep(body=self.blocks(found["keep"]))
