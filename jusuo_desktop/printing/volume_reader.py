"""Reads the file that tells what a volume consists of (forms/volume); every mistake is a sentence with file and line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from jusuo_desktop.printing import FORMS, broken_forms, shipped_forms
from jusuo_desktop.printing.volume import PLACES
from jusuo_desktop.printing.yaml_lines import Entry, TemplateError, read_yaml
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import FieldType
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.volume import BEHIND, INSTEAD, SCANS, Condition, Conditions, Demand, Filling, Proposal, VolumePlan, VolumeRow

FOLDER: Final = FORMS / "volume"
KEYS: Final = (
    *("volume", "title", "version", "source", "cover", "spine", "signed", "signed_purposes", "double_sided", "numbers", "rows", "retention"),
    "retention_years",
)
PURPOSES: Final = "attachment_purpose"


@cache
def shipped_volume(kind: str) -> VolumePlan:
    """The volume of a kind of record.

    Raises:
        TemplateError: its file is wrong; says where and what.
        KeyError: records of this kind are not bound.
    """
    path = FOLDER / f"{kind}.yaml"
    if not path.exists():
        raise KeyError(kind)
    return load_volume(path)


def is_bound(kind: str) -> bool:
    """Whether records of a kind are bound in volumes."""
    return kind in KINDS and (FOLDER / f"{kind}.yaml").exists()


def tells_of_a_volume(raw: bytes) -> bool:
    """Whether a file tells what a volume consists of, rather than how a form looks."""
    try:
        root = read_yaml(raw, "")
    except TemplateError:
        return False
    return root.is_map and any(name == "volume" for name, _ in root.pairs())


def load_volume(path: Path) -> VolumePlan:
    """The volume told of in one file."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TemplateError(path.name, 1, f"读不出卷宗的文件：{error.strerror}") from None
    return read_volume(raw, path.name, {*shipped_forms(), *broken_forms()})


def read_volume(raw: bytes, file: str, forms: Collection[str]) -> VolumePlan:
    """The volume in the bytes of a file called `file`; `forms` are the forms that there are."""
    root = read_yaml(raw, file)
    top = root.mapping(*KEYS)
    for needed in ("volume", "title", "rows"):
        if needed not in top:
            raise root.wrong(f"缺少“{needed}”")
    if top["volume"].text() not in KINDS:
        raise top["volume"].wrong(f"没有“{top['volume'].text()}”这种记录")
    reader = _Reader(KINDS[top["volume"].text()], forms)
    numbers = top["numbers"].mapping("place", "margin", "size", "first", "count_empty") if "numbers" in top else {}
    entries = top["rows"].items()
    return VolumePlan(
        kind=reader.kind.name,
        title=top["title"].text(),
        version=top["version"].text()[:12] if "version" in top else "1",
        source=top["source"].text() if "source" in top else "",
        cover=reader.form(top["cover"]) if "cover" in top else "",
        spine=reader.form(top["spine"]) if "spine" in top else "",
        signed=top["signed"].one_of(BEHIND, INSTEAD) if "signed" in top else BEHIND,
        signed_purposes=reader.purposes(top.get("signed_purposes")),
        double_sided=top["double_sided"].flag() if "double_sided" in top else True,
        count_empty=numbers["count_empty"].flag() if "count_empty" in numbers else False,
        first_number=numbers["first"].whole(1, 9999) if "first" in numbers else 1,
        number_place=numbers["place"].one_of(*PLACES) if "place" in numbers else PLACES[0],
        number_margin=numbers["margin"].number(3, 40) if "margin" in numbers else 10.0,
        number_size=numbers["size"].number(6, 24) if "size" in numbers else 12.0,
        rows=tuple(reader.row(entry, number) for number, entry in enumerate(entries, 1)),
        retention_years=reader.years(top.get("retention_years")),
        retention=tuple(reader.proposal(entry) for entry in top["retention"].items()) if "retention" in top else (),
    )


class _Reader:
    """Resolves what the file names against the declared kinds, fields and codes, and against the forms that there are."""

    def __init__(self, kind: RecordKind, forms: Collection[str]) -> None:
        self.kind, self._forms = kind, forms

    def row(self, entry: Entry, number: int) -> VolumeRow:
        found = entry.mapping("name", "take", "must", "numbered")
        for needed in ("name", "take"):
            if needed not in found:
                raise entry.wrong(f"缺少“{needed}”")
        fillings = tuple(self._filling(one) for one in found["take"].items())
        names = {filling.name for filling in fillings}
        return VolumeRow(
            number,
            found["name"].text(),
            fillings,
            tuple(self._demand(one, names) for one in found["must"].items()) if "must" in found else (),
            found["numbered"].flag() if "numbered" in found else True,
        )

    def _filling(self, entry: Entry) -> Filling:
        found = entry.mapping("form", SCANS, "of", "when", "offered", "unless", "with_volume")
        if ("form" in found) == (SCANS in found):
            raise entry.wrong("这里应当写“form”（打印的表格）或者“scans”（附件的用途）之一")
        return Filling(
            form=self.form(found["form"]) if "form" in found else "",
            purposes=self.purposes(found.get(SCANS)),
            of=tuple(self._kind(one) for one in found["of"].items()) if "of" in found else (),
            when=self.when(found.get("when")),
            offered=found["offered"].flag() if "offered" in found else True,
            with_volume=found["with_volume"].flag() if "with_volume" in found else False,
            unless=tuple(self.form(one) for one in found["unless"].items()) if "unless" in found else (),
        )

    def _demand(self, entry: Entry, names: Collection[str]) -> Demand:
        found = entry.mapping("said", "source", "one_of", "when")
        for needed in ("said", "source"):
            if needed not in found:
                raise entry.wrong(f"缺少“{needed}”")
        chosen = tuple(one.one_of(*names) for one in found["one_of"].items()) if "one_of" in found else ()
        return Demand(found["said"].text(), found["source"].text(), chosen, self.when(found.get("when")))

    def proposal(self, entry: Entry) -> Proposal:
        found = entry.mapping("propose", "because", "when")
        for needed in ("propose", "because"):
            if needed not in found:
                raise entry.wrong(f"缺少“{needed}”")
        codes = [code for code, _ in code_list("retention_period").codes]
        return Proposal(found["propose"].one_of(*codes), found["because"].text(), self.when(found.get("when")))

    def years(self, entry: Entry | None) -> dict[str, int]:
        """How many years each retention class is kept; a class that is not named is kept for ever."""
        codes = [code for code, _ in code_list("retention_period").codes]
        return {name: count.whole(1, 999) for name, count in (entry.mapping(*codes).items() if entry is not None else ())}

    def form(self, entry: Entry) -> str:
        if entry.text() not in self._forms:
            raise entry.wrong(f"没有名为“{entry.text()}”的表格")
        return entry.text()

    def purposes(self, entry: Entry | None) -> tuple[str, ...]:
        """Codes of the purposes of attachments; an empty list is any purpose."""
        if entry is None:
            return ()
        codes = [code for code, _ in code_list(PURPOSES).codes]
        return tuple(one.one_of(*codes) for one in entry.items())

    def _kind(self, entry: Entry) -> str:
        if entry.text() not in KINDS:
            raise entry.wrong(f"没有“{entry.text()}”这种记录")
        return entry.text()

    def when(self, entry: Entry | None) -> Conditions:
        """One condition, or a list of which all must hold."""
        if entry is None:
            return ()
        return tuple(self._condition(one) for one in (entry.items() if entry.is_list else [entry]))

    def _condition(self, entry: Entry) -> Condition:
        found = entry.mapping("field", "is", "not", "filled", "has")
        if "has" in found:
            return Condition(has=self._kind(found["has"]), negated=False)
        if "field" not in found or len(found) != 2:
            raise entry.wrong("条件应当写成“field”加上“is”、“not”或者“filled”之一，或者写“has”")
        field = self.kind.by_name.get(found["field"].text())
        if field is None:
            raise found["field"].wrong(f"{self.kind.label}没有字段“{found['field'].text()}”")
        if "filled" in found:
            return Condition(field.name, negated=not found["filled"].flag())
        said = found["is"] if "is" in found else found["not"]
        known: Mapping[str, str] = dict(code_list(field.code_list).codes) if field.code_list else {}
        if not known and field.type is not FieldType.BOOLEAN:
            raise found["field"].wrong(f"“{field.label}”不是选项，条件里只能写“filled”")
        codes = [one.one_of(*(known or ("true", "false"))) for one in said.items()]
        return Condition(field.name, tuple(codes), negated="not" in found)
