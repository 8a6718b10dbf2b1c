"""表格模板: every form that this office prints, whose it is and in which version; the county's changed ones come in and go out as files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QWidget

from jusuo_desktop.actions.forms import KIND, MOST_BYTES, VOLUME, adopt_form, forms_of, retire_form, volume_of, wording_of
from jusuo_desktop.actions.session import Session
from jusuo_desktop.printing import TemplateError
from jusuo_desktop.printing.volume_reader import is_bound
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.page import Page
from jusuo_desktop.ui.print_choices import FOLDER
from jusuo_desktop.ui.text_table import TextModel, TextTable
from jusuo_desktop.ui.theme import hint

HEADINGS: Final = ("表格", "用于", "版本", "来自", "模板名")
WIDTHS: Final = (300, 150, 70, 0, 230)
TYPES: Final = "表格模板 (*.yaml *.yml)"
ABOUT: Final = "县里的表格和程序自带的不一样时，另存模板，用记事本照着改，把 version 改成新的，再导入；同步后全县使用，升级程序不会冲掉。"


@dataclass(frozen=True, slots=True)
class FormRow:
    """One form; `said` tells where it comes from, or what is wrong with it. No `sheet`: it tells what a volume consists of."""

    name: str
    title: str
    used_for: str
    version: str
    said: str
    own: bool
    broken: bool = False
    sheet: bool = True


def form_rows(session: Session) -> list[FormRow]:
    """Every form in the order of the lists, those with a mistake last."""
    forms = forms_of(session)
    own = {str(r.values.get("form_name", "")): r for r in session.store.each_record(KIND) if r.values.get("in_use")}
    rows = [FormRow(t.name, t.title, (t.rows or t.kind).label, t.version, _from(own.get(t.name)), t.name in own) for t in forms.templates.values()]
    rows += [_volume_row(session, kind, own.get(VOLUME + kind)) for kind in KINDS if is_bound(kind)]
    return rows + [FormRow(name, name, "", "", f"不能使用：{error.message}", name in own, True) for name, error in forms.broken.items()]


def _volume_row(session: Session, kind: str, record: Record | None) -> FormRow:
    name, used_for = VOLUME + kind, KINDS[kind].label
    try:
        plan = volume_of(session, kind)
    except TemplateError as error:  # made for another version of the program: said, so that it can be gone back from
        return FormRow(name, "卷宗", used_for, "", f"不能使用：{error.message}", True, broken=True, sheet=False)
    return FormRow(name, f"{plan.title}（装什么、缺什么）", used_for, plan.version, _from(record), record is not None, sheet=False)


def _from(record: Record | None) -> str:
    if record is None:
        return "程序自带"
    said = [f"县里，{record.values.get('adopted_on', '')}启用", str(record.values.get("basis", ""))]
    return "，".join(s for s in said if s)


class FormsPage(Page):
    """Enter shows the chosen form blank."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "表格模板")
        self.save_button = self.add_act("另存模板…", self._ask_where, "Ctrl+S")
        self.back_button = self.add_act("恢复程序自带的", self.retire)
        self.look_button = self.add_act("看空表", self.look, "F8")
        self.add_act("导入模板…", self._ask_which, "Ctrl+O", primary=True)
        self.add_act("返回", self.closed.emit)
        self.model: TextModel[FormRow] = TextModel(
            HEADINGS, lambda row: (row.title, row.used_for, row.version, row.said, row.name), quiet=lambda row: row.broken
        )
        self.table = TextTable(self.model, WIDTHS)
        self.table.activated.connect(lambda _: self.look())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell_acts())
        self.body.addWidget(hint(ABOUT))
        self.body.addWidget(self.table, 1)
        self._tell_acts()

    def first_field(self) -> QWidget:
        return self.table

    def shown(self) -> None:
        self.read()

    def read(self) -> None:
        """Reads what is in force, in the background."""
        session = self.desk.session
        self.desk.background.run(self, lambda _: form_rows(session), done=self._show, key="forms")

    def _show(self, rows: list[FormRow]) -> None:
        chosen = self.chosen.name if self.chosen is not None else ""
        self.model.put(rows)
        self.table.selectRow(next((n for n, row in enumerate(rows) if row.name == chosen), 0))
        self._tell_acts()

    @property
    def chosen(self) -> FormRow | None:
        """The row in front."""
        places = self.table.chosen_places
        return self.model.rows[places[0]] if places else None

    def _tell_acts(self) -> None:
        row = self.chosen
        self.save_button.setEnabled(row is not None)
        self.look_button.setEnabled(row is not None and row.sheet and not row.broken)
        self.back_button.setEnabled(row is not None and row.own)

    # -- acts --------------------------------------------------------------------

    def look(self) -> None:
        """The chosen form, blank, in the preview."""
        if self.chosen is not None and self.chosen.sheet and not self.chosen.broken:
            self.desk.preview(self.chosen.name, "")

    def _ask_where(self) -> None:
        row, session = self.chosen, self.desk.session
        if row is None:
            return

        def ask(folder: str) -> None:
            chosen, _ = QFileDialog.getSaveFileName(self, "另存模板", str(Path(folder) / f"{row.name}.yaml"), TYPES)
            if chosen:
                self.save_to(Path(chosen))

        self.desk.background.run(self, lambda _: str(session.store.get(FOLDER, str(Path.home()))), done=ask)

    def save_to(self, path: Path) -> None:
        """Writes the template of the chosen form into a file."""
        if self.chosen is not None:
            session, name = self.desk.session, self.chosen.name
            self.desk.background.run(self, lambda _: _written(session, name, path), done=lambda _: self.desk.say(f"已保存：{path}"))

    def _ask_which(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "导入模板", str(Path.home()), TYPES)
        if chosen:
            self.adopt(Path(chosen))

    def adopt(self, path: Path) -> None:
        """Takes the template of a file into use."""
        session = self.desk.session

        def done(record: Record) -> None:
            self.desk.say(f"“{record.values['form_title']}”第 {record.values['form_version']} 版已启用。")

        self.desk.background.run(self, lambda _: adopt_form(session, _read(path)), done=done, ended=self.read)

    def retire(self) -> None:
        """Goes back to the program's own form."""
        row, session = self.chosen, self.desk.session
        if row is not None:
            self.desk.background.run(
                self, lambda _: retire_form(session, row.name), done=lambda _: self.desk.say(f"“{row.title}”已停用县里的版本。"), ended=self.read
            )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"读不出文件{path}（{error.strerror}）。") from None


def _written(session: Session, name: str, path: Path) -> None:
    try:
        path.write_text(wording_of(session, name), encoding="utf-8")
    except OSError as error:
        raise Refused(f"写不了文件{path}（{error.strerror}）。请换一个文件夹，或者关掉正在打开它的程序。") from None
