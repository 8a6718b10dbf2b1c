"""The lists that are printed: who is paid what and signs for it, what was found in all rounds of screening."""

from __future__ import annotations

import pytest

from jusuo_desktop.actions.print_list import prepare_list
from jusuo_desktop.printing import Sheet, lay_out, shipped_fonts, shipped_forms
from jusuo_desktop.printing.bindings import PARENT, Row
from jusuo_desktop.printing.marks import Text
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.store.listing import ListQuery
from tests.printing import sheets, story
from tests.printing.office import Office

FORMS = shipped_forms()


def pages_of(pdf: bytes) -> list[str]:
    pictures = PagePictures(pdf)
    return ["".join(pictures.text(n).split()) for n in range(len(pictures.sizes))]


def test_the_payment_sheet_adds_up_in_figures_and_capitals(office: Office) -> None:
    (said,) = pages_of(prepare_list(office.session, "subsidy_payment", [office.ids["case_subsidy"]], "2026年第2季度").pdf)
    assert "发放单位：嘉善县西塘司法所2026年第2季度" in said
    assert "领款人签名" in said
    assert "张建国与李秀英邻里纠纷" in said
    assert "合计（大写）贰佰元整200.00共1件" in said
    for label in ("制表人（签名）：", "司法所负责人（签名）：", "审批人（签名盖章）："):
        assert label in said


def test_a_long_payment_sheet_has_its_heading_on_every_page_and_one_total() -> None:
    amounts = [12345 * n for n in range(1, 61)]
    rows = [Row({**sheets.FILLED["case_subsidy"], "amount": fen}, {PARENT: [sheets.MEDIATION]}) for fen in amounts]
    laid = lay_out(FORMS["subsidy_payment"], Sheet({"row_count": len(rows)}, {"case_subsidy": rows}, links=sheets.LINKS), shipped_fonts())
    said = ["".join(m.text for m in page.marks if isinstance(m, Text)) for page in laid]
    assert len(said) > 2
    assert all("领款人签名" in page for page in said)
    assert [page.count("合计") for page in said] == [0] * (len(said) - 1) + [1]
    assert f"{sum(amounts) / 100:,.2f}" in said[-1]
    assert "贰拾贰万伍仟玖佰壹拾叁元伍角" in said[-1]
    assert "共60件" in said[-1]


def test_the_screening_ledger_names_round_and_village_of_every_matter(office: Office) -> None:
    (said,) = pages_of(prepare_list(office.session, "screening_ledger", ListQuery("screened_dispute")).pdf)
    for matter in story.SCREENED:
        assert "".join(matter["summary"].split()) in said
    assert said.count("2026年3月3日") == 2
    assert "西塘镇红菱村" in said
    assert "合计2件11" in said


@pytest.mark.parametrize("name", sorted(name for name, template in FORMS.items() if template.rows is not None))
def test_a_blank_list_has_lines_to_write_on(name: str) -> None:
    (page,) = lay_out(FORMS[name], Sheet(), shipped_fonts())
    said = "".join(m.text for m in page.marks if isinstance(m, Text))
    assert "序号" in said
    assert "签名" in said
    assert "年月日" not in said.replace("制表日期：年月日", "")
