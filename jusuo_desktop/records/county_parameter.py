"""Time limits and frequencies that a county sets, each with the day from which it holds; the country's own values where it sets none.

domain/rules.md §1: every such number is a dated parameter, national law is the default, local values override.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.field import Values, code, date, integer, text
from jusuo_desktop.records.kind import RecordKind

MONTH, DAY, WORKING_DAY, HOUR = "month", "day", "working_day", "hour"
"""Codes of the list period_unit."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A length of time and what it rests on."""

    value: int
    unit: str
    basis: str

    @property
    def said(self) -> str:
        """“30天”, “1个月”."""
        return f"{self.value}{code_list('period_unit').label_of(self.unit)}"


NATIONAL: Final = MappingProxyType({
    "mediation_period": Parameter(1, MONTH, "人民调解工作若干规定第33条"),  # rules.md P-04
    "mediation_near": Parameter(5, DAY, ""),  # rules.md P-04, a proposal
    "confirmation_period": Parameter(30, DAY, "人民调解法第33条、民事诉讼法第205条"),  # rules.md J-01
    "visit_after": Parameter(3, DAY, ""),  # rules.md C-02, a proposal
    "referral_before_filing": Parameter(30, DAY, "最高人民法院关于人民法院特邀调解的规定第27条"),  # rules.md P-08
    "referral_ordinary": Parameter(15, DAY, "最高人民法院关于人民法院特邀调解的规定第27条"),  # rules.md P-08
    "referral_summary": Parameter(7, DAY, "最高人民法院关于人民法院特邀调解的规定第27条"),  # rules.md P-08
    "court_confirm": Parameter(3, WORKING_DAY, "人民法院在线调解规则第12条"),  # rules.md A-09
    "referral_reply": Parameter(0, DAY, ""),  # rules.md A-08: no length in the sources; 0: none is owed, the county sets it
    "risk_visit": Parameter(30, DAY, ""),  # rules.md C-02, a proposal
    "letter_period": Parameter(7, WORKING_DAY, "法律咨询服务指南"),  # rules.md L-01
    "screening_village": Parameter(15, DAY, ""),  # rules.md S-01: half-monthly, one county's
    "screening_town": Parameter(1, MONTH, ""),  # rules.md S-01: monthly, one county's
    "screening_other": Parameter(0, MONTH, ""),  # 0: none is owed; the county sets it
    "contact_village": Parameter(0, DAY, ""),  # nothing in the sources; 0: no computer locks, the county sets it
    "contact_office": Parameter(0, DAY, ""),  # the same for the computers of an office
    "warning_report": Parameter(6, HOUR, ""),  # rules.md S-03, one county's
})  # fmt: skip
"""What holds where nobody has entered anything, by code of the list county_parameter."""


def parameter(entered: Iterable[Values], name: str, day: str) -> Parameter:
    """What holds on a day ('YYYY-MM-DD'): of the `county_parameter` records that began by then the newest, the last one of equals."""
    found = NATIONAL[name]
    since = ""
    for told in entered:
        value, unit, begun = told.get("value"), told.get("unit"), str(told.get("holds_from", ""))
        if told.get("parameter") == name and isinstance(value, int) and isinstance(unit, str) and begun and since <= begun <= day:
            found, since = Parameter(value, unit, str(told.get("basis", ""))), begun
    return found


def _title(values: Values) -> str:
    named = code_list("county_parameter").label_of(str(values["parameter"])) if "parameter" in values else "办理期限"
    return f"{named}（{values['holds_from']}起）" if "holds_from" in values else named


COUNTY_PARAMETER = RecordKind(
    "county_parameter",
    "期限与频次",
    (
        code("parameter", "项目", "county_parameter", required=True, listed=True),
        date("holds_from", "自何日起", required=True, listed=True, help="从这一天起的事项按新的规定，以前的不变"),
        integer("value", "数值", required=True, listed=True, least=0, most=3650),
        code("unit", "单位", "period_unit", required=True, listed=True),
        text("basis", "依据", required=True, listed=True, searched=True, help="文件名称和文号"),
        text("remarks", "备注", max_length=2000),
    ),
    title=_title,
    order="holds_from",
    reference=True,
)
