"""The window of an unlocked store: rail, search field, pages, amber bar, status line, and the keys that work everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.kind import Record
from jusuo_desktop.ui import parts
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.housekeeping import Housekeeping
from jusuo_desktop.ui.idle_watch import IdleWatch
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.page_stack import PageStack
from jusuo_desktop.ui.rail import Rail
from jusuo_desktop.ui.refusal_bar import RefusalBar
from jusuo_desktop.ui.search_box import SearchBox
from jusuo_desktop.ui.status_bar import StatusBar
from jusuo_desktop.ui.theme import button, label

NARROW_BELOW: Final = 1100
LOCK_MINUTES: Final = 15
LOCK_SETTING: Final = "lock_minutes"
AHEAD_MS: Final = 700
"""After this the list that is opened most is built, so that turning to it takes a frame; it reads nothing until it is seen."""
CLOSING_MS: Final = 50
MOST_CLOSING_MS: Final = 5000
READER: Final = "reader"
NEW: Final = (("F2", "mediation", "登记调解"), ("F3", "consultation", "登记咨询"), ("F4", "adviser_visit", "登记走访"))


class Workspace(QWidget):
    """`lock_wanted`: by the key or because nobody was there. `closed`: the session is closed, the key is gone."""

    lock_wanted = Signal()
    turned_out = Signal(str)
    closed = Signal()

    def __init__(self, session: Session, *, sample: bool = False) -> None:
        super().__init__()
        self.desk = Desk(session, self)
        self.pages = PageStack(parts.makers(self.desk))
        self.rail = Rail(parts.PARTS)
        self.bar = RefusalBar()
        self.search = SearchBox(self.desk, self)
        self.status = StatusBar(self.desk, lockable=not sample)
        self.idle = IdleWatch(self)
        self.housekeeping = Housekeeping(self.desk, self.idle)
        self._build(sample)
        self._connect()
        self._keys()
        self._waited = 0
        self._leaving = False

    def start(self, part: str = "today") -> None:
        """Shows the first page and begins the housekeeping."""
        self.pages.show_part(part)
        self.idle.watch(self.window().windowHandle())
        self.status.refresh()
        self.housekeeping.start()
        self.read_lock_minutes()
        self._read_notice()
        QTimer.singleShot(AHEAD_MS, self, self._build_ahead)

    def _build_ahead(self) -> None:
        if not self._leaving:
            self.pages.ground(parts.LISTS[0])

    def _read_notice(self) -> None:
        """What a restore left to be told stands on the bar until somebody closes it."""
        session = self.desk.session

        def work(_reins: object) -> str:
            from jusuo_desktop.actions.back_up import restored_notice

            return restored_notice(session)

        def done(notice: str) -> None:
            if notice:
                self.bar.tell(notice)
                self.bar.closed.connect(self._notice_read)

        self.desk.background.run(self, work, done=done)

    def _notice_read(self) -> None:
        from jusuo_desktop.actions.back_up import read_notice

        session = self.desk.session
        self.bar.closed.disconnect(self._notice_read)
        self.desk.background.run(self, lambda _reins: read_notice(session))

    def read_lock_minutes(self) -> None:
        """Takes over the setting after how many quiet minutes the window locks."""
        store = self.desk.session.store
        self.desk.background.run(
            self, lambda _reins: int(store.get(LOCK_SETTING, LOCK_MINUTES)), done=lambda minutes: self.idle.set_limit(minutes * 60_000)
        )

    # -- what pages ask for ----------------------------------------------------

    def open_record(self, kind: str, record_id: str) -> None:
        """Opens a record, or brings its page to the front if it is open; an attachment opens as its picture."""
        if kind == "attachment":
            self._open_attachment(record_id)
        elif not self.pages.raise_if(lambda page: getattr(page, "record_id", None) == record_id and getattr(page, "kind", kind) == kind):
            self.pages.lay_over(parts.entry_page(self.desk, kind, record_id))

    def _open_attachment(self, record_id: str) -> None:
        store = self.desk.session.store

        def show(record: Record | None) -> None:
            from jusuo_desktop.ui.attachment_page import AttachmentPage

            if record is None:
                self.desk.refuse("这份附件不在这台电脑上，可能已经移交给别的司法所。")
            else:
                self.pages.lay_over(AttachmentPage(self.desk, record.parent_id, record.id, locked=store.user.role == READER))

        self.desk.background.run(self, lambda _: store.record(record_id), done=show, key="attachment")

    def new_record(self, kind: str, values: object, parent_id: str) -> None:
        """Opens an empty page; a reader is told at once that there is nothing to save it with."""
        if self.desk.session.store.user.role == READER:
            self.desk.refuse("您的角色是“只读”，只能查看，不能登记。需要登记时请用内勤的账号进入。")
            return
        self.pages.lay_over(parts.entry_page(self.desk, kind, "", values or {}, parent_id))  # type: ignore[arg-type]

    def open_list(self, kind: str, filters: tuple) -> None:
        """Goes to the list of a kind, with these filters and no others."""
        if kind in parts.LISTS:
            self.show_part(kind)
            page = self.pages.ground(kind)
        else:
            page = parts.list_page(self.desk, kind)
            self.pages.lay_over(page)
        page.set_filters(filters)  # type: ignore[attr-defined]

    def show_part(self, part: str) -> None:
        """Brings a part of the rail to the front; asked again, goes down to its ground page if all that lies over it may close."""
        if part != self.pages.part:
            self.pages.show_part(part)
            return
        while self.pages.laid_over and self.pages.back():
            pass

    def lay_over(self, page: Page) -> None:
        """Lays a page over the one in front; if another already writes on the same draft, that one comes to the front instead."""
        draft = _draft_of(page)
        if draft and self.pages.raise_if(lambda other: _draft_of(other) == draft):
            page.deleteLater()
        else:
            self.pages.lay_over(page)

    def preview(self, form: str, record_id: str) -> None:
        """Opens a print preview."""
        self.pages.lay_over(parts.preview_page(self.desk, form, record_id))

    # -- leaving ---------------------------------------------------------------

    def close_down(self) -> None:
        """Lets every page keep what is typed, then closes desk and store; `closed` tells the end. Nothing is asked: drafts are kept."""
        self._leaving = True
        self.idle.stop()
        self.housekeeping.stop()
        for page in self.pages.pages():
            page.may_close()
        QTimer.singleShot(0, self, self._wait)

    def _wait(self) -> None:
        """Drafts are written in the background: they get their time, a long job only until its next safe place."""
        if self.desk.background.busy and self._waited < MOST_CLOSING_MS:
            self._waited += CLOSING_MS
            QTimer.singleShot(CLOSING_MS, self, self._wait)
            return
        self.desk.close()
        self.desk.session.store.close()
        self.closed.emit()

    # -- building --------------------------------------------------------------

    def _build(self, sample: bool) -> None:
        self._back = button("‹ 返回  Esc", flat=True)
        self._trail = label("", "hint")
        top = QFrame()
        top.setProperty("kind", "top")
        line = QHBoxLayout(top)
        line.setContentsMargins(10, 5, 14, 5)
        line.setSpacing(8)
        self.search.setMinimumWidth(220)
        self.search.setMaximumWidth(460)
        for part, stretch in ((self.search, 3), (self._back, 0), (self._trail, 2)):
            line.addWidget(part, stretch)
        line.addStretch(1)
        if sample:
            line.addWidget(label("示例数据", "mark"))
        for key, kind, said in NEW:
            made = button(f"{said}  {key}")
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.clicked.connect(lambda _=False, k=kind: self.new_record(k, {}, ""))
            line.addWidget(made)
        for back in (self._back, self._trail):
            back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        for widget, grow in ((top, 0), (self.bar, 0), (self.pages, 1), (self.status, 0)):
            right.addWidget(widget, grow)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.rail)
        whole.addLayout(right, 1)

    def _connect(self) -> None:
        desk = self.desk
        desk.record_wanted.connect(self.open_record)
        desk.new_record_wanted.connect(self.new_record)
        desk.list_wanted.connect(self.open_list)
        desk.part_wanted.connect(self.pages.show_part)
        desk.page_wanted.connect(self.lay_over)
        desk.preview_wanted.connect(self.preview)
        desk.refused.connect(self.bar.tell)
        self.status.too_long.connect(self.lock_wanted)
        desk.turned_out.connect(self.turned_out, Qt.ConnectionType.QueuedConnection)
        desk.changed.connect(lambda ids: None if ids else self.read_lock_minutes())
        self.rail.chosen.connect(self.show_part)
        self.pages.front_changed.connect(self._front_changed)
        self._back.clicked.connect(self.pages.back)
        self.search.opened.connect(self.open_record)
        self.search.left.connect(self._focus_page)
        self.status.sync_wanted.connect(lambda: self.pages.show_part("sync"))
        self.status.lock_wanted.connect(self.lock_wanted)
        self.housekeeping.working.connect(self.status.show_work)
        self.idle.idle.connect(self.lock_wanted)

    def _keys(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "F1": self._help,
            "F5": self._refresh,
            "F9": self.housekeeping.sync,
            "Ctrl+F": self.search.start,
            "/": self.search.start,
            "Ctrl+L": self.lock_wanted.emit,
            "Esc": self.pages.back,
            **{key: lambda k=kind: self.new_record(k, {}, "") for key, kind, _ in NEW},  # type: ignore[misc]
            **{f"Alt+{n}": lambda p=name: self.show_part(p) for n, (name, _) in enumerate(parts.PARTS, start=1)},  # type: ignore[misc]
        }
        for keys, act in acts.items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda act=act: act())

    def _help(self) -> None:
        from jusuo_desktop.ui.keys_help import KeysHelp

        if not self.pages.raise_if(lambda page: isinstance(page, KeysHelp)):
            self.pages.lay_over(KeysHelp(self.desk))

    def _refresh(self) -> None:
        if self.pages.front is not None:
            self.pages.front.refresh()
        self.status.refresh()

    def _focus_page(self) -> None:
        page = self.pages.front
        if page is not None:
            (page.first_field() or page).setFocus()

    def _front_changed(self) -> None:
        self.rail.show_chosen(self.pages.part)
        self._back.setVisible(self.pages.laid_over > 0)
        under = self.pages.trail[:-1]
        self._trail.setText("  ›  ".join(under[-3:]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rail.set_narrow(self.width() < NARROW_BELOW)
        self.search.found.hide()


def _draft_of(page: Page) -> str:
    return getattr(getattr(page, "keeper", None), "key", "")
