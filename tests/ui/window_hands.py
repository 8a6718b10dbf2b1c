"""Hands on the whole window: a copy of the office's store, the log-in page in front; closed again whatever happened."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.session import Session
from jusuo_desktop.ui import theme
from jusuo_desktop.ui.main_window import MainWindow
from jusuo_desktop.ui.workspace import Workspace
from tests.ui.conftest import PASSPHRASE
from tests.ui.typing_hands import keys


@contextmanager
def window_on(qtbot: QtBot, store: Path, memory: Path) -> Iterator[MainWindow]:
    """The real window over the store in that folder."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application)
    window = MainWindow(store, QSettings(str(memory / "window.ini"), QSettings.Format.IniFormat))
    broken: list[BaseException] = []
    window.background.broke.connect(broken.append)
    window.begin()
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    try:
        yield window
    finally:
        window.close()
        if window.isVisible():
            window.close()  # the recovery key asks once more
        qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
        window.deleteLater()
    assert not broken, broken


@contextmanager
def window_entered(qtbot: QtBot, session: Session, memory: Path) -> Iterator[Workspace]:
    """The real window over a store that is unlocked already, with the clock that came with it."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application)
    window = MainWindow(session.store.folder, QSettings(str(memory / "window.ini"), QSettings.Format.IniFormat))
    broken: list[BaseException] = []
    window.background.broke.connect(broken.append)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.enter(session)
    workspace = window.workspace
    assert workspace is not None
    workspace.desk.background.broke.connect(broken.append)
    still(qtbot, workspace)
    try:
        yield workspace
    finally:
        window.close()
        qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
        window.deleteLater()
    assert not broken, broken


@contextmanager
def window_on_copy(qtbot: QtBot, office_folder: Path, folder: Path) -> Iterator[MainWindow]:
    """The real window over a copy of the office's store."""
    shutil.copytree(office_folder, folder / "store")
    with window_on(qtbot, folder / "store", folder) as window:
        yield window


def log_in(qtbot: QtBot, window: MainWindow) -> Workspace:
    """By keys: the focus is in the field of the pass phrase."""
    from PySide6.QtCore import Qt

    assert window.login is not None
    qtbot.waitUntil(lambda: not window.login.busy)  # type: ignore[union-attr]
    window.login.passphrase.setFocus()
    keys(PASSPHRASE, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.workspace is not None, timeout=20_000)
    assert window.workspace is not None
    still(qtbot, window.workspace)
    return window.workspace


def still(qtbot: QtBot, workspace: Workspace) -> None:
    """Until nothing is under way."""
    qtbot.waitUntil(lambda: not workspace.desk.background.busy, timeout=20_000)
