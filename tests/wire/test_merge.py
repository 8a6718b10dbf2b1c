"""The merge against the classical three-way rule; digests whatever the order; codes as people type them; who may see and write what."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.wire import enroll_code
from jusuo_desktop.wire.digest import combined, digest_of, moved, record_digest
from jusuo_desktop.wire.merge import Mark, merge, put, same, stamped, three_way
from jusuo_desktop.wire.scope import feed_of, follows, is_scope, visible, writable

VALUE = st.sampled_from([None, "甲", "乙", "", True, 1, 0, ["甲"], ["甲", "乙"]])


@given(base=VALUE, held=VALUE, new=VALUE)
def test_the_merge_agrees_with_the_three_way_rule(base: Any, held: Any, new: Any) -> None:
    """Device b writes on version 1, where the value was `base`; meanwhile device a made it `held` (or left it alone)."""
    marks = {"f": Mark(1, "a")} if same(base, held) else {"f": Mark(2, "a")}
    values = {} if held is None else {"f": held}
    stands, refused = three_way(base, held, new)
    merged = merge(values, marks, 1, "b", {"f": new})
    after = put(values, merged.applied).get("f")
    if same(new, base) and not same(held, base):
        # b wrote the old value anew, knowing nothing of a's: the classical rule cannot tell this from not writing; we keep both.
        assert merged.refused == {"f": new}
    else:
        assert bool(merged.refused) == refused
        assert same(after, stands)


FIELDS = st.dictionaries(st.sampled_from("fgh"), st.sampled_from(["甲", "乙", None]), max_size=3)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 6), FIELDS), max_size=8))
def test_every_field_of_every_change_is_applied_already_there_or_refused(changes: list[tuple[str, int, dict[str, Any]]]) -> None:
    values: dict[str, Any] = {}
    marks: dict[str, Mark] = {}
    for version, (device, base, fields) in enumerate(changes, 1):
        merged = merge(values, marks, min(base, version - 1), device, fields)
        parts = (merged.applied, merged.already, merged.refused)
        assert sorted(name for part in parts for name in part) == sorted(fields)
        for name in merged.refused:
            assert marks[name].device_id != device
            assert marks[name].version > min(base, version - 1)
        values, marks = put(values, merged.applied), stamped(marks, merged.applied, Mark(version, device))
        assert None not in values.values()


RECORDS = st.lists(
    st.tuples(st.uuids().map(str), st.integers(1, 9), st.dictionaries(st.sampled_from("fgh"), st.text(max_size=3))),
    unique_by=lambda r: r[0],
    max_size=6,
)


@given(RECORDS, st.randoms())
def test_a_digest_knows_no_order_and_moves_with_its_records(records: list[tuple[str, int, dict[str, str]]], chance: Any) -> None:
    mixed = [(i, v, dict(sorted(values.items(), reverse=True))) for i, v, values in records]
    chance.shuffle(mixed)
    assert digest_of(mixed) == digest_of(records)
    total = combined(())
    for record in mixed:
        total = moved(total, record_digest(*record))
    assert total == digest_of(records)
    if records:
        assert moved(total, -record_digest(*mixed[-1])) == digest_of(mixed[:-1])
        identity, version, values = records[0]
        assert digest_of([(identity, version + 1, values), *records[1:]]) != total


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40))
def test_a_code_is_read_as_people_type_it(key: bytes, root: bytes) -> None:
    code = enroll_code.make(enroll_code.fingerprint(key, root))
    for typed in (str(code), str(code).lower(), str(code).replace("-", " "), str(code).replace("0", "O").replace("1", "l")):
        assert enroll_code.read(typed) == code


@pytest.mark.parametrize("typed", ["", "ABC", "U" * 25, "0" * 26, "注册码", "\0" * 25, "A" * 10_000])
def test_what_is_no_code_gets_a_sentence(typed: str) -> None:
    with pytest.raises(enroll_code.BadCode) as caught:
        enroll_code.read(typed)
    assert str(caught.value).endswith("。")


SCOPES = st.sampled_from(["990101", "990102", "990101001", "990101002", "990101001001", "990101001002"])


@given(SCOPES, SCOPES, st.booleans())
def test_what_a_device_may_write_it_sees_and_what_it_sees_it_is_fed(record: str, device: str, reference: bool) -> None:
    assert is_scope(record)
    if writable(record, device):
        assert visible(record, device, reference=reference)
    if visible(record, device, reference=reference):
        assert follows(feed_of(record), device)
    assert visible(record, device, reference=False) == record.startswith(device)


@pytest.mark.parametrize("wrong", ["", "99", "99010", "9901010010", "99010100100a", "九九零一零一", "9901010010011"])
def test_what_is_no_scope(wrong: str) -> None:
    assert not is_scope(wrong)
