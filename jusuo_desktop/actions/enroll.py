"""To join the county: redeem the one-time code and keep the identity that the county gives."""

from __future__ import annotations

import platform

from jusuo_desktop.actions.session import Session
from jusuo_desktop.store.enrolment import Enrolment
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.enrolment import enrolled, finished


def enroll(session: Session, url: str, code: str, device_name: str = "") -> Enrolment:
    """Enrols the store of `session` at the county server; what was recorded before goes up with the next sync.

    Raises:
        SyncFailure: the sentence says what to mend; asking again with the same code is safe.
    """
    store = session.store
    name = device_name.strip() or platform.node() or "办公电脑"
    enrolment = enrolled(url, code, name, settings=store, folder=store.folder)
    if not enrolment.scope.startswith(store.scope) and not store.scope.startswith(enrolment.scope):
        raise failures.OtherScope(enrolment.scope, store.scope)
    store.enrol(enrolment)
    finished(store)
    store.set("device_name", name)
    return enrolment
