"""What was printed comes out again to the byte, after the record, the template and the program changed; older prints say why not."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import select

from jusuo_desktop.actions.print_form import prepare, prepare_blank, printed
from jusuo_desktop.actions.reprint import past_prints, reprinted, sheet_again
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.store import Edit, Printed, Refused
from jusuo_desktop.store.schema import AUDIT
from tests.printing.conftest import made_office, office  # noqa: F401  (fixtures)
from tests.printing.office import Office


def text_of(pdf: bytes) -> str:
    pictures = PagePictures(pdf)
    return "".join("".join(pictures.text(n).split()) for n in range(len(pictures.sizes)))


def test_the_same_bytes_come_out_after_everything_changed(office: Office) -> None:  # noqa: F811
    record_id = office.ids["mediation"]
    paper = prepare(office.session, "acceptance_register", record_id)
    printed(office.session, paper)
    office.store.write([Edit("mediation", {"dispute_summary": "后来改过的情况。"}, record_id)], act="save")
    assert prepare(office.session, "acceptance_register", record_id).pdf != paper.pdf
    (past,) = past_prints(office.session, record_id)
    assert (past.title, past.about, past.changed, past.kept, past.by) == ("人民调解受理登记表", "", True, True, "陆晓燕")
    assert sheet_again(office.session, past.printed) == paper.pdf
    assert "后来改过" not in text_of(sheet_again(office.session, past.printed))


def test_a_print_whose_form_is_gone_or_has_a_new_version_still_comes_out(office: Office) -> None:  # noqa: F811
    paper = prepare(office.session, "acceptance_register", office.ids["mediation"])
    printed(office.session, replace(paper, form="a_form_of_last_year", version="0"))
    (past,) = past_prints(office.session, office.ids["mediation"])
    assert "已没有这种表格" in past.title
    assert not past.changed
    assert sheet_again(office.session, past.printed) == paper.pdf


def test_the_family_is_told_together_newest_first_with_its_rows_apart(office: Office) -> None:  # noqa: F811
    for form, kind in (("acceptance_register", "mediation"), ("mediation_record", "mediation_session"), ("mediation_agreement", "agreement")):
        printed(office.session, prepare(office.session, form, office.ids[kind]))
    for kind in ("mediation", "agreement"):
        told = past_prints(office.session, office.ids[kind])
        assert [p.printed.form for p in told] == ["mediation_agreement", "mediation_record", "acceptance_register"]
        assert "调解记录" in told[1].about
        assert not any(p.changed for p in told)


def test_values_for_preprinted_paper_come_out_as_they_were_and_the_whole_sheet_is_kept_beside_them(office: Office) -> None:  # noqa: F811
    paper = prepare(office.session, "acceptance_register", office.ids["mediation"], values_only=True)
    assert "受理登记表" not in text_of(paper.pdf)
    printed(office.session, paper)
    (past,) = past_prints(office.session, office.ids["mediation"])
    assert sheet_again(office.session, past.printed) == paper.pdf
    whole = office.store.content(past.printed.readable)
    assert whole == prepare(office.session, "acceptance_register", office.ids["mediation"]).pdf
    assert "受理登记表" in text_of(whole or b"")


def test_a_reprint_is_no_print_but_stands_in_the_audit_chain(office: Office) -> None:  # noqa: F811
    printed(office.session, prepare(office.session, "acceptance_register", office.ids["mediation"]))
    (past,) = past_prints(office.session, office.ids["mediation"])
    reprinted(office.session, past.printed)
    assert len(past_prints(office.session, office.ids["mediation"])) == 1
    with office.store._reading() as connection:
        last = connection.execute(select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(1)).one()
    assert (last.act, last.record_id) == ("reprint", office.ids["mediation"])
    assert past.printed.digest in last.detail
    assert office.store.verify() == []


def test_a_print_of_before_the_bytes_were_kept_says_so(office: Office) -> None:  # noqa: F811
    digest = hashlib.sha256(b"gone").hexdigest()
    office.store.note_print(Printed(office.ids["mediation"], "acceptance_register", "1", 1, digest, "v"))
    (past,) = past_prints(office.session, office.ids["mediation"])
    assert not past.kept
    with pytest.raises(Refused, match="没有保存在本机"):
        sheet_again(office.session, past.printed)


def test_of_a_blank_form_no_bytes_are_kept(office: Office) -> None:  # noqa: F811
    paper = prepare_blank(office.session, "acceptance_register")
    printed(office.session, paper)
    assert not office.store.has_content(hashlib.sha256(paper.pdf).hexdigest())
