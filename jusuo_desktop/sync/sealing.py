"""What a contact with the county may end: what this device holds outside its scope, the device itself, the post of somebody who works on it."""

from __future__ import annotations

from jusuo_desktop.store import Store
from jusuo_desktop.store.keys import ShutOut
from jusuo_desktop.store.sealing import SealedAway
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.courier import SEAL_KEY
from jusuo_desktop.sync.http_transport import HttpTransport


def sealed_away(store: Store) -> SealedAway | None:
    """Seals what lies outside this device's scope, after all that the county should have of it was handed over; None when nothing did.

    Raises:
        DiskTrouble: no room for the sealed files; the next contact does it again.
        PostEnded: whoever is at work may not be any more.
    """
    done = None
    seal_key = bytes.fromhex(str(store.get(SEAL_KEY) or ""))
    if seal_key and store.outside():
        done = store.seal_outside(seal_key)
    name = store.user.name
    if store.user.id in _departed(store):
        raise failures.PostEnded(name)
    return done


def _departed(store: Store) -> set[str]:
    gone = store.departed()
    if gone:
        store.drop_users(gone)
    return gone


def closed_for_good(store: Store, transport: HttpTransport) -> failures.ShutOut | None:
    """After a 'revoked': closes the store if the county proves that it means this device; what is then to be said."""
    if not transport.shut_out():
        return None
    store.shut_out()
    return failures.ShutOut(ShutOut(store.device_id, 0).line)
