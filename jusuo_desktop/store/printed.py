"""What was printed, by whom, in which version, and of which values: a print after a change can say so, and the same bytes come out again.

The bytes themselves lie in store.contents under `digest`; a print of before they were kept has only its digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from jusuo_desktop.store.schema import PRINTED


@dataclass(frozen=True, slots=True)
class Printed:
    """One print: `digest` of the PDF's bytes, `values_digest` of what was bound into it (hex SHA-256).

    `whole` is the digest of the same sheet with the form's own wording where only the values went onto pre-printed paper.
    """

    record_id: str
    form: str
    form_version: str
    pages: int
    digest: str
    values_digest: str
    at: int = 0
    user_id: str = ""
    whole: str = ""

    @property
    def readable(self) -> str:
        """The digest of the sheet as a reader sees it: with the form's wording."""
        return self.whole or self.digest


def note(connection: Connection, sheet: Printed, user_id: str, at: int) -> None:
    """Keeps one print."""
    connection.execute(
        insert(PRINTED).values(
            record_id=sheet.record_id, form=sheet.form, form_version=sheet.form_version, at=at, user_id=user_id, pages=sheet.pages,
            digest=sheet.digest, values_digest=sheet.values_digest, whole=sheet.whole,
        )
    )  # fmt: skip


def prints(connection: Connection, record_ids: Iterable[str]) -> list[Printed]:
    """The prints of some records, oldest first."""
    rows = connection.execute(select(PRINTED).where(PRINTED.c.record_id.in_(list(record_ids))).order_by(PRINTED.c.serial))
    return [Printed(r.record_id, r.form, r.form_version, r.pages, r.digest, r.values_digest, r.at, r.user_id, r.whole) for r in rows]
