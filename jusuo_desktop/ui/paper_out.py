"""A paper that binds no single record (a ledger, a payment sheet, a receipt) on its way out: to the printer chosen last, or into a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.print_choices import FOLDER, PRINTER


class PaperOut:
    """`make` gives the PDF and runs in the background; `title` is what the paper is called in sentences and as a file."""

    def __init__(self, owner: QWidget, desk: Desk) -> None:
        self._owner, self._desk = owner, desk

    def print_out(self, title: str, make: Callable[[], bytes], *, copies: int = 1) -> None:
        """Sends the paper to the printer chosen last."""
        store = self._desk.session.store

        def work(reins: Reins) -> bool:
            from jusuo_desktop.printing.raster import PagePictures
            from jusuo_desktop.ui.printer import Order, send

            order = Order(str(store.get(PRINTER, "")), title=title, copies=copies)
            return send(PagePictures(make()), order, reins.stopped, reins.tell)

        many = f"，一式{copies}份" if copies > 1 else ""
        self._desk.background.run(
            self._owner, work, done=lambda _: self._desk.say(f"{title}已送到打印机{many}。"), progress=lambda said: self._desk.say(str(said))
        )

    def ask_file(self, title: str, make: Callable[[], bytes], file_name: str) -> None:
        """Asks where, then saves the paper as a PDF."""
        store = self._desk.session.store

        def ask(folder: str) -> None:
            chosen, _ = QFileDialog.getSaveFileName(self._owner, f"{title}保存为PDF", str(Path(folder) / file_name), "PDF (*.pdf)")
            if chosen:
                self.save_to(Path(chosen), make)

        self._desk.background.run(self._owner, lambda _: str(store.get(FOLDER, str(Path.home()))), done=ask)

    def save_to(self, path: Path, make: Callable[[], bytes]) -> None:
        """Writes the paper into a file."""
        self._desk.background.run(self._owner, lambda _: _written(make(), path), done=lambda _: self._desk.say(f"已保存：{path}"))


def _written(paper: bytes, path: Path) -> None:
    """Writes the file.

    Raises:
        Refused: it cannot be written there.
    """
    try:
        path.write_bytes(paper)
    except OSError as error:
        raise Refused(f"写不了文件{path}（{error.strerror}）。请换一个文件夹，或者关掉正在打开它的程序。") from None
