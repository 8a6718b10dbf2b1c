"""S6: programs one and two versions older and newer work with one county, of whatever version, and none drops what it does not know."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final, TypeVar

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from county_server.county import County
from county_server.courier import take_in
from county_server.database import Database
from county_server.failing import Refusal
from county_server.founding import found, url_of
from county_server.restoring import go_on
from county_server.schema import CHANGE, RECORD
from jusuo_desktop.actions.decide_conflict import open_conflicts
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.identity import new_id, unpacked
from jusuo_desktop.store import Edit, Store
from jusuo_desktop.store.listing import ListQuery
from jusuo_desktop.sync.courier import SEAL_KEY, exported, imported
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.patience import Patience
from jusuo_desktop.wire.messages import PROTOCOL, Entry, SessionRequest
from tests import versions
from tests.county_server.counties import COUNTY_CODE, enrolled
from tests.sync.direct import DirectTransport, joined
from tests.sync.offices import OFFICE, new_store, reopened
from tests.versions import Version, at_work

T = TypeVar("T")
AT_ONCE: Final = Patience(tries=2, first_pause=0.0, longest_pause=0.0)
VERSIONS: Final = {"older": versions.older(), "today": versions.today(), "newer": versions.newer()}
ACTS: Final = ("write", "write", "write", "sync", "carry")
_entry: Final = msgspec.msgpack.Decoder(Entry).decode


class Line(DirectTransport):
    """A line to a county whose program is of a version of its own."""

    server: Version = VERSIONS["today"]

    def _ask(self, act: Callable[[str, Any], object], request: object, kind: type[T]) -> T:
        with at_work(self.server):
            return super()._ask(act, request, kind)


@dataclass
class Program:
    """A machine with a program of some version."""

    store: Store
    line: Line
    version: Version
    made: list[str] = field(default_factory=list)


@dataclass
class Office:
    """Three machines of three versions at one county, and every value that was typed: (record, field, value)."""

    county: County
    programs: list[Program]
    chance: Random
    typed: list[tuple[str, str, Any]] = field(default_factory=list)

    def write(self, program: Program) -> None:
        """Makes a record or changes one, in the fields that this version knows."""
        word = f"字{len(self.typed)}"
        with at_work(program.version):
            there = [i for i in self.all_made() if program.store.record(i) is not None and self.kind(program, i) in program.version]
            if there and self.chance.random() < 0.6:
                record_id = self.chance.choice(there)
                kind, fresh = self.kind(program, record_id), False
            else:
                kind = self.chance.choice([k for k in ("mediation", "mediation", "consultation", "survey", "early_warning") if k in program.version])
                record_id, fresh = new_id(), True
                program.made.append(record_id)
            values = versions.values_of(program.version, kind, self.chance, word)
            if kind == "mediation" and program.version is VERSIONS["newer"] and self.chance.random() < 0.5:
                values["dispute_type"] = "NEW1"
            edits = [Edit(kind, values, record_id, new=fresh)] if values or fresh else []
            if kind in ("mediation", "survey") and "survey_answer" in program.version and self.chance.random() < 0.3:
                child = new_id()
                edits.append(Edit("survey_answer", {"answer": word}, child, parent_id=record_id, new=True))
                program.made.append(child)
            program.store.write(edits, act="save")
            self.typed += [(e.record_id, n, v) for e in edits for n, v in e.values.items()]

    def all_made(self) -> list[str]:
        return [i for one in self.programs for i in one.made]

    @staticmethod
    def kind(program: Program, record_id: str) -> str:
        record = program.store.record(record_id)
        assert record is not None
        return record.kind

    def sync(self, program: Program, server: str) -> None:
        """Over the network."""
        program.line.server = VERSIONS[server]
        with at_work(program.version):
            report = sync_once(program.store, program.line, patience=AT_ONCE)
            assert report.digest_equal is True
            assert not report.repaired
            assert report.refused == 0, report.refusals

    def carry(self, program: Program, server: str) -> None:
        """By USB stick."""
        with at_work(program.version):
            out = exported(program.store, [], 1).data
        with at_work(VERSIONS[server]):
            back = take_in(self.county, out).answer
        with at_work(program.version):
            assert imported(program.store, back).report.refused == 0


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county") / "template"
    found(folder, COUNTY_CODE, "清溪县", [], None)
    return folder


def office(template: Path, folder: Path, chance: Random) -> Office:
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(template, folder / "county")
    county = County(Database(url_of(folder / "county", None)))
    programs = []
    for name, version in VERSIONS.items():
        store = new_store(folder / name)
        store.set(SEAL_KEY, county.seal_key.public_key().public_bytes_raw().hex())
        programs.append(Program(store, Line(county, joined(county, store, OFFICE)), version))
    return Office(county, programs, chance)


def closed(made: Office) -> None:
    for one in made.programs:
        one.store.close()
    made.county.database.close()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    steps=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(("write", "write", "write", "sync", "carry")), st.sampled_from(tuple(VERSIONS))),
        min_size=15,
        max_size=40,
    ),
)
def test_nothing_that_a_version_does_not_know_is_lost(template: Path, tmp_path: Path, seed: int, steps: list[tuple[int, str, str]]) -> None:
    """Every value typed is in the county's log or an open conflict; no field was emptied; all machines hold what the county holds."""
    made = office(template, tmp_path / "office", Random(seed))
    try:
        for which, act, server in steps:
            program = made.programs[which]
            if act == "write":
                made.write(program)
            else:
                getattr(made, act)(program, server)
        for server in ("today", "older", "newer"):
            for program in made.programs:
                made.sync(program, server)
        _whole(made)
    finally:
        closed(made)


def _whole(made: Office) -> None:
    with made.county.database.reading() as connection:
        log = [_entry(row.entry) for row in connection.execute(select(CHANGE))]
        bodies = {unpacked(bytes(r.id)): msgspec.msgpack.decode(r.body) for r in connection.execute(select(RECORD))}
    said: set[tuple[str, str, str]] = set()
    for entry in log:
        fields = entry.fields or {}
        assert None not in fields.values(), "a field was emptied by somebody who did not know it"
        said |= {(unpacked(entry.record_id), n, repr(v)) for n, v in fields.items()}
        if entry.kind == "conflict" and "other_value" in fields:
            said.add((unpacked(entry.parent_id), fields["field_name"], repr(msgspec.json.decode(fields["other_value"]))))
    lost = [one for one in made.typed if (one[0], one[1], repr(one[2])) not in said]
    assert not lost, lost[:3]
    assert len({program.store.held_digest() for program in made.programs}) == 1
    for program in made.programs:
        assert program.store.outbox_counts() == {}
        assert program.store.local_digest() == program.store.held_digest()
        for identity in made.all_made():
            record = program.store.record(identity)
            assert record is not None
            assert record.values == bodies[identity]


def test_a_store_that_is_upgraded_in_place_shows_what_it_only_kept(template: Path, tmp_path: Path) -> None:
    """Records of a new kind lie untouched in an old program's store; the new program lists, sorts and finds them, without the county."""
    made = office(template, tmp_path / "office", Random(1))
    old, _, new = made.programs
    with at_work(new.version):
        survey, case = new_id(), new_id()
        edits = [Edit("survey", {"title": "法治满意度问卷", "asked_on": "2026-05-01"}, survey, new=True)]
        edits.append(Edit("survey_answer", {"answer": "非常满意"}, parent_id=survey))
        edits.append(Edit("mediation", {"title": "麦地纠纷", "dispute_type": "NEW1", "weather": "大雾弥漫"}, case, new=True))
        new.store.write(edits, act="save")
    for program in (new, old):
        made.sync(program, "today")
    with at_work(old.version):
        held = old.store.record(survey)
        assert held is not None
        assert old.store.search("满意度问卷") == []
        assert "survey" not in [hit.kind for hit in old.store.search("麦地纠纷")]
        old.store.write([Edit("mediation", {"title": "麦地边界纠纷"}, case)], act="save")
        with pytest.raises(Exception, match="请先升级本程序"):
            old.store.write([Edit("survey", {"title": "改不得"}, survey)], act="save")
    folder = old.store.folder
    old.store.close()
    with at_work(new.version):
        upgraded = reopened(folder)
        try:
            assert upgraded.record(survey) == held
            while upgraded.index_waiting():
                pass
            assert [hit.id for hit in upgraded.search("满意度问卷")] == [survey]
            assert [hit.id for hit in upgraded.search("大雾")] == [case]
            assert upgraded.count(ListQuery("survey")) == 1
            assert [child.values for child in upgraded.children(survey, "survey_answer")] == [{"answer": "非常满意"}]
            assert [row.name for row in _indexes(upgraded) if "survey" in row.name]
            upgraded.write([Edit("survey", {"title": "改得了"}, survey)], act="save")
            record = upgraded.record(case)
            assert record is not None
            assert (record.values["weather"], record.values["dispute_type"], record.values["title"]) == ("大雾弥漫", "NEW1", "麦地边界纠纷")
            program = Program(upgraded, Line(made.county, upgraded.device_id), new.version)
            made.sync(program, "older")
        finally:
            upgraded.close()
    new.store.close()
    made.programs[1].store.close()
    made.county.database.close()


def _indexes(store: Store) -> list[Any]:
    with store._reading() as connection:
        return list(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index'").all())


def test_a_conflict_about_a_field_that_is_not_known_is_named(template: Path, tmp_path: Path) -> None:
    """An old program shows it, with both values, and says that it is a newer version's."""
    made = office(template, tmp_path / "office", Random(2))
    old, _, new = made.programs
    other_store = new_store(tmp_path / "other", "李所长")
    other = Program(other_store, Line(made.county, joined(made.county, other_store, OFFICE)), new.version)
    made.programs.append(other)
    with at_work(new.version):
        case = new_id()
        new.store.write([Edit("mediation", {"title": "麦地纠纷", "weather": "晴"}, case, new=True)], act="save")
    for program in (new, other):
        made.sync(program, "older")
    for program, said in ((new, "雾"), (other, "雨")):
        with at_work(new.version):
            program.store.write([Edit("mediation", {"weather": said}, case)], act="save")
    for program in (new, other, old):
        made.sync(program, "older")
    with at_work(old.version):
        conflict = open_conflicts(Session(old.store))[0]
        assert (conflict.kept, conflict.other) == ("雾", "雨")
        assert conflict.label == "新版本的栏目（weather）"
    closed(made)


def test_what_only_an_old_program_still_holds_of_a_new_version_comes_back(template: Path, tmp_path: Path) -> None:
    """The county lost it, its device is gone: the old program restates every field and every record, known or not."""
    made = office(template, tmp_path / "office", Random(3))
    old, middle, new = made.programs
    database = tmp_path / "office" / "county" / "county.db"
    made.county.database.close()
    shutil.copyfile(database, tmp_path / "kept.db")
    with at_work(new.version):
        case, survey = new_id(), new_id()
        new.store.write(
            [
                Edit("mediation", {"title": "麦地纠纷", "weather": "雾", "dispute_type": "NEW1"}, case, new=True),
                Edit("survey", {"title": "问卷"}, survey, new=True),
            ],
            act="save",
        )
    for program in (new, old):
        made.sync(program, "older")
    made.county.database.close()
    for companion in ("-wal", "-shm"):
        database.with_name(f"county.db{companion}").unlink(missing_ok=True)
    shutil.copyfile(tmp_path / "kept.db", database)
    restored = Database(url_of(database.parent, None))
    with restored.writing() as connection:
        epoch = go_on(connection, made.county.now(), 2026)
    made.county = County(restored)
    for program in (old, middle):
        program.store.follow(epoch)
        program.line = Line(made.county, program.store.device_id)
        made.sync(program, "older")
    with restored.reading() as connection:
        bodies = {unpacked(bytes(r.id)): msgspec.msgpack.decode(r.body) for r in connection.execute(select(RECORD))}
    assert bodies[case] == {
        "title": "麦地纠纷",
        "weather": "雾",
        "dispute_type": "NEW1",
        **{n: v for n, v in bodies[case].items() if n == "typed_title"},
    }
    assert bodies[survey] == {"title": "问卷"}
    closed(made)


@pytest.mark.parametrize(
    ("speaks", "said"), [((0, 0), "本机程序的版本太旧"), ((PROTOCOL + 1, PROTOCOL + 1), "县服务器的版本太旧"), ((PROTOCOL + 1, PROTOCOL), "")]
)
def test_a_program_without_a_common_protocol_gets_one_sentence(template: Path, tmp_path: Path, speaks: tuple[int, int], said: str) -> None:
    """Too old for the server, too new for it; a newer one that still speaks the server's protocol works."""
    shutil.copytree(template, tmp_path / "county")
    county = County(Database(url_of(tmp_path / "county", None)))
    device, key = enrolled(county, OFFICE)
    from jusuo_desktop.wire.messages import ChallengeRequest
    from jusuo_desktop.wire.receipt import challenge_text

    nonce = county.challenge(ChallengeRequest(device)).challenge
    asked = SessionRequest(device, nonce, key.sign(challenge_text(county.epoch, nonce)), "", *speaks)
    assert isinstance(key, Ed25519PrivateKey)
    if said:
        with pytest.raises(Refusal, match=said) as refused:
            county.session(asked)
        assert refused.value.code == "protocol"
    else:
        assert county.session(asked).token
    county.database.close()
