"""A form for a record: gathered from the store, numbered, remembered; what changed since is said on paper and to the clerk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jusuo_desktop.actions.print_form import Offer, forms_for, offers, prepare, prepare_blank, printed
from jusuo_desktop.actions.recovery_sheet import recovery_sheet
from jusuo_desktop.printing import MissingGlyph, is_offered, shipped_forms
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.store import Edit, Refused
from tests.printing import sheets, story
from tests.printing.office import CLOCK, Office

FORMS = shipped_forms()


DOSSIER = [
    "acceptance_register",
    "mediation_application",
    "refusal_notice",
    "referral_acceptance",
    "referral_decline",
    "identity_sheet",
    "power_of_attorney",
    "rights_notice",
    "mediation_invitation",
    "inquiry_record",
    "evidence_list",
    "mediation_record",
    "short_mediation_record",
    "mediator_change_notice",
    "extension_consent",
    "mediation_agreement",
    "oral_agreement_register",
    "undisputed_facts",
    "termination_notice",
    "referral_feedback",
    "follow_up_record",
    "evaluation_mediation",
    "performance_register",
    "voucher_sheet",
    "judicial_confirmation_application",
    "mediation_proof",
    "service_proof",
    "closing_report",
    "mediator_case_slip",
    "dossier_cover",
    "dossier_index_blank",
    "dossier_note",
    "dossier_back",
    "spine_label",
    "subsidy_claim",
]
"""All that a mediation may be printed on, in the order of the dossier; those of an agreement's own are printed from it too."""


def text_of(pdf: bytes) -> str:
    pictures = PagePictures(pdf)
    return "".join("".join(pictures.text(n).split()) for n in range(len(pictures.sizes)))


def test_what_a_kind_is_printed_on(office: Office) -> None:
    assert [t.name for t in forms_for(office.session, "mediation")] == DOSSIER
    assert [t.name for t in forms_for(office.session, "consultation")] == ["consultation_register", "evaluation_consultation"]
    assert [t.name for t in forms_for(office.session, "agreement")] == [
        "mediation_agreement",
        "oral_agreement_register",
        "performance_register",
        "voucher_sheet",
    ]


@pytest.mark.parametrize("name", [n for n, t in FORMS.items() if t.rows is None and (t.kind.name != "evaluation" or n == "evaluation_mediation")])
def test_every_form_says_what_the_store_holds(office: Office, name: str) -> None:
    paper = prepare(office.session, name, office.ids[FORMS[name].kind.name])
    said = text_of(paper.pdf)
    assert FORMS[name].title in said or not FORMS[name].heading
    assert paper.title == FORMS[name].title
    assert paper.pages == len(PagePictures(paper.pdf).sizes)
    bound = {path.field.name for path in FORMS[name].paths}
    if name in ("acceptance_register", "mediation_record", "termination_notice", "dossier_note") or "organization_name" in bound:
        assert "张建国" in said
        assert "李秀英" in said
    for field in ("dispute_summary", "record_text", "agreement_content", "consultation_content", "service_content", "comments"):
        value = sheets.FILLED[FORMS[name].kind.name].get(field)
        assert field not in bound or all("".join(line.split())[:12] in said for line in (value or "").splitlines())


def test_links_and_the_office_are_followed(office: Office) -> None:
    said = text_of(prepare(office.session, "adviser_visit_record", office.ids["adviser_visit"]).pdf)
    assert "欧阳文博" in said
    assert "浙江开发律师事务所" in said
    assert "西塘镇红菱村" in said
    assert "嘉善县西塘司法所" in text_of(prepare(office.session, "consultation_register", office.ids["consultation"]).pdf)
    assert "西塘镇红菱村人民调解委员会" in text_of(prepare(office.session, "acceptance_register", office.ids["mediation"]).pdf)


def test_the_number_is_drawn_before_it_is_printed(office: Office) -> None:
    paper = prepare(office.session, "mediation_record", office.ids["mediation_session"])
    assert office.values("mediation")["case_number"] == "〔2026〕菱民调字第1号"
    assert "〔2026〕菱民调字第1号" in text_of(paper.pdf)
    assert prepare(office.session, "mediation_record", office.ids["mediation_session"]).pdf == paper.pdf


def test_a_child_form_asked_for_on_the_mediation_takes_its_latest_row(office: Office) -> None:
    later = {"mediated_at": "2026-03-20T15:00", "place": "镇司法所", "record_text": "第二次调解。", "mediation_result": "3"}
    record = office.store.write([Edit("mediation_session", later, parent_id=office.ids["mediation"])], act="save")[0]
    assert prepare(office.session, "mediation_record", office.ids["mediation"]).record_id == record.id
    office.store.write([Edit("mediation_session", {"voided_reason": "重复"}, record.id)], act="void")
    assert prepare(office.session, "mediation_record", office.ids["mediation"]).record_id == office.ids["mediation_session"]


def test_an_evaluation_asked_for_on_the_mediation_is_empty_but_for_the_case(office: Office) -> None:
    paper = prepare(office.session, "evaluation_mediation", office.ids["mediation"])
    said = text_of(paper.pdf)
    assert paper.record_id == office.ids["mediation"]
    assert "〔2026〕菱民调字第1号" in said
    assert "✓" not in said
    assert "✓" in text_of(prepare(office.session, "evaluation_mediation", office.ids["evaluation"]).pdf)


def test_voided_rows_are_left_out(office: Office) -> None:
    office.store.write([Edit("party", {"voided_reason": "写错了"}, office.ids["party"])], act="void")
    said = text_of(prepare(office.session, "acceptance_register", office.ids["mediation"]).pdf)
    assert "调解张建国、之间的纠纷" in said


def test_copies_each_party_one_and_the_committee_one(office: Office) -> None:
    agreement = office.ids["agreement"]
    assert prepare(office.session, "mediation_agreement", agreement).copies == 3
    office.store.write([Edit("agreement", {"copies": 5}, agreement)], act="save")
    assert prepare(office.session, "mediation_agreement", agreement).copies == 5
    office.store.write(
        [Edit("agreement", {"copies": None}, agreement), Edit("party", {"name": "王五"}, parent_id=office.ids["mediation"])], act="save"
    )
    paper = prepare(office.session, "mediation_agreement", agreement)
    assert paper.copies == 4
    assert "本协议一式四份" in text_of(paper.pdf)
    assert prepare(office.session, "acceptance_register", office.ids["mediation"]).copies == 1


def test_a_print_after_a_change_says_so_on_paper_and_to_the_clerk(office: Office) -> None:
    record_id = office.ids["mediation"]
    first = prepare(office.session, "acceptance_register", record_id)
    assert first.remark == ""
    printed(office.session, first)
    again = prepare(office.session, "acceptance_register", record_id)
    assert "打印过1次" in again.remark
    assert "没有变化" in again.remark
    assert again.pdf == first.pdf
    office.store.write([Edit("mediation", {"dispute_summary": "改过的情况。"}, record_id)], act="save")
    changed = prepare(office.session, "acceptance_register", record_id)
    assert "内容有改动" in changed.remark
    assert "此后内容有改动，以本次为准" in text_of(changed.pdf)
    assert "打印过" not in prepare(office.session, "mediation_record", office.ids["mediation_session"]).remark


def test_a_change_of_any_principal_is_a_change_of_the_power_of_attorney(office: Office) -> None:
    agent = office.ids["agent"]
    parties = [row.id for row in office.store.children(office.ids["later"], "party")]
    office.store.write([Edit("agent", {"principals": parties}, agent)], act="save")
    printed(office.session, prepare(office.session, "power_of_attorney", agent))
    assert "没有变化" in prepare(office.session, "power_of_attorney", agent).remark
    office.store.write([Edit("party", {"id_card_number": "330421198001010017"}, parties[1])], act="save")
    assert "内容有改动" in prepare(office.session, "power_of_attorney", agent).remark


def test_a_change_that_the_form_does_not_print_is_no_change(office: Office) -> None:
    record_id = office.ids["mediation"]
    printed(office.session, prepare(office.session, "acceptance_register", record_id))
    office.store.write([Edit("mediation", {"remarks": "内部备注"}, record_id)], act="save")
    assert "没有变化" in prepare(office.session, "acceptance_register", record_id).remark


def test_what_went_to_paper_is_recorded_and_in_the_audit_chain(office: Office) -> None:
    paper = prepare(office.session, "acceptance_register", office.ids["mediation"])
    assert office.store.prints(office.ids["mediation"]) == []
    printed(office.session, paper)
    (kept,) = office.store.prints(office.ids["mediation"])
    assert (kept.form, kept.form_version, kept.pages, kept.user_id) == (
        "acceptance_register",
        FORMS["acceptance_register"].version,
        1,
        office.store.user.id,
    )
    assert office.store.verify() == []


def test_a_voided_record_prints_with_its_reason(office: Office) -> None:
    prepare(office.session, "acceptance_register", office.ids["mediation"])
    office.store.write([Edit("mediation", {"voided_reason": "重复登记"}, office.ids["mediation"])], act="void")
    paper = prepare(office.session, "acceptance_register", office.ids["mediation"])
    assert "已经作废：重复登记" in paper.remark
    assert "已经作废：重复登记" in text_of(paper.pdf)


def test_a_reader_prints_without_drawing(office: Office) -> None:
    paper = prepare(office.as_role("reader"), "acceptance_register", office.ids["mediation"])
    assert "编号处留空" in paper.remark
    assert "case_number" not in office.values("mediation")


def test_a_blank_form_draws_nothing(office: Office) -> None:
    paper = prepare_blank(office.session, "consultation_register")
    said = text_of(paper.pdf)
    assert "嘉善县西塘司法所" in said
    assert "司马俊义" not in said
    assert paper.record_id == ""
    printed(office.session, paper)
    assert office.store.verify() == []


def test_values_only_prints_no_wording(office: Office) -> None:
    said = text_of(prepare(office.session, "consultation_register", office.ids["consultation"], values_only=True).pdf)
    assert "司马俊义" in said
    assert "法律咨询登记表" not in said


def test_what_cannot_be_printed_is_said_in_one_sentence(office: Office) -> None:
    with pytest.raises(Refused, match="没有名为“nothing”的表格"):
        prepare(office.session, "nothing", office.ids["mediation"])
    with pytest.raises(Refused, match="不在本机上"):
        prepare(office.session, "acceptance_register", sheets.RECORD_ID)
    with pytest.raises(Refused, match="不能用村居法律顾问来填"):
        prepare(office.session, "acceptance_register", office.ids["adviser_visit"])
    office.store.write([Edit("mediation", {"dispute_summary": "当事人\ue123某"}, office.ids["mediation"])], act="save")
    with pytest.raises(MissingGlyph, match=r"“纠纷简要情况”里的.*U\+E123.*没有打印"):
        prepare(office.session, "acceptance_register", office.ids["mediation"])


def test_offers_name_the_whole_family(office: Office) -> None:
    ids = office.ids
    expected = [
        ("acceptance_register", ids["mediation"]),
        ("mediation_application", ids["mediation"]),
        ("refusal_notice", ids["mediation"]),
        ("identity_sheet", ids["mediation"]),
        ("rights_notice", ids["mediation"]),
        ("mediation_record", ids["mediation_session"]),
        ("mediation_agreement", ids["agreement"]),
        ("undisputed_facts", ids["mediation_session"]),
        ("evaluation_mediation", ids["evaluation"]),
        ("evaluation_mediation", ids["mediation"]),
        ("performance_register", ids["agreement"]),
        ("voucher_sheet", ids["agreement"]),
    ]
    for kind in ("mediation", "mediation_session", "agreement", "party"):
        assert [(o.form, o.record_id) for o in offers(office.session, ids[kind])] == expected
    assert [(o.form, o.record_id) for o in offers(office.session, ids["adviser_visit"])] == [
        ("adviser_visit_record", ids["adviser_visit"]),
        ("evaluation_adviser", ids["adviser_visit"]),
    ]
    assert offers(office.session, ids["village"]) == []
    assert [o.form for o in offers(office.session)] == list(FORMS)
    for offer in offers(office.session, ids["mediation"]):
        assert prepare(office.session, offer.form, offer.record_id).form == offer.form
    assert replace(offers(office.session)[0], title="") == Offer("acceptance_register", "", "")


def test_the_rows_of_a_case_bring_their_papers(office: Office) -> None:
    found = {offer.form for offer in offers(office.session, office.ids["later"])}
    rows = {"power_of_attorney", "mediation_invitation", "inquiry_record", "mediator_change_notice", "extension_consent", "follow_up_record"}
    assert rows | {"judicial_confirmation_application", "mediation_proof", "service_proof", "subsidy_claim"} <= found
    assert not found & {"evidence_list", "referral_acceptance", "dossier_cover", "short_mediation_record", "voucher_sheet"}


def test_a_refused_case_is_offered_no_agreement(office: Office) -> None:
    refused = {**story.REFUSED, "state": "refused"}
    office.store.write([Edit("mediation", refused, office.ids["later"])], act="save")
    found = {offer.form for offer in offers(office.session, office.ids["later"])}
    assert {"refusal_notice", "acceptance_register", "mediation_application", "dossier_cover", "dossier_back"} <= found
    assert not found & {"mediation_agreement", "oral_agreement_register", "mediation_record", "rights_notice", "termination_notice"}


def test_a_referred_case_is_answered_by_letter(office: Office) -> None:
    office.store.write([Edit("mediation", {"case_source": "3"}, office.ids["later"])], act="save")
    assert "referral_decline" in {offer.form for offer in offers(office.session, office.ids["later"])}
    accepted = {"state": "accepted"}
    office.store.write([Edit("mediation", accepted, office.ids["later"])], act="save")
    found = {offer.form for offer in offers(office.session, office.ids["later"])}
    assert "referral_acceptance" in found
    assert not found & {"referral_decline", "referral_feedback"}


@pytest.mark.parametrize(
    ("form", "values", "offered"),
    [
        ("refusal_notice", {}, True),
        ("refusal_notice", {"state": "refused"}, True),
        ("refusal_notice", {"state": "mediating"}, False),
        ("termination_notice", {}, False),
        ("termination_notice", {"state": "failed"}, True),
        ("dossier_back", {"state": "mediating"}, False),
        ("dossier_back", {"state": "closed"}, True),
        ("oral_agreement_register", {"agreement_form": "1"}, True),
        ("oral_agreement_register", {}, False),
        ("mediation_agreement", {"agreement_form": "1"}, False),
        ("mediation_agreement", {}, True),
        ("acceptance_register", {"state": "archived"}, True),
    ],
)
def test_a_form_is_offered_where_it_belongs(form: str, values: dict[str, str], offered: bool) -> None:
    assert is_offered(FORMS[form], values) == offered


def test_the_recovery_sheet_is_one_page_with_the_key_in_large_groups() -> None:
    pdf = recovery_sheet("嘉善县西塘司法所", "陆晓燕", "REBEW-NS1CZ-3W3XG-917JP-A5090-4", CLOCK.date())
    pictures = PagePictures(pdf)
    said = pictures.text(0)
    assert len(pictures.sizes) == 1
    assert "REBEW-NS1CZ-3W3XG-917JP-A5090-4" in said
    assert "2026年3月9日" in said
    assert "陆晓燕" in said
    assert b"REBEW" not in pdf
