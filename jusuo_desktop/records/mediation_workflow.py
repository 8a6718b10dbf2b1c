"""The course of a mediation as explicit states (domain/rules.md §7) and its guards, each with the article behind it."""

from __future__ import annotations

from jusuo_desktop.records.field import Values
from jusuo_desktop.records.workflow import Family, Guard, Step, Workflow, needs


def _two_parties(values: Values, family: Family) -> str | None:
    sides = {p.get("party_role") for p in family.get("party", ()) if p.get("name") or p.get("organization_name")}
    if {"1", "2"} <= sides or len(family.get("party", ())) >= 2:
        return None
    return "缺少当事人：申请人和被申请人至少各登记一人（人民调解法第17条）。"


def _told_rights_first(values: Values, family: Family) -> str | None:
    told = values.get("rights_notified_on")
    if not told:
        return "缺少权利义务告知日期：调解前应当告知当事人权利义务（人民调解工作若干规定第30条）。"
    first = min((str(s["mediated_at"])[:10] for s in family.get("mediation_session", ()) if "mediated_at" in s), default=None)
    if first is not None and str(told) > first:
        return f"权利义务告知日期（{told}）晚于第一次调解（{first}），应当在调解之前告知（人民调解工作若干规定第30条）。"
    return None


def _has_session(values: Values, family: Family) -> str | None:
    return None if family.get("mediation_session") else "缺少调解记录：调解情况应当记录（人民调解法第27条）。"


def _has_agreement(values: Values, family: Family) -> str | None:
    if any(a.get("agreement_content") for a in family.get("agreement", ())):
        return None
    return "缺少调解协议：书面协议或口头协议须写明内容（人民调解法第28、29条）。"


def _changed(wanted: str, said: str) -> Guard:
    def guard(values: Values, family: Family) -> str | None:
        return None if any(c.get("change_kind") == wanted for c in family.get("period_change", ())) else said

    return guard


MEDIATION_WORKFLOW = Workflow(
    field="state",
    first="registered",
    steps=(
        Step(
            "accept",
            "受理",
            ("registered",),
            "accepted",
            (needs("accepted_on", "缺少受理日期。"), _two_parties, needs("dispute_summary", "缺少纠纷简要情况。")),
        ),
        Step("refuse", "不予受理", ("registered",), "refused", (needs("refusal_reason", "缺少不予受理的理由，并应告知当事人其他途径。"),)),
        Step(
            "mediate",
            "开始调解",
            ("accepted",),
            "mediating",
            (needs("mediators", "缺少调解员：由调委会指定或者当事人选择（人民调解法第19条）。"), _told_rights_first),
        ),
        Step("suspend", "中止", ("accepted", "mediating"), "suspended", (_changed("2", "缺少中止的记录：在“期限变更”里写明日期和理由。"),)),
        Step("go_on", "恢复调解", ("suspended",), "mediating", (_changed("3", "缺少恢复的记录：在“期限变更”里写明日期和新的期限。"),)),
        Step("settle", "达成协议", ("accepted", "mediating"), "settled", (_told_rights_first, _has_session, _has_agreement)),
        Step(
            "fail",
            "调解不成",
            ("accepted", "mediating", "suspended"),
            "failed",
            (needs("termination_reason", "缺少终止原因；应当终止调解并告知可以仲裁、行政、司法等途径维权（人民调解法第26条）。"),),
        ),
        Step("withdraw", "撤回", ("registered", "accepted", "mediating", "suspended"), "withdrawn"),
        Step("resume", "再次调解", ("settled", "failed"), "mediating"),
        Step("close", "结案", ("settled", "failed", "withdrawn", "refused"), "closed", (needs("closed_on", "缺少结案日期。"),)),
        Step("archive", "归档", ("closed",), "archived", (needs("retention_period", "缺少保管期限。"),)),
    ),
)
