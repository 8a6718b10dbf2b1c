"""What it looks like: the real window over the demo's first computer, shown off screen in two sizes, page after page."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import chdir, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

if "PySide6" not in sys.modules:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # no window flashes over what somebody is doing

from PySide6.QtCore import QEvent, QEventLoop, QSettings, Qt, QTimer, qInstallMessageHandler
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from jusuo_desktop.actions.unlock import unlock, user_names
from jusuo_desktop.demo.course import FIRST, LEDGER, PASSPHRASE, PICTURES, Course
from jusuo_desktop.demo.records import identity
from jusuo_desktop.ui import parts, theme
from jusuo_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from jusuo_desktop.ui.workspace import Workspace

SIZES: Final = ((1366, 768), (1920, 1080))
"""The office PC's commonest screen, and the new ones."""
SEARCHED: Final = "sxf"
"""Initials of a party's name; the surname 单 is read shàn."""
NO_STORE: Final = "new-computer"
QUIET_S: Final = 0.3
"""A page is still when nothing has been under way for this long: lists and searches wait a moment before they read."""
PATIENCE_S: Final = 60.0
Show = Callable[["Workspace"], None]


class NotStill(RuntimeError):
    """A page did not come to rest; a bug of ours."""


def take_pictures(course: Course) -> list[Path]:
    """One PNG a page and size, named “today-1366x768.png”."""
    app = QApplication.instance() or QApplication(["jusuo-desktop"])
    assert isinstance(app, QApplication)
    theme.apply(app)
    before = qInstallMessageHandler(_hear)
    folder = course.folder(PICTURES).absolute()
    memory = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    with chdir(course.out):  # the pages name the folder of the data: on a picture it should not be this machine's
        taken = [*_locked(memory, folder), *_unlocked(memory, folder)]
    Path(memory.fileName()).unlink(missing_ok=True)
    qInstallMessageHandler(before)
    return taken


def _hear(kind: object, context: object, said: str) -> None:
    """Qt's warnings, but for the one that the off-screen platform gives at every window."""
    if not said.startswith("This plugin does not support"):
        sys.stderr.write(f"{said}\n")


def _pages() -> dict[str, Show]:
    """The main screens, in the order of the rail; each is shown from whatever was in front before."""
    return {
        "today": partial(_ground, "today"),
        "search": _search,
        "list": partial(_ground, "mediation"),
        "mediation": partial(_record, "mediation"),
        "preview": _preview,
        "consultation": partial(_record, "consultation"),
        "visit": partial(_record, "adviser_visit"),
        "statistics": partial(_ground, "statistics"),
        "sync": partial(_ground, "sync"),
        "settings": partial(_ground, "settings"),
        "import": _import,
    }


def _ground(part: str, workspace: Workspace) -> None:
    workspace.pages.show_part(part)
    workspace.search.clear()
    while workspace.pages.back():
        pass


def _record(kind: str, workspace: Workspace) -> None:
    _ground(kind, workspace)
    workspace.desk.open_record(kind, identity(kind))


def _preview(workspace: Workspace) -> None:
    _record("mediation", workspace)
    _rest(lambda: workspace.desk.background.busy, "mediation")
    workspace.desk.preview("mediation_agreement", identity("agreement"))


def _search(workspace: Workspace) -> None:
    _ground("today", workspace)
    workspace.search.start()
    for letter in SEARCHED:
        QApplication.sendEvent(workspace.search, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))


def _import(workspace: Workspace) -> None:
    _ground("settings", workspace)
    page = parts.import_page(workspace.desk)
    workspace.desk.show_page(page)
    page.open_file(Path(LEDGER))  # type: ignore[attr-defined]


def _locked(memory: QSettings, folder: Path) -> Iterator[Path]:
    for name, store in (("first-run", Path(NO_STORE)), ("login", Path(FIRST))):
        window = _window(store, memory)
        window.begin()
        for size in SIZES:
            window.resize(*size)
            yield _taken(window, folder / f"{name}-{size[0]}x{size[1]}.png", partial(_loading, window))
        window.close()
        window.deleteLater()
        _events()


def _unlocked(memory: QSettings, folder: Path) -> Iterator[Path]:
    session = unlock(Path(FIRST), user_names(Path(FIRST))[0], PASSPHRASE)
    with closing(session.store):
        window = _window(Path(FIRST), memory)
        window.enter(session)
        workspace = window.workspace
        assert workspace is not None
        closed: list[bool] = []
        workspace.closed.connect(lambda: closed.append(True))
        for name, show in _pages().items():
            for size in SIZES:
                window.resize(*size)
                show(workspace)
                yield _taken(window, folder / f"{name}-{size[0]}x{size[1]}.png", partial(_busy, window, workspace))
        window.close()
        _until(lambda: bool(closed), "closing")
        window.deleteLater()
        _events()


def _window(store: Path, memory: QSettings) -> MainWindow:
    window = MainWindow(store, memory)
    window.show()
    window.activateWindow()  # what follows the focus, the search's list among it, is shown in the active window alone
    return window


def _loading(window: MainWindow) -> bool:
    return window.background.busy


def _busy(window: MainWindow, workspace: Workspace) -> bool:
    return window.background.busy or workspace.desk.background.busy


def _taken(window: MainWindow, path: Path, busy: Callable[[], bool]) -> Path:
    _rest(busy, path.stem)
    if not window.grab().save(str(path)):
        raise OSError(f"cannot write {path}")
    return path


def _rest(busy: Callable[[], bool], what: str) -> None:
    """Lets the window live until nothing has been under way for a moment."""
    still = time.monotonic()

    def at_rest() -> bool:
        nonlocal still
        if busy():
            still = time.monotonic()
        return time.monotonic() - still > QUIET_S

    _until(at_rest, what)


def _until(holds: Callable[[], bool], what: str) -> None:
    """Lets the window live until a condition holds."""
    until = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > until:
            raise NotStill(what)
        _events()


def _events() -> None:
    loop = QEventLoop()
    QTimer.singleShot(20, loop.quit)
    loop.exec()
