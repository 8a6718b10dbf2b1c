"""To move a record on: which steps are open, what each still lacks, and taking one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jusuo_desktop.actions.save_record import existing, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.field import Value, Values
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.workflow import Step, Workflow
from jusuo_desktop.store.refusal import Refused

ARCHIVE: Final = "archive"
"""The step that closes a volume."""


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that leads on from where the record stands, and what is still in the way (a sentence each; empty: it may be taken)."""

    step: Step
    lacking: tuple[str, ...]


def open_steps(session: Session, record_id: str) -> list[OpenStep]:
    """The steps open to a record, allowed or not; none for a kind without a course, and for a voided record.

    Raises:
        Refused: no such record.
    """
    record = existing(session, record_id)
    workflow = _workflow(record)
    if workflow is None or record.voided:
        return []
    return [OpenStep(s, tuple(_lacking(session, record, workflow, s))) for s in workflow.open_steps(record.values)]


def take_step(session: Session, record_id: str, act: str, values: Mapping[str, Value | None] | None = None) -> Record:
    """Takes the step named `act`, writing `values` (the fields it asks for) with it; the write path checks its guards. A case is archived
    when its volume is whole too: that is seen in what was printed and scanned, which no guard knows (domain/rules.md C-04, C-10).

    Raises:
        Refused: the sentence names what is missing, or the steps that are open.
    """
    record = existing(session, record_id)
    workflow = _workflow(record)
    steps = workflow.open_steps(record.values) if workflow is not None else ()
    step = next((s for s in steps if s.act == act), None)
    if workflow is None or step is None:
        labels = "、".join(f"“{s.label}”" for s in steps)
        raise Refused(f"这条记录现在不能做这一步，可以：{labels}。" if labels else "这条记录没有下一步。")
    given = {**(values or {}), workflow.field: step.target}
    if step.stamps and step.stamps not in record.values:
        given.setdefault(step.stamps, session.today().isoformat())
    for name, value in step.fills:
        given.setdefault(name, value)
    if act == ARCHIVE and not _lacking(session, record, workflow, step, given):
        from jusuo_desktop.actions.volume import refuse_unless_whole  # loads the reading of PDFs

        refuse_unless_whole(session, record_id)
    return save(session, record.kind, given, record_id=record_id).record


def family(session: Session, record_id: str) -> dict[str, list[Values]]:
    """The child rows of a record and theirs by kind, as guards judge them; voided ones and what hangs on them left out."""
    found: dict[str, list[Values]] = {}
    waiting = [record_id]
    while waiting:
        for child in session.store.children(waiting.pop()):
            if not child.voided:
                found.setdefault(child.kind, []).append(child.values)
                waiting.append(child.id)
    return found


def _lacking(session: Session, record: Record, workflow: Workflow, step: Step, given: Mapping[str, Value | None] | None = None) -> list[str]:
    typed = {name: value for name, value in (given or {}).items() if value is not None and name != workflow.field}
    return workflow.lacking(step, {**record.values, **typed}, family(session, record.id))


def _workflow(record: Record) -> Workflow | None:
    kind = KINDS.get(record.kind)
    return kind.workflow if kind is not None else None
