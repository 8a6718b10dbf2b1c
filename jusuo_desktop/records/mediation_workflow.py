"""The course of a mediation as explicit states (domain/rules.md §7), and what must hold before each step."""

from __future__ import annotations

from jusuo_desktop.records import mediation_guards as guard
from jusuo_desktop.records.workflow import Step, Workflow, needs

PEOPLE = (guard.minors_have_guardians, guard.organisations_have_principals, guard.agents_are_authorised)
WAY_ON = ("way_on", "alternative_channels")

MEDIATION_WORKFLOW = Workflow(
    field="state",
    first="registered",
    steps=(
        Step(
            "accept",
            "受理",
            ("registered",),
            "accepted",
            (needs("accepted_on", "缺少受理日期。"), guard.two_parties, needs("dispute_summary", "缺少纠纷简要情况。"), guard.nobody_refuses),
        ),
        Step(
            "refuse",
            "不予受理",
            ("registered",),
            "refused",
            (
                needs("refusal_reason", "缺少不予受理理由：应当说明为什么不能调解（参照宁波市人民调解条例第17条）。"),
                needs("refused_on", "缺少不予受理日期。"),
                guard.any_of(WAY_ON, "缺少告知的其他途径：不予受理的，应当告知到哪里解决（参照人民调解法第26条）。"),
            ),
        ),
        Step(
            "mediate",
            "开始调解",
            ("accepted",),
            "mediating",
            (
                needs("mediators", "缺少调解员：由调委会指定或者当事人选择（人民调解法第19条）。"),
                guard.told_rights_first,
                guard.nobody_refuses,
                guard.nobody_gave_up,
                guard.joint_committees_take_part,
                *PEOPLE,
            ),
        ),
        Step("suspend", "中止", ("accepted", "mediating"), "suspended", (guard.suspension_stands,)),
        Step("go_on", "恢复调解", ("suspended",), "mediating", (guard.resumption_stands, guard.nobody_gave_up)),
        Step(
            "settle",
            "达成协议",
            ("accepted", "mediating"),
            "settled",
            (
                needs("mediators", "缺少调解员：由调委会指定或者当事人选择（人民调解法第19条）。"),
                guard.told_rights_first,
                guard.has_session,
                guard.last_session_succeeded,
                guard.has_agreement,
                guard.challenges_are_answered,
                guard.nobody_refuses,
                guard.nobody_gave_up,
                *PEOPLE,
            ),
            fills=(("mediation_result", "1"),),
        ),
        Step(
            "fail",
            "调解不成",
            ("accepted", "mediating", "suspended"),
            "failed",
            (
                needs("termination_reason", "缺少终止原因：调解不成的应当终止调解（人民调解法第26条）。"),
                needs("terminated_on", "缺少终止日期。"),
                guard.any_of(WAY_ON, "缺少告知的其他途径：应当告知可以依法通过仲裁、行政、司法等途径维护自己的权利（人民调解法第26条）。"),
            ),
            fills=(("mediation_result", "2"),),
        ),
        Step("withdraw", "撤回", ("registered", "accepted", "mediating", "suspended"), "withdrawn"),
        Step("resume", "再次调解", ("settled", "failed"), "mediating", (guard.not_confirmed_by_court,), fills=(("mediation_result", "3"),)),
        Step(
            "close",
            "结案",
            ("settled", "failed", "withdrawn", "refused"),
            "closed",
            (
                needs("closed_on", "缺少结案日期。"),
                guard.agreement_is_effective,
                guard.performed_or_visited,
                guard.closed_after_performance,
            ),
        ),
        Step(
            "archive",
            "归档",
            ("closed",),
            "archived",
            (
                needs("retention_period", "缺少保管期限：短期、长期或者永久（档案法实施条例第19条）。"),
                needs("filed_by", "缺少立卷人（卷宗封面）。"),
                needs("filed_on", "缺少立卷日期（卷宗封面）。"),
            ),
            stamps="archived_on",
        ),
    ),
)
