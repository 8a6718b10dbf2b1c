"""The places and people of a county: judicial offices, villages, mediation committees and those who work there."""

from __future__ import annotations

from jusuo_desktop.records.field import Field, Sensitivity, code, codes, date, id_card, link, phone, text
from jusuo_desktop.records.kind import RecordKind

DIVISION_HELP = "统计用区划代码：县6位、司法所9位、村（社区）12位"

JUDICIAL_OFFICE = RecordKind(
    "judicial_office",
    "司法所",
    (
        text("name", "名称", required=True, listed=True, searched=True),
        text("division_code", "区划代码", required=True, listed=True, max_length=9, help=DIVISION_HELP),
        text("county_name", "所属县（市、区）", required=True),
        text("short_name", "简称", help="用在文号里，如“西塘”", max_length=10),
        text("address", "地址"),
        phone("phone", "电话"),
    ),
    title=lambda v: str(v.get("name", "")),
    order="division_code",
    reference=True,
)

VILLAGE = RecordKind(
    "village",
    "村（社区）",
    (
        text(
            "name",
            "名称",
            required=True,
            listed=True,
            searched=True,
            headings=("村名", "村居", "所属村", "村（居）", "村名称", "村（社区）名称", "村居名称", "村（社区）", "社区名称"),
        ),
        text(
            "division_code",
            "区划代码",
            required=True,
            listed=True,
            max_length=12,
            help=DIVISION_HELP,
            headings=("统计用区划代码", "代码", "行政区划代码", "村代码", "村（居）代码", "区划编码"),
        ),
        link("adviser", "法律顾问", "worker", listed=True),
        text("contact_name", "村（居）负责人", headings=("负责人", "村主任", "书记", "村书记", "联系人")),
        phone("contact_phone", "联系电话", headings=("电话", "手机")),
    ),
    title=lambda v: str(v.get("name", "")),
    order="division_code",
    reference=True,
)

MEDIATION_COMMITTEE = RecordKind(
    "mediation_committee",
    "人民调解委员会",
    (
        text(
            "name", "名称", required=True, listed=True, searched=True, headings=("调委会名称", "调委会", "人民调解委员会名称", "组织名称", "调解组织")
        ),
        text("short_name", "简称", required=True, help="用在文号里，如“西民”", max_length=10),
        code("committee_type", "类型", "committee_type", required=True, listed=True, headings=("调委会类别", "类别", "组织类型")),
        link("village", "所在村（社区）", "village", listed=True, headings=("所在村", "村（社区）", "村居", "所属村")),
        text("address", "地址", headings=("办公地址", "地点")),
        phone("phone", "电话", headings=("联系电话",)),
    ),
    title=lambda v: str(v.get("name", "")),
    order="name",
    reference=True,
)

LEFT_ON = "left_on"
"""Field of a worker whose post has ended: from then on he does not work with the program, whatever the date is."""

PERSON_NAME: Field = text("name", "姓名", required=True, listed=True, searched=True, max_length=60, sensitivity=Sensitivity.PERSONAL)

WORKER = RecordKind(
    "worker",
    "工作人员",
    (
        text("name", "姓名", required=True, listed=True, searched=True, max_length=60, headings=("调解员姓名", "调解员", "人员姓名", "律师姓名")),
        codes("worker_roles", "岗位", "worker_role", required=True, listed=True, headings=("人员类别", "类别", "职务", "身份")),
        code("access_role", "系统角色", "access_role", help="决定在本程序里能做什么；不用本程序的人不填"),
        date(
            LEFT_ON, "离岗日期", help="填写以后，此人不能再登录本程序；他没有上报的内容由电脑继续上报", headings=("离任日期", "离职日期", "解聘日期")
        ),
        code("sex", "性别", "sex"),
        date("birth_date", "出生日期", headings=("出生年月", "出生年月日")),
        phone("phone", "联系电话", headings=("电话", "手机", "手机号码", "联系方式")),
        id_card("id_card_number", "身份证号", headings=("身份证", "身份证号码", "公民身份号码")),
        link(
            "committee",
            "所属调委会",
            "mediation_committee",
            listed=True,
            headings=("调委会", "所在调委会", "人民调解委员会", "调解组织", "所属组织", "调委会名称"),
        ),
        link("village", "所在村（社区）", "village", headings=("所在村", "村（社区）", "村居", "所属村")),
        code("full_or_part_time", "专兼职", "full_or_part_time", headings=("专职或兼职", "专职/兼职", "用工性质")),
        text("firm_name", "律所（法律服务所）", help="法律顾问填写", headings=("律师事务所", "所在律所", "执业机构", "工作单位")),
        text("license_number", "执业证号", help="法律顾问填写", max_length=30),
    ),
    title=lambda v: str(v.get("name", "")),
    order="name",
    reference=True,
)
