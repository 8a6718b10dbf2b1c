"""Who or what is meant: a village, a committee, workers. Typed by name or initials; what is not there yet can be added on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from jusuo_desktop.actions.linked import candidates, siblings
from jusuo_desktop.records.field import Field, Value
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import BadValue
from jusuo_desktop.store.pinyin import initials
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.editors.choice_editor import JOIN, ChoiceEditor
from jusuo_desktop.ui.editors.choices import Choice, matching

MOST: Final = 2000
"""Places and workers of one county; they are read once for a page and looked through while typing, without the disk."""
MOST_LOOKED_AT: Final = 50
"""After a bulk everything is read again without asking what changed."""


@dataclass(frozen=True, slots=True)
class _Known:
    field: Field
    choices: tuple[Choice, ...] = ()
    by_id: dict[str, str] | None = None


class LinkNames(QObject):
    """What the link fields of one page offer, read in the background and again when a record of those kinds may have changed."""

    loaded = Signal(str)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self.desk = desk
        self._known: dict[str, _Known] = {}
        self._parent_id = ""
        desk.changed.connect(self._look_again)

    def want(self, field: Field) -> None:
        """Reads what a field offers, if nobody did."""
        if field.name not in self._known:
            self._known[field.name] = _Known(field)
            self._load(field)

    def set_parent(self, parent_id: str) -> None:
        """Whose child the page's record is: fields bounded to the family offer the rows beside it."""
        if parent_id != self._parent_id:
            self._parent_id = parent_id
            for known in list(self._known.values()):
                if known.field.among:
                    self._load(known.field)

    def of(self, field: Field) -> tuple[Choice, ...]:
        """What a field offers, as far as it is known."""
        return self._known.get(field.name, _Known(field)).choices

    def title(self, record_id: str) -> str:
        """What a record is called."""
        for known in self._known.values():
            if known.by_id and record_id in known.by_id:
                return known.by_id[record_id]
        try:
            return self.desk.session.store.name_of(record_id)
        except Refused:
            return record_id

    def _load(self, field: Field) -> None:
        session, parent_id = self.desk.session, self._parent_id

        def read(reins: object) -> _Known:
            found = siblings(session, field.link, parent_id) if field.among else candidates(session, field.link, limit=MOST, field=field.name)
            seen: dict[str, int] = {}
            for _, title in found:
                initials(title)  # warms the table of readings off the Qt thread
                seen[title] = seen.get(title, 0) + 1
            choices = tuple(Choice(i, title if seen[title] == 1 else f"{title}（{i[-4:]}）") for i, title in found)
            return _Known(field, choices, {c.code: c.label for c in choices})

        self.desk.background.run(self, read, done=self._take, key=f"names {field.name}")

    def _take(self, known: _Known) -> None:
        self._known[known.field.name] = known
        self.loaded.emit(known.field.name)

    def _look_again(self, ids: frozenset[str]) -> None:
        store = self.desk.session.store

        def kinds_of(reins: object) -> set[str]:
            return {record.kind for i in ids if (record := store.record(i)) is not None} if len(ids) <= MOST_LOOKED_AT else set(KINDS)

        if ids and self._known:
            self.desk.background.run(self, kinds_of, done=self._load_kinds, key="kinds")

    def _load_kinds(self, kinds: set[str]) -> None:
        for known in list(self._known.values()):
            if known.field.link in kinds:
                self._load(known.field)


def joined(text: str) -> str:
    """The marks that people write between names as one mark."""
    return text.replace("，", JOIN).replace(",", JOIN).replace("；", JOIN).replace(";", JOIN)


class LinkEditor(ChoiceEditor):
    """LINK and LINKS fields. A text keeps the ids of the names in it, so that two people of one name stay two."""

    def __init__(self, field: Field, names: LinkNames) -> None:
        super().__init__(field)
        self._names = names
        self._chosen: dict[str, str] = {}
        names.want(field)
        names.loaded.connect(self._on_loaded)

    def choices(self) -> Sequence[Choice]:
        return self._names.of(self.field)

    def text_of(self, value: Value | None) -> str:
        ids = value if isinstance(value, list) else [str(value)] if value else []
        titles = []
        for record_id in ids:
            title = self._names.title(record_id)
            if self._chosen.get(title, record_id) != record_id:
                title = f"{title}（{record_id[-4:]}）"
            self._chosen[title] = record_id
            titles.append(title)
        return JOIN.join(titles)

    def parts(self, text: str) -> list[str]:
        """Names chosen from the list may hold spaces or brackets, so they are split at the mark that joins them."""
        return [p.strip() for p in joined(text).split(JOIN) if p.strip()] if self.several else super().parts(text)

    def read(self, text: str) -> Value | None:
        ids = []
        for part in self.parts(text):
            record_id = self._chosen.get(part)
            if record_id is None:
                found = matching(self.choices(), part)
                exact = [c for c in found if c.label == part]
                if len(exact) != 1 and len(found) != 1:
                    said = self._unknown if not found else "不止一个，请从列表中选择"
                    raise BadValue(f"{self.field.label}“{part}”{said}。")
                record_id = (exact or found)[0].code
            ids.append(record_id)
        ids = list(dict.fromkeys(ids))
        return (ids if self.several else ids[0]) if ids else None

    def raw(self) -> Any:
        return {"text": self.typed_text(), "ids": {p: self._chosen[p] for p in self.parts(self.typed_text()) if p in self._chosen}}

    def put_raw(self, raw: Any) -> None:
        self._chosen |= dict(raw["ids"])
        self.show_text(str(raw["text"]))

    @property
    def _unknown(self) -> str:
        return "不在本案中，请先在案件页登记" if self.field.among else "还没有登记，可在列表里选“新增”"

    def _last_part(self) -> str:
        return joined(self.typed_text()).split(JOIN)[-1].strip() if self.several else super()._last_part()

    def _offer(self, typed: str) -> None:
        super()._offer(typed)
        exact = any(c.label == typed for c in self._offered)
        if self.field.link in KINDS and not exact and not self.field.among:
            label = KINDS[self.field.link].label
            lines = [self.drop.item(i).text() for i in range(self.drop.count())] if self._offered else []
            lines.append(f"＋ 新增{label}“{typed}”…" if typed else f"＋ 新增{label}…")
            self.drop.offer(self, lines, self._take, 0 if self._offered else -1)

    def _take(self, row: int) -> None:
        if row < len(self._offered):
            super()._take(row)
        else:
            typed = self._last_part()
            self.drop.leave(self)
            self._names.desk.new_record(self.field.link, {"name": typed} if typed else {})

    def _tick(self, row: int) -> None:
        if row < len(self._offered):
            super()._tick(row)
        else:
            self._take(row)

    def _replace(self, parts: list[str], taken: Choice) -> None:
        self._chosen[taken.label] = taken.code
        super()._replace(parts, taken)

    def _on_loaded(self, name: str) -> None:
        if name != self.field.name:
            return
        if self.hasFocus() and self.offering:
            self._offer("" if self._ticking else self._last_part())
        elif self.touched and not self.hasFocus():
            self.settled.emit()  # a name that was not there may be there now
