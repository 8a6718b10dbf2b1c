"""设置: the office and its people, users of this machine, numbers, display, backups, and what this program is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from jusuo_desktop.actions.session import Session
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.ui import parts
from jusuo_desktop.ui.backup_sheet import BackupSheet
from jusuo_desktop.ui.contents_sheet import ContentsSheet
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.printer_sheet import PrinterSheet
from jusuo_desktop.ui.settings_cards import DEFAULT_MINUTES, DisplaySheet, NumbersSheet, PassphraseSheet, Sheet, UsersSheet
from jusuo_desktop.ui.theme import button, hint
from jusuo_desktop.ui.workspace import LOCK_SETTING
from jusuo_desktop.wire.scope import OFFICE

TWO_COLUMNS: Final = 1000
REFERENCE: Final = (
    ("village", "村（社区）"),
    ("mediation_committee", "人民调解委员会"),
    ("worker", "工作人员"),
)
PHRASES: Final = "phrase"
DIRECTOR: Final = "director"
SET_BY_COUNTY: Final = (("county_parameter", "期限与频次"), ("calendar_year", "放假安排"), ("subsidy_class", "以案定补档次"), (PHRASES, "常用语"))


@dataclass(frozen=True)
class Settings:
    """What the page shows of the store."""

    office_id: str
    office: str
    counts: dict[str, int]
    patterns: dict[str, str]
    minutes: int
    calendar: str


def read_settings(session: Session) -> Settings:
    """Read from the store; for the background."""
    from jusuo_desktop.actions.number import PATTERNS, office_of
    from jusuo_desktop.actions.office_rules import office_rules

    store = session.store
    years = sorted(office_rules(session).calendar.years)
    office = office_of(session)
    return Settings(
        office.id if office else "",
        str(office.values.get("name", "")) if office else "",
        {kind: store.count(ListQuery(kind)) for kind, _ in (*REFERENCE, *SET_BY_COUNTY)},
        dict(store.get(PATTERNS, {})),
        int(store.get(LOCK_SETTING, DEFAULT_MINUTES)),
        f"放假安排已有 {years[0]}—{years[-1]} 年，新一年的通知公布后在“放假安排”里登记；期限没有登记的按国家规定。",
    )


class SettingsPage(Page):
    """Two columns of sheets; each tells in place what it did."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "设置")
        self._office_id = ""
        self.office = Sheet("单位与人员")
        self.office_button = button("本所资料")
        self.office_button.clicked.connect(self._open_office)
        self._lists: dict[str, QPushButton] = {}
        self.calendar = hint("")
        self.calendar.setWordWrap(True)
        self._lay_office()
        self.users, self.passphrase = UsersSheet(desk), PassphraseSheet(desk)
        self.numbers, self.display, self.backup = NumbersSheet(desk), DisplaySheet(desk), BackupSheet(desk)
        self.contents = ContentsSheet(desk)
        self.printer = PrinterSheet(desk)
        self.about = Sheet("关于")
        self._lay_about()
        columns = self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        columns.setSpacing(10)
        for sheets in (
            (self.office, self.backup, self.display, self.printer, self.about),
            (self.users, self.passphrase, self.numbers, self.contents),
        ):
            column = QVBoxLayout()
            column.setSpacing(10)
            for sheet in sheets:
                column.addWidget(sheet)
            column.addStretch(1)
            columns.addLayout(column, 1)
        inside = QWidget()
        inside.setLayout(columns)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)
        desk.changed.connect(lambda _: self.shown() if self.isVisible() else None)

    def shown(self) -> None:
        session = self.desk.session
        self.desk.background.run(self, lambda _reins: read_settings(session), done=self._fill, key="settings")
        self.contents.read()
        self.printer.read()

    def first_field(self) -> QWidget:
        return self.office_button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < TWO_COLUMNS
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def _lay_office(self) -> None:
        self.office.inside.addLayout(self._links(self.office_button, REFERENCE))
        self.office.inside.addLayout(self._links(None, SET_BY_COUNTY))
        self.office.inside.addWidget(self.calendar)
        bring = button("从电子表格导入台账…", flat=True)
        bring.clicked.connect(lambda: self.desk.show_page(parts.import_page(self.desk)))
        forms = button("表格模板…", flat=True)
        forms.clicked.connect(lambda: self.desk.show_page(parts.forms_page(self.desk)))
        line = QHBoxLayout()
        line.addWidget(bring)
        line.addWidget(forms)
        self.release = button("给锁定的电脑开解锁码…", flat=True)
        self.release.clicked.connect(self._open_release)
        store = self.desk.session.store
        self.release.setVisible(store.user.role == DIRECTOR and len(store.scope) <= OFFICE)
        line.addWidget(self.release)
        line.addStretch(1)
        self.office.inside.addLayout(line)
        self.office.end()

    def _open_release(self) -> None:
        from jusuo_desktop.ui.release_page import ReleasePage

        self.desk.show_page(ReleasePage(self.desk))

    def _links(self, first: QWidget | None, kinds: tuple[tuple[str, str], ...]) -> QHBoxLayout:
        line = QHBoxLayout()
        if first is not None:
            line.addWidget(first)
        for kind, said in kinds:
            made = button(said)
            made.clicked.connect(partial(self._open_list, kind))
            self._lists[kind] = made
            line.addWidget(made)
        line.addStretch(1)
        return line

    def _open_list(self, kind: str) -> None:
        """An office without paragraphs of its own, set up by an older program, gets the samples first."""
        session = self.desk.session
        if kind != PHRASES:
            self.desk.open_list(kind)
            return

        def work(_reins: object) -> None:
            from jusuo_desktop.actions.phrases import install_phrases

            if not session.store.count(ListQuery(PHRASES, include_voided=True)):
                install_phrases(session)

        self.desk.background.run(self, work, done=lambda _: self.desk.open_list(PHRASES), key="list")

    def _lay_about(self) -> None:
        from jusuo_desktop.ui.about_page import AboutPage, program_line

        self.about.inside.addWidget(QLabel(program_line()))
        self.about.inside.addWidget(hint(f"数据位置：{self.desk.session.store.folder}"))
        more = button("第三方组件与许可证", flat=True)
        more.clicked.connect(lambda: self.desk.show_page(AboutPage(self.desk)))
        self.about.inside.addWidget(more)
        self.about.end()

    def _fill(self, now: Settings) -> None:
        self._office_id = now.office_id
        self.office_button.setText(f"本所资料（{now.office}）" if now.office else "本所资料")
        self.office_button.setEnabled(bool(now.office_id))
        self.calendar.setText(now.calendar)
        for kind, said in (*REFERENCE, *SET_BY_COUNTY):
            self._lists[kind].setText(f"{said} {now.counts[kind]:,}")
        self.numbers.fill(now.patterns)
        self.display.fill(now.minutes, getattr(self.window(), "memory", None))

    def _open_office(self) -> None:
        if self._office_id:
            self.desk.open_record("judicial_office", self._office_id)
