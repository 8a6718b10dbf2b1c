"""A mediation and what belongs to it: the order is that of the talk at the counter and of the acceptance sheet (domain/forms.md §2)."""

from __future__ import annotations

from jusuo_desktop.ui.layouts.layout import Cell, Children, Layout, Section, Table

PARTIES = Table(
    "party",
    "当事人",
    line=(
        Cell("name", share=10),
        Cell("party_role", share=9),
        Cell("id_card_number", share=20),
        Cell("sex", share=5),
        Cell("contact_phone", share=14),
        Cell("address"),
    ),
    wide=(Cell("ethnicity", share=8), Cell("birth_date", share=11), Cell("occupation", share=10)),
    more=(
        Cell("party_type", share=9),
        Cell("age", share=5),
        Cell("organization_name", share=20),
        Cell("organization_principal", share=9),
    ),
    begin=((("party_role", "1"),), (("party_role", "2"),)),
)

MEDIATION = Layout(
    "mediation",
    (
        Section(
            "",
            (
                ("registered_on", "dispute_type", "case_source", "village"),
                ("committee", "mediators", "difficulty", "risk_forecast"),
            ),
        ),
        PARTIES,
        Section(
            "",
            (
                (Cell("dispute_summary", span=4, lines=4),),
                (Cell("application_items", span=4, lines=1),),
                ("accepted_on", "rights_notified_on", "due_on", "place"),
                ("mediation_result", "performance_status", "performed_on", "closed_on"),
            ),
        ),
        Children(("mediation_session", "agreement", "evaluation")),
        Section(
            "更多",
            (
                (Cell("title", span=2), "case_number", "registered_by"),
                ("people_involved", "is_public", "termination_reason", "refusal_reason"),
                ("retention_period", Cell("remarks", span=3)),
            ),
            folded=True,
        ),
        Children(("attachment",)),
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
                (Cell("record_text", span=3, lines=16),),
                ("mediation_result", "mediators", "recorder"),
            ),
            columns=3,
        ),
        Children(("attachment",)),
    ),
)

AGREEMENT = Layout(
    "agreement",
    (
        Section(
            "",
            (
                (Cell("agreement_form", style="row"), "agreed_on", "effective_on"),
                (Cell("facts_and_disputed_matters", span=3, lines=6),),
                (Cell("agreement_content", span=3, lines=6),),
                (Cell("performance_terms", span=3, lines=3),),
                ("performance_methods", "performance_due_on", "agreement_amount"),
                ("agreement_number", "copies", "recorder"),
            ),
            columns=3,
        ),
        Children(("attachment",)),
    ),
)
