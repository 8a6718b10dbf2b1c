"""To bring in a ledger: propose what its columns hold, try it, import it in batches that each stand whole, list what was refused."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jusuo_desktop.actions.import_preview import lines_of
from jusuo_desktop.actions.name_book import NameBook
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Problem
from jusuo_desktop.records.identity import imported_id, place_id
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.reports.judge import Judge, Judged
from jusuo_desktop.reports.ledger_rows import Group, RowClass
from jusuo_desktop.reports.plan import Plan
from jusuo_desktop.reports.progress import FreeReins, Progress, Reins
from jusuo_desktop.reports.proposal import guess_kind, propose_plan
from jusuo_desktop.reports.rejected import RefusedRow, read_marks
from jusuo_desktop.reports.rejected import write_rejected as write_workbook
from jusuo_desktop.reports.workbook_file import Ledger, read_ledger
from jusuo_desktop.store.edit import Edit
from jusuo_desktop.store.refusal import BadFields, NotAllowed, Refused
from jusuo_desktop.wire.scope import OFFICE

BATCH: Final = 200
"""Lines in one transaction: a few hundred rows, a fraction of a second."""
INDEXED_AT_ONCE: Final = 1000
MOST_DOUBTS: Final = 1000
TELLING: Final = ("division_code", "committee", "village", "phone", "id_card_number", "firm_name", "license_number")
"""What tells two places or people of one name apart."""
MAPPINGS: Final = "import_mappings"
"""Setting: by kind and signature of the headings, what each heading was set to. Holds headings, nothing from below them."""
MOST_MAPPINGS: Final = 100


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do (`dry`). `known` lines were imported before; `completed` gave empty fields of a place or person a value."""

    dry: bool = False
    total: int = 0
    added: int = 0
    known: int = 0
    completed: int = 0
    refused: tuple[RefusedRow, ...] = ()
    doubts: tuple[RefusedRow, ...] = ()
    created_references: tuple[tuple[str, str], ...] = ()
    skipped: dict[str, int] = field(default_factory=dict)
    stopped: bool = False
    marks: dict[str, int] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The report in one sentence."""
        parts = [f"{'可以导入' if self.dry else '新增'} {self.added} 条"]
        parts += [f"以前已导入 {self.known} 条"] * bool(self.known)
        parts += [f"补全 {self.completed} 条"] * bool(self.completed)
        parts += [f"退回 {len(self.refused)} 条"] * bool(self.refused)
        if self.created_references:
            counts = Counter(KINDS[kind].label for kind, _ in self.created_references)
            parts.append(("将登记" if self.dry else "登记了") + "、".join(f"{n}个{label}" for label, n in counts.items()))
        return "，".join(parts) + ("；按您的要求停下，再次导入会接着做。" if self.stopped else "。")


def propose(session: Session, ledger: Ledger, kind: str = "") -> Plan:
    """What to do with a ledger, as it tells by itself and as it was set before; `kind` '' is judged from the headings."""
    kind = kind or guess_kind(ledger)
    kept = session.store.get(MAPPINGS, {})
    return propose_plan(ledger, kind, {m["signature"]: m["targets"] for m in kept if m["kind"] == kind} if isinstance(kept, list) else {})


def dry_run(session: Session, plan: Plan, *, reins: Reins | None = None) -> ImportReport:
    """What an import of the plan would do; writes nothing.

    Raises:
        Refused: no sheet is chosen.
    """
    return _Run(session, plan, reins or FreeReins(), dry=True).run()


def import_ledger(session: Session, plan: Plan, *, reins: Reins | None = None) -> ImportReport:
    """Imports the plan. Each batch is one transaction with the keys of its lines, so that an import that was stopped or killed
    anywhere is finished by importing again, and nothing comes in twice.

    Raises:
        Refused: no sheet is chosen, the user may not write, the disk is full; whole batches stay, nothing is half done.
    """
    if session.store.user.role == "reader":
        raise NotAllowed("您的账号是只读的，不能导入。请用内勤或所长账号登录。")
    _remember(session, plan)
    return _Run(session, plan, reins or FreeReins(), dry=False).run()


def write_rejected(plan: Plan, report: ImportReport, path: Path) -> None:
    """Writes the refused lines with their reasons into a workbook that can be corrected and imported again.

    Raises:
        Refused: the file cannot be written there.
    """
    write_workbook(plan, report.refused, report.marks, path)


def _remember(session: Session, plan: Plan) -> None:
    kept = session.store.get(MAPPINGS, [])
    for sheet in plan.sheets:
        if sheet.included:
            own = {"kind": plan.kind, "signature": sheet.signature, "targets": {c.heading: c.target for c in sheet.columns}}
            kept = [own, *(m for m in kept if (m["kind"], m["signature"]) != (plan.kind, sheet.signature))]
    session.store.set(MAPPINGS, kept[:MOST_MAPPINGS])


@dataclass(slots=True)
class _Line:
    judged: Judged
    key: str
    needs: list[str]


class _Run:
    """One pass over a plan, for trial or for good."""

    def __init__(self, session: Session, plan: Plan, reins: Reins, *, dry: bool) -> None:
        self._session, self._store, self._plan, self._reins, self._dry = session, session.store, plan, reins, dry
        self._names = NameBook(session, plan.options)
        self._report = ImportReport(dry)
        self._refused: list[RefusedRow] = []
        self._doubts: list[RefusedRow] = []
        self._created: list[tuple[str, str]] = []
        self._times = Counter(read_marks(plan.ledger))
        self._skipped: Counter[str] = Counter()

    def run(self) -> ImportReport:
        total = sum(s.rows for s in self._plan.sheets if s.included)
        if not any(s.included and s.by_target for s in self._plan.sheets):
            raise Refused("没有选中任何工作表，或者还没有说明各列是什么。请至少选中一张表并对应好列。")
        batch: list[_Line] = []
        seen = 0
        for judge, group in lines_of(self._plan, self._names):
            if group.what is not RowClass.DATA:
                self._skipped[group.what.value] += 1
                continue
            line = self._line(judge, group)
            seen += len(group.rows)
            if line is not None:
                batch.append(line)
            if len(batch) >= BATCH:
                self._settle(batch)
                batch = []
                self._reins.tell(Progress("正在检查" if self._dry else "正在导入", seen, total))
            if self._reins.stopped.is_set():
                self._report.stopped = True
                break
        self._settle(batch)
        if not self._dry:
            self._index()
        return self._finished()

    def _index(self) -> None:
        """Makes what came in findable at once; what a stop leaves over is indexed in quiet moments, from the queue in the store."""
        done = 0
        while not self._reins.stopped.is_set() and (some := self._store.index_waiting(INDEXED_AT_ONCE)):
            done += some
            self._reins.tell(Progress(f"正在建立查找索引 {done:,}"))

    def _finished(self) -> ImportReport:
        report = self._report
        report.refused, report.doubts = tuple(sorted(self._refused, key=self._place)), tuple(self._doubts)
        report.created_references, report.skipped, report.marks = tuple(self._created), dict(self._skipped), dict(self._times)
        return report

    def _place(self, row: RefusedRow) -> tuple[int, int]:
        return next(s.index for s in self._plan.sheets if s.name == row.sheet), row.row

    def _line(self, judge: Judge, group: Group) -> _Line | None:
        judged = judge.judge(group)
        needs = self._names.used()
        self._report.total += 1
        if judged.problems:
            self._refuse(judged, judged.problems)
            return None
        self._doubts += [self._row(judged, [d]) for d in judged.doubts][: max(MOST_DOUBTS - len(self._doubts), 0)]
        digest = hashlib.sha256(judged.identity.encode()).hexdigest()[:32]
        times = self._times[digest]
        self._times[digest] += 1
        return _Line(judged, f"{self._plan.kind}/{self._store.scope[:OFFICE]}/{digest}/{times}", needs)

    def _row(self, judged: Judged, problems: Sequence[Problem]) -> RefusedRow:
        rows = tuple(r + 1 for r in judged.rows)
        said = "；".join(dict.fromkeys(p.message.rstrip("。") for p in problems)) + "。"
        return RefusedRow(self._plan.sheets[judged.sheet].name, rows[0], said, problems[0].field, rows)

    def _refuse(self, judged: Judged, problems: Sequence[Problem]) -> None:
        self._refused.append(self._row(judged, problems))

    def _settle(self, batch: Sequence[_Line]) -> None:
        """Writes the lines of a batch that are not on file yet, in one transaction."""
        known = self._store.known_imports([line.key for line in batch])
        fresh = []
        for line in batch:
            if line.key in known or self._on_file(line):
                self._report.known += 1
            else:
                fresh.append(line)
        if fresh and self._dry:
            self._note_created(self._names.edits([n for line in fresh for n in line.needs]))
            self._report.added += len(fresh)
        elif fresh:
            self._write(fresh)

    def _on_file(self, line: _Line) -> bool:
        """Whether the record came in another way: an exported list, another device of the office, an entry by hand of a place or person."""
        own = line.judged.record_id
        if own and self._store.record(own) is not None:
            return True
        same = self._store.record(self._identity(line))
        if not KINDS[self._plan.kind].reference:
            return same is not None
        values = line.judged.values
        found = [(same.id, dict(same.values))] if same is not None else self._names.same_name(self._plan.kind, str(values["name"]))
        for record_id, present in found:
            if same is None and any(present.get(n, v) != v for n, v in values.items() if n in TELLING):
                continue
            lacking = {n: v for n, v in values.items() if n not in present}
            if lacking:
                self._report.completed += 1
                if not self._dry:
                    self._store.write([Edit(self._plan.kind, lacking, record_id, import_key=line.key)], act="import")
            return True
        return False

    def _identity(self, line: _Line) -> str:
        code = line.judged.values.get("division_code")
        return place_id("village", str(code)) if self._plan.kind == "village" and code else imported_id(line.key)

    def _edits(self, line: _Line) -> list[Edit]:
        identity = self._identity(line)
        edits = [Edit(self._plan.kind, line.judged.values, identity, new=True, import_key=line.key)]
        for number, (kind, values) in enumerate(line.judged.children, 1):
            edits.append(Edit(kind, values, imported_id(line.key, number), identity, new=True))
        return edits

    def _write(self, lines: Sequence[_Line]) -> None:
        references = self._names.edits([n for line in lines for n in line.needs])
        try:
            self._store.write([*references, *(e for line in lines for e in self._edits(line))], act="import")
        except NotAllowed:
            raise
        except BadFields as bad:
            if len(lines) == 1:
                self._refuse(lines[0].judged, bad.problems)
                return
            for line in lines:
                self._write([line])
            return
        self._names.written(references)
        self._note_created(references)
        self._report.added += len(lines)

    def _note_created(self, references: Sequence[Edit]) -> None:
        if self._dry:
            self._names.written(list(references))
        self._created += [(e.kind, str(e.values["name"])) for e in references]


__all__ = [
    "ImportReport", "Ledger", "Plan", "Problem", "RefusedRow", "dry_run", "import_ledger", "propose", "read_ledger", "write_rejected",
]  # fmt: skip
