"""The one window of the program: log-in, first run or workspace, each in place of the other. Locking closes the store, keys and all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QSettings, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.background import Background
from jusuo_desktop.ui.login import LoginPage

if TYPE_CHECKING:
    from jusuo_desktop.actions.session import Session
    from jusuo_desktop.records.contact_lock import ContactState
    from jusuo_desktop.ui.workspace import Workspace

TITLE: Final = "司法所工作平台"
GEOMETRY: Final = "window/geometry"
LOAD_AHEAD_MS: Final = 100
"""After the first frame: the clerk takes longer to type the first character."""
SMALL_SCREEN: Final = 1440
LEAST: Final = (880, 500)


class MainWindow(QMainWindow):
    """Opens the store in `folder`. `memory` keeps the window's place: nothing personal. `sample` marks the invented office."""

    entered = Signal()
    locked = Signal()
    _crashed = Signal(str)

    def __init__(self, folder: Path, memory: QSettings, *, sample: bool = False) -> None:
        super().__init__()
        self.memory = memory
        self._folder, self._sample = folder, sample
        self._leaving = False
        self._user, self._part = "", "today"
        self.background = Background(self)
        self.background.refused.connect(self._opening_refused)
        self.background.broke.connect(self.broke)
        self.setWindowTitle(TITLE)
        self.setMinimumSize(*LEAST)
        self.resize(1280, 760)
        place = memory.value(GEOMETRY)
        if isinstance(place, QByteArray):
            self.restoreGeometry(place)
        self._crashed.connect(self._tell_crash)

    def show_first(self) -> None:
        """Where it stood last time; the first time as large as a small screen is."""
        screen = self.screen().availableSize()
        if self.memory.value(GEOMETRY) is None and (screen.width() < SMALL_SCREEN or screen.height() < self.height() + 60):
            self.showMaximized()
        else:
            self.show()

    # -- what is in front ------------------------------------------------------

    @property
    def workspace(self) -> Workspace | None:
        """The workspace, None while locked."""
        shown = self.centralWidget()
        return shown if shown is not None and hasattr(shown, "desk") else None  # type: ignore[return-value]

    @property
    def login(self) -> LoginPage | None:
        """The log-in page, None while it is not in front."""
        shown = self.centralWidget()
        return shown if isinstance(shown, LoginPage) else None

    def begin(self) -> None:
        """Shows what comes first: the sample office, the log-in page, or the first-run page where there is no store yet."""
        from jusuo_desktop.store.keys import KEYS_FILE

        if self._sample:
            self._begin_sample()
        elif (self._folder / KEYS_FILE).exists():
            self.show_login()
            QTimer.singleShot(LOAD_AHEAD_MS, self, self._load_ahead)
        else:
            self.show_first_run()

    def show_login(self, said: str = "") -> None:
        """Shows the log-in page."""
        page = LoginPage(self._folder, said, self._user)
        page.wanted.connect(self._unlock)
        page.recovery_wanted.connect(self._recover)
        page.restore_wanted.connect(self._choose_backup)
        self._put(page, page.first_field())

    def show_first_run(self) -> None:
        """Shows the page that sets the office up."""
        from jusuo_desktop.ui.first_run import FirstRunPage

        page = FirstRunPage(self._folder, self.background)
        page.ready.connect(self.enter)
        page.restore_wanted.connect(self._choose_backup)
        self._put(page, page.first_field())

    def _unlocked(self, opened: tuple[Session, ContactState]) -> None:
        session, state = opened
        if state.locked:
            self.show_lock(session, state)
        else:
            self.enter(session)

    def show_lock(self, session: Session, state: ContactState) -> None:
        """Shows what opens a machine that was without contact for too long, and nothing else."""
        from jusuo_desktop.ui.lock_page import LockPage

        self._user = session.store.user.name
        page = LockPage(session, state, self.background)
        page.opened.connect(lambda: self.enter(session))
        page.left.connect(lambda: self._left_lock(session))
        self._put(page, page.first_field())

    def _left_lock(self, session: Session) -> None:
        self.background.run(self, lambda _reins: session.store.close(), done=lambda _: self.show_login())

    def enter(self, session: Session) -> None:
        """Shows the workspace of an unlocked store."""
        from jusuo_desktop.ui.workspace import Workspace

        self._user = session.store.user.name
        made = Workspace(session, sample=self._sample)
        made.desk.background.broke.connect(self.broke)
        made.lock_wanted.connect(self.lock)
        made.turned_out.connect(self.turn_out)
        self._put(made, None)
        self.setWindowTitle(f"{TITLE}（示例数据）" if self._sample else TITLE)
        made.start(self._part)
        self.entered.emit()

    def broke(self, error: BaseException) -> None:
        """An error of ours in the background: to the hook that notes all of them."""
        import sys

        sys.excepthook(type(error), error, error.__traceback__)

    # -- unlocking and locking ---------------------------------------------------

    def _unlock(self, user: str, passphrase: str) -> None:
        folder = self._folder
        self._open(lambda: _unlocked(folder, user, passphrase))

    def _recover(self, key: str, passphrase: str) -> None:
        folder = self._folder
        self._open(lambda: _recovered(folder, key, passphrase))

    def _open(self, work: Callable[[], Session]) -> None:
        self.background.run(self, lambda _reins: _looked_at(work()), done=self._unlocked, refused=self._opening_refused)

    @Slot(object)
    def _opening_refused(self, refused: Refused) -> None:
        shown = self.centralWidget()
        if not hasattr(shown, "refuse"):
            self.show_login()
            shown = self.centralWidget()
        shown.refuse(refused)  # type: ignore[attr-defined]

    def _choose_backup(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        chosen = QFileDialog.getExistingDirectory(self, "选择备份所在的文件夹", str(self._folder))
        if chosen:
            self.restore(Path(chosen))

    def restore(self, backup: Path) -> None:
        """Puts a backup in the place of the store; what was there is set aside untouched."""
        folder = self._folder

        def work(_reins: object) -> Path | None:
            from jusuo_desktop.actions.back_up import restore

            return restore(folder, backup)

        def done(aside: Path | None) -> None:
            kept = f"原来的数据没有删除，放在 {aside}。" if aside else ""
            self.show_login(f"已从备份恢复，请输入口令；如果不对，请用备份那天的口令。{kept}")

        self.background.run(self, work, done=done, refused=self._opening_refused)

    @Slot()
    def lock(self) -> None:
        """Hides everything at once, keeps what is typed as drafts, closes the store; the key leaves the memory with it."""
        self._lock("已锁定。填写了一半的内容已留作草稿，进入后可以继续。")

    @Slot(str)
    def turn_out(self, said: str) -> None:
        """The same because the county says that whoever is signed in may not be any more; `said` is why."""
        self._user = ""
        self._lock(said)

    def _lock(self, said: str) -> None:
        workspace = self.workspace
        if workspace is None or self._sample:
            return
        self._part = workspace.pages.part
        self.takeCentralWidget()
        workspace.setParent(None)
        self.show_login(said)
        assert self.login is not None
        self.login.set_busy(True, "正在保存…")
        workspace.closed.connect(lambda: self._locked(workspace))
        workspace.close_down()

    def _locked(self, workspace: Workspace) -> None:
        workspace.deleteLater()
        if self.login is not None:
            self.login.set_busy(False)
        self.locked.emit()

    # -- the sample office ---------------------------------------------------------

    def _begin_sample(self) -> None:
        from jusuo_desktop.ui.sample_opening import SampleOpening

        page = SampleOpening(self._folder, self.background)
        page.ready.connect(self.enter)
        self._put(page, None)
        page.start()

    # -- errors of ours --------------------------------------------------------------

    def tell_crash(self, said: str) -> None:
        """Tells of an error of ours; from any thread."""
        self._crashed.emit(said)

    @Slot(str)
    def _tell_crash(self, said: str) -> None:
        shown = self.centralWidget()
        if self.workspace is not None:
            self.workspace.bar.tell(said)
        elif hasattr(shown, "refuse"):
            shown.refuse(Refused(said))

    # -- Qt ----------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        self.memory.setValue(GEOMETRY, self.saveGeometry())
        self.memory.sync()
        workspace = self.workspace
        may_leave = getattr(self.centralWidget(), "may_leave", None)
        if may_leave is not None and not may_leave():
            event.ignore()
            return
        if workspace is None or self._leaving:
            self.background.close()
            if (close_store := getattr(self.centralWidget(), "close_store", None)) is not None:
                close_store()
            event.accept()
            return
        self._leaving = True
        event.ignore()
        self.setEnabled(False)
        workspace.closed.connect(self._left)
        workspace.close_down()

    def _left(self) -> None:
        self.takeCentralWidget().deleteLater()
        self.setEnabled(True)
        self.close()

    def _put(self, widget: QWidget, focus: QWidget | None) -> None:
        before = self.takeCentralWidget()
        if before is not None:
            before.deleteLater()
        self.setCentralWidget(widget)
        if focus is not None:
            focus.setFocus()

    def _load_ahead(self) -> None:
        """While the pass phrase is typed, the modules that come next are read."""
        self.background.run(self, lambda _reins: _load())


def _load() -> None:
    import linecache

    import jusuo_desktop.actions.print_form
    import jusuo_desktop.actions.unlock
    import jusuo_desktop.store.opening
    import jusuo_desktop.ui.entry_page
    import jusuo_desktop.ui.list_page
    import jusuo_desktop.ui.today_page
    import jusuo_desktop.ui.workspace  # noqa: F401
    from jusuo_desktop.printing import shipped_forms
    from jusuo_desktop.records.codes import code_list
    from jusuo_desktop.store.pinyin import initials

    code_list("access_role")  # reads all lists
    shipped_forms()
    initials("王")  # loads the dictionary in one piece, which would stop the window for several frames
    linecache.clearcache()  # PySide looks into the source of every module that is imported, and Python keeps it: 14 MB


def _looked_at(session: Session) -> tuple[Session, ContactState]:
    """The session, and whether the machine has been without contact for too long."""
    from jusuo_desktop.actions.contact_lock import lock_state

    try:
        return session, lock_state(session)
    except BaseException:
        session.store.close()
        raise


def _unlocked(folder: Path, user: str, passphrase: str) -> Session:
    from jusuo_desktop.actions.unlock import unlock

    return unlock(folder, user, passphrase)


def _recovered(folder: Path, key: str, passphrase: str) -> Session:
    from jusuo_desktop.actions.unlock import unlock_with_recovery

    return unlock_with_recovery(folder, key, passphrase)
