"""Messages survive the way there and back; anything else is refused before it costs memory or time."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from jusuo_desktop.records.identity import packed, unpacked
from jusuo_desktop.wire.codec import Malformed, decode, encode
from jusuo_desktop.wire.columns import changes_of, push_request
from jusuo_desktop.wire.limits import MOST_BODY_BYTES, MOST_INFLATED_BYTES
from jusuo_desktop.wire.messages import Change, PullRequest, PullResponse, PushRequest, TablePush
from jusuo_desktop.wire.table import changes_in, content_id, tabled

VALUES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20) | st.lists(st.text(max_size=5), max_size=3)
IDS = st.binary(min_size=16, max_size=16).filter(any)
CHANGES = st.builds(
    Change,
    change_id=IDS,
    record_id=IDS,
    kind=st.text(max_size=8),
    scope=st.text(max_size=12),
    parent_id=st.just(b"") | IDS,
    base_version=st.integers(0, 2**31),
    author_id=st.text(max_size=8),
    made_at=st.integers(0, 2**53),
    fields=st.dictionaries(st.text(max_size=8), VALUES, max_size=4),
)


@given(st.binary(max_size=16), st.text(max_size=20), st.lists(CHANGES, max_size=6), st.booleans())
def test_a_batch_comes_back_as_it_went(batch_id: bytes, epoch: str, changes: list[Change], own: bool) -> None:
    if own:
        changes = [msgspec.structs.replace(c, change_id=c.record_id) for c in changes]
    got = decode(encode(push_request(batch_id, epoch, changes)), PushRequest)
    assert (got.batch_id, got.epoch, changes_of(got)) == (batch_id, epoch, changes)


@given(st.binary(max_size=16), st.text(max_size=20), st.lists(CHANGES, max_size=8), st.sampled_from(["own", "record", "content"]), st.booleans())
def test_a_table_comes_back_as_it_went(batch_id: bytes, epoch: str, changes: list[Change], goes_by: str, raw: bool) -> None:
    if goes_by == "record":
        changes = [msgspec.structs.replace(c, change_id=c.record_id) for c in changes]
    if goes_by == "content":
        changes = [msgspec.structs.replace(c, base_version=0, change_id=content_id(c.record_id, c.author_id, c.fields)) for c in changes]
    queued = [msgspec.structs.replace(c, fields=msgspec.Raw(msgspec.msgpack.encode(c.fields))) for c in changes] if raw else changes
    table = tabled(push_request(batch_id, epoch, queued))
    assert len(table.own_ids) == 16 * sum(c.change_id != c.record_id for c in changes) * (goes_by == "own")
    got = decode(encode(table), TablePush)
    assert (got.batch_id, got.epoch, changes_in(got)) == (batch_id, epoch, changes)


@given(st.lists(CHANGES, min_size=1, max_size=4), st.data())
def test_a_table_that_does_not_add_up_is_no_batch(changes: list[Change], data: st.DataObject) -> None:
    table = tabled(push_request(b"", "e", changes))
    member = data.draw(st.sampled_from([n for n in table.__struct_fields__ if n not in ("batch_id", "epoch", "cursor", "marks", "scope")]))
    held = getattr(table, member)
    longer = held + (b"x" if isinstance(held, bytes) else [held[0] if held else []])
    assert changes_in(msgspec.structs.replace(table, **{member: longer})) is None or member == "shapes"
    if held:
        assert changes_in(msgspec.structs.replace(table, **{member: held[:-1]})) is None
    assert changes_in(msgspec.structs.replace(table, shape_of=[len(table.shapes)] * len(changes))) is None
    assert changes_in(msgspec.structs.replace(table, shape_of=[-1] * len(changes))) is None
    assert changes_in(msgspec.structs.replace(table, ids=b"\x07" * len(changes))) is None


@given(st.lists(CHANGES, min_size=1, max_size=3), st.data())
def test_a_damaged_frame_is_refused_or_harmless(changes: list[Change], data: st.DataObject) -> None:
    whole = encode(push_request(b"", "e", changes))
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(Malformed):
        decode(whole[:cut], PushRequest)
    with pytest.raises(Malformed):
        decode(whole + b"x", PushRequest)
    place, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
    spoilt = bytearray(whole)
    spoilt[place] ^= 1 << bit
    try:
        got = decode(bytes(spoilt), PushRequest)
    except Malformed:
        return
    assert changes_of(got) == changes  # a bit that means nothing: the checksum holds for what was inflated


@given(st.binary(max_size=200))
def test_random_bytes_are_no_message(noise: bytes) -> None:
    for body in (noise, zstandard.ZstdCompressor().compress(noise)):
        try:
            got = decode(body, PullRequest)
        except Malformed:
            continue
        assert isinstance(got, PullRequest)


def bomb(content: bytes, **stated: Any) -> bytes:
    return zstandard.ZstdCompressor(**stated).compress(content)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        bomb(bytes(MOST_INFLATED_BYTES + 1)),
        bomb(b"\x93", write_content_size=False),
        bytes(MOST_BODY_BYTES + 1),
        bomb(msgspec.msgpack.encode("text")),
        bomb(b"\x91" * 100_000),
        bomb(b"\xdd\xff\xff\xff\xff"),
    ],
    ids=["nothing", "a bomb", "no stated size", "too large as sent", "another type", "nested without end", "a list that claims a billion items"],
)
def test_hostile_bodies_are_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        decode(body, PushRequest)


def test_a_newer_side_may_add_members_at_the_end() -> None:
    """S6: an older reader passes over what it does not know, a newer one takes the default for what is missing."""
    newer = zstandard.ZstdCompressor(write_checksum=True).compress(msgspec.msgpack.encode(["e", [], {"f": 3}, False, 7, {}, "from the future"]))
    assert decode(newer, PullResponse).cursor == {"f": 3}
    older = zstandard.ZstdCompressor(write_checksum=True).compress(msgspec.msgpack.encode(["e", {}, 10]))
    assert decode(older, PullRequest).echo_own is False


@given(st.binary(min_size=16, max_size=16))
def test_identities_are_sixteen_bytes_both_ways(raw: bytes) -> None:
    assert packed(unpacked(raw)) == raw
    for wrong in (raw[:-1], raw + b"x"):
        with pytest.raises(ValueError):
            unpacked(wrong)
