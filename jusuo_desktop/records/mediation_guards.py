"""What must hold before a mediation goes on, each guard with the article behind it, in the clerk's words. domain/rules.md §2-§7."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from jusuo_desktop.records.field import Value, Values
from jusuo_desktop.records.workflow import Family, Guard

REFUSED_BY_A_PARTY: Final = "4"
"""Code of the list refusal_reason; domain/rules.md A-01."""
GAVE_UP: Final = "1"
"""Code of the list termination_reason: one party refuses or gives up."""
EXTENDED, SUSPENDED, RESUMED = "1", "2", "3"
"""Codes of the list period_change."""
WRITTEN: Final = "2"
NOT_SETTLED: Final = "2"
"""Code of the list mediation_result."""
VALID: Final = "1"
"""Code of the list ruling_result."""
BY_POWER: Final = "1"
"""Code of the list agent_kind."""
LEGAL_PERSONS: Final = frozenset({"02", "03"})
ADULT: Final = 18


def two_parties(values: Values, family: Family) -> str | None:
    """Somebody asks and somebody is asked (M-09, A-01)."""
    sides = {p.get("party_role") for p in family.get("party", ()) if p.get("name") or p.get("organization_name")}
    if {"1", "2"} <= sides or len(family.get("party", ())) >= 2:
        return None
    return "缺少当事人：申请人和被申请人至少各登记一人（人民调解法第17条）。"


def nobody_refuses(values: Values, family: Family) -> str | None:
    """If one party clearly refuses there is no mediation (A-01)."""
    if values.get("refusal_reason") == REFUSED_BY_A_PARTY:
        return "一方当事人明确拒绝调解的，不得调解（人民调解法第17条）：请改作“不予受理”；又愿意调解的，先清空“不予受理理由”。"
    return None


def nobody_gave_up(values: Values, family: Family) -> str | None:
    """Nor does it go on when one of them gives it up (A-01, P-14)."""
    if values.get("termination_reason") == GAVE_UP:
        return "一方当事人拒绝或者放弃调解的，应当终止（人民调解法第17、26条）：请改作“调解不成”；又愿意调解的，先清空“终止原因”。"
    return None


def told_rights_first(values: Values, family: Family) -> str | None:
    """The parties are told their rights before the first session (P-01)."""
    told = values.get("rights_notified_on")
    if not told:
        return "缺少权利义务告知日期：调解前应当告知当事人权利义务（人民调解工作若干规定第30条）。"
    first = min((str(s["mediated_at"])[:10] for s in family.get("mediation_session", ()) if "mediated_at" in s), default=None)
    if first is not None and str(told) > first:
        return f"权利义务告知日期（{told}）晚于第一次调解（{first}），应当在调解之前告知（人民调解工作若干规定第30条）。"
    return None


def minors_have_guardians(values: Values, family: Family) -> str | None:
    """A party under eighteen acts through a guardian: his name, or an agent by law for that party (forms.md §2, row 3)."""
    day = str(values.get("registered_on") or values.get("accepted_on") or "")
    lacking = [p for p in family.get("party", ()) if _is_minor(p, day) and "guardian_name" not in p and not _has_lawful_agent(family)]
    if not lacking:
        return None
    return f"缺少监护人：{_names(lacking)}未满18周岁，应当由监护人代理，在当事人的更多项目里填写（卷内目录第3项“法定代理人证明材料”）。"


def organisations_have_principals(values: Values, family: Family) -> str | None:
    """An organisation acts through its principal (forms.md §1, §2.10: the representative signs and the seal is used)."""
    units = [p for p in family.get("party", ()) if p.get("organization_name") and (p.get("party_type") in LEGAL_PERSONS or not p.get("name"))]
    lacking = [p for p in units if "organization_principal" not in p]
    if not lacking:
        return None
    who = "、".join(str(p["organization_name"]) for p in lacking)
    return f"缺少单位负责人：{who}是单位，应当写明法定代表人或者负责人，由其签名并加盖单位印章。"


def agents_are_authorised(values: Values, family: Family) -> str | None:
    """An agent by power of attorney says for what and since when (forms.md §2.6)."""
    by_power = [a for a in family.get("agent", ()) if a.get("agent_kind") == BY_POWER]
    lacking = [a for a in by_power if not (a.get("authorized_matters") or a.get("authorized_more")) or "authorized_on" not in a]
    return f"缺少委托事项或者委托日期：{_names(lacking)}是委托代理人，应当有授权委托书（卷内目录第3项）。" if lacking else None


def has_session(values: Values, family: Family) -> str | None:
    """What was mediated is recorded (P-10)."""
    return None if family.get("mediation_session") else "缺少调解记录：调解情况应当记录（人民调解法第27条）。"


def last_session_succeeded(values: Values, family: Family) -> str | None:
    """One case may have several records; the last one decides (forms.md §2.9)."""
    last = max(family.get("mediation_session", ()), key=lambda s: str(s.get("mediated_at", "")), default={})
    if last.get("mediation_result") != NOT_SETTLED:
        return None
    return "最后一次调解记录的结果是“调解不成功”：达成协议的，请先补一份调解记录（人民调解法第27条）。"


def challenges_are_answered(values: Values, family: Family) -> str | None:
    """A party who objects to the mediator gets another one, or the record says what was decided (M-11)."""
    for session in family.get("mediation_session", ()):
        if session.get("was_challenged") is not True or session.get("challenge_outcome"):
            continue
        since = str(session.get("mediated_at", ""))[:10]
        if not any(str(c.get("changed_on", "")) >= since and c.get("new_mediators") for c in family.get("mediator_change", ())):
            return "缺少回避情况：当事人申请回避的，应当更换调解员，或者在调解记录里写明如何处理（人民调解法第23条：当事人可以选择或者接受调解员）。"
    return None


def has_agreement(values: Values, family: Family) -> str | None:
    """A written one, or an oral one whose content is noted (G-01)."""
    if any(a.get("agreement_content") for a in family.get("agreement", ())):
        return None
    return "缺少调解协议：书面协议或口头协议须写明内容（人民调解法第28、29条）。"


def agreement_is_effective(values: Values, family: Family) -> str | None:
    """When a written agreement took effect is known before the case is closed: the thirty days of the court run from there (G-04, J-01)."""
    if values.get("state") != "settled":
        return None
    last = _last_agreement(family)
    if last.get("agreement_form") != WRITTEN or "effective_on" in last:
        return None
    return "缺少协议生效日期：最后一方签名、盖章和调委会盖章之日（人民调解法第29条），30日内申请司法确认由此起算（第33条）。"


def performed_or_visited(values: Values, family: Family) -> str | None:
    """A settled case is closed when its agreement was performed or somebody went and asked (G-07, C-01)."""
    if values.get("state") != "settled":
        return None
    items = family.get("performance", ())
    told = "performance_status" in values or "performed_on" in values or (items and all("performed_on" in i for i in items))
    if told or family.get("follow_up"):
        return None
    return "缺少协议履行情况：履行完毕的填写履行情况或各项的实际履行日期，没有履行的先回访（人民调解法第31条）。"


def closed_after_performance(values: Values, family: Family) -> str | None:
    """The day of closing is the end of performance or later (C-03)."""
    closed = values.get("closed_on")
    done: Iterable[Value | None] = (values.get("performed_on"), *(i.get("performed_on") for i in family.get("performance", ())))
    last = max((str(day) for day in done if day), default="")
    if not closed or str(closed) >= last:
        return None
    return f"结案日期（{closed}）早于履行完毕的日期（{last}）：结案报告的结案时间是履行完毕的日期（结案报告表）。"


def suspension_stands(values: Values, family: Family) -> str | None:
    """A suspension is noted, with its reason and the parties' consent (P-05; suspension itself: a proposal)."""
    return _change_stands(family, SUSPENDED, "缺少中止的记录：在“期限变更”里写明日期和理由。", "中止调解")


def resumption_stands(values: Values, family: Family) -> str | None:
    """The mediation goes on again: that is noted too, and the time limit moves."""
    last = _last_change(family)
    return None if last.get("change_kind") == RESUMED else "缺少恢复的记录：在“期限变更”里写明日期；期限按中止的天数顺延。"


def not_confirmed_by_court(values: Values, family: Family) -> str | None:
    """What the court confirmed can be enforced and is not mediated again (J-07)."""
    if not any(c.get("ruling_result") == VALID for c in family.get("judicial_confirmation", ())):
        return None
    return "协议已经法院裁定有效，一方不履行的可以申请强制执行，不再调解（人民调解法第33条）。"


def joint_committees_take_part(values: Values, family: Family) -> str | None:
    """The committee of the case is not one of those that join it."""
    joint = values.get("joint_committees")
    if isinstance(joint, list) and values.get("committee") in joint:
        return "联合调解的调委会里有本调委会：只填另外参加的调委会。"
    return None


def any_of(names: tuple[str, ...], said: str) -> Guard:
    """A guard that asks for one of several fields."""

    def guard(values: Values, family: Family) -> str | None:
        return None if any(values.get(n) for n in names) else said

    return guard


def _change_stands(family: Family, wanted: str, said: str, called: str) -> str | None:
    last = _last_change(family)
    if last.get("change_kind") != wanted:
        return said
    if last.get("parties_agreed") is not True:
        return f"缺少各方当事人同意：{called}须经当事人同意，在“期限变更”里填写（参照宁波市人民调解条例第27条）。"
    return None


def _last_change(family: Family) -> Values:
    """The newest suspension or resumption; of one day the one noted last."""
    found: Values = {}
    for change in family.get("period_change", ()):
        if change.get("change_kind") in (SUSPENDED, RESUMED) and str(change.get("decided_on", "")) >= str(found.get("decided_on", "")):
            found = change
    return found


def _last_agreement(family: Family) -> Values:
    return max(family.get("agreement", ()), key=lambda a: str(a.get("agreed_on", "")), default={})


def _is_minor(party: Values, day: str) -> bool:
    born = party.get("birth_date")
    if not (born and day):
        return False
    birth, then = date.fromisoformat(str(born)), date.fromisoformat(day[:10])
    return then.year - birth.year - ((then.month, then.day) < (birth.month, birth.day)) < ADULT


def _has_lawful_agent(family: Family) -> bool:
    """Whether somebody acts by law: child rows reach a guard without their ids, so one agent by law speaks for the minors of the case."""
    return any(a.get("agent_kind") == "2" for a in family.get("agent", ()))


def _names(people: Iterable[Values]) -> str:
    return "、".join(str(p.get("name") or p.get("organization_name") or "当事人") for p in people)
