"""What people do at their machines: they type, correct, add, void, decide, draw numbers, print, import the same ledger twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from random import Random
from typing import Any, Final

from jusuo_desktop.actions.decide_conflict import decide, decide_with, open_conflicts, take_back
from jusuo_desktop.actions.number import draw
from jusuo_desktop.actions.number_exchange import give_back_all
from jusuo_desktop.actions.print_form import Paper, printed
from jusuo_desktop.actions.print_sheet import still_here
from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.actions.void_number import void_number
from jusuo_desktop.actions.void_record import void
from jusuo_desktop.records.identity import imported_id, new_id, place_id
from jusuo_desktop.store import Edit
from tests.simulation.computer import OFFICE, OTHER_OFFICE, VILLAGE
from tests.simulation.machine import Machine

WORDS: Final = ("甲", "乙", "丙")
EDITED: Final = {
    "consultation": ("name", "consultation_content", "from_the_future"),
    "mediation": ("dispute_summary", "amount", "from_the_future"),
    "party": ("name", "from_the_future"),
}
Typed = list[tuple[str, str, Any]]
"""Record, field and value of what was typed in one act."""


class People:
    """The people of a run. Each act tells in `typed` what it is about to save, before it saves."""

    def __init__(
        self,
        chance: Random,
        papers: Callable[[Machine, str, str], None],
        pictures: Callable[[], tuple[str, bytes]],
        sheets: Callable[[], bytes],
        *,
        numbers: bool = True,
    ) -> None:
        self._chance, self._papers, self._pictures, self._sheets = chance, papers, pictures, sheets
        self._count = 0
        self.typed: Typed = []
        self.made: list[list[str]] = []
        """Records that an act makes together: all of them or none."""
        self.acts: tuple[tuple[Callable[[Machine], str], int], ...] = (
            (self.consult, 6), (self.mediate, 4), (self.add_party, 6), (self.edit, 24), (self.edit_much, 4), (self.void, 2),
            (self.decide, 6), (self.draw, 4 * numbers), (self.void_number, 1 * numbers), (self.give_back, 1 * numbers),
            (self.import_line, 2), (self.trespass, 1),
            (self.set_aside, 3), (self.type_a_draft, 1), (self.classify, 2), (self.entitle, 2), (self.attach, 5), (self.newer_field, 2),
            (self.print_out, 4),
        )  # fmt: skip

    def act(self, machine: Machine) -> str:
        """Somebody does something; returns what."""
        self.typed, self.made = [], []
        acts, weights = zip(*self.acts, strict=True)
        chosen: Callable[[Machine], str] = self._chance.choices(acts, weights)[0]
        return f"{chosen.__name__} {chosen(machine)}"

    def _word(self) -> str | None:
        self._count += 1
        return self._chance.choice((*WORDS, None, f"词{self._count}", f"句{self._count}"))

    def _village(self, machine: Machine) -> str:
        """One of the villages that the machine looks after."""
        codes = {i: str(r.values.get("division_code")) for i in machine.records("village") if (r := machine.store.record(i)) is not None}
        found = [identity for identity, code in codes.items() if code.startswith(machine.scope)]
        return self._chance.choice(found) if found else ""

    def _pick(self, machine: Machine, kind: str) -> str:
        found = machine.records(kind)
        return self._chance.choice(found) if found else ""

    def _tell(self, record_id: str, values: dict[str, Any], machine: Machine | None = None) -> None:
        """`machine` holds the record already: what stands there is not typed anew."""
        record = machine.store.record(record_id) if machine is not None else None
        before = record.values if record is not None else {}
        self.typed += [(record_id, name, value) for name, value in values.items() if before.get(name) != value]

    def consult(self, machine: Machine) -> str:
        identity = new_id()
        values: dict[str, Any] = {"name": self._word() or "某", "village": self._village(machine) or None}
        self._tell(identity, values)
        self.made.append([identity])
        save(machine.session, "consultation", values, record_id=identity, new=True)
        return ""

    def mediate(self, machine: Machine) -> str:
        identity = new_id()
        year = self._chance.choice(("2026", "2026", "2027"))
        values: dict[str, Any] = {"dispute_summary": self._word() or "争地界", "village": self._village(machine) or None}
        values["registered_on"] = f"{year}-03-09"
        children = [Child("party", {"name": self._word() or "某"}) for _ in range(self._chance.randrange(3))]
        self._tell(identity, values)
        self.made.append([identity])
        save(machine.session, "mediation", values, record_id=identity, children=children, new=True)
        return f"{len(children)}"

    def add_party(self, machine: Machine) -> str:
        if parent := self._pick(machine, "mediation"):
            identity = new_id()
            self._tell(identity, {"name": (word := self._word() or "某")})
            self.made.append([identity])
            machine.store.write([Edit("party", {"name": word}, identity, parent, new=True)], act="save")
        return ""

    def edit(self, machine: Machine) -> str:
        kind = self._chance.choice(sorted(EDITED))
        if record_id := self._pick(machine, kind):
            name = self._chance.choice(EDITED[kind])
            value: Any = self._chance.choice((None, 100, self._count)) if name == "amount" else self._word()
            self._tell(record_id, {name: value}, machine)
            machine.store.write([Edit(kind, {name: value}, record_id)], act="save")
            return f"{name}={value}"
        return ""

    def edit_much(self, machine: Machine) -> str:
        edits = []
        for kind, names in sorted(EDITED.items()):
            if record_id := self._pick(machine, kind):
                values: dict[str, Any] = {n: self._word() for n in names if n != "amount"}
                self._tell(record_id, values, machine)
                edits.append(Edit(kind, values, record_id))
        machine.store.write(edits, act="save")
        return f"{len(edits)}"

    def classify(self, machine: Machine) -> str:
        """The title of a case is made from its type: two people who choose differently disagree about the type alone."""
        if record_id := self._pick(machine, "mediation"):
            values: dict[str, Any] = {"dispute_type": self._chance.choice(("1", "2", "3", None))}
            self._tell(record_id, values, machine)
            save(machine.session, "mediation", values, record_id=record_id)
            return str(values)
        return ""

    def entitle(self, machine: Machine) -> str:
        """A title that is typed is kept in a field of its own."""
        if record_id := self._pick(machine, "mediation"):
            word = self._word()
            self._tell(record_id, {"typed_title": word}, machine)
            save(machine.session, "mediation", {"title": word}, record_id=record_id)
            return str(word)
        return ""

    def attach(self, machine: Machine) -> str:
        """A photograph goes under a record: its bytes first, the record that names them second, as actions.attach does it."""
        if parent := self._pick(machine, self._chance.choice(("consultation", "mediation"))):
            sha256, data = self._pictures()
            machine.attached.add(sha256)
            assert machine.store.keep_content(data) == sha256
            values: dict[str, Any] = {"file_name": "照片.jpg", "media_type": "image/jpeg", "sha256": sha256, "size_bytes": len(data)}
            identity = new_id()
            self._tell(identity, values)
            self.made.append([identity])
            machine.store.write([Edit("attachment", values, identity, parent, new=True)], act="attach")
            return f"{sha256[:6]} {len(data)}"
        return ""

    def print_out(self, machine: Machine) -> str:
        """A sheet goes to the printer, now and then onto paper that carries the form's wording already; whoever may only read prints, too."""
        if record_id := self._pick(machine, self._chance.choice(("consultation", "mediation", "party"))):
            record = machine.store.record(record_id)
            assert record is not None
            still_here(machine.session, record)
            pdf, whole = self._sheets(), self._sheets() if self._chance.random() < 0.2 else b""
            known = set(machine.records("printed_sheet"))
            machine.attached.update(hashlib.sha256(sheet).hexdigest() for sheet in (pdf, whole) if sheet)
            paper = Paper(f"{record.kind}/{self._chance.randrange(2)}", "登记表", pdf, 1, 1, record_id, "", "1", f"{self._count:064x}", whole)
            printed(machine.session, paper)
            (made,) = set(machine.records("printed_sheet")) - known
            sheet = machine.store.record(made)
            assert sheet is not None
            assert sheet.values["of_record"] == record_id
            assert sheet.values["sha256"] == hashlib.sha256(pdf).hexdigest()
            self.typed += [(made, name, sheet.values[name]) for name in ("of_record", "sha256", "whole_sha256") if name in sheet.values]
            if number := record.values.get("case_number") or record.values.get("consultation_number"):
                self._papers(machine, record_id, str(number))
            return f"{machine.store.prints(record_id)[-1].digest[:6]}"
        return ""

    def newer_field(self, machine: Machine) -> str:
        """A newer program writes a field that the county does not take yet: set aside, while what follows on the record goes on."""
        if record_id := self._pick(machine, "consultation"):
            machine.odd.add(record_id)
            for values in ({"name": self._word(), "字段": "甲"}, {"name": self._word()})[: self._chance.choice((1, 2, 2))]:
                self._tell(record_id, values, machine)
                machine.store.write([Edit("consultation", values, record_id)], act="save")
        return ""

    def void(self, machine: Machine) -> str:
        if record_id := self._pick(machine, self._chance.choice(("consultation", "party", "mediation", "attachment"))):
            void(machine.session, record_id, "重复登记")
        return ""

    def decide(self, machine: Machine) -> str:
        if conflicts := open_conflicts(machine.session):
            chosen = self._chance.choice(conflicts)
            if chosen.mixable and self._chance.random() < 0.3:
                word = f"合{self._count}"
                self._tell(chosen.record_id, {chosen.field: word}, machine)
                decision = decide_with(machine.session, chosen.id, word)
                if self._chance.random() < 0.3:
                    take_back(machine.session, decision)
                    self.typed = []  # it stands in the history alone
                return word
            take = self._chance.choice(("kept", "other"))
            decide(machine.session, chosen.id, take)  # type: ignore[arg-type]
            return take
        return ""

    def draw(self, machine: Machine) -> str:
        if record_id := self._pick(machine, self._chance.choice(("mediation", "consultation"))):
            record = draw(machine.session, record_id)
            number = str(record.values.get("case_number") or record.values.get("consultation_number") or "")
            if number:
                self._papers(machine, record_id, number)
            return number
        return ""

    def void_number(self, machine: Machine) -> str:
        if record_id := self._pick(machine, "mediation"):
            void_number(machine.session, record_id, "纸张损坏")
        return ""

    def give_back(self, machine: Machine) -> str:
        """The machine is to be given away, or so it is said: its unused numbers go back at the next contact."""
        return f"{give_back_all(machine.session)}"

    def import_line(self, machine: Machine) -> str:
        key = f"ledger/{machine.scope[:9]}/{self._chance.randrange(12)}"
        if not machine.store.known_imports([key]):
            identity = imported_id(key)
            village = place_id("village", (OFFICE if len(machine.scope) < 9 else machine.scope[:9]) + "001")
            values: dict[str, Any] = {"name": f"台账{key[-2:]}", "village": village}
            self._tell(identity, values)
            machine.store.write([Edit("consultation", values, identity, new=True, import_key=key)], act="import")
            return key
        return ""

    def trespass(self, machine: Machine) -> str:
        """Something that the county will not take: set aside, and the rest goes on."""
        if len(machine.scope) == len(VILLAGE) and self._chance.random() < 0.5:
            if record_id := self._pick(machine, "village"):
                machine.store.write([Edit("village", {"name": self._word() or "某村"}, record_id)], act="save")
                machine.odd.add(record_id)
                return "place"
            return ""
        elsewhere = OFFICE if machine.scope[:9] == OTHER_OFFICE else OTHER_OFFICE
        identity = new_id()
        machine.odd.add(identity)
        machine.store.write([Edit("consultation", {"name": "别所的"}, identity, scope=elsewhere, new=True)], act="save")
        return "elsewhere"

    def set_aside(self, machine: Machine) -> str:
        refused = machine.store.outgoing(("refused",))
        if not refused:
            return ""
        one = self._chance.choice(refused)
        machine.odd.add(one.record_id)
        match self._chance.choice(("retry", "give up", "edit", "void")):
            case "retry":
                machine.store.retry(one.change_id)
            case "give up":
                machine.store.give_up(one.change_id)
                for name in one.fields:
                    machine.last.pop((one.record_id, name), None)
            case "edit":
                values = {"name": self._word()}
                self._tell(one.record_id, values, machine)
                machine.store.write([Edit(one.kind, values, one.record_id)], act="save")
            case "void":
                void(machine.session, one.record_id, "登记错了地方")
        return one.answer[:6]

    def type_a_draft(self, machine: Machine) -> str:
        machine.store.save_draft("consultation/new", "consultation", "", {"name": self._word()})
        return ""
