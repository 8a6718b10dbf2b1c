"""An agent of a party (代理人): by power of attorney, or by law for a minor or a person without capacity. Fields: domain/forms.md §2.6."""

from __future__ import annotations

from jusuo_desktop.records.field import Sensitivity, code, codes, date, id_card, links, phone, text
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.place import PERSON_NAME

AGENT = RecordKind(
    "agent",
    "代理人",
    (
        PERSON_NAME,
        code("agent_kind", "代理种类", "agent_kind", required=True, listed=True),
        links("principals", "被代理的当事人", "party", required=True, listed=True, among="family"),
        text("relationship", "与当事人关系", max_length=60),
        id_card("id_card_number", "身份证号"),
        code("sex", "性别", "sex"),
        date("birth_date", "出生日期", sensitivity=Sensitivity.PERSONAL),
        phone("contact_phone", "联系电话", listed=True),
        text("address", "单位或住址", searched=True, sensitivity=Sensitivity.PERSONAL),
        codes("authorized_matters", "委托事项及权限", "authorized_matter"),
        text("authorized_more", "其他委托事项", max_length=500),
        text("authorization_term", "委托期限", help="如“自签字之日起至本纠纷调解结束”", max_length=100),
        date("authorized_on", "委托日期", listed=True),
    ),
    title=lambda v: str(v.get("name", "")),
    parents=("mediation",),
    order="authorized_on",
    attached=True,
)
