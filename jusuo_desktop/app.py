"""The composition root: the one place that knows every part. Opens the window."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from jusuo_desktop.actions.store_folder import PROGRAM, crash_folder, default_folder
from jusuo_desktop.store.presence import claim_window
from jusuo_desktop.store.refusal import DiskTrouble, StoreInUse
from jusuo_desktop.ui import rounds, theme
from jusuo_desktop.ui.crash import CrashHooks
from jusuo_desktop.ui.main_window import TITLE, MainWindow

USAGE: Final = "用法：jusuo-desktop [--store 文件夹] [--sample]"
AFTER_FIRST_FRAME_MS: Final = 60
SWITCH_SECONDS: Final = 0.001
"""How long a background thread may hold the interpreter while the window wants it: a fraction of a frame."""


def main(argv: Sequence[str]) -> int:
    """Opens the window. `--store DIR` names the folder of the store, `--sample` opens the invented office."""
    rounds.hold()  # until the first frame: what is loaded until then stays
    asked = _asked(argv)
    if asked is None:
        sys.stderr.write(USAGE + "\n")
        return 2
    folder, sample = asked
    memory = QSettings(str(default_folder().parent / "window.ini"), QSettings.Format.IniFormat)
    _scale(memory)
    sys.setswitchinterval(SWITCH_SECONDS)
    app = QApplication([PROGRAM])
    app.setApplicationName(PROGRAM)
    theme.apply(app)
    showing = _showing(folder)
    if showing is None:
        return 1
    window = MainWindow(folder, memory, sample=sample)
    hooks = CrashHooks(crash_folder(), window.tell_crash)
    hooks.install()
    window.begin()
    window.show_first()
    QTimer.singleShot(AFTER_FIRST_FRAME_MS, lambda: _furnish(app))
    try:
        return app.exec()
    finally:
        hooks.remove()
        showing.close()


def _asked(argv: Sequence[str]) -> tuple[Path, bool] | None:
    words, folder, sample = list(argv), None, False
    while words:
        word = words.pop(0)
        if word == "--sample":
            sample = True
        elif word == "--store" and words:
            folder = Path(words.pop(0))
        elif word.startswith("--store="):
            folder = Path(word.removeprefix("--store="))
        else:
            return None
    return folder or (default_folder().parent / "sample" if sample else default_folder()), sample


def _showing(folder: Path) -> ExitStack | None:
    """Holds the store's window for this process; None, after a word to the clerk, where another window shows it already."""
    held = ExitStack()
    try:
        held.callback(claim_window(folder).release)
    except StoreInUse as refused:
        from PySide6.QtWidgets import QMessageBox

        QMessageBox(QMessageBox.Icon.Information, TITLE, refused.message).exec()
        return None
    except DiskTrouble:
        pass  # a folder that cannot be written: what is then done there says so
    return held


def _scale(memory: QSettings) -> None:
    """The size of everything, from the settings page; Qt reads it once, when it starts."""
    scale = str(memory.value(theme.SCALE, "1.0"))
    if scale in theme.SCALES and scale != "1.0" and "QT_SCALE_FACTOR" not in os.environ:
        os.environ["QT_SCALE_FACTOR"] = scale


def _furnish(app: QApplication) -> None:
    """The window's drawing in the task bar, and Qt's own words (context menus, the print dialog) in Chinese."""
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator  # here, for the enums of QLocale alone take a tenth of the first frame's time
    from PySide6.QtGui import QIcon

    gc.freeze()  # and is never looked through again: full collections get shorter
    rounds.release()
    app.setWindowIcon(QIcon(f"{theme.ICONS}/app.svg"))
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
