"""The county's own forms: taken into use, in force for everybody of the office, gone back from; a mistake is named and nothing changes."""

from __future__ import annotations

import pytest

from jusuo_desktop.actions.forms import adopt_form, forms_of, retire_form, wording_of
from jusuo_desktop.actions.session import Session
from jusuo_desktop.printing import TemplateError, shipped_forms
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.refusal import Refused

NAME = "refusal_notice"
NEW_FORM = """
form: contact_slip
title: 来访联系单
version: "1"
kind: consultation
order: 65
body:
  - text: "姓名：{name:10}"
"""


def changed(session: Session, version: str = "9", title: str = "不予受理告知书") -> bytes:
    now = forms_of(session).templates[NAME]
    text = wording_of(session, NAME).replace(f"title: {now.title}", f"title: {title}", 1)
    return text.replace(f'version: "{now.version}"', f'version: "{version}"', 1).encode()


def test_without_any_the_programs_own_forms_are_in_force(session: Session) -> None:
    assert forms_of(session).templates == shipped_forms()
    assert wording_of(session, NAME).startswith("#")
    with pytest.raises(Refused, match="没有名为"):
        wording_of(session, "no_such_form")


def test_a_changed_form_takes_the_place_of_the_programs(session: Session) -> None:
    record = adopt_form(session, changed(session), basis="县司发〔2026〕3号")
    assert record.values["form_version"] == "9"
    assert forms_of(session).templates[NAME].title == "不予受理告知书"
    assert list(forms_of(session).templates) == list(shipped_forms()), "it stands where it stood"
    assert "告知书" in wording_of(session, NAME)
    with pytest.raises(Refused, match="version"):
        adopt_form(session, changed(session, "9", "另一个名字"))
    adopt_form(session, changed(session, "10", "另一个名字"))
    assert forms_of(session).templates[NAME].title == "另一个名字"
    assert session.store.history(record.id)[-1].fields["form_version"] == ("9", "10"), "the history keeps what was in force before"
    retire_form(session, NAME)
    assert forms_of(session).templates == shipped_forms()
    adopt_form(session, changed(session, "11"))
    assert forms_of(session).templates[NAME].version == "11"


def test_a_form_that_only_the_county_has(session: Session) -> None:
    adopt_form(session, "\ufeff".encode() + NEW_FORM.encode())
    assert forms_of(session).templates["contact_slip"].title == "来访联系单"
    orders = [t.order for t in forms_of(session).templates.values()]
    assert orders == sorted(orders)
    retire_form(session, "contact_slip")
    assert "contact_slip" not in forms_of(session).templates


def test_a_mistake_is_named_by_line_and_changes_nothing(session: Session) -> None:
    with pytest.raises(TemplateError, match=r"模板:8: .*nmae"):
        adopt_form(session, NEW_FORM.replace("{name:10}", "{nmae:10}").encode())
    with pytest.raises(Refused, match="千字节"):
        adopt_form(session, b"#" * 300_000)
    with pytest.raises(TemplateError, match="UTF-8"):
        adopt_form(session, NEW_FORM.encode("gbk"))
    assert forms_of(session).templates == shipped_forms()


def test_a_form_of_another_versions_making_is_said_and_the_others_print(session: Session) -> None:
    record = adopt_form(session, NEW_FORM.encode())
    session.store.write([Edit("county_form", {"wording": NEW_FORM.replace("order:", "ordered:")}, record.id)], act="save")  # a newer program's key
    found = forms_of(session)
    assert "contact_slip" not in found.templates
    assert "ordered" in found.broken["contact_slip"].message
    assert set(found.templates) == set(shipped_forms())
