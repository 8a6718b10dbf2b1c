"""Brings the office's paragraphs to every long text of an entry page, when it first gets the focus; they are read once and again after changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from jusuo_desktop.actions.phrases import PhraseBook, phrase_book
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Value, Values
from jusuo_desktop.records.phrase_choice import Phrase, choice, with_names
from jusuo_desktop.ui.editors import LongTextEditor
from jusuo_desktop.ui.phrase_offer import PhraseOffer

if TYPE_CHECKING:
    from jusuo_desktop.ui.entry_page import EntryPage


SAME_PLACE: Final = {"summary": "dispute_summary"}
"""Fields in which the same is told as in another, by which the place is called."""


def place_of(editor: LongTextEditor) -> str:
    """Where a paragraph is used, as a code of the list phrase_place."""
    return SAME_PLACE.get(editor.field.name, editor.field.name)


class PhraseHelp(QObject):
    """One for a page."""

    def __init__(self, page: EntryPage) -> None:
        super().__init__(page)
        self._page = page
        self.book = PhraseBook(())
        self.read = False
        self.offers: dict[LongTextEditor, PhraseOffer] = {}
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)
        page.desk.changed.connect(self._heard)

    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if isinstance(new, LongTextEditor) and new not in self.offers and self._page.form.isAncestorOf(new):
            self.offers[new] = PhraseOffer(new, lambda typed: self._choose(new, typed), lambda text: self._keep(new, text))
            new.destroyed.connect(lambda: self.offers.pop(new, None))
            if not self.read:
                self._read()

    def _heard(self, ids: frozenset[str]) -> None:
        """A method and no lambda: it is forgotten with the page."""
        if ids and self.offers:
            self._read()

    def _read(self) -> None:
        self.read = True
        session, parent_id = self._page.desk.session, self._page.parent_id
        self._page.desk.background.run(self, lambda reins: phrase_book(session, parent_id), done=self._take, key="phrases")

    def _take(self, book: PhraseBook) -> None:
        self.book = book

    def _type(self) -> str:
        own = self._page.form.fields.value("dispute_type") if "dispute_type" in self._page.record_kind.by_name else None
        return str(own) if own else self.book.dispute_type

    def _choose(self, editor: LongTextEditor, typed: str) -> list[Phrase]:
        parties = self._parties()
        found = choice(self.book.phrases, typed, place_of(editor), self._type())
        return [replace(one, wording=with_names(one.wording, parties)) for one in found]

    def _parties(self) -> Sequence[Values]:
        """As they stand on this page, else those of the case above."""
        table = next((t for t in self._page.form.tables if t.spec.kind == "party"), None)
        return [fields.current() for fields in table.sets] if table is not None else self.book.parties

    def _keep(self, editor: LongTextEditor, text: str) -> None:
        values: dict[str, Value] = {"wording": text}
        if place_of(editor) in code_list("phrase_place").labels:
            values["places"] = [place_of(editor)]
        if kind := self._type():
            values["dispute_types"] = [kind]
        self._page.desk.new_record("phrase", values)
