"""What was printed, by whom, in which version, and of which values: a print after a change can say so."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from jusuo_desktop.store.schema import PRINTED


@dataclass(frozen=True, slots=True)
class Printed:
    """One print: `digest` of the PDF's bytes, `values_digest` of what was bound into it (hex SHA-256)."""

    record_id: str
    form: str
    form_version: str
    pages: int
    digest: str
    values_digest: str
    at: int = 0
    user_id: str = ""


def note(connection: Connection, sheet: Printed, user_id: str, at: int) -> None:
    """Keeps one print."""
    connection.execute(
        insert(PRINTED).values(
            record_id=sheet.record_id, form=sheet.form, form_version=sheet.form_version, at=at, user_id=user_id, pages=sheet.pages,
            digest=sheet.digest, values_digest=sheet.values_digest,
        )
    )  # fmt: skip


def prints(connection: Connection, record_id: str) -> list[Printed]:
    """The prints of a record, oldest first."""
    rows = connection.execute(select(PRINTED).where(PRINTED.c.record_id == record_id).order_by(PRINTED.c.serial))
    return [Printed(r.record_id, r.form, r.form_version, r.pages, r.digest, r.values_digest, r.at, r.user_id) for r in rows]
