"""To bring in a ledger, in four steps on one page: choose the file, look at its columns, check, import. The window stays alive throughout."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QStackedWidget, QWidget

from jusuo_desktop.actions.import_ledger import ImportReport, dry_run, import_ledger, propose, read_ledger, write_rejected
from jusuo_desktop.actions.import_preview import ShownLine, shown_lines
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.reports.plan import Plan
from jusuo_desktop.store import ListQuery, Refused
from jusuo_desktop.ui.background import Task
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.import_choose import ChooseFile
from jusuo_desktop.ui.import_mapping import Mapping
from jusuo_desktop.ui.import_result import Result
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.theme import ACCENT, QUIET

FOLDER: Final = "import_folder"
"""Setting: where the last ledger came from."""
STEPS: Final = ("1 选择文件", "2 核对各列", "3 检查", "4 导入")
MOST_COMMITTEES: Final = 300


class ImportPage(Page):
    """The wizard. `plan` is what will be done; `report` what the last check or import said."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "导入台账")
        self.plan: Plan | None = None
        self.report: ImportReport | None = None
        self._task: Task | None = None
        self._marks = [QLabel(s) for s in STEPS]
        steps = QHBoxLayout()
        steps.setSpacing(16)
        for mark in self._marks:
            steps.addWidget(mark)
        self.header.insertLayout(1, steps)
        self.header.insertSpacing(1, 18)
        self.file = QLabel("")
        self.file.setStyleSheet(f"color: {QUIET};")
        self.header.addWidget(self.file)
        self.open_button = self.add_act("换一个文件", self._ask_file, "Ctrl+O")
        self.back_button = self.add_act("上一步", self.back, "Alt+Left")
        self.next_button = self.add_act("检查", self.go_on, "Ctrl+Return", primary=True)
        self.add_keys("Ctrl+Enter", self.next_button.click)
        store = desk.session.store
        committees = store.rows(store.keys(ListQuery("mediation_committee", descending=False), MOST_COMMITTEES))
        self.choose = ChooseFile(lambda: str(store.get(FOLDER, str(Path.home()))))
        self.choose.chosen.connect(self.open_file)
        self.mapping = Mapping([str(r.values.get("name", "")) for r in committees])
        self.mapping.changed.connect(self._plan_changed)
        self.mapping.kind_wanted.connect(self._read_as)
        self.result = Result()
        self.result.cancel_button.clicked.connect(self._stop)
        self.result.save_button.clicked.connect(self._ask_where)
        self.add_keys("Ctrl+S", lambda: self.result.save_button.click() if self.result.save_button.isVisible() else None)
        self.stack = QStackedWidget()
        for part in (self.choose, self.mapping, self.result):
            self.stack.addWidget(part)
        self.body.addWidget(self.stack, 1)
        self._step(0)

    # -- the steps ---------------------------------------------------------

    @property
    def step(self) -> int:
        """0 choose, 1 columns, 2 checked, 3 importing or imported."""
        return self._at

    def _step(self, at: int) -> None:
        self._at = at
        for number, mark in enumerate(self._marks):
            mark.setStyleSheet(f"color: {ACCENT}; font-weight: 600;" if number == at else f"color: {QUIET};")
        self.stack.setCurrentIndex(min(at, 2))
        working = self._task is not None and self._task.running
        self.open_button.setVisible(at > 0)
        self.open_button.setEnabled(not working)
        self.back_button.setVisible(at in (2, 3))
        self.back_button.setEnabled(not working)
        ready = at == 1 or (at == 2 and self.report is not None and self.report.added + self.report.completed > 0)
        self.next_button.setVisible(at in (1, 2, 3))
        self.next_button.setText({1: "检查  Ctrl+Enter", 2: "开始导入  Ctrl+Enter", 3: "打开列表  Ctrl+Enter"}.get(at, ""))
        self.next_button.setEnabled((ready or at == 3) and not working)

    def first_field(self) -> QWidget | None:
        if self._at == 0:
            return self.choose.open_button
        return (self.mapping.first_field() if self._at == 1 else None) or self.next_button

    def may_close(self) -> bool:
        if self._at == 3 and self._task is not None and self._task.running:
            self.desk.refuse("正在导入。请等它结束，或者先按“停止”。")
            return False
        return True

    def back(self) -> None:
        """One step back: to the columns."""
        if self.plan is not None and not self._working:
            self._step(1)
            self._preview()

    def go_on(self) -> None:
        """One step on."""
        if self._working or self.plan is None:
            return
        if self._at == 1:
            self._check(self.plan)
        elif self._at == 2:
            self._import(self.plan)
        elif self._at == 3:
            kind = self.plan.kind
            self.closed.emit()
            self.desk.open_list(kind)

    @property
    def _working(self) -> bool:
        return self._task is not None and self._task.running

    # -- the file ----------------------------------------------------------

    def _ask_file(self) -> None:
        if not self._working:
            self.choose.ask()

    def open_file(self, path: Path) -> None:
        """Reads a ledger in the background and proposes what it holds."""
        if self._working:
            return
        session = self.desk.session
        self.choose.waiting.setText(f"正在读取“{path.name}”…")

        def read(_: object) -> Plan:
            ledger = read_ledger(path)
            session.store.set(FOLDER, str(path.parent))
            return propose(session, ledger)

        self._task = self.desk.background.run(self, read, done=self._opened, ended=lambda: self.choose.waiting.setText(""))

    def _opened(self, plan: Plan) -> None:
        self.file.setText(plan.ledger.path.name)
        self.report = None
        self._step(1)
        self._plan_changed(plan)
        (self.mapping.first_field() or self.next_button).setFocus()

    def _read_as(self, kind: str) -> None:
        if self.plan is not None:
            session, ledger = self.desk.session, self.plan.ledger
            self.desk.background.run(self, lambda _: propose(session, ledger, kind), done=self._plan_changed, key="propose")

    def _plan_changed(self, plan: Plan) -> None:
        self.plan = plan
        self.report = None
        self.mapping.show_plan(plan)
        self._preview()

    def _preview(self) -> None:
        if self.plan is not None:
            session, plan = self.desk.session, self.plan
            self.desk.background.run(self, lambda _: shown_lines(session, plan), done=self._previewed, key="preview")

    def _previewed(self, lines: list[ShownLine]) -> None:
        self.mapping.show_lines(lines)

    # -- check and import --------------------------------------------------

    def _check(self, plan: Plan) -> None:
        session = self.desk.session
        self.result.show_nothing("正在检查，还没有写入…")
        self.result.show_working("正在检查…")
        self._task = self.desk.background.run(
            self,
            lambda reins: dry_run(session, plan, reins=reins),
            done=self._checked,
            refused=self._refused,
            progress=self.result.show_progress,
            ended=self._ended,
        )
        self._step(2)

    def _checked(self, report: ImportReport | None) -> None:
        if report is None or report.stopped:
            self._step(1)
            return
        self._show(report)

    def _import(self, plan: Plan) -> None:
        session = self.desk.session
        self.result.show_nothing("正在导入，可以先做别的事…")
        self.result.show_working("正在导入…")
        self._task = self.desk.background.run(
            self,
            lambda reins: import_ledger(session, plan, reins=reins),
            done=self._imported,
            refused=self._refused,
            progress=self.result.show_progress,
            ended=self._ended,
        )
        self._step(3)

    def _imported(self, report: ImportReport | None) -> None:
        report = report or ImportReport(stopped=True)  # stopped before it began
        self._show(report)
        self.desk.say(report.line)

    def _show(self, report: ImportReport) -> None:
        self.report = report
        if self.plan is not None:
            self.result.show_report(self.plan.kind, report)

    def _refused(self, refused: Refused) -> None:
        self.desk.refuse(refused)
        self._step(1)

    def _ended(self) -> None:
        self._step(self._at)
        if self._at >= 2:
            (self.next_button if self.next_button.isEnabled() else self.back_button).setFocus()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self.result.stopping()

    # -- the refused rows --------------------------------------------------

    def _ask_where(self) -> None:
        if self.plan is not None:
            proposed = self.plan.ledger.path.with_name(f"{self.plan.ledger.path.stem}（退回）.xlsx")
            path, _ = QFileDialog.getSaveFileName(self, "保存退回的行", str(proposed), "Excel 工作簿 (*.xlsx)")
            if path:
                self.save_refused(Path(path))

    def save_refused(self, path: Path) -> None:
        """Writes the refused rows with their reasons, in the background."""
        if self.plan is None or self.report is None:
            return
        plan, report, label = self.plan, self.report, KINDS[self.plan.kind].label
        self.desk.background.run(
            self,
            lambda _: write_rejected(plan, report, path),
            done=lambda _: self.desk.say(f"退回的{len(report.refused)}行{label}已保存到 {path.name}，改好后再导入。"),
        )
