"""Who stands beside the parties of a mediation, and how all of them are called: agents, participants, calls, proofs of service."""

from __future__ import annotations

from jusuo_desktop.ui.layouts.layout import Cell, Children, Layout, Section

SCANS = Children(("attachment",))

AGENT = Layout(
    "agent",
    (
        Section(
            "",
            (
                ("name", "agent_kind", "principals"),
                ("relationship", "contact_phone", "id_card_number"),
                ("sex", "birth_date", "address"),
                (Cell("authorized_matters", span=3, style="row"),),
                (Cell("authorized_more", span=3),),
                ("authorized_on", Cell("authorization_term", span=2)),
            ),
            columns=3,
        ),
        SCANS,
    ),
)

PARTICIPANT = Layout(
    "participant",
    (
        Section(
            "",
            (
                ("name", "participant_role"),
                ("organization_name", "contact_phone"),
                ("invited_on", Cell("consent_obtained", style="row")),
                (Cell("remarks", span=2),),
            ),
            columns=2,
        ),
    ),
)

INVITATION = Layout(
    "invitation",
    (
        Section(
            "",
            (
                (Cell("invited_persons", span=3),),
                ("mediated_at", Cell("place", span=2)),
                (Cell("to_bring", span=3),),
                ("sent_on", Cell("contact", span=2)),
            ),
            columns=3,
        ),
    ),
)

SERVICE_PROOF = Layout(
    "service_proof",
    (
        Section(
            "",
            (
                (Cell("document_names", span=3),),
                ("recipient", Cell("service_method", span=2, style="row")),
                ("sent_on", "served_at", "place"),
                ("server", Cell("received_by", span=2)),
                (Cell("refusal_note", span=3),),
                (Cell("remarks", span=3),),
            ),
            columns=3,
        ),
        SCANS,
    ),
)
