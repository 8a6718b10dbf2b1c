"""What a caller asks the write path to do, and in whose name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jusuo_desktop.records.field import Value


@dataclass(frozen=True, slots=True)
class User:
    """A person at work on this machine: a `worker` record with an access role ('clerk', 'director', 'liaison', 'reader')."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Fields to set on one record (None empties a field).

    `record_id` '' makes a new record; with `new` the id is the caller's, so that later edits of the same call can name it as parent.
    `scope` '' means: the village that the record names, else its parent's scope, else the store's.
    `expected` holds what the editor saw in the edited fields; if one has changed since to something else, the write is refused as stale.
    `import_key` marks a row of an imported ledger, so that importing it twice adds nothing; such a record may start in any state.
    """

    kind: str
    values: Mapping[str, Value | None]
    record_id: str = ""
    parent_id: str = ""
    scope: str = ""
    new: bool = False
    expected: Mapping[str, Value | None] | None = None
    import_key: str = ""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes, on which device, when (milliseconds since 1970), in which scope."""

    user: User
    device_id: str
    scope: str
    at: int


@dataclass(slots=True)
class Pending:
    """A record on its way through the write path."""

    edit: Edit
    id: str
    kind: str
    scope: str
    parent_id: str
    before: dict[str, Value]
    after: dict[str, Value]
    serial: int = 0
    version: int = 0
    has_base: bool = False
    changed: dict[str, Value | None] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Whether the record does not exist yet."""
        return self.serial == 0
