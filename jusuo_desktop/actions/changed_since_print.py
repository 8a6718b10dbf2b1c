"""A record that was changed after its agreement went to paper: when that was, and which fields say something else since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jusuo_desktop.actions.forms import forms_of
from jusuo_desktop.actions.reprint import current_digest, family_of
from jusuo_desktop.actions.session import Session
from jusuo_desktop.printing import Template
from jusuo_desktop.printing.bindings import CALLED
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store import Printed

AGREED: Final = "agreement"
MOST_NAMED: Final = 6


@dataclass(frozen=True)
class ChangedSince:
    """What the last print of an agreement does not say any more; `fields` are labels."""

    title: str
    at: datetime
    fields: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """One calm sentence for the clerk."""
        named = "、".join(self.fields[:MOST_NAMED]) + (f"等{len(self.fields)}项" if len(self.fields) > MOST_NAMED else "")
        said = f"此后改了：{named}" if named else "此后内容有改动"
        day = f"{self.at.year}年{self.at.month}月{self.at.day}日"
        return f"《{self.title}》已于{day}打印，{said}。已经签字的，请当事人在新打印的协议上重新签字，或者把内容改回去。"


def changed_since_print(session: Session, record_id: str) -> ChangedSince | None:
    """Of a record's family: the latest printed agreement that would say something else now; None where all say the same."""
    family = family_of(session, record_id)
    templates = forms_of(session).templates
    last: dict[tuple[str, str], Printed] = {}
    for one in session.store.prints(*family):
        template = templates.get(one.form)
        if template is not None and template.kind.name == AGREED and family[one.record_id].kind == AGREED and not family[one.record_id].voided:
            last[one.record_id, one.form] = one
    for one in sorted(last.values(), key=lambda p: p.at, reverse=True):
        if current_digest(session, one.form, one.record_id) != one.values_digest:
            template = templates[one.form]
            fields = tuple(dict.fromkeys(_changed(session, template, family, one)))
            return ChangedSince(template.title, datetime.fromtimestamp(one.at / 1000), fields)
    return None


def _changed(session: Session, template: Template, family: dict[str, Record], printed: Printed) -> Iterator[str]:
    """The labels of what the form prints and the history shows as changed since."""
    bound: dict[str, set[str]] = {}
    for path in template.paths:
        holder = KINDS.get(path.row) or (template.parent if path.root == "parent" else template.kind)
        if path.root == "office" or holder is None:
            continue
        names = {f.name for f in holder.fields} if path.field.name == CALLED else {(path.via or path.field).name}
        bound.setdefault(holder.name, set()).update(names)
    own = family[printed.record_id]
    for record in (own, *(r for r in family.values() if r.id != own.id and r.kind != own.kind)):
        names = bound.get(record.kind, set())
        for change in session.store.history(record.id):
            if change.at <= printed.at:
                continue
            if not change.fields and names and record.id != own.id:
                yield f"增加了{KINDS[record.kind].label}"
            for name, (before, after) in change.fields.items():
                if before == after:
                    continue
                if name == "voided_reason" and names:
                    yield f"作废了{KINDS[record.kind].label}"
                elif name in names:
                    yield KINDS[record.kind].by_name[name].label
