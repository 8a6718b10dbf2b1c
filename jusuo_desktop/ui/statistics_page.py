"""统计: the official tables of a period on one page; every figure leads to its records, what does not add up is said, one key exports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QTabBar, QVBoxLayout, QWidget

from jusuo_desktop.actions.statistics import RULE, Report, export_statistics, statistics
from jusuo_desktop.records.values import yuan
from jusuo_desktop.reports.facts import CLOSED, RULES
from jusuo_desktop.reports.statistics import GROUPINGS, Period, Table, share
from jusuo_desktop.reports.statistics_checks import ERROR, LEVELS, Finding
from jusuo_desktop.reports.statistics_columns import TABLES
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui import parts
from jusuo_desktop.ui.bar_chart import BarChart
from jusuo_desktop.ui.behind_page import BehindPage
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.period_button import PeriodButton
from jusuo_desktop.ui.periods import span_of
from jusuo_desktop.ui.statistics_table import StatisticsModel, StatisticsTable, heading_of
from jusuo_desktop.ui.theme import button, label

TABS: Final = {"mediation": "人民调解", "consultation": "法律咨询", "adviser_visit": "村居法律顾问"}
GATHERING_MS: Final = 600
"""Changes are counted anew when they have settled for so long."""
MOST_FINDINGS: Final = 3


class StatisticsPage(Page):
    """Counting runs in the background; what is on screen stays until the new figures are there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "统计")
        self.report: Report | None = None
        self.name = next(iter(TABLES))
        self.model = StatisticsModel()
        self.model.setParent(self)
        self.table = StatisticsTable(self.model)
        self.chart = BarChart()
        self.period = PeriodButton("统计期间", desk.session.today)
        self.period.set_span(span_of("今年", desk.session.today()))
        self.by, self.rule = QComboBox(), QComboBox()
        self.tabs, self.line = QTabBar(), QLabel()
        self._findings = QVBoxLayout()
        self._stale = True
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(GATHERING_MS)
        self._settle.timeout.connect(self.recount)
        self._build()
        self._connect()

    def _build(self) -> None:
        for key, said in GROUPINGS.items():
            self.by.addItem(said, key)
        for key, said in RULES.items():
            self.rule.addItem(f"按{said}计", key)
        self.rule.setToolTip("一件调解计入哪个期间：由县里确定，印在表下")
        self.header.addWidget(self.period)
        self.header.addWidget(self.by)
        self.header.addWidget(self.rule)
        self.export = self.add_act("导出表格", self.ask_where, "Ctrl+E", hint="三张表导出到一个工作簿，记入审计")
        self.add_act("以案定补", lambda: self.desk.show_page(parts.subsidy_page(self.desk)), "F7", hint="按季度申报、确认、打印发放表")
        for said in TABS.values():
            self.tabs.addTab(said)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        top = QHBoxLayout()
        top.addWidget(self.tabs)
        top.addSpacing(16)
        top.addWidget(self.line, 1)
        self.body.addLayout(top)
        self.body.addWidget(self.table, 3)
        self._findings.setSpacing(0)
        self.body.addLayout(self._findings)
        self.body.addWidget(self.chart, 1)

    def _connect(self) -> None:
        desk = self.desk
        desk.changed.connect(self._changed)
        self.period.changed.connect(self.recount)
        self.by.currentIndexChanged.connect(self.recount)
        self.tabs.currentChanged.connect(lambda place: self.show_tab(list(TABS)[place]))
        self.table.opened.connect(self.open_behind)
        self.table.column_chosen.connect(self._draw)
        self.chart.chosen.connect(lambda place: self.table.setCurrentIndex(self.model.index(place + 1, max(self.table.currentIndex().column(), 0))))
        desk.background.run(self, lambda _reins: str(desk.session.store.get(RULE, CLOSED)), done=self._rule_known)

    # -- counting ------------------------------------------------------------------

    @property
    def wanted(self) -> Period:
        """The chosen stretch of time."""
        first, last = self.period.span
        return Period(first or "", last or "")

    def shown(self) -> None:
        if self._stale:
            self.recount()

    def refresh(self) -> None:
        self.recount()

    def recount(self) -> None:
        """Counts anew; an earlier count that is still under way is dropped."""
        self._stale = False
        self._settle.stop()
        session, period, by, rule = self.desk.session, self.wanted, str(self.by.currentData()), str(self.rule.currentData())
        self.desk.background.run(self, lambda reins: statistics(session, period, by, rule=rule, reins=reins), done=self._counted, key="statistics")

    def _counted(self, report: Report) -> None:
        self.report = report
        self.show_tab(self.name)

    def _changed(self, ids: frozenset[str]) -> None:
        if ids and self.isVisible():
            self._settle.start()
        elif ids:
            self._stale = True

    def _rule_known(self, rule: str) -> None:
        self.rule.setCurrentIndex(max(self.rule.findData(rule), 0))
        self.rule.currentIndexChanged.connect(self._rule_chosen)
        if self.report is not None and self.report.rule != rule:
            self.recount()

    def _rule_chosen(self) -> None:
        store, rule = self.desk.session.store, str(self.rule.currentData())
        self.desk.background.run(self, lambda _reins: store.set(RULE, rule))
        self.recount()

    # -- showing -------------------------------------------------------------------

    @property
    def current(self) -> Table | None:
        """The table in front."""
        return self.report.tables[self.name] if self.report is not None else None

    def show_tab(self, name: str) -> None:
        """Brings a table to the front; the chosen cell of the same table stays."""
        place = self.table.currentIndex()
        kept = (place.row(), place.column()) if name == self.name and place.isValid() else (0, 0)
        self.name = name
        self.rule.setVisible(name == "mediation")
        if self.current is None or self.report is None:
            return
        self.model.show_table(self.current)
        other = self.current.by != self.report.by
        self.line.setText(said_of(self.current) + (f"　（{GROUPINGS[self.current.by]}列出）" if other else ""))
        self._say_findings(self.report.findings[name])
        self.table.setCurrentIndex(self.model.index(min(kept[0], self.model.rowCount() - 1), min(kept[1], self.model.columnCount() - 1)))
        self._draw(self.table.currentIndex().column())

    def _draw(self, place: int) -> None:
        if self.current is None or not 0 <= place < len(self.model.columns):
            return
        column = self.model.columns[place]
        bars = [
            (self.model.label(at), row.cells[place] or 0, str(self.model.index(at, place).data() or ""))
            for at, row in enumerate(self.model.rows)
            if not self.model.is_total(at)
        ]
        chosen = self.table.currentIndex().row()
        said = f"{heading_of(column)} · {GROUPINGS[self.current.by]}" + (f"：{column.why}" if column.why else "")
        self.chart.show_bars(said, bars if column.formula else [], chosen - 1)

    def _say_findings(self, findings: Sequence[Finding]) -> None:
        while self._findings.count():
            old = self._findings.takeAt(0).widget()
            old.hide()
            old.deleteLater()
        if not findings:
            self._findings.addWidget(label("核对：合计与各项相符。", "hint"))
        for finding in findings[:MOST_FINDINGS]:
            self._findings.addWidget(self._finding(finding))
        if len(findings) > MOST_FINDINGS:
            self._findings.addWidget(label(f"另有{len(findings) - MOST_FINDINGS}项，导出的表格里列出。", "hint"))

    def _finding(self, finding: Finding) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(label(f"{LEVELS[finding.level]}：{finding.said}", "problem" if finding.level == ERROR else "doubt"))
        if finding.ids:
            look = button(f"看这{len(finding.ids)}条", flat=True)
            look.clicked.connect(lambda: self._show(f"{LEVELS[finding.level]} {finding.check}", finding.ids))
            line.addWidget(look)
        line.addStretch(1)
        return made

    def first_field(self) -> QWidget:
        return self.table

    # -- going on from here --------------------------------------------------------

    def open_behind(self, row: int, column: int) -> None:
        """Lists the records that a figure counts."""
        if self.report is None or self.current is None:
            return
        chosen = self.model.columns[column]
        if chosen.formula is None:
            self.desk.say(f"“{chosen.label}”：{chosen.why}。")
            return
        key = None if self.model.is_total(row) else self.model.rows[row].key
        ids = self.report.behind(self.name, chosen.name, key)
        if ids:
            self._show(f"{self.model.label(row)} · {chosen.label}（{len(ids)}条）", ids, TABLES[self.name].kind_of(chosen))
        else:
            self.desk.say("这一格没有记录。")

    def _show(self, title: str, ids: Sequence[str], kind: str = "") -> None:
        self.desk.show_page(BehindPage(self.desk, title, kind or TABLES[self.name].kind, ids))

    def ask_where(self) -> None:
        """Asks for a file name, then exports."""
        folder = Path(str(self.desk.session.store.get("export_folder", str(Path.home()))))
        name = f"统计表 {self.wanted.said.replace(' ', '')}.xlsx"
        chosen, _ = QFileDialog.getSaveFileName(self, "导出统计表", str(folder / name), "Excel 工作簿 (*.xlsx)")
        if chosen:
            self.export_to(Path(chosen))

    def export_to(self, path: Path) -> None:
        """Exports the report on screen."""
        report, session = self.report, self.desk.session
        if report is None:
            self.desk.refuse(Refused("还没有统计结果，请稍候再导出。"))
            return

        def work(_reins: object) -> Path:
            export_statistics(session, report, path)
            session.store.set("export_folder", str(path.parent))
            return path

        self.export.setEnabled(False)
        self.desk.background.run(
            self, work, done=lambda p: self.desk.say(f"统计表已导出到 {p}"), ended=lambda: self.export.setEnabled(True), key="export"
        )


def said_of(table: Table) -> str:
    """The headline of a table in one line."""
    cell = table.cell
    match table.form.name:
        case "mediation":
            total, succeeded = cell("cases_total"), cell("cases_succeeded")
            return (
                f"调解 <b>{total:,}</b> 件　成功 <b>{succeeded:,}</b> 件　成功率（成功/总数）<b>{share(succeeded, total)}</b>　"
                f"涉及 <b>{cell('parties_total'):,}</b> 人　协议金额 <b>{yuan(cell('agreement_amount'))}</b> 元"
            )
        case "consultation":
            total, closed, aid = cell("consultations_total"), cell("closed"), cell("applied_for_aid")
            return f"咨询 <b>{total:,}</b> 件　已办结 <b>{closed:,}</b> 件　申请法律援助 <b>{aid:,}</b> 件"
        case _:
            return f"服务 <b>{cell('visits_total'):,}</b> 次　<b>{cell('hours') / 60:,.1f}</b> 小时　讲座 <b>{cell('lecture_attendance'):,}</b> 人次"
