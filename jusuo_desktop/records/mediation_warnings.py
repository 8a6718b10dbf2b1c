"""What should make the clerk look up in a mediation, said beside it and in today's work; nothing is refused for it. Pure.

Each says its rule (domain/rules.md): a fee (M-01), signs of escalation (P-09), an oral agreement where a written one is due (G-02), what the
court does not confirm (J-04), more people than may speak for a side (M-13), mediators too few (M-10), a time limit moved without consent (P-05).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.deadlines import NATIONAL_RULES, Rules, mediation_due
from jusuo_desktop.records.field import Value, Values
from jusuo_desktop.records.mediation_guards import EXTENDED, RESUMED
from jusuo_desktop.records.workflow import Family

ORAL: Final = "1"
NORMAL: Final = "1"
"""Code of the list risk_forecast."""
MAJOR: Final = frozenset({"3", "4"})
"""Codes of the list difficulty."""
UNCONFIRMED: Final = frozenset({"1", "7"})
"""Codes of the list dispute_type that are mostly outside of judicial confirmation: marriage and family, forest and land."""
CROWD: Final = 10
MOST_REPRESENTATIVES: Final = 5
OPEN: Final = frozenset({"registered", "accepted", "mediating", "suspended"})

FEE: Final = re.compile(
    r"(调解|调处|办案)(服务)?(费用|手续费|费)"
    r"|(调委会|调解委员会|调解员|司法所).{0,12}(收取|收了|交了?|支付|交纳|缴纳).{0,12}(手续费|服务费|材料费|好处费)"
)
FREE: Final = re.compile(r"[不免未没无零]|减免")
CLAUSE: Final = re.compile(r"[，。；！？、\n,;!?]")
VIOLENCE: Final = re.compile(r"扬言|威胁|恐吓|打砸|持刀|械斗|斗殴|群殴|放火|投毒|爆炸|杀人|报复|自杀|跳楼|喝农药|上吊|堵门|堵路|围堵|聚众")
"""Words that tell of violence threatened or done; which words a county wants is its own (a proposal: the sources name the danger, not words)."""
WORDED: Final = {
    "agreement": ("agreement_content", "performance_terms"),
    "mediation_session": ("record_text",),
    "performance": ("content", "remarks"),
    "inquiry": ("record_text",),
}
"""Texts in which a fee or a threat may be written, by kind of child."""


@dataclass(frozen=True, slots=True)
class Caution:
    """`field`: of the mediation, or “agreement.agreement_form” of a child; what is said; the article behind it.

    An `alarm` is also told in today's work: somebody took money, somebody may come to harm.
    """

    field: str
    said: str
    article: str
    alarm: bool = False

    @property
    def sentence(self) -> str:
        """What is said with its article."""
        return f"{self.said}（{self.article}）" if self.article else self.said


@dataclass(frozen=True, slots=True)
class _Case:
    values: Values
    family: Family
    rules: Rules
    town: bool

    def of(self, kind: str) -> list[Values]:
        return list(self.family.get(kind, ()))

    @property
    def open(self) -> bool:
        return self.values.get("state", "registered") in OPEN


def warnings(values: Values, family: Family, rules: Rules = NATIONAL_RULES, *, town: bool = False) -> list[Caution]:
    """Everything to look up for in a mediation and its child rows (those of its agreements too); `town`: mediated by a township committee."""
    case = _Case(values, family, rules, town)
    return list(dict.fromkeys(found for rule in _RULES for found in rule(case)))


def charges(text: str) -> str:
    """The clause of a text that charges a fee for mediating; '' where none does. A clause that says there is none charges nothing."""
    return next((clause.strip() for clause in CLAUSE.split(text) if FEE.search(clause) and not FREE.search(clause)), "")


def threats(text: str) -> list[str]:
    """The words of a text that tell of violence, each once."""
    return list(dict.fromkeys(VIOLENCE.findall(text)))


def _fees(case: _Case) -> Iterator[Caution]:
    article = "人民调解法第4条"
    if any(e.get("fee_charged") is True for e in case.of("evaluation")):
        yield Caution("evaluation.fee_charged", "满意度测评反映收取了费用：人民调解不收取任何费用，请立即核实、退还", article, alarm=True)
    for kind, name, text in _texts(case):
        if clause := charges(text):
            yield Caution(f"{kind}.{name}", f"“{clause[:30]}”像是收取调解费用：人民调解不收取任何费用", article, alarm=True)


def _escalation(case: _Case) -> Iterator[Caution]:
    if not case.open:
        return
    article = "人民调解法第25条"
    risk = str(case.values.get("risk_forecast", NORMAL))
    if risk != NORMAL:
        label = code_list("risk_forecast").label_of(risk)
        said = f"案件预测为“{label}”：采取预防措施，可能引起治安、刑事案件的，及时报告公安机关或者有关部门"
        yield Caution("risk_forecast", said, article, alarm=True)
    words = threats("\n".join([str(case.values.get("dispute_summary", "")), *(text for _, _, text in _texts(case))]))
    if words and risk == NORMAL:
        yield Caution(
            "risk_forecast", f"写到了“{'、'.join(words[:4])}”，案件预测仍是“正常”：矛盾可能激化的，采取预防措施并及时报告", article, alarm=True
        )
    people = case.values.get("people_involved")
    counted = max(people if isinstance(people, int) else 0, sum(_heads(p) for p in case.of("party")))
    if counted > CROWD:
        yield Caution("people_involved", f"涉及{counted}人，超过{CROWD}人：防止发展成群体性事件，及时报告", article, alarm=True)
    if case.values.get("earlier_mediation"):
        yield Caution("earlier_mediation", "同一纠纷以前调解过，现在又起：查明反复的原因，防止激化", article)


def _oral(case: _Case) -> Iterator[Caution]:
    last = max(case.of("agreement"), key=lambda a: str(a.get("agreed_on", "")), default={})
    if last.get("agreement_form") != ORAL:
        return
    reasons = []
    if last.get("agreement_amount"):
        reasons.append("有民事权利义务内容（涉及金额）")
    if case.values.get("difficulty") in MAJOR:
        reasons.append("属于重大、疑难纠纷")
    due = [str(v) for v in (last.get("performance_due_on"), *(i.get("due_on") for i in case.of("performance"))) if v]
    if any(day > str(last.get("agreed_on", day)) for day in due):
        reasons.append("不是当场履行")
    if reasons:
        said = f"口头协议{'，'.join(reasons)}：应当制作书面协议，当事人要求的也应当书面"
        yield Caution("agreement.agreement_form", said, "人民调解工作若干规定第34条、参照宁波市人民调解条例第24条")


def _court(case: _Case) -> Iterator[Caution]:
    kind = str(case.values.get("dispute_type", ""))
    if case.of("judicial_confirmation") and kind in UNCONFIRMED:
        label = code_list("dispute_type").label_of(kind)
        said = f"{label}：涉及婚姻、亲子、收养等身份关系或者确认物权的，法院不受理司法确认申请"
        yield Caution("dispute_type", said, "民诉法解释第355条")
    if case.of("judicial_confirmation") and all(a.get("agreement_form") == ORAL for a in case.of("agreement")):
        yield Caution("judicial_confirmation.materials", "申请司法确认要交调解协议，现在只有口头协议", "民诉法解释第354条")


def _people(case: _Case) -> Iterator[Caution]:
    chosen: dict[Value | None, int] = {}
    for party in case.of("party"):
        if party.get("is_representative") is True:
            chosen[party.get("party_role")] = chosen.get(party.get("party_role"), 0) + 1
    if any(count > MOST_REPRESENTATIVES for count in chosen.values()):
        said = f"一方推选的代表超过{MOST_REPRESENTATIVES}人：人数众多的一方一般推选不超过{MOST_REPRESENTATIVES}人参加调解"
        yield Caution("party.is_representative", said, "参照宁波市人民调解条例第20条")
    if any(p.get("consent_obtained") is False for p in case.of("participant")):
        yield Caution("participant.consent_obtained", "有人没有征得当事人同意：邀请他人参与调解须经当事人同意", "人民调解法第20条")
    mediators = case.values.get("mediators")
    if case.town and case.open and isinstance(mediators, list) and len(mediators) < 2:
        yield Caution("mediators", "镇级调委会调解一般由两名以上调解员进行", "参照青浦区镇级人民调解委员会工作规则")
    if any(isinstance(i.get("investigators"), list) and len(i["investigators"]) < 2 for i in case.of("inquiry")):  # type: ignore[arg-type]
        yield Caution("inquiry.investigators", "调查取证一般由两名以上调解员进行", "参照青浦区镇级人民调解委员会工作规则")


def _moved(case: _Case) -> Iterator[Caution]:
    accepted, due = case.values.get("accepted_on"), case.values.get("due_on")
    changes = case.of("period_change")
    if any(c.get("change_kind") == EXTENDED and c.get("parties_agreed") is not True for c in changes):
        yield Caution("period_change.parties_agreed", "延长期限没有当事人同意，办理期限不变", "参照宁波市人民调解条例第27条")
    allowed = any(c.get("change_kind") == RESUMED or (c.get("change_kind") == EXTENDED and c.get("parties_agreed") is True) for c in changes)
    if not (accepted and due) or allowed or "referral_kind" in case.values:
        return
    last = mediation_due(str(accepted), case.rules).day
    if str(due) > last:
        said = f"办理期限（{due}）晚于受理后的期限（{last}）：延长须经当事人同意，在“期限变更”里填写"
        yield Caution("due_on", said, "人民调解工作若干规定第33条")


def _texts(case: _Case) -> Iterator[tuple[str, str, str]]:
    for kind, names in WORDED.items():
        for row in case.of(kind):
            for name in names:
                if name in row:
                    yield kind, name, str(row[name])


def _heads(party: Values) -> int:
    heads = party.get("side_headcount")
    return heads if isinstance(heads, int) and heads > 0 else 1


_RULES: Final[tuple[Callable[[_Case], Iterator[Caution]], ...]] = (_fees, _escalation, _oral, _court, _people, _moved)
