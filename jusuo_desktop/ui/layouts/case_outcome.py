"""What a mediation leads to: the agreement with what each side has to do, the visits afterwards, the court. domain/forms.md §2.10-2.14."""

from __future__ import annotations

from jusuo_desktop.ui.layouts.layout import Cell, Children, Layout, Section, Table

SCANS = Children(("attachment",))

PERFORMANCES = Table(
    "performance",
    "履行事项",
    line=(
        Cell("obligor", share=10),
        Cell("content"),
        Cell("amount", share=12),
        Cell("due_on", share=12),
        Cell("performed_on", share=12),
        Cell("performed_amount", share=12),
    ),
    more=(
        Cell("instalment", share=6),
        Cell("performance_method", share=14),
        Cell("voucher", share=20),
        Cell("received_by", share=10),
        Cell("remarks", share=24),
    ),
)

AGREEMENT = Layout(
    "agreement",
    (
        Section(
            "",
            (
                (Cell("agreement_form", style="row"), "agreed_on", "effective_on"),
                (Cell("facts_and_disputed_matters", span=3, lines=4),),
                (Cell("agreement_content", span=3, lines=5),),
                (Cell("performance_terms", span=3, lines=2),),
                ("performance_methods", "performance_due_on", "agreement_amount"),
                ("agreement_number", "copies", "recorder"),
            ),
            columns=3,
        ),
        PERFORMANCES,
        SCANS,
    ),
)

FOLLOW_UP = Layout(
    "follow_up",
    (
        Section(
            "",
            (
                ("visited_at", Cell("visited_persons", span=2)),
                (Cell("visit_reason", span=2), "place"),
                (Cell("survey_method", style="row"), Cell("performance_status", style="row", span=2)),
                (Cell("satisfaction_grade", span=3, style="row"),),
                (Cell("visit_signs", span=3, style="row"),),
                (Cell("visit_findings", span=3, lines=8),),
                (Cell("measures", span=2), "visitor"),
            ),
            columns=3,
        ),
        SCANS,
    ),
)

JUDICIAL_CONFIRMATION = Layout(
    "judicial_confirmation",
    (
        Section(
            "",
            (
                (Cell("court_name", span=2), "applied_on"),
                (Cell("request_items", span=3, lines=2),),
                (Cell("facts_and_reasons", span=3, lines=8),),
                (Cell("materials", span=3),),
                ("accepted_on", Cell("ruling_result", span=2, style="row")),
                (Cell("ruling_number", span=2), "ruled_on"),
                (Cell("remarks", span=3),),
            ),
            columns=3,
        ),
        SCANS,
    ),
)
