"""Carries a case story through the window with a clerk's hands, and looks at what has become of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from PIL import Image
from pytestqt.qtbot import QtBot

from jusuo_desktop.actions.bind_volume import Volume
from jusuo_desktop.actions.linked import find_link
from jusuo_desktop.printing.raster import PagePictures
from jusuo_desktop.records.attachment import ATTACHMENT
from jusuo_desktop.records.field import FieldType, Value
from jusuo_desktop.records.kind import Record
from jusuo_desktop.records.registry import KINDS
from jusuo_desktop.records.values import parse
from jusuo_desktop.sample.cases import CASE, TURN, WRITE, Act, Row, Scan, Story
from jusuo_desktop.sample.scan_pictures import DOTS_PER_INCH, as_file, sheet, signed
from jusuo_desktop.ui.field_set import FieldSet
from jusuo_desktop.ui.workspace import Workspace
from tests.ui.clerk_paper_hands import PaperClerk

BOUND = frozenset({"mediation", "inquiry", "mediation_session", "agreement", "follow_up", "judicial_confirmation"})
"""Kinds whose long texts stand in the volume, each on its own paper."""
NEW_KEYS = {"mediation": "F2"}
"""Keys that begin a record from anywhere."""
SCREENING_PART = "Alt+5"
ON_SCREENING = {"dispute_screening": "登记排查", "early_warning": "预警"}


class Wall:
    """The clock on the office wall."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Carrier:
    """One story in one window."""

    def __init__(self, qtbot: QtBot, workspace: Workspace, story: Story, wall: Wall, paper: Path) -> None:
        self.clerk, self.workspace, self.story, self.wall, self.paper = PaperClerk(qtbot, workspace), workspace, story, wall, paper
        self.store = workspace.desk.session.store
        self.ids: dict[str, str] = {}
        self.typed: dict[str, tuple[str, dict[str, str]]] = {}
        """What was last typed into each record, by id."""
        self.printed: list[tuple[str, Path]] = []
        self.volume: Volume | None = None
        self.scanned: list[Scan] = []
        paper.mkdir()

    def carry(self) -> None:
        """Act by act."""
        for act in self.story.acts:
            self.wall.now = act.at
            record_id = self._begin(act)
            if act.called:
                self.ids[act.called] = record_id
            for title in act.prints:
                path = self.paper / f"{len(self.printed) + 1:02d}.pdf"
                self.clerk.print_paper(title, record_id, path)
                self.printed.append((title, path))
            for scan in act.scans:
                self._scan(scan)
            for step in act.steps:
                self.clerk.step(step)
            if act.bind:
                self.volume = self.clerk.bind()
            for step in act.after:
                self.clerk.step(step)
            self._home()

    # -- writing -------------------------------------------------------------------

    def _begin(self, act: Act) -> str:
        """Comes to the page, types and saves; the page stays in front."""
        clerk = self.clerk
        if act.way == TURN:
            self._to(act.what)
            clerk.press("F10")
            clerk.wait(lambda: clerk.front.kind == act.kind, "no case opens")
            clerk.still()
            self.typed[self.ids[act.what]][1]["screening_outcome"] = "转为调解案件"
        elif act.way == WRITE and act.under:
            self._to(act.under)
            for step in act.before:
                clerk.step(step)
            clerk.add(act.kind)
        elif act.way == WRITE:
            self._new(act.kind)
        else:
            self._to(act.what)
        fields = self._row(act.what) if act.way not in (WRITE, TURN) and self._is_row(act.what) else clerk.front.form.fields
        clerk.fill(act.typed, fields)
        rows = [self._type_row(row) for row in act.rows]
        clerk.save()
        record_id = fields.record_id or clerk.front.record_id
        self._note(record_id, act.kind, act.typed)
        for row, made in zip(act.rows, rows, strict=True):
            self._note(made.record_id, row.kind, row.typed)
            if row.called:
                self.ids[row.called] = made.record_id
        return record_id

    def _new(self, kind: str) -> None:
        clerk, page = self.clerk, self.workspace.pages.front
        if kind in NEW_KEYS:
            clerk.press(NEW_KEYS[kind])
        else:
            clerk.press(SCREENING_PART)
            clerk.still()
            page = self.workspace.pages.front
            clerk.press("Ctrl+N" if kind == "dispute_screening" else "Alt+E")
        clerk.wait(lambda: self.workspace.pages.front is not page, f"no new {kind}")
        clerk.still()
        assert clerk.front.kind == kind

    def _type_row(self, row: Row) -> FieldSet:
        """A row of the table on the page: the one that stands for it, an empty one, else a new one."""
        clerk = self.clerk
        table = clerk.front.form.tables[0]
        assert table.spec.kind == row.kind
        named = next((row.typed[n] for n in ("name", "organization_name", "parties") if n in row.typed), "")
        found = next((f for f in table.sets if named and named in (f.value("name"), f.value("organization_name"), f.value("parties"))), None)
        empty = (f for f in table.sets if not f.record_id and not table.is_more_than_begun(f.raw()))
        fields = found or next(empty, None)
        if fields is None:
            many = len(table.sets)
            clerk.press("F7")
            clerk.wait(lambda: len(table.sets) > many and clerk._focus() in [c.editor for c in table.sets[-1].cells.values()], "no new row")
            fields = table.sets[-1]
        clerk.fill(row.typed, fields)
        return fields

    # -- scanning --------------------------------------------------------------------

    def _scan(self, scan: Scan) -> None:
        """The sheet as the scanner leaves it in a folder, added to the page in front; a signed sheet is the printed one."""
        printed = [path for title, path in self.printed if title == scan.of_form]
        pages = signed(_pictures(printed[-1])) if printed else [sheet(scan.description)]
        ending, data = as_file(pages)
        file = self.paper / f"scan-{len(self.scanned) + 1:02d}{ending}"
        file.write_bytes(data)
        purpose = parse(ATTACHMENT.by_name["purpose"], scan.purpose)
        self.clerk.attach(file, scan.description, str(purpose))
        self.scanned.append(scan)

    # -- finding ---------------------------------------------------------------------

    def _record(self, name: str) -> Record:
        record = self.store.record(self.ids[name])
        assert record is not None
        return record

    def _is_row(self, name: str) -> bool:
        return self._record(name).kind in ("party", "performance", "screened_dispute")

    def _row(self, name: str) -> FieldSet:
        return next(f for t in self.clerk.front.form.tables for f in t.sets if f.record_id == self.ids[name])

    def _to(self, name: str) -> None:
        """From the ground page to a record's page: the case by the search, a paper of it from there, a row on the page of its parent."""
        record = self._record(name)
        chain = [record]
        while chain[0].parent_id:
            above = self.store.record(chain[0].parent_id)
            assert above is not None
            chain.insert(0, above)
        if self._is_row(name):
            chain.pop()
        top = chain[0]
        words = str(top.values.get("title") or top.values.get("people", "")[:16] or KINDS[top.kind].title(top.values))
        if top.kind in ("dispute_screening",):
            words = str(next(v["parties"] for v in (r.values for r in self.store.children(top.id)) if "parties" in v))
            self.clerk.search(words.split("、")[0], top.kind)
            return
        self.clerk.search(words, top.kind)
        for child in chain[1:]:
            self.clerk.open_child(child)

    def _home(self) -> None:
        """Esc until the ground page is in front."""
        while self.workspace.pages.laid_over:
            self.clerk.back()

    # -- what has become of it -----------------------------------------------------------

    def _note(self, record_id: str, kind: str, typed: object) -> None:
        held = self.typed.setdefault(record_id, (kind, {}))[1]
        held.update(typed)  # type: ignore[call-overload]

    def check(self) -> None:
        """Stored values are those of the story, the case is archived, the volume holds every paper and every sentence."""
        find = find_link(self.workspace.desk.session)

        def link(kind: str, name: str) -> str | None:
            held = (self.store.record(i) for i in self.typed)
            own = next((r.id for r in held if r is not None and r.kind == kind and KINDS[kind].title(r.values) == name), None)
            return own or find(kind, name)

        wrong = []
        for record_id, (kind, typed) in self.typed.items():
            record = self.store.record(record_id)
            assert record is not None, (record_id, kind, typed)
            for name, text in typed.items():
                wanted: Value | None = parse(KINDS[kind].by_name[name], text, links=link)
                if record.values.get(name) != wanted:
                    wrong.append((kind, name, record.values.get(name), wanted))
        assert not wrong, wrong
        assert self._states_passed() == self._states_told(), (self._states_passed(), self._states_told())
        assert not self.store.drafts(), self.store.drafts()
        self._check_volume()
        for title, path in self.printed:
            assert _squeezed(title) in _text_of(path.read_bytes()), f"{title} is not on {path.name}"

    def _states_passed(self) -> list[str]:
        rows = self.store.history(self.ids[CASE])
        return ["registered", *(str(row.fields["state"][1]) for row in rows if "state" in row.fields)]

    def _states_told(self) -> list[str]:
        """The states that the steps of the story lead through, from the first."""
        workflow = KINDS["mediation"].workflow
        assert workflow is not None
        found = [workflow.first]
        for act in self.story.acts:
            own = (*act.steps, *act.after) if act.kind == "mediation" else ()
            for label in (*act.before, *own):
                found.append(next(s.target for s in workflow.steps if s.label == label and found[-1] in s.sources))
        return found

    def _check_volume(self) -> None:
        volume = self.volume
        assert volume is not None
        papers = [p.title for p in volume.state.papers if not p.attachment]
        assert papers == list(self.story.papers), papers
        assert not [lack.sentence for lack in volume.state.lacks if lack.must]
        scans = {p.title for p in volume.state.papers if p.attachment and not p.signed} | {"（签署件）"}
        missing = [s.description for s in self.scanned if s.description not in scans and s.purpose != "签署扫描件"]
        assert not missing, missing
        _check_index(volume)
        text = _text_of(volume.pdf)
        lost = [s for s in self._sentences() if not _stands_in(_squeezed(s), text)]
        assert not lost, lost

    def _sentences(self) -> Iterator[str]:
        """What was typed into the long fields of the case's papers, sentence by sentence."""
        for kind, typed in self.typed.values():
            for name, text in typed.items():
                items = name == "application_items" and "人民调解申请书" not in self.story.papers
                if kind in BOUND and KINDS[kind].by_name[name].type is FieldType.LONG_TEXT and not items:
                    yield from (s for s in re.split(r"[\n。]", text) if s.strip())


def _check_index(volume: Volume) -> None:
    """The page numbers that the index says are those on which the papers begin and end."""
    pages = PagePictures(volume.pdf)
    index = next(_squeezed(pages.text(n)) for n in range(6) if "卷内目录" in _squeezed(pages.text(n)))
    for row in volume.state.plan.rows:
        if said := volume.ranges[row.number]:
            assert _squeezed(f"{row.name}{said}") in index, (row.name, said)
    placed = [(p, start) for p, start in zip(volume.state.papers, volume.starts, strict=True) if start >= 0 and not p.attachment]
    for paper, start in placed:
        assert _squeezed(paper.title) in _squeezed(pages.text(start)), (paper.title, start)
    for row in volume.state.plan.rows:
        first = next((start for p, start in zip(volume.state.papers, volume.starts, strict=True) if p.row == row.number and start >= 0), None)
        said = volume.ranges[row.number]
        if first is not None and said:
            number = re.split(r"\D", said)[0]
            assert number in re.findall(r"\d+", pages.text(first)), (row.name, said, first)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _text_of(pdf: bytes) -> str:
    pages = PagePictures(pdf)
    return _squeezed("".join(pages.text(n) for n in range(len(pages.sizes))))


def _stands_in(sentence: str, text: str) -> bool:
    """In one piece, or in two where a page ends within it."""
    return sentence in text or any(sentence[:k] in text and sentence[k:] in text for k in range(1, len(sentence)))


def _pictures(pdf: Path) -> list[Image.Image]:
    pages = PagePictures(pdf.read_bytes())
    drawn = (pages.picture(n, DOTS_PER_INCH) for n in range(len(pages.sizes)))
    return [Image.frombuffer("L", (p.width, p.height), p.pixels, "raw", "L", p.stride, 1) for p in drawn]
