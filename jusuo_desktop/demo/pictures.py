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

from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from jusuo_desktop.actions.unlock import unlock, user_names
from jusuo_desktop.demo.course import FIRST, PASSPHRASE, PICTURES, Course
from jusuo_desktop.demo.records import identity
from jusuo_desktop.ui import theme
from jusuo_desktop.ui.main_window import MainWindow

if TYPE_CHECKING:
    from jusuo_desktop.ui.workspace import Workspace

SIZES: Final = ((1366, 768), (1920, 1080))
"""The office PC's commonest screen, and the new ones."""
NO_STORE: Final = "new-computer"
QUIET_S: Final = 0.3
"""A page is still when nothing has been under way for this long: lists and searches wait a moment before they read."""
PATIENCE_S: Final = 20.0
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
        "today": lambda w: w.pages.show_part("today"),
        "list": lambda w: w.pages.show_part("mediation"),
        "mediation": partial(_record, "mediation"),
        "preview": lambda w: w.desk.preview("mediation_agreement", identity("agreement")),
        "consultation": partial(_record, "consultation"),
        "visit": partial(_record, "adviser_visit"),
        "statistics": lambda w: w.pages.show_part("statistics"),
        "sync": lambda w: w.pages.show_part("sync"),
        "settings": lambda w: w.pages.show_part("settings"),
    }


def _record(kind: str, workspace: Workspace) -> None:
    workspace.pages.show_part(kind)
    workspace.desk.open_record(kind, identity(kind))


def _locked(memory: QSettings, folder: Path) -> Iterator[Path]:
    for name, store in (("first-run", Path(NO_STORE)), ("login", Path(FIRST))):
        window = _window(store, memory)
        window.begin()
        for size in SIZES:
            yield _taken(window, folder / f"{name}-{size[0]}x{size[1]}.png", size, partial(_loading, window))
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
            show(workspace)
            for size in SIZES:
                yield _taken(window, folder / f"{name}-{size[0]}x{size[1]}.png", size, partial(_busy, window, workspace))
        window.close()
        _until(lambda: bool(closed), "closing")
        window.deleteLater()
        _events()


def _window(store: Path, memory: QSettings) -> MainWindow:
    window = MainWindow(store, memory)
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.show()
    return window


def _loading(window: MainWindow) -> bool:
    return window.background.busy


def _busy(window: MainWindow, workspace: Workspace) -> bool:
    return window.background.busy or workspace.desk.background.busy


def _taken(window: MainWindow, path: Path, size: tuple[int, int], busy: Callable[[], bool]) -> Path:
    window.resize(*size)
    still = time.monotonic()

    def at_rest() -> bool:
        nonlocal still
        if busy():
            still = time.monotonic()
        return time.monotonic() - still > QUIET_S

    _until(at_rest, path.stem)
    if not window.grab().save(str(path)):
        raise OSError(f"cannot write {path}")
    return path


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
