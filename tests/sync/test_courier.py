"""By USB stick: a sealed file to the county, its answer back, mixed with the network in any order, stolen, changed and repeated (S10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from county_server import devices
from county_server.county import County
from county_server.courier import take_in
from county_server.failing import Refusal
from jusuo_desktop.actions import courier as acts
from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.number_blocks import series_of
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.store import Edit, Store
from jusuo_desktop.store.backup import restore
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync.courier import SEAL_KEY, exported, imported
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.wire.bundle import BadBundle
from tests.county_server.counties import founded
from tests.running_county import running_county
from tests.sync.direct import DirectTransport, joined
from tests.sync.offices import OFFICE, VILLAGE, new_session, new_store, reopened

NOW = datetime(2026, 3, 9, 10, 30)


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with founded(tmp_path / "county") as made:
        yield made


@pytest.fixture
def device(county: County, tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    with ExitStack() as stack:

        def new(name: str) -> Store:
            store = new_store(tmp_path / name, name)
            stack.callback(store.close)
            joined(county, store, OFFICE)
            store.set(SEAL_KEY, county.hello().seal_key.hex())
            return store

        yield new


def write(store: Store, text: str) -> str:
    return store.write([Edit("consultation", {"consulted_at": "2026-03-09T09:00", "consultation_content": text})], act="save")[0].id


def by_network(county: County, store: Store) -> None:
    enrolment = store.enrolment
    assert enrolment is not None
    sync_once(store, DirectTransport(county, enrolment.device_id))


def by_stick(county: County, store: Store) -> bytes:
    answer = take_in(county, exported(store, [], 0).data).answer
    imported(store, answer)
    return answer


def contents(store: Store) -> set[str]:
    return {str(r.values.get("consultation_content")) for r in store.each_record("consultation")}


def test_two_offices_without_a_line_hold_the_same_in_the_end(county: County, device: Callable[[str], Store]) -> None:
    one, two = device("王内勤"), device("李所长")
    write(one, "宅基地怎么分")
    write(two, "工资被拖欠")
    by_stick(county, one)
    by_stick(county, two)
    answer = by_stick(county, one)
    assert contents(one) == contents(two) == {"宅基地怎么分", "工资被拖欠"}
    assert one.held_digest() == two.held_digest()
    assert imported(one, answer).report.received == 0, "the same answer again changes nothing"
    assert one.unsent_count() == 0
    by_network(county, one)
    by_network(county, two)
    assert one.held_digest() == two.held_digest()


def test_a_bundle_may_be_taken_in_again_and_after_the_network_came_back(county: County, device: Callable[[str], Store]) -> None:
    store, other = device("王内勤"), device("李所长")
    write(store, "第一件")
    stick = exported(store, [], 0).data
    write(store, "第二件")
    by_network(county, store)
    first, again = take_in(county, stick), take_in(county, stick)
    assert first.counts == again.counts == {"duplicate": sum(first.counts.values())}
    digest = store.held_digest()
    for answer in (first.answer, again.answer, first.answer):
        imported(store, answer)
    assert store.held_digest() == digest
    by_network(county, other)
    assert contents(other) == {"第一件", "第二件"}


def test_what_was_changed_stolen_or_misdirected_is_refused_and_nothing_is_lost(
    county: County, device: Callable[[str], Store], tmp_path: Path
) -> None:
    store, other = device("王内勤"), device("李所长")
    secret = write(store, "只有两个人知道的事") and "只有两个人知道的事"
    stick = exported(store, [], 0).data
    assert secret.encode() not in stick
    for at in (3, 20, len(stick) // 2, len(stick) - 1):
        with pytest.raises((BadBundle, Refusal)):
            take_in(county, stick[:at] + bytes([stick[at] ^ 1]) + stick[at + 1 :])
    with pytest.raises(BadBundle):
        take_in(county, stick[:-1])
    with founded(tmp_path / "another") as elsewhere, pytest.raises(Refusal, match="更换过"):
        take_in(elsewhere, stick)
    answer = take_in(county, stick).answer
    with pytest.raises(Refused, match="另一台电脑"):
        imported(other, answer)
    with pytest.raises(Refused, match="不是县里的回执"):
        imported(store, stick)
    with pytest.raises(Refused, match="签名不对"):
        imported(store, answer[:-1] + bytes([answer[-1] ^ 1]))
    with pytest.raises(Refused, match="交换文件"):
        imported(store, b"PK\x03\x04 something else")
    with pytest.raises(BadBundle, match="回执"):
        take_in(county, answer)
    assert store.unsent_count() > 0
    imported(store, answer)
    assert store.unsent_count() == 0


def test_a_revoked_device_gets_nothing_by_stick_either(county: County, device: Callable[[str], Store]) -> None:
    from county_server import devices

    store = device("王内勤")
    stick = exported(store, [], 0).data
    assert store.enrolment is not None
    with county.database.writing() as connection:
        devices.revoke(connection, store.enrolment.device_id, county.now())
    with pytest.raises(Refusal, match="停用"):
        take_in(county, stick)


def test_numbers_are_leased_by_stick_and_a_late_answer_burns_none(county: County, device: Callable[[str], Store], tmp_path: Path) -> None:
    store = device("王内勤")
    session = Session(store, lambda: NOW)
    by_network(county, store)
    handover = acts.export_bundle(session, tmp_path)
    assert handover.file.endswith(".jusuo")
    assert [h.serial for h in acts.unanswered(session)] == [handover.serial]
    taken = take_in(county, (tmp_path / handover.file).read_bytes())
    assert taken.digest == handover.digest, "what the receipt says is what the county's screen says"
    (tmp_path / "回执.jusuo").write_bytes(taken.answer)
    acts.import_bundle(session, tmp_path / "回执.jusuo")
    left = {series: store.numbers_left(series) for series in series_of(session)}
    assert set(left.values()) == {50}
    acts.import_bundle(session, tmp_path / "回执.jusuo")
    assert {series: store.numbers_left(series) for series in series_of(session)} == left
    assert acts.unanswered(session) == []
    assert acts.handover_receipt(session, handover).startswith(b"%PDF")


def test_an_answer_from_before_a_restore_does_not_fit_and_says_so(county: County, device: Callable[[str], Store], tmp_path: Path) -> None:
    store = device("王内勤")
    kept = store.back_up(NOW, tmp_path / "backups")
    write(store, "第一件")
    by_network(county, store)
    answer = take_in(county, exported(store, [], 0).data).answer
    store.close()
    restore(store.folder, kept.folder, NOW)
    store = reopened(store.folder)
    try:
        with pytest.raises(Refused, match="重新导出一次"):
            imported(store, answer)
        with pytest.raises(Refused, match="补取自己以前上报的"):
            by_stick(county, store)
        by_stick(county, store)
        assert store.local_digest() == store.held_digest()
        assert contents(store) == {"第一件"}
    finally:
        store.close()


def test_a_repair_by_stick_hears_the_county_before_it_sends(county: County, device: Callable[[str], Store]) -> None:
    store = device("王内勤")
    write(store, "第一件")
    by_network(county, store)
    write(store, "第二件")
    store.start_over()
    assert exported(store, [], 0).changes == 0
    by_stick(county, store)
    assert not store.reading_anew()
    by_stick(county, store)
    assert (store.unsent_count(), store.local_digest()) == (0, store.held_digest())
    assert contents(store) == {"第一件", "第二件"}


def test_words_carry_a_stick_between_real_processes(tmp_path: Path) -> None:
    with running_county(tmp_path / "county") as county, ExitStack() as stack:
        sessions = [new_session(tmp_path / name, name) for name in ("王内勤", "李所长")]
        for session in sessions:
            stack.callback(session.store.close)
            enroll(session, county.url, county.say("enroll", "--scope", OFFICE).strip(), "电脑")
            sync_now(session)
        county.stop()  # the line is gone for weeks
        write(sessions[0].store, "没有网络的一件")
        handover = acts.export_bundle(sessions[0], tmp_path)
        said = county.say("bundle", str(tmp_path / handover.file))
        assert f"校验码 {handover.digest}：接收1项" in said
        acts.import_bundle(sessions[0], tmp_path / handover.file.replace(".jusuo", "-回执.jusuo"))
        assert sessions[0].store.unsent_count() == 0
        county.start()
        assert sync_now(sessions[0]).digest_equal
        sync_now(sessions[1])
        assert "没有网络的一件" in contents(sessions[1].store)


def test_the_seal_is_learnt_over_the_network_first_and_a_bad_stick_is_said(county: County, device: Callable[[str], Store], tmp_path: Path) -> None:
    session = Session(device("王内勤"), lambda: NOW)
    with pytest.raises(Refused, match="写不了文件"):
        acts.export_bundle(session, tmp_path / "没有插")
    with pytest.raises(Refused, match="读不出"):
        acts.import_bundle(session, tmp_path / "没有.jusuo")
    session.store.set(SEAL_KEY, "")
    with pytest.raises(Refused, match="先联网同步一次"):
        acts.export_bundle(session, tmp_path)
    assert list(tmp_path.glob("*.new")) == []


ROADS = st.lists(st.sampled_from(["write", "network", "export", "take", "import"]), min_size=5, max_size=30)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROADS, ROADS)
def test_sticks_and_network_in_any_order_converge(tmp_path_factory: pytest.TempPathFactory, ours: list[str], theirs: list[str]) -> None:
    folder = tmp_path_factory.mktemp("roads")
    with founded(folder / "county") as county, ExitStack() as stack:
        stores, sticks, answers = [], [[], []], [[], []]  # type: ignore[var-annotated]
        for name in ("王内勤", "李所长"):
            stores.append(new_store(folder / name, name))
            stack.callback(stores[-1].close)
            joined(county, stores[-1], OFFICE)
            stores[-1].set(SEAL_KEY, county.hello().seal_key.hex())
        written = set()
        for place, (mine, yours) in enumerate(zip(ours, [*theirs, *["write"] * len(ours)], strict=False)):
            for who, act in enumerate((mine, yours)):
                store = stores[who]
                match act:
                    case "write":
                        written.add(f"{who} {place}")
                        write(store, f"{who} {place}")
                    case "network":
                        by_network(county, store)
                    case "export":
                        sticks[who].append(exported(store, [], 0).data)
                    case "take" if sticks[who]:
                        answers[who].append(take_in(county, sticks[who][place % len(sticks[who])]).answer)
                    case "import" if answers[who]:
                        imported(store, answers[who][place % len(answers[who])])
        for store in (*stores, *stores):
            by_stick(county, store)
        assert stores[0].held_digest() == stores[1].held_digest()
        for store in stores:
            assert contents(store) == written
            assert store.unsent_count() == 0
            assert store.count(ListQuery("conflict")) == 0


def test_a_county_that_was_restored_is_followed_by_stick(county: County, device: Callable[[str], Store]) -> None:
    """No line for weeks, and the county's server came out of a backup meanwhile: the answer says so, and the next stick mends it."""
    from county_server.restoring import go_on

    store = device("王内勤")
    write(store, "恢复以前")
    by_stick(county, store)
    write(store, "没有送到的")
    stick = exported(store, [], 0).data
    with county.database.writing() as connection:
        go_on(connection, county.now(), 2026)
    again = County(county.database)
    taken = take_in(again, stick)
    assert (taken.counts, taken.entries) == ({}, 0), "nothing of the past is mixed into another order"
    with pytest.raises(Refused, match="重新导出一次"):
        imported(store, taken.answer)
    with pytest.raises(Refused, match="更换过"):
        imported(store, take_in(county, stick).answer)
    assert exported(store, [], 0).changes == 0, "the county is heard before anything is sent"
    by_stick(again, store)
    by_stick(again, store)
    assert store.unsent_count() == 0
    assert store.held_digest() == store.local_digest()
    by_network(again, store)


def test_an_answer_that_was_long_under_way_does_not_turn_a_device_back_to_a_former_scope(county: County, device: Callable[[str], Store]) -> None:
    store = device("王内勤")
    write(store, "改变管辖范围以前")
    by_network(county, store)
    late = [take_in(county, exported(store, [], 0).data).answer]
    for scope in (VILLAGE, OFFICE, VILLAGE):
        with county.database.writing() as connection:
            assert devices.rescope(connection, store.device_id, scope)
        by_network(county, store)
        state = store.scope, store.feed_cursor(), store.held_digest(), store.outbox_counts()
        for answer in late:
            with pytest.raises(Refused, match="已经过时"):
                imported(store, answer)
        assert (store.scope, store.feed_cursor(), store.held_digest(), store.outbox_counts()) == state
        late.append(take_in(county, exported(store, [], 0).data).answer)
    assert imported(store, late[-1]).report.digest_equal is True, "the newest one fits"


def test_a_scope_that_came_and_went_while_a_device_was_silent_is_a_former_one(county: County, device: Callable[[str], Store]) -> None:
    """It was given a village and its office again before it heard of either, but for an answer that lay in between."""
    store = device("王内勤")
    by_network(county, store)
    with county.database.writing() as connection:
        assert devices.rescope(connection, store.device_id, VILLAGE)
    late = take_in(county, exported(store, [], 0).data).answer
    with county.database.writing() as connection:
        assert devices.rescope(connection, store.device_id, OFFICE)
    by_network(county, store)
    with pytest.raises(Refused, match="已经过时"):
        imported(store, late)
    assert store.scope == OFFICE
