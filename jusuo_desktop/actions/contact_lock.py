"""A computer that has been without contact for too long locks: how this one stands, and how it is opened again.

The county's number of days is a parameter like others (期限与频次), one for the computers of villages and one for those of offices; 0, and so it
begins, locks nothing. A contact opens: a sync that the county answers, or its answer to a bundle that is taken in. So does a release
code, which the county or the director reads out on the telephone (wire.release_code).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from jusuo_desktop.actions.office_rules import office_rules
from jusuo_desktop.actions.session import Session
from jusuo_desktop.records.contact_lock import ContactState, contact_state, days_of, parameter_of
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.wire.release_code import BadCode, granted

MOST_WRONG: Final = 10
"""Wrong codes for one challenge: forty bits are never guessed in so many."""


class Locked(Refused):
    """The machine waits for contact or for a release code; `state` says how long it has been without."""

    def __init__(self, state: ContactState) -> None:
        super().__init__(
            f"本机已有{state.days}天没有与县服务器联系，按县里的规定（{state.limit}天）已锁定。请连上网络同步一次，或者向所长、县局要解锁码。"
        )
        self.state = state


def lock_state(session: Session) -> ContactState:
    """How this machine stands; keeps how far its clock has come."""
    store = session.store
    if store.enrolment is None:
        return ContactState(0, 0)
    store.note_time()
    contact = store.contact()
    assert contact is not None
    now = store.now()
    day = date.fromtimestamp(max(contact.seen, now) / 1000).isoformat()
    return contact_state(contact, now, days_of(office_rules(session).of(parameter_of(store.scope), day)))


def refuse_locked(session: Session) -> None:
    """Lets nothing but a sync and a release go on where the machine is locked.

    Raises:
        Locked: it is.
    """
    state = lock_state(session)
    if state.locked:
        raise Locked(state)


def warning(state: ContactState) -> str:
    """What is told some days before; '' while there is time."""
    if not state.warned:
        return ""
    return f"本机已{state.days}天没有与县服务器联系，再过{state.left}天将锁定，请尽快同步。"


def release(session: Session, typed: str) -> int:
    """Opens a locked machine by a release code; returns for how many days.

    Raises:
        Refused: mistyped, or not the answer to the challenge that is shown; after several wrong ones the challenge is another.
    """
    store = session.store
    secret = store.release_secret()
    if not secret:
        raise Refused("本机还没有从县服务器取得解锁的凭据，只能连上网络同步一次来解锁。")
    try:
        days = granted(secret, store.device_id, store.challenge(), typed)
    except BadCode as bad:
        raise Refused(str(bad)) from None
    if not days:
        if store.count_wrong_code(MOST_WRONG):
            raise Refused("输错的次数太多，挑战码已经换了新的。请把新的挑战码报给所长，重新要一个解锁码。")
        raise Refused("解锁码不对：它只对应本机现在显示的挑战码。请核对设备编号和挑战码，再要一次。")
    store.released(days)
    return days
