"""A record gets its printed number: drawn from the device's numbers and written into the record in one transaction (S8)."""

from __future__ import annotations

from sqlalchemy import Connection, text

from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.voided_number import VOIDED_NUMBER
from jusuo_desktop.store import numbers
from jusuo_desktop.store.edit import Edit, Hand
from jusuo_desktop.store.enrolment import read_enrolment
from jusuo_desktop.store.list_indexes import expression
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.store.rows import rows_by_id, to_record
from jusuo_desktop.store.sealing import bearer as sealed_bearer
from jusuo_desktop.store.write import write


def number(connection: Connection, record_id: str, series: str, pattern: str, hand: Hand) -> tuple[Record, bool]:
    """The record with its number, and whether the number is new. A number that another record carries is never given.

    Raises:
        Refused: the numbers are used up; the write path refuses the record.
    """
    row = rows_by_id(connection, [record_id]).get(record_id)
    if row is None:
        raise Refused("这条记录不在本机上，可能已经移交给别的司法所。")
    kind = KINDS[row.kind]
    if not kind.number:
        raise ValueError(f"a {kind.name} has no printed number")
    record = to_record(row)
    if record.values.get(kind.number):
        return record, False

    def bearer(printed: str) -> str:
        query = (
            f"SELECT id FROM record WHERE kind = '{kind.name}' AND {expression(kind.number)} = :printed AND id <> :id"
            f" UNION ALL SELECT id FROM record WHERE kind = '{VOIDED_NUMBER.name}' AND {expression(VOIDED_NUMBER.order)} = :printed LIMIT 1"
        )
        return str(connection.execute(text(query), {"printed": printed, "id": record_id}).scalar() or sealed_bearer(connection, kind.name, printed))

    own_issuer = read_enrolment(connection) is None
    printed = numbers.draw(connection, series, record_id, hand.at, pattern, own_issuer=own_issuer, bearer=bearer)
    return write(connection, [Edit(kind.name, {kind.number: printed}, record_id)], hand, "number")[0], True
