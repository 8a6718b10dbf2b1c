"""Explicit states of a record, and the guards between them, each naming the missing piece in the clerk's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from jusuo_desktop.records.field import Values

Family = Mapping[str, Sequence[Values]]
"""The child rows of a record and theirs by kind name, e.g. {'party': [...], 'agreement': [...], 'performance': [...]}."""

Guard = Callable[[Values, Family], str | None]
"""Returns None when the step may be taken, else one sentence: what is missing and which rule asks for it."""


def needs(field: str, said: str) -> Guard:
    """A guard that asks for one field; `said` names what is missing and the rule behind it."""

    def guard(values: Values, family: Family) -> str | None:
        return None if values.get(field) else said

    return guard


@dataclass(frozen=True, slots=True)
class Step:
    """A way from one state to another: what the clerk calls it and what must hold. `roles`: who alone may take it; all who may write if empty.

    `stamps` names the date field that taking the step fills with the day, where nothing stands in it; `fills` are codes that go without
    saying once it is taken: who settled, succeeded.
    """

    act: str
    label: str
    sources: tuple[str, ...]
    target: str
    guards: tuple[Guard, ...] = ()
    roles: tuple[str, ...] = ()
    stamps: str = ""
    fills: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Workflow:
    """States are codes of `field`'s code list; `first` is where a new record stands.

    `sealed` names the fields that stand fast in a state: (state, fields).
    """

    field: str
    first: str
    steps: tuple[Step, ...]
    sealed: tuple[tuple[str, frozenset[str]], ...] = ()

    def state(self, values: Values) -> str:
        """The state a record stands in."""
        return str(values.get(self.field, self.first))

    def sealed_in(self, values: Values) -> frozenset[str]:
        """The fields that stand fast where the record is."""
        return next((fields for state, fields in self.sealed if state == self.state(values)), frozenset())

    def open_steps(self, values: Values) -> tuple[Step, ...]:
        """The steps that lead on from here, allowed or not."""
        return tuple(s for s in self.steps if self.state(values) in s.sources)

    def lacking(self, step: Step, values: Values, family: Family) -> list[str]:
        """Everything that stands in the way of `step`, one sentence each; empty when it may be taken."""
        if self.state(values) not in step.sources:
            return [f"当前状态不能“{step.label}”。"]
        return [said for guard in step.guards if (said := guard(values, family)) is not None]

    def reachable(self, before: Values, after: Values) -> bool:
        """Whether a write may move the state from `before` to `after` (guards are checked by the write path)."""
        old, new = self.state(before), self.state(after)
        return old == new or any(old in s.sources and s.target == new for s in self.steps)

    def step_between(self, before: Values, after: Values) -> Step | None:
        """The step that a write from `before` to `after` takes, None when the state stays."""
        old, new = self.state(before), self.state(after)
        if old == new:
            return None
        return next((s for s in self.steps if old in s.sources and s.target == new), None)
