"""Offices, villages, committees, the people who work there, and what the county sets for them."""

from __future__ import annotations

from jusuo_desktop.ui.layouts.layout import Cell, Layout, Section

JUDICIAL_OFFICE = Layout(
    "judicial_office",
    (Section("", (("name", "short_name"), ("county_name", "division_code"), ("address", "phone")), columns=2),),
)

VILLAGE = Layout(
    "village",
    (Section("", (("name", "division_code"), ("contact_name", "contact_phone"), ("adviser",)), columns=2),),
)

MEDIATION_COMMITTEE = Layout(
    "mediation_committee",
    (Section("", (("name", "short_name"), ("committee_type", "village"), ("address", "phone")), columns=2),),
)

WORKER = Layout(
    "worker",
    (
        Section(
            "",
            (
                ("name", "phone"),
                (Cell("worker_roles", span=2, style="row"),),
                ("committee", "village"),
                ("id_card_number", Cell("sex", style="row")),
                ("birth_date", Cell("full_or_part_time", style="row")),
                ("firm_name", "license_number"),
                (Cell("access_role", span=2, style="row"),),
                (Cell("left_on"),),
            ),
            columns=2,
        ),
    ),
)

CALENDAR_YEAR = Layout(
    "calendar_year",
    (Section("", (("year", "source"), (Cell("days_off", span=2),), (Cell("days_worked", span=2),)), columns=2),),
)

COUNTY_PARAMETER = Layout(
    "county_parameter",
    (
        Section(
            "",
            (
                (Cell("parameter", span=2, style="row"),),
                ("holds_from",),
                ("value", Cell("unit", style="row")),
                (Cell("basis", span=2),),
                (Cell("remarks", span=2),),
            ),
            columns=2,
        ),
    ),
)
