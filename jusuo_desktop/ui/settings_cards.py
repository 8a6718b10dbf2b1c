"""The sheets of the settings page that hold fields: users of this machine, number patterns, display and lock."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui import parts, theme
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.login import secret_field
from jusuo_desktop.ui.theme import button, card, hint, label
from jusuo_desktop.ui.workspace import LOCK_MINUTES, LOCK_SETTING

NUMBERED: Final = ("mediation", "agreement", "consultation", "adviser_visit")
MINUTES: Final = (5, 10, 15, 30, 60, 0)
PERCENT: Final = {"1.0": "100%", "1.1": "110%", "1.25": "125%", "1.4": "140%", "1.5": "150%"}


class Sheet(QFrame):
    """A titled white sheet with a line for what went well and one for what did not."""

    saved = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        made = card()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(made)
        self.inside = QVBoxLayout(made)
        self.inside.setContentsMargins(14, 10, 14, 12)
        self.inside.setSpacing(7)
        self.inside.addWidget(label(title, "section"))
        self.said = label("", "good")
        self.said.setWordWrap(True)
        self.said.hide()

    def add_button(self, made: QPushButton) -> None:
        """A button of its own width."""
        self.inside.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)

    def end(self) -> None:
        """The line for what is said stands last."""
        self.inside.addWidget(self.said)

    def say(self, text: str) -> None:
        """What went well."""
        self._show(text, "good")

    def refuse(self, refused: Refused | str) -> None:
        """What did not; what was typed stays."""
        self._show(refused.message if isinstance(refused, Refused) else refused, "problem")

    def _show(self, text: str, kind: str) -> None:
        self.said.setProperty("kind", kind)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def grid(self, rows: list[tuple[str, QWidget]]) -> QGridLayout:
        """Labels and fields under one another."""
        made = QGridLayout()
        made.setHorizontalSpacing(10)
        made.setVerticalSpacing(6)
        for row, (name, field) in enumerate(rows):
            made.addWidget(QLabel(name), row, 0)
            made.addWidget(field, row, 1)
        made.setColumnStretch(1, 1)
        self.inside.addLayout(made)
        return made


class PassphraseSheet(Sheet):
    """To change one's own pass phrase."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("修改我的口令")
        self._desk = desk
        self.old, self.new, self.again = secret_field("现在的口令"), secret_field("新口令"), secret_field("再输一次")
        self.grid([("现在的口令", self.old), ("新口令", self.new), ("再输一次", self.again)])
        self.change = button("修改口令")
        self.change.clicked.connect(self._ask)
        self.add_button(self.change)
        self.end()

    def _ask(self) -> None:
        if self.new.text() != self.again.text():
            self.refuse("两次输入的新口令不一样，请重新输入。")
            return
        store, old, new = self._desk.session.store, self.old.text(), self.new.text()

        def work(_reins: object) -> None:
            from jusuo_desktop.store import change_passphrase

            change_passphrase(store, old, new)

        def done(_: None) -> None:
            for field in (self.old, self.new, self.again):
                field.clear()
            self.say("口令已修改，下次用新口令进入。")

        self._desk.background.run(self, work, done=done, refused=self.refuse)


class UsersSheet(Sheet):
    """Who may log in on this machine, and adding somebody."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("可以在本机登录的人")
        self._desk = desk
        self.names = QLabel()
        self.names.setWordWrap(True)
        self.inside.addWidget(self.names)
        self.name, self.role = QLineEdit(), QComboBox()
        for code, said in code_list("access_role").codes:
            self.role.addItem(said, code)
        self.passphrase, self.again, self.own = secret_field("新用户的口令"), secret_field("再输一次"), secret_field("您自己的口令")
        self.grid([
            ("姓名", self.name), ("角色", self.role), ("新用户的口令", self.passphrase), ("再输一次", self.again), ("您自己的口令", self.own),
        ])  # fmt: skip
        self.add = button("添加用户")
        self.add.clicked.connect(self._ask)
        self.add_button(self.add)
        self.end()
        self.read()

    def read(self) -> None:
        """Reads the names."""
        from jusuo_desktop.store.keys import user_names

        self.names.setText("、".join(user_names(self._desk.session.store.folder)))

    def _ask(self) -> None:
        if self.passphrase.text() != self.again.text():
            self.refuse("两次输入的口令不一样，请重新输入。")
            return
        store, own, new = self._desk.session.store, self.own.text(), self.passphrase.text()
        name, role = self.name.text().strip(), str(self.role.currentData())
        roles: Value = {"clerk": ["1"], "director": ["2"], "liaison": ["5"]}.get(role, ["1"])

        def work(_reins: object) -> str:
            from jusuo_desktop.store import add_user

            workers = store.find_by_name("worker", name) if name else []
            values: dict[str, Value] = {"name": name, "access_role": role}
            if not workers:
                values["worker_roles"] = roles
            return add_user(store, own, values, new, workers[0] if len(workers) == 1 else "").name

        def done(added: str) -> None:
            for field in (self.name, self.passphrase, self.again, self.own):
                field.clear()
            self.read()
            self.say(f"“{added}”现在可以用自己的口令在本机登录。")

        self._desk.background.run(self, work, done=done, refused=self.refuse)


class NumbersSheet(Sheet):
    """How printed numbers are written."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("文号格式")
        self._desk = desk
        self.fields = {kind: QLineEdit() for kind in NUMBERED}
        self._examples = {kind: label("", "hint") for kind in NUMBERED}
        rows: list[tuple[str, QWidget]] = []
        for kind in NUMBERED:
            rows += [(KINDS[kind].label, self.fields[kind]), ("", self._examples[kind])]
            self.fields[kind].textChanged.connect(lambda text, k=kind: self._show_example(k, text))
        self.grid(rows)
        self.inside.addWidget(
            hint("{year} 年　{month} 月　{short_name} 简称　{kind} 字　{region} 县代码　{seq} 顺序号（{seq:4} 补足四位）。已经用过的号不变。")
        )
        self.save = button("保存文号格式")
        self.save.clicked.connect(self._ask)
        self.add_button(self.save)
        self.ledger = button("文号台账、作废文号", flat=True)
        self.ledger.clicked.connect(lambda: desk.show_page(parts.number_ledger_page(desk)))
        self.add_button(self.ledger)
        self.end()

    def fill(self, kept: dict[str, str]) -> None:
        """Shows what is in force."""
        from jusuo_desktop.store.numbers import PATTERN

        if any(field.isModified() for field in self.fields.values()):
            return  # somebody is at it
        for kind, field in self.fields.items():
            field.setText(kept.get(kind, PATTERN))

    def _show_example(self, kind: str, pattern: str) -> None:
        from jusuo_desktop.actions.number import KIND_WORDS
        from jusuo_desktop.store.numbers import check_pattern, written

        try:
            said: dict[str, str | int] = {"year": date.today().year, "month": f"{date.today().month:02}", "region": "330424", "short_name": "西民"}
            self._examples[kind].setText("例：" + written(check_pattern(pattern), {**said, "kind": KIND_WORDS.get(kind, "字"), "seq": 12}))
        except Refused as refused:
            self._examples[kind].setText(refused.message)

    def _ask(self) -> None:
        from jusuo_desktop.actions.number import PATTERNS
        from jusuo_desktop.store.numbers import PATTERN, check_pattern

        given = {kind: field.text().strip() for kind, field in self.fields.items()}
        try:
            for pattern in given.values():
                check_pattern(pattern)
        except Refused as refused:
            self.refuse(refused)
            return
        store, kept = self._desk.session.store, {kind: pattern for kind, pattern in given.items() if pattern != PATTERN}

        def done(_: None) -> None:
            for field in self.fields.values():
                field.setModified(False)
            self.say("已保存，下一个编号起使用。")

        self._desk.background.run(self, lambda _reins: store.set(PATTERNS, kept), done=done, refused=self.refuse)


class DisplaySheet(Sheet):
    """The size of everything, and after how long the window locks."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("显示与锁定")
        self._desk = desk
        self._memory: QSettings | None = None
        self.scale, self.minutes = QComboBox(), QComboBox()
        for scale in theme.SCALES:
            self.scale.addItem(PERCENT[scale], scale)
        for minutes in MINUTES:
            self.minutes.addItem(f"{minutes} 分钟无人操作时" if minutes else "不自动锁定", minutes)
        self.grid([("显示大小", self.scale), ("自动锁定", self.minutes)])
        self.end()
        self.scale.activated.connect(self._take_scale)
        self.minutes.activated.connect(self._take_minutes)

    def fill(self, minutes: int, memory: QSettings | None) -> None:
        """Shows what is in force."""
        self._memory = memory
        self.minutes.setCurrentIndex(max(self.minutes.findData(minutes), 0))
        self.scale.setEnabled(memory is not None)
        if memory is not None:
            self.scale.setCurrentIndex(max(self.scale.findData(str(memory.value(theme.SCALE, "1.0"))), 0))

    def _take_scale(self) -> None:
        if self._memory is not None:
            self._memory.setValue(theme.SCALE, self.scale.currentData())
            self.say("显示大小在下次打开程序时改变。")

    def _take_minutes(self) -> None:
        store, minutes = self._desk.session.store, int(self.minutes.currentData())
        self._desk.background.run(
            self, lambda _reins: store.set(LOCK_SETTING, minutes), done=lambda _: self._desk.changed.emit(frozenset()), refused=self.refuse
        )


DEFAULT_MINUTES: Final = LOCK_MINUTES
