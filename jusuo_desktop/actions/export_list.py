"""To take a list out as a workbook: masked unless asked, marked with who and when, noted in the audit chain, known again when it comes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.reports.list_sheet import ListLine, is_sensitive, shown, write_list
from jusuo_desktop.reports.progress import FreeReins, Progress, Reins
from jusuo_desktop.reports.targets import AGREED, ROLE_OF, Target, targets
from jusuo_desktop.store.listing import ListQuery, ListRow
from jusuo_desktop.store.refusal import NotAllowed, Refused

PAGE: Final = 500
MOST_ROWS: Final = 200_000
"""What can be imported again (reports.bounds)."""
FULL_VIEWERS: Final = frozenset({"clerk", "director"})
WITH_IT: Final[dict[str, tuple[str, ...]]] = {
    "mediation": (
        "applicant.name", "applicant.id_card_number", "applicant.contact_phone", "respondent.name", "respondent.id_card_number",
        "respondent.contact_phone", "dispute_summary", "agreement.agreement_form", "agreement.agreement_amount", "remarks",
    ),
    "consultation": ("consultation_content", "reply_opinion", "remarks"),
    "adviser_visit": ("service_content", "result", "remarks"),
}  # fmt: skip
"""Columns of a ledger beside those of the list page."""


def ledger_columns(kind: str) -> list[str]:
    """The columns that an export has unless told: those of the list page, then what a ledger also carries."""
    listed = [f.name for f in KINDS[kind].listed]
    return [*listed, *(n for n in WITH_IT.get(kind, ()) if n not in listed)]


def export_list(
    session: Session, query: ListQuery, path: Path, *, columns: Sequence[str] = (), unmasked: bool = False, reins: Reins | None = None
) -> int:
    """Writes the records of the list, in its order, into a workbook; returns how many. `columns` are targets ('dispute_type',
    'applicant.name'). The export is noted in the audit chain before the file is written, so that no file is without its note.

    Raises:
        Refused: the list is too long, the file cannot be written, the role may not see what is masked, or the work was stopped.
    """
    store, reins = session.store, reins or FreeReins()
    if unmasked and store.user.role not in FULL_VIEWERS:
        raise NotAllowed("只有内勤或所长可以导出完整的身份证号和电话。")
    chosen = _chosen(query.kind, columns or ledger_columns(query.kind))
    keys = store.keys(query)
    if len(keys) > MOST_ROWS:
        raise Refused(f"有{len(keys):,}条，一张表最多导出{MOST_ROWS:,}条。请先按日期筛选，再分几次导出。")
    masked = not unmasked and any(is_sensitive(t) for t in chosen)
    store.audit_note("export", "", f"{query.kind}:{len(keys)}" + ("" if masked else ",unmasked"))
    lines = _lines(session, chosen, keys, reins, masked=masked)
    return write_list(path, query.kind, chosen, lines, who=store.user.name, when=session.clock(), masked=masked)


def _chosen(kind: str, names: Sequence[str]) -> list[Target]:
    known, fields = targets(kind), KINDS[kind].by_name
    return [known.get(n) or Target(n, fields[n].label, fields[n]) for n in names]


def _lines(session: Session, chosen: Sequence[Target], keys: Sequence[int], reins: Reins, *, masked: bool) -> Iterator[ListLine]:
    store = session.store
    for start in range(0, len(keys), PAGE):
        if reins.stopped.is_set():
            raise Refused("导出已停止，没有生成文件。")
        for row in store.rows(keys[start : start + PAGE]):
            family = [c for c in store.children(row.id) if not c.voided] if any(t.holder for t in chosen) else []
            yield ListLine(row.id, [shown(t, _values(row, family, t), store.name_of, masked=masked) for t in chosen])
        reins.tell(Progress("正在导出", min(start + PAGE, len(keys)), len(keys)))


def _values(row: ListRow, family: Sequence[Record], target: Target) -> list[Value]:
    """The values of a column: the record's own, or those of the child rows that it speaks of."""
    name = target.field.name
    if not target.holder:
        return [row.values[name]] if name in row.values else []
    if target.holder == AGREED:
        of = [c.values for c in family if c.kind == "agreement"]
    else:
        of = [c.values for c in family if c.kind == "party" and c.values.get("party_role") == ROLE_OF.get(target.holder, c.values.get("party_role"))]
    found = [v.get(name) or (v.get("organization_name") if name == "name" else None) for v in of]
    return [v for v in found if v is not None]
