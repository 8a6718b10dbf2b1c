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
        Cell("social_credit_code", share=20),
        Cell("side_headcount", share=6),
        Cell("is_representative", share=8),
        Cell("guardian_name", share=9),
        Cell("guardian_relationship", share=8),
        Cell("guardian_phone", share=14),
    ),
    begin=((("party_role", "1"),), (("party_role", "2"),)),
)

REFERRED = frozenset({"3", "4", "5", "6", "7"})
"""Codes of the list case_source: entrusted or passed on by a court, the procuratorate, the police, the petition office or another body."""

COURSE = Children(
    (
        "agent",
        "participant",
        "invitation",
        "service_proof",
        "inquiry",
        "evidence",
        "mediation_session",
        "period_change",
        "mediator_change",
        "agreement",
        "follow_up",
        "judicial_confirmation",
        "evaluation",
        "case_subsidy",
    ),
    "DCZSXJTQGYHRPB",
)
"""What belongs to a case, in the order in which it comes: the people, the calls, the inquiries, the mediation, the agreement, what follows."""

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
                (Cell("dispute_summary", span=4, lines=3),),
                (Cell("application_items", span=4, lines=1),),
                ("accepted_on", "rights_notified_on", "due_on", "place"),
                ("mediation_result", "performance_status", "performed_on", "closed_on"),
            ),
        ),
        COURSE,
        Section(
            "委托移送",
            (
                ("entrusting_body", "referral_kind", "referral_number", "referral_received_on"),
                (Cell("referral_materials", span=2), "referral_reply_due_on", "referral_replied_on"),
            ),
            folded=True,
            key="W",
            when=(("case_source", REFERRED),),
            held=True,
        ),
        Section(
            "不予受理、终止",
            (
                ("refusal_reason", "refused_on", "termination_reason", "terminated_on"),
                (Cell("refusal_note", span=2), Cell("termination_note", span=2)),
                (Cell("way_on", span=2), Cell("alternative_channels", span=2)),
            ),
            folded=True,
            key="N",
            when=(("state", frozenset({"refused", "failed", "withdrawn"})), ("mediation_result", frozenset({"2"}))),
            held=True,
        ),
        Section(
            "联合调解、多人",
            ((Cell("joint_committees", span=2), "people_involved", "is_public"),),
            folded=True,
            key="L",
            held=True,
            aside=frozenset({"people_involved", "is_public"}),
        ),
        Section(
            "立卷归档",
            (
                ("retention_period", "filed_by", "filed_on", "reviewed_by"),
                (Cell("dossier_note", span=3, lines=2), "archived_on"),
            ),
            folded=True,
            key="A",
            when=(("state", frozenset({"closed", "archived"})),),
            held=True,
        ),
        Section(
            "更多",
            (
                (Cell("title", span=2), "case_number", "registered_by"),
                ("oral_application", "registered_afterwards", Cell("remarks", span=2)),
                (Cell("earlier_mediation", span=2), Cell("screened_dispute", span=2)),
            ),
            folded=True,
            key="M",
        ),
        Children(("attachment",)),
    ),
)
