"""同步: how this machine stands with the county in plain words, what waits and why, what can be done about it; or the form to join."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from jusuo_desktop.actions.queue_reading import Line, lines
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_state import SyncState, clock_line, sync_state
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.store.whereabouts import IN_CONFLICT
from jusuo_desktop.sync.progress import Progress, Stage, SyncReport
from jusuo_desktop.ui.courier_bar import CourierBar
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.enroll_dialog import EnrollForm
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.queue_pane import QueuePane
from jusuo_desktop.ui.status_bar import contact_line
from jusuo_desktop.ui.syncing import Syncing
from jusuo_desktop.ui.theme import button, card, label

FEW_NUMBERS: Final = 10

MOST_SEALED: Final = 8
"""Lines about what was sealed, the newest first."""


class SyncPage(Page):
    """Reads itself anew when it comes to the front, when a sync ended and when the queue changed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "同步")
        self.syncing = Syncing.of(desk)
        self.ledger = self.add_act("导出上报情况表", self._ask_ledger, hint="每条记录报到哪里了，带回执号，存成电子表格")
        self.now = self.add_act("立即同步  F9", self.syncing.begin, primary=True, hint="把没有上报的更改送到县服务器，并取回别人的更改")
        self.stop = self.add_act("停止", self.syncing.stop, hint="在这一批传完后停下，下次从那里继续")
        self.contact, self.outcome, self.standing, self.device = label("", "heading"), label(""), label("", "hint"), label("", "hint")
        self.clock, self.numbers, self.sealed = label("", "doubt"), label("", "hint"), label("", "hint")
        self.bar, self.line = QProgressBar(), label("")
        self.decide = button("", primary=True)
        self.queue, self.courier = QueuePane(), CourierBar(desk)
        self.form = EnrollForm(desk)
        self._enrolled = self._whole()
        self.body.addWidget(self.form)
        self.body.addWidget(self._enrolled, 1)
        self._enrolled.hide()
        self.form.hide()
        self._connect()
        self._running(self.syncing.progress)

    def shown(self) -> None:
        self._read()

    def first_field(self) -> QWidget | None:
        if self.form.isVisible():
            return self.form.url
        return self.queue.table if self.queue.model.rowCount() else self.now

    def _whole(self) -> QWidget:
        whole = QWidget()
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self._standing_card())
        box.addWidget(self.queue, 1)
        return whole

    def _standing_card(self) -> QWidget:
        sheet = card()
        box = QVBoxLayout(sheet)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(6)
        first = QHBoxLayout()
        first.addWidget(self.contact)
        first.addSpacing(16)
        first.addWidget(self.standing, 1)
        first.addWidget(self.decide)
        box.addLayout(first)
        for part in (self.outcome, self.clock, self.numbers, self.sealed):
            part.setWordWrap(True)
            box.addWidget(part)
        running = QHBoxLayout()
        self.bar.setFixedWidth(260)
        running.addWidget(self.bar)
        running.addWidget(self.line, 1)
        box.addLayout(running)
        box.addWidget(self.courier)
        box.addWidget(self.device)
        return sheet

    def _connect(self) -> None:
        self.syncing.began.connect(lambda: self._running(Progress(Stage.STARTING)))
        self.syncing.told.connect(self._running)
        self.syncing.ended.connect(self._ended)
        self.desk.changed.connect(lambda _: self._read() if self.isVisible() else None)
        self.decide.clicked.connect(lambda: self._decide(""))
        self.queue.decide_wanted.connect(self._decide)
        self.queue.receipt_wanted.connect(lambda _: self.courier.print_receipt())
        self.queue.lines_wanted.connect(self._read_lines)
        self.queue.opened.connect(lambda kind, record_id, _: self.desk.open_record(kind, record_id))
        self.queue.retried.connect(self._retry)
        self.queue.given_up.connect(self._give_up)
        self.form.enrolled.connect(self._joined)
        self.courier.done.connect(self._read)

    # -- what is shown -----------------------------------------------------------

    def _read(self) -> None:
        session = self.desk.session
        self.desk.background.run(self, lambda _reins: sync_state(session), done=self._show, key="state")

    def _show(self, state: SyncState) -> None:
        joining = not state.enrolled or state.shut_out
        fresh = joining and not self.form.isVisible()
        parts = ((self.form, joining), (self._enrolled, state.enrolled))
        for part, here in sorted(parts, key=lambda one: one[1]):  # what goes goes first, or the window grows for both
            part.setVisible(here)
        self.now.setVisible(state.enrolled and not state.shut_out)
        self.courier.setVisible(not state.shut_out)
        self.ledger.setVisible(state.enrolled)
        if fresh and state.shut_out:
            self.form.join_again(state.url)
        elif fresh:
            self.form.url.setFocus()
        self.contact.setText(contact_line(state.last_contact, self.desk.session.clock()))
        self.outcome.setText(state.last_outcome)
        self.outcome.setVisible(bool(state.last_outcome))
        self.standing.setText(standing_line(state))
        self.device.setText(f"县服务器 {state.url}　　本机编号 {state.device_id}　　范围 {state.scope}")
        open_conflicts = next((group.count for group in state.groups if group.state == IN_CONFLICT), 0)
        self.decide.setText(f"决定分歧（{open_conflicts}）")
        self.decide.setVisible(open_conflicts > 0)
        self.clock.setText(clock_line(state.clock_offset))
        self.clock.setVisible(bool(self.clock.text()))
        self.numbers.setText(numbers_line(state))
        self.numbers.setVisible(bool(self.numbers.text()))
        self.sealed.setText("\n".join(state.sealed[:MOST_SEALED]))
        self.sealed.setVisible(bool(state.sealed))
        self.sealed.setText(state.sealed[0] if state.sealed else "")
        self.sealed.setToolTip("\n".join(state.sealed))
        self.sealed.setVisible(bool(state.sealed))
        self.queue.fill(state.groups)
        if state.enrolled:
            self.courier.read()

    def _read_lines(self, state: str, after: int, most: int) -> None:
        session = self.desk.session

        def done(found: list[Line]) -> None:
            self.queue.model.take(state, after, found)

        self.desk.background.run(self, lambda _: lines(session, state, after, most), done=done, key=f"lines/{state}/{after}")

    def _running(self, progress: Progress | None) -> None:
        running = progress is not None
        self.now.setEnabled(not running)
        self.stop.setVisible(running)
        self.bar.setVisible(running)
        self.line.setVisible(running)
        if progress is not None:
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)
            self.bar.setTextVisible(bool(progress.total))
            self.line.setText(progress.line)

    def _ended(self, outcome: SyncReport | Refused | None) -> None:
        self._running(None)
        self._read()

    # -- acts ----------------------------------------------------------------------

    def _joined(self) -> None:
        self.desk.say("本机已在县服务器注册，开始第一次同步。")
        self._read()
        self.syncing.begin()

    def _decide(self, conflict_id: str) -> None:
        from jusuo_desktop.ui.conflict_page import ConflictPage

        self.desk.show_page(ConflictPage(self.desk, conflict_id))

    def _ask_ledger(self) -> None:
        proposed = Path.home() / f"上报情况表{self.desk.session.today():%Y%m%d}.xlsx"
        chosen, _ = QFileDialog.getSaveFileName(self, "导出为电子表格", str(proposed), "电子表格 (*.xlsx)")
        if chosen:
            self.export_ledger(Path(chosen))

    def export_ledger(self, path: Path) -> None:
        """Writes where every record is into a workbook, in the background."""
        session = self.desk.session

        def work(reins: Any) -> int:
            from jusuo_desktop.actions.whereabouts_ledger import export_whereabouts

            return export_whereabouts(session, path, reins=reins)

        self.ledger.setEnabled(False)
        self.desk.background.run(
            self, work, done=lambda count: self.desk.say(f"已导出 {count:,} 条：{path}"), ended=lambda: self.ledger.setEnabled(True), key="ledger"
        )

    def _retry(self, change_id: str) -> None:
        self._act(lambda session: session.store.retry(change_id), lambda _: self.syncing.begin())

    def _give_up(self, change_id: str) -> None:
        self._act(lambda session: session.store.give_up(change_id), lambda _: self.desk.say("已放弃，记录恢复成县里的内容。"))

    def _act(self, act: Callable[[Session], Any], done: Callable[[Any], object]) -> None:
        session = self.desk.session

        def told(outcome: Any) -> None:
            done(outcome)
            self._read()

        self.desk.background.run(self, lambda _reins: act(session), done=told)


def standing_line(state: SyncState) -> str:
    """The queue in one line."""
    if not state.unsent:
        return "本机的内容都已上报。"
    parts = [
        f"{text} {state.counts[name]:,} 项"
        for name, text in (("waiting", "等待上报"), ("held", "暂缓"), ("refused", "被退回、要处理"))
        if state.counts.get(name)
    ]
    return f"未上报 {state.unsent:,} 项：{'，'.join(parts)}。都保存在本机。"


def numbers_line(state: SyncState) -> str:
    """The numbers that are left, by kind of record."""
    if not state.numbers:
        return ""
    if not any(one.left for one in state.numbers):
        return "本机还没有领到号段，同步时自动领取；领到以前不能取编号。"
    parts = [
        f"{one.label} {one.left}" + (f"（{one.owner}只剩 {one.least}）" if one.owner and one.least < FEW_NUMBERS else "") for one in state.numbers
    ]
    return f"本机还能取的编号：{'，'.join(parts)}。"
