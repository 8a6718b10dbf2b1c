"""A device that the county shuts out closes for everybody but the recovery key; whoever left his post is out, and his work goes on."""

from __future__ import annotations

import base64
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from requests.adapters import HTTPAdapter

from jusuo_desktop.actions.enroll import enroll
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_now import sync_now
from jusuo_desktop.actions.unlock import unlock, unlock_with_recovery
from jusuo_desktop.store import Edit, FirstRun, add_user, closing, create_store, open_store, user_names
from jusuo_desktop.store.backup import restore
from jusuo_desktop.store.closing import shut_out
from jusuo_desktop.store.keys import RECOVERY, ShutOut, read_keys, shut_out_since, write_keys
from jusuo_desktop.store.refusal import NoStore, Refused, WrongPassphrase
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.http_transport import HttpTransport
from jusuo_desktop.sync.patience import Patience
from jusuo_desktop.sync.sealing import closed_for_good
from jusuo_desktop.wire.codec import encode
from jusuo_desktop.wire.messages import CONTENT_TYPE, RECEIPT_HEADER, ChallengeResponse, Failure, SessionRequest
from jusuo_desktop.wire.receipt import sign_receipt
from tests.running_county import RunningCounty, running_county
from tests.sync.offices import OFFICE, PASSPHRASE, consult

ONCE = Patience(tries=1, first_pause=0.0, longest_pause=0.0)
NEW_PASSPHRASE = "两个黄鹂鸣翠柳啊"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    with running_county(tmp_path_factory.mktemp("county"), tls=False) as made:
        yield made


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store with two users and its recovery key, to be copied."""
    folder = tmp_path_factory.mktemp("office") / "store"
    first = FirstRun(
        office={"name": "清溪司法所", "division_code": OFFICE, "county_name": "清溪县", "short_name": "清溪"},
        user_name="王内勤",
        passphrase=PASSPHRASE,
    )
    store, recovery = create_store(folder, first)
    add_user(store, PASSPHRASE, {"name": "李联络员", "worker_roles": ["5"], "access_role": "liaison"}, PASSPHRASE)
    store.close()
    return folder, recovery


@pytest.fixture
def folder(office: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(office[0], tmp_path / "store"))


def test_a_revoked_device_closes_and_opens_with_the_recovery_key_alone(
    county: RunningCounty, office: tuple[Path, str], folder: Path, tmp_path: Path
) -> None:
    """Every pass phrase is void, in the backups beside it too; what was not sent is inside, and goes up once the device has joined anew."""
    session = unlock(folder, "王内勤", PASSPHRASE)
    enroll(session, county.url, county.enroll(OFFICE))
    sync_now(session, patience=ONCE)
    session.store.back_up(datetime(2026, 3, 1, 8, 0))
    unsent = consult(session.store, "没有上报的")
    county.revoke(session.store.device_id)
    with pytest.raises(failures.ShutOut, match="恢复密钥"):
        sync_now(session, patience=ONCE)
    session.store.close()
    assert user_names(folder) == []
    since = shut_out_since(folder)
    assert since is not None
    for name in ("王内勤", "李联络员"):
        with pytest.raises(WrongPassphrase):
            unlock(folder, name, PASSPHRASE)
    backup = next(place for place in (folder / "backups").iterdir() if (place / "backup.json").exists())
    assert read_keys(backup).keys() == {RECOVERY}
    restore(folder, backup, datetime(2026, 3, 2, 8, 0))
    assert user_names(folder) == []
    again = tmp_path / "again"
    restored = unlock_with_recovery(folder, office[1], NEW_PASSPHRASE)
    restored.store.close()
    assert not again.exists()
    with pytest.raises(WrongPassphrase):
        unlock(folder, "李联络员", PASSPHRASE)
    reopened = unlock(folder, "王内勤", NEW_PASSPHRASE)
    assert shut_out_since(folder) is not None
    with pytest.raises(failures.ShutOut):
        sync_now(reopened, patience=ONCE)
    reopened.store.close()
    assert user_names(folder) == []
    assert unsent


def test_what_was_not_sent_goes_up_after_the_device_joined_anew(county: RunningCounty, office: tuple[Path, str], folder: Path) -> None:
    """Listed after the recovery key opened the store, and at the county after the re-enrolment; the store then opens as any other."""
    session = unlock(folder, "王内勤", PASSPHRASE)
    enroll(session, county.url, county.enroll(OFFICE))
    sync_now(session, patience=ONCE)
    unsent = consult(session.store, "没有上报的")
    county.revoke(session.store.device_id)
    with pytest.raises(failures.ShutOut):
        sync_now(session, patience=ONCE)
    session.store.close()
    opened = unlock_with_recovery(folder, office[1], NEW_PASSPHRASE)
    assert [o.record_id for o in opened.store.outgoing()] == [unsent]
    enroll(opened, county.url, county.enroll(OFFICE))
    assert shut_out_since(folder) is None
    report = sync_now(opened, patience=ONCE)
    assert report.digest_equal is True
    assert opened.store.outbox_counts() == {}
    assert opened.store.verify() == []
    assert [row.act for row in _audit(opened)].count("shut_out") == 1
    opened.store.close()
    assert user_names(folder) == ["王内勤"]


def _audit(session: Session) -> list:  # type: ignore[type-arg]
    with session.store._reading() as connection:
        return list(connection.exec_driver_sql("SELECT act FROM audit").all())


@pytest.mark.parametrize("signed_over", ["nothing", "another device's question", "this device's question", "nobody's key"])
def test_a_revoked_answer_closes_only_when_it_is_proved(county: RunningCounty, folder: Path, signed_over: str) -> None:
    """An answer that was given to another device, or before a question was read, stops the sync and closes nothing."""
    session = unlock(folder, "王内勤", PASSPHRASE)
    enroll(session, county.url, county.enroll(OFFICE))
    enrolment = session.store.enrolment
    assert enrolment is not None
    key = Ed25519PrivateKey.generate()
    theirs = replace(enrolment, server_key=key.public_key().public_bytes_raw())
    over = {"nothing": b"", "another device's question": encode(SessionRequest("OTHER", b"", b"")), "nobody's key": b""}.get(signed_over)
    transport = HttpTransport(theirs, folder, road=_Revoking(Ed25519PrivateKey.generate() if "key" in signed_over else key, over))
    closed = closed_for_good(session.store, transport)
    transport.close()
    session.store.close()
    assert (closed is not None) == (signed_over == "this device's question")
    assert user_names(folder) == ([] if closed else ["王内勤", "李联络员"])


class _Revoking(HTTPAdapter):
    """A county that answers 'revoked' to whoever signs in; None, signed over the question."""

    def __init__(self, key: Ed25519PrivateKey, over: bytes | None) -> None:
        super().__init__()
        self._key, self._over = key, over

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        asked = request.body or b""
        assert isinstance(asked, bytes)
        revoked = str(request.url).endswith("/session")
        body = encode(Failure("revoked", "停用") if revoked else ChallengeResponse(b"c" * 56))
        over = self._over if revoked and self._over is not None else asked
        receipt = base64.b64encode(sign_receipt(self._key, over, body)).decode()
        headers = {"Content-Type": CONTENT_TYPE, "Content-Length": str(len(body)), RECEIPT_HEADER: receipt}
        raw = urllib3.HTTPResponse(io.BytesIO(body), headers, 403 if revoked else 200, preload_content=False, decode_content=False)
        return self.build_response(request, raw)


@pytest.mark.parametrize("dies_at", range(3))
def test_killed_while_closing_it_opens_for_those_of_before_or_with_the_key(
    office: tuple[Path, str], folder: Path, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    """There is no moment at which nobody, or the wrong one, opens it; the next contact closes it whole."""
    store = open_store(folder, "王内勤", PASSPHRASE)
    store.back_up(datetime(2026, 3, 1, 8, 0))
    store.back_up(datetime(2026, 3, 2, 8, 0))
    store.close()
    written = 0

    def dying(*told: object, **more: object) -> None:
        nonlocal written
        if written == dies_at:
            raise KeyboardInterrupt
        written += 1
        write_keys(*told, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as dies:
        dies.setattr(closing, "write_keys", dying)
        with pytest.raises(KeyboardInterrupt):
            shut_out(folder, ShutOut("DEVICE", 1))
    open_store(folder, "王内勤", PASSPHRASE).close()
    assert shut_out_since(folder) is None
    shut_out(folder, ShutOut("DEVICE", 1))
    assert all(json.loads(keys.read_text(encoding="utf-8"))["wraps"].keys() == {RECOVERY} for keys in folder.rglob("keys.json"))
    restore(folder, next((folder / "backups").glob("2026*")), datetime(2026, 3, 3, 8, 0))
    unlock_with_recovery(folder, office[1], NEW_PASSPHRASE).store.close()


def test_who_left_his_post_is_out_and_his_work_goes_up_in_his_name(
    county: RunningCounty, office: tuple[Path, str], folder: Path, tmp_path: Path
) -> None:
    """He cannot sign in any more, here or after a restore; what he had not sent is sent by the device."""
    clerk = unlock(folder, "王内勤", PASSPHRASE)
    enroll(clerk, county.url, county.enroll(OFFICE))
    sync_now(clerk, patience=ONCE)
    clerk.store.back_up(datetime(2026, 3, 1, 8, 0))
    clerk.store.close()
    laptop = tmp_path / "laptop"
    shutil.copytree(folder, laptop)
    liaison = unlock(laptop, "李联络员", PASSPHRASE)
    enroll(liaison, county.url, county.enroll(OFFICE))
    sync_now(liaison, patience=ONCE)
    his = consult(liaison.store, "他录入的")
    his_id = liaison.store.user.id

    clerk = unlock(folder, "王内勤", PASSPHRASE)
    clerk.store.write([Edit("worker", {"left_on": "2026-03-31"}, his_id)], act="save")
    sync_now(clerk, patience=ONCE)
    assert user_names(folder) == ["王内勤"]
    clerk.store.close()
    restore(folder, next((folder / "backups").glob("2026*")), datetime(2026, 4, 1, 8, 0))
    assert user_names(folder) == ["王内勤"]

    with pytest.raises(failures.PostEnded, match="李联络员"):
        sync_now(liaison, patience=ONCE)
    liaison.store.close()
    assert user_names(laptop) == ["王内勤"]
    with pytest.raises(Refused):
        unlock(laptop, "李联络员", PASSPHRASE)
    clerk = unlock(folder, "王内勤", PASSPHRASE)
    sync_now(clerk, patience=ONCE)
    assert clerk.store.record(his) is not None
    assert clerk.store.history(his)[0].author_id == his_id
    clerk.store.close()


def test_a_post_that_ended_here_refuses_at_once(folder: Path) -> None:
    """Before any contact: the entry says so, and the sentence says what to do."""
    clerk = unlock(folder, "王内勤", PASSPHRASE)
    him = read_keys(folder)["李联络员"].user_id
    clerk.store.write([Edit("worker", {"left_on": "2026-03-31"}, him)], act="save")
    clerk.store.close()
    with pytest.raises(Refused, match="已经离岗"):
        unlock(folder, "李联络员", PASSPHRASE)


def test_no_store_is_not_shut_out(tmp_path: Path) -> None:
    """A folder without keys, and one whose keys are damaged: whoever needs them says what is wrong."""
    assert shut_out_since(tmp_path) is None
    with pytest.raises(NoStore):
        user_names(tmp_path)
    (tmp_path / "keys.json").write_text("[", encoding="utf-8")
    assert shut_out_since(tmp_path) is None
