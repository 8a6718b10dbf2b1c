"""A record changed after its agreement was printed says so, and names the fields; nothing is said where the paper still holds."""

from __future__ import annotations

from jusuo_desktop.actions.changed_since_print import changed_since_print
from jusuo_desktop.actions.print_form import prepare, printed
from jusuo_desktop.store import Edit
from tests.printing.office import Office


def test_what_the_signed_agreement_does_not_say_any_more_is_named(office: Office) -> None:
    case, agreement, party = office.ids["mediation"], office.ids["agreement"], office.ids["party"]
    assert changed_since_print(office.session, case) is None
    printed(office.session, prepare(office.session, "acceptance_register", case))
    printed(office.session, prepare(office.session, "mediation_agreement", agreement))
    assert changed_since_print(office.session, case) is None
    office.store.write([Edit("mediation", {"remarks": "内部备注"}, case)], act="save")
    assert changed_since_print(office.session, case) is None, "nothing that the agreement prints"
    office.store.write([Edit("agreement", {"performance_terms": "分两期付清。"}, agreement)], act="save")
    office.store.write([Edit("party", {"contact_phone": "13700000000"}, party)], act="save")
    for asked in (case, agreement, party):
        found = changed_since_print(office.session, asked)
        assert found is not None
        assert found.title == "人民调解协议书"
        assert set(found.fields) == {"履行方式、时限", "联系方式"} or len(found.fields) == 2, found.fields
        assert "已于" in found.sentence
    printed(office.session, prepare(office.session, "mediation_agreement", agreement))
    assert changed_since_print(office.session, case) is None


def test_changed_and_changed_back_is_no_change(office: Office) -> None:
    agreement = office.ids["agreement"]
    printed(office.session, prepare(office.session, "mediation_agreement", agreement))
    before = office.values("agreement")["performance_terms"]
    office.store.write([Edit("agreement", {"performance_terms": "另议。"}, agreement)], act="save")
    office.store.write([Edit("agreement", {"performance_terms": before}, agreement)], act="save")  # type: ignore[dict-item]
    assert changed_since_print(office.session, agreement) is None
