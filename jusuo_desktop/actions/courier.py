"""To sync by USB stick: a sealed file out, the county's answer in, and the receipt that both sides sign when a stick changes hands."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Final

from jusuo_desktop.actions import number_blocks, number_exchange
from jusuo_desktop.actions.last_contact import LAST_CONTACT, LAST_OUTCOME
from jusuo_desktop.actions.session import Session
from jusuo_desktop.printing import FORMS, Sheet, Template, load, render
from jusuo_desktop.records.field import Value, Values, integer, moment, text
from jusuo_desktop.records.identity import place_id, unpacked
from jusuo_desktop.records.kind import RecordKind
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.store.keys import write_whole
from jusuo_desktop.store.refusal import Refused
from jusuo_desktop.sync import courier
from jusuo_desktop.sync.progress import SyncReport
from jusuo_desktop.sync.sealing import sealed_away
from jusuo_desktop.wire.bundle import MOST_BUNDLE, SUFFIX, digest_of_bundle
from jusuo_desktop.wire.limits import MOST_RETURNS

SENT: Final = "courier_sent"
"""Setting: the bundles that were written and not answered yet, newest last."""
MOST_SENT: Final = 30
SHEET: Final = RecordKind(
    "handover",
    "交接单",
    (
        text("office_name", "交付单位"),
        text("county_name", "接收单位"),
        text("device_name", "设备"),
        text("file_name", "文件名"),
        text("digest", "校验码"),
        moment("made_at", "导出时间"),
        text("made_by", "导出人"),
        integer("changes", "更改"),
        integer("left", "留待下次"),
    ),
    title=lambda v: "数据交接单",
)
ROW: Final = RecordKind(
    "handover_row", "交接内容", (text("label", "内容"), integer("count", "项数")), title=lambda v: str(v.get("label", "")), parents=(SHEET.name,)
)
"""What the receipt binds; no records: it says what is in one file."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A file that was written to be carried: what the receipt says of it."""

    file: str
    serial: str
    digest: str
    at: str
    by: str
    counts: dict[str, int]
    left: int

    @property
    def changes(self) -> int:
        """How many changes are in the file."""
        return sum(self.counts.values())

    @property
    def line(self) -> str:
        """What the window says of it."""
        more = f"，还有 {self.left:,} 项下次再导出" if self.left else ""
        return f"已导出 {self.changes:,} 项更改{more}，校验码 {self.digest}。请打印交接单，连同U盘交到县里。"


def export_bundle(session: Session, folder: Path) -> Handover:
    """Writes what waits into a new file in `folder` (a USB stick); nothing counts as sent until the answer is back.

    Raises:
        NotEnrolled, Refused: nothing to carry to, or the folder cannot be written.
    """
    now = session.clock()
    number_exchange.give_back_past(session, session.today())
    blocks = number_exchange.blocks_request(session, session.today())
    back = session.store.returns_to_note(MOST_RETURNS)
    made = courier.exported(session.store, number_blocks.wanted(session), int(now.timestamp() * 1000), returns=back, blocks=blocks)
    enrolment = session.store.enrolment
    assert enrolment is not None
    path = folder / f"{_office_name(session) or '司法所'}{now:%Y%m%d-%H%M}-{enrolment.device_id}{SUFFIX}"
    write_whole(path, made.data)
    handover = Handover(path.name, made.serial, made.digest, now.isoformat(timespec="minutes"), session.store.user.name, dict(made.counts), made.left)
    session.store.set(SENT, [*session.store.get(SENT, []), asdict(handover)][-MOST_SENT:])
    session.store.audit_note("bundle_export", "", f"{made.changes}:{made.digest}")
    return handover


def unanswered(session: Session) -> list[Handover]:
    """The files whose answer has not come back, newest last."""
    return [Handover(**told) for told in session.store.get(SENT, [])]


def import_bundle(session: Session, path: Path) -> SyncReport:
    """Takes in the county's answer from a file.

    Raises:
        NotEnrolled, Refused: the file cannot be read, or is not the county's answer to this machine; nothing has changed.
    """
    data = _read(path)
    done = courier.imported(session.store, data)
    blocks = number_blocks.granted(session, done.leases)
    session.store.note_returns([unpacked(return_id) for return_id in done.returned])
    if done.blocks is not None:
        number_exchange.blocks_come(session, done.blocks, session.today())
    if any(told["serial"] == done.serial for told in session.store.get(SENT, [])):  # the same answer once more is no new contact
        session.store.note_contact()
    session.store.set(SENT, [told for told in session.store.get(SENT, []) if told["serial"] != done.serial])
    report = done.report
    sealed = sealed_away(session.store)
    report.sealed = sealed.line if sealed is not None else ""
    more = "县里还有内容没装下，请再导出一次换取。" if done.more else ""
    outcome = f"从U盘：{report.line}{f'领到号段 {blocks} 个。' if blocks else ''}{more}"
    session.store.set(LAST_OUTCOME, outcome)
    session.store.set(LAST_CONTACT, session.clock().isoformat(timespec="seconds"))
    session.store.audit_note("bundle_import", "", f"{report.received}:{digest_of_bundle(data)}")
    return report


def handover_receipt(session: Session, handover: Handover) -> bytes:
    """The receipt for a stick as a PDF, to be signed by who brings it and who takes it.

    Raises:
        MissingGlyph: a name has a character that no font has.
    """
    office = session.store.record(place_id("judicial_office", session.store.scope[:9]))
    enrolment = session.store.enrolment
    values: dict[str, Value] = {
        "office_name": _office_name(session),
        "county_name": f"{office.values.get('county_name', '')}司法局" if office is not None else "",
        "device_name": enrolment.device_id if enrolment is not None else "",
        "file_name": handover.file,
        "digest": handover.digest,
        "made_at": handover.at,
        "made_by": handover.by,
        "changes": handover.changes,
        "left": handover.left,
    }
    rows: list[Values] = [{"label": KINDS[kind].label if kind in KINDS else kind, "count": count} for kind, count in handover.counts.items()]
    return render(_template(), Sheet({n: v for n, v in values.items() if v != ""}, {ROW.name: rows}))


@cache
def _template() -> Template:
    return load(FORMS / "office" / "handover_receipt.yaml", {**KINDS, SHEET.name: SHEET, ROW.name: ROW})


def _office_name(session: Session) -> str:
    office = session.store.record(place_id("judicial_office", session.store.scope[:9]))
    return str(office.values.get("name", "")) if office is not None else ""


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BUNDLE + 1)
    except OSError as error:
        raise Refused(f"读不出文件 {path}（{error.strerror}）。请检查U盘是否插好。") from None
    return data
