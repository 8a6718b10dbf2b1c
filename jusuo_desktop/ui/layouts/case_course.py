"""What happens in a mediation, each a page of its own: inquiries, evidence, sessions, changes of time and people. domain/forms.md §2.7-2.9."""

from __future__ import annotations

from jusuo_desktop.ui.layouts.layout import Cell, Children, Layout, Section

SCANS = Children(("attachment",))

INQUIRY = Layout(
    "inquiry",
    (
        Section(
            "",
            (
                ("investigated_at", Cell("place", span=2)),
                (Cell("participants", span=3),),
                ("investigated_person", "investigators", "recorder"),
                (Cell("record_text", span=3, lines=14),),
            ),
            columns=3,
        ),
        SCANS,
    ),
)

EVIDENCE = Layout(
    "evidence",
    (
        Section(
            "",
            (
                (Cell("evidence_name", span=3),),
                (Cell("evidence_kind", span=3, style="row"),),
                (Cell("provided_by", span=2), "collected_on"),
                ("pages", "copies", Cell("is_original", style="row")),
                (Cell("description", span=3),),
                (Cell("remarks", span=3),),
            ),
            columns=3,
        ),
        SCANS,
    ),
)

MEDIATION_SESSION = Layout(
    "mediation_session",
    (
        Section(
            "",
            (
                ("mediated_at", Cell("place", span=2)),
                (Cell("participants", span=3),),
                (Cell("record_text", span=3, lines=14),),
                ("mediation_result", "mediators", "recorder"),
            ),
            columns=3,
        ),
        Section("回避", ((Cell("was_challenged", style="row"), Cell("challenge_outcome", span=2)),), columns=3, folded=True, key="G", held=True),
        Section(
            "无争议事实",
            ((Cell("undisputed_facts", span=3, lines=4),),),
            columns=3,
            folded=True,
            key="U",
            when=(("mediation_result", frozenset({"2"})),),
            held=True,
        ),
        SCANS,
    ),
)

PERIOD_CHANGE = Layout(
    "period_change",
    (
        Section(
            "",
            (
                (Cell("change_kind", span=3, style="row"),),
                ("decided_on", "new_due_on", Cell("parties_agreed", style="row")),
                (Cell("reason", span=3),),
            ),
            columns=3,
        ),
    ),
)

MEDIATOR_CHANGE = Layout(
    "mediator_change",
    (
        Section(
            "",
            (
                ("former_mediators", "new_mediators", "changed_on"),
                (Cell("change_reason", span=3, style="row"),),
                ("requested_by", Cell("remarks", span=2)),
            ),
            columns=3,
        ),
    ),
)
