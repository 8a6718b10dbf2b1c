"""今日: what falls due, what was not finished, what came in today, blank forms. One glance, then the first key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from jusuo_desktop.actions.contact_lock import lock_state, warning
from jusuo_desktop.actions.reminder import Reminder
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.today_work import MAIN_KINDS, reminders
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.drafts import Draft
from jusuo_desktop.store.listing import Filter, ListQuery, ListRow
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.line_list import Line, LineList
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.theme import AMBER_INK, PAPER, QUIET, RED, button, card, label

WEEKDAYS: Final = "一二三四五六日"
MOST_TODAY: Final = 200
SOON_DAYS: Final = 2
LEAST_FORMS: Final = 110
"""Pixels: there are some forty forms, they scroll within their sheet."""
FORMS_MS: Final = 250
"""After the first things to be seen."""


@dataclass(frozen=True)
class Today:
    """What the page shows."""

    due: list[Reminder]
    drafts: list[Draft]
    entered: list[ListRow]
    warning: str


def read_today(session: Session) -> Today:
    """Reads it; for the background."""
    day = session.today().isoformat()
    entered: list[ListRow] = []
    for kind in MAIN_KINDS:
        query = ListQuery(kind, (Filter(KINDS[kind].order, "between", (day, day)),))
        entered += session.store.rows(session.store.keys(query, MOST_TODAY))
    return Today(reminders(session), session.store.drafts(), entered, warning(lock_state(session)))


def read_forms(session: Session) -> list[tuple[str, str]]:
    """The forms that can be printed blank; for the background, and not among the first: it brings all of printing with it."""
    from jusuo_desktop.actions.print_form import offers

    return [(one.form, one.title) for one in offers(session)]


def day_line(day: date) -> str:
    """Today as it is said."""
    return f"{day.year}年{day.month}月{day.day}日  星期{WEEKDAYS[day.weekday()]}"


def ink_of(due_on: str, today: date) -> str:
    """Red when overdue, amber when near."""
    if not due_on:
        return QUIET
    left = (date.fromisoformat(due_on[:10]) - today).days
    return RED if left < 0 else AMBER_INK if left <= SOON_DAYS else ""


class TodayPage(Page):
    """Reads itself anew each time it comes to the front, and when something changed while it is there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "今日")
        self._day = label("", "hint")
        self.header.insertWidget(1, self._day)
        self.due = LineList(3, 1, "没有到期的事。")
        self.drafts = LineList(3, 1, "没有写了一半的内容。")
        self.entered = LineList(3, 1, "今天还没有登记。")
        self._due_head, self._drafts_head, self._entered_head = (label("", "section") for _ in range(3))
        self._forms = QGridLayout()
        self._reading = self._stale = False
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(_sheet(self._drafts_head, self.drafts), 3)
        column.addWidget(_sheet(self._entered_head, self.entered), 4)
        column.addWidget(self._forms_sheet(), 4)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setHandleWidth(8)
        halves.setChildrenCollapsible(False)
        halves.addWidget(_sheet(self._due_head, self.due))
        halves.addWidget(right)
        halves.setStretchFactor(0, 5)
        halves.setStretchFactor(1, 4)
        halves.setSizes([560, 450])
        self.warning = label("", "mark")
        self.warning.hide()
        self.body.addWidget(self.warning)
        self.body.addWidget(halves, 1)
        desk.changed.connect(self._changed)
        QTimer.singleShot(FORMS_MS, self, self._read_forms)

    def shown(self) -> None:
        self._day.setText(day_line(self.desk.session.today()))
        if self._reading:
            self._stale = True  # one reading at a time: a long sync tells of changes many times a second
            return
        self._reading, self._stale = True, False
        session = self.desk.session
        self.desk.background.run(self, lambda _reins: read_today(session), done=self._fill, ended=self._read)

    def first_field(self) -> QWidget:
        return self.due

    def _read(self) -> None:
        self._reading = False
        if self._stale and self.isVisible():
            self.shown()

    def _changed(self, ids: frozenset[str]) -> None:
        if self.isVisible():
            self.shown()

    def _fill(self, now: Today) -> None:
        today = self.desk.session.today()
        self.warning.setText(now.warning)
        self.warning.setVisible(bool(now.warning))
        self._due_head.setText(f"待办  {len(now.due)}" if now.due else "待办")
        self._drafts_head.setText(f"没有写完的  {len(now.drafts)}" if now.drafts else "没有写完的")
        self._entered_head.setText(f"今天登记的  {len(now.entered)}" if now.entered else "今天登记的")
        go = self.desk.open_record
        self.due.fill([Line((KINDS[r.kind].label, r.title, r.said), self._way_to(r), ink_of(r.due_on, today)) for r in now.due])
        self.drafts.fill([Line(_draft_texts(d), partial(self.open_draft, d)) for d in now.drafts])
        self.entered.fill([Line((KINDS[r.kind].label, KINDS[r.kind].title(r.values), ""), partial(go, r.kind, r.id)) for r in now.entered])

    def _way_to(self, one: Reminder) -> Callable[[], object]:
        return partial(self.desk.open_record, one.kind, one.record_id) if one.record_id else partial(self.desk.show_part, one.kind)

    def open_draft(self, draft: Draft) -> None:
        """Goes on writing where it was left."""
        from jusuo_desktop.ui.entry_page import EntryPage

        self.desk.show_page(EntryPage(self.desk, draft.kind, record_id=draft.record_id, draft=draft))

    def _forms_sheet(self) -> QFrame:
        made = card()
        inside = QVBoxLayout(made)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.setSpacing(4)
        inside.addWidget(label("打印空白表格", "section"))
        self._forms.setHorizontalSpacing(4)
        self._forms.setVerticalSpacing(0)
        self._forms.setContentsMargins(0, 0, 0, 0)
        forms = QWidget()
        forms.setLayout(self._forms)
        view = QScrollArea()
        view.setWidget(forms)
        view.setWidgetResizable(True)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setStyleSheet(f"QScrollArea, QScrollArea > QWidget > QWidget {{ background: {PAPER}; }}")
        view.setMinimumHeight(LEAST_FORMS)
        inside.addWidget(view, 1)
        return made

    def _read_forms(self) -> None:
        session = self.desk.session
        self.desk.background.run(self, lambda _reins: read_forms(session), done=self._show_forms)

    def _show_forms(self, forms: list[tuple[str, str]]) -> None:
        for place, (form, title) in enumerate(forms):
            made = button(title, flat=True)
            made.clicked.connect(lambda _=False, f=form: self.desk.preview(f, ""))
            self._forms.addWidget(made, place // 2, place % 2)


def _sheet(head: QLabel, body: QWidget) -> QFrame:
    made = card()
    inside = QVBoxLayout(made)
    inside.setContentsMargins(1, 8, 1, 1)
    inside.setSpacing(4)
    head.setContentsMargins(12, 0, 0, 0)
    inside.addWidget(head)
    inside.addWidget(body, 1)
    return made


def _draft_texts(draft: Draft) -> tuple[str, str, str]:
    at = datetime.fromtimestamp(draft.saved_at / 1000)
    return KINDS[draft.kind].label, _draft_title(draft), f"{at.month}月{at.day}日 {at:%H:%M}"


def _draft_title(draft: Draft) -> str:
    """The first texts of a draft: what the page keeps is its own affair, but people's words are strings."""
    words = [text for text in _strings(draft.content) if len(text.strip()) > 1]
    return "、".join(words)[:60] or ("修改已有记录" if draft.record_id else "新登记")


def _strings(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    if isinstance(content, dict):
        return [text for part in content.values() for text in _strings(part)]
    if isinstance(content, list):
        return [text for part in content for text in _strings(part)]
    return []
