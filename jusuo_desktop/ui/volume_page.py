"""卷宗: what a case's volume consists of and lacks at the left, the volume itself at the right; mended, bound and printed by keys alone."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from jusuo_desktop.actions.bind_volume import Volume, bind_volume, prints_lacking, volume_printed
from jusuo_desktop.actions.print_form import printed
from jusuo_desktop.actions.volume import volume_state
from jusuo_desktop.actions.volume_note import account_for, choose_retention
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.volume import LOST, UNPRINTED, Lack, VolumeState
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync.progress import Reins
from jusuo_desktop.ui.background import Task
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.line_list import Line, LineList
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.pages_view import PagesView
from jusuo_desktop.ui.past_prints_page import PastPrintsPage
from jusuo_desktop.ui.print_choices import PRINTER
from jusuo_desktop.ui.printer import Order, send
from jusuo_desktop.ui.theme import AMBER_INK, RED, button, hint, label
from jusuo_desktop.ui.void_bar import VoidBar
from jusuo_desktop.ui.volume_rows import VolumeRows

PRINT, STOP = "打印整卷  F8", "停止  F8"
LEFT_SHARE, RIGHT_SHARE = 11, 12
ATTACHMENT: Final = "attachment"
MOST_LACKS_SHOWN: Final = 5


class VolumePage(Page):
    """The volume of one record. `volume` is what is bound, None while that is under way."""

    def __init__(self, desk: Desk, record_id: str) -> None:
        super().__init__(desk, "卷宗")
        self.record_id = record_id
        self.state: VolumeState | None = None
        self.volume: Volume | None = None
        self._binding: Task | None = None
        self._printing: Task | None = None
        self._stale = False
        self.said = label("", "section")
        self.said.setWordWrap(True)
        self.retention = button("", flat=True)
        self.retention.clicked.connect(self.take_proposal)
        self.lacks = LineList(2, 0, "该有的都在")
        self.rows = VolumeRows()
        self.rows.chosen.connect(self._show_paper)
        self.rows.wanted.connect(self._open_line)
        self.note_bar = VoidBar("为什么缺少这份材料（写进卷宗情况说明）：", "例如：当事人拒绝提供", ("写明", "不写"))
        self.note_bar.confirmed.connect(self.account)
        self.view = PagesView(desk.background)
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view.moved.connect(self._say_place)
        self.place = label("", "hint")
        self.trouble = label("", "problem")
        self.trouble.setWordWrap(True)
        self._lay_out()
        desk.changed.connect(self._on_changed)
        self.read()

    def _lay_out(self) -> None:
        self.title_label.setMinimumWidth(1)
        self.header.addWidget(self.place)
        self.spine_button = self.add_act("脊背标签", self._print_spine, "Alt+B")
        self.past_button = self.add_act("打过的纸", self._show_past, "Alt+H", hint="每一次打印的原样，可以原样再打")
        self.archive_button = self.add_act("移交清单", self._show_archive, "Alt+Y", hint="一年归档的卷宗，到期待鉴定的卷宗")
        self.note_button = self.add_act("写明缺件", self._ask_note, "Alt+Q", hint="选中一项，写明为什么缺少，记入卷宗情况说明")
        self.lacking_button = self.add_act("补打", self.print_lacking, "F7", hint="把没有打印过的文书一次打印出来签字")
        self.keep_button = self.add_act("存卷", self.keep, "Ctrl+S", hint="不打印，把这一本加密存好，以后原样再打")
        self.print_button = self.add_act("打印整卷", self.print_out, "F8", primary=True)
        for keys, act in (
            ("Ctrl+-", lambda: self.view.zoom(-1)),
            ("Ctrl+=", lambda: self.view.zoom(1)),
            ("Ctrl+9", lambda: self.view.fit(page=True)),
        ):
            self.add_keys(keys, act)
        self.add_keys("Ctrl+0", self.view.fit)
        self.add_keys("Alt+K", self.take_proposal)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(self.said)
        left.addWidget(self.retention)
        left.addWidget(self.lacks)
        left.addWidget(self.rows, 1)
        left.addWidget(hint("Enter 到补的地方（打印、扫描、填写）；换行看右边的页。"))
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.trouble)
        right.addWidget(self.view, 1)
        across = QHBoxLayout()
        across.setSpacing(10)
        across.addLayout(left, LEFT_SHARE)
        across.addLayout(right, RIGHT_SHARE)
        self.body.addWidget(self.note_bar)
        self.body.addLayout(across, 1)
        self.trouble.hide()
        self._tell_acts()

    def first_field(self) -> QWidget:
        return self.lacks if self.state is not None and self.state.lacks else self.rows

    def shown(self) -> None:
        if self._stale:
            self.read()

    @property
    def ready(self) -> bool:
        """Whether the volume is bound and shown."""
        return self.volume is not None

    # -- reading and binding -------------------------------------------------------

    def read(self) -> None:
        """Looks again at what is there, then binds, both in the background."""
        self._stale = False
        session, record_id = self.desk.session, self.record_id
        self.desk.background.run(self, lambda _: volume_state(session, record_id), done=self._show_state, refused=self._refuse, key="state")

    def _show_state(self, state: VolumeState) -> None:
        first = self.state is None
        self.state, self.volume = state, None
        self._fill()
        if first and self.isVisible():
            self.first_field().setFocus()
        session, record_id = self.desk.session, self.record_id

        def work(reins: Reins) -> tuple[Volume, PagePictures] | None:
            volume = bind_volume(session, record_id, reins.stopped, reins.tell)  # type: ignore[arg-type]
            return (volume, PagePictures(volume.pdf, scans_in_colour=True)) if volume is not None else None

        self._binding = self.desk.background.run(
            self, work, done=self._show_volume, refused=self._refuse, progress=lambda said: self.said.setText(str(said)), key="bind"
        )

    def _show_volume(self, made: tuple[Volume, PagePictures] | None) -> None:
        if made is None:
            return
        self.volume, pages = made
        self.state = self.volume.state
        self.trouble.hide()
        self.view.setVisible(True)
        self.view.show_pages(pages)
        self._fill()

    def _refuse(self, refused: Refused) -> None:
        self.trouble.setText(refused.message)
        self.trouble.show()
        self.view.setVisible(False)
        self.volume = None
        self._fill()

    def _fill(self) -> None:
        state, volume = self.state, self.volume
        if state is not None:
            if volume is not None:
                called = volume.title.split("　", 1)[-1]
                self.set_title(f"卷宗　{called}")
                self.title_label.setToolTip(called)
            self.lacks.fill([self._line(lack) for lack in state.lacks])
            shown = min(max(len(state.lacks), 1), MOST_LACKS_SHOWN)
            self.lacks.setFixedHeight(shown * max(self.lacks.sizeHintForRow(0), 27) + 4)
            self.rows.fill(state, volume.numbers if volume is not None else ())
            self.said.setText(self._summary(state))
            if state.proposal is not None:
                named = code_list("retention_period").label_of(state.proposal.code)
                self.retention.setText(f"保管期限建议{named}：{state.proposal.because}。采用  Alt+K")
        self.retention.setVisible(state is not None and state.proposal is not None)
        self._tell_acts()

    def _line(self, lack: Lack) -> Line:
        return Line((lack.said, lack.source), partial(self.mend, lack), RED if lack.must else AMBER_INK)

    def _summary(self, state: VolumeState) -> str:
        must, unprinted = sum(lack.must for lack in state.lacks), self._unprinted(state)
        parts = [f"缺{must}项必须的" if must else "必须的都在"]
        parts += [f"{unprinted}份没有打印过"] if unprinted else []
        parts += [f"共{self.volume.pages}面" if self.volume is not None else "正在装订…"]
        return "，".join(parts)

    def _unprinted(self, state: VolumeState) -> int:
        return sum(p.state in (UNPRINTED, LOST) and not p.attachment for p in state.papers)

    def _tell_acts(self) -> None:
        state, volume = self.state, self.volume
        busy = self._printing is not None and self._printing.running
        self.print_button.setText(STOP if busy else PRINT)
        self.print_button.setEnabled(volume is not None or busy)
        self.keep_button.setEnabled(volume is not None and not busy)
        self.lacking_button.setEnabled(state is not None and bool(self._unprinted(state)) and not busy)
        self.note_button.setEnabled(state is not None)
        self.spine_button.setVisible(state is not None and bool(state.plan.spine))

    def _on_changed(self, ids: frozenset[str]) -> None:
        if ids:
            self._stale = True
            if self.isVisible():
                self.read()

    # -- going where it is mended ----------------------------------------------------

    def _show_paper(self, place: int) -> None:
        if self.volume is not None and 0 <= place < len(self.volume.starts):
            self.view.go_to(self.volume.starts[place])

    def _say_place(self, page: int, pages: int) -> None:
        self.place.setText(f"第{page}面 共{pages}面" if pages else "")

    def _open_line(self, row: int, place: int) -> None:
        state = self.state
        if state is None:
            return
        if place >= 0:
            paper = state.papers[place]
            if paper.attachment:
                self.desk.open_record(ATTACHMENT, paper.record_id)
            else:
                self.mend(Lack(row, "", form=paper.form, record_id=paper.record_id))
            return
        lack = next((one for one in state.lacks if one.row == row), None)
        form = next((f.form for f in state.plan.rows[row - 1].fillings if f.form and f.offered), "")
        self.mend(lack or Lack(row, "", form=form, record_id=self.record_id))

    def mend(self, lack: Lack) -> None:
        """Goes where a lack is mended: to the paper, to be printed, or to the record that a scan is added to."""
        if lack.form:
            self.desk.preview(lack.form, lack.record_id)
            return
        session, record_id = self.desk.session, lack.record_id or self.record_id

        def owner(_: Reins) -> tuple[str, str]:
            record = session.store.record(record_id)
            if record is not None and record.kind == ATTACHMENT:
                record = session.store.record(record.parent_id)
            return (record.kind, record.id) if record is not None else ("", "")

        self.desk.background.run(self, owner, done=lambda found: self.desk.open_record(*found) if found[0] else None)

    def _ask_note(self) -> None:
        if self.lacks.hasFocus() and self.state is not None and (lack := self._lack_in_front()) is not None:
            self.rows.choose_row(lack.row)
        self.note_bar.reason.clear()
        self.note_bar.ask()

    def _lack_in_front(self) -> Lack | None:
        place = self.lacks.indexOfTopLevelItem(self.lacks.currentItem())
        return self.state.lacks[place] if self.state is not None and 0 <= place < len(self.state.lacks) else None

    def account(self, reason: str) -> None:
        """Writes into the dossier note why the row in front lacks a paper."""
        session, record_id, row = self.desk.session, self.record_id, self.rows.current_row()
        if not row:
            return

        def done(_: object) -> None:
            self.note_bar.hide()
            self.desk.say("已写进卷宗情况说明。")
            self.rows.setFocus()

        self.desk.background.run(self, lambda _: account_for(session, record_id, row, reason), done=done)

    def take_proposal(self) -> None:
        """Chooses the retention class that is proposed; another one is chosen on the case's own page."""
        proposal, session, record_id = self.state.proposal if self.state is not None else None, self.desk.session, self.record_id
        if proposal is not None:
            self.desk.background.run(
                self, lambda _: choose_retention(session, record_id, proposal.code), done=lambda _: self.desk.say("已填写保管期限。")
            )

    def _show_past(self) -> None:
        self.desk.show_page(PastPrintsPage(self.desk, self.record_id))

    def _show_archive(self) -> None:
        from jusuo_desktop.ui.archive_page import ArchivePage

        self.desk.show_page(ArchivePage(self.desk))

    def _print_spine(self) -> None:
        if self.state is not None and self.state.plan.spine:
            self.desk.preview(self.state.plan.spine, self.record_id)

    # -- onto paper --------------------------------------------------------------------

    def print_out(self, order: Order | None = None) -> None:
        """Prints the whole volume in one run, as it is shown, and keeps it. While it prints, stops between two sheets."""
        if self._printing is not None and self._printing.running:
            self._printing.cancel()
            return
        volume, session = self.volume, self.desk.session
        if volume is None:
            return

        def work(reins: Reins) -> bool:
            chosen = order or Order(str(session.store.get(PRINTER, "")), title=volume.title, duplex=volume.double_sided)
            done = send(PagePictures(volume.pdf, scans_in_colour=True), chosen, reins.stopped, reins.tell)
            if done:
                volume_printed(session, volume)
            return done

        self._run(work, "整卷已送到打印机，并已存好。", "已停止打印，没有记为打印过。")

    def keep(self) -> None:
        """Puts the volume away without printing it."""
        volume, session = self.volume, self.desk.session
        if volume is None:
            return

        def work(_: Reins) -> bool:
            volume_printed(session, volume)
            return True

        self._run(work, "这一本卷宗已加密存好，在“打过的纸”里可以原样再打。", "")

    def print_lacking(self, order: Order | None = None) -> None:
        """Prints everything that was never printed, each in its copies, to be signed."""
        session, record_id = self.desk.session, self.record_id

        def work(reins: Reins) -> bool:
            chosen = order or Order(str(session.store.get(PRINTER, "")))
            for paper in prints_lacking(session, record_id):
                own = Order(chosen.printer, chosen.file, paper.copies, title=paper.title, most_dpi=chosen.most_dpi)
                if not send(PagePictures(paper.pdf), own, reins.stopped, reins.tell):
                    return False
                printed(session, paper)
            return True

        self._run(work, "没有打印过的文书已送到打印机。", "已停止打印，后面的没有打。")

    def _run(self, work: object, said: str, stopped: str) -> None:
        self._printing = self.desk.background.run(
            self,
            work,  # type: ignore[arg-type]
            done=lambda done: self.desk.say(said if done else stopped),
            progress=lambda told: self.desk.say(str(told)),
            ended=self.read,
        )
        self._tell_acts()
