"""What a child row of a mediation changes in the mediation itself, written with it in one act: other mediators, another last day. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from jusuo_desktop.records.field import Value, Values
from jusuo_desktop.records.mediation_guards import EXTENDED, RESUMED, SUSPENDED


def consequences(kind: str, before: Values, after: Values, case: Values, beside: Sequence[Values]) -> dict[str, Value]:
    """The fields of the mediation that are other now that a child row of that kind goes from `before` ({} for a new one) to `after`.

    `beside` are the other rows of the kind. What was so already changes nothing: saving a remark moves no deadline twice.
    """
    rule = _RULES.get(kind)
    if rule is None or rule(after, case, beside) == rule(before, case, beside):
        return {}
    told = rule(after, _undone(before, case, beside), beside)
    return {name: value for name, value in told.items() if case.get(name) != value}


def _undone(before: Values, case: Values, beside: Sequence[Values]) -> Values:
    """The case without the days that a resumption, whose day is now another, has added to its last day."""
    days, due = _still(before, beside), case.get("due_on")
    return {**case, "due_on": _later(str(due), -days)} if days and due else case


def _mediators(change: Values, case: Values, beside: Sequence[Values]) -> dict[str, Value]:
    """The former ones go, the new ones come in their place (domain/rules.md M-09, M-11)."""
    former, new, now = (_ids(v) for v in (change.get("former_mediators"), change.get("new_mediators"), case.get("mediators")))
    if not new:
        return {}
    place = min((now.index(i) for i in former if i in now), default=len(now))
    kept = [i for i in now if i not in former and i not in new]
    ahead = sum(1 for i in now[:place] if i in kept)
    return {"mediators": [*kept[:ahead], *new, *kept[ahead:]]}


def _due(change: Values, case: Values, beside: Sequence[Values]) -> dict[str, Value]:
    """Longer with the parties' consent (P-05); what was suspended goes on as many days later as it stood still."""
    wanted, new = change.get("change_kind"), change.get("new_due_on")
    if wanted == EXTENDED:
        return {"due_on": new} if new and change.get("parties_agreed") is True else {}
    if wanted != RESUMED:
        return {}
    if new:
        return {"due_on": new}
    due = case.get("due_on")
    return {"due_on": _later(str(due), _still(change, beside))} if due else {}


def _still(change: Values, beside: Sequence[Values]) -> int:
    """How many days a resumption without a last day of its own ends; 0 for any other change."""
    if change.get("change_kind") != RESUMED or "decided_on" not in change or "new_due_on" in change:
        return 0
    since = max((str(c["decided_on"]) for c in beside if c.get("change_kind") == SUSPENDED and "decided_on" in c), default="")
    return max((date.fromisoformat(str(change["decided_on"])) - date.fromisoformat(since)).days, 0) if since else 0


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def _ids(value: Value | None) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else []


_RULES: Final[dict[str, Callable[[Values, Values, Sequence[Values]], dict[str, Value]]]] = {
    "mediator_change": _mediators,
    "period_change": _due,
}
CONSEQUENT: Final = frozenset(_RULES)
"""The kinds that change the mediation they belong to."""
