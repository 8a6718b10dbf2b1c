"""What the county pays for a case, and one claim."""

from __future__ import annotations

from jusuo_desktop.ui.layouts.layout import Cell, Layout, Section

SUBSIDY_CLASS = Layout(
    "subsidy_class",
    (
        Section(
            "",
            (
                ("class_name", "holds_from"),
                (Cell("subsidy_level", style="row"), "rank"),
                ("amount", "oral_share"),
                (Cell("basis", span=2),),
            ),
            columns=2,
        ),
        Section(
            "哪些案件算这一档（符合其一即可，都不填则各类案件都算）",
            ((Cell("difficulties", span=2, style="row"),), ("least_people", "least_amount")),
            columns=2,
        ),
        Section("发放条件（都满足才能申报）", ((Cell("conditions", span=2, style="row"),),), columns=2),
    ),
)

CASE_SUBSIDY = Layout(
    "case_subsidy",
    (
        Section(
            "",
            (
                ("mediator", "claimed_on"),
                ("subsidy_class", "amount"),
                ("proposed_class", "class_reason"),
                (Cell("conditions_met", span=2, style="row"),),
                ("dossier_score", "paid_quarter"),
                (Cell("committee_opinion", span=2),),
                (Cell("office_opinion", span=2),),
                ("confirmed_by", "confirmed_on"),
            ),
            columns=2,
        ),
    ),
)
