"""A round of screening with what it found, a matter found, a warning, and the office's own paragraphs (domain/forms.md §2.22)."""

from __future__ import annotations

from jusuo_desktop.ui.layouts.layout import Cell, Children, Layout, Section, Table

FOUND = Table(
    "screened_dispute",
    "排查出的纠纷",
    line=(
        Cell("parties", share=22),
        Cell("dispute_type", share=13),
        Cell("people_involved", share=5),
        Cell("summary", lines=1),
        Cell("risk_forecast", share=14),
        Cell("screening_outcome", share=12),
    ),
    wide=(Cell("responsible_person", share=9), Cell("due_on", share=11)),
    more=(
        Cell("place", share=24),
        Cell("measures", share=50),
        Cell("remarks", share=30),
        Cell("mediation", share=26),
    ),
)

DISPUTE_SCREENING = Layout(
    "dispute_screening",
    (
        Section(
            "",
            (
                ("screened_on", "village", "committee", "place"),
                ("screeners", "other_screeners", "period_from", "period_to"),
                (Cell("screening_content", span=3, lines=1), "is_zero_report"),
            ),
        ),
        FOUND,
        Section("", ((Cell("remarks", span=4),),)),
        Children(("attachment",)),
    ),
)

SCREENED_DISPUTE = Layout(
    "screened_dispute",
    (
        Section(
            "",
            (
                (Cell("parties", span=2), "people_involved"),
                ("dispute_type", "risk_forecast", "place"),
                (Cell("summary", span=3, lines=5),),
                (Cell("measures", span=3),),
                ("responsible_person", "due_on", "screening_outcome"),
                ("mediation", Cell("remarks", span=2)),
            ),
            columns=3,
        ),
        Children(("attachment",)),
    ),
)

EARLY_WARNING = Layout(
    "early_warning",
    (
        Section(
            "",
            (
                ("warned_at", Cell("warning_level", span=2, style="row")),
                (Cell("risk_forecast", span=3, style="row"),),
                ("people", "people_involved", "village"),
                (Cell("content", span=3, lines=6),),
                ("told_to", "told_at", "told_by"),
                (Cell("measures", span=3, lines=4),),
                ("mediation", "screened_dispute", "resolved_at"),
            ),
            columns=3,
        ),
        Children(("attachment",)),
    ),
)

PHRASE = Layout(
    "phrase",
    (
        Section(
            "",
            (
                ("name", "letters", "rank"),
                (Cell("places", span=3, style="row"),),
                (Cell("dispute_types", span=3, style="row"),),
                (Cell("wording", span=3, lines=10),),
            ),
            columns=3,
        ),
    ),
)
