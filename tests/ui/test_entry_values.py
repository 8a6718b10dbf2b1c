"""For every kind and every field: what is typed is saved and shown again the same; layouts show every field once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.check import check_field
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Field, FieldType, Value
from jusuo_desktop.records.kind import VOIDED
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import show
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.ui.desk import Desk
from jusuo_desktop.ui.editors import LinkNames, RowEditor, editor_for
from jusuo_desktop.ui.entry_page import EntryPage
from jusuo_desktop.ui.layouts import LAYOUTS, Table, layout_of
from tests.ui.typing_hands import shown

TYPED_KINDS = sorted(set(KINDS) - {"conflict"})
RANGES = ((0x21, 0x7E), (0xA1, 0xFF), (0x2010, 0x2027), (0x3000, 0x303F), (0x3400, 0x9FFF), (0xFF01, 0xFF5E), (0x20000, 0x2A6DF))
"""What an office writes: Latin, Chinese of three blocks, the marks of both. Other scripts have no font here to be shown in."""
LETTERS = st.one_of(*(st.characters(min_codepoint=first, max_codepoint=last) for first, last in RANGES), st.just(" "))

KEPT_BY_PROGRAM = frozenset({"typed_title"})
"""What is typed as the title is kept a second time."""


def texts(field: Field) -> st.SearchStrategy[Value]:
    """Stored values of a field that links to nothing."""
    labels = sorted(code_list(field.code_list).labels) if field.code_list else []
    line = st.text(LETTERS, min_size=1, max_size=min(field.max_length, 40)).map(lambda t: " ".join(t.split())).filter(bool)
    days = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)).map(str)
    return {
        FieldType.TEXT: st.just("9:30") if field.check else line,
        FieldType.LONG_TEXT: st.lists(line, min_size=1, max_size=4).map("\n".join),
        FieldType.DATE: days,
        FieldType.TIME: st.tuples(days, st.integers(0, 23), st.integers(0, 59)).map(lambda t: f"{t[0]}T{t[1]:02d}:{t[2]:02d}"),
        FieldType.INTEGER: st.integers(field.least or 0, field.most or 10**9),
        FieldType.MONEY: st.integers(0, 10**13),
        FieldType.BOOLEAN: st.booleans(),
        FieldType.CODE: st.sampled_from(labels or [""]),
        FieldType.CODES: st.lists(st.sampled_from(labels or [""]), min_size=1, max_size=3, unique=True),
        FieldType.ID_CARD: st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True),
        FieldType.PHONE: st.from_regex(r"1[0-9]{10}|0573-[0-9]{8}", fullmatch=True),
    }[field.type]


PLAIN_FIELDS = [(k, f) for k in TYPED_KINDS for f in KINDS[k].fields if not f.link and f is not VOIDED]


@pytest.mark.parametrize("style", ["", "row"])
def test_an_editor_gives_back_every_value_it_shows(qapp: QApplication, desk: Desk, style: str) -> None:
    owner = QObject()
    names = LinkNames(desk, owner)
    editors = {(k, f.name): editor_for(f, names, style=style) for k, f in PLAIN_FIELDS}

    @settings(max_examples=300)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        kind, field = data.draw(st.sampled_from(PLAIN_FIELDS))
        value = data.draw(texts(field))
        if any(p.blocking for p in check_field(field, value)):
            return
        editor = editors[kind, field.name]
        editor.put(None)
        editor.put_raw(show(field, value))
        editor.settle()
        order = sorted if isinstance(value, list) else lambda v: v
        assert order(editor.value()) == order(value)
        raw = editor.raw()
        editor.put(value)
        assert editor.value() == value
        assert not editor.touched
        editor.put(None)
        editor.put_raw(raw)
        assert order(editor.value()) == order(value)

    check()


def example(field: Field, kind: str, links: dict[str, list[str]]) -> Value | None:
    """One value of a field, long and rare where it can be."""
    if field.link:
        ids = links[field.link]
        return None if not ids else ids[:2] if field.type is FieldType.LINKS else ids[-1]
    if field.name in ("days_off", "days_worked"):
        return "1月1日至3日、2月15日"
    labels = list(code_list(field.code_list).labels) if field.code_list else []
    return {
        FieldType.TEXT: "9:30" if field.check else f"{field.label}𠀀：“长”内容"[: field.max_length],
        FieldType.LONG_TEXT: f"{field.label}\n第二行𠮷，　全角空格",
        FieldType.DATE: "2026-03-07",
        FieldType.TIME: "2026-03-07T09:05",
        FieldType.INTEGER: (field.least or 0) + 7,
        FieldType.MONEY: 123456,
        FieldType.BOOLEAN: False,
        FieldType.CODE: labels[-1:] and labels[-1],
        FieldType.CODES: labels[1:3],
        FieldType.ID_CARD: "11010119000307211X",
        FieldType.PHONE: "0573-86021234",
    }[field.type]


def parent_for(session: Session, kind: str) -> str:
    """A record under which one of that kind may live, and what that one lives under in turn."""
    parents = KINDS[kind].parents
    if not parents:
        return ""
    begun = {"state": "registered"} if parents[0] == "mediation" else {}
    return session.store.write([Edit(parents[0], begun, parent_id=parent_for(session, parents[0]))], act="save")[0].id


@pytest.mark.parametrize("kind", TYPED_KINDS)
def test_every_field_of_a_kind_is_typed_saved_and_shown_again(qtbot: QtBot, desk: Desk, kind: str) -> None:
    session = desk.session
    links = {name: [row.id for row in session.store.rows(session.store.keys(ListQuery(name), 5))] for name in KINDS}
    links["mediation"] = [session.store.write([Edit("mediation", {"title": f"{kind}的纠纷", "state": "registered"})], act="save")[0].id]
    parent = parent_for(session, kind)
    if any(f.among for f in KINDS[kind].fields):
        links["party"] = [session.store.write([Edit("party", {"name": n}, parent_id=parent)], act="save")[0].id for n in ("张三", "李四")]
    page = shown(qtbot, EntryPage(desk, kind, parent_id=parent))
    state = KINDS[kind].workflow.field if KINDS[kind].workflow else ""
    elsewhere = {VOIDED.name, state, *KEPT_BY_PROGRAM}
    wanted = {f.name: v for f in KINDS[kind].fields if f.name not in elsewhere and (v := example(f, kind, links)) is not None}
    for section in page.form.sections:
        section.unfold()
    for name, value in wanted.items():
        cell = page.form.fields.cells[name]
        if cell.field.link:
            cell.editor.put_typed(value)
        else:
            cell.editor.put_raw(show(cell.field, value))
        assert cell.judge() == ""
    page.save()
    qtbot.waitUntil(lambda: bool(page.record_id) and not page.saving)
    record = session.store.record(page.record_id)
    assert record is not None
    assert {n: v for n, v in record.values.items() if n not in elsewhere} == wanted
    again = shown(qtbot, EntryPage(desk, kind, page.record_id))
    for section in again.form.sections:
        section.unfold()
    assert {n: again.form.fields.value(n) for n in wanted} == wanted
    assert again.form.fields.changes() == {}
    for name in wanted:
        cell = again.form.fields.cells[name]
        said = show(cell.field, wanted[name], links=session.store.name_of).removesuffix("元")
        assert cell.editor.raw_text().replace(" ", "") == said.replace(" ", "")


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_a_layout_shows_every_field_once(kind: str) -> None:
    state = KINDS[kind].workflow.field if KINDS[kind].workflow else ""
    assert sorted(layout_of(kind).fields) == sorted(f.name for f in KINDS[kind].fields if f.name not in {VOIDED.name, state, *KEPT_BY_PROGRAM})


def test_the_party_table_shows_every_field_once() -> None:
    (table,) = (p for p in layout_of("mediation").parts if isinstance(p, Table))
    assert sorted(c.field for c in (*table.line, *table.wide, *table.more)) == sorted(f.name for f in KINDS["party"].own_fields)


def test_choices_whose_label_holds_a_mark_of_separation_stand_beside_others(qtbot: QtBot, desk: Desk) -> None:
    editor = RowEditor(KINDS["agent"].by_name["authorized_matters"])
    qtbot.addWidget(editor)
    for key in "2456":
        QTest.keyClicks(editor, key)
    assert editor.value() == ["2", "4", "5", "6"]
    QTest.keyClicks(editor, "4")
    assert editor.value() == ["2", "5", "6"]
