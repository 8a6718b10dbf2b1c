"""The archive of a year as a list to hand over, and what has run out: a list, nothing deleted."""

from __future__ import annotations

from jusuo_desktop.actions.archive import archived, handover_paper, run_out, years_said
from jusuo_desktop.actions.bind_volume import bind_volume, volume_printed
from jusuo_desktop.actions.forms import adopt_form, wording_of
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.store import Edit
from tests.printing.conftest import made_office, office  # noqa: F401  (fixtures)
from tests.printing.office import Office


def put_away(office: Office, day: str, retention: str, number: str) -> str:  # noqa: F811
    values = {
        "title": f"{number}号纠纷",
        "case_number": number,
        "dispute_type": "2",
        "state": "archived",
        "archived_on": day,
        "retention_period": retention,
    }
    return office.store.write([Edit("mediation", values, import_key=number)], act="import")[0].id


def test_a_year_in_the_order_of_its_days_with_the_pages_of_its_volumes(office: Office) -> None:  # noqa: F811
    late = put_away(office, "2025-11-02", "2", "乙")
    early = put_away(office, "2025-03-05", "1", "甲")
    put_away(office, "2026-01-01", "1", "丙")
    volume = bind_volume(office.session, early)
    assert volume is not None
    volume_printed(office.session, volume)
    found = archived(office.session, 2025)
    assert [(v.record_id, v.number, v.retention, v.archived_on) for v in found] == [
        (early, "甲", "短期", "2025-03-05"),
        (late, "乙", "长期", "2025-11-02"),
    ]
    assert [v.pages for v in found] == [volume.pages, 0]
    assert archived(office.session, 2024) == []


def test_the_list_to_hand_over_says_them_all(office: Office) -> None:  # noqa: F811
    for number in range(30):
        put_away(office, f"2025-{number % 12 + 1:02}-15", "123"[number % 3], f"第{number + 1}卷")
    pages = PagePictures(handover_paper(office.session, 2025).pdf)
    said = "".join("".join(pages.text(n).split()) for n in range(len(pages.sizes)))
    assert len(pages.sizes) > 1
    assert "卷宗移交清单" in said
    assert "2025年归档" in said
    assert "以上共30卷，0面。" in said
    assert all(f"第{n + 1}卷号纠纷" in said for n in range(30))


def test_nothing_runs_out_until_the_county_says_how_many_years(office: Office) -> None:  # noqa: F811
    put_away(office, "2005-03-05", "1", "甲")
    put_away(office, "1990-03-05", "3", "乙")
    young = put_away(office, "2024-03-05", "1", "丙")
    assert run_out(office.session) == []
    assert "没有定" in years_said(office.session)
    text = wording_of(office.session, "volume_mediation").replace('version: "1"', 'version: "2"')
    adopt_form(office.session, text.replace("retention:\n", 'retention_years: {"1": 10, "2": 30}\nretention:\n').encode())
    assert [(v.number, v.until) for v in run_out(office.session)] == [("甲", "2015-03-05")]
    assert years_said(office.session) == "短期10年；长期30年"
    assert office.store.record(young) is not None
    assert len(archived(office.session, 2005)) == 1
