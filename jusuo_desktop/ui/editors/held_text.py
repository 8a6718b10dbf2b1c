"""What all editors of text hold alike: the stored value, the text that stands for it, and whether what stands there differs."""

from __future__ import annotations

from typing import Any

from jusuo_desktop.records.field import Field, Value
from jusuo_desktop.records.values import parse, show


class HeldText:
    """Mixed into a widget that gives `typed_text` and `show_text`; signals typed, settled, onward are the widget's own."""

    field: Field
    _value: Value | None = None
    _put_text = ""
    _dirty = False
    composing = False
    """An input method holds unfinished text: no key is ours then."""

    def put(self, value: Value | None) -> None:
        """Shows a stored value; the editor counts as untouched."""
        self._value = value
        self._put_text = self.text_of(value)
        self._dirty = False
        if self.typed_text() != self._put_text:
            self.show_text(self._put_text)

    @property
    def touched(self) -> bool:
        """Whether what stands here differs from what was put."""
        return self.typed_text() != self._put_text

    def raw(self) -> Any:
        """What stands here, as a draft keeps it."""
        return self.typed_text()

    def raw_text(self) -> str:
        """What stands here as bare text."""
        return self.typed_text()

    def put_raw(self, raw: Any) -> None:
        """Shows what a draft kept."""
        self.show_text(str(raw))

    # what kinds of editors differ in

    def text_of(self, value: Value | None) -> str:
        """The text that stands for a value."""
        return show(self.field, value)

    def read(self, text: str) -> Value | None:
        """The value that a text stands for."""
        return parse(self.field, text)

    def typed_text(self) -> str:
        """What was typed, unmasked."""
        raise NotImplementedError

    def show_text(self, text: str) -> None:
        """Replaces what stands here."""
        raise NotImplementedError
