"""The first run: everything the office needs to begin, on one screen. Refusals stand in place, nothing typed is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from jusuo_desktop.records.divisions import county_name, region_name
from jusuo_desktop.records.identity import place_id
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.background import Background
from jusuo_desktop.ui.login import secret_field
from jusuo_desktop.ui.office_lines import OFFICE_DIGITS, read_office_code, read_villages, strength
from jusuo_desktop.ui.theme import button, card, heading, hint, label

if TYPE_CHECKING:
    from jusuo_desktop.actions.session import Session
    from jusuo_desktop.store.opening import FirstRun
    from jusuo_desktop.ui.recovery_key import RecoveryKeyPage

TOWNSHIP_COMMITTEE = "03"
BODY = "人民调解委员会"


class FirstRunPage(QStackedWidget):
    """`ready` carries the opened session, once the recovery key is on paper. `restore_wanted`: there is a backup of an earlier machine."""

    ready = Signal(object)
    restore_wanted = Signal()

    def __init__(self, folder: Path, background: Background) -> None:
        super().__init__()
        self._folder, self._background = folder, background
        self.code, self.county, self.office, self.short = (QLineEdit() for _ in range(4))
        self.committee, self.user = QLineEdit(), QLineEdit()
        self.passphrase, self.again = secret_field("口令"), secret_field("再输一次")
        self.villages = QPlainTextEdit()
        self.problem = label("", "problem")
        self.problem.setWordWrap(True)
        self.start = button("建立", primary=True)
        self.restore = button("已有备份：从备份恢复…", flat=True)
        self._region, self._strength, self._counted = (label("", "hint") for _ in range(3))
        self.recovery: RecoveryKeyPage | None = None
        self._warned = False
        self._build()
        self._connect()

    def first_field(self) -> QWidget:
        """Where the focus belongs."""
        return self.code

    def may_leave(self) -> bool:
        """Whether the program may be closed: while the key is shown, it asks for it once more."""
        if self.recovery is None or self._warned:
            return True
        self._warned = True
        self.recovery.remind()
        return False

    # -- building ----------------------------------------------------------------

    def _build(self) -> None:
        self.code.setPlaceholderText("9位，例如 330424106")
        self.code.setMaxLength(20)
        self.county.setPlaceholderText("例如 海盐县")
        self.office.setPlaceholderText("例如 西塘司法所")
        self.short.setPlaceholderText("用在文号里，例如 西塘")
        self.committee.setPlaceholderText(f"例如 西塘镇{BODY}（其余的以后在设置里添加）")
        self.villages.setPlaceholderText(
            "一行一个，可以从表格粘贴：\n东村 201\n西塘社区 330424106002\n\n代码写全12位，或只写最后3位。可以以后再添加。"
        )
        self.villages.setTabChangesFocus(True)
        left = QGridLayout()
        left.setHorizontalSpacing(12)
        left.setVerticalSpacing(8)
        rows: list[tuple[str, QWidget, QWidget | None]] = [
            ("区划代码", self.code, self._region), ("县（市、区）", self.county, None), ("司法所名称", self.office, None),
            ("简称", self.short, None), ("人民调解委员会", self.committee, None), ("您的姓名", self.user, None),
            ("口令", self.passphrase, self._strength), ("再输一次", self.again, None),
        ]  # fmt: skip
        row = 0
        for name, field, below in rows:
            left.addWidget(QLabel(name), row, 0)
            left.addWidget(field, row, 1)
            row += 1
            if below is not None:
                left.addWidget(below, row, 1)
                row += 1
        left.setColumnStretch(1, 1)
        left.setRowStretch(row, 1)
        right = QVBoxLayout()
        right.setSpacing(6)
        self._counted.setWordWrap(True)
        right.addWidget(QLabel("村（社区）"))
        right.addWidget(self.villages, 1)
        right.addWidget(self._counted)
        halves = QHBoxLayout()
        halves.setSpacing(24)
        halves.addLayout(left, 5)
        halves.addLayout(right, 4)
        below_all = QHBoxLayout()
        below_all.addWidget(self.restore)
        below_all.addStretch(1)
        below_all.addWidget(self.start)
        sheet = card()
        sheet.setMaximumWidth(940)
        sheet.setMinimumWidth(760)
        inside = QVBoxLayout(sheet)
        inside.setContentsMargins(30, 20, 30, 18)
        inside.setSpacing(11)
        inside.addWidget(heading("第一次使用：建立本所的数据"))
        inside.addWidget(hint("数据加密保存在这台电脑上，不联网也能使用。以后在“同步”里填写县局给的注册码，已经录入的内容会一起上报。"))
        inside.addLayout(halves, 1)
        inside.addWidget(self.problem)
        inside.addLayout(below_all)
        inside.addWidget(hint(f"数据位置：{self._folder}"))
        self.problem.hide()
        form = QWidget()
        outer = QVBoxLayout(form)
        outer.addStretch(1)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(sheet, 8)
        line.addStretch(1)
        outer.addLayout(line, 10)
        outer.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(form)
        self.addWidget(scroll)

    def _connect(self) -> None:
        self.code.textChanged.connect(self._code_typed)
        self.office.textChanged.connect(self._office_typed)
        self.passphrase.textChanged.connect(lambda text: self._strength.setText(strength(text)))
        self.villages.textChanged.connect(self._count_villages)
        self.start.clicked.connect(self._ask)
        self.restore.clicked.connect(self.restore_wanted)
        order = [self.code, self.county, self.office, self.short, self.committee, self.user, self.passphrase, self.again]
        for field, following in zip(order, [*order[1:], self.villages], strict=True):
            field.returnPressed.connect(following.setFocus)

    def _code_typed(self, text: str) -> None:
        digits = "".join(c for c in text if c.isdigit())
        region = region_name(digits[:6]) if len(digits) >= 6 else ""
        self._region.setText(region or ("没有这个县级代码，请核对（也可以继续）" if len(digits) >= 6 else ""))
        known = self.county.property("proposed") or ""
        if region and self.county.text() in ("", known):
            name = county_name(digits)
            self.county.setText(name)
            self.county.setProperty("proposed", name)
        if len(digits) == OFFICE_DIGITS:
            self._count_villages()

    def _office_typed(self, text: str) -> None:
        name = text.strip().removesuffix("司法所")
        for field, proposed in ((self.short, name[:4]), (self.committee, f"{name}{BODY}" if name else "")):
            if field.text() in ("", field.property("proposed") or ""):
                field.setText(proposed)
                field.setProperty("proposed", proposed)

    def _count_villages(self) -> None:
        text = self.villages.toPlainText()
        if not text.strip():
            self._counted.setText("")
            return
        try:
            found = read_villages(text, "".join(c for c in self.code.text() if c.isdigit())[:OFFICE_DIGITS])
        except Refused as refused:
            self._counted.setText(refused.message)
        else:
            self._counted.setText(f"共 {len(found)} 个村（社区）")

    # -- asking --------------------------------------------------------------------

    def first_run(self) -> FirstRun:
        """What was typed.

        Raises:
            Refused: something is missing or cannot be understood.
        """
        from jusuo_desktop.store.opening import FirstRun

        code = read_office_code(self.code.text())
        for field, said in ((self.county, "县（市、区）"), (self.office, "司法所名称"), (self.user, "您的姓名")):
            if not field.text().strip():
                field.setFocus()
                raise Refused(f"请填写{said}。")
        if self.passphrase.text() != self.again.text():
            self.again.setFocus()
            raise Refused("两次输入的口令不一样，请重新输入。")
        office = {"name": self.office.text().strip(), "division_code": code, "county_name": self.county.text().strip()}
        if self.short.text().strip():
            office["short_name"] = self.short.text().strip()
        name = self.committee.text().strip()
        short = name.removesuffix(BODY)[:10] or self.short.text().strip()
        committees = [{"name": name, "short_name": short, "committee_type": TOWNSHIP_COMMITTEE}] if name else []
        own = {"committee": place_id("mediation_committee", f"{code}/{name}")} if name else {}
        return FirstRun(
            office=office,
            user_name=self.user.text().strip(),
            passphrase=self.passphrase.text(),
            villages=read_villages(self.villages.toPlainText(), code),
            committees=committees,
            user_values={"worker_roles": ["1", "3"], **own},
        )

    def _ask(self) -> None:
        self.problem.hide()
        try:
            first = self.first_run()
        except Refused as refused:
            self.refuse(refused)
            return
        self.start.setEnabled(False)
        self.start.setText("正在建立…")
        folder = self._folder

        def work(_reins: object) -> tuple[Session, str]:
            from jusuo_desktop.actions.phrases import install_phrases
            from jusuo_desktop.actions.set_up import set_up

            session, recovery_key = set_up(folder, first)
            install_phrases(session)
            return session, recovery_key

        self._background.run(self, work, done=self._made, refused=self.refuse, ended=self._ended)

    def _ended(self) -> None:
        self.start.setEnabled(True)
        self.start.setText("建立")

    def refuse(self, refused: Refused) -> None:
        """Shows in place why it was not done."""
        self.problem.setText(refused.message)
        self.problem.show()

    def _made(self, made: tuple[Session, str]) -> None:
        from jusuo_desktop.ui.recovery_key import RecoveryKeyPage

        session, key = made
        self.recovery = RecoveryKeyPage(self._background, self.office.text().strip(), session.store.user.name, key)
        self.recovery.confirmed.connect(lambda: self.ready.emit(session))
        self.addWidget(self.recovery)
        self.setCurrentWidget(self.recovery)
        self.recovery.print_button.setFocus(Qt.FocusReason.OtherFocusReason)
