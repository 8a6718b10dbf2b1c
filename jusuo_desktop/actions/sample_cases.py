"""To put the ten case stories into the sample office, act by act, as a clerk would have done: saved, printed, scanned, bound, archived."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jusuo_desktop.actions.attach import attach, attachments
from jusuo_desktop.actions.bind_volume import Volume, bind_volume, volume_printed
from jusuo_desktop.actions.linked import find_link
from jusuo_desktop.actions.print_form import Offer, offers, prepare, printed
from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.actions.screening_case import turn_into_case
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.take_step import open_steps, take_step
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.records.attachment import ATTACHMENT
from jusuo_desktop.records.field import FieldType, Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import BadValue, parse
from jusuo_desktop.sample.case import CHINA
from jusuo_desktop.sample.cases import CASE, TURN, WRITE, Act, Scan, Story, stories
from jusuo_desktop.sample.chance import chance, identity
from jusuo_desktop.sample.scan_pictures import DOTS_PER_INCH, as_file, sheet, signed
from jusuo_desktop.store.refusal import Refused

ENDED: Final = "archived"
DONE: Final = "sample_cases"
"""Setting: how many acts of each story are done, so that one that was cut short goes on behind them."""
ATTACHABLE: Final = frozenset(KINDS) - {"performance"}
"""An item of an agreement has no page of its own: what proves it goes under the agreement."""


class StoryFailed(RuntimeError):
    """A story could not be carried through: a bug of ours."""


@dataclass(frozen=True)
class Carried:
    """A story that was carried to its end: the case, and its volume as it was bound."""

    story: Story
    record_id: str
    volume: Volume | None


def put_cases(session: Session, wanted: tuple[Story, ...] | None = None, *, tell: Callable[[str], None] = lambda said: None) -> Iterator[Carried]:
    """Carries every story that ends before now; one that was cut short is taken up again, one that is there is left alone.

    Raises:
        Refused: this is not the sample office: its people are not here.
        StoryFailed: a story does not come to its end.
    """
    now = session.clock()
    for story in wanted if wanted is not None else stories():
        if story.ends_at <= now:
            tell(f"写入案例：{story.title}…")
            yield _Hand(session, story).carry()


class _Hand:
    """One story being carried: which record has which name in it."""

    def __init__(self, session: Session, story: Story) -> None:
        self._wall, self._story = session, story
        self._ids: dict[str, str] = {}
        self._volume: Volume | None = None
        self._find = find_link(session)

    def carry(self) -> Carried:
        """The story from its first act to its last."""
        store, done = self._wall.store, f"{DONE}/{self._story.name}"
        behind = int(store.get(done, 0))
        for number, act in enumerate(self._story.acts):
            session = replace(self._wall, clock=_stopped(act.at))
            if act.way == TURN:
                self._ids.setdefault(act.called, turn_into_case(session, self._ids[act.what]).id)
            if number < behind:
                self._remember(session, act, self._own(act, number))
                continue
            record_id = self._save(session, act, number)
            self._do(session, act, record_id)
            store.set(done, number + 1)
        case = self._wall.store.record(self._ids[CASE])
        if case is None or case.values.get("state") != ENDED:
            raise StoryFailed(f"{self._story.name} ended as {case.values.get('state') if case is not None else 'nothing'}")
        return Carried(self._story, case.id, self._volume or bind_volume(self._wall, case.id))

    # -- saving --------------------------------------------------------------

    def _save(self, session: Session, act: Act, number: int) -> str:
        for step in act.before:
            self._step(session, self._ids[CASE], step)
        own = self._own(act, number)
        new = act.way == WRITE and session.store.record(own) is None
        values = self._values(session, act.kind, act.typed, self._ids.get(act.under, own))
        rows = [(row, self._row(session, own, row.kind, row.typed)) for row in act.rows]
        children = tuple(Child(row.kind, self._values(session, row.kind, row.typed, own), held) for row, held in rows)
        parent = self._ids[act.under] if act.under and new else ""
        record = save(session, act.kind, values, record_id=own, parent_id=parent, new=new, children=children).record
        self._remember(session, act, record.id)
        return record.id

    def _own(self, act: Act, number: int) -> str:
        return self._identity(act, number) if act.way == WRITE else self._ids[act.called or act.what]

    def _remember(self, session: Session, act: Act, record_id: str) -> None:
        """What the story calls the record and its rows."""
        self._ids |= {act.called: record_id} if act.called else {}
        self._ids |= {row.called: self._row(session, record_id, row.kind, row.typed) for row in act.rows if row.called}

    def _identity(self, act: Act, number: int) -> str:
        """The same each time the story is carried, and of the moment of the act."""
        at = act.at.replace(tzinfo=CHINA)
        return identity(chance("cases", self._story.name, act.called, number), round(at.timestamp() * 1000))

    def _row(self, session: Session, parent_id: str, kind: str, typed: Mapping[str, str]) -> str:
        """The child row that these values mean, '' where there is none yet: told by what it is called."""
        wanted = _told_by(kind, typed)
        rows = (r for r in session.store.children(parent_id, kind) if not r.voided) if session.store.record(parent_id) is not None else ()
        return next((r.id for r in rows if _stands_for(session, r, wanted)), "")

    def _values(self, session: Session, kind: str, typed: Mapping[str, str], family_of: str) -> dict[str, Value | None]:
        def find(kind: str, name: str) -> str | None:
            held = (r for r in (session.store.record(i) for i in self._ids.values()) if r is not None and r.kind == kind)
            beside = (r for r in session.store.children(family_of, kind) if not r.voided) if family_of else ()
            found = next((r.id for r in (*held, *beside) if KINDS[kind].title(r.values) == name), None)
            return found or self._find(kind, name)

        try:
            return {name: parse(KINDS[kind].by_name[name], text, links=find) for name, text in typed.items()}
        except BadValue as unknown:
            raise Refused(f"这不是示例司法所，不能写入示例案例：{unknown.message}") from None

    def _parent(self, record_id: str) -> str:
        record = self._wall.store.record(record_id)
        assert record is not None
        return record.parent_id

    # -- what else is done -----------------------------------------------------

    def _do(self, session: Session, act: Act, record_id: str) -> None:
        for title in act.prints:
            offer = self._offer(session, title, record_id)
            if not any(p.form == offer.form for p in session.store.prints(offer.record_id)):
                printed(session, prepare(session, offer.form, offer.record_id))
        for scan in act.scans:
            self._scan(session, record_id if act.kind in ATTACHABLE else self._parent(record_id), scan)
        for step in act.steps:
            self._step(session, record_id, step)
        if act.bind and (volume := bind_volume(session, record_id)) is not None:
            volume_printed(session, volume)
            self._volume = volume
        for step in act.after:
            self._step(session, record_id, step)

    def _step(self, session: Session, record_id: str, label: str) -> None:
        step = next((s.step for s in open_steps(session, record_id) if s.step.label == label), None)
        if step is not None:  # else it was taken before the story was cut short; the end is looked at when all is done
            take_step(session, record_id, step.act)

    def _offer(self, session: Session, title: str, record_id: str) -> Offer:
        """The paper of that title: of the record itself, else of the case."""
        found = [o for o in (*offers(session, record_id), *offers(session, self._ids.get(CASE, record_id))) if o.title == title]
        if not found:
            raise StoryFailed(f"{self._story.name}: no paper is called {title}")
        return next((o for o in found if o.record_id == record_id), found[-1])

    def _scan(self, session: Session, record_id: str, scan: Scan) -> None:
        if any(a.values.get("description") == scan.description for a in attachments(session, record_id)):
            return
        form, pages = "", [sheet(scan.description)]
        if scan.of_form:
            offer = self._offer(session, scan.of_form, record_id)
            form, pages = offer.form, signed(self._printed_pages(session, offer))
        ending, data = as_file(pages)
        purpose = str(parse(ATTACHMENT.by_name["purpose"], scan.purpose))
        name = f"{scan.description}{ending}"
        attach(session, record_id, name, data, description=scan.description, purpose=purpose, of_form=form)

    def _printed_pages(self, session: Session, offer: Offer) -> list:  # type: ignore[type-arg]
        from PIL import Image

        last = [p for p in session.store.prints(offer.record_id) if p.form == offer.form][-1]
        pdf = session.store.content(last.readable)
        assert pdf is not None
        pages = PagePictures(pdf)
        drawn = (pages.picture(n, DOTS_PER_INCH) for n in range(len(pages.sizes)))
        return [Image.frombuffer("L", (p.width, p.height), p.pixels, "raw", "L", p.stride, 1) for p in drawn]


def _stopped(at: datetime) -> Callable[[], datetime]:
    return lambda: at


def _told_by(kind: str, typed: Mapping[str, str]) -> dict[str, str]:
    """The typed values that tell a row from its sisters; those of free text that its title is made of."""
    named = {n: t for n, t in typed.items() if n in ("name", "organization_name", "parties", "obligor", "content")}
    return named or dict(typed)


def _stands_for(session: Session, record: Record, wanted: Mapping[str, str]) -> bool:
    fields = KINDS[record.kind].by_name
    plain = {n: t for n, t in wanted.items() if fields[n].type in (FieldType.TEXT, FieldType.LONG_TEXT)}
    return bool(plain) and all(record.values.get(n) == t for n, t in plain.items())
