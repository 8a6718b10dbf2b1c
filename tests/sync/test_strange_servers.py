"""Whatever answers in place of the county server: one clear sentence, and nothing is lost."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jusuo_desktop.store import Enrolment, Store
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.engine import sync_once
from jusuo_desktop.sync.failures import SyncFailure
from jusuo_desktop.sync.http_transport import HttpTransport
from jusuo_desktop.sync.patience import Patience
from tests.sync.certificates import Authority, authority
from tests.sync.offices import OFFICE, consult
from tests.sync.zoo import ANIMALS, answer, caged, silence

AT_ONCE = Patience(tries=2, first_pause=0.0, longest_pause=0.0)


def enrol(store: Store, url: str, root: Authority) -> None:
    """Gives the store an identity as if it had been enrolled at `url`."""
    server = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    store.enrol(
        Enrolment(url, "01900000-0000-7000-8000-000000000001", OFFICE, "epoch", server, root.root, Ed25519PrivateKey.generate().private_bytes_raw())
    )


def synced(store: Store, seconds: float = 20.0) -> SyncFailure:
    """Syncs in vain; returns what stopped it."""
    enrolment = store.enrolment
    assert enrolment is not None
    transport = HttpTransport(enrolment, store.folder, allowed=lambda size: seconds)
    try:
        with pytest.raises(SyncFailure) as caught:
            sync_once(store, transport, patience=AT_ONCE)
    finally:
        transport.close()
    return caught.value


@pytest.mark.parametrize("name", ANIMALS)
def test_each_animal_gets_its_sentence_and_nothing_is_lost(name: str, store: Store, county_root: Authority) -> None:
    animal, piece = ANIMALS[name]
    record_id = consult(store)
    before = store.outgoing()
    with caged(animal, county_root.server_pem) as url:
        enrol(store, url, county_root)
        failure = synced(store, 0.4 if name in ("silent", "trickling") else 20.0)
    assert piece in failure.message
    assert failure.message.endswith("。")
    assert [o.change_id for o in store.outgoing()] == [o.change_id for o in before]
    assert all(o.state == "waiting" for o in store.outgoing())
    assert store.record(record_id) is not None
    assert store.feed_cursor() == {}


def test_a_certificate_of_another_root_stops_the_sync(store: Store, county_root: Authority, tmp_path: Path) -> None:
    other = authority(tmp_path, "stranger")
    with caged(answer("200 OK", b""), other.server_pem) as url:
        enrol(store, url, county_root)
        failure = synced(store)
    assert isinstance(failure, failures.WrongRoot)
    assert "证书" in failure.message


def test_an_expired_certificate_stops_the_sync(store: Store, tmp_path: Path) -> None:
    old = authority(tmp_path, "old", days=-1)
    with caged(answer("200 OK", b""), old.server_pem) as url:
        enrol(store, url, old)
        assert isinstance(synced(store), failures.WrongRoot)


def test_a_certificate_for_another_machine_stops_the_sync(store: Store, tmp_path: Path) -> None:
    elsewhere = authority(tmp_path, "elsewhere", host="127.0.0.2")
    with caged(answer("200 OK", b""), elsewhere.server_pem) as url:
        enrol(store, url, elsewhere)
        assert isinstance(synced(store), failures.WrongRoot)


def test_the_environment_cannot_swap_the_root(store: Store, county_root: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = authority(tmp_path, "stranger")
    trusted = tmp_path / "bundle.pem"
    trusted.write_bytes(other.server_pem.read_bytes())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with caged(answer("200 OK", b""), other.server_pem) as url:
        enrol(store, url, county_root)
        assert isinstance(synced(store), failures.WrongRoot)


def test_a_root_file_that_somebody_swapped_is_written_anew(store: Store, county_root: Authority, tmp_path: Path) -> None:
    other = authority(tmp_path, "stranger")
    (store.folder / "county-root.pem").write_bytes(other.server_pem.read_bytes())
    with caged(answer("200 OK", b""), other.server_pem) as url:
        enrol(store, url, county_root)
        assert isinstance(synced(store), failures.WrongRoot)


def test_a_page_in_clear_on_the_secure_port_is_a_portal(store: Store, county_root: Authority) -> None:
    with caged(answer("200 OK", b"<html>", "Content-Type: text/html"), None) as url:
        enrol(store, url.replace("http:", "https:"), county_root)
        # The TLS greeting is no request: the page comes at once, as from a portal that rewrites everything.
        assert isinstance(synced(store, 2.0), failures.CaptivePortal | failures.TimedOut | failures.LineCut)


def test_nobody_listens(store: Store, county_root: Authority) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    enrol(store, f"https://127.0.0.1:{port}", county_root)
    assert isinstance(synced(store), failures.ConnectionRefusedThere)


def test_a_name_that_does_not_exist(store: Store, county_root: Authority) -> None:
    enrol(store, "https://county.invalid", county_root)
    failure = synced(store)
    assert isinstance(failure, failures.NameNotFound | failures.NoNetwork)


def test_a_broken_proxy(store: Store, county_root: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
    enrol(store, "https://county.example", county_root)
    assert isinstance(synced(store), failures.ProxyBroken)


def test_not_enrolled_says_so(store: Store, county_root: Authority) -> None:
    with caged(silence, county_root.server_pem) as url:
        enrol(store, url, county_root)
        enrolment = store.enrolment
        assert enrolment is not None
        transport = HttpTransport(enrolment, store.folder)
    store.set("enrolment", None)
    with pytest.raises(failures.NotEnrolled):
        sync_once(store, transport)
    transport.close()


@pytest.mark.parametrize("typed", ["", "   ", "http://county.example", "https://", "https://a b", "https://x:99999", "ftp://x", "https://u:p@x"])
def test_an_address_that_cannot_be_one(typed: str, store: Store, county_root: Authority) -> None:
    enrol(store, typed, county_root)
    enrolment = store.enrolment
    assert enrolment is not None
    with pytest.raises(failures.BadAddress):
        HttpTransport(enrolment, store.folder)
