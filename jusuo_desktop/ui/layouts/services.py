"""Consultation, adviser visit and evaluation: one screen each (domain/forms.md §3.1, §4.1, §5)."""

from __future__ import annotations

from jusuo_desktop.ui.layouts.layout import Cell, Children, Layout, Section

CONSULTATION = Layout(
    "consultation",
    (
        Section(
            "",
            (
                ("consulted_at", Cell("consultation_channel", span=2, style="row"), "received_by"),
                ("name", "contact_phone", "id_card_number", "sex"),
                (Cell("address", span=2), "village", "birth_date"),
                (Cell("crowd_types", span=4, style="row"),),
                (Cell("matter_type", span=2, style="row"), Cell("cause_of_action", span=2)),
                (Cell("consultation_content", span=4, lines=4),),
                (Cell("reply_opinion", span=4, lines=4),),
                ("replied_at", "handling_method", "reply_due_on", "told_legal_aid"),
                (Cell("satisfaction_grade", span=3, style="row"), "transferred_to_legal_aid"),
            ),
        ),
        Section(
            "更多",
            (
                ("consultation_number", "call_type", "letter_route", "accompanying_count"),
                ("identity_refused", Cell("remarks", span=3)),
            ),
            folded=True,
        ),
        Children(("evaluation", "attachment")),
    ),
)

ADVISER_VISIT = Layout(
    "adviser_visit",
    (
        Section(
            "",
            (
                ("served_on", "village", "adviser", Cell("service_mode", style="row")),
                ("started_at", "ended_at", "duration_minutes", "place"),
                (Cell("service_types", span=4, style="row"),),
                (Cell("served_persons", span=4),),
                (Cell("service_content", span=4, lines=6),),
                (Cell("result", span=4, lines=3),),
                ("consultation_count", "lecture_attendance", "mediation_count", "training_attendance"),
                ("material_count", "document_count", "legal_aid_count", "charter_count"),
                (Cell("rating", span=3, style="row"), "visit_number"),
                (Cell("remarks", span=4),),
            ),
        ),
        Children(("evaluation", "attachment")),
    ),
)

EVALUATION = Layout(
    "evaluation",
    (
        Section(
            "",
            (
                ("evaluated_on", Cell("survey_method", style="row")),
                (Cell("evaluation_subject", style="row"), "respondent_name"),
                (Cell("service_attitude", span=2, style="row"),),
                (Cell("impartiality", span=2, style="row"),),
                (Cell("service_efficiency", span=2, style="row"),),
                (Cell("service_competence", span=2, style="row"),),
                ("fee_charged", Cell("performance", style="row")),
                (Cell("overall_satisfaction", span=2, style="row"),),
                (Cell("comments", span=2, lines=4),),
                ("visited_by",),
            ),
            columns=2,
        ),
        Children(("attachment",)),
    ),
)
