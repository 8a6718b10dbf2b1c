"""Reads wording with its blanks: paths, widths, choices, conditions (format: forms/README.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from jusuo_desktop.printing import template as form
from jusuo_desktop.printing.bindings import CALLED, ROW_NUMBER, Path, UnknownPath, resolve
from jusuo_desktop.printing.typeset import Style
from jusuo_desktop.printing.yaml_lines import Entry
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.registry import KINDS

BLANK: Final = re.compile(r"\{([^{}]*)\}")
WIDTH: Final = re.compile(r"([1-9]|[1-5]\d)(\.\d)?|60")
Blanks = Mapping[str, "form.Blank | form.Choices"]


class WordingReader:
    """Reads wording for forms of `kind` under `parent`; `paths` gathers every binding that the form names."""

    def __init__(self, kind: RecordKind, parent: RecordKind | None, style: Style, kinds: Mapping[str, RecordKind] = KINDS) -> None:
        self._kind, self._parent, self._style, self._kinds = kind, parent, style, kinds
        self.paths: list[Path] = []

    def path(self, entry: Entry, written: str = "") -> Path:
        """A binding."""
        try:
            path = resolve(written or entry.text(), self._kind, self._parent, self._kinds)
        except UnknownPath as error:
            raise entry.wrong(str(error)) from None
        self.paths.append(path)
        return path

    def each(self, entry: Entry) -> Path:
        """The child rows of one kind, named 'party' or 'parent.party', or the records that a field of several links names."""
        path = self.path(entry, f"{entry.text()}.{CALLED}")
        if path.below or not (path.row or (path.via is not None and path.via.type is FieldType.LINKS)):
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

    def blanks(self, pairs: Mapping[str, Entry]) -> dict[str, form.Blank | form.Choices]:
        """The named blanks of a piece of wording."""
        if "blanks" not in pairs:
            return {}
        return {name: self._special(entry) for name, entry in pairs["blanks"].pairs()}

    def _special(self, entry: Entry) -> form.Blank | form.Choices:
        found = entry.mapping(
            "field",
            "each",
            "of",
            "sum",
            "last",
            "width",
            "fill",
            "underline",
            "least",
            "join",
            "form",
            "empty",
            "strike",
            "choices",
            "offered",
            "other",
            "apart",
        )
        if "choices" in found:
            return self._choices(found)
        if not {"field", "each", "strike", "sum"} & set(found):
            raise entry.wrong("缺少“field”")
        named = found.get("each") or found.get("strike") or found.get("sum") or found["field"]
        path = self.summed(named) if "sum" in found else self.path(named)
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
            self.shape(found),
            found["empty"].text() if "empty" in found else "",
            self.offered(found.get("offered"), path, named) if "strike" in found else (),
            self.when(found.get("of")),
            "sum" in found,
            found["last"].flag() if "last" in found else False,
        )

    def shape(self, found: Mapping[str, Entry]) -> str:
        """How a value is written."""
        return found["form"].one_of("day", "month", "chinese", "capitals", "figures", "masked") if "form" in found else ""

    def summed(self, entry: Entry) -> Path:
        """A field that is added up over child rows."""
        path = self.path(entry)
        if not path.row or path.field.type not in (FieldType.INTEGER, FieldType.MONEY) or path.field is ROW_NUMBER:
            raise entry.wrong(f"“{path.written}”不是下级记录的数字或金额字段，不能合计")
        return path

    def _choices(self, found: Mapping[str, Entry]) -> form.Choices:
        path = self.path(found["choices"])
        return form.Choices(
            path,
            self.offered(found.get("offered"), path, found["choices"]),
            found["other"].text() if "other" in found else "",
            found["apart"].number(0, 10) if "apart" in found else 1.0,
        )

    def offered(self, entry: Entry | None, path: Path, named: Entry) -> tuple[tuple[tuple[str, ...], str], ...]:
        """The codes offered with their wording; all labels of the field's list where the form names none."""
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

    def when(self, entry: Entry | None) -> form.When | None:
        """The condition under which a block is printed."""
        if entry is None:
            return None
        found = entry.mapping("field", "is", "not", "filled")
        if "field" not in found or len(found) != 2:
            raise entry.wrong("这里要写“field”，再写“is”“not”“filled”之一")
        path = self.path(found["field"])
        if "filled" in found:
            return form.When(path, negated=not found["filled"].flag(), filled=True)
        known = self._codes(path, found["field"])
        codes = found["is" if "is" in found else "not"].items()
        return form.When(path, tuple(self._code(c, known, path) for c in codes), "not" in found)
