"""An open conflict as the change that the server writes for it: both values, both people, both devices, and when each was typed and came."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import msgspec

from county_server.judging import Held
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.wire.messages import Change, Entry


def conflict_change(
    change: Change, one: Held, name: str, value: Any, first: Entry, device_id: str, now: int, device_names: Mapping[str, str]
) -> Change:
    """The creation of the conflict record for field `name` of `one`, whose `value` by `change` was not taken; `first` is the change that
    wrote what stands.

    Its identities follow from the change and the field, so the same conflict is never written twice. An emptied field
    is the JSON text 'null'.
    """
    about = uuid.UUID(bytes=change.change_id)
    told = {
        "field_name": name,
        "kept_value": _json(one.values.get(name)),
        "kept_author": first.author_id,
        "kept_device": first.device_id,
        "kept_device_name": device_names.get(first.device_id, ""),
        "kept_made_at": first.made_at,
        "kept_received_at": first.received_at,
        "other_value": _json(value),
        "other_author": change.author_id,
        "other_device": device_id,
        "other_device_name": device_names.get(device_id, ""),
        "other_made_at": change.made_at,
        "other_received_at": now,
        "change_id": unpacked(change.change_id),
        "state": "open",
    }
    return Change(
        change_id=uuid.uuid5(about, f"change/{name}").bytes,
        record_id=uuid.uuid5(about, f"record/{name}").bytes,
        kind=CONFLICT.name,
        scope=one.scope,
        parent_id=change.record_id,
        base_version=0,
        author_id=change.author_id,
        made_at=change.made_at,
        fields={n: v for n, v in told.items() if v},
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
