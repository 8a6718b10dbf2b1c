"""The papers of the dossier (domain/forms.md §2): wording, order, places of signature and sizes, read back from the PDF."""

from __future__ import annotations

import pytest

from jusuo_desktop.printing import Sheet, Template, lay_out, render, shipped_fonts, shipped_forms
from jusuo_desktop.printing.marks import Page, Text
from jusuo_desktop.printing.raster import PagePictures
from tests.printing import sheets, story

FORMS = shipped_forms()
SAID: dict[str, str] = {
    "inquiry_record": "人民调解调查记录 编号： 时间： 地点： 参加人： 被调查人： 记录："
    " 被调查人（签名）： 调查人（签名）： 被调查人（签名）： 记录人（签名）：",
    "follow_up_record": "人民调解回访记录 当事人： 调解协议编号： 回访事由： 回访时间： 回访情况： 回访人（签名）： 人民调解委员会（印章）",
    "power_of_attorney": "授权委托书 委托人： 身份证号： 受委托人： 与委托人关系： 身份证号： 联系电话： 委托事项及权限"
    " 代为申请调解或者要求终止调解； 收集、提供证据； 选择或者接受人民调解员； 承认、变更、放弃调解请求；"
    " 参加调解并签署调查记录、调解记录、权利义务告知书、协议书； 领取文书；"
    " 其他： 委托期限： 委托人（签名盖章或按指印）： 受委托人（签名）：",
    "judicial_confirmation_application": "司法确认申请书 申请人姓名 身份证号 申请人姓名 身份证号 请求事项： 事实和理由： 申请人承诺： 此致 人民法院"
    " 申请人（签名或盖章）： 申请人（签名或盖章）： 附：",
    "mediation_proof": "调解组织主持调解的证明 人民法院 人民调解委员会受理 人民调解员 协议编号： 特此证明。 人民调解委员会（印章）",
    "evidence_list": "人民调解证据材料清单 证据名称 证据种类 提供人（签名）： 接收人（签名）：",
    "mediation_invitation": "调解通知书（存根） 被通知人： 事由： 调解时间： 调解地点： 填发人："
    " 调解通知书 请准时参加 请携带： 联系人及电话： 人民调解委员会（印章）",
    "service_proof": "送达回证 案由 受送达人 送达文书 送达地点 送达方式 送达时间 受送达人 签名或盖章 拒收 送达人签名 填发日期 备注",
    "refusal_notice": "不予受理通知书 登记编号： 文号： -BYS 不予受理： 理由说明： 请向下列机关或者部门提出： 人民调解委员会（印章）",
    "termination_notice": "终止调解通知书 案号： 文号： -ZJS 受理的 终止调解： 原因说明："
    " 可以依法通过仲裁、行政、司法等途径维护自己的权利 人民调解委员会（印章）",
    "referral_acceptance": "接受委托（移送）调解函 已于 收到 决定接受委托 特此函告。 人民调解委员会（印章）",
    "referral_feedback": "委托（移送）调解反馈函 调解结果： 调解成功 调解不成 调解协议编号： 特此函告。 人民调解委员会（印章）",
    "referral_decline": "不予调解函 已于 收到 不予调解： 随函材料 特此函告。 人民调解委员会（印章）",
    "closing_report": "人民调解结案报告表 卷号 填表时间 承办单位 承办人 受案时间 结案时间 地址"
    " 案件来源 申请 主动 公安移交 审判机关委托 政府部门指定 承办人（签名）：",
    "mediator_case_slip": "人民调解员调解案件登记单 登记日期 姓名 性别 调解员 调解结果 人民调解员（签名）： 记录人（签名或盖章）：",
    "dossier_cover": "人民调解委员会 卷宗 卷名： 卷号： 人民调解员： 调解日期： 至 立卷人： 立卷日期： 保管期限： 短期 长期 永久 备注：",
    "dossier_index_blank": "卷内目录 卷名： 卷号： 序号 文书名称 页号 备注 1人民调解申请书（人民调解受理登记表） 2身份证明材料复印件"
    " 3授权委托书（法定代理人证明材料） 4委托（法定）代理人身份证明材料复印件 5权利义务告知书 6人民调解调查记录 7相关证据材料"
    " 8人民调解记录 9人民调解协议书（人民调解口头协议登记表） 10人民调解回访记录 11有关凭证、司法确认有关材料 12卷宗情况说明 13封底",
    "dossier_note": "卷宗情况说明 卷号： 卷名： 情况说明： 立卷人（签名）：",
    "dossier_back": "案卷封底 立卷人： 审核人： 立卷日期：",
    "identity_sheet": "身份证明材料粘贴页 姓名 身份证号 人像面 国徽面 姓名 身份证号 人像面 国徽面",
    "voucher_sheet": "履行凭证粘贴页 协议编号： 期次 履行内容 金额 履行日期 凭证 粘贴处 收款（接收）人（签名）：",
    "performance_register": "人民调解协议履行情况登记表 期次 履行人 应履行日期 实际履行日期 登记人（签名）： 人民调解员（签名）：",
    "mediator_change_notice": "更换人民调解员通知书 原由人民调解员 提出人： 现决定自 人民调解委员会（印章） 当事人（签收）：",
    "extension_consent": "延长调解期限同意书 同意将调解期限延长至 当事人（签名盖章或按指印）： 当事人（签名盖章或按指印）： 人民调解员（签名）：",
    "undisputed_facts": "无争议事实记载 当事人： 没有争议的事实记载如下： 当事人（签名盖章或按指印）： 人民调解员（签名）： 记录人（签名）：",
    "short_mediation_record": "人民调解简易记录 时间： 当事人 地点 纠纷事项 调解情况 调解结果 当事人（签名）： 人民调解员（签名）： 记录人（签名）：",
    "screening_sheet": "矛盾纠纷排查登记表 调委会： 排查日期： 排查人： 零报告 纠纷类型 风险预测 化解措施 化解结果 排查人（签名）： 负责人（签名）：",
    "early_warning_report": "矛盾纠纷预警报告单 发现时间 预警等级 可能的后果 涉及人员 报告对象 报告时间 采取的措施 报告人（签名）： 负责人（签名）：",
    "subsidy_claim": "人民调解以案定补申报（审批）表 申报单位 案号 纠纷类型 调解员 案件等级 卷宗评查得分 申请金额"
    " 负责人（签名盖章）： 负责人（签名盖章）： 负责人（签名盖章）：",
}
"""What a blank sheet of the form says, in this order."""
BODY = {
    "dossier_cover": 15.0,
    "dossier_back": 15.0,
    "spine_label": 14.0,
    "referral_acceptance": 16.0,
    "referral_feedback": 16.0,
    "referral_decline": 16.0,
}
SMALLER_TITLE = {"short_mediation_record": 16.0}


def squeezed(text: str) -> str:
    return "".join(text.split())


def read(pdf: bytes) -> str:
    pictures = PagePictures(pdf)
    return squeezed("".join(pictures.text(n) for n in range(len(pictures.sizes))))


def laid(name: str, sheet: Sheet) -> list[Page]:
    return lay_out(FORMS[name], sheet, shipped_fonts())


def marks(name: str, sheet: Sheet) -> list[Text]:
    return [m for page in laid(name, sheet) for m in page.marks if isinstance(m, Text)]


def seen(pages: list[Page]) -> str:
    """The text as the eye goes: from the top down, from left to right."""
    written = [(page.number, round(m.baseline), m.x, m.text) for page in pages for m in page.marks if isinstance(m, Text)]
    return squeezed("".join(text for *_, text in sorted(written)))


def sheet_for(template: Template) -> Sheet:
    return sheets.rich(template, **{**story.REFUSED, **story.FAILED, **story.REFERRED})


@pytest.mark.parametrize("name", sorted(SAID))
@pytest.mark.parametrize("filled", [False, True])
def test_wording_and_order_are_those_of_the_form(name: str, filled: bool) -> None:
    sheet = sheet_for(FORMS[name]) if filled else Sheet()
    in_file, on_paper, place = read(render(FORMS[name], sheet)), seen(laid(name, sheet)), 0
    for wording in SAID[name].split():
        found = on_paper.find(wording, place)
        assert found >= 0, f"{wording} after {on_paper[max(place - 20, 0) : place]}"
        assert wording in in_file
        place = found + len(wording)


@pytest.mark.parametrize("name", sorted(SAID))
def test_no_place_to_sign_is_ever_filled(name: str) -> None:
    for page in laid(name, sheet_for(FORMS[name])):
        written = [m for m in page.marks if isinstance(m, Text)]
        for place in written:
            if place.fixed and place.text.endswith(("（签名）：", "（签名盖章）：", "（签名盖章或按指印）：", "（签名或盖章）：", "（签收）：")):
                beside = [m for m in written if abs(m.baseline - place.baseline) < 3 and m.x > place.x and not m.fixed]
                assert not beside, f"{place.text}{beside[0].text}"


@pytest.mark.parametrize("name", sorted(SAID))
def test_the_title_is_as_large_as_the_source_says(name: str) -> None:
    """二号 (22 pt) 黑体 for the form, 15 pt fields on the cover, 16 pt letters (domain/forms.md §1)."""
    template = FORMS[name]
    said = marks(name, Sheet())
    if template.heading:
        assert said[0].text == template.title
        assert said[0].size == SMALLER_TITLE.get(name, 22.0)
    assert template.style.size == BODY.get(name, 10.5 if template.paper.width > template.paper.height and name != "performance_register" else 12.0)


def test_the_cover_has_the_sizes_of_the_source() -> None:
    said = {m.text: m.size for m in marks("dossier_cover", sheets.rich(FORMS["dossier_cover"]))}
    assert said["西塘镇红菱村人民调解委员会"] == 26
    assert said["卷　宗"] == 22
    assert said["〔2026〕菱民调字第18号"] == 15


def test_the_cover_names_the_first_and_the_last_day_of_mediation() -> None:
    sheet = sheets.rich(FORMS["dossier_cover"])
    later = {**sheets.SESSION, "mediated_at": "2026-03-20T15:00"}
    rows = {**sheet.rows, "mediation_session": [sheets.SESSION, later]}
    assert "调解日期：2026年3月7日至2026年3月20日" in read(render(FORMS["dossier_cover"], Sheet(sheet.values, rows, links=sheet.links)))


def test_the_stub_is_cut_from_the_letter_it_belongs_to() -> None:
    said = marks("mediation_invitation", sheets.rich(FORMS["mediation_invitation"]))
    heads = [m for m in said if m.text.startswith("调解通知书")]
    cut = next(m for m in said if m.text.startswith("沿此线裁开"))
    assert [m.text for m in heads] == ["调解通知书（存根）", "调解通知书"]
    assert heads[0].baseline < cut.baseline < heads[1].baseline


def test_a_company_applies_for_confirmation_under_its_own_block() -> None:
    template = FORMS["judicial_confirmation_application"]
    said = read(render(template, sheets.rich(template, [sheets.PARTIES[0], sheets.COMPANY])))
    assert "申请人名称嘉善西塘古建筑修缮工程有限公司" in said
    assert "法定代表人（负责人）周卫东" in said
    assert said.count("申请人姓名") == 1


def test_guardians_and_agents_stand_on_the_papers_where_there_are_any() -> None:
    child = {"name": "张小宝", "party_role": "1", "guardian_name": "张建国", "guardian_relationship": "父亲", "guardian_phone": "13857312345"}
    for name in ("mediation_application", "mediation_agreement", "oral_agreement_register", "rights_notice", "mediation_record"):
        with_them = read(render(FORMS[name], sheets.rich(FORMS[name], [child, sheets.PARTIES[1]])))
        blank = read(render(FORMS[name], Sheet()))
        signed = ["监护人（签名盖章或按指印）："] * (name != "oral_agreement_register")
        signed += ["代理人（签名）："] * (name not in ("oral_agreement_register", "mediation_application"))
        printed = [] if name in ("rights_notice", "mediation_record") else ["监护人张建国", "与当事人关系父亲", "代理人姓名张晓东", "被代理人张建国"]
        for wording in (*signed, *printed):
            assert wording in with_them, name
        assert "监护人" not in blank.replace("监护人员", ""), name
        assert "代理人" not in blank, name


def test_the_agreement_has_its_instalments_where_they_were_entered() -> None:
    template = FORMS["mediation_agreement"]
    assert "期次履行人内容金额日期方式1李秀英支付墙面修复费、医药费3,586.50元2026年3月7日赔偿损失" in read(render(template, sheets.rich(template)))
    assert "期次" not in read(render(template, Sheet()))


def test_the_notices_carry_the_number_of_the_case_with_the_suffix_of_the_paper() -> None:
    for name, suffix in (("refusal_notice", "BYS"), ("termination_notice", "ZJS")):
        said = read(render(FORMS[name], sheet_for(FORMS[name])))
        assert f"〔2026〕菱民调字第18号-{suffix}" in said
        assert sheet_for(FORMS[name]).values["alternative_channels"] in said


def test_a_letter_to_who_referred_the_case_tells_the_result_that_there_was() -> None:
    template = FORMS["referral_feedback"]
    failed = {**story.REFERRED, **story.FAILED, "mediation_result": "2"}
    settled = read(render(template, sheets.rich(template, **story.REFERRED)))
    assert "调解协议编号：〔2026〕菱民调协字第9号，协议日期：2026年3月7日" in settled
    assert "终止" not in settled
    said = read(render(template, sheets.rich(template, **failed)))
    assert "终止调解日期：2026年4月3日" in said
    assert "调解协议编号" not in said


def test_every_opinion_on_a_claim_has_its_heading() -> None:
    said = "".join(m.text for m in marks("subsidy_claim", sheet_for(FORMS["subsidy_claim"])))
    for heading in ("调委会意见", "司法所审核意见", "县司法局审批意见"):
        assert heading in said


def test_a_zero_report_is_ticked_and_keeps_its_empty_rows() -> None:
    sheet = Sheet({"screened_on": "2026-03-01", "is_zero_report": True})
    ticked = [m for m in marks("screening_sheet", sheet) if m.text == "✓"]
    assert len(ticked) == 1
    assert "零报告（本期没有发现矛盾纠纷）" in read(render(FORMS["screening_sheet"], sheet))


def test_every_principal_is_named_in_the_power_of_attorney_and_signs_it() -> None:
    template = FORMS["power_of_attorney"]
    links = {"a": sheets.PARTIES[0], "b": sheets.PARTIES[1], "c": {**sheets.COMPANY, "social_credit_code": "91330421MA2B8GX71K"}}
    said = read(render(template, Sheet({**story.AGENT, "principals": ["a", "b", "c"]}, links=links)))
    for party in sheets.PARTIES:
        assert f"委托人：{party['name']}身份证号：{party['id_card_number']}" in said
    assert "委托人：嘉善西塘古建筑修缮工程有限公司" in said
    assert "法定代表人（负责人）：周卫东统一社会信用代码：91330421MA2B8GX71K" in said
    assert said.count("委托人（签名盖章或按指印）：") == 3
    blank = read(render(template, Sheet()))
    assert blank.count("身份证号：") == 2
    assert blank.count("（签名盖章或按指印）：") == 1


def test_only_the_applicants_guardian_signs_the_application() -> None:
    child = {"name": "张小宝", "party_role": "2", "guardian_name": "张建国"}
    template = FORMS["mediation_application"]
    said = read(render(template, sheets.rich(template, [sheets.PARTIES[0], child])))
    assert "监护人张建国" in said
    assert "监护人（签名" not in said
