"""Every form of forms/: loads, prints empty, rich and overfull, loses nothing, lays nothing over anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jusuo_desktop.printing import MissingGlyph, Sheet, Template, broken_forms, lay_out, render, shipped_fonts, shipped_forms
from jusuo_desktop.printing.bindings import Path, rows_of, shown, shown_in
from jusuo_desktop.printing.marks import Code, Page, Rule, Square, Text
from jusuo_desktop.printing.pagination import OVERHANG
from jusuo_desktop.records.field import FieldType
from tests.printing import sheets

FORMS = shipped_forms()
NAMES = sorted(FORMS)


def pages(template: Template, sheet: Sheet) -> list[Page]:
    return lay_out(template, sheet, shipped_fonts())


def variants(template: Template) -> dict[str, Sheet]:
    company = [sheets.PARTIES[0], sheets.COMPANY, sheets.PARTIES[1]]
    return {
        "empty": Sheet(),
        "rich": sheets.rich(template),
        "company": sheets.rich(template, company),
        "crowd": sheets.rich(template, sheets.PARTIES * 9),
        "long": sheets.full(template, sheets.long_words),
        "noted": replace(sheets.rich(template), note="这条人民调解已经作废：" + "重复登记，" * 100),
        "one word": sheets.full(template, lambda field: "A" * min(field.max_length, 400)),
    }


def test_the_forms_of_the_issue_are_there() -> None:
    assert broken_forms() == {}
    assert list(FORMS) == sorted(FORMS, key=lambda name: FORMS[name].order)
    assert {t.kind.name for t in FORMS.values()} >= {"mediation", "agreement", "consultation", "adviser_visit", "evaluation"}


def text_box(mark: Text) -> tuple[float, float, float, float]:
    return mark.x, mark.baseline - mark.size * 0.82, mark.x + mark.width, mark.baseline + mark.size * 0.1


def assert_clear(template: Template, page: Page) -> None:
    """No writing over other writing, nothing beyond the margins, boxes and the code clear of all writing."""
    boxes = [(text_box(mark), mark.text) for mark in page.marks if isinstance(mark, Text) and mark.text != "✓"]
    boxes += [((mark.x, mark.y, mark.x + mark.side, mark.y + mark.side), "□") for mark in page.marks if isinstance(mark, Square)]
    boxes += [((mark.x, mark.y, mark.x + mark.side, mark.y + mark.side), "code") for mark in page.marks if isinstance(mark, Code)]
    paper = template.paper
    for (x0, y0, x1, y1), said in boxes:
        assert x0 >= paper.left - 0.1, said
        assert x1 <= paper.width - paper.right + 0.1, said
        assert y0 >= 8, said
        assert y1 <= paper.height - 8, said
    for mark in page.marks:
        if isinstance(mark, Rule):
            assert paper.left - 0.1 <= min(mark.x0, mark.x1) <= max(mark.x0, mark.x1) <= paper.width - paper.right + 0.1
            assert max(mark.y0, mark.y1) <= paper.height - paper.bottom + OVERHANG + 0.1
    boxes.sort()
    for number, (one, said) in enumerate(boxes):
        for other, also in boxes[number + 1 :]:
            if other[0] >= one[2] - 0.3:
                break
            assert other[1] >= one[3] - 0.3 or one[1] >= other[3] - 0.3, f"{said!r} over {also!r} on page {page.number}"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_lies_over_anything_or_leaves_the_margins(name: str) -> None:
    for sheet in variants(FORMS[name]).values():
        for page in pages(FORMS[name], sheet):
            assert_clear(FORMS[name], page)


def written(template: Template, laid: list[Page], binding: str) -> str:
    """What stands on the pages for a binding, running heads left out."""
    bound = [mark for page in laid for mark in page.marks if isinstance(mark, Text) and mark.binding == binding]
    return squeezed("".join(mark.text for mark in bound if mark.baseline > template.paper.top))


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variant", ["rich", "company", "long"])
def test_every_bound_text_stands_on_the_paper_whole(name: str, variant: str) -> None:
    template = FORMS[name]
    sheet = variants(template)[variant]
    laid = pages(template, sheet)
    for path in template.paths:
        if is_text(path) and (template.number is None or path.written != template.number.written):
            for row in rows_of(path, sheet) if path.row else [None]:
                if prints(path, row) and not (name == "mediation_application" and elsewhere(path, row)):
                    said = shown_in(path, sheet, row) if row is not None else shown(path, sheet)
                    assert squeezed(said) in written(template, laid, path.written), path.written


def is_text(path: Path) -> bool:
    return path.field.type in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.ID_CARD, FieldType.PHONE, FieldType.LINK, FieldType.LINKS)


def prints(path: Path, row: object) -> bool:
    """A party's own fields are printed in the block for its kind: natural person or organization."""
    if path.field.name == "called" or (path.via is not None and path.via.name == "principals"):
        return False  # mostly a path that rows are repeated for; where it is printed is tested below
    if not isinstance(row, dict) or path.row != "party" or path.field.name in ("contact_phone", "address"):
        return True
    organization = row.get("party_type") in ("02", "03")
    return organization == path.field.name.startswith("organization")


def elsewhere(path: Path, row: object) -> bool:
    """The application leaves out the respondent's identity number (domain/forms.md §2.3)."""
    return path.field.name == "id_card_number" and isinstance(row, dict) and row.get("party_role") != "1"


def test_the_application_has_each_side_in_its_own_block() -> None:
    template = FORMS["mediation_application"]
    witness = {"name": "吴斌", "party_role": "4"}
    laid = pages(template, sheets.rich(template, [sheets.PARTIES[1], witness, sheets.PARTIES[0], sheets.COMPANY]))
    assert written(template, laid, "party.name") == "张建国李秀英"
    assert written(template, laid, "party.id_card_number") == sheets.PARTIES[0]["id_card_number"]
    assert written(template, laid, "party.organization_name") == sheets.COMPANY["organization_name"]
    for sheet in (Sheet(), sheets.rich(template, [])):
        fixed = squeezed("".join(m.text for p in pages(template, sheet) for m in p.marks if isinstance(m, Text)))
        assert fixed.count("被申请人姓名") == 1
        assert fixed.count("申请人姓名") == 2
        assert fixed.count("申请人（签名盖章或按指印）：") == 1


def test_only_the_applicants_sign_the_application_and_get_the_refusal() -> None:
    crowd = sheets.PARTIES * 3
    said = "".join(
        m.text
        for p in pages(FORMS["mediation_application"], sheets.rich(FORMS["mediation_application"], crowd))
        for m in p.marks
        if isinstance(m, Text)
    )
    assert said.count("申请人（签名盖章或按指印）：") == 3
    refusal = FORMS["refusal_notice"]
    assert written(refusal, pages(refusal, sheets.rich(refusal)), "party.called") == "张建国"


@pytest.mark.parametrize(("name", "path"), [("acceptance_register", "party.called"), ("mediation_record", "parent.party.called")])
def test_all_parties_are_named(name: str, path: str) -> None:
    laid = pages(FORMS[name], sheets.rich(FORMS[name], [sheets.PARTIES[0], sheets.COMPANY, sheets.PARTIES[1]]))
    assert written(FORMS[name], laid, path) == "张建国周卫东李秀英"


@pytest.mark.parametrize("name", NAMES)
def test_the_number_stands_on_every_continuation_page(name: str) -> None:
    template = FORMS[name]
    number = "〔2026〕菱民调字第18号"
    sheet = sheets.full(template, lambda field: number if field.name.endswith("_number") else sheets.long_words(field))
    laid = pages(template, sheet)
    assert len(laid) > 1 or not sheets.grows(template)
    for page in laid:
        said = "".join(mark.text for mark in page.marks if isinstance(mark, Text))
        bare = page.number == 1 and not template.heading
        assert len(laid) == 1 or bare or f"第{page.number}页 共{len(laid)}页" in said
        if page.number > 1:
            assert f"{template.title}（续页）" in said
            assert number in said or template.number is None


@pytest.mark.parametrize("name", NAMES)
def test_the_same_input_gives_the_same_bytes(name: str) -> None:
    sheet = sheets.rich(FORMS[name])
    assert render(FORMS[name], sheet) == render(FORMS[name], sheet)


@pytest.mark.parametrize("name", NAMES)
def test_values_only_leaves_out_all_that_the_form_carries(name: str) -> None:
    from jusuo_desktop.printing.pdf import write_pdf
    from jusuo_desktop.printing.raster import PagePictures

    laid = pages(FORMS[name], sheets.rich(FORMS[name]))
    pdf = write_pdf(laid, shipped_fonts(), "", values_only=True)
    said = PagePictures(pdf).text(0)
    assert FORMS[name].title not in said
    assert "签名" not in said
    values = squeezed("".join(m.text for m in laid[0].marks if isinstance(m, Text) and not m.fixed))
    assert squeezed(said) == values
    blank = write_pdf(pages(FORMS[name], Sheet()), shipped_fonts(), "", values_only=True)
    assert not squeezed(PagePictures(blank).text(0))


@pytest.mark.parametrize("name", NAMES)
def test_a_character_without_a_glyph_is_refused_by_name(name: str) -> None:
    template = FORMS[name]
    sheet = sheets.full(template, lambda field: "张\ue123")
    with pytest.raises(MissingGlyph) as refused:
        render(template, sheet)
    assert "U+E123" in refused.value.message
    assert "没有打印" in refused.value.message


def test_signatures_never_stand_alone_on_the_last_page() -> None:
    """Whatever the length of the account, the last page holds at least two lines of it, or all of what is signed."""
    template = FORMS["mediation_record"]
    for count in range(1, 60):
        text = "\n".join(f"第{number}句话说完了。" for number in range(count))
        sheet = Sheet({**sheets.SESSION, "record_text": text}, parent=sheets.MEDIATION, parent_rows={"party": sheets.PARTIES}, links=sheets.LINKS)
        laid = pages(template, sheet)
        for page in laid:
            signatures = [m for m in page.marks if isinstance(m, Text) and m.text.startswith("当事人（签名盖章")]
            account = [m for m in page.marks if isinstance(m, Text) and m.binding == "record_text"]
            result = [m for m in page.marks if isinstance(m, Text) and m.text.startswith("调解结果")]
            assert not signatures or len(account) >= min(2, count) or result, (count, page.number)


def test_choices_are_ticked_as_they_were_chosen() -> None:
    laid = pages(FORMS["mediation_record"], sheets.rich(FORMS["mediation_record"]))
    ticks = [m for p in laid for m in p.marks if isinstance(m, Text) and m.text == "✓"]
    boxes = [m for p in laid for m in p.marks if isinstance(m, Square)]
    assert len(ticks) == 1
    assert len(boxes) == 3
    assert boxes[0].x <= ticks[0].x + ticks[0].width / 2 <= boxes[0].x + boxes[0].side


def test_boxes_of_the_wording_look_like_all_others() -> None:
    (page,) = pages(FORMS["evaluation_adviser"], Sheet())
    assert not any("□" in m.text for m in page.marks if isinstance(m, Text))
    assert len([m for m in page.marks if isinstance(m, Square)]) == 4 + 4 + 2 + 4 * 5


def test_what_does_not_apply_is_struck_out() -> None:
    template = FORMS["acceptance_register"]
    asked = pages(template, sheets.rich(template))[0]
    blank = pages(template, Sheet())[0]

    def strokes(page: Page) -> int:
        wording = [m for m in page.marks if isinstance(m, Text) and "主动调解" in m.text]
        return sum(1 for m in page.marks if isinstance(m, Rule) for w in wording if w.baseline - 6 < m.y0 < w.baseline - 2 and m.x0 < w.x + w.width)

    assert strokes(asked) > strokes(blank) == 0
