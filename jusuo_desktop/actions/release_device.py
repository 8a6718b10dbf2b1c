"""To give out the code that opens a locked computer of this office: the director reads it out on the telephone."""

from __future__ import annotations

from jusuo_desktop.actions.session import Session
from jusuo_desktop.store.refusal import NotAllowed
from jusuo_desktop.sync import failures
from jusuo_desktop.sync.http_transport import HttpTransport
from jusuo_desktop.wire.messages import ReleaseRequest, ReleaseResponse

DIRECTOR = "director"


def release_code(session: Session, device_id: str, challenge: str) -> ReleaseResponse:
    """The code for a device of this office, for a director to read out.

    Raises:
        NotAllowed: not a director.
        SyncFailure: the line; an unknown device, a challenge that was misheard.
    """
    store = session.store
    enrolment = store.enrolment
    if enrolment is None:
        raise failures.NotEnrolled
    if store.user.role != DIRECTOR:
        raise NotAllowed("解锁码由所长开具，请用所长的账号登录。")
    named = "".join(device_id.split()).upper()
    transport = HttpTransport(enrolment, store.folder)
    try:
        answer = transport.release(ReleaseRequest(named, challenge, store.user.id))
    finally:
        transport.close()
    store.audit_note("release_code", "", f"{named}:{answer.days}")
    return answer
