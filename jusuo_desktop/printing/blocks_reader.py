"""Reads the blocks of a form's body: paragraphs, tables, ruled text, signatures (format: forms/README.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from jusuo_desktop.printing import template as form
from jusuo_desktop.printing.fonts import ROLES
from jusuo_desktop.printing.marks import MM
from jusuo_desktop.printing.typeset import Style
from jusuo_desktop.printing.wording_reader import WordingReader
from jusuo_desktop.printing.yaml_lines import Entry

STYLE_KEYS: Final = ("font", "size", "pitch", "align", "indent")
CELL_KEYS: Final = ("text", "field", "label", "choices", "sum", "form", "blanks", "width", "span", "vertical", *STYLE_KEYS)


class Reader(WordingReader):
    """Reads blocks for forms of `kind` under `parent`; `paths` gathers every binding that the form names."""

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
            "cut": self._cut,
            "keep": self._keep,
        }
        found: list[form.Block] = []
        for item in entry.items():
            pairs = item.mapping()
            word = next((w for w in read if w in pairs), None)
            if word is None:
                raise item.wrong(f"不认识这一块内容；应当有其中之一：{'、'.join(read)}")
            block = read[word](item, pairs)
            found.append(replace(block, line=item.line, when=self.when(pairs.get("when"))))
        return tuple(found)

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
            content=self.inline(pairs["text"], self.blanks(pairs)),
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
        words = [w for w in ("text", "field", "label", "choices", "sum") if w in found]
        if len(words) != 1:
            raise entry.wrong("每一格要有而且只有其中之一：text、field、label、choices、sum")
        word = words[0]
        if "form" in found and word not in ("field", "sum"):
            raise found["form"].wrong("“form”只能和field或sum一起用；文字里的空在“blanks”里写")
        span = found["span"].whole(1, 40) if "span" in found else 1
        weight = found["width"].number(0.1, 100) if "width" in found else 1.0
        content: tuple[form.Inline, ...]
        if word == "label":
            content = (found["label"].text(),)
            base = replace(base, align="center")
        elif word == "field":
            content = (form.Blank(self.path(found["field"]), underline=not boxed, form=self.shape(found)),)
        elif word == "sum":
            content = (form.Blank(self.summed(found["sum"]), underline=not boxed, form=self.shape(found), total=True),)
        elif word == "choices":
            path = self.path(found["choices"])
            content = (form.Choices(path, self.offered(None, path, found["choices"])),)
            base = replace(base, align="left")
        else:
            content = self.inline(found["text"], self.blanks(found))
        if boxed:
            content = tuple(replace(c, underline=False) if isinstance(c, form.Blank) and not c.width and not c.fill else c for c in content)
        vertical = "vertical" in found and found["vertical"].flag()
        if vertical and (not boxed or any(isinstance(c, form.Choices) or (isinstance(c, form.Blank) and c.options) for c in content)):
            raise entry.wrong("“vertical”只能用在表格的格子里，格子里只能有文字和字段")
        return form.Cell(content, self.style(found, base), weight, span, word == "label", vertical)

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
        found = item.mapping("table", "columns", "width", "when", *STYLE_KEYS)
        if "columns" not in found:
            raise item.wrong("缺少“columns”（各列的宽度比例）")
        given = found["columns"]
        columns = tuple(c.number(0.1, 100) for c in given.items()) if given.is_list else (1.0,) * given.whole(1, 40)
        base = replace(self.style(found, self._style), align=found["align"].text() if "align" in found else "left")
        sections = []
        for entry in found["table"].items():
            sections.append(self._section(entry, base, len(columns)))
        width = found["width"].number(10, 400) * MM if "width" in found else 0.0
        return form.Table(columns=columns, sections=tuple(sections), style=base, width=width)

    def _section(self, entry: Entry, base: Style, columns: int) -> form.Section:
        if entry.is_list or "rows" not in entry.mapping():
            return form.Section((self._table_row(entry, base, columns),))
        found = entry.mapping("rows", "side", "each", "of", "least", "across")
        side = found["side"].text() if "side" in found else ""
        across = found["across"].whole(1, 12) if "across" in found else 1
        if across > 1 and (side or "each" not in found or columns % across):
            raise found["across"].wrong(f"“across”要和“each”一起用，不能有“side”，并且能把{columns}列分尽")
        rows = tuple(self._table_row(r, base, columns // across - bool(side)) for r in found["rows"].items())
        return form.Section(
            rows,
            side,
            self.each(found["each"]) if "each" in found else None,
            found["least"].whole(0, 40) if "least" in found else 1,
            across,
            self.when(found.get("of")),
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
        offered = self.offered(None, path, entry)
        if "heads" in found:
            return [form.Cell((label,), style, label=True) for _, label in offered]
        return [form.Cell((form.Choices(path, ((codes, ""),)),), style) for codes, _ in offered]

    def _repeat(self, item: Entry, pairs: Mapping[str, Entry]) -> form.Block:
        found = item.mapping("each", "of", "least", "body", "when")
        if "body" not in found:
            raise item.wrong("缺少“body”")
        least = found["least"].whole(0, 40) if "least" in found else 1
        return form.Repeat(each=self.each(found["each"]), least=least, body=self.blocks(found["body"]), of=self.when(found.get("of")))

    def _signatures(self, item: Entry, pairs: Mapping[str, Entry]) -> form.Block:
        found = item.mapping("sign", "columns", "when", *STYLE_KEYS)
        places = []
        for entry in found["sign"].items():
            place = entry.mapping("label", "each", "of", "least", "room")
            if "label" not in place:
                raise entry.wrong("缺少“label”")
            places.append(
                form.Place(
                    place["label"].text(),
                    self.each(place["each"]) if "each" in place else None,
                    place["least"].whole(0, 40) if "least" in place else 1,
                    place["room"].number(2, 30) if "room" in place else 8.0,
                    self.when(place.get("of")),
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

    def _cut(self, item: Entry, pairs: Mapping[str, Entry]) -> form.Block:
        found = item.mapping("cut", "blanks", "when", *STYLE_KEYS)
        style = replace(self.style(found, self._style), align="center")
        return form.Cut(content=self.inline(found["cut"], self.blanks(found)), style=style)

    def _keep(self, item: Entry, pairs: Mapping[str, Entry]) -> form.Block:
        found = item.mapping("keep", "when")
        return form.Keep(body=self.blocks(found["keep"]))
