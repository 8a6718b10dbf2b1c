"""What waits for the county, in groups and in words; the clock's sentence; where a record is, in words."""

from __future__ import annotations

import pytest

from jusuo_desktop.actions.queue_reading import groups, lines
from jusuo_desktop.actions.save_record import Child, save
from jusuo_desktop.actions.session import Session
from jusuo_desktop.actions.sync_state import clock_line, sync_state
from jusuo_desktop.actions.where_is import receipt_line, stand
from jusuo_desktop.records.identity import unpacked
from jusuo_desktop.store.whereabouts import Whereabouts
from jusuo_desktop.wire.messages import Result

DAY = 24 * 3_600_000


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (0, ""),
        (-299_999, ""),
        (3 * DAY, "快 3 天，"),
        (-2 * 3_600_000, "慢 2 小时，"),
        (DAY + 3_600_000, "快 1 天 1 小时，"),
        (400 * DAY + 3_600_000, "快 400 天，"),
        (7 * 60_000, "快 7 分钟，"),
    ],
)
def test_a_wrong_clock_is_told_by_how_much(offset: int, said: str) -> None:
    line = clock_line(offset)
    assert (line == "") == (said == "")
    assert said in line


def test_what_wants_a_person_comes_first_and_is_told_in_words(session: Session) -> None:
    waiting = session.store.outbox_counts()["waiting"]
    changes = session.store.waiting(waiting, 1 << 30)
    session.store.mark([unpacked(c.change_id) for c in changes], [Result("accepted")] * len(changes))
    parties = [Child("party", {"name": "张三", "party_role": "1"})]
    made = save(session, "mediation", {"dispute_summary": "院墙滴水"}, children=parties).record.id
    change, party = session.store.waiting(2, 1 << 30)
    answers = [Result("rejected", fields=["dispute_summary"], message="“纠纷简要情况”太长。"), Result("held", message="稍后再送。")]
    session.store.mark([unpacked(change.change_id), unpacked(party.change_id)], answers)
    save(session, "consultation", {"name": "李四", "consultation_content": "问宅基地"})
    told = groups(session)
    assert [(group.state, group.count) for group in told] == [("refused", 1), ("held", 1), ("sent", waiting), ("waiting", 1)]
    assert sync_state(session).unsent == 3
    (refused,) = lines(session, "refused", 0, 10)
    assert (refused.title, refused.reason, refused.field) == ("张三纠纷", "“纠纷简要情况”太长。", "dispute_summary")
    assert (refused.top_id, refused.may_give_up, len(refused.number)) == (made, False, 8)
    (held,) = lines(session, "held", 0, 10)
    assert held.title == "张三（张三纠纷）"
    assert [len(lines(session, "sent", after, 3)) for after in (0, 3, waiting)] == [3, min(3, waiting - 3), 0]


def test_where_a_record_is_names_the_row_that_stands_worst(session: Session) -> None:
    parties = [Child("party", {"name": "张三", "party_role": "1"})]
    made = save(session, "mediation", {"dispute_summary": "院墙滴水"}, children=parties).record.id
    first = stand(session, made)
    assert first is not None
    assert (first.short, first.said) == ("只在本机", "这条记录只在本机，还没有上报。")
    changes = session.store.waiting(10_000, 1 << 30)
    answers = [Result("rejected", message="“姓名”不合规。") if c.kind == "party" else Result("accepted") for c in changes]
    session.store.mark([unpacked(c.change_id) for c in changes], answers)
    told = stand(session, made)
    assert told is not None
    assert (told.short, told.said) == ("被退回", "其中的当事人“张三”被县里退回：“姓名”不合规。改正后再报。")
    assert stand(session, "01900000-0000-7000-8000-000000000001") is None


def test_the_receipt_stands_beside_the_state() -> None:
    assert receipt_line(Whereabouts("received", "", receipt="990101001-7")) == "县里已收　990101001-7"
    assert receipt_line(Whereabouts("changed", "", receipt="990101001-7")) == "有修改未上报（上次回执 990101001-7）"
    assert receipt_line(Whereabouts("here", "")) == "只在本机"
