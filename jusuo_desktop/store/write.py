"""The one write path. Every change, typed, imported or decided, passes here and in one transaction is checked, written, kept in
the history, queued for sync, indexed for search and added to the audit chain. Nothing else writes records; what the county
sends comes through store.feed, which shares `put_rows`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from jusuo_desktop.records.attachment import ATTACHMENT
from jusuo_desktop.records.check import check
from jusuo_desktop.records.codes import code_list
from jusuo_desktop.records.conflict import CONFLICT
from jusuo_desktop.records.field import Problem, Values
from jusuo_desktop.records.identity import new_id, packed, unpacked
from jusuo_desktop.records.kind import VOIDED, Record, RecordKind
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import show
from jusuo_desktop.store import audit
from jusuo_desktop.store.edit import Edit, Hand, Pending
from jusuo_desktop.store.indexing import index
from jusuo_desktop.store.reach import belongs
from jusuo_desktop.store.rebase import changed, put
from jusuo_desktop.store.refusal import BadFields, NotAllowed, Refused
from jusuo_desktop.store.rows import children_rows, insert_rows, rows_by_id, to_body, to_values
from jusuo_desktop.store.schema import IMPORTED
from jusuo_desktop.store.set_aside import requeued
from jusuo_desktop.wire.digest import canonical
from jusuo_desktop.wire.table import content_id

READERS: Final = frozenset({"reader"})
BEARING: Final = frozenset(parent for kind in KINDS.values() if kind.name not in (ATTACHMENT.name, CONFLICT.name) for parent in kind.parents)
"""The kinds that have child rows of their own beside scans and conflicts."""
REFERENCE_WRITERS: Final = frozenset({"clerk", "director"})
DECIDE: Final = "decide"
"""The act that settles a conflict: of a voided record too, for both values were written before anybody knew."""


def write(connection: Connection, edits: Sequence[Edit], hand: Hand, act: str) -> list[Record]:
    """Writes all the edits or none; returns the records as they now stand, in the order of the edits.

    Raises:
        NotAllowed: the role does not allow it.
        BadFields: a value that no record may hold.
        Refused: a stale screen, a voided record, a workflow step that lacks something.
    """
    asked = _prepare(connection, edits, hand)
    pending = list({one.id: one for one in asked}.values())
    for one in pending:
        _judge(connection, one, pending, hand, act)
    moved = [one for one in pending if one.changed or one.is_new]
    made = {one.id for one in moved if one.is_new}
    put_rows(connection, moved)
    requeued(connection, [(one.id, one.changed) for one in moved if one.id not in made])
    _queue(connection, moved, made, hand)
    index(connection, [(one.serial, one.kind, one.after) for one in moved])
    keys = [{"key": one.edit.import_key, "record_id": one.id} for one in pending if one.edit.import_key]
    if keys:
        connection.execute(insert(IMPORTED).prefix_with("OR IGNORE"), keys)
    if moved:
        detail = _detail(moved)
        audit.append(connection, hand.at, hand.user.id, hand.device_id, act, moved[0].id if len(moved) == 1 else "", detail)
    return [Record(p.id, p.kind, p.scope, p.after, p.parent_id, p.version) for p in asked]


def _detail(moved: Sequence[Pending]) -> str:
    if len(moved) == 1:
        return ",".join(moved[0].changed)
    counts: dict[str, int] = {}
    for one in moved:
        counts[one.kind] = counts.get(one.kind, 0) + 1
    return ",".join(f"{kind}:{count}" for kind, count in counts.items())


def _prepare(connection: Connection, edits: Sequence[Edit], hand: Hand) -> list[Pending]:
    wanted = {i for e in edits for i in (e.record_id if not e.new else "", e.parent_id) if i}
    wanted |= {str(e.values["village"]) for e in edits if e.values.get("village")}
    rows = rows_by_id(connection, sorted(wanted))
    made: dict[str, Pending] = {}
    pending: list[Pending] = []
    for edit in edits:
        if edit.record_id and not edit.new and edit.record_id not in made:
            row = rows.get(edit.record_id)
            if row is None:
                raise Refused("这条记录不在本机上，可能已经移交给别的司法所。")
            if row.version and not belongs(row.kind, row.scope, hand.scope):
                raise Refused("这条记录已经移交给别的司法所，下次同步时封存，不能再修改。")
            before = to_values(row.body)
            one = Pending(
                edit, row.id, row.kind, row.scope, row.parent_id, before, put(before, edit.values), row.serial, row.version, row.base is not None
            )
        elif edit.record_id in made:
            one = made[edit.record_id]
            one.after = put(one.after, edit.values)
        else:
            _refuse_parent(edit, rows, made, hand)
            identity = edit.record_id or new_id()
            one = Pending(edit, identity, edit.kind, _scope(edit, rows, made, hand), edit.parent_id, {}, put({}, edit.values))
        made[one.id] = one
        pending.append(one)
    for one in made.values():
        one.changed = changed(one.before, one.after)
    return pending


def _scope(edit: Edit, rows: Mapping[str, Any], made: Mapping[str, Pending], hand: Hand) -> str:
    if edit.scope:
        return edit.scope
    village = rows.get(str(edit.values.get("village", "")))
    if village is not None and not KINDS[edit.kind].reference:
        return str(to_values(village.body).get("division_code", hand.scope))
    if edit.parent_id in made:
        return made[edit.parent_id].scope
    parent = rows.get(edit.parent_id)
    return parent.scope if parent is not None else hand.scope


def _refuse_parent(edit: Edit, rows: Mapping[str, Any], made: Mapping[str, Pending], hand: Hand) -> None:
    if not edit.parent_id:
        return
    parent = rows.get(edit.parent_id)
    if parent is None and edit.parent_id not in made:
        raise Refused("所属的记录不在本机上，可能已经移交给别的司法所。")
    if parent is not None and parent.version and not belongs(parent.kind, parent.scope, hand.scope):
        raise Refused("所属的记录已经移交给别的司法所，下次同步时封存，不能再添加内容。")
    if parent is not None and parent.voided:
        raise Refused("所属的记录已经作废，不能再添加内容。")


def _judge(connection: Connection, one: Pending, pending: Sequence[Pending], hand: Hand, act: str) -> None:
    kind = KINDS.get(one.kind)
    if kind is None:
        raise Refused("这条记录由新版程序建立，请先升级本程序再修改。")
    if hand.user.role in READERS:
        raise NotAllowed("您的账号是只读的，不能修改。请用内勤或所长账号登录。")
    if kind.reference and hand.user.role not in REFERENCE_WRITERS:
        raise NotAllowed(f"联络员不能修改{kind.label}，请由司法所内勤或所长修改。")
    _refuse_stale(one, kind)
    if VOIDED.name in one.before and one.changed and act != DECIDE:
        raise Refused(f"这条{kind.label}已经作废（{one.before[VOIDED.name]}），不能再修改。")
    problems = [p for p in check(kind, one.after) if p.blocking and (p.field in one.changed or one.is_new)]
    if problems:
        raise BadFields(tuple(problems))
    if one.is_new and kind.parents and not one.parent_id:
        raise Refused(f"{kind.label}必须属于一条记录。")
    _guard(connection, one, kind, pending, hand)


def _refuse_stale(one: Pending, kind: RecordKind) -> None:
    for name, seen in (one.edit.expected or {}).items():
        if name in one.changed and one.before.get(name) != seen:
            label = kind.by_name[name].label if name in kind.by_name else name
            said = f"“{label}”刚刚被别人改过，没有保存。请核对两个内容后再保存一次。"
            raise Refused(said, (Problem(name, said),))


def _guard(connection: Connection, one: Pending, kind: RecordKind, pending: Sequence[Pending], hand: Hand) -> None:
    if kind.workflow is None or (one.is_new and one.edit.import_key):
        return
    if not kind.workflow.reachable(one.before, one.after):
        raise Refused(f"{kind.label}不能从当前状态直接改到这个状态。")
    if fast := [kind.by_name[n].label for n in kind.workflow.sealed_in(one.before) & one.changed.keys()]:
        state = show(kind.by_name[kind.workflow.field], kind.workflow.state(one.before))
        raise Refused(f"这条{kind.label}{state}，不能再改{'、'.join(sorted(fast))}。")
    step = kind.workflow.step_between(one.before, one.after)
    if step is None:
        return
    if step.roles and hand.user.role not in step.roles:
        who = "或".join(code_list("access_role").label_of(role) for role in step.roles)
        raise NotAllowed(f"“{step.label}”由{who}来做，请用{who}的账号登录。")
    family = _family(connection, one, pending)
    judged = put(one.after, {kind.workflow.field: kind.workflow.state(one.before)})
    if lacking := kind.workflow.lacking(step, judged, family):
        raise Refused(f"还不能“{step.label}”：" + "".join(lacking))


def _family(connection: Connection, one: Pending, pending: Sequence[Pending]) -> dict[str, list[Values]]:
    """The child rows of a record and theirs as they will stand after the write, by kind; voided ones and what hangs on them left out."""
    family: dict[str, list[Values]] = {}
    known = {p.id for p in pending}
    waiting = [one.id]
    while waiting:
        above = waiting.pop()
        found = [(row.id, row.kind, to_values(row.body)) for row in children_rows(connection, above) if row.id not in known and not row.voided]
        found += [(p.id, p.kind, dict(p.after)) for p in pending if p.parent_id == above and p.id != one.id and VOIDED.name not in p.after]
        for record_id, kind, values in found:
            family.setdefault(kind, []).append(values)
            waiting += [record_id] if kind in BEARING else []
    return family


def put_rows(connection: Connection, moved: Sequence[Pending]) -> None:
    """Inserts and updates record rows; gives new ones their serial. `base` is kept: the first unsent change freezes it."""
    following = int(connection.exec_driver_sql("SELECT coalesce(max(serial), 0) FROM record").scalar_one())
    inserts: list[tuple[Any, ...]] = []
    updates: list[tuple[Any, ...]] = []
    for one in moved:
        body, voided = to_body(one.after), int(VOIDED.name in one.after)
        if one.is_new:
            following += 1
            one.serial = following
            inserts.append((one.serial, one.id, one.kind, one.scope, one.parent_id, one.version, voided, body, "{}"))
        else:
            updates.append((voided, to_body(one.before) if not one.has_base else None, body, one.serial))
    if inserts:
        try:
            insert_rows(connection, "INSERT INTO record (serial, id, kind, scope, parent_id, version, voided, body, base)", inserts)
        except IntegrityError:
            raise Refused("这条记录已经保存过了，请重新打开它再改。") from None
    if updates:
        connection.exec_driver_sql("UPDATE record SET voided = ?, base = coalesce(base, ?), body = ? WHERE serial = ?", updates)


def _change_id(one: Pending, made: Collection[str], hand: Hand) -> str:
    """The change that makes a record goes by the record's own fresh identity, or follows from what it makes where the caller gave the
    identity: sixteen bytes a record less that no compression can shrink.
    """
    if one.id not in made:
        return new_id()
    return unpacked(content_id(packed(one.id), hand.user.id, one.changed)) if one.edit.record_id else one.id


def _queue(connection: Connection, moved: Sequence[Pending], made: Collection[str], hand: Hand) -> None:
    changes = [(one, _change_id(one, made, hand)) for one in moved]
    if not changes:
        return
    insert_rows(
        connection,
        "INSERT INTO outbox (change_id, record_id, kind, scope, parent_id, base_version, author_id, made_at, fields)",
        [(i, p.id, p.kind, p.scope, p.parent_id, p.version, hand.user.id, hand.at, canonical(p.changed)) for p, i in changes],
    )
    told = [("{}" if p.id in made else to_body({n: [p.before.get(n), v] for n, v in p.changed.items()})) for p, _ in changes]
    insert_rows(
        connection,
        "INSERT INTO history (record_id, change_id, author_id, device_id, made_at, fields)",
        [(p.id, i, hand.user.id, hand.device_id, hand.at, fields) for (p, i), fields in zip(changes, told, strict=True)],
    )
