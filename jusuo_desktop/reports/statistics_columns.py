"""The columns of the official tables, each with its formula over one fact, or the reason why it cannot be counted (domain/statistics.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.reports.facts import Fact

Formula = Callable[[Fact], int]
FEN: Final = "万元"
"""The unit whose cells are kept in fen and shown in ten thousands of yuan."""
HOURS: Final = "小时"
"""The unit whose cells are kept in minutes."""
NOT_RECORDED: Final = "这一项由人工填报，本程序不登记，请按手工台账填写"
BAND_CASES, BAND_PREVENTION = "调解情况", "排查预防纠纷"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it stands, its unit, its formula; without a formula `why` says why there is no figure.

    `kind` is the kind of record that it counts, where that is not the table's own.
    """

    name: str
    label: str
    unit: str = "件"
    group: str = ""
    band: str = ""
    formula: Formula | None = None
    why: str = ""
    kind: str = ""

    @property
    def over(self) -> str:
        """What stands above it where there is room for one line: its group, or the second band."""
        return self.group or (self.band if self.band == BAND_PREVENTION else "")


@dataclass(frozen=True, slots=True)
class TableForm:
    """A table: official title, kind of record behind it, columns."""

    name: str
    title: str
    kind: str
    columns: tuple[Column, ...]

    @property
    def by_name(self) -> dict[str, Column]:
        """The columns by name."""
        return {c.name: c for c in self.columns}

    def kind_of(self, column: Column) -> str:
        """The kind of record that a column counts."""
        return column.kind or self.kind


def _one(_fact: Fact) -> int:
    return 1


def _is(name: str, *codes: str) -> Formula:
    return lambda fact: int(fact.values.get(name) in codes)


def _number(name: str) -> Formula:
    return lambda fact: fact.number(name)


SOURCES_REFERRED: Final = ("3", "4", "5", "6", "7")
_BODIES: Final = (
    ("by_village_committee", "村调委会", ("01",)),
    ("by_community_committee", "居（社区）调委会", ("02",)),
    ("by_township_committee", "乡镇调委会", ("03",)),
    ("by_street_committee", "街道调委会", ("04",)),
    ("by_enterprise_committee", "企事业单位调委会", ("05",)),
    ("by_other_committee", "社会团体和其他组织调委会", ("06", "99")),
)
_SOURCES: Final = (
    ("source_initiative", "主动调解", ("2",)),
    ("source_application", "依申请调解", ("1", "8", "9")),
    ("source_referred", "接受委托移送调解", SOURCES_REFERRED),
    ("source_court", "其中：法院委托移送", ("3",)),
    ("source_procuratorate", "检察院委托移送", ("4",)),
    ("source_police", "公安机关委托移送", ("5",)),
    ("source_petition_office", "信访部门委托移送", ("6",)),
    ("source_other_department", "其他部门委托移送", ("7",)),
)
_AVERTED: Final = (
    ("suicide_prevented", "防止民间纠纷引起自杀", "2"),
    ("criminal_prevented", "防止民间纠纷转化为刑事案件", "3"),
    ("group_petition_prevented", "防止群体性上访", "4"),
    ("group_fight_prevented", "防止群体性械斗", "5"),
)
"""By code of the list risk_forecast."""


def _persons(danger: str) -> Formula:
    return lambda fact: fact.number("people") if fact.values.get("danger") == danger else 0


def _prevention_columns() -> tuple[Column, ...]:
    """statistics.md T1 40-49: the rounds are counted, the averted dangers are the early warnings that were resolved."""
    columns = [
        Column("screenings", "排查纠纷", "次", "", BAND_PREVENTION, _one, kind="dispute_screening"),
        Column("disputes_prevented", "预防纠纷", "件", "", BAND_PREVENTION, None, NOT_RECORDED),
    ]
    for name, label, danger in _AVERTED:
        columns.append(Column(f"{name}_cases", label, "件", "", BAND_PREVENTION, _is("danger", danger), kind="early_warning"))
        columns.append(Column(f"{name}_persons", label, "人", "", BAND_PREVENTION, _persons(danger), kind="early_warning"))
    return tuple(columns)


def _case_columns() -> tuple[Column, ...]:
    band = BAND_CASES
    types = code_list("dispute_type").codes
    return (
        Column("cases_total", "调解案件总数", "件", "", band, _one),
        Column("parties_total", "涉及当事人数", "人", "", band, _number("people")),
        Column("cases_succeeded", "调解成功", "件", "", band, _is("result", "1")),
        Column("cases_difficult", "疑难复杂案件", "件", "", band, _is("difficulty", "3", "4")),
        Column("agreement_amount", "协议涉及金额", FEN, "", band, _number("fen")),
        *(Column(n, label, "件", "不同主体调解情况", band, _is("body", *codes)) for n, label, codes in _BODIES),
        *(Column(n, label, "件", "案件来源", band, _is("source", *codes)) for n, label, codes in _SOURCES),
        *(Column(f"type_{c}", label, "件", "案件分类情况", band, _is("type", c)) for c, label in types),
        Column("agreement_oral", "口头协议", "件", "协议形式", band, lambda f: int(f.values["form"] == "1" and f.values["result"] == "1")),
        Column("agreement_written", "书面协议", "件", "协议形式", band, lambda f: int(f.values["form"] == "2" and f.values["result"] == "1")),
        *_prevention_columns(),
    )


T1: Final = TableForm("mediation", "人民调解案件情况统计表", "mediation", _case_columns())
"""statistics.md T1. The order within the groups is the readable one given there; the county's paper form may order them otherwise."""

T4: Final = TableForm(
    "consultation",
    "法律咨询统计表",
    "consultation",
    (
        Column("consultations_total", "咨询总数", "件", "", "", _one),
        Column("by_visit", "来访", "件", "咨询方式", "", _is("consultation_channel", "1")),
        Column("by_letter", "来信", "件", "咨询方式", "", _is("consultation_channel", "2")),
        Column("by_call", "来电", "件", "咨询方式", "", _is("consultation_channel", "3")),
        Column("by_web", "网络", "件", "咨询方式", "", _is("consultation_channel", "4")),
        *(Column(f"matter_{c}", label, "件", "事项类型", "", _is("matter_type", c)) for c, label in code_list("matter_type").codes),
        Column("drafting", "代书", "件", "处理情况", "", _is("handling_method", "3")),
        Column("applied_for_aid", "在咨询中申请法律援助", "件", "处理情况", "", _is("handling_method", "212", "213")),
        Column("applied_and_granted", "其中：受理并批准", "件", "处理情况", "", _is("handling_method", "213")),
        Column("referred_elsewhere", "引导向其他渠道求助", "件", "处理情况", "", _is("handling_method", "211")),
        Column("to_mediation", "转调解", "件", "处理情况", "", _is("handling_method", "2")),
        Column("closed", "已办结", "件", "处理情况", "", _is("state", "closed")),
    ),
)
"""statistics.md T4; the types of matter are those of the code list (SYS118), for the finer rows of the source are of another set."""

T7: Final = TableForm(
    "adviser_visit",
    "村（居）法律顾问服务情况统计表",
    "adviser_visit",
    (
        Column("visits_total", "服务次数", "次", "", "", _one),
        Column("hours", "服务时长", HOURS, "", "", _number("duration_minutes")),
        *(Column(f"type_{c}", label, "次", "服务类型", "", _number(f"type_{c}")) for c, label in code_list("adviser_service").codes),
        Column("lecture_attendance", "讲座", "人次", "服务数量", "", _number("lecture_attendance")),
        Column("consultation_count", "法律咨询", "次", "服务数量", "", _number("consultation_count")),
        Column("mediation_count", "调解纠纷", "件", "服务数量", "", _number("mediation_count")),
        Column("training_attendance", "培训骨干", "人", "服务数量", "", _number("training_attendance")),
        Column("material_count", "发放资料", "份", "服务数量", "", _number("material_count")),
        Column("legal_aid_count", "法律援助", "件", "服务数量", "", _number("legal_aid_count")),
        Column("document_count", "代写文书", "份", "服务数量", "", _number("document_count")),
        Column("charter_count", "完善村居制度", "个", "服务数量", "", _number("charter_count")),
        Column("pleased", "评价满意以上", "次", "群众评价", "", _is("rating", "3", "4", "5")),
        Column("displeased", "评价不满意", "次", "群众评价", "", _is("rating", "1", "2")),
    ),
)
"""statistics.md T7. One visit may be of several types, so these do not add up to the visits."""

TABLES: Final = {form.name: form for form in (T1, T4, T7)}
