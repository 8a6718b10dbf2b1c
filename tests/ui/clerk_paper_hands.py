"""A clerk's hands on paper: printing into a file, binding the volume, putting what was scanned under a record. By keys alone, as clerk_hands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu

from jusuo_desktop.actions.bind_volume import Volume
from jusuo_desktop.ui.attachment_shelf import AttachmentShelf
from jusuo_desktop.ui.preview_page import PreviewPage
from jusuo_desktop.ui.volume_page import VolumePage
from tests.ui.clerk_hands import CONTROL, Clerk


class PaperClerk(Clerk):
    """Prints, binds and scans as well."""

    def attach(self, file: Path, description: str, purpose: str) -> None:
        """Ctrl+O and the file; then at its picture F2 and what it is, and the number of its use."""
        page = self.front
        shelf = page.form.shelf
        assert shelf is not None, f"{page.kind} takes no attachments"
        before = set(shelf.ids)
        self.answer_file_dialog(lambda: self.press("Ctrl+O"), file)
        self.wait(lambda: len(shelf.ids) > len(before) or shelf.problems.text(), "nothing was attached")
        assert set(shelf.ids) - before, shelf.problems.text()
        (added,) = set(shelf.ids) - before
        self._go_to_picture(shelf, added)
        self.press(Qt.Key.Key_F2)
        self.wait(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "no line to describe it")
        self.press("Ctrl+A")
        self.write(description)
        self.press(Qt.Key.Key_Return)
        store = self.workspace.desk.session.store
        self.wait(lambda: store.record(added).values.get("description") == description, "the description is not kept")  # type: ignore[union-attr]
        self._go_to_picture(shelf, added)
        self.write(purpose)
        self.wait(lambda: store.record(added).values.get("purpose") == purpose, "the use is not kept")  # type: ignore[union-attr]
        self._quiet()

    def _go_to_picture(self, shelf: AttachmentShelf, attachment_id: str) -> None:
        """Ctrl+Shift+O comes to the last picture; from there to the left."""
        self._quiet()
        self.press("Ctrl+Shift+O")
        self.wait(shelf.strip.hasFocus, "the pictures cannot be reached")
        while shelf.chosen() != [attachment_id]:
            assert shelf.strip.currentRow() > 0, f"the picture cannot be reached: {shelf.ids} {shelf.chosen()} {attachment_id}"
            self.press(Qt.Key.Key_Left)

    def print_paper(self, title: str, record_id: str, into: Path) -> None:
        """F8, the paper from the menu, then Ctrl+S into a PDF file: the preview's own way."""
        page = self.front
        self.press(Qt.Key.Key_F8)
        self.wait(lambda: isinstance(self.workspace.pages.front, PreviewPage) or QApplication.activePopupWidget() is not None, "no papers")
        menu = QApplication.activePopupWidget()
        if isinstance(menu, QMenu):
            self._choose_in(menu, title)
        self.wait(lambda: isinstance(self.workspace.pages.front, PreviewPage), f"no preview of {title}")
        preview = self.workspace.pages.front
        assert isinstance(preview, PreviewPage)
        self.wait(lambda: preview.list.count() > 0 and not self.workspace.desk.background.busy)
        self._choose_paper(preview, title, record_id)
        self._quiet()
        assert preview.paper is not None, preview.trouble.text()
        assert preview.paper.title == title
        self.answer_file_dialog(lambda: self.press("Ctrl+S"), into)
        self.wait(lambda: into.exists() and not self.workspace.desk.background.busy, f"{into} was not saved")
        self.back()
        assert self.workspace.pages.front is page

    def bind(self) -> Volume:
        """Ctrl+J, a look at the volume, Ctrl+S puts it away, Esc."""
        page = self.front
        self.press("Ctrl+J")
        self.wait(lambda: isinstance(self.workspace.pages.front, VolumePage), "no volume")
        shown = self.workspace.pages.front
        assert isinstance(shown, VolumePage)
        self.wait(lambda: shown.ready and not self.workspace.desk.background.busy, f"not bound: {shown.trouble.text()}")
        volume = shown.volume
        assert volume is not None
        self.press("Ctrl+S")
        self.wait(lambda: not self.workspace.desk.background.busy, "not kept")
        self.back()
        assert self.workspace.pages.front is page
        return volume

    def _choose_paper(self, preview: PreviewPage, title: str, record_id: str) -> None:
        """The right one of several of a title: down and up the list at the left."""
        offers = [preview.list.item(i).data(Qt.ItemDataRole.UserRole) for i in range(preview.list.count())]
        same = [i for i, o in enumerate(offers) if o.title == title]
        assert same, f"no paper is called {title}: {[o.title for o in offers]}"
        wanted = next((i for i in same if offers[i].record_id == record_id), same[-1])
        self.wait(preview.list.hasFocus)
        for _ in offers:
            if (place := preview.list.currentRow()) != wanted:
                self.press(Qt.Key.Key_Down if wanted > place else Qt.Key.Key_Up)
        assert preview.list.currentRow() == wanted

    def answer_file_dialog(self, ask: Callable[[], None], path: Path) -> None:
        """Answers the file dialog that `ask` opens: the name over what is proposed, Enter."""
        done: list[bool] = []

        def answer() -> None:
            dialog, focus = QApplication.activeModalWidget(), QApplication.focusWidget()
            if not isinstance(dialog, QFileDialog) or not isinstance(focus, QLineEdit) or not dialog.isAncestorOf(focus):
                timer.start()
                return
            QTest.keyClick(focus, Qt.Key.Key_A, CONTROL)
            QTest.keyClicks(focus, str(path))
            done.append(True)
            QTest.keyClick(focus, Qt.Key.Key_Return)

        timer = QTimer(self.workspace)
        timer.setSingleShot(True)
        timer.setInterval(5)
        timer.timeout.connect(answer)
        timer.start()
        ask()
        self.wait(lambda: done, "no file dialog")
        timer.deleteLater()
        self._window_again()
