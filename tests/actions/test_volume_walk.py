"""A random walk: whatever is printed, scanned, signed and changed, the volume read back is what its data says."""

from __future__ import annotations

import random

import pytest

from jusuo_desktop.actions.attach import attach
from jusuo_desktop.actions.bind_volume import Volume, volume_printed
from jusuo_desktop.actions.print_form import prepare, printed
from jusuo_desktop.actions.volume import volume_state
from jusuo_desktop.records.volume import VolumePlan
from jusuo_desktop.store import Edit
from tests.actions.volume_hands import bound, county, outline, scan, words
from tests.printing.conftest import made_office, office  # noqa: F401  (fixtures)
from tests.printing.office import Office

FORMS = (
    *(("acceptance_register", "mediation"), ("rights_notice", "mediation"), ("mediation_record", "mediation_session")),
    *(("mediation_agreement", "agreement"), ("undisputed_facts", "mediation_session"), ("identity_sheet", "mediation")),
)


def holds(office: Office, volume: Volume, plan: VolumePlan) -> None:  # noqa: F811
    """Order, places, numbers, index and bookmarks of a volume are what its data says, read back from the PDF."""
    said = words(volume.pdf)
    papers, starts = volume.state.papers, volume.starts
    assert [p.row for p in papers] == sorted(p.row for p in papers)
    assert all(start % 2 == 0 for start in starts if start >= 0) or not plan.double_sided
    index = next(page for page in said if "卷内目录" in page)
    numbers: dict[int, list[int]] = {}
    for paper, start, borne in zip(papers, starts, volume.numbers, strict=True):
        if start < 0:
            continue
        pages = [str(n) for n in range(int(borne.split("—")[0]), int(borne.split("—")[-1]) + 1)]
        assert len(pages) == paper.pages
        numbers.setdefault(paper.row, []).extend(map(int, pages))
        kept = [""] * paper.pages if paper.attachment or not paper.content else words(office.store.content(paper.content) or b"")
        for offset, number in enumerate(pages):
            page = said[start + offset]
            assert page.startswith(number) or page.endswith(number)
            if kept[offset]:
                assert page in (kept[offset] + number, number + kept[offset])
    everything = [n for row in sorted(numbers) for n in numbers[row]]
    assert everything == sorted(everything)
    assert everything[0] == plan.first_number
    assert plan.count_empty or everything == list(range(everything[0], everything[0] + len(everything)))
    for row in plan.rows:
        span = numbers.get(row.number, [])
        shown = "" if not span else str(span[0]) if span[0] == span[-1] else f"{span[0]}—{span[-1]}"
        assert volume.ranges[row.number] == shown
        assert f"{row.number}{row.name}{shown}" in index
    tops = {title.split("　")[0]: page for level, title, page in outline(volume.pdf) if level == 0}
    for row in sorted(numbers):
        first = next(start for paper, start in zip(papers, starts, strict=True) if paper.row == row and start >= 0)
        assert tops[str(row)] == first


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_printed_scanned_and_changed_the_volume_says_what_it_holds(
    office: Office,  # noqa: F811
    seed: int,
) -> None:
    chance = random.Random(seed)
    county(
        office,
        *("double_sided: yes", f"double_sided: {'no' if seed == 1 else 'yes'}"),
        *("count_empty: no", f"count_empty: {'yes' if seed == 2 else 'no'}"),
        *("signed: behind", f"signed: {'instead' if seed == 1 else 'behind'}"),
        *("first: 1", f"first: {1 + seed}"),
    )
    plan = volume_state(office.session, office.ids["mediation"]).plan
    assert (plan.double_sided, plan.count_empty, plan.first_number) == (seed != 1, seed == 2, 1 + seed)
    for step in range(6):
        form, kind = chance.choice(FORMS)
        match chance.choice(["print", "print", "scan", "sign", "change", "bind"]):
            case "print":
                printed(office.session, prepare(office.session, form, office.ids[kind]))
            case "scan":
                where = chance.choice(["party", "mediation", "agreement", "mediation_session"])
                attach(office.session, office.ids[where], f"{step}.png", scan(step * 30 + seed), purpose=chance.choice(["2", "3", "4", "5"]))
            case "sign":
                attach(office.session, office.ids[kind], f"{step}.png", scan(step * 30 + seed), purpose="1", of_form=form)
            case "change":
                office.store.write([Edit("mediation", {"dispute_summary": "经过。" * (1 + step * 40)}, office.ids["mediation"])], act="save")
            case "bind":
                volume_printed(office.session, bound(office))
        holds(office, bound(office), plan)
